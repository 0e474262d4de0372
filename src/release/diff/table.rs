//! A comparison as files: `diff/from-X.json` and `diff/from-X.parquet`.

use super::{Diff, Place, RowChange};
use crate::release::manifest::{File, Role};
use crate::release::shard::{BATCH_ROWS, TableFile, WriteOptions};
use crate::release::{Error, Result};
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use std::path::PathBuf;
use std::sync::Arc;

/// Name of the JSON form.
pub const SCHEMA: &str = "corpus.diff/1";

/// The JSON form, indented, with a newline at its end. `to`: `None` for the working tree.
///
/// # Errors
/// Never in practice: serde's.
pub fn to_json(diff: &Diff, from: &str, to: Option<&str>) -> Result<String> {
    let reasons = diff.reasons.iter().map(|reason| {
        let mut value = serde_json::json!({
            "rule": reason.rule,
            "level": reason.level,
            "count": reason.count,
            "sample_ids": reason.sample_ids,
        });
        if reason.automatic {
            value["automatic"] = true.into();
        }
        value
    });
    let value = serde_json::json!({
        "schema": SCHEMA,
        "from": from,
        "to": to,
        "required": diff.required(),
        "rows": diff.rows,
        "reasons": reasons.collect::<Vec<_>>(),
    });
    let text = serde_json::to_string_pretty(&value).map_err(|e| Error::Invalid(e.to_string()))?;
    Ok(text + "\n")
}

fn schema() -> SchemaRef {
    let item = Arc::new(Field::new("element", DataType::Utf8, false));
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("op", DataType::Utf8, false),
        Field::new("split_old", DataType::Utf8, true),
        Field::new("split_new", DataType::Utf8, true),
        Field::new("columns", DataType::List(item), true),
        Field::new("id_old", DataType::Utf8, true),
    ]))
}

/// Rows of a comparison on their way into a Parquet file. No row, no file.
pub struct DiffTable {
    file: TableFile,
    texts: [StringBuilder; 5],
    columns: ListBuilder<StringBuilder>,
    pending: usize,
    configs: bool,
}

impl DiffTable {
    /// Will create `path`. `configs`: splits are named with their config.
    ///
    /// # Errors
    /// Settings that Parquet refuses.
    pub fn new(path: PathBuf, options: &WriteOptions, configs: bool) -> Result<Self> {
        let item = Field::new("element", DataType::Utf8, false);
        Ok(Self {
            file: TableFile::new(path, options, &schema())?,
            texts: std::array::from_fn(|_| StringBuilder::new()),
            columns: ListBuilder::new(StringBuilder::new()).with_field(item),
            pending: 0,
            configs,
        })
    }

    fn split(&self, place: Option<Place<'_>>) -> Option<String> {
        place.map(|(config, split)| {
            if self.configs {
                format!("{config}/{split}")
            } else {
                split.to_owned()
            }
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// I/O, or the Parquet library's.
    pub fn push(&mut self, row: &RowChange<'_>) -> Result<()> {
        let (before, after) = (self.split(row.old), self.split(row.new));
        let [id, op, split_old, split_new, id_old] = &mut self.texts;
        id.append_value(row.id);
        op.append_value(row.op.as_str());
        split_old.append_option(before);
        split_new.append_option(after);
        id_old.append_option(row.id_old);
        for column in row.pair.iter().flat_map(|pair| pair.columns()) {
            self.columns.values().append_value(column);
        }
        self.columns.append(row.pair.is_some());
        self.pending += 1;
        if self.pending == BATCH_ROWS {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.pending = 0;
        let [id, op, split_old, split_new, id_old] =
            std::array::from_fn(|at| Arc::new(self.texts[at].finish()) as ArrayRef);
        let columns = Arc::new(self.columns.finish());
        let arrays = vec![id, op, split_old, split_new, columns, id_old];
        let batch = RecordBatch::try_new(schema(), arrays).map_err(|e| Error::Invalid(e.to_string()))?;
        self.file.write(&batch)
    }

    /// Ends the file; `path` is its name in the release.
    ///
    /// # Errors
    /// I/O, or the Parquet library's.
    pub fn close(mut self, path: &str) -> Result<Option<File>> {
        self.flush()?;
        self.file.close(path, Role::Diff)
    }
}
