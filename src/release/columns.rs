//! From JSON records to Arrow batches: one typed builder a column, no intermediate values.
//!
//! Only types that every promised reader handles are accepted: `Utf8`, `Timestamp(µs, UTC)`,
//! `Date32`, `Int64`, `Float64`, `Boolean`, lists with items named `element`, and structs.

// Errors travel boxed, so that the results of the hot path stay small.
#![allow(clippy::unnecessary_box_returns)]

use super::datetime;
use super::{Error, Result};
use crate::config::Undeclared;
use crate::record::{Kind, Value, push_pointer};
use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, ListArray, RecordBatch, RecordBatchOptions, StructArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, SchemaRef, TimeUnit};
use std::collections::HashMap;
use std::sync::Arc;

/// Name of the column that holds undeclared fields as canonical JSON.
pub const EXTRA: &str = "extra";

/// Why a record does not fit its columns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{pointer}` {reason}")]
pub struct FitError {
    /// JSON pointer of the value.
    pub pointer: String,
    /// What is wrong, as the end of a sentence that starts with the pointer. Holds no value.
    pub reason: String,
    /// Rule that excludes the record: S005 missing, S006 wrong type, S010 a value out of range.
    pub rule: &'static str,
    /// Whether the only fault is a field that the schema does not declare.
    pub undeclared: bool,
}

impl FitError {
    fn new(rule: &'static str, reason: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            pointer: String::new(),
            reason: reason.into(),
            rule,
            undeclared: false,
        })
    }

    /// Puts a step in front of the pointer while the error travels up.
    fn below(mut self: Box<Self>, step: &str) -> Box<Self> {
        let mut pointer = String::new();
        push_pointer(&mut pointer, step);
        pointer.push_str(&self.pointer);
        self.pointer = pointer;
        self
    }
}

