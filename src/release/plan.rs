//! What is to be released on top of what: the version asked for, the index, the release before.

use super::manifest::{self, Manifest, Shard, is_dataset_name};
use super::{Error, Result};
use crate::config::Versioning;
use semver::Version;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Reads a version: semver, a leading `v` and missing parts allowed (`v1.2` is `1.2.0`).
///
/// # Errors
/// What a version looks like.
pub fn parse_version(text: &str) -> Result<Version> {
    let bad = |why: &str| {
        Err(Error::Invalid(format!(
            "`{}` is not a version: {why} (try `1.2.0`, `v1.2` or `2.0.0-rc.1`)",
            text.escape_debug()
        )))
    };
    let bare = text.strip_prefix('v').unwrap_or(text);
    let (core, rest) = bare.split_at(bare.find(['-', '+']).unwrap_or(bare.len()));
    let parts = core.split('.').count();
    if parts > 3 {
        return bad("it has more than three numbers");
    }
    let full = format!("{core}{}{rest}", ".0".repeat(3 - parts));
    let version = match Version::parse(&full) {
        Ok(version) => version,
        Err(error) => return bad(&error.to_string()),
    };
    if !version.build.is_empty() {
        return bad("build metadata (`+…`) has no order");
    }
    if full.len() > 64
        || [version.major, version.minor, version.patch]
            .iter()
            .any(|n| *n > 999_999_999)
    {
        return bad("it is too long");
    }
    Ok(version)
}

/// One line of `index.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexLine {
    /// Version.
    pub version: String,
    /// SHA-256 of the manifest.
    pub manifest_sha256: String,
    /// Identity of the rows.
    pub content_id: String,
    /// When it was released, RFC 3339.
    pub date: String,
    /// Whether it is hidden.
    pub yanked: bool,
    /// When records were purged from it.
    pub purged_at: Option<String>,
    /// Why it was yanked or purged.
    pub reason: Option<String>,
    /// SHA-256 of the manifests that purges replaced, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<String>,
}

impl IndexLine {
    /// The line of a release.
    #[must_use]
    pub fn of(manifest: &Manifest, manifest_sha256: &[u8; 32]) -> Self {
        Self {
            version: manifest.version.clone(),
            manifest_sha256: super::hex(manifest_sha256),
            content_id: manifest.content_id.clone(),
            date: manifest.released_at.clone(),
            yanked: false,
            purged_at: None,
            reason: None,
            replaced: Vec::new(),
        }
    }

    /// Whether this version has, or had before a purge, the manifest with this hash.
    #[must_use]
    pub fn was(&self, manifest_sha256: &str) -> bool {
        self.manifest_sha256 == manifest_sha256 || self.replaced.iter().any(|old| old == manifest_sha256)
    }

    /// Whether both lines mean one release, purged or not.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        other.was(&self.manifest_sha256) || self.replaced.iter().any(|old| other.was(old))
    }
}

/// Reads `index.jsonl` of a releases directory; no file is an empty index.
///
/// # Errors
/// I/O, or a line that is not an index line.
pub fn read_index(releases: &Path) -> Result<Vec<IndexLine>> {
    let path = releases.join("index.jsonl");
    let text = match fs_err::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    parse_index(&text, &path)
}

/// The lines of an index; `path` is what errors call it.
pub(super) fn parse_index(text: &str, path: &Path) -> Result<Vec<IndexLine>> {
    let mut lines: Vec<IndexLine> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line: IndexLine =
            serde_json::from_str(line).map_err(|e| Error::corrupt(path, format!("line {}: {e}", i + 1)))?;
        if lines.iter().any(|l| l.version == line.version) {
            let what = format!("line {}: version {} is listed twice", i + 1, line.version);
            return Err(Error::corrupt(path, what));
        }
        parse_version(&line.version).map_err(|e| Error::corrupt(path, format!("line {}: {e}", i + 1)))?;
        lines.push(line);
    }
    Ok(lines)
}

