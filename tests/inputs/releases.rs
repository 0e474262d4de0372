//! The same records give the same release, whatever they were kept in.

use crate::project::{Project, compress, render};
use serde_json::Value;

const SCHEMA: &str = r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
"required":["id","body"],"properties":{"id":{"type":"string"},"title":{"type":"string"},"body":{"type":"string"}}}"#;

fn content_id(format: &str, codec: &str) -> Value {
    let project = Project::new(
        "license = \"CC0-1.0\"\n[[input]]\ninclude = [\"data/*\"]\n[schema]\npath = \"schema.json\"\n\
         [lint]\nselect = [\"S\"]\n",
    );
    project.write("schema.json", SCHEMA);
    let bodies: Vec<(String, String)> = (0..40)
        .map(|n| {
            (
                format!("id-{n}"),
                format!("سطر \"{n}\"\nand, a second one\twith a tab"),
            )
        })
        .collect();
    let rows: Vec<Vec<(&str, &str)>> = bodies
        .iter()
        .map(|(id, body)| vec![("id", id.as_str()), ("title", "عنوان"), ("body", body.as_str())])
        .collect();
    let records: Vec<&[(&str, &str)]> = rows.iter().map(Vec::as_slice).collect();
    project.write(
        &format!("data/a.{format}{codec}"),
        compress(codec, &render(format, &records)),
    );
    let ran = project.run(&["release", "v1.0.0"]);
    assert_eq!(ran.code, 0, "{format}{codec}: {}{}", ran.out, ran.err);
    let index = String::from_utf8(project.read("releases/index.jsonl")).unwrap();
    let entry: Value = serde_json::from_str(index.lines().next().unwrap()).unwrap();
    assert!(entry["content_id"].is_string(), "{index}");
    entry["content_id"].clone()
}

#[test]
fn every_format_releases_the_same_content() {
    let expected = content_id("jsonl", "");
    for (format, codec) in [
        ("jsonl", ".gz"),
        ("jsonl", ".zst"),
        ("ndjson", ".xz"),
        ("json", ""),
        ("json", ".bz2"),
        ("csv", ""),
        ("tsv", ".gz"),
        ("parquet", ""),
        ("arrow", ""),
    ] {
        assert_eq!(content_id(format, codec), expected, "{format}{codec}");
    }
}
