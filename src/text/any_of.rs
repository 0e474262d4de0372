//! Whether any of some strings stands in a text.

use super::shape::{self, Shape};
use aho_corasick::AhoCorasick;
use aho_corasick::packed;
use std::sync::OnceLock;

/// A set of strings to look for.
#[derive(Debug, Default)]
pub struct AnyOf {
    /// Those without a word of ASCII letters.
    foreign: Strings,
    /// Those with one: see [`Shape::has_ascii_word`].
    worded: Strings,
}

impl AnyOf {
    /// A set of strings; an empty one stands nowhere. Rare beginnings make it fast.
    #[must_use]
    pub fn new(strings: &[&str]) -> Self {
        let (worded, foreign): (Vec<&str>, Vec<&str>) = strings.iter().partition(|string| has_word(string));
        Self {
            foreign: Strings::new(foreign),
            worded: Strings::new(worded),
        }
    }

    /// Whether one of them stands in a text.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.foreign.is_in(text) || self.worded.is_in(text)
    }

    /// The same for a text of a known shape, or a part of it: text without ASCII words is not searched for them.
    #[must_use]
    pub fn is_in_shaped(&self, text: &str, shape: &Shape) -> bool {
        self.foreign.is_in(text) || (shape.has_ascii_word && self.worded.is_in(text))
    }
}

fn has_word(string: &str) -> bool {
    let letters = |window: &[u8]| window.iter().all(u8::is_ascii_alphabetic);
    string.as_bytes().windows(shape::WORD).any(letters)
}

#[derive(Debug, Default)]
struct Strings {
    /// Vectors, where the machine has them; a few strings each, ASCII apart from the rest.
    packed: Vec<packed::Searcher>,
    all: Vec<Box<str>>,
    /// For machines without, made when first needed.
    automaton: OnceLock<Option<AhoCorasick>>,
}

/// Strings that one search with vectors takes without growing slow.
const GROUP: usize = 16;

impl Strings {
    fn new(mut sorted: Vec<&str>) -> Self {
        if sorted.is_empty() {
            return Self::default();
        }
        sorted.sort_unstable_by_key(|string| (string.is_ascii(), *string));
        sorted.dedup();
        let groups = sorted
            .chunk_by(|a, b| a.is_ascii() == b.is_ascii())
            .flat_map(|same| same.chunks(GROUP));
        let packed: Option<Vec<_>> = groups
            .map(|group| packed::Config::new().builder().extend(group).build())
            .collect();
        Self {
            packed: packed.unwrap_or_default(),
            all: sorted.into_iter().map(Box::from).collect(),
            automaton: OnceLock::new(),
        }
    }

    fn is_in(&self, text: &str) -> bool {
        if self.all.is_empty() {
            return false;
        }
        let fits = |packed: &packed::Searcher| text.len() >= packed.minimum_len();
        if self.packed.is_empty() {
            let automaton = self
                .automaton
                .get_or_init(|| AhoCorasick::new(self.all.iter().map(|string| string.as_bytes())).ok());
            return automaton
                .as_ref()
                .is_some_and(|automaton| automaton.is_match(text));
        }
        if self.packed.iter().all(fits) {
            return self.packed.iter().any(|packed| packed.find(text).is_some());
        }
        // A few words only.
        self.all.iter().any(|string| text.contains(&**string))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_wherever_they_stand() {
        let set = AnyOf::new(&["needle", "إبرة"]);
        for before in [0, 1, 15, 40, 100] {
            for word in ["needle", "إبرة"] {
                let text = "x".repeat(before) + word;
                assert!(set.is_in(&text) && set.is_in(&(text + " and more text after it")));
            }
            assert!(!set.is_in(&"x needl e".repeat(before)));
        }
        assert!(!AnyOf::new(&[]).is_in("anything"));
    }

    #[test]
    fn the_shape_of_a_text_changes_nothing() {
        let set = AnyOf::new(&["gtag(", "إبرة", "a1 b2"]);
        for text in [
            "x gtag( y",
            "في إبرة من",
            "في a1 b2 من",
            "قال نعم",
            "a b c",
            "وgtag(و",
        ] {
            assert_eq!(
                set.is_in(text),
                set.is_in_shaped(text, &Shape::new(text)),
                "{text}"
            );
        }
    }
}
