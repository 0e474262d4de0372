//! Units of work in file order, and what a worker makes of one: chunks.

use super::codec::Codec;
use super::discover::Input;
use super::jsonl::{self, Range};
use super::open::{Opened, open, unchanged};
use super::plan::{Block, Feed, Options, Piece, Plan, Pool};
use super::{Chunk, Entry, Fault, SourceError, Utf8, arrow_ipc, csv, json_doc, parquet, rows, text};
use crate::config::Format;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// Inputs of this size or less share a unit.
const TINY_BYTES: u64 = 64 << 10;
/// Bytes and number of the tiny inputs in one unit.
const TINY_TOGETHER: (u64, usize) = (1 << 20, 256);

/// A piece of work for one thread.
pub struct Unit(Work);

enum Work {
    /// Whole inputs, one after the other.
    Whole(std::ops::Range<usize>),
    /// A byte range of a plain JSON Lines file.
    Range(Range),
    /// What a stream has decoded.
    Piece(Box<(Cargo, Piece)>),
}

impl std::fmt::Debug for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Work::Whole(inputs) => f.debug_tuple("Whole").field(inputs).finish(),
            Work::Range(range) => f.debug_tuple("Range").field(range).finish(),
            Work::Piece(piece) => f.debug_tuple("Piece").field(&piece.0).finish(),
        }
    }
}

/// What is known of a chunk before its records are.
#[derive(Debug, Clone, Default)]
pub(super) struct Cargo {
    pub(super) input: usize,
    pub(super) number: u64,
    pub(super) last: bool,
    pub(super) charset: Option<&'static str>,
    pub(super) codec: Option<Codec>,
    pub(super) notices: Vec<String>,
    /// Faults of the file's start.
    pub(super) faults: Vec<Fault>,
}

