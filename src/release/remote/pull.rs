//! A release from a remote: every byte is compared with the manifest, and the manifest with the index, before
//! anything is in its place.

use super::{Remote, Wanted, copy_checked, wanted};
use crate::release::commit::{self, Lock, TEMP_PREFIX};
use crate::release::manifest::Manifest;
use crate::release::plan::{IndexLine, directory_name, latest, parse_version, read_index};
use crate::release::writer::Staged;
use crate::release::{Error, Result, hex, signature};
use std::path::{Path, PathBuf};

/// Longest signature that is taken.
const SIGNATURE_BYTES: u64 = 64 << 10;

/// Which rows to take; without a restriction all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Only this config.
    pub config: Option<String>,
    /// Only this split.
    pub split: Option<String>,
}

impl Part {
    /// Whether this is a whole release.
    #[must_use]
    pub const fn is_all(&self) -> bool {
        self.config.is_none() && self.split.is_none()
    }

    /// Shards and documents; of a part, no state: the next release needs all of it.
    pub(super) fn files(&self, manifest: &Manifest, all: Vec<Wanted>) -> Result<Vec<Wanted>> {
        if self.is_all() {
            return Ok(all);
        }
        let fits = |asked: &Option<String>, name: &str| asked.as_deref().is_none_or(|asked| asked == name);
        let shards: Vec<&str> = manifest
            .shards()
            .filter(|(config, split, _)| fits(&self.config, config) && fits(&self.split, split))
            .map(|(_, _, shard)| shard.path.as_str())
            .collect();
        if shards.is_empty() {
            let names = manifest.configs.iter().flat_map(|config| {
                let splits = config.splits.iter();
                splits.map(move |split| format!("{}/{}", config.name, split.name))
            });
            let names: Vec<String> = names.collect();
            return Err(Error::Invalid(format!(
                "{} has no such part; it has {}",
                manifest.version,
                names.join(", ")
            )));
        }
        let wanted = all.into_iter().filter(|file| {
            let below = |folder: &str| file.path.starts_with(folder);
            shards.contains(&file.path.as_str())
                || !(below("data/") || below("state/") || below("signals/") || below("diff/"))
        });
        Ok(wanted.collect())
    }
}

/// What was pulled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    /// Where it stands.
    pub directory: PathBuf,
    /// Its version.
    pub version: String,
    /// Files that were fetched; none when it was here.
    pub files: u64,
}

/// Pulls `version` (by default the latest that is not yanked) into the directory `releases`. A whole
/// release becomes one of the directory's; a part stands there for itself, in no index.
///
/// # Errors
/// I/O; no such version; bytes that are not what the manifest or the index says; a refusal: the index here
/// says something else.
pub fn pull(remote: &Remote, version: Option<&str>, part: &Part, releases: &Path) -> Result<Pulled> {
    #[cfg(feature = "cloud")]
    if remote.is_store() {
        return super::cloud::pull(remote, version, part, releases);
    }
    take(remote, version, part, releases, None)
}

