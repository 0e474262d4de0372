//! From what is known of sample records to a configuration and a schema.

use crate::config::Format;
use crate::engine::survey::FieldSurvey;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// Code points that a field's strings must have on average to be taken for the article unnamed.
const ARTICLE_CHARS: u64 = 200;

/// Names that a field of each role goes by, likeliest first. `text` is found by length too.
const NAMES: [(&str, &[&str]); 8] = [
    (
        "text",
        &[
            "body",
            "text",
            "content",
            "article_text",
            "raw_content",
            "article",
            "full_text",
            "maintext",
        ],
    ),
    ("title", &["title", "headline", "name"]),
    (
        "url",
        &["url", "link", "canonical_url", "source_url", "uri", "permalink"],
    ),
    ("language", &["language", "lang", "locale"]),
    (
        "source",
        &[
            "source",
            "publisher",
            "site",
            "domain",
            "site_name",
            "source_domain",
            "outlet",
        ],
    ),
    (
        "published",
        &[
            "published_at",
            "published",
            "date_published",
            "publish_date",
            "date_publish",
            "pub_date",
            "pubdate",
            "published_date",
            "date",
            "datetime",
            "timestamp",
            "created_at",
        ],
    ),
    (
        "collected",
        &[
            "collected_at",
            "crawled_at",
            "scraped_at",
            "fetched_at",
            "retrieved_at",
            "downloaded_at",
            "date_download",
            "crawl_date",
        ],
    ),
    ("author", &["authors", "author", "byline", "creator"]),
];
const IDS: [&str; 9] = [
    "id",
    "_id",
    "uuid",
    "guid",
    "article_id",
    "doc_id",
    "docid",
    "record_id",
    "sha256",
];

/// Which field plays which part, in the order of `[fields]`.
#[derive(Debug)]
pub(super) struct Roles {
    id: String,
    named: Vec<(&'static str, String)>,
}

impl Roles {
    pub(super) fn has_text(&self) -> bool {
        self.get("text").is_some()
    }

    fn get(&self, role: &str) -> Option<&str> {
        self.named
            .iter()
            .find(|(known, _)| *known == role)
            .map(|(_, name)| name.as_str())
    }

    /// What L006 may ask of every record: a part that no field plays is left out, with a word on it.
    pub(super) fn provenance(&self) -> String {
        let parts = [
            ("url", "url"),
            ("collected", "collected_at"),
            ("source", "source"),
        ];
        let (there, missing): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|(role, _)| self.get(role).is_some());
        if missing.is_empty() {
            return String::new();
        }
        let names = |parts: Vec<(&str, &str)>, quote: &str| {
            let names: Vec<String> = parts
                .into_iter()
                .map(|(_, name)| format!("{quote}{name}{quote}"))
                .collect();
            names.join(", ")
        };
        format!(
            "\n[lint.rules.missing-provenance]\nfields = [{}] # the records looked at have no {}\n",
            names(there, "\""),
            names(missing, "")
        )
    }

    /// The lines below `[fields]`.
    pub(super) fn toml(&self) -> String {
        let mut text = format!("id = {}\n", self.id);
        for (role, name) in &self.named {
            let _ = writeln!(text, "{role} = {}", quoted(name));
        }
        text
    }
}

/// The fields of the bundled article schema.
pub(super) fn default_fields() -> String {
    let named = NAMES
        .iter()
        .map(|(role, names)| (*role, names[0].to_owned()))
        .collect();
    Roles {
        id: quoted("id"),
        named,
    }
    .toml()
}

/// A TOML string.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The `[[input]]` tables: one for each format, where `None` leaves it to the name and the content.
pub(super) fn inputs(globs: &[(String, Option<&'static str>)]) -> String {
    let mut formats: Vec<Option<&str>> = Vec::new();
    for (_, format) in globs {
        if !formats.contains(format) {
            formats.push(*format);
        }
    }
    let mut text = String::new();
    for format in formats {
        let list: Vec<String> = globs
            .iter()
            .filter(|(_, known)| *known == format)
            .map(|(glob, _)| quoted(glob))
            .collect();
        let _ = writeln!(text, "[[input]]\ninclude = [{}]", list.join(", "));
        if let Some(format) = format {
            let _ = writeln!(text, "format = \"{format}\"");
        }
        text.push('\n');
    }
    text
}

/// The glob for a file: all of its kind in its directory. In the project's own directory, where
/// other files live, and for names without an extension it is the file alone.
pub(super) fn glob(relative: &Path) -> String {
    let parts: Vec<String> = relative
        .components()
        .map(|part| escaped(&part.as_os_str().to_string_lossy()))
        .collect();
    let (Some(file), folders) = (parts.last(), &parts[..parts.len().saturating_sub(1)]) else {
        return String::new();
    };
    let kind = extension(file);
    if folders.is_empty() || kind.is_empty() {
        return parts.join("/");
    }
    format!("{}/*{kind}", folders.join("/"))
}

/// The extension with its dot, a codec's included: `.jsonl.zst`.
fn extension(file: &str) -> &str {
    let Some(last) = file.rfind('.').filter(|at| *at > 0) else {
        return "";
    };
    if matches!(&file[last..], ".gz" | ".zst" | ".xz" | ".bz2")
        && let Some(inner) = file[..last].rfind('.').filter(|at| *at > 0)
    {
        return &file[inner..];
    }
    &file[last..]
}

fn escaped(name: &str) -> String {
    let mut glob = String::new();
    for c in name.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '{' | '}') {
            let _ = write!(glob, "[{c}]");
        } else {
            glob.push(c);
        }
    }
    glob
}

