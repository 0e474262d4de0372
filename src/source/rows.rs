//! Rows of Arrow arrays to JSON records.

use super::adapt::Adapter;
use super::discover::Input;
use super::parquet::{guarded, unreadable};
use super::plan::Options;
use super::render::{Member, push_record, push_string};
use super::units::Made;
use super::{Back, Fault};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch, downcast_integer_array};
use arrow_buffer::ArrowNativeType as _;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType, TimeUnit};
use jiff::Timestamp;
use jiff::tz::Offset;
use std::sync::Arc;

/// Turns the rows of a batch into records.
pub(super) fn records(
    batch: Option<&RecordBatch>,
    faults: Vec<Fault>,
    input: &Input,
    adapter: Option<&Adapter>,
    options: &Options,
) -> Made {
    let mut made = Made {
        faults,
        ..Made::default()
    };
    let Some(batch) = batch else { return made };
    // Arrow trusts its arrays: what a corrupt file gave may panic where it is looked at.
    let rendered = guarded(|| Ok(rows(batch, input, adapter, options)));
    match rendered {
        Ok(mut rows) => {
            rows.faults.append(&mut made.faults);
            rows
        }
        Err(reason) => {
            made.lines = batch.num_rows() as u64;
            made.faults.push(unreadable(reason));
            made
        }
    }
}

fn rows(batch: &RecordBatch, input: &Input, adapter: Option<&Adapter>, options: &Options) -> Made {
    let mut made = Made {
        lines: batch.num_rows() as u64,
        ..Made::default()
    };
    let schema = batch.schema();
    let columns: Vec<(Arc<str>, &ArrayRef)> = schema
        .fields()
        .iter()
        .map(|field| Arc::from(field.name().as_str()))
        .zip(batch.columns())
        .collect();
    for row in 0..batch.num_rows() {
        // A row has no bytes of its own in the file: what counts is the text of its values.
        let bytes: usize = columns.iter().map(|(_, column)| text_bytes(column, row)).sum();
        if bytes > options.max_record_bytes {
            made.faults
                .push(super::jsonl::too_long(options, row as u64, 0, bytes as u64));
            continue;
        }
        let mut members = Vec::with_capacity(columns.len());
        for (name, column) in &columns {
            // A column cannot say "absent": null stands for it.
            if column.is_null(row) {
                continue;
            }
            let mut literal = String::new();
            push_value(&mut literal, column, row);
            members.push(Member::new(name, literal, Back::Nowhere));
        }
        push_record(&mut made, members, row as u64, adapter, input);
    }
    made
}

/// Bytes of a value's text, for the types that can hold much of it.
fn text_bytes(array: &dyn Array, row: usize) -> usize {
    if array.is_null(row) {
        return 0;
    }
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value_length(row).as_usize(),
        DataType::LargeUtf8 => array.as_string::<i64>().value_length(row).as_usize(),
        DataType::Utf8View => array.as_string_view().value(row).len(),
        DataType::Binary => array.as_binary::<i32>().value_length(row).as_usize(),
        DataType::LargeBinary => array.as_binary::<i64>().value_length(row).as_usize(),
        DataType::BinaryView => array.as_binary_view().value(row).len(),
        DataType::List(_) => items_bytes(&array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => items_bytes(&array.as_list::<i64>().value(row)),
        DataType::Struct(_) => {
            let columns = array.as_struct().columns();
            columns.iter().map(|column| text_bytes(column, row)).sum()
        }
        _ => 8,
    }
}

fn items_bytes(items: &ArrayRef) -> usize {
    (0..items.len()).map(|index| text_bytes(items, index)).sum()
}

