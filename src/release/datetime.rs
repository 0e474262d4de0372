//! Exact dates: RFC 3339 text to microseconds or days since 1970-01-01, and nothing by guess.

/// First and last microsecond that every promised reader can represent: years 1 to 9999.
const MICROS: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar (Hinnant, `days_from_civil`).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn digits(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0_i64, |n, b| {
        b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0'))
    })
}

const fn month_days(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

fn days(bytes: &[u8]) -> Result<i64, &'static str> {
    const SHAPE: &str = "is not a date of the form YYYY-MM-DD";
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return Err(SHAPE);
    }
    let (Some(year), Some(month), Some(day)) =
        (digits(&bytes[..4]), digits(&bytes[5..7]), digits(&bytes[8..]))
    else {
        return Err(SHAPE);
    };
    if !(1..=12).contains(&month) || day < 1 || day > month_days(year, month) {
        return Err("names a day that the calendar does not have");
    }
    if year == 0 {
        return Err("lies before the year 1, which readers cannot represent");
    }
    Ok(days_from_civil(year, month, day))
}

/// Days since 1970-01-01 of `YYYY-MM-DD`.
///
/// # Errors
/// What is wrong, as the end of a sentence that starts with the value.
pub fn parse_date(text: &str) -> Result<i32, &'static str> {
    days(text.as_bytes()).map(|days| days as i32)
}

/// Microseconds since 1970-01-01T00:00:00Z of an RFC 3339 date-time, or of a date alone (midnight
/// UTC). A fraction finer than a microsecond, a leap second, a missing offset and a year outside
/// 1 to 9999 are errors.
///
/// # Errors
/// What is wrong, as the end of a sentence that starts with the value.
pub fn parse_timestamp(text: &str) -> Result<i64, &'static str> {
    const SHAPE: &str = "is not an RFC 3339 date-time";
    let bytes = text.as_bytes();
    if bytes.len() == 10 {
        return days(bytes).map(|days| days * 86_400_000_000);
    }
    if bytes.len() < 19 || !matches!(bytes[10], b'T' | b't' | b' ') || bytes[13] != b':' || bytes[16] != b':'
    {
        return Err(SHAPE);
    }
    let date = days(&bytes[..10])?;
    let (Some(hour), Some(minute), Some(second)) = (
        digits(&bytes[11..13]),
        digits(&bytes[14..16]),
        digits(&bytes[17..19]),
    ) else {
        return Err(SHAPE);
    };
    if second == 60 {
        return Err("is a leap second, which a timestamp column cannot hold");
    }
    if hour > 23 || minute > 59 || second > 59 {
        return Err("names a time that the clock does not have");
    }
    let (micros, rest) = fraction(&bytes[19..])?;
    let offset = offset_minutes(rest)?;
    let seconds = date * 86_400 + hour * 3_600 + (minute - offset) * 60 + second;
    let value = seconds * 1_000_000 + micros;
    if !MICROS.contains(&value) {
        return Err("lies outside the years 1 to 9999 in UTC");
    }
    Ok(value)
}

fn fraction(bytes: &[u8]) -> Result<(i64, &[u8]), &'static str> {
    let Some(rest) = bytes.strip_prefix(b".") else {
        return Ok((0, bytes));
    };
    let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let (fraction, rest) = rest.split_at(count);
    if fraction.is_empty() {
        return Err("has a decimal point without digits");
    }
    if fraction.iter().skip(6).any(|b| *b != b'0') {
        return Err("has a fraction finer than a microsecond");
    }
    let micros = (0..6).fold(0, |n, i| {
        n * 10 + fraction.get(i).map_or(0, |b| i64::from(b - b'0'))
    });
    Ok((micros, rest))
}

fn offset_minutes(bytes: &[u8]) -> Result<i64, &'static str> {
    let sign = match bytes {
        b"Z" | b"z" => return Ok(0),
        [] => return Err("has no offset from UTC (`Z` or `+03:00`)"),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return Err("is not an RFC 3339 date-time"),
    };
    if bytes.len() != 6 || bytes[3] != b':' {
        return Err("has an offset that is not of the form +HH:MM");
    }
    match (digits(&bytes[1..3]), digits(&bytes[4..6])) {
        (Some(hours @ 0..=23), Some(minutes @ 0..=59)) => Ok(sign * (hours * 60 + minutes)),
        _ => Err("has an offset that is not of the form +HH:MM"),
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
