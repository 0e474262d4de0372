//! S005 missing-required-field.

use crate::finding::Severity;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::schema::{SchemaError, SchemaErrorKind};

pub(crate) const RULE: Rule = Rule {
    code: "S005",
    name: "missing-required-field",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A record lacks a field that the schema requires.",
    why: "A required field becomes a column without nulls. A record without it cannot be released, \
          and is most often a sign that a crawler broke.",
    how: "The `required` keyword of the schema, at any depth. Runs only with a schema.",
    false_positives: "",
    source: "JSON Schema `required`",
    options: &[],
    examples: &[
        Example::bad(
            r#"{"id":"a","url":"https://example.org/a","body":"نص","language":"ar","source":"s","published_at":"2024-05-01"}"#,
            &["*"],
        ),
        Example::good(
            r#"{"id":"a","url":"https://example.org/a","title":"خبر","body":"نص","language":"ar","source":"s","published_at":"2024-05-01"}"#,
        ),
    ],
    wake: Wake::Schema,
    check: |_| Ok(Box::new(MissingField)),
};

struct MissingField;

impl Check for MissingField {
    fn advice(&self) -> Option<&'static str> {
        Some("`rename = { name = \"{field}\" }` below [[input]] in corpus.toml where it has another name, `defaults = { … }` where all records share it")
    }

    fn schema(&self, error: &SchemaError, record: &Record<'_>, out: &mut Out<'_>) {
        if error.kind != SchemaErrorKind::Required {
            return;
        }
        let message = format!("Required field \"{}\" is missing.", field::piece(&error.expected));
        match record.root.in_tree(error.node) {
            Some(object) if object.index() != record.root.index() => out.field(object, message),
            _ => out.record(message),
        };
    }
}
