//! What git knows about files, asked from the `git` command where there is one.

use super::Failure;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn git(directory: &Path, args: &[&str]) -> Option<Vec<u8>> {
    let output = Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(args)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then_some(output.stdout)
}

/// Whether the directory is inside a git work tree.
pub(crate) fn inside_work_tree(directory: &Path) -> bool {
    git(directory, &["rev-parse", "--is-inside-work-tree"]).is_some_and(|out| out.starts_with(b"true"))
}

/// The commit that is checked out, if any.
pub(crate) fn head(directory: &Path) -> Option<String> {
    let out = git(directory, &["rev-parse", "HEAD"])?;
    String::from_utf8(out).ok().map(|text| text.trim().to_owned())
}

/// Those of `paths` that git does not track or that have uncommitted changes. Empty outside a
/// repository.
pub(crate) fn dirty(directory: &Path, paths: &[PathBuf]) -> Vec<PathBuf> {
    let directory = if directory.as_os_str().is_empty() {
        Path::new(".")
    } else {
        directory
    };
    if !inside_work_tree(directory) {
        return Vec::new();
    }
    paths
        .iter()
        .filter(|path| {
            let Ok(absolute) = std::path::absolute(path) else {
                return true;
            };
            let Some(text) = absolute.to_str() else {
                return true;
            };
            let tracked = git(directory, &["ls-files", "--error-unmatch", "--", text]).is_some();
            let clean =
                git(directory, &["status", "--porcelain", "--", text]).is_some_and(|out| out.is_empty());
            !(tracked && clean)
        })
        .cloned()
        .collect()
}

/// Files changed since a revision, untracked ones included, as absolute paths.
pub(crate) fn changed_since(directory: &Path, revision: &str) -> Result<Vec<PathBuf>, Failure> {
    if revision.starts_with('-') {
        return Err(Failure::new(format!("`{revision}` is not a git revision")));
    }
    let top = git(directory, &["rev-parse", "--show-toplevel"])
        .and_then(|out| String::from_utf8(out).ok())
        .ok_or_else(|| Failure::new("`--since` needs a git repository and the `git` command"))?;
    let top = PathBuf::from(top.trim_end());
    let changed = git(&top, &["diff", "--name-only", "-z", revision, "--"])
        .ok_or_else(|| Failure::new(format!("git does not know the revision `{revision}`")))?;
    let untracked = git(&top, &["ls-files", "--others", "--exclude-standard", "-z"]).unwrap_or_default();
    Ok(changed
        .split(|byte| *byte == 0)
        .chain(untracked.split(|byte| *byte == 0))
        .filter(|name| !name.is_empty())
        .map(|name| top.join(String::from_utf8_lossy(name).as_ref()))
        .collect())
}
