//! Whether any of some strings stands in a text.

use aho_corasick::AhoCorasick;
use aho_corasick::packed;

/// A set of strings to look for.
#[derive(Debug, Default)]
pub struct AnyOf {
    /// Vectors, where the machine has them and the strings are few enough.
    packed: Option<packed::Searcher>,
    automaton: Option<AhoCorasick>,
}

impl AnyOf {
    /// A set of strings; an empty one stands nowhere. Rare beginnings make it fast.
    #[must_use]
    pub fn new(strings: &[&str]) -> Self {
        if strings.is_empty() {
            return Self::default();
        }
        Self {
            packed: packed::Config::new().builder().extend(strings).build(),
            automaton: AhoCorasick::new(strings).ok(),
        }
    }

    /// Whether one of them stands in a text.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        match (&self.packed, &self.automaton) {
            (Some(packed), _) if text.len() >= packed.minimum_len() => packed.find(text).is_some(),
            (_, Some(automaton)) => automaton.is_match(text),
            _ => false,
        }
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
