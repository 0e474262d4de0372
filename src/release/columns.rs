//! The columns of a dataset: which record fits them, and its values as they travel to them.
//!
//! Only types that every promised reader handles are accepted: `Utf8`, `Timestamp(µs, UTC)`,
//! `Date32`, `Int64`, `Float64`, `Boolean`, lists with items named `element`, and structs.
//!
//! A record is parsed once: [`Columns::encode`] writes its values in the form that its row hash is
//! made of ([`super::row_hash`]), and a [`BatchBuilder`] reads that form into Arrow arrays.

mod batch;
mod derived;
mod encode;
mod fit;
mod json;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests;

pub use batch::BatchBuilder;
pub(super) use batch::encoded_id;
pub use derived::{Computed, Derived};
pub use fit::FitError;
pub use json::canonical_json;
pub(crate) use json::canonical_string;

use super::row_hash::{self, RowHash};
use super::{Error, Result};
use crate::config::Undeclared;
use crate::record::{Kind, Value, push_pointer};
use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};
use fit::{Fit, check_value};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Name of the column that holds undeclared fields as canonical JSON.
pub const EXTRA: &str = "extra";

/// Whether a column type is one that every promised reader handles.
///
/// # Errors
/// Which part of the type is not.
pub fn check_type(kind: &DataType) -> std::result::Result<(), String> {
    match kind {
        DataType::Utf8 | DataType::Date32 | DataType::Int64 | DataType::Float64 | DataType::Boolean => Ok(()),
        DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) if zone.as_ref() == "UTC" => Ok(()),
        DataType::List(item) if item.name() == "element" => check_type(item.data_type()),
        DataType::List(item) => Err(format!("list items are named `{}`, not `element`", item.name())),
        DataType::Struct(fields) if fields.is_empty() => Err("a struct without fields".to_owned()),
        DataType::Struct(fields) => fields
            .iter()
            .try_for_each(|f| check_type(f.data_type()).map_err(|e| format!("{}: {e}", f.name()))),
        other => Err(format!("type {other} is not readable everywhere")),
    }
}

/// The columns of a dataset: the declared ones in schema order, then [`EXTRA`] where asked for.
#[derive(Debug, Clone)]
pub struct Columns {
    schema: SchemaRef,
    index: Arc<HashMap<Box<str>, usize>>,
    undeclared: Undeclared,
    declared: usize,
    id: usize,
    /// Columns but the id in byte order of their names, with the name as row hashes have it.
    order: Arc<[(usize, Vec<u8>)]>,
    /// Columns that the tool computes, behind all others.
    derived: Arc<[(Derived, usize, Vec<u8>)]>,
}

/// An undeclared field: its name, or the pointer of one further down, and its value.
type Undeclareds<'v> = Vec<(Cow<'v, str>, Value<'v>)>;

impl Columns {
    /// Columns for `schema`, whose `id` column is the primary key. Field metadata is dropped: the
    /// schema must be equal to the byte in every shard of every release.
    ///
    /// # Errors
    /// A type some reader cannot read, an `id` that is not a required string, a declared column
    /// called `extra` while undeclared fields go there.
    pub fn new(schema: &Schema, id: &str, undeclared: Undeclared) -> Result<Self> {
        let mut fields: Vec<FieldRef> = Vec::new();
        let mut index = HashMap::new();
        for field in schema.fields() {
            check_type(field.data_type())
                .map_err(|e| Error::Invalid(format!("column `{}`: {e}", field.name())))?;
            if Derived::find(field.name()).is_some() {
                return Err(Error::Invalid(format!(
                    "the schema declares `{}`, the name of a column that the tool computes; rename it",
                    field.name()
                )));
            }
            if index.insert(field.name().as_str().into(), fields.len()).is_some() {
                return Err(Error::Invalid(format!(
                    "column `{}` is declared twice",
                    field.name()
                )));
            }
            fields.push(Arc::new(plain(field)));
        }
        let declared = fields.len();
        let Some(&id_index) = index.get(id) else {
            return Err(Error::Invalid(format!("the schema declares no id column `{id}`")));
        };
        if fields[id_index].data_type() != &DataType::Utf8 {
            return Err(Error::Invalid(format!("the id column `{id}` must be a string")));
        }
        fields[id_index] = Arc::new(Field::new(id, DataType::Utf8, false));
        if undeclared == Undeclared::Extra {
            if index.contains_key(EXTRA) {
                return Err(Error::Invalid(format!(
                    "the schema declares `{EXTRA}`, the column that undeclared fields go to; rename it, \
                     or set release.undeclared to \"drop\" or \"refuse\""
                )));
            }
            fields.push(Arc::new(Field::new(EXTRA, DataType::Utf8, true)));
        }
        let schema = Arc::new(Schema::new(fields));
        Ok(Self {
            order: row_hash::column_order(&schema, id_index).into(),
            derived: Arc::default(),
            schema,
            index: Arc::new(index),
            undeclared,
            declared,
            id: id_index,
        })
    }

