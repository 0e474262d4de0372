//! JSON Lines and JSON documents.

use super::*;
use proptest::prelude::*;
use serde_json::json;

const THREE: &str =
    "{\"id\":\"a\",\"body\":\"قال الوزير\"}\n{\"id\":\"b\",\"body\":\"two\\nlines\"}\n{\"id\":\"c\"}\n";

fn small(chunk_bytes: usize) -> Options {
    Options {
        chunk_bytes,
        ..options()
    }
}

#[test]
fn lines_are_the_files_own_bytes() {
    let read = Read::file("a.jsonl", THREE.as_bytes(), options());
    assert_eq!(read.texts(), THREE.lines().collect::<Vec<_>>());
    assert_eq!(read.lines(), [1, 2, 3]);
    assert_eq!(read.places(), []);
    assert_eq!(read.check_ways_back(THREE.as_bytes()), 3);
}

#[test]
fn a_missing_last_line_feed_is_fine() {
    let text = THREE.trim_end();
    let read = Read::file("a.ndjson", text.as_bytes(), options());
    assert_eq!(read.texts().len(), 3);
    assert_eq!(read.places(), []);
}

#[test]
fn blank_lines_and_crlf_are_counted_and_no_records() {
    let text = "{\"a\":1}\r\n\r\n  \t\n{\"a\":2}\r\n\n";
    let read = Read::file("a.jsonl", text.as_bytes(), options());
    assert_eq!(read.texts(), ["{\"a\":1}", "{\"a\":2}"]);
    assert_eq!(read.lines(), [1, 4]);
    let counts: Vec<_> = read
        .faults()
        .into_iter()
        .map(|(line, fault)| match fault.kind {
            FaultKind::LineStructure { what, count } => (what, count, line, fault.offset),
            _ => panic!("{fault:?}"),
        })
        .collect();
    assert_eq!(counts, [("CRLF line ending", 3, 1, 7), ("blank line", 3, 2, 9)]);
}

#[test]
fn empty_files_hold_nothing() {
    for content in ["", "\n", " \n\t\n"] {
        let read = Read::file("a.jsonl", content.as_bytes(), options());
        assert_eq!(read.texts().len(), 0);
        assert!(read.faults().iter().all(|(_, fault)| !fault.kind.loses_record()));
    }
}

#[test]
fn a_bad_byte_loses_its_record_only() {
    let mut bytes = b"{\"t\":\"one\"}\n{\"t\":\"\xD8\xA7".to_vec();
    let bad = bytes.len() as u64;
    bytes.extend_from_slice(b"\xFFx\xC0\"}\n{\"t\":\"three\"}\n");
    for chunk in [4 << 20, 16] {
        let read = Read::file("a.jsonl", &bytes, small(chunk));
        assert_eq!(read.texts(), ["{\"t\":\"one\"}", "{\"t\":\"three\"}"]);
        assert_eq!(read.lines(), [1, 3]);
        assert_eq!(read.places(), [("E001", 2, bad)]);
        let fault = read.faults()[0].1;
        assert_eq!(fault.column, Some(8));
        assert_eq!(
            fault.kind,
            FaultKind::InvalidUtf8 {
                byte: 0xFF,
                count: 2,
                guess: None
            }
        );
    }
}

