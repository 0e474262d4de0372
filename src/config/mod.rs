//! `corpus.toml`: the project's declared configuration, as typed data.
//!
//! These types are what the other rooms read; they do no I/O. Unknown keys are refused.

pub mod load;

use serde::Deserialize;
use std::collections::BTreeMap;

/// A whole `corpus.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// Name of the dataset: `[a-z0-9._-]`.
    pub name: Option<String>,
    /// Edition that pins rules, severities, thresholds and tables.
    pub edition: Option<String>,
    /// Licence of the whole (SPDX expression); a record's own field wins.
    pub license: Option<String>,
    /// One line about the dataset, for the card.
    pub description: Option<String>,
    /// Home page, for the card.
    pub homepage: Option<String>,
    /// Who to write to about takedowns, for the card and the manifest.
    pub contact: Option<String>,
    /// People or organisations to cite.
    pub authors: Vec<String>,
    /// Where records come from.
    pub input: Vec<InputSpec>,
    /// Which field plays which part.
    pub fields: Fields,
    /// The JSON Schema of a record.
    pub schema: SchemaConfig,
    /// Which rules run, and how.
    pub lint: LintConfig,
    /// Settings for some records only.
    #[serde(rename = "override")]
    pub overrides: Vec<Override>,
    /// Duplicate search.
    pub dedup: DedupConfig,
    /// Splits of a release.
    pub splits: Option<SplitsConfig>,
    /// Configs of a release.
    pub configs: Option<ConfigsConfig>,
    /// Evaluation sets that no training row may hold.
    pub decontaminate: Option<DecontaminateConfig>,
    /// How a release is written.
    pub release: ReleaseConfig,
    /// Threads, memory, limits.
    pub engine: EngineConfig,
}

/// Format of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// By file name, then by content.
    #[default]
    Auto,
    /// One JSON value a line (`.jsonl`, `.ndjson`).
    Jsonl,
    /// One JSON value, or one array of records.
    Json,
    /// One record a file (`.txt`).
    Text,
    /// One record a file, with YAML front matter (`.md`).
    Markdown,
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC file or stream (`.arrow`, `.feather`).
    Arrow,
    /// Comma-separated values.
    Csv,
    /// Tab-separated values.
    Tsv,
}

/// How a text file gets its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TitleFrom {
    /// Its first non-blank line, which is then not part of the body.
    FirstLine,
}

/// What a field's value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Markup {
    /// HTML: tags are stripped to text.
    Html,
}

/// CSV dialect.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Dialect {
    /// Field separator; by default `,` (csv), TAB (tsv).
    pub delimiter: Option<char>,
    /// Quote character; by default `"`.
    pub quote: Option<char>,
    /// Escape character; by default a doubled quote.
    pub escape: Option<char>,
    /// Column names, when the file has no header line.
    pub columns: Vec<String>,
    /// Lines that start with this character are skipped.
    pub comment: Option<char>,
}

/// One `[[input]]` table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct InputSpec {
    /// Globs, relative to the project.
    pub include: Vec<String>,
    /// Globs to leave out.
    pub exclude: Vec<String>,
    /// Format.
    pub format: Format,
    /// `auto`, or a WHATWG encoding label.
    pub encoding: Option<String>,
    /// Pattern of the path that fills fields: `{source}/{published_at:%Y/%m}/{id}.txt`.
    pub from_path: Option<String>,
    /// Where a text file's title comes from.
    pub title: Option<TitleFrom>,
    /// Fields that hold markup.
    #[allow(clippy::zero_sized_map_values)] // More kinds of markup than HTML are to come.
    pub markup: BTreeMap<String, Markup>,
    /// IANA zone of dates without one: `Asia/Riyadh`.
    pub timezone: Option<String>,
    /// Values of fields that a record lacks.
    pub defaults: BTreeMap<String, toml::Value>,
    /// File's field name to the schema's: `{ content = "body" }`.
    pub rename: BTreeMap<String, String>,
    /// CSV dialect.
    pub csv: Dialect,
}

/// The `id` field: a name, or a hash of other fields.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum IdField {
    /// Name of the field.
    Name(String),
    /// SHA-256 of these fields.
    Hash {
        /// The fields, in order.
        hash: Vec<String>,
    },
}

