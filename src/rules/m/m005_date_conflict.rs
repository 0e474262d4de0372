//! M005 date-conflict.

use crate::finding::Severity;
use crate::record::{Role, Value};
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::text::date::{self, Timestamp};
use crate::text::dateline;

pub(crate) const RULE: Rule = Rule {
    code: "M005",
    name: "date-conflict",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The time of publication disagrees with the address or the first line of the article.",
    why: "A collector that reads the wrong date (of the page, of an update, of today) puts the article into \
          the wrong split, and no other field shows it.",
    how: "The address has a date in its path (`/2019/10/18/`, `/2019/10/`, `/2019-10-18-…`, `/20191018/`) \
          that is more than `url-days` days away; or the first paragraph begins with a day of the week, day \
          and month without a year (English and Arabic, with the month names of East, West and Levant), \
          which within `body-days` days of the publication fall on another day of the week. Correct the \
          date; none is guessed.",
    false_positives: "Updates of the next days are within the tolerance. A date with its year, as in the \
                      story of an anniversary, is not compared.",
    source: "htmldate; the calendar repeats its days of the week after 5, 6 or 11 years",
    options: &[
        OptionDef {
            name: "url-days",
            kind: OptionKind::Integer(3, 0, 3650),
            doc: "Days that publication and address may be apart.",
        },
        OptionDef {
            name: "body-days",
            kind: OptionKind::Integer(30, 0, 180),
            doc: "Days around the publication in which a day of the week is compared.",
        },
    ],
    examples: &[
        Example::bad(
            r#"{"url":"https://a.example/2019/10/18/x","published_at":"2021-03-02T08:00:00Z"}"#,
            &["*"],
        ),
        Example::bad(
            r#"{"url":"https://a.example/2019/10/x","published_at":"2019-12-02"}"#,
            &["*"],
        ),
        Example::bad(
            r#"{"body":"الجمعة 18 أكتوبر (المراسل) - عاد الصيادون.","published_at":"2021-10-19"}"#,
            &["*"],
        ),
        Example::bad(
            r#"{"body":"PORTSIDE, Friday, October 18 - The ferry is back.","published_at":"2021-10-19"}"#,
            &["*"],
        ),
        Example::good(
            r#"{"url":"https://a.example/2019/10/18/x","published_at":"2019-10-19T08:00:00+03:00"}"#,
        ),
        Example::good(r#"{"url":"https://a.example/2024/05/7","published_at":"2024-05-31"}"#),
        Example::good(r#"{"body":"Friday, October 18 - The ferry is back.","published_at":"2019-10-19"}"#),
        Example::good(r#"{"body":"On Friday, 18 October 1957, a bridge fell.","published_at":"2021-10-19"}"#),
        Example::good(r#"{"body":"الجمعة 18 نيسان حفل","published_at":"2021-10-19"}"#),
        Example::good(r#"{"url":"https://a.example/2019/10/18/x","published_at":"yesterday"}"#),
    ],
    wake: Wake::Record,
    check: |options| {
        Ok(Box::new(DateConflict {
            url_days: options.integer("url-days") as i32,
            body_days: options.integer("body-days") as i32,
        }))
    },
};

/// Bytes at the start of an article in which its dateline stands.
const DATELINE: usize = 240;

struct DateConflict {
    url_days: i32,
    body_days: i32,
}

impl Check for DateConflict {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let Some(value) = record.role(Role::Published) else {
            return;
        };
        let Some(published) = value.as_str().and_then(read) else {
            return;
        };
        if !self.address(value, published, record, out) {
            self.first_line(value, published, record, out);
        }
    }
}

/// Whether a digit that dates are written with may stand in a text: ASCII, Arabic or Persian.
fn has_digit(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_other = |pair: &[u8]| matches!(pair, [0xD9, 0xA0..=0xA9] | [0xDB, 0xB0..=0xB9]);
    bytes.iter().any(u8::is_ascii_digit) || bytes.windows(2).any(is_other)
}

/// A date, whether or not its time has an offset.
fn read(text: &str) -> Option<Timestamp> {
    date::parse(text)
        .or_else(|_| date::parse(text.get(..10).unwrap_or_default()))
        .ok()
}

impl DateConflict {
    fn address(
        &self,
        value: Value<'_>,
        published: Timestamp,
        record: &Record<'_>,
        out: &mut Out<'_>,
    ) -> bool {
        let Some(named) = record.text(Role::Url).and_then(dateline::in_path) else {
            return false;
        };
        let (first, last) = named.days();
        let day = published.days();
        let apart = (first - day).max(day - last);
        if apart <= self.url_days {
            return false;
        }
        let shown = field::piece(value.as_str().unwrap_or_default());
        out.field(
            value,
            format!("Date \"{shown}\" disagrees with the address, which says {named}, by {apart} days."),
        );
        true
    }

    fn first_line(&self, value: Value<'_>, published: Timestamp, record: &Record<'_>, out: &mut Out<'_>) {
        let Some(body) = record.text(Role::Text) else {
            return;
        };
        let start = body.trim_start();
        let end = start
            .find('\n')
            .unwrap_or(start.len())
            .min(start.floor_char_boundary(DATELINE));
        // Without a digit there is no date; most first lines stop here.
        let line = &start[..end];
        if !has_digit(line) {
            return;
        }
        let Some(named) = dateline::named_day(line) else {
            return;
        };
        let day = published.days();
        let meant = named.nearest(day, published.year);
        let apart = (meant - day).abs();
        if apart <= self.body_days && !named.falls_on(meant) {
            let shown = field::piece(value.as_str().unwrap_or_default());
            out.field(
                value,
                format!(
                    "Date \"{shown}\" disagrees with the first line: in {} the {}. of month {} is another day of the week.",
                    published.year, named.day, named.month
                ),
            );
        }
    }
}
