//! Signatures of releases, made and checked by `ssh-keygen`: it knows agents, hardware keys, certificates,
//! revocation and the passphrase prompt.

use super::Failure;
use crate::release::signature::{FILE, NAMESPACE};
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a signature says about a manifest.
#[derive(Debug)]
pub(crate) enum Signed {
    /// By whom, and with which key.
    By(String),
    /// Why it does not count.
    Not(String),
}

/// Whether `--sign KEY` can work, as far as that can be known before the work is done.
pub(crate) fn can_sign(key: &Path) -> Result<(), Failure> {
    if !key.is_file() {
        return Err(
            Failure::new(format!("--sign: `{}` is not a file", key.display())).hint(
                "name a private key, or the public half of one that ssh-agent holds; \
                 `ssh-keygen -t ed25519 -f KEY` makes a pair",
            ),
        );
    }
    // Without an action it only says how it is used; what counts is that it is there.
    run(&[OsStr::new("-Y")], None).map(drop)
}

/// Signs the manifest in `directory`.
pub(crate) fn sign(key: &Path, directory: &Path) -> Result<(), Failure> {
    let manifest = directory.join("manifest.json");
    let output = run(
        &[
            "-Y".as_ref(),
            "sign".as_ref(),
            "-n".as_ref(),
            NAMESPACE.as_ref(),
            "-f".as_ref(),
            key.as_os_str(),
            manifest.as_os_str(),
        ],
        None,
    )?;
    if output.status.success() && directory.join(FILE).is_file() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "ssh-keygen could not sign with `{}`: {}",
        key.display(),
        said(&output)
    )))
}

/// Checks the signature beside the manifest whose bytes are `manifest` against a file of allowed signers.
pub(crate) fn check(directory: &Path, manifest: &[u8], signers: &Path) -> Result<Signed, Failure> {
    if !signers.is_file() {
        return Err(
            Failure::new(format!("--signers: `{}` is not a file", signers.display())).hint(
                "each line is a name and a public key: `archive@newsroom.example ssh-ed25519 AAAA…` \
                 (ALLOWED SIGNERS in `man ssh-keygen`)",
            ),
        );
    }
    let signature = directory.join(FILE);
    if !signature.is_file() {
        return Ok(Signed::Not("is missing: the release is not signed".to_owned()));
    }
    let found = run(
        &[
            "-Y".as_ref(),
            "find-principals".as_ref(),
            "-s".as_ref(),
            signature.as_os_str(),
            "-f".as_ref(),
            signers.as_os_str(),
        ],
        None,
    )?;
    let names = String::from_utf8_lossy(&found.stdout).into_owned();
    if !found.status.success() || names.trim().is_empty() {
        return Ok(Signed::Not(format!(
            "is by nobody that {} lists: {}",
            signers.display(),
            said(&found)
        )));
    }
    let mut why = String::new();
    for name in names.lines() {
        let output = run(
            &[
                "-Y".as_ref(),
                "verify".as_ref(),
                "-n".as_ref(),
                NAMESPACE.as_ref(),
                "-I".as_ref(),
                name.as_ref(),
                "-s".as_ref(),
                signature.as_os_str(),
                "-f".as_ref(),
                signers.as_os_str(),
            ],
            Some(manifest),
        )?;
        if output.status.success() {
            return Ok(Signed::By(by(name, &String::from_utf8_lossy(&output.stdout))));
        }
        why = said(&output);
    }
    Ok(Signed::Not(format!("is not a signature of this manifest: {why}")))
}

/// The name and the key out of `Good "…" signature for NAME with ED25519 key SHA256:…`.
fn by(name: &str, sentence: &str) -> String {
    match sentence.trim().rsplit_once(" with ") {
        Some((_, key)) => format!("{name} ({key})"),
        None => name.to_owned(),
    }
}

fn run(args: &[&OsStr], input: Option<&[u8]>) -> Result<Output, Failure> {
    let mut command = Command::new("ssh-keygen");
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Its sentences are shown, and one is read.
    command.env("LC_ALL", "C");
    command.stdin(if input.is_some() {
        Stdio::piped()
    } else {
        Stdio::inherit()
    });
    let missing = |error: std::io::Error| {
        if error.kind() != std::io::ErrorKind::NotFound {
            return Failure::new(format!("ssh-keygen: {error}"));
        }
        Failure::new("ssh-keygen is not installed, and signatures are made and checked with it")
            .hint("install OpenSSH 8.2 or newer (Debian: `apt install openssh-client`)")
    };
    let mut child = command.spawn().map_err(missing)?;
    if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
        // One that stops reading early has made up its mind, and says so by its status.
        let _ = stdin.write_all(input);
    }
    Ok(child.wait_with_output()?)
}

/// What it said, on one line.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() {
        output.status.to_string()
    } else {
        lines.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::by;

    #[test]
    fn the_sentence_of_a_good_signature() {
        let sentence = "Good \"corpus-release\" signature for desk with a view with ED25519 key SHA256:abc\n";
        assert_eq!(
            by("desk with a view", sentence),
            "desk with a view (ED25519 key SHA256:abc)"
        );
        assert_eq!(by("desk", ""), "desk");
    }
}
