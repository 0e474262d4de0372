//! Every output format: golden outputs of a fixed list of findings, hostile ones among them, and
//! properties over arbitrary ones.
//!
//! `CORPUS_BLESS=1` rewrites the golden files. `CORPUS_SARIF_SCHEMA` names a copy of the SARIF 2.1.0
//! schema (sarif-schema-2.1.0.json of oasis-tcs/sarif-spec), `CORPUS_JUNIT_XSD` a `JUnit` schema (then
//! `xmllint` must be there); where they are set, the outputs are validated.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use corpus::finding::{Change, Edit, Excerpt, Finding, Fix, Safety, Severity, Summary};
use corpus::record::Span;
use corpus::report::{Format, Options, RuleInfo, escape, sink, styles};
use proptest::prelude::*;
use serde_json::Value;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// A file that a test can look into.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn totals(findings: &[Finding]) -> Summary {
    let mut summary = Summary {
        files: 3,
        records: 120,
        ..Summary::default()
    };
    for finding in findings {
        if finding.suppressed.is_some() {
            summary.suppressed += 1;
            continue;
        }
        summary.findings += 1;
        *summary.by_code.entry(finding.code.to_owned()).or_default() += 1;
        *summary
            .by_severity
            .entry(finding.severity.to_string())
            .or_default() += 1;
        match finding.fix.as_ref().map(|fix| fix.safety) {
            Some(Safety::Safe) => summary.fixable_safe += 1,
            Some(Safety::Unsafe) => summary.fixable_unsafe += 1,
            _ => {}
        }
    }
    summary
}

fn rules() -> Vec<RuleInfo> {
    use Severity::{Error, Warning};
    [
        (
            "A007",
            "tatweel",
            Warning,
            Some(Safety::Safe),
            "A letter is stretched with U+0640.",
        ),
        (
            "B001",
            "share-widget",
            Warning,
            Some(Safety::Unsafe),
            "A line invites to share.",
        ),
        (
            "D001",
            "exact-duplicate",
            Warning,
            None,
            "Two records hold the same text.",
        ),
        ("E001", "not-utf8", Error, None, "Bytes are no UTF-8."),
        (
            "S001",
            "schema",
            Error,
            None,
            "The record does not fit its schema.",
        ),
        (
            "U009",
            "bidi-override",
            Error,
            Some(Safety::Safe),
            "An override reorders text.",
        ),
    ]
    .into_iter()
    .map(|(code, name, severity, fix, summary)| RuleInfo {
        code,
        name,
        severity,
        fix,
        summary: summary.to_owned(),
        help_markdown: format!("# {name}\n\n{summary}\n"),
    })
    .collect()
}

fn options() -> Options {
    Options {
        rules: rules(),
        version: "0.0.0".to_owned(),
        show_fixes: true,
        ..Options::default()
    }
}

fn render_with(format: Format, options: Options, findings: &[Finding]) -> Vec<u8> {
    let out = Shared::default();
    let mut sink = sink(format, Box::new(out.clone()), options);
    for finding in findings {
        sink.finding(finding).unwrap();
    }
    sink.finish(&totals(findings)).unwrap();
    drop(sink);
    Arc::try_unwrap(out.0).unwrap().into_inner().unwrap()
}

fn render(format: Format, findings: &[Finding]) -> String {
    String::from_utf8(render_with(format, options(), findings)).unwrap()
}

fn excerpt(before: &str, piece: &str, after: &str) -> Option<Excerpt> {
    Some(Excerpt {
        text: format!("{before}{piece}{after}").into(),
        span: Span::new(before.len(), before.len() + piece.len()),
        cut_before: true,
        cut_after: true,
        field_line: 1,
    })
}

fn base(code: &'static str, name: &'static str, severity: Severity, path: &str, message: &str) -> Finding {
    Finding {
        code,
        name,
        severity,
        path: path.into(),
        line: None,
        column: None,
        place: None,
        id: None,
        field: None,
        span: None,
        chars: None,
        offset: None,
        message: message.into(),
        fix: None,
        fingerprint: 0x0123_4567_89ab_cdef,
        excerpt: None,
        suppressed: None,
    }
}

fn edit(start: usize, end: usize, text: &str) -> Change {
    Change::Edits(vec![Edit {
        span: Span::new(start, end),
        text: text.to_owned(),
    }])
}

fn fix(safety: Safety, title: &'static str, change: Change) -> Option<Fix> {
    Some(Fix {
        safety,
        title: title.into(),
        change,
    })
}

const WIDGET: &str = "شارك المقال مع أصدقائك";

