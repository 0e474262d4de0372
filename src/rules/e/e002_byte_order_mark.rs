//! E002 byte-order-mark.

use crate::finding::{Edit, Safety, Severity};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Wake};
use crate::source::{Fault, FaultKind};

/// Bytes of U+FEFF in UTF-8.
const LENGTH: usize = 3;

pub(crate) const RULE: Rule = Rule {
    code: "E002",
    name: "byte-order-mark",
    severity: Severity::Warning,
    scope: Scope::Bytes,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A file starts with a byte order mark.",
    why: "JSON forbids the mark, and readers that do not expect it make it part of the first value: \
          the first column of a CSV file gets another name.",
    how: "The bytes EF BB BF at the start of a file. The fix deletes them. The records are read as if \
          they were not there.",
    false_positives: "",
    source: "RFC 8259 section 8.1",
    options: &[],
    examples: &[
        Example::bad("\u{feff}{\"body\":\"نص\"}\n", &["*"])
            .file("a.jsonl")
            .fixed("{\"body\":\"نص\"}\n"),
        Example::good("{\"body\":\"نص\"}\n").file("a.jsonl"),
    ],
    wake: Wake::Fault,
    check: |_| Ok(Box::new(ByteOrderMark)),
};

struct ByteOrderMark;

impl Check for ByteOrderMark {
    fn fault(&self, fault: &Fault, out: &mut Out<'_>) {
        if fault.kind == FaultKind::ByteOrderMark {
            let edit = Edit {
                span: (0..LENGTH).into(),
                text: String::new(),
            };
            out.record("The file starts with a byte order mark (U+FEFF).")
                .edits(Safety::Safe, "delete the mark", vec![edit]);
        }
    }
}
