//! JSON documents: one value, or an array of records, cut as a stream without loading the file.

use super::cutter::Cutter;
use super::jsonl::{count_lines, invalid, limit_text, too_long};
use super::open::Decoded;
use super::plan::{Block, Feed, Options, Piece, Pool};
use super::sniff::is_blank;
use super::units::Made;
use super::{Entry, Fault, FaultKind, SourceError};
use crate::record::Span;

/// What the document may go on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before a top-level value. `true`: one was there, on this line.
    Top(bool),
    /// In the top-level array, before an element: after `[` (true) or a comma.
    Element(bool),
    /// In the top-level array, after an element.
    After,
}

/// Cuts the records out of a document.
pub(super) struct DocFeed {
    stream: Decoded,
    options: Options,
    place: Place,
    /// Whether any value or array was seen.
    seen: bool,
    /// The array is a flaw of its own: the file is called JSON Lines.
    wrapped: bool,
    /// Whether nonsense is being skipped.
    resuming: bool,
    carry: Vec<u8>,
}

/// What comes next.
enum Next {
    Byte(u8),
    /// The block is full.
    Pause,
    End,
}

/// A block under construction.
struct Draft {
    block: Block,
    values: Vec<(Span, u64)>,
    /// Bytes dealt with.
    at: usize,
    /// Line feeds before `counted`.
    lines: u64,
    counted: usize,
}

impl Draft {
    /// The line of a place that is not before the last one asked for.
    fn line(&mut self, at: usize) -> u64 {
        self.lines += count_lines(&self.block.bytes[self.counted..at]);
        self.counted = at;
        self.lines
    }

    fn fault(&mut self, at: usize, kind: FaultKind) {
        let line = self.line(at) + self.block.skipped_lines;
        self.block.faults.push(Fault {
            kind,
            line,
            offset: self.block.offset + at as u64,
            column: None,
        });
    }

    fn invalid(&mut self, at: usize, reason: &str) {
        self.fault(
            at,
            FaultKind::InvalidJson {
                reason: reason.to_owned(),
            },
        );
    }
}

impl DocFeed {
    pub(super) fn new(stream: Decoded, options: &Options, wrapped: bool) -> Self {
        Self {
            stream,
            options: options.clone(),
            place: Place::Top(false),
            seen: false,
            wrapped,
            resuming: false,
            carry: Vec::new(),
        }
    }

    /// Reads more; false at the end.
    fn more(&mut self, draft: &mut Draft) -> Result<bool, SourceError> {
        let before = draft.block.bytes.len();
        let want = self.options.chunk_bytes.clamp(1, 1 << 20);
        self.stream.fill(&mut draft.block.bytes, want)?;
        Ok(draft.block.bytes.len() > before)
    }

    /// What stands at the next byte that is not blank.
    fn peek(&mut self, draft: &mut Draft) -> Result<Next, SourceError> {
        loop {
            while let Some(&byte) = draft.block.bytes.get(draft.at) {
                if !is_blank(byte) {
                    return Ok(Next::Byte(byte));
                }
                if byte == b'\n' && self.place == Place::Top(true) {
                    self.place = Place::Top(false);
                }
                draft.at += 1;
            }
            if self.is_full(draft) {
                return Ok(Next::Pause);
            }
            if !self.more(draft)? {
                return Ok(Next::End);
            }
        }
    }

    /// Deals with what stands at `draft.at`; false at the end of the file.
    fn step(&mut self, draft: &mut Draft) -> Result<bool, SourceError> {
        if self.resuming {
            return self.resume(draft);
        }
        let byte = match self.peek(draft)? {
            Next::Byte(byte) => byte,
            Next::Pause => return Ok(true),
            Next::End => {
                self.end(draft);
                return Ok(false);
            }
        };
        match (self.place, byte) {
            (Place::Top(false), b'[') => self.open_array(draft),
            (Place::Element(true) | Place::After, b']') => {
                self.place = Place::Top(true);
                draft.at += 1;
            }
            (Place::After, b',') => {
                self.place = Place::Element(false);
                draft.at += 1;
            }
            (Place::Element(_), b',') => {
                draft.invalid(draft.at, "a value is expected here, not `,`");
                self.place = Place::Element(false);
                draft.at += 1;
            }
            (Place::Element(_), b']') => {
                draft.invalid(draft.at, "a value is expected after `,`, not `]`");
                self.place = Place::Top(true);
                draft.at += 1;
            }
            (Place::Top(false) | Place::Element(_), b'}' | b']' | b':' | b',') => {
                draft.invalid(
                    draft.at,
                    &format!("a value is expected here, not `{}`", byte as char),
                );
                return self.resume(draft);
            }
            (Place::Top(false) | Place::Element(_), _) => return self.value(draft),
            (Place::Top(true), _) => {
                draft.invalid(draft.at, "the document has ended, but more follows on the line");
                return self.resume(draft);
            }
            (Place::After, _) => {
                draft.invalid(draft.at, "`,` or `]` is expected after an element");
                return self.resume(draft);
            }
        }
        Ok(true)
    }

