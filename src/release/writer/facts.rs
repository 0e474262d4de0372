//! What a release says that its rows do not.

use crate::release::manifest;
use crate::release::semver::Judge;
use crate::release::takedown::{Matcher, Tombstones};
use std::collections::HashSet;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_128;

/// The tombstones that a release enforces.
#[derive(Debug, Clone)]
pub struct Takedowns {
    /// All of them.
    pub tombstones: Tombstones,
    /// What records are compared with.
    pub matcher: Arc<Matcher>,
    /// Hashes of the ids that the scan found to be taken down.
    pub found: Arc<HashSet<u128>>,
    /// Step that a takedown asks for.
    pub level: manifest::Level,
}

impl Takedowns {
    /// Whether a row that is gone was taken down.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.found.contains(&xxh3_128(id.as_bytes())) || self.matcher.has_id(id)
    }
}

/// What the documents and the manifest say that the rows do not.
#[derive(Debug, Clone)]
pub struct Facts {
    /// RFC 3339 date-time of the release.
    pub released_at: String,
    /// What became of every record.
    pub counts: manifest::Counts,
    /// Where records came from, in path order.
    pub inputs: Vec<manifest::Input>,
    /// Version of the tool.
    pub tool_version: String,
    /// SHA-256 of the effective configuration, lower-case hexadecimal.
    pub config_sha256: String,
    /// Edition and hash of the rules that ran.
    pub ruleset: String,
    /// Unicode version of the tables.
    pub unicode: Option<String>,
    /// Which normalisation the matching keys use.
    pub match_key: Option<String>,
    /// The evaluation sets that rows were compared with.
    pub decontamination: Option<manifest::Decontamination>,
    /// SHA-256 of the pinned template lines.
    pub template_lines_sha256: Option<String>,
    /// Commit of the project, and whether it had uncommitted changes.
    pub source: Option<(String, bool)>,
    /// The JSON Schema file of the project, byte for byte.
    pub json_schema: Vec<u8>,
    /// File name of the JSON Schema in the release's `schemas/`.
    pub json_schema_name: String,
    /// SPDX expression of the licence.
    pub license: Option<String>,
    /// Text of the licence, from the project.
    pub license_text: Option<String>,
    /// Languages of the rows, BCP 47, sorted.
    pub languages: Vec<String>,
    /// Human name of the dataset, one line.
    pub description: Option<String>,
    /// Whom the dataset is by.
    pub authors: Vec<String>,
    /// Home page.
    pub homepage: Option<String>,
    /// Address for takedowns.
    pub contact: Option<String>,
    /// What was taken down.
    pub takedowns: Option<Takedowns>,
    /// Text of the user's for the card, after the generated facts.
    pub prose: Option<String>,
    /// The project's own CHANGELOG.md; what it says about this version is quoted.
    pub changes: Option<String>,
    /// What the next release compares itself with: a path and its bytes.
    pub profile: Option<(&'static str, Vec<u8>)>,
    /// Reason for a step smaller than the changes ask for.
    pub override_semver: Option<String>,
    /// Whether a version that is too low is refused.
    pub judge: Judge,
}
