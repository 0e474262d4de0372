//! Identities of rows and of a whole dataset, independent of how they are encoded.
//!
//! A *field* is encoded as one tag byte, the length of its payload as 64 bits little-endian, and
//! the payload:
//!
//! | type | tag | payload |
//! |---|---|---|
//! | string | `s` | its UTF-8 bytes |
//! | integer | `i` | 64 bits little-endian, two's complement |
//! | float | `f` | IEEE 754 bits, 64 bits little-endian; -0 as 0; NaN is refused |
//! | boolean | `b` | one byte, 0 or 1 |
//! | timestamp | `t` | µs since 1970-01-01T00:00:00Z, as an integer |
//! | date | `d` | days since 1970-01-01, as an integer of 64 bits |
//! | list | `l` | number of elements (64 bits little-endian), then the elements, `n` for null |
//! | struct | `o` | its non-null members in order of name: name as a string, then the value |
//! | null element | `n` | nothing |
//!
//! `row_hash` = SHA-256 of the id, then of every other non-null column in byte order of the names:
//! the name as a string, then the value. So a new nullable column changes no row.
//! `rows_hash` = SHA-256 of the row hashes of a shard (32 bytes each) in file order.
//! `content_id` = SHA-256 over all rows in byte order of (id, config, split): config, split and id
//! as strings, then the 32 bytes of the row hash.

use super::columns::Derived;
use super::hex;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Schema};
use sha2::{Digest as _, Sha256};

/// SHA-256 of one row.
pub type RowHash = [u8; 32];

pub(super) fn put(out: &mut Vec<u8>, tag: u8, payload: &[u8]) {
    out.push(tag);
    out.extend_from_slice(&(payload.len() as u64).to_le_bytes());
    out.extend_from_slice(payload);
}

/// Starts a `tag` field whose payload follows; gives the place that [`end_nested`] wants.
pub(super) fn begin_nested(out: &mut Vec<u8>, tag: u8) -> usize {
    out.push(tag);
    out.extend_from_slice(&[0; 8]);
    out.len()
}

/// Ends a field that [`begin_nested`] started.
pub(super) fn end_nested(out: &mut [u8], start: usize) {
    let length = (out.len() - start) as u64;
    out[start - 8..start].copy_from_slice(&length.to_le_bytes());
}

/// The first field of `bytes`, its tag and payload, which is taken off; `None` where there is none.
pub(super) fn take<'b>(bytes: &mut &'b [u8]) -> Option<(u8, &'b [u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (payload, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some((*tag, payload))
}

/// Columns but the id in byte order of their names, each with its name as a field.
pub(super) fn column_order(schema: &Schema, id: usize) -> Vec<(usize, Vec<u8>)> {
    let columns = schema.fields().iter().enumerate();
    let columns = columns.filter(|(i, field)| *i != id && Derived::find(field.name()).is_none());
    let mut names: Vec<(&str, usize)> = columns.map(|(i, field)| (field.name().as_str(), i)).collect();
    names.sort_unstable();
    let encoded = names.into_iter().map(|(name, i)| {
        let mut encoded = Vec::new();
        put(&mut encoded, b's', name.as_bytes());
        (i, encoded)
    });
    encoded.collect()
}

