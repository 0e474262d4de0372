//! Every output format: golden outputs of a fixed list of findings, hostile ones among them, and
//! properties over arbitrary ones.
//!
//! `CORPUS_BLESS=1` rewrites the golden files. `CORPUS_SARIF_SCHEMA` names a copy of the SARIF 2.1.0
//! schema (sarif-schema-2.1.0.json of oasis-tcs/sarif-spec), `CORPUS_JUNIT_XSD` a `JUnit` schema (then
//! `xmllint` must be there); where they are set, the outputs are validated.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod browser;
mod fixtures;
mod properties;
mod xml;

use corpus::finding::{Finding, Severity, Summary};
use corpus::report::{Format, Options, sink};
use fixtures::{PAYLOADS, base, findings, options, render, render_with};
use serde_json::Value;
use std::io::{self, Write};
use std::path::PathBuf;
use xml::read_xml;

fn check_golden(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/report")
        .join(name);
    if std::env::var_os("CORPUS_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let path = path.display();
    assert!(
        expected == actual,
        "{path} differs; CORPUS_BLESS=1 rewrites it. Actual:\n{actual}"
    );
}

#[test]
fn golden_outputs() {
    for format in Format::ALL {
        if !format.is_binary() {
            check_golden(&format!("{format}.out"), &render(format, &findings()));
            check_golden(&format!("{format}.clean.out"), &render(format, &[]));
        }
    }
    for (format, name) in [
        (Format::Full, "statistics.out"),
        (Format::Json, "statistics.json.out"),
    ] {
        let statistics = Options {
            show_statistics: true,
            ..options()
        };
        let out = render_with(format, statistics, &findings());
        check_golden(name, &String::from_utf8(out).unwrap());
    }
}

#[test]
fn json_has_the_documented_keys_in_order() {
    let text = render(Format::JsonLines, &findings());
    assert_eq!(
        text.lines().nth(1).unwrap(),
        concat!(
            r#"{"code":"U009","name":"bidi-override","severity":"error","path":"articles/a.jsonl","line":12,"#,
            r#""column":71,"id":"a-12","field":"/body","start":120,"end":123,"start_char":70,"end_char":71,"#,
            r#""offset":20608,"message":"U+202E changes the display order of \"123 dinars\"","#,
            r#""fix":{"safety":"safe","title":"remove the control"},"fingerprint":"0123456789abcdef"}"#
        )
    );
}

#[test]
fn json_wraps_the_lines_of_json_lines() {
    let document: Value = serde_json::from_str(&render(Format::Json, &findings())).unwrap();
    let text = render(Format::JsonLines, &findings());
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(document["schema"], "corpus.findings/1");
    assert_eq!(document["findings"], Value::Array(lines.clone()));
    let summary = document["summary"].as_object().unwrap();
    assert_eq!(summary["findings"], lines.len());
    let keys: Vec<&str> = summary.keys().take(7).map(String::as_str).collect();
    assert_eq!(
        keys.join(" "),
        "records findings by_code fixable_safe fixable_unsafe suppressed baselined"
    );
    // Values are the data, unchanged.
    let messages: Vec<&str> = lines
        .iter()
        .map(|line| line["message"].as_str().unwrap())
        .collect();
    for payload in PAYLOADS {
        assert!(messages.contains(&payload), "{payload:?}");
    }
}

#[test]
fn caps_touch_screens_only() {
    let all = findings();
    for format in Format::ALL {
        let capped = Options {
            max_findings: Some(2),
            ..options()
        };
        let text = render_with(format, capped, &all);
        let is_screen = format.is_human() || matches!(format, Format::Azure | Format::Markdown);
        assert_eq!(
            text != render_with(format, options(), &all),
            is_screen,
            "{format}"
        );
        if format.is_human() {
            let text = String::from_utf8(text).unwrap();
            assert!(text.contains("20 more findings not shown"), "{text}");
            assert!(
                text.contains("Found 19 errors, 2 warnings, 1 note in 120 records"),
                "{text}"
            );
        }
    }
}

#[test]
fn github_annotates_ten_of_each_kind() {
    let mut all = Vec::new();
    for severity in [Severity::Warning, Severity::Error, Severity::Info] {
        all.extend((0..12).map(|_| base("U009", "bidi-override", severity, "a", "m")));
    }
    let text = render(Format::Github, &all);
    let lines = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(
        (lines("::error "), lines("::warning "), lines("::notice ")),
        (10, 10, 1)
    );
    assert!(text.contains("Not shown as annotations: 2 errors, 2 warnings, 12 notes."));
}

#[test]
fn sarif_and_gitlab_keep_the_worst() {
    let mut all: Vec<Finding> = (0..5_010)
        .map(|n| Finding {
            line: Some(n + 1),
            ..base("A007", "tatweel", Severity::Warning, "a", "m")
        })
        .collect();
    all.push(base("U009", "bidi-override", Severity::Error, "z", "m"));
    let sarif: Value = serde_json::from_str(&render(Format::Sarif, &all)).unwrap();
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5_000);
    assert_eq!(results[4_999]["ruleId"], "U009");
    assert_eq!(run["properties"]["omitted"], 11);
    assert_eq!(run["properties"]["summary"]["findings"], 5_011);
    let gitlab: Value = serde_json::from_str(&render(Format::Gitlab, &all)).unwrap();
    let issues = gitlab.as_array().unwrap();
    assert_eq!(issues.len(), 5_000);
    let note = issues[4_999]["description"].as_str().unwrap();
    assert!(note.starts_with("12 more findings"), "{note}");
    assert_eq!(issues[4_998]["severity"], "major");
}