/// The greatest version of an index and its line.
///
/// # Errors
/// A version that is none.
pub fn latest(index: &[IndexLine]) -> Result<Option<(Version, &IndexLine)>> {
    let mut latest: Option<(Version, &IndexLine)> = None;
    for line in index {
        let candidate = parse_version(&line.version)?;
        if latest.as_ref().is_none_or(|(best, _)| candidate > *best) {
            latest = Some((candidate, line));
        }
    }
    Ok(latest)
}

/// A shard of the previous release: the home of its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Config.
    pub config: String,
    /// Split.
    pub split: String,
    /// The shard as the previous manifest lists it.
    pub shard: Shard,
    /// Its state file as the previous manifest lists it.
    pub state: manifest::File,
}

/// The release before.
#[derive(Debug, Clone)]
pub struct Previous {
    /// Its directory.
    pub directory: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
    /// SHA-256 of its manifest.
    pub manifest_sha256: [u8; 32],
    /// Its version.
    pub version: Version,
    /// Its shards, in release order within each split. Row metadata names them by index.
    pub homes: Vec<Home>,
}

impl Previous {
    fn read(directory: PathBuf, line: &IndexLine) -> Result<Self> {
        let previous = Self::open(directory)?;
        if super::hex(&previous.manifest_sha256) != line.manifest_sha256
            || previous.manifest.version != line.version
        {
            let what = "is not the manifest that index.jsonl names; run `corpus verify` on this release";
            return Err(Error::corrupt(&previous.directory.join("manifest.json"), what));
        }
        Ok(previous)
    }

    /// The release in `directory`, wherever that is.
    ///
    /// # Errors
    /// I/O, or a manifest that is not well formed.
    pub fn open(directory: PathBuf) -> Result<Self> {
        let (manifest, manifest_sha256) = Manifest::read(&directory)?;
        let path = directory.join("manifest.json");
        let mut homes = Vec::new();
        for (config, split, shard) in manifest.shards() {
            let state = manifest.files.iter().find(|f| f.path == shard.state);
            let state = state
                .ok_or_else(|| Error::corrupt(&path, "lists no state"))?
                .clone();
            homes.push(Home {
                config: config.to_owned(),
                split: split.to_owned(),
                shard: shard.clone(),
                state,
            });
        }
        let version = parse_version(&manifest.version)?;
        Ok(Self {
            directory,
            manifest,
            manifest_sha256,
            version,
            homes,
        })
    }
}

/// A release to be made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The releases directory.
    pub releases: PathBuf,
    /// Name of the dataset.
    pub name: String,
    /// Version asked for.
    pub version: Version,
    /// How versions are read.
    pub versioning: Versioning,
    /// The release before, if any.
    pub previous: Option<Previous>,
    /// The index as it stands.
    pub index: Vec<IndexLine>,
}

impl Plan {
    /// Plans `version` of `name` in the directory `releases`. Call it under the lock.
    ///
    /// The release before is the greatest version of the index. A version that exists or is not
    /// greater is refused.
    ///
    /// # Errors
    /// A bad name or version, a refusal, a damaged index or previous manifest.
    pub fn new(releases: &Path, name: &str, version: &str, versioning: Versioning) -> Result<Self> {
        if !is_dataset_name(name) {
            return Err(Error::Invalid(format!(
                "`{}` is not a dataset name: lower-case letters, digits, `.`, `_` and `-`, at most 96, \
                 starting and ending with a letter or digit",
                name.escape_debug()
            )));
        }
        let version = parse_version(version)?;
        let index = read_index(releases)?;
        let directory = releases.join(directory_name(name, &version));
        if index.iter().any(|line| line.version == version.to_string()) || exists(&directory)? {
            return Err(Error::Exists {
                version: version.to_string(),
                directory: releases.to_owned(),
            });
        }
        let latest = latest(&index)?;
        let previous = match latest {
            Some((latest, _)) if version <= latest => {
                return Err(Error::Refused(format!(
                    "version {version} is not greater than {latest}, the latest in {}",
                    releases.display()
                )));
            }
            Some((latest, line)) => {
                let directory = releases.join(directory_name(name, &latest));
                Some(Previous::read(directory, line)?)
            }
            None => None,
        };
        Ok(Self {
            releases: releases.to_owned(),
            name: name.to_owned(),
            version,
            versioning,
            previous,
            index,
        })
    }

