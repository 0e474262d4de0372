//! What is read: standard input, formats, schemas, fields, revisions.

use crate::support::{Dir, OVERRIDE, good, line};

#[test]
fn standard_input_in_every_text_format() {
    let dir = Dir::new();
    let csv = format!("id,body\na,\"{OVERRIDE}\"\n");
    let tsv = format!("id\tbody\na\t{OVERRIDE}\n");
    let json = format!("[{}]", line("a", OVERRIDE).trim_end());
    for (format, text) in [
        ("jsonl", line("a", OVERRIDE)),
        ("ndjson", line("a", OVERRIDE)),
        ("json", json),
        ("text", OVERRIDE.to_owned()),
        ("markdown", format!("---\nid: a\n---\n{OVERRIDE}\n")),
        ("csv", csv),
        ("tsv", tsv),
    ] {
        let args = [
            "lint",
            "-",
            "--stdin-format",
            format,
            "--select",
            "U009",
            "-f",
            "json",
        ];
        let run = dir.pipe(&args, text.as_bytes()).exits(1);
        assert_eq!(run.codes(), ["U009"], "{format}");
        assert_eq!(run.json()["findings"][0]["path"], "-");
    }
    let guessed = dir
        .pipe(&["lint", "-", "-f", "json"], line("a", OVERRIDE).as_bytes())
        .exits(1);
    assert_eq!(guessed.codes(), ["U009"]);
    dir.pipe(&["lint", "-", "--stdin-format", "yaml"], b"")
        .exits(2)
        .says("yaml");
}

#[test]
fn plain_text_from_standard_input_is_no_null_word() {
    let dir = Dir::new();
    let run = dir
        .pipe(
            &["lint", "-", "--stdin-format", "text", "-f", "json"],
            b"A calm sentence.\n",
        )
        .exits(0);
    assert!(run.codes().is_empty(), "{run:?}");
}

#[test]
fn values_that_are_no_objects_need_a_schema() {
    let dir = Dir::with(&[
        ("a.jsonl", "3\n\"word\"\n"),
        ("s.json", "{\"type\": [\"integer\", \"string\"]}"),
        ("i.json", "{\"type\": \"integer\"}"),
    ]);
    let bare = dir.run(&["lint", "a.jsonl", "-f", "json"]).exits(0);
    assert_eq!(bare.codes(), ["S006", "S006"]);
    assert_eq!(bare.json()["findings"][0]["severity"], "warning");
    let fits = dir
        .run(&["lint", "a.jsonl", "--schema", "s.json", "-f", "json"])
        .exits(0);
    assert!(fits.codes().is_empty(), "{fits:?}");
    let wrong = dir
        .run(&["lint", "a.jsonl", "--schema", "i.json", "-f", "json"])
        .exits(1);
    assert_eq!(wrong.codes(), ["S006"]);
    assert_eq!(wrong.json()["findings"][0]["line"], 2);
}

#[test]
fn json_files_hold_one_object_or_an_array() {
    let record = line("a", OVERRIDE);
    let dir = Dir::with(&[
        ("one.json", &record),
        ("many.json", &format!("[{},{}]", record.trim(), good(1).trim())),
    ]);
    assert_eq!(
        dir.run(&["lint", "one.json", "-f", "json"]).json()["summary"]["records"],
        1
    );
    let many = dir.run(&["lint", "many.json", "-f", "json"]);
    assert_eq!(many.json()["summary"]["records"], 2);
    assert_eq!(many.codes(), ["U009"]);
}

