//! `manifest.json`: the root of trust of a release, as typed data.
//!
//! The file is canonical: members in the order of these types, maps sorted by key, two spaces of
//! indentation, one newline at the end. `schemas/manifest.schema.json` describes the same shape
//! for other tools; [`Manifest::check`] says what a JSON Schema cannot.

mod check;

pub use check::{is_dataset_name, is_ident, is_relative_path};

use super::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The JSON Schema of a manifest, as it is published in `schemas/`.
pub const SCHEMA: &str = include_str!("../../schemas/manifest.schema.json");

/// Version of the manifest format that this tool writes and reads.
pub const MANIFEST_VERSION: u32 = 1;

/// What part a file of a release plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The dataset card.
    Card,
    /// Croissant metadata.
    Croissant,
    /// Data Package metadata.
    Datapackage,
    /// The list of changes.
    Changelog,
    /// The JSON Schema of the records.
    Schema,
    /// What was left out, dropped and repaired.
    Audit,
    /// The licence text.
    License,
    /// How to cite.
    Citation,
    /// Where it came from.
    Provenance,
    /// A report for people.
    Report,
    /// Measured values beside the rows.
    Signals,
    /// What the next release needs.
    State,
    /// The difference from the previous release.
    Diff,
    /// A signature.
    Signature,
    /// A list of checksums.
    Sums,
    /// Anything else.
    Other,
}

/// A file that is not a shard.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Path relative to the release (or to the audit), `/` between steps.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// What part it plays.
    pub role: Role,
}

/// One Parquet file of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// Path relative to the release.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
    /// Rows in it, at least one.
    pub rows: u64,
    /// Row groups in it, at least one.
    pub row_groups: u64,
    /// Sum of the row groups' uncompressed sizes, in bytes.
    pub uncompressed_bytes: u64,
    /// Hash over the row hashes in file order ([`super::row_hash`]).
    pub rows_hash: String,
    /// First id.
    pub id_min: String,
    /// Last id.
    pub id_max: String,
    /// Length of the Parquet footer in bytes, without its length field and magic.
    pub footer_bytes: u64,
    /// Release that introduced these rows.
    pub rows_since: String,
    /// First release that held exactly these bytes.
    pub bytes_since: String,
    /// The state file that is row-aligned with this shard.
    pub state: String,
}

/// One split of a config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Name.
    pub name: String,
    /// Rows, at least one.
    pub rows: u64,
    /// Bytes of its shards.
    pub bytes: u64,
    /// How rows came into it.
    pub split_rule: String,
    /// Number of its next new shard: numbers are given once.
    pub next_shard: u64,
    /// Its shards in row order.
    pub shards: Vec<Shard>,
}

/// One config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name; `default` where there is only one.
    pub name: String,
    /// Whether readers get it when they name none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
    /// Its splits, in order of name.
    pub splits: Vec<Split>,
}

/// The release before this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Previous {
    /// Its version.
    pub version: String,
    /// Its content identity.
    pub content_id: String,
    /// SHA-256 of its manifest.
    pub manifest_sha256: String,
}

/// Size of a version step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing changed.
    None,
    /// Same rows.
    Patch,
    /// Only additions.
    Minor,
    /// Something consumers had is different or gone.
    Major,
    /// There is no release before this one.
    Initial,
}

impl Level {
    /// Lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Initial => "initial",
        }
    }
}

/// Why a version step has to be as large as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Code of the check: `V101`.
    pub rule: String,
    /// Smallest step it asks for.
    pub level: Level,
    /// How many rows, columns or splits.
    pub count: u64,
    /// Whether a consumer may accept the change unseen, whatever its level: a takedown is nothing to decide about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
    /// The first ids (or names), at most ten.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sample_ids: Vec<String>,
}