/// Real shapes first, then hostile ones.
fn findings() -> Vec<Finding> {
    use Severity::{Error, Info, Warning};
    let a = "articles/a.jsonl";
    let b = "articles/b.jsonl";
    let broken = "byte 0xff at offset 20488 is no UTF-8; the line is skipped";
    let order = "U+202E changes the display order of \"123 dinars\"";
    let stretched = "\"مــدير\" is stretched with U+0640, 2 times";
    let share = format!("the line \"{WIDGET}\" invites to share");
    let mut all = vec![
        Finding {
            line: Some(9),
            column: Some(14),
            offset: Some(20_488),
            ..base("E001", "not-utf8", Error, a, broken)
        },
        Finding {
            line: Some(12),
            column: Some(71),
            id: Some("a-12".into()),
            field: Some("/body".into()),
            span: Some(Span::new(120, 123)),
            chars: Some(Span::new(70, 71)),
            offset: Some(20_608),
            fix: fix(Safety::Safe, "remove the control", edit(120, 123, "")),
            excerpt: excerpt("The price was ", "\u{202e}", "123 dinars,"),
            ..base("U009", "bidi-override", Error, a, order)
        },
        Finding {
            line: Some(12),
            place: Some((40, 8)),
            id: Some("a-12".into()),
            field: Some("/title".into()),
            span: Some(Span::new(9, 13)),
            chars: Some(Span::new(5, 7)),
            fix: fix(Safety::Safe, "remove the stretching", edit(9, 13, "")),
            excerpt: excerpt("قال م", "ــ", "دير المتحف إن الزوار"),
            ..base("A007", "tatweel", Warning, a, stretched)
        },
        Finding {
            line: Some(1),
            id: Some("أخبار/٣".into()),
            field: Some("/body".into()),
            span: Some(Span::new(300, 300 + WIDGET.len())),
            chars: Some(Span::new(170, 192)),
            fix: fix(
                Safety::Unsafe,
                "remove the line",
                edit(300, 300 + WIDGET.len(), ""),
            ),
            excerpt: Some(Excerpt {
                text: WIDGET.into(),
                span: Span::new(0, WIDGET.len()),
                cut_before: false,
                cut_after: false,
                field_line: 7,
            }),
            ..base("B001", "share-widget", Warning, "articles/أخبار.txt", &share)
        },
        Finding {
            line: Some(3),
            id: Some("b-3".into()),
            field: Some("/published_at".into()),
            fix: fix(
                Safety::Display,
                "write the date as 2026-01-31",
                Change::Replace("\"2026-01-31\"".into()),
            ),
            ..base("S001", "schema", Error, b, "\"31/01/2026\" is no date-time")
        },
        Finding {
            line: Some(4),
            suppressed: Some("checked by hand".into()),
            ..base("S001", "schema", Error, b, "url is missing")
        },
    ];
    all.extend(hostile());
    all.push(Finding {
        line: Some(80),
        id: Some("b-80".into()),
        ..base(
            "D001",
            "exact-duplicate",
            Info,
            b,
            "same text as b-2 (articles/b.jsonl:2)",
        )
    });
    all
}

const PAYLOADS: [&str; 16] = [
    "a\nb\r\nc",
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "\u{202e}evil\u{2066}",
    "]]>",
    "%0A::error::x",
    "\n::error file=x::y",
    "##vso[task.setvariable variable=x]y",
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "a|b `c` [d](https://e.example) @team #1",
    "𐐀😀\u{10ffff}",
    "\u{0}\u{85}\u{9b}31m\u{feff}",
    "&amp;<!--",
    "a,b:c;d]e%2Cf",
    "\u{301}\u{640}\u{200d}",
    "\u{2028}\u{e0041}\u{fffe}",
];

fn hostile() -> Vec<Finding> {
    let finding = |(index, payload): (usize, &&'static str)| Finding {
        line: Some(index as u64 + 1),
        column: Some(2),
        id: Some((*payload).into()),
        field: Some(format!("/{payload}").into()),
        span: Some(Span::new(10, 10 + payload.len())),
        fix: fix(Safety::Safe, payload, edit(10, 10 + payload.len(), payload)),
        excerpt: excerpt("before ", payload, " after"),
        fingerprint: index as u64,
        ..base(
            "U009",
            "bidi-override",
            Severity::Error,
            &format!("bad/{payload}"),
            payload,
        )
    };
    PAYLOADS.iter().enumerate().map(finding).collect()
}

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

/// Fails on anything that XML character data of ours must not hold.
fn check_characters(text: &str) {
    for (at, _) in text.match_indices('&') {
        let entity = text[at..].split_once(';').expect("an entity ends").0;
        assert!(
            ["&amp", "&lt", "&gt", "&quot", "&#39"].contains(&entity),
            "{entity}"
        );
    }
    let forbidden = |c: char| (c < ' ' && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!text.contains(forbidden), "{text:?}");
}

