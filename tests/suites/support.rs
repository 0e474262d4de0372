//! Where the suites are, and what is in them.

use serde_json::Value;
use std::path::{Path, PathBuf};

/// Drafts that are supported: folder of the suite, `$schema`, and a number of required tests. Fewer
/// would mean that some were not found.
pub(crate) const DRAFTS: [(&str, &str, usize); 5] = [
    ("draft4", "http://json-schema.org/draft-04/schema#", 600),
    ("draft6", "http://json-schema.org/draft-06/schema#", 800),
    ("draft7", "http://json-schema.org/draft-07/schema#", 900),
    (
        "draft2019-09",
        "https://json-schema.org/draft/2019-09/schema",
        1200,
    ),
    (
        "draft2020-12",
        "https://json-schema.org/draft/2020-12/schema",
        1200,
    ),
];

/// The copy of JSON-Schema-Test-Suite, if there is one.
pub(crate) fn schema_suite() -> Option<PathBuf> {
    copy("CORPUS_JSON_SCHEMA_TEST_SUITE", "JSON-Schema-Test-Suite")
}

/// The parsing tests of `JSONTestSuite`, if there is a copy.
pub(crate) fn parsing_suite() -> Option<PathBuf> {
    copy("CORPUS_JSON_TEST_SUITE", "nst/JSONTestSuite").map(|root| root.join("test_parsing"))
}

pub(crate) fn copy(variable: &str, name: &str) -> Option<PathBuf> {
    let root = std::env::var_os(variable).map(PathBuf::from);
    if root.is_none() {
        eprintln!("skipped: {variable} does not name a copy of {name}");
    }
    root
}

/// Every JSON file below a folder, in a fixed order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    let mut found = Vec::new();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found
}

/// The files of the required tests of a draft.
pub(crate) fn required(root: &Path, draft: &str) -> Vec<PathBuf> {
    let base = root.join("tests").join(draft);
    let mut paths = files(&base);
    paths.retain(|path| !path.starts_with(base.join("optional")));
    paths
}

pub(crate) fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The suite's own documents, by the path that follows `http://localhost:1234/`.
pub(crate) fn remotes(root: &Path) -> Vec<(PathBuf, Value)> {
    let folder = root.join("remotes");
    files(&folder)
        .iter()
        .map(|path| (path.strip_prefix(&folder).unwrap().to_owned(), read(path)))
        .collect()
}

/// The document with its draft declared, as the suite means it.
pub(crate) fn declared(mut document: Value, draft: &str) -> String {
    if let Some(object) = document.as_object_mut()
        && !object.contains_key("$schema")
    {
        object.insert("$schema".to_owned(), draft.into());
    }
    document.to_string()
}

/// A folder with the suite's documents at the place where a schema finds `http://localhost:1234/`.
pub(crate) fn project(root: &Path, draft: &str) -> tempfile::TempDir {
    let project = tempfile::tempdir().unwrap();
    for (path, document) in remotes(root) {
        let copy = project.path().join("localhost_1234").join(path);
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::write(copy, declared(document, draft)).unwrap();
    }
    project
}
