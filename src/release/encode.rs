//! Row groups encoded by many threads and appended in order: the same bytes for any number of them.

use super::columns::{BatchBuilder, Columns};
use super::manifest::{File, Role, Shard};
use super::row_hash::{RowHash, RowHasher, RowsHash};
use super::shard::{BATCH_BYTES, BATCH_ROWS, Encoder, ShardFile, WriteOptions};
use super::state::StateBuilder;
use super::writer::{RowMeta, Rows};
use super::{Error, Result};
use crate::record::{Tree, Value};
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
pub(super) struct Job {
    pub(super) number: usize,
    pub(super) rows: Vec<RowMeta>,
}

/// An encoded row group and its state.
pub(super) struct Encoded {
    pub(super) rows: Vec<RowMeta>,
    pub(super) hashes: Vec<RowHash>,
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

pub(super) type MetaResult = std::io::Result<RowMeta>;

impl Core<'_> {
    /// Cuts rows into row groups, encodes them on all threads and hands them on in order. Stops at
    /// the first row of another home than the first one's.
    pub(super) fn each_group<I: Iterator<Item = MetaResult>>(
        &self,
        stream: &Stream<'_>,
        rows: &mut Peekable<I>,
        encode: bool,
        each: &mut dyn FnMut(Encoded) -> Result<()>,
    ) -> Result<()> {
        let threads = self.options.threads.max(1);
        let (jobs, queue) = mpsc::channel::<Job>();
        let queue = Mutex::new(queue);
        let queue = &queue;
        std::thread::scope(|scope| {
            let (done, results) = mpsc::channel::<(usize, Result<Encoded>)>();
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
            let result = self.pump(rows, threads + 1, &jobs, &results, each);
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

    fn pump<I: Iterator<Item = MetaResult>>(
        &self,
        rows: &mut Peekable<I>,
        in_flight: usize,
        jobs: &mpsc::Sender<Job>,
        results: &mpsc::Receiver<(usize, Result<Encoded>)>,
        each: &mut dyn FnMut(Encoded) -> Result<()>,
    ) -> Result<()> {
        let dead = || Error::Invalid("an encoding thread died".to_owned());
        let (mut sent, mut appended, mut ended) = (0, 0, false);
        let mut waiting: BTreeMap<usize, Encoded> = BTreeMap::new();
        loop {
            while !ended && sent - appended < in_flight {
                let rows = self.cut(rows)?;
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
    fn cut<I: Iterator<Item = MetaResult>>(&self, rows: &mut Peekable<I>) -> Result<Vec<RowMeta>> {
        let mut group: Vec<RowMeta> = Vec::new();
        let mut bytes = 0;
        while group.len() < self.options.row_group_rows && bytes < self.options.row_group_bytes {
            let home = group.first().map(|m| m.home);
            match rows.next_if(|r| r.as_ref().map_or(true, |m| home.is_none_or(|h| m.home == h))) {
                Some(meta) => {
                    let meta = meta?;
                    bytes += u64::from(meta.len);
                    group.push(meta);
                }
                None => break,
            }
        }
        Ok(group)
    }

    fn encode(&self, stream: &Stream<'_>, job: Job, encode: bool) -> Result<Encoded> {
        let parquet = |e| Error::parquet(Path::new(stream.split), e);
        let mut group = stream.data.row_group().map_err(parquet)?;
        let mut identity = RowHasher::new(self.columns.schema(), self.columns.id());
        let mut builder = self.columns.builder();
        let mut hashes = Vec::with_capacity(job.rows.len());
        let (mut text, mut tree, mut bytes) = (String::new(), Tree::new(), 0);
        let mut flush = |builder: &mut BatchBuilder, hashes: &mut Vec<RowHash>| -> Result<()> {
            let batch = builder
                .finish()
                .map_err(|e| Error::parquet(Path::new(stream.split), e))?;
            identity.hash(&batch, hashes).map_err(Error::Invalid)?;
            if encode {
                group.write(&batch).map_err(parquet)?;
            }
            Ok(())
        };
        for meta in &job.rows {
            text.clear();
            self.rows.fetch(meta, &mut text)?;
            let row = self.parse(meta, &text, &mut tree)?;
            builder.push(row).map_err(|error| Error::Row {
                id: meta.id.to_string(),
                error,
            })?;
            bytes += text.len();
            if builder.len() == BATCH_ROWS || bytes >= BATCH_BYTES {
                flush(&mut builder, &mut hashes)?;
                bytes = 0;
            }
        }
        if !builder.is_empty() {
            flush(&mut builder, &mut hashes)?;
        }
        drop(builder);
        let state = if encode {
            encode_state(stream, &job.rows, &hashes)?
        } else {
            Vec::new()
        };
        Ok(Encoded {
            data: if encode {
                group.close().map_err(parquet)?
            } else {
                Vec::new()
            },
            state,
            rows: job.rows,
            hashes,
        })
    }

    fn parse<'t>(&self, meta: &RowMeta, text: &'t str, tree: &'t mut Tree) -> Result<Value<'t>> {
        let bad = |why: String| Error::Invalid(format!("record `{}` was not spilled whole: {why}", meta.id));
        self.rows.parse(text, tree).map_err(bad)?;
        let row = tree.root(text).ok_or_else(|| bad("it is empty".to_owned()))?;
        let name = self.columns.schema().field(self.columns.id()).name();
        if row.get(name).and_then(Value::as_str) != Some(&*meta.id) {
            return Err(bad(format!("its `{name}` is another")));
        }
        Ok(row)
    }
}

/// A shard being written, and its state beside it.
pub(super) struct OpenShard {
    pub(super) paths: (String, String),
    pub(super) data: ShardFile,
    pub(super) state: ShardFile,
    pub(super) hash: RowsHash,
    pub(super) rows: u64,
    pub(super) id_min: Option<Box<str>>,
    pub(super) id_max: Option<Box<str>>,
}

impl OpenShard {
    pub(super) fn create(root: &Path, paths: &(String, String), stream: &Stream<'_>) -> Result<Self> {
        Ok(Self {
            data: ShardFile::create(&root.join(&paths.0), &stream.data)?,
            state: ShardFile::create(&root.join(&paths.1), &stream.state)?,
            paths: paths.clone(),
            hash: RowsHash::default(),
            rows: 0,
            id_min: None,
            id_max: None,
        })
    }

    pub(super) fn append(&mut self, group: Encoded) -> Result<()> {
        self.hash.add(&group.hashes);
        self.rows += group.rows.len() as u64;
        if self.id_min.is_none() {
            self.id_min = group.rows.first().map(|m| m.id.clone());
        }
        self.id_max = group.rows.last().map(|m| m.id.clone());
        self.data.append(group.data)?;
        self.state.append(group.state)
    }

    pub(super) fn close(self, rows_since: &str, bytes_since: &str) -> Result<(Shard, File)> {
        let facts = self.data.close()?;
        let state = self.state.close()?;
        let file = File {
            path: self.paths.1.clone(),
            bytes: state.bytes,
            sha256: state.sha256,
            role: Role::State,
        };
        let shard = Shard {
            path: self.paths.0,
            bytes: facts.bytes,
            sha256: facts.sha256,
            rows: self.rows,
            row_groups: facts.row_groups,
            uncompressed_bytes: facts.uncompressed_bytes,
            rows_hash: self.hash.finish(),
            id_min: self.id_min.unwrap_or_default().into(),
            id_max: self.id_max.unwrap_or_default().into(),
            footer_bytes: facts.footer_bytes,
            rows_since: rows_since.to_owned(),
            bytes_since: bytes_since.to_owned(),
            state: self.paths.1,
        };
        Ok((shard, file))
    }
}

/// Refuses rows that are not in order: what is written must be a function of the set of rows.
pub(super) struct Ordered<'i> {
    pub(super) rows: &'i mut dyn Iterator<Item = MetaResult>,
    pub(super) last: Option<(u32, Box<str>)>,
}

impl Iterator for Ordered<'_> {
    type Item = MetaResult;

    fn next(&mut self) -> Option<MetaResult> {
        let meta = match self.rows.next()? {
            Ok(meta) => meta,
            error => return Some(error),
        };
        let key = (meta.home.unwrap_or(u32::MAX), meta.id.clone());
        if self.last.as_ref().is_some_and(|last| *last >= key) {
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

pub(super) fn peek(rows: &mut Peekable<Ordered<'_>>) -> Result<Next> {
    match rows.peek() {
        None => Ok(Next::End),
        Some(Ok(meta)) => Ok(meta.home.map_or(Next::New, Next::Home)),
        Some(Err(_)) => match rows.next() {
            Some(Err(error)) => Err(error.into()),
            _ => Ok(Next::End),
        },
    }
}

pub(super) fn encode_state(
    stream: &Stream<'_>,
    rows: &[RowMeta],
    hashes: &[RowHash],
) -> Result<Vec<ArrowColumnChunk>> {
    let parquet = |e: &dyn std::fmt::Display| Error::parquet(Path::new("state"), e);
    let mut group = stream.state.row_group().map_err(|e| parquet(&e))?;
    let mut builder = StateBuilder::new();
    let place = (stream.config, stream.split, stream.since.as_str());
    for (rows, hashes) in rows.chunks(BATCH_ROWS).zip(hashes.chunks(BATCH_ROWS)) {
        for (meta, hash) in rows.iter().zip(hashes) {
            builder.push(meta, place, hash);
        }
        let batch = builder.finish().map_err(|e| parquet(&e))?;
        group.write(&batch).map_err(|e| parquet(&e))?;
    }
    group.close().map_err(|e| parquet(&e))
}
