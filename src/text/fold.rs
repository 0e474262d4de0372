//! Two keys made from text, never written back into it: `phrase_fold` to compare a line with the
//! phrase tables, `match_key` to compare whole texts for duplicates.

#![allow(
    clippy::match_same_arms,
    reason = "one arm per reason is easier to check against the code charts"
)]

use super::class::{self, Kind};
use super::nfc;
use super::scan::touches_nfc;
use std::sync::{LazyLock, OnceLock};
use unicode_normalization::UnicodeNormalization;

/// Folds a line for comparison with phrase tables and appends it to `out`, which is cleared first.
///
/// NFKC; case folding; U+0640, U+064B to U+0652, U+0670, U+200B to U+200F, U+FEFF and U+00AD are
/// dropped; أ إ آ ٱ become ا, ى and ی become ي, ک becomes ك, ۀ ہ ھ become ه; ı and İ become i; white
/// space is collapsed; at both ends every code point of P*, S*, Z* goes.
pub fn phrase_fold(line: &str, out: &mut String) {
    out.clear();
    if line.is_ascii() || !line.chars().any(needs_nfkc) {
        for c in line.chars() {
            push_phrase(c, out);
        }
    } else {
        // Dropping a code point and folding case can bring marks next to letters that compose with
        // them, so NFKC has the last word too.
        let mut folded = String::with_capacity(line.len());
        for c in line.nfkc() {
            push_phrase(c, &mut folded);
        }
        for c in folded.nfkc() {
            push_phrase(c, out);
        }
    }
    trim_edges(out);
}

/// Whether NFKC can change a text that holds this code point.
fn needs_nfkc(c: char) -> bool {
    match c {
        '\0'..='\u{9F}' => false,
        // Cyrillic and Arabic letters that are their own NFKC and compose with nothing.
        '\u{0410}'..='\u{044F}'
        | '\u{0621}'..='\u{0652}'
        | '\u{0670}'..='\u{0674}'
        | '\u{0679}'..='\u{06D3}' => false,
        '\u{4E00}'..='\u{9FFF}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30A1}'..='\u{30FA}'
        | '\u{AC00}'..='\u{D7A3}' => false,
        c => {
            let mut plain = true;
            unicode_normalization::char::decompose_compatible(c, |part| {
                plain &= part == c;
            });
            !plain && c != '\u{A0}' && !is_plain_composite(c)
                || nfc::combining_class(c) != 0
                || plain
                    && unicode_normalization::is_nfkc_quick(std::iter::once(c))
                        != unicode_normalization::IsNormalized::Yes
        }
    }
}

/// Whether NFKC leaves this composite as it is.
fn is_plain_composite(c: char) -> bool {
    unicode_normalization::is_nfkc_quick(std::iter::once(c)) == unicode_normalization::IsNormalized::Yes
}

fn push_phrase(c: char, out: &mut String) {
    match c {
        'a'..='z' | '0'..='9' => out.push(c),
        'A'..='Z' => out.push(c.to_ascii_lowercase()),
        '\u{640}' | '\u{64B}'..='\u{652}' | '\u{670}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}' => {}
        'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
        'ى' | 'ی' => out.push('ي'),
        'ک' => out.push('ك'),
        'ۀ' | 'ہ' | 'ھ' => out.push('ه'),
        'ı' | 'İ' => out.push('i'),
        'ẞ' => out.push_str("ss"),
        'ا'..='ي' => out.push(c),
        c if c.is_whitespace() => {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        }
        c if c.is_ascii() => out.push(c),
        // Hebrew to Myanmar but for Georgian, Hangul Jamo, Kana, Han, Hangul: no case.
        '\u{5D0}'..='\u{109F}'
        | '\u{1100}'..='\u{11FF}'
        | '\u{3001}'..='\u{A63F}'
        | '\u{AC00}'..='\u{D7FF}' => {
            out.push(c);
        }
        // Case folding by way of upper case: ß → SS → ss, ς → Σ → σ, ſ → S → s.
        c => c
            .to_lowercase()
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase)
            .for_each(|c| out.push(c)),
    }
}

