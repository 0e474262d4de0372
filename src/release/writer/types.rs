//! Columns as the manifest, the card and messages name them.

use crate::release::manifest;

/// Columns as the manifest lists them, described by the JSON Schema's own words.
pub(super) fn columns_of(schema: &arrow_schema::Schema, json_schema: Option<&[u8]>) -> Vec<manifest::Column> {
    let json: serde_json::Value = json_schema
        .and_then(|bytes| serde_json::from_slice(bytes).ok())
        .unwrap_or_default();
    schema
        .fields()
        .iter()
        .map(|field| manifest::Column {
            name: field.name().clone(),
            kind: type_name(field.data_type()),
            nullable: field.is_nullable(),
            description: json["properties"][field.name()]["description"]
                .as_str()
                .map(str::to_owned),
        })
        .collect()
}

/// The name of a column type in manifest, card and error messages.
#[must_use]
pub fn type_name(kind: &arrow_schema::DataType) -> String {
    use arrow_schema::DataType;
    match kind {
        DataType::Utf8 => "string".to_owned(),
        DataType::Int64 => "int64".to_owned(),
        DataType::Float64 => "float64".to_owned(),
        DataType::Boolean => "bool".to_owned(),
        DataType::Date32 => "date32".to_owned(),
        DataType::Timestamp(..) => "timestamp[us, tz=UTC]".to_owned(),
        DataType::List(item) => {
            let null = if item.is_nullable() { "" } else { " not null" };
            format!("list<element: {}{null}>", type_name(item.data_type()))
        }
        DataType::Struct(fields) => {
            let members: Vec<String> = fields
                .iter()
                .map(|f| {
                    let null = if f.is_nullable() { "" } else { " not null" };
                    format!("{}: {}{null}", f.name(), type_name(f.data_type()))
                })
                .collect();
            format!("struct<{}>", members.join(", "))
        }
        other => other.to_string(),
    }
}
