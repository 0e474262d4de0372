//! JSON values as row hashes see them: see the table in [`crate::release::row_hash`].

use super::fit::{Fit, boolean, date, float, integer, string, timestamp, wrong_type};
use super::json::canonical_members;
use super::{Columns, RowHash};
use crate::record::Value;
use crate::release::row_hash::{begin_nested, end_nested, put};
use crate::release::sha256;
use arrow_schema::{DataType, Fields};

/// Sign bit of a float in its last byte.
const SIGN: u8 = 0x80;

/// Appends a row and gives its hash.
pub(super) fn row(columns: &Columns, row: Value<'_>, out: &mut Vec<u8>) -> Fit<RowHash> {
    let start = out.len();
    let (mut slots, mut extras) = (Vec::new(), Vec::new());
    columns.walk(row, &mut slots, &mut extras)?;
    let mut into = Encoder {
        out,
        zeros: Vec::new(),
    };
    let kind = |column: usize| columns.schema.field(column).data_type();
    if let Some(id) = slots[columns.id] {
        into.value(kind(columns.id), id)?;
    }
    for (column, name) in columns.order.iter() {
        match slots.get(*column) {
            Some(Some(value)) => {
                into.out.extend_from_slice(name);
                into.value(kind(*column), *value)?;
            }
            Some(None) => {}
            // Behind the declared columns stands the one for what is not declared.
            None if extras.is_empty() => {}
            None => {
                let mut json = String::new();
                canonical_members(&mut extras, &mut json);
                into.out.extend_from_slice(name);
                put(into.out, b's', json.as_bytes());
            }
        }
    }
    let Encoder { out, zeros } = into;
    let hash = sha256(&out[start..]);
    for end in zeros {
        out[end - 1] |= SIGN;
    }
    Ok(hash)
}

struct Encoder<'o> {
    out: &'o mut Vec<u8>,
    /// Ends of the floats that are -0: they count as 0 in the hash, and stay what they are in the row.
    zeros: Vec<usize>,
}

impl Encoder<'_> {
    fn value(&mut self, kind: &DataType, value: Value<'_>) -> Fit<()> {
        match kind {
            DataType::Utf8 => put(self.out, b's', string(value, "a string")?.as_bytes()),
            DataType::Timestamp(..) => put(self.out, b't', &timestamp(value)?.to_le_bytes()),
            DataType::Date32 => put(self.out, b'd', &i64::from(date(value)?).to_le_bytes()),
            DataType::Int64 => put(self.out, b'i', &integer(value)?.to_le_bytes()),
            DataType::Boolean => put(self.out, b'b', &[u8::from(boolean(value)?)]),
            DataType::Float64 => {
                let number = float(value)?;
                put(self.out, b'f', &(number + 0.0).to_bits().to_le_bytes());
                if number == 0.0 && number.is_sign_negative() {
                    self.zeros.push(self.out.len());
                }
            }
            DataType::List(item) => self.list(item.data_type(), value)?,
            DataType::Struct(fields) => self.members(fields, value)?,
            other => return Err(wrong_type(value, &format!("a value of type {other}"))),
        }
        Ok(())
    }

    fn list(&mut self, item: &DataType, value: Value<'_>) -> Fit<()> {
        self.nested(b'l', |into| {
            into.out.extend_from_slice(&(value.len() as u64).to_le_bytes());
            value.elements().try_for_each(|element| {
                if element.is_null() {
                    put(into.out, b'n', &[]);
                    return Ok(());
                }
                into.value(item, element)
            })
        })
    }

    fn members(&mut self, fields: &Fields, value: Value<'_>) -> Fit<()> {
        let mut order: Vec<_> = fields.iter().collect();
        order.sort_by_key(|field| field.name());
        self.nested(b'o', |into| {
            order.into_iter().try_for_each(|field| {
                let Some(member) = value.get(field.name()).filter(|value| !value.is_null()) else {
                    return Ok(());
                };
                put(into.out, b's', field.name().as_bytes());
                into.value(field.data_type(), member)
            })
        })
    }

    fn nested(&mut self, tag: u8, fill: impl FnOnce(&mut Self) -> Fit<()>) -> Fit<()> {
        let at = begin_nested(self.out, tag);
        fill(self)?;
        end_nested(self.out, at);
        Ok(())
    }
}
