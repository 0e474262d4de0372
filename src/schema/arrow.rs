//! The columns that a JSON Schema declares.
//!
//! | JSON Schema | Arrow |
//! |---|---|
//! | `string` | `Utf8` |
//! | `string`, format `date-time` (or either of `date-time` and `date`) | `Timestamp(µs, UTC)` |
//! | `string`, format `date` | `Date32` |
//! | `integer` | `Int64` |
//! | `number` | `Float64` |
//! | `boolean` | `Boolean` |
//! | `array` with one schema for all its items | `List`, items named `element` |
//! | `object` with `properties` | `Struct` |
//!
//! A member that is required and cannot be null becomes a column without nulls.

use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Deepest nesting of lists and structs.
const MAX_DEPTH: usize = 32;
/// Most subschemas that are looked at, so that a schema of few lines cannot unfold without end.
const MAX_STEPS: usize = 100_000;

/// Why a schema declares no columns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the schema at `{pointer}`: {reason}")]
pub struct ArrowError {
    /// JSON pointer of the subschema.
    pub pointer: String,
    /// What is missing or ambiguous there.
    pub reason: String,
}

/// The Arrow schema of the records that a JSON Schema describes, columns in its order.
/// References inside the document are followed.
///
/// # Errors
/// The first subschema that has no one clear type.
pub fn arrow_schema(schema: &Value) -> Result<Schema, ArrowError> {
    let mut walk = Walk {
        root: schema,
        steps: 0,
    };
    let root = Place {
        schema,
        pointer: String::new(),
    };
    match walk.column(&root, 0)? {
        (DataType::Struct(fields), false) => Ok(Schema::new(fields)),
        _ => Err(root.error("a record is an object with declared properties")),
    }
}

/// A subschema and where it stands.
#[derive(Clone)]
struct Place<'a> {
    schema: &'a Value,
    pointer: String,
}

impl<'a> Place<'a> {
    fn error(&self, reason: impl Into<String>) -> ArrowError {
        ArrowError {
            pointer: self.pointer.clone(),
            reason: reason.into(),
        }
    }

    fn child(&self, keyword: &str, schema: &'a Value) -> Self {
        let mut pointer = self.pointer.clone();
        crate::record::push_pointer(&mut pointer, keyword);
        Self { schema, pointer }
    }

    fn children(&self, keyword: &str) -> Vec<Self> {
        let Some(Value::Array(list)) = self.schema.get(keyword) else {
            return Vec::new();
        };
        let parent = self.child(keyword, self.schema);
        list.iter()
            .enumerate()
            .map(|(index, schema)| parent.child(&index.to_string(), schema))
            .collect()
    }
}

/// JSON types and formats that a subschema allows.
#[derive(Default, Clone)]
struct Shape {
    types: BTreeSet<String>,
    formats: BTreeSet<String>,
}

struct Walk<'a> {
    root: &'a Value,
    steps: usize,
}

impl<'a> Walk<'a> {
    /// The type of a subschema, and whether it may be null.
    fn column(&mut self, place: &Place<'a>, depth: usize) -> Result<(DataType, bool), ArrowError> {
        if depth > MAX_DEPTH {
            return Err(place.error("nests too deeply, or contains itself"));
        }
        let parts = self.parts(place)?;
        let shape = self.shape(place, &parts)?;
        let mut types = shape.types;
        let nullable = types.remove("null");
        if types.contains("number") {
            types.remove("integer");
        }
        let names: Vec<_> = types.iter().map(String::as_str).collect();
        let data = match names[..] {
            ["string"] => string_type(place, &shape.formats)?,
            ["integer"] => DataType::Int64,
            ["number"] => DataType::Float64,
            ["boolean"] => DataType::Boolean,
            ["array"] => self.list(place, &parts, depth)?,
            ["object"] => self.structure(place, &parts, depth)?,
            [] if nullable => return Err(place.error("allows null only")),
            [] => return Err(place.error("has no `type`")),
            _ => return Err(place.error(format!("allows more than one type: {}", names.join(", ")))),
        };
        Ok((data, nullable))
    }

