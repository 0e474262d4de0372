//! Parquet files without some of their rows.

use crate::release::audit::{HASHED, Tally};
use crate::release::manifest::{File, Manifest, Role, Shard};
use crate::release::row_hash::RowsHash;
use crate::release::shard::{BATCH_ROWS, Encoder, FileFacts, Kind, ShardFile, TableFile, WriteOptions};
use crate::release::state::{StateReader, schema as state_schema};
use crate::release::{Error, Result};
use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray};
use arrow_schema::{Schema, SchemaRef};
use arrow_select::filter::filter_record_batch;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the exclusions call the place of a row that a purge took out.
const PURGED: &str = "purged";

/// What became of a table.
#[derive(Debug)]
pub(super) enum Rewritten {
    /// It names nothing of what went.
    Same,
    /// Nothing is left of it.
    Empty,
    /// It was written anew.
    New(File),
}

fn builder(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<std::fs::File>> {
    let file = fs_err::File::open(path)?.into_parts().0;
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| Error::parquet(path, e))
}

/// The schema as it is written: without what the file's own metadata adds.
fn bare(schema: &Schema) -> SchemaRef {
    Arc::new(Schema::new(schema.fields().clone()))
}

/// The columns of a release, from the first of its shards.
pub(super) fn schema_of(root: &Path, manifest: &Manifest) -> Result<SchemaRef> {
    let shard = manifest.shards().next();
    let (.., shard) = shard.ok_or_else(|| Error::Invalid("a release without shards".to_owned()))?;
    Ok(bare(builder(&root.join(&shard.path))?.schema()))
}

/// From where and to where: data and state.
type Places = ((PathBuf, PathBuf), (PathBuf, PathBuf));

/// A shard and its state with the rows that are kept, in the row groups that they were in; `None` where no
/// row is left.
pub(super) fn shard(
    options: &WriteOptions,
    (from, to): Places,
    (dataset, since, id): (&str, &str, &str),
    old: &Shard,
    keep: &dyn Fn(u64) -> bool,
) -> Result<Option<(Shard, File)>> {
    let schema = bare(builder(&from.0)?.schema());
    let id = schema.index_of(id).map_err(|e| Error::parquet(&from.0, e))?;
    let data = Encoder::new(options, &schema, Kind::Data { id, dataset, since })?;
    let Some(facts) = filtered(&from.0, &to.0, &data, keep)? else {
        return Ok(None);
    };
    let state = Encoder::new(options, &state_schema_of(&from.1)?, Kind::Table)?;
    let Some(state) = filtered(&from.1, &to.1, &state, keep)? else {
        return Err(Error::corrupt(&from.1, "has other rows than its shard"));
    };
    let mut rows = StateReader::open(&to.1)?;
    let (mut hash, mut ids) = (RowsHash::default(), None::<(String, String)>);
    let mut count = 0;
    while let Some((row, ..)) = rows.next_row()? {
        hash.add([&row.row_hash]);
        count += 1;
        ids = Some(match ids {
            None => (row.id.clone(), row.id),
            Some((first, _)) => (first, row.id),
        });
    }
    let (id_min, id_max) = ids.unwrap_or_default();
    let file = File {
        path: old.state.clone(),
        bytes: state.bytes,
        sha256: state.sha256,
        role: Role::State,
    };
    Ok(Some((
        Shard {
            bytes: facts.bytes,
            sha256: facts.sha256,
            rows: count,
            row_groups: facts.row_groups,
            uncompressed_bytes: facts.uncompressed_bytes,
            footer_bytes: facts.footer_bytes,
            rows_hash: hash.finish(),
            id_min,
            id_max,
            ..old.clone()
        },
        file,
    )))
}

fn state_schema_of(path: &Path) -> Result<SchemaRef> {
    let found = bare(builder(path)?.schema());
    if state_schema()
        .fields()
        .iter()
        .all(|field| found.field_with_name(field.name()).is_ok())
    {
        Ok(found)
    } else {
        Err(Error::corrupt(path, "has not the columns of a state file"))
    }
}

