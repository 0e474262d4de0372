//! CSV and TSV (RFC 4180 and the dialects people write).

use super::adapt::Adapter;
use super::discover::Input;
use super::jsonl::{count_lines, limit_text};
use super::open::Decoded;
use super::plan::{Block, Feed, Options, Piece, Pool};
use super::render::{Member, push_record, string};
use super::units::Made;
use super::{Back, Fault, FaultKind, SourceError};
use crate::config;
use crate::record::Span;
use std::sync::Arc;

/// A dialect with its defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialect {
    delimiter: u8,
    quote: u8,
    escape: Option<u8>,
    comment: Option<u8>,
    columns: Vec<String>,
}

impl Dialect {
    pub(super) fn new(config: &config::Dialect, delimiter: u8) -> Result<Self, SourceError> {
        let byte = |what: &'static str, value: Option<char>| match value {
            None => Ok(None),
            Some(value) if value.is_ascii() && !matches!(value, '\n' | '\r' | '\0') => Ok(Some(value as u8)),
            Some(value) => Err(SourceError::Dialect { what, value }),
        };
        let dialect = Self {
            delimiter: byte("delimiter", config.delimiter)?.unwrap_or(delimiter),
            quote: byte("quote", config.quote)?.unwrap_or(b'"'),
            escape: byte("escape", config.escape)?
                .filter(|&escape| Some(escape as char) != config.quote.or(Some('"'))),
            comment: byte("comment", config.comment)?,
            columns: config.columns.clone(),
        };
        for (what, value) in [
            ("quote", Some(dialect.quote)),
            ("escape", dialect.escape),
            ("comment", dialect.comment),
        ] {
            if let Some(value) = value.filter(|&value| value == dialect.delimiter) {
                return Err(SourceError::Dialect {
                    what,
                    value: value as char,
                });
            }
        }
        Ok(dialect)
    }
}

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Table {
    dialect: Dialect,
    names: Vec<Arc<str>>,
}

impl Table {
    fn new(dialect: &Dialect, names: impl Iterator<Item = String>) -> Self {
        let name = |(index, name): (usize, String)| {
            let name = name.trim();
            if name.is_empty() {
                Arc::from(format!("column_{}", index + 1))
            } else {
                Arc::from(name)
            }
        };
        Self {
            dialect: dialect.clone(),
            names: names.enumerate().map(name).collect(),
        }
    }
}

/// One cell of a row.
#[derive(Debug, Clone, Copy)]
struct Cell {
    /// Its text in the row's bytes, without outer quotes.
    span: Span,
    quoted: bool,
    /// Whether doubled quotes or escapes are in it.
    escaped: bool,
}

/// How a row ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowEnd {
    /// Before this byte (behind the line end).
    At(usize),
    /// The bytes ended first. `true`: inside quotes.
    Open(bool),
}

/// Where in a row the splitter is. It is kept between blocks when a row is too long to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Start,
    Plain,
    Quoted,
    /// Behind a closing quote.
    Closed,
}

