//! Dates that an address or a first paragraph names without being a date field.

use super::date::{days, month_days};
use super::date_repair::{MONTHS, WEEKDAYS, fold, index_of};

/// A date in the path of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathDate {
    /// Year.
    pub year: i32,
    /// Month, from 1.
    pub month: u8,
    /// Day, where the path has one.
    pub day: Option<u8>,
}

impl PathDate {
    /// First and last day meant, as days since 1970-01-01.
    #[must_use]
    pub fn days(&self) -> (i32, i32) {
        let last = self.day.unwrap_or(month_days(self.year, self.month));
        (
            days(self.year, self.month, self.day.unwrap_or(1)),
            days(self.year, self.month, last),
        )
    }
}

impl std::fmt::Display for PathDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)?;
        self.day.map_or(Ok(()), |day| write!(f, "-{day:02}"))
    }
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let fits = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok())?
}

fn date(year: u32, month: u32, day: Option<u32>) -> Option<PathDate> {
    let (year, month) = (year as i32, month as u8);
    let fits = (1990..2100).contains(&year)
        && (1..=12).contains(&month)
        && day.is_none_or(|day| (1..=u32::from(month_days(year, month))).contains(&day));
    fits.then_some(PathDate {
        year,
        month,
        day: day.map(|day| day as u8),
    })
}

/// The date in the path of an address: `/2019/10/18/`, `/2019/10/`, `/2019-10-18-title`, `/20191018/`.
#[must_use]
pub fn in_path(url: &str) -> Option<PathDate> {
    let (_, rest) = url.split_once("://")?;
    let path = rest.split(['?', '#']).next()?;
    // Each of the forms begins a segment with four digits.
    let is_year = |five: &[u8]| five[0] == b'/' && five[1..].iter().all(u8::is_ascii_digit);
    if !path.as_bytes().windows(5).any(is_year) {
        return None;
    }
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    (0..segments.len()).find_map(|index| {
        let segment = segments[index];
        if let Some(year) = number(segment, 4..=4) {
            let month = number(segments.get(index + 1)?, 1..=2)?;
            // One digit, or the last segment, may as well be the number of a page or story.
            let day = segments.get(index + 2).and_then(|day| number(day, 2..=2));
            let day = day.filter(|_| segments.len() > index + 3);
            return date(year, month, day).or_else(|| date(year, month, None));
        }
        let piece = |from: usize, to: usize| {
            segment
                .get(from..to)
                .and_then(|part| number(part, to - from..=to - from))
        };
        let ends = |at: usize| !segment.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        let dashed = segment.len() >= 10 && segment.as_bytes()[4] == b'-' && segment.as_bytes()[7] == b'-';
        if dashed && ends(10) {
            return date(piece(0, 4)?, piece(5, 7)?, Some(piece(8, 10)?));
        }
        if segment.len() == 8 {
            return date(piece(0, 4)?, piece(4, 6)?, Some(piece(6, 8)?));
        }
        None
    })
}

/// A day of the week with day and month and no year: `Friday, 18 October`, `الجمعة 18 أكتوبر`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedDay {
    /// From 0, Monday.
    pub weekday: u8,
    /// Day of the month.
    pub day: u8,
    /// Month, from 1.
    pub month: u8,
}

impl NamedDay {
    /// Of the years around `published` (days since 1970-01-01), the date nearest to it.
    #[must_use]
    pub fn nearest(&self, published: i32, year: i32) -> i32 {
        let of = |year: i32| days(year, self.month, self.day.min(month_days(year, self.month)));
        let mut best = of(year);
        for other in [year - 1, year + 1] {
            if (of(other) - published).abs() < (best - published).abs() {
                best = of(other);
            }
        }
        best
    }

    /// Whether a date is on this day of the week.
    #[must_use]
    pub fn falls_on(&self, days: i32) -> bool {
        // 1970-01-01 was a Thursday.
        (days + 3).rem_euclid(7) == i32::from(self.weekday)
    }
}

/// The first such day in a text, unless a year follows it.
#[must_use]
pub fn named_day(text: &str) -> Option<NamedDay> {
    let folded = fold(text);
    let words: Vec<&str> = folded
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '.' | ':' | '/'))
        .filter(|word| !word.is_empty())
        .collect();
    // The day of the month stands one to three words behind that of the week: few words are compared.
    let is_day = |word: &&str| number(word, 1..=2).is_some();
    (0..words.len()).find_map(|index| {
        if !words[index + 1..].iter().take(3).any(is_day) {
            return None;
        }
        let weekday = index_of(&WEEKDAYS, words[index])? as u8;
        let rest = &words[index + 1..];
        let (day, month, taken) = match number(rest.first()?, 1..=2) {
            Some(day) => {
                let (month, taken) = month(&rest[1..])?;
                (day, month, taken + 1)
            }
            None => {
                let (month, taken) = month(rest)?;
                (number(rest.get(taken)?, 1..=2)?, month, taken + 1)
            }
        };
        // `October 18 2019`, `أكتوبر/ تشرين الأول 2019`: with the year it is no riddle.
        let next = rest.iter().skip(taken).take(3);
        let dated = next.into_iter().any(|word| number(word, 4..=4).is_some());
        (!dated && (1..=31).contains(&day)).then_some(NamedDay {
            weekday,
            day: day as u8,
            month,
        })
    })
}

fn month(words: &[&str]) -> Option<(u8, usize)> {
    if let [first, second, ..] = words
        && let Some(month) = index_of(&MONTHS, &format!("{first} {second}"))
    {
        return Some((month as u8 + 1, 2));
    }
    index_of(&MONTHS, words.first()?).map(|month| (month as u8 + 1, 1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_paths() {
        for (url, expected) in [
            ("https://a.example/2019/10/18/title", Some("2019-10-18")),
            ("https://a.example/news/2019/10/title", Some("2019-10")),
            ("https://a.example/2019/10/7", Some("2019-10")),
            ("https://a.example/2019/10/18", Some("2019-10")),
            ("https://a.example/2019/10/18/", Some("2019-10-18")),
            (
                "https://a.example/2019-10-18-title?x=2011-01-01",
                Some("2019-10-18"),
            ),
            ("https://a.example/20191018/12", Some("2019-10-18")),
            ("https://a.example/2019/13/18/", None),
            ("https://a.example/story/20191018123", None),
            ("https://a.example/95/76326", None),
        ] {
            assert_eq!(
                in_path(url).map(|date| date.to_string()).as_deref(),
                expected,
                "{url}"
            );
        }
    }

    #[test]
    fn days_without_years() {
        let friday = NamedDay {
            weekday: 4,
            day: 18,
            month: 10,
        };
        for text in [
            "قال يوم الجمعة 18 أكتوبر إن",
            "LONDON, Friday, October 18 (Agency)",
            "الجمعة ١٨ تشرين الأول في",
        ] {
            assert_eq!(named_day(text), Some(friday), "{text}");
        }
        assert_eq!(named_day("Friday, 18 October 2019"), None);
        assert_eq!(named_day("الجمعة 18 قتيلا"), None);
        // 18 October was a Friday in 2019 and a Monday in 2021.
        let of = |year| days(year, 10, 20);
        assert!(friday.falls_on(friday.nearest(of(2019), 2019)));
        assert!(!friday.falls_on(friday.nearest(of(2021), 2021)));
    }
}
