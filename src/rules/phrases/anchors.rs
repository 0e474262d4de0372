//! The look that spares long lines the fold.
//!
//! A line of more than the tables' usual number of words is folded only where an anchor stands in it
//! as it is: each rule with long phrases names its own, and only those of running rules are searched.

use super::Matcher;
use aho_corasick::AhoCorasick;
use aho_corasick::packed;

/// The anchors of some rules.
#[derive(Debug, Default)]
pub struct Anchors {
    /// Vectors, where the machine has them and the anchors are few enough.
    packed: Option<packed::Searcher>,
    automaton: Option<AhoCorasick>,
}

impl Anchors {
    /// The anchors of the tables of these rules.
    #[must_use]
    pub fn of(matcher: &Matcher, wanted: impl Fn(&str) -> bool) -> Self {
        let anchors: Vec<&str> = matcher
            .anchors
            .iter()
            .filter(|(code, _)| wanted(code))
            .flat_map(|(_, anchors)| anchors.iter().map(String::as_str))
            .collect();
        if anchors.is_empty() {
            return Self::default();
        }
        Self {
            packed: packed::Config::new().builder().extend(&anchors).build(),
            automaton: AhoCorasick::new(&anchors).ok(),
        }
    }

    /// Whether an anchor stands in a text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        match (&self.packed, &self.automaton) {
            (Some(packed), _) if text.len() >= packed.minimum_len() => packed.find(text).is_some(),
            (_, Some(automaton)) => automaton.is_match(text),
            _ => false,
        }
    }
}
