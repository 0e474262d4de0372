//! S002 duplicate-json-key.

use crate::finding::Severity;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::source::{JsonIssue, JsonIssueKind};

pub(crate) const RULE: Rule = Rule {
    code: "S002",
    name: "duplicate-json-key",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "An object has two members of one name.",
    why: "Readers disagree on which of the two values wins: most keep the last, some the first, some \
          refuse the record. Two users of the dataset then train on different texts.",
    how: "Names are compared as they read after unescaping, in each object by itself. Every member \
          after the first of its name is reported.",
    false_positives: "",
    source: "RFC 8259 section 4; RFC 7493 section 2.3",
    options: &[],
    examples: &[
        Example::bad(r#"{"title":"a","title":"b"}"#, &["*"]),
        Example::bad(r#"{"t":1,"\u0074":2}"#, &["*"]),
        Example::good(r#"{"title":"a","subtitle":"b"}"#),
        Example::good(r#"{"a":{"id":1},"b":{"id":2}}"#),
    ],
    wake: Wake::Json,
    check: |_| Ok(Box::new(DuplicateKey)),
};

struct DuplicateKey;

impl Check for DuplicateKey {
    fn json(&self, issue: &JsonIssue, record: &Record<'_>, out: &mut Out<'_>) {
        if issue.kind != JsonIssueKind::DuplicateKey {
            return;
        }
        let Some(value) = record.root.in_tree(issue.node) else {
            return;
        };
        let name = field::piece(field::name(record, value));
        out.field(
            value,
            format!("The object repeats the member name \"{name}\"; readers disagree on which value wins."),
        );
    }
}
