//! S007 unknown-field.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::schema::{SchemaError, SchemaErrorKind};

pub(crate) const RULE: Rule = Rule {
    code: "S007",
    name: "unknown-field",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "A record has a member that the schema does not name.",
    why: "`pubished_at` is an article without a date, and nobody sees it: the schema allows other members.",
    how: "Members of the record that are not among the schema's `properties`, where the schema leaves the \
          object open and is of one piece. A name within two edits of it, or the same in other case, is \
          proposed. In a closed schema the same is S010.",
    false_positives: "Members that begin with an entry of `allow` are left alone, `x_` unless told otherwise.",
    source: "JSON Schema 2020-12, additionalProperties and unevaluatedProperties",
    options: &[OptionDef {
        name: "allow",
        kind: OptionKind::Strings(&["x_"]),
        doc: "Beginnings of names that are not reported.",
    }],
    examples: &[
        Example::bad(r#"{"pubished_at":"2024-05-01"}"#, &["*"]),
        Example::bad(r#"{"Title":"خبر"}"#, &["*"]),
        Example::good(r#"{"x_vendor":1}"#),
        Example::good(r#"{"published_at":"2024-05-01"}"#),
    ],
    wake: Wake::Schema,
    check: |options| {
        Ok(Box::new(UnknownField {
            allow: options.strings("allow"),
        }))
    },
};

struct UnknownField {
    allow: Vec<String>,
}

impl Check for UnknownField {
    fn schema(&self, error: &SchemaError, record: &Record<'_>, out: &mut Out<'_>) {
        let name = &error.message;
        if error.kind != SchemaErrorKind::Unknown || self.allow.iter().any(|start| name.starts_with(start)) {
            return;
        }
        let Some(value) = record.root.in_tree(error.node) else {
            return;
        };
        let hint = match error.expected.as_str() {
            "" => ".".to_owned(),
            near => format!("; did you mean \"{near}\"?"),
        };
        out.field(
            value,
            format!("Field \"{}\" is not in the schema{hint}", field::piece(name)),
        );
    }
}
