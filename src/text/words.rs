//! Words, by script: what counts as one and how many there are.
//!
//! Scripts with spaces: a maximal run of letters, marks, digits and joiners, with an apostrophe,
//! middle dot or tatweel allowed between two of them. Han and Kana: one character counts 0.6 words.
//! Thai, Lao, Khmer and Burmese: four characters count one word. No dictionary: good enough for
//! every threshold that is stated in words.

#![allow(
    clippy::match_same_arms,
    reason = "one arm per reason is easier to check against the code charts"
)]

use super::class::{self, Kind, Script};
use crate::record::Span;

/// What a character does to words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Between words.
    Break,
    /// In a word of a script with spaces.
    Spaced,
    /// One of Han or Kana.
    Ideograph,
    /// One of Thai, Lao, Khmer, Burmese.
    Unspaced,
    /// Continues whatever stands before it.
    Extend,
    /// In a word only between two word characters.
    Middle,
}

fn part(c: char) -> Part {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Part::Spaced,
        '\u{0621}'..='\u{064A}' => Part::Spaced,
        '\'' | '\u{2019}' | '\u{B7}' => Part::Middle,
        '\u{200C}' | '\u{200D}' | '\u{AD}' => Part::Extend,
        '\0'..='\u{7F}' => Part::Break,
        c => {
            let class = class::class(c);
            match class.kind() {
                Kind::Letter | Kind::Digit | Kind::Number => {
                    let script = class.script();
                    if script.is_ideographic() || c == '\u{30FC}' {
                        Part::Ideograph
                    } else if script.is_unspaced_alphabet() {
                        Part::Unspaced
                    } else {
                        Part::Spaced
                    }
                }
                Kind::Mark if class.script().is_unspaced_alphabet() => Part::Unspaced,
                Kind::Mark => Part::Extend,
                Kind::Format => Part::Extend,
                _ => Part::Break,
            }
        }
    }
}

/// A word, or a run of characters of a script without spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Its bytes.
    pub span: Span,
    /// Its size in tenths of a word: 10 in scripts with spaces.
    pub tenths: u32,
}

/// Iterator over the words of a text.
#[derive(Debug, Clone)]
pub struct Words<'a> {
    text: &'a str,
    at: usize,
}

/// The words of a text in order. A run of Han and Kana, or of Thai, is one item with its size.
#[must_use]
pub const fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        let mut chars = self.text[self.at..].char_indices().peekable();
        let base = self.at;
        let (start, kind) = loop {
            let Some((at, c)) = chars.next() else {
                self.at = self.text.len();
                return None;
            };
            match part(c) {
                Part::Break | Part::Middle | Part::Extend => {}
                kind => break (base + at, kind),
            }
        };
        let mut end = self.text.len();
        let mut count = 1_u32;
        while let Some((at, c)) = chars.next() {
            match part(c) {
                Part::Extend => {}
                Part::Middle if kind == Part::Spaced => {
                    if chars.peek().is_none_or(|&(_, next)| part(next) != Part::Spaced) {
                        end = base + at;
                        break;
                    }
                }
                found if found == kind => count += 1,
                _ => {
                    end = base + at;
                    break;
                }
            }
        }
        self.at = end;
        let tenths = match kind {
            Part::Ideograph => count * 6,
            Part::Unspaced => (count * 10).div_ceil(4),
            _ => 10,
        };
        Some(Word {
            span: Span::new(start, end),
            tenths,
        })
    }
}

/// Number of words, counted by script, rounded to the nearest and at least 1 where there is any.
#[must_use]
pub fn count(text: &str) -> usize {
    let tenths: u64 = words(text).map(|word| u64::from(word.tenths)).sum();
    if tenths == 0 {
        0
    } else {
        (((tenths + 5) / 10) as usize).max(1)
    }
}

/// Whether most letters of the text are of Han or Kana: thresholds then count characters.
#[must_use]
pub fn is_ideographic(text: &str) -> bool {
    let mut ideographs = 0_usize;
    let mut others = 0_usize;
    for c in text.chars() {
        match part(c) {
            Part::Ideograph => ideographs += 1,
            Part::Spaced | Part::Unspaced => others += 1,
            _ => {}
        }
    }
    // A Latin letter is a fifth of a word, an ideograph more than half of one.
    ideographs * 3 > others
}

/// The script of most letters; `Common` when there is none. Ties go to the script that comes first.
#[must_use]
pub fn main_script(text: &str) -> Script {
    let mut counts = [0_usize; 64];
    for c in text.chars() {
        let class = class::class(c);
        if class.kind() == Kind::Letter {
            counts[class.script() as usize] += 1;
        }
    }
    let mut best = Script::Common;
    let mut most = 0;
    for c in text.chars() {
        let script = class::script(c);
        let n = counts[script as usize];
        if n > most || (n == most && n > 0 && script < best) {
            most = n;
            best = script;
        }
    }
    best
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(text: &str) -> Vec<&str> {
        words(text).map(|word| &text[word.span.range()]).collect()
    }

    #[test]
    fn words_of_scripts_with_spaces() {
        assert_eq!(list("قال الوزير، أمسِ: «نعم»"), ["قال", "الوزير", "أمسِ", "نعم"]);
        assert_eq!(list("می‌خواهم بروم"), ["می‌خواهم", "بروم"]);
        assert_eq!(
            list("l'été, don’t 'quote' 3.5"),
            ["l'été", "don’t", "quote", "3", "5"]
        );
        assert_eq!(list("हिन्दी में"), ["हिन्दी", "में"]);
        assert_eq!(list("Новый мост"), ["Новый", "мост"]);
        assert_eq!(list(""), Vec::<&str>::new());
    }

    #[test]
    fn counts_by_script() {
        assert_eq!(count("one two  three"), 3);
        assert_eq!(count("十个字十个字十个字十"), 6);
        assert_eq!(count("ประเทศไทย"), 2);
        assert_eq!(count("字"), 1);
        assert_eq!(count("… — !"), 0);
        assert_eq!(count("COVID的报道"), 3);
    }

    #[test]
    fn scripts_of_texts() {
        assert!(is_ideographic("这是一个 iPhone"));
        assert!(!is_ideographic("the 字 character"));
        assert_eq!(main_script("نص عربي طويل with a word"), Script::Arabic);
        assert_eq!(main_script("12 — 3"), Script::Common);
    }

    proptest! {
        #[test]
        fn words_are_ordered_and_not_empty(text in ".{0,80}") {
            let mut end = 0;
            for word in words(&text) {
                prop_assert!(word.span.start >= end && !word.span.is_empty());
                prop_assert!(text.get(word.span.range()).is_some());
                end = word.span.end;
            }
        }
    }
}
