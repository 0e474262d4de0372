//! U013 mixed-line-endings.

use crate::finding::{Edit, Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U013",
    name: "mixed-line-endings",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: Some(Safety::Safe),
    status: Status::Preview,
    default: false,
    summary: "A text has carriage returns at its line ends.",
    why: "Programs that look for blank lines or equal lines see none.",
    how: "One finding for a text, at its first CR. The fix writes LF for CRLF and for CR.",
    false_positives: "",
    source: "Unicode 5.8, newline guidelines",
    options: &[],
    examples: &[
        Example::bad("a\r\nb\r\nc", &["\r\n"]).lang("en").fixed("a\nb\nc"),
        Example::bad("سطر\rسطر", &["\r"]).fixed("سطر\nسطر"),
        Example::good("a\nb").lang("en"),
        Example::good("سطر سطر"),
    ],
    wake: Wake::Text(Flags::CARRIAGE_RETURN),
    check: |_| Ok(Box::new(LineEndings)),
};

struct LineEndings;

impl Check for LineEndings {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let bytes = text.value.as_bytes();
        let edits: Vec<Edit> = memchr::memchr_iter(b'\r', bytes)
            .map(|at| Edit {
                span: Span::new(at, at + 1 + usize::from(bytes.get(at + 1) == Some(&b'\n'))),
                text: "\n".to_owned(),
            })
            .collect();
        if let Some(first) = edits.first() {
            let count = edits.len();
            out.span(first.span, format!("CR or CRLF inside text, {count} times."))
                .edits(Safety::Safe, "write LF", edits);
        }
    }
}
