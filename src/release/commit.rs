//! The commit protocol: a release is absent or complete, whatever happens in between.
//!
//! Under the lock: everything is written below `releases/.tmp-<random>/`; every file, then every
//! directory bottom-up, is synced; the audit is moved to its place, then the release by one rename
//! that never replaces anything; the parent is synced; last the index gets its line, by a synced
//! temporary file and a rename. Only a release in the index counts.
//!
//! What a kill leaves is put right by the next holder of the lock ([`Lock::acquire`]): before the
//! release's rename there are only temporary files and perhaps an audit without its release, both
//! removed; after it everything is complete but the index line, which is added.

use super::manifest::Manifest;
use super::plan::{IndexLine, parse_version, read_index};
use super::writer::Staged;
use super::{Error, Result};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Prefix of temporary names in a releases directory.
pub const TEMP_PREFIX: &str = ".tmp-";

/// Name of the lock file in a releases directory.
pub const LOCK_FILE: &str = ".lock";

/// The lock on a releases directory. It goes with the value, or with the process.
#[derive(Debug)]
pub struct Lock {
    releases: PathBuf,
    completed: Vec<String>,
    _file: fs_err::File,
}

impl Lock {
    /// Creates the directory where it is missing, takes the lock, and puts right what a killed run
    /// left. With `wait` it waits for another holder, else it is refused.
    ///
    /// # Errors
    /// I/O; a lock held by somebody else.
    pub fn acquire(releases: &Path, wait: bool) -> Result<Self> {
        fs_err::create_dir_all(releases)?;
        let path = releases.join(LOCK_FILE);
        let mut options = fs_err::OpenOptions::new();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)?;
        if !lock_file(&file, wait)? {
            let holder = fs_err::read_to_string(&path).unwrap_or_default();
            return Err(Error::Locked {
                directory: releases.to_owned(),
                holder: holder.trim().to_owned(),
            });
        }
        file.set_len(0)?;
        writeln!(file, "pid {} on {}", std::process::id(), host())?;
        let mut lock = Self {
            releases: releases.to_owned(),
            completed: Vec::new(),
            _file: file,
        };
        lock.recover()?;
        Ok(lock)
    }

    /// Versions that a killed run had completed but for their index line, which they have now.
    #[must_use]
    pub fn completed(&self) -> &[String] {
        &self.completed
    }

    /// Hides a version: its line in the index says so and why. Its files stay as they are.
    ///
    /// # Errors
    /// I/O; a version that is not in the index.
    pub fn yank(&self, version: &str, reason: &str) -> Result<()> {
        let mut index = read_index(&self.releases)?;
        let Some(line) = index.iter_mut().find(|line| line.version == version) else {
            let directory = self.releases.display();
            return Err(Error::Refused(format!(
                "there is no version {version} in {directory}"
            )));
        };
        line.yanked = true;
        line.reason = Some(reason.to_owned());
        self.write_index(&index)
    }

    /// The directory.
    #[must_use]
    pub fn releases(&self) -> &Path {
        &self.releases
    }

    /// Puts a line in the place of the one of its version.
    pub(super) fn replace_line(&self, line: &IndexLine) -> Result<()> {
        let mut index = read_index(&self.releases)?;
        for known in index.iter_mut().filter(|known| known.version == line.version) {
            known.clone_from(line);
        }
        self.write_index(&index)
    }

    fn write_index(&self, index: &[IndexLine]) -> Result<()> {
        let mut bytes = Vec::new();
        for line in index {
            serde_json::to_writer(&mut bytes, line).map_err(|e| Error::Invalid(e.to_string()))?;
            bytes.push(b'\n');
        }
        replace_index(&self.releases, &bytes, &mut |_| Ok(()))
    }

    fn recover(&mut self) -> Result<()> {
        super::purge::restore(&self.releases)?;
        let mut releases = Vec::new();
        let mut audits = Vec::new();
        for entry in fs_err::read_dir(&self.releases)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let kind = entry.file_type()?;
            if name.starts_with(TEMP_PREFIX) {
                if kind.is_dir() {
                    fs_err::remove_dir_all(entry.path())?;
                } else {
                    fs_err::remove_file(entry.path())?;
                }
            } else if kind.is_dir() && entry.path().extension().is_some_and(|e| e == "audit") {
                audits.push(entry.path());
            } else if kind.is_dir() && entry.path().join("manifest.json").is_file() {
                releases.push(entry.path());
            }
        }
        self.complete(&releases)?;
        self.sweep_audits(audits)
    }

    /// Adds the index line of releases that are in their place without one.
    fn complete(&mut self, directories: &[PathBuf]) -> Result<()> {
        let mut index = read_index(&self.releases)?;
        let mut orphans = Vec::new();
        for directory in directories {
            // A directory that is no release of ours is not ours to judge.
            let Ok((manifest, sha256)) = Manifest::read(directory) else {
                continue;
            };
            let version = parse_version(&manifest.version)?;
            let own = super::plan::directory_name(&manifest.name, &version);
            let known = index.iter().position(|line| line.version == manifest.version);
            let known = known.map(|at| index[at].clone());
            let place = directory.file_name().is_some_and(|name| name == own.as_str());
            // A purge that was killed before it could say so.
            if let Some(line) = known.as_ref().filter(|_| place)
                && let Some(line) = super::purge::finish(line, &manifest, &sha256)
            {
                self.replace_line(&line)?;
                index = read_index(&self.releases)?;
            }
            if known.is_none() && directory.file_name().is_some_and(|name| name == own.as_str()) {
                orphans.push((version, manifest, sha256));
            }
        }
        orphans.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, manifest, sha256) in orphans {
            let on_top = match &manifest.previous {
                None => index.is_empty(),
                Some(previous) => index.iter().any(|line| {
                    line.version == previous.version && line.manifest_sha256 == previous.manifest_sha256
                }),
            };
            if on_top {
                let line = IndexLine::of(&manifest, &sha256);
                append_index(&self.releases, &line, &mut |_| Ok(()))?;
                index.push(line);
                self.completed.push(manifest.version);
            }
        }
        Ok(())
    }

    /// Removes audits whose release never came.
    fn sweep_audits(&self, audits: Vec<PathBuf>) -> Result<()> {
        let index = read_index(&self.releases)?;
        for audit in audits {
            let release = audit.with_extension("");
            let name = release.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            let indexed = index
                .iter()
                .any(|line| name.ends_with(&format!("-v{}", line.version)));
            if !indexed && fs_err::symlink_metadata(&release).is_err() && audit.join("counts.json").is_file()
            {
                fs_err::remove_dir_all(audit)?;
            }
        }
        Ok(())
    }
}