#[test]
fn a_record_beyond_the_limit_is_skipped_in_its_place() {
    let long = format!("{{\"t\":\"{}\"}}", "x".repeat(5000));
    let text = format!("{{\"n\":1}}\n{long}\n{{\"n\":2}}\n{long}");
    let options = |chunk_bytes| Options {
        chunk_bytes,
        max_record_bytes: 1000,
        ..super::options()
    };
    for (chunk, size) in [
        (4 << 20, 0),
        (4 << 20, 300_000),
        (100, 0),
        (700, 0),
        (3000, 0),
        (100, 300_000),
    ] {
        // A large file is read in ranges, a small one as a stream.
        let tail = "{\"n\":3}\n".repeat(size / 8);
        let text = format!("{text}\n{tail}");
        let read = Read::file("a.jsonl", text.as_bytes(), options(chunk));
        assert_eq!(read.texts().len(), 2 + size / 8, "chunk {chunk}");
        let second = 8 + long.len() as u64 + 1 + 8;
        assert_eq!(
            read.places(),
            [("S014", 2, 8), ("S014", 4, second)],
            "chunk {chunk}"
        );
        for (_, fault) in read.faults() {
            let FaultKind::Limit { value, limit, .. } = &fault.kind else {
                panic!()
            };
            assert_eq!(
                (*value, limit.as_str()),
                (long.len() as u64, "max-record-bytes = 1000")
            );
        }
        assert_eq!(read.lines()[..2], [1, 3]);
    }
}

#[test]
fn every_cut_of_a_file_is_noticed_by_the_last_record() {
    for end in 0..THREE.len() {
        let read = Read::file("a.jsonl", &THREE.as_bytes()[..end], options());
        let broken = read
            .texts()
            .iter()
            .filter(|text| serde_json::from_str::<Value>(text).is_err())
            .count();
        let faults = read
            .faults()
            .iter()
            .filter(|(_, fault)| fault.kind.loses_record())
            .count();
        let at_line_end =
            THREE.as_bytes()[..end].ends_with(b"}") || THREE[..floor(end)].ends_with('\n') || end == 0;
        assert_eq!(broken + faults, usize::from(!at_line_end), "cut at {end}");
    }
}

