//! What a finding says: keys, order, positions, the same for any number of threads.

use crate::support::{Dir, OVERRIDE, good, line};

/// The keys of a finding in the order that scripts were promised.
const KEYS: [&str; 16] = [
    "code",
    "name",
    "severity",
    "path",
    "line",
    "column",
    "id",
    "field",
    "start",
    "end",
    "start_char",
    "end_char",
    "offset",
    "message",
    "fix",
    "fingerprint",
];

#[test]
fn json_and_json_lines_have_the_promised_keys_in_order() {
    let dir = Dir::with(&[("a.jsonl", &line("a-1", OVERRIDE))]);
    let lines = dir.run(&["lint", "a.jsonl", "-f", "json-lines"]).exits(1);
    let finding: serde_json::Value = serde_json::from_str(lines.out.trim_end()).expect("one line of JSON");
    let keys: Vec<&String> = finding.as_object().expect("an object").keys().collect();
    assert_eq!(keys, KEYS);
    let fix: Vec<&String> = finding["fix"].as_object().expect("a fix").keys().collect();
    assert_eq!(fix, ["safety", "title"]);
    let json = dir.run(&["lint", "a.jsonl", "-f", "json"]).json();
    assert_eq!(json["schema"], "corpus.findings/1");
    assert_eq!(json["findings"][0], finding, "both forms carry the same object");
    let outer: Vec<&String> = json.as_object().expect("an object").keys().collect();
    assert_eq!(outer, ["schema", "findings", "summary"]);
    let summary: Vec<&String> = json["summary"].as_object().expect("an object").keys().collect();
    let promised = [
        "records",
        "findings",
        "by_code",
        "fixable_safe",
        "fixable_unsafe",
        "suppressed",
        "baselined",
    ];
    assert_eq!(summary[..7], promised);
}

#[test]
fn positions_are_bytes_code_points_and_a_place_in_the_file() {
    // Escaped and raw characters in front: the file, the value and the code points disagree.
    let text = "{\"id\":\"x\",\"body\":\"سلام \\u0628\u{202e}abc\u{202c}\"}\n";
    let dir = Dir::with(&[("a.jsonl", &(good(1) + text))]);
    let json = dir
        .run(&["lint", "a.jsonl", "--select", "U009", "-f", "json"])
        .json();
    let finding = &json["findings"][0];
    let file = dir.read("a.jsonl");
    let offset = finding["offset"].as_u64().expect("an offset") as usize;
    assert!(file[offset..].starts_with('\u{202e}'));
    let column = finding["column"].as_u64().expect("a column") as usize;
    assert_eq!(text.chars().nth(column - 1), Some('\u{202e}'));
    let value = "سلام ب\u{202e}abc\u{202c}";
    let (start, end) = (
        finding["start"].as_u64().expect("start") as usize,
        finding["end"].as_u64().expect("end") as usize,
    );
    assert_eq!(&value[start..end], "\u{202e}");
    let chars = finding["start_char"].as_u64().expect("start_char") as usize;
    assert_eq!(value.chars().nth(chars), Some('\u{202e}'));
    assert_eq!(finding["end_char"], chars + 1);
    assert_eq!(
        (&finding["line"], &finding["field"]),
        (&2.into(), &"/body".into())
    );
}

#[test]
fn a_record_of_several_lines_shows_the_exact_line_to_people() {
    let text = "[\n  {\n    \"id\": \"x\",\n    \"body\": \"ab \\u202e\"\n  }\n]\n";
    let dir = Dir::with(&[("a.json", text)]);
    let json = dir
        .run(&["lint", "a.json", "--select", "U009", "-f", "json"])
        .json();
    assert_eq!(json["findings"][0]["line"], 2, "where the record starts");
    assert_eq!(json["findings"][0]["column"], serde_json::Value::Null);
    let people = dir.run(&["lint", "a.json", "--select", "U009", "-f", "concise"]);
    assert!(people.out.starts_with("a.json:4:17: U009"), "{people:?}");
}

#[test]
fn whole_record_and_whole_file_findings_have_nulls() {
    let dir = Dir::with(&[("a.jsonl", "{\"id\":\"a\",\"body\":\n")]);
    let json = dir.run(&["lint", "a.jsonl", "-f", "json"]).exits(1).json();
    let finding = &json["findings"][0];
    assert_eq!((&finding["code"], &finding["line"]), (&"S001".into(), &1.into()));
    for key in ["id", "field", "start", "end", "start_char", "end_char", "fix"] {
        assert_eq!(finding[key], serde_json::Value::Null, "{key}");
    }
}

