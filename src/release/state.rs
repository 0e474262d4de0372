//! `state/`: what the next release needs to know about the rows of this one.
//!
//! There is one state file for each shard, aligned with it row by row, so that a reused shard
//! keeps its state file too, and rows can be compared without reading their texts.

use super::row_hash::RowHash;
use super::rows::{RowKeys, RowMeta};
use super::{Error, Result, hex, unhex};
use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray as _;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Columns of a state file. Hashes are 64 lower-case hexadecimal digits: every reader has strings.
#[must_use]
pub fn schema() -> SchemaRef {
    let column = |name, nullable| Field::new(name, DataType::Utf8, nullable);
    Arc::new(Schema::new(vec![
        column("id", false),
        column("config", false),
        column("split", false),
        column("root", false),
        column("row_hash", false),
        column("exact_key", false),
        column("match_key", true),
        column("since", false),
    ]))
}

/// One row of `state/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateRow {
    /// Id of the record.
    pub id: String,
    /// Id of the root of its cluster; its own where it has no copy.
    pub root: String,
    /// Identity of the row's values.
    pub row_hash: RowHash,
    /// SHA-256 of the raw text.
    pub exact_key: [u8; 32],
    /// SHA-256 of the matching key; `None` where the text is too short to be matched.
    pub match_key: Option<[u8; 32]>,
    /// Release that introduced the row.
    pub since: String,
}

/// Builds batches of state rows.
pub(crate) struct StateBuilder {
    columns: [StringBuilder; 8],
}

impl StateBuilder {
    pub(crate) fn new() -> Self {
        Self {
            columns: std::array::from_fn(|_| StringBuilder::new()),
        }
    }

    pub(crate) fn push(
        &mut self,
        meta: &RowMeta<'_>,
        (config, split, since): (&str, &str, &str),
        keys: &RowKeys,
    ) {
        let [id, c, s, root, row, exact, matching, introduced] = &mut self.columns;
        id.append_value(meta.id);
        c.append_value(config);
        s.append_value(split);
        root.append_value(meta.root());
        row.append_value(hex(&keys.row_hash));
        exact.append_value(hex(&keys.exact_key));
        matching.append_option(keys.match_key.as_ref().map(|key| hex(key)));
        introduced.append_value(since);
    }

    pub(crate) fn finish(&mut self) -> std::result::Result<RecordBatch, ArrowError> {
        let arrays = self
            .columns
            .iter_mut()
            .map(|b| Arc::new(b.finish()) as ArrayRef)
            .collect();
        RecordBatch::try_new(schema(), arrays)
    }
}

/// Rows of a state batch held at a time: many files are open at once in a merge.
const READ_ROWS: usize = 1_024;

/// Streams the rows of one state file.
pub struct StateReader {
    path: PathBuf,
    reader: ParquetRecordBatchReader,
    columns: Vec<StringArray>,
    next: usize,
    rows: usize,
    /// Rows that were given.
    given: u64,
}