fn floor(mut at: usize) -> usize {
    while !THREE.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[test]
fn an_array_in_a_jsonl_file_is_read_and_said() {
    let text = "[\n{\"a\":1},\n{\"a\":2}\n]\n";
    let read = Read::file("a.jsonl", text.as_bytes(), options());
    assert_eq!(read.texts(), ["{\"a\":1}", "{\"a\":2}"]);
    assert_eq!(read.lines(), [2, 3]);
    assert_eq!(read.places(), [("S013", 1, 0)]);
    // Lines that are arrays are records.
    let read = Read::file("a.jsonl", b"[1,2]\n[3]\n", options());
    assert_eq!(read.texts(), ["[1,2]", "[3]"]);
    assert_eq!(read.places(), []);
}

#[test]
fn documents_give_their_records() {
    let pretty = "{\n  \"id\": \"a\",\n  \"tags\": [\"x\", \"]}\\\"\"]\n}\n";
    assert_eq!(
        Read::file("a.json", pretty.as_bytes(), options()).texts(),
        [pretty.trim_end()]
    );
    let array = "[ {\"a\": \"[\"}, 12 , \"x,y\",\n null,[1,[2]]]";
    let read = Read::file("a.json", array.as_bytes(), options());
    assert_eq!(
        read.texts(),
        ["{\"a\": \"[\"}", "12", "\"x,y\"", "null", "[1,[2]]"]
    );
    assert_eq!(read.lines(), [1, 1, 1, 2, 2]);
    assert_eq!(read.check_ways_back(array.as_bytes()), 5);
    assert_eq!(Read::file("a.json", b" 12 ", options()).texts(), ["12"]);
    assert_eq!(Read::file("a.json", b"[]", options()).places(), []);
    let lines = Read::file("a.json", THREE.as_bytes(), options());
    assert_eq!(lines.texts().len(), 3);
    assert_eq!(lines.places(), []);
}

#[test]
fn what_is_wrong_between_the_values_of_a_document_is_placed() {
    let cases: [Case; 13] = [
        ("[1,,2]", 2, &[("S001", 1, 3)]),
        ("[1,2,]", 2, &[("S001", 1, 5)]),
        ("[1 2]", 1, &[("S001", 1, 3)]),
        ("[1,2", 2, &[("S001", 1, 4)]),
        ("[1,{\"a\":2", 1, &[("S001", 1, 3)]),
        ("[1]x", 1, &[("S001", 1, 3)]),
        ("[][]", 0, &[("S001", 1, 2)]),
        ("\"a\"\"b\"", 1, &[("S001", 1, 3)]),
        ("]", 0, &[("S001", 1, 0)]),
        ("[\n1:2,\n3]", 2, &[("S001", 2, 3)]),
        ("[\"x\"}", 1, &[("S001", 1, 4)]),
        ("", 0, &[("S001", 1, 0)]),
        (" \n", 0, &[("S001", 2, 2)]),
    ];
    for (text, records, places) in cases {
        let read = Read::file("a.json", text.as_bytes(), options());
        assert_eq!(read.texts().len(), records, "{text}");
        let found: Vec<_> = read.places().into_iter().take(1).collect();
        assert_eq!(found, places, "{text}");
    }
}

#[test]
fn a_document_element_with_a_bad_byte_or_beyond_the_limit_is_left_out() {
    let long = format!("{{\"t\":\n\"{}\"}}", "y".repeat(90_000));
    let text = format!("[{{\"n\":1}},\n{long},\n{{\"n\":2}},\n{{\"n\":\"@\"}},{{\"n\":3}}]");
    let bytes: Vec<u8> = text
        .bytes()
        .map(|byte| if byte == b'@' { 0xFE } else { byte })
        .collect();
    for chunk in [10, 1000, 1 << 20] {
        let options = Options {
            chunk_bytes: chunk,
            max_record_bytes: 1000,
            ..super::options()
        };
        let read = Read::file("a.json", &bytes, options);
        assert_eq!(
            read.records(),
            [json!({"n":1}), json!({"n":2}), json!({"n":3})],
            "chunk {chunk}"
        );
        assert_eq!(read.lines(), [1, 4, 5], "chunk {chunk}");
        let bad = bytes.iter().position(|&byte| byte == 0xFE).unwrap() as u64;
        assert_eq!(
            read.places(),
            [("S014", 2, 10), ("E001", 5, bad)],
            "chunk {chunk}"
        );
    }
}

#[test]
fn an_input_that_changes_under_the_run_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    for (name, content) in [("a.jsonl", "{}\n".repeat(10)), ("b.txt", "text".to_owned())] {
        write(directory.path(), name, content.as_bytes());
    }
    for name in ["a.jsonl", "b.txt"] {
        let finder = super::discovery::finder(directory.path(), &[]);
        let inputs = finder.from_paths(&[PathBuf::from(name)]).unwrap();
        write(directory.path(), name, b"{}\n");
        let plan = Plan::new(inputs, small(4)).unwrap();
        let error = plan.each(drop).unwrap_err();
        assert!(
            error.to_string().contains("changed while it was being read"),
            "{error}"
        );
        assert!(
            plan.inputs[0]
                .sha256(&std::sync::atomic::AtomicBool::new(false))
                .is_err()
        );
    }
}

#[test]
fn buffers_are_used_again() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "a.jsonl", THREE.repeat(50).as_bytes());
    let finder = super::discovery::finder(directory.path(), &[]);
    let plan = Plan::new(
        finder.from_paths(&[PathBuf::from("a.jsonl")]).unwrap(),
        small(100),
    )
    .unwrap();
    let mut seen = 0;
    plan.each(|chunk| {
        seen += chunk.entries.len();
        let text = chunk.text.as_str().to_owned();
        for entry in &chunk.entries {
            assert!(THREE.contains(&text[entry.span.range()]));
        }
        plan.recycle(chunk);
    })
    .unwrap();
    assert_eq!(seen, 150);
}

#[test]
fn nonsense_and_blanks_need_no_memory() {
    let nonsense = format!("[1 {}, 2{}]", "x".repeat(500_000), " \n".repeat(250_000));
    let read = Read::file("a.json", nonsense.as_bytes(), small(1000));
    assert_eq!(read.texts(), ["1", "2"]);
    assert_eq!(read.places(), [("S001", 1, 3)]);
    assert!(read.chunks.iter().all(|chunk| chunk.text.as_bytes().len() < 4000));
}