    fn open_array(&mut self, draft: &mut Draft) {
        if self.wrapped && !self.seen {
            draft.fault(
                draft.at,
                FaultKind::LineStructure {
                    what: "array wrapper",
                    count: 1,
                },
            );
        }
        self.seen = true;
        self.place = Place::Element(true);
        draft.at += 1;
    }

    /// Skips what does not belong here: to the next comma or closing bracket of the array, or to
    /// the next line outside one. What is skipped counts as one record.
    fn resume(&mut self, draft: &mut Draft) -> Result<bool, SourceError> {
        self.seen = true;
        let array = !matches!(self.place, Place::Top(_));
        if array && !self.resuming {
            draft.at += 1;
        }
        self.resuming = true;
        loop {
            while let Some(&byte) = draft.block.bytes.get(draft.at) {
                let end = if array {
                    matches!(byte, b',' | b']')
                } else {
                    byte == b'\n'
                };
                if end {
                    self.resuming = false;
                    self.place = if array { Place::After } else { Place::Top(false) };
                    return Ok(true);
                }
                draft.at += 1;
            }
            if self.is_full(draft) {
                return Ok(true);
            }
            if !self.more(draft)? {
                return Ok(false);
            }
        }
    }

    /// Whether the block should end here: a file of blanks or of nonsense must not be kept whole.
    fn is_full(&self, draft: &Draft) -> bool {
        draft.at >= self.options.chunk_bytes.max(1)
    }

    /// Cuts one value.
    fn value(&mut self, draft: &mut Draft) -> Result<bool, SourceError> {
        let start = draft.at;
        let mut cutter = Cutter::default();
        self.seen = true;
        let end = loop {
            if let Some(length) = cutter.feed(&draft.block.bytes[draft.at..]) {
                break draft.at + length;
            }
            draft.at = draft.block.bytes.len();
            if draft.at - start > self.options.max_record_bytes {
                return self.skip(draft, start, cutter);
            }
            if !self.more(draft)? {
                if cutter.ends_with_file() && self.stream.reason.is_none() {
                    break draft.at;
                }
                // A broken stream has its own fault: the rest of the file is one lost record.
                if self.stream.reason.is_none() {
                    draft.invalid(start, "the value that starts here has no end");
                }
                draft.block.bytes.truncate(start);
                draft.at = start;
                draft.counted = draft.counted.min(start);
                self.place = Place::Top(false);
                return Ok(false);
            }
        };
        draft.at = end;
        let line = draft.line(start) + draft.block.skipped_lines;
        if end - start > self.options.max_record_bytes {
            let fault = too_long(
                &self.options,
                line,
                draft.block.offset + start as u64,
                (end - start) as u64,
            );
            draft.block.faults.push(fault);
        } else {
            draft.values.push((Span::new(start, end), line));
        }
        self.ended_value();
        Ok(true)
    }

    fn ended_value(&mut self) {
        self.place = match self.place {
            Place::Top(_) => Place::Top(true),
            _ => Place::After,
        };
    }

