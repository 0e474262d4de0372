//! Legacy bytes that were read as another legacy charset: `ÇáæÒíÑ` for الوزير.
//!
//! No grammar of bytes gives these away, so a whole field is judged: its words must consist of high
//! characters, and the text they make in the other charset must pass the gates of
//! [`super::plausible`].

use super::charset::Charset;
use super::lines::Line;
use super::makeup;
use super::plausible::{self, Score};
use crate::record::Span;
use encoding_rs::Encoding;

/// What the bytes really were.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Truth {
    /// A single-byte charset.
    Single(Charset),
    /// A multi-byte encoding of East Asia.
    Multi(&'static Encoding),
}

impl Truth {
    /// The name people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Single(charset) => charset.name(),
            Self::Multi(encoding) => encoding.name(),
        }
    }

    fn decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Single(charset) => Some(charset.decode(bytes)),
            Self::Multi(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map(std::borrow::Cow::into_owned),
        }
    }

    fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Single(charset) => charset.encode(text),
            Self::Multi(encoding) => {
                let (bytes, _, lossy) = encoding.encode(text);
                (!lossy).then(|| bytes.into_owned())
            }
        }
    }
}

type Gate = fn(&str) -> Score;

/// True charset, the charset it was read as, and the gate for the restored text.
static PAIRS: &[(Truth, Charset, Gate)] = &[
    (
        Truth::Single(Charset::WINDOWS_1256),
        Charset::WINDOWS_1252,
        plausible::arabic,
    ),
    (
        Truth::Single(Charset::ISO_8859_6),
        Charset::WINDOWS_1252,
        plausible::arabic,
    ),
    (
        Truth::Single(Charset::CP720),
        Charset::WINDOWS_1252,
        plausible::arabic,
    ),
    (Truth::Single(Charset::CP720), Charset::CP437, plausible::arabic),
    (
        Truth::Single(Charset::WINDOWS_1251),
        Charset::WINDOWS_1252,
        plausible::cyrillic,
    ),
    (
        Truth::Single(Charset::KOI8_R),
        Charset::WINDOWS_1252,
        plausible::cyrillic,
    ),
    (
        Truth::Single(Charset::KOI8_R),
        Charset::WINDOWS_1251,
        plausible::cyrillic,
    ),
    (
        Truth::Single(Charset::WINDOWS_1251),
        Charset::KOI8_R,
        plausible::cyrillic,
    ),
    (
        Truth::Single(Charset::WINDOWS_1253),
        Charset::WINDOWS_1252,
        plausible::greek,
    ),
    (
        Truth::Multi(encoding_rs::WINDOWS_1255),
        Charset::WINDOWS_1252,
        plausible::hebrew,
    ),
    (
        Truth::Multi(encoding_rs::GBK),
        Charset::WINDOWS_1252,
        plausible::chinese,
    ),
    (
        Truth::Multi(encoding_rs::BIG5),
        Charset::WINDOWS_1252,
        plausible::chinese,
    ),
    (
        Truth::Multi(encoding_rs::SHIFT_JIS),
        Charset::WINDOWS_1252,
        plausible::japanese,
    ),
    (
        Truth::Multi(encoding_rs::EUC_KR),
        Charset::WINDOWS_1252,
        plausible::korean,
    ),
];

/// A line restored from a legacy swap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwappedLine {
    /// Its bytes in the text.
    pub span: Span,
    /// What it should be.
    pub text: String,
    /// Whether reading the repaired line wrongly again gives the original.
    pub verified: bool,
}

/// A field whose bytes were read as the wrong legacy charset.
#[derive(Debug, Clone, PartialEq)]
pub struct Swap {
    /// What the bytes were.
    pub truth: Truth,
    /// What they were read as.
    pub wrong: Charset,
    /// Whether every line of the field with a non-ASCII character is part of it.
    pub whole: bool,
    /// The lines.
    pub lines: Vec<SwappedLine>,
}

