//! The schema room on every required test of JSON-Schema-Test-Suite.

use crate::support::{DRAFTS, declared, project, read, remotes, required, schema_suite};
use corpus::record::{Span, Tree};
use corpus::schema::{Draft, Formats, LoadError, Options, Schema};
use corpus::source::json;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// In the order of [`DRAFTS`].
const DEFAULTS: [Draft; 5] = [
    Draft::Draft4,
    Draft::Draft6,
    Draft::Draft7,
    Draft::Draft201909,
    Draft::Draft202012,
];

#[test]
fn every_required_test_passes() {
    let Some(root) = schema_suite() else { return };
    let documents: BTreeMap<String, Value> = remotes(&root)
        .into_iter()
        .map(|(path, document)| {
            (
                format!("http://localhost:1234/{}", path.to_str().unwrap()),
                document,
            )
        })
        .collect();
    for ((draft, _, least), default_draft) in DRAFTS.into_iter().zip(DEFAULTS) {
        let options = Options {
            default_draft,
            formats: Formats::Draft,
            documents: documents.clone(),
        };
        run(&root, draft, least, &|schema| Schema::compile(schema, &options));
    }
}

/// The same as a user has it: schemas in files that say their draft, and the suite's documents in
/// a mirror folder beside them.
#[test]
fn every_required_test_passes_from_files() {
    let Some(root) = schema_suite() else { return };
    for (draft, address, least) in DRAFTS {
        let project = project(&root, address);
        let file = project.path().join("schema.json");
        run(&root, draft, least, &|schema| {
            std::fs::write(&file, declared(schema.clone(), address)).unwrap();
            Schema::load(&file, project.path(), Formats::Draft)
        });
    }
}

type Compile<'a> = &'a dyn Fn(&Value) -> Result<Schema, LoadError>;

/// Runs the required tests of a draft.
fn run(root: &Path, draft: &str, least: usize, compile: Compile<'_>) {
    let (mut passed, mut wrong) = (0, Vec::new());
    for path in required(root, draft) {
        run_file(&path, compile, &mut passed, &mut wrong);
    }
    eprintln!("{draft}: {passed} passed, {} failed", wrong.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(passed >= least, "{draft}: only {passed} tests were found");
}

/// Runs the cases of one file.
fn run_file(path: &Path, compile: Compile<'_>, passed: &mut usize, wrong: &mut Vec<String>) {
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