/// [`pull`] from a directory, under a lock that is held already or under its own.
pub(super) fn take(
    remote: &Remote,
    version: Option<&str>,
    part: &Part,
    releases: &Path,
    held: Option<&Lock>,
) -> Result<Pulled> {
    let lines = remote.index()?;
    let line = choose(remote, &lines, version)?;
    let (manifest, sha256, source) = read(remote, line)?;
    let version = parse_version(&manifest.version)?;
    let name = directory_name(&manifest.name, &version);
    let files = part.files(&manifest, wanted(&manifest, &sha256))?;
    let done = |files: u64| Pulled {
        directory: releases.join(&name),
        version: manifest.version.clone(),
        files,
    };
    let own;
    let lock = match held {
        Some(lock) => lock,
        None => {
            own = Lock::acquire(releases, true)?;
            &own
        }
    };
    let known = read_index(releases)?;
    if part.is_all() {
        for line in &known {
            match lines.iter().find(|there| there.version == line.version) {
                Some(there) => remote.same(there, line)?,
                None => {
                    return Err(Error::Refused(format!(
                        "{} lists {}, which {} does not: publish it, or pull into another directory with --out",
                        releases.display(),
                        line.version,
                        remote.url
                    )));
                }
            }
        }
    }
    if fs_err::symlink_metadata(releases.join(&name)).is_ok() {
        if part.is_all() && known.iter().any(|known| known.version == line.version) {
            return Ok(done(0));
        }
        return Err(Error::Refused(format!(
            "{} is there already; pull into another directory with --out",
            releases.join(&name).display()
        )));
    }
    let temp = tempfile::Builder::new()
        .prefix(TEMP_PREFIX)
        .tempdir_in(releases)?;
    let root = temp.path().join("release");
    fs_err::create_dir(&root)?;
    for file in &files {
        copy_checked(&source.join(&file.path), &root.join(&file.path), file)?;
    }
    fs_err::copy(source.join("manifest.json"), root.join("manifest.json"))?;
    if crate::release::sha256(&fs_err::read(root.join("manifest.json"))?) != sha256 {
        return Err(Error::corrupt(
            &source.join("manifest.json"),
            "changed while it was read",
        ));
    }
    let signed = source.join(signature::FILE);
    if fs_err::metadata(&signed).is_ok_and(|facts| facts.is_file() && facts.len() <= SIGNATURE_BYTES) {
        fs_err::copy(&signed, root.join(signature::FILE))?;
    }
    let count = files.len() as u64 + 1;
    if !part.is_all() {
        commit::sync_tree(&root)?;
        commit::rename_new(&root, &releases.join(&name))?;
        return Ok(done(count));
    }
    // What came before it belongs to its history, whether its bytes are here or not.
    let before = lines.iter().take_while(|there| there.version != line.version);
    for there in before.filter(|there| !known.iter().any(|known| known.version == there.version)) {
        commit::append_index(releases, there, &mut |_| Ok(()))?;
    }
    let staged = Staged {
        temp,
        root,
        audit: None,
        directory_name: name.clone(),
        releases: releases.to_owned(),
        manifest: manifest.clone(),
        manifest_sha256: sha256,
    };
    staged.commit(lock)?;
    Ok(done(count))
}

pub(super) fn choose<'l>(
    remote: &Remote,
    lines: &'l [IndexLine],
    version: Option<&str>,
) -> Result<&'l IndexLine> {
    if let Some(version) = version {
        let line = lines.iter().find(|line| line.version == version);
        return line.ok_or_else(|| Error::Refused(format!("{} holds no {version}", remote.url)));
    }
    let shown: Vec<IndexLine> = lines.iter().filter(|line| !line.yanked).cloned().collect();
    let newest = latest(&shown)?.map(|(version, _)| version.to_string());
    let line = newest.and_then(|newest| lines.iter().find(|line| line.version == newest));
    line.ok_or_else(|| Error::Refused(format!("{} holds no release", remote.url)))
}

/// The manifest that the index names, checked, and the directory that it stands in.
fn read(remote: &Remote, line: &IndexLine) -> Result<(Manifest, [u8; 32], PathBuf)> {
    let version = parse_version(&line.version)?;
    let ends = format!("-v{version}");
    for entry in fs_err::read_dir(&remote.root)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.ends_with(&ends)) else {
            continue;
        };
        let directory = entry.path();
        if !directory.join("manifest.json").is_file() {
            continue;
        }
        let (manifest, sha256) = Manifest::read(&directory)?;
        if hex(&sha256) == line.manifest_sha256 && directory_name(&manifest.name, &version) == name {
            return Ok((manifest, sha256, directory));
        }
        return Err(Error::corrupt(
            &directory.join("manifest.json"),
            "is not the manifest that index.jsonl names",
        ));
    }
    Err(Error::corrupt(
        &remote.root.join("index.jsonl"),
        format!("lists {version}, which is not there"),
    ))
}