/// `[fields]`: the name of the field that plays each part.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Fields {
    /// Unique key; `id`.
    pub id: Option<IdField>,
    /// The article; the first present of `body, text, content, article_text, raw_content`.
    pub text: Option<String>,
    /// Headline; `title`.
    pub title: Option<String>,
    /// Address; `url`.
    pub url: Option<String>,
    /// Language; `language`.
    pub language: Option<String>,
    /// Publisher; `source`.
    pub source: Option<String>,
    /// Publication time; `published_at`.
    pub published: Option<String>,
    /// Collection time; `collected_at`.
    pub collected: Option<String>,
    /// Authors; `authors`.
    pub author: Option<String>,
}

/// `[schema]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct SchemaConfig {
    /// The schema file, relative to the project.
    pub path: Option<String>,
    /// `assert` (default with a corpus.toml) or `draft`.
    pub formats: Option<FormatsChoice>,
}

/// When `format` is an assertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormatsChoice {
    /// In every draft.
    Assert,
    /// As the draft says.
    Draft,
}

/// One `[[lint.suppress]]` table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Suppress {
    /// Rule code or name.
    pub rule: String,
    /// Record id.
    pub id: Option<String>,
    /// Source.
    pub source: Option<String>,
    /// Why; required.
    pub reason: String,
    /// Last day it holds, `2027-01-31`.
    pub expires: Option<String>,
}

/// `[lint]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct LintConfig {
    /// Rules that run, instead of the default set.
    pub select: Option<Vec<String>>,
    /// Rules that run too.
    pub extend_select: Vec<String>,
    /// Rules that do not run.
    pub ignore: Vec<String>,
    /// Whether preview rules may run.
    pub preview: Option<bool>,
    /// Severity at which the exit code is 1.
    pub error_on: Option<crate::finding::Severity>,
    /// Baseline file.
    pub baseline: Option<String>,
    /// Rules whose fixes may be applied.
    pub fixable: Option<Vec<String>>,
    /// Rules whose fixes are never applied.
    pub unfixable: Vec<String>,
    /// Rules whose unsafe fixes count as safe.
    pub extend_safe_fixes: Vec<String>,
    /// Rules whose safe fixes count as unsafe.
    pub extend_unsafe_fixes: Vec<String>,
    /// Severity by rule or prefix.
    pub severity: BTreeMap<String, crate::finding::Severity>,
    /// Rules ignored by glob.
    pub per_file_ignores: BTreeMap<String, Vec<String>>,
    /// Options by rule name.
    pub rules: BTreeMap<String, toml::Table>,
    /// Suppressions.
    pub suppress: Vec<Suppress>,
}

/// One `[[override]]` table: settings for records where every field of `where` has that value.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Override {
    /// Field to value.
    #[serde(rename = "where")]
    pub when: BTreeMap<String, String>,
    /// Rules that run too.
    pub extend_select: Vec<String>,
    /// Rules that do not run.
    pub ignore: Vec<String>,
    /// Severity by rule or prefix.
    pub severity: BTreeMap<String, crate::finding::Severity>,
}

/// What happens to near duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NearAction {
    /// The release leaves them out.
    #[default]
    Drop,
    /// The release keeps and marks them.
    Tag,
}

/// `[dedup] near`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Near {
    /// Verified Jaccard from which a release drops a copy.
    pub threshold: f64,
    /// Verified Jaccard from which a pair is reported.
    pub report: f64,
    /// Share of pairs at the threshold that the bands must find.
    pub recall: f64,
    /// Drop or tag.
    pub action: NearAction,
    /// A published way of looking, to compare with; the other settings do not apply to it.
    pub profile: Option<NearProfile>,
}

/// Published parameters of near-duplicate search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NearProfile {
    /// Runs of five words, 14 bands of 8 hashes, no verification.
    FineWeb,
}

impl Default for Near {
    fn default() -> Self {
        Self {
            threshold: 0.8,
            report: 0.5,
            recall: 0.97,
            action: NearAction::Drop,
            profile: None,
        }
    }
}

/// `near = false`, or a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum NearChoice {
    /// On or off.
    Switch(bool),
    /// On, with these settings.
    Settings(Near),
}

/// Which copy of a cluster stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// One already in a release.
    Published,
    /// The one published first.
    Earliest,
    /// The one published last.
    Latest,
    /// The longest text.
    Longest,
}

/// What to do with two records of one id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SameId {
    /// Refuse the release.
    #[default]
    Refuse,
    /// Keep the latest.
    Latest,
    /// Keep the earliest.
    Earliest,
}

/// `[dedup]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct DedupConfig {
    /// Whether exact copies are dropped.
    pub exact: bool,
    /// Near-duplicate search.
    pub near: Option<NearChoice>,
    /// Order in which the survivor of a cluster is chosen.
    pub keep: Vec<Keep>,
    /// Two records of one id.
    pub same_id: SameId,
}

