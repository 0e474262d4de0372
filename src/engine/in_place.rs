//! Which fixes can go back into a file, and which bytes they change there.

use super::lint::FixRun;
use super::rewrite::Patch;
use crate::config::Format;
use crate::record::{Span, Value};
use crate::source::{self, Back, Chunk, Entry};

/// Why a file cannot be rewritten at all; `None` where it can.
pub(crate) fn file_refusal(chunk: &Chunk, fix: &FixRun) -> Option<String> {
    if let Some(charset) = chunk.charset {
        return Some(refused(&format!("it was decoded from {charset}")));
    }
    let codec = chunk.codec.filter(|_| !fix.compressed)?;
    let name = codec.name();
    Some(refused(&format!(
        "it is compressed ({name}) and `--fix-compressed` is not given"
    )))
}

/// Why the values of a file cannot be rewritten; `None` where they can.
pub(crate) fn value_refusal(format: Format) -> Option<String> {
    matches!(format, Format::Csv | Format::Tsv).then(|| refused("cells of a table are not rewritten"))
}

fn refused(why: &str) -> String {
    format!("not fixed: {why}; `corpus release` applies the fixes to the release")
}

/// Why a value that is in no file as it is read cannot be rewritten.
pub(crate) const NOWHERE: &str = "some values are not fixed: they do not stand in the file as they are read (Parquet, Arrow, \
     defaults, converted markup and dates); `corpus release` applies the fixes to the release";

/// Whether a value is in the file as it is read.
pub(crate) fn stands_in_file(entry: &Entry, value: Value<'_>) -> bool {
    let span = value.span();
    entry.map.as_ref().is_none_or(|map| {
        map.iter()
            .find(|s| s.rendered.start <= span.start && span.end <= s.rendered.end)
            .is_some_and(|segment| segment.back != Back::Nowhere)
    })
}

/// The byte ranges of the file that the new literals replace; `None` where a value did not come
/// from bytes that can be rewritten.
pub(crate) fn patches(
    chunk: &Chunk,
    entry: &Entry,
    literals: &[(Span, String)],
    root: Value<'_>,
) -> Option<Vec<Patch>> {
    literals
        .iter()
        .map(|(span, literal)| {
            let Some(map) = &entry.map else {
                let start = chunk.offset + span.start as u64;
                return Some(Patch {
                    start,
                    end: start + span.len() as u64,
                    text: literal.clone().into_bytes(),
                });
            };
            let segment = map
                .iter()
                .find(|s| s.rendered.start <= span.start && span.end <= s.rendered.end)?;
            match segment.back {
                Back::Literal(offset) => {
                    let start = offset + (span.start - segment.rendered.start) as u64;
                    Some(Patch {
                        start,
                        end: start + span.len() as u64,
                        text: literal.clone().into_bytes(),
                    })
                }
                Back::Plain(offset) | Back::Lines { offset, .. } => {
                    let old = root
                        .members()
                        .map(|(_, value)| value)
                        .find(|value| value.span() == *span)?
                        .as_str()?;
                    Some(Patch {
                        start: offset,
                        end: offset + old.len() as u64,
                        text: super::fix::decode_literal(literal)?.into_bytes(),
                    })
                }
                Back::Nowhere => None,
            }
        })
        .collect()
}

/// The entry of a fixed record, alone in its chunk.
pub(crate) fn moved_entry(entry: &Entry, literals: &[(Span, String)], length: usize) -> Entry {
    let base = entry.span.start;
    let shift = |at: usize| -> usize {
        let growth: i64 = literals
            .iter()
            .filter(|(span, _)| span.end <= at)
            .map(|(span, text)| text.len() as i64 - span.len() as i64)
            .sum();
        (at - base).saturating_add_signed(growth as isize)
    };
    Entry {
        span: Span::new(0, length),
        line: entry.line,
        map: entry.map.as_ref().map(|map| {
            map.iter()
                .map(|segment| source::Segment {
                    rendered: Span::new(shift(segment.rendered.start), shift(segment.rendered.end)),
                    ..segment.clone()
                })
                .collect()
        }),
    }
}