type Fit<T> = std::result::Result<T, Box<FitError>>;

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
}

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
        Ok(Self {
            schema: Arc::new(Schema::new(fields)),
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

    /// Whether a record fits; what [`BatchBuilder::push`] would say, without building anything.
    ///
    /// # Errors
    /// The first value that does not fit.
    pub fn check(&self, row: Value<'_>) -> std::result::Result<(), FitError> {
        self.walk(row, &mut Vec::new(), &mut Vec::new(), |_, field, value| {
            check_value(field, value)
        })
        .map_err(|e| *e)
    }

    /// A builder for batches of these columns.
    #[must_use]
    pub fn builder(&self) -> BatchBuilder {
        BatchBuilder {
            columns: self.clone(),
            builders: self
                .schema
                .fields()
                .iter()
                .map(|f| Builder::new(f.data_type()))
                .collect(),
            json: String::new(),
            rows: 0,
        }
    }

    /// Sorts the members of a record into `slots`, then calls `each` for every declared column.
    /// The last of repeated members counts, as in most readers.
    fn walk<'v>(
        &self,
        row: Value<'v>,
        slots: &mut Vec<Option<Value<'v>>>,
        extras: &mut Vec<(std::borrow::Cow<'v, str>, Value<'v>)>,
        mut each: impl FnMut(usize, &Field, Option<Value<'v>>) -> Fit<()>,
    ) -> Fit<()> {
        if row.kind() != Kind::Object {
            return Err(FitError::new("S006", format!("is {}, not an object", row.kind())));
        }
        slots.clear();
        slots.resize(self.declared, None);
        extras.clear();
        for (key, value) in row.members() {
            let name = key.as_str().unwrap_or_default();
            match self.index.get(name) {
                Some(&i) => slots[i] = Some(value),
                None => extras.push((name.into(), value)),
            }
        }
        for (i, field) in self.schema.fields().iter().take(self.declared).enumerate() {
            let value = slots[i].filter(|v| !v.is_null());
            each(i, field, value).map_err(|e| e.below(field.name()))?;
            if let Some(value) = value {
                undeclared_below(field.data_type(), value, field.name(), extras);
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
fn undeclared_below<'v>(
    kind: &DataType,
    value: Value<'v>,
    name: &str,
    extras: &mut Vec<(std::borrow::Cow<'v, str>, Value<'v>)>,
) {
    fn inside<'v>(
        kind: &DataType,
        value: Value<'v>,
        pointer: &mut String,
        extras: &mut Vec<(std::borrow::Cow<'v, str>, Value<'v>)>,
    ) {
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

fn missing(field: &Field) -> Fit<()> {
    if field.is_nullable() {
        Ok(())
    } else {
        Err(FitError::new("S005", "is required and missing or null"))
    }
}

fn wrong_type(value: Value<'_>, expected: &str) -> Box<FitError> {
    FitError::new("S006", format!("is {}, not {expected}", value.kind()))
}

fn string<'v>(value: Value<'v>, expected: &str) -> Fit<&'v str> {
    value.as_str().ok_or_else(|| wrong_type(value, expected))
}

fn timestamp(value: Value<'_>) -> Fit<i64> {
    datetime::parse_timestamp(string(value, "a date-time")?).map_err(|e| FitError::new("S010", e))
}

fn date(value: Value<'_>) -> Fit<i32> {
    datetime::parse_date(string(value, "a date")?).map_err(|e| FitError::new("S010", e))
}

/// Largest magnitude up to which a double holds every integer.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn integer(value: Value<'_>) -> Fit<i64> {
    if value.kind() != Kind::Number {
        return Err(wrong_type(value, "an integer"));
    }
    if let Ok(number) = value.raw().parse::<i64>() {
        return Ok(number);
    }
    // `1.0` and `1e3` are integers to JSON Schema.
    match value.raw().parse::<f64>() {
        Ok(number) if number.fract() == 0.0 && number.abs() <= EXACT => Ok(number as i64),
        Ok(number) if number.fract() != 0.0 => Err(FitError::new("S006", "is a fraction, not an integer")),
        _ => Err(FitError::new("S010", "does not fit 64 bits")),
    }
}

fn float(value: Value<'_>) -> Fit<f64> {
    if value.kind() != Kind::Number {
        return Err(wrong_type(value, "a number"));
    }
    match value.raw().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(FitError::new("S010", "is beyond the range of a double")),
    }
}

fn boolean(value: Value<'_>) -> Fit<bool> {
    value.as_bool().ok_or_else(|| wrong_type(value, "a boolean"))
}

fn check_value(field: &Field, value: Option<Value<'_>>) -> Fit<()> {
    let Some(value) = value.filter(|v| !v.is_null()) else {
        return missing(field);
    };
    match field.data_type() {
        DataType::Utf8 => string(value, "a string").map(drop),
        DataType::Timestamp(..) => timestamp(value).map(drop),
        DataType::Date32 => date(value).map(drop),
        DataType::Int64 => integer(value).map(drop),
        DataType::Float64 => float(value).map(drop),
        DataType::Boolean => boolean(value).map(drop),
        DataType::List(item) => {
            if value.kind() != Kind::Array {
                return Err(wrong_type(value, "an array"));
            }
            for (i, element) in value.elements().enumerate() {
                check_value(item, Some(element)).map_err(|e| e.below(&i.to_string()))?;
            }
            Ok(())
        }
        DataType::Struct(fields) => {
            if value.kind() != Kind::Object {
                return Err(wrong_type(value, "an object"));
            }
            for field in fields {
                check_value(field, value.get(field.name())).map_err(|e| e.below(field.name()))?;
            }
            Ok(())
        }
        // `Columns::new` has refused every other type.
        other => Err(FitError::new("S006", format!("has a column of type {other}"))),
    }
}

/// Builds record batches, one record at a time.
#[derive(Debug)]
pub struct BatchBuilder {
    columns: Columns,
    builders: Vec<Builder>,
    json: String,
    rows: usize,
}

impl BatchBuilder {
    /// Appends a record.
    ///
    /// # Errors
    /// The first value that does not fit. The batch is then unusable: drop the builder.
    pub fn push(&mut self, row: Value<'_>) -> std::result::Result<(), FitError> {
        let Self {
            columns,
            builders,
            json,
            rows,
        } = self;
        let (mut slots, mut extras) = (Vec::new(), Vec::new());
        columns
            .walk(row, &mut slots, &mut extras, |i, field, value| {
                builders[i].push(field, value)
            })
            .map_err(|e| *e)?;
        if columns.undeclared == Undeclared::Extra
            && let Some(Builder::Utf8(builder)) = builders.last_mut()
        {
            if extras.is_empty() {
                builder.append_null();
            } else {
                json.clear();
                canonical_members(&mut extras, json);
                builder.append_value(&json);
            }
        }
        *rows += 1;
        Ok(())
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
    pub fn finish(&mut self) -> std::result::Result<RecordBatch, arrow_schema::ArrowError> {
        let schema = Arc::clone(&self.columns.schema);
        let arrays = schema
            .fields()
            .iter()
            .zip(&mut self.builders)
            .map(|(field, builder)| builder.finish(field))
            .collect::<std::result::Result<Vec<_>, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(std::mem::take(&mut self.rows)));
        RecordBatch::try_new_with_options(schema, arrays, &options)
    }
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
            DataType::Struct(fields) => Self::Struct {
                nulls: NullBufferBuilder::new(0),
                children: fields.iter().map(|f| Self::new(f.data_type())).collect(),
                len: 0,
            },
            _ => Self::Utf8(StringBuilder::new()),
        }
    }

    fn push(&mut self, field: &Field, value: Option<Value<'_>>) -> Fit<()> {
        let Some(value) = value.filter(|v| !v.is_null()) else {
            missing(field)?;
            self.push_null();
            return Ok(());
        };
        match (self, field.data_type()) {
            (Self::Utf8(b), _) => b.append_value(string(value, "a string")?),
            (Self::Timestamp(b), _) => b.append_value(timestamp(value)?),
            (Self::Date(b), _) => b.append_value(date(value)?),
            (Self::Int(b), _) => b.append_value(integer(value)?),
            (Self::Float(b), _) => b.append_value(float(value)?),
            (Self::Bool(b), _) => b.append_value(boolean(value)?),
            (
                Self::List {
                    offsets,
                    nulls,
                    items,
                    len,
                },
                DataType::List(item),
            ) => {
                if value.kind() != Kind::Array {
                    return Err(wrong_type(value, "an array"));
                }
                for (i, element) in value.elements().enumerate() {
                    items
                        .push(item, Some(element))
                        .map_err(|e| e.below(&i.to_string()))?;
                    *len += 1;
                }
                offsets.push(*len);
                nulls.append_non_null();
            }
            (Self::Struct { nulls, children, len }, DataType::Struct(fields)) => {
                if value.kind() != Kind::Object {
                    return Err(wrong_type(value, "an object"));
                }
                for (child, field) in children.iter_mut().zip(fields) {
                    child
                        .push(field, value.get(field.name()))
                        .map_err(|e| e.below(field.name()))?;
                }
                nulls.append_non_null();
                *len += 1;
            }
            (_, other) => return Err(FitError::new("S006", format!("has a column of type {other}"))),
        }
        Ok(())
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
            Self::Struct { nulls, children, len } => {
                children.iter_mut().for_each(Self::push_null);
                nulls.append_null();
                *len += 1;
            }
        }
    }

    fn finish(&mut self, field: &Field) -> std::result::Result<ArrayRef, arrow_schema::ArrowError> {
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
            (Self::Struct { nulls, children, len }, DataType::Struct(fields)) => {
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
                return Err(arrow_schema::ArrowError::SchemaError(what));
            }
        })
    }
}

