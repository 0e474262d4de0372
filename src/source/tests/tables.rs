//! CSV and TSV.

use super::*;
use crate::config::Dialect;
use proptest::prelude::*;
use serde_json::json;

const TABLE: &str = "id,title,body\n1,\"Rain, again\",\"line one\nline \"\"two\"\"\"\n2,,عربي\n3,\"\",x\n";

fn with(csv: Dialect) -> InputSpec {
    InputSpec {
        csv,
        ..InputSpec::default()
    }
}

#[test]
fn rows_become_records() {
    for text in [
        TABLE.to_owned(),
        TABLE.trim_end().to_owned(),
        format!("\u{FEFF}{TABLE}"),
    ] {
        let read = Read::file("a.csv", text.as_bytes(), options());
        assert_eq!(
            read.records(),
            [
                json!({"id":"1","title":"Rain, again","body":"line one\nline \"two\""}),
                json!({"id":"2","body":"عربي"}),
                json!({"id":"3","title":"","body":"x"}),
            ]
        );
        assert_eq!(read.lines(), [2, 4, 5]);
        assert_eq!(read.check_ways_back(text.as_bytes()), 7);
    }
    let crlf = TABLE.replace('\n', "\r\n");
    let read = Read::file("a.csv", crlf.as_bytes(), options());
    assert_eq!(read.records()[1], json!({"id":"2","body":"عربي"}));
    assert_eq!(read.records()[0]["body"], "line one\r\nline \"two\"");
}

#[test]
fn dialects() {
    let read = Read::file("a.tsv", b"a\tb\n1, 2\t5\" disc\n", options());
    assert_eq!(read.records(), [json!({"a":"1, 2","b":"5\" disc"})]);
    let dialect = Dialect {
        delimiter: Some(';'),
        quote: Some('\''),
        escape: Some('\\'),
        columns: vec!["x".to_owned(), "y".to_owned()],
        comment: Some('#'),
    };
    let read = Read::with_spec(
        "a.csv",
        b"# note\n'it\\'s';2\n\n#3;4\n'a;\nb';\n",
        &with(dialect),
        options(),
    );
    assert_eq!(
        read.records(),
        [json!({"x":"it's","y":"2"}), json!({"x":"a;\nb"})]
    );
    assert_eq!(read.lines(), [2, 5]);
    let bad = Input::stdin(
        Format::Csv,
        with(Dialect {
            delimiter: Some('،'),
            ..Dialect::default()
        }),
    );
    let error = Plan::new(vec![bad], options()).unwrap_err();
    assert!(error.to_string().contains("delimiter"), "{error}");
}

#[test]
fn ragged_rows_bad_bytes_and_open_quotes_are_placed() {
    let read = Read::file("a.csv", b"a,b\n1,2\n1\n1,2,3\nx,\xFF\n3,4\n", options());
    assert_eq!(
        read.records(),
        [json!({"a":"1","b":"2"}), json!({"a":"3","b":"4"})]
    );
    assert_eq!(read.places(), [("E005", 3, 8), ("E005", 4, 10), ("E001", 5, 18)]);
    assert_eq!(
        unreadable(read.faults()[0].1),
        Some("the row has 1 cell, the header 2")
    );
    let read = Read::file("a.csv", b"a,b\n1,2\n3,\"open\n5,6\n7,8\n", options());
    assert_eq!(read.texts().len(), 1);
    assert_eq!(read.places(), [("E005", 3, 8)]);
    let spec = Options {
        max_record_bytes: 50,
        chunk_bytes: 20,
        ..options()
    };
    let long = format!("a,b\n1,2\n3,\"{}\"\n5,6\n", "word \n".repeat(40));
    let read = Read::file("a.csv", long.as_bytes(), spec);
    assert_eq!(
        read.records(),
        [json!({"a":"1","b":"2"}), json!({"a":"5","b":"6"})]
    );
    assert_eq!(read.places(), [("S014", 3, 8)]);
    assert_eq!(read.lines(), [2, 44]);
}

#[test]
fn a_cut_table_is_never_a_panic() {
    for end in 0..TABLE.len() {
        let read = Read::file("a.csv", &TABLE.as_bytes()[..end], options());
        let lost = read.faults().len();
        let kept = read.texts().len();
        // Inside quotes, in a row with too few cells, in a character: all are said.
        let rest = &TABLE.as_bytes()[14.min(end)..end];
        let first_row = rest.len() > 1 && rest.len() < 39;
        assert!(!first_row || kept + lost == 1, "cut at {end}");
        assert!(kept + lost <= 3);
    }
}

#[test]
fn names_of_columns() {
    let read = Read::file("a.csv", b",b\n0,1\n", options());
    assert_eq!(read.records(), [json!({"column_1":"0","b":"1"})]);
    let read = Read::file("a.csv", b"", options());
    assert_eq!((read.texts().len(), read.places()), (0, vec![]));
}

proptest! {
    /// What another writer quotes is read back, at any chunk size.
    #[test]
    fn tables_round_trip(
        rows in proptest::collection::vec(("[a-z\",\n\r ;ء-ي]{1,12}", "[a-z\"\n,]{1,8}"), 1..20),
        chunk in 1_usize..200,
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["a", "b"]).unwrap();
        for (a, b) in &rows {
            writer.write_record([a, b]).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let read = Read::file("a.csv", &bytes, Options { chunk_bytes: chunk, ..options() });
        let expected: Vec<Value> = rows.iter().map(|(a, b)| json!({"a": a, "b": b})).collect();
        prop_assert_eq!(read.records(), expected);
        prop_assert_eq!(read.places(), []);
        read.check_ways_back(&bytes);
        let whole = Read::file("a.csv", &bytes, options());
        prop_assert_eq!(whole.lines(), read.lines());
    }
}
