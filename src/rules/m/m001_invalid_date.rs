//! M001 invalid-date.

use crate::finding::{Safety, Severity};
use crate::record::{Kind, Role, Value};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::source::json::write_string;
use crate::text::date::{self, DateError};
use crate::text::date_repair::repair;

pub(crate) const RULE: Rule = Rule {
    code: "M001",
    name: "invalid-date",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A time of publication or collection is not written as RFC 3339.",
    why: "Dates become a timestamp column. `05/04/2024` is April to some readers and May to others, \
          and every reader that guesses, guesses for all rows.",
    how: "The fields `published` and `collected` hold an RFC 3339 date-time (`2019-10-18T08:00:00+03:00`) \
          or a date (`2019-10-18`). A day that does not exist, a leap second and a fraction finer than \
          a microsecond are errors too. A time without an offset is M004's. The fix rewrites forms \
          that mean one thing only: a space for `T`, missing seconds or colons in the offset, digits \
          of another script, year first with slashes, a month by its English or Arabic name with the \
          year. Day and month as bare numbers are never guessed.",
    false_positives: "",
    source: "RFC 3339 section 5.6",
    options: &[],
    examples: &[
        Example::bad(r#"{"published_at":"18/10/2019"}"#, &["*"]),
        Example::bad(r#"{"published_at":"2019-13-01T00:00:00Z"}"#, &["*"]),
        Example::bad(r#"{"published_at":"2019-10-18 08:00:00Z"}"#, &["*"])
            .fixed(r#"{"published_at":"2019-10-18T08:00:00Z"}"#),
        Example::bad(r#"{"published_at":"٢٠١٩-١٠-١٨"}"#, &["*"]).fixed(r#"{"published_at":"2019-10-18"}"#),
        Example::bad(r#"{"published_at":"18 أكتوبر 2019"}"#, &["*"])
            .fixed(r#"{"published_at":"2019-10-18"}"#),
        Example::bad(r#"{"published_at":"Fri, 18 Oct 2019 08:00:00 +0300"}"#, &["*"])
            .fixed(r#"{"published_at":"2019-10-18T08:00:00+03:00"}"#),
        Example::bad(r#"{"collected_at":"2016-12-31T23:59:60Z"}"#, &["*"]),
        Example::bad(r#"{"published_at":1571356800}"#, &["*"]),
        Example::good(r#"{"published_at":"2019-10-18"}"#),
        Example::good(r#"{"published_at":"2019-10-18T08:00:00+03:00"}"#),
        Example::good(r#"{"published_at":null,"date":"18/10/2019"}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(InvalidDate)),
};

struct InvalidDate;

impl Check for InvalidDate {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        for role in [Role::Published, Role::Collected] {
            if let Some(value) = record.role(role) {
                check(value, out);
            }
        }
    }
}

fn check(value: Value<'_>, out: &mut Out<'_>) {
    let Some(text) = value.as_str() else {
        if !value.is_null() {
            let found = match value.kind() {
                Kind::Number => "a number",
                _ => "not a string",
            };
            out.field(
                value,
                format!("The date is {found}; write it as RFC 3339, like \"2019-10-18T08:00:00Z\"."),
            );
        }
        return;
    };
    let reason = match date::parse(text) {
        Ok(_) | Err(DateError::NoOffset) => return,
        Err(reason) => reason,
    };
    // An empty field is S008's.
    if text.trim().is_empty() {
        return;
    }
    let finding = out.field(
        value,
        format!("Date \"{}\" is not RFC 3339 ({reason}).", field::piece(text)),
    );
    if let Some(repaired) = repair(text) {
        let mut literal = String::new();
        write_string(&mut literal, &repaired, false);
        finding.set(Safety::Safe, format!("write {repaired}"), literal);
    }
}
