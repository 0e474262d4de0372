//! What is fuzzed: bytes in, and properties that have to hold whatever the bytes are.
//!
//! `fuzz_targets/` hands these to libFuzzer; `tests/random.rs` of the main crate runs them on
//! random changes of good input with every `cargo test`.

use corpus::config::Format;
use corpus::engine::charset::detected;
use corpus::engine::check::Checker;
use corpus::engine::single::{checker, findings, fix};
use corpus::finding::Safety;
use corpus::record::{Span, Tree};
use corpus::release::manifest::Manifest;
use corpus::schema::{Formats, Schema};
use corpus::source::discover::Finder;
use corpus::source::json::JsonError;
use corpus::source::{FaultKind, Options, Plan};
use std::path::Path;
use std::sync::LazyLock;

/// The parser takes what `serde_json` takes, with the same value, and nothing else but what it
/// reports as a flaw.
pub fn json(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (mut tree, mut issues) = (Tree::new(), Vec::new());
    let parsed = corpus::source::json::parse(text, Span::new(0, text.len()), &mut tree, &mut issues);
    let oracle = serde_json::from_str::<serde_json::Value>(text);
    match (&parsed, &oracle) {
        (Ok(()), Ok(value)) => {
            let root = tree.root(text).expect("a root");
            assert_eq!(root.to_json(), *value);
            assert_eq!(root.raw(), text.trim_matches([' ', '\t', '\r', '\n']));
        }
        (Ok(()), Err(error)) => assert!(
            !issues.is_empty() || error.to_string().contains("recursion limit"),
            "only serde_json refuses it: {error}"
        ),
        (Err(JsonError::Limit { .. }), _) | (Err(_), Err(_)) => {}
        (Err(error), Ok(_)) => panic!("only this parser refuses it: {error}"),
    }
}

/// Names whose formats and codecs the first byte chooses from.
const NAMES: [&str; 14] = [
    "a.jsonl",
    "a.json",
    "a.csv",
    "a.tsv",
    "a.txt",
    "a.md",
    "a.parquet",
    "a.arrow",
    "a.jsonl.gz",
    "a.jsonl.zst",
    "a.jsonl.xz",
    "a.jsonl.bz2",
    "a.json.gz",
    "a.csv.zst",
];

/// What reading a file gave, wherever it was cut into chunks.
#[derive(Debug, PartialEq)]
struct Content {
    records: Vec<(u64, String)>,
    losses: Vec<(&'static str, u64, u64)>,
    count: u64,
}

fn content(input: &Path, chunk_bytes: usize) -> Content {
    let directory = input.parent().expect("a parent");
    let finder = Finder {
        cwd: directory,
        project: None,
        specs: &[],
        releases: "releases",
        stdin_format: Format::default(),
    };
    let inputs = finder.from_paths(&[input.to_path_buf()]).expect("one input");
    let options = Options {
        chunk_bytes,
        max_record_bytes: 3000,
        detect: detected,
        ..Options::default()
    };
    let plan = Plan::new(inputs, options).expect("a plan");
    let mut content = Content {
        records: Vec::new(),
        losses: Vec::new(),
        count: 0,
    };
    let mut lines = 0;
    plan.each(|chunk| {
        let text = chunk.text.as_str();
        content.count += chunk.records();
        for entry in &chunk.entries {
            content
                .records
                .push((lines + entry.line, text[entry.span.range()].to_owned()));
        }
        for fault in chunk.faults.iter().filter(|fault| fault.kind.loses_record()) {
            // What a container's reader gave up on has no offset of its own.
            let offset = if matches!(fault.kind, FaultKind::Unreadable { .. }) {
                0
            } else {
                fault.offset
            };
            content
                .losses
                .push((fault.kind.code(), lines + fault.line, offset));
        }
        lines += chunk.lines;
    })
    .expect("faults are no errors");
    content
}

/// Every format reads every byte string: no error, no panic, the same records and losses however
/// the file is cut into chunks.
pub fn source(data: &[u8]) {
    let Some((choice, bytes)) = data.split_first() else {
        return;
    };
    let scratch = tempfile::tempdir().expect("scratch");
    let path = scratch.path().join(NAMES[usize::from(*choice) % NAMES.len()]);
    std::fs::write(&path, bytes).expect("write");
    let whole = content(&path, 1 << 20);
    assert_eq!(whole.count, (whole.records.len() + whole.losses.len()) as u64);
    for chunk_bytes in [1, 64] {
        assert_eq!(content(&path, chunk_bytes), whole, "chunks of {chunk_bytes}");
    }
}

static CHECKER: LazyLock<Checker> = LazyLock::new(|| checker("ALL", None).expect("every rule"));

/// Rules give findings inside their fields, and what was fixed once has nothing left to fix.
pub fn rules(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (title, body) = text.split_once('\n').unwrap_or(("", &text));
    let record = serde_json::json!({"id": "1", "title": title, "language": "ar", "body": body}).to_string();
    for finding in findings(&CHECKER, &record, "a.jsonl") {
        let field = match finding.field.as_deref() {
            Some("/title") => title,
            Some("/body") => body,
            _ => continue,
        };
        if let Some(span) = finding.span {
            assert!(field.get(span.range()).is_some(), "{} {span:?}", finding.code);
        }
    }
    for safety in [Safety::Safe, Safety::Unsafe] {
        let Some((once, _)) = fix(&CHECKER, &record, safety) else {
            continue;
        };
        serde_json::from_str::<serde_json::Value>(&once).expect("fixed JSON is JSON");
        if let Some((twice, log)) = fix(&CHECKER, &once, safety) {
            panic!("a second pass fixes again:\n{once}\n{twice}\n{:#?}", log.log);
        }
    }
}

/// A schema (up to the first NUL) is refused or usable; the quick answer and the explanation agree.
pub fn schema(data: &[u8]) {
    let at = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let (schema, instance) = (&data[..at], data.get(at + 1..).unwrap_or_default());
    let scratch = tempfile::tempdir().expect("scratch");
    let path = scratch.path().join("schema.json");
    std::fs::write(&path, schema).expect("write");
    let Ok(schema) = Schema::load(&path, scratch.path(), Formats::Assert) else {
        return;
    };
    let Ok(text) = std::str::from_utf8(instance) else {
        return;
    };
    let mut tree = Tree::new();
    let parsed = corpus::source::json::parse(text, Span::new(0, text.len()), &mut tree, &mut Vec::new());
    if let (Ok(()), Some(root)) = (parsed, tree.root(text)) {
        assert_eq!(schema.is_valid(root), schema.errors(root).is_empty());
    }
}

/// A manifest is refused, or is the same after writing and reading it.
pub fn manifest(data: &[u8]) {
    let Ok(manifest) = Manifest::from_bytes(data) else {
        return;
    };
    let _ = manifest.check();
    if let Ok(bytes) = manifest.to_bytes() {
        let again = Manifest::from_bytes(&bytes).expect("what was written can be read");
        assert_eq!(again.to_bytes().expect("written again"), bytes);
    }
}