impl Default for DedupConfig {
    fn default() -> Self {
        Self {
            exact: true,
            near: None,
            keep: vec![Keep::Published, Keep::Earliest, Keep::Longest],
            same_id: SameId::Refuse,
        }
    }
}

/// How rows are dealt to splits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SplitBy {
    /// By a hash of the cluster's root id.
    #[default]
    Cluster,
    /// By publication time.
    Time,
}

/// `[splits]`: shares by name, and how rows are dealt.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct SplitsConfig {
    /// How rows are dealt.
    pub by: SplitBy,
    /// Splits that close after their first release; `validation` and `test` unless told.
    pub frozen: Option<Vec<String>>,
    /// Share of each split, summing to 1.
    #[serde(flatten)]
    pub shares: BTreeMap<String, f64>,
}

/// `[configs]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConfigsConfig {
    /// Field whose value names the config.
    pub by: String,
}

/// `[decontaminate]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DecontaminateConfig {
    /// Globs of evaluation sets.
    pub against: Vec<String>,
    /// Length of the n-grams, in words (characters in scripts without spaces).
    #[serde(default = "thirteen")]
    pub n: usize,
}

const fn thirteen() -> usize {
    13
}

/// What a release does with records that have errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnError {
    /// Leave the record out.
    #[default]
    Exclude,
    /// Refuse the release.
    Refuse,
}

/// What a release does with fields the schema does not declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Undeclared {
    /// Into the JSON string column `extra`.
    #[default]
    Extra,
    /// Left out.
    Drop,
    /// The release is refused.
    Refuse,
}

/// Who sees the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuditMode {
    /// Beside the release.
    #[default]
    Private,
    /// Inside it.
    Public,
}

/// Which fixes a release applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReleaseFix {
    /// None.
    None,
    /// Safe ones.
    #[default]
    Safe,
    /// Unsafe ones too.
    Unsafe,
}

/// How version numbers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Versioning {
    /// Semantic versioning, enforced.
    #[default]
    Semver,
    /// Calendar versioning; the semver verdict is recorded, not enforced.
    Calver,
}

/// Which takedown level is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TakedownLevel {
    /// A takedown needs only a patch version.
    Patch,
    /// A takedown needs a major version.
    #[default]
    Major,
}

/// `[release]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ReleaseConfig {
    /// Where releases are written, relative to the project.
    pub directory: String,
    /// Where releases live for runners that start empty.
    pub remote: Option<String>,
    /// How versions are read.
    pub versioning: Versioning,
    /// Which fixes are applied.
    pub fix: ReleaseFix,
    /// What happens to records with errors.
    pub on_error: OnError,
    /// Largest share of records that may be excluded: `"5%"`. Duplicates do not count.
    pub max_excluded: String,
    /// Undeclared fields.
    pub undeclared: Undeclared,
    /// Private or public audit.
    pub audit: AuditMode,
    /// Extra columns the tool computes: `corpus_since`, `corpus_chars`…
    pub columns: Vec<String>,
    /// Whether the inputs are archived in the release.
    pub archive: bool,
    /// Level of a takedown.
    pub takedown_level: TakedownLevel,
    /// zstd level of the Parquet pages.
    pub zstd_level: i32,
    /// Target size of a shard, compressed.
    pub shard_bytes: String,
    /// Target size of a row group, values uncompressed.
    pub row_group_bytes: String,
}

impl Default for ReleaseConfig {
    fn default() -> Self {
        Self {
            directory: "releases".to_owned(),
            remote: None,
            versioning: Versioning::Semver,
            fix: ReleaseFix::Safe,
            on_error: OnError::Exclude,
            max_excluded: "5%".to_owned(),
            undeclared: Undeclared::Extra,
            audit: AuditMode::Private,
            columns: Vec::new(),
            archive: false,
            takedown_level: TakedownLevel::Major,
            zstd_level: 3,
            shard_bytes: "256MiB".to_owned(),
            row_group_bytes: "64MiB".to_owned(),
        }
    }
}

/// `[engine]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct EngineConfig {
    /// Memory ceiling: `512MB`.
    pub memory: Option<String>,
    /// Threads.
    pub jobs: Option<usize>,
    /// Where spilled keys go.
    pub scratch: Option<String>,
    /// Longest record.
    pub max_record_bytes: Option<String>,
}
