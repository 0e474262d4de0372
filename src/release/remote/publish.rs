//! A release to a remote. What was interrupted is taken up again: a file that is there is compared by size
//! and SHA-256, never trusted and never replaced.

use super::{Remote, Wanted, copy_checked, wanted};
use crate::release::commit::{self, Lock, TEMP_PREFIX};
use crate::release::manifest::Manifest;
use crate::release::plan::{IndexLine, latest, read_index};
use crate::release::verify::hash_file;
use crate::release::{Error, Result, hex, signature};
use std::path::Path;

/// What a publication did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Files that were sent.
    pub sent: u64,
    /// Files that were there.
    pub kept: u64,
    /// Whether the remote lists the version since now.
    pub listed: bool,
}

/// Publishes the release in `directory`, which has been verified.
///
/// # Errors
/// I/O; a refusal: the release is not on top of what the remote holds, or a file is there with other bytes.
pub fn publish(directory: &Path, remote: &Remote) -> Result<Published> {
    #[cfg(feature = "cloud")]
    if remote.is_store() {
        return super::cloud::publish(directory, remote);
    }
    let (manifest, manifest_sha256) = Manifest::read(directory)?;
    let lock = Lock::acquire(&remote.root, true)?;
    let lines = remote.index()?;
    let own = line(directory, &manifest, &manifest_sha256)?;
    match lines.iter().find(|line| line.version == own.version) {
        Some(there) => remote.same(there, &own)?,
        None => on_top(remote, &lines, &manifest)?,
    }
    let name = directory.file_name().unwrap_or_default();
    let target = remote.root.join(name);
    let mut done = Published {
        sent: 0,
        kept: 0,
        listed: false,
    };
    let mut files = wanted(&manifest, &manifest_sha256);
    let last = Wanted {
        path: "manifest.json".to_owned(),
        bytes: fs_err::metadata(directory.join("manifest.json"))?.len(),
        sha256: hex(&manifest_sha256),
    };
    if directory.join(signature::FILE).is_file() {
        let (bytes, sha256) = hash_file(&directory.join(signature::FILE))?;
        files.push(Wanted {
            path: signature::FILE.to_owned(),
            bytes,
            sha256: hex(&sha256),
        });
    }
    for file in files.iter().chain([&last]) {
        if put(
            &remote.root,
            &directory.join(&file.path),
            &target.join(&file.path),
            file,
        )? {
            done.sent += 1;
        } else {
            done.kept += 1;
        }
    }
    commit::sync_tree(&target)?;
    commit::sync_directory(&remote.root)?;
    if !read_index(&remote.root)?
        .iter()
        .any(|line| line.version == own.version)
    {
        commit::append_index(&remote.root, &own, &mut |_| Ok(()))?;
        done.listed = true;
    }
    drop(lock);
    Ok(done)
}

/// The line of the release in the index beside it: it may be yanked there.
pub(super) fn line(directory: &Path, manifest: &Manifest, sha256: &[u8; 32]) -> Result<IndexLine> {
    let known = match directory.parent() {
        Some(releases) => read_index(releases)?,
        None => Vec::new(),
    };
    let known = known.into_iter().find(|line| line.version == manifest.version);
    Ok(known
        .filter(|line| line.manifest_sha256 == hex(sha256))
        .unwrap_or_else(|| IndexLine::of(manifest, sha256)))
}

/// The remote's latest release must be the one that this release was made on.
pub(super) fn on_top(remote: &Remote, lines: &[IndexLine], manifest: &Manifest) -> Result<()> {
    let latest = latest(lines)?.map(|(_, line)| line);
    let what = match (&manifest.previous, latest) {
        (None, None) => return Ok(()),
        (Some(previous), Some(line)) if previous.version == line.version => {
            if line.was(&previous.manifest_sha256) {
                return Ok(());
            }
            format!(
                "holds another release {} than the one that {} was made on",
                line.version, manifest.version
            )
        }
        (Some(previous), None) => format!(
            "holds no release, and {} was made on {}: publish that first",
            manifest.version, previous.version
        ),
        (Some(previous), Some(line)) => format!(
            "holds {} as its latest, and {} was made on {}: pull or publish what is between",
            line.version, manifest.version, previous.version
        ),
        (None, Some(line)) => format!(
            "holds {}, and {} was made as a first release",
            line.version, manifest.version
        ),
    };
    Err(Error::Refused(format!("{} {what}", remote.url)))
}

/// Creates one file and reads it back. Gives whether it was not there.
fn put(root: &Path, from: &Path, to: &Path, file: &Wanted) -> Result<bool> {
    let there = |to: &Path| -> Result<bool> {
        let (bytes, sha256) = hash_file(to)?;
        Ok(bytes == file.bytes && hex(&sha256) == file.sha256)
    };
    if fs_err::symlink_metadata(to).is_ok() {
        if there(to)? {
            return Ok(false);
        }
        return Err(Error::Refused(format!(
            "{} is there with other bytes; what is published is never replaced",
            to.display()
        )));
    }
    let temp = root.join(format!("{TEMP_PREFIX}put"));
    copy_checked(from, &temp, file)?;
    if let Some(parent) = to.parent() {
        fs_err::create_dir_all(parent)?;
    }
    commit::rename_new(&temp, to)?;
    if !there(to)? {
        return Err(Error::corrupt(to, "is not what was written to it"));
    }
    Ok(true)
}