    fn list(&mut self, place: &Place<'a>, parts: &[Place<'a>], depth: usize) -> Result<DataType, ArrowError> {
        if let Some(part) = parts.iter().find(|part| part.schema.get("prefixItems").is_some()) {
            return Err(part.error("a tuple (`prefixItems`) has no one type of element"));
        }
        let items = parts
            .iter()
            .find_map(|part| part.schema.get("items").map(|items| part.child("items", items)));
        let Some(items) = items else {
            return Err(place.error("an array without `items` has no type of element"));
        };
        if items.schema.is_array() {
            return Err(items.error("a tuple (a list of `items`) has no one type of element"));
        }
        let (data, nullable) = self.column(&items, depth + 1)?;
        Ok(DataType::List(Arc::new(Field::new("element", data, nullable))))
    }

    fn structure(
        &mut self,
        place: &Place<'a>,
        parts: &[Place<'a>],
        depth: usize,
    ) -> Result<DataType, ArrowError> {
        let mut fields: Vec<Field> = Vec::new();
        let required: BTreeSet<&str> = parts
            .iter()
            .filter_map(|part| part.schema.get("required")?.as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for part in parts {
            let Some(Value::Object(properties)) = part.schema.get("properties") else {
                continue;
            };
            let parent = part.child("properties", part.schema);
            for (name, schema) in properties {
                if fields.iter().any(|field| field.name() == name) {
                    continue;
                }
                let (data, nullable) = self.column(&parent.child(name, schema), depth + 1)?;
                fields.push(Field::new(
                    name,
                    data,
                    nullable || !required.contains(name.as_str()),
                ));
            }
        }
        if fields.is_empty() {
            return Err(place.error(
                "an object without declared `properties` has no columns; declare them, or keep it as a string that holds JSON",
            ));
        }
        Ok(DataType::Struct(Fields::from(fields)))
    }

    /// A subschema, what it refers to, and what `allOf` joins to it.
    fn parts(&mut self, place: &Place<'a>) -> Result<Vec<Place<'a>>, ArrowError> {
        let mut parts: Vec<Place<'a>> = Vec::new();
        let mut open = vec![place.clone()];
        while let Some(place) = open.pop() {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return Err(place.error("unfolds into too many subschemas"));
            }
            if parts.iter().any(|part| part.pointer == place.pointer) {
                continue;
            }
            let mut joined = place.children("allOf");
            joined.reverse();
            open.extend(joined);
            if let Some(reference) = place.schema.get("$ref") {
                open.push(self.follow(&place, reference)?);
            }
            parts.push(place);
        }
        Ok(parts)
    }

    fn follow(&self, place: &Place<'a>, reference: &Value) -> Result<Place<'a>, ArrowError> {
        let reference = reference.as_str().unwrap_or_default();
        let pointer = reference
            .strip_prefix('#')
            .filter(|pointer| pointer.is_empty() || pointer.starts_with('/'));
        let Some(pointer) = pointer else {
            return Err(place.error(format!(
                "columns are read from this document only, and `{reference}` is not a pointer into it"
            )));
        };
        let schema = self
            .root
            .pointer(pointer)
            .ok_or_else(|| place.error(format!("there is no `{reference}`")))?;
        Ok(Place {
            schema,
            pointer: pointer.to_owned(),
        })
    }

    /// What all parts together allow.
    fn shape(&mut self, place: &Place<'a>, parts: &[Place<'a>]) -> Result<Shape, ArrowError> {
        let mut shape = Shape::default();
        let mut typed = false;
        let narrow = |shape: &mut Shape, types: BTreeSet<String>, typed: &mut bool| {
            if *typed {
                shape.types = both(&shape.types, &types);
            } else {
                shape.types = types;
            }
            *typed = true;
        };
        for part in parts {
            if let Some(types) = own_types(part.schema) {
                narrow(&mut shape, types, &mut typed);
            }
            if let Some(format) = part.schema.get("format").and_then(Value::as_str) {
                shape.formats.insert(format.to_owned());
            }
            for keyword in ["anyOf", "oneOf"] {
                let Some(union) = self.union(part, keyword)? else {
                    continue;
                };
                shape.formats.extend(union.formats);
                if !union.types.is_empty() {
                    narrow(&mut shape, union.types, &mut typed);
                }
            }
        }
        if typed && shape.types.is_empty() {
            return Err(place.error("its parts allow no common type"));
        }
        Ok(shape)
    }

    /// What the alternatives of a keyword allow. Types are known only where each of them has some.
    fn union(&mut self, part: &Place<'a>, keyword: &str) -> Result<Option<Shape>, ArrowError> {
        let branches = part.children(keyword);
        if branches.is_empty() {
            return Ok(None);
        }
        if part.pointer.matches("Of/").count() > MAX_DEPTH {
            return Err(part.error("nests too deeply"));
        }
        let mut union = Shape::default();
        let mut complete = true;
        for branch in &branches {
            let parts = self.parts(branch)?;
            if parts.iter().any(|inner| inner.pointer == part.pointer) {
                return Err(branch.error("contains itself"));
            }
            if parts.iter().any(|inner| inner.schema.get("properties").is_some()) {
                return Err(
                    branch.error("alternatives with properties of their own have no one set of columns")
                );
            }
            let shape = self.shape(branch, &parts)?;
            complete &= !shape.types.is_empty();
            union.types.extend(shape.types);
            union.formats.extend(shape.formats);
            // An alternative that is a string of any form widens the others.
            if shape_is_plain_string(&parts) {
                union.formats.insert(String::new());
            }
        }
        if !complete {
            union.types.clear();
        }
        Ok(Some(union))
    }
}

/// Whether a subschema allows any string: a type, and no format anywhere.
fn shape_is_plain_string(parts: &[Place<'_>]) -> bool {
    let string = parts
        .iter()
        .filter_map(|part| own_types(part.schema))
        .any(|types| types.contains("string"));
    string
        && parts.iter().all(|part| {
            ["format", "anyOf", "oneOf"]
                .iter()
                .all(|keyword| part.schema.get(keyword).is_none())
        })
}

/// The types in both sets, where `number` takes `integer` in.
fn both(a: &BTreeSet<String>, b: &BTreeSet<String>) -> BTreeSet<String> {
    let takes = |set: &BTreeSet<String>, name: &str| {
        set.contains(name) || (name == "integer" && set.contains("number"))
    };
    a.iter()
        .filter(|name| takes(b, name))
        .chain(b.iter().filter(|name| takes(a, name)))
        .cloned()
        .collect()
}

/// The types that `type`, or the values of `enum` or `const`, allow.
fn own_types(schema: &Value) -> Option<BTreeSet<String>> {
    match schema.get("type") {
        Some(Value::String(name)) => return Some(BTreeSet::from([name.clone()])),
        Some(Value::Array(names)) => {
            return Some(
                names
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
            );
        }
        _ => {}
    }
    let values = match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(values)), _) => values.iter().collect(),
        (_, Some(value)) => vec![value],
        _ => return None,
    };
    Some(
        values
            .into_iter()
            .map(|value| type_of(value).to_owned())
            .collect(),
    )
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn string_type(place: &Place<'_>, formats: &BTreeSet<String>) -> Result<DataType, ArrowError> {
    let date = formats.contains("date");
    let time = formats.contains("date-time");
    if (date || time)
        && formats
            .iter()
            .any(|format| format != "date" && format != "date-time")
    {
        return Err(place.error("allows dates and other strings: give it one format"));
    }
    Ok(match (time, date) {
        (true, _) => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        (false, true) => DataType::Date32,
        _ => DataType::Utf8,
    })
}

#[cfg(test)]
mod tests;
