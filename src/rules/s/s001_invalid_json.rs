//! S001 invalid-json.

use crate::finding::Severity;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Wake};
use crate::source::{Fault, FaultKind};

pub(crate) const RULE: Rule = Rule {
    code: "S001",
    name: "invalid-json",
    severity: Severity::Error,
    scope: Scope::Bytes,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A line, or a file, is not one JSON value.",
    why: "Readers disagree on what to do with broken JSON: some stop, some skip the line without a \
          word, some turn it into a row of nulls. The record is lost in each case.",
    how: "Every record is parsed as RFC 8259, strictly: no comments, no trailing commas, no single \
          quotes, no second value on the line. The message says what was expected, what stands \
          there, and at which byte. The record is skipped and the rest of the file is still \
          checked. Nothing is repaired: every repair of broken JSON is a guess.",
    false_positives: "",
    source: "RFC 8259 section 2",
    options: &[],
    examples: &[
        Example::bad("{\"title\": \"a\" \"body\": \"b\"}\n", &["*"]).file("a.jsonl"),
        Example::bad("{\"title\": 'a'}\n", &["*"]).file("a.jsonl"),
        Example::bad("{\"title\":\"a\"} {\"title\":\"b\"}\n", &["*"]).file("a.jsonl"),
        Example::good("{\"title\":\"a\",\"body\":\"b\"}\n").file("a.jsonl"),
        Example::good("{\"title\":\"A \\\"quoted\\\" word\"}\n").file("a.jsonl"),
    ],
    wake: Wake::Fault,
    check: |_| Ok(Box::new(InvalidJson)),
};

struct InvalidJson;

impl Check for InvalidJson {
    fn fault(&self, fault: &Fault, out: &mut Out<'_>) {
        if let FaultKind::InvalidJson { reason } = &fault.kind {
            out.record(format!("Not valid JSON: {reason}."));
        }
    }
}
