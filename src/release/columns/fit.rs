//! Whether a JSON value has a place in a column, and what it is there.

// Errors travel boxed, so that the results of the hot path stay small.
#![allow(clippy::unnecessary_box_returns)]

use crate::record::{Kind, Value, push_pointer};
use crate::release::datetime;
use arrow_schema::{DataType, Field};

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
    pub(super) fn new(rule: &'static str, reason: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            pointer: String::new(),
            reason: reason.into(),
            rule,
            undeclared: false,
        })
    }

    /// Puts a step in front of the pointer while the error travels up.
    pub(super) fn below(mut self: Box<Self>, step: &str) -> Box<Self> {
        let mut pointer = String::new();
        push_pointer(&mut pointer, step);
        pointer.push_str(&self.pointer);
        self.pointer = pointer;
        self
    }
}

pub(super) type Fit<T> = std::result::Result<T, Box<FitError>>;

fn missing(field: &Field) -> Fit<()> {
    if field.is_nullable() {
        Ok(())
    } else {
        Err(FitError::new("S005", "is required and missing or null"))
    }
}

pub(super) fn wrong_type(value: Value<'_>, expected: &str) -> Box<FitError> {
    FitError::new("S006", format!("is {}, not {expected}", value.kind()))
}

pub(super) fn string<'v>(value: Value<'v>, expected: &str) -> Fit<&'v str> {
    value.as_str().ok_or_else(|| wrong_type(value, expected))
}

pub(super) fn timestamp(value: Value<'_>) -> Fit<i64> {
    datetime::parse_timestamp(string(value, "a date-time")?).map_err(|e| FitError::new("S010", e))
}

pub(super) fn date(value: Value<'_>) -> Fit<i32> {
    datetime::parse_date(string(value, "a date")?).map_err(|e| FitError::new("S010", e))
}

/// Largest magnitude up to which a double holds every integer.
const EXACT: f64 = 9_007_199_254_740_992.0;

pub(super) fn integer(value: Value<'_>) -> Fit<i64> {
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

pub(super) fn float(value: Value<'_>) -> Fit<f64> {
    if value.kind() != Kind::Number {
        return Err(wrong_type(value, "a number"));
    }
    match value.raw().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(FitError::new("S010", "is beyond the range of a double")),
    }
}

pub(super) fn boolean(value: Value<'_>) -> Fit<bool> {
    value.as_bool().ok_or_else(|| wrong_type(value, "a boolean"))
}

pub(super) fn check_value(field: &Field, value: Option<Value<'_>>) -> Fit<()> {
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
