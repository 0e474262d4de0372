//! Encoded rows to Arrow batches: one typed builder a column.

use super::{Columns, DataType};
use crate::release::row_hash::take;
use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, ListArray, RecordBatch, RecordBatchOptions, StructArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, Field, Fields};
use std::sync::Arc;

/// Builds record batches, one encoded row at a time.
#[derive(Debug)]
pub struct BatchBuilder {
    columns: Columns,
    builders: Vec<Builder>,
    rows: usize,
}

impl BatchBuilder {
    pub(super) fn new(columns: Columns) -> Self {
        let fields = columns.schema.fields().iter();
        Self {
            builders: fields.map(|field| Builder::new(field.data_type())).collect(),
            columns,
            rows: 0,
        }
    }

    /// Appends a row that [`Columns::encode`] of the same columns wrote. `None` where it did not:
    /// the batch is then unusable.
    #[must_use]
    pub fn push(&mut self, mut encoded: &[u8]) -> Option<()> {
        let rest = &mut encoded;
        let (tag, id) = take(rest)?;
        self.builders[self.columns.id].push(tag, id)?;
        let derived = self.columns.derived.iter();
        let derived = derived.map(|(_, column, name)| (column, name));
        let order = self.columns.order.iter().map(|(column, name)| (column, name));
        for (column, name) in order.chain(derived) {
            let builder = &mut self.builders[*column];
            match rest.strip_prefix(name.as_slice()) {
                Some(behind) => {
                    *rest = behind;
                    let (tag, payload) = take(rest)?;
                    builder.push(tag, payload)?;
                }
                None => builder.push_null(),
            }
        }
        self.rows += 1;
        rest.is_empty().then_some(())
    }

    /// Rows pushed since the last batch.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The rows pushed so far as a batch; the builder is empty afterwards.
    ///
    /// # Errors
    /// Never in practice: Arrow's own consistency check.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let schema = Arc::clone(&self.columns.schema);
        let arrays = finish_all(schema.fields(), &mut self.builders)?;
        let options = RecordBatchOptions::new().with_row_count(Some(std::mem::take(&mut self.rows)));
        RecordBatch::try_new_with_options(schema, arrays, &options)
    }
}

/// The `id` of an encoded row.
#[must_use]
pub(in crate::release) fn encoded_id(mut encoded: &[u8]) -> Option<&[u8]> {
    take(&mut encoded).map(|(_, id)| id)
}

#[derive(Debug)]
enum Builder {
    Utf8(StringBuilder),
    Timestamp(TimestampMicrosecondBuilder),
    Date(Date32Builder),
    Int(Int64Builder),
    Float(Float64Builder),
    Bool(BooleanBuilder),
    List {
        offsets: Vec<i32>,
        nulls: NullBufferBuilder,
        items: Box<Builder>,
        len: i32,
    },
    Struct {
        nulls: NullBufferBuilder,
        children: Vec<Builder>,
        /// Children in byte order of their names.
        order: Vec<(usize, String)>,
        len: usize,
    },
}

impl Builder {
    fn new(kind: &DataType) -> Self {
        match kind {
            DataType::Timestamp(..) => {
                Self::Timestamp(TimestampMicrosecondBuilder::new().with_timezone("UTC"))
            }
            DataType::Date32 => Self::Date(Date32Builder::new()),
            DataType::Int64 => Self::Int(Int64Builder::new()),
            DataType::Float64 => Self::Float(Float64Builder::new()),
            DataType::Boolean => Self::Bool(BooleanBuilder::new()),
            DataType::List(item) => Self::List {
                offsets: vec![0],
                nulls: NullBufferBuilder::new(0),
                items: Box::new(Self::new(item.data_type())),
                len: 0,
            },
            DataType::Struct(fields) => {
                let names = fields.iter().map(|field| field.name().clone());
                let mut order: Vec<(usize, String)> = names.enumerate().collect();
                order.sort_by(|a, b| a.1.cmp(&b.1));
                Self::Struct {
                    nulls: NullBufferBuilder::new(0),
                    children: fields.iter().map(|f| Self::new(f.data_type())).collect(),
                    order,
                    len: 0,
                }
            }
            _ => Self::Utf8(StringBuilder::new()),
        }
    }

