//! Dates and times as RFC 3339 writes them, exactly, without a clock or a time zone database.

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A point in time that a string names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamp {
    /// Microseconds since 1970-01-01T00:00:00Z. A date without a time is its 00:00 UTC.
    pub micros: i64,
    /// Whether the string is a `full-date` without a time.
    pub date_only: bool,
    /// Year, as written.
    pub year: i32,
    /// Month, from 1, as written.
    pub month: u8,
    /// Day of the month, from 1, as written.
    pub day: u8,
}

impl Timestamp {
    /// Days since 1970-01-01 of the date as written, as Arrow's `Date32` counts them.
    #[must_use]
    pub fn days(&self) -> i32 {
        days(self.year, self.month, self.day)
    }
}

/// Why a string is not an RFC 3339 date-time or full-date that can be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateError {
    /// It does not start with `YYYY-MM-DD`.
    Form,
    /// The month is not 01 to 12.
    Month,
    /// The month has no such day.
    Day,
    /// Neither `T` nor the end stands after the date.
    Separator,
    /// The time is not `HH:MM:SS`, or a part is out of range.
    Time,
    /// `:60`: a leap second has no place in a timestamp column.
    LeapSecond,
    /// A fraction finer than a microsecond.
    Fraction,
    /// A time without `Z` or an offset (also with a space for `T`, or without seconds).
    NoOffset,
    /// The offset is not `Z`, `+HH:MM` or `-HH:MM`.
    Offset,
    /// The offset moves the time out of the years 0000 to 9999.
    Range,
}

impl std::fmt::Display for DateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Form => "it does not start with YYYY-MM-DD",
            Self::Month => "there is no such month",
            Self::Day => "the month has no such day",
            Self::Separator => "no `T` between date and time",
            Self::Time => "the time is not HH:MM:SS",
            Self::LeapSecond => "a leap second cannot be stored",
            Self::Fraction => "the fraction is finer than a microsecond",
            Self::NoOffset => "no `Z` or offset after the time",
            Self::Offset => "the offset is not `Z`, `+HH:MM` or `-HH:MM`",
            Self::Range => "outside the years 0000 to 9999",
        })
    }
}

impl std::error::Error for DateError {}

/// Reads an RFC 3339 `date-time` or `full-date` (section 5.6; `t` and `z` may be lower case).
///
/// # Errors
/// The first thing that is wrong, from left to right. A fraction of more than six digits is read
/// when the rest of them are zeros.
pub fn parse(text: &str) -> Result<Timestamp, DateError> {
    let mut cursor = Cursor(text.as_bytes());
    let year = cursor.number(4).ok_or(DateError::Form)? as i32;
    cursor.expect(b'-').ok_or(DateError::Form)?;
    let month = cursor.number(2).ok_or(DateError::Form)? as u8;
    cursor.expect(b'-').ok_or(DateError::Form)?;
    let day = cursor.number(2).ok_or(DateError::Form)? as u8;
    if !(1..=12).contains(&month) {
        return Err(DateError::Month);
    }
    if day == 0 || day > month_days(year, month) {
        return Err(DateError::Day);
    }
    let midnight = i64::from(days(year, month, day)) * DAY;
    let mut stamp = Timestamp {
        micros: midnight,
        date_only: true,
        year,
        month,
        day,
    };
    if cursor.0.is_empty() {
        return Ok(stamp);
    }
    stamp.date_only = false;
    let strict = match cursor.byte() {
        Some(b'T' | b't') => true,
        Some(b' ') => false,
        _ => return Err(DateError::Separator),
    };
    let time = cursor.time(strict)?;
    if cursor.0.is_empty() {
        return Err(DateError::NoOffset);
    }
    if !strict {
        return Err(DateError::Separator);
    }
    stamp.micros = midnight + time - cursor.offset()?;
    let range = i64::from(days(0, 1, 1)) * DAY..i64::from(days(9999, 12, 31) + 1) * DAY;
    if !range.contains(&stamp.micros) {
        return Err(DateError::Range);
    }
    Ok(stamp)
}