/// The semver verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Semver {
    /// Smallest step that the changes ask for.
    pub required: Level,
    /// Step from the previous version to this one.
    pub declared: Level,
    /// Reason given for releasing with a smaller step.
    #[serde(rename = "override")]
    pub overridden: Option<String>,
    /// The checks that fired.
    pub reasons: Vec<Reason>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Type: `string`, `int64`, `timestamp[us, tz=UTC]`, `list<element: string>`…
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it may be null.
    pub nullable: bool,
    /// What it holds, from the JSON Schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// The shape of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Where the JSON Schema stands in the release.
    pub json_schema_path: String,
    /// Its SHA-256.
    pub json_schema_sha256: String,
    /// Columns that identify a row.
    pub primary_key: Vec<String>,
    /// All columns, in order.
    pub fields: Vec<Column>,
}

/// What became of every collected record. See [`Counts::balance`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Records read, unparseable ones included.
    pub collected: u64,
    /// Rows of the release.
    pub accepted: u64,
    /// All others.
    pub excluded: u64,
    /// Accepted rows that a fix changed.
    pub repaired: u64,
    /// Excluded because of a finding: by the first rule in code order.
    pub excluded_by_rule: BTreeMap<String, u64>,
    /// Excluded as copies.
    pub duplicates: u64,
    /// Excluded because they were taken down.
    pub retracted: u64,
    /// Could not be read as a record.
    pub unparseable: u64,
    /// Excluded by configuration.
    pub by_policy: u64,
}

impl Counts {
    /// Collected = accepted + excluded, and the parts of excluded sum up.
    ///
    /// # Errors
    /// The equation that does not hold, with its numbers.
    pub fn balance(&self) -> std::result::Result<(), String> {
        let sum = |parts: &[u64]| parts.iter().try_fold(0_u64, |a, b| a.checked_add(*b));
        let by_rule: Vec<u64> = self.excluded_by_rule.values().copied().collect();
        let by_rule = sum(&by_rule).ok_or("the counts by rule overflow")?;
        if sum(&[self.accepted, self.excluded]) != Some(self.collected) {
            return Err(format!(
                "collected {} ≠ accepted {} + excluded {}",
                self.collected, self.accepted, self.excluded
            ));
        }
        let parts = [
            by_rule,
            self.duplicates,
            self.retracted,
            self.unparseable,
            self.by_policy,
        ];
        if sum(&parts) != Some(self.excluded) {
            return Err(format!(
                "excluded {} ≠ by rule {by_rule} + duplicates {} + retracted {} + unparseable {} + by policy {}",
                self.excluded, self.duplicates, self.retracted, self.unparseable, self.by_policy
            ));
        }
        if self.repaired > self.accepted {
            return Err(format!("repaired {} > accepted {}", self.repaired, self.accepted));
        }
        Ok(())
    }
}

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Path relative to the project, or URL without user information and query.
    pub uri: String,
    /// SHA-256 of the bytes as stored.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Records read from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// When it was collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected_at: Option<String>,
}

/// How Parquet was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParquetSettings {
    /// Name and version of the library.
    #[serde(rename = "crate")]
    pub library: String,
    /// zstd level.
    pub level: i32,
    /// Most rows of a row group.
    pub row_group_rows: u64,
    /// Bytes of values after which a row group ends.
    pub row_group_bytes: u64,
    /// Compressed bytes after which a shard ends.
    pub shard_bytes: u64,
}

/// An evaluation set that rows were compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationSet {
    /// Path relative to the project.
    pub uri: String,
    /// SHA-256 of the bytes as stored.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
}

/// How rows were kept apart from evaluation sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decontamination {
    /// Words of the shortest passage that counts.
    pub n: u64,
    /// The evaluation sets, in path order.
    pub against: Vec<EvaluationSet>,
}

/// What made the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pipeline {
    /// `corpus`.
    pub tool: String,
    /// Version of the tool.
    pub tool_version: String,
    /// SHA-256 of the effective configuration.
    pub config_sha256: String,
    /// Edition and hash of the rules that ran.
    pub ruleset: String,
    /// Unicode version of the tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unicode: Option<String>,
    /// Which normalisation the matching keys of `state/` use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub match_key: Option<String>,
    /// The evaluation sets that no row shares a passage with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decontamination: Option<Decontamination>,
    /// SHA-256 of the pinned template lines that the rules ran with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_lines_sha256: Option<String>,
    /// How Parquet was written.
    pub parquet: ParquetSettings,
    /// Commit of the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_commit: Option<String>,
    /// Whether the project had uncommitted changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dirty: Option<bool>,
}

