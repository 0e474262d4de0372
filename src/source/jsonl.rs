//! JSON Lines: cut into lines, in a stream or in byte ranges that are read in parallel.

use super::discover::Input;
use super::open::{Decoded, Opened, unchanged};
use super::plan::{Block, Feed, Options, Piece, Plan, Pool};
use super::sniff::is_blank;
use super::units::{Cargo, Made};
use super::{Entry, Fault, FaultKind, SourceError};
use crate::record::Span;
use std::fs::File;
use std::io;

/// A byte range of a plain file. It owns the lines that start in it.
#[derive(Debug, Clone)]
pub(super) struct Range {
    pub(super) input: usize,
    number: u64,
    start: u64,
    end: u64,
    size: u64,
    step: u64,
    notices: Vec<String>,
    faults: Vec<Fault>,
}

impl Range {
    pub(super) fn first(index: usize, input: &Input, opened: Opened, options: &Options) -> Self {
        let step = options.chunk_bytes.max(1) as u64;
        Self {
            input: index,
            number: 0,
            // Where the stream stands: behind a byte order mark.
            start: opened.stream.offset,
            end: input.size.min(step),
            size: input.size,
            step,
            notices: opened.notices,
            faults: opened.faults,
        }
    }

    /// The range behind this one.
    pub(super) fn next(&self) -> Option<Self> {
        (self.end < self.size).then(|| Self {
            number: self.number + 1,
            start: self.end,
            end: self.size.min(self.end + self.step),
            notices: Vec::new(),
            faults: Vec::new(),
            ..*self
        })
    }

    /// What is known of its chunk.
    pub(super) fn cargo(self) -> Cargo {
        Cargo {
            input: self.input,
            number: self.number,
            last: self.end == self.size,
            charset: None,
            codec: None,
            notices: self.notices,
            faults: self.faults,
        }
    }
}

/// Bytes looked at in one step when a line's start or end is searched.
const STEP_BYTES: usize = 16 * 1024;

/// Reads the lines that start in a range.
pub(super) fn read_range(range: &Range, input: &Input, plan: &Plan) -> Result<Block, SourceError> {
    let file = fs_err::File::open(&input.path)?;
    unchanged(input, &file.metadata()?)?;
    let file = file.file();
    let changed = |error: io::Error| match error.kind() {
        io::ErrorKind::UnexpectedEof => SourceError::Changed {
            path: input.path.clone(),
        },
        kind => SourceError::Io(io::Error::new(kind, format!("{}: {error}", input.path.display()))),
    };
    let mut block = Block {
        bytes: plan.pool.take_dirty(),
        offset: range.end,
        ..Block::default()
    };
    let Some(start) = line_start(file, range).map_err(changed)? else {
        block.bytes.clear();
        return Ok(block);
    };
    block.offset = start;
    block.bytes.resize((range.end - start) as usize, 0);
    read_at(file, &mut block.bytes, start).map_err(changed)?;
    extend(file, range, plan.options.max_record_bytes, &mut block).map_err(changed)?;
    Ok(block)
}

/// Where the first line of a range starts, if one does.
fn line_start(file: &File, range: &Range) -> io::Result<Option<u64>> {
    if range.number == 0 {
        return Ok((range.start < range.end).then_some(range.start));
    }
    let mut buffer = [0; STEP_BYTES];
    let mut at = range.start - 1;
    // The line feed that counts stands before the range's last byte.
    let end = range.end - 1;
    while at < end {
        let part = &mut buffer[..STEP_BYTES.min((end - at) as usize)];
        read_at(file, part, at)?;
        if let Some(found) = memchr::memchr(b'\n', part) {
            return Ok(Some(at + found as u64 + 1));
        }
        at += part.len() as u64;
    }
    Ok(None)
}