pub(super) fn put_value(out: &mut Vec<u8>, array: &dyn Array, row: usize) -> Result<(), String> {
    match array.data_type() {
        DataType::Utf8 => put(out, b's', array.as_string::<i32>().value(row).as_bytes()),
        DataType::Int64 => put(
            out,
            b'i',
            &array.as_primitive::<Int64Type>().value(row).to_le_bytes(),
        ),
        DataType::Float64 => {
            let value = array.as_primitive::<Float64Type>().value(row);
            if value.is_nan() {
                return Err("a float is NaN".to_owned());
            }
            // Adding +0 turns -0 into +0 and changes nothing else.
            put(out, b'f', &(value + 0.0).to_bits().to_le_bytes());
        }
        DataType::Boolean => put(out, b'b', &[u8::from(array.as_boolean().value(row))]),
        DataType::Timestamp(..) => {
            let micros = array
                .as_primitive_opt::<TimestampMicrosecondType>()
                .ok_or("a timestamp is not in microseconds")?
                .value(row);
            put(out, b't', &micros.to_le_bytes());
        }
        DataType::Date32 => {
            let days = i64::from(array.as_primitive::<Date32Type>().value(row));
            put(out, b'd', &days.to_le_bytes());
        }
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            let at = begin_nested(out, b'l');
            out.extend_from_slice(&(items.len() as u64).to_le_bytes());
            for i in 0..items.len() {
                if items.is_null(i) {
                    put(out, b'n', &[]);
                } else {
                    put_value(out, items.as_ref(), i)?;
                }
            }
            end_nested(out, at);
        }
        DataType::Struct(fields) => {
            let columns = array.as_struct();
            let mut order: Vec<usize> = (0..fields.len()).collect();
            order.sort_by(|&a, &b| fields[a].name().cmp(fields[b].name()));
            let at = begin_nested(out, b'o');
            for i in order {
                let column = columns.column(i);
                if column.is_valid(row) {
                    put(out, b's', fields[i].name().as_bytes());
                    put_value(out, column.as_ref(), row)?;
                }
            }
            end_nested(out, at);
        }
        other => return Err(format!("type {other} has no row hash")),
    }
    Ok(())
}

/// Hashes the rows of batches of one schema.
#[derive(Debug)]
pub struct RowHasher {
    id: usize,
    /// Columns but the id in byte order of their names, with the name already encoded.
    order: Vec<(usize, Vec<u8>)>,
    buffer: Vec<u8>,
}

impl RowHasher {
    /// A hasher for `schema`, whose id stands in column `id`.
    #[must_use]
    pub fn new(schema: &Schema, id: usize) -> Self {
        Self {
            id,
            order: column_order(schema, id),
            buffer: Vec::new(),
        }
    }

    /// Appends the hash of every row of `batch`.
    ///
    /// # Errors
    /// A NaN, or a column of a type that releases do not have.
    pub fn hash(&mut self, batch: &RecordBatch, out: &mut Vec<RowHash>) -> Result<(), String> {
        let columns = batch.columns();
        for row in 0..batch.num_rows() {
            self.buffer.clear();
            put_value(&mut self.buffer, columns[self.id].as_ref(), row)?;
            for (i, name) in &self.order {
                let column = columns[*i].as_ref();
                if column.is_valid(row) {
                    self.buffer.extend_from_slice(name);
                    put_value(&mut self.buffer, column, row)?;
                }
            }
            out.push(Sha256::digest(&self.buffer).into());
        }
        Ok(())
    }
}

/// Running hash over the row hashes of a shard.
#[derive(Debug, Clone, Default)]
pub struct RowsHash(Sha256);

impl RowsHash {
    /// Adds rows in file order.
    pub fn add<'h>(&mut self, hashes: impl IntoIterator<Item = &'h RowHash>) {
        for hash in hashes {
            self.0.update(hash);
        }
    }

    /// The hash, as lower-case hexadecimal.
    #[must_use]
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Running identity of a whole dataset.
#[derive(Debug, Clone, Default)]
pub struct ContentId {
    sha: Sha256,
    buffer: Vec<u8>,
}

impl ContentId {
    /// Adds one row. Rows come in byte order of (id, config, split).
    pub fn add(&mut self, config: &str, split: &str, id: &str, row: &RowHash) {
        self.buffer.clear();
        for text in [config, split, id] {
            put(&mut self.buffer, b's', text.as_bytes());
        }
        self.buffer.extend_from_slice(row);
        self.sha.update(&self.buffer);
    }

