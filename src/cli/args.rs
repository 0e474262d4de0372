//! Every flag of every command.

use crate::finding::Severity;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A linter and a publisher for text datasets.
#[derive(Debug, Parser)]
#[command(name = "corpus", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Less on standard error: -q without notes, -qq without warnings
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) quiet: u8,
    /// More on standard error
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = ColorChoice::Auto, global = true, env = "CORPUS_COLOR", value_name = "WHEN")]
    pub(crate) color: ColorChoice,
    /// No progress bars
    #[arg(long, global = true, env = "CORPUS_NO_PROGRESS")]
    pub(crate) no_progress: bool,
    /// A configuration file, or one setting as TOML: --config 'lint.error-on = "warning"'
    #[arg(long, global = true, value_name = "FILE|KEY=VALUE")]
    pub(crate) config: Vec<String>,
    /// Ignore every configuration file
    #[arg(long, global = true)]
    pub(crate) isolated: bool,
    /// Run as if started in this directory
    #[arg(short = 'C', long = "directory", global = true, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
    /// Worker threads (default: one a core)
    #[arg(short, long, global = true, env = "CORPUS_JOBS", value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Ceiling for what is kept in memory, such as 512MB
    #[arg(long, global = true, env = "CORPUS_MEMORY", value_name = "SIZE")]
    pub(crate) memory: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a project: corpus.toml, an article schema, CI snippets
    Init(InitArgs),
    /// Check records
    #[command(alias = "check")]
    Lint(Box<LintArgs>),
    /// Report duplicate clusters
    Dedup(DedupArgs),
    /// Write one immutable release: gate, fixes, dedup, splits, Parquet, manifest
    Release(ReleaseArgs),
    /// What changed between two releases, or a release and the working tree
    Diff(DiffArgs),
    /// Copy a release to where others get it
    Publish(PublishArgs),
    /// Fetch a release that was published
    Pull(PullArgs),
    /// Check every byte, row and count of a release
    Verify(VerifyArgs),
    /// Make a release again from its inputs and compare it byte for byte
    Reproduce(ReproduceArgs),
    /// Hide a version in the index; its files stay
    Yank(YankArgs),
    /// Take records down: no later release holds them
    Retract(RetractArgs),
    /// Counts by language, source, length, date and script
    Stats(StatsArgs),
    /// Show one record with its invisible characters and findings
    Show(ShowArgs),
    /// Explain a rule
    #[command(alias = "rule")]
    Explain(ExplainArgs),
    /// Show the effective configuration and where each value came from
    Config(ConfigArgs),
    /// Print a bundled JSON Schema: article or manifest
    #[command(hide = true)]
    Schema(SchemaArgs),
    /// Remove what interrupted runs left behind
    #[command(hide = true)]
    Clean(CleanArgs),
    /// Print shell completions
    #[command(hide = true)]
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Where
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Propose field roles and a schema from these records
    #[arg(long, value_name = "FILES", num_args = 1..)]
    pub(crate) from: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RuleArgs {
    /// Rules to run instead of the default set: codes, names, prefixes, ALL, none
    #[arg(long, value_delimiter = ',', value_name = "RULES", help_heading = "Rules")]
    pub(crate) select: Option<Vec<String>>,
    /// Rules to run too
    #[arg(long, value_delimiter = ',', value_name = "RULES", help_heading = "Rules")]
    pub(crate) extend_select: Vec<String>,
    /// Rules not to run
    #[arg(long, value_delimiter = ',', value_name = "RULES", help_heading = "Rules")]
    pub(crate) ignore: Vec<String>,
    /// Rules not to run in some files: GLOB:RULE
    #[arg(long, value_delimiter = ',', value_name = "GLOB:RULE", help_heading = "Rules")]
    pub(crate) per_file_ignores: Vec<String>,
    /// Let preview rules run
    #[arg(long, help_heading = "Rules")]
    pub(crate) preview: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// Files, directories or globs; `-` is standard input (default: the project's inputs)
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    /// Apply safe fixes to the files
    #[arg(long, help_heading = "Fixes")]
    pub(crate) fix: bool,
    /// Apply unsafe fixes too
    #[arg(long, help_heading = "Fixes")]
    pub(crate) unsafe_fixes: bool,
    /// Show what fixes would change, change nothing
    #[arg(long, help_heading = "Fixes")]
    pub(crate) diff: bool,
    /// Apply fixes, report no findings
    #[arg(long, help_heading = "Fixes")]
    pub(crate) fix_only: bool,
    /// List the fixes that were applied
    #[arg(long, help_heading = "Fixes")]
    pub(crate) show_fixes: bool,
    /// Write fixed files below this directory instead
    #[arg(long, value_name = "DIR", help_heading = "Fixes")]
    pub(crate) fix_output: Option<PathBuf>,
    /// Rewrite compressed files too
    #[arg(long, help_heading = "Fixes")]
    pub(crate) fix_compressed: bool,
    /// Rewrite files that git does not track or that have uncommitted changes
    #[arg(long, help_heading = "Fixes")]
    pub(crate) allow_dirty: bool,
    /// Format of the findings
    #[arg(
        short = 'f',
        long,
        value_name = "FORMAT",
        default_value = "full",
        help_heading = "Output"
    )]
    pub(crate) output_format: String,
    /// Write the findings to a file
    #[arg(short = 'o', long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output_file: Option<PathBuf>,
    /// Counts by rule instead of findings
    #[arg(long, help_heading = "Output")]
    pub(crate) statistics: bool,
    /// Time spent in each rule
    #[arg(long, help_heading = "Output")]
    pub(crate) timings: bool,
    /// Show at most this many findings on the screen
    #[arg(long, value_name = "N", help_heading = "Output")]
    pub(crate) max_findings: Option<u64>,
    /// Findings of one rule in one file that `full` and `grouped` show; 0: all
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Output")]
    pub(crate) max_per_rule: u64,
    /// Findings in this file are not reported
    #[arg(long, value_name = "FILE", help_heading = "Baseline")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write all findings of this run to the baseline
    #[arg(long, help_heading = "Baseline")]
    pub(crate) write_baseline: bool,
    /// Take out of the baseline what no longer occurs
    #[arg(long, help_heading = "Baseline")]
    pub(crate) prune_baseline: bool,
    /// Count the lines that the pages of each source repeat, into a file beside the configuration;
    /// nothing is checked
    #[arg(
        long,
        help_heading = "Template lines",
        conflicts_with_all = ["fix", "fix_only", "diff", "sample", "since", "write_baseline", "prune_baseline"]
    )]
    pub(crate) write_template_lines: bool,
    /// Severity from which the exit code is 1
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = "Exit code")]
    pub(crate) error_on: Option<Level>,
    /// Exit with 0 in spite of findings
    #[arg(long, help_heading = "Exit code")]
    pub(crate) exit_zero: bool,
    /// Exit with 1 when something was fixed
    #[arg(long, help_heading = "Exit code")]
    pub(crate) exit_non_zero_on_fix: bool,
    /// JSON Schema of a record
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) schema: Option<PathBuf>,
    /// Format of standard input
    #[arg(long, value_name = "FORMAT", help_heading = "Input")]
    pub(crate) stdin_format: Option<String>,
    /// Field that holds the article
    #[arg(long, value_name = "POINTER", help_heading = "Input")]
    pub(crate) field: Option<String>,
    /// Only files changed since this git revision
    #[arg(long, value_name = "REF", help_heading = "Input")]
    pub(crate) since: Option<String>,
    /// Report copies of what this release holds, too; its state is enough
    #[arg(
        long,
        value_name = "RELEASE",
        help_heading = "Input",
        conflicts_with = "sample"
    )]
    pub(crate) against: Vec<PathBuf>,
    /// Check only this many records, the same ones every time
    #[arg(
        long,
        value_name = "N",
        help_heading = "Input",
        value_parser = clap::value_parser!(u64).range(1..),
        conflicts_with_all = ["fix", "fix_only", "write_baseline", "prune_baseline"]
    )]
    pub(crate) sample: Option<u64>,
    /// Use no results of earlier runs; none are kept, so this is always so
    #[arg(long, help_heading = "Input", hide = true)]
    pub(crate) no_cache: bool,
    /// Accepted: no results are kept between runs
    #[arg(long, value_name = "DIR", help_heading = "Input", hide = true)]
    pub(crate) cache_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Error,
    Warning,
    Info,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warning => Self::Warning,
            Level::Info => Self::Info,
        }
    }
}

