//! M002 implausible-date.

use crate::finding::Severity;
use crate::record::{Role, Value};
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::text::date::{self, Timestamp};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// Dates that programs write where they have none: year, month, day.
const PLACEHOLDERS: [(i32, u8, u8); 4] = [(1970, 1, 1), (1900, 1, 1), (1, 1, 1), (0, 1, 1)];

pub(crate) const RULE: Rule = Rule {
    code: "M002",
    name: "implausible-date",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A time of publication or collection cannot be right.",
    why: "Splits by time, freshness filters and the order of duplicates use these dates. A placeholder \
          or a date in the future puts the article on the wrong side of each.",
    how: "A program's placeholder (1970-01-01, 1900-01-01, 0001-01-01); a publication more than one day \
          after the collection, a day that time zones and embargoes use up; a year after `latest-year`. \
          A year before `earliest-year` is a warning. There is no clock in this: without a time of \
          collection only `latest-year` bounds the future, so that a run of next year says the same.",
    false_positives: "An archive holds older articles: set `earliest-year`.",
    source: "Measured on news crawls; htmldate's lower bound is 1995",
    options: &[
        OptionDef {
            name: "earliest-year",
            kind: OptionKind::Integer(1990, 0, 9999),
            doc: "Years before this one are reported.",
        },
        OptionDef {
            name: "latest-year",
            kind: OptionKind::Integer(2100, 0, 9999),
            doc: "Years after this one are reported.",
        },
    ],
    examples: &[
        Example::bad(r#"{"published_at":"1970-01-01T00:00:00Z"}"#, &["*"]),
        Example::bad(
            r#"{"published_at":"2031-05-01","collected_at":"2025-03-01T00:00:00Z"}"#,
            &["*"],
        ),
        Example::bad(r#"{"published_at":"1889-05-01"}"#, &["*"]),
        Example::bad(r#"{"published_at":"2204-05-01"}"#, &["*"]),
        Example::bad(
            r#"{"published_at":"2024-05-01","collected_at":"0001-01-01T00:00:00Z"}"#,
            &["*"],
        ),
        Example::good(
            r#"{"published_at":"2025-03-01T02:00:00+03:00","collected_at":"2025-02-28T21:00:00Z"}"#,
        ),
        Example::good(r#"{"published_at":"2025-03-02T23:00:00Z","collected_at":"2025-03-02"}"#),
        Example::good(r#"{"published_at":"2031-05-01"}"#),
        Example::good(r#"{"published_at":"18/10/2019"}"#),
    ],
    wake: Wake::Record,
    check: |options| {
        Ok(Box::new(Implausible {
            earliest: options.integer("earliest-year") as i32,
            latest: options.integer("latest-year") as i32,
        }))
    },
};

struct Implausible {
    earliest: i32,
    latest: i32,
}

impl Check for Implausible {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let collected = read(record, Role::Collected);
        let trusted = collected.filter(|&(value, stamp)| !self.alone(value, stamp, out));
        let Some((value, published)) = read(record, Role::Published) else {
            return;
        };
        if self.alone(value, published, out) {
            return;
        }
        let Some((other, collected)) = trusted else { return };
        // A date alone stands for any moment of its day.
        let slack = if collected.date_only { 2 * DAY } else { DAY };
        let late = published.micros - collected.micros;
        if late > slack {
            out.field(
                value,
                format!(
                    "Date {} is {} days after the collection, {}.",
                    shown(value),
                    late / DAY,
                    shown(other)
                ),
            );
        }
    }
}

impl Implausible {
    /// Reports a date that is wrong whatever else the record says.
    fn alone(&self, value: Value<'_>, stamp: Timestamp, out: &mut Out<'_>) -> bool {
        if PLACEHOLDERS.contains(&(stamp.year, stamp.month, stamp.day)) {
            out.field(
                value,
                format!(
                    "Date {} is a placeholder of a program that had none.",
                    shown(value)
                ),
            );
        } else if stamp.year > self.latest {
            out.field(value, format!("Date {} is after {}.", shown(value), self.latest));
        } else if stamp.year < self.earliest {
            out.field(
                value,
                format!(
                    "Date {} is before {}; for an archive set `earliest-year`.",
                    shown(value),
                    self.earliest
                ),
            )
            .severity(Severity::Warning);
        } else {
            return false;
        }
        true
    }
}

fn read<'a>(record: &Record<'a>, role: Role) -> Option<(Value<'a>, Timestamp)> {
    let value = record.role(role)?;
    Some((value, date::parse(value.as_str()?).ok()?))
}

fn shown(value: Value<'_>) -> String {
    format!("\"{}\"", field::piece(value.as_str().unwrap_or_default()))
}