/// Reads on to the end of the last line, or leaves the line out when it is too long.
fn extend(file: &File, range: &Range, max: usize, block: &mut Block) -> io::Result<()> {
    let mut at = range.end;
    let mut searched = block.bytes.len().saturating_sub(1);
    let line = memchr::memrchr(b'\n', &block.bytes).map_or(0, |found| found + 1);
    let mut step = STEP_BYTES;
    while memchr::memchr(b'\n', &block.bytes[searched..]).is_none() && at < range.size {
        if block.bytes.len() - line > max {
            return skip_line(file, range, line, block);
        }
        let old = block.bytes.len();
        block.bytes.resize(old + step.min((range.size - at) as usize), 0);
        read_at(file, &mut block.bytes[old..], at)?;
        at += (block.bytes.len() - old) as u64;
        searched = old;
        step = (step * 2).min(1 << 20);
    }
    if let Some(found) = memchr::memchr(b'\n', &block.bytes[searched..]) {
        block.bytes.truncate(searched + found + 1);
    }
    Ok(())
}

/// Takes an overlong last line out and finds its length.
fn skip_line(file: &File, range: &Range, line: usize, block: &mut Block) -> io::Result<()> {
    let start = block.offset + line as u64;
    let mut at = block.offset + block.bytes.len() as u64;
    let mut buffer = vec![0; STEP_BYTES * 4];
    let mut end = range.size;
    while at < range.size {
        let length = buffer.len().min((range.size - at) as usize);
        read_at(file, &mut buffer[..length], at)?;
        if let Some(found) = memchr::memchr(b'\n', &buffer[..length]) {
            end = at + found as u64;
            break;
        }
        at += length as u64;
    }
    block.bytes.truncate(line);
    block.faults.push(Fault {
        kind: FaultKind::Limit {
            limit: String::new(),
            what: TOO_LONG,
            value: end - start,
        },
        line: count_lines(&block.bytes),
        offset: start,
        column: None,
    });
    block.skipped_lines += 1;
    Ok(())
}

const TOO_LONG: &str = "record length in bytes";

/// The limit as the configuration writes it.
pub(super) fn limit_text(options: &Options) -> String {
    let bytes = options.max_record_bytes;
    if bytes > 0 && bytes.is_multiple_of(1 << 20) {
        format!("max-record-bytes = {} MiB", bytes >> 20)
    } else {
        format!("max-record-bytes = {bytes}")
    }
}

/// A record that is too long.
pub(super) fn too_long(options: &Options, line: u64, offset: u64, value: u64) -> Fault {
    Fault {
        kind: FaultKind::Limit {
            limit: limit_text(options),
            what: TOO_LONG,
            value,
        },
        line,
        offset,
        column: None,
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, buffer, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer = &mut buffer[read..];
        offset += read as u64;
    }
    Ok(())
}

/// How many line feeds.
pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Cuts a stream at line ends.
pub(super) struct LineFeed {
    stream: Decoded,
    carry: Vec<u8>,
    chunk: usize,
    options: Options,
}

impl LineFeed {
    pub(super) fn new(stream: Decoded, options: &Options) -> Self {
        Self {
            stream,
            carry: Vec::new(),
            chunk: options.chunk_bytes.max(1),
            options: options.clone(),
        }
    }

    /// Drops the rest of a line that is too long. How long it was, or `None` where the stream broke
    /// inside it: the stream's fault then stands for the line too.
    fn skip(&mut self, mut length: u64) -> Result<Option<u64>, SourceError> {
        self.carry.clear();
        loop {
            self.stream.fill(&mut self.carry, STEP_BYTES * 4)?;
            if let Some(found) = memchr::memchr(b'\n', &self.carry) {
                self.carry.drain(..=found);
                return Ok(Some(length + found as u64));
            }
            length += self.carry.len() as u64;
            self.carry.clear();
            if self.stream.ended() {
                return Ok(self.stream.reason.is_none().then_some(length));
            }
        }
    }

