//! M003 other-calendar-year.

use crate::finding::{Safety, Severity};
use crate::record::{Role, Value};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::source::json::write_string;
use crate::text::calendar;
use crate::text::date::{self, days, month_days};

pub(crate) const RULE: Rule = Rule {
    code: "M003",
    name: "other-calendar-year",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: Some(Safety::Unsafe),
    status: Status::Preview,
    default: false,
    summary: "A time of publication or collection has a year of another calendar.",
    why: "`1402-07-26` is a good date to every parser, six centuries too early.",
    how: "A date in RFC 3339 form, or with the Arabic, Persian or Afghan name of a Hijri month, with digits of \
          any script, whose year is 1300 to 1450 (solar Hijri in \
          Persian, Pashto and Kurdish records and wherever it is below 1410; lunar Hijri else) or 2450 to \
          2600 (Buddhist). The fix converts it, where that calendar has the day and the result is not after \
          the collection, and is unsafe: lunar months begin when the moon is seen, a day or two from the table.",
    false_positives: "Years are looked for in the date fields only, never in the text.",
    source: "Borkowski, The Persian calendar for 3000 years (1996); Reingold & Dershowitz, Calendrical Calculations",
    options: &[],
    examples: &[
        Example::bad(r#"{"language":"fa","published_at":"1402-07-26"}"#, &["*"])
            .unsafe_fixed(r#"{"language":"fa","published_at":"2023-10-18"}"#),
        Example::bad(r#"{"language":"th","published_at":"2566-05-01"}"#, &["*"])
            .unsafe_fixed(r#"{"language":"th","published_at":"2023-05-01"}"#),
        Example::bad(
            r#"{"language":"ar","published_at":"1445-01-01T08:00:00+03:00"}"#,
            &["*"],
        )
        .unsafe_fixed(r#"{"language":"ar","published_at":"2023-07-19T08:00:00+03:00"}"#),
        Example::bad(r#"{"language":"fa","published_at":"۱۴۰۲/۰۷/۲۶"}"#, &["*"])
            .unsafe_fixed(r#"{"language":"fa","published_at":"2023-10-18"}"#),
        Example::bad(r#"{"language":"ar","published_at":"15 رمضان 1445 هـ"}"#, &["*"])
            .unsafe_fixed(r#"{"language":"ar","published_at":"2024-03-25"}"#),
        Example::bad(r#"{"language":"fa","published_at":"۱۲ فروردین ۱۴۰۳"}"#, &["*"])
            .unsafe_fixed(r#"{"language":"fa","published_at":"2024-03-31"}"#),
        Example::good(r#"{"published_at":"2023-10-18"}"#),
        Example::good(r#"{"published_at":"2023-10-18","body":"عام 1445 هـ"}"#),
        Example::good(r#"{"published_at":"1889-05-01"}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(OtherCalendar)),
};

struct OtherCalendar;

impl Check for OtherCalendar {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let collected = record
            .text(Role::Collected)
            .and_then(|text| date::parse(text).ok())
            .filter(|stamp| (1900..2400).contains(&stamp.year))
            .map(|stamp| stamp.days());
        for role in [Role::Published, Role::Collected] {
            if let Some(value) = record.role(role) {
                check(value, record.language, collected, out);
            }
        }
    }
}

fn check(value: Value<'_>, language: &str, collected: Option<i32>, out: &mut Out<'_>) {
    let Some(text) = value.as_str() else { return };
    let named = calendar::named(text);
    let named_date = named.map(|date| (date.year, date.month, date.day, ""));
    let Some((year, month, day, rest)) = read(text).or(named_date) else {
        return;
    };
    let persian = match named {
        Some(date) => date.solar,
        None => matches!(language, "fa" | "ps" | "ckb" | "ku" | "prs") || year < 1410,
    };
    let (calendar, converted) = match year {
        1300..=1450 if persian => ("solar Hijri", calendar::solar(year, month, day)),
        1300..=1450 => ("lunar Hijri", calendar::lunar(year, month, day)),
        2450..=2600 => {
            let fits = (1..=month_days(year - 543, month)).contains(&day);
            ("Buddhist", fits.then(|| days(year - 543, month, day)))
        }
        _ => return,
    };
    let shown = field::piece(value.as_str().unwrap_or_default());
    let finding = out.field(
        value,
        format!("Date \"{shown}\": the year {year} looks {calendar}."),
    );
    // A day of the calendar of collection may be a day ahead in another zone.
    let Some(day) = converted.filter(|day| collected.is_none_or(|collected| *day <= collected + 1)) else {
        return;
    };
    let (year, month, day) = calendar::gregorian(day);
    let date = format!("{year:04}-{month:02}-{day:02}{rest}");
    let mut literal = String::new();
    write_string(&mut literal, &date, false);
    finding.set(Safety::Unsafe, format!("write {date}"), literal);
}

/// Year, month and day at the start of a date, and what follows them.
fn read(text: &str) -> Option<(i32, u8, u8, &str)> {
    let mut parts = [0_u32; 3];
    let mut part = 0;
    let mut digits = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        match crate::text::numbers::digit(c) {
            Some(value) if digits < 4 => {
                parts[part] = parts[part] * 10 + u32::from(value);
                digits += 1;
                end = at + c.len_utf8();
            }
            None if part < 2 && digits > 0 && matches!(c, '-' | '/') => {
                part += 1;
                digits = 0;
            }
            _ => break,
        }
    }
    let rest = &text[end..];
    let whole = part == 2 && digits > 0 && (rest.is_empty() || rest.starts_with(['T', 't', ' ']));
    whole.then_some((
        parts[0] as i32,
        u8::try_from(parts[1]).ok()?,
        u8::try_from(parts[2]).ok()?,
        rest,
    ))
}
