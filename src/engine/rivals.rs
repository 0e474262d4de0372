//! Findings that give way to others about the same place, so that one fault is said once.

use crate::finding::Finding;
use crate::record::Span;

/// Where a finding stands: its field, and bytes of the value where it has them.
type Place = (Option<u32>, Option<Span>);

/// The findings of one record that may have to give way, and the others, as they are placed.
#[derive(Debug, Default)]
pub(crate) struct Rivals {
    yielding: Vec<(usize, Place, &'static [&'static str])>,
    /// In the order of their places.
    standing: Vec<(Place, &'static str)>,
}

impl Rivals {
    /// Takes a finding that will be number `index` of the record. Call in the order of (node, span).
    pub(crate) fn add(
        &mut self,
        index: usize,
        node: Option<u32>,
        unless: &'static [&'static str],
        finding: &Finding,
    ) {
        let place = (node, finding.span);
        if !unless.is_empty() {
            self.yielding.push((index, place, unless));
        } else if finding.suppressed.is_none() {
            self.standing.push((place, finding.code));
        }
    }

    /// Takes out of `placed` what gives way.
    pub(crate) fn retire(mut self, placed: &mut Vec<Finding>) {
        // The places that one rule reports in a field do not overlap, so that the last one of each
        // rule before the end of a yielding finding decides.
        let mut next = 0;
        let mut last: Vec<(&'static str, Place)> = Vec::new();
        let standing = &self.standing;
        self.yielding.retain(|(_, place, unless)| {
            let end = place.1.map_or(usize::MAX, |span| span.end);
            while let Some((other, code)) = standing.get(next)
                && (other.0, other.1.map_or(0, |span| span.start)) < (place.0, end)
            {
                next += 1;
                match last.iter_mut().find(|(known, _)| known == code) {
                    Some((_, at)) => *at = *other,
                    None => last.push((code, *other)),
                }
            }
            last.iter()
                .any(|(code, other)| unless.contains(code) && meet(*place, *other))
        });
        let mut gone = self.yielding.iter().map(|(index, ..)| *index).peekable();
        let mut index = 0;
        placed.retain(|_| {
            let stays = gone.next_if_eq(&index).is_none();
            index += 1;
            stays
        });
    }
}

/// Whether two findings are about the same piece of a field.
fn meet(a: Place, b: Place) -> bool {
    a.0 == b.0
        && match (a.1, b.1) {
            (Some(a), Some(b)) => a.overlaps(b),
            _ => true,
        }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::engine::single::{checker, findings};
    use crate::schema::{Formats, Schema};

    fn codes(select: &[&str], record: &serde_json::Value) -> Vec<&'static str> {
        let document = serde_json::json!({"properties": {"published_at": {"format": "date-time"}}});
        let options = crate::schema::Options {
            formats: Formats::Assert,
            ..crate::schema::Options::default()
        };
        let schema = Schema::compile(&document, &options).unwrap();
        let mut all = checker("none", Some(schema)).unwrap();
        let config = crate::config::Config::default();
        let line = crate::engine::select::CommandLine {
            select: Some(select.iter().map(|&code| code.to_owned()).collect()),
            ..crate::engine::select::CommandLine::default()
        };
        all.selection = crate::engine::select::Selection::new(&config, &line, None).unwrap();
        findings(&all, &record.to_string(), "a.jsonl")
            .iter()
            .map(|finding| finding.code)
            .collect()
    }

    #[test]
    fn a_bad_date_is_said_once() {
        let bad = serde_json::json!({"id": "a", "published_at": "18/10/2019"});
        assert_eq!(codes(&["S010", "M001"], &bad), ["M001"]);
        assert_eq!(codes(&["S010"], &bad), ["S010"]);
    }

    #[test]
    fn soft_hyphens_of_garbled_text_are_part_of_it() {
        // "\u{645}\u{62d}\u{637}\u{629}…" read as windows-1252: the second byte of U+062D is AD.
        let line: String = "محطة القطار الجديدة تفتح أبوابها"
            .bytes()
            .map(|byte| encoding_rs::WINDOWS_1252.decode(&[byte]).0.into_owned())
            .collect();
        assert!(line.contains('\u{AD}'));
        let body = format!("{line}\nA Regie\u{ad}rung stays.");
        let record = serde_json::json!({"id": "a", "body": body});
        assert_eq!(codes(&["E101", "U008"], &record), ["E101", "U008"]);
        assert_eq!(
            codes(&["U008"], &record).len(),
            1 + line.matches('\u{AD}').count()
        );
    }
}