const WRONG: [Charset; 4] = [
    Charset::WINDOWS_1252,
    Charset::CP437,
    Charset::WINDOWS_1251,
    Charset::KOI8_R,
];

/// Whether a text may be swapped: the cheap look before [`swap`].
#[must_use]
pub fn may_be_swapped(text: &str) -> bool {
    let bytes = ByteCounts::of(text);
    WRONG
        .into_iter()
        .any(|wrong| bytes.allow(wrong) && looks_swapped(text, wrong))
}

/// How many bytes of a text start a character of some blocks.
#[derive(Debug, Default)]
struct ByteCounts {
    ascii_letters: usize,
    /// First bytes of characters beyond ASCII.
    leads: usize,
    /// Latin-1 (C2, C3).
    latin: usize,
    /// Greek, punctuation and box drawing (CE, CF, E2), which cp437 has besides Latin-1.
    drawing: usize,
    /// First half of Cyrillic: capitals, and а to п.
    d0: usize,
    /// Second half: р to я.
    d1: usize,
}

impl ByteCounts {
    fn of(text: &str) -> Self {
        let mut sum = Self::default();
        // Counters of one byte per chunk let the compiler use vectors.
        for chunk in text.as_bytes().chunks(255) {
            let mut n = [0u8; 6];
            for &byte in chunk {
                n[0] += u8::from((byte | 0x20).wrapping_sub(b'a') < 26);
                n[1] += u8::from(byte >= 0xC2);
                n[2] += u8::from(byte & 0xFE == 0xC2);
                n[3] += u8::from(byte & 0xFE == 0xCE) + u8::from(byte == 0xE2);
                n[4] += u8::from(byte == 0xD0);
                n[5] += u8::from(byte == 0xD1);
            }
            sum.ascii_letters += usize::from(n[0]);
            sum.leads += usize::from(n[1]);
            sum.latin += usize::from(n[2]);
            sum.drawing += usize::from(n[3]);
            sum.d0 += usize::from(n[4]);
            sum.d1 += usize::from(n[5]);
        }
        sum
    }

    /// Whether a text read as `wrong` may consist of such bytes. Bounds are half of what
    /// [`looks_swapped`] asks of words.
    fn allow(&self, wrong: Charset) -> bool {
        let letters = self.ascii_letters + self.leads;
        match wrong {
            Charset::WINDOWS_1252 => {
                // Shift_JIS has every other byte among the quotation marks and dashes of E2.
                let signs = self.latin + self.drawing;
                self.latin * 8 >= letters && signs * 4 >= letters && signs * 2 >= self.leads
            }
            Charset::CP437 => {
                (self.latin + self.drawing) * 10 >= letters * 3 && self.leads * 10 >= letters * 3
            }
            // Capitals rule a text with its case upside down, and all of them start with D0.
            _ => (self.d0 + self.d1) * 10 >= letters * 3 && self.d1 * 10 <= (self.d0 + self.d1) * 3,
        }
    }
}

/// The swap that explains a field, if one does. Of several the most plausible wins; a tie is no
/// answer.
#[must_use]
pub fn swap(text: &str, lines: &[Line]) -> Option<Swap> {
    let mut best: Option<(usize, Swap)> = None;
    let mut tie = false;
    let counts = ByteCounts::of(text);
    for wrong in WRONG.into_iter().filter(|&wrong| counts.allow(wrong)) {
        let suspects = suspects(text, lines, wrong);
        if suspects.is_empty() {
            continue;
        }
        for (truth, _, gate) in PAIRS.iter().filter(|(_, from, _)| *from == wrong) {
            let Some((score, swap)) = judge(text, lines, &suspects, *truth, wrong, *gate) else {
                continue;
            };
            match &best {
                Some((top, _)) if *top > score => {}
                Some((top, _)) if *top == score => tie = true,
                _ => {
                    best = Some((score, swap));
                    tie = false;
                }
            }
        }
    }
    best.filter(|_| !tie).map(|(_, swap)| swap)
}

