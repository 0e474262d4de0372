#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use serde_json::json;

fn timestamp() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn one(schema: &Value) -> Result<(DataType, bool), ArrowError> {
    let object = json!({
        "type": "object",
        "required": ["x"],
        "properties": {"x": schema},
        "$defs": {
            "name": {"type": "string"},
            "self": {"type": "array", "items": {"$ref": "#/$defs/self"}},
            "loop": {"$ref": "#/$defs/loop"},
            "round": {"anyOf": [{"$ref": "#/$defs/round"}, {"type": "string"}]}
        }
    });
    let schema = arrow_schema(&object)?;
    let field = schema.field(0);
    Ok((field.data_type().clone(), field.is_nullable()))
}

#[test]
fn types() {
    let list = |data, nullable| DataType::List(Arc::new(Field::new("element", data, nullable)));
    let table = [
        (json!({"type": "string"}), DataType::Utf8, false),
        (json!({"type": ["string", "null"]}), DataType::Utf8, true),
        (json!({"type": "string", "format": "uri"}), DataType::Utf8, false),
        (
            json!({"type": "string", "format": "date-time"}),
            timestamp(),
            false,
        ),
        (
            json!({"type": "string", "format": "date"}),
            DataType::Date32,
            false,
        ),
        (
            json!({"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}),
            timestamp(),
            false,
        ),
        (json!({"type": "integer"}), DataType::Int64, false),
        (json!({"type": ["integer", "number"]}), DataType::Float64, false),
        (json!({"type": "boolean"}), DataType::Boolean, false),
        (json!({"enum": ["a", "b", null]}), DataType::Utf8, true),
        (json!({"const": 1}), DataType::Int64, false),
        (json!({"$ref": "#/$defs/name"}), DataType::Utf8, false),
        (
            json!({"anyOf": [{"$ref": "#/$defs/name"}, {"type": "null"}]}),
            DataType::Utf8,
            true,
        ),
        (
            json!({"allOf": [{"$ref": "#/$defs/name"}, {"minLength": 1}]}),
            DataType::Utf8,
            false,
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            list(DataType::Utf8, false),
            false,
        ),
        (
            json!({"type": "array", "items": {"type": ["number", "null"]}}),
            list(DataType::Float64, true),
            false,
        ),
        (
            json!({"type": "object", "required": ["b"], "properties": {"b": {"type": "integer"}, "a": {"type": "string"}}}),
            DataType::Struct(Fields::from(vec![
                Field::new("b", DataType::Int64, false),
                Field::new("a", DataType::Utf8, true),
            ])),
            false,
        ),
    ];
    for (schema, data, nullable) in table {
        assert_eq!(one(&schema), Ok((data, nullable)), "{schema}");
    }
}

#[test]
fn refusals_say_where() {
    let table = [
        (json!({}), "/properties/x", "no `type`"),
        (json!(true), "/properties/x", "no `type`"),
        (
            json!({"type": ["string", "integer"]}),
            "/properties/x",
            "more than one type: integer, string",
        ),
        (json!({"type": "null"}), "/properties/x", "null only"),
        (
            json!({"type": "object"}),
            "/properties/x",
            "without declared `properties`",
        ),
        (json!({"type": "array"}), "/properties/x", "without `items`"),
        (
            json!({"type": "array", "prefixItems": []}),
            "/properties/x",
            "tuple",
        ),
        (
            json!({"type": "array", "items": [{}]}),
            "/properties/x/items",
            "tuple",
        ),
        (
            json!({"type": "array", "items": {}}),
            "/properties/x/items",
            "no `type`",
        ),
        (
            json!({"$ref": "other.json"}),
            "/properties/x",
            "this document only",
        ),
        (json!({"$ref": "#/$defs/none"}), "/properties/x", "there is no"),
        (
            json!({"$ref": "#/$defs/self"}),
            "/$defs/self/items",
            "contains itself",
        ),
        (json!({"$ref": "#/$defs/loop"}), "/properties/x", "no `type`"),
        (
            json!({"$ref": "#/$defs/round"}),
            "/$defs/round",
            "contains itself",
        ),
        (
            json!({"type": "string", "anyOf": [{"format": "date"}, {"format": "uri"}]}),
            "/properties/x",
            "one format",
        ),
        (
            json!({"anyOf": [{"type": "string", "format": "date"}, {"type": "string"}]}),
            "/properties/x",
            "one format",
        ),
    ];
    for (schema, pointer, reason) in table {
        let error = one(&schema).expect_err(&schema.to_string());
        assert!(error.pointer.starts_with(pointer), "{schema}: {error}");
        assert!(error.reason.contains(reason), "{schema}: {error}");
    }
    assert!(arrow_schema(&json!({"type": "array", "items": {"type": "string"}})).is_err());
}

#[test]
fn a_schema_of_few_lines_does_not_unfold_without_end() {
    let mut defs = serde_json::Map::new();
    for level in 0..30 {
        let next = format!("#/$defs/d{}", level + 1);
        let pair = json!({"type": "object", "properties": {"a": {"$ref": next}, "b": {"$ref": next}}});
        defs.insert(format!("d{level}"), pair);
    }
    defs.insert("d30".to_owned(), json!({"type": "string"}));
    let error = arrow_schema(&json!({"$ref": "#/$defs/d0", "$defs": defs})).unwrap_err();
    assert!(error.reason.contains("too many"), "{error}");
}

#[test]
fn the_article_schema() {
    let schema = serde_json::from_str(include_str!("../../../schemas/article.schema.json")).unwrap();
    let schema = arrow_schema(&schema).unwrap();
    let names: Vec<_> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    assert_eq!(
        names,
        [
            "id",
            "url",
            "title",
            "body",
            "language",
            "source",
            "published_at",
            "summary",
            "authors",
            "section",
            "tags",
            "collected_at",
            "license",
            "robots",
            "content_sha256",
            "metadata"
        ]
    );
    assert!(schema.fields().iter().take(7).all(|field| !field.is_nullable()));
    assert!(schema.fields().iter().skip(7).all(|field| field.is_nullable()));
    for name in ["published_at", "collected_at"] {
        assert_eq!(schema.field_with_name(name).unwrap().data_type(), &timestamp());
    }
}
