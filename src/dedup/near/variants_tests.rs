//! Variants of a text that a reader does not notice, or takes for the same: all of them have its key.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use super::{Search, Signer};
use crate::dedup::ContentKeys;
use crate::text::shingles::mix;
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization as _;

/// Letters of invented words, with the scripts that variants are made in.
const SCRIPTS: [(&str, &str); 7] = [
    ("Arabic", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"),
    ("Persian", "ابپتجچخدرزژسشفقکگلمنوهی"),
    ("Latin", "abcdefghijklmnopqrstuvwxyzéèüöçñ"),
    ("Cyrillic", "абвгдежзийклмнопрстуфхцчшыюяё"),
    ("Greek", "αβγδεζηθικλμνξοπρτυφχψωάέή"),
    ("Devanagari", "कखगघचछजटडतथदधनपबमयरलवशसह"),
    ("Hebrew", "אבגדהוזחטיכלמנסעפצקרשת"),
];

/// A generator that depends on nothing else.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        (mix(self.0) % n as u64) as usize
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

fn article(letters: &str, draw: &mut Draw) -> Vec<String> {
    let letters: Vec<char> = letters.chars().collect();
    let count = 80 + draw.below(400);
    (0..count)
        .map(|n| {
            let mut word: String = (0..2 + draw.below(7)).map(|_| draw.pick(&letters)).collect();
            if n % 11 == 3 {
                word = (1000 + draw.below(2000)).to_string();
            }
            if n % 9 == 8 { word + "." } else { word }
        })
        .collect()
}

/// After each letter but the last of a word, perhaps one of these.
fn between(word: &str, marks: &[char], draw: &mut Draw) -> String {
    let mut out = String::new();
    let mut rest = word.chars().peekable();
    let mut done = false;
    while let Some(c) = rest.next() {
        out.push(c);
        if c.is_alphabetic()
            && rest.peek().is_some_and(|c| c.is_alphabetic())
            && (!done || draw.below(2) == 0)
        {
            out.push(draw.pick(marks));
            done = true;
        }
    }
    out
}

fn replaced(word: &str, pairs: &[(char, char)]) -> String {
    let with = |c: char| pairs.iter().find(|pair| pair.0 == c).map_or(c, |pair| pair.1);
    word.chars().map(with).collect()
}

/// A letter of the Arabic block as one of its presentation forms.
fn shaped(word: &str, draw: &mut Draw) -> String {
    let form = |c: char, draw: &mut Draw| {
        let forms: Vec<char> = ('\u{FB50}'..='\u{FDFB}')
            .chain('\u{FE80}'..='\u{FEF4}')
            .filter(|form| form.nfkc().eq([c]))
            .collect();
        if forms.is_empty() { c } else { draw.pick(&forms) }
    };
    word.chars().map(|c| form(c, draw)).collect()
}

const HARAKAT: [char; 8] = [
    '\u{64B}', '\u{64E}', '\u{64F}', '\u{650}', '\u{651}', '\u{652}', '\u{670}', '\u{64D}',
];
const FORMAT: [char; 9] = [
    '\u{200B}', '\u{200C}', '\u{200E}', '\u{200F}', '\u{AD}', '\u{FEFF}', '\u{2060}', '\u{2067}', '\u{61C}',
];
const SPACES: [&str; 6] = ["  ", "\u{A0}", "\n", "\t", "\u{2009}", " \u{3000}"];
const PUNCTUATION: [&str; 9] = ["،", "؛", "»", "\"", "…", "!", " —", "؟", "”"];
/// Letters that pages exchange: of Persian keyboards, and with or without hamza and dots.
const LETTERS: [(char, char); 10] = [
    ('ي', 'ی'),
    ('ك', 'ک'),
    ('ه', 'ہ'),
    ('ی', 'ي'),
    ('ک', 'ك'),
    ('ا', 'أ'),
    ('ى', 'ي'),
    ('و', 'ؤ'),
    ('ة', 'ه'),
    ('أ', 'ا'),
];

/// What is done to a word; `None` where it has nothing to be done to.
fn variant(kind: &str, script: &str, word: &str, draw: &mut Draw) -> Option<String> {
    let arabic = matches!(script, "Arabic" | "Persian");
    let digits = word.chars().any(|c| c.is_ascii_digit());
    Some(match kind {
        "harakat" if arabic && !digits => between(word, &HARAKAT, draw),
        "tatweel" if arabic && !digits => between(word, &['\u{640}'], draw),
        "format characters" if !digits && script != "Devanagari" => between(word, &FORMAT, draw),
        "presentation forms" if arabic => shaped(word, draw),
        "letters" if arabic => replaced(word, &LETTERS),
        "digits" if digits => {
            let zero = draw.pick(&['٠', '۰']) as u32;
            let digit = |c: char| c.to_digit(10).and_then(|n| char::from_u32(zero + n)).unwrap_or(c);
            word.chars().map(digit).collect()
        }
        "punctuation" => format!("{}{}", word.trim_end_matches('.'), draw.pick(&PUNCTUATION)),
        "white space" => format!("{word}{}", draw.pick(&SPACES)),
        "case" => word.to_uppercase(),
        "decomposed" => word.nfd().collect(),
        _ => return None,
    })
}

const KINDS: [&str; 10] = [
    "harakat",
    "tatweel",
    "format characters",
    "presentation forms",
    "letters",
    "digits",
    "punctuation",
    "white space",
    "case",
    "decomposed",
];

/// Variants of a kind that the matching key finds, that the published profile finds, and all.
fn found(kind: &str, cases: u64) -> (u32, u32, u32) {
    let fineweb = Search::fineweb();
    let mut signer = Signer::new(&fineweb);
    let (mut ours, mut theirs, mut all) = (0, 0, 0);
    let (mut key, mut scratch) = (Vec::new(), Vec::new());
    for seed in 0..cases {
        for (script, letters) in SCRIPTS {
            let mut draw = Draw(mix(seed << 8 | script.len() as u64));
            let words = article(letters, &mut draw);
            let mut changed = 0;
            let other: Vec<String> = words
                .iter()
                .map(|word| {
                    // One word in ten, or all numbers.
                    let chosen = kind == "digits" || draw.below(10) == 0;
                    let new = Some(word)
                        .filter(|_| chosen)
                        .and_then(|word| variant(kind, script, word, &mut draw));
                    let new = new.unwrap_or_else(|| word.clone());
                    changed += usize::from(new != *word);
                    new
                })
                .collect();
            if changed == 0 {
                continue;
            }
            let (one, two) = (words.join(" "), other.join(" "));
            all += 1;
            let folded = ContentKeys::quick(&one, &mut scratch).folded;
            ours += u32::from(folded.is_some() && ContentKeys::quick(&two, &mut scratch).folded == folded);
            let mut bands = |text: &str| -> HashSet<u64> {
                fineweb.key(text, &mut key);
                signer.sign(&key).bands().iter().copied().collect()
            };
            let first = bands(&one);
            theirs += u32::from(!first.is_disjoint(&bands(&two)));
        }
    }
    (ours, theirs, all)
}

#[test]
fn invisible_variants_are_found() {
    for kind in KINDS {
        let (ours, _, all) = found(kind, 60);
        assert!(all >= 60, "{kind}: {all}");
        assert!(
            f64::from(ours) >= 0.999 * f64::from(all),
            "{kind}: {ours} of {all}"
        );
    }
}

/// The table of docs/deduplication.md.
#[test]
#[ignore = "prints a table"]
fn invisible_variants_by_kind() {
    for kind in KINDS {
        let (ours, theirs, all) = found(kind, 400);
        let share = |n: u32| f64::from(n) / f64::from(all);
        eprintln!("| {kind} | {all} | {:.4} | {:.3} |", share(ours), share(theirs));
    }
}