/// Reads XML as far as reports use it: elements with double-quoted attributes, text, five entities.
/// Returns every start tag with its depth; panics on anything that is not well-formed.
fn read_xml(text: &str) -> Vec<(usize, String)> {
    let mut tags = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = text.split_once("?>").expect("a declaration").1;
    while let Some((before, tail)) = rest.split_once('<') {
        check_characters(before);
        let (tag, tail) = tail.split_once('>').expect("a tag ends");
        assert!(!tag.contains('<'), "{tag}");
        rest = tail;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert_eq!(attributes.matches('"').count() % 2, 0, "{tag}");
        check_characters(attributes);
        tags.push((open.len(), tag.to_owned()));
        open.push(name.to_owned());
    }
    assert!(open.is_empty() && rest.trim().is_empty());
    tags
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

/// Asserts that nothing in an output can act on a screen, except balanced isolates of our own.
fn assert_safe(text: &str, isolates: bool) -> Result<(), TestCaseError> {
    let mut open = false;
    for c in text.chars().filter(|&c| c != '\n' && escape::is_control(c)) {
        let own = if open { '\u{2069}' } else { '\u{2068}' };
        prop_assert!(isolates && c == own, "{c:?} in {text:?}");
        open = !open;
    }
    prop_assert!(!open);
    Ok(())
}

const NASTY: &str = "[\u{0}-\u{1f}\u{7f}-\u{9f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{200b}-\u{200f}a-c\u{627}-\u{62a}<>#:%]{0,24}";

fn any_text() -> impl Strategy<Value = String> {
    let payload = proptest::sample::select(PAYLOADS.to_vec()).prop_map(ToOwned::to_owned);
    prop_oneof![any::<String>(), payload, NASTY]
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let texts = proptest::array::uniform6(any_text());
    let severity = proptest::sample::select(vec![Severity::Info, Severity::Warning, Severity::Error]);
    (texts, 0usize..40, 0usize..40, severity, any::<bool>()).prop_map(
        |(texts, start, len, severity, some)| {
            let [path, id, field, message, title, text] = texts;
            let change = if some {
                edit(start, start + len, &title)
            } else {
                Change::Replace(title.clone())
            };
            Finding {
                line: some.then_some(3),
                column: some.then_some(4),
                id: some.then(|| id.into()),
                field: Some(field.into()),
                span: Some(Span::new(start, start + len)),
                fix: Some(Fix {
                    safety: Safety::Safe,
                    title: title.into(),
                    change,
                }),
                excerpt: Some(Excerpt {
                    text: text.into(),
                    span: Span::new(start, start + len),
                    cut_before: some,
                    cut_after: !some,
                    field_line: 2,
                }),
                ..base("U009", "bidi-override", severity, &path, &message)
            }
        },
    )
}

fn any_findings() -> impl Strategy<Value = Vec<Finding>> {
    proptest::collection::vec(any_finding(), 1..4)
}

proptest! {
    #[test]
    fn no_data_acts_on_a_screen(list in any_findings()) {
        for format in Format::ALL.into_iter().filter(|format| !format.is_binary()) {
            assert_safe(&render(format, &list), format.is_human())?;
        }
    }

    #[test]
    fn colour_adds_only_colour(list in any_findings()) {
        let looks = styles(true);
        // Longest first: bold alone starts the codes of bold colours.
        let mut codes = [
            looks.error, looks.warning, looks.info, looks.strong, looks.frame, looks.help, looks.good, looks.faint,
        ];
        codes.sort_by_key(|code| std::cmp::Reverse(code.render().to_string().len()));
        for format in Format::ALL.into_iter().filter(|format| format.is_human()) {
            let colored = render_with(format, Options { color: true, ..options() }, &list);
            let mut text = String::from_utf8(colored).unwrap();
            prop_assert!(text.contains(char::from(0x1b)));
            for code in codes {
                text = text.replace(&code.render().to_string(), "").replace(&code.render_reset().to_string(), "");
            }
            prop_assert_eq!(text, render(format, &list));
        }
    }

    #[test]
    fn one_finding_one_line(list in any_findings()) {
        let n = list.len();
        prop_assert_eq!(render(Format::Concise, &list).lines().count(), n + 1);
        prop_assert_eq!(render(Format::JsonLines, &list).lines().count(), n);
    }

    #[test]
    fn no_data_commands_a_log_reader(list in any_findings()) {
        for format in Format::ALL.into_iter().filter(|format| !format.is_binary()) {
            for line in render(format, &list).lines() {
                let own = match format {
                    Format::Azure => line.strip_prefix("##vso[task.logissue "),
                    Format::Github => line.strip_prefix("::"),
                    _ => None,
                };
                let text = own.unwrap_or(line);
                prop_assert!(own.is_some() || !text.trim_start().starts_with("::"), "{format}: {line}");
                if format.is_human() || own.is_some() {
                    prop_assert!(!text.contains("##vso[") && !text.contains("##["), "{format}: {line}");
                }
            }
        }
    }

    #[test]
    fn documents_parse(list in any_findings()) {
        for format in [Format::Json, Format::Sarif, Format::Gitlab, Format::Rdjson] {
            prop_assert!(serde_json::from_str::<Value>(&render(format, &list)).is_ok());
        }
        read_xml(&render(Format::Junit, &list));
    }
}
