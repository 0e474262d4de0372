//! The parser on nst/JSONTestSuite.

use crate::support::{files, parsing_suite};
use corpus::record::{Span, Tree};
use corpus::source::json;

/// Whether the bytes are taken as one JSON value.
fn accepted(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    json::parse(text, Span::new(0, text.len()), &mut Tree::new(), &mut Vec::new()).is_ok()
}

#[test]
fn json_test_suite() {
    let Some(folder) = parsing_suite() else { return };
    let (mut yes, mut no, mut wrong) = (0, 0, Vec::new());
    for path in files(&folder) {
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
