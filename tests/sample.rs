//! The sample says of itself where its faults stand: `lint` finds each of them, and nothing else.

#![allow(clippy::expect_used)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One row of the table in `datasets/newsroom/README.md`.
struct Fault {
    path: String,
    /// Id of the record, `line N`, or `whole file`.
    record: String,
    codes: Vec<String>,
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/newsroom")
}

fn declared() -> Vec<Fault> {
    let readme = fs_err::read_to_string(sample().join("README.md")).expect("README.md of the sample");
    let mut faults = Vec::new();
    for row in readme.lines().filter(|line| line.starts_with("| `articles/")) {
        let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        if let [_, path, record, _, codes, _] = cells[..] {
            faults.push(Fault {
                path: path.to_owned(),
                record: record.to_owned(),
                codes: codes.split(' ').map(str::to_owned).collect(),
            });
        }
    }
    faults
}

fn findings() -> Vec<Value> {
    let linted = Command::new(env!("CARGO_BIN_EXE_corpus"))
        .args(["lint", "--exit-zero", "-f", "json-lines", "-C"])
        .arg(sample())
        .output()
        .expect("run corpus");
    assert!(
        linted.status.success(),
        "{}",
        String::from_utf8_lossy(&linted.stderr)
    );
    let text = String::from_utf8(linted.stdout).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn concerns(finding: &Value, fault: &Fault) -> bool {
    if finding["path"] != fault.path.as_str() {
        return false;
    }
    match fault.record.strip_prefix("line ") {
        Some(line) => finding["line"].as_u64().is_some_and(|n| line.parse() == Ok(n)),
        None => fault.record == "whole file" || finding["id"] == fault.record.as_str(),
    }
}

#[test]
fn every_declared_fault_is_found() {
    let findings = findings();
    let declared = declared();
    assert!(declared.len() > 60, "the table has {} rows", declared.len());
    let mut missed = Vec::new();
    for fault in &declared {
        // Near-copies are not searched by `lint` unless it is asked to.
        for code in fault.codes.iter().filter(|code| *code != "D003") {
            let found = findings
                .iter()
                .any(|finding| finding["code"] == code.as_str() && concerns(finding, fault));
            if !found {
                missed.push(format!("{code} in {} of {}", fault.record, fault.path));
            }
        }
    }
    assert!(missed.is_empty(), "not found: {missed:#?}");
}

#[test]
fn nothing_is_found_in_the_other_records() {
    let declared = declared();
    let alarms: Vec<_> = findings()
        .into_iter()
        .filter(|finding| !declared.iter().any(|fault| concerns(finding, fault)))
        .collect();
    assert!(alarms.is_empty(), "false alarms: {alarms:#?}");
}
