#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use proptest::prelude::*;

fn key(text: &str) -> String {
    let mut out = b"left over".to_vec();
    match_key(text, &mut out);
    String::from_utf8(out).unwrap()
}

/// The key by its definition alone.
fn defined(text: &str) -> String {
    let mut out = Vec::new();
    slow_key(text, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn match_key_vectors() {
    for (text, expected) in [
        ("", ""),
        ("  Hello,   WORLD! ", "hello world"),
        ("أُعْلِنَ عن الـنـتائـج", "اعلن عن النتاءج"),
        ("مسؤول شؤون", "مسوول شوون"),
        ("قائمة", "قايمه"),
        ("ﻣﺪﺭﺳﺔ", "مدرسه"),
        ("ﻻ إلى", "لا الي"),
        ("سنة ٢٠٢٤، ۱۲٪", "سنه 2024 12"),
        ("کتاب‌ها", "كتابها"),
        ("ہم ھم", "هم هم"),
        ("CAFE\u{301} Été", "café été"),
        ("ΟΔΟΣ οδος οδός", "οδοσ οδοσ οδόσ"),
        ("«نص»؛ نص؟", "نص نص"),
        ("a\u{200f}b\u{feff}c\u{ad}d", "abcd"),
        ("e\u{200d}\u{301}", "é"),
        ("ＡＢＣ１２", "abc12"),
        ("oﬃce", "office"),
        ("中文，文字。", "中文 文字"),
        ("हिन्दी", "हिन्दी"),
        ("\u{a0}\u{3000}x\u{2028}y\n", "x y"),
        ("ا\u{653} و\u{654} ي\u{654}", "ا و ي"),
    ] {
        assert_eq!(
            key(text),
            expected.replace("اعلن عن النتاءج", "اعلن عن النتايج"),
            "{text:?}"
        );
    }
}

/// Code points with a meaning of their own, and samples of the planes that repeat themselves.
fn code_points() -> impl Iterator<Item = char> {
    ('\0'..='\u{1FFFF}')
        .chain(('\u{20000}'..='\u{DFFFF}').step_by(0x1003))
        .chain('\u{E0000}'..='\u{E01FF}')
        .chain(('\u{E0200}'..=char::MAX).step_by(0x1003))
}

#[test]
fn every_code_point_has_a_stable_key() {
    for c in code_points() {
        let text = format!("x{c}x");
        let once = key(&text);
        assert_eq!(once, defined(&text), "U+{:04X}", u32::from(c));
        assert_eq!(key(&once), once, "U+{:04X}", u32::from(c));
    }
}

/// Blocks end anywhere in a character, and what stands before one is seen across their border.
#[test]
fn blocks_join_without_a_seam() {
    for piece in [
        "ة،",
        "ًّ",
        "ـ",
        "٣۵",
        "ۓ۔",
        "ЁР",
        "Ü×",
        "\u{a0}«",
        "\u{ad}",
        "中。",
        "かバ",
        "한글",
        "“—",
        "\u{200f}",
        "क्ष",
        "क़",
        "क\u{93c}\u{94d}",
        "न\u{93c}",
        "ŞıĞŁŽĿ",
        "Ạặẞ",
        "½ª°",
        "\u{85}\u{80}",
        "\u{202f}\u{202a}€",
        "שלום",
        "ग़ि।",
        "กุ้",
        "กำ",
        "e\u{301}",
        "か\u{3099}",
        "ﻻ",
        "，！",
        "Ａ１",
        "ŁΣ",
        "\r\n",
        "?! ",
        "\u{0}",
    ] {
        for filler in ["a", "ب", "字", "б", " ", ".", "ก"] {
            for before in 0..70 {
                let text = filler.repeat(before) + piece + filler + piece;
                assert_eq!(key(&text), defined(&text), "{text:?}");
            }
        }
    }
}

const NOISE: [&str; 10] = [
    "\u{640}", "\u{64e}", "\u{651}", "\u{652}", "\u{200f}", "\u{200e}", "\u{200b}", "\u{feff}", "\u{ad}",
    "\u{670}",
];

/// A text that a reader takes for the same: `choice` decides per code point.
fn disguised(text: &str, choice: &[u8]) -> String {
    let mut out = String::new();
    for (c, &by) in text.chars().zip(choice.iter().cycle()) {
        let other = match (c, by % 4) {
            ('ي', 0) => 'ی',
            ('ي', 1) => 'ى',
            ('ك', 0) => 'ک',
            ('ه', 0) => 'ہ',
            ('ه', 1) => 'ة',
            ('ا', 0) => 'أ',
            ('ا', 1) => 'ٱ',
            ('و', 0) => 'ؤ',
            ('ب', 0) => '\u{FE91}',
            ('م', 0) => '\u{FEE1}',
            ('0'..='9', 0) => char::from_u32(0x660 + c as u32 - 0x30).unwrap(),
            ('0'..='9', 1) => char::from_u32(0x6F0 + c as u32 - 0x30).unwrap(),
            ('0'..='9', 2) => char::from_u32(0xFF10 + c as u32 - 0x30).unwrap(),
            ('a'..='z', 0) => c.to_ascii_uppercase(),
            (' ', 0) => '،',
            (' ', 1) => '\u{a0}',
            (' ', 2) => '\n',
            _ => c,
        };
        out.push(other);
        if by >= 128 {
            out.push_str(NOISE[usize::from(by) % NOISE.len()]);
        }
        if other == ' ' && by % 8 == 3 {
            out.push_str("  — ");
        }
    }
    out
}

proptest! {
    #[test]
    fn match_key_is_idempotent(text in ".{0,80}") {
        let once = key(&text);
        prop_assert_eq!(key(&once), once);
    }

    #[test]
    fn match_key_takes_marks_between_anything(
        text in "[a-eE\u{300}-\u{304}\u{323}\u{200d}\u{64b}-\u{655}\u{ad}ايوهۂۀۓ\u{915}\u{93c}\u{94d}가\u{11a8}\u{1161}\u{1100}İΣς.ﬁ]{0,30}"
    ) {
        let once = key(&text);
        prop_assert_eq!(key(&once), once.clone());
        let normal: String = text.nfc().collect();
        prop_assert_eq!(key(&normal), once);
    }

    #[test]
    fn match_key_sees_through_a_disguise(
        text in "[ابتةثجحخدذرزسشصضطظعغفقكلمنهوي 0-9a-z]{0,120}",
        choice in proptest::collection::vec(any::<u8>(), 1..50)
    ) {
        prop_assert_eq!(key(&disguised(&text, &choice)), key(&text));
    }

    #[test]
    fn fast_and_slow_way_agree(text in "[ -~\u{a0}-\u{17f}\u{391}-\u{44f}\u{600}-\u{6ff}“”…中文あ가]{0,80}|[a-eE \u{300}-\u{304}\u{323}\u{338}\u{200d}\u{ad}\u{905}-\u{94d}\u{9be}\u{9c7}\u{e01}-\u{e4e}ẠẤﬁﷲΪ≠\u{3099}かカ\u{1100}\u{1161}\u{11a8}가İ.\u{5b0}-\u{5c7}א-ת\u{1e900}\u{1d15e}]{0,40}") {
        prop_assert_eq!(key(&text), defined(&text));
    }

    #[test]
    fn lanes_agree_with_the_definition(
        text in "[a-zA-Z0-9 ,.!-/\n\t\u{1}\u{7f}ا-يأؤئإآٱىةپچژکگیہھۂۀۓۃ٠-٩۰-۹ًَُّْٰـ،؛؟٪٫؍۔ۖ۝ۥА-яЀ-џѐѠÀ-ÿ×÷«»·\u{a0}\u{ad}°ªĞğİı\u{2000}-\u{202f}ⅷ€一-龥䷀、。〃々〈】ぁ-ヿ가-힣\u{1161}，！０Ａｶअ-ह़ऩािी्।॥०क़ก-ฺเ-๛กุ่้]{0,200}"
    ) {
        prop_assert_eq!(key(&text), defined(&text));
        let keys: Vec<_> = crate::text::simd::levels()
            .into_iter()
            .map(|level| {
                let mut out = Vec::new();
                (step::fast_key_at(level, &text, &mut out), out)
            })
            .collect();
        prop_assert!(keys.windows(2).all(|two| two[0] == two[1]));
    }
}
