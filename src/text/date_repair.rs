//! Dates in other forms that name exactly one RFC 3339 date or time.

use super::date::{self, days, month_days};
use std::borrow::Cow;
use std::fmt::Write;

/// Month names: English, and Arabic as Egypt and the Gulf, the Levant and Iraq, and the Maghreb
/// write them. Hamza and its seat are folded before the comparison.
pub(crate) const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "يناير", "كانون الثاني", "جانفي", "ينابر"],
    &["february", "feb", "فبراير", "شباط", "فيفري"],
    &["march", "mar", "مارس", "اذار"],
    &["april", "apr", "ابريل", "نيسان", "افريل"],
    &["may", "مايو", "ايار", "ماي"],
    &["june", "jun", "يونيو", "يونيه", "حزيران", "جوان"],
    &["july", "jul", "يوليو", "يوليه", "تموز", "جويلية", "يوليوز"],
    &["august", "aug", "اغسطس", "اب", "اوت", "غشت"],
    &["september", "sep", "sept", "سبتمبر", "ايلول", "شتنبر"],
    &["october", "oct", "اكتوبر", "تشرين الاول"],
    &["november", "nov", "نوفمبر", "تشرين الثاني", "نونبر"],
    &["december", "dec", "ديسمبر", "كانون الاول", "دجنبر"],
];

/// Days of the week, from Monday, in English and Arabic.
pub(crate) const WEEKDAYS: [&[&str]; 7] = [
    &["monday", "mon", "الاثنين"],
    &["tuesday", "tue", "الثلاثاء"],
    &["wednesday", "wed", "الاربعاء"],
    &["thursday", "thu", "الخميس"],
    &["friday", "fri", "الجمعة"],
    &["saturday", "sat", "السبت"],
    &["sunday", "sun", "الاحد"],
];

/// The RFC 3339 form of a date that is written otherwise, where it can mean only one. A year that is one
/// of our time in another calendar has no such form: written in ours it would be a date of long ago.
#[must_use]
pub fn repair(text: &str) -> Option<String> {
    let folded = fold(text.trim());
    let candidate = numeric(&folded).or_else(|| named(&folded))?;
    let year = date::parse(&candidate).ok()?.year;
    (!OTHER_CALENDARS.iter().any(|years| years.contains(&year))).then_some(candidate)
}

/// Years of our time as the Hijri calendars and the Buddhist one count them.
pub const OTHER_CALENDARS: [std::ops::RangeInclusive<i32>; 2] = [1300..=1450, 2450..=2600];

/// ASCII digits for Arabic and Persian ones, lower case, bare alef, no bidirectional marks.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{660}'..='\u{669}' => out.extend(char::from_digit(u32::from(c) - 0x660, 10)),
            '\u{6f0}'..='\u{6f9}' => out.extend(char::from_digit(u32::from(c) - 0x6f0, 10)),
            '\u{200e}' | '\u{200f}' | '\u{61c}' => {}
            'أ' | 'إ' | 'آ' => out.push('ا'),
            '،' => out.push(','),
            'a'..='z' | 'A'..='Z' => out.push(c.to_ascii_lowercase()),
            c if c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Year first: `2019-10-18 08:00:00Z`, `2019/10/18`, `2019-8-1`, `2019-10-18T08:00+0300`.
fn numeric(text: &str) -> Option<String> {
    let end = text.find(['t', ' ']).unwrap_or(text.len());
    let (date, rest) = text.split_at(end);
    let separator = date[date.find(|c: char| !c.is_ascii_digit())?..].chars().next()?;
    let parts: Vec<_> = date.split(separator).collect();
    let [year, month, day] = parts[..] else {
        return None;
    };
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let mut out = format!(
        "{:04}-{:02}-{:02}",
        number(year, 4)?,
        number(month, 2)?,
        number(day, 2)?
    );
    if !rest.is_empty() {
        out.push('T');
        push_time(&mut out, rest[1..].trim_start())?;
    }
    Some(out)
}

