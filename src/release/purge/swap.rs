//! Two directories exchanged, and what a kill in between leaves put right.

use crate::release::commit::sync_directory;
use crate::release::manifest::Manifest;
use crate::release::plan::IndexLine;
use crate::release::{Result, hex};
use std::path::Path;

/// What the old directory is called for a moment, where the file system cannot exchange two.
const ASIDE: &str = ".purge-";

/// Puts `new` in the place of `old` and `old` in that of `new`, then syncs the directory of `old`.
pub(super) fn exchange(new: &Path, old: &Path) -> Result<()> {
    if !exchanged(new, old)? {
        let name = old.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let aside = old.with_file_name(format!("{ASIDE}{name}"));
        fs_err::rename(old, &aside)?;
        fs_err::rename(new, old)?;
        fs_err::rename(&aside, new)?;
    }
    old.parent().map_or(Ok(()), sync_directory)
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchanged(new: &Path, old: &Path) -> Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(errno) => {
            let error = std::io::Error::from(errno);
            let what = format!(
                "failed to exchange `{}` and `{}`: {error}",
                new.display(),
                old.display()
            );
            Err(std::io::Error::new(error.kind(), what).into())
        }
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn exchanged(_new: &Path, _old: &Path) -> Result<bool> {
    Ok(false)
}

/// Brings back what stands aside; where the new one has its place already, what stands aside goes.
pub(in crate::release) fn restore(releases: &Path) -> Result<()> {
    for entry in fs_err::read_dir(releases)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().and_then(|name| name.strip_prefix(ASIDE)) else {
            continue;
        };
        let place = releases.join(name);
        if place.exists() {
            fs_err::remove_dir_all(entry.path())?;
        } else {
            fs_err::rename(entry.path(), place)?;
        }
    }
    Ok(())
}

/// The line of a version whose purge was killed between its exchange and the index.
pub(in crate::release) fn finish(
    line: &IndexLine,
    manifest: &Manifest,
    sha256: &[u8; 32],
) -> Option<IndexLine> {
    let purges = &manifest.takedown.as_ref()?.purges;
    let last = purges.last()?;
    let follows = purges.iter().any(|purge| purge.replaced == line.manifest_sha256);
    if !follows || hex(sha256) == line.manifest_sha256 {
        return None;
    }
    Some(IndexLine {
        manifest_sha256: hex(sha256),
        content_id: manifest.content_id.clone(),
        purged_at: Some(last.at.clone()),
        replaced: purges.iter().map(|purge| purge.replaced.clone()).collect(),
        ..line.clone()
    })
}
