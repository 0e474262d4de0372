//! Apache Parquet, read row group by row group.

use super::discover::Input;
use super::open::Opened;
use super::plan::{Feed, Options, Piece, Pool};
use super::{Fault, FaultKind, SourceError};
use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::cell::Cell;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

/// Most rows of a batch.
const MAX_ROWS: usize = 8192;

/// The file itself, or a temporary copy of what was compressed or piped in.
pub(super) fn seekable(opened: Opened, input: &Input) -> Result<(File, Option<String>), SourceError> {
    if opened.codec.is_none() && !input.is_stdin() {
        return Ok((fs_err::File::open(&input.path)?.into_file(), None));
    }
    let mut copy = tempfile::tempfile()?;
    let mut stream = opened.stream;
    let mut buffer = Vec::new();
    while !stream.ended() {
        buffer.clear();
        stream.fill(&mut buffer, 1 << 20)?;
        std::io::Write::write_all(&mut copy, &buffer)?;
    }
    copy.seek(SeekFrom::Start(0))?;
    Ok((copy, stream.reason))
}

thread_local! {
    /// Whether this thread runs a reader whose panics are answered.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a reader of foreign bytes; should it panic, that is one more way to say "corrupt". The
/// panic's message is not printed: the caller gets a fault to report.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                usual(panic);
            }
        }));
    });
    let outer = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(outer);
    result.unwrap_or_else(|_| Err("the file is corrupt".to_owned()))
}

/// A file that ends early or is corrupt.
pub(super) fn unreadable(reason: String) -> Fault {
    Fault {
        kind: FaultKind::Unreadable { reason },
        line: 0,
        offset: 0,
        column: None,
    }
}

/// Opens a Parquet file.
pub(super) fn feed(opened: Opened, input: &Input, options: &Options) -> Result<Box<dyn Feed>, SourceError> {
    let (file, broken) = seekable(opened, input)?;
    let chunk = options.chunk_bytes;
    let reader = match broken {
        Some(reason) => Err(reason),
        None => guarded(|| reader(file, chunk).map_err(|error| error.to_string())),
    };
    Ok(Box::new(BatchFeed::new(reader, None, chunk)))
}

fn reader(file: File, chunk: usize) -> parquet::errors::Result<ParquetRecordBatchReader> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
    let metadata = builder.metadata();
    let rows = metadata.file_metadata().num_rows().max(1) as u64;
    let bytes: u64 = metadata
        .row_groups()
        .iter()
        .map(|group| group.total_byte_size().max(0) as u64)
        .sum();
    let batch = (chunk as u64 / (bytes / rows).max(1)).clamp(1, MAX_ROWS as u64);
    builder.with_batch_size(batch as usize).build()
}

/// Hands out record batches, whatever they are read from.
pub(super) struct BatchFeed<R> {
    reader: Result<R, String>,
    /// What to say at the end: the codec's stream broke off.
    broken: Option<String>,
    /// Rows of a batch that is too large for one chunk.
    rest: Option<RecordBatch>,
    chunk: usize,
}

impl<R> BatchFeed<R> {
    pub(super) const fn new(reader: Result<R, String>, broken: Option<String>, chunk: usize) -> Self {
        Self {
            reader,
            broken,
            rest: None,
            chunk,
        }
    }

    /// Cuts a batch so that its text fits a chunk.
    fn slice(&mut self, batch: RecordBatch) -> RecordBatch {
        let row_bytes = batch.get_array_memory_size() / batch.num_rows().max(1);
        let rows = (self.chunk / row_bytes.max(1)).clamp(1, MAX_ROWS);
        if rows >= batch.num_rows() {
            return batch;
        }
        self.rest = Some(batch.slice(rows, batch.num_rows() - rows));
        batch.slice(0, rows)
    }
}

impl<R, E> BatchFeed<R>
where
    R: Iterator<Item = Result<RecordBatch, E>> + Send,
    E: std::fmt::Display,
{
    fn batch(&mut self) -> Result<Option<RecordBatch>, String> {
        if let Some(rest) = self.rest.take() {
            return Ok(Some(rest));
        }
        match &mut self.reader {
            Err(reason) => Err(std::mem::take(reason)),
            Ok(reader) => guarded(|| reader.next().transpose().map_err(|error| error.to_string())),
        }
    }
}

impl<R, E> Feed for BatchFeed<R>
where
    R: Iterator<Item = Result<RecordBatch, E>> + Send,
    E: std::fmt::Display,
{
    fn next(&mut self, _: &Pool) -> Result<(Piece, bool), SourceError> {
        let reason = match self.batch() {
            Ok(Some(batch)) => return Ok((Piece::Rows(Some(self.slice(batch)), Vec::new()), false)),
            Ok(None) => self.broken.take(),
            Err(reason) => Some(reason),
        };
        let faults = reason.map(unreadable).into_iter().collect();
        Ok((Piece::Rows(None, faults), true))
    }
}
