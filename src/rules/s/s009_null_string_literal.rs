//! S009 null-string-literal.

use crate::finding::{Safety, Severity};
use crate::record::{Role, Value};
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::runner::role_of;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};

pub(crate) const RULE: Rule = Rule {
    code: "S009",
    name: "null-string-literal",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A field holds a word that a program writes where it has no value.",
    why: "`None`, `undefined` or `[object Object]` in a field is a missing value in disguise: counts \
          of authors and titles include it, and no check of presence sees it.",
    how: "Compares each string member of the record, and each string in a list there, with the list \
          of words: the whole value, with its case. The fix writes `null`; it is offered only for \
          fields that a record can do without.",
    false_positives: "A headline may be one of the words, so it is a warning; `Null` as a family \
                      name is not in the list.",
    source: "Programs' own words for a missing value",
    options: &[OptionDef {
        name: "values",
        kind: OptionKind::Strings(&[
            "null",
            "None",
            "NULL",
            "nil",
            "NaN",
            "undefined",
            "N/A",
            "n/a",
            "[object Object]",
            "TBD",
            "-",
        ]),
        doc: "Values that stand for none, compared exactly.",
    }],
    examples: &[
        Example::bad(r#"{"author":"undefined"}"#, &["*"]).unsafe_fixed(r#"{"author":null}"#),
        Example::bad(r#"{"title":"[object Object]"}"#, &["*"]),
        Example::bad(r#"{"tags":["اقتصاد","None"]}"#, &["*"]),
        Example::good(r#"{"title":"Null result in vaccine trial"}"#),
        Example::good(r#"{"author":"Christopher Null"}"#),
        Example::good(r#"{"metadata":"null"}"#),
    ],
    wake: Wake::Record,
    check: |options| {
        Ok(Box::new(NullLiteral {
            values: options.strings("values"),
        }))
    },
};

struct NullLiteral {
    values: Vec<String>,
}

impl NullLiteral {
    fn is_null(&self, value: Value<'_>) -> bool {
        value
            .as_str()
            .is_some_and(|text| self.values.iter().any(|word| word == text))
    }
}

impl Check for NullLiteral {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        for (name, value) in record.root.members() {
            let name = name.as_str().unwrap_or_default();
            // A string that holds JSON, where `null` is a value.
            if name == "metadata" {
                continue;
            }
            for place in std::iter::once(value).chain(value.elements()) {
                if !self.is_null(place) {
                    continue;
                }
                let text = field::piece(place.as_str().unwrap_or_default());
                let finding = out.field(
                    place,
                    format!(
                        "Field \"{}\" holds \"{text}\", a program's word for no value.",
                        field::piece(name)
                    ),
                );
                let dispensable = matches!(
                    role_of(value, record),
                    None | Some(Role::Author | Role::Collected)
                );
                if dispensable && place.index() == value.index() {
                    finding.set(Safety::Unsafe, "write null", "null");
                }
            }
        }
    }
}