#[cfg(unix)]
fn lock_file(file: &fs_err::File, wait: bool) -> Result<bool> {
    use rustix::fs::{FlockOperation, flock};
    let operation = if wait {
        FlockOperation::LockExclusive
    } else {
        FlockOperation::NonBlockingLockExclusive
    };
    loop {
        match flock(file, operation) {
            Ok(()) => return Ok(true),
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Ok(false),
            Err(errno) => {
                let error = std::io::Error::from(errno);
                let what = format!("failed to lock file `{}`: {error}", file.path().display());
                return Err(std::io::Error::new(error.kind(), what).into());
            }
        }
    }
}

#[cfg(not(unix))]
fn lock_file(_file: &fs_err::File, _wait: bool) -> Result<bool> {
    // Creating the release's directory is exclusive there too; only waiting is lost.
    Ok(true)
}

fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() {
        "this host".to_owned()
    } else {
        name.to_owned()
    }
}

/// A point between two state-changing steps of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// All files and directories are synced.
    Synced,
    /// The audit is in its place.
    Audit,
    /// The release is in its place.
    Release,
    /// The releases directory is synced.
    Parent,
    /// The new index is written beside the old one.
    IndexWritten,
    /// The index is replaced.
    Index,
}

impl Staged {
    /// Moves the release into its place. `lock` is the one the plan was made under.
    ///
    /// # Errors
    /// I/O, with the path; the version exists by now. Nothing is left behind before the rename.
    pub fn commit(self, lock: &Lock) -> Result<PathBuf> {
        self.commit_with(lock, &mut |_| Ok(()))
    }

