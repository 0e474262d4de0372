//! Normalization Form C: a fast decision, a slow transformation.
//!
//! `icu_normalizer` decides, `unicode-normalization` transforms. The fused scan's flag
//! [`Flags::NFC`] is the quick-accept in front of both: a text without it is in NFC.

use super::scan::{Flags, scan};
use crate::record::Span;
use icu_normalizer::ComposingNormalizerBorrowed;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Canonical combining class of a code point (0 for starters).
#[must_use]
pub fn combining_class(c: char) -> u8 {
    if c < '\u{300}' {
        return 0;
    }
    unicode_normalization::char::canonical_combining_class(c)
}

/// Whether the text is in NFC.
#[must_use]
pub fn is_nfc(text: &str) -> bool {
    !scan(text).flags.any(Flags::NFC) || is_nfc_decided(text)
}

/// Whether the text is in NFC, for callers that have a scan with [`Flags::NFC`] set.
#[must_use]
pub fn is_nfc_decided(text: &str) -> bool {
    ComposingNormalizerBorrowed::new_nfc().is_normalized(text)
}

/// The text in NFC; borrowed when it already is.
#[must_use]
pub fn nfc(text: &str) -> Cow<'_, str> {
    if is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// The text in NFC, made by ICU: twice as fast as [`nfc`], for keys that are never written.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// A place that is not in NFC and what stands there in NFC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Bytes that change: the smallest run of whole combining sequences.
    pub span: Span,
    /// Their NFC.
    pub nfc: String,
    /// Whether the marks only change their order: nothing is composed or replaced.
    pub reordered: bool,
}

/// Whether NFC can never change anything across the boundary before this code point.
///
/// True for starters that compose with nothing before them: text cut there normalizes piecewise.
/// Non-starters, and starters that may compose backwards (Hangul vowels and finals, some Indic vowel
/// signs), decide by what `compose` says of their NFC quick check.
fn is_boundary(c: char) -> bool {
    c < '\u{300}' || (combining_class(c) == 0 && !may_compose_backwards(c))
}

/// Whether the first code point of the canonical decomposition has `NFC_Quick_Check` other than Yes,
/// or is no starter.
fn may_compose_backwards(c: char) -> bool {
    let mut first = c;
    let mut seen = false;
    unicode_normalization::char::decompose_canonical(c, |part| {
        if !seen {
            first = part;
            seen = true;
        }
    });
    if combining_class(first) != 0 {
        return true;
    }
    // A starter that composes with one before it is "Maybe" as a text of its own.
    !matches!(
        unicode_normalization::is_nfc_quick(std::iter::once(first)),
        unicode_normalization::IsNormalized::Yes | unicode_normalization::IsNormalized::No
    )
}

/// Every place that is not in NFC, in order. Replacing each gives [`nfc`].
#[must_use]
pub fn places(text: &str) -> Vec<Place> {
    let mut places = Vec::new();
    let mut start = 0;
    while start < text.len() {
        // A starter together with all that could touch it.
        let rest = &text[start..];
        let len = rest
            .char_indices()
            .skip(1)
            .find(|&(_, c)| is_boundary(c))
            .map_or(rest.len(), |(at, _)| at);
        let piece = &rest[..len];
        if piece.len() > 1 && !piece.is_ascii() {
            let normal: String = piece.nfc().collect();
            if normal != piece {
                let mut before: Vec<char> = piece.chars().collect();
                let mut after: Vec<char> = normal.chars().collect();
                before.sort_unstable();
                after.sort_unstable();
                places.push(Place {
                    span: Span::new(start, start + len),
                    nfc: normal,
                    reordered: before == after,
                });
            }
        }
        start += len;
    }
    places
}

/// The first place that is not in NFC.
#[must_use]
pub fn first_non_nfc(text: &str) -> Option<Span> {
    let (good, bad) = ComposingNormalizerBorrowed::new_nfc().split_normalized(text);
    if bad.is_empty() {
        return None;
    }
    // ICU splits near the combining sequence that is not normal; start at a boundary before it.
    let from = good
        .char_indices()
        .rev()
        .find(|&(_, c)| is_boundary(c))
        .map_or(0, |(at, _)| at);
    places(&text[from..])
        .first()
        .map(|place| Span::new(place.span.start + from, place.span.end + from))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn apply(text: &str) -> String {
        let mut out = String::new();
        let mut end = 0;
        for place in places(text) {
            out.push_str(&text[end..place.span.start]);
            out.push_str(&place.nfc);
            end = place.span.end;
        }
        out + &text[end..]
    }

    fn check(text: &str) {
        let oracle: String = text.nfc().collect();
        assert_eq!(nfc(text), oracle, "{text:?}");
        assert_eq!(is_nfc(text), oracle == text, "{text:?}");
        assert_eq!(apply(text), oracle, "{text:?}");
        assert_eq!(
            first_non_nfc(text),
            places(text).first().map(|place| place.span),
            "{text:?}"
        );
    }

    #[test]
    fn known_texts() {
        for text in [
            "",
            "cafe\u{301}",
            "Vie\u{323}\u{302}t",
            "Viê\u{323}t",
            "\u{1100}\u{1161}\u{11a8}",
            "가\u{11a8}",
            "ا\u{653}",
            "ش\u{651}\u{64e}",
            "ش\u{64e}\u{651}",
            "\u{958}",
            "\u{9c7}\u{9be}",
            "\u{9a6}\u{9be}",
            "ا\u{200c}\u{653}",
            "\u{37e}\u{387}",
            "\u{212b}\u{2126}",
            "a\u{301}\u{301}",
            "か\u{3099}",
        ] {
            check(text);
        }
    }

    #[test]
    fn a_reordering_is_told_from_a_composition() {
        let place = &places("ش\u{651}\u{64e}")[0];
        assert!(place.reordered);
        assert!(!places("e\u{301}")[0].reordered);
    }

    #[test]
    fn single_code_points_agree_with_the_oracle() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            let oracle: String = text.nfc().collect();
            assert_eq!(is_nfc(&text), oracle == text, "U+{:04X}", u32::from(c));
        }
    }

    proptest! {
        #[test]
        fn agrees_with_unicode_normalization(text in ".{0,60}") {
            check(&text);
        }

        #[test]
        fn agrees_on_texts_that_need_work(
            text in "[aeiouAا\u{648}\u{64a}شe\u{300}-\u{345}\u{591}-\u{5bd}\u{64b}-\u{655}\u{670}\u{6d6}-\u{6ed}\u{915}-\u{94d}\u{958}-\u{95f}\u{995}-\u{9d7}\u{b95}-\u{bd7}\u{d15}-\u{d57}\u{e01}-\u{e4e}\u{1025}\u{102e}\u{1100}-\u{1112}\u{1161}-\u{1175}\u{11a7}-\u{11c2}가-각か\u{3099}\u{212a}\u{f900}-\u{f910}\u{fb1d}-\u{fb4f}\u{1d15e}-\u{1d164}]{0,40}"
        ) {
            check(&text);
        }
    }
}
