//! A release of the sample loads in pandas, pyarrow, Polars, `DuckDB` and Hugging Face `datasets`, and what
//! it says of itself is valid to the reference tools of the formats that it says it in.
//!
//! In their present versions and in the oldest that are promised. The Python side is
//! `python/tests/test_readers.py`; `test.sh` makes its environments in `target/venv` and `target/venv-old`.

#![allow(clippy::expect_used, clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The build directory, wherever cargo was told to put it.
fn target() -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().expect("a directory below target").to_owned()
}

fn copy_tree(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).expect("create");
    for entry in fs_err::read_dir(from).expect("list") {
        let entry = entry.expect("entry");
        let into = to.join(entry.file_name());
        if entry.file_name() == "releases" {
            continue;
        }
        if entry.file_type().expect("type").is_dir() {
            copy_tree(&entry.path(), &into);
        } else {
            fs_err::copy(entry.path(), &into).expect("copy");
        }
    }
}

/// Whether a variable asks for a test to be left out.
fn skipped(variable: &str) -> bool {
    let skipped = std::env::var_os(variable).is_some_and(|value| value == "1");
    if skipped {
        eprintln!("skipped: {variable}=1");
    }
    skipped
}

/// The Python of an environment below `target`.
fn python(environment: &str) -> PathBuf {
    let python = target().join(environment).join("bin/python");
    assert!(
        python.exists(),
        "{} is missing: run ./test.sh, which makes it, or set CORPUS_SKIP_READERS=1",
        python.display()
    );
    python
}

/// Releases the sample and loads it with the readers of an environment below `target`.
fn loads_with(environment: &str) {
    let python = python(environment);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Outside the repository, so that what git thinks of the working tree does not matter.
    let scratch = tempfile::tempdir().expect("scratch directory");
    let project = scratch.path().join("newsroom");
    copy_tree(&root.join("datasets/newsroom"), &project);
    let columns = "release.columns = [\"corpus_since\", \"corpus_chars\", \"corpus_words\", \"corpus_language\", \
                   \"corpus_language_score\"]";
    release(&project, &["--config", columns]);
    passes(&python, "python/tests", &project.join("releases/newsroom-v1.0.0"));
}

/// Makes version 1.0.0 of a project.
fn release(project: &Path, args: &[&str]) {
    let released = Command::new(env!("CARGO_BIN_EXE_corpus"))
        .args(["--no-progress", "release", "v1.0.0", "-C"])
        .arg(project)
        .args(args)
        .env("SOURCE_DATE_EPOCH", "1767225600")
        .output()
        .expect("run corpus");
    assert!(
        released.status.success(),
        "{}",
        String::from_utf8_lossy(&released.stderr)
    );
}

/// Runs the Python tests below `tests` on a release.
fn passes(python: &Path, tests: &str, release: &Path) {
    let cache = tempfile::tempdir().expect("scratch directory");
    let tested = Command::new(python)
        .args(["-W", "ignore", "-m", "unittest", "discover", "-s"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(tests))
        .env("CORPUS_RELEASE", release)
        .env("CORPUS_CACHE", cache.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("run python");
    assert!(
        tested.status.success(),
        "{}{}",
        String::from_utf8_lossy(&tested.stdout),
        String::from_utf8_lossy(&tested.stderr)
    );
}

#[test]
fn a_release_says_the_same_in_every_reader() {
    if !skipped("CORPUS_SKIP_READERS") {
        loads_with("venv");
    }
}

#[test]
fn a_release_says_the_same_in_the_oldest_readers() {
    if !skipped("CORPUS_SKIP_READERS") && !skipped("CORPUS_SKIP_OLD_READERS") {
        loads_with("venv-old");
    }
}

#[test]
fn the_metadata_of_a_release_is_valid_and_loads_every_row() {
    if skipped("CORPUS_SKIP_READERS") {
        return;
    }
    let scratch = tempfile::tempdir().expect("scratch directory");
    let project = scratch.path().join("newsroom");
    copy_tree(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/newsroom"),
        &project,
    );
    release(&project, &[]);
    let tests = "python/tests/metadata";
    passes(&python("venv"), tests, &project.join("releases/newsroom-v1.0.0"));
    // Columns of every kind, several configs, several shards.
    let project = scratch.path().join("wide");
    wide(&project);
    release(&project, &[]);
    passes(&python("venv"), tests, &project.join("releases/wide-v1.0.0"));
}

/// A project whose rows have nested columns, in two languages, with shards of few rows.
fn wide(project: &Path) {
    let place = serde_json::json!({
        "type": "object",
        "properties": { "city": { "type": "string" }, "height": { "type": "integer" } },
    });
    let schema = serde_json::json!({
        "type": "object",
        "required": ["id", "body", "language", "reads"],
        "properties": {
            "id": { "type": "string", "description": "Name of the \"entry\"" },
            "body": { "type": "string" },
            "language": { "type": "string" },
            "reads": { "type": "integer" },
            "score": { "type": "number" },
            "paid": { "type": "boolean" },
            "day": { "type": "string", "format": "date" },
            "seen_at": { "type": "string", "format": "date-time" },
            "tags": { "type": "array", "items": { "type": "string" } },
            "tides": { "type": "array", "items": { "type": "array", "items": { "type": "integer" } } },
            "place": place,
            "places": { "type": "array", "items": place },
        },
    });
    let mut lines = String::new();
    for number in 0..60 {
        let mut record = serde_json::json!({
            "id": format!("entry-{number:02}"),
            "body": format!("The ferry of day {number} came in late, and nobody on the quay was surprised by that."),
            "language": if number % 3 == 0 { "en" } else { "fr" },
            "reads": number,
        });
        if number % 2 == 0 {
            record["score"] = serde_json::json!(f64::from(number) / 4.0);
            record["paid"] = true.into();
            record["day"] = "2024-02-29".into();
            record["seen_at"] = "2024-02-29T10:00:00.25+03:00".into();
            record["tags"] = serde_json::json!(["ferry", "quay"]);
            record["tides"] = serde_json::json!([[1, 2], [3, number]]);
            record["place"] = serde_json::json!({ "city": "Bay", "height": 3 });
            record["places"] = serde_json::json!([{ "city": "Bay" }, { "height": 4 }]);
        }
        lines.push_str(&record.to_string());
        lines.push('\n');
    }
    let config = "name = \"wide\"\nlicense = \"CC-BY-4.0 OR CC0-1.0\"\ndescription = \"Ferries: \\\"late\\\"\"\n\
                  homepage = \"https://ferries.example/\"\n[[input]]\ninclude = [\"in/*\"]\n\
                  [schema]\npath = \"schema.json\"\n[lint]\nignore = [\"M\", \"L\", \"Q\", \"B\"]\n\
                  [configs]\nby = \"language\"\n[splits]\ntrain = 0.8\ntest = 0.2\n\
                  [release]\nmax-excluded = \"0%\"\nshard-bytes = \"1KB\"\nrow-group-bytes = \"1KB\"\n";
    fs_err::create_dir_all(project.join("in")).expect("create");
    fs_err::write(project.join("corpus.toml"), config).expect("write");
    fs_err::write(project.join("schema.json"), schema.to_string()).expect("write");
    fs_err::write(project.join("in/a.jsonl"), lines).expect("write");
}
