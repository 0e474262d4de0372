//! Invented rows for this room's tests, and a small parser, so that they need no other room.

use super::columns::Columns;
use super::commit::Lock;
use super::manifest::Counts;
use super::plan::Plan;
use super::rows::{RowKeys, RowMeta, RowReader, Rows};
use super::shard::WriteOptions;
use super::splits::SplitRule;
use super::writer::{Facts, Staged, Writer};
use super::{Result, sha256};
use crate::config::{SplitsConfig, Undeclared, Versioning};
use crate::record::{Kind, Node, Tree};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Parses trusted JSON without white space outside strings.
pub(crate) fn parse(text: &str, tree: &mut Tree) {
    tree.clear();
    let end = value(text, 0, tree);
    assert_eq!(end, text.len(), "{text}");
}

fn push(tree: &mut Tree, kind: Kind, start: usize) -> usize {
    tree.nodes.push(Node {
        kind,
        escaped: false,
        start: start as u32,
        end: 0,
        a: 0,
        b: 0,
    });
    tree.nodes.len() - 1
}

fn value(text: &str, at: usize, tree: &mut Tree) -> usize {
    let bytes = text.as_bytes();
    match bytes[at] {
        b'{' | b'[' => {
            let object = bytes[at] == b'{';
            let node = push(tree, if object { Kind::Object } else { Kind::Array }, at);
            let (mut at, mut count) = (at + 1, 0);
            while !matches!(bytes[at], b'}' | b']') {
                if bytes[at] == b',' {
                    at += 1;
                }
                at = value(text, at, tree);
                if object {
                    assert_eq!(bytes[at], b':');
                    at = value(text, at + 1, tree);
                }
                count += 1;
            }
            let next = tree.nodes.len() as u32;
            let node = &mut tree.nodes[node];
            (node.end, node.a, node.b) = (at as u32 + 1, next, count);
            at + 1
        }
        b'"' => {
            let node = push(tree, Kind::String, at);
            let mut end = at + 1;
            let mut escaped = false;
            while bytes[end] != b'"' {
                escaped |= bytes[end] == b'\\';
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            tree.nodes[node].end = end as u32 + 1;
            if escaped {
                let decoded: String = serde_json::from_str(&text[at..=end]).unwrap();
                let from = tree.arena.len() as u32;
                tree.arena.push_str(&decoded);
                let node = &mut tree.nodes[node];
                (node.escaped, node.a, node.b) = (true, from, tree.arena.len() as u32);
            }
            end + 1
        }
        first => {
            let kind = match first {
                b't' | b'f' => Kind::Bool,
                b'n' => Kind::Null,
                _ => Kind::Number,
            };
            let length = text[at..].find([',', '}', ']', ':']).unwrap_or(text.len() - at);
            let node = push(tree, kind, at);
            tree.nodes[node].end = (at + length) as u32;
            at + length
        }
    }
}

/// A schema with every column type.
pub(crate) fn schema() -> Schema {
    let timestamp = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let list = |item: DataType| DataType::List(Arc::new(Field::new("element", item, false)));
    let place = DataType::Struct(
        vec![
            Field::new("city", DataType::Utf8, true),
            Field::new("lat", DataType::Float64, true),
        ]
        .into(),
    );
    Schema::new(vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("title", DataType::Utf8, false),
        Field::new("body", DataType::Utf8, false),
        Field::new("published_at", timestamp, false),
        Field::new("day", DataType::Date32, true),
        Field::new("reads", DataType::Int64, false),
        Field::new("score", DataType::Float64, true),
        Field::new("paid", DataType::Boolean, true),
        Field::new("tags", list(DataType::Utf8), true),
        Field::new("place", place.clone(), true),
        Field::new("places", list(place), true),
    ])
}

pub(crate) fn columns() -> Columns {
    Columns::new(&schema(), "id", Undeclared::Extra).unwrap()
}

