//! What rules about people find is never told: not in any format, not in a log, not as a hash.

use crate::support::{Dir, FORMATS, Run};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use std::fmt::Write as _;

/// One value of each kind, as it stands in the text.
const VALUES: [&str; 9] = [
    "kim.lee@post.test",
    "+٢٠١٠٠٧٧٧٨٨٩٩",
    "+44 131 496 0789",
    "5500 0000 0000 0004",
    "FR1420041010050500013M02606",
    "1087650006",
    "AKIAJ7QWERTZUIOP2345",
    "185.9.9.10",
    "00:16:3e:aa:bb:c5",
];

/// Each value in a sentence, and in lines that other rules report, with what they find inside and
/// beside it.
fn record(with_id: bool) -> String {
    let mut body = String::new();
    for value in VALUES {
        let _ = write!(
            body,
            "هاتف {value}\u{a0}و\u{200b}رقم الهوية {value}.\n© 2024 رقم الهوية {value} All rights reserved\nRead more رقم الهوية {value}\n\u{202e}رقم الهوية {value}\n"
        );
    }
    let mut record =
        serde_json::json!({"title": "write to kim.lee@post.test\u{200b}", "language": "ar", "body": body});
    if with_id {
        record["id"] = "a".into();
    }
    format!("{record}\n")
}

/// Nothing of this text is a private value.
#[track_caller]
fn is_clean(what: &str, text: &str) {
    for value in VALUES {
        assert!(!text.contains(value), "{what} shows {value}");
        // Nor cut, nor as it is escaped.
        let escaped = serde_json::to_string(value).unwrap();
        assert!(!text.contains(escaped.trim_matches('"')), "{what} shows {value}");
        let half: String = value.chars().take(value.chars().count() * 2 / 3).collect();
        assert!(!text.contains(&half), "{what} shows {half}");
    }
}

fn both(run: &Run) -> String {
    format!("{}{}", run.out, run.err)
}

#[test]
fn no_format_shows_what_was_found() {
    for with_id in [true, false] {
        let dir = Dir::with(&[("a.jsonl", &record(with_id))]);
        for format in FORMATS {
            let args = [
                "lint",
                "a.jsonl",
                "--preview",
                "--select",
                "ALL",
                "-f",
                format,
                "-o",
                "out",
            ];
            let run = dir.run(&args).exits(1);
            is_clean(format, &both(&run));
            let bytes = std::fs::read(dir.path("out")).unwrap();
            let text = match format {
                "parquet" => {
                    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
                    let rows = reader.get_row_iter(None).unwrap();
                    rows.map(|row| row.unwrap().to_string())
                        .collect::<Vec<_>>()
                        .join("\n")
                }
                _ => String::from_utf8(bytes).unwrap(),
            };
            // Some formats show only the first findings.
            for code in ["P001", "P002", "P003", "P004", "P005", "P006"] {
                let all = matches!(format, "json" | "sarif" | "parquet" | "html");
                assert!(!all || text.contains(code), "{format} has no {code}");
            }
            is_clean(format, &text);
        }
        let run = dir.run(&["lint", "a.jsonl", "--preview", "--select", "ALL", "--statistics"]);
        is_clean("--statistics", &both(&run));
        dir.run(&[
            "lint",
            "a.jsonl",
            "--preview",
            "--select",
            "ALL",
            "--write-baseline",
            "--baseline",
            "known.json",
        ]);
        is_clean("the baseline", &dir.read("known.json"));
    }
}

#[test]
fn no_log_of_fixes_shows_what_was_found() {
    let dir = Dir::with(&[("a.jsonl", &record(true))]);
    let all = [
        "lint",
        "a.jsonl",
        "--preview",
        "--select",
        "ALL",
        "--unsafe-fixes",
    ];
    is_clean("--diff", &both(&dir.run(&[&all[..], &["--diff"]].concat())));
    let run = dir.run(&[&all[..], &["--fix", "--show-fixes", "-f", "json"]].concat());
    is_clean("--show-fixes", &both(&run));
    is_clean("the fixed file", &dir.read("a.jsonl"));
}

#[test]
fn a_fingerprint_does_not_depend_on_the_value() {
    let dir = Dir::new();
    let mut seen = Vec::new();
    for address in ["a.person@mail.test", "b.person@mail.test"] {
        let record = format!(
            "{}\n",
            serde_json::json!({"body": format!("Write to {address} now.")})
        );
        dir.write("a.jsonl", record.as_bytes());
        let json = dir
            .run(&["lint", "a.jsonl", "--select", "P001", "-f", "json"])
            .json();
        seen.push(json["findings"][0]["fingerprint"].clone());
    }
    assert!(seen[0].is_string());
    assert_eq!(seen[0], seen[1]);
}
