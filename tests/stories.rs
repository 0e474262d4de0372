//! The command line told as stories (`tests/stories/*.trycmd`), and every example of the documentation.
//!
//! Each story and each page runs in a directory of its own: a copy of `tests/stories/project`, or of the
//! bundled sample where the name says `sample` and for the pages. After a wanted change of output
//! `TRYCMD=overwrite cargo test --test stories` rewrites the stories; read the difference before you commit.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Noon of a fixed day: what a release is dated with, and what ends suppressions.
const TODAY: &str = "1767225600";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            // Releases that somebody made in the sample are no part of it.
            if entry.file_name() != "releases" {
                copy(&entry.path(), &target);
            }
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Puts a page beside the directory that it starts in. An `.out` directory makes all commands of the
/// page run in one copy of it.
fn stage(page: &Path, project: &Path, to: &Path) {
    fs::copy(page, to).unwrap();
    copy(project, &to.with_extension("in"));
    fs::create_dir_all(to.with_extension("out")).unwrap();
}

fn pages(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(pages(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn cases() -> trycmd::TestCases {
    let cases = trycmd::TestCases::new();
    cases.env("SOURCE_DATE_EPOCH", TODAY).env("CORPUS_JOBS", "2");
    cases
}

/// Brings rewritten stories back, even when the run panics.
struct Overwrite(Vec<(PathBuf, PathBuf)>);

impl Drop for Overwrite {
    fn drop(&mut self) {
        if std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
            for (story, staged) in &self.0 {
                let _ = fs::copy(staged, story);
            }
        }
    }
}

#[test]
fn stories() {
    let directory = tempfile::tempdir().unwrap();
    let mut staged = Vec::new();
    for story in pages(&root().join("tests/stories"), "trycmd") {
        let name = story.file_name().unwrap();
        let project = if name.to_string_lossy().starts_with("sample") {
            root().join("datasets/newsroom")
        } else {
            root().join("tests/stories/project")
        };
        let to = directory.path().join(name);
        stage(&story, &project, &to);
        staged.push((story, to));
    }
    assert!(staged.len() >= 12);
    let overwrite = Overwrite(staged);
    cases().case(directory.path().join("*.trycmd")).run();
    drop(overwrite);
}

#[test]
fn documentation() {
    let directory = tempfile::tempdir().unwrap();
    let mut examples = 0;
    for page in pages(&root().join("docs"), "md") {
        let blocks = fs::read_to_string(&page).unwrap().matches("```console").count();
        if blocks > 0 {
            examples += blocks;
            let name = page
                .strip_prefix(root())
                .unwrap()
                .to_string_lossy()
                .replace('/', "-");
            stage(
                &page,
                &root().join("datasets/newsroom"),
                &directory.path().join(name),
            );
        }
    }
    assert!(examples >= 10);
    cases().case(directory.path().join("*.md")).run();
}

/// The README's commands are for a shell in a clone, or beside a reader's own articles. They run in
/// such places, but for those that build, install or test.
#[test]
fn readme() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let mut run = 0;
    for block in text.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let directory = tempfile::tempdir().unwrap();
        copy(
            &root().join("datasets/newsroom"),
            &directory.path().join("datasets/newsroom"),
        );
        let mut articles = String::new();
        for number in 0..25 {
            let record = serde_json::json!({
                "id": format!("boat-{number}"), "url": format!("https://desk.example/{number}"),
                "title": format!("Boat number {number}"), "language": "en", "source": "desk.example",
                "body": format!("The harbour office saw boat number {number} leave on a calm morning."),
                "published_at": "2025-03-01T08:00:00Z", "collected_at": "2025-03-02T08:00:00Z",
                "license": "CC-BY-4.0",
            });
            articles.push_str(&record.to_string());
            articles.push('\n');
        }
        fs::create_dir(directory.path().join("articles")).unwrap();
        fs::write(directory.path().join("articles/a.jsonl"), articles).unwrap();
        for line in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let command = line
                .replace("cargo build --release && ", "")
                .replace("target/release/corpus", "corpus");
            if command.starts_with("cargo ") || command.starts_with("./test.sh") {
                continue;
            }
            let bin = Path::new(env!("CARGO_BIN_EXE_corpus")).parent().unwrap();
            let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
            let output = Command::new("sh")
                .args(["-c", &command])
                .current_dir(directory.path())
                .env("PATH", path)
                .env("SOURCE_DATE_EPOCH", TODAY)
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "`{command}`: {}\n{}{}",
                output.status,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            run += 1;
        }
    }
    assert!(run >= 5, "only {run} commands of the README ran");
}
