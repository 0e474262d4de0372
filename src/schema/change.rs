//! Two versions of a JSON Schema: what the new one allows that the old one did not, by proof.

use jsonschema::PatternOptions;
use jsonschema::canonical::{self, CanonicalSchema, Containment};
use serde_json::{Map, Value};

/// Keywords that say nothing about which values are valid.
const ANNOTATIONS: &[&str] = &[
    "$schema",
    "$id",
    "$comment",
    "$anchor",
    "title",
    "description",
    "examples",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
];

/// How the values that a property may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A value was added to an `enum`.
    ValueAdded(String),
    /// A value was removed from an `enum`.
    ValueRemoved(String),
    /// What was valid is still valid, and more is.
    Wider,
    /// Something that was valid is not valid any more.
    Narrower,
    /// Nothing could be proved.
    Unknown,
}

/// What changed in the properties that both schemas have, by name; `""` stands for the schema around
/// them. Properties that only one of them has, and `required`, are not looked at: columns tell.
#[must_use]
pub fn changes(old: &Value, new: &Value) -> Vec<(String, Change)> {
    let mut out = Vec::new();
    if let (Some(before), Some(after)) = (properties(old), properties(new)) {
        for (name, now) in after {
            if let Some(was) = before.get(name) {
                let found = property((old, was), (new, now));
                out.extend(found.into_iter().map(|change| (name.clone(), change)));
            }
        }
    }
    let (old, new) = (around(old), around(new));
    if old != new
        && let Some(change) = prove(&old, &new)
    {
        out.push((String::new(), change));
    }
    out
}

fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

/// The schema without its properties and annotations.
fn around(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(members) = schema.as_object_mut() {
        members.retain(|name, _| {
            !ANNOTATIONS.contains(&name.as_str())
                && !["properties", "required", "$defs", "definitions"].contains(&name.as_str())
        });
    }
    schema
}

fn property((old_root, old): (&Value, &Value), (new_root, new): (&Value, &Value)) -> Vec<Change> {
    let (mut was, mut now) = (bare(old), bare(new));
    let same_definitions = ["$defs", "definitions"]
        .iter()
        .all(|name| old_root.get(name) == new_root.get(name));
    if was == now && same_definitions {
        return Vec::new();
    }
    let mut out = Vec::new();
    if let (Some(Value::Array(before)), Some(Value::Array(after))) = (take(&mut was), take(&mut now)) {
        let gone = before.iter().filter(|value| !after.contains(value));
        out.extend(gone.map(|value| Change::ValueRemoved(plain(value))));
        let come = after.iter().filter(|value| !before.contains(value));
        out.extend(come.map(|value| Change::ValueAdded(plain(value))));
    } else {
        (was, now) = (bare(old), bare(new));
    }
    if was != now || !same_definitions {
        out.extend(prove(&within(old_root, was), &within(new_root, now)));
    }
    out
}

/// The `enum` of a schema, taken out.
fn take(schema: &mut Value) -> Option<Value> {
    schema.as_object_mut()?.remove("enum")
}

/// A schema without what annotates it.
fn bare(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(members) = schema.as_object_mut() {
        members.retain(|name, _| !ANNOTATIONS.contains(&name.as_str()));
    }
    schema
}

/// A property's schema as a document of its own, with the definitions that it may refer to.
fn within(root: &Value, mut schema: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        for name in ["$schema", "$defs", "definitions"] {
            if let Some(value) = root.get(name) {
                members.insert(name.to_owned(), value.clone());
            }
        }
    }
    schema
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn canonical(schema: &Value) -> Option<CanonicalSchema> {
    canonical::options()
        .offline()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .canonicalize(schema)
        .ok()
}

/// How two schemas relate; `None` where they allow the same.
fn prove(old: &Value, new: &Value) -> Option<Change> {
    let (Some(old), Some(new)) = (canonical(old), canonical(new)) else {
        return Some(Change::Unknown);
    };
    let covers =
        |one: &CanonicalSchema, other: &CanonicalSchema| one.covers(other).unwrap_or(Containment::Unknown);
    match (covers(&new, &old), covers(&old, &new)) {
        (Containment::Yes, Containment::Yes) => None,
        (Containment::Yes, _) => Some(Change::Wider),
        (Containment::No, _) => Some(Change::Narrower),
        (Containment::Unknown, _) => Some(Change::Unknown),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn one(old: &Value, new: &Value) -> Vec<Change> {
        let schema = |property: &Value| json!({"type": "object", "properties": {"x": property}});
        changes(&schema(old), &schema(new))
            .into_iter()
            .map(|(name, change)| {
                assert_eq!(name, "x");
                change
            })
            .collect()
    }

    #[test]
    fn directions_are_proved() {
        let string = json!({"type": "string"});
        for (old, new, expected) in [
            (string.clone(), json!({"type": "string", "title": "X"}), None),
            (
                string.clone(),
                json!({"type": "string", "maxLength": 9}),
                Some(Change::Narrower),
            ),
            (
                json!({"type": "string", "maxLength": 9}),
                string.clone(),
                Some(Change::Wider),
            ),
            (
                json!({"type": "integer"}),
                json!({"type": "number"}),
                Some(Change::Wider),
            ),
            (
                json!({"type": "number"}),
                json!({"type": "integer"}),
                Some(Change::Unknown),
            ),
            (
                string.clone(),
                json!({"type": ["string", "null"]}),
                Some(Change::Wider),
            ),
            (
                json!({"type": "string", "format": "date"}),
                string.clone(),
                Some(Change::Wider),
            ),
            (
                json!({"type": "array", "items": {"enum": ["a", "b"]}}),
                json!({"type": "array", "items": {"enum": ["a"]}}),
                Some(Change::Unknown),
            ),
            (
                json!({"minimum": 1, "maximum": 1, "type": "integer"}),
                json!({"const": 1}),
                None,
            ),
        ] {
            assert_eq!(
                one(&old, &new),
                expected.into_iter().collect::<Vec<_>>(),
                "{old} {new}"
            );
        }
    }

    #[test]
    fn values_of_an_enum_are_named() {
        let old = json!({"enum": ["news", "sport"]});
        let new = json!({"enum": ["news", "culture"]});
        assert_eq!(
            one(&old, &new),
            [
                Change::ValueRemoved("sport".into()),
                Change::ValueAdded("culture".into())
            ]
        );
        let new = json!({"enum": ["sport", "news"], "description": "Desk"});
        assert_eq!(one(&old, &new), []);
    }

    #[test]
    fn definitions_are_followed_and_what_cannot_be_compared_is_unknown() {
        let schema = |most: u32| {
            json!({"$defs": {"Name": {"type": "string", "maxLength": most}},
                "properties": {"x": {"$ref": "#/$defs/Name"}}})
        };
        assert_eq!(changes(&schema(5), &schema(9)), [("x".to_owned(), Change::Wider)]);
        assert_eq!(
            changes(&schema(9), &schema(5)),
            [("x".to_owned(), Change::Narrower)]
        );
        let missing = json!({"$ref": "other.json"});
        assert_eq!(one(&json!({"type": "string"}), &missing), [Change::Unknown]);
        let closed = |open: bool| json!({"properties": {}, "additionalProperties": open});
        assert_eq!(
            changes(&closed(true), &closed(false)),
            [(String::new(), Change::Narrower)]
        );
    }
}