fn many() -> Dir {
    let dir = Dir::new();
    for file in 0..3 {
        let mut text = String::new();
        for number in 0..1500 {
            match number % 5 {
                0 => text.push_str(&line(
                    &format!("{file}-{number}"),
                    &format!("{OVERRIDE} \u{200b} {OVERRIDE}"),
                )),
                1 => text.push_str("{\"broken\": \n"),
                2 => text
                    .push_str("{\"id\":\"crlf\",\"body\":\"Same text in every file, again and again.\"}\r\n"),
                _ => text.push_str(&good(number)),
            }
        }
        dir.write(&format!("f{file}.jsonl"), text.as_bytes());
    }
    dir
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let dir = many();
    let one = dir.run(&["lint", ".", "-f", "json", "-j", "1"]).exits(1);
    for jobs in ["2", "8"] {
        let more = dir.run(&["lint", ".", "-f", "json", "-j", jobs]).exits(1);
        assert!(one.out == more.out, "-j {jobs} differs from -j 1");
    }
    let env = dir
        .run_env(&["lint", ".", "-f", "json"], &[("CORPUS_JOBS", "3")])
        .exits(1);
    assert!(one.out == env.out);
    dir.run_env(&["lint", "."], &[("CORPUS_JOBS", "many")])
        .exits(2)
        .says("many");
    // The order of the arguments is no order of the files.
    let named = dir
        .run(&["lint", "f2.jsonl", "f0.jsonl", "f1.jsonl", "-f", "json"])
        .exits(1);
    assert!(one.out == named.out);
}

#[test]
fn findings_come_by_path_line_start_field_code_message() {
    let json = many().run(&["lint", ".", "-f", "json"]).json();
    let findings = json["findings"].as_array().expect("findings");
    assert!(findings.len() > 3000);
    let corpus_rule = |f: &serde_json::Value| f["code"].as_str().is_some_and(|code| code.starts_with('D'));
    let key = |f: &serde_json::Value| {
        let text = |name: &str| f[name].as_str().unwrap_or_default().to_owned();
        (
            corpus_rule(f),
            text("path"),
            f["line"].as_u64(),
            f["start"].as_u64(),
            text("field"),
            text("code"),
            text("message"),
        )
    };
    for pair in findings.windows(2) {
        assert!(key(&pair[0]) <= key(&pair[1]), "{} before {}", pair[0], pair[1]);
    }
    assert!(findings.iter().any(corpus_rule));
}

#[test]
fn text_files_have_lines_and_columns() {
    let dir = Dir::with(&[
        ("a.txt", "First line.\n\nThe fog\u{200b} lifts.\n"),
        ("b.txt", "\n\n  \u{200b}x is here.\n"),
        ("c.md", "---\ntitle: A title\n---\nOne line.\nسطر\u{200b} آخر\n"),
    ]);
    for (name, line, column) in [("a.txt", 3, 8), ("b.txt", 3, 3), ("c.md", 5, 4)] {
        let run = dir.run(&["lint", name, "--select", "U008", "-f", "concise"]);
        let place = format!("{name}:{line}:{column}: ");
        assert!(run.out.starts_with(&place), "{place} is not where {} is", run.out);
    }
    // The first line of the record is the line that `json` gives, with its column.
    let dir = Dir::with(&[("d.txt", "The fog\u{200b} lifts.\n")]);
    let json = dir
        .run(&["lint", "d.txt", "--select", "U008", "-f", "json"])
        .json();
    assert_eq!(json["findings"][0]["line"], 1);
    assert_eq!(json["findings"][0]["column"], 8);
}

#[test]
fn a_licence_that_nobody_names_is_asked_for_once_in_a_file() {
    let lines: String = (0..5).map(good).collect();
    let dir = Dir::with(&[
        ("a.jsonl", &lines),
        ("b.jsonl", &lines),
        ("corpus.toml", "name = \"x\"\n"),
    ]);
    let run = dir
        .run(&["lint", "a.jsonl", "b.jsonl", "--select", "L001", "-f", "json"])
        .exits(1);
    assert_eq!(run.codes(), ["L001", "L001"]);
}
