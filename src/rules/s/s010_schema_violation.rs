//! S010 schema-violation.

use crate::finding::Severity;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::schema::{SchemaError, SchemaErrorKind};

pub(crate) const RULE: Rule = Rule {
    code: "S010",
    name: "schema-violation",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A value breaks a rule of the schema other than presence and type.",
    why: "The schema is what the dataset promises to those who load it.",
    how: "Every keyword but `required` (S005) and `type` (S006). The message names the value by its \
          JSON pointer, the keyword, and what is wrong. A date that breaks its `format` is M001's where \
          that rule runs.",
    false_positives: "",
    source: "JSON Schema 2020-12",
    options: &[],
    examples: &[
        Example::bad(
            r#"{"id":"a","url":"https://example.org/a","title":"خبر","body":"نص","language":"arabic","source":"s","published_at":"2024-05-01"}"#,
            &["*"],
        ),
        Example::bad(
            r#"{"id":"a","url":"not a url","title":"خبر","body":"نص","language":"ar","source":"s","published_at":"2024-05-01"}"#,
            &["*"],
        ),
        Example::good(
            r#"{"id":"a","url":"https://example.org/خبر","title":"خبر","body":"نص","language":"ar","source":"s","published_at":"2024-05-01"}"#,
        ),
    ],
    wake: Wake::Schema,
    check: |_| Ok(Box::new(Violation)),
};

struct Violation;

impl Check for Violation {
    fn schema(&self, error: &SchemaError, record: &Record<'_>, out: &mut Out<'_>) {
        if error.kind != SchemaErrorKind::Other {
            return;
        }
        let (keyword, detail) = (&error.expected, &error.message);
        match record.root.in_tree(error.node) {
            Some(value) if value.index() != record.root.index() => {
                let message = format!("{}: {keyword} failed ({detail}).", field::piece(&error.instance));
                let finding = out.field(value, message);
                // A date that is none breaks the format of dates too: M001 knows why, and may mend it.
                if keyword == "format" {
                    finding.unless(&["M001"]);
                }
            }
            _ => {
                out.record(format!("The record: {keyword} failed ({detail})."));
            }
        }
    }
}