/// Appends a time with its offset in RFC 3339 form.
fn push_time(out: &mut String, time: &str) -> Option<()> {
    let end = time
        .find(|c: char| !c.is_ascii_digit() && c != ':')
        .unwrap_or(time.len());
    let (clock, mut rest) = time.split_at(end);
    let parts: Vec<_> = clock.split(':').collect();
    if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| part.len() != 2) {
        return None;
    }
    let second = parts.get(2).copied().unwrap_or("00");
    let _ = write!(out, "{}:{}:{second}", parts[0], parts[1]);
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let digits = fraction
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(fraction.len());
        if digits == 0 || parts.len() < 3 {
            return None;
        }
        let _ = write!(out, ".{}", &fraction[..digits]);
        rest = &fraction[digits..];
    }
    push_offset(out, rest.trim_start())
}

fn push_offset(out: &mut String, offset: &str) -> Option<()> {
    if matches!(offset, "z" | "utc" | "gmt") {
        out.push('Z');
        return Some(());
    }
    let sign = offset.chars().next().filter(|sign| "+-".contains(*sign))?;
    let digits = &offset[1..];
    let (hour, minute) = match digits.len() {
        2 => (digits, "00"),
        4 => digits.split_at_checked(2)?,
        _ => digits.split_once(':')?,
    };
    let _ = write!(out, "{sign}{hour}:{minute}");
    Some(())
}

/// A month by name, with day and year: `Fri, 18 Oct 2019 08:00:00 +0300`, `October 18, 2019`,
/// `18 أكتوبر 2019`. A day of the week has to be the right one.
fn named(text: &str) -> Option<String> {
    let text = apart(text);
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let weekday = words.first().and_then(|word| index_of(&WEEKDAYS, word));
    let words = &words[usize::from(weekday.is_some())..];
    let (day, month, taken) = day_and_month(words)?;
    let year = number(words.get(taken)?, 4)?;
    let rest = &words[taken + 1..];
    let (month, year) = (month as u8 + 1, year as i32);
    if day == 0 || day > u32::from(month_days(year, month)) {
        return None;
    }
    // 1970-01-01 was a Thursday.
    let actual = (days(year, month, day as u8) + 3).rem_euclid(7) as usize;
    if weekday.is_some_and(|weekday| weekday != actual) {
        return None;
    }
    let mut out = format!("{year:04}-{month:02}-{day:02}");
    if !rest.is_empty() {
        out.push('T');
        push_time(&mut out, &rest.join(" "))?;
    }
    Some(out)
}

/// Words with nothing but spaces between them: commas go, and what joins two names stands alone.
fn apart(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for c in text.chars() {
        match c {
            ',' => out.push(' '),
            '/' | '(' | ')' => out.extend([' ', c, ' ']),
            c => out.push(c),
        }
    }
    out
}

/// Day and month (from 0) at the start of the words, in either order, and how many words they take.
fn day_and_month(words: &[&str]) -> Option<(u32, usize, usize)> {
    if let Some(day) = words.first().and_then(|word| number(word, 2)) {
        let (month, taken) = months(words.get(1..)?)?;
        return Some((day, month, 1 + taken));
    }
    let (month, taken) = months(words)?;
    Some((number(words.get(taken)?, 2)?, month, taken + 1))
}

/// A month, or the same month by two names: `تشرين الأول/أكتوبر`, `أكتوبر (تشرين الأول)`.
fn months(words: &[&str]) -> Option<(usize, usize)> {
    let (one, taken) = month(words)?;
    let Some(joint) = words.get(taken).filter(|word| matches!(**word, "/" | "(")) else {
        return Some((one, taken));
    };
    let (other, more) = month(words.get(taken + 1..)?)?;
    let end = taken + 1 + more;
    let closed = *joint == "/" || words.get(end) == Some(&")");
    (one == other && closed).then_some((one, end + usize::from(*joint == "(")))
}

