//! `corpus verify` sees what readers do not.

use super::project::{Project, copy, snapshot};
use corpus::release::verify::{VerifyOptions, verify};
use std::path::{Path, PathBuf};

fn problems(release: &Path) -> Vec<String> {
    match verify(release, VerifyOptions::default()) {
        Ok(report) => report
            .problems
            .iter()
            .map(|p| format!("{}: {}", p.path, p.what))
            .collect(),
        Err(error) => vec![error.to_string()],
    }
}

/// A release somewhere else than where it was made, its files writable.
fn moved() -> (tempfile::TempDir, PathBuf) {
    let project = Project::newsroom();
    let release = project.release("1.0.0");
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("newsroom-v1.0.0");
    copy(&release, &target);
    (elsewhere, target)
}

#[test]
fn a_copy_elsewhere_verifies_and_every_damage_to_every_file_is_found() {
    let (_elsewhere, release) = moved();
    assert_eq!(problems(&release), [""; 0]);
    let files = snapshot(&release);
    assert!(files.len() >= 12, "{:?}", files.keys());
    for (name, bytes) in &files {
        let path = release.join(name);
        let found = |what: &str, damaged: &[u8]| {
            std::fs::write(&path, damaged).unwrap();
            assert!(
                !problems(&release).is_empty(),
                "{}: {what} was not found",
                name.display()
            );
        };
        // Bits all over the file, both ends included; a different one each time.
        let steps = 12;
        for step in 0..=steps {
            let at = (bytes.len() - 1) * step / steps;
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (step % 8);
            found(&format!("a flipped bit in byte {at}"), &damaged);
        }
        found("a missing last byte", &bytes[..bytes.len() - 1]);
        found("a missing half", &bytes[..bytes.len() / 2]);
        found("a byte too many", &[bytes.as_slice(), b"\n"].concat());
        found("nothing in it", b"");
        std::fs::remove_file(&path).unwrap();
        assert!(
            !problems(&release).is_empty(),
            "{} is missing, unnoticed",
            name.display()
        );
        std::fs::write(&path, bytes).unwrap();
    }
    assert_eq!(problems(&release), [""; 0]);
}

#[test]
fn swapped_added_and_linked_files_are_found() {
    let (_elsewhere, release) = moved();
    let of = |name: &str| release.join(name);
    for (a, b) in [
        ("data/train/train-00000.parquet", "data/test/test-00000.parquet"),
        ("state/train-00000.parquet", "state/test-00000.parquet"),
        ("README.md", "LICENSE"),
    ] {
        let (one, other) = (std::fs::read(of(a)).unwrap(), std::fs::read(of(b)).unwrap());
        std::fs::write(of(a), &other).unwrap();
        std::fs::write(of(b), &one).unwrap();
        let found = problems(&release);
        assert!(
            found.iter().any(|p| p.starts_with(a)) && found.iter().any(|p| p.starts_with(b)),
            "{found:?}"
        );
        std::fs::write(of(a), &one).unwrap();
        std::fs::write(of(b), &other).unwrap();
    }
    for extra in ["data/train/train-00001.parquet", "notes.txt", "data/.hidden"] {
        std::fs::write(of(extra), b"").unwrap();
        assert!(problems(&release).iter().any(|p| p.starts_with(extra)), "{extra}");
        std::fs::remove_file(of(extra)).unwrap();
    }
    std::fs::create_dir(of("empty")).unwrap();
    assert_eq!(problems(&release).len(), 1);
    std::fs::remove_dir(of("empty")).unwrap();
    #[cfg(unix)]
    {
        let away = release.with_file_name("card");
        std::fs::rename(of("README.md"), &away).unwrap();
        std::os::unix::fs::symlink(&away, of("README.md")).unwrap();
        assert!(!problems(&release).is_empty());
        std::fs::remove_file(of("README.md")).unwrap();
        std::fs::rename(&away, of("README.md")).unwrap();
    }
    assert_eq!(problems(&release), [""; 0]);
}

#[test]
fn the_command_says_what_is_wrong_and_where() {
    let project = Project::newsroom();
    let release = project.release("1.0.0");
    let path = release.to_str().unwrap();
    let run = project.run(&["verify", path]).ok();
    assert!(
        run.out.ends_with("integrity: ok · authenticity: not checked\n"),
        "{}",
        run.out
    );
    // The audit beside the release and the index count too.
    let audit = project.path("releases/newsroom-v1.0.0.audit/counts.json");
    let elsewhere = project.path("counts.json");
    std::fs::rename(&audit, &elsewhere).unwrap();
    let run = project.run(&["verify", path]);
    assert!(
        run.code == Some(1) && run.out.contains("counts.json"),
        "{}",
        run.out
    );
    std::fs::rename(&elsewhere, &audit).unwrap();
    let index = project.path("releases/index.jsonl");
    let line = std::fs::read_to_string(&index).unwrap();
    std::fs::write(
        &index,
        line.replace("\"manifest_sha256\":\"", "\"manifest_sha256\":\"0"),
    )
    .unwrap();
    let run = project.run(&["verify", path, "-f", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, report["ok"].as_bool()), (Some(1), Some(false)));
    assert_eq!(report["problems"][0]["path"], "../index.jsonl");
    std::fs::write(&index, line).unwrap();
    let pinned = "0".repeat(64);
    let run = project.run(&["verify", path, "--manifest-sha256", &pinned]);
    assert!(
        run.code == Some(1) && run.out.contains("manifest.json"),
        "{}",
        run.out
    );
    project
        .run(&["verify", "nowhere"])
        .fails(2, &["`nowhere` is not a directory"]);
}

#[test]
fn a_manifest_of_an_unknown_version_is_refused() {
    let (_elsewhere, release) = moved();
    let path = release.join("manifest.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let newer = text.replacen("\"manifest_version\": 1", "\"manifest_version\": 999", 1);
    assert_ne!(newer, text);
    std::fs::write(&path, newer).unwrap();
    let said = problems(&release);
    assert!(
        said.iter()
            .any(|what| what.contains("manifest version 999") && what.contains("use a newer one")),
        "{said:?}"
    );
}

/// The checksums are those of the standard tool.
#[test]
fn sha256sum_agrees() {
    let (_elsewhere, release) = moved();
    let Ok(output) = std::process::Command::new("sha256sum")
        .args(["--quiet", "--strict", "-c", "SHA256SUMS"])
        .current_dir(&release)
        .output()
    else {
        println!("skipped: there is no sha256sum here");
        return;
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let listed = super::project::sums(&release).lines().count();
    assert_eq!(listed, snapshot(&release).len() - 1);
}