impl Unit {
    /// Hands on the chunks, in order, and gives their memory back; ends early once `stop` is raised.
    ///
    /// # Errors
    /// Like [`Unit::read`].
    pub fn each(
        self,
        plan: &Plan,
        stop: &AtomicBool,
        mut look: impl FnMut(&Chunk),
    ) -> Result<(), SourceError> {
        self.read(plan, &mut |chunk| {
            look(&chunk);
            plan.recycle(chunk);
            if stop.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
    }

    /// Reads the unit and gives its chunks, in order, to `sink`, which may stop it.
    ///
    /// # Errors
    /// The operating system's, and an input that changed since it was planned.
    pub fn read(
        self,
        plan: &Plan,
        sink: &mut dyn FnMut(Chunk) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        match self.0 {
            Work::Range(range) => {
                let input = &plan.inputs[range.input];
                let block = jsonl::read_range(&range, input, plan)?;
                let _ = sink(finish(plan, range.cargo(), Piece::Lines(block)));
            }
            Work::Piece(piece) => {
                let _ = sink(finish(plan, piece.0, piece.1));
            }
            Work::Whole(inputs) => {
                for input in inputs {
                    let mut stream = Stream::new(plan, input, open(&plan.inputs[input], &plan.options)?)?;
                    while let Some((cargo, piece)) = stream.next(plan)? {
                        if sink(finish(plan, cargo, piece)).is_break() {
                            return Ok(());
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// Turns a piece into a chunk: validates, cuts and adapts.
fn finish(plan: &Plan, mut cargo: Cargo, piece: Piece) -> Chunk {
    let input = &plan.inputs[cargo.input];
    let adapter = plan.adapter(cargo.input);
    let start_faults = std::mem::take(&mut cargo.faults);
    let mut made = match piece {
        Piece::Lines(block) => jsonl::cut(block, &plan.options),
        Piece::Values(block, values) => json_doc::seal(block, &values, &plan.options),
        Piece::Text(block) => text::record(block, input, adapter, &plan.options, &mut cargo.notices),
        Piece::Csv(block, table) => csv::records(block, &table, input, adapter, &plan.options),
        Piece::Rows(batch, faults) => rows::records(batch.as_ref(), faults, input, adapter, &plan.options),
    };
    if let Some(adapter) = adapter
        && cargo.number == 0
        && let Some(notice) = adapter.path_notice(input)
    {
        cargo.notices.push(notice);
    }
    if made.raw
        && let Some(adapter) = adapter.filter(|adapter| adapter.changes_records())
    {
        adapter.adapt_raw(&mut made, input);
    }
    made.faults.splice(0..0, start_faults);
    Chunk {
        input: cargo.input,
        number: cargo.number,
        text: Utf8::seen(made.bytes),
        offset: made.offset,
        entries: made.entries,
        faults: made.faults,
        charset: cargo.charset,
        codec: cargo.codec,
        notices: cargo.notices,
        lines: made.lines,
        last: cargo.last,
    }
}

/// The inside of a chunk.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// UTF-8.
    pub(super) bytes: Vec<u8>,
    pub(super) offset: u64,
    pub(super) entries: Vec<Entry>,
    pub(super) faults: Vec<Fault>,
    pub(super) lines: u64,
    /// Whether the entries are the file's own bytes, which an adapter still has to look at.
    pub(super) raw: bool,
}

/// An input that is read from its start.
struct Stream {
    input: usize,
    feed: Option<Box<dyn Feed>>,
    cargo: Cargo,
}

impl Stream {
    fn new(plan: &Plan, input: usize, opened: Opened) -> Result<Self, SourceError> {
        let cargo = Cargo {
            input,
            charset: opened.charset,
            codec: opened.codec,
            notices: opened.notices.clone(),
            faults: opened.faults.clone(),
            ..Cargo::default()
        };
        Ok(Self {
            input,
            feed: Some(feed(opened, &plan.inputs[input], &plan.options)?),
            cargo,
        })
    }

    fn next(&mut self, plan: &Plan) -> Result<Option<(Cargo, Piece)>, SourceError> {
        let Some(feed) = &mut self.feed else {
            return Ok(None);
        };
        let (piece, last) = feed.next(&plan.pool)?;
        let cargo = Cargo {
            last,
            ..self.cargo.clone()
        };
        self.cargo.notices.clear();
        self.cargo.faults.clear();
        self.cargo.number += 1;
        if last {
            self.feed = None;
            let input = &plan.inputs[self.input];
            if !input.is_stdin() {
                unchanged(input, &fs_err::metadata(&input.path)?)?;
            }
        }
        Ok(Some((cargo, piece)))
    }
}

/// The feed for a format.
fn feed(opened: Opened, input: &Input, options: &Options) -> Result<Box<dyn Feed>, SourceError> {
    if opened.hopeless {
        return Ok(Box::new(Nothing));
    }
    let dialect = &input.spec.csv;
    Ok(match opened.format {
        Format::Jsonl if opened.wrapped => Box::new(json_doc::DocFeed::new(opened.stream, options, true)),
        Format::Json => Box::new(json_doc::DocFeed::new(opened.stream, options, false)),
        Format::Jsonl | Format::Auto => Box::new(jsonl::LineFeed::new(opened.stream, options)),
        Format::Text | Format::Markdown => Box::new(text::TextFeed::new(opened.stream, options)),
        Format::Csv => Box::new(csv::CsvFeed::new(
            opened.stream,
            csv::Dialect::new(dialect, b',')?,
            options,
        )),
        Format::Tsv => Box::new(csv::CsvFeed::new(
            opened.stream,
            csv::Dialect::new(dialect, b'\t')?,
            options,
        )),
        Format::Parquet => parquet::feed(opened, input, options)?,
        Format::Arrow => arrow_ipc::feed(opened, input, options)?,
    })
}

/// The feed of a file that holds no record at all.
struct Nothing;

impl Feed for Nothing {
    fn next(&mut self, _: &Pool) -> Result<(Piece, bool), SourceError> {
        Ok((Piece::Values(Block::default(), Vec::new()), true))
    }
}

/// The units of a plan, in order. See [`Plan::units`].
pub struct Units<'p> {
    plan: &'p Plan,
    /// The next input to start.
    next: usize,
    state: State,
}

impl std::fmt::Debug for Units<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Units")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

enum State {
    /// Between two inputs.
    Between,
    /// The next range of a file.
    Ranges(Range),
    /// In the middle of a stream.
    Stream(Box<Stream>),
}

impl<'p> Units<'p> {
    pub(super) const fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            next: 0,
            state: State::Between,
        }
    }
}

impl Units<'_> {
    fn start(&mut self) -> Result<Option<Unit>, SourceError> {
        let plan = self.plan;
        let index = self.next;
        let Some(input) = plan.inputs.get(index) else {
            return Ok(None);
        };
        if !input.is_stdin() && input.size <= TINY_BYTES {
            return Ok(Some(self.together()));
        }
        self.next += 1;
        let uncompressed_json =
            input.codec.is_none() && matches!(input.format, Format::Auto | Format::Jsonl | Format::Json);
        let small = if uncompressed_json {
            plan.options.chunk_bytes as u64
        } else {
            plan.whole_below()
        };
        if !input.is_stdin() && input.size <= small {
            return Ok(Some(Unit(Work::Whole(index..index + 1))));
        }
        let opened = open(input, &plan.options)?;
        let lines = opened.format == Format::Jsonl && !opened.wrapped && !opened.hopeless;
        self.state = if lines && opened.codec.is_none() && opened.charset.is_none() && !input.is_stdin() {
            State::Ranges(Range::first(index, input, opened, &plan.options))
        } else {
            State::Stream(Box::new(Stream::new(plan, index, opened)?))
        };
        Ok(None)
    }

    /// Tiny inputs that follow each other.
    fn together(&mut self) -> Unit {
        let first = self.next;
        let mut bytes = 0;
        while let Some(input) = self.plan.inputs.get(self.next)
            && !input.is_stdin()
            && input.size <= TINY_BYTES
            && bytes < TINY_TOGETHER.0
            && self.next - first < TINY_TOGETHER.1
        {
            bytes += input.size;
            self.next += 1;
        }
        Unit(Work::Whole(first..self.next))
    }
}

impl Iterator for Units<'_> {
    type Item = Result<Unit, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match std::mem::replace(&mut self.state, State::Between) {
                State::Between => {
                    if self.next >= self.plan.inputs.len() {
                        return None;
                    }
                    match self.start() {
                        Ok(Some(unit)) => return Some(Ok(unit)),
                        Ok(None) => {}
                        Err(error) => return Some(Err(error)),
                    }
                }
                State::Ranges(range) => {
                    if let Some(next) = range.next() {
                        self.state = State::Ranges(next);
                    }
                    return Some(Ok(Unit(Work::Range(range))));
                }
                State::Stream(mut stream) => match stream.next(self.plan) {
                    Ok(Some(piece)) => {
                        self.state = State::Stream(stream);
                        return Some(Ok(Unit(Work::Piece(Box::new(piece)))));
                    }
                    Ok(None) => {}
                    Err(error) => return Some(Err(error)),
                },
            }
        }
    }
}
