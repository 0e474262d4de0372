//! The rows of a shard, read again: what takedowns look at.

use super::{Error, Result};
use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::path::{Path, PathBuf};

/// Rows read at once.
const BATCH: usize = 256;

/// Names of the columns by the part they play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The id.
    pub id: String,
    /// The address.
    pub url: String,
    /// The source.
    pub source: String,
    /// The article.
    pub text: String,
}

impl Names {
    fn all(&self) -> [&str; 4] {
        [&self.id, &self.url, &self.source, &self.text]
    }
}

/// What a row says; `None` for a null, or a column that the release has not.
#[derive(Debug, Clone, Copy)]
pub struct Row<'r> {
    /// Its number in the shard, from 0.
    pub number: u64,
    /// Its id.
    pub id: &'r str,
    /// Its address.
    pub url: Option<&'r str>,
    /// Its source.
    pub source: Option<&'r str>,
    /// Its text.
    pub text: Option<&'r str>,
}

/// The rows of one shard.
pub struct Released {
    path: PathBuf,
    names: Names,
    reader: ParquetRecordBatchReader,
    batch: Option<RecordBatch>,
    next: usize,
    number: u64,
}

impl Released {
    /// Opens a shard.
    ///
    /// # Errors
    /// I/O, or a file that is no shard.
    pub fn open(path: &Path, names: &Names) -> Result<Self> {
        let file = fs_err::File::open(path)?.into_parts().0;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| Error::parquet(path, e))?;
        let wanted = names.all();
        let schema = builder.parquet_schema();
        let mask = ProjectionMask::columns(schema, wanted);
        let reader = builder
            .with_projection(mask)
            .with_batch_size(BATCH)
            .build()
            .map_err(|e| Error::parquet(path, e))?;
        Ok(Self {
            path: path.to_owned(),
            names: names.clone(),
            reader,
            batch: None,
            next: 0,
            number: 0,
        })
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// I/O, or a row without an id.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>> {
        while self
            .batch
            .as_ref()
            .is_none_or(|batch| self.next == batch.num_rows())
        {
            match self.reader.next() {
                Some(batch) => self.batch = Some(batch.map_err(|e| Error::parquet(&self.path, e))?),
                None => return Ok(None),
            }
            self.next = 0;
        }
        let (row, number) = (self.next, self.number);
        self.next += 1;
        self.number += 1;
        let Some(batch) = &self.batch else {
            return Ok(None);
        };
        let [id, url, source, text] = self.names.all().map(|name| cell(batch, name, row));
        let id = id.ok_or_else(|| Error::corrupt(&self.path, format!("row {} has no id", number + 1)))?;
        Ok(Some(Row {
            number,
            id,
            url,
            source,
            text,
        }))
    }
}

fn cell<'b>(batch: &'b RecordBatch, name: &str, row: usize) -> Option<&'b str> {
    let column = batch.column_by_name(name)?;
    let there = *column.data_type() == DataType::Utf8 && column.is_valid(row);
    there.then(|| column.as_string::<i32>().value(row))
}
