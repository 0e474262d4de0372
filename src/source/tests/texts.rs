//! Text and Markdown files.

use super::*;
use crate::config::{Fields, IdField, TitleFrom};
use serde_json::json;
use std::fmt::Write as _;

#[test]
fn a_text_file_is_a_record() {
    let text = "السطر الأول\n\nSecond \"line\"\r\n";
    let read = Read::file("news/2024/e\u{301}t\u{e9}.txt", text.as_bytes(), options());
    assert_eq!(
        read.records(),
        [json!({"id":"news/2024/\u{e9}t\u{e9}","body":"السطر الأول\n\nSecond \"line\""})]
    );
    assert_eq!(read.check_ways_back(text.as_bytes()), 1);
    assert_eq!(read.lines(), [1]);
}

#[test]
fn an_empty_text_file_holds_no_record() {
    let read = Read::file("a.txt", b" \n\n", options());
    assert_eq!((read.texts().len(), read.places()), (0, vec![]));
}

#[test]
fn front_matter_fills_fields() {
    let text = "---\ntitle: \"A: day\"\ntags: [x, 2, true]\npublished_at: 2024-05-01\nscore: 1.5\nnone: ~\nmeta: {a: b}\n---\n\nThe body.\n";
    for name in ["a.md", "a.txt", "a.markdown"] {
        let read = Read::file(name, text.as_bytes(), options());
        assert_eq!(
            read.records(),
            [json!({
                "title":"A: day","tags":["x",2,true],"published_at":"2024-05-01","score":1.5,"none":null,
                "meta":{"a":"b"},"id":"a","body":"The body."
            })]
        );
        assert_eq!(read.check_ways_back(text.as_bytes()), 1);
    }
}

#[test]
fn a_line_of_hyphens_is_not_front_matter() {
    let text = "---\nNot yaml: [\n---\nRest.\n";
    let read = Read::file("a.txt", text.as_bytes(), options());
    assert_eq!(read.records()[0]["body"], text.trim_end());
    // In Markdown it is broken front matter.
    let read = Read::file("a.md", text.as_bytes(), options());
    assert_eq!(read.texts().len(), 0);
    assert!(unreadable(read.faults()[0].1).unwrap().contains("front matter"));
    let open = "---\nNo end.\n";
    assert_eq!(
        Read::file("a.md", open.as_bytes(), options()).records()[0]["body"],
        open.trim_end()
    );
}

#[test]
fn hostile_front_matter_is_refused() {
    let mut bomb = String::from("a: &a [x,x]\n");
    for level in 0..30 {
        writeln!(bomb, "b{level}: &b{level} [*a,*a]").unwrap();
    }
    let deep = format!("a: {}\n", "[".repeat(30_000));
    let dashes = format!("a:\n {}x\n", "- ".repeat(20_000));
    for yaml in [bomb, deep, dashes] {
        let read = Read::file("a.md", format!("---\n{yaml}---\nBody.\n").as_bytes(), options());
        assert_eq!(read.texts().len(), 0);
        assert!(unreadable(read.faults()[0].1).is_some());
    }
}

#[test]
fn the_first_line_becomes_the_title() {
    let spec = InputSpec {
        title: Some(TitleFrom::FirstLine),
        ..InputSpec::default()
    };
    let fields = Fields {
        id: Some(IdField::Name("key".to_owned())),
        text: Some("text".to_owned()),
        title: Some("headline".to_owned()),
        ..Fields::default()
    };
    let options = Options {
        fields,
        ..super::options()
    };
    for (name, text) in [
        ("a.txt", "\n  عنوان الخبر  \n\nالنص هنا.\nسطر.\n"),
        ("a.md", "## عنوان الخبر\nالنص هنا.\nسطر."),
    ] {
        let read = Read::with_spec(name, text.as_bytes(), &spec, options.clone());
        assert_eq!(
            read.records(),
            [json!({"key":"a","headline":"عنوان الخبر","text":"النص هنا.\nسطر."})]
        );
        assert_eq!(read.check_ways_back(text.as_bytes()), 2);
    }
}

#[test]
fn a_text_with_a_bad_byte_or_beyond_the_limit_is_lost_and_placed() {
    let read = Read::file(
        "a.txt",
        "سطر\nab"
            .as_bytes()
            .iter()
            .copied()
            .chain([0xFF])
            .collect::<Vec<_>>()
            .as_slice(),
        options(),
    );
    assert_eq!(read.places(), [("E001", 2, 9)]);
    assert_eq!(read.faults()[0].1.column, Some(3));
    let options = Options {
        max_record_bytes: 100,
        ..super::options()
    };
    let read = Read::file("a.txt", &[b'x'; 5000], options);
    let FaultKind::Limit { value, .. } = read.faults()[0].1.kind else {
        panic!()
    };
    assert_eq!((value, read.texts().len()), (5000, 0));
}
