//! One version made anew without what was taken down.

use super::tables::{self, Rewritten};
use super::{Known, Purge};
use crate::release::audit::Tally;
use crate::release::manifest::{Counts, File, Manifest, Purge as Record, Role, Shard, Takedown};
use crate::release::released::Released;
use crate::release::shard::WriteOptions;
use crate::release::takedown::{Matcher, RELEASE_FILE, Tombstones};
use crate::release::writer::{Documents, describe};
use crate::release::{Error, Result, hex, sha256, signature, sums};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A version being made anew.
pub(super) struct New<'d> {
    pub(super) from: &'d Path,
    pub(super) root: PathBuf,
    pub(super) audit: Option<PathBuf>,
    pub(super) options: WriteOptions,
    pub(super) manifest: Manifest,
    /// Ids of the rows that go.
    pub(super) gone: BTreeSet<String>,
    pub(super) rows: u64,
    /// Whether anything is not what it was.
    pub(super) touched: bool,
}

impl New<'_> {
    /// A link where the file system has them, else a copy.
    fn keep(&self, path: &str) -> Result<()> {
        link(&self.from.join(path), &self.root.join(path))
    }

    /// Shards and their state without the rows that go; a shard of which nothing is left is left out.
    pub(super) fn shards(&mut self, purge: &mut Purge<'_>, known: &mut Known) -> Result<()> {
        let mut configs = std::mem::take(&mut self.manifest.configs);
        for config in &mut configs {
            for split in &mut config.splits {
                let mut kept = Vec::new();
                for shard in std::mem::take(&mut split.shards) {
                    kept.extend(self.shard(purge, known, shard)?);
                }
                split.rows = kept.iter().map(|shard| shard.rows).sum();
                split.bytes = kept.iter().map(|shard| shard.bytes).sum();
                split.shards = kept;
            }
        }
        for config in &mut configs {
            let (full, empty): (Vec<_>, Vec<_>) = std::mem::take(&mut config.splits)
                .into_iter()
                .partition(|split| !split.shards.is_empty());
            config.splits = full;
            self.manifest
                .splits
                .empty
                .extend(empty.into_iter().map(|split| split.name));
        }
        configs.retain(|config| !config.splits.is_empty());
        let left = |name: &String| {
            configs
                .iter()
                .flat_map(|config| &config.splits)
                .any(|split| split.name == *name)
        };
        self.manifest.splits.empty.retain(|name| !left(name));
        self.manifest.splits.empty.sort();
        self.manifest.splits.empty.dedup();
        if configs.is_empty() {
            return Err(Error::Refused(format!(
                "nothing would be left of {}: remove {} yourself, and hide the version with `corpus yank`",
                self.manifest.version,
                self.from.display()
            )));
        }
        self.manifest.configs = configs;
        Ok(())
    }

    fn shard(&mut self, purge: &mut Purge<'_>, known: &mut Known, shard: Shard) -> Result<Option<Shard>> {
        if let Some((new, root, gone)) = known.get(&shard.sha256) {
            let rows = gone.len() as u64;
            self.note(rows, gone.clone());
            let Some((new, state)) = new.clone() else {
                self.drop_state(&shard.state);
                return Ok(None);
            };
            for path in [&new.path, &new.state] {
                link(&root.join(path), &self.root.join(path))?;
            }
            self.replace_file(state);
            return Ok(Some(new));
        }
        let path = self.from.join(&shard.path);
        if !path.is_file() {
            return Err(Error::Refused(format!(
                "{} is not here: a purge has to read the rows of {}; pull the whole release first",
                path.display(),
                self.manifest.version
            )));
        }
        let mut gone = BTreeSet::new();
        let mut dropped = BTreeSet::new();
        let mut rows = Released::open(&path, purge.names)?;
        while let Some(row) = rows.next_row()? {
            if (purge.taken)(&row) {
                dropped.insert(row.number);
                gone.insert(row.id.to_owned());
            }
        }
        if gone.is_empty() {
            self.keep(&shard.path)?;
            self.keep(&shard.state)?;
            return Ok(Some(shard));
        }
        self.note(gone.len() as u64, gone.clone());
        let place = |root: &Path| (root.join(&shard.path), root.join(&shard.state));
        let keep = |row: u64| !dropped.contains(&row);
        let id = self
            .manifest
            .schema
            .primary_key
            .first()
            .cloned()
            .unwrap_or_default();
        let dataset = (
            self.manifest.name.as_str(),
            shard.rows_since.as_str(),
            id.as_str(),
        );
        let made = tables::shard(
            &self.options,
            (place(self.from), place(&self.root)),
            dataset,
            &shard,
            &keep,
        )?;
        // A later version keeps what this one has become, until this one has its place.
        known.insert(shard.sha256.clone(), (made.clone(), self.from.to_owned(), gone));
        let Some((new, state)) = made else {
            self.drop_state(&shard.state);
            return Ok(None);
        };
        self.replace_file(state);
        Ok(Some(new))
    }

    fn note(&mut self, rows: u64, gone: BTreeSet<String>) {
        self.rows += rows;
        self.touched |= rows > 0;
        self.gone.extend(gone);
    }

    fn drop_state(&mut self, path: &str) {
        self.manifest.files.retain(|file| file.path != path);
    }

    fn replace_file(&mut self, new: File) {
        self.manifest.files.retain(|file| file.path != new.path);
        self.manifest.files.push(new);
    }

    fn is_gone(&self, matcher: &Matcher, id: &str) -> bool {
        self.gone.contains(id) || matcher.has_id(id)
    }

    /// Tables that name records by their ids: those of the difference from the release before, and measured
    /// values beside the rows.
    pub(super) fn tables(&mut self, matcher: &Matcher) -> Result<()> {
        let files = self.manifest.files.clone();
        let tables = files
            .iter()
            .filter(|file| matches!(file.role, Role::Diff | Role::Signals) && is(&file.path, "parquet"));
        for file in tables {
            let (from, to) = (self.from.join(&file.path), self.root.join(&file.path));
            let named = |id: &str| self.is_gone(matcher, id);
            match tables::without(
                &self.options,
                &from,
                &to,
                &file.path,
                file.role,
                &["id", "id_old"],
                &named,
            )? {
                Rewritten::Same => self.keep(&file.path)?,
                Rewritten::Empty => {
                    self.touched = true;
                    self.drop_state(&file.path);
                }
                Rewritten::New(new) => {
                    self.touched = true;
                    self.replace_file(new);
                }
            }
        }
        Ok(())
    }

    /// Sample ids of the verdict, in the manifest and in the JSON of the difference.
    pub(super) fn samples(&mut self, matcher: &Matcher) -> Result<()> {
        let mut reasons = std::mem::take(&mut self.manifest.semver.reasons);
        let mut named = false;
        for reason in &mut reasons {
            let before = reason.sample_ids.len();
            reason.sample_ids.retain(|id| !self.is_gone(matcher, id));
            named |= reason.sample_ids.len() < before;
        }
        self.manifest.semver.reasons = reasons;
        self.touched |= named;
        let files = self.manifest.files.clone();
        for file in files
            .iter()
            .filter(|file| file.role == Role::Diff && is(&file.path, "json"))
        {
            let from = self.from.join(&file.path);
            let mut value: serde_json::Value = serde_json::from_slice(&fs_err::read(&from)?)
                .map_err(|error| Error::corrupt(&from, error.to_string()))?;
            let reasons = value["reasons"].as_array_mut();
            for ids in reasons
                .into_iter()
                .flatten()
                .filter_map(|reason| reason["sample_ids"].as_array_mut())
            {
                ids.retain(|id| !id.as_str().is_some_and(|id| self.is_gone(matcher, id)));
            }
            if !named {
                self.keep(&file.path)?;
                continue;
            }
            let text =
                serde_json::to_string_pretty(&value).map_err(|e| Error::Invalid(e.to_string()))? + "\n";
            let new = write(&self.root, &file.path, Role::Diff, text.as_bytes())?;
            self.replace_file(new);
        }
        Ok(())
    }

    /// Counts by source, without the sources that were taken down as such.
    pub(super) fn sources(&mut self, matcher: &Matcher) -> Result<()> {
        let files = self.manifest.files.clone();
        for file in files
            .iter()
            .filter(|file| file.role == Role::State && is(&file.path, "json"))
        {
            let from = self.from.join(&file.path);
            let before: serde_json::Value = serde_json::from_slice(&fs_err::read(&from)?)
                .map_err(|error| Error::corrupt(&from, error.to_string()))?;
            let mut value = before.clone();
            forget(&mut value, &|name| {
                let below = format!("{name}/");
                !matcher.find_named(None, Some(&below), Some(name)).is_empty()
            });
            if value == before {
                self.keep(&file.path)?;
                continue;
            }
            self.touched = true;
            let text =
                serde_json::to_string_pretty(&value).map_err(|e| Error::Invalid(e.to_string()))? + "\n";
            let new = write(&self.root, &file.path, Role::State, text.as_bytes())?;
            self.replace_file(new);
        }
        Ok(())
    }

    /// The audit beside the release or in it, with keyed hashes in the place of ids. The counts follow.
    pub(super) fn audit(&mut self, matcher: &Matcher, temp: &Path) -> Result<()> {
        let public = self.manifest.audit.public;
        let (from, to) = if public {
            (self.from.to_owned(), self.root.clone())
        } else {
            (crate::release::plan::audit_beside(self.from), temp.join("audit"))
        };
        let counts = &mut self.manifest.counts;
        counts.accepted -= self.rows;
        if !from.is_dir() {
            // Nobody has it here; what it says is not published.
            counts.excluded += self.rows;
            counts.retracted += self.rows;
            counts.repaired = counts.repaired.min(counts.accepted);
            return Ok(());
        }
        let named = |id: &str| self.gone.contains(id) || matcher.has_id(id);
        let hashed = |id: &str| matcher.key().hashed_id(id);
        let mut tally = Tally::default();
        let (mut files, mut touched) = (Vec::new(), false);
        for file in audit_files(&self.manifest.audit.files, &from, public) {
            let file = &file;
            let (old, new) = (from.join(&file.path), to.join(&file.path));
            let result = if file.path.contains("exclusions/") {
                tables::exclusions(
                    &self.options,
                    (&old, &new),
                    &file.path,
                    &named,
                    &hashed,
                    &self.gone,
                    &mut tally,
                )?
            } else if is(&file.path, "parquet") {
                let columns = ["id", "kept_id", "dropped_id"];
                tables::without(
                    &self.options,
                    &old,
                    &new,
                    &file.path,
                    Role::Audit,
                    &columns,
                    &named,
                )?
            } else {
                Rewritten::Same
            };
            match result {
                Rewritten::Same => {
                    link(&old, &new)?;
                    // Not what the manifest says: a purge that was killed may have got this far.
                    let (bytes, sha256) = crate::release::verify::hash_file(&new)?;
                    let sha256 = hex(&sha256);
                    files.push(File {
                        bytes,
                        sha256,
                        ..file.clone()
                    });
                }
                Rewritten::Empty => touched = true,
                Rewritten::New(file) => {
                    touched = true;
                    files.push(file);
                }
            }
        }
        self.touched |= touched;
        if !self.touched {
            return Ok(());
        }
        let prefix = if public { "audit/" } else { "" };
        let table = format!("{prefix}exclusions/exclusions-00000.parquet");
        if !files.iter().any(|file| file.path == table) && !self.gone.is_empty() {
            files.push(tables::first_exclusions(
                &self.options,
                &to,
                prefix,
                &hashed,
                &self.gone,
                &mut tally,
            )?);
        }
        let counts = &mut self.manifest.counts;
        let repaired = counts.repaired.min(counts.accepted);
        let (collected, accepted) = (counts.collected, counts.accepted);
        *counts = Counts {
            collected,
            accepted,
            repaired,
            ..tally.counts
        };
        let text = serde_json::to_vec_pretty(counts).map_err(|e| Error::Invalid(e.to_string()))?;
        let path = format!("{prefix}counts.json");
        files.retain(|file| file.path != path);
        fs_err::remove_file(to.join(&path)).or_else(missing)?;
        files.push(write(&to, &path, Role::Audit, &text)?);
        files.sort();
        if public {
            self.manifest.files.retain(|file| file.role != Role::Audit);
            self.manifest.files.extend(files.iter().cloned());
        } else {
            self.audit = Some(to);
        }
        self.manifest.audit.files = files;
        Ok(())
    }

    /// Identities, documents, the manifest, the sums. Gives the hash of the manifest.
    pub(super) fn finish(&mut self, purge: &Purge<'_>, replaced: &[u8; 32]) -> Result<[u8; 32]> {
        self.manifest.content_id =
            crate::release::identities::content_id(&self.root, &self.manifest.configs)?;
        let mut tombstones = Tombstones::of_release(self.from, &self.manifest)?;
        tombstones.extend(purge.tombstones.clone());
        let new = write(
            &self.root,
            RELEASE_FILE,
            Role::State,
            &tombstones.to_release_bytes()?,
        )?;
        self.replace_file(new);
        let takedown = self.manifest.takedown.get_or_insert_with(Takedown::default);
        takedown.tombstones = Some(RELEASE_FILE.to_owned());
        takedown.count = Some(tombstones.len() as u64);
        takedown.purges.push(Record {
            at: purge.at.to_owned(),
            rows: self.rows,
            replaced: hex(replaced),
        });
        self.changelog(purge.at)?;
        let schema = tables::schema_of(&self.root, &self.manifest)?;
        let rest = self.manifest.files.clone();
        let kept = |role: Role| {
            !matches!(
                role,
                Role::Report
                    | Role::Card
                    | Role::Croissant
                    | Role::Datapackage
                    | Role::Citation
                    | Role::Provenance
            )
        };
        self.manifest.files.retain(|file| kept(file.role));
        for file in rest
            .iter()
            .filter(|file| kept(file.role) && !self.root.join(&file.path).exists())
        {
            self.keep(&file.path)?;
        }
        let mut files = std::mem::take(&mut self.manifest.files);
        let mut out = Documents::new(&self.root, &mut files);
        describe(&self.manifest, &schema, purge.facts, &mut out)?;
        files.sort();
        self.manifest.files = files;
        if let Some(problem) = self.manifest.check().into_iter().next() {
            return Err(Error::Invalid(format!("the manifest would be wrong: {problem}")));
        }
        let bytes = self.manifest.to_bytes()?;
        let digest = sha256(&bytes);
        fs_err::write(self.root.join("manifest.json"), &bytes)?;
        fs_err::write(
            self.root.join("SHA256SUMS"),
            sums::render(&self.manifest, &digest),
        )?;
        debug_assert!(
            !self.root.join(signature::FILE).exists(),
            "it signs another manifest"
        );
        Ok(digest)
    }

    /// A line under the heading of this release.
    fn changelog(&mut self, at: &str) -> Result<()> {
        let files = self.manifest.files.clone();
        for file in files.iter().filter(|file| file.role == Role::Changelog) {
            let text = fs_err::read_to_string(self.from.join(&file.path))?;
            let heading = format!("## {} ", self.manifest.version);
            let mut out = String::with_capacity(text.len() + 100);
            for line in text.split_inclusive('\n') {
                out.push_str(line);
                if line.starts_with(&heading) {
                    let day = at.get(..10).unwrap_or(at);
                    let _ = writeln!(
                        out,
                        "\n- Purged on {day}: records taken down are gone from these files ({}).",
                        self.rows
                    );
                }
            }
            let new = write(&self.root, &file.path, Role::Changelog, out.as_bytes())?;
            self.replace_file(new);
        }
        Ok(())
    }
}

