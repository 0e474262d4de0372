//! Explicit bidi controls: which opener belongs to which closer.
//!
//! Matching is that of UAX #9: a stack per paragraph (BD9 for isolates, BD11 for embeddings and
//! overrides, X6a: a PDI closes every embedding opened inside its isolate; X7: a PDF closes
//! nothing across an isolate). A paragraph ends at LF, CR, NEL and U+2029.

use crate::record::Span;

/// Greatest nesting depth of UAX #9 (BD2).
pub const MAX_DEPTH: usize = 125;

/// One explicit bidi control in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control {
    /// Byte offset of the control.
    pub at: usize,
    /// The code point.
    pub code: char,
    /// Byte offset of the control that closes (or opens) it.
    pub partner: Option<usize>,
    /// Index of the paragraph, from 0.
    pub paragraph: usize,
    /// Whether it nests deeper than [`MAX_DEPTH`].
    pub too_deep: bool,
}

impl Control {
    /// Bytes of the control.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.at, self.at + self.code.len_utf8())
    }

    /// Whether it opens an embedding, override or isolate.
    #[must_use]
    pub const fn opens(&self) -> bool {
        !matches!(self.code, '\u{202C}' | '\u{2069}')
    }

    /// Whether it is an override (LRO, RLO).
    #[must_use]
    pub const fn is_override(&self) -> bool {
        matches!(self.code, '\u{202D}' | '\u{202E}')
    }
}

/// Whether a code point is an explicit embedding, override, isolate or their closer.
#[must_use]
pub const fn is_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Short name of a bidi control: `RLO`.
#[must_use]
pub const fn abbreviation(c: char) -> &'static str {
    match c {
        '\u{202A}' => "LRE",
        '\u{202B}' => "RLE",
        '\u{202C}' => "PDF",
        '\u{202D}' => "LRO",
        '\u{202E}' => "RLO",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        '\u{200E}' => "LRM",
        '\u{200F}' => "RLM",
        '\u{061C}' => "ALM",
        _ => "",
    }
}

/// Every explicit bidi control of a text, in order, matched within its paragraph.
#[must_use]
pub fn controls(text: &str) -> Vec<Control> {
    let mut found: Vec<Control> = Vec::new();
    let mut stack: Vec<usize> = Vec::new();
    let mut paragraph = 0;
    for (at, code) in text.char_indices() {
        if matches!(code, '\n' | '\r' | '\u{85}' | '\u{2029}') {
            stack.clear();
            paragraph += 1;
            continue;
        }
        if !is_control(code) {
            continue;
        }
        let this = found.len();
        found.push(Control {
            at,
            code,
            partner: None,
            paragraph,
            too_deep: false,
        });
        let is_isolate =
            |index: usize, found: &[Control]| matches!(found[index].code, '\u{2066}'..='\u{2068}');
        let opener = match code {
            '\u{202C}' => stack.pop_if(|&mut top| !is_isolate(top, &found)),
            '\u{2069}' => {
                let place = stack.iter().rposition(|&open| is_isolate(open, &found));
                place.and_then(|place| {
                    let opener = stack.get(place).copied();
                    stack.truncate(place);
                    opener
                })
            }
            _ => {
                found[this].too_deep = stack.len() >= MAX_DEPTH;
                stack.push(this);
                None
            }
        };
        if let Some(opener) = opener {
            found[this].partner = Some(found[opener].at);
            found[opener].partner = Some(at);
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unmatched(text: &str) -> Vec<usize> {
        controls(text)
            .iter()
            .filter(|c| c.partner.is_none())
            .map(|c| c.at)
            .collect()
    }

    #[test]
    fn balanced_controls_match() {
        assert!(unmatched("\u{2067}نص\u{2069} \u{202b}نص\u{202c}").is_empty());
        assert!(unmatched("\u{202b}a\u{2066}b\u{2069}c\u{202c}").is_empty());
    }

    #[test]
    fn openers_and_closers_without_partner_are_seen() {
        assert_eq!(unmatched("\u{2067}نص"), [0]);
        assert_eq!(unmatched("a\u{2069}"), [1]);
        assert_eq!(unmatched("\u{2067}a\n\u{2069}"), [0, 5]);
        assert_eq!(unmatched("\u{202e}a\u{2029}\u{202c}"), [0, 7]);
    }

    #[test]
    fn isolates_stop_pdf_and_close_embeddings() {
        // PDF inside an isolate does not close the embedding outside.
        assert_eq!(unmatched("\u{202a}\u{2066}\u{202c}\u{2069}\u{202c}"), [6]);
        // PDI closes the embedding left open inside.
        assert_eq!(unmatched("\u{2066}\u{202a}\u{2069}"), [3]);
    }

    #[test]
    fn depth_is_limited() {
        let text = "\u{202a}".repeat(126) + &"\u{202c}".repeat(126);
        let controls = controls(&text);
        assert_eq!(controls.iter().filter(|c| c.too_deep).count(), 1);
        assert!(controls.iter().all(|c| c.partner.is_some()));
    }

    proptest! {
        #[test]
        fn partners_are_mutual(text in "[ab\n\u{202a}-\u{202e}\u{2066}-\u{2069}]{0,60}") {
            let controls = controls(&text);
            for control in &controls {
                if let Some(partner) = control.partner {
                    let other = controls.iter().find(|c| c.at == partner).unwrap();
                    prop_assert_eq!(other.partner, Some(control.at));
                    prop_assert_eq!(other.paragraph, control.paragraph);
                    prop_assert_ne!(other.opens(), control.opens());
                }
            }
        }
    }
}
