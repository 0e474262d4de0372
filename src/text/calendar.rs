//! Days of the calendars that news dates come in besides the Gregorian one.

use super::date::days;
use super::date_repair::{fold, index_of};

/// Months of the solar Hijri calendar as Iran and Afghanistan call them, with bare alef.
const SOLAR: [&[&str]; 12] = [
    &["فروردین", "حمل"],
    &["اردیبهشت", "ثور"],
    &["خرداد", "جوزا"],
    &["تیر", "سرطان"],
    &["مرداد", "اسد"],
    &["شهریور", "سنبله"],
    &["مهر", "میزان"],
    &["ابان", "عقرب"],
    &["اذر", "قوس"],
    &["دی", "جدی"],
    &["بهمن", "دلو"],
    &["اسفند", "حوت"],
];

/// Months of the lunar Hijri calendar.
const LUNAR: [&[&str]; 12] = [
    &["محرم", "المحرم"],
    &["صفر"],
    &["ربيع الاول"],
    &["ربيع الثاني", "ربيع الاخر"],
    &["جمادى الاولى"],
    &["جمادى الثانية", "جمادى الاخرة"],
    &["رجب"],
    &["شعبان"],
    &["رمضان"],
    &["شوال"],
    &["ذو القعدة", "ذي القعدة"],
    &["ذو الحجة", "ذي الحجة"],
];

/// A date with a month of one of these calendars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// Whether the calendar is the solar one.
    pub solar: bool,
    /// Year.
    pub year: i32,
    /// Month, from 1.
    pub month: u8,
    /// Day, from 1.
    pub day: u8,
}

/// Reads `15 رمضان 1445 هـ`, `۱۲ فروردین ۱۴۰۳`: a day, the name of a month and a year of our time.
#[must_use]
pub fn named(text: &str) -> Option<Named> {
    let folded = fold(text.trim()).replace(',', " ");
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    // A day of the week may stand before.
    let start = words
        .iter()
        .position(|word| word.parse::<u8>().is_ok())
        .filter(|at| *at < 3)?;
    let day = words[start].parse().ok()?;
    let rest = &words[start + 1..];
    let name = |length: usize| rest.get(..length).map(|words| words.join(" "));
    let find = |table: &[&[&str]], length| index_of(table, &name(length)?);
    let (solar, month, length) = [2, 1].into_iter().find_map(|length| {
        let lunar = find(&LUNAR, length).map(|month| (false, month, length));
        lunar.or_else(|| find(&SOLAR, length).map(|month| (true, month, length)))
    })?;
    let year = rest
        .get(length)?
        .trim_end_matches(['\u{640}', 'ه'])
        .parse()
        .ok()?;
    let era = rest[length + 1..].iter();
    let whole = era
        .copied()
        .all(|word| matches!(word, "ه" | "هـ" | "ه.ش" | "ه.ق" | "هجري" | "هجرية" | "ش" | "شمسی"));
    ((1300..=1450).contains(&year) && whole).then_some(Named {
        solar,
        year,
        month: month as u8 + 1,
        day,
    })
}

/// Years of the arithmetic solar calendar after which a cycle of leap years breaks.
const BREAKS: [i32; 20] = [
    -61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456,
    3178,
];

/// Whether a year of the solar Hijri calendar has 366 days, and on which day of March it begins.
fn solar_year(year: i32) -> Option<(bool, i32)> {
    let next = BREAKS.iter().position(|&at| year < at)?;
    let previous = *BREAKS.get(next.checked_sub(1)?)?;
    let mut leaps = -14;
    for pair in BREAKS[..next].windows(2) {
        let jump = pair[1] - pair[0];
        leaps += jump / 33 * 8 + jump % 33 / 4;
    }
    let jump = BREAKS[next] - previous;
    let mut n = year - previous;
    leaps += n / 33 * 8 + (n % 33 + 3) / 4;
    if jump % 33 == 4 && jump - n == 4 {
        leaps += 1;
    }
    let gregorian = year + 621;
    let gregorian_leaps = gregorian / 4 - (gregorian / 100 + 1) * 3 / 4 - 150;
    let march = 20 + leaps - gregorian_leaps;
    if jump - n < 6 {
        n = n - jump + (jump + 4) / 33 * 33;
    }
    let mut cycle = ((n + 1) % 33 - 1) % 4;
    if cycle == -1 {
        cycle = 4;
    }
    Some((cycle == 0, march))
}