/// The record number `i`, canonical JSON; `edition` changes its text.
pub(crate) fn record(i: usize, edition: usize) -> (String, String) {
    let words = ["نهر", "سوق", "مدينة", "harbour", "школа", "市場", "jardín", "टीम"];
    let mut body = format!("Entry {i} of edition {edition}:");
    for k in 0..40 + i % 50 {
        body.push(' ');
        body.push_str(words[(i * 7 + k * k + edition) % words.len()]);
    }
    let id = format!("row-{i:05}");
    let mut value = serde_json::json!({
        "id": id, "title": format!("Title «{i}»\n"), "body": body,
        "published_at": format!("2024-01-{:02}T10:00:00.25+03:00", i % 28 + 1), "reads": i,
        "mood": {"z": 1, "a": [true, null]},
    });
    if i.is_multiple_of(3) {
        value["day"] = "2024-02-29".into();
        value["score"] = (i as f64 / 8.0).into();
        value["tags"] = serde_json::json!(["x", "ي"]);
        value["place"] = serde_json::json!({"city": "Wadi", "lat": -1.5, "height": 3});
    }
    if i.is_multiple_of(5) {
        value["paid"] = false.into();
        value["tags"] = serde_json::json!([]);
        value["places"] = serde_json::json!([{"city": "Bay"}, {"lat": 2.25}]);
    }
    (id, value.to_string())
}

/// Encoded records in memory, with their keys.
#[derive(Default)]
pub(crate) struct Memory(pub(crate) Vec<(Vec<u8>, RowKeys)>);

impl Memory {
    /// Adds a record; gives the length of its row.
    pub(crate) fn push(&mut self, json: &str, match_key: Option<[u8; 32]>) -> u32 {
        let (mut tree, mut row) = (Tree::new(), Vec::new());
        parse(json, &mut tree);
        let row_hash = columns().encode(tree.root(json).unwrap(), &mut row).unwrap();
        let len = row.len() as u32;
        let exact_key = sha256(json.as_bytes());
        self.0.push((
            row,
            RowKeys {
                row_hash,
                exact_key,
                match_key,
            },
        ));
        len
    }
}

impl Rows for Memory {
    fn reader(&self) -> Box<dyn RowReader + '_> {
        Box::new(self)
    }
}

impl RowReader for &Memory {
    fn fetch(&mut self, row: &RowMeta<'_>, encoded: &mut Vec<u8>) -> std::io::Result<RowKeys> {
        let (bytes, keys) = &self.0[row.number as usize];
        encoded.clone_from(bytes);
        Ok(*keys)
    }
}

/// What is to be released: records by number, each with its edition.
#[derive(Clone)]
pub(crate) struct Spec {
    pub(crate) version: &'static str,
    pub(crate) rows: BTreeMap<usize, usize>,
    pub(crate) threads: usize,
    pub(crate) public: bool,
    pub(crate) splits: Option<SplitsConfig>,
    pub(crate) override_semver: Option<String>,
    pub(crate) license: &'static str,
}

pub(crate) fn spec(version: &'static str, rows: std::ops::Range<usize>) -> Spec {
    let shares = [("train", 0.8), ("validation", 0.1), ("test", 0.1)];
    Spec {
        version,
        rows: rows.map(|i| (i, 0)).collect(),
        threads: 2,
        public: false,
        splits: Some(SplitsConfig {
            shares: shares.iter().map(|(n, s)| ((*n).to_owned(), *s)).collect(),
            ..SplitsConfig::default()
        }),
        override_semver: None,
        license: "CC-BY-4.0",
    }
}

pub(crate) fn options(threads: usize) -> WriteOptions {
    WriteOptions {
        shard_bytes: 15_000,
        row_group_bytes: 100_000,
        threads,
        ..WriteOptions::default()
    }
}

pub(crate) fn facts(accepted: u64, spec: &Spec) -> Facts {
    Facts {
        decontamination: None,
        released_at: "2024-05-06T07:08:09Z".to_owned(),
        counts: Counts {
            collected: accepted + 4,
            accepted,
            excluded: 4,
            repaired: 2,
            excluded_by_rule: [("S005".to_owned(), 2)].into(),
            duplicates: 1,
            unparseable: 1,
            ..Counts::default()
        },
        inputs: Vec::new(),
        tool_version: "0.0.0".to_owned(),
        config_sha256: "0".repeat(64),
        ruleset: "2026".to_owned(),
        unicode: None,
        match_key: None,
        template_lines_sha256: None,
        source: None,
        json_schema: br#"{"properties":{"title":{"description":"Headline | of the entry"}}}"#.to_vec(),
        json_schema_name: "article.schema.json".to_owned(),
        license: Some(spec.license.to_owned()),
        license_text: None,
        languages: vec!["ar".to_owned()],
        description: Some("Invented entries".to_owned()),
        authors: vec!["The \"entry\" desk: one".to_owned()],
        homepage: Some("https://entries.example/".to_owned()),
        contact: Some("desk@example.org".to_owned()),
        takedowns: None,
        prose: None,
        changes: None,
        profile: None,
        override_semver: spec.override_semver.clone(),
        judge: super::semver::Judge::Enforce,
    }
}

