//! `croissant.json`: Croissant 1.1.
//!
//! Each shard is a `FileObject`, each split a `FileSet` by its glob without `containedIn`, and a
//! `RecordSet`. With `containedIn` the reference loader finds no row and says nothing about it.

use super::{authors, description, folder, homepage, license_page, meaning, single_license, splits};
use crate::release::manifest::{Manifest, Split};
use crate::release::writer::Facts;
use arrow_schema::{DataType, Field, Schema};
use serde_json::{Map, Value, json};

const PARQUET: &str = "application/x-parquet";

/// The document.
pub(super) fn render(manifest: &Manifest, schema: &Schema, facts: &Facts) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("@context", context());
    put("@type", json!("sc:Dataset"));
    put("conformsTo", json!("http://mlcommons.org/croissant/1.1"));
    put("name", json!(manifest.name));
    put("description", json!(description(manifest, facts)));
    put("version", json!(manifest.version));
    put("datePublished", json!(manifest.released_at));
    if let Some(license) = &manifest.license {
        let page = single_license(manifest).map(license_page);
        put("license", json!(page.unwrap_or_else(|| license.clone())));
    }
    if let Some(url) = homepage(facts) {
        put("url", json!(url));
    }
    let creators = authors(manifest, facts).into_iter();
    let creators = creators.map(|name| json!({ "@type": "sc:Organization", "name": name }));
    put("creator", creators.collect());
    if !manifest.languages.is_empty() {
        put("inLanguage", json!(manifest.languages));
    }
    put("citeAs", json!(bibtex(manifest, facts)));
    put("isLiveDataset", json!(false));
    put("distribution", distribution(manifest));
    let sets = splits(manifest).map(|(name, _, split)| record_set(manifest, schema, &name, split));
    put("recordSet", sets.collect());
    Value::Object(out)
}

/// The context of the 1.1 specification.
fn context() -> Value {
    json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "arrayShape": "cr:arrayShape",
        "citeAs": "cr:citeAs",
        "column": "cr:column",
        "conformsTo": "dct:conformsTo",
        "containedIn": "cr:containedIn",
        "cr": "http://mlcommons.org/croissant/",
        "data": { "@id": "cr:data", "@type": "@json" },
        "dataType": { "@id": "cr:dataType", "@type": "@vocab" },
        "dct": "http://purl.org/dc/terms/",
        "description": { "@container": "@language" },
        "equivalentProperty": "cr:equivalentProperty",
        "examples": { "@id": "cr:examples", "@type": "@json" },
        "extract": "cr:extract",
        "field": "cr:field",
        "fileObject": "cr:fileObject",
        "fileProperty": "cr:fileProperty",
        "fileSet": "cr:fileSet",
        "format": "cr:format",
        "includes": "cr:includes",
        "isArray": "cr:isArray",
        "isLiveDataset": "cr:isLiveDataset",
        "jsonPath": "cr:jsonPath",
        "key": "cr:key",
        "md5": "cr:md5",
        "name": { "@container": "@language" },
        "parentField": "cr:parentField",
        "path": "cr:path",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "recordSet": "cr:recordSet",
        "references": "cr:references",
        "regex": "cr:regex",
        "repeated": "cr:repeated",
        "replace": "cr:replace",
        "samplingRate": "cr:samplingRate",
        "sc": "https://schema.org/",
        "separator": "cr:separator",
        "source": "cr:source",
        "subField": "cr:subField",
        "transform": "cr:transform",
    })
}

fn distribution(manifest: &Manifest) -> Value {
    let shards = manifest.shards().map(|(_, _, shard)| {
        json!({
            "@type": "cr:FileObject",
            "@id": shard.path,
            "name": shard.path.rsplit('/').next(),
            "contentUrl": shard.path,
            "contentSize": format!("{} B", shard.bytes),
            "encodingFormat": PARQUET,
            "sha256": shard.sha256,
        })
    });
    let sets = splits(manifest).map(|(name, _, split)| {
        json!({
            "@type": "cr:FileSet",
            "@id": file_set(&name),
            "name": file_set(&name),
            "encodingFormat": PARQUET,
            "includes": format!("{}/*.parquet", folder(split)),
        })
    });
    shards.chain(sets).collect()
}

