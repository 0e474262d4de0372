//! What was taken down, out of releases that are there already: the one exception to their never changing.
//!
//! Each version that holds something of it is made anew beside itself, without the rows and without any
//! word of them in its tables, and exchanged with itself by one rename; then its line in the index gets the
//! new hash, `purged_at`, and the hash that was replaced. Whatever a kill leaves is the old or the new
//! release; the next holder of the lock mends the index, and the next purge does the rest.

mod swap;
mod tables;
mod version;

pub(super) use swap::{finish, restore};

use super::commit::{Lock, TEMP_PREFIX, sync_tree};
use super::manifest::{File, Manifest, Shard};
use super::plan::{IndexLine, read_index};
use super::released::{Names, Row};
use super::shard::WriteOptions;
use super::takedown::{Matcher, Tombstones};
use super::writer::Facts;
use super::{Error, Result, hex};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use version::New;

/// A purge.
pub struct Purge<'a> {
    /// The directory of releases; the lock on it is held.
    pub lock: &'a Lock,
    /// Name of the dataset: other releases that may stand there are somebody else's.
    pub name: &'a str,
    /// What is taken down.
    pub tombstones: &'a Tombstones,
    /// The same, ready.
    pub matcher: &'a Matcher,
    /// Whether a row was taken down.
    pub taken: &'a mut dyn FnMut(&Row<'_>) -> bool,
    /// The columns by their part.
    pub names: &'a Names,
    /// How tables are written; what a release fixed of it is taken from there.
    pub options: &'a WriteOptions,
    /// What documents say besides.
    pub facts: &'a Facts,
    /// The time, RFC 3339.
    pub at: &'a str,
    /// Releases that are purged already: what the directory holds of them too becomes what they are.
    pub twin: Option<&'a Path>,
}

/// A version that was rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purged {
    /// Version.
    pub version: String,
    /// Rows that went.
    pub rows: u64,
}

/// Shards that were rewritten, by the hash they had: releases share them.
type Known = BTreeMap<String, (Option<(Shard, File)>, PathBuf, BTreeSet<String>)>;

impl Purge<'_> {
    /// Rewrites every version in the directory that needs it, oldest first.
    ///
    /// # Errors
    /// I/O; a version that would be empty, or whose data is not there.
    pub fn run(&mut self) -> Result<Vec<Purged>> {
        let releases = self.lock.releases().to_owned();
        let mut done = Vec::new();
        let mut known = Known::new();
        for line in read_index(&releases)? {
            let version = super::plan::parse_version(&line.version)?;
            let directory = releases.join(super::plan::directory_name(self.name, &version));
            if directory.join("manifest.json").is_file() {
                done.extend(self.version(&directory, &line, &mut known)?);
            }
        }
        Ok(done)
    }

    fn version(&mut self, directory: &Path, line: &IndexLine, known: &mut Known) -> Result<Option<Purged>> {
        let (manifest, replaced) = Manifest::read(directory)?;
        if hex(&replaced) != line.manifest_sha256 {
            let what = "is not the manifest that index.jsonl names; run `corpus verify` on this release";
            return Err(Error::corrupt(&directory.join("manifest.json"), what));
        }
        let temp = tempfile::Builder::new()
            .prefix(TEMP_PREFIX)
            .tempdir_in(self.lock.releases())?;
        if let Some(twin) = self.twin_of(directory, line)? {
            return match twin {
                Twin::Same => Ok(None),
                Twin::Newer(from, manifest, sha) => {
                    let root = temp.path().join("release");
                    super::remote::copy_release(&from, &root, &manifest, &sha)?;
                    let purges = manifest.takedown.iter().flat_map(|takedown| &takedown.purges);
                    let rows = purges.skip(line.replaced.len()).map(|purge| purge.rows).sum();
                    sync_tree(&root)?;
                    swap::exchange(&root, directory)?;
                    if let Some(line) = swap::finish(line, &manifest, &sha) {
                        self.lock.replace_line(&line)?;
                    }
                    temp.close()?;
                    Ok(Some(Purged {
                        version: manifest.version,
                        rows,
                    }))
                }
            };
        }
        let mut new = New {
            from: directory,
            root: temp.path().join("release"),
            audit: None,
            options: options(self.options, &manifest),
            manifest,
            gone: BTreeSet::new(),
            rows: 0,
            touched: false,
        };
        fs_err::create_dir(&new.root)?;
        new.shards(self, known)?;
        new.tables(self.matcher)?;
        new.samples(self.matcher)?;
        new.sources(self.matcher)?;
        new.audit(self.matcher, temp.path())?;
        if !new.touched {
            return Ok(None);
        }
        let rows = new.rows;
        let sha = new.finish(self, &replaced)?;
        let line = IndexLine {
            manifest_sha256: hex(&sha),
            content_id: new.manifest.content_id.clone(),
            purged_at: Some(self.at.to_owned()),
            replaced: line.replaced.iter().cloned().chain([hex(&replaced)]).collect(),
            ..line.clone()
        };
        if let Some(audit) = &new.audit {
            sync_tree(audit)?;
            swap::exchange(audit, &super::plan::audit_beside(directory))?;
        }
        sync_tree(&new.root)?;
        swap::exchange(&new.root, directory)?;
        self.lock.replace_line(&line)?;
        // What was there goes with the temporary directory.
        temp.close()?;
        Ok(Some(Purged {
            version: line.version,
            rows,
        }))
    }
}

/// A release elsewhere that is purged.
enum Twin {
    /// Both are the same already.
    Same,
    /// Where it is, its manifest and the hash of that.
    Newer(PathBuf, Box<Manifest>, [u8; 32]),
}

impl Purge<'_> {
    /// The same version among releases that are purged.
    fn twin_of(&self, directory: &Path, line: &IndexLine) -> Result<Option<Twin>> {
        let Some(twin) = self.twin else { return Ok(None) };
        let there = twin.join(directory.file_name().unwrap_or_default());
        if !there.join("manifest.json").is_file() {
            return Ok(None);
        }
        let (manifest, sha) = Manifest::read(&there)?;
        if hex(&sha) == line.manifest_sha256 {
            return Ok(Some(Twin::Same));
        }
        let mut purges = manifest.takedown.iter().flat_map(|takedown| &takedown.purges);
        let follows = purges.any(|purge| purge.replaced == line.manifest_sha256);
        Ok(follows.then(|| Twin::Newer(there, Box::new(manifest), sha)))
    }
}

/// The settings that a release was written with.
fn options(now: &WriteOptions, manifest: &Manifest) -> WriteOptions {
    let then = &manifest.pipeline.parquet;
    WriteOptions {
        zstd_level: then.level,
        row_group_rows: usize::try_from(then.row_group_rows).unwrap_or(now.row_group_rows),
        row_group_bytes: then.row_group_bytes,
        shard_bytes: then.shard_bytes,
        ..now.clone()
    }
}