/// The bytes of a line under a charset, C1 controls as the bytes they came from.
fn bytes_of(line: &str, wrong: Charset) -> Option<Vec<u8>> {
    line.chars()
        .map(|c| match c {
            '\u{80}'..='\u{9f}' => Some(wrong.encode_char(c).unwrap_or(c as u8)),
            c => wrong.encode_char(c),
        })
        .collect()
}

/// Lines that hold high characters and fit the charset, provided they look garbled as a whole.
fn suspects(text: &str, lines: &[Line], wrong: Charset) -> Vec<(Span, Vec<u8>)> {
    if !looks_swapped(text, wrong) {
        return Vec::new();
    }
    lines
        .iter()
        .map(|line| line.trimmed)
        .filter(|span| !text[span.range()].is_ascii())
        .filter_map(|span| Some((span, bytes_of(&text[span.range()], wrong)?)))
        .collect()
}

/// The cheap look: at least three words of high characters, and these most of the words; for a
/// Cyrillic text, the case upside down.
fn looks_swapped(text: &str, wrong: Charset) -> bool {
    let (mut tokens, mut dense, mut high, mut solid) = (0usize, 0usize, 0usize, 0usize);
    let (mut upper, mut lower) = (0usize, 0usize);
    for token in text.split_ascii_whitespace() {
        let token = token.trim_matches(|c: char| c.is_ascii_punctuation());
        let (mut chars, mut odd) = (0, 0);
        for c in token.chars() {
            chars += 1;
            if !c.is_ascii() {
                if wrong.encode_char(c).is_none() && !('\u{80}'..='\u{9f}').contains(&c) {
                    // Not a character of the charset: no part of a swap.
                    odd = 0;
                    break;
                }
                odd += 1;
                upper += usize::from(c.is_uppercase());
                lower += usize::from(c.is_lowercase());
            }
        }
        solid += chars;
        high += odd;
        if chars >= 3 && !token.bytes().all(|byte| byte.is_ascii_digit()) {
            tokens += 1;
            dense += usize::from(odd * 100 >= chars * 80);
        }
    }
    if wrong == Charset::WINDOWS_1251 || wrong == Charset::KOI8_R {
        return dense >= 3 && dense * 100 >= tokens * 60 && upper * 100 >= (upper + lower) * 55;
    }
    // East Asian text has few spaces: there the share of high characters tells.
    (dense >= 3 && dense * 100 >= tokens * 60) || (high >= 12 && high * 100 >= solid * 50)
}

fn judge(
    text: &str,
    lines: &[Line],
    suspects: &[(Span, Vec<u8>)],
    truth: Truth,
    wrong: Charset,
    gate: Gate,
) -> Option<(usize, Swap)> {
    let mut joined = String::with_capacity(text.len());
    let mut restored = Vec::with_capacity(suspects.len());
    for (span, bytes) in suspects {
        let Some(line) = truth.decode(bytes) else { continue };
        joined.push_str(&line);
        joined.push('\n');
        let verified = truth
            .encode(&line)
            .is_some_and(|again| wrong.decode(&again) == text[span.range()]);
        restored.push(SwappedLine {
            span: *span,
            text: line,
            verified,
        });
    }
    let sane = joined.chars().all(|c| c.is_ascii() || makeup::is_character(c));
    if !sane || (wrong != Charset::WINDOWS_1252 && lacks_swapped_case(truth, text)) {
        return None;
    }
    let score = gate(&joined)?;
    let all = lines
        .iter()
        .filter(|line| !text[line.trimmed.range()].is_ascii())
        .count();
    let whole = restored.len() == all;
    Some((
        score,
        Swap {
            truth,
            wrong,
            whole,
            lines: restored,
        },
    ))
}

