//! Everything that can be checked about a release, without the project that made it.
//!
//! Readers do not notice flipped bits; this does. The manifest and `SHA256SUMS` are compared with
//! what this tool would write, every file with its hash, every row with its row hash, every count
//! with its parts, and the chain of releases with the index.

mod shard;

use super::manifest::{Manifest, Shard};
use super::plan::read_index;
use super::{Error, Result, hex, sums};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Says what is wrong with a manifest by its JSON Schema: the schema, the manifest, the errors.
pub type Validate = dyn Fn(&serde_json::Value, &serde_json::Value) -> Vec<String> + Sync;

/// How to verify.
#[derive(Clone, Copy)]
pub struct VerifyOptions<'a> {
    /// Threads; at least one.
    pub threads: usize,
    /// JSON Schema validation, where the caller has it.
    pub validate: Option<&'a Validate>,
    /// The manifest's SHA-256 as the caller knows it from elsewhere.
    pub manifest_sha256: Option<[u8; 32]>,
    /// Read only this share of the shards (n of m). Of the others the length is checked.
    pub sample: Option<(u64, u64)>,
}

impl Default for VerifyOptions<'_> {
    fn default() -> Self {
        Self {
            threads: 1,
            validate: None,
            manifest_sha256: None,
            sample: None,
        }
    }
}

/// Something wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Problem {
    /// File, relative to the release (or the release's directory name with `../` in front).
    pub path: String,
    /// What is wrong with it.
    pub what: String,
}

/// The outcome.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// Files checked.
    pub files: u64,
    /// Rows checked.
    pub rows: u64,
    /// SHA-256 of the manifest, for comparison with one got from elsewhere.
    pub manifest_sha256: Option<String>,
    /// Whether that comparison was asked for and made.
    pub manifest_pinned: bool,
    /// Shards that were read, and all of them, where only a share was asked for.
    pub sampled: Option<(u64, u64)>,
    /// Everything wrong, in order of path.
    pub problems: Vec<Problem>,
}

/// Length and SHA-256 of a file.
///
/// # Errors
/// I/O.
pub fn hash_file(path: &Path) -> Result<(u64, [u8; 32])> {
    let mut file = fs_err::File::open(path)?;
    let mut sha = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((bytes, sha.finalize().into())),
            Ok(n) => {
                sha.update(&buffer[..n]);
                bytes += n as u64;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Rows that a Parquet footer claims.
///
/// # Errors
/// I/O, or a footer that is none.
pub fn footer_rows(path: &Path) -> Result<u64> {
    let file = fs_err::File::open(path)?.into_parts().0;
    let metadata =
        ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|e| Error::parquet(path, e))?;
    Ok(metadata.metadata().file_metadata().num_rows() as u64)
}

struct Check<'a> {
    root: &'a Path,
    options: VerifyOptions<'a>,
    problems: Mutex<Vec<Problem>>,
}

/// Verifies the release in the directory `root`.
///
/// # Errors
/// Only when there is no release to look at: no such directory, or no readable manifest file.
/// Everything else is a problem in the report.
pub fn verify(root: &Path, options: VerifyOptions<'_>) -> Result<Report> {
    let path = root.join("manifest.json");
    let bytes = fs_err::read(&path)?;
    let sha256 = super::sha256(&bytes);
    let check = Check {
        root,
        options,
        problems: Mutex::new(Vec::new()),
    };
    let mut report = Report {
        ok: false,
        files: 1,
        rows: 0,
        manifest_sha256: Some(hex(&sha256)),
        manifest_pinned: options.manifest_sha256.is_some(),
        sampled: None,
        problems: Vec::new(),
    };
    if options.manifest_sha256.is_some_and(|pinned| pinned != sha256) {
        check.say("manifest.json", "has not the SHA-256 that was asked for");
    }
    match Manifest::from_bytes(&bytes) {
        Err(what) => check.say("manifest.json", what),
        Ok(manifest) => {
            check.manifest(&manifest, &bytes);
            if check.is_clean() {
                check.sums(&manifest, &sha256);
                report.files += check.tree(&manifest)? + check.contents(&manifest, &sha256);
                report.sampled = options.sample.map(|_| {
                    let (mut read, mut all) = (0, 0);
                    for (at, _) in manifest.shards().enumerate() {
                        all += 1;
                        read += u64::from(check.reads(at as u64, &sha256));
                    }
                    (read, all)
                });
                if check.is_clean() {
                    report.rows = check.identity(&manifest);
                }
                check.index(&manifest, &sha256);
                check.audit(&manifest)?;
            }
        }
    }
    report.problems = check
        .problems
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    report.problems.sort();
    report.problems.dedup();
    report.ok = report.problems.is_empty();
    Ok(report)
}

