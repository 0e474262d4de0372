//! Exit codes: 0 clean, 1 findings, 2 could not do the job, 130 interrupted.

use crate::support::{Dir, OVERRIDE, good, line};
use std::io::Read as _;
use std::process::Stdio;

#[test]
fn clean_input_is_0_and_says_how_much_was_read() {
    let dir = Dir::with(&[("a.jsonl", &good(1))]);
    let run = dir.run(&["lint", "a.jsonl"]).exits(0);
    assert!(run.out.contains("1 record"), "{run:?}");
    dir.run(&["check", "a.jsonl"]).exits(0);
}

#[test]
fn findings_are_1_from_the_severity_that_error_on_names() {
    let warning = Dir::with(&[(
        "a.jsonl",
        &line("a", "Plain text with a soft\u{200b}space in it."),
    )]);
    let severity = warning.run(&["lint", "a.jsonl", "-f", "json"]).json()["findings"][0]["severity"].clone();
    assert_eq!(severity, "warning");
    warning.run(&["lint", "a.jsonl"]).exits(0);
    warning
        .run(&["lint", "a.jsonl", "--error-on", "warning"])
        .exits(1);
    warning.run(&["lint", "a.jsonl", "--error-on", "info"]).exits(1);
    let error = Dir::with(&[("a.jsonl", &line("a", OVERRIDE))]);
    error.run(&["lint", "a.jsonl"]).exits(1);
    error.run(&["lint", "a.jsonl", "--exit-zero"]).exits(0);
}

#[test]
fn what_cannot_be_done_is_2_with_the_reason() {
    let dir = Dir::with(&[("a.jsonl", &good(1)), ("notes.xyz", "x")]);
    dir.run(&["lint", "missing.jsonl"]).exits(2).says("missing.jsonl");
    dir.run(&["lint", "*.parquet"]).exits(2).says("*.parquet");
    dir.run(&["lint"]).exits(2).says("corpus init");
    dir.run(&["lint", "a.jsonl", "--select", "bidi-overide"])
        .exits(2)
        .says("did you mean `bidi-override`");
    dir.run(&["lint", "a.jsonl", "--ignore", "Z9"])
        .exits(2)
        .says("unknown rule `Z9`");
    dir.run(&["lint", "a.jsonl", "--config", "lint.selct = []"])
        .exits(2)
        .says("did you mean `select`");
    dir.run(&["lint", "a.jsonl", "-f", "sarf"]).exits(2).says("sarif");
    dir.run(&["lint", "a.jsonl", "--no-such-flag"]).exits(2);
    dir.run(&["lint", "a.jsonl", "--schema", "none.json"])
        .exits(2)
        .says("none.json");
    dir.run(&["lint", "a.jsonl", "--baseline", "none.json"])
        .exits(2)
        .says("none.json");
    dir.run(&["lint", "a.jsonl", "-j", "0"]).exits(2).says("--jobs");
    dir.run(&["explain", "U9999"])
        .exits(2)
        .says("unknown rule `U9999`");
    dir.run(&["-C", "nowhere", "lint"]).exits(2).says("nowhere");
    dir.run(&["verify", "nowhere"]).exits(2);
}

#[test]
fn an_unknown_key_in_corpus_toml_points_into_the_file() {
    let dir = Dir::with(&[
        ("a.jsonl", &good(1)),
        ("corpus.toml", "name = \"x\"\n[lint]\nselct = [\"U\"]\n"),
    ]);
    let run = dir
        .run(&["lint", "a.jsonl"])
        .exits(2)
        .says("did you mean `select`");
    assert!(run.err.contains("corpus.toml:3"), "{run:?}");
}

#[test]
fn zero_records_are_0_with_a_note() {
    let dir = Dir::with(&[("a.jsonl", "")]);
    dir.run(&["lint", "a.jsonl"]).exits(0).says("no records");
    let quiet = dir.run(&["lint", "-q", "a.jsonl"]).exits(0);
    assert_eq!(quiet.err, "");
}

#[test]
fn duplicates_are_no_failure_of_dedup() {
    let body = "The same story twice, word for word, as agencies send it to everyone who pays for it.";
    let record = |id: &str| format!("{}\n", serde_json::json!({ "id": id, "body": body }));
    let dir = Dir::with(&[("a.jsonl", &(record("a") + &record("b")))]);
    let run = dir.run(&["dedup", "a.jsonl", "-f", "json-lines"]).exits(0);
    assert_eq!(run.out.lines().count(), 2, "{run:?}");
}

#[test]
fn a_closed_pipe_ends_quietly_with_0() {
    let body: String = (0..4000).map(|n| line(&format!("a-{n}"), OVERRIDE)).collect();
    let dir = Dir::with(&[("a.jsonl", &body)]);
    for format in ["full", "concise", "json", "json-lines"] {
        let mut child = dir
            .command(&["lint", "a.jsonl", "--max-per-rule", "0", "-f", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("corpus starts");
        let mut first = [0; 10];
        let mut out = child.stdout.take().expect("a pipe");
        out.read_exact(&mut first).expect("some output");
        drop(out);
        let output = child.wait_with_output().expect("corpus ends");
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_fix_is_130_and_leaves_no_trace() {
    use std::time::{Duration, Instant};
    let mut text = line("first", OVERRIDE);
    let long = "A quiet paragraph about the weather at sea. ".repeat(100);
    for number in 0..6000 {
        text.push_str(&line(&format!("a-{number}"), &format!("{number} {long}")));
    }
    let dir = Dir::with(&[("a.jsonl", &text)]);
    let child = dir
        .command(&["lint", "a.jsonl", "--fix", "-j", "1"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("corpus starts");
    let pid = rustix::process::Pid::from_child(&child);
    let start = Instant::now();
    while dir.names().len() < 2 {
        assert!(
            start.elapsed() < Duration::from_mins(1),
            "no temporary file appeared"
        );
        std::thread::sleep(Duration::from_millis(1));
    }
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("a running process");
    let output = child.wait_with_output().expect("corpus ends");
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(dir.names(), ["a.jsonl"]);
    assert!(dir.read("a.jsonl") == text, "the file was changed");
}

#[cfg(unix)]
#[test]
fn the_first_interrupt_ends_the_wait_for_standard_input() {
    use std::time::{Duration, Instant};
    let dir = Dir::new();
    for args in [
        &["lint", "-"][..],
        &["lint", "-", "--fix"],
        &["stats", "-"],
        &["dedup", "-"],
    ] {
        let mut child = dir
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("corpus starts");
        // Half a record, and then nothing more.
        let mut stdin = child.stdin.take().expect("a pipe");
        std::io::Write::write_all(&mut stdin, b"{\"id\":").expect("a pipe that is read");
        std::thread::sleep(Duration::from_millis(300));
        let pid = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("a running process");
        let start = Instant::now();
        while child.try_wait().expect("a child").is_none() {
            assert!(start.elapsed() < Duration::from_secs(20), "{args:?} still waits");
            std::thread::sleep(Duration::from_millis(10));
        }
        drop(stdin);
        let output = child.wait_with_output().expect("corpus ends");
        assert_eq!(output.status.code(), Some(130), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{args:?}");
    }
}