/// Published parameters of near-duplicate search.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Profile {
    /// Five-word runs, 14 bands of 8 hashes.
    #[value(name = "fineweb")]
    FineWeb,
}

#[derive(Debug, Args)]
pub(crate) struct DedupArgs {
    /// Files, directories or globs (default: the project's inputs)
    pub(crate) paths: Vec<String>,
    /// text, json or json-lines
    #[arg(short = 'f', long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output_format: String,
    /// Compare with this release (its state is enough), or with the records of these files; they stay
    #[arg(long, value_name = "RELEASE|FILES")]
    pub(crate) against: Vec<PathBuf>,
    /// Write the surviving records to this JSON Lines file
    #[arg(long, value_name = "FILE")]
    pub(crate) write: Option<PathBuf>,
    /// Field that holds the article
    #[arg(long, value_name = "POINTER")]
    pub(crate) field: Option<String>,
    /// Similarity from which a copy is removed, 0 to 1 [default: 0.8]
    #[arg(long, value_name = "JACCARD")]
    pub(crate) threshold: Option<f64>,
    /// Similarity from which a pair is reported, 0 to 1 [default: 0.5]
    #[arg(long, value_name = "JACCARD")]
    pub(crate) report: Option<f64>,
    /// Share of the pairs at the threshold that must be found [default: 0.97]
    #[arg(long, value_name = "SHARE")]
    pub(crate) recall: Option<f64>,
    /// Look as a published pipeline does, to compare with: 5-word runs, 14 bands of 8, no verification
    #[arg(long, value_enum, value_name = "NAME", conflicts_with_all = ["threshold", "report", "recall"])]
    pub(crate) profile: Option<Profile>,
    /// Exact copies only
    #[arg(long, conflicts_with_all = ["threshold", "report", "recall", "profile"])]
    pub(crate) exact: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReleaseArgs {
    /// Version: v1.2, 1.2.0, 2.0.0-rc.1
    #[arg(required_unless_present = "bump", conflicts_with = "bump")]
    pub(crate) version: Option<String>,
    /// The next version instead: as large a step as the changes ask for (auto), or this one
    #[arg(long, value_enum, value_name = "STEP")]
    pub(crate) bump: Option<Bump>,
    /// Say what would be released and lost, write nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    /// Format of the dry run: text or json
    #[arg(short = 'f', long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output_format: String,
    /// Release with uncommitted configuration
    #[arg(long)]
    pub(crate) allow_dirty: bool,
    /// This is the first release
    #[arg(long)]
    pub(crate) initial: bool,
    /// Sign the manifest with this SSH key
    #[arg(long, value_name = "KEY")]
    pub(crate) sign: Option<PathBuf>,
    /// Release although the version is below the required bump
    #[arg(long, value_name = "REASON")]
    pub(crate) override_semver: Option<String>,
    /// Sort all rows anew into as few shards as they need
    #[arg(long)]
    pub(crate) compact: bool,
    /// File with the key of the tombstones (default: the variable `CORPUS_RETRACT_KEY`)
    #[arg(long, value_name = "FILE")]
    pub(crate) tombstone_key: Option<PathBuf>,
    /// What is recorded about the project: that of this manifest, not that of git
    #[arg(long, value_name = "MANIFEST", hide = true)]
    pub(crate) source_of: Option<PathBuf>,
    /// Directory of releases
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bump {
    Auto,
    Major,
    Minor,
    Patch,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// A version in the project's releases, or the directory of a release
    pub(crate) from: String,
    /// The same, or nothing: what a release of the working tree would be
    pub(crate) to: Option<String>,
    /// text, json, markdown or parquet
    #[arg(short = 'f', long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output_format: String,
    /// Write to a file
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(crate) output_file: Option<PathBuf>,
    /// Show the words that changed in this many rows (text and markdown)
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) samples: usize,
}

#[derive(Debug, Args)]
pub(crate) struct PublishArgs {
    /// Version of the release
    pub(crate) version: String,
    /// Where to: `file:///path/to/releases`
    pub(crate) url: String,
    /// Directory of releases
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PullArgs {
    /// Where from, and which version: `file:///path/to/releases@1.2.0` (default: the latest); `--config NAME` with
    /// the name of a config takes only its rows
    #[arg(value_name = "URL[@VERSION]")]
    pub(crate) url: String,
    /// Only the rows of this split
    #[arg(long, value_name = "NAME", requires = "out")]
    pub(crate) split: Option<String>,
    /// Directory of releases to put it into
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Directory of a release
    pub(crate) release: PathBuf,
    /// text or json
    #[arg(short = 'f', long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output_format: String,
    /// Whose signature counts: a file of names and public keys, as ssh-keygen takes them
    #[arg(long, value_name = "FILE")]
    pub(crate) signers: Option<PathBuf>,
    /// SHA-256 that manifest.json must have
    #[arg(long, value_name = "HEX")]
    pub(crate) manifest_sha256: Option<String>,
    /// Compare all rows with each other, too: no text may stand in two splits
    #[arg(long, conflicts_with = "sample")]
    pub(crate) deep: bool,
    /// Read only this share of the shards, such as 1/10; all else is checked
    #[arg(long, value_name = "N/M")]
    pub(crate) sample: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReproduceArgs {
    /// Version
    pub(crate) version: String,
    /// Where the inputs are, by the paths that the manifest names (default: the project)
    #[arg(long, value_name = "DIR")]
    pub(crate) inputs: Option<PathBuf>,
    /// File with the key of the tombstones (default: the variable `CORPUS_RETRACT_KEY`)
    #[arg(long, value_name = "FILE")]
    pub(crate) tombstone_key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RetractArgs {
    /// Ids of records to take down
    #[arg(required_unless_present_any = ["url_prefix", "source", "sha256", "file", "purge"])]
    pub(crate) ids: Vec<String>,
    /// Take down every record whose address begins with this
    #[arg(long, value_name = "PREFIX")]
    pub(crate) url_prefix: Vec<String>,
    /// Take down every record of this source
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Vec<String>,
    /// Take down every record whose text has this SHA-256
    #[arg(long, value_name = "HEX")]
    pub(crate) sha256: Vec<String>,
    /// File of selectors, one a line: `id:…`, `url:…`, `source:…`, `sha256:…`, or an id as it is
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Vec<PathBuf>,
    /// Why, for those who can read the project
    #[arg(long, value_name = "WHY", required_unless_present = "purge")]
    pub(crate) reason: Option<String>,
    /// Copies and near copies too, now and later (cluster), or the record alone
    #[arg(long, value_enum, default_value_t = ScopeArg::Cluster)]
    pub(crate) scope: ScopeArg,
    /// Say what would be taken down, write nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    /// Also a selector that no record here has
    #[arg(long)]
    pub(crate) allow_unmatched: bool,
    /// Rewrite every release that holds what was taken down, here and at the remote
    #[arg(long)]
    pub(crate) purge: bool,
    /// File with the key of the tombstones (default: the variable `CORPUS_RETRACT_KEY`)
    #[arg(long, value_name = "FILE")]
    pub(crate) tombstone_key: Option<PathBuf>,
    /// Directory of releases
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

/// How far a takedown reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScopeArg {
    Cluster,
    Record,
}

#[derive(Debug, Args)]
pub(crate) struct YankArgs {
    /// Version
    pub(crate) version: String,
    /// Why, for everybody who reads the index
    #[arg(long, value_name = "WHY")]
    pub(crate) reason: String,
    /// Directory of releases
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    /// Files, directories or globs (default: the project's inputs)
    pub(crate) paths: Vec<String>,
    /// text, json or html
    #[arg(short = 'f', long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output_format: String,
    /// Field that holds the article
    #[arg(long, value_name = "POINTER")]
    pub(crate) field: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// A record's id, or its file and line with a colon between them
    pub(crate) record: String,
    /// Where to look for the id (default: the project's inputs)
    pub(crate) paths: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Rule code or name
    #[arg(required_unless_present = "all")]
    pub(crate) rule: Option<String>,
    /// Every rule
    #[arg(long)]
    pub(crate) all: bool,
    /// text, markdown or json
    #[arg(short = 'f', long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output_format: String,
    /// With --all: write one Markdown page a rule and an index into this directory
    #[arg(long, value_name = "DIR", requires = "all")]
    pub(crate) write: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// One key, dotted: lint.error-on
    pub(crate) key: Option<String>,
    /// What moving from this edition to the rules of this version would change
    #[arg(long, value_name = "YEAR", conflicts_with = "key")]
    pub(crate) edition_diff: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// article or manifest
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct CleanArgs {
    /// Directory of releases
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