fn file_set(split: &str) -> String {
    format!("files/{split}")
}

fn record_set(manifest: &Manifest, schema: &Schema, name: &str, split: &Split) -> Value {
    let key: Vec<Value> = manifest
        .schema
        .primary_key
        .iter()
        .map(|column| json!({ "@id": format!("{name}/{column}") }))
        .collect();
    let fields = schema.fields().iter().map(|field| {
        let place = Place {
            file_set: &file_set(name),
            column: field.name(),
            path: String::new(),
        };
        let mut out = place.field(field, &format!("{name}/{}", field.name()));
        if let Some(text) = meaning(manifest, field.name()) {
            out.insert("description".to_owned(), json!(text));
        }
        Value::Object(out)
    });
    json!({
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": format!("{} rows. {}", split.rows, split.split_rule),
        "key": key,
        "field": fields.collect::<Vec<_>>(),
    })
}

/// Where values are: in a column, or in a member of the structs of one.
struct Place<'p> {
    file_set: &'p str,
    column: &'p str,
    /// JSON path below the column's value, without its `$`.
    path: String,
}

impl Place<'_> {
    fn field(&self, field: &Field, id: &str) -> Map<String, Value> {
        let mut out = Map::new();
        let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
        put("@type", json!("cr:Field"));
        put("@id", json!(id));
        put("name", json!(field.name()));
        let (kind, depth) = items(field.data_type());
        if depth > 0 {
            put("isArray", json!(true));
            put("arrayShape", json!(vec!["-1"; depth].join(",")));
        }
        if let DataType::Struct(members) = kind {
            // The reference loader reads a struct member by member.
            let members = members.iter().map(|member| {
                let place = Place {
                    path: format!("{}.{}", self.path, step(member.name())),
                    ..*self
                };
                Value::Object(place.field(member, &format!("{id}/{}", member.name())))
            });
            put("subField", members.collect());
        } else {
            put("dataType", json!(data_type(kind)));
            put("source", self.source());
        }
        out
    }

    fn source(&self) -> Value {
        let mut source = json!({
            "fileSet": { "@id": self.file_set },
            "extract": { "column": self.column },
        });
        if !self.path.is_empty() {
            source["transform"] = json!({ "jsonPath": format!("${}", self.path) });
        }
        source
    }
}

/// A member's name in a JSON path.
fn step(name: &str) -> String {
    if crate::release::manifest::is_ident(name) {
        name.to_owned()
    } else {
        format!("{name:?}")
    }
}

/// What is in lists, and in how many of them.
fn items(kind: &DataType) -> (&DataType, usize) {
    match kind {
        DataType::List(item) => {
            let (kind, depth) = items(item.data_type());
            (kind, depth + 1)
        }
        kind => (kind, 0),
    }
}

fn data_type(kind: &DataType) -> &'static str {
    match kind {
        DataType::Int64 => "sc:Integer",
        DataType::Float64 => "sc:Float",
        DataType::Boolean => "sc:Boolean",
        DataType::Timestamp(..) => "sc:DateTime",
        DataType::Date32 => "sc:Date",
        _ => "sc:Text",
    }
}

/// A BibTeX entry; braces and backslashes would end its fields.
fn bibtex(manifest: &Manifest, facts: &Facts) -> String {
    let clean = |text: &str| -> String {
        text.chars()
            .filter(|c| !matches!(c, '{' | '}' | '\\') && !c.is_control())
            .collect()
    };
    let names: Vec<String> = authors(manifest, facts)
        .iter()
        .map(|name| format!("{{{}}}", clean(name)))
        .collect();
    let year = manifest.released_at.get(..4).unwrap_or_default();
    format!(
        "@misc{{{0}-{1}, author = {{{2}}}, title = {{{0}}}, version = {{{1}}}, year = {{{year}}}, note = {{{3}}}}}",
        manifest.name,
        manifest.version,
        names.join(" and "),
        manifest.content_id,
    )
}