    pub(super) fn commit_with(
        self,
        lock: &Lock,
        after: &mut dyn FnMut(Step) -> std::io::Result<()>,
    ) -> Result<PathBuf> {
        if lock.releases != self.releases {
            return Err(Error::Invalid("the lock is on another directory".to_owned()));
        }
        check_footers(&self.root, &self.manifest)?;
        for directory in [Some(&self.root), self.audit.as_ref()].into_iter().flatten() {
            sync_tree(directory)?;
        }
        after(Step::Synced)?;
        if let Some(audit) = &self.audit {
            let target = self.releases.join(format!("{}.audit", self.directory_name));
            rename_new(audit, &target)?;
            // A power failure may keep the later of two renames and lose the earlier: a release that
            // the next run would take for complete, without its audit.
            sync_directory(&self.releases)?;
            after(Step::Audit)?;
        }
        let target = self.releases.join(&self.directory_name);
        if let Err(error) = rename_new(&self.root, &target) {
            if fs_err::symlink_metadata(&target).is_ok() {
                return Err(Error::Exists {
                    version: self.manifest.version.clone(),
                    directory: self.releases.clone(),
                });
            }
            return Err(error);
        }
        after(Step::Release)?;
        sync_directory(&self.releases)?;
        sync_parent(&self.releases)?;
        after(Step::Parent)?;
        let line = IndexLine::of(&self.manifest, &self.manifest_sha256);
        // A release that is fetched again may be listed already.
        if !read_index(&self.releases)?
            .iter()
            .any(|known| known.version == line.version)
        {
            append_index(&self.releases, &line, after)?;
        }
        // What is left of it is empty; should it stay, the next holder of the lock sweeps it.
        drop(self.temp);
        Ok(target)
    }
}

/// Reads every Parquet footer again: what was written must open, with the rows it should have.
fn check_footers(root: &Path, manifest: &Manifest) -> Result<()> {
    for (_, _, shard) in manifest.shards() {
        for path in [&shard.path, &shard.state] {
            let path = root.join(path);
            let rows = super::verify::footer_rows(&path)?;
            if rows != shard.rows {
                let what = format!("has {rows} rows, not the {} that were written", shard.rows);
                return Err(Error::corrupt(&path, what));
            }
        }
    }
    Ok(())
}

/// Makes files read-only and syncs them, then their directories, bottom-up.
pub(super) fn sync_tree(directory: &Path) -> Result<()> {
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            sync_tree(&path)?;
            continue;
        }
        fs_err::File::open(&path)?.sync_all()?;
        let mut permissions = entry.metadata()?.permissions();
        permissions.set_readonly(true);
        fs_err::set_permissions(&path, permissions)?;
    }
    sync_directory(directory)
}

#[cfg(unix)]
pub(super) fn sync_directory(directory: &Path) -> Result<()> {
    Ok(fs_err::File::open(directory)?.sync_all()?)
}

#[cfg(not(unix))]
pub(super) fn sync_directory(_directory: &Path) -> Result<()> {
    Ok(())
}

/// Syncs the directory that holds the releases directory, which may be as new as its first release.
fn sync_parent(releases: &Path) -> Result<()> {
    let releases = fs_err::canonicalize(releases)?;
    match releases.parent().map_or(Ok(()), sync_directory) {
        // A directory that others own can be passed through without being readable.
        Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::PermissionDenied => Ok(()),
        other => other,
    }
}

/// Renames a directory, never over anything.
pub(super) fn rename_new(from: &Path, to: &Path) -> Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Ok(()) => return Ok(()),
            // The file system does not know the flag: below.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            Err(errno) => {
                let error = std::io::Error::from(errno);
                let what = format!(
                    "failed to rename `{}` to `{}`: {error}",
                    from.display(),
                    to.display()
                );
                return Err(std::io::Error::new(error.kind(), what).into());
            }
        }
    }
    // A plain rename replaces an empty directory only; under the lock nobody else makes one.
    if fs_err::symlink_metadata(to).is_ok() {
        let what = format!("failed to rename to `{}`: it exists", to.display());
        return Err(std::io::Error::new(std::io::ErrorKind::AlreadyExists, what).into());
    }
    Ok(fs_err::rename(from, to)?)
}

/// Appends a line to the index: whole new file, synced, renamed over the old one, parent synced.
pub(super) fn append_index(
    releases: &Path,
    line: &IndexLine,
    after: &mut dyn FnMut(Step) -> std::io::Result<()>,
) -> Result<()> {
    let path = releases.join("index.jsonl");
    let mut bytes = match fs_err::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        other => other?,
    };
    if bytes.last().is_some_and(|b| *b != b'\n') {
        bytes.push(b'\n');
    }
    serde_json::to_writer(&mut bytes, line).map_err(|e| Error::Invalid(e.to_string()))?;
    bytes.push(b'\n');
    replace_index(releases, &bytes, after)
}

/// Puts a whole new index in the place of the old one.
fn replace_index(
    releases: &Path,
    bytes: &[u8],
    after: &mut dyn FnMut(Step) -> std::io::Result<()>,
) -> Result<()> {
    let path = releases.join("index.jsonl");
    let temp = releases.join(format!("{TEMP_PREFIX}index"));
    let mut file = fs_err::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&temp)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    after(Step::IndexWritten)?;
    fs_err::rename(&temp, &path)?;
    sync_directory(releases)?;
    after(Step::Index)?;
    Ok(())
}
