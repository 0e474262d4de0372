//! Running the command, and what every run has to keep.

use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Rules that say that a record, or the rest of a file, is lost.
pub(crate) const LOSSES: [&str; 6] = ["S001", "S014", "E001", "E003", "E004", "E005"];

/// A schema that nothing meets: S005 then marks each object that was read, S006 each other value.
const MARK: &str = r#"{"type": "object", "required": ["a-field-that-no-record-has"]}"#;

/// What one run said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) findings: Vec<Value>,
    pub(crate) summary: Value,
}

impl Run {
    pub(crate) fn of(&self, code: &str) -> Vec<&Value> {
        self.findings
            .iter()
            .filter(|finding| finding["code"] == code)
            .collect()
    }

    /// Findings about lost records.
    pub(crate) fn losses(&self) -> Vec<&Value> {
        self.findings
            .iter()
            .filter(|finding| LOSSES.iter().any(|code| finding["code"] == *code))
            .collect()
    }

    /// Lost records of each file, by its name.
    pub(crate) fn losses_by_name(&self) -> BTreeMap<String, u64> {
        let mut names = BTreeMap::new();
        for finding in self.losses() {
            let path = Path::new(finding["path"].as_str().unwrap());
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            *names.entry(name).or_default() += 1;
        }
        names
    }

    /// How many records were read.
    pub(crate) fn read(&self) -> usize {
        self.of("S005").len() + self.of("S006").len()
    }

    pub(crate) fn records(&self) -> u64 {
        self.summary["records"].as_u64().expect("a count of records")
    }

    /// Lines of the records that were read.
    pub(crate) fn read_lines(&self) -> Vec<u64> {
        let lines = self.of("S005");
        lines
            .iter()
            .map(|finding| finding["line"].as_u64().unwrap())
            .collect()
    }
}

/// The command, with nothing of the caller's environment that could change what it does.
pub(crate) fn command(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_corpus"));
    command.current_dir(directory).arg("--no-progress");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CORPUS_") {
            command.env_remove(name);
        }
    }
    command
}

/// No crash, no panic message, nothing that could act on a terminal.
pub(crate) fn sane(output: &Output) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code();
    assert!(matches!(code, Some(0..=2)), "{code:?}: {stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    for stream in [&output.stdout, &output.stderr] {
        let raw = stream
            .iter()
            .find(|byte| **byte < b' ' && !b"\n\t".contains(byte));
        assert_eq!(raw, None, "{}", String::from_utf8_lossy(stream));
    }
}

/// Lints `target`, with a schema that marks every record it could read.
///
/// Holds for every run: exit code 0 or 1, each loss has its place, and no record is counted twice
/// or never: `summary.records` is what was read and what was lost.
pub(crate) fn lint(directory: &Path, target: &str, more: &[&str]) -> Run {
    let run = lint_piped(directory, target, more, None);
    assert_eq!(
        run.records(),
        (run.read() + run.losses().len()) as u64,
        "records of {target} do not balance: {:#?}",
        run.losses()
    );
    run
}

/// The same without the balance, and with a standard input.
pub(crate) fn lint_piped(directory: &Path, target: &str, more: &[&str], stdin: Option<&[u8]>) -> Run {
    let schema = tempfile::Builder::new()
        .suffix(".schema.json")
        .tempfile()
        .unwrap();
    std::fs::write(schema.path(), MARK).unwrap();
    let mut command = command(directory);
    command
        .args([
            "lint",
            "--isolated",
            "-f",
            "json",
            "--select",
            "S,E",
            "--preview",
            "--schema",
        ])
        .arg(schema.path())
        .args(more)
        .arg(target)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("run corpus");
    let mut pipe = child.stdin.take().unwrap();
    let bytes = stdin.unwrap_or_default().to_vec();
    let writer = std::thread::spawn(move || pipe.write_all(&bytes));
    let output = child.wait_with_output().expect("wait");
    let _ = writer.join();
    sane(&output);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let code = output.status.code().unwrap();
    assert!(code < 2, "{target}: {stderr}");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a JSON report");
    let run = Run {
        code,
        findings: report["findings"].as_array().expect("findings").clone(),
        summary: report["summary"].clone(),
    };
    for loss in run.losses() {
        let placed = loss["path"].is_string() && loss["line"].as_u64() > Some(0) && loss["offset"].is_u64();
        assert!(placed, "no place: {loss}");
        assert_eq!(run.code, 1, "{loss}");
    }
    run
}

pub(crate) fn write(directory: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = directory.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Numbers that look random and are the same every time (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}
