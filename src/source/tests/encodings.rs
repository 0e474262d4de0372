//! Byte order marks, legacy charsets, binary data.

use super::*;
use serde_json::json;

fn windows_1256(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1256.encode(text).0.into_owned()
}

const ARABIC: &str = "{\"body\":\"سقط المطر على الأرض\"}\n{\"body\":\"الكتاب\"}\n";

#[test]
fn a_byte_order_mark_is_said_once_and_skipped() {
    let text = format!("\u{FEFF}{ARABIC}");
    for chunk_bytes in [1 << 20, 16] {
        let read = Read::file(
            "a.jsonl",
            text.as_bytes(),
            Options {
                chunk_bytes,
                ..options()
            },
        );
        assert_eq!(read.places(), [("E002", 1, 0)]);
        assert_eq!(read.texts(), ARABIC.lines().collect::<Vec<_>>());
        assert_eq!(read.check_ways_back(text.as_bytes()), 2);
    }
    let long = format!("\u{FEFF}{}", ARABIC.repeat(2000));
    let read = Read::file(
        "a.jsonl",
        long.as_bytes(),
        Options {
            chunk_bytes: 10_000,
            ..options()
        },
    );
    assert_eq!(read.places(), [("E002", 1, 0)]);
    assert_eq!(read.check_ways_back(long.as_bytes()), 4000);
}

#[test]
fn a_certain_legacy_charset_is_decoded_and_said() {
    let read = Read::file("a.jsonl", &windows_1256(ARABIC), options());
    assert_eq!(read.texts(), ARABIC.lines().collect::<Vec<_>>());
    assert_eq!(read.notices(), ["decoded as windows-1256"]);
    assert_eq!(read.chunks[0].charset, Some("windows-1256"));
    let long = ARABIC.repeat(5000);
    let read = Read::file(
        "a.jsonl",
        &windows_1256(&long),
        Options {
            chunk_bytes: 1000,
            ..options()
        },
    );
    assert_eq!(read.texts(), long.lines().collect::<Vec<_>>());
    assert_eq!(read.notices().len(), 1);
}

#[test]
fn one_bad_byte_does_not_make_a_legacy_file() {
    let mut bytes = ARABIC.repeat(3).into_bytes();
    bytes.extend_from_slice(b"{\"body\":\"\xC7\xE1\"}\n");
    let read = Read::file("a.jsonl", &bytes, options());
    assert_eq!(read.texts().len(), 6);
    assert_eq!(read.places().len(), 1);
    let FaultKind::InvalidUtf8 { guess, .. } = read.faults()[0].1.kind else {
        panic!()
    };
    assert_eq!(guess, Some("windows-1256"));
}

#[test]
fn a_declared_encoding_is_obeyed() {
    let spec = |label: &str| InputSpec {
        encoding: Some(label.to_owned()),
        ..InputSpec::default()
    };
    let (koi, _, _) = encoding_rs::KOI8_R.encode("{\"t\":\"снег\"}\n");
    let read = Read::with_spec("a.jsonl", &koi, &spec("koi8-r"), options());
    assert_eq!(read.records(), [json!({"t":"снег"})]);
    let utf8 = Read::with_spec("a.jsonl", ARABIC.as_bytes(), &spec("utf-8"), options());
    assert_eq!(utf8.texts().len(), 2);
    // With utf-8 declared nothing is guessed.
    let read = Read::with_spec("a.jsonl", &windows_1256(ARABIC), &spec("utf-8"), options());
    assert_eq!(read.texts().len(), 0);
    assert_eq!(read.places().len(), 2);
    let input = Input::stdin(Format::Auto, spec("martian"));
    let error = Plan::new(vec![input], options()).unwrap_err();
    assert!(error.to_string().contains("unknown encoding `martian`"));
}

#[test]
fn utf_16_with_a_mark_is_decoded() {
    let bytes = |big: bool| -> Vec<u8> {
        format!("\u{FEFF}{ARABIC}")
            .encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    };
    for (big, name) in [(false, "UTF-16LE"), (true, "UTF-16BE")] {
        for format in ["a.jsonl", "a.json", "a.dat"] {
            let read = Read::file(format, &bytes(big), options());
            assert_eq!(read.texts(), ARABIC.lines().collect::<Vec<_>>(), "{format}");
            assert_eq!(read.chunks[0].charset, Some(name));
        }
    }
}

#[test]
fn binary_data_is_one_fault() {
    let nul = [b"{\"a\":1}\n".as_slice(), &[0; 100]].concat();
    let utf16: Vec<u8> = "{\"a\":1}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, expected) in [
        (nul.as_slice(), "binary data"),
        (b"PK\x03\x04rest of it", "a ZIP archive"),
        (utf16.as_slice(), "UTF-16LE text"),
        (b"%PDF-1.7 \xE2\xE3", "a PDF document"),
    ] {
        for name in ["a.jsonl", "a.json", "a.txt", "a.csv"] {
            let read = Read::file(name, bytes, options());
            assert_eq!(read.texts().len(), 0);
            let [(1, fault)] = read.faults()[..] else {
                panic!("{name}")
            };
            assert_eq!(fault.kind, FaultKind::Binary { looks_like: expected }, "{name}");
        }
    }
}

#[test]
fn a_name_that_says_nothing_is_decided_by_content() {
    let cases: [(&[u8], Format, usize); 5] = [
        (b"{\"a\":1}\n{\"a\":2}\n", Format::Jsonl, 2),
        (b"[{\"a\":1},{\"a\":2}]", Format::Json, 2),
        (b"{\n\"a\":1\n}\n", Format::Json, 1),
        (b"An article.\n", Format::Text, 1),
        (b"", Format::Jsonl, 0),
    ];
    for (bytes, format, records) in cases {
        let read = Read::file("export", bytes, options());
        assert_eq!(read.texts().len(), records, "{format:?}");
        assert_eq!(read.places(), []);
    }
}

#[test]
fn careless_utf8_is_told_from_other_bytes() {
    for (bytes, code) in [
        (&b"\xED\xA0\xBD\xED\xB8\x80"[..], "E004"),
        (b"\xED\xA0\xBD", "E004"),
        (b"\xC0\x80", "E004"),
        (b"\xE0\x80\xAF", "E004"),
        (b"\xF0\x82\x82\xAC", "E004"),
        (b"\xFF", "E001"),
        (b"\xC0", "E001"),
        (b"\xED\xA0", "E001"),
    ] {
        let line = [b"{\"body\":\"x ", bytes, b" y\"}\n"].concat();
        let read = Read::file("a.jsonl", &line, options());
        assert_eq!(read.places(), [(code, 1, 11)], "{bytes:x?}");
    }
    let read = Read::file("a.jsonl", "{\"body\":\"😀\\u0000\"}\n".as_bytes(), options());
    assert!(read.places().is_empty());
}