fn is_edge(c: char) -> bool {
    c.is_whitespace()
        || if c.is_ascii() {
            c.is_ascii_punctuation()
        } else {
            matches!(
                class::class(c).kind(),
                Kind::Punctuation | Kind::Symbol | Kind::Separator
            )
        }
}

fn trim_edges(out: &mut String) {
    let kept = out.trim_end_matches(is_edge).len();
    out.truncate(kept);
    let start = out.len() - out.trim_start_matches(is_edge).len();
    out.drain(..start);
}

/// Number of letters (and marks of unspaced alphabets count too: L*, M*) in a matching key. A key
/// under 20 letters never clusters.
#[must_use]
pub fn match_key_letters(key: &str) -> usize {
    key.chars()
        .filter(|&c| {
            if c.is_ascii() {
                c.is_ascii_lowercase()
            } else {
                matches!(class::class(c).kind(), Kind::Letter | Kind::Mark)
            }
        })
        .count()
}

/// What the matching key makes of one code point.
enum Mapped {
    /// Nothing.
    Drop,
    /// A space, collapsed with its neighbours.
    Space,
    /// One code point.
    One(char),
    /// Its compatibility decomposition, mapped again.
    Compatibility,
}

/// The matching key of one code point of a text in NFC: the definition, from which the tables are made.
fn map(c: char) -> Mapped {
    match c {
        '٠'..='٩' => Mapped::One(ascii_digit(c, '٠')),
        '۰'..='۹' => Mapped::One(ascii_digit(c, '۰')),
        'أ' | 'إ' | 'آ' | 'ٱ' => Mapped::One('ا'),
        'ؤ' => Mapped::One('و'),
        'ئ' | 'ى' | 'ی' => Mapped::One('ي'),
        'ک' => Mapped::One('ك'),
        'ہ' | 'ھ' | 'ة' | 'ۂ' => Mapped::One('ه'),
        // Hamza above is dropped wherever it stands alone, so these lose it too.
        'ۀ' => Mapped::One('ە'),
        'ۓ' => Mapped::One('ے'),
        // Tatweel, marks of the Arabic script, and their spacing presentation forms.
        '\u{640}'
        | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}'
        | '\u{670}'
        | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E4}'
        | '\u{6E7}'..='\u{6E8}'
        | '\u{6EA}'..='\u{6ED}'
        | '\u{FC5E}'..='\u{FC63}'
        | '\u{FCF2}'..='\u{FCF4}'
        | '\u{FE70}'..='\u{FE7F}' => Mapped::Drop,
        '\u{FB00}'..='\u{FB06}' | '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' => Mapped::Compatibility,
        '\u{FD50}'..='\u{FDCE}' | '\u{FDF0}'..='\u{FDFC}' | '\u{FE80}'..='\u{FEFC}' => Mapped::Compatibility,
        '\u{FF01}'..='\u{FF5E}' => Mapped::Compatibility,
        'ς' => Mapped::One('σ'),
        'İ' => Mapped::One('i'),
        c if c.is_whitespace() => Mapped::Space,
        c => {
            let class = class::class(c);
            if class.is_default_ignorable() {
                return Mapped::Drop;
            }
            match class.kind() {
                Kind::Punctuation | Kind::Symbol | Kind::Separator => Mapped::Space,
                Kind::Format | Kind::Control => Mapped::Drop,
                // Only İ has a lower case of two code points, and it is handled above.
                _ => Mapped::One(c.to_lowercase().next().unwrap_or(c)),
            }
        }
    }
}

fn ascii_digit(c: char, zero: char) -> char {
    char::from(b'0' + (c as u32 - zero as u32) as u8)
}

/// Bytes of a mapped code point in the fast table: two bytes of UTF-8, their number, and a mark for
/// those that need the slow way.
type Entry = [u8; 4];

/// This code point may make the text need NFC, or maps to more than two bytes.
const SLOW: u8 = 1;

