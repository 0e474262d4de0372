//! The look that spares long lines the fold.
//!
//! A line of more than the tables' usual number of words is folded only where an anchor stands in it
//! as it is: each rule with long phrases names its own, and only those of running rules are searched.

use super::Matcher;
use crate::text::any_of::AnyOf;
use crate::text::shape::Shape;

/// The anchors of some rules.
#[derive(Debug, Default)]
pub struct Anchors {
    any: AnyOf,
    /// Those that may stand in a text without ASCII words; `None` in these themselves.
    foreign: Option<Box<Self>>,
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
        let foreign: Vec<&str> = anchors
            .iter()
            .copied()
            .filter(|anchor| !Shape::new(anchor).has_ascii_word)
            .collect();
        let any_of = |anchors: &[&str], foreign| Self {
            any: AnyOf::new(anchors),
            foreign,
        };
        any_of(&anchors, Some(Box::new(any_of(&foreign, None))))
    }

    /// The anchors that may stand in a text of this shape.
    #[must_use]
    pub(crate) fn for_shape(&self, shape: &Shape) -> &Self {
        match &self.foreign {
            Some(foreign) if !shape.has_ascii_word => foreign,
            _ => self,
        }
    }

    /// Whether an anchor stands in a text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.any.is_in(text)
    }
}