/// Started by the test below with something on its standard input.
#[test]
#[ignore = "needs a parent that pipes into it"]
fn standard_input_child() {
    let read = Read::plan(vec![Input::stdin(Format::Auto, InputSpec::default())], options());
    assert_eq!(read.texts().len(), 3);
    assert_eq!(read.check_ways_back(THREE.as_bytes()), 3);
}

#[test]
fn standard_input_is_read() {
    use std::process::{Command, Stdio};
    for codec in [None, Some("gz"), Some("zst")] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--ignored",
                "--exact",
                "source::tests::lines::standard_input_child",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let bytes = codec.map_or(THREE.as_bytes().to_vec(), |codec| {
            super::codecs::compress(codec, THREE.as_bytes())
        });
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), &bytes).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
    }
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => "\\{\"a\":\"[a-zء-ي ]{0,30}\"\\}".prop_map(String::into_bytes),
        1 => Just(Vec::new()),
        1 => Just(b" \r".to_vec()),
        1 => Just(b"{\"a\":\"\xC3\"}".to_vec()),
        1 => Just(b"{\"a\":1}\r".to_vec()),
        1 => proptest::collection::vec(Just(b'z'), 100..400),
    ]
}

type Case = (&'static str, usize, &'static [(&'static str, u64, u64)]);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Chunk boundaries change nothing: neither in a stream nor in ranges.
    #[test]
    fn any_chunk_size_gives_the_same_records(
        lines in proptest::collection::vec(line(), 0..20),
        end in any::<bool>(),
        chunk in 1_usize..300,
    ) {
        let mut bytes = lines.join(&b'\n');
        if end {
            bytes.push(b'\n');
        }
        // Beyond the size of what is always read whole.
        let padding = b"{\"pad\":true}\n".repeat(6000);
        for content in [bytes.clone(), [padding.as_slice(), &bytes].concat()] {
            let read = |chunk_bytes| Read::file("a.jsonl", &content, Options {
                chunk_bytes,
                max_record_bytes: 120,
                ..options()
            });
            let (whole, cut) = (read(1 << 30), read(chunk * 97));
            prop_assert_eq!(whole.texts(), cut.texts());
            prop_assert_eq!(whole.lines(), cut.lines());
            let lost = |read: &Read| -> Vec<_> {
                read.faults().into_iter().filter(|(_, fault)| fault.kind.loses_record())
                    .map(|(line, fault)| (line, fault.offset, fault.column, fault.kind.clone())).collect()
            };
            prop_assert_eq!(lost(&whole), lost(&cut));
            let structure = |read: &Read| -> u64 {
                read.faults().iter().map(|(_, fault)| match fault.kind {
                    FaultKind::LineStructure { count, .. } => count,
                    _ => 0,
                }).sum()
            };
            prop_assert_eq!(structure(&whole), structure(&cut));
            if content.len() < 60_000 {
                let tiny = read(chunk);
                prop_assert_eq!(whole.texts(), tiny.texts());
                prop_assert_eq!(whole.lines(), tiny.lines());
                prop_assert_eq!(lost(&whole), lost(&tiny));
            }
        }
    }

    /// The same for the elements of a document.
    #[test]
    fn any_chunk_size_gives_the_same_elements(
        items in proptest::collection::vec("(\\{\"a\":\"[a-zء-ي ,\\]]{0,30}\"\\}|[0-9]{1,5}|\"\\\\\\\\\"|\\[\n1,2\\])", 0..12),
        comma in "( ,\n|,|\n,)",
        chunk in 1_usize..100,
    ) {
        let text = format!("[{}]\n", items.join(&comma));
        let whole = Read::file("a.json", text.as_bytes(), options());
        let cut = Read::file("a.json", text.as_bytes(), small(chunk));
        prop_assert_eq!(whole.texts(), cut.texts());
        prop_assert_eq!(whole.texts(), items);
        prop_assert_eq!(whole.lines(), cut.lines());
        prop_assert_eq!(cut.places(), []);
    }
}
