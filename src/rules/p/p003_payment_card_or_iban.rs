//! P003 payment-card-or-iban.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake, private};
use crate::text::numbers::{self, Number, luhn, mod97};

pub(crate) const RULE: Rule = Rule {
    code: "P003",
    name: "payment-card-or-iban",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "The article holds the number of a payment card or of a bank account.",
    why: "Money can be taken with it. Nobody needs it to learn a language.",
    how: "A card: 13 to 19 digits in one group, or in the groups that cards print (4-4-4-4, 4-6-5, 4-6-4), \
          that begin as an issuer's numbers do, have the length of that issuer and pass the Luhn check. \
          An account: two capital letters of a country with IBANs, the country's length and a remainder of \
          1 by 97. Digits of any script count. Reports never show the number. The fix writes «CARD» or \
          «IBAN» and is unsafe.",
    false_positives: "One number in ten passes Luhn, so an issuer's prefix and grouping are asked for too. \
                      Numbers in web addresses and inside words are skipped. Test numbers that shops print \
                      in their manuals pass every check and are reported.",
    source: "ISO/IEC 7812-1; ISO 13616-1 and its registry",
    options: &[],
    examples: &[
        Example::bad("card 4111 1111 1111 1111 was", &["4111 1111 1111 1111"])
            .lang("en")
            .unsafe_fixed("card «CARD» was"),
        Example::bad("رقم البطاقة ٤١١١١١١١١١١١١١١١.", &["٤١١١١١١١١١١١١١١١"]),
        Example::bad("3782-822463-10005", &["3782-822463-10005"]).lang("en"),
        Example::bad("Konto DE89370400440532013000.", &["DE89370400440532013000"])
            .lang("de")
            .unsafe_fixed("Konto «IBAN»."),
        Example::bad(
            "الحساب SA03 8000 0000 6080 1016 7519 في البنك",
            &["SA03 8000 0000 6080 1016 7519"],
        ),
        Example::bad(
            "IBAN: GB29 NWBK 6016 1331 9268 19",
            &["GB29 NWBK 6016 1331 9268 19"],
        )
        .lang("en"),
        Example::good("order 4111 1111 1111 1112, ISBN 978-3-16-148410-0").lang("en"),
        Example::good("DE89370400440532013001 is mistyped").lang("de"),
        Example::good("https://shop.example/o/4111111111111111").lang("en"),
        Example::good("بلغ عدد السكان 41 111 111 نسمة و 1111 1111 1111 مقعدا"),
        Example::good("x4111111111111111y and 4111 111111 111111").lang("en"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(CardOrIban)),
};

struct CardOrIban;

/// Shortest card number.
const LEAST: usize = 13;

/// How far before a long run of digits the country of an account may stand: `GB29 NWBK 6016…`.
const BEFORE: usize = 12;

impl Check for CardOrIban {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let mut next = 0;
        // Accounts have letters in their midst, so that seven digits wake.
        for number in text.numbers() {
            if number.span.start < next {
                continue;
            }
            if let Some(span) = card(text.value, number) {
                let message = format!(
                    "Payment card number of {} digits passes its checksum.",
                    digits(text, span)
                );
                private::report(out, span, message, "«CARD»");
                continue;
            }
            let from = number.span.start.saturating_sub(BEFORE).max(next);
            if let Some(span) = (from..=number.span.start).find_map(|at| iban(text.value, at)) {
                let country = &text.value[span.start..span.start + 2];
                let message = format!("Bank account number (IBAN, {country}) passes its checksum.");
                private::report(out, span, message, "«IBAN»");
                next = span.end;
            }
        }
    }
}

fn digits(text: &Text<'_>, span: Span) -> usize {
    text.value[span.range()]
        .chars()
        .filter(|&c| numbers::digit(c).is_some())
        .count()
}