    /// The end of the stream, with its fault if it has one.
    fn finish(&mut self, mut block: Block) -> (Piece, bool) {
        let last = self.stream.ended() && self.carry.is_empty();
        if last {
            let lines = count_lines(&block.bytes) + block.skipped_lines;
            block.faults.extend(self.stream.take_fault(lines));
        }
        (Piece::Lines(block), last)
    }
}

impl Feed for LineFeed {
    fn next(&mut self, pool: &Pool) -> Result<(Piece, bool), SourceError> {
        let mut block = Block {
            bytes: pool.take(),
            offset: self.stream.offset - self.carry.len() as u64,
            ..Block::default()
        };
        std::mem::swap(&mut block.bytes, &mut self.carry);
        self.carry.clear();
        let mut searched = 0;
        let mut want = self.chunk;
        loop {
            let missing = want.saturating_sub(block.bytes.len());
            self.stream.fill(&mut block.bytes, missing)?;
            if self.stream.ended() && block.bytes.len() <= want {
                if self.stream.reason.is_some() {
                    lose_rest(&mut block);
                }
                return Ok(self.finish(block));
            }
            if let Some(found) = memchr::memrchr(b'\n', &block.bytes[searched..]) {
                self.carry.extend_from_slice(&block.bytes[searched + found + 1..]);
                block.bytes.truncate(searched + found + 1);
                return Ok(self.finish(block));
            }
            searched = block.bytes.len();
            if searched > self.options.max_record_bytes {
                block.bytes.clear();
                if let Some(length) = self.skip(searched as u64)? {
                    block
                        .faults
                        .push(too_long(&self.options, 0, block.offset, length));
                    block.skipped_lines = 1;
                }
                return Ok(self.finish(block));
            }
            want = searched + self.chunk.max(STEP_BYTES);
        }
    }
}

/// Leaves out the line that a broken stream cut: the undecodable rest is one lost record, not two.
fn lose_rest(block: &mut Block) {
    let end = memchr::memrchr(b'\n', &block.bytes).map_or(0, |found| found + 1);
    block.bytes.truncate(end);
}

/// Cuts a block of whole lines into records.
pub(super) fn cut(block: Block, options: &Options) -> Made {
    let Block {
        mut bytes,
        offset,
        mut faults,
        skipped_lines,
        ..
    } = block;
    name_limits(&mut faults, options);
    let sound = simdutf8::basic::from_utf8(&bytes).is_ok();
    let mut cutting = Cutting {
        entries: Vec::new(),
        found: Vec::new(),
        blank: Counted::default(),
        crlf: Counted::default(),
        offset,
        sound,
        options,
    };
    let (mut start, mut line) = (0, 0);
    while start < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |found| start + found);
        cutting.line(&mut bytes, start, end, line);
        line += 1;
        start = end + 1;
    }
    let lines = count_lines_of(&bytes, line) + skipped_lines;
    let mut all = cutting.found;
    all.extend(cutting.blank.fault("blank line"));
    all.extend(cutting.crlf.fault("CRLF line ending"));
    all.append(&mut faults);
    all.sort_by_key(|fault| fault.offset);
    Made {
        bytes,
        offset,
        entries: cutting.entries,
        faults: all,
        lines,
        raw: true,
    }
}

/// Line feeds, when `lines` lines were seen: the last one may lack its own.
fn count_lines_of(bytes: &[u8], lines: u64) -> u64 {
    if bytes.is_empty() || bytes.last() == Some(&b'\n') {
        lines
    } else {
        lines - 1
    }
}

/// A range reader does not know how the limit is written.
fn name_limits(faults: &mut [Fault], options: &Options) {
    for fault in faults {
        if let FaultKind::Limit { limit, .. } = &mut fault.kind
            && limit.is_empty()
        {
            *limit = limit_text(options);
        }
    }
}

/// A flaw that is counted, with its first place.
#[derive(Default)]
struct Counted {
    count: u64,
    line: u64,
    offset: u64,
}

