//! Row groups encoded by many threads and appended in order: the same bytes for any number of them.

use super::columns::{BatchBuilder, Columns, encoded_id};
use super::rows::{MetaResult, RowKeys, RowMeta, Rows};
use super::shard::{BATCH_BYTES, BATCH_ROWS, Encoder, RowGroup, WriteOptions};
use super::state::StateBuilder;
use super::{Error, Result};
use parquet::arrow::arrow_writer::ArrowColumnChunk;
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::path::Path;
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};

/// What the encoding threads share.
pub(super) struct Core<'a> {
    pub(super) columns: Columns,
    pub(super) rows: &'a dyn Rows,
    pub(super) options: WriteOptions,
}

/// A row group to be encoded.
struct Job<'r> {
    number: usize,
    rows: Vec<RowMeta<'r>>,
}

/// An encoded row group and its state.
pub(super) struct Encoded<'r> {
    pub(super) rows: Vec<RowMeta<'r>>,
    pub(super) keys: Vec<RowKeys>,
    pub(super) data: Vec<ArrowColumnChunk>,
    pub(super) state: Vec<ArrowColumnChunk>,
}

/// What every row group of one stream has in common.
pub(super) struct Stream<'a> {
    pub(super) config: &'a str,
    pub(super) split: &'a str,
    pub(super) since: String,
    pub(super) data: Encoder,
    pub(super) state: Encoder,
}

impl Core<'_> {
    /// Cuts rows into row groups, encodes them on all threads and hands them on in order. Stops at
    /// the first row of another home than the first one's. `bytes`: of all rows that come.
    pub(super) fn each_group<'r, I: Iterator<Item = MetaResult<'r>>>(
        &self,
        stream: &Stream<'_>,
        rows: &mut Peekable<I>,
        bytes: u64,
        encode: bool,
        each: &mut dyn FnMut(Encoded<'r>) -> Result<()>,
    ) -> Result<()> {
        let threads = self.options.threads.max(1);
        let most = group_bytes(bytes, self.options.row_group_bytes);
        let (jobs, queue) = mpsc::channel::<Job<'r>>();
        let queue = Mutex::new(queue);
        let queue = &queue;
        std::thread::scope(|scope| {
            let (done, results) = mpsc::channel::<(usize, Result<Encoded<'r>>)>();
            let workers: Vec<_> = (0..threads)
                .map(|_| {
                    let done = done.clone();
                    scope.spawn(move || {
                        loop {
                            let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                            let Ok(job) = job else { return };
                            let number = job.number;
                            if done.send((number, self.encode(stream, job, encode))).is_err() {
                                return;
                            }
                        }
                    })
                })
                .collect();
            drop(done);
            let result = self.pump(rows, (most, threads + 1), &jobs, &results, each);
            drop(jobs);
            drop(results);
            for worker in workers {
                if worker.join().is_err() {
                    return Err(Error::Invalid("an encoding thread died".to_owned()));
                }
            }
            result
        })
    }

    fn pump<'r, I: Iterator<Item = MetaResult<'r>>>(
        &self,
        rows: &mut Peekable<I>,
        (most, in_flight): (u64, usize),
        jobs: &mpsc::Sender<Job<'r>>,
        results: &mpsc::Receiver<(usize, Result<Encoded<'r>>)>,
        each: &mut dyn FnMut(Encoded<'r>) -> Result<()>,
    ) -> Result<()> {
        let dead = || Error::Invalid("an encoding thread died".to_owned());
        let (mut sent, mut appended, mut ended) = (0, 0, false);
        let mut waiting: BTreeMap<usize, Encoded<'r>> = BTreeMap::new();
        loop {
            while !ended && sent - appended < in_flight {
                let rows = self.cut(rows, most)?;
                if rows.is_empty() {
                    ended = true;
                    break;
                }
                jobs.send(Job { number: sent, rows }).map_err(|_| dead())?;
                sent += 1;
            }
            if sent == appended {
                return Ok(());
            }
            let (number, encoded) = results.recv().map_err(|_| dead())?;
            waiting.insert(number, encoded?);
            while let Some(encoded) = waiting.remove(&appended) {
                each(encoded)?;
                appended += 1;
            }
        }
    }

    /// The rows of the next row group, all of one home.
    fn cut<'r, I: Iterator<Item = MetaResult<'r>>>(
        &self,
        rows: &mut Peekable<I>,
        most: u64,
    ) -> Result<Vec<RowMeta<'r>>> {
        let mut group: Vec<RowMeta<'r>> = Vec::new();
        let mut bytes = 0;
        while group.len() < self.options.row_group_rows && bytes < most {
            let home = group.first().map(|m| m.home);
            match rows.next_if(|r| r.as_ref().map_or(true, |m| home.is_none_or(|h| m.home == h))) {
                Some(meta) => {
                    let meta = meta?;
                    bytes += u64::from(meta.weight);
                    group.push(meta);
                }
                None => break,
            }
        }
        Ok(group)
    }

    fn encode<'r>(&self, stream: &Stream<'_>, job: Job<'r>, encode: bool) -> Result<Encoded<'r>> {
        let parquet = |e| Error::parquet(Path::new(stream.split), e);
        let mut group = stream.data.row_group().map_err(parquet)?;
        let mut builder = self.columns.builder();
        let mut keys = Vec::with_capacity(job.rows.len());
        let mut rows = self.rows.reader();
        let (mut row, mut bytes) = (Vec::new(), 0);
        for meta in &job.rows {
            keys.push(rows.fetch(meta, &mut row)?);
            let whole = encoded_id(&row) == Some(meta.id.as_bytes());
            if !whole || (encode && builder.push(&row).is_none()) {
                return Err(Error::Invalid(format!(
                    "record `{}` is not what was checked",
                    meta.id
                )));
            }
            if !encode {
                continue;
            }
            bytes += row.len();
            if builder.len() == BATCH_ROWS || bytes >= BATCH_BYTES {
                flush(stream, &mut builder, &mut group)?;
                bytes = 0;
            }
        }
        if !builder.is_empty() {
            flush(stream, &mut builder, &mut group)?;
        }
        drop(builder);
        let (data, state) = if encode {
            let state = encode_state(stream, &job.rows, &keys)?;
            (group.close().map_err(parquet)?, state)
        } else {
            (Vec::new(), Vec::new())
        };
        Ok(Encoded {
            rows: job.rows,
            keys,
            data,
            state,
        })
    }
}

fn flush(stream: &Stream<'_>, builder: &mut BatchBuilder, group: &mut RowGroup) -> Result<()> {
    let parquet = |e: &dyn std::fmt::Display| Error::parquet(Path::new(stream.split), e);
    let batch = builder.finish().map_err(|e| parquet(&e))?;
    group.write(&batch).map_err(|e| parquet(&e))
}

/// Bytes after which a row group ends, for rows of `total` bytes: at most `most`, and less where that
/// makes the groups equal and their number one that two or four threads share without a rest.
fn group_bytes(total: u64, most: u64) -> u64 {
    let most = most.max(1);
    if total <= most / 4 {
        return most;
    }
    total.div_ceil(total.div_ceil(most).next_multiple_of(4)).max(1)
}

/// Refuses rows that are not in order: what is written must be a function of the set of rows.
pub(super) struct Ordered<'i, 'r> {
    pub(super) rows: &'i mut dyn Iterator<Item = MetaResult<'r>>,
    pub(super) last: Option<(u32, &'r str)>,
}

impl<'r> Iterator for Ordered<'_, 'r> {
    type Item = MetaResult<'r>;

    fn next(&mut self) -> Option<MetaResult<'r>> {
        let meta = match self.rows.next()? {
            Ok(meta) => meta,
            error => return Some(error),
        };
        let key = (meta.home.unwrap_or(u32::MAX), meta.id);
        if self.last.is_some_and(|last| last >= key) {
            let what = format!("row `{}` is out of order or there twice", meta.id);
            return Some(Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, what)));
        }
        self.last = Some(key);
        Some(Ok(meta))
    }
}

