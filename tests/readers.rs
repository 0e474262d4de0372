//! A release of the sample loads in pandas, pyarrow, Polars, `DuckDB` and Hugging Face `datasets`.
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

/// Releases the sample and loads it with the readers of an environment below `target`.
fn loads_with(environment: &str) {
    let python = target().join(environment).join("bin/python");
    assert!(
        python.exists(),
        "{} is missing: run ./test.sh, which makes it, or set CORPUS_SKIP_READERS=1",
        python.display()
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Outside the repository, so that what git thinks of the working tree does not matter.
    let scratch = tempfile::tempdir().expect("scratch directory");
    let project = scratch.path().join("newsroom");
    copy_tree(&root.join("datasets/newsroom"), &project);

    let released = Command::new(env!("CARGO_BIN_EXE_corpus"))
        .args(["--no-progress", "release", "v1.0.0", "-C"])
        .arg(&project)
        .env("SOURCE_DATE_EPOCH", "1767225600")
        .output()
        .expect("run corpus");
    assert!(
        released.status.success(),
        "{}",
        String::from_utf8_lossy(&released.stderr)
    );

    let tested = Command::new(&python)
        .args(["-m", "unittest", "discover", "-s"])
        .arg(root.join("python/tests"))
        .env("CORPUS_RELEASE", project.join("releases/newsroom-v1.0.0"))
        .env("CORPUS_CACHE", scratch.path())
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