/// Mapping of every code point of one or two bytes.
static TABLE: LazyLock<Box<[Entry; 0x800]>> = LazyLock::new(|| {
    let mut table = Box::new([[0, 0, 0, SLOW]; 0x800]);
    for c in '\0'..='\u{7FF}' {
        let slot = &mut table[c as usize];
        let arabic = ('\u{600}'..='\u{6FF}').contains(&c);
        if !arabic && (nfc::combining_class(c) != 0 || !nfc::is_nfc_decided(c.encode_utf8(&mut [0; 4]))) {
            continue;
        }
        let mapped = match map(c) {
            Mapped::Drop => Some(None),
            Mapped::Space => Some(Some(' ')),
            Mapped::One(one) if one < '\u{800}' => Some(Some(one)),
            _ => None,
        };
        *slot = match mapped {
            None => continue,
            Some(None) => [0, 0, 0, 0],
            Some(Some(one)) => {
                let mut bytes = [0; 4];
                let len = one.encode_utf8(&mut bytes).len() as u8;
                [bytes[0], bytes[1], len, 0]
            }
        };
    }
    table
});

/// Size of the buffer between the mapping loop and the string.
const BUFFER: usize = 4096;

/// Collects mapped bytes and collapses spaces.
struct Writer<'o> {
    out: &'o mut String,
    buffer: [u8; BUFFER],
    len: usize,
    last_is_space: bool,
}

impl Writer<'_> {
    fn flush(&mut self) {
        // Only whole code points are put into the buffer, so this is always valid UTF-8.
        if let Ok(text) = simdutf8::basic::from_utf8(&self.buffer[..self.len]) {
            self.out.push_str(text);
        }
        self.len = 0;
    }

    fn char(&mut self, c: char) {
        if self.len + 4 > BUFFER {
            self.flush();
        }
        if c == ' ' && self.last_is_space {
            return;
        }
        self.last_is_space = c == ' ';
        self.len += c.encode_utf8(&mut self.buffer[self.len..]).len();
    }

    fn mapped(&mut self, c: char) {
        match map(c) {
            Mapped::Drop => {}
            Mapped::Space => self.char(' '),
            Mapped::One(one) => self.char(one),
            Mapped::Compatibility => {
                unicode_normalization::char::decompose_compatible(c, |part| {
                    // The parts of a presentation form are never presentation forms themselves.
                    match map(part) {
                        Mapped::Space => self.char(' '),
                        Mapped::One(one) => self.char(one),
                        Mapped::Drop | Mapped::Compatibility => {}
                    }
                });
            }
        }
    }
}

/// Writes the matching key of a text into `out`, which is cleared first.
///
/// The text as readers hear it: NFC, presentation forms, hamza carriers, tatweel, harakat and format
/// characters, letter variants, digit systems, case, punctuation and white space are all folded.
/// Never written back into a text. Idempotent.
pub fn match_key(text: &str, out: &mut String) {
    out.clear();
    if !fast_key(text, out) {
        slow_key(text, out);
    }
    if out.ends_with(' ') {
        out.pop();
    }
}

/// The definition of the key, for texts in which something may not be in NFC.
///
/// Dropped code points can stand between a letter and its mark, a presentation form can end in a
/// letter that composes with the mark after it, and so can a small letter whose capital does not:
/// hence the rounds of NFC.
fn slow_key(text: &str, out: &mut String) {
    out.clear();
    let kept: String = text
        .nfc()
        .filter(|&c| !matches!(map(c), Mapped::Drop))
        .nfc()
        .collect();
    let mut plain = String::with_capacity(kept.len());
    for c in kept.chars() {
        match map(c) {
            Mapped::Compatibility => unicode_normalization::char::decompose_compatible(c, |part| {
                plain.extend(part.to_lowercase().filter(|&c| !matches!(map(c), Mapped::Drop)));
            }),
            // Keeps what becomes a space: a mark may still compose with it.
            _ if c == 'İ' => plain.push('i'),
            _ => plain.extend(c.to_lowercase()),
        }
    }
    let mut writer = Writer {
        out,
        buffer: [0; BUFFER],
        len: 0,
        last_is_space: true,
    };
    for c in plain.nfc() {
        writer.mapped(c);
    }
    writer.flush();
}

/// Mapping of the code points of three bytes, 256 at a time, each block made when first needed.
static BLOCKS: [OnceLock<Box<[u16; 256]>>; 256] = [const { OnceLock::new() }; 256];

/// In [`BLOCKS`]: dropped.
const DROPPED: u16 = 0;
/// In [`BLOCKS`]: becomes several code points.
const SEVERAL: u16 = u16::MAX;
/// In [`BLOCKS`]: NFC may depend on what stands before.
const MARK: u16 = u16::MAX - 1;

