//! U027 indic-defect.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U027",
    name: "indic-defect",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A syllable of a script of India is spelt with signs that do not go together.",
    why: "It looks right on some screens and is another word to every program.",
    how: "In Devanagari, Bengali, Gurmukhi and Gujarati: a pair that Unicode says not to use for a vowel \
          letter (अ with ा for आ), which the fix replaces, safely; a vowel sign twice, two nuktas, a vowel sign \
          behind a virama or on another vowel letter, for which only the doubled sign has a fix, unsafe.",
    false_positives: "A virama behind a vowel letter is Bengali spelling (অ্যা) and is left alone.",
    source: "Unicode chapter 12, tables of vowel letters: use and do not use",
    options: &[],
    examples: &[
        Example::bad("अा गया", &["अा"]).lang("hi").fixed("आ गया"),
        Example::bad("काा", &["ाा"]).lang("hi").unsafe_fixed("का"),
        Example::bad("আজ অামি", &["অা"]).lang("bn").fixed("আজ আমি"),
        Example::bad("ਅਾਜ", &["ਅਾ"]).lang("pa").fixed("ਆਜ"),
        Example::bad("क्ि", &["्ि"]).lang("hi"),
        Example::good("आ गया, क़लम, कौन").lang("hi"),
        Example::good("অ্যালবাম").lang("bn"),
        Example::good("આજે ਅੱਜ").lang("gu"),
    ],
    wake: Wake::Text(Flags::COMBINING),
    check: |_| Ok(Box::new(IndicDefect)),
};

struct IndicDefect;

/// Vowel letter and sign, and the letter to use.
const PAIRS: [(char, char, char); 43] = [
    ('\u{905}', '\u{946}', '\u{904}'),
    ('\u{905}', '\u{93e}', '\u{906}'),
    ('\u{909}', '\u{941}', '\u{90a}'),
    ('\u{90f}', '\u{945}', '\u{90d}'),
    ('\u{90f}', '\u{946}', '\u{90e}'),
    ('\u{90f}', '\u{947}', '\u{910}'),
    ('\u{905}', '\u{949}', '\u{911}'),
    ('\u{906}', '\u{945}', '\u{911}'),
    ('\u{905}', '\u{94a}', '\u{912}'),
    ('\u{906}', '\u{946}', '\u{912}'),
    ('\u{905}', '\u{94b}', '\u{913}'),
    ('\u{906}', '\u{947}', '\u{913}'),
    ('\u{905}', '\u{94c}', '\u{914}'),
    ('\u{906}', '\u{948}', '\u{914}'),
    ('\u{905}', '\u{945}', '\u{972}'),
    ('\u{905}', '\u{93a}', '\u{973}'),
    ('\u{905}', '\u{93b}', '\u{974}'),
    ('\u{906}', '\u{93a}', '\u{974}'),
    ('\u{905}', '\u{94f}', '\u{975}'),
    ('\u{905}', '\u{956}', '\u{976}'),
    ('\u{905}', '\u{957}', '\u{977}'),
    ('\u{985}', '\u{9be}', '\u{986}'),
    ('\u{98b}', '\u{9c3}', '\u{9e0}'),
    ('\u{98c}', '\u{9e2}', '\u{9e1}'),
    ('\u{a05}', '\u{a3e}', '\u{a06}'),
    ('\u{a72}', '\u{a3f}', '\u{a07}'),
    ('\u{a72}', '\u{a40}', '\u{a08}'),
    ('\u{a73}', '\u{a41}', '\u{a09}'),
    ('\u{a73}', '\u{a42}', '\u{a0a}'),
    ('\u{a72}', '\u{a47}', '\u{a0f}'),
    ('\u{a05}', '\u{a48}', '\u{a10}'),
    ('\u{a73}', '\u{a4b}', '\u{a13}'),
    ('\u{a05}', '\u{a4c}', '\u{a14}'),
    ('\u{a85}', '\u{abe}', '\u{a86}'),
    ('\u{a85}', '\u{ac5}', '\u{a8d}'),
    ('\u{a85}', '\u{ac7}', '\u{a8f}'),
    ('\u{a85}', '\u{ac8}', '\u{a90}'),
    ('\u{a85}', '\u{ac9}', '\u{a91}'),
    ('\u{a85}', '\u{acb}', '\u{a93}'),
    ('\u{a85}', '\u{acc}', '\u{a94}'),
    ('\u{ac5}', '\u{abe}', '\u{ac9}'),
    ('\u{a86}', '\u{ac7}', '\u{a93}'),
    ('\u{a86}', '\u{ac8}', '\u{a94}'),
];

/// The place of a code point in its block of 128, for the four scripts, which are laid out alike.
fn place(c: char) -> Option<u32> {
    matches!(c, '\u{900}'..='\u{aff}').then(|| u32::from(c) & 0x7f)
}

fn is_sign(c: char) -> bool {
    place(c).is_some_and(
        |place| matches!(place, 0x3a | 0x3b | 0x3e..=0x4c | 0x4e | 0x4f | 0x55..=0x57 | 0x62 | 0x63),
    )
}

/// A vowel letter.
fn is_vowel(c: char) -> bool {
    place(c).is_some_and(|place| matches!(place, 0x04..=0x14 | 0x60 | 0x61))
        || matches!(c, '\u{972}'..='\u{977}')
}

impl Check for IndicDefect {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let mut before = (0, '\n');
        for (at, c) in text.value.char_indices() {
            // The first byte tells whether there is anything of these scripts to see.
            if matches!(c, '\u{900}'..='\u{aff}') && matches!(before.1, '\u{900}'..='\u{aff}') {
                pair(before, (at, c), out);
            }
            before = (at, c);
        }
    }
}

fn pair((start, first): (usize, char), (at, second): (usize, char), out: &mut Out<'_>) {
    let span = Span::new(start, at + second.len_utf8());
    if let Some((_, _, letter)) = PAIRS.iter().find(|pair| (pair.0, pair.1) == (first, second)) {
        out.span(
            span,
            format!(
                "U+{:04X} with U+{:04X} is written U+{:04X}.",
                u32::from(first),
                u32::from(second),
                u32::from(*letter)
            ),
        )
        .replace(Safety::Safe, "write the letter", letter.to_string());
        return;
    }
    let nukta = |c: char| place(c) == Some(0x3c);
    let virama = |c: char| place(c) == Some(0x4d);
    if first == second && (is_sign(first) || nukta(first)) {
        out.span(span, format!("The sign U+{:04X} stands twice.", u32::from(first)))
            .replace(Safety::Unsafe, "delete one of them", first.to_string());
    } else if virama(first) && is_sign(second) {
        out.span(
            span,
            format!(
                "The vowel sign U+{:04X} stands behind a virama.",
                u32::from(second)
            ),
        );
    } else if is_vowel(first) && is_sign(second) {
        out.span(
            span,
            format!(
                "The vowel sign U+{:04X} stands on a vowel letter.",
                u32::from(second)
            ),
        );
    }
}
