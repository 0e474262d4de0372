//! The values of changed rows on both sides, read from the shards: those rows and no others.

use super::Side;
use super::rows::Only;
use crate::release::columns::Derived;
use crate::release::row_hash::put_value;
use crate::release::state::Merged;
use crate::release::{Error, Result};
use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection};
use std::path::{Path, PathBuf};

/// Rows read at once.
const BATCH: usize = 64;

/// The rows of one shard that are wanted.
struct Feed {
    path: PathBuf,
    rows: u64,
    wanted: Vec<u64>,
    reader: Option<ParquetRecordBatchReader>,
    batch: Option<(RecordBatch, usize)>,
    given: usize,
}

impl Feed {
    fn new(directory: &Path, only: Only<'_>) -> Self {
        Self {
            path: directory.join(&only.shard.path),
            rows: only.shard.rows,
            wanted: Vec::new(),
            reader: None,
            batch: None,
            given: 0,
        }
    }

    fn next(&mut self) -> Result<(RecordBatch, usize)> {
        let bad = |e: &dyn std::fmt::Display| Error::parquet(&self.path, e);
        let reader = match &mut self.reader {
            Some(reader) => reader,
            none => {
                let file = fs_err::File::open(&self.path)?.into_parts().0;
                let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| bad(&e))?;
                let ranges = self.wanted.iter().map(|row| *row as usize..*row as usize + 1);
                let selection = RowSelection::from_consecutive_ranges(ranges, self.rows as usize);
                let reader = builder
                    .with_row_selection(selection)
                    .with_batch_size(BATCH)
                    .build();
                none.insert(reader.map_err(|e| bad(&e))?)
            }
        };
        loop {
            if let Some((batch, at)) = &mut self.batch
                && *at < batch.num_rows()
            {
                *at += 1;
                let out = (batch.clone(), *at - 1);
                self.given += 1;
                if self.given == self.wanted.len() {
                    // The last one: the file and what was decoded of it can go.
                    (self.reader, self.batch) = (None, None);
                }
                return Ok(out);
            }
            match reader.next() {
                Some(batch) => self.batch = Some((batch.map_err(|e| bad(&e))?, 0)),
                None => return Err(Error::corrupt(&self.path, "has fewer rows than its state")),
            }
        }
    }
}

/// Changed rows on both sides.
pub(super) struct Pairs {
    old: Vec<Feed>,
    new: Vec<Feed>,
    key: (String, String),
    open: bool,
}

impl Pairs {
    pub(super) fn new(old: (Side<'_>, &[Only<'_>]), new: (Side<'_>, &[Only<'_>])) -> Result<Self> {
        let feeds = |(side, only): (Side<'_>, &[Only<'_>])| -> Vec<Feed> {
            only.iter().map(|only| Feed::new(side.directory, *only)).collect()
        };
        let key = |side: Side<'_>| -> Result<String> {
            let keys = &side.manifest.schema.primary_key;
            keys.first()
                .cloned()
                .ok_or_else(|| Error::corrupt(side.directory, "names no primary key"))
        };
        Ok(Self {
            old: feeds(old),
            new: feeds(new),
            key: (key(old.0)?, key(new.0)?),
            open: false,
        })
    }

    /// Asks for a row; they come in order of id, so in order of row within each shard.
    pub(super) fn want(&mut self, old: &Merged, new: &Merged) {
        self.old[old.file].wanted.push(old.row);
        self.new[new.file].wanted.push(new.row);
    }

    /// Whether the data of every wanted row is there.
    pub(super) fn open(&mut self) -> bool {
        let wanted = |feed: &&Feed| !feed.wanted.is_empty();
        let feeds = self.old.iter().chain(&self.new);
        self.open = feeds.filter(wanted).all(|feed| feed.path.is_file());
        self.open
    }

    /// The next pair, in the order in which it was asked for.
    pub(super) fn next(&mut self, old: &Merged, new: &Merged) -> Result<Option<Pair>> {
        if !self.open {
            return Ok(None);
        }
        let before = self.old[old.file].next()?;
        let after = self.new[new.file].next()?;
        for (row, key, path, id) in [
            (&before, &self.key.0, &self.old[old.file].path, &old.id),
            (&after, &self.key.1, &self.new[new.file].path, &new.id),
        ] {
            if text(row, key) != Some(id) {
                return Err(Error::corrupt(
                    path,
                    format!("row `{id}` is not where its state says"),
                ));
            }
        }
        Pair::new(before, after).map(Some)
    }
}

fn text<'b>((batch, row): &'b (RecordBatch, usize), column: &str) -> Option<&'b str> {
    let array = batch.column_by_name(column)?;
    let valid = *array.data_type() == DataType::Utf8 && array.is_valid(*row);
    valid.then(|| array.as_string::<i32>().value(*row))
}

/// A changed row: both its states.
#[derive(Debug)]
pub struct Pair {
    old: (RecordBatch, usize),
    new: (RecordBatch, usize),
    columns: Vec<String>,
    only_fills: bool,
}

impl Pair {
    fn new(old: (RecordBatch, usize), new: (RecordBatch, usize)) -> Result<Self> {
        let cell = |(batch, row): &(RecordBatch, usize), name: &str| -> Result<Option<Vec<u8>>> {
            let Some(array) = batch.column_by_name(name).filter(|array| array.is_valid(*row)) else {
                return Ok(None);
            };
            let mut out = Vec::new();
            put_value(&mut out, array.as_ref(), *row).map_err(Error::Invalid)?;
            Ok(Some(out))
        };
        let after = new.0.schema();
        let before = old.0.schema();
        let mut names: Vec<&String> = after.fields().iter().map(|field| field.name()).collect();
        let gone = before.fields().iter().map(|field| field.name());
        names.extend(gone.filter(|name| after.index_of(name).is_err()));
        // What the tool computes is no value of the record.
        names.retain(|name| Derived::find(name).is_none());
        let (mut columns, mut only_fills) = (Vec::new(), true);
        for name in names {
            let (was, now) = (cell(&old, name)?, cell(&new, name)?);
            if was != now {
                // A column that was not there before is filled too, but that is what V202 says.
                only_fills &= was.is_none();
                columns.push(name.clone());
            }
        }
        Ok(Self {
            only_fills: only_fills && !columns.is_empty(),
            old,
            new,
            columns,
        })
    }

    /// Names of the columns that changed, in the order of the new release.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    /// Whether every change fills a null.
    #[must_use]
    pub const fn only_fills(&self) -> bool {
        self.only_fills
    }

    /// Both values of a column of strings; `None` stands for null.
    #[must_use]
    pub fn texts(&self, column: &str) -> (Option<&str>, Option<&str>) {
        (text(&self.old, column), text(&self.new, column))
    }
}