fn block_entry(code: usize) -> u16 {
    let block = BLOCKS[code >> 8 & 0xFF].get_or_init(|| {
        let mut block = Box::new([SEVERAL; 256]);
        for (low, slot) in block.iter_mut().enumerate() {
            let Some(c) = char::from_u32((code & !0xFF | low) as u32) else {
                continue;
            };
            *slot = if may_need_nfc(c) {
                MARK
            } else {
                match map(c) {
                    Mapped::Drop => DROPPED,
                    Mapped::Space => u16::from(b' '),
                    Mapped::One(one) => u16::try_from(u32::from(one)).unwrap_or(SEVERAL),
                    Mapped::Compatibility => SEVERAL,
                }
            };
        }
        block
    });
    block[code & 0xFF]
}

/// Whether a mark at `at` leaves the text, and each step of its mapping, in NFC.
fn stays_normal(text: &str, at: usize, mark: char) -> bool {
    let mut before = text[..at].chars().rev();
    let Some(last) = before.next() else {
        return !touches_nfc(None, mark);
    };
    if touches_nfc(Some(last), mark) {
        return false;
    }
    let kept = std::iter::once(last)
        .chain(before)
        .find(|&c| !matches!(map(c), Mapped::Drop));
    let Some(kept) = kept else { return true };
    let mapped = match map(mark) {
        Mapped::Drop => return true,
        Mapped::One(one) => one,
        Mapped::Space | Mapped::Compatibility => return false,
    };
    let low = match map(kept) {
        Mapped::One(one) => one,
        // Keeps what becomes a space: a mark may compose with it.
        Mapped::Space => kept,
        Mapped::Drop | Mapped::Compatibility => return false,
    };
    let small = |c: char| c.to_lowercase().next().unwrap_or(c);
    [kept, small(kept), low]
        .into_iter()
        .all(|kept| !touches_nfc(Some(kept), mark) && !touches_nfc(Some(kept), mapped))
}

/// Bytes of plain ASCII that are mapped together.
const RUN: usize = 16;

/// Letters, digits and single spaces in small letters; `None` where anything else stands.
#[inline]
fn plain_run(run: &[u8; RUN]) -> Option<[u8; RUN]> {
    let mut out = [0; RUN];
    let mut plain = 0xFF_u8;
    let mut before = 0;
    for (slot, &byte) in out.iter_mut().zip(run) {
        // Bit 5 is set in digits, in the space and in small letters.
        let low = byte | 0x20;
        let letter = low.wrapping_sub(b'a') < 26;
        let digit = byte.wrapping_sub(b'0') < 10;
        let space = byte == b' ';
        plain &= u8::from(letter | digit | space).wrapping_neg();
        *slot = low;
    }
    for &byte in run {
        plain &= !(u8::from(byte == b' ') & u8::from(before == b' ')).wrapping_neg();
        before = byte;
    }
    (plain != 0).then_some(out)
}

