//! The suites through the command itself: `corpus lint --schema` and `corpus lint`.

use crate::support::{DRAFTS, declared, files, parsing_suite, project, read, required, schema_suite};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Processes at a time.
const WORKERS: usize = 4;

fn corpus(directory: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_corpus"))
        .args(["--isolated", "--no-progress", "-q"])
        .args(args)
        .current_dir(directory)
        .output()
        .expect("run corpus")
}

/// The findings of a run that must have ended with 0 or 1.
fn findings(output: &Output) -> Result<Vec<Value>, String> {
    let code = output.status.code();
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !matches!(code, Some(0 | 1)) || stderr.contains("panicked") {
        return Err(format!("ended with {code:?}: {stderr}"));
    }
    let stdout = std::str::from_utf8(&output.stdout).map_err(|error| error.to_string())?;
    stdout
        .lines()
        .map(|line| serde_json::from_str(line).map_err(|error| format!("{line}: {error}")))
        .collect()
}

/// One schema and its instances: one line each.
fn run_case(directory: &Path, case: &Value, draft: &str) -> Result<usize, String> {
    let tests = case["tests"].as_array().unwrap();
    let lines: String = tests.iter().map(|test| format!("{}\n", test["data"])).collect();
    std::fs::write(
        directory.join("schema.json"),
        declared(case["schema"].clone(), draft),
    )
    .unwrap();
    std::fs::write(directory.join("data.jsonl"), lines).unwrap();
    let args = [
        "lint",
        "--schema",
        "schema.json",
        "--select",
        "S",
        "-f",
        "json-lines",
        "data.jsonl",
    ];
    let invalid: BTreeSet<u64> = findings(&corpus(directory, &args))?
        .iter()
        .filter(|finding| matches!(finding["code"].as_str(), Some("S005" | "S006" | "S010")))
        .map(|finding| finding["line"].as_u64().expect("a line"))
        .collect();
    let wrong: Vec<String> = tests
        .iter()
        .zip(1..)
        .filter(|(test, line)| test["valid"].as_bool().unwrap() == invalid.contains(line))
        .map(|(test, _)| test["description"].to_string())
        .collect();
    if wrong.is_empty() {
        Ok(tests.len())
    } else {
        Err(wrong.join(", "))
    }
}

#[test]
fn json_schema_test_suite() {
    let Some(root) = schema_suite() else { return };
    for (folder, draft, least) in DRAFTS {
        let cases: Vec<(String, Value)> = required(&root, folder)
            .iter()
            .flat_map(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                let Value::Array(cases) = read(path) else {
                    panic!("{name} is no array");
                };
                cases.into_iter().map(move |case| (name.clone(), case))
            })
            .collect();
        let (next, wrong, passed) = (AtomicUsize::new(0), Mutex::new(Vec::new()), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| {
                    let project = project(&root, draft);
                    while let Some((name, case)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                        match run_case(project.path(), case, draft) {
                            Ok(count) => {
                                passed.fetch_add(count, Ordering::Relaxed);
                            }
                            Err(what) => wrong
                                .lock()
                                .unwrap()
                                .push(format!("{folder}/{name}: {}: {what}", case["description"])),
                        }
                    }
                });
            }
        });
        let (wrong, passed) = (wrong.into_inner().unwrap(), passed.into_inner());
        eprintln!("{folder}: {passed} passed, {} schemas wrong", wrong.len());
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(passed >= least, "{folder}: only {passed} tests were found");
    }
}

/// Rules that say "this is not JSON".
const REFUSALS: [&str; 6] = ["S001", "S014", "E001", "E003", "E004", "E005"];

#[test]
fn json_test_suite() {
    let Some(folder) = parsing_suite() else { return };
    let output = corpus(&folder, &["lint", "-f", "json-lines", "."]);
    let mut refused: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for finding in findings(&output).unwrap() {
        if REFUSALS.contains(&finding["code"].as_str().unwrap()) {
            assert!(
                finding["line"].is_u64() && finding["offset"].is_u64(),
                "{finding}"
            );
            let path = Path::new(finding["path"].as_str().unwrap());
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            refused.entry(name).or_default().push(finding);
        }
    }
    let (mut yes, mut no, mut wrong) = (0, 0, Vec::new());
    for path in files(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match (name.as_bytes()[0], refused.get(&name)) {
            (b'y', None) => yes += 1,
            (b'n', Some(_)) => no += 1,
            // Either answer is allowed; what counts is that there is one.
            (b'i', _) => {}
            (_, why) => wrong.push(format!("{name}: {why:?}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!((yes, no), (95, 188));
}