/// The month (from 0) that the first word, or the first two, name.
fn month(words: &[&str]) -> Option<(usize, usize)> {
    let first: Cow<'_, str> = Cow::Borrowed(words.first()?.trim_end_matches('.'));
    if let Some(second) = words.get(1) {
        let pair = format!("{first} {second}");
        if let Some(month) = index_of(&MONTHS, &pair) {
            return Some((month, 2));
        }
    }
    index_of(&MONTHS, &first).map(|month| (month, 1))
}

pub(crate) fn index_of(table: &[&[&str]], word: &str) -> Option<usize> {
    table.iter().position(|names| names.contains(&word))
}

/// A number of at most `digits` digits; of exactly four where four are asked for.
fn number(word: &str, digits: usize) -> Option<u32> {
    let fits = if digits == 4 {
        word.len() == 4
    } else {
        (1..=digits).contains(&word.len())
    };
    (fits && word.bytes().all(|byte| byte.is_ascii_digit())).then(|| word.parse().ok())?
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn one_meaning_only() {
        let table = [
            ("2019-10-18 08:00:00Z", "2019-10-18T08:00:00Z"),
            (" 2019-10-18 ", "2019-10-18"),
            ("2019/10/18", "2019-10-18"),
            ("2019.10.18", "2019-10-18"),
            ("2019-8-1", "2019-08-01"),
            ("2019-10-18T08:00Z", "2019-10-18T08:00:00Z"),
            ("2019-10-18T08:00:00+0300", "2019-10-18T08:00:00+03:00"),
            ("2019-10-18 08:00:00 +03", "2019-10-18T08:00:00+03:00"),
            ("2019-10-18 08:00:00,5 UTC", "2019-10-18T08:00:00.5Z"),
            ("٢٠١٩-١٠-١٨ ٠٨:٠٠:٠٠Z", "2019-10-18T08:00:00Z"),
            ("۲۰۱۹/۱۰/۱۸", "2019-10-18"),
            ("18 October 2019", "2019-10-18"),
            ("Oct. 8, 2019", "2019-10-08"),
            ("Fri, 18 Oct 2019 08:00:00 GMT", "2019-10-18T08:00:00Z"),
            ("الجمعة، 18 أكتوبر 2019", "2019-10-18"),
            ("١٨ تشرين الأول ٢٠١٩", "2019-10-18"),
            ("3 جانفي 2020", "2020-01-03"),
            ("29 شباط 2020", "2020-02-29"),
            ("7 غشت 2020", "2020-08-07"),
            ("7 يوليوز 2020", "2020-07-07"),
            ("18 تشرين الأول/أكتوبر 2023", "2023-10-18"),
            ("18 أكتوبر (تشرين الأول) 2023", "2023-10-18"),
        ];
        for (text, expected) in table {
            assert_eq!(repair(text).as_deref(), Some(expected), "{text}");
            assert_eq!(repair(expected).as_deref(), Some(expected), "{expected}");
        }
    }

    #[test]
    fn more_than_one_or_none() {
        let table = [
            "",
            "1403/01/12",
            "2566/5/1",
            "18 تشرين الأول/نوفمبر 2023",
            "18 أكتوبر (تشرين الأول 2023",
            "18/10/2019",
            "05-04-2019",
            "2019-13-01T00:00:00Z",
            "2019-02-30",
            "30 February 2019",
            "October 2019",
            "18 October",
            "18 October 19",
            "Mon, 18 Oct 2019 08:00:00 GMT",
            "2019-10-18 08:00:00",
            "18 October 2019 08:00",
            "2019-10-18 08:00:00 EST",
            "yesterday",
            "20191018",
            "2019-10/18",
            "2019-100-18",
            "19-10-18",
            "1571356800",
        ];
        for text in table {
            assert_eq!(repair(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_a_date_or_nothing(text in "[0-9٠-٩ :/,.+TZa-z-]{0,30}|\\PC{0,20}") {
            if let Some(repaired) = repair(&text) {
                proptest::prop_assert!(date::parse(&repaired).is_ok());
            }
        }
    }
}