/// Copies the rows that are kept, row group by row group; no row, no file.
fn filtered(
    from: &Path,
    to: &Path,
    encoder: &Encoder,
    keep: &dyn Fn(u64) -> bool,
) -> Result<Option<FileFacts>> {
    let bad = |e: &dyn std::fmt::Display| Error::parquet(from, e);
    let groups = builder(from)?.metadata().num_row_groups();
    let mut out: Option<ShardFile> = None;
    let mut number = 0;
    for group in 0..groups {
        let reader = builder(from)?
            .with_row_groups(vec![group])
            .with_batch_size(BATCH_ROWS)
            .build();
        let mut encoded = None;
        for batch in reader.map_err(|e| bad(&e))? {
            let batch = batch.map_err(|e| bad(&e))?;
            let mask: BooleanArray = (0..batch.num_rows() as u64)
                .map(|row| Some(keep(number + row)))
                .collect();
            number += batch.num_rows() as u64;
            let kept = filter_record_batch(&batch, &mask).map_err(|e| bad(&e))?;
            if kept.num_rows() == 0 {
                continue;
            }
            let group = match &mut encoded {
                Some(group) => group,
                none => none.insert(encoder.row_group().map_err(|e| bad(&e))?),
            };
            group.write(&kept).map_err(|e| bad(&e))?;
        }
        if let Some(group) = encoded {
            let chunks = group.close().map_err(|e| bad(&e))?;
            let file = match &mut out {
                Some(file) => file,
                none => none.insert(ShardFile::create(to, encoder)?),
            };
            file.append(chunks)?;
        }
    }
    out.map(ShardFile::close).transpose()
}

fn reader(path: &Path) -> Result<ParquetRecordBatchReader> {
    let builder = builder(path)?.with_batch_size(BATCH_ROWS);
    builder.build().map_err(|e| Error::parquet(path, e))
}

fn cell<'b>(batch: &'b RecordBatch, name: &str, row: usize) -> Option<&'b str> {
    let column = batch.column_by_name(name)?.as_string_opt::<i32>()?;
    column.is_valid(row).then(|| column.value(row))
}

/// A table without the rows in which one of `columns` names something that went.
pub(super) fn without(
    options: &WriteOptions,
    from: &Path,
    to: &Path,
    name: &str,
    role: Role,
    columns: &[&str],
    named: &dyn Fn(&str) -> bool,
) -> Result<Rewritten> {
    let keep = |batch: &RecordBatch, row: usize| {
        let mut cells = columns.iter().filter_map(|column| cell(batch, column, row));
        !cells.any(named)
    };
    let mut table = None;
    let mut dropped = false;
    // Whether anything goes is known at the end; a table that stays is not written twice.
    for batch in reader(from)? {
        let batch = batch.map_err(|e| Error::parquet(from, e))?;
        dropped |= (0..batch.num_rows()).any(|row| !keep(&batch, row));
    }
    if !dropped {
        return Ok(Rewritten::Same);
    }
    for batch in reader(from)? {
        let batch = batch.map_err(|e| Error::parquet(from, e))?;
        let mask: BooleanArray = (0..batch.num_rows()).map(|row| Some(keep(&batch, row))).collect();
        let kept = filter_record_batch(&batch, &mask).map_err(|e| Error::parquet(from, e))?;
        open(&mut table, options, to, &batch.schema())?.write(&kept)?;
    }
    closed(table, name, role)
}

fn open<'t>(
    table: &'t mut Option<TableFile>,
    options: &WriteOptions,
    to: &Path,
    schema: &Schema,
) -> Result<&'t mut TableFile> {
    Ok(match table {
        Some(table) => table,
        none => none.insert(TableFile::new(to.to_owned(), options, &bare(schema))?),
    })
}

fn closed(table: Option<TableFile>, name: &str, role: Role) -> Result<Rewritten> {
    let file = table.map(|table| table.close(name, role)).transpose()?.flatten();
    Ok(file.map_or(Rewritten::Empty, Rewritten::New))
}

/// The exclusions with keyed hashes for ids of what went, and a row for each row that a purge took out. Tells
/// `tally` what they come to.
pub(super) fn exclusions(
    options: &WriteOptions,
    (from, to): (&Path, &Path),
    name: &str,
    named: &dyn Fn(&str) -> bool,
    hashed: &dyn Fn(&str) -> String,
    gone: &BTreeSet<String>,
    tally: &mut Tally,
) -> Result<Rewritten> {
    let mut new: BTreeSet<String> = gone.iter().map(|id| hashed(id)).collect();
    let mut table = None;
    let mut changed = false;
    let mut schema = None;
    for batch in reader(from)? {
        let batch = batch.map_err(|e| Error::parquet(from, e))?;
        let next =
            excluded(&batch, named, hashed, &mut changed, tally).map_err(|e| Error::parquet(from, e))?;
        for row in 0..next.num_rows() {
            // Out of a purge that was interrupted: it stands here already.
            if cell(&next, "path", row) == Some(PURGED) {
                new.remove(cell(&next, "id", row).unwrap_or_default());
            }
        }
        open(&mut table, options, to, &batch.schema())?.write(&next)?;
        schema = Some(batch.schema());
    }
    if let Some(schema) = schema.filter(|_| !new.is_empty()) {
        changed = true;
        let rows = purged_rows(&bare(&schema), &new, tally)?;
        open(&mut table, options, to, &schema)?.write(&rows)?;
    }
    if changed {
        return closed(table, name, Role::Audit);
    }
    drop(table);
    match fs_err::remove_file(to) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(Rewritten::Same),
    }
}

