//! Template lines in a release: committed, and named in the manifest.

use crate::project::{EPOCH, Project};
use sha2::{Digest, Sha256};
use std::process::Command;

const LINES: &str = "schema = \"corpus.template-lines/1\"\n";

fn git(project: &Project, args: &[&str]) {
    let output = Command::new("git")
        .current_dir(project.root())
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@t.example",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn release(project: &Project) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_corpus"))
        .current_dir(project.root())
        .args(["release", "1.0.0"])
        .env("SOURCE_DATE_EPOCH", EPOCH)
        .output()
        .unwrap();
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn template_lines_must_be_committed_and_are_recorded() {
    let project = Project::newsroom();
    git(&project, &["init", "-q"]);
    git(&project, &["add", "-A"]);
    git(&project, &["commit", "-qm", "articles"]);
    project.write("template_lines.toml", LINES);
    let (ok, said) = release(&project);
    assert!(!ok && said.contains("template_lines.toml"), "{said}");
    git(&project, &["add", "-A"]);
    git(&project, &["commit", "-qm", "lines"]);
    let (ok, said) = release(&project);
    assert!(ok, "{said}");
    let folder = std::fs::read_dir(project.path("releases")).unwrap();
    let manifest = folder
        .map(|entry| entry.unwrap().path().join("manifest.json"))
        .find(|path| path.exists())
        .unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(manifest).unwrap()).unwrap();
    let digest: String = Sha256::digest(LINES)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(manifest["pipeline"]["template_lines_sha256"], digest);
}