impl Counted {
    fn add(&mut self, line: u64, offset: u64) {
        if self.count == 0 {
            (self.line, self.offset) = (line, offset);
        }
        self.count += 1;
    }

    fn fault(&self, what: &'static str) -> Option<Fault> {
        (self.count > 0).then_some(Fault {
            kind: FaultKind::LineStructure {
                what,
                count: self.count,
            },
            line: self.line,
            offset: self.offset,
            column: None,
        })
    }
}

struct Cutting<'o> {
    entries: Vec<Entry>,
    found: Vec<Fault>,
    blank: Counted,
    crlf: Counted,
    offset: u64,
    sound: bool,
    options: &'o Options,
}

impl Cutting<'_> {
    fn line(&mut self, bytes: &mut [u8], start: usize, end: usize, line: u64) {
        let text = &bytes[start..end];
        let at = self.offset + start as u64;
        if end < bytes.len() && text.last() == Some(&b'\r') {
            self.crlf.add(line, self.offset + end as u64 - 1);
        }
        let Some(first) = text.iter().position(|&byte| !is_blank(byte)) else {
            self.blank.add(line, at);
            return;
        };
        let last = text.iter().rposition(|&byte| !is_blank(byte)).unwrap_or(first);
        let span = Span::new(start + first, start + last + 1);
        if end - start > self.options.max_record_bytes {
            self.found
                .push(too_long(self.options, line, at, (end - start) as u64));
            bytes[span.range()].fill(b' ');
            return;
        }
        if !self.sound
            && let Some(fault) = invalid(&bytes[start..end], line, at, self.options)
        {
            self.found.push(fault);
            bytes[span.range()].fill(b' ');
            return;
        }
        self.entries.push(Entry {
            span,
            line,
            map: None,
        });
    }
}

/// The fault of a record that is not UTF-8. `offset`: where `bytes`, the start of a line, stand.
pub(super) fn invalid(bytes: &[u8], line: u64, offset: u64, options: &Options) -> Option<Fault> {
    let error = simdutf8::compat::from_utf8(bytes).err()?;
    let first = error.valid_up_to();
    let before = std::str::from_utf8(&bytes[..first]).map_or(0, |text| text.chars().count());
    let count = bytes
        .utf8_chunks()
        .filter(|chunk| !chunk.invalid().is_empty())
        .count();
    let guess = (options.detect)(bytes).charset;
    let count = count as u64;
    let kind = match careless(&bytes[first..]) {
        Some(what) if guess.is_none() => FaultKind::Careless { what, count },
        _ => FaultKind::InvalidUtf8 {
            byte: bytes[first],
            count,
            guess,
        },
    };
    Some(Fault {
        kind,
        line,
        offset: offset + first as u64,
        column: Some(before as u64 + 1),
    })
}

/// What bytes at the start are, where they would be UTF-8 but for a rule of it: surrogates, or more
/// bytes than needed.
fn careless(bytes: &[u8]) -> Option<&'static str> {
    let follows = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|rest| rest.iter().all(|byte| byte & 0xC0 == 0x80))
    };
    match bytes {
        [0xED, 0xA0..=0xAF, _, 0xED, 0xB0..=0xBF, ..] if follows(1..3) && follows(4..6) => {
            Some("CESU-8 surrogate pair")
        }
        [0xED, 0xA0..=0xBF, ..] if follows(1..3) => Some("surrogate"),
        [0xC0, 0x80, ..] => Some("overlong NUL (Java's modified UTF-8)"),
        [0xC0 | 0xC1, ..] if follows(1..2) => Some("overlong"),
        [0xE0, 0x80..=0x9F, ..] if follows(1..3) => Some("overlong"),
        [0xF0, 0x80..=0x8F, ..] if follows(1..4) => Some("overlong"),
        _ => None,
    }
}
