//! P002 phone-number.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake, private};
use crate::text::numbers::{self, Number};

pub(crate) const RULE: Rule = Rule {
    code: "P002",
    name: "phone-number",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "The article holds a telephone number.",
    why: "A number leads to a person, who will be called by strangers when a model recites it.",
    how: "`+` and a country code with as many digits as numbers of that country have; or 7 to 15 digits at \
          most two words after a cue (tel, phone, WhatsApp, هاتف, جوال, تلفن, téléphone, телефон, 电话…). \
          Digits of any script count. Reports never show the number. The fix writes «PHONE» and is unsafe.",
    false_positives: "Scores, prices, dates and statute numbers have neither a plus nor a cue. Behind a cue, \
                      spans of years and dates are no telephone numbers, and thousands are one only right \
                      behind a colon or full stop (`Tél. : 71 123 456`).",
    source: "ITU-T E.164 and its annex of country codes; E.123 for how numbers are written",
    options: &[],
    examples: &[
        Example::bad("واتساب: \u{200e}+٩٦٦٥٠٠٠٠٠٠٠٠", &["+٩٦٦٥٠٠٠٠٠٠٠٠"])
            .unsafe_fixed("واتساب: \u{200e}«PHONE»"),
        Example::bad("Tel: +44 20 7946 0000", &["+44 20 7946 0000"])
            .lang("en")
            .unsafe_fixed("Tel: «PHONE»"),
        Example::bad("للحجز هاتف رقم 0555 010 203.", &["0555 010 203"]),
        Example::bad("Tél. : 71 123 456", &["71 123 456"]).lang("fr"),
        Example::bad("звоните по телефону 8 (495) 010-02-03", &["8 (495) 010-02-03"]).lang("ru"),
        Example::bad("咨询电话：010-5555 0123。", &["010-5555 0123"]).lang("zh"),
        Example::bad("شماره تلفن ۰۲۱-۵۵۵۰۱۲۳۴ است", &["۰۲۱-۵۵۵۰۱۲۳۴"]).lang("fa"),
        Example::bad("Call (+1) 202 555 0143 now", &["(+1) 202 555 0143"]).lang("en"),
        Example::good("بلغ السعر 20,000 ليرة بين 1990-2020"),
        Example::good("+20 000 000 and +33 000 000 000 and the phone of 1990-2020").lang("en"),
        Example::good("He sold 1 500 000 phones; each phone 1 500 000 times.").lang("en"),
        Example::good("Law 2019-1234567 of 18-10-2019, case 12/3456789").lang("en"),
        Example::good("the phone bug CVE-2017-1213345, phone_1234567").lang("en"),
        Example::good("هاتف ذكي بسعر 1200 دولار"),
        Example::good("https://a.example/tel/00201234567890").lang("en"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(PhoneNumber)),
};

struct PhoneNumber;

/// Words that announce a number, as [`phrase_fold`](crate::text::fold::phrase_fold) leaves them.
const CUES: &[&str] = &[
    "tel",
    "phone",
    "telephone",
    "mobile",
    "cell",
    "cellphone",
    "hotline",
    "whatsapp",
    "fax",
    "هاتف",
    "الهاتف",
    "هاتفيا",
    "هواتف",
    "جوال",
    "الجوال",
    "موبايل",
    "الموبايل",
    "محمول",
    "واتساب",
    "واتس اب",
    "الواتساب",
    "تلفون",
    "التلفون",
    "فاكس",
    "الخط الساخن",
    "تلفن",
    "تماس",
    "موبايل",
    "همراه",
    "فون",
    "فون نمبر",
    "موبائل",
    "telefon",
    "telefonnummer",
    "handy",
    "telefono",
    "teléfono",
    "móvil",
    "celular",
    "tél",
    "téléphone",
    "portable",
    "telefone",
    "телефон",
    "телефону",
    "телефона",
    "телефоны",
    "тел",
    "telefonu",
    "gsm",
    "cep",
    "电话",
    "手机",
    "热线",
    "電話",
    "फोन",
    "मोबाइल",
    "फ़ोन",
    "telepon",
    "hp",
    "nomor",
];
/// Characters before a number in which a cue is looked for.
const NEAR: usize = 48;

impl Check for PhoneNumber {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for number in text.numbers() {
            if let Some(span) = phone(text.value, number) {
                let digits = text.value[span.range()]
                    .chars()
                    .filter(|&c| numbers::digit(c).is_some())
                    .count();
                private::report(
                    out,
                    span,
                    format!("Telephone number of {digits} digits."),
                    "«PHONE»",
                );
            }
        }
    }
}

