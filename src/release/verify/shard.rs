//! One shard, read to its last row and compared with the manifest and its state.

use super::{Check, footer_rows};
use crate::release::manifest::{Manifest, Shard};
use crate::release::row_hash::{RowHash, RowHasher, RowsHash};
use crate::release::state::StateReader;
use crate::release::writer;
use arrow_array::cast::AsArray as _;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::panic::AssertUnwindSafe;

impl Check<'_> {
    /// Reads a shard and its state. Gives the schema as text.
    pub(super) fn shard(
        &self,
        manifest: &Manifest,
        place: (&str, &str),
        shard: &Shard,
        state: bool,
    ) -> Option<String> {
        // The Parquet reader is robust, but a hostile file must not take the process down.
        let read = AssertUnwindSafe(|| self.read_shard(manifest, place, shard, state));
        match std::panic::catch_unwind(read) {
            Ok(Ok(schema)) => Some(schema),
            Ok(Err(what)) => {
                self.say(&shard.path, what);
                None
            }
            Err(_) => {
                self.say(&shard.path, "cannot be read as Parquet");
                None
            }
        }
    }

    fn read_shard(
        &self,
        manifest: &Manifest,
        place: (&str, &str),
        shard: &Shard,
        state: bool,
    ) -> std::result::Result<String, String> {
        let file = fs_err::File::open(self.root.join(&shard.path)).map_err(|e| e.to_string())?;
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(file.into_parts().0).map_err(|e| e.to_string())?;
        let metadata = builder.metadata().clone();
        let uncompressed: u64 = metadata
            .row_groups()
            .iter()
            .map(|g| g.total_byte_size() as u64)
            .sum();
        for (what, footer, claimed) in [
            ("rows", metadata.file_metadata().num_rows() as u64, shard.rows),
            ("row groups", metadata.num_row_groups() as u64, shard.row_groups),
            ("uncompressed bytes", uncompressed, shard.uncompressed_bytes),
        ] {
            if footer != claimed {
                return Err(format!("its footer says {footer} {what}, the manifest {claimed}"));
            }
        }
        let schema = builder.schema().clone();
        let columns: Vec<(String, String, bool)> = schema
            .fields()
            .iter()
            .map(|f| {
                (
                    f.name().clone(),
                    writer::type_name(f.data_type()),
                    f.is_nullable(),
                )
            })
            .collect();
        let declared: Vec<(String, String, bool)> = manifest
            .schema
            .fields
            .iter()
            .map(|c| (c.name.clone(), c.kind.clone(), c.nullable))
            .collect();
        if columns != declared {
            return Err("has not the columns of the manifest".to_owned());
        }
        let key = manifest
            .schema
            .primary_key
            .first()
            .map(String::as_str)
            .unwrap_or_default();
        let id = schema.index_of(key).map_err(|_| "has no id column".to_owned())?;
        let mut pairs = if state { Some(self.state(shard)?) } else { None };
        let mut identity = RowHasher::new(&schema, id);
        let mut all = RowsHash::default();
        let (mut hashes, mut last): (Vec<RowHash>, Option<String>) = (Vec::new(), None);
        let mut row = 0_u64;
        for batch in builder
            .with_batch_size(1_024)
            .build()
            .map_err(|e| e.to_string())?
        {
            let batch = batch.map_err(|e| e.to_string())?;
            hashes.clear();
            identity.hash(&batch, &mut hashes)?;
            all.add(&hashes);
            let ids = batch.column(id).as_string::<i32>();
            for (i, hash) in hashes.iter().enumerate() {
                let id = ids.value(i);
                if last.as_deref().is_some_and(|last| last >= id) {
                    return Err(format!("row {row}: its id is not greater than the one before"));
                }
                if row == 0 && id != shard.id_min {
                    return Err("its first id is not id_min".to_owned());
                }
                last = Some(id.to_owned());
                if let Some(reader) = &mut pairs {
                    let same = reader
                        .next_row()
                        .map_err(|e| e.to_string())?
                        .is_some_and(|(s, c, p)| {
                            s.id == id
                                && s.row_hash == *hash
                                && s.since == shard.rows_since
                                && (c.as_str(), p.as_str()) == place
                        });
                    if !same {
                        return Err(format!("row {row} and its state differ"));
                    }
                }
                row += 1;
            }
        }
        if last.as_deref() != Some(shard.id_max.as_str()) {
            return Err("its last id is not id_max".to_owned());
        }
        if all.finish() != shard.rows_hash {
            return Err("its rows have not the rows_hash of the manifest".to_owned());
        }
        // The Arrow schema in the footer is compared too: readers trust it.
        let arrow = metadata.file_metadata().key_value_metadata().and_then(|pairs| {
            pairs
                .iter()
                .find(|p| p.key == "ARROW:schema")
                .and_then(|p| p.value.clone())
        });
        Ok(format!(
            "{:?} {arrow:?}",
            metadata.file_metadata().schema_descr().root_schema()
        ))
    }

    fn state(&self, shard: &Shard) -> std::result::Result<StateReader, String> {
        let path = self.root.join(&shard.state);
        let rows = footer_rows(&path).map_err(|e| e.to_string())?;
        if rows != shard.rows {
            return Err(format!("its state has {rows} rows, not {}", shard.rows));
        }
        StateReader::open(&path).map_err(|e| e.to_string())
    }
}