/// The first exclusions of a release that had none.
pub(super) fn first_exclusions(
    options: &WriteOptions,
    root: &Path,
    prefix: &str,
    hashed: &dyn Fn(&str) -> String,
    gone: &BTreeSet<String>,
    tally: &mut Tally,
) -> Result<File> {
    let schema = crate::release::audit::exclusions_schema();
    let name = format!("{prefix}exclusions/exclusions-00000.parquet");
    let ids = gone.iter().map(|id| hashed(id)).collect();
    let rows = purged_rows(&schema, &ids, tally)?;
    let mut table = TableFile::new(root.join(&name), options, &schema)?;
    table.write(&rows)?;
    let file = table.close(&name, Role::Audit)?;
    file.ok_or_else(|| Error::Invalid("a table of exclusions without a row".to_owned()))
}

fn purged_rows(schema: &SchemaRef, ids: &BTreeSet<String>, tally: &mut Tally) -> Result<RecordBatch> {
    ids.iter().for_each(|_| tally.retracted());
    let all = |text: &str| -> ArrayRef { Arc::new(StringArray::from(vec![text; ids.len()])) };
    let columns = schema.fields().iter().map(|field| -> ArrayRef {
        match field.name().as_str() {
            "path" => all(PURGED),
            "line" => Arc::new(Int64Array::from(vec![0; ids.len()])),
            "id" => Arc::new(StringArray::from_iter_values(ids)),
            "reason" => all("retracted"),
            _ => Arc::new(StringArray::from(vec![None::<&str>; ids.len()])),
        }
    });
    RecordBatch::try_new(schema.clone(), columns.collect()).map_err(|e| Error::Invalid(e.to_string()))
}

/// One batch of exclusions with what went made nameless.
fn excluded(
    batch: &RecordBatch,
    named: &dyn Fn(&str) -> bool,
    hashed: &dyn Fn(&str) -> String,
    changed: &mut bool,
    tally: &mut Tally,
) -> std::result::Result<RecordBatch, arrow_schema::ArrowError> {
    let rows = batch.num_rows();
    let went: Vec<bool> = (0..rows)
        .map(|row| cell(batch, "id", row).is_some_and(|id| !id.starts_with(HASHED) && named(id)))
        .collect();
    let survivor = |row: usize| cell(batch, "survivor", row).filter(|id| !named(id));
    let schema = bare(&batch.schema());
    let columns = schema
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, column)| -> ArrayRef {
            let name = field.name().as_str();
            let texts: Vec<Option<String>> = match name {
                "id" => (0..rows)
                    .map(|row| {
                        cell(batch, name, row).map(|id| if went[row] { hashed(id) } else { id.to_owned() })
                    })
                    .collect(),
                "reason" => (0..rows)
                    .map(|row| {
                        if went[row] {
                            Some("retracted")
                        } else {
                            cell(batch, name, row)
                        }
                        .map(str::to_owned)
                    })
                    .collect(),
                "survivor" => (0..rows)
                    .map(|row| survivor(row).filter(|_| !went[row]).map(str::to_owned))
                    .collect(),
                "rule" | "relation" => (0..rows)
                    .map(|row| cell(batch, name, row).filter(|_| !went[row]).map(str::to_owned))
                    .collect(),
                _ => return Arc::clone(column),
            };
            Arc::new(StringArray::from(texts))
        });
    let next = RecordBatch::try_new(Arc::clone(&schema), columns.collect())?;
    for (row, went) in went.iter().enumerate() {
        *changed |= *went || cell(batch, "survivor", row).is_some_and(named);
        tally.row(
            cell(&next, "reason", row).unwrap_or_default(),
            cell(&next, "rule", row).unwrap_or_default(),
        );
    }
    Ok(next)
}