fn finish_all(
    fields: &Fields,
    builders: &mut [Builder],
) -> std::result::Result<Vec<ArrayRef>, arrow_schema::ArrowError> {
    fields
        .iter()
        .zip(builders)
        .map(|(field, builder)| builder.finish(field))
        .collect()
}

/// Writes members as canonical JSON: keys in code point order, no space, minimal escapes, numbers
/// as they were written; the last of repeated members counts.
fn canonical_members<S: AsRef<str>>(members: &mut Vec<(S, Value<'_>)>, out: &mut String) {
    members.sort_by(|a, b| a.0.as_ref().cmp(b.0.as_ref()));
    out.push('{');
    let mut first = true;
    for (i, (key, value)) in members.iter().enumerate() {
        if members
            .get(i + 1)
            .is_some_and(|next| next.0.as_ref() == key.as_ref())
        {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(',');
        }
        canonical_string(key.as_ref(), out);
        out.push(':');
        canonical_json(*value, out);
    }
    out.push('}');
}

/// Appends `value` as canonical JSON.
pub fn canonical_json(value: Value<'_>, out: &mut String) {
    match value.kind() {
        Kind::Null | Kind::Bool | Kind::Number => out.push_str(value.raw()),
        Kind::String => canonical_string(value.as_str().unwrap_or_default(), out),
        Kind::Array => {
            out.push('[');
            for (i, element) in value.elements().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                canonical_json(element, out);
            }
            out.push(']');
        }
        Kind::Object => {
            let mut members = value
                .members()
                .map(|(k, v)| (k.as_str().unwrap_or_default(), v))
                .collect();
            canonical_members(&mut members, out);
        }
    }
}

