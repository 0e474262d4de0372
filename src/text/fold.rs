//! The key that compares a line with the phrase tables; never written back into a text.

#![allow(
    clippy::match_same_arms,
    reason = "one arm per reason is easier to check against the code charts"
)]

use super::class::{self, Kind};
use super::nfc;
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn phrase(text: &str) -> String {
        let mut out = String::new();
        phrase_fold(text, &mut out);
        out
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

    const NOISE: [&str; 10] = [
        "\u{640}", "\u{64e}", "\u{651}", "\u{652}", "\u{200f}", "\u{200e}", "\u{200b}", "\u{feff}", "\u{ad}",
        "\u{670}",
    ];

    proptest! {
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