/// Where the next row belongs.
pub(super) enum Next {
    /// To this shard of the previous release.
    Home(u32),
    /// To a new shard.
    New,
    /// There is none.
    End,
}

pub(super) fn peek(rows: &mut Peekable<Ordered<'_, '_>>) -> Result<Next> {
    match rows.peek() {
        None => Ok(Next::End),
        Some(Ok(meta)) => Ok(meta.home.map_or(Next::New, Next::Home)),
        Some(Err(_)) => match rows.next() {
            Some(Err(error)) => Err(error.into()),
            _ => Ok(Next::End),
        },
    }
}

fn encode_state(
    stream: &Stream<'_>,
    rows: &[RowMeta<'_>],
    keys: &[RowKeys],
) -> Result<Vec<ArrowColumnChunk>> {
    let parquet = |e: &dyn std::fmt::Display| Error::parquet(Path::new("state"), e);
    let mut group = stream.state.row_group().map_err(|e| parquet(&e))?;
    let mut builder = StateBuilder::new();
    let place = (stream.config, stream.split, stream.since.as_str());
    for (rows, keys) in rows.chunks(BATCH_ROWS).zip(keys.chunks(BATCH_ROWS)) {
        for (meta, keys) in rows.iter().zip(keys) {
            builder.push(meta, place, keys);
        }
        let batch = builder.finish().map_err(|e| parquet(&e))?;
        group.write(&batch).map_err(|e| parquet(&e))?;
    }
    group.close().map_err(|e| parquet(&e))
}

#[cfg(test)]
mod tests {
    use super::group_bytes;

    #[test]
    fn groups_are_equal_and_four_or_a_multiple_of_it() {
        for (total, most, groups) in [
            (0, 64, 1),
            (16, 64, 1),
            (17, 64, 4),
            (64, 64, 4),
            (256, 64, 4),
            (257, 64, 8),
            (820_000_000, 64 << 20, 16),
        ] {
            let bytes = group_bytes(total, most);
            assert!(bytes <= most, "{total}");
            assert_eq!(total.div_ceil(bytes).max(1), groups, "{total}");
        }
    }
}