    /// Appends a field; `None` where it is of another type.
    fn push(&mut self, tag: u8, payload: &[u8]) -> Option<()> {
        let bits = || Some(u64::from_le_bytes(payload.try_into().ok()?));
        match (self, tag) {
            // simdutf8 validates several times faster than the standard library does.
            (Self::Utf8(b), b's') => b.append_value(simdutf8::basic::from_utf8(payload).ok()?),
            (Self::Timestamp(b), b't') => b.append_value(bits()?.cast_signed()),
            (Self::Date(b), b'd') => b.append_value(i32::try_from(bits()?.cast_signed()).ok()?),
            (Self::Int(b), b'i') => b.append_value(bits()?.cast_signed()),
            (Self::Float(b), b'f') => b.append_value(f64::from_bits(bits()?)),
            (Self::Bool(b), b'b') => b.append_value(payload == [1]),
            (
                Self::List {
                    offsets,
                    nulls,
                    items,
                    len,
                },
                b'l',
            ) => {
                let mut rest = payload.get(8..)?;
                while !rest.is_empty() {
                    match take(&mut rest)? {
                        (b'n', _) => items.push_null(),
                        (tag, payload) => items.push(tag, payload)?,
                    }
                    *len += 1;
                }
                offsets.push(*len);
                nulls.append_non_null();
            }
            (
                Self::Struct {
                    nulls,
                    children,
                    order,
                    len,
                },
                b'o',
            ) => {
                let mut rest = payload;
                for (child, name) in order.iter() {
                    let mut behind = rest;
                    if take(&mut behind).is_some_and(|(_, member)| member == name.as_bytes()) {
                        let (tag, payload) = take(&mut behind)?;
                        children[*child].push(tag, payload)?;
                        rest = behind;
                    } else {
                        children[*child].push_null();
                    }
                }
                nulls.append_non_null();
                *len += 1;
                return rest.is_empty().then_some(());
            }
            _ => return None,
        }
        Some(())
    }

    fn push_null(&mut self) {
        match self {
            Self::Utf8(b) => b.append_null(),
            Self::Timestamp(b) => b.append_null(),
            Self::Date(b) => b.append_null(),
            Self::Int(b) => b.append_null(),
            Self::Float(b) => b.append_null(),
            Self::Bool(b) => b.append_null(),
            Self::List {
                offsets, nulls, len, ..
            } => {
                offsets.push(*len);
                nulls.append_null();
            }
            Self::Struct {
                nulls, children, len, ..
            } => {
                children.iter_mut().for_each(Self::push_null);
                nulls.append_null();
                *len += 1;
            }
        }
    }

    fn finish(&mut self, field: &Field) -> Result<ArrayRef, ArrowError> {
        Ok(match (self, field.data_type()) {
            (Self::Utf8(b), _) => Arc::new(b.finish()),
            (Self::Timestamp(b), _) => Arc::new(b.finish()),
            (Self::Date(b), _) => Arc::new(b.finish()),
            (Self::Int(b), _) => Arc::new(b.finish()),
            (Self::Float(b), _) => Arc::new(b.finish()),
            (Self::Bool(b), _) => Arc::new(b.finish()),
            (
                Self::List {
                    offsets,
                    nulls,
                    items,
                    len,
                },
                DataType::List(item),
            ) => {
                *len = 0;
                let offsets = OffsetBuffer::new(ScalarBuffer::from(std::mem::replace(offsets, vec![0])));
                let values = items.finish(item)?;
                Arc::new(ListArray::try_new(
                    Arc::clone(item),
                    offsets,
                    values,
                    nulls.finish(),
                )?)
            }
            (
                Self::Struct {
                    nulls, children, len, ..
                },
                DataType::Struct(fields),
            ) => {
                let len = std::mem::take(len);
                let arrays = finish_all(fields, children)?;
                Arc::new(StructArray::try_new_with_length(
                    fields.clone(),
                    arrays,
                    nulls.finish(),
                    len,
                )?)
            }
            (_, other) => {
                let what = format!("no builder for {other}");
                return Err(ArrowError::SchemaError(what));
            }
        })
    }
}

fn finish_all(fields: &Fields, builders: &mut [Builder]) -> Result<Vec<ArrayRef>, ArrowError> {
    fields
        .iter()
        .zip(builders)
        .map(|(field, builder)| builder.finish(field))
        .collect()
}
