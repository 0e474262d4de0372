//! The meaning of every flag, written so that one can see it is right. Slow; for tests only.

use super::{Flags, classify};
use crate::text::class::{self, Kind, Script};
use unicode_normalization::UnicodeNormalization;

pub(crate) fn flags(text: &str) -> Flags {
    let chars: Vec<char> = text.chars().collect();
    let mut flags = Flags::NONE;
    let mut scripts = Vec::new();
    let mut pairs: Vec<usize> = Vec::new();
    let at = |index: usize| chars.get(index).copied();
    let mut offset = 0;
    for (index, &c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).and_then(at);
        let after = at(index + 1);
        let rest = &text[offset + c.len_utf8()..];
        if c.is_ascii() {
            flags |= ascii(c, before, rest);
        } else {
            flags |= classify::of_char(c) | classify::of_kind(c).0;
        }
        if class::class(c).kind() == Kind::Letter {
            scripts.push(class::script(c));
        }
        if matches!(c, 'ة' | 'ى') {
            if classify::glued(rest) {
                flags |= Flags::ARABIC_GLUE;
            }
            if !before.is_some_and(classify::is_arabic_word) {
                flags |= Flags::ARABIC_WORD_START;
            }
        }
        if ('а'..='я').contains(&c) && after.is_some_and(|c| ('А'..='Я').contains(&c)) {
            flags |= Flags::LEGACY;
        }
        if classify::looks_legacy(&text[offset..]) {
            flags |= Flags::LEGACY;
        }
        if c == '\u{201A}' && after.is_some_and(|c| ('\u{A0}'..='\u{FF}').contains(&c)) {
            flags |= Flags::LEGACY;
        }
        match classify::pair(c, rest) {
            classify::Pair::No => {}
            classify::Pair::Weak => pairs.push(offset),
            classify::Pair::Strong => flags |= Flags::MOJIBAKE,
        }
        offset += c.len_utf8();
    }
    if pairs.windows(2).any(|two| two[1] - two[0] <= 256) {
        flags |= Flags::MOJIBAKE;
    }
    let mixing = [Script::Latin, Script::Greek, Script::Cyrillic];
    if mixing.iter().filter(|script| scripts.contains(script)).count() > 1 {
        flags |= Flags::MIXED_SCRIPT;
    }
    if text.nfc().collect::<String>() != text {
        flags |= Flags::NFC;
    }
    let letters = |run: &&[char]| run.iter().filter(|&&c| class::is_arabic_letter(c)).count() > 20;
    if chars
        .split(|&c| !classify::is_arabic_word(c))
        .any(|run| letters(&run))
    {
        flags |= Flags::ARABIC_GLUE;
    }
    if chars.split(|c| !c.is_ascii_graphic()).any(|run| run.len() >= 64) {
        flags |= Flags::LONG_TOKEN;
    }
    let space = |at: usize| text.as_bytes().get(at) == Some(&b' ');
    let start = |at: usize| space(at) && matches!(text.as_bytes().get(at + 1), Some(0xD8..=0xDB));
    if (0..text.len()).any(|at| start(at) && start(at + 3) && space(at + 6)) {
        flags |= Flags::SPACED;
    }
    flags | white_space(text)
}

fn ascii(c: char, before: Option<char>, rest: &str) -> Flags {
    let mut next = rest.chars();
    let (a, b) = (next.next(), next.next());
    let hex = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit());
    match c {
        '\u{B}' | '\u{C}' => Flags::CONTROL.or(Flags::LINE_SEPARATOR),
        '\r' => Flags::CARRIAGE_RETURN,
        '\t' | '\n' => Flags::NONE,
        '\0'..='\u{1F}' | '\u{7F}' => Flags::CONTROL,
        '?' if a == Some('?') || (a == Some(' ') && b == Some('?')) => Flags::QUESTION_MARKS,
        '&' if a.is_some_and(|c| c.is_ascii_alphabetic() || c == '#') => Flags::AMPERSAND,
        '%' => {
            let code = matches!(a, Some('u' | 'U')) || (hex(a) && hex(b));
            Flags::NONE
                .or_if(matches!(a, Some('a'..='z' | '_')), Flags::PERCENT_WORD)
                .or_if(code, Flags::PERCENT)
        }
        '=' if hex(a) && hex(b) => Flags::PERCENT,
        '\\' => Flags::BACKSLASH,
        '@' => Flags::AT,
        '{' | '[' => Flags::MARKUP,
        '<' if a.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?' | '%')) => {
            Flags::MARKUP
        }
        '.' if before.is_some_and(class::is_arabic_letter) && a.is_some_and(class::is_arabic_letter) => {
            Flags::ARABIC_GLUE
        }
        _ => Flags::NONE,
    }
}

fn white_space(text: &str) -> Flags {
    let edge = text.strip_suffix('\n').unwrap_or(text);
    let inside = ["\t", "\r", "  ", " \n", "\n\n\n", " ،", " ؛", " ؟", " . ", " .\n"];
    let untidy = text.starts_with([' ', '\n'])
        || edge.ends_with([' ', '\n'])
        || text.ends_with(" .")
        || inside.iter().any(|pattern| text.contains(pattern));
    if untidy { Flags::WHITESPACE } else { Flags::NONE }
}