    /// Skips a value that is too long, in bounded memory.
    fn skip(&mut self, draft: &mut Draft, start: usize, mut cutter: Cutter) -> Result<bool, SourceError> {
        let line = draft.line(start) + draft.block.skipped_lines;
        let mut length = (draft.at - start) as u64;
        draft.block.faults.push(Fault {
            kind: FaultKind::Limit {
                limit: limit_text(&self.options),
                what: "record length in bytes",
                value: length,
            },
            line,
            offset: draft.block.offset + start as u64,
            column: None,
        });
        // The block ends here; the next one starts behind the value.
        let mut lines = count_lines(&draft.block.bytes[start..]);
        draft.block.bytes.truncate(start);
        self.carry.clear();
        let goes_on = loop {
            self.stream.fill(&mut self.carry, 64 * 1024)?;
            if let Some(end) = cutter.feed(&self.carry) {
                length += end as u64;
                lines += count_lines(&self.carry[..end]);
                self.carry.drain(..end);
                break true;
            }
            length += self.carry.len() as u64;
            lines += count_lines(&self.carry);
            self.carry.clear();
            if self.stream.ended() {
                break false;
            }
        };
        if !goes_on && self.stream.reason.is_some() {
            // The stream's fault stands for the value that it broke in, too.
            draft.block.faults.pop();
        } else if let Some(Fault {
            kind: FaultKind::Limit { value, .. },
            ..
        }) = draft.block.faults.last_mut()
        {
            *value = length;
        }
        draft.block.skipped_lines += lines;
        draft.at = start;
        self.ended_value();
        if !goes_on {
            self.place = Place::Top(true);
        }
        Ok(goes_on)
    }

    /// Says what is missing at the end of the file.
    fn end(&mut self, draft: &mut Draft) {
        if self.stream.reason.is_some() {
            return;
        }
        if !matches!(self.place, Place::Top(_)) {
            draft.invalid(draft.at, "the array has no closing `]`");
        } else if !self.seen {
            draft.invalid(draft.at, "the file holds no JSON value");
        }
    }
}

impl Feed for DocFeed {
    fn next(&mut self, pool: &Pool) -> Result<(Piece, bool), SourceError> {
        let mut bytes = pool.take();
        bytes.append(&mut self.carry);
        let offset = self.stream.offset - bytes.len() as u64;
        let mut draft = Draft {
            block: Block {
                bytes,
                offset,
                ..Block::default()
            },
            values: Vec::new(),
            at: 0,
            lines: 0,
            counted: 0,
        };
        let mut goes_on = true;
        while goes_on && !self.is_full(&draft) && self.carry.is_empty() {
            goes_on = self.step(&mut draft)?;
        }
        if goes_on && self.carry.is_empty() {
            self.carry.extend_from_slice(&draft.block.bytes[draft.at..]);
            draft.block.bytes.truncate(draft.at);
        }
        if !goes_on {
            let lines = count_lines(&draft.block.bytes) + draft.block.skipped_lines;
            draft.block.faults.extend(self.stream.take_fault(lines));
        }
        Ok((Piece::Values(draft.block, draft.values), !goes_on))
    }
}

/// Checks the encoding of the values and blanks everything that is not UTF-8.
pub(super) fn seal(block: Block, values: &[(Span, u64)], options: &Options) -> Made {
    let Block {
        mut bytes,
        offset,
        mut faults,
        skipped_lines,
        ..
    } = block;
    let lines = count_lines(&bytes) + skipped_lines;
    let sound = simdutf8::basic::from_utf8(&bytes).is_ok();
    let mut entries = Vec::with_capacity(values.len());
    let mut behind = 0;
    for &(span, line) in values {
        if !sound {
            blank_invalid(&mut bytes[behind..span.start]);
            if let Some(fault) = invalid_value(&bytes, span, line, offset, options) {
                bytes[span.range()].fill(b' ');
                faults.push(fault);
                behind = span.end;
                continue;
            }
            behind = span.end;
        }
        entries.push(Entry {
            span,
            line,
            map: None,
        });
    }
    if !sound {
        blank_invalid(&mut bytes[behind..]);
    }
    faults.sort_by_key(|fault| fault.offset);
    Made {
        bytes,
        offset,
        entries,
        faults,
        lines,
        raw: true,
    }
}

/// The fault of a value that is not UTF-8, at the line its bad byte stands in.
fn invalid_value(bytes: &[u8], span: Span, line: u64, offset: u64, options: &Options) -> Option<Fault> {
    let mut fault = invalid(&bytes[span.range()], line, offset + span.start as u64, options)?;
    let bad = (fault.offset - offset) as usize;
    fault.line += count_lines(&bytes[span.start..bad]);
    fault.column = None;
    Some(fault)
}

fn blank_invalid(bytes: &mut [u8]) {
    if simdutf8::basic::from_utf8(bytes).is_err() {
        bytes
            .iter_mut()
            .filter(|byte| !byte.is_ascii())
            .for_each(|byte| *byte = b' ');
    }
}
