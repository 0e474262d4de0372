//! A004 farsi-letter-in-arabic.

use crate::finding::{Safety, Severity};
use crate::record::{Role, Span};
use crate::rules::encoding::is_garbled;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::arabic;
use crate::text::plausible;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A004",
    name: "farsi-letter-in-arabic",
    severity: Severity::Warning,
    scope: Scope::Token,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "An Arabic word is spelled with a letter of the Persian or Urdu keyboard.",
    why: "ی and ک look like ي and ك in most fonts but are other code points: `الحکومة` is not found \
          by a search for `الحكومة`, and counts split.",
    how: "In Arabic records, words that hold U+06CC, U+06A9, U+06C1, U+06BE, U+06D2 or U+06D5 among \
          Arabic letters are reported, provided nine in ten of the record's telling function words \
          are Arabic. The unsafe fix puts ك for ک, ه for ہ and ھ, and ي for ی inside a word; a final \
          ی may be ي or ى and is left to the editor.",
    false_positives: "پ چ ژ گ ڤ ڨ in loan words are fine. Words with letters that only Persian or Urdu \
                      have, and words beside such words or beside Persian function words, are quotations.",
    source: "Unicode 9.2; CLDR exemplar characters of ar",
    options: &[],
    examples: &[
        Example::bad("قالت الحکومة إن المشروع في المدينة", &["الحکومة"])
            .unsafe_fixed("قالت الحكومة إن المشروع في المدينة"),
        Example::bad("في التنمیة التي بدأت على مهل", &["التنمیة"])
            .unsafe_fixed("في التنمية التي بدأت على مهل"),
        Example::bad("وصل إلى علی في المساء", &["علی"]),
        Example::good("انفلونزا پريس في المدينة"),
        Example::good("قال الشاعر «علی از شهر است» في المدينة"),
        Example::good("کتابخانه در شهر است").lang("fa"),
    ],
    wake: Wake::Text(Flags::FARSI_LETTER),
    check: |_| Ok(Box::new(FarsiLetter)),
};

const fn is_farsi(c: char) -> bool {
    matches!(c, 'ی' | 'ک' | 'ہ' | 'ھ' | 'ے' | 'ە')
}

/// Letters that prove another language.
fn is_foreign(word: &str) -> bool {
    word.contains([
        'پ', 'چ', 'ژ', 'گ', 'ٹ', 'ڈ', 'ڑ', 'ے', 'ں', 'ۀ', 'ێ', 'ۆ', 'ڕ', 'ڵ', 'ټ', 'ډ', 'ړ', 'ښ', 'ې', 'ڭ',
        'ۇ', 'ۋ', 'ۈ',
    ]) || PERSIAN.contains(&word)
}

const PERSIAN: &[&str] = &[
    "از", "به", "را", "که", "این", "است", "در", "های", "می", "برای", "آن", "یک", "کے", "کی", "کا", "میں",
    "ہے", "اور", "سے", "نے", "کو", "پر", "هم", "بود", "شد", "ما", "یا",
];

const TELLING: &[&str] = &[
    "في", "على", "إلى", "الى", "أن", "عن", "التي", "الذي", "هذا", "هذه", "كان", "قال", "بعد", "ذلك", "إن",
    "مع", "أو", "ثم", "بين", // The same as a Persian keyboard spells them.
    "فی", "علی", "الی", "التی", "الذی", "کان", "ذلک",
];

/// Whether a text's function words are Arabic, at least nine in ten of those that tell.
fn is_arabic(text: &str) -> bool {
    let (mut arabic_words, mut others) = (0, 0);
    for span in arabic::words(text) {
        let word = &text[span.range()];
        if TELLING.contains(&word) || plausible::has_article(word) {
            arabic_words += 1;
        } else if PERSIAN.contains(&word) && word != "ما" {
            others += 1;
        }
    }
    arabic_words > 0 && arabic_words * 10 >= (arabic_words + others) * 9
}

/// Words of an Arabic text that hold a Persian letter, quotations left out.
fn suspects(text: &str) -> Vec<Span> {
    let words: Vec<Span> = arabic::words(text).collect();
    let mut found = Vec::new();
    for (index, span) in words.iter().enumerate() {
        let word = &text[span.range()];
        if !word.contains(is_farsi) || word.chars().filter(|&c| arabic::is_letter(c)).count() < 2 {
            continue;
        }
        let near = &words[index.saturating_sub(2)..(index + 3).min(words.len())];
        let foreign = near.iter().any(|near| is_foreign(&text[near.range()]));
        let quoted = arabic::quotation_around(text, span.start).is_some_and(|quote| {
            arabic::words(&text[quote.range()]).any(|word| is_foreign(&text[quote.range()][word.range()]))
        });
        if !foreign && !quoted {
            found.push(*span);
        }
    }
    found
}

/// The word in Arabic letters; a final ی stays.
fn mended(word: &str) -> String {
    let last = word.char_indices().rfind(|&(_, c)| arabic::is_letter(c));
    word.char_indices()
        .map(|(at, c)| match c {
            'ک' => 'ك',
            'ہ' | 'ھ' => 'ه',
            'ی' if last.is_none_or(|(end, _)| at < end) => 'ي',
            c => c,
        })
        .collect()
}

struct FarsiLetter;

impl Check for FarsiLetter {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !matches!(text.language(), "ar" | "") || !text.value.contains(is_farsi) {
            return;
        }
        let suspects = suspects(text.value);
        let evidence = text.record.text(Role::Text).unwrap_or(text.value);
        if suspects.is_empty() || !(is_arabic(evidence) || (text.value != evidence && is_arabic(text.value)))
        {
            return;
        }
        for span in suspects {
            if is_garbled(text, span.start) {
                continue;
            }
            let word = &text.value[span.range()];
            let Some(c) = word.chars().find(|&c| is_farsi(c)) else {
                continue;
            };
            let mended = mended(word);
            let expected = match c {
                'ک' => "ك",
                'ہ' | 'ھ' => "ه",
                'ی' if mended.contains('ی') => "ي or ى",
                'ی' | 'ے' => "ي",
                _ => "ه or ة",
            };
            let message = format!(
                "\"{c}\" U+{:04X} (Persian or Urdu letter) in Arabic word \"{word}\"; expected \"{expected}\".",
                c as u32
            );
            let changed = mended != word;
            let builder = out.span(span, message);
            if changed {
                builder.replace(Safety::Unsafe, "put the Arabic letters there", mended);
            }
        }
    }
}
