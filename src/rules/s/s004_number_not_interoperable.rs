//! S004 number-not-interoperable.

use crate::finding::{Safety, Severity};
use crate::record::Role;
use crate::rules::runner::role_of;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::source::{JsonIssue, JsonIssueKind};

pub(crate) const RULE: Rule = Rule {
    code: "S004",
    name: "number-not-interoperable",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A number is one that common readers change.",
    why: "Many readers keep numbers as doubles: they round an integer beyond ±(2^53-1) to a \
          neighbour, so that two ids become one, and read `1e400` as infinity.",
    how: "Integers beyond ±9007199254740991, and numbers that as a double are infinite or, other \
          than zero, zero. The fix of an id writes the same digits as a string.",
    false_positives: "Readers of 64-bit integers keep more; the dataset cannot know its readers.",
    source: "RFC 7493 section 2.2",
    options: &[],
    examples: &[
        Example::bad(r#"{"id": 12345678901234567890}"#, &["*"])
            .unsafe_fixed(r#"{"id": "12345678901234567890"}"#),
        Example::bad(r#"{"views": 1e400}"#, &["*"]),
        Example::good(r#"{"id":"12345678901234567890"}"#),
        Example::good(r#"{"views": 9007199254740991}"#),
    ],
    wake: Wake::Json,
    check: |_| Ok(Box::new(BigNumber)),
};

struct BigNumber;

impl Check for BigNumber {
    fn json(&self, issue: &JsonIssue, record: &Record<'_>, out: &mut Out<'_>) {
        if issue.kind != JsonIssueKind::Number {
            return;
        }
        let Some(value) = record.root.in_tree(issue.node) else {
            return;
        };
        let raw = value.raw();
        let finding = out.field(
            value,
            format!(
                "Readers that use doubles change the number {}; write it as a string.",
                field::piece(raw)
            ),
        );
        let digits = raw.bytes().all(|byte| byte.is_ascii_digit());
        if digits && role_of(value, record) == Some(Role::Id) {
            finding.set(Safety::Unsafe, "write the id as a string", format!("\"{raw}\""));
        }
    }
}
