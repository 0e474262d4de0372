//! Text and Markdown: one file, one record.

use super::adapt::Adapter;
use super::discover::Input;
use super::jsonl::{count_lines, invalid, limit_text};
use super::open::Decoded;
use super::plan::{Block, Feed, Options, Piece, Pool};
use super::render::{Member, push_record, string};
use super::units::Made;
use super::{Back, Fault, FaultKind, SourceError, yaml};
use crate::config::{Format, TitleFrom};
use std::sync::Arc;

/// Reads a whole file, up to the longest record.
pub(super) struct TextFeed {
    stream: Decoded,
    options: Options,
}

impl TextFeed {
    pub(super) fn new(stream: Decoded, options: &Options) -> Self {
        Self {
            stream,
            options: options.clone(),
        }
    }

    /// Reads to the end without keeping anything.
    fn drain(&mut self, bytes: &mut Vec<u8>) -> Result<u64, SourceError> {
        let mut length = bytes.len() as u64;
        while !self.stream.ended() {
            bytes.clear();
            self.stream.fill(bytes, 64 * 1024)?;
            length += bytes.len() as u64;
        }
        bytes.clear();
        Ok(length)
    }
}

impl Feed for TextFeed {
    fn next(&mut self, pool: &Pool) -> Result<(Piece, bool), SourceError> {
        let max = self.options.max_record_bytes;
        let mut block = Block {
            bytes: pool.take(),
            offset: self.stream.offset,
            ..Block::default()
        };
        while !self.stream.ended() && block.bytes.len() <= max {
            let want = (max + 1 - block.bytes.len()).min(1 << 20);
            self.stream.fill(&mut block.bytes, want)?;
        }
        if block.bytes.len() > max {
            let value = self.drain(&mut block.bytes)?;
            block.faults.push(Fault {
                kind: FaultKind::Limit {
                    limit: limit_text(&self.options),
                    what: "record length in bytes",
                    value,
                },
                line: 0,
                offset: block.offset,
                column: None,
            });
        }
        if let Some(fault) = self.stream.take_fault(count_lines(&block.bytes)) {
            // Half an article is not an article, and one lost record whatever else is wrong with it.
            block.bytes.clear();
            block.faults.clear();
            block.faults.push(fault);
        }
        let nothing = !block.faults.is_empty();
        Ok((
            if nothing {
                Piece::Values(block, Vec::new())
            } else {
                Piece::Text(block)
            },
            true,
        ))
    }
}

/// Makes the record of a text file.
pub(super) fn record(
    block: Block,
    input: &Input,
    adapter: Option<&Adapter>,
    options: &Options,
    notices: &mut Vec<String>,
) -> Made {
    let mut made = Made {
        offset: block.offset,
        faults: block.faults,
        lines: count_lines(&block.bytes),
        ..Made::default()
    };
    let Ok(text) = simdutf8::basic::from_utf8(&block.bytes) else {
        made.faults
            .extend(invalid_text(&block.bytes, block.offset, options));
        return made;
    };
    if text.trim().is_empty() {
        return made;
    }
    match members(text, block.offset, input, options, notices) {
        Ok(members) => push_record(&mut made, members, 0, adapter, input),
        Err(reason) => made.faults.push(Fault {
            kind: FaultKind::Malformed { reason },
            line: 0,
            offset: block.offset,
            column: None,
        }),
    }
    made
}

fn invalid_text(bytes: &[u8], offset: u64, options: &Options) -> Option<Fault> {
    let mut fault = invalid(bytes, 0, offset, options)?;
    let before = &bytes[..(fault.offset - offset) as usize];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |found| found + 1);
    fault.line = count_lines(before);
    fault.column = std::str::from_utf8(&before[line_start..])
        .ok()
        .map(|line| line.chars().count() as u64 + 1);
    Some(fault)
}

/// Front matter, then id, title and body where it has none.
fn members(
    text: &str,
    offset: u64,
    input: &Input,
    options: &Options,
    notices: &mut Vec<String>,
) -> Result<Vec<Member>, String> {
    let markdown = !matches!(input.format, Format::Text);
    let (mut members, mut start) = match yaml::split(text) {
        Some((front, rest)) => match yaml::members(front) {
            Ok(members) => (members, rest),
            // In plain text a line of hyphens may be just that.
            Err(_) if !markdown => (Vec::new(), 0),
            Err(reason) => return Err(format!("the YAML front matter cannot be read: {reason}")),
        },
        None => (Vec::new(), 0),
    };
    start = skip_blank_lines(text, start);
    let mut title = None;
    // Front matter that has a title leaves the first line to the text.
    let untitled = !members
        .iter()
        .any(|member| *member.name == *options.title_field());
    if input.spec.title == Some(TitleFrom::FirstLine) && untitled {
        let end = text[start..].find('\n').map_or(text.len(), |found| start + found);
        title = Some((start, text[start..end].trim()));
        start = skip_blank_lines(text, (end + 1).min(text.len()));
    }
    let body = text[start..].trim_end_matches(['\n', '\r']);
    let place = |at: usize| {
        let line_start = text[..at].rfind('\n').map_or(0, |found| found + 1);
        Back::Lines {
            offset: offset + at as u64,
            line: count_lines(&text.as_bytes()[..at]),
            column: text[line_start..at].chars().count() as u64,
        }
    };
    let mut add = |name: &str, value: &str, back: Back| {
        if members.iter().any(|member| *member.name == *name) {
            return false;
        }
        members.push(Member::new(&Arc::from(name), string(value), back));
        true
    };
    add(options.id_field(), &input.stem, Back::Nowhere);
    if let Some((at, line)) = title {
        let lead = text[at..].len() - text[at..].trim_start().len();
        let plain = line.strip_prefix('#').filter(|_| markdown);
        let value = plain.map_or(line, |rest| rest.trim_start_matches('#').trim());
        let inner = if plain.is_some() {
            line.len() - line.trim_start_matches('#').trim_start().len()
        } else {
            0
        };
        add(options.title_field(), value, place(at + lead + inner));
    }
    if !add(options.text_field(), body, place(start)) && !body.is_empty() {
        notices.push(format!(
            "the front matter has a field `{}`, so the text below it is not read",
            options.text_field()
        ));
    }
    Ok(members)
}

/// Where the first line that is not blank starts.
fn skip_blank_lines(text: &str, mut start: usize) -> usize {
    for line in text[start..].split_inclusive('\n') {
        if !line.trim().is_empty() {
            break;
        }
        start += line.len();
    }
    start
}
