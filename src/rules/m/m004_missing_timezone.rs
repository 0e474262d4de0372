//! M004 missing-timezone.

use crate::finding::Severity;
use crate::record::Role;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::text::date::{self, DateError};

pub(crate) const RULE: Rule = Rule {
    code: "M004",
    name: "missing-timezone",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A time of publication or collection has no offset.",
    why: "Without an offset the moment is known to within a day only, and a timestamp column has no \
          place for it.",
    how: "A date and a time with neither `Z` nor an offset. Set `timezone` of the input to say which \
          zone is meant. A date without a time is complete.",
    false_positives: "",
    source: "RFC 3339 sections 4.3 and 4.4",
    options: &[],
    examples: &[
        Example::bad(r#"{"published_at":"2019-10-18T08:00:00"}"#, &["*"]),
        Example::bad(r#"{"published_at":"2019-10-18 08:00"}"#, &["*"]),
        Example::good(r#"{"published_at":"2019-10-18T08:00:00+03:00"}"#),
        Example::good(r#"{"published_at":"2019-10-18"}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(MissingZone)),
};

struct MissingZone;

impl Check for MissingZone {
    fn advice(&self) -> Option<&'static str> {
        Some("`timezone = \"Asia/Riyadh\"` (or where the source is) below [[input]] in corpus.toml says it for all of them")
    }

    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        for value in [Role::Published, Role::Collected]
            .into_iter()
            .filter_map(|role| record.role(role))
        {
            let text = value.as_str().unwrap_or_default();
            if date::parse(text) == Err(DateError::NoOffset) {
                out.field(
                    value,
                    format!(
                        "Timestamp \"{}\" has no offset; set `timezone` of the input.",
                        field::piece(text)
                    ),
                );
            }
        }
    }
}
