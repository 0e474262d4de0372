//! From inputs to units of work, and from units to chunks.
//!
//! [`Plan::units`] is called under a lock and gives one [`super::Unit`] after the other, in file order;
//! workers call [`super::Unit::read`] in parallel. Where a file can only be read from its start, the
//! decoding happens inside the iterator and the unit brings the decoded bytes with it.

use super::adapt::Adapter;
use super::discover::Input;
use super::units::Units;
use super::{Chunk, Fault, SourceError, csv};
use crate::config::{Fields, IdField};
use crate::record::Span;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

/// What a charset detector says about bytes that are not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Detected {
    /// WHATWG label of the charset that the bytes look like.
    pub charset: Option<&'static str>,
    /// Whether it is certain enough to decode a whole file with.
    pub certain: bool,
}

/// How inputs are read.
#[derive(Debug, Clone)]
pub struct Options {
    /// Nominal size of a chunk. The default is 4 MiB.
    pub chunk_bytes: usize,
    /// Longest record. The default is 16 MiB.
    pub max_record_bytes: usize,
    /// Guesses the charset of bytes that are not UTF-8.
    pub detect: fn(&[u8]) -> Detected,
    /// `[fields]`: adaptation needs to know the id, title and text fields and those that hold times.
    pub fields: Fields,
    /// Raised when the user asks to stop: standard input ends there.
    pub stop: &'static AtomicBool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            chunk_bytes: 4 << 20,
            max_record_bytes: 16 << 20,
            detect: |_| Detected::default(),
            fields: Fields::default(),
            stop: &super::stdin::NEVER,
        }
    }
}

impl Options {
    /// Name of the field that holds the id of a text file.
    pub(super) fn id_field(&self) -> &str {
        match &self.fields.id {
            Some(IdField::Name(name)) => name,
            _ => "id",
        }
    }

    /// Name of the field that gets the text of a text file.
    pub(super) fn text_field(&self) -> &str {
        self.fields.text.as_deref().unwrap_or("body")
    }

    /// Name of the field that gets the title of a text file.
    pub(super) fn title_field(&self) -> &str {
        self.fields.title.as_deref().unwrap_or("title")
    }
}

/// A run of bytes that a feed hands to a worker.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// Their offset in the decompressed file.
    pub(super) offset: u64,
    /// Faults found while cutting; lines count from the start of the block.
    pub(super) faults: Vec<Fault>,
    /// Line feeds of what stood before `bytes` and belongs to the chunk (a CSV header).
    pub(super) lead_lines: u64,
    /// Line feeds that are not in `bytes` because what they end was skipped.
    pub(super) skipped_lines: u64,
}

/// What a feed hands to a worker.
pub(super) enum Piece {
    /// JSON Lines.
    Lines(Block),
    /// JSON values among other bytes: spans and lines of the values.
    Values(Block, Vec<(Span, u64)>),
    /// One text file.
    Text(Block),
    /// CSV rows below a header.
    Csv(Block, Arc<csv::Table>),
    /// Rows of columns.
    Rows(Option<arrow_array::RecordBatch>, Vec<Fault>),
}

/// Cuts a stream into pieces.
pub(super) trait Feed: Send {
    /// The next piece, and whether it is the last; not called again after that.
    fn next(&mut self, pool: &Pool) -> Result<(Piece, bool), SourceError>;
}

/// Buffers that are used again.
#[derive(Debug, Default)]
pub(super) struct Pool(Mutex<Vec<Vec<u8>>>);

impl Pool {
    /// Most buffers kept.
    const KEPT: usize = 64;

    /// An empty buffer.
    pub(super) fn take(&self) -> Vec<u8> {
        let mut buffer = self.take_dirty();
        buffer.clear();
        buffer
    }

    /// A buffer that holds what it held last.
    pub(super) fn take_dirty(&self) -> Vec<u8> {
        self.0
            .lock()
            .map_or_else(|_| Vec::new(), |mut pool| pool.pop().unwrap_or_default())
    }

    pub(super) fn give(&self, buffer: Vec<u8>) {
        if let Ok(mut pool) = self.0.lock()
            && pool.len() < Self::KEPT
        {
            pool.push(buffer);
        }
    }
}

/// The inputs of a run, and how they are read.
#[derive(Debug)]
pub struct Plan {
    /// The inputs, in order; [`Chunk::input`] indexes them.
    pub inputs: Vec<Input>,
    /// How they are read.
    pub options: Options,
    /// One adapter for each distinct table of `corpus.toml`.
    adapters: Vec<(Arc<crate::config::InputSpec>, Adapter)>,
    pub(super) pool: Pool,
}

impl Plan {
    /// Checks what the configuration says about the inputs (encodings, patterns, zones, dialects).
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(inputs: Vec<Input>, options: Options) -> Result<Self, SourceError> {
        let mut adapters: Vec<(Arc<crate::config::InputSpec>, Adapter)> = Vec::new();
        for input in &inputs {
            if !adapters.iter().any(|(spec, _)| Arc::ptr_eq(spec, &input.spec)) {
                input.encoding()?;
                csv::Dialect::new(&input.spec.csv, b',')?;
                adapters.push((
                    Arc::clone(&input.spec),
                    Adapter::new(&input.spec, &options.fields)?,
                ));
            }
        }
        Ok(Self {
            inputs,
            options,
            adapters,
            pool: Pool::default(),
        })
    }

    /// The units of work, in order.
    #[must_use]
    pub fn units(&self) -> Units<'_> {
        Units::new(self)
    }

    /// Gives the memory of a chunk back, for the next one.
    pub fn recycle(&self, chunk: Chunk) {
        self.pool.give(chunk.text.into_bytes());
    }

    /// Reads everything in one thread: for small jobs and tests.
    ///
    /// # Errors
    /// Like [`super::Unit::read`].
    pub fn each(&self, mut sink: impl FnMut(Chunk)) -> Result<(), SourceError> {
        for unit in self.units() {
            unit?.read(self, &mut |chunk| {
                sink(chunk);
                ControlFlow::Continue(())
            })?;
        }
        Ok(())
    }

    pub(super) fn adapter(&self, input: usize) -> Option<&Adapter> {
        let spec = &self.inputs[input].spec;
        self.adapters
            .iter()
            .find(|(of, _)| Arc::ptr_eq(of, spec))
            .map(|(_, adapter)| adapter)
    }

    /// Below this size a file is one unit. With many files there is work for every thread anyway.
    pub(super) const fn whole_below(&self) -> u64 {
        if self.inputs.len() >= 64 {
            16 << 20
        } else {
            256 << 10
        }
    }
}