/// Walks over one row from `start`.
fn row(bytes: &[u8], start: usize, state: &mut Inside, dialect: &Dialect, cells: &mut Vec<Cell>) -> RowEnd {
    let mut at = start;
    let mut cell = Cell {
        span: Span::new(start, start),
        quoted: false,
        escaped: false,
    };
    let close = |mut cell: Cell, end: usize, state: Inside, cells: &mut Vec<Cell>| {
        if state != Inside::Closed {
            cell.span.end = end;
        }
        cells.push(cell);
    };
    while let Some(&byte) = bytes.get(at) {
        if *state == Inside::Quoted {
            if dialect.escape == Some(byte) {
                cell.escaped = true;
                at += 1;
            } else if byte == dialect.quote {
                if dialect.escape.is_none() && bytes.get(at + 1) == Some(&dialect.quote) {
                    cell.escaped = true;
                    at += 1;
                } else {
                    cell.span.end = at;
                    *state = Inside::Closed;
                }
            }
            at += 1;
            continue;
        }
        if byte == b'\n' {
            let end = if at > cell.span.start && bytes[at - 1] == b'\r' {
                at - 1
            } else {
                at
            };
            close(cell, end, *state, cells);
            *state = Inside::Start;
            return RowEnd::At(at + 1);
        }
        if byte == dialect.delimiter {
            close(cell, at, *state, cells);
            *state = Inside::Start;
            cell = Cell {
                span: Span::new(at + 1, at + 1),
                quoted: false,
                escaped: false,
            };
        } else if *state == Inside::Closed && byte == dialect.quote {
            // A doubled quote of which the first half ended the bytes before.
            *state = Inside::Quoted;
            cell.escaped = true;
        } else if *state == Inside::Start && byte == dialect.quote {
            *state = Inside::Quoted;
            cell.quoted = true;
            cell.span.start = at + 1;
        } else if *state != Inside::Closed {
            *state = Inside::Plain;
            if dialect.escape == Some(byte) {
                cell.escaped = true;
                at += 1;
            }
        } else if byte != b'\r' {
            // Text behind a closing quote: the cell goes on, as most readers have it.
            *state = Inside::Plain;
            cell.escaped = true;
        }
        at += 1;
    }
    let inside = *state == Inside::Quoted;
    if !inside {
        close(cell, bytes.len().min(at), *state, cells);
    }
    RowEnd::Open(inside)
}