fn phone(text: &str, number: &Number) -> Option<Span> {
    let mut number = number.clone();
    let opening = opening(text, number.span.start);
    if let Some(start) = opening.filter(|_| is_international(&mut number)) {
        let zeros = number.is_thousands() && number.digits.ends_with("000000");
        let span = Span::new(start, number.span.end);
        return (!zeros && !private::in_address(text, span)).then_some(span);
    }
    if opening.is_some() || !(7..=15).contains(&number.digits.len()) || is_date(&number) {
        return None;
    }
    let raw =
        text[..number.span.start].trim_end_matches([' ', '(', '\u{a0}', '\u{200e}', '\u{200f}', '\u{202f}']);
    // `CVE-2017-12133`, `A/1234567`: the number of something else.
    if raw.ends_with(['-', '/', '_', '#', '№']) {
        return None;
    }
    let announced = raw.ends_with([':', '.', '：', '|']);
    let words = if number.is_thousands() { 0 } else { 2 };
    if !announced && (number.is_thousands() || private::is_part_of_word(text, number.span)) {
        return None;
    }
    let start = if text[..number.span.start].ends_with('(') {
        number.span.start - 1
    } else {
        number.span.start
    };
    let span = Span::new(start, number.span.end);
    let cued = private::has_cue(&private::before(text, number.span.start, NEAR), CUES, words);
    (cued && !private::in_address(text, span)).then_some(span)
}

/// Where a number begins that has a plus before it, with the bracket around the country code.
fn opening(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].trim_end_matches(['\u{200e}', '\u{200f}', ' ', '(']);
    let plus = before.strip_suffix(['+', '＋'])?;
    let start = plus.len();
    // `C+4912…` is arithmetic or a name.
    if plus.chars().next_back().is_some_and(char::is_alphanumeric) {
        return None;
    }
    Some(if plus.ends_with('(') { start - 1 } else { start })
}

/// Whether the digits are a country code and a number of the right length; further groups, which
/// belong to a second number or a date, are cut off.
fn is_international(number: &mut Number) -> bool {
    let most = number.groups.len();
    for last in (0..most).rev() {
        let part = number.part(0, last);
        if let Some(lengths) = lengths(&part.digits)
            && lengths.contains(&part.digits.len())
        {
            *number = part;
            return true;
        }
    }
    false
}

/// Lengths, country code included, that numbers behind this country code have.
fn lengths(digits: &str) -> Option<std::ops::RangeInclusive<usize>> {
    let table = |code: &str| {
        CODES.iter().find_map(|(codes, shortest, longest)| {
            codes
                .split(' ')
                .any(|known| known == code)
                .then_some((*shortest, *longest))
        })
    };
    (1..=3.min(digits.len())).find_map(|length| {
        let (shortest, longest) = table(&digits[..length])?;
        Some(length + shortest..=length + longest)
    })
}

/// Country codes with the fewest and most digits of a significant number.
const CODES: &[(&str, usize, usize)] = &[
    ("1", 10, 10),
    ("7", 10, 10),
    ("33 34 31 32 27 30 36 40 41 48 51 56 58 61 66 82 84 94", 8, 10),
    (
        "20 39 44 46 47 49 52 53 54 55 57 60 62 63 64 65 81 86 90 91 92 93 95 98 43 45",
        7,
        12,
    ),
    (
        "211 212 213 216 218 249 252 253 251 254 255 256 234 233 221 222 225 237 243 250 260 263",
        8,
        10,
    ),
    ("961 962 963 964 965 966 967 968 970 971 972 973 974", 7, 10),
    (
        "350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 380 381 382 383 385 386 387 389",
        6,
        11,
    ),
    (
        "420 421 423 852 853 855 856 880 886 960 976 977 992 993 994 995 996 998",
        7,
        11,
    ),
    ("502 503 504 505 506 507 509 591 593 595 598 592", 7, 9),
    (
        "220 223 224 226 227 228 229 230 231 232 235 236 238 240 241 242 244 245 248 257 258 261 264 265 266 267 268 269",
        6,
        10,
    ),
];

/// Whether the groups are a date or a span of years.
fn is_date(number: &Number) -> bool {
    let value = |index: usize| {
        let group = number.groups[index];
        number.digits[group.start..group.end].parse::<u32>().unwrap_or(0)
    };
    let year = |index: usize| number.len(index) == 4 && (1000..2200).contains(&value(index));
    let small = |index: usize| number.len(index) <= 2 && (1..=31).contains(&value(index));
    match number.groups.len() {
        1 => number.len(0) == 8 && number.digits.starts_with("20") && value(0) % 10_000 <= 1231,
        2 => year(0) && year(1),
        3 => (small(0) && small(1) && year(2)) || (year(0) && small(1) && small(2)),
        _ => {
            (0..number.groups.len()).all(|index| year(index) || small(index))
                && (0..number.groups.len()).any(year)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_folded() {
        for cue in CUES {
            let mut folded = String::new();
            crate::text::fold::phrase_fold(cue, &mut folded);
            assert_eq!(*cue, folded);
        }
    }

    #[test]
    fn lengths_of_countries() {
        assert_eq!(lengths("12025550143"), Some(11..=11));
        assert_eq!(lengths("9665"), Some(10..=13));
        assert_eq!(lengths("999"), None);
    }
}
