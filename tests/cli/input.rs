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
            b"A calm sentence, long enough to be an article: the harbour office counted its boats and found them all.\n",
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

#[test]
fn the_field_that_was_taken_for_the_article_is_named_once() {
    let other = "{\"id\":\"t-1\",\"text\":\"The ferry left on time and came back late.\"}\n";
    let dir = Dir::with(&[("a.jsonl", &(good(1) + &good(2) + other))]);
    for jobs in ["1", "2"] {
        let run = dir.run(&["lint", "a.jsonl", "-v", "-j", jobs]).exits(0);
        assert_eq!(run.err.matches("`body` was taken").count(), 1, "{run:?}");
        assert_eq!(run.err.matches("`text` was taken").count(), 1, "{run:?}");
        assert!(!run.err.contains("`content`"), "{run:?}");
    }
    for command in ["dedup", "stats"] {
        dir.run(&[command, "a.jsonl", "-v"])
            .exits(0)
            .says("`text` was taken");
    }
    for quiet in [
        &["lint", "a.jsonl"][..],
        &["lint", "a.jsonl", "-v", "--field", "/body"],
    ] {
        let run = dir.run(quiet).exits(0);
        assert!(!run.err.contains("was taken"), "{run:?}");
    }
    dir.write("corpus.toml", b"name = \"x\"\n[fields]\ntext = \"body\"\n");
    let declared = dir.run(&["lint", "a.jsonl", "-v"]);
    assert!(!declared.err.contains("was taken"), "{declared:?}");
}

#[test]
fn a_sample_is_the_same_records_every_time() {
    let lines: Vec<String> = (0..200)
        .map(|n| {
            line(
                &format!("s-{n}"),
                &format!("Hello \u{202e}bad\u{202c} world number {n}"),
            )
        })
        .collect();
    let backwards: String = lines.iter().rev().map(String::as_str).collect();
    let dir = Dir::with(&[("a.jsonl", &lines.concat()), ("b.jsonl", &backwards)]);
    let ids = |args: &[&str]| {
        let mut all = vec!["lint", "--select", "U009,D002", "-f", "json"];
        all.extend(args);
        let json = dir.run(&all).exits(1).json();
        let mut ids: Vec<String> = json["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|finding| finding["id"].to_string())
            .collect();
        assert_eq!(json["summary"]["records"], ids.len());
        ids.sort();
        ids
    };
    let ten = ids(&["a.jsonl", "--sample", "10"]);
    assert_eq!(ten.len(), 10);
    assert_eq!(ids(&["a.jsonl", "--sample", "10", "-j", "1"]), ten);
    assert_eq!(ids(&["b.jsonl", "--sample", "10"]), ten);
    let thirty = ids(&["a.jsonl", "--sample", "30"]);
    assert!(
        ten.iter().all(|id| thirty.contains(id)),
        "a larger sample holds the smaller"
    );
    assert_eq!(ids(&["a.jsonl", "--sample", "1000"]).len(), 200);
    // Every record is there twice: the copies of one are chosen one by one.
    assert_eq!(ids(&["a.jsonl", "b.jsonl", "--sample", "11"]).len(), 11);
    dir.run(&["lint", "a.jsonl", "--sample", "10"])
        .exits(1)
        .says("checked 10 of 200 records");
    dir.run(&["lint", "a.jsonl", "--sample", "10", "-v"])
        .exits(1)
        .says("D001, D002");
}

#[test]
fn a_sample_decides_nothing_about_the_rest() {
    let dir = Dir::new();
    let mut bytes = (good(1) + &good(2)).into_bytes();
    bytes.extend(b"{\"id\":\"x\",\"body\":\"caf\xe9\"}\n");
    dir.write("a.jsonl", &bytes);
    // What reading itself finds costs nothing more and is said of every line.
    let run = dir
        .run(&[
            "lint", "a.jsonl", "--select", "E,S", "--sample", "1", "-f", "json",
        ])
        .exits(1);
    assert_eq!(run.codes(), ["E001"]);
    assert_eq!(run.json()["summary"]["records"], 2);
    for refused in [&["--fix"][..], &["--fix-only"], &["--write-baseline"]] {
        let mut args = vec!["lint", "a.jsonl", "--sample", "1"];
        args.extend(refused);
        dir.run(&args).exits(2).says("cannot be used with");
    }
    dir.run(&["lint", "a.jsonl", "--sample", "0"]).exits(2);
    dir.pipe(&["lint", "-", "--sample", "3"], good(1).as_bytes())
        .exits(2)
        .says("cannot be sampled");
}

#[test]
fn nothing_is_kept_between_runs() {
    let dir = Dir::with(&[("a.jsonl", &good(1))]);
    let before = dir.names();
    dir.run(&["lint", "a.jsonl", "--no-cache"]).exits(0);
    assert_eq!(dir.names(), before);
    dir.run(&["lint", "a.jsonl", "--cache-dir", "cache"])
        .exits(0)
        .says("keeps nothing between runs");
    assert_eq!(dir.names(), before);
}