/// Rows that were taken out after the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purge {
    /// When, RFC 3339.
    pub at: String,
    /// How many rows went.
    pub rows: u64,
    /// SHA-256 of the manifest that this one replaced.
    pub replaced: String,
}

/// Whom to ask to take a record down, and what was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takedown {
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Where the tombstones stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tombstones: Option<String>,
    /// How many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// What was purged from this release, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purges: Vec<Purge>,
}

/// The audit tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// Whether they stand inside the release (`audit/`) or beside it.
    pub public: bool,
    /// The tables; paths are relative to the audit directory when it stands beside the release.
    pub files: Vec<File>,
}

/// Which splits are closed, and how rows are dealt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Splits {
    /// Splits that take no new rows after their first release.
    pub frozen: Vec<String>,
    /// `cluster` or `time`.
    #[serde(default)]
    pub by: crate::config::SplitBy,
    /// Declared splits that no row fell into; they have no directory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub empty: Vec<String>,
}

/// A whole manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`MANIFEST_VERSION`].
    pub manifest_version: u32,
    /// Name of the dataset.
    pub name: String,
    /// Version, semver.
    pub version: String,
    /// When it was released, RFC 3339.
    pub released_at: String,
    /// Identity of the logical rows.
    pub content_id: String,
    /// The release before.
    pub previous: Option<Previous>,
    /// The semver verdict.
    pub semver: Semver,
    /// The shape of a row.
    pub schema: Schema,
    /// The data.
    pub configs: Vec<Config>,
    /// Every other file but this one and SHA256SUMS, by path.
    pub files: Vec<File>,
    /// What became of every record.
    pub counts: Counts,
    /// Where records came from.
    pub inputs: Vec<Input>,
    /// What made it.
    pub pipeline: Pipeline,
    /// Whom to ask for a takedown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takedown: Option<Takedown>,
    /// Licence of the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Languages, BCP 47.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// The audit.
    pub audit: Audit,
    /// Splits.
    pub splits: Splits,
}

impl Manifest {
    /// The canonical bytes.
    ///
    /// # Errors
    /// Never in practice: serde's.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|e| Error::Invalid(e.to_string()))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a manifest; unknown members and an unknown format version are refused.
    ///
    /// # Errors
    /// What is not as it should be.
    pub fn from_bytes(bytes: &[u8]) -> std::result::Result<Self, String> {
        #[derive(Deserialize)]
        struct Probe {
            manifest_version: u64,
        }
        let probe: Probe = serde_json::from_slice(bytes).map_err(|e| format!("is not a manifest: {e}"))?;
        if probe.manifest_version != u64::from(MANIFEST_VERSION) {
            return Err(format!(
                "has manifest version {}; this tool reads version {MANIFEST_VERSION}: use a newer one",
                probe.manifest_version
            ));
        }
        serde_json::from_slice(bytes).map_err(|e| format!("is not a manifest: {e}"))
    }

    /// Reads and checks the manifest of the release in `directory`; gives its SHA-256 too.
    ///
    /// # Errors
    /// I/O, or a manifest that is not well formed.
    pub fn read(directory: &Path) -> Result<(Self, [u8; 32])> {
        let path = directory.join("manifest.json");
        let bytes = fs_err::read(&path)?;
        let manifest = Self::from_bytes(&bytes).map_err(|e| Error::corrupt(&path, e))?;
        match manifest.check().into_iter().next() {
            Some(problem) => Err(Error::corrupt(&path, problem)),
            None => Ok((manifest, super::sha256(&bytes))),
        }
    }

    /// All shards with the names of their config and split, in manifest order.
    pub fn shards(&self) -> impl Iterator<Item = (&str, &str, &Shard)> {
        self.configs.iter().flat_map(|config| {
            config.splits.iter().flat_map(move |split| {
                split
                    .shards
                    .iter()
                    .map(move |shard| (config.name.as_str(), split.name.as_str(), shard))
            })
        })
    }
}
