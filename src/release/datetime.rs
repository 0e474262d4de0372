//! Dates as columns hold them: what [`crate::text::date`] reads, within what readers can represent.

use crate::text::date::{self, DateError, Timestamp};

/// First microsecond that every promised reader can represent: the year 1. The last is that of the
/// year 9999, as in RFC 3339.
const FIRST: i64 = -62_135_596_800_000_000;

/// Days since 1970-01-01 of `YYYY-MM-DD`.
///
/// # Errors
/// What is wrong, as the end of a sentence that starts with the value.
pub fn parse_date(text: &str) -> Result<i32, &'static str> {
    let stamp = parse(text)?;
    if stamp.date_only {
        Ok(stamp.days())
    } else {
        Err(reason(DateError::Form))
    }
}

/// Microseconds since 1970-01-01T00:00:00Z of an RFC 3339 date-time, or of a date alone (midnight
/// UTC). A fraction finer than a microsecond, a leap second, a missing offset and a year outside
/// 1 to 9999 are errors.
///
/// # Errors
/// What is wrong, as the end of a sentence that starts with the value.
pub fn parse_timestamp(text: &str) -> Result<i64, &'static str> {
    parse(text).map(|stamp| stamp.micros)
}

fn parse(text: &str) -> Result<Timestamp, &'static str> {
    let stamp = match date::parse(text) {
        // A space for the `T` is a matter of rules, not of what a column can hold.
        Err(DateError::Separator) if text.as_bytes().get(10) == Some(&b' ') => {
            date::parse(&text.replacen(' ', "T", 1))
        }
        other => other,
    };
    let stamp = stamp.map_err(reason)?;
    if stamp.micros < FIRST {
        return Err("lies before the year 1, which readers cannot represent");
    }
    Ok(stamp)
}

const fn reason(error: DateError) -> &'static str {
    match error {
        DateError::Form => "is not a date of the form YYYY-MM-DD",
        DateError::Month | DateError::Day => "names a day that the calendar does not have",
        DateError::Separator => "is not an RFC 3339 date-time",
        DateError::Time => "names a time that the clock does not have",
        DateError::LeapSecond => "is a leap second, which a timestamp column cannot hold",
        DateError::Fraction => "has a fraction finer than a microsecond",
        DateError::NoOffset => "has no offset from UTC (`Z` or `+03:00`)",
        DateError::Offset => "has an offset that is not of the form +HH:MM",
        DateError::Range => "lies outside the years 1 to 9999 in UTC",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::{parse_date, parse_timestamp};

    #[test]
    fn exact_values() {
        for (text, micros) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01", 0),
            ("2024-02-29T12:30:45.000001Z", 1_709_209_845_000_001),
            ("2024-02-29t15:30:45+03:00", 1_709_209_845_000_000),
            ("1969-12-31 23:59:59.5Z", -500_000),
            ("2024-02-29T12:30:45.120000000z", 1_709_209_845_120_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ] {
            assert_eq!(parse_timestamp(text), Ok(micros), "{text}");
        }
        assert_eq!(parse_date("2000-03-01"), Ok(11_017));
        assert_eq!(parse_date("1600-02-29"), Ok(-135_081));
    }

    #[test]
    fn refusals() {
        for text in [
            "",
            "2024",
            "2024-02-30",
            "2023-02-29",
            "1900-02-29T00:00:00Z",
            "2024-13-01",
            "0000-01-01",
            "2024-01-01T00:00:00",
            "2024-01-01T24:00:00Z",
            "2024-01-01T23:59:60Z",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00.0000001Z",
            "2024-01-01T00:00:00+3:00",
            "2024-01-01T00:00:00+0300",
            "2024-01-01T00:00:00+24:00",
            "9999-12-31T23:59:59-00:01",
            "0001-01-01T00:00:00+00:01",
            "2024-01-01T00:00:00ZZ",
            "2024-01-01X00:00:00Z",
            "٢٠٢٤-٠١-٠١",
            "+024-01-01",
            "2024-01-01T",
        ] {
            assert!(parse_timestamp(text).is_err(), "{text}");
        }
        assert!(parse_date("2024-01-01T00:00:00Z").is_err());
    }
}