/// Appends one value as JSON.
fn push_value(out: &mut String, array: &dyn Array, row: usize) {
    if array.is_null(row) {
        out.push_str("null");
        return;
    }
    match array.data_type() {
        DataType::Boolean => out.push_str(if array.as_boolean().value(row) {
            "true"
        } else {
            "false"
        }),
        DataType::Int8 => push_display(out, array.as_primitive::<Int8Type>().value(row)),
        DataType::Int16 => push_display(out, array.as_primitive::<Int16Type>().value(row)),
        DataType::Int32 => push_display(out, array.as_primitive::<Int32Type>().value(row)),
        DataType::Int64 => push_display(out, array.as_primitive::<Int64Type>().value(row)),
        DataType::UInt8 => push_display(out, array.as_primitive::<UInt8Type>().value(row)),
        DataType::UInt16 => push_display(out, array.as_primitive::<UInt16Type>().value(row)),
        DataType::UInt32 => push_display(out, array.as_primitive::<UInt32Type>().value(row)),
        DataType::UInt64 => push_display(out, array.as_primitive::<UInt64Type>().value(row)),
        DataType::Float16 => push_float(
            out,
            f64::from(array.as_primitive::<Float16Type>().value(row).to_f32()),
        ),
        DataType::Float32 => push_float32(out, array.as_primitive::<Float32Type>().value(row)),
        DataType::Float64 => push_float(out, array.as_primitive::<Float64Type>().value(row)),
        DataType::Utf8 => push_string(out, array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => push_string(out, array.as_string::<i64>().value(row)),
        DataType::Utf8View => push_string(out, array.as_string_view().value(row)),
        DataType::Binary => push_bytes(out, array.as_binary::<i32>().value(row)),
        DataType::LargeBinary => push_bytes(out, array.as_binary::<i64>().value(row)),
        DataType::BinaryView => push_bytes(out, array.as_binary_view().value(row)),
        DataType::FixedSizeBinary(_) => push_bytes(out, array.as_fixed_size_binary().value(row)),
        DataType::Date32 if array.as_primitive::<Date32Type>().value(row).abs() > 4_000_000 => {
            push_display(out, array.as_primitive::<Date32Type>().value(row));
        }
        DataType::Timestamp(unit, zone) => push_timestamp(out, array, row, *unit, zone.is_some()),
        DataType::List(_) => push_list(out, &array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => push_list(out, &array.as_list::<i64>().value(row)),
        DataType::ListView(_) => push_list(out, &array.as_list_view::<i32>().value(row)),
        DataType::LargeListView(_) => push_list(out, &array.as_list_view::<i64>().value(row)),
        DataType::FixedSizeList(..) => push_list(out, &array.as_fixed_size_list().value(row)),
        DataType::Struct(_) => push_struct(out, array, row),
        DataType::Map(..) => push_map(out, array, row),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            match key(dictionary.keys(), row) {
                Some(key) if key < dictionary.values().len() => push_value(out, dictionary.values(), key),
                _ => out.push_str("null"),
            }
        }
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => match formatted(array, row) {
            Ok(text) => out.push_str(&text),
            Err(_) => out.push_str("null"),
        },
        _ => match formatted(array, row) {
            Ok(text) => push_string(out, &text),
            Err(error) => push_string(out, &format!("unreadable value: {error}")),
        },
    }
}

/// The place in a dictionary's values that one row names.
fn key(keys: &dyn Array, row: usize) -> Option<usize> {
    downcast_integer_array!(
        keys => Some(keys.value(row).as_usize()),
        _ => None
    )
}

fn push_display(out: &mut String, value: impl std::fmt::Display) {
    use std::fmt::Write as _;
    let _ = write!(out, "{value}");
}

/// NaN and infinities have no JSON form: they read as null.
fn push_float(out: &mut String, value: f64) {
    match serde_json::Number::from_f64(value) {
        Some(number) => push_display(out, number),
        None => out.push_str("null"),
    }
}

/// In the shortest form that reads back as the same single.
fn push_float32(out: &mut String, value: f32) {
    if value.is_finite() {
        push_display(
            out,
            serde_json::Value::from(value.to_string().parse::<f64>().unwrap_or(f64::from(value))),
        );
    } else {
        out.push_str("null");
    }
}

/// Text that a writer did not mark as such, else hexadecimal digits.
fn push_bytes(out: &mut String, bytes: &[u8]) {
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        push_string(out, text);
    } else {
        push_string(out, &super::adapt::hex(bytes));
    }
}

fn push_list(out: &mut String, items: &ArrayRef) {
    out.push('[');
    for index in 0..items.len() {
        if index > 0 {
            out.push(',');
        }
        push_value(out, items, index);
    }
    out.push(']');
}

fn push_struct(out: &mut String, array: &dyn Array, row: usize) {
    let array = array.as_struct();
    out.push('{');
    let mut first = true;
    for (name, column) in array.column_names().into_iter().zip(array.columns()) {
        if column.is_null(row) {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(',');
        }
        push_string(out, name);
        out.push(':');
        push_value(out, column, row);
    }
    out.push('}');
}

fn push_map(out: &mut String, array: &dyn Array, row: usize) {
    let entries = array.as_map().value(row);
    let (Some(keys), Some(values)) = (entries.columns().first(), entries.columns().get(1)) else {
        out.push_str("null");
        return;
    };
    out.push('{');
    for index in 0..entries.len() {
        if index > 0 {
            out.push(',');
        }
        let mut key = String::new();
        push_value(&mut key, keys, index);
        if key.starts_with('"') {
            out.push_str(&key);
        } else {
            push_string(out, &key);
        }
        out.push(':');
        push_value(out, values, index);
    }
    out.push('}');
}

/// Other types as Arrow displays them.
fn formatted(array: &dyn Array, row: usize) -> Result<String, ArrowError> {
    let options = FormatOptions::new().with_display_error(false);
    ArrayFormatter::try_new(array, &options)?
        .value(row)
        .try_to_string()
}

/// A timestamp in RFC 3339 form: with `Z` where the column has a zone (it then counts from the epoch
/// in UTC, whatever the zone is for showing), without an offset where it has none.
fn push_timestamp(out: &mut String, array: &dyn Array, row: usize, unit: TimeUnit, zoned: bool) {
    let (value, timestamp) = match unit {
        TimeUnit::Second => {
            let value = array.as_primitive::<TimestampSecondType>().value(row);
            (value, Timestamp::from_second(value))
        }
        TimeUnit::Millisecond => {
            let value = array.as_primitive::<TimestampMillisecondType>().value(row);
            (value, Timestamp::from_millisecond(value))
        }
        TimeUnit::Microsecond => {
            let value = array.as_primitive::<TimestampMicrosecondType>().value(row);
            (value, Timestamp::from_microsecond(value))
        }
        TimeUnit::Nanosecond => {
            let value = array.as_primitive::<TimestampNanosecondType>().value(row);
            (value, Timestamp::from_nanosecond(i128::from(value)))
        }
    };
    let text = match timestamp {
        Ok(timestamp) if zoned => timestamp.to_string(),
        Ok(timestamp) => Offset::UTC.to_datetime(timestamp).to_string(),
        // Beyond the years -9999 to 9999: the bare number, for the schema to refuse.
        Err(_) => return push_display(out, value),
    };
    push_string(out, &text);
}