impl StateReader {
    /// Opens a state file.
    ///
    /// # Errors
    /// I/O, or a file that is no state file.
    pub fn open(path: &Path) -> Result<Self> {
        let file = fs_err::File::open(path)?.into_parts().0;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| Error::parquet(path, e))?;
        if builder.schema().fields() != schema().fields() {
            return Err(Error::corrupt(path, "has not the columns of a state file"));
        }
        let reader = builder
            .with_batch_size(READ_ROWS)
            .build()
            .map_err(|e| Error::parquet(path, e))?;
        Ok(Self {
            path: path.to_owned(),
            reader,
            columns: Vec::new(),
            next: 0,
            rows: 0,
            given: 0,
        })
    }

    fn refill(&mut self) -> Result<bool> {
        let Some(batch) = self.reader.next() else {
            return Ok(false);
        };
        let batch = batch.map_err(|e| Error::parquet(&self.path, e))?;
        self.columns = batch
            .columns()
            .iter()
            .map(|c| c.as_string::<i32>().clone())
            .collect();
        (self.next, self.rows) = (0, batch.num_rows());
        Ok(true)
    }

    /// The next row, with its config and split; `None` at the end.
    ///
    /// # Errors
    /// I/O, or a value that is none of a state file.
    pub fn next_row(&mut self) -> Result<Option<(StateRow, String, String)>> {
        while self.next == self.rows {
            if !self.refill()? {
                return Ok(None);
            }
        }
        let i = self.next;
        self.next += 1;
        self.given += 1;
        let text = |column: usize| self.columns[column].value(i);
        let hash =
            |column: usize| unhex(text(column)).ok_or_else(|| Error::corrupt(&self.path, "holds a bad hash"));
        let row = StateRow {
            id: text(0).to_owned(),
            root: text(3).to_owned(),
            row_hash: hash(4)?,
            exact_key: hash(5)?,
            match_key: if self.columns[6].is_valid(i) {
                Some(hash(6)?)
            } else {
                None
            },
            since: text(7).to_owned(),
        };
        Ok(Some((row, text(1).to_owned(), text(2).to_owned())))
    }
}

impl super::plan::Previous {
    /// Calls `each` for every row of the previous release with the index of its shard in
    /// [`super::plan::Previous::homes`], shard by shard.
    ///
    /// # Errors
    /// I/O, a damaged state file, or what `each` gives.
    pub fn each_row(&self, mut each: impl FnMut(u32, StateRow) -> Result<()>) -> Result<()> {
        for (i, home) in self.homes.iter().enumerate() {
            let path = self.directory.join(&home.state.path);
            let mut reader = StateReader::open(&path)?;
            while let Some((row, config, split)) = reader.next_row()? {
                if config != home.config || split != home.split {
                    return Err(Error::corrupt(
                        &path,
                        format!("row `{}` is of another split", row.id),
                    ));
                }
                each(i as u32, row)?;
            }
        }
        Ok(())
    }
}

/// One row in a merge over state files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merged {
    /// Id.
    pub id: String,
    /// Config.
    pub config: String,
    /// Split.
    pub split: String,
    /// Row hash.
    pub row_hash: RowHash,
    /// SHA-256 of the raw text.
    pub exact_key: [u8; 32],
    /// Which of the merged files it stands in.
    pub file: usize,
    /// Its row there, from 0.
    pub row: u64,
}

/// Merges state files, each in order of id, into one stream in order of (id, config, split).
pub struct Merge {
    readers: Vec<StateReader>,
    heap: std::collections::BinaryHeap<std::cmp::Reverse<Merged>>,
}

impl Merge {
    /// Opens all files.
    ///
    /// # Errors
    /// I/O, or a damaged file.
    pub fn open(paths: impl IntoIterator<Item = PathBuf>) -> Result<Self> {
        let readers = paths
            .into_iter()
            .map(|path| StateReader::open(&path))
            .collect::<Result<Vec<_>>>()?;
        let mut merge = Self {
            heap: std::collections::BinaryHeap::with_capacity(readers.len()),
            readers,
        };
        for i in 0..merge.readers.len() {
            merge.pull(i)?;
        }
        Ok(merge)
    }

    fn pull(&mut self, i: usize) -> Result<()> {
        if let Some((row, config, split)) = self.readers[i].next_row()? {
            let merged = Merged {
                id: row.id,
                config,
                split,
                row_hash: row.row_hash,
                exact_key: row.exact_key,
                file: i,
                row: self.readers[i].given - 1,
            };
            self.heap.push(std::cmp::Reverse(merged));
        }
        Ok(())
    }

    /// The next row.
    ///
    /// # Errors
    /// I/O, or a damaged file.
    pub fn next_row(&mut self) -> Result<Option<Merged>> {
        let Some(std::cmp::Reverse(row)) = self.heap.pop() else {
            return Ok(None);
        };
        self.pull(row.file)?;
        Ok(Some(row))
    }
}