    /// What a release on top of `previous` would be, whatever else there is. For looking only.
    #[must_use]
    pub fn on_top_of(previous: Previous, name: &str) -> Self {
        Self {
            releases: PathBuf::new(),
            name: name.to_owned(),
            version: super::semver::bump(&previous.version, manifest::Level::Minor),
            versioning: Versioning::Semver,
            previous: Some(previous),
            index: Vec::new(),
        }
    }

    /// Name of the release's directory: `arabic-news-v1.2.0`.
    #[must_use]
    pub fn directory_name(&self) -> String {
        directory_name(&self.name, &self.version)
    }

    /// Where the release will stand.
    #[must_use]
    pub fn directory(&self) -> PathBuf {
        self.releases.join(self.directory_name())
    }

    /// Shards of the previous release; empty for the first.
    #[must_use]
    pub fn homes(&self) -> &[Home] {
        self.previous.as_ref().map_or(&[], |p| &p.homes)
    }
}

/// Where the audit of the release in `directory` stands, when it is not in it.
#[must_use]
pub fn audit_beside(directory: &Path) -> PathBuf {
    let mut name = directory.file_name().unwrap_or_default().to_owned();
    name.push(".audit");
    directory.with_file_name(name)
}

/// Name of the directory of a release.
#[must_use]
pub fn directory_name(name: &str, version: &Version) -> String {
    format!("{name}-v{version}")
}

fn exists(path: &Path) -> Result<bool> {
    match fs_err::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for (text, full) in [
            ("v1.2", "1.2.0"),
            ("1", "1.0.0"),
            ("0.3.1", "0.3.1"),
            ("v2.0.0-rc.1", "2.0.0-rc.1"),
            ("v2-rc.1", "2.0.0-rc.1"),
            ("2026.11.0", "2026.11.0"),
        ] {
            assert_eq!(parse_version(text).unwrap().to_string(), full);
        }
        for text in [
            "",
            "v",
            "1.2.3.4",
            "1..2",
            "01.2.3",
            "1.2.3+build",
            "-1",
            "1.2.x",
            "vv1",
            "1.2.3-",
            "1 .2",
            "9999999999.0.0",
        ] {
            assert!(parse_version(text).is_err(), "{text}");
        }
        assert!(parse_version("1.0.0-rc.1").unwrap() < parse_version("1.0.0").unwrap());
    }

    #[test]
    fn refuses_existing_lower_and_bad_names() {
        let dir = tempfile::tempdir().unwrap();
        assert!(
            Plan::new(dir.path(), "news", "1.0.0", Versioning::Semver)
                .unwrap()
                .previous
                .is_none()
        );
        for name in ["", "News", "-news", "news-", "a b", "../x", "news/x", "\u{202e}x"] {
            assert!(
                Plan::new(dir.path(), name, "1.0.0", Versioning::Semver).is_err(),
                "{name}"
            );
        }
        std::fs::create_dir(dir.path().join("news-v1.0.0")).unwrap();
        let error = Plan::new(dir.path(), "news", "v1", Versioning::Semver).unwrap_err();
        assert!(matches!(error, Error::Exists { .. }) && error.is_refusal());
        let line = r#"{"version":"1.1.0","manifest_sha256":"x","content_id":"y","date":"z","yanked":true,"purged_at":null,"reason":null}"#;
        std::fs::write(dir.path().join("index.jsonl"), format!("{line}\n")).unwrap();
        assert!(
            Plan::new(dir.path(), "news", "1.0.5", Versioning::Semver)
                .unwrap_err()
                .is_refusal()
        );
        assert!(matches!(
            Plan::new(dir.path(), "news", "1.1.0", Versioning::Semver).unwrap_err(),
            Error::Exists { .. }
        ));
        std::fs::write(dir.path().join("index.jsonl"), format!("{line}\n{line}\n")).unwrap();
        assert!(read_index(dir.path()).is_err());
    }
}
