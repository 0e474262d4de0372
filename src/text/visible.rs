//! Makes any string safe and readable in a terminal or a message.
//!
//! Controls, bidi controls, invisible characters, unusual spaces and unassigned code points come out
//! as `<U+202E>`; everything else as it is. Arabic joiners stay invisible only in name: they too are
//! written out, since a reader of a report must see what a program sees.

#![allow(
    clippy::match_same_arms,
    reason = "one arm per reason is easier to check against the code charts"
)]

use super::class::{self, Kind};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a code point is written out by [`visible`].
#[must_use]
pub fn is_hidden(c: char) -> bool {
    match c {
        ' '..='~' => false,
        // Letters and marks of the Arabic block: the common case.
        '\u{0621}'..='\u{064A}' | '\u{00A1}'..='\u{00AC}' | '\u{00AE}'..='\u{00FF}' => false,
        // Emoji presentation selector: drawn as part of what stands before it.
        '\u{FE0F}' => false,
        // Braille blank, and the object replacement character.
        '\u{2800}' | '\u{FFFC}' => true,
        c => {
            let class = class::class(c);
            class.is_default_ignorable()
                || match class.kind() {
                    Kind::Control | Kind::Format | Kind::PrivateUse | Kind::Unassigned | Kind::Separator => {
                        true
                    }
                    Kind::Letter
                    | Kind::Mark
                    | Kind::Digit
                    | Kind::Number
                    | Kind::Punctuation
                    | Kind::Symbol => false,
                }
        }
    }
}

/// Appends `<U+XXXX>`.
pub fn push_code_point(out: &mut String, c: char) {
    // Writing to a String cannot fail.
    let _ = write!(out, "<U+{:04X}>", u32::from(c));
}

/// The string with every hidden code point written as `<U+XXXX>`. Line feeds and tabs too.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    visible_except(text, |_| false)
}

/// Like [`visible`], but code points for which `keep` holds stay as they are. `keep` decides only
/// about TAB and LF: nothing else that is hidden is ever let through.
#[must_use]
pub fn visible_except(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    let hidden = |c: char| is_hidden(c) && !(matches!(c, '\t' | '\n') && keep(c));
    let Some(first) = text.find(hidden) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..first]);
    for c in text[first..].chars() {
        if hidden(c) {
            push_code_point(&mut out, c);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// The first `max` characters of a text for a message, `…` in place of what is cut off. Raw data:
/// only line feeds become spaces, so that a message stays one line.
#[must_use]
pub fn excerpt(text: &str, max: usize) -> String {
    let mut out: String = text
        .chars()
        .take(max)
        .map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c })
        .collect();
    if text.chars().nth(max).is_some() {
        out.push('…');
    }
    out
}

/// Short English name of a code point that cannot be seen, for messages.
#[must_use]
pub const fn name(c: char) -> &'static str {
    match c {
        '\t' => "tab",
        '\n' => "line feed",
        '\u{B}' => "vertical tab",
        '\u{C}' => "form feed",
        '\r' => "carriage return",
        '\u{85}' => "next line",
        '\u{A0}' => "no-break space",
        '\u{AD}' => "soft hyphen",
        '\u{34F}' => "combining grapheme joiner",
        '\u{61C}' => "Arabic letter mark",
        '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' => "Hangul filler",
        '\u{1680}' => "ogham space mark",
        '\u{180E}' => "Mongolian vowel separator",
        '\u{2000}' => "en quad",
        '\u{2001}' => "em quad",
        '\u{2002}' => "en space",
        '\u{2003}' => "em space",
        '\u{2004}' => "three-per-em space",
        '\u{2005}' => "four-per-em space",
        '\u{2006}' => "six-per-em space",
        '\u{2007}' => "figure space",
        '\u{2008}' => "punctuation space",
        '\u{2009}' => "thin space",
        '\u{200A}' => "hair space",
        '\u{200B}' => "zero-width space",
        '\u{200C}' => "zero-width non-joiner",
        '\u{200D}' => "zero-width joiner",
        '\u{200E}' => "left-to-right mark",
        '\u{200F}' => "right-to-left mark",
        '\u{2028}' => "line separator",
        '\u{2029}' => "paragraph separator",
        '\u{202A}' => "left-to-right embedding",
        '\u{202B}' => "right-to-left embedding",
        '\u{202C}' => "pop directional formatting",
        '\u{202D}' => "left-to-right override",
        '\u{202E}' => "right-to-left override",
        '\u{202F}' => "narrow no-break space",
        '\u{205F}' => "medium mathematical space",
        '\u{2060}' => "word joiner",
        '\u{2061}'..='\u{2064}' => "invisible operator",
        '\u{2066}' => "left-to-right isolate",
        '\u{2067}' => "right-to-left isolate",
        '\u{2068}' => "first strong isolate",
        '\u{2069}' => "pop directional isolate",
        '\u{206A}'..='\u{206F}' => "deprecated format character",
        '\u{2800}' => "blank Braille pattern",
        '\u{3000}' => "ideographic space",
        '\u{FEFF}' => "byte order mark",
        '\u{FFF9}'..='\u{FFFB}' => "interlinear annotation character",
        '\u{FFFC}' => "object replacement character",
        _ => "character",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_harmful(c: char) -> bool {
        c < ' '
            || ('\u{7f}'..='\u{9f}').contains(&c)
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    }

    #[test]
    fn plain_text_is_borrowed() {
        for text in [
            "",
            "plain",
            "نص عربي، مع «اقتباس» و“آخر”…",
            "Ünïcödé — 日本語",
            "👍🏽❤️",
        ] {
            assert!(matches!(visible(text), Cow::Borrowed(_)), "{text:?}");
        }
    }

    #[test]
    fn excerpts_are_short_and_one_line() {
        assert_eq!(excerpt("سطر\nثان", 5), "سطر ث…");
        assert_eq!(excerpt("abc", 3), "abc");
    }

    #[test]
    fn hidden_characters_are_named() {
        assert_eq!(visible("a\u{202e}b\n\0"), "a<U+202E>b<U+000A><U+0000>");
        assert_eq!(visible_except("a\n\u{1b}[2J", |c| c == '\n'), "a\n<U+001B>[2J");
        assert_eq!(visible_except("a\u{202e}", |_| true), "a<U+202E>");
        assert_eq!(visible("\u{a0}\u{e0041}"), "<U+00A0><U+E0041>");
    }

    #[test]
    fn no_code_point_gets_through_that_must_not() {
        for c in '\0'..=char::MAX {
            if is_harmful(c) {
                assert!(is_hidden(c), "U+{:04X}", u32::from(c));
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_harmful_comes_out(text in ".*", noise in proptest::collection::vec(any::<char>(), 0..20)) {
            let text: String = text.chars().chain(noise).collect();
            let shown = visible(&text);
            prop_assert!(!shown.chars().any(is_harmful));
            prop_assert_eq!(visible(&shown), shown.as_ref());
        }
    }
}
