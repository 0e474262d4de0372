//! A009 conflicting-harakat.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::encoding::is_garbled;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::arabic;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A009",
    name: "conflicting-harakat",
    severity: Severity::Warning,
    scope: Scope::Token,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "An Arabic letter carries vowel signs that exclude each other.",
    why: "Two vowels on one letter are typing or conversion errors; the word is another string than the \
          one meant.",
    how: "Reported are two different vowel signs (short vowels, tanwin, sukun) on one letter, and the same \
          sign twice. Shadda with one vowel, dagger alef and maddah are fine in any order. The fix \
          removes a repeated sign; other conflicts get none.",
    false_positives: "",
    source: "UAX #53; UAX #15",
    options: &[],
    examples: &[
        Example::bad("كَُتب", &["كَُتب"]),
        Example::bad("مد\u{651}\u{651}ة طويلة", &["مد\u{651}\u{651}ة"]).fixed("مد\u{651}ة طويلة"),
        Example::good("مد\u{64e}\u{651}ة ومد\u{651}\u{64e}ة"),
        Example::good("هٰذا كتابٌ جديدٌ"),
    ],
    wake: Wake::Text(Flags::HARAKAT),
    check: |_| Ok(Box::new(ConflictingHarakat)),
};

const fn is_vowel(c: char) -> bool {
    matches!(c, '\u{64b}'..='\u{650}' | '\u{652}')
}

/// Whether a letter's marks exclude each other, and whether they only repeat.
fn judge(marks: &[char]) -> Option<bool> {
    let repeats = marks
        .iter()
        .enumerate()
        .any(|(index, mark)| (is_vowel(*mark) || *mark == '\u{651}') && marks[..index].contains(mark));
    let first = marks.iter().find(|&&mark| is_vowel(mark));
    let conflict = marks.iter().any(|&mark| is_vowel(mark) && Some(&mark) != first);
    (repeats || conflict).then_some(repeats && !conflict)
}

/// A word with a conflict: its span, the marks, and the word without repeated marks.
struct Conflict {
    word: Span,
    marks: Vec<char>,
    mended: Option<String>,
}

/// Whether two marks of U+064B to U+065F or U+0670 stand side by side: the cheap look.
fn has_pair(text: &str) -> bool {
    let mark = |lead: u8, tail: u8| lead == 0xD9 && matches!(tail, 0x8B..=0x9F | 0xB0);
    text.as_bytes()
        .windows(4)
        .any(|four| mark(four[0], four[1]) && mark(four[2], four[3]))
}

fn conflicts(text: &str) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = Vec::new();
    let mut marks: Vec<char> = Vec::new();
    let end = std::iter::once((text.len(), ' '));
    for (at, c) in text.char_indices().chain(end) {
        if arabic::is_mark(c) {
            marks.push(c);
            continue;
        }
        if let Some(repeats) = judge(&marks) {
            let word = arabic::word_around(text, at - marks.last().map_or(0, |c| c.len_utf8()));
            let mended = repeats.then(|| without_repeats(&text[word.range()]));
            match found.last() {
                Some(last) if last.word == word => {}
                _ => found.push(Conflict {
                    word,
                    marks: marks.clone(),
                    mended,
                }),
            }
        }
        marks.clear();
    }
    found
}

fn without_repeats(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut since_letter: Vec<char> = Vec::new();
    for c in word.chars() {
        if !arabic::is_mark(c) {
            since_letter.clear();
        } else if (is_vowel(c) || c == '\u{651}') && since_letter.contains(&c) {
            continue;
        } else {
            since_letter.push(c);
        }
        out.push(c);
    }
    out
}

struct ConflictingHarakat;

impl Check for ConflictingHarakat {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !has_pair(text.value) {
            return;
        }
        for conflict in conflicts(text.value) {
            if is_garbled(text, conflict.word.start) {
                continue;
            }
            let names: Vec<_> = conflict
                .marks
                .iter()
                .map(|&c| format!("U+{:04X}", c as u32))
                .collect();
            let message = format!(
                "A letter of \"{}\" carries marks that exclude each other: {}.",
                &text.value[conflict.word.range()],
                names.join(" ")
            );
            let builder = out.span(conflict.word, message);
            // Only when nothing is left that would be reported again.
            if let Some(mended) = conflict.mended.filter(|word| conflicts(word).is_empty()) {
                builder.replace(Safety::Safe, "remove the repeated mark", mended);
            }
        }
    }
}