/// Maps a text that needs no NFC. False when it met a code point that might.
fn fast_key(text: &str, out: &mut String) -> bool {
    let table = &**TABLE;
    out.reserve(text.len());
    let mut writer = Writer {
        out,
        buffer: [0; BUFFER],
        len: 0,
        last_is_space: true,
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    // No run of plain ASCII was found before this place.
    let mut tried = 0;
    while at < bytes.len() {
        if writer.len + 64 > BUFFER {
            writer.flush();
        }
        let first = bytes[at];
        if first < 0x80 && at >= tried && bytes.get(at + 1).is_some_and(u8::is_ascii) {
            if let Some(run) = bytes.get(at..).and_then(<[u8]>::first_chunk::<RUN>)
                && !(first == b' ' && writer.last_is_space)
                && let Some(low) = plain_run(run)
                && let Some(slot) = writer.buffer.get_mut(writer.len..writer.len + RUN)
            {
                slot.copy_from_slice(&low);
                writer.len += RUN;
                writer.last_is_space = low[RUN - 1] == b' ';
                at += RUN;
                continue;
            }
            tried = at + RUN;
        }
        if first < 0xE0 {
            let two = first >= 0x80;
            let next = bytes.get(at + 1).copied().unwrap_or(0);
            let code = if two {
                (usize::from(first) & 0x1F) << 6 | usize::from(next) & 0x3F
            } else {
                usize::from(first)
            };
            let [a, b, len, slow] = table[code & 0x7FF];
            if slow != 0 {
                let Some(c) = text[at..].chars().next() else { break };
                if may_need_nfc(c) && !stays_normal(text, at, c) {
                    return false;
                }
                writer.mapped(c);
                at += 2;
                continue;
            }
            let space = a == b' ';
            let len = if space && writer.last_is_space { 0 } else { len };
            if let Some(slot) = writer.buffer.get_mut(writer.len..writer.len + 2) {
                slot.copy_from_slice(&[a, b]);
            }
            writer.len += usize::from(len);
            writer.last_is_space = if len == 0 { writer.last_is_space } else { space };
            at += 1 + usize::from(two);
        } else {
            let Some(c) = text[at..].chars().next() else { break };
            let entry = if c <= '\u{FFFF}' {
                block_entry(c as usize)
            } else {
                MARK
            };
            match entry {
                DROPPED => {}
                MARK => {
                    if may_need_nfc(c) && !stays_normal(text, at, c) {
                        return false;
                    }
                    writer.mapped(c);
                }
                SEVERAL => writer.mapped(c),
                one => writer.char(char::from_u32(u32::from(one)).unwrap_or(c)),
            }
            at += c.len_utf8();
        }
    }
    writer.flush();
    true
}

/// Whether NFC may change a text because this code point is in it. Arabic marks never count: they
/// are dropped, and what they compose to folds to its base.
fn may_need_nfc(c: char) -> bool {
    match c {
        '\u{1E00}'..='\u{1EF9}' | '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{3029}' => false,
        '\u{3041}'..='\u{3096}' | '\u{309B}'..='\u{D7A3}' => false,
        '\u{600}'..='\u{6FF}' => false,
        c => {
            nfc::combining_class(c) != 0
                || !matches!(
                    unicode_normalization::is_nfc_quick(std::iter::once(c)),
                    unicode_normalization::IsNormalized::Yes
                )
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(text: &str) -> String {
        let mut out = String::new();
        match_key(text, &mut out);
        out
    }

    fn phrase(text: &str) -> String {
        let mut out = String::new();
        phrase_fold(text, &mut out);
        out
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

    #[test]
    fn phrase_fold_vectors() {
        for (text, expected) in [
            ("» Read MORE… «", "read more"),
            ("اقـرأ  المزيد:", "اقرا المزيد"),
            ("می‌کند", "ميكند"),
            ("İSTANBUL ILIK ılık", "istanbul ilik ilik"),
            ("Straße STRASSE ẞ", "strasse strasse ss"),
            ("ΟΔΟΣ", "οδοσ"),
            ("▶ ２０２４年", "2024年"),
            ("cafe\u{301}", "café"),
            ("← →", ""),
            ("ﻻ", "لا"),
            ("a — b", "a — b"),
            ("ۀ", "ه"),
        ] {
            assert_eq!(phrase(text), expected, "{text:?}");
        }
    }

    #[test]
    fn every_code_point_has_a_stable_key() {
        for c in '\0'..=char::MAX {
            let text = format!("x{c}x");
            let once = key(&text);
            assert_eq!(key(&once), once, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn letters_are_counted() {
        assert_eq!(match_key_letters("abc 12 نص"), 5);
        assert_eq!(match_key_letters(""), 0);
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
            let mut slow = String::new();
            slow_key(&text, &mut slow);
            prop_assert_eq!(key(&text), slow.trim_end_matches(' '));
        }

        #[test]
        fn phrase_fold_is_idempotent(text in ".{0,60}") {
            let once = phrase(&text);
            prop_assert_eq!(phrase(&once), once);
        }

        #[test]
        fn phrase_fold_ignores_what_it_says(text in "[ابتيكه a-z]{0,40}", at in 0usize..40, noise in 0usize..10) {
            let place = text.char_indices().nth(at).map_or(text.len(), |(at, _)| at);
            let noisy = format!("» {}{}{} !", &text[..place], NOISE[noise], &text[place..]);
            prop_assert_eq!(phrase(&noisy), phrase(&text));
        }
    }
}
