//! The schema room against the public JSON-Schema-Test-Suite, from a directory named by
//! `CORPUS_JSON_SCHEMA_TEST_SUITE`: every required test of every draft that is supported.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

use corpus::record::{Span, Tree};
use corpus::schema::{Draft, Formats, LoadError, Options, Schema};
use corpus::source::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const DRAFTS: [(&str, Draft); 5] = [
    ("draft4", Draft::Draft4),
    ("draft6", Draft::Draft6),
    ("draft7", Draft::Draft7),
    ("draft2019-09", Draft::Draft201909),
    ("draft2020-12", Draft::Draft202012),
];

/// Every JSON file below a folder, in a fixed order.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            into.push(path);
        }
    }
}

fn read(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The suite's documents, at the addresses its tests know them by.
fn remotes(root: &Path) -> BTreeMap<String, serde_json::Value> {
    let folder = root.join("remotes");
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    paths
        .iter()
        .map(|path| {
            let relative = path.strip_prefix(&folder).unwrap().to_str().unwrap();
            (format!("http://localhost:1234/{relative}"), read(path))
        })
        .collect()
}

#[test]
fn json_schema_test_suite() {
    let Some(root) = std::env::var_os("CORPUS_JSON_SCHEMA_TEST_SUITE").map(PathBuf::from) else {
        eprintln!("skipped: CORPUS_JSON_SCHEMA_TEST_SUITE does not name a copy of JSON-Schema-Test-Suite");
        return;
    };
    let documents = remotes(&root);
    let (mut passed, mut wrong) = (0, Vec::new());
    for (name, draft) in DRAFTS {
        let options = Options {
            default_draft: draft,
            formats: Formats::Draft,
            documents: documents.clone(),
        };
        let before = passed;
        let mut paths = Vec::new();
        files(&root.join("tests").join(name), &mut paths);
        for path in paths {
            if !path
                .strip_prefix(&root)
                .unwrap()
                .components()
                .any(|part| part.as_os_str() == "optional")
            {
                run(
                    &path,
                    &|schema| Schema::compile(schema, &options),
                    &mut passed,
                    &mut wrong,
                );
            }
        }
        assert!(
            passed - before > 500 || !wrong.is_empty(),
            "{name}: too few tests"
        );
    }
    eprintln!("{passed} passed, {} failed", wrong.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The address of each draft, as `$schema` names it.
fn address(draft: Draft) -> &'static str {
    match draft {
        Draft::Draft4 => "http://json-schema.org/draft-04/schema#",
        Draft::Draft6 => "http://json-schema.org/draft-06/schema#",
        Draft::Draft7 => "http://json-schema.org/draft-07/schema#",
        Draft::Draft201909 => "https://json-schema.org/draft/2019-09/schema",
        Draft::Draft202012 => "https://json-schema.org/draft/2020-12/schema",
    }
}

/// The same as a user has it: schemas in files that say their draft, and the suite's documents in
/// a mirror folder beside them.
#[test]
fn json_schema_test_suite_in_files() {
    let Some(root) = std::env::var_os("CORPUS_JSON_SCHEMA_TEST_SUITE").map(PathBuf::from) else {
        eprintln!("skipped: CORPUS_JSON_SCHEMA_TEST_SUITE does not name a copy of JSON-Schema-Test-Suite");
        return;
    };
    let (mut passed, mut wrong) = (0, Vec::new());
    for (name, draft) in DRAFTS {
        let project = tempfile::tempdir().unwrap();
        for (uri, mut document) in remotes(&root) {
            // Documents of no draft's folder are used by several.
            if let Some(object) = document.as_object_mut()
                && !object.contains_key("$schema")
            {
                object.insert("$schema".to_owned(), address(draft).into());
            }
            let path = project
                .path()
                .join(uri.replace("http://localhost:1234", "localhost_1234"));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, document.to_string()).unwrap();
        }
        let file = project.path().join("schema.json");
        let compile = |schema: &serde_json::Value| {
            let mut schema = schema.clone();
            if let Some(object) = schema.as_object_mut()
                && !object.contains_key("$schema")
            {
                object.insert("$schema".to_owned(), address(draft).into());
            }
            std::fs::write(&file, schema.to_string()).unwrap();
            Schema::load(&file, project.path(), Formats::Draft)
        };
        let mut paths = Vec::new();
        files(&root.join("tests").join(name), &mut paths);
        for path in paths {
            if !path
                .strip_prefix(&root)
                .unwrap()
                .components()
                .any(|part| part.as_os_str() == "optional")
            {
                run(&path, &compile, &mut passed, &mut wrong);
            }
        }
    }
    eprintln!("{passed} passed, {} failed", wrong.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Runs the cases of one file.
fn run(
    path: &Path,
    compile: &dyn Fn(&serde_json::Value) -> Result<Schema, LoadError>,
    passed: &mut usize,
    wrong: &mut Vec<String>,
) {
    let label = path.display();
    for case in read(path).as_array().unwrap() {
        let title = &case["description"];
        let schema = match compile(&case["schema"]) {
            Ok(schema) => schema,
            Err(error) => {
                wrong.push(format!("{label}: {title}: {error}"));
                continue;
            }
        };
        for test in case["tests"].as_array().unwrap() {
            let text = test["data"].to_string();
            let mut tree = Tree::new();
            json::parse(&text, Span::new(0, text.len()), &mut tree, &mut Vec::new()).unwrap();
            let value = tree.root(&text).unwrap();
            let valid = schema.is_valid(value);
            // The quick answer and the explanation have to agree.
            if test["valid"] == valid && schema.errors(value).is_empty() == valid {
                *passed += 1;
            } else {
                wrong.push(format!("{label}: {title}: {}", test["description"]));
            }
        }
    }
}
