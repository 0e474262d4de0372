//! U011 bidi-mark-noise.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::{Script, is_letter, script};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U011",
    name: "bidi-mark-noise",
    severity: Severity::Info,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Preview,
    default: false,
    summary: "Directional marks stand where they change nothing.",
    why: "They are seen by no reader and by every program: a word with one is not found.",
    how: "The second and further of equal marks in a row; a mark between two letters of its own direction, or \
          between one and the edge of the paragraph. The fix deletes these and leaves the order of display as \
          it was.",
    false_positives: "A mark beside punctuation, digits, brackets or a letter of the other direction may hold them in \
                      their place and stays.",
    source: "UAX #9 section 2.6",
    options: &[],
    examples: &[
        Example::bad("\u{200f}\u{200f}\u{200f}خبر", &["\u{200f}\u{200f}\u{200f}"]).fixed("خبر"),
        Example::bad("خبر\u{200f}خبر", &["\u{200f}"]).fixed("خبرخبر"),
        Example::bad("(\u{200e}\u{200e}+20", &["\u{200e}"])
            .lang("en")
            .fixed("(\u{200e}+20"),
        Example::good("فيلم \"A!\"\u{200f} جديد"),
        Example::good("\u{200f}+20"),
        Example::good("العدد\u{200e} 5 و abc\u{200f}، هنا"),
    ],
    wake: Wake::Text(Flags::BIDI_MARK),
    check: |_| Ok(Box::new(MarkNoise)),
};

struct MarkNoise;

fn is_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// Whether a character, or the edge of a paragraph, goes with a mark.
fn agrees(c: Option<char>, mark: char) -> Option<bool> {
    let c = c.filter(|c| !matches!(c, '\n' | '\r' | '\u{2029}'))?;
    let rtl = matches!(
        script(c),
        Script::Arabic | Script::Hebrew | Script::Syriac | Script::Thaana
    );
    let ltr = matches!(
        script(c),
        Script::Latin | Script::Cyrillic | Script::Greek | Script::Han
    );
    Some(is_letter(c) && if mark == '\u{200e}' { ltr } else { rtl })
}

impl Check for MarkNoise {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let value = text.value;
        let mut from = 0;
        while let Some(at) = value[from..].find(is_mark).map(|at| from + at) {
            let mark = value[at..].chars().next().unwrap_or_default();
            let length: usize = value[at..]
                .chars()
                .take_while(|&c| c == mark)
                .map(char::len_utf8)
                .sum();
            let end = at + length;
            from = end;
            let left = agrees(value[..at].chars().next_back(), mark);
            let right = agrees(value[end..].chars().next(), mark);
            // Two edges are a line of marks; one letter must be there.
            let useless = matches!(
                (left, right),
                (Some(true), Some(true) | None) | (None, Some(true))
            );
            let first = if useless { at } else { at + mark.len_utf8() };
            if first < end {
                let count = value[first..end].chars().count();
                out.span(
                    Span::new(first, end),
                    format!("{count} redundant directional marks (U+{:04X}).", u32::from(mark)),
                )
                .replace(Safety::Safe, "delete them", "");
            }
        }
    }
}