/// The word for a format that the file's name does not tell.
pub(super) fn format(format: Format, path: &Path) -> Option<&'static str> {
    let told = [
        "jsonl", "ndjson", "json", "txt", "md", "parquet", "arrow", "feather", "csv", "tsv",
    ];
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let kind = extension(&name);
    if kind.split('.').any(|part| told.contains(&part)) {
        return None;
    }
    match format {
        Format::Auto => None,
        Format::Jsonl => Some("jsonl"),
        Format::Json => Some("json"),
        Format::Text => Some("text"),
        Format::Markdown => Some("markdown"),
        Format::Parquet => Some("parquet"),
        Format::Arrow => Some("arrow"),
        Format::Csv => Some("csv"),
        Format::Tsv => Some("tsv"),
    }
}

/// Finds the field of each role, by name first and then by what its values look like.
pub(super) fn roles(records: u64, fields: &[(String, FieldSurvey)]) -> Roles {
    let mut named: Vec<(&'static str, String)> = Vec::new();
    for (role, names) in NAMES {
        let by_name = names
            .iter()
            .filter_map(|name| fields.iter().find(|(known, _)| known == name))
            .find(|(_, field)| fits(role, field));
        let by_looks = || {
            fields
                .iter()
                .filter(|(name, field)| looks(role, field) && !named.iter().any(|(_, taken)| taken == name))
                .max_by_key(|(_, field)| field.chars)
        };
        if let Some((name, _)) = by_name.or_else(by_looks) {
            named.push((role, name.clone()));
        }
    }
    let unique = |field: &FieldSurvey| {
        field.present == records
            && field.distinct.len() as u64 == records
            && field
                .kinds
                .keys()
                .all(|kind| kind == "string" || kind == "integer")
    };
    // A duplicated id is a finding, not a reason to leave the field out: `id` itself is always taken.
    let id = IDS
        .iter()
        .filter_map(|name| fields.iter().find(|(known, _)| known == name))
        .find(|(name, field)| name == "id" || unique(field))
        .map(|(name, _)| quoted(name));
    let hashed = || {
        let url = fields
            .iter()
            .find(|(name, field)| unique(field) && named.iter().any(|(role, n)| *role == "url" && n == name))
            .map(|(name, _)| name.as_str());
        let text = named
            .iter()
            .find(|(role, _)| *role == "text")
            .map(|(_, name)| name.as_str());
        format!("{{ hash = [{}] }}", quoted(url.or(text).unwrap_or("body")))
    };
    Roles {
        id: id.unwrap_or_else(hashed),
        named,
    }
}

fn strings(field: &FieldSurvey) -> u64 {
    field.kinds.get("string").copied().unwrap_or(0)
}

/// Whether a field that has a role's name can play it.
fn fits(role: &str, field: &FieldSurvey) -> bool {
    let most = |count: u64| count * 2 > strings(field);
    match role {
        "author" => field.present > 0,
        "url" => most(field.urls),
        "language" => most(field.tags),
        _ => strings(field) * 2 > field.present && field.present > 0,
    }
}

/// Whether the values alone speak for a role.
fn looks(role: &str, field: &FieldSurvey) -> bool {
    match role {
        "text" => strings(field) > 0 && field.chars / strings(field) >= ARTICLE_CHARS,
        "url" => strings(field) > 0 && field.urls == field.present,
        "published" => strings(field) > 0 && field.times == field.present,
        _ => false,
    }
}

/// The JSON Schema that the records follow, and the fields it leaves undeclared because a Parquet
/// column could not hold all of their values.
pub(super) fn schema(
    records: u64,
    fields: &[(String, FieldSurvey)],
    roles: &Roles,
) -> Result<(String, Vec<String>), serde_json::Error> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut left_out = Vec::new();
    for (name, field) in fields {
        let Some(mut property) = property(field) else {
            left_out.push(name.clone());
            continue;
        };
        if field.present == records && (roles.id == quoted(name) || roles.get("text") == Some(name)) {
            property.insert("minLength".to_owned(), json!(1));
        }
        if property.get("type") == Some(&json!("integer")) {
            property.remove("minLength");
        }
        if field.present + field.null == records {
            required.push(name.clone());
        }
        properties.insert(name.clone(), Value::Object(property));
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Article",
        "description": format!("Proposed by `corpus init` from {records} records. Edit it: it is what `corpus lint` checks."),
        "type": "object",
        "required": required,
        "properties": properties,
    });
    let mut text = serde_json::to_string_pretty(&schema)?;
    text.push('\n');
    Ok((text, left_out))
}

