//! The look that spares long lines the fold.
//!
//! A line of more than the tables' usual number of words is folded only where an anchor stands in it
//! as it is: each rule with long phrases names its own, and only those of running rules are searched.

use super::Matcher;
use crate::text::any_of::AnyOf;

/// The anchors of some rules.
#[derive(Debug, Default)]
pub struct Anchors(AnyOf);

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
        Self(AnyOf::new(&anchors))
    }

    /// Whether an anchor stands in a text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_in(text)
    }
}
