//! P004 national-id.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake, private};
use crate::text::date::month_days;
use crate::text::numbers::{Number, luhn, mod11_10, verhoeff};

pub(crate) const RULE: Rule = Rule {
    code: "P004",
    name: "national-id",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "The article holds somebody's identity number.",
    why: "An identity number opens accounts and files in a person's name, and it cannot be changed.",
    how: "A word for such a number (رقم الهوية, کد ملی, T.C. kimlik, DNI, CPF, Aadhaar, 身份证…) at most four \
          words before digits that pass the check of its country: Saudi Arabia (Luhn), Egypt (century, \
          date of birth, governorate), Türkiye, Iran, Spain, France, Brazil, India (Verhoeff), China (MOD \
          11-2), Germany's tax number (MOD 11,10). Digits of any script count. Reports never show the \
          number. The fix writes «ID» and is unsafe.",
    false_positives: "Without the word, or with a wrong check digit, nothing is said.",
    source: "National standards: GB 11643, ISO/IEC 7064; Receita Federal; UIDAI; Bundeszentralamt für Steuern",
    options: &[],
    examples: &[
        Example::bad("رقم الهوية 1012345672", &["1012345672"]).unsafe_fixed("رقم الهوية «ID»"),
        Example::bad("CPF 529.982.247-25", &["529.982.247-25"]).lang("pt"),
        Example::bad("الرقم القومي: ٢٩٠٠١٠١٠١٠٠٠١٥", &["٢٩٠٠١٠١٠١٠٠٠١٥"]),
        Example::bad("DNI 12345678Z", &["12345678Z"]).lang("es"),
        Example::bad("T.C. kimlik no 10000000146", &["10000000146"]).lang("tr"),
        Example::bad("کد ملی ۰۰۸۴۵۷۵۹۴۸", &["۰۰۸۴۵۷۵۹۴۸"]).lang("fa"),
        Example::bad("身份证号11010519491231002X", &["11010519491231002X"]).lang("zh"),
        Example::bad("Steuer-ID 86 095 742 719", &["86 095 742 719"]).lang("de"),
        Example::bad(
            "numéro de sécurité sociale 2 55 08 14 168 025 38",
            &["2 55 08 14 168 025 38"],
        )
        .lang("fr"),
        Example::bad("Aadhaar 2341 2341 2346", &["2341 2341 2346"]).lang("en"),
        Example::good("رقم الهوية 1012345671"),
        Example::good("الطلب رقم 1012345672"),
        Example::good("CPF 529.982.247-26, pedido 52998224725").lang("pt"),
        Example::good("The DNI gave 12345678 euros.").lang("es"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(NationalId)),
};

struct NationalId;

/// A country's number: its cues (folded), what it is called, the check, which may move the end.
struct Kind {
    country: &'static str,
    cues: &'static [&'static str],
    check: fn(&str, &str, &mut Span) -> bool,
}

const KINDS: &[Kind] = &[
    Kind {
        country: "Saudi",
        cues: &[
            "رقم الهويه",
            "رقم الهوية",
            "الهوية الوطنية",
            "السجل المدني",
            "رقم الاقامة",
            "national id",
            "iqama",
        ],
        check: |digits, _, _| digits.len() == 10 && digits.starts_with(['1', '2']) && luhn(digits),
    },
    Kind {
        country: "Egyptian",
        cues: &["الرقم القومي", "رقم قومي", "national id"],
        check: |digits, _, _| is_egyptian(digits),
    },
    Kind {
        country: "Turkish",
        cues: &["kimlik", "kimlik no", "kimlik numarasi", "tckn", "tc no"],
        check: |digits, _, _| is_turkish(digits),
    },
    Kind {
        country: "Iranian",
        cues: &["كد ملي", "كدملي", "شماره ملي"],
        check: |digits, _, _| is_iranian(digits),
    },
    Kind {
        country: "Spanish",
        cues: &["dni", "nie", "nif"],
        check: is_spanish,
    },
    Kind {
        country: "French",
        cues: &["sécurité sociale", "numéro de sécu", "nir"],
        check: |digits, _, _| is_french(digits),
    },
    Kind {
        country: "Brazilian",
        cues: &["cpf"],
        check: |digits, _, _| is_brazilian(digits),
    },
    Kind {
        country: "Indian",
        cues: &["aadhaar", "aadhar", "आधार", "uidai"],
        check: |digits, _, _| digits.len() == 12 && !digits.starts_with(['0', '1']) && verhoeff(digits),
    },
    Kind {
        country: "Chinese",
        cues: &["身份证", "身份证号", "身份证号码", "身份證"],
        check: is_chinese,
    },
    Kind {
        country: "German tax",
        cues: &[
            "steuer-id",
            "steuer id",
            "steueridentifikationsnummer",
            "idnr",
            "steuer-identifikationsnummer",
        ],
        check: |digits, _, _| digits.len() == 11 && !digits.starts_with('0') && mod11_10(digits),
    },
];
/// Characters before a number in which its cue is looked for, and words between them.
const NEAR: usize = 60;
const WORDS: usize = 4;

