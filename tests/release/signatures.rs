//! Signatures: what the tool signs, `ssh-keygen` verifies, and the other way round.

use super::project::{Project, Run, snapshot, sums};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const WHO: &str = "archive@river.example";

/// A key pair `name` and a file `name.signers` that lists it.
fn key(project: &Project, name: &str) -> PathBuf {
    let key = project.path(name);
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"])
        .arg(&key)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    project.write(&format!("{name}.signers"), format!("{WHO} {public}"));
    key
}

fn project() -> Project {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..20);
    project
}

fn sign_by_hand(key: &Path, namespace: &str, release: &Path) {
    let _ = std::fs::remove_file(release.join("manifest.json.sig"));
    let signed = Command::new("ssh-keygen")
        .args(["-Y", "sign", "-n", namespace, "-f"])
        .arg(key)
        .arg(release.join("manifest.json"))
        .output()
        .unwrap();
    assert!(
        signed.status.success(),
        "{}",
        String::from_utf8_lossy(&signed.stderr)
    );
}

fn verify(project: &Project, release: &Path, signers: &str) -> Run {
    let mut command = project.command();
    command.arg("verify").arg(release);
    Run::of(command.args(["--signers", signers]).output().unwrap())
}

#[test]
fn what_is_signed_here_ssh_keygen_verifies() {
    let project = project();
    let key = key(&project, "desk");
    project
        .run(&["release", "1.0.0", "--sign", key.to_str().unwrap()])
        .ok();
    let release = project.released("1.0.0");
    let by_hand = Command::new("ssh-keygen")
        .args(["-Y", "verify", "-n", "corpus-release", "-I", WHO, "-f"])
        .arg(project.path("desk.signers"))
        .arg("-s")
        .arg(release.join("manifest.json.sig"))
        .stdin(Stdio::from(File::open(release.join("manifest.json")).unwrap()))
        .output()
        .unwrap();
    assert!(
        by_hand.status.success(),
        "{}",
        String::from_utf8_lossy(&by_hand.stderr)
    );

    let said = verify(&project, &release, "desk.signers").ok();
    let last = said.out.lines().last().unwrap().to_owned();
    let start = format!("integrity: ok · authenticity: signed by {WHO} (ED25519 key SHA256:");
    assert!(last.starts_with(&start), "{last}");
    // Without a file of signers nothing is claimed.
    let said = project.run(&["verify", release.to_str().unwrap()]).ok();
    assert!(said.out.ends_with("authenticity: not checked\n"), "{}", said.out);

    // Signing changes no other byte, and is the same again.
    project.run(&["release", "1.0.0", "--out", "plain"]).ok();
    let plain = project.path("plain/river-v1.0.0");
    assert_eq!(sums(&plain), sums(&release));
    let again = [
        "release",
        "1.0.0",
        "--out",
        "again",
        "--sign",
        key.to_str().unwrap(),
    ];
    project.run(&again).ok();
    assert_eq!(snapshot(&project.path("again/river-v1.0.0")), snapshot(&release));
}

#[test]
fn what_ssh_keygen_signs_is_verified_here_and_nothing_else_is() {
    let project = project();
    let (desk, other) = (key(&project, "desk"), key(&project, "other"));
    let release = project.release("1.0.0");
    let fails = |words: &[&str]| {
        let said = verify(&project, &release, "desk.signers");
        assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
        assert!(said.out.ends_with("authenticity: FAILED\n"), "{}", said.out);
        for word in words {
            assert!(said.out.contains(word), "`{word}` is not in: {}", said.out);
        }
    };
    fails(&["manifest.json.sig: is missing"]);
    sign_by_hand(&desk, "corpus-release", &release);
    verify(&project, &release, "desk.signers").ok();

    sign_by_hand(&other, "corpus-release", &release);
    fails(&["manifest.json.sig: is by nobody that desk.signers lists"]);
    sign_by_hand(&desk, "file", &release);
    fails(&["is not a signature of this manifest"]);
    project.write("garbage.sig", "not a signature");
    std::fs::copy(project.path("garbage.sig"), release.join("manifest.json.sig")).unwrap();
    fails(&["manifest.json.sig: "]);

    // A manifest that says something else, though every hash were put right.
    sign_by_hand(&desk, "corpus-release", &release);
    let manifest = release.join("manifest.json");
    let text = std::fs::read_to_string(&manifest)
        .unwrap()
        .replace("CC-BY-4.0", "CC0-1.0");
    std::fs::remove_file(&manifest).unwrap();
    std::fs::write(&manifest, text).unwrap();
    fails(&["is not a signature of this manifest", "integrity: FAILED"]);
}

#[test]
fn what_cannot_be_signed_is_not_released() {
    let project = project();
    project
        .run(&["release", "1.0.0", "--sign", "nowhere"])
        .fails(2, &["`nowhere` is not a file", "ssh-keygen -t ed25519"]);
    project.write("noise", "no key\n");
    project
        .run(&["release", "1.0.0", "--sign", "noise"])
        .fails(2, &["ssh-keygen could not sign with `noise`"]);
    let key = key(&project, "desk");
    let mut command = project.command();
    command
        .env("PATH", project.root())
        .args(["release", "1.0.0", "--sign"]);
    Run::of(command.arg(&key).output().unwrap()).fails(2, &["ssh-keygen is not installed", "openssh-client"]);
    let left = std::fs::read_dir(project.path("releases")).into_iter().flatten();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| name == ".lock"), "{left:?}");

    let release = project.release("1.0.0");
    verify(&project, &release, "nobody").fails(2, &["--signers: `nobody` is not a file"]);
}