/// The text of a cell.
fn text(bytes: &[u8], cell: Cell, dialect: &Dialect) -> Vec<u8> {
    let raw = &bytes[cell.span.start..cell.span.end.max(cell.span.start)];
    if !cell.escaped {
        return raw.to_vec();
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw.iter().copied().peekable();
    let mut open = cell.quoted;
    while let Some(byte) = rest.next() {
        if dialect.escape == Some(byte) {
            out.extend(rest.next());
        } else if open && byte == dialect.quote {
            if rest.peek() == Some(&dialect.quote) {
                rest.next();
                out.push(dialect.quote);
            } else {
                open = false;
            }
        } else {
            out.push(byte);
        }
    }
    out
}

fn is_comment(bytes: &[u8], at: usize, dialect: &Dialect) -> bool {
    dialect.comment.is_some() && bytes.get(at).copied() == dialect.comment
}

/// The end of a line that is no row: a comment or a blank line.
fn skipped_line(bytes: &[u8], at: usize, dialect: &Dialect) -> Option<usize> {
    if is_comment(bytes, at, dialect) {
        let end = memchr::memchr(b'\n', &bytes[at..]).map(|found| at + found + 1);
        return end.or(Some(bytes.len()));
    }
    match &bytes[at..] {
        [b'\n', ..] | [b'\r'] => Some(at + 1),
        [b'\r', b'\n', ..] => Some(at + 2),
        _ => None,
    }
}

/// Cuts a stream between rows.
pub(super) struct CsvFeed {
    stream: Decoded,
    dialect: Dialect,
    options: Options,
    table: Option<Arc<Table>>,
    carry: Vec<u8>,
}

impl CsvFeed {
    pub(super) fn new(stream: Decoded, dialect: Dialect, options: &Options) -> Self {
        let declared = (!dialect.columns.is_empty())
            .then(|| Arc::new(Table::new(&dialect, dialect.columns.iter().cloned())));
        Self {
            stream,
            dialect,
            options: options.clone(),
            table: declared,
            carry: Vec::new(),
        }
    }

    /// Takes the header row off the front of the block.
    fn header(&mut self, block: &mut Block, cells: &[Cell], end: usize) {
        let names = cells
            .iter()
            .map(|&cell| String::from_utf8_lossy(&text(&block.bytes, cell, &self.dialect)).into_owned());
        self.table = Some(Arc::new(Table::new(&self.dialect, names)));
        block.lead_lines += count_lines(&block.bytes[..end]);
        block.offset += end as u64;
        block.bytes.drain(..end);
    }

    /// Walks a row that is too long to its end without keeping it. How long it was, or `None` where
    /// the stream broke inside it: the stream's fault then stands for the row too.
    fn skip(
        &mut self,
        mut state: Inside,
        mut length: u64,
        lines: &mut u64,
    ) -> Result<Option<u64>, SourceError> {
        let mut cells = Vec::new();
        loop {
            self.carry.clear();
            self.stream.fill(&mut self.carry, 64 * 1024)?;
            cells.clear();
            let end = row(&self.carry, 0, &mut state, &self.dialect, &mut cells);
            if let RowEnd::At(end) = end {
                *lines += count_lines(&self.carry[..end]);
                self.carry.drain(..end);
                return Ok(Some(length + end as u64));
            }
            length += self.carry.len() as u64;
            *lines += count_lines(&self.carry);
            if self.stream.ended() {
                self.carry.clear();
                return Ok(self.stream.reason.is_none().then_some(length));
            }
        }
    }

    /// What is left at the end of the file: `at`, where a row starts that has no end.
    fn open_row(&mut self, block: &mut Block, at: usize, quoted: bool) {
        if self.stream.reason.is_none() && quoted {
            block.faults.push(Fault {
                kind: FaultKind::Unreadable {
                    reason: "a quoted cell of the row that starts here is never closed".to_owned(),
                },
                line: block.lead_lines + count_lines(&block.bytes[..at]),
                offset: block.offset + at as u64,
                column: None,
            });
        }
        if self.stream.reason.is_some() || quoted {
            block.skipped_lines += count_lines(&block.bytes[at..]);
            block.bytes.truncate(at);
        }
    }

    fn done(&mut self, mut block: Block) -> (Piece, bool) {
        let last = self.stream.ended() && self.carry.is_empty();
        if last {
            let lines = block.lead_lines + count_lines(&block.bytes) + block.skipped_lines;
            block.faults.extend(self.stream.take_fault(lines));
        }
        let table = self.table.clone().unwrap_or_else(|| {
            Arc::new(Table {
                dialect: self.dialect.clone(),
                names: Vec::new(),
            })
        });
        (Piece::Csv(block, table), last)
    }
}

impl Feed for CsvFeed {
    fn next(&mut self, pool: &Pool) -> Result<(Piece, bool), SourceError> {
        let mut block = Block {
            bytes: pool.take(),
            offset: self.stream.offset - self.carry.len() as u64,
            ..Block::default()
        };
        block.bytes.append(&mut self.carry);
        let chunk = self.options.chunk_bytes.max(1);
        let (mut at, mut want, mut cells) = (0, chunk, Vec::new());
        loop {
            let missing = want.saturating_sub(block.bytes.len());
            self.stream.fill(&mut block.bytes, missing)?;
            let mut open = None;
            while at < block.bytes.len() {
                if let Some(next) = skipped_line(&block.bytes, at, &self.dialect) {
                    if block.bytes[next - 1] == b'\n' || self.stream.ended() {
                        at = next;
                        continue;
                    }
                    // A comment whose end has not been read yet.
                    open = Some((Inside::Start, false));
                    break;
                }
                cells.clear();
                let mut state = Inside::Start;
                let end = match row(&block.bytes, at, &mut state, &self.dialect, &mut cells) {
                    RowEnd::At(end) => end,
                    RowEnd::Open(false) if self.stream.ended() && self.stream.reason.is_none() => {
                        block.bytes.len()
                    }
                    RowEnd::Open(quoted) => {
                        open = Some((state, quoted));
                        break;
                    }
                };
                if self.table.is_none() {
                    let cells = std::mem::take(&mut cells);
                    self.header(&mut block, &cells, end);
                    at = 0;
                } else {
                    at = end;
                }
            }
            if self.stream.ended() {
                if let Some((_, quoted)) = open {
                    self.open_row(&mut block, at, quoted);
                }
                return Ok(self.done(block));
            }
            if at > 0 && (open.is_none() || at >= chunk / 2) {
                self.carry.extend_from_slice(&block.bytes[at..]);
                block.bytes.truncate(at);
                return Ok(self.done(block));
            }
            let length = block.bytes.len() - at;
            if let Some((state, _)) = open
                && length > self.options.max_record_bytes
            {
                let mut lines = count_lines(&block.bytes[at..]);
                let value = self.skip(state, length as u64, &mut lines)?;
                block.bytes.truncate(at);
                block.skipped_lines += lines;
                if let Some(value) = value {
                    block.faults.push(Fault {
                        kind: FaultKind::Limit {
                            limit: limit_text(&self.options),
                            what: "record length in bytes",
                            value,
                        },
                        line: block.lead_lines + count_lines(&block.bytes),
                        offset: block.offset + at as u64,
                        column: None,
                    });
                }
                return Ok(self.done(block));
            }
            want = block.bytes.len() + chunk.max(16 * 1024);
        }
    }
}

/// Turns the rows of a block into records.
pub(super) fn records(
    block: Block,
    table: &Table,
    input: &Input,
    adapter: Option<&Adapter>,
    options: &Options,
) -> Made {
    let bytes = &block.bytes;
    let mut made = Made {
        offset: block.offset,
        faults: block.faults,
        lines: block.lead_lines + count_lines(bytes) + block.skipped_lines,
        ..Made::default()
    };
    let (mut at, mut line, mut cells) = (0, block.lead_lines, Vec::new());
    while at < bytes.len() {
        let start = at;
        if let Some(next) = skipped_line(bytes, at, &table.dialect) {
            at = next;
        } else {
            cells.clear();
            at = match row(bytes, at, &mut Inside::Start, &table.dialect, &mut cells) {
                RowEnd::At(end) => end,
                RowEnd::Open(_) => bytes.len(),
            };
            let place = (line, block.offset + start as u64);
            match checked(&bytes[start..at], &cells, table, place, options) {
                Ok(()) => {
                    let members = members(bytes, &cells, table, block.offset);
                    push_record(&mut made, members, line, adapter, input);
                }
                Err(fault) => made.faults.push(fault),
            }
        }
        line += count_lines(&bytes[start..at]);
    }
    made.faults.sort_by_key(|fault| fault.offset);
    made
}

/// Whether a row can become a record; `place`: its line and offset.
fn checked(
    raw: &[u8],
    cells: &[Cell],
    table: &Table,
    (line, offset): (u64, u64),
    options: &Options,
) -> Result<(), Fault> {
    if raw.len() > options.max_record_bytes {
        return Err(super::jsonl::too_long(options, line, offset, raw.len() as u64));
    }
    if let Some(mut fault) = super::jsonl::invalid(raw, line, offset, options) {
        let before = count_lines(&raw[..(fault.offset - offset) as usize]);
        if before > 0 {
            fault.line += before;
            fault.column = None;
        }
        return Err(fault);
    }
    if cells.len() == table.names.len() {
        return Ok(());
    }
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let (has, wants) = (cells.len(), table.names.len());
    Err(Fault {
        kind: FaultKind::Malformed {
            reason: format!("the row has {has} cell{}, the header {wants}", plural(has)),
        },
        line,
        offset,
        column: None,
    })
}

/// The members of a row. CSV cannot say null: an empty cell without quotes is a missing field.
fn members(bytes: &[u8], cells: &[Cell], table: &Table, offset: u64) -> Vec<Member> {
    let filled = |cell: &Cell| cell.quoted || !cell.span.is_empty();
    let member = |(name, &cell): (&Arc<str>, &Cell)| {
        let value = text(bytes, cell, &table.dialect);
        let back = if cell.escaped {
            Back::Nowhere
        } else {
            Back::Plain(offset + cell.span.start as u64)
        };
        // The row has been seen to be UTF-8, and delimiters are ASCII, so cells are too.
        Member::new(name, string(&String::from_utf8_lossy(&value)), back)
    };
    table
        .names
        .iter()
        .zip(cells)
        .filter(|(_, cell)| filled(cell))
        .map(member)
        .collect()
}
