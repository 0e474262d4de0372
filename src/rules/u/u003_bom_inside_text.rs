//! U003 bom-inside-text.

use crate::finding::{Safety, Severity};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U003",
    name: "bom-inside-text",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text holds U+FEFF, a byte order mark that belongs only at the start of a file.",
    why: "It is invisible and makes two equal words differ. It gets into text when files are glued together.",
    how: "Every run of U+FEFF in a value is reported; the fix deletes it. Its old use to join words is \
          deprecated since Unicode 3.2 (U+2060 took it over).",
    false_positives: "",
    source: "Unicode 23.8; RFC 8259 section 8.1",
    options: &[],
    examples: &[
        Example::bad("\u{feff}خبر", &["\u{feff}"]).fixed("خبر"),
        Example::bad("part\u{feff}\u{feff}one", &["\u{feff}\u{feff}"])
            .lang("en")
            .fixed("partone"),
        Example::good("خبر"),
        Example::good("part\u{2060}one").lang("en"),
    ],
    wake: Wake::Text(Flags::BOM),
    check: |_| Ok(Box::new(BomInsideText)),
};

struct BomInsideText;

impl Check for BomInsideText {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for run in text.runs(|c| c == '\u{FEFF}') {
            out.span(run.span, "U+FEFF inside the text.")
                .replace(Safety::Safe, "delete it", "");
        }
    }
}