impl Check for NationalId {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for number in text.numbers() {
            if let Some((country, span)) = identity(text.value, number) {
                private::report(out, span, format!("Possible {country} identity number."), "«ID»");
            }
        }
    }
}

fn identity(text: &str, number: &Number) -> Option<(&'static str, Span)> {
    if !(7..=18).contains(&number.digits.len()) {
        return None;
    }
    let before = private::before(text, number.span.start, NEAR);
    KINDS.iter().find_map(|kind| {
        let mut span = number.span;
        let right = private::has_cue(&before, kind.cues, WORDS)
            && (kind.check)(&number.digits, text, &mut span)
            && !private::in_address(text, span);
        right.then_some((kind.country, span))
    })
}

fn weighted(digits: &str, weights: impl IntoIterator<Item = u32>) -> u32 {
    digits
        .bytes()
        .zip(weights)
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .sum()
}

fn at(digits: &str, index: usize) -> u32 {
    u32::from(digits.as_bytes()[index] - b'0')
}

fn is_repeated(digits: &str) -> bool {
    digits.bytes().all(|byte| byte == digits.as_bytes()[0])
}

fn is_egyptian(digits: &str) -> bool {
    let part = |range: std::ops::Range<usize>| digits[range].parse::<u32>().unwrap_or(0);
    if digits.len() != 14 || !digits.starts_with(['2', '3']) {
        return false;
    }
    let year = 1700 + 100 * at(digits, 0) as i32 + part(1..3) as i32;
    let (month, day) = (part(3..5) as u8, part(5..7) as u8);
    (1..=month_days(year, month)).contains(&day) && matches!(part(7..9), 1..=35 | 88)
}

fn is_turkish(digits: &str) -> bool {
    if digits.len() != 11 || digits.starts_with('0') {
        return false;
    }
    let odd: u32 = (0..9).step_by(2).map(|index| at(digits, index)).sum();
    let even: u32 = (1..8).step_by(2).map(|index| at(digits, index)).sum();
    let all: u32 = (0..10).map(|index| at(digits, index)).sum();
    (odd * 7 + 100 - even) % 10 == at(digits, 9) && all % 10 == at(digits, 10)
}

fn is_iranian(digits: &str) -> bool {
    if digits.len() != 10 || is_repeated(digits) {
        return false;
    }
    let rest = weighted(digits, (2..=10).rev()) % 11;
    at(digits, 9) == if rest < 2 { rest } else { 11 - rest }
}

/// The letter of a DNI or NIE follows its digits.
fn is_spanish(digits: &str, text: &str, span: &mut Span) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let first = text[..span.start].bytes().next_back();
    let foreign = first.and_then(|byte| b"XYZ".iter().position(|&known| known == byte));
    let number = match (digits.len(), foreign) {
        (8, None) => digits.to_owned(),
        (7, Some(index)) => format!("{index}{digits}"),
        _ => return false,
    };
    let rest = text[span.end..]
        .strip_prefix(['-', ' '])
        .unwrap_or(&text[span.end..]);
    let wanted = LETTERS[number.parse::<usize>().unwrap_or(0) % 23];
    if rest.as_bytes().first() != Some(&wanted) || rest[1..].starts_with(|c: char| c.is_alphanumeric()) {
        return false;
    }
    span.start -= usize::from(foreign.is_some());
    span.end = text.len() - rest.len() + 1;
    true
}

fn is_french(digits: &str) -> bool {
    // Of Corsica, whose department has a letter, only the rest of the number is digits: not known here.
    let key = |length| digits.get(length..).and_then(|key| key.parse::<u64>().ok());
    let number = digits.get(..13).and_then(|number| number.parse::<u64>().ok());
    digits.len() == 15
        && digits.starts_with(['1', '2'])
        && number
            .zip(key(13))
            .is_some_and(|(number, key)| 97 - number % 97 == key)
}

fn is_brazilian(digits: &str) -> bool {
    let check = |length: u32| {
        let rest = weighted(digits, (2..=length + 1).rev()) * 10 % 11 % 10;
        rest == at(digits, length as usize)
    };
    digits.len() == 11 && !is_repeated(digits) && check(9) && check(10)
}

/// The last character may be an X.
fn is_chinese(digits: &str, text: &str, span: &mut Span) -> bool {
    const CHECK: &[u8; 11] = b"10X98765432";
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let last = match digits.len() {
        18 => digits.as_bytes()[17],
        17 => text.as_bytes().get(span.end).map_or(0, u8::to_ascii_uppercase),
        _ => return false,
    };
    let sum = weighted(digits, WEIGHTS);
    span.end += usize::from(digits.len() == 17);
    CHECK[sum as usize % 11] == last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_folded() {
        for cue in KINDS.iter().flat_map(|kind| kind.cues) {
            let mut folded = String::new();
            crate::text::fold::phrase_fold(cue, &mut folded);
            assert_eq!(*cue, folded);
        }
    }
}