impl Check<'_> {
    fn say(&self, path: &str, what: impl Into<String>) {
        let problem = Problem {
            path: path.to_owned(),
            what: what.into(),
        };
        self.problems
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(problem);
    }

    fn is_clean(&self) -> bool {
        self.problems
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    fn manifest(&self, manifest: &Manifest, bytes: &[u8]) {
        for what in manifest.check() {
            self.say("manifest.json", what);
        }
        if manifest.to_bytes().ok().as_deref() != Some(bytes) {
            self.say("manifest.json", "is not the canonical form of what it says");
        }
        if let Some(validate) = self.options.validate {
            let schema = serde_json::from_str(super::manifest::SCHEMA);
            match (schema, serde_json::from_slice(bytes)) {
                (Ok(schema), Ok(value)) => {
                    for what in validate(&schema, &value) {
                        self.say("manifest.json", what);
                    }
                }
                _ => self.say("manifest.json", "is not JSON"),
            }
        }
    }

    fn sums(&self, manifest: &Manifest, manifest_sha256: &[u8; 32]) {
        match fs_err::read(self.root.join("SHA256SUMS")) {
            Ok(bytes) if bytes == sums::render(manifest, manifest_sha256).as_bytes() => {}
            Ok(_) => self.say("SHA256SUMS", "is not what the manifest says"),
            Err(error) => self.say("SHA256SUMS", error.to_string()),
        }
    }

    /// No file is missing and none too many. Gives the number of files checked here.
    fn tree(&self, manifest: &Manifest) -> Result<u64> {
        let mut expected: BTreeSet<&str> = manifest.files.iter().map(|f| f.path.as_str()).collect();
        expected.extend(manifest.shards().map(|(_, _, s)| s.path.as_str()));
        expected.extend(["manifest.json", "SHA256SUMS"]);
        let mut found = BTreeSet::new();
        self.walk(self.root, "", &mut found)?;
        for path in &found {
            if !expected.contains(path.as_str()) && path != super::signature::FILE {
                self.say(path, "is not part of the release");
            }
        }
        for path in expected {
            if !found.contains(path) {
                self.say(path, "is missing");
            }
        }
        Ok(1)
    }

    fn walk(&self, directory: &Path, prefix: &str, found: &mut BTreeSet<String>) -> Result<()> {
        let mut empty = true;
        for entry in fs_err::read_dir(directory)? {
            let entry = entry?;
            empty = false;
            let name = entry.file_name();
            let path = format!("{prefix}{}", name.to_string_lossy());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.walk(&entry.path(), &format!("{path}/"), found)?;
            } else if kind.is_file() && name.to_str().is_some() {
                found.insert(path);
            } else {
                self.say(&path, "is not a plain file");
            }
        }
        if empty && !prefix.is_empty() {
            self.say(prefix.trim_end_matches('/'), "is an empty directory");
        }
        Ok(())
    }

    /// Hashes every file, and reads every shard whose hash is right.
    fn contents(&self, manifest: &Manifest, sha256: &[u8; 32]) -> u64 {
        enum Task<'m> {
            File(&'m super::manifest::File),
            Shard(&'m str, &'m str, &'m Shard),
            Length(&'m Shard),
        }
        let mut tasks: Vec<Task<'_>> = manifest
            .shards()
            .enumerate()
            .map(|(at, (c, s, shard))| {
                if self.reads(at as u64, sha256) {
                    Task::Shard(c, s, shard)
                } else {
                    Task::Length(shard)
                }
            })
            .collect();
        tasks.extend(manifest.files.iter().map(Task::File));
        let schemas: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.options.threads.clamp(1, tasks.len().max(1)) {
                scope.spawn(|| {
                    while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                        match task {
                            Task::File(file) => {
                                self.hash(&file.path, file.bytes, &file.sha256);
                            }
                            Task::Length(shard) => self.length(&shard.path, shard.bytes),
                            Task::Shard(config, split, shard) => {
                                let state = manifest.files.iter().find(|f| f.path == shard.state);
                                let state_ok = state.is_some_and(|f| self.hash(&f.path, f.bytes, &f.sha256));
                                if self.hash(&shard.path, shard.bytes, &shard.sha256) {
                                    let place = (*config, *split);
                                    if let Some(schema) = self.shard(manifest, place, shard, state_ok) {
                                        let mut all = schemas.lock().unwrap_or_else(PoisonError::into_inner);
                                        all.insert(shard.path.clone(), schema);
                                    }
                                }
                            }
                        }
                    }
                });
            }
        });
        let schemas = schemas.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some((first, schema)) = schemas.first_key_value() {
            for (path, _) in schemas.iter().filter(|(_, s)| *s != schema) {
                self.say(path, format!("has not the schema of {first}"));
            }
        }
        tasks.len() as u64
    }

    /// Whether a sample holds the shard at this place. Which ones it holds depends on the manifest, so
    /// that another release is sampled elsewhere.
    fn reads(&self, at: u64, manifest_sha256: &[u8; 32]) -> bool {
        let Some((some, of)) = self.options.sample else {
            return true;
        };
        (at + u64::from(manifest_sha256[0])) % of.max(1) < some
    }

    fn length(&self, path: &str, bytes: u64) {
        match fs_err::metadata(self.root.join(path)) {
            Ok(metadata) if metadata.len() == bytes => {}
            Ok(metadata) => self.say(path, format!("is {} bytes long, not {bytes}", metadata.len())),
            Err(error) => self.say(path, error.to_string()),
        }
    }

    fn hash(&self, path: &str, bytes: u64, sha256: &str) -> bool {
        match hash_file(&self.root.join(path)) {
            Err(error) => self.say(path, error.to_string()),
            Ok((length, _)) if length != bytes => {
                self.say(path, format!("is {length} bytes long, not {bytes}"));
            }
            Ok((_, digest)) if hex(&digest) != sha256 => self.say(path, "has not its SHA-256"),
            Ok(_) => return true,
        }
        false
    }

    /// The content identity, from state that has been compared with the rows.
    fn identity(&self, manifest: &Manifest) -> u64 {
        match super::identities::content_id(self.root, &manifest.configs) {
            Ok(id) if id == manifest.content_id => {}
            Ok(_) => self.say("manifest.json", "content_id is not that of the rows"),
            Err(error) => self.say("state", error.to_string()),
        }
        manifest.shards().map(|(_, _, s)| s.rows).sum()
    }

    /// The release's line in the index beside it, and the chain to the release before.
    fn index(&self, manifest: &Manifest, sha256: &[u8; 32]) {
        const INDEX: &str = "../index.jsonl";
        let Some(releases) = self.releases() else { return };
        let lines = match read_index(&releases) {
            Ok(lines) => lines,
            Err(error) => return self.say(INDEX, error.to_string()),
        };
        if lines.is_empty() {
            return;
        }
        let line = |version: &str| lines.iter().position(|l| l.version == version);
        let own = line(&manifest.version);
        match own {
            None => self.say(INDEX, format!("does not list version {}", manifest.version)),
            Some(i) if super::purge::finish(&lines[i], manifest, sha256).is_some() => {
                self.say(
                    INDEX,
                    "does not know yet that this release was purged: run `corpus retract --purge` again",
                );
            }
            Some(i) if lines[i].manifest_sha256 != hex(sha256) => {
                self.say(INDEX, format!("names another manifest for {}", manifest.version));
            }
            Some(i) if lines[i].content_id != manifest.content_id => {
                self.say(
                    INDEX,
                    format!("names another content_id for {}", manifest.version),
                );
            }
            Some(_) => {}
        }
        let Some(previous) = &manifest.previous else {
            return;
        };
        match line(&previous.version) {
            None => self.say(
                INDEX,
                format!("does not list {}, the release before", previous.version),
            ),
            Some(i) if own.is_some_and(|own| i >= own) => {
                self.say(
                    INDEX,
                    format!("lists {} after {}", previous.version, manifest.version),
                );
            }
            // A purge replaces a manifest on purpose and says so.
            Some(i) => {
                if !lines[i].was(&previous.manifest_sha256) {
                    self.say(
                        INDEX,
                        format!(
                            "names another manifest for {} than this release",
                            previous.version
                        ),
                    );
                }
            }
        }
    }

    fn releases(&self) -> Option<PathBuf> {
        let root = fs_err::canonicalize(self.root).ok()?;
        root.parent().map(Path::to_owned)
    }

    /// The audit beside the release, where it is there.
    fn audit(&self, manifest: &Manifest) -> Result<()> {
        if manifest.audit.public {
            return Ok(());
        }
        let Ok(root) = fs_err::canonicalize(self.root) else {
            return Ok(());
        };
        let mut name = root.file_name().unwrap_or_default().to_owned();
        name.push(".audit");
        let directory = root.with_file_name(&name);
        if fs_err::symlink_metadata(&directory).is_err() {
            return Ok(());
        }
        let shown = |path: &str| format!("../{}/{path}", name.to_string_lossy());
        let mut found = BTreeSet::new();
        self.walk(&directory, "", &mut found)?;
        for path in &found {
            if !manifest.audit.files.iter().any(|f| f.path == *path) {
                self.say(&shown(path), "is not part of the audit");
            }
        }
        for file in &manifest.audit.files {
            match hash_file(&directory.join(&file.path)) {
                Ok((bytes, digest)) if bytes == file.bytes && hex(&digest) == file.sha256 => {}
                Ok(_) => self.say(&shown(&file.path), "is not what the manifest says"),
                Err(error) => self.say(&shown(&file.path), error.to_string()),
            }
        }
        Ok(())
    }
}
