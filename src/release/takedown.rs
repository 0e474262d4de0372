//! Tombstones: what was taken down, told by keyed hashes alone.
//!
//! A tombstone says that a record with this id, address, text or nearly this text must not be released
//! again, and whoever reads it without the key learns nothing but how many there are. They are kept in
//! the project (`retractions.jsonl`) and, without their reasons, in every release that enforces them
//! (`state/tombstones.jsonl`), so that a file that is lost or cut loses no takedown.

mod key;
mod matcher;

pub use key::Key;
pub use matcher::{Matcher, Near, Traits};

use super::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where a project keeps its tombstones.
pub const FILE_NAME: &str = "retractions.jsonl";

/// Where a release keeps those that it enforces.
pub const RELEASE_FILE: &str = "state/tombstones.jsonl";

/// Version of the format, and of what is hashed.
const VERSION: u32 = 1;

/// How far a takedown reaches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The record, its copies and near copies, now and later.
    #[default]
    Cluster,
    /// The record alone.
    Record,
}

/// A keyed hash of what an address begins with, and how many bytes that are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prefix {
    /// Length in bytes.
    pub bytes: u32,
    /// Keyed hash, in hexadecimal.
    pub hash: String,
}

/// A near-duplicate signature under the key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NearSignature {
    /// Keyed hash of each band: texts that share one are compared by the minima.
    pub bands: Vec<String>,
    /// Two bytes of the keyed hash of each minimum, in hexadecimal.
    pub minima: String,
}

/// One line: a selector, or a record that was found by one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tombstone {
    /// Version of the form of this line.
    pub tombstone: u32,
    /// Which key the hashes are made with.
    pub key: String,
    /// How far it reaches.
    pub scope: Scope,
    /// Keyed hash of an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Keyed hash of an address in canonical form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of what addresses begin with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_prefix: Option<Prefix>,
    /// Keyed hash of a source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Keyed hash of the SHA-256 of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Keyed hash of the SHA-256 of a matching key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub match_key: Option<String>,
    /// What near copies are told by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<NearSignature>,
    /// When it was made; not in releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Why; not in releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Tombstone {
    /// One without a selector.
    #[must_use]
    pub fn new(key: &Key, scope: Scope) -> Self {
        Self {
            tombstone: VERSION,
            key: key.id().to_owned(),
            scope,
            id: None,
            url: None,
            url_prefix: None,
            source: None,
            text: None,
            match_key: None,
            near: None,
            at: None,
            reason: None,
        }
    }

    /// What a release keeps of it.
    fn bare(&self) -> Self {
        Self {
            at: None,
            reason: None,
            ..self.clone()
        }
    }

    fn check(&self) -> std::result::Result<(), String> {
        if self.tombstone != VERSION {
            return Err(format!(
                "has version {}; this tool reads version {VERSION}: use a newer one",
                self.tombstone
            ));
        }
        let hashes = [&self.id, &self.url, &self.source, &self.text, &self.match_key];
        let hashes = hashes
            .into_iter()
            .flatten()
            .chain(self.url_prefix.iter().map(|p| &p.hash));
        let mut selectors = self.near.iter().count();
        for hash in hashes {
            selectors += 1;
            if super::unhex(hash).is_none() {
                return Err("holds a hash that is not 64 hexadecimal digits".to_owned());
            }
        }
        if selectors == 0 {
            return Err("selects nothing".to_owned());
        }
        Ok(())
    }
}

/// All tombstones, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tombstones {
    /// By what a release keeps of them, with when and why.
    all: BTreeMap<Tombstone, (Option<String>, Option<String>)>,
}

impl Tombstones {
    /// Reads a file of them; no file is none.
    ///
    /// # Errors
    /// I/O; a line that is no tombstone, with its number.
    pub fn read(path: &Path) -> Result<Self> {
        let text = match fs_err::read_to_string(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            other => other?,
        };
        let mut all = Self::default();
        for (number, line) in text.lines().enumerate() {
            let bad = |what: String| Error::corrupt(path, format!("line {}: {what}", number + 1));
            if line.trim().is_empty() {
                continue;
            }
            let tombstone: Tombstone =
                serde_json::from_str(line).map_err(|error| bad(format!("is no tombstone: {error}")))?;
            tombstone.check().map_err(bad)?;
            all.add(tombstone);
        }
        Ok(all)
    }

    /// Those of a release.
    ///
    /// # Errors
    /// As [`Tombstones::read`].
    pub fn of_release(directory: &Path, manifest: &super::manifest::Manifest) -> Result<Self> {
        let named = manifest
            .takedown
            .as_ref()
            .and_then(|takedown| takedown.tombstones.as_ref());
        let Some(path) = named else {
            return Ok(Self::default());
        };
        let path: PathBuf = directory.join(path);
        let all = Self::read(&path)?;
        if all.is_empty() {
            return Err(Error::corrupt(
                &path,
                "holds no tombstone, but its manifest names it",
            ));
        }
        Ok(all)
    }

    /// Adds one; gives whether it is new.
    pub fn add(&mut self, tombstone: Tombstone) -> bool {
        let bare = tombstone.bare();
        let said = (tombstone.at, tombstone.reason);
        match self.all.entry(bare) {
            std::collections::btree_map::Entry::Vacant(slot) => {
                slot.insert(said);
                true
            }
            std::collections::btree_map::Entry::Occupied(mut known) => {
                // A release does not know why; the project does.
                if known.get().1.is_none() {
                    known.insert(said);
                }
                false
            }
        }
    }

    /// Adds all of `others`.
    pub fn extend(&mut self, others: Self) {
        for (bare, (at, reason)) in others.all {
            self.add(Tombstone { at, reason, ..bare });
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// In their order, without when and why.
    pub fn iter(&self) -> impl Iterator<Item = &Tombstone> {
        self.all.keys()
    }

    /// Whether every one of them is in `others`.
    #[must_use]
    pub fn within(&self, others: &Self) -> bool {
        self.all
            .keys()
            .all(|tombstone| others.all.contains_key(tombstone))
    }

    /// The file of a project, in order of time.
    ///
    /// # Errors
    /// Never in practice: serde's.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut all: Vec<Tombstone> = self
            .all
            .iter()
            .map(|(bare, (at, reason))| Tombstone {
                at: at.clone(),
                reason: reason.clone(),
                ..bare.clone()
            })
            .collect();
        all.sort_by(|a, b| a.at.cmp(&b.at));
        lines(all.iter())
    }

    /// The file of a release.
    ///
    /// # Errors
    /// Never in practice: serde's.
    pub fn to_release_bytes(&self) -> Result<Vec<u8>> {
        lines(self.all.keys())
    }

    /// What records are compared with.
    ///
    /// # Errors
    /// A refusal: a tombstone of another key.
    pub fn matcher(&self, key: &Key) -> Result<Matcher> {
        for (at, tombstone) in self.iter().enumerate() {
            if tombstone.key != key.id() {
                return Err(Error::Refused(format!(
                    "the key is {}, but tombstone {} of {} was made with {}: give the key that the tombstones were made with",
                    key.id(),
                    at + 1,
                    self.len(),
                    tombstone.key.escape_debug()
                )));
            }
        }
        Ok(Matcher::new(self, key.clone()))
    }
}

fn lines<'t>(tombstones: impl Iterator<Item = &'t Tombstone>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for tombstone in tombstones {
        serde_json::to_writer(&mut bytes, tombstone).map_err(|e| Error::Invalid(e.to_string()))?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
