//! Keeps the values that rules about people find out of everything that is said about a record.
//!
//! Such a value may stand next to another rule's finding, or inside it: in the text around it, in
//! its message, in what a fix removes. It is masked there too. Record hashes leave it out, for
//! somebody who knows the rest of a record could try every telephone number.

use super::select::Selection;
use crate::record::{Kind, Span, Value};
use crate::rules::RawFinding;
use std::borrow::Cow;
use xxhash_rust::xxh3::Xxh3;

/// What is written for each byte of a masked value, so that offsets stay right.
const MASK: &str = "*";
/// Fewest characters of a cut value that are masked: shorter ones tell nothing.
const CUT: usize = 3;

/// Whether a rule is about people: what it finds is never shown.
pub(crate) fn is_about_people(code: &str) -> bool {
    code.starts_with('P')
}

/// The private values of one record: their nodes and spans, ascending.
#[derive(Debug, Default)]
pub(crate) struct Private {
    places: Vec<(u32, Span)>,
}

impl Private {
    /// The places that rules about people report, suppressed or not.
    pub(crate) fn new(selection: &Selection, findings: &[RawFinding]) -> Self {
        let mut places: Vec<(u32, Span)> = findings
            .iter()
            .filter(|finding| is_about_people(selection.set.active[finding.rule as usize].rule.code))
            .filter_map(|finding| finding.node.zip(finding.span))
            .collect();
        places.sort_unstable();
        Self { places }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The spans in a node.
    pub(crate) fn spans(&self, node: u32) -> impl Iterator<Item = Span> {
        let first = self.places.partition_point(|(of, _)| *of < node);
        self.places[first..]
            .iter()
            .take_while(move |(of, _)| *of == node)
            .map(|(_, span)| *span)
    }

    /// Masks the private values in a piece of a node's value that begins at `from`.
    pub(crate) fn mask_piece(&self, node: u32, from: usize, piece: &mut Box<str>) {
        let mut masked = None;
        for span in self.spans(node) {
            let start = span.start.max(from);
            let end = span.end.min(from + piece.len());
            if start < end {
                let text: &mut String = masked.get_or_insert_with(|| piece.to_string());
                text.replace_range(start - from..end - from, &MASK.repeat(end - start));
            }
        }
        if let Some(masked) = masked {
            *piece = masked.into_boxed_str();
        }
    }

    /// Masks the private values of a record wherever a text quotes them, cut ones too.
    pub(crate) fn mask_quoted(&self, root: Value<'_>, text: &mut Box<str>) {
        for &(node, span) in &self.places {
            if let Some(value) = root.in_tree(node).and_then(Value::as_str) {
                let masked = mask_value(text, &value[span.range()]);
                if let Cow::Owned(masked) = masked {
                    *text = masked.into_boxed_str();
                }
            }
        }
    }

    /// A hash of a record's strings without its private values.
    pub(crate) fn hash(&self, value: Value<'_>, hash: &mut Xxh3) {
        match value.kind() {
            Kind::Object => value.members().for_each(|(key, member)| {
                hash.update(key.raw().as_bytes());
                self.hash(member, hash);
            }),
            Kind::Array => value.elements().for_each(|item| self.hash(item, hash)),
            _ => {
                let text = value.as_str().unwrap_or_else(|| value.raw());
                let mut at = 0;
                for span in self.spans(value.index()) {
                    if span.start >= at {
                        hash.update(&text.as_bytes()[at..span.start]);
                    }
                    at = at.max(span.end);
                }
                hash.update(&text.as_bytes()[at..]);
                hash.update(&[0]);
            }
        }
    }
}

/// Masks a value in a text that may quote it whole or up to an ellipsis.
pub(crate) fn mask_value<'t>(text: &'t str, value: &str) -> Cow<'t, str> {
    if value.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = Cow::Borrowed(text);
    if text.contains(value) {
        masked = Cow::Owned(text.replace(value, &MASK.repeat(value.len())));
    }
    if masked.contains('…') {
        // The longest beginning first, so that nothing of it is left.
        for (at, _) in value.char_indices().rev().take_while(|(at, _)| *at >= CUT) {
            let cut = format!("{}…", &value[..at]);
            if masked.contains(&cut) {
                masked = Cow::Owned(masked.replace(&cut, &format!("{}…", MASK.repeat(at))));
            }
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_values_are_masked() {
        assert_eq!(
            mask_value("line \"to ali@a.test\".", "ali@a.test"),
            "line \"to **********\"."
        );
        assert_eq!(
            mask_value("line \"to ali@a…\".", "ali@a.test"),
            "line \"to *****…\"."
        );
        assert_eq!(mask_value("nothing…", "ali@a.test"), "nothing…");
    }
}