/// The files of an audit as they are: a purge that was killed may have got so far that the manifest does
/// not know them yet.
fn audit_files(listed: &[File], root: &Path, public: bool) -> Vec<File> {
    let mut files: Vec<File> = listed
        .iter()
        .filter(|file| root.join(&file.path).is_file())
        .cloned()
        .collect();
    let exclusions = "exclusions/exclusions-00000.parquet";
    if !public && !files.iter().any(|file| file.path == exclusions) && root.join(exclusions).is_file() {
        files.push(File {
            path: exclusions.to_owned(),
            bytes: 0,
            sha256: String::new(),
            role: Role::Audit,
        });
    }
    files
}

/// Takes out the members whose names are gone, at any depth.
fn forget(value: &mut serde_json::Value, gone: &dyn Fn(&str) -> bool) {
    match value {
        serde_json::Value::Object(members) => {
            members.retain(|name, _| !gone(name));
            members.values_mut().for_each(|value| forget(value, gone));
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|value| forget(value, gone)),
        _ => {}
    }
}

fn is(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == extension)
}

fn missing(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound {
        Ok(())
    } else {
        Err(error)
    }
}

fn link(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs_err::create_dir_all(parent)?;
    }
    if fs_err::hard_link(from, to).is_err() {
        fs_err::copy(from, to)?;
    }
    Ok(())
}

fn write(root: &Path, path: &str, role: Role, bytes: &[u8]) -> Result<File> {
    let to = root.join(path);
    if let Some(parent) = to.parent() {
        fs_err::create_dir_all(parent)?;
    }
    fs_err::write(&to, bytes)?;
    Ok(File {
        path: path.to_owned(),
        bytes: bytes.len() as u64,
        sha256: hex(&sha256(bytes)),
        role,
    })
}