#[test]
fn sarif_marks_suppressed_results_and_validates() {
    let text = render(Format::Sarif, &findings());
    let sarif: Value = serde_json::from_str(&text).unwrap();
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    let suppressed: Vec<&Value> = results.iter().filter(|r| !r["suppressions"].is_null()).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(
        suppressed[0]["suppressions"][0]["justification"],
        "checked by hand"
    );
    for result in results {
        let artifact = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        let uri = artifact["uri"].as_str().unwrap();
        assert!(
            uri.bytes()
                .all(|b| b.is_ascii_graphic() && !b"<>\"{}|\\^`:".contains(&b)),
            "{uri}"
        );
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    let Some(path) = std::env::var_os("CORPUS_SARIF_SCHEMA") else {
        return;
    };
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for text in [text, render(Format::Sarif, &[])] {
        let instance: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator.iter_errors(&instance).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

fn number(tag: &str, name: &str) -> usize {
    let value = tag.split_once(&format!(" {name}=\"")).unwrap().1;
    value.split_once('"').unwrap().0.parse().unwrap()
}

fn check_junit(text: &str) {
    let tags = read_xml(text);
    assert_eq!(tags[0], (0, "testsuites".to_owned()));
    let (mut tests, mut failures, mut suites) = (0, 0, 0);
    for (depth, tag) in &tags {
        match tag.split(' ').next().unwrap() {
            "testsuite" => {
                assert_eq!((*depth, number(tag, "id")), (1, suites));
                assert!((1..=1_000).contains(&number(tag, "tests")));
                assert_eq!((tests, failures), (0, 0), "a suite counts its cases");
                suites += 1;
                tests = number(tag, "tests");
                failures = number(tag, "failures");
            }
            "testcase" => tests -= 1,
            "failure" => failures -= 1,
            _ => {}
        }
    }
    assert_eq!((tests, failures), (0, 0), "a suite counts its cases");
    if let Some(xsd) = std::env::var_os("CORPUS_JUNIT_XSD") {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut lint = std::process::Command::new("xmllint");
        let lint = lint.arg("--noout").arg("--schema").arg(xsd).arg(file.path());
        assert!(lint.status().unwrap().success());
    }
}

#[test]
fn junit_is_well_formed_and_counts() {
    let mut all = findings();
    all.extend((0..2_500).map(|n| Finding {
        line: Some(n + 1),
        ..base("A007", "tatweel", Severity::Warning, "z/long.jsonl", "m")
    }));
    check_junit(&render(Format::Junit, &all));
    check_junit(&render(Format::Junit, &[]));
}

#[test]
fn html_runs_and_fetches_nothing() {
    let text = render(Format::Html, &findings());
    assert!(text.contains("default-src 'none'; style-src 'sha256-"));
    let body = text.split_once("</head>").unwrap().1;
    let tags: std::collections::BTreeSet<&str> = body
        .match_indices('<')
        .map(|(at, _)| body[at + 1..].split(['>', ' ']).next().unwrap())
        .filter(|tag| !tag.starts_with('/'))
        .collect();
    let known = "b bdi body br h1 h2 header main mark p section table tbody td th thead tr";
    assert_eq!(tags.into_iter().collect::<Vec<_>>().join(" "), known);
    for tag in body.split('<').map(|piece| piece.split('>').next().unwrap()) {
        let attributes = tag.split_once(' ').map_or("", |(_, attributes)| attributes);
        let allowed = ["", "scope=\"col\"", "dir=\"auto\"", "class=\"fix\""];
        let class = attributes.starts_with("class=\"") && attributes.matches('=').count() <= 2;
        assert!(allowed.contains(&attributes) || class, "{tag}");
    }
}

fn cell(column: &arrow_array::ArrayRef, row: usize) -> Value {
    use arrow_array::cast::AsArray;
    use arrow_array::{Array, types::Int64Type};
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        arrow_schema::DataType::Utf8 => column.as_string::<i32>().value(row).into(),
        arrow_schema::DataType::Int64 => column.as_primitive::<Int64Type>().value(row).into(),
        other => panic!("{other} is no plain type"),
    }
}

#[test]
fn parquet_holds_what_json_holds() {
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    for list in [findings(), Vec::new()] {
        let bytes = render_with(Format::Parquet, options(), &list);
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).unwrap();
        let mut rows = Vec::new();
        for batch in reader.build().unwrap().map(Result::unwrap) {
            let schema = batch.schema();
            for row in 0..batch.num_rows() {
                let columns = schema.fields().iter().zip(batch.columns());
                let object = columns.map(|(field, column)| (field.name().clone(), cell(column, row)));
                rows.push(object.collect::<serde_json::Map<_, _>>());
            }
        }
        let text = render(Format::JsonLines, &list);
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(rows.len(), lines.len());
        for (row, line) in rows.iter().zip(&lines) {
            for (key, value) in line.as_object().unwrap() {
                if key == "fix" {
                    assert_eq!(row["fix_safety"], value["safety"]);
                    assert_eq!(row["fix_title"], value["title"]);
                } else {
                    assert_eq!(&row[key], value, "{key}");
                }
            }
        }
    }
}

struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_told() {
    for format in Format::ALL {
        let mut sink = sink(format, Box::new(Closed), options());
        let result: io::Result<()> = findings().iter().try_for_each(|finding| sink.finding(finding));
        let error = result
            .and_then(|()| sink.finish(&Summary::default()))
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe, "{format}");
    }
}