/// The schema of one field; `None` where its values have no one column type.
fn property(field: &FieldSurvey) -> Option<Map<String, Value>> {
    let count = |kind: &str| field.kinds.get(kind).copied().unwrap_or(0);
    let (kind, seen) = if count("number") > 0 {
        ("number", count("integer") + count("number"))
    } else {
        let most = field.kinds.iter().max_by_key(|(_, seen)| **seen)?;
        (most.0.as_str(), *most.1)
    };
    // What a few records hold against all others is a fault of theirs, to be found by the schema.
    let most = |seen: u64| seen * 10 >= field.present * 9;
    if !most(seen) {
        return None;
    }
    let mut property = Map::new();
    let kind = match kind {
        "array of strings" => {
            property.insert("items".to_owned(), json!({ "type": "string" }));
            "array"
        }
        "string" | "integer" | "number" | "boolean" => kind,
        _ => return None,
    };
    let of = if field.null > 0 {
        json!([kind, "null"])
    } else {
        json!(kind)
    };
    property.insert("type".to_owned(), of);
    if kind == "string" && most(field.times) {
        property.insert(
            "anyOf".to_owned(),
            json!([{ "format": "date-time" }, { "format": "date" }]),
        );
    } else if kind == "string" && most(field.urls) {
        property.insert("format".to_owned(), json!("iri"));
    }
    Some(property)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn field(kinds: &[(&str, u64)], chars: u64, distinct: u64) -> FieldSurvey {
        FieldSurvey {
            present: kinds.iter().map(|(_, count)| count).sum(),
            kinds: kinds
                .iter()
                .map(|(kind, count)| ((*kind).to_owned(), *count))
                .collect(),
            chars,
            distinct: (0..distinct).collect(),
            ..FieldSurvey::default()
        }
    }

    #[test]
    fn unnamed_articles_are_found_by_length_and_ids_by_hash() {
        let fields = [
            ("teaser".to_owned(), field(&[("string", 3)], 90, 3)),
            ("story".to_owned(), field(&[("string", 3)], 3000, 3)),
            ("guid".to_owned(), field(&[("string", 3)], 30, 2)),
        ];
        let roles = roles(3, &fields);
        assert_eq!(roles.get("text"), Some("story"));
        assert_eq!(roles.id, "{ hash = [\"story\"] }", "a repeated guid is no id");
    }

    #[test]
    fn what_no_column_could_hold_stays_undeclared() {
        let fields = [
            ("id".to_owned(), field(&[("integer", 2)], 0, 2)),
            ("meta".to_owned(), field(&[("object", 2)], 0, 2)),
            ("views".to_owned(), field(&[("integer", 1), ("number", 1)], 0, 2)),
            ("mixed".to_owned(), field(&[("integer", 1), ("string", 1)], 1, 2)),
        ];
        let (text, left_out) = schema(2, &fields, &roles(2, &fields)).unwrap();
        assert_eq!(left_out, ["meta", "mixed"]);
        let schema: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(schema["properties"]["id"], json!({"type": "integer"}));
        assert_eq!(schema["properties"]["views"], json!({"type": "number"}));
        assert_eq!(schema["required"], json!(["id", "views"]));
    }

    #[test]
    fn globs_cover_files_of_a_kind_and_escape_names() {
        for (path, expected) in [
            ("articles/2025/a.jsonl.zst", "articles/2025/*.jsonl.zst"),
            ("a.jsonl", "a.jsonl"),
            ("in[1]/a.v2.json", "in[[]1[]]/*.json"),
            ("in/README", "in/README"),
        ] {
            assert_eq!(glob(Path::new(path)), expected);
        }
    }
}
