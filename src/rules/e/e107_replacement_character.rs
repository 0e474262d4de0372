//! E107 replacement-character.

use crate::finding::Severity;
use crate::record::{Role, Span};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "E107",
    name: "replacement-character",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "Text holds U+FFFD: bytes were lost before this file was made.",
    why: "A program put U+FFFD where it could not decode a byte. The letter cannot be restored from \
          here, only by collecting the page again.",
    how: "Every run of U+FFFD is reported: an error in a title, or when more than 0.1 % of the text's \
          characters are lost, else a warning.",
    false_positives: "An article about U+FFFD itself: suppress the rule for that record.",
    source: "Unicode 23.8, Specials; WHATWG Encoding Standard, decode",
    options: &[],
    examples: &[
        Example::bad("الحكو\u{fffd}ة", &["\u{fffd}"]),
        Example::bad(
            "M\u{fffd}xico y Per\u{fffd}\u{fffd}",
            &["\u{fffd}", "\u{fffd}\u{fffd}"],
        )
        .lang("es"),
        Example::good("Mexico").lang("en"),
    ],
    wake: Wake::Text(Flags::REPLACEMENT),
    check: |_| Ok(Box::new(ReplacementCharacter)),
};

const MARK: &str = "\u{fffd}";

/// Runs of U+FFFD.
fn runs(text: &str) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for (start, mark) in text.match_indices(MARK) {
        let end = start + mark.len();
        match runs.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => runs.push(Span::new(start, end)),
        }
    }
    runs
}

struct ReplacementCharacter;

impl Check for ReplacementCharacter {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let runs = runs(text.value);
        if runs.is_empty() {
            return;
        }
        let lost: usize = runs.iter().map(|run| run.len() / MARK.len()).sum();
        let many = lost * 1000 > text.value.chars().count();
        let severity = if many || text.role == Some(Role::Title) {
            Severity::Error
        } else {
            Severity::Warning
        };
        for run in runs {
            let n = run.len() / MARK.len();
            let s = if n == 1 { "" } else { "s" };
            let message =
                format!("{n} replacement character{s} U+FFFD: bytes were lost before this file was made.");
            out.span(run, message).severity(severity);
        }
    }
}
