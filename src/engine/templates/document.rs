//! What counting keeps of one document: a few bytes for each of its lines.

use crate::dedup::ContentKeys;
use crate::engine::corpus::{identity, micros};
use crate::engine::place::id_text;
use crate::record::Role;
use crate::rules::Record;
use crate::rules::template::{line_key, source_of};
use crate::text::lines::{self, Line, Terminal, is_isolated};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Lines at either end of a text that count as its edge.
const EDGE: usize = 5;
/// Lines that are counted at either end of a text: no article has more.
const LINES: usize = 256;
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// Where a line stands in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Head,
    Middle,
    Tail,
}

/// One line of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Hash of the source and of what the line is compared by.
    pub(super) key: u64,
    /// Hash of the line as it stands.
    pub(super) form: u32,
    pub(super) place: Place,
    /// Whether it stands alone between blank lines.
    pub(super) isolated: bool,
    /// Whether it ends as a sentence does.
    pub(super) sentence: bool,
}

/// Where a record stands in the plan: input, chunk, entry.
pub(super) type Spot = (u32, u64, u32);

/// One document.
#[derive(Debug, Clone)]
pub(super) struct Marked {
    pub(super) spot: Spot,
    pub(super) source: Box<str>,
    /// Days since 1970; `None` without a date.
    pub(super) day: Option<i32>,
    /// Sum over all lines: what is left without one line tells texts apart.
    pub(super) sum: u64,
    /// Lines that may be a template's, each once, ascending by key.
    pub(super) lines: Vec<Mark>,
    pub(super) copy: Copy,
}

/// What tells copies of a document.
#[derive(Debug, Clone)]
pub(super) struct Copy {
    pub(super) keys: ContentKeys,
    pub(super) date: Option<i64>,
    pub(super) chars: u64,
    pub(super) identity: crate::dedup::Identity,
}

/// Memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Marker {
    key: String,
    buffer: Vec<u8>,
}

impl Marker {
    /// The lines of a record; `None` where there is no text.
    pub(super) fn document(&mut self, record: &Record<'_>, spot: Spot) -> Option<Marked> {
        let text = record.text(Role::Text).filter(|text| !text.trim().is_empty())?;
        let source = source_of(record);
        let id = record.role(Role::Id).and_then(id_text);
        let date = record.text(Role::Published).and_then(micros);
        let (lines, sum) = self.lines(text, xxh3_64(source.as_bytes()));
        Some(Marked {
            spot,
            source: source.as_ref().into(),
            day: date.and_then(|micros| i32::try_from(micros.div_euclid(DAY)).ok()),
            sum,
            lines,
            copy: Copy {
                keys: ContentKeys::quick(text, &mut self.buffer),
                date,
                chars: text.len() as u64,
                identity: identity(id.as_deref(), record.root.raw()),
            },
        })
    }

    /// The lines of a text that may be a template's, and the sum over all of them.
    pub(super) fn lines(&mut self, text: &str, seed: u64) -> (Vec<Mark>, u64) {
        let table = lines::table(text);
        let filled = table.iter().filter(|line| !line.is_blank()).count();
        let mut marks = Vec::new();
        let mut sum = 0_u64;
        let lines = table.iter().enumerate().filter(|(_, line)| !line.is_blank());
        for (number, (index, line)) in lines.enumerate() {
            let after = filled - 1 - number;
            let shown = line.text(text);
            let edges = number < LINES || after < LINES;
            if edges && line_key(shown, &mut self.key) {
                let key = xxh3_64_with_seed(self.key.as_bytes(), seed);
                sum = sum.wrapping_add(key);
                marks.push(mark(text, &table, index, line, key, place(number, after)));
            } else {
                sum = sum.wrapping_add(xxh3_64(shown.as_bytes()));
            }
        }
        // Of a line that stands twice in a text the first place counts.
        marks.sort_by_key(|mark| mark.key);
        marks.dedup_by_key(|mark| mark.key);
        (marks, sum)
    }

    /// The line of a text that has this key, as it stands.
    pub(super) fn find<'t>(&mut self, text: &'t str, seed: u64, key: u64) -> Option<&'t str> {
        let table = lines::table(text);
        table
            .iter()
            .map(|line| line.text(text))
            .find(|line| line_key(line, &mut self.key) && xxh3_64_with_seed(self.key.as_bytes(), seed) == key)
    }
}

fn place(before: usize, after: usize) -> Place {
    if after < EDGE && after <= before {
        Place::Tail
    } else if before < EDGE {
        Place::Head
    } else {
        Place::Middle
    }
}

fn mark(text: &str, table: &[Line], index: usize, line: &Line, key: u64, place: Place) -> Mark {
    Mark {
        key,
        form: xxh3_64(line.text(text).as_bytes()) as u32,
        place,
        isolated: is_isolated(table, index),
        sentence: matches!(line.terminal(text), Terminal::Sentence | Terminal::Ellipsis),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_where_they_stand() {
        let text = "One line at the top.\n\nalone in the text\n\n".to_owned()
            + &"a line of the middle\n".repeat(12)
            + "the last line of all";
        let (marks, _) = Marker::default().lines(&text, 0);
        let mut places: Vec<_> = marks
            .iter()
            .map(|mark| (mark.place, mark.isolated, mark.sentence))
            .collect();
        places.sort_unstable();
        assert_eq!(
            places,
            [
                (Place::Head, false, false),
                (Place::Head, true, false),
                (Place::Head, true, true),
                (Place::Tail, false, false),
            ]
        );
    }

    #[test]
    fn a_line_is_found_by_its_key() {
        let text = "Nothing here.\nThere are 7 comments below";
        let (marks, _) = Marker::default().lines("There are 19 comments below", 5);
        let found = Marker::default().find(text, 5, marks[0].key);
        assert_eq!(found, Some("There are 7 comments below"));
        assert_eq!(Marker::default().find(text, 6, marks[0].key), None);
    }
}
