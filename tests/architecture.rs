//! The rooms touch only what docs/ARCHITECTURE.md allows.

#![allow(clippy::expect_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Room to rooms it may use. `config` types may be read everywhere; `lib` holds only the rooms.
const ALLOWED: &[(&str, &[&str])] = &[
    ("config", &["finding"]),
    ("record", &[]),
    ("finding", &["record"]),
    ("source", &["record", "finding"]),
    ("text", &["record"]),
    ("schema", &["record", "source"]),
    ("rules", &["text", "schema", "finding", "record", "source"]),
    ("dedup", &["text", "record"]),
    ("report", &["finding", "record"]),
    ("release", &["text", "record", "schema", "dedup", "report"]),
    (
        "engine",
        &[
            "record", "finding", "source", "text", "schema", "rules", "dedup", "report", "release",
        ],
    ),
    (
        "cli",
        &[
            "record", "finding", "source", "text", "schema", "rules", "dedup", "report", "release", "engine",
        ],
    ),
];

fn rust_files(directory: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(directory).expect("a readable src") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn room(path: &Path) -> String {
    let first = path.components().next().expect("a file below src");
    let name = first.as_os_str().to_str().expect("an ASCII name");
    name.trim_end_matches(".rs").to_owned()
}

#[test]
fn every_room_uses_only_what_it_may() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let allowed: BTreeMap<_, _> = ALLOWED.iter().copied().collect();
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 20, "src was not found");
    let mut wrong = Vec::new();
    for path in files {
        let relative = path.strip_prefix(&src).expect("below src");
        let here = room(relative);
        if here == "main" || here == "lib" {
            continue;
        }
        let may = allowed
            .get(here.as_str())
            .unwrap_or_else(|| panic!("room `{here}` is not in the table"));
        let text = fs::read_to_string(&path).expect("UTF-8 source");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for used in code.split("crate::").skip(1) {
                let used: String = used
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let fine =
                    used.is_empty() || used == here || used == "config" || may.contains(&used.as_str());
                if !fine {
                    wrong.push(format!(
                        "{}:{}: `{here}` uses `{used}`",
                        relative.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "edges the architecture does not allow:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn only_one_room_names_each_heavy_crate() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    for path in files {
        let here = room(path.strip_prefix(&src).expect("below src"));
        let text = fs::read_to_string(&path).expect("UTF-8 source");
        if text.contains("jsonschema::") && !path.ends_with("tests.rs") {
            assert_eq!(here, "schema", "{} names the jsonschema crate", path.display());
        }
        if text.contains("ArrowWriter") || text.contains("SerializedFileWriter") {
            let fine = here == "release" || here == "report" || path.to_string_lossy().contains("tests");
            assert!(fine, "{} names parquet's writer", path.display());
        }
    }
}

#[test]
fn every_rule_file_is_in_the_list() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let list = fs::read_to_string(rules.join("list.rs")).expect("the list");
    let mut files = Vec::new();
    rust_files(&rules, &mut files);
    let mut count = 0;
    for path in files {
        let text = fs::read_to_string(&path).expect("UTF-8 source");
        let is_rule = path.parent().is_some_and(|parent| parent != rules);
        if is_rule && text.contains("pub(crate) const RULE: Rule") {
            let relative = path
                .strip_prefix(&rules)
                .expect("below rules")
                .to_str()
                .expect("an ASCII name")
                .replace('\\', "/");
            assert!(
                list.contains(&format!("\"{relative}\"")),
                "{relative} is not in list.rs"
            );
            count += 1;
        }
    }
    assert_eq!(count, corpus::rules::list::RULES.len());
}
