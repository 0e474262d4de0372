//! E005 unreadable-input.

use crate::finding::Severity;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Wake};
use crate::source::{Fault, FaultKind};

pub(crate) const RULE: Rule = Rule {
    code: "E005",
    name: "unreadable-input",
    severity: Severity::Error,
    scope: Scope::Bytes,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A file, or the rest of it, cannot be read.",
    why: "A truncated archive looks like a short one: without a word the dataset just lacks what \
          came after.",
    how: "A truncated or corrupt archive, Parquet, Arrow or CSV file, or a binary file where text was \
          expected. What was read before that place is still checked. Such a file stops a release. A CSV \
          row with more or fewer cells than the header, or front matter that is no YAML, loses that \
          record only: the rest of the file is checked, and a release leaves the record out.",

    false_positives: "",
    source: "The formats' own checks",
    options: &[],
    examples: &[
        Example::bad("this is not a Parquet file", &["*"]).file("a.parquet"),
        Example::good("").file("a.jsonl"),
    ],
    wake: Wake::Fault,
    check: |_| Ok(Box::new(Unreadable)),
};

struct Unreadable;

impl Check for Unreadable {
    fn fault(&self, fault: &Fault, out: &mut Out<'_>) {
        let offset = fault.offset;
        match &fault.kind {
            FaultKind::Unreadable { reason } => {
                out.record(format!("Cannot be read from byte {offset}: {reason}."));
            }
            FaultKind::Malformed { reason } => {
                out.record(format!("The record cannot be read: {reason}. It is skipped."));
            }
            // Where E003 does not run.
            FaultKind::Binary { looks_like } => {
                out.record(format!(
                    "The file looks like {looks_like}, not like text. It is skipped."
                ));
            }
            _ => {}
        }
    }
}
