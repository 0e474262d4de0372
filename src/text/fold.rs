//! Folds: forms of a text that are compared, never written back.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Appends the phrase fold of `text` to `out`: NFKC, lower case, without tatweel, harakat and
/// invisible characters, with Arabic, Persian and Urdu letter variants unified, white space
/// collapsed, and punctuation, symbols and spaces stripped from both edges.
pub fn phrase_fold(text: &str, out: &mut String) {
    let start = out.len();
    let quick = text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes;
    if quick {
        text.chars().for_each(|c| phrase_char(c, start, out));
    } else {
        text.nfkc().for_each(|c| phrase_char(c, start, out));
    }
    let end = start + out[start..].trim_end_matches(is_edge).len();
    out.truncate(end);
    let skip = out[start..].len() - out[start..].trim_start_matches(is_edge).len();
    out.replace_range(start..start + skip, "");
}

fn phrase_char(c: char, start: usize, out: &mut String) {
    match c {
        '\u{640}' | '\u{64b}'..='\u{652}' | '\u{670}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' => {}
        'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
        'ى' | 'ی' => out.push('ي'),
        'ک' => out.push('ك'),
        'ۀ' | 'ہ' | 'ھ' => out.push('ه'),
        'ı' | 'İ' => out.push('i'),
        'ß' | 'ẞ' => out.push_str("ss"),
        'ς' => out.push('σ'),
        c if c.is_ascii() && !c.is_ascii_whitespace() && !c.is_ascii_control() => {
            out.push(c.to_ascii_lowercase());
        }
        c if c.is_whitespace() => {
            if out.len() > start && !out.ends_with(' ') {
                out.push(' ');
            }
        }
        c => out.extend(c.to_lowercase()),
    }
}

fn is_edge(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_alphanumeric();
    }
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    [
        GeneralCategoryGroup::Punctuation,
        GeneralCategoryGroup::Symbol,
        GeneralCategoryGroup::Separator,
    ]
    .into_iter()
    .any(|group| group.contains(category))
}

/// Appends the matching key of `text` to `out`: the normal form under which two texts are copies.
pub fn match_key(text: &str, out: &mut String) {
    let start = out.len();
    for c in text.nfc() {
        if matches!(c, '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}') {
            std::iter::once(c).nfkc().for_each(|c| key_char(c, start, out));
        } else {
            key_char(c, start, out);
        }
    }
    if out.len() > start && out.ends_with(' ') {
        out.pop();
    }
}

fn key_char(c: char, start: usize, out: &mut String) {
    let category = || CodePointMapData::<GeneralCategory>::new().get(c);
    let folded = match c {
        'a'..='z' | '0'..='9' => c,
        'A'..='Z' => c.to_ascii_lowercase(),
        '\u{640}' | '\u{64b}'..='\u{655}' | '\u{670}' => return,
        'ؤ' => 'و',
        'ئ' | 'ى' | 'ی' => 'ي',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ک' => 'ك',
        'ہ' | 'ھ' | 'ة' => 'ه',
        '٠'..='٩' => char::from(b'0' + (c as u32 - 0x660) as u8),
        '۰'..='۹' => char::from(b'0' + (c as u32 - 0x6f0) as u8),
        c if c.is_whitespace() => ' ',
        _ if category() == GeneralCategory::Format => return,
        c if is_edge(c) => ' ',
        c => {
            out.extend(c.to_lowercase());
            return;
        }
    };
    if folded != ' ' || (out.len() > start && !out.ends_with(' ')) {
        out.push(folded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrase_fold_unifies_letters_and_strips_edges() {
        let mut out = String::new();
        phrase_fold("  «إقرأ\u{a0}  المَزيـد» … ", &mut out);
        assert_eq!(out, "اقرا المزيد");
    }

    #[test]
    fn match_key_ignores_marks_and_punctuation() {
        let mut out = String::new();
        match_key("«قَالـ»، ٣ مرّات!", &mut out);
        assert_eq!(out, "قال 3 مرات");
    }
}
