//! A directory to run `corpus` in, and what a run gave.

use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A bidi override that nobody closes by accident: U009, an error with a safe fix.
pub(crate) const OVERRIDE: &str = "Hello \u{202e}bad\u{202c} world";

/// Every format of findings; the last is for files only.
pub(crate) const FORMATS: [&str; 14] = [
    "full",
    "concise",
    "grouped",
    "json",
    "json-lines",
    "sarif",
    "github",
    "gitlab",
    "azure",
    "junit",
    "rdjson",
    "markdown",
    "html",
    "parquet",
];

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// The exit code must be this.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Standard error must hold this.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.err.contains(text), "`{text}` is not in {self:#?}");
        self
    }

    /// The standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("JSON on standard output")
    }

    /// The codes of the findings of `-f json`.
    #[track_caller]
    pub(crate) fn codes(&self) -> Vec<String> {
        let json = self.json();
        let findings = json["findings"].as_array().expect("findings");
        findings
            .iter()
            .map(|f| f["code"].as_str().expect("a code").to_owned())
            .collect()
    }
}

/// A directory of its own for one test.
pub(crate) struct Dir(tempfile::TempDir);

impl Dir {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    /// A directory with these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let dir = Self::new();
        for (name, text) in files {
            dir.write(name, text.as_bytes());
        }
        dir
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        std::fs::write(path, bytes).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        String::from_utf8(std::fs::read(self.path(name)).expect("a file")).expect("UTF-8")
    }

    /// Names of everything in the directory, hidden files included.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.0.path())
            .expect("a directory")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    /// The command, with an environment that no developer's settings leak into.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_corpus"));
        command.current_dir(self.0.path()).args(args);
        for name in [
            "NO_COLOR",
            "FORCE_COLOR",
            "CLICOLOR_FORCE",
            "CORPUS_JOBS",
            "CORPUS_COLOR",
            "CORPUS_MEMORY",
            "CORPUS_NO_PROGRESS",
            "SOURCE_DATE_EPOCH",
        ] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        finish(self.command(args), None)
    }

    pub(crate) fn run_env(&self, args: &[&str], env: &[(&str, &str)]) -> Run {
        let mut command = self.command(args);
        command.envs(env.iter().copied());
        finish(command, None)
    }

    pub(crate) fn pipe(&self, args: &[&str], stdin: &[u8]) -> Run {
        finish(self.command(args), Some(stdin))
    }

    pub(crate) fn git(&self, args: &[&str]) {
        git(self.0.path(), args);
    }

    /// Makes the directory a git repository with everything committed.
    pub(crate) fn commit_all(&self) {
        if !self.path(".git").exists() {
            self.git(&["init", "--quiet"]);
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "all"]);
    }
}

fn git(directory: &Path, args: &[&str]) {
    let identity = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.com",
        "-c",
        "commit.gpgsign=false",
    ];
    let status = Command::new("git")
        .current_dir(directory)
        .args(identity)
        .args(["-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null"])
        .args(args)
        .status()
        .expect("git");
    assert!(status.success(), "git {args:?}");
}

fn finish(mut command: Command, stdin: Option<&[u8]>) -> Run {
    let mut child = command
        .stdin(if stdin.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("corpus starts");
    if let Some(bytes) = stdin {
        let mut pipe = child.stdin.take().expect("a pipe");
        // A command that does not want its input may close it.
        let _ = pipe.write_all(bytes);
    }
    let output = child.wait_with_output().expect("corpus ends");
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A line of JSON Lines with an id and a body, to which a sentence about the id is added so that it is
/// neither too short for an article nor a copy of another.
pub(crate) fn line(id: &str, body: &str) -> String {
    let rest = format!(
        "The keeper of the book wrote {id} into it at noon, before the ferry came back across the river."
    );
    format!(
        "{}\n",
        serde_json::json!({ "id": id, "body": format!("{body} {rest}") })
    )
}

/// A good article, different for each number.
pub(crate) fn good(number: usize) -> String {
    line(
        &format!("g-{number}"),
        &format!("The harbour office counted {number} boats on a calm morning, and nobody was surprised."),
    )
}
