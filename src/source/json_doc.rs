//! JSON documents: one value, or an array of records, cut as a stream without loading the file.

use super::jsonl::{count_lines, invalid, limit_text, too_long};
use super::open::Decoded;
use super::plan::{Block, Feed, Made, Options, Piece, Pool};
use super::sniff::is_blank;
use super::{Entry, Fault, FaultKind, SourceError};
use crate::record::Span;

/// Finds the end of one JSON value in bytes that come in pieces. It looks at brackets and string
/// ends only; whether the value is JSON is for the parser to say.
#[derive(Debug, Clone, Default)]
pub(super) struct Cutter {
    state: Inside,
    depth: u64,
    started: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Inside {
    #[default]
    Container,
    Text,
    Escape,
    Scalar,
}

impl Cutter {
    /// Takes the next bytes. `Some(n)`: the value ends before byte `n` of them.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        if !self.started {
            let first = *bytes.first()?;
            self.started = true;
            match first {
                b'"' => {
                    self.state = Inside::Text;
                    at = 1;
                }
                b'{' | b'[' => {}
                _ => {
                    self.state = Inside::Scalar;
                    at = 1;
                }
            }
        }
        while at < bytes.len() {
            match self.state {
                Inside::Text => {
                    let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at..]) else {
                        return None;
                    };
                    at += found + 1;
                    if bytes[at - 1] == b'\\' {
                        self.state = Inside::Escape;
                    } else if self.depth == 0 {
                        return Some(at);
                    } else {
                        self.state = Inside::Container;
                    }
                }
                Inside::Escape => {
                    self.state = Inside::Text;
                    at += 1;
                }
                Inside::Scalar => {
                    let end = |&byte: &u8| {
                        is_blank(byte) || matches!(byte, b',' | b']' | b'}' | b'[' | b'{' | b'"' | b':')
                    };
                    return bytes[at..].iter().position(end).map(|found| at + found);
                }
                Inside::Container => {
                    if self.container(bytes, &mut at) {
                        return Some(at);
                    }
                }
            }
        }
        None
    }

    /// Runs to the next string or the end of the value; true at the end.
    fn container(&mut self, bytes: &[u8], at: &mut usize) -> bool {
        while let Some(&byte) = bytes.get(*at) {
            *at += 1;
            match byte {
                b'"' => {
                    self.state = Inside::Text;
                    return false;
                }
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// Whether the bytes end here without harm: a number or a word at the end of the file.
    fn ends_with_file(&self) -> bool {
        self.state == Inside::Scalar
    }
}

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
    carry: Vec<u8>,
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

    /// The next byte that is not blank, or `None` at the end of the file.
    fn peek(&mut self, draft: &mut Draft) -> Result<Option<u8>, SourceError> {
        loop {
            while let Some(&byte) = draft.block.bytes.get(draft.at) {
                if !is_blank(byte) {
                    return Ok(Some(byte));
                }
                if byte == b'\n' && self.place == Place::Top(true) {
                    self.place = Place::Top(false);
                }
                draft.at += 1;
            }
            if !self.more(draft)? {
                return Ok(None);
            }
        }
    }

    /// Deals with what stands at `draft.at`; false at the end of the file.
    fn step(&mut self, draft: &mut Draft) -> Result<bool, SourceError> {
        let Some(byte) = self.peek(draft)? else {
            self.end(draft);
            return Ok(false);
        };
        match (self.place, byte) {
            (Place::Top(false), b'[') => self.open_array(draft),
            (Place::Element(true), b']') | (Place::After, b']') => {
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
        let mut first = true;
        loop {
            while let Some(&byte) = draft.block.bytes.get(draft.at) {
                if array && !first && matches!(byte, b',' | b']') {
                    self.place = Place::After;
                    return Ok(true);
                }
                if !array && byte == b'\n' {
                    self.place = Place::Top(false);
                    return Ok(true);
                }
                first = false;
                draft.at += 1;
            }
            self.drop_before(draft);
            if !self.more(draft)? {
                return Ok(false);
            }
        }
    }

    /// Frees bytes that hold no value, so that skipping needs no memory.
    fn drop_before(&self, draft: &mut Draft) {
        if draft.values.is_empty() && draft.at > self.options.chunk_bytes {
            let lines = draft.line(draft.at);
            draft.block.skipped_lines += lines;
            draft.block.offset += draft.at as u64;
            draft.block.bytes.drain(..draft.at);
            (draft.at, draft.lines, draft.counted) = (0, 0, 0);
        }
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
        if let Some(Fault {
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
        let chunk = self.options.chunk_bytes.max(1);
        let mut goes_on = true;
        while goes_on && draft.at < chunk && self.carry.is_empty() {
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