    /// `corpus1-sha256:` and 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn finish(self) -> String {
        format!("corpus1-sha256:{}", hex(&self.sha.finalize()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use arrow_array::builder::{ListBuilder, StringBuilder};
    use arrow_array::{
        ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray, StructArray,
        TimestampMicrosecondArray,
    };
    use arrow_schema::{Field, Fields};
    use std::sync::Arc;

    fn batch(float: f64, with_new_column: bool) -> RecordBatch {
        let mut tags = ListBuilder::new(StringBuilder::new());
        tags.values().append_value("a");
        tags.values().append_null();
        tags.append(true);
        let members: Fields = vec![
            Field::new("lat", DataType::Float64, true),
            Field::new("city", DataType::Utf8, true),
        ]
        .into();
        let place = StructArray::new(
            members,
            vec![
                Arc::new(Float64Array::from(vec![1.5])),
                Arc::new(StringArray::from(vec![None::<&str>])),
            ],
            None,
        );
        let at = TimestampMicrosecondArray::from(vec![1_709_209_845_000_001]).with_timezone("UTC");
        let mut columns: Vec<(&str, ArrayRef)> = vec![
            ("title", Arc::new(StringArray::from(vec!["x"]))),
            ("id", Arc::new(StringArray::from(vec!["أ-1"]))),
            ("n", Arc::new(Int64Array::from(vec![-5]))),
            ("f", Arc::new(Float64Array::from(vec![float]))),
            ("ok", Arc::new(BooleanArray::from(vec![true]))),
            ("at", Arc::new(at)),
            ("day", Arc::new(Date32Array::from(vec![19_782]))),
            ("tags", Arc::new(tags.finish())),
            ("place", Arc::new(place)),
        ];
        if with_new_column {
            columns.push(("none", Arc::new(StringArray::from(vec![None::<&str>]))));
        }
        RecordBatch::try_from_iter(columns).unwrap()
    }

    fn hash(batch: &RecordBatch) -> Result<RowHash, String> {
        let mut out = Vec::new();
        RowHasher::new(batch.schema_ref(), 1).hash(batch, &mut out)?;
        Ok(out[0])
    }

    /// The expected values come from `python/row_identity.py`, written from the table above.
    #[test]
    fn golden_vectors() {
        let first = hash(&batch(-0.0, false)).unwrap();
        assert_eq!(
            hex(&first),
            "9af003ed1e0ffb5fa64f14a081e815471e2fa1c1c31f566491c1296b8dce926a"
        );
        let columns: [(&str, ArrayRef); 2] = [
            ("title", Arc::new(StringArray::from(vec![""]))),
            ("id", Arc::new(StringArray::from(vec!["b"]))),
        ];
        let second = hash(&RecordBatch::try_from_iter(columns).unwrap()).unwrap();
        assert_eq!(
            hex(&second),
            "f991e230e3d94504e22673f899258cc8d149c6e1cba8a0a4f03f41c5ac47b94c"
        );
        let mut rows = RowsHash::default();
        rows.add([&first]);
        rows.add([&second]);
        assert_eq!(
            rows.finish(),
            "e8aea438208dfb509d53768a09414b658b4b0f2d5970dcb7653b290ea8adc075"
        );
        let mut content = ContentId::default();
        content.add("default", "train", "b", &second);
        content.add("default", "test", "أ-1", &first);
        assert_eq!(
            content.finish(),
            "corpus1-sha256:1934b05f7f40dd1bbf63f4589a1612932c36ed115466038e72741afd8006fad5"
        );
    }

    #[test]
    fn a_null_column_and_the_sign_of_zero_change_nothing_a_nan_is_refused() {
        assert_eq!(hash(&batch(0.0, true)), hash(&batch(-0.0, false)));
        assert_ne!(hash(&batch(1.0, false)), hash(&batch(0.0, false)));
        assert!(hash(&batch(f64::NAN, false)).is_err());
    }
}