/// Days since 1970-01-01 of a date of the solar Hijri calendar; `None` for a day that is not in it.
#[must_use]
pub fn solar(year: i32, month: u8, day: u8) -> Option<i32> {
    let (leap, march) = solar_year(year)?;
    let most = match month {
        1..=6 => 31,
        7..=11 => 30,
        12 => 29 + u8::from(leap),
        _ => return None,
    };
    if day == 0 || day > most {
        return None;
    }
    let month = i32::from(month);
    let of_year = (month - 1) * 31 - month / 7 * (month - 7) + i32::from(day) - 1;
    Some(days(year + 621, 3, march as u8) + of_year)
}

/// Days since 1970-01-01 of a date of the tabular Islamic calendar (civil epoch), which is within a
/// day or two of those announced; `None` for a day that is not in it.
#[must_use]
pub fn lunar(year: i32, month: u8, day: u8) -> Option<i32> {
    let leap = (11 * year + 14).rem_euclid(30) < 11;
    let most = if month % 2 == 1 || (month == 12 && leap) {
        30
    } else {
        29
    };
    if year < 1 || !(1..=12).contains(&month) || day == 0 || day > most {
        return None;
    }
    let before = (i32::from(month) * 59 - 58) / 2;
    let of_epoch = (year - 1) * 354 + (3 + 11 * year).div_euclid(30) + before + i32::from(day) - 1;
    // 1 Muharram 1 is 19 July 622 of the proleptic Gregorian calendar.
    Some(days(622, 7, 19) + of_epoch)
}

/// Year, month and day of the Gregorian calendar.
#[must_use]
pub fn gregorian(day: i32) -> (i32, u8, u8) {
    let shifted = i64::from(day) + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month as u8, day as u8)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        // New years of the solar calendar.
        for (year, gregorian) in [
            (1375, (1996, 3, 20)),
            (1400, (2021, 3, 21)),
            (1403, (2024, 3, 20)),
            (1404, (2025, 3, 21)),
        ] {
            assert_eq!(
                solar(year, 1, 1),
                Some(days(gregorian.0, gregorian.1, gregorian.2)),
                "{year}"
            );
        }
        assert_eq!(solar(1402, 7, 26), Some(days(2023, 10, 18)));
        assert!(
            solar(1403, 12, 30).is_some() && solar(1402, 12, 30).is_none() && solar(1402, 7, 31).is_none()
        );
        // The epochs of the lunar calendar's years 1400 and 1445.
        assert_eq!(lunar(1400, 1, 1), Some(days(1979, 11, 21)));
        assert_eq!(lunar(1445, 1, 1), Some(days(2023, 7, 19)));
        assert_eq!(lunar(1445, 2, 30), None);
    }

    #[test]
    fn months_have_names() {
        for (text, solar, year, month, day) in [
            ("15 رمضان 1445 هـ", false, 1445, 9, 15),
            ("الاثنين ٥ ذو الحجة ١٤٤٤هـ", false, 1444, 12, 5),
            ("2 جمادى الآخرة 1445", false, 1445, 6, 2),
            ("۱۲ فروردین ۱۴۰۳", true, 1403, 1, 12),
            ("پنج شنبه ۱ آبان ۱۴۰۲", true, 1402, 8, 1),
            ("5 حمل 1403", true, 1403, 1, 5),
        ] {
            let expected = Named {
                solar,
                year,
                month,
                day,
            };
            assert_eq!(named(text), Some(expected), "{text}");
        }
        for text in [
            "15 رمضان",
            "18 أكتوبر 2023",
            "15 رمضان 2023",
            "رمضان 1445",
            "15 رمضان 1445 في مكة",
        ] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn calendars_run_without_a_gap() {
        let mut expected = solar(1300, 1, 1).unwrap();
        for year in 1300..1500 {
            for month in 1..=12 {
                for day in (1..=31).take_while(|&day| solar(year, month, day).is_some()) {
                    assert_eq!(solar(year, month, day), Some(expected), "{year}-{month}-{day}");
                    expected += 1;
                }
            }
        }
        let mut expected = lunar(1300, 1, 1).unwrap();
        for year in 1300..1500 {
            for month in 1..=12 {
                for day in (1..=30).take_while(|&day| lunar(year, month, day).is_some()) {
                    assert_eq!(lunar(year, month, day), Some(expected), "{year}-{month}-{day}");
                    expected += 1;
                }
            }
        }
        for day in (-200_000..60_000).step_by(17) {
            let (year, month, of_month) = gregorian(day);
            assert_eq!(days(year, month, of_month), day);
        }
    }
}
