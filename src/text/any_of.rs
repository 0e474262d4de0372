//! Whether any of some strings stands in a text.

use aho_corasick::AhoCorasick;
use aho_corasick::packed;
use std::sync::OnceLock;

/// A set of strings to look for.
#[derive(Debug, Default)]
pub struct AnyOf {
    /// Vectors, where the machine has them; a few strings each, ASCII apart from the rest.
    packed: Vec<packed::Searcher>,
    strings: Vec<Box<str>>,
    /// For machines without, made when first needed.
    automaton: OnceLock<Option<AhoCorasick>>,
}

/// Strings that one search with vectors takes without growing slow.
const GROUP: usize = 16;

impl AnyOf {
    /// A set of strings; an empty one stands nowhere. Rare beginnings make it fast.
    #[must_use]
    pub fn new(strings: &[&str]) -> Self {
        if strings.is_empty() {
            return Self::default();
        }
        let mut sorted = strings.to_vec();
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
            strings: sorted.into_iter().map(Box::from).collect(),
            automaton: OnceLock::new(),
        }
    }

    /// Whether one of them stands in a text.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        let fits = |packed: &packed::Searcher| text.len() >= packed.minimum_len();
        if self.packed.is_empty() {
            let automaton = self
                .automaton
                .get_or_init(|| AhoCorasick::new(self.strings.iter().map(|string| string.as_bytes())).ok());
            return automaton
                .as_ref()
                .is_some_and(|automaton| automaton.is_match(text));
        }
        if self.packed.iter().all(fits) {
            return self.packed.iter().any(|packed| packed.find(text).is_some());
        }
        // A few words only.
        self.strings.iter().any(|string| text.contains(&**string))
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
}