/// Everything up to the commit.
pub(crate) fn stage(releases: &Path, lock: &Lock, spec: &Spec) -> Result<Staged> {
    use super::audit::{Duplicate, Exclusion, FixEntry, Reason, Repair};
    let _ = lock;
    let plan = Plan::new(releases, "entries", spec.version, Versioning::Semver)?;
    let mut known = BTreeMap::new();
    let mut published = Vec::new();
    if let Some(previous) = &plan.previous {
        previous.each_row(|home, row| {
            known.insert(row.id, home);
            Ok(())
        })?;
        published = previous.manifest.configs[0]
            .splits
            .iter()
            .map(|s| s.name.clone())
            .collect();
    }
    let rule = SplitRule::new(spec.splits.as_ref(), published.iter().map(String::as_str))?;
    let mut memory = Memory::default();
    let mut by_split: BTreeMap<String, Vec<RowMeta<'_>>> = BTreeMap::new();
    let records: Vec<_> = spec
        .rows
        .iter()
        .map(|(&i, &edition)| (i, record(i, edition)))
        .collect();
    for (i, (id, json)) in &records {
        let home = known.get(id).copied();
        let split = match home {
            Some(home) => plan.homes()[home as usize].split.clone(),
            None => rule.split_of(id).to_owned(),
        };
        by_split.entry(split).or_default().push(RowMeta {
            id,
            root: None,
            home,
            number: memory.0.len() as u64,
            weight: memory.push(json, i.is_multiple_of(2).then(|| sha256(id.as_bytes()))),
        });
    }
    let accepted = memory.0.len() as u64;
    let mut writer = Writer::new(
        &plan,
        columns(),
        &memory,
        rule,
        options(spec.threads),
        false,
        spec.public,
    )?;
    for (split, mut rows) in by_split {
        rows.sort_by_key(|row| (row.home.unwrap_or(u32::MAX), row.id));
        let new = rows.iter().filter(|row| row.home.is_none());
        let bytes = new.map(|row| u64::from(row.weight)).sum();
        writer.write_split("default", &split, bytes, &mut rows.into_iter().map(Ok))?;
    }
    let audit = writer.audit();
    for (line, reason) in [
        (1, Reason::Rule("S005")),
        (2, Reason::Rule("S005")),
        (
            3,
            Reason::Duplicate {
                relation: "exact",
                survivor: "row-00000",
            },
        ),
        (4, Reason::Unparseable("S001")),
    ] {
        audit.exclusion(&Exclusion {
            path: "a.jsonl",
            line: Some(line),
            id: None,
            reason,
        })?;
    }
    audit.duplicate(&Duplicate {
        kept_id: "row-00000",
        dropped_id: "copy",
        relation: "exact",
        kind: "copy",
        score: 1.0,
        stays: false,
    })?;
    audit.fix(&FixEntry {
        id: "row-00001",
        rule: "U014",
        field: "/body",
        repair: Repair::Count(3),
    })?;
    audit.fix(&FixEntry {
        id: "row-00002",
        rule: "A001",
        field: "/title",
        repair: Repair::Edit {
            span: (0, 2),
            before: "ab",
            after: "c",
        },
    })?;
    writer.finish(&facts(accepted, spec))
}

/// A whole release.
pub(crate) fn release(releases: &Path, spec: &Spec) -> Result<PathBuf> {
    let lock = Lock::acquire(releases, true)?;
    stage(releases, &lock, spec)?.commit(&lock)
}

/// Every file below a directory with its bytes.
pub(crate) fn snapshot(root: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, at: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, out);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                out.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(root, root, &mut out);
    out
}