/// Appends a JSON string with the escapes that RFC 8259 demands and no other.
pub(crate) fn canonical_string(text: &str, out: &mut String) {
    out.push('"');
    let mut from = 0;
    for (i, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            0..=0x1f => "",
            _ => continue,
        };
        out.push_str(&text[from..i]);
        if escape.is_empty() {
            out.push_str("\\u00");
            out.push(char::from(b'0' + (byte >> 4)));
            out.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
        } else {
            out.push_str(escape);
        }
        from = i + 1;
    }
    out.push_str(&text[from..]);
    out.push('"');
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::super::testing;
    use super::*;
    use crate::record::Tree;
    use arrow_array::Array as _;
    use arrow_array::cast::AsArray as _;

    fn with<T>(json: &str, f: impl FnOnce(Value<'_>) -> T) -> T {
        let mut tree = Tree::new();
        testing::parse(json, &mut tree);
        f(tree.root(json).unwrap())
    }

    const ROW: &str = r#"{"id":"a","title":"t","body":"b","published_at":"2024-01-01","reads":1"#;

    #[test]
    fn extra_is_canonical() {
        let json = format!(
            r#"{ROW},"z":{{"b":1.50,"a":"\u0007\n\u00e9/"}},"y":null,"place":{{"city":"c","up":true}},"z2":[],"y":[1,2],"places":[{{"k~/":"v"}}]}}"#
        );
        let columns = testing::columns();
        let mut builder = columns.builder();
        with(&json, |row| builder.push(row)).unwrap();
        with(&format!("{ROW}}}"), |row| builder.push(row)).unwrap();
        let batch = builder.finish().unwrap();
        let extra = batch.column_by_name(EXTRA).unwrap().as_string::<i32>().clone();
        assert_eq!(
            extra.value(0),
            r#"{"/place/up":true,"/places/0/k~0~1":"v","y":[1,2],"z":{"a":"\u0007\né/","b":1.50},"z2":[]}"#
        );
        assert!(extra.is_null(1));
        assert_eq!(batch.num_rows(), 2);
        assert!(builder.is_empty());
    }

    #[test]
    fn misfits_are_located() {
        let columns = testing::columns();
        for (tail, pointer, rule) in [
            (r#","title":null}"#, "/title", "S005"),
            (r#","body":5}"#, "/body", "S006"),
            (r#","published_at":"yesterday"}"#, "/published_at", "S010"),
            (
                r#","published_at":"2024-01-01T00:00:00"}"#,
                "/published_at",
                "S010",
            ),
            (r#","published_at":12}"#, "/published_at", "S006"),
            (r#","day":"2023-02-29"}"#, "/day", "S010"),
            (r#","reads":1.5}"#, "/reads", "S006"),
            (r#","reads":9223372036854775808}"#, "/reads", "S010"),
            (r#","score":1e400}"#, "/score", "S010"),
            (r#","paid":"true"}"#, "/paid", "S006"),
            (r#","tags":["x",null]}"#, "/tags/1", "S005"),
            (r#","tags":"x"}"#, "/tags", "S006"),
            (r#","places":[{},{"lat":"n"}]}"#, "/places/1/lat", "S006"),
        ] {
            let json = format!("{ROW}{tail}");
            let checked = with(&json, |row| columns.check(row)).unwrap_err();
            assert_eq!(
                (checked.pointer.as_str(), checked.rule),
                (pointer, rule),
                "{json}"
            );
            assert_eq!(
                with(&json, |row| columns.builder().push(row)).unwrap_err(),
                checked
            );
        }
        for good in [
            r#","reads":1e3}"#,
            r#","reads":-9223372036854775808}"#,
            r#","score":3,"day":null}"#,
        ] {
            with(&format!("{ROW}{good}"), |row| columns.check(row)).unwrap();
        }
        assert_eq!(with("[1]", |row| columns.check(row)).unwrap_err().rule, "S006");
        let strict = Columns::new(&testing::schema(), "id", Undeclared::Refuse).unwrap();
        let json = format!(r#"{ROW},"place":{{"x/y":1}}}}"#);
        assert_eq!(
            with(&json, |row| strict.check(row)).unwrap_err().pointer,
            "/place/x~1y"
        );
        let json = format!(r#"{ROW},"q":1}}"#);
        assert_eq!(with(&json, |row| strict.check(row)).unwrap_err().pointer, "/q");
    }

    #[test]
    fn types_that_some_reader_cannot_read_are_refused() {
        let item = |name: &str| DataType::List(Arc::new(Field::new(name, DataType::Utf8, true)));
        for (kind, ok) in [
            (DataType::Utf8, true),
            (item("element"), true),
            (item("item"), false),
            (DataType::Utf8View, false),
            (DataType::UInt64, false),
            (DataType::Int32, false),
            (DataType::Timestamp(TimeUnit::Microsecond, None), false),
            (
                DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
                false,
            ),
            (DataType::Struct(Fields::empty()), false),
        ] {
            assert_eq!(check_type(&kind).is_ok(), ok, "{kind}");
        }
        let schema = Schema::new(vec![
            Field::new("id", DataType::Utf8, false),
            Field::new(EXTRA, DataType::Utf8, true),
        ]);
        assert!(Columns::new(&schema, "id", Undeclared::Extra).is_err());
        assert!(Columns::new(&schema, "id", Undeclared::Drop).is_ok());
        assert!(Columns::new(&schema, "key", Undeclared::Drop).is_err());
    }
}
