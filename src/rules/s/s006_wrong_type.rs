//! S006 wrong-type.

use crate::finding::{Safety, Severity};
use crate::record::{Kind, Role};
use crate::rules::runner::role_of;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::schema::{SchemaError, SchemaErrorKind};

pub(crate) const RULE: Rule = Rule {
    code: "S006",
    name: "wrong-type",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A field has another JSON type than the schema says.",
    why: "A column has one type. A value of another one cannot be stored, and readers that guess \
          types from the first rows fail on it later.",
    how: "The `type` keyword of the schema, at any depth. The fix changes only the form of a value, \
          where nothing is lost or guessed: an id that is an integer becomes the string of its \
          digits, `\"true\"` becomes `true`, one string becomes a list of one. Without a schema, a \
          record that is not a JSON object is reported as a warning.",
    false_positives: "",
    source: "JSON Schema `type`",
    options: &[],
    examples: &[
        Example::bad(
            r#"{"id":17,"url":"https://example.org/a","title":"خبر","body":"نص","language":"ar","source":"s","published_at":"2024-05-01"}"#,
            &["*"],
        )
        .fixed(
            r#"{"id":"17","url":"https://example.org/a","title":"خبر","body":"نص","language":"ar","source":"s","published_at":"2024-05-01"}"#,
        ),
        Example::bad(
            r#"{"id":"a","url":"https://example.org/a","title":"خبر","body":"نص","language":"ar","source":"s","published_at":1571356800}"#,
            &["*"],
        ),
        Example::bad(
            r#"{"id":"a","url":"https://example.org/a","title":"خبر","body":["ف١","ف٢"],"language":"ar","source":"s","published_at":"2024-05-01"}"#,
            &["*"],
        ),
        Example::bad(
            r#"{"id":"a","url":"https://example.org/a","title":"خبر","body":"نص","language":"ar","source":"s","published_at":"2024-05-01","authors":"أحمد"}"#,
            &["*"],
        )
        .fixed(
            r#"{"id":"a","url":"https://example.org/a","title":"خبر","body":"نص","language":"ar","source":"s","published_at":"2024-05-01","authors":["أحمد"]}"#,
        ),
        Example::good(
            r#"{"id":"a","url":"https://example.org/a","title":"خبر","body":"نص","language":"ar","source":"s","published_at":"2024-05-01","authors":["أحمد"]}"#,
        ),
    ],
    wake: Wake::Schema,
    check: |_| Ok(Box::new(WrongType)),
};

struct WrongType;

impl Check for WrongType {
    fn schema(&self, error: &SchemaError, record: &Record<'_>, out: &mut Out<'_>) {
        if error.kind != SchemaErrorKind::Type {
            return;
        }
        let Some(value) = record.root.in_tree(error.node) else {
            return;
        };
        let (found, expected) = (value.kind(), &error.expected);
        if value.index() == record.root.index() {
            out.record(format!("The record is {found}, expected {expected}."));
            return;
        }
        let pointer = field::piece(&error.instance);
        let finding = out.field(value, format!("Field {pointer} is {found}, expected {expected}."));
        // The digits of a number are a name only where the field is one.
        let named = value.kind() != Kind::Number || role_of(value, record) == Some(Role::Id);
        if let (Some(literal), true) = (&error.lossless, named) {
            finding.set(Safety::Safe, "write it as the schema says", literal.clone());
        }
    }

    /// Called where no schema is in force.
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let kind = record.root.kind();
        if kind != Kind::Object {
            out.record(format!(
                "The record is {kind}, expected object; no rule looks into it."
            ))
            .severity(Severity::Warning);
        }
    }
}