    /// The Arrow schema of every shard.
    #[must_use]
    pub const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Index of the id column.
    #[must_use]
    pub const fn id(&self) -> usize {
        self.id
    }

    /// Whether a record fits.
    ///
    /// # Errors
    /// The first value that does not fit.
    pub fn check(&self, row: Value<'_>) -> std::result::Result<(), FitError> {
        self.walk(row, &mut Vec::new(), &mut Vec::new())
            .map_err(|error| *error)
    }

    /// Appends a record's values to `out`, as [`BatchBuilder::push`] takes them, and gives the row's
    /// identity. Of a record that does not fit, `out` holds nothing.
    ///
    /// # Errors
    /// The first value that does not fit.
    pub fn encode(&self, row: Value<'_>, out: &mut Vec<u8>) -> std::result::Result<RowHash, FitError> {
        let start = out.len();
        encode::row(self, row, out).map_err(|error| {
            out.truncate(start);
            *error
        })
    }

    /// A builder for batches of these columns.
    #[must_use]
    pub fn builder(&self) -> BatchBuilder {
        BatchBuilder::new(self.clone())
    }

    /// Sorts the members of a record into `slots`, one for each declared column, and the others into
    /// `extras`, and checks them. The last of repeated members counts, as in most readers.
    fn walk<'v>(
        &self,
        row: Value<'v>,
        slots: &mut Vec<Option<Value<'v>>>,
        extras: &mut Undeclareds<'v>,
    ) -> Fit<()> {
        if row.kind() != Kind::Object {
            return Err(FitError::new("S006", format!("is {}, not an object", row.kind())));
        }
        slots.clear();
        slots.resize(self.declared, None);
        for (key, value) in row.members() {
            let name = key.as_str().unwrap_or_default();
            match self.index.get(name) {
                Some(&i) => slots[i] = Some(value).filter(|value| !value.is_null()),
                None => extras.push((name.into(), value)),
            }
        }
        for (field, value) in self.schema.fields().iter().zip(slots.iter()) {
            check_value(field, *value).map_err(|e| e.below(field.name()))?;
            if let Some(value) = value {
                undeclared_below(field.data_type(), *value, field.name(), extras);
            }
        }
        if self.undeclared == Undeclared::Refuse
            && let Some((name, _)) = extras.first()
        {
            let mut error = FitError::new("S010", "is not declared in the schema");
            error.undeclared = true;
            return Err(if name.starts_with('/') {
                error.pointer = name.to_string();
                error
            } else {
                error.below(name)
            });
        }
        Ok(())
    }
}

/// The same field without metadata, at every depth.
fn plain(field: &Field) -> Field {
    let kind = match field.data_type() {
        DataType::List(item) => DataType::List(Arc::new(plain(item))),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(|f| plain(f)).collect()),
        other => other.clone(),
    };
    Field::new(field.name(), kind, field.is_nullable())
}

/// Collects members of nested objects that their struct does not declare, keyed by JSON pointer.
fn undeclared_below<'v>(kind: &DataType, value: Value<'v>, name: &str, extras: &mut Undeclareds<'v>) {
    fn inside<'v>(kind: &DataType, value: Value<'v>, pointer: &mut String, extras: &mut Undeclareds<'v>) {
        let length = pointer.len();
        match kind {
            DataType::Struct(fields) => {
                for (key, member) in value.members() {
                    let key = key.as_str().unwrap_or_default();
                    push_pointer(pointer, key);
                    match fields.find(key) {
                        Some((_, field)) => inside(field.data_type(), member, pointer, extras),
                        None => extras.push((pointer.clone().into(), member)),
                    }
                    pointer.truncate(length);
                }
            }
            DataType::List(item) => {
                for (i, element) in value.elements().enumerate() {
                    push_pointer(pointer, &i.to_string());
                    inside(item.data_type(), element, pointer, extras);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }
    if kind.is_nested() {
        let mut pointer = String::new();
        push_pointer(&mut pointer, name);
        inside(kind, value, &mut pointer, extras);
    }
}