/// The rest of a text that is being read.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    /// Exactly `digits` ASCII digits.
    fn number(&mut self, digits: usize) -> Option<u32> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        let value = head.iter().try_fold(0, |value, byte| {
            byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0'))
        })?;
        self.0 = rest;
        Some(value)
    }

    /// The time of day, in microseconds. Where the form is not `strict` anyway, or no offset
    /// follows, seconds may be missing.
    fn time(&mut self, strict: bool) -> Result<i64, DateError> {
        let hour = self.number(2).filter(|&hour| hour < 24).ok_or(DateError::Time)?;
        self.expect(b':').ok_or(DateError::Time)?;
        let minute = self
            .number(2)
            .filter(|&minute| minute < 60)
            .ok_or(DateError::Time)?;
        let minutes = i64::from(hour * 60 + minute) * 60_000_000;
        if self.0.is_empty() || (!strict && self.0[0] != b':') {
            return Ok(minutes);
        }
        self.expect(b':').ok_or(DateError::Time)?;
        let second = match self.number(2).ok_or(DateError::Time)? {
            60 => return Err(DateError::LeapSecond),
            second @ 0..60 => second,
            _ => return Err(DateError::Time),
        };
        let mut micros = 0;
        if self.expect(b'.').is_some() {
            let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (fraction, rest) = self.0.split_at(digits);
            self.0 = rest;
            if fraction.is_empty() {
                return Err(DateError::Time);
            }
            if fraction.iter().skip(6).any(|&byte| byte != b'0') {
                return Err(DateError::Fraction);
            }
            micros = (0..6).fold(0, |value, place| {
                value * 10 + i64::from(fraction.get(place).map_or(0, |byte| byte - b'0'))
            });
        }
        Ok(minutes + i64::from(second) * 1_000_000 + micros)
    }

    /// The offset from UTC that ends the text, in microseconds.
    fn offset(&mut self) -> Result<i64, DateError> {
        let sign = match self.byte() {
            Some(b'Z' | b'z') => 0,
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(DateError::Offset),
        };
        let mut minutes = 0;
        if sign != 0 {
            let hour = self
                .number(2)
                .filter(|&hour| hour < 24)
                .ok_or(DateError::Offset)?;
            self.expect(b':').ok_or(DateError::Offset)?;
            let minute = self
                .number(2)
                .filter(|&minute| minute < 60)
                .ok_or(DateError::Offset)?;
            minutes = hour * 60 + minute;
        }
        if !self.0.is_empty() {
            return Err(DateError::Offset);
        }
        Ok(sign * i64::from(minutes) * 60_000_000)
    }
}

/// Days of a month of the Gregorian calendar; 0 where there is no such month.
#[must_use]
pub const fn month_days(year: i32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
#[must_use]
pub fn days(year: i32, month: u8, day: u8) -> i32 {
    // Years start in March, so that a leap day ends one.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let shifted = (i32::from(month) + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + i32::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn instants() {
        let table = [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01", 0),
            ("1969-12-31t23:59:59.999999z", -1),
            ("2019-10-18T08:00:00+03:00", 1_571_374_800_000_000),
            ("2019-10-18T05:00:00.000-00:00", 1_571_374_800_000_000),
            ("2000-02-29T00:00:00.5Z", 951_782_400_500_000),
            ("2024-02-29T12:00:00.123456000Z", 1_709_208_000_123_456),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
        ];
        for (text, micros) in table {
            assert_eq!(parse(text).map(|stamp| stamp.micros), Ok(micros), "{text}");
        }
    }

    #[test]
    fn what_is_wrong() {
        let table = [
            ("", DateError::Form),
            ("18/10/2019", DateError::Form),
            ("2019-1-2", DateError::Form),
            ("٢٠١٩-١٠-١٨", DateError::Form),
            ("2019-13-01T00:00:00Z", DateError::Month),
            ("2019-00-01", DateError::Month),
            ("2019-02-29", DateError::Day),
            ("1900-02-29", DateError::Day),
            ("2019-04-31", DateError::Day),
            ("2019-04-00", DateError::Day),
            ("2019-10-18 08:00:00Z", DateError::Separator),
            ("2019-10-18 08:00+03:00", DateError::Separator),
            ("2019-10-18x", DateError::Separator),
            ("2019-10-18T24:00:00Z", DateError::Time),
            ("2019-10-18T08:60:00Z", DateError::Time),
            ("2019-10-18T08:00Z", DateError::Time),
            ("2019-10-18T08:00:61Z", DateError::Time),
            ("2019-10-18T08:00:00.Z", DateError::Time),
            ("2016-12-31T23:59:60Z", DateError::LeapSecond),
            ("2019-10-18T08:00:00.1234567Z", DateError::Fraction),
            ("2019-10-18T08:00:00", DateError::NoOffset),
            ("2019-10-18T08:00", DateError::NoOffset),
            ("2019-10-18 08:00", DateError::NoOffset),
            ("2019-10-18T08:00:00+0300", DateError::Offset),
            ("2019-10-18T08:00:00+24:00", DateError::Offset),
            ("2019-10-18T08:00:00Z ", DateError::Offset),
            ("2019-10-18T08:00:00+03:00x", DateError::Offset),
            ("0000-01-01T00:00:00+00:01", DateError::Range),
            ("9999-12-31T23:59:59-00:01", DateError::Range),
        ];
        for (text, error) in table {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut expected = days(1599, 12, 31);
        for year in 1600..2400 {
            for month in 1..=12 {
                for day in 1..=month_days(year, month) {
                    expected += 1;
                    assert_eq!(days(year, month, day), expected, "{year}-{month}-{day}");
                }
            }
        }
        // 800 Gregorian years are a whole number of weeks.
        assert_eq!((days(2399, 12, 31) - days(1599, 12, 31)) % 7, 0);
    }
}
