//! F9: paths that lead out of the project, name a device or share, or hide what they are.
#![cfg(unix)]

use crate::tool::{command, sane, write};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Output;

const RECORD: &str = "{\"id\":\"1\",\"body\":\"The river rose again and the council met.\"}\n";
const INPUT: &str = "[[input]]\ninclude = [\"in/*.jsonl\"]\n";

struct Place {
    scratch: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let place = Self { scratch };
        write(place.outside(), "secret.jsonl", "{\"id\":\"secret\"}\n");
        write(place.outside(), "secret.json", "{\"type\":\"object\"}");
        write(place.outside(), "other/secret.jsonl", "{\"id\":\"secret\"}\n");
        write(&place.project(), "in/a.jsonl", RECORD);
        write(&place.project(), "schema.json", "{\"type\":\"object\"}");
        let project = place.project();
        symlink(place.outside(), project.join("up")).unwrap();
        symlink(place.outside().join("secret.json"), project.join("link.json")).unwrap();
        symlink(place.outside().join("secret.jsonl"), project.join("link.jsonl")).unwrap();
        symlink("up/other", project.join("twice")).unwrap();
        place
    }

    fn outside(&self) -> &Path {
        self.scratch.path()
    }

    fn project(&self) -> std::path::PathBuf {
        self.scratch.path().join("project")
    }

    fn run(&self, args: &[&str]) -> Output {
        let output = command(&self.project()).args(args).output().unwrap();
        sane(&output);
        output
    }
}

/// What lies outside is read by none of these, and each says why.
#[test]
fn f09_paths_of_a_configuration_stay_inside() {
    let place = Place::new();
    let outside = place.outside().display().to_string();
    let include = |pattern: &str| format!("[[input]]\ninclude = ['{pattern}']\n");
    let schema = |path: &str| format!("[schema]\npath = '{path}'\n{INPUT}");
    let baseline = |path: &str| format!("[lint]\nbaseline = '{path}'\n{INPUT}");
    let releases = |path: &str| format!("[release]\ndirectory = '{path}'\n{INPUT}");
    let against = |path: &str| format!("[decontaminate]\nagainst = ['{path}']\n{INPUT}");
    let cases = [
        include("../*.jsonl"),
        include("in/../../*.jsonl"),
        include("./../secret.jsonl"),
        include("in/./../../secret.jsonl"),
        include("/etc/*"),
        include("//server/share/*.jsonl"),
        include(&format!("{outside}/*.jsonl")),
        include("up/secret.jsonl"),
        include("up/other/../secret.jsonl"),
        include("twice/secret.jsonl"),
        include("link.jsonl"),
        include("~/../etc/passwd"),
        include("in/\\u0000.jsonl").replace('\'', "\""),
        schema("../secret.json"),
        schema("in/../../secret.json"),
        schema("link.json"),
        schema("up/secret.json"),
        schema(&format!("{outside}/secret.json")),
        schema("//server/share/schema.json"),
        schema("/dev/stdin"),
        schema("schema.json\\u0000").replace('\'', "\""),
        baseline("../secret.json"),
        baseline("link.json"),
        baseline("up/secret.json"),
        baseline("/etc/passwd"),
        releases("../elsewhere"),
        releases("up/elsewhere"),
        releases("/tmp"),
        releases("in/../.."),
        releases("//server/share"),
        against("../secret.jsonl"),
        against("up/secret.jsonl"),
        against("/etc/*"),
    ];
    assert_eq!(cases.len(), 33);
    let before = tree(place.outside());
    for text in &cases {
        write(&place.project(), "corpus.toml", text);
        for args in [&["lint", "--select", "S,E,D007"][..], &["stats"]] {
            let output = place.run(args);
            let said = format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(
                !said.contains("id\":\"secret"),
                "{args:?} read it: {text}\n{said}"
            );
            if args[0] == "lint" {
                assert_eq!(output.status.code(), Some(2), "accepted: {text}\n{said}");
                assert!(said.starts_with("error: "), "{text}\n{said}");
            }
        }
    }
    std::fs::remove_file(place.project().join("corpus.toml")).unwrap();
    assert_eq!(tree(place.outside()), before, "something was written");
}

#[test]
fn f09_references_of_a_schema_stay_inside() {
    let place = Place::new();
    write(&place.project(), "corpus.toml", INPUT);
    let outside = format!("{}/secret.json", place.outside().display());
    let cases = [
        "../secret.json",
        "in/../../secret.json",
        "file:///etc/passwd",
        "link.json",
        "up/secret.json",
        "/etc/passwd",
        "//server/share/schema.json",
        "http://192.0.2.1/schema.json",
        "%2e%2e/secret.json",
        outside.as_str(),
    ];
    for reference in cases {
        write(
            &place.project(),
            "schema.json",
            serde_json::json!({"properties": {"id": {"$ref": reference}}}).to_string(),
        );
        let output = place.run(&["lint", "--schema", "schema.json", "in"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "followed {reference}: {said}");
        assert!(said.contains("schema.json"), "{reference}: {said}");
    }
}

/// Fixes are written to no file outside, and `--fix-output` to no place outside the directory named.
#[test]
fn f09_fixes_stay_where_they_belong() {
    let place = Place::new();
    let faulty = "{\"id\":\"1\",\"body\":\"A zero\u{200b}width space and \u{202e}more of it here.\"}\n";
    write(place.outside(), "faulty.jsonl", faulty);
    symlink(
        place.outside().join("faulty.jsonl"),
        place.project().join("in/b.jsonl"),
    )
    .unwrap();
    write(&place.project(), "in/c.jsonl", faulty);
    write(&place.project(), "corpus.toml", INPUT);
    for target in [
        &["lint", "--fix", "--select", "U"][..],
        &["lint", "--fix", "--select", "U", "in/b.jsonl"],
    ] {
        let output = place.run(target);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("in/b.jsonl"), "{said}");
        let kept = std::fs::read_to_string(place.outside().join("faulty.jsonl")).unwrap();
        assert_eq!(kept, faulty);
    }
    std::fs::remove_file(place.project().join("in/b.jsonl")).unwrap();
    place.run(&["lint", "--fix", "--select", "U"]);
    let own = std::fs::read_to_string(place.project().join("in/c.jsonl")).unwrap();
    assert_ne!(own, faulty);
    let before = tree(place.outside());
    let output = place.run(&[
        "lint",
        "--isolated",
        "--select",
        "U",
        "--fix",
        "--fix-output",
        "fixed",
        "../faulty.jsonl",
    ]);
    let after = tree(place.outside());
    let new: Vec<_> = after.iter().filter(|path| !before.contains(path)).collect();
    assert!(
        new.iter().all(|path| path.starts_with("project/fixed")),
        "{new:?} {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn tree(root: &Path) -> Vec<String> {
    fn walk(root: &Path, at: &Path, out: &mut Vec<String>) {
        for entry in std::fs::read_dir(at).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            out.push(path.strip_prefix(root).unwrap().display().to_string());
            if entry.file_type().unwrap().is_dir() {
                walk(root, &path, out);
            }
        }
    }
    let mut out = Vec::new();
    walk(root, root, &mut out);
    out.retain(|path| path != "project/corpus.toml");
    out.sort();
    out
}
