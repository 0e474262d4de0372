//! The parser against the public `JSONTestSuite`, from a directory named by `CORPUS_JSON_TEST_SUITE`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

use corpus::record::{Span, Tree};
use corpus::source::json;
use std::path::Path;

/// Whether the bytes are taken as one JSON value.
fn accepted(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    json::parse(text, Span::new(0, text.len()), &mut Tree::new(), &mut Vec::new()).is_ok()
}

#[test]
fn json_test_suite() {
    let Some(root) = std::env::var_os("CORPUS_JSON_TEST_SUITE") else {
        eprintln!("skipped: CORPUS_JSON_TEST_SUITE does not name a copy of nst/JSONTestSuite");
        return;
    };
    let (mut yes, mut no, mut wrong) = (0, 0, Vec::new());
    for entry in std::fs::read_dir(Path::new(&root).join("test_parsing")).expect("test_parsing") {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let accepted = accepted(&std::fs::read(&path).unwrap());
        match name.as_bytes().first() {
            Some(b'y') if accepted => yes += 1,
            Some(b'n') if !accepted => no += 1,
            // Either answer is allowed; what counts is that there is one.
            Some(b'i') => {}
            _ => wrong.push(name),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!((yes, no), (95, 188));
}