/// For swaps between two Cyrillic charsets: words in capitals only prove nothing, a swapped text
/// has words that start in lower case and go on in capitals.
fn lacks_swapped_case(truth: Truth, text: &str) -> bool {
    if !matches!(truth, Truth::Single(Charset::KOI8_R | Charset::WINDOWS_1251)) {
        return false;
    }
    !text.split(|c: char| !c.is_alphabetic()).any(|word| {
        let mut chars = word.chars();
        chars.next().is_some_and(char::is_lowercase)
            && chars.clone().count() >= 2
            && chars.all(char::is_uppercase)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::text::lines::table;

    fn repaired(text: &str) -> Option<(String, &'static str, &'static str)> {
        let found = swap(text, &table(text))?;
        let lines: Vec<_> = found.lines.iter().map(|line| line.text.as_str()).collect();
        Some((lines.join("\n"), found.truth.name(), found.wrong.name()))
    }

    #[test]
    fn swaps_are_restored() {
        for (bad, good, truth, wrong) in [
            (
                "ÇáæÒíÑ Ýí ÇáãÏíäÉ",
                "الوزير في المدينة",
                "windows-1256",
                "windows-1252",
            ),
            (
                "ÇäèÒêÑ áê ÇäåÏêæÉ",
                "الوزير في المدينة",
                "iso-8859-6",
                "windows-1252",
            ),
            (
                "Íîâûé ìîñò è ðåêà",
                "Новый мост и река",
                "windows-1251",
                "windows-1252",
            ),
            ("оПЧЩК НПУФ Й ТЕЛБ", "Новый мост и река", "koi8-r", "windows-1251"),
            (
                "ÇáæÒíÑ íÕá Åáì ÇáÚÇÕãÉ",
                "الوزير يصل إلى العاصمة",
                "windows-1256",
                "windows-1252",
            ),
            (
                "Ïðåçèäåíò ïðèáûë â ñòîëèöó",
                "Президент прибыл в столицу",
                "windows-1251",
                "windows-1252",
            ),
        ] {
            assert_eq!(repaired(bad), Some((good.to_owned(), truth, wrong)), "{bad}");
            assert_eq!(repaired(good), None, "{good}");
        }
    }

    #[test]
    fn east_asian_bytes_are_restored() {
        for (truth, text) in [
            (encoding_rs::GBK, "孩子们在学校里有了一个新的图书馆，大家都来读书"),
            (
                encoding_rs::BIG5,
                "孩子們在學校裡有了一個新的圖書館，大家都來讀書",
            ),
            (
                encoding_rs::SHIFT_JIS,
                "山の村で小学校がパン工房として生まれ変わった",
            ),
            (
                encoding_rs::EUC_KR,
                "마을 사람들이 오래된 다리를 다시 세우고 있다고 한다",
            ),
        ] {
            let (bytes, _, _) = truth.encode(text);
            let bad = Charset::WINDOWS_1252.decode(&bytes);
            let (good, name, _) = repaired(&bad).unwrap_or_else(|| panic!("{}", truth.name()));
            assert_eq!((good.as_str(), name), (text, truth.name()));
        }
    }

    #[test]
    fn clean_fields_stay() {
        for clean in [
            "ÍSLENSKA ÞJÓÐIN",
            "Đà Nẵng tổ chức lễ hội",
            "НОВЫЙ МОСТ И РЕКА В ГОРОДЕ НАД ВОДОЙ",
            "Новый мост и река в городе над водой",
            "ÄÖÜ äöü ÀÉÈ éèà",
            "ÉTÉ À LA MER ÇA ET LÀ",
            "الوزير في المدينة",
            "ÁÉÍÓÚ ÂÊÔ ÃÕ ÀÇ",
            "",
        ] {
            assert_eq!(repaired(clean), None, "{clean}");
        }
    }

    #[test]
    fn short_lines_follow_the_field() {
        let text = "ÇáæÒíÑ íÕá Åáì ÇáÚÇÕãÉ\nÎÈÑ\nÇáæÒíÑ Ýí ÇáãÏíäÉ";
        let found = swap(text, &table(text)).unwrap();
        assert!(found.whole);
        assert_eq!(found.lines[1].text, "خبر");
        assert!(found.lines.iter().all(|line| line.verified));
    }
}
