//! S013 line-structure.

use crate::finding::Severity;
use crate::rules::{Check, Example, Once, Out, Rule, Scope, Status, Wake};
use crate::source::{Fault, FaultKind};

pub(crate) const RULE: Rule = Rule {
    code: "S013",
    name: "line-structure",
    severity: Severity::Warning,
    scope: Scope::Bytes,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A JSON Lines file has lines that are not records: blank ones, an array's brackets, CRLF endings.",
    why: "JSON Lines is one value a line. Tools that count lines count blank ones as records, and \
          some refuse them.",
    how: "Reported once for each kind and file, at its first place. The records are read \
          nevertheless. No fix: `--fix` leaves every byte outside the values it changes.",
    false_positives: "",
    source: "jsonlines.org",
    options: &[],
    examples: &[
        Example::bad("{\"body\":\"نص\"}\n\n{\"body\":\"نص آخر\"}\n", &["*"]).file("a.jsonl"),
        Example::bad("{\"body\":\"نص\"}\r\n", &["*"]).file("a.jsonl"),
        Example::good("{\"body\":\"نص\"}\n{\"body\":\"نص آخر\"}\n").file("a.jsonl"),
    ],
    wake: Wake::Fault,
    check: |_| Ok(Box::new(LineStructure)),
};

struct LineStructure;

impl Check for LineStructure {
    fn once(&self) -> Once {
        Once::Always
    }

    fn fault(&self, fault: &Fault, out: &mut Out<'_>) {
        // Without the number of lines: a baseline must not break when one more line has the flaw.
        if let FaultKind::LineStructure { what, .. } = &fault.kind {
            out.record(format!(
                "Not one JSON value a line: {what}. Only the first place is reported."
            ));
        }
    }
}
