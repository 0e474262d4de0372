//! `datapackage.json`: Data Package 2.0.
//!
//! One table resource a split. It has no `bytes` and no `hash`: those of a table of several files are
//! refused by the reference tool whatever they say, and `SHA256SUMS` has them file by file.

use super::{authors, description, homepage, license_page, meaning, single_license, splits};
use crate::release::manifest::Manifest;
use crate::release::writer::Facts;
use arrow_schema::{DataType, Field, Schema};
use serde_json::{Map, Value, json};

/// The document.
pub(super) fn render(manifest: &Manifest, schema: &Schema, facts: &Facts) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    let profile = |name: &str| format!("https://datapackage.org/profiles/2.0/{name}.json");
    put("$schema", json!(profile("datapackage")));
    put("name", json!(manifest.name));
    put("id", json!(manifest.content_id));
    put("title", json!(manifest.name));
    put("description", json!(description(manifest, facts)));
    put("version", json!(manifest.version));
    put("created", json!(manifest.released_at));
    if let Some(url) = homepage(facts) {
        put("homepage", json!(url));
    }
    if let Some(id) = single_license(manifest) {
        put("licenses", json!([{ "name": id, "path": license_page(id) }]));
    } else if let Some(expression) = &manifest.license {
        put("licenses", json!([{ "title": expression, "path": "LICENSE" }]));
    }
    let people = authors(manifest, facts).into_iter();
    let people = people.map(|name| json!({ "title": name, "roles": ["creator"] }));
    put("contributors", people.collect());
    let fields: Vec<Value> = schema.fields().iter().map(|f| field(manifest, f)).collect();
    let table = json!({
        "$schema": profile("tableschema"),
        "fields": fields,
        "primaryKey": manifest.schema.primary_key,
    });
    let resources = splits(manifest).map(|(name, _, split)| {
        let paths: Vec<&str> = split.shards.iter().map(|shard| shard.path.as_str()).collect();
        // A list only where there are several: older tools know no other kind of table.
        let path = match paths.as_slice() {
            [one] => json!(one),
            several => json!(several),
        };
        json!({
            // Names of resources are of lower case and have no slash.
            "name": name.replace('/', ".").to_ascii_lowercase(),
            "title": name,
            "description": split.split_rule,
            "type": "table",
            "path": path,
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "schema": table.clone(),
        })
    });
    put("resources", resources.collect());
    Value::Object(out)
}

fn field(manifest: &Manifest, field: &Field) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("name", json!(field.name()));
    put("type", json!(table_type(field.data_type())));
    if let Some(text) = meaning(manifest, field.name()) {
        put("description", json!(text));
    }
    if !field.is_nullable() {
        put("constraints", json!({ "required": true }));
    }
    Value::Object(out)
}

/// Lists and structs are `any`: the reference tool reads them as other types than it writes.
fn table_type(kind: &DataType) -> &'static str {
    match kind {
        DataType::Utf8 => "string",
        DataType::Int64 => "integer",
        DataType::Float64 => "number",
        DataType::Boolean => "boolean",
        DataType::Timestamp(..) => "datetime",
        DataType::Date32 => "date",
        _ => "any",
    }
}