#[test]
fn a_schema_error_points_at_its_value() {
    let dir = Dir::with(&[
        (
            "a.jsonl",
            "{\"id\":\"a\",\"body\":\"Fine.\",\"n\":{\"m\":[1,\"x\"]}}\n",
        ),
        (
            "s.json",
            "{\"required\":[\"url\"],\"properties\":{\"n\":{\"properties\":{\"m\":{\"items\":{\"type\":\"integer\"}}}}}}",
        ),
    ]);
    let json = dir
        .run(&[
            "lint",
            "a.jsonl",
            "--schema",
            "s.json",
            "--select",
            "S005,S006",
            "-f",
            "json",
        ])
        .exits(1)
        .json();
    let findings = json["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 2);
    let wrong = findings
        .iter()
        .find(|f| f["code"] == "S006")
        .expect("a type error");
    assert_eq!(wrong["field"], "/n/m/1");
    let offset = wrong["offset"].as_u64().expect("an offset") as usize;
    assert!(dir.read("a.jsonl")[offset..].starts_with("\"x\""));
}

#[test]
fn field_names_the_article() {
    // An empty article is S008; an empty remark is not.
    let dir = Dir::with(&[(
        "a.jsonl",
        "{\"id\":\"a\",\"remark\":\"\",\"story\":\"A calm sentence.\"}\n",
    )]);
    let dir_codes = |field: &str| {
        dir.run(&[
            "lint", "a.jsonl", "--field", field, "--select", "S008", "-f", "json",
        ])
        .codes()
    };
    assert!(dir_codes("/story").is_empty());
    assert_eq!(dir_codes("/remark"), ["S008"]);
    assert_eq!(dir_codes("remark"), ["S008"]);
}

#[test]
fn since_checks_only_what_changed() {
    let dir = Dir::with(&[("old.jsonl", &line("o", OVERRIDE)), ("touched.jsonl", &good(1))]);
    dir.commit_all();
    let none = dir.run(&["lint", ".", "--since", "HEAD"]).exits(0);
    assert!(!none.out.contains("U009"));
    dir.write("touched.jsonl", line("t", OVERRIDE).as_bytes());
    dir.write("new.jsonl", line("n", OVERRIDE).as_bytes());
    let run = dir.run(&["lint", ".", "--since", "HEAD", "-f", "json"]).exits(1);
    let json = run.json();
    let paths: Vec<&str> = json["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|f| f["path"].as_str())
        .collect();
    assert_eq!(paths, ["new.jsonl", "touched.jsonl"]);
    dir.run(&["lint", ".", "--since", "nonsense"])
        .exits(2)
        .says("nonsense");
    dir.run(&["lint", ".", "--since", "--output=x"]).exits(2);
}

#[test]
fn directories_are_walked_and_gitignore_is_heard() {
    let dir = Dir::with(&[
        ("d/a.jsonl", &line("a", OVERRIDE)),
        ("d/skip.jsonl", &line("s", OVERRIDE)),
        ("d/.gitignore", "skip.jsonl\n"),
    ]);
    dir.git(&["init", "--quiet"]);
    assert_eq!(dir.run(&["lint", "d", "-f", "json"]).codes(), ["U009"]);
    assert_eq!(
        dir.run(&["lint", "d/skip.jsonl", "-f", "json"]).codes(),
        ["U009"],
        "a named file is read"
    );
}

#[test]
fn faults_do_not_end_the_run() {
    let mut bytes = b"{\"id\":\"a\",\"body\":\"caf\xe9\"}\n{\"id\":\n".to_vec();
    bytes.extend(line("z", OVERRIDE).as_bytes());
    let dir = Dir::new();
    dir.write("a.jsonl", &bytes);
    let run = dir
        .run(&[
            "lint",
            "a.jsonl",
            "--config",
            "input = [{ include = [\"*.jsonl\"], encoding = \"utf-8\" }]",
            "-f",
            "json",
        ])
        .exits(1);
    let codes = run.codes();
    assert!(
        codes.contains(&"S001".to_owned()) && codes.contains(&"U009".to_owned()),
        "{codes:?}"
    );
    assert_eq!(run.json()["summary"]["records"], 3);
}

#[test]
fn a_line_that_is_no_json_can_be_looked_at() {
    let dir = Dir::with(&[("a.jsonl", &(good(1) + "{\"id\":\"half\",\"body\":\"a\u{202e}\n"))]);
    let run = dir.run(&["show", "a.jsonl:2"]).exits(0);
    assert!(
        run.out.contains("half") && run.out.contains("S001") && run.out.contains("a.jsonl:2:"),
        "{run:?}"
    );
    assert!(!run.out.contains('\u{202e}'));
    dir.run(&["show", "a.jsonl:3"])
        .exits(2)
        .says("no record stands on line 3");
}