/// The card number in a number, alone in its groups.
fn card(text: &str, number: &Number) -> Option<Span> {
    for first in 0..number.groups.len() {
        for last in first..number.groups.len().min(first + 5) {
            let part = number.part(first, last);
            if part.digits.len() > 19 {
                break;
            }
            if part.digits.len() >= LEAST
                && is_printed(&part, text)
                && is_issued(&part.digits)
                && luhn(&part.digits)
                && !private::is_part_of_word(text, part.span)
                && !private::in_address(text, part.span)
            {
                return Some(part.span);
            }
        }
    }
    None
}

/// Whether the groups are those of a card, with the same sign between them all.
fn is_printed(number: &Number, text: &str) -> bool {
    let lengths: Vec<usize> = (0..number.groups.len()).map(|index| number.len(index)).collect();
    let shape = matches!(
        lengths[..],
        [_] | [4, 6, 4 | 5] | [4, 4, 4, 1..=4] | [4, 4, 4, 4, 1..=3]
    );
    let mut gaps = number
        .groups
        .windows(2)
        .map(|pair| &text[pair[0].span.end..pair[1].span.start]);
    let first = gaps.next();
    shape
        && first.is_none_or(|gap| matches!(gap, " " | "-" | "\u{a0}" | "." | "\u{202f}"))
        && gaps.all(|gap| Some(gap) == first)
}

/// Whether an issuer has numbers of this prefix and length.
fn is_issued(digits: &str) -> bool {
    let prefix = |length: usize| digits[..length].parse::<u32>().unwrap_or(0);
    let (two, three, four, six) = (prefix(2), prefix(3), prefix(4), prefix(6));
    let same = digits.bytes().all(|byte| byte == digits.as_bytes()[0]);
    !same
        && match digits.len() {
            13 => digits.starts_with('4'),
            14 => matches!(three, 300..=305) || matches!(two, 36 | 38 | 39),
            15 => matches!(two, 34 | 37),
            16 => {
                digits.starts_with('4')
                    || matches!(two, 51..=55 | 60 | 62 | 63 | 65)
                    || matches!(three, 502 | 505 | 585 | 589 | 644..=649)
                    || matches!(four, 2200..=2204 | 2221..=2720 | 3528..=3589 | 5018 | 5020 | 5029 | 5038 | 5892..=5894 | 6759..=6763)
                    || matches!(six, 979_200..=979_289)
            }
            19 => {
                digits.starts_with('4') || matches!(two, 62 | 65) || matches!(four, 3528..=3589 | 6759..=6763)
            }
            17 | 18 => two == 62,
            _ => false,
        }
}

/// Countries with IBANs and the length of theirs.
const COUNTRIES: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 \
     DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 \
     IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 \
     OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 \
     UA29 VA22 VG24 XK20 YE30";

fn length(country: &str) -> Option<usize> {
    let at = COUNTRIES.match_indices(country).find(|(at, _)| at % 5 == 0)?.0;
    COUNTRIES[at + 2..at + 4].parse().ok()
}

/// The account whose check digits begin at a place.
fn iban(text: &str, at: usize) -> Option<Span> {
    let start = at.checked_sub(2)?;
    let country = text.get(start..at)?;
    let length = length(country).filter(|_| country.bytes().all(|byte| byte.is_ascii_uppercase()))?;
    let mut kept = Vec::with_capacity(length);
    let mut end = start;
    let mut spaces = 0;
    for (offset, byte) in text.as_bytes()[start..].iter().enumerate() {
        match byte {
            b'A'..=b'Z' | b'0'..=b'9' => {
                kept.push(*byte);
                end = start + offset + 1;
                spaces = 0;
            }
            b' ' if spaces == 0 && kept.len() >= 4 => spaces = 1,
            _ => break,
        }
        if kept.len() == length {
            break;
        }
    }
    let span = Span::new(start, end);
    let right = kept.len() == length
        && kept[2..4].iter().all(u8::is_ascii_digit)
        && mod97(kept[4..].iter().chain(&kept[..4]).copied()) == Some(1);
    (right && !private::is_part_of_word(text, span) && !private::in_address(text, span)).then_some(span)
}
