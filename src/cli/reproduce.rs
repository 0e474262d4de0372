//! `corpus reproduce`: the same release again, from the inputs that its manifest pins.
//!
//! The release is made by this program run once more, in a directory that holds the configuration, the
//! pinned inputs and the previous release, and nothing else.

use super::args::{Global, ReproduceArgs};
use super::output::Printer;
use super::project::Project;
use super::{CommandResult, Failure, Outcome};
use crate::release::manifest::Manifest;
use crate::release::plan::{IndexLine, directory_name, parse_version};
use crate::release::takedown;
use crate::release::verify::hash_file;
use crate::release::{hex, sha256, sums};
use crate::report::escape::visible;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Files of a project, beside its configuration and inputs, that a release depends on.
const BESIDE: &[&str] = &[
    "LICENSE",
    "DATASET.md",
    "CHANGELOG.md",
    crate::rules::template::FILE_NAME,
];

pub(crate) fn run(args: &ReproduceArgs, global: &Global, printer: &Printer) -> CommandResult {
    let project = Project::load(global)?;
    let recorded = Recorded::open(&project, &args.version)?;
    let missing = recorded.missing(&project, args.inputs.as_deref())?;
    if !missing.is_empty() {
        let mut out = String::new();
        for what in &missing {
            let _ = writeln!(out, "{}", visible(what));
        }
        let _ = writeln!(out, "{} cannot be made again from this", recorded.shown());
        printer.result(out.as_bytes())?;
        return Ok(Outcome::Failed);
    }
    let scratch = tempfile::Builder::new()
        .prefix("corpus-reproduce-")
        .tempdir_in(project.scratch.clone().unwrap_or_else(std::env::temp_dir))?;
    recorded.lay_out(&project, args.inputs.as_deref(), scratch.path())?;
    recorded.make(scratch.path(), project.jobs, args.tombstone_key.as_deref())?;
    let name = recorded.directory.file_name().unwrap_or_default();
    let again = scratch.path().join("releases").join(name);
    let (text, outcome) = recorded.compare(&again)?;
    printer.result(text.as_bytes())?;
    Ok(outcome)
}

/// A release, and what its manifest says about where it came from.
struct Recorded {
    releases: PathBuf,
    directory: PathBuf,
    manifest: Manifest,
    bytes: Vec<u8>,
}

impl Recorded {
    fn open(project: &Project, version: &str) -> Result<Self, Failure> {
        let version = parse_version(version)?;
        let name = project.loaded.config.name.as_deref();
        let name =
            name.ok_or_else(|| Failure::new("a corpus.toml with a `name` says which releases there are"))?;
        let releases = project.root().join(&project.loaded.config.release.directory);
        let directory = releases.join(directory_name(name, &version));
        let (manifest, _) = Manifest::read(&directory)?;
        let bytes = fs_err::read(directory.join("manifest.json"))?;
        Ok(Self {
            releases,
            directory,
            manifest,
            bytes,
        })
    }

    fn shown(&self) -> String {
        format!("{} {}", self.manifest.name, self.manifest.version)
    }

    /// The release before, where there is one.
    fn previous(&self) -> Result<Option<(PathBuf, Manifest, [u8; 32])>, Failure> {
        let Some(previous) = &self.manifest.previous else {
            return Ok(None);
        };
        let version = parse_version(&previous.version)?;
        let directory = self.releases.join(directory_name(&self.manifest.name, &version));
        let (manifest, sha256) = Manifest::read(&directory)?;
        Ok(Some((directory, manifest, sha256)))
    }

    /// Every file that the manifest pins with its SHA-256: inputs, then evaluation sets.
    fn pinned(&self) -> impl Iterator<Item = (&str, &str)> {
        let inputs = self
            .manifest
            .inputs
            .iter()
            .map(|input| (input.uri.as_str(), input.sha256.as_str()));
        let sets = self
            .manifest
            .pipeline
            .decontamination
            .iter()
            .flat_map(|sets| &sets.against);
        inputs.chain(sets.map(|set| (set.uri.as_str(), set.sha256.as_str())))
    }

    /// Rows that were purged from this release and the one before since they were made.
    fn purged(&self) -> Result<u64, Failure> {
        let rows = |manifest: &Manifest| -> u64 {
            let purges = manifest.takedown.iter().flat_map(|takedown| &takedown.purges);
            purges.map(|purge| purge.rows).sum()
        };
        let before = self.previous()?.map_or(0, |(_, manifest, _)| rows(&manifest));
        Ok(rows(&self.manifest).max(before))
    }

    /// Sentences about what is not there, or not what it was.
    fn missing(&self, project: &Project, inputs: Option<&Path>) -> Result<Vec<String>, Failure> {
        let mut out = Vec::new();
        let manifest = &self.manifest;
        let table = toml::to_string(&project.loaded.table)?;
        if hex(&sha256(table.as_bytes())) != manifest.pipeline.config_sha256 {
            let commit = manifest.pipeline.source_commit.as_deref();
            let commit = commit.map_or_else(String::new, |commit| {
                format!(" (it was made from commit {commit})")
            });
            out.push(format!("the configuration is not the one of the release{commit}"));
        }
        let schema = project.loaded.config.schema.path.as_deref().unwrap_or_default();
        match hash_file(&project.root().join(schema)) {
            Ok((_, digest)) if hex(&digest) == manifest.schema.json_schema_sha256 => {}
            _ => out.push(format!("{schema}: the schema is not the one of the release")),
        }
        let root = inputs.map_or_else(|| project.root(), Path::to_path_buf);
        for (uri, sha256) in self.pinned() {
            match hash_file(&root.join(uri)) {
                Ok((_, digest)) if hex(&digest) == sha256 => {}
                Ok(_) => out.push(format!("{uri}: is not what it was (SHA-256 {sha256})")),
                Err(_) => out.push(format!("{uri}: is missing (SHA-256 {sha256})")),
            }
        }
        if let Some(previous) = &manifest.previous {
            match self.previous() {
                Ok(Some((_, manifest, sha256)))
                    if is_or_was(&manifest, &sha256, &previous.manifest_sha256) => {}
                Ok(_) => out.push(format!(
                    "the previous release {} is not what it was",
                    previous.version
                )),
                Err(_) => out.push(format!("the previous release {} is missing", previous.version)),
            }
        }
        Ok(out)
    }

    /// Puts everything that the release depends on into `to`.
    fn lay_out(&self, project: &Project, inputs: Option<&Path>, to: &Path) -> Result<(), Failure> {
        let root = project.root();
        fs_err::write(to.join("corpus.toml"), toml::to_string(&project.loaded.table)?)?;
        for name in BESIDE {
            if root.join(name).is_file() {
                fs_err::copy(root.join(name), to.join(name))?;
            }
        }
        if let Some(schema) = project.loaded.config.schema.path.as_deref() {
            // What it refers to stands beside it.
            let folder = Path::new(schema).parent().unwrap_or(Path::new(""));
            fs_err::create_dir_all(to.join(folder))?;
            for entry in fs_err::read_dir(root.join(folder))? {
                let entry = entry?;
                let json = entry.path().extension().is_some_and(|end| end == "json");
                if json && entry.file_type()?.is_file() {
                    fs_err::copy(entry.path(), to.join(folder).join(entry.file_name()))?;
                }
            }
        }
        // Those that were enforced, not those that the project has by now.
        if let Some(tombstones) = self
            .manifest
            .takedown
            .as_ref()
            .and_then(|takedown| takedown.tombstones.as_ref())
        {
            fs_err::copy(self.directory.join(tombstones), to.join(takedown::FILE_NAME))?;
        }
        let from = inputs.unwrap_or(&root);
        for (uri, _) in self.pinned() {
            let target = to.join(uri);
            if !target.starts_with(to) || Path::new(uri).components().any(|part| part.as_os_str() == "..") {
                return Err(Failure::new(format!("{uri}: is not a path inside the project")));
            }
            if let Some(parent) = target.parent() {
                fs_err::create_dir_all(parent)?;
            }
            fs_err::copy(from.join(uri), target)?;
        }
        let releases = to.join("releases");
        fs_err::create_dir_all(&releases)?;
        if let Some((directory, manifest, sha256)) = self.previous()? {
            let mut line = serde_json::to_string(&IndexLine::of(&manifest, &sha256))?;
            line.push('\n');
            fs_err::write(releases.join("index.jsonl"), line)?;
            link(
                &fs_err::canonicalize(&directory)?,
                &releases.join(directory.file_name().unwrap_or_default()),
            )?;
        }
        fs_err::write(to.join("recorded.json"), &self.bytes)?;
        Ok(())
    }

    /// Runs the release.
    fn make(&self, at: &Path, jobs: usize, key: Option<&Path>) -> Result<(), Failure> {
        let manifest = &self.manifest;
        let released: jiff::Timestamp = manifest
            .released_at
            .parse()
            .map_err(|error| Failure::new(format!("released_at: {error}")))?;
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(["-qq", "--no-progress", "release", &manifest.version])
            .args([
                "--allow-dirty",
                "--out",
                "releases",
                "--source-of",
                "recorded.json",
            ])
            .args(["--jobs", &jobs.to_string()])
            .current_dir(at)
            .env("SOURCE_DATE_EPOCH", released.as_second().to_string())
            .stdin(Stdio::null());
        if let Some(key) = key {
            command.arg("--tombstone-key").arg(fs_err::canonicalize(key)?);
        }
        if self.purged()? > 0 {
            // What was purged may have been all that changed.
            command.args(["--override-semver", "made again after a purge"]);
        } else if let Some(reason) = &manifest.semver.overridden {
            command.args(["--override-semver", reason]);
        }
        // Only a first release and a compaction hold nothing but shards of their own.
        let own = |since: &str| since == manifest.version;
        if manifest.previous.is_some() && manifest.shards().all(|(.., shard)| own(&shard.rows_since)) {
            command.arg("--compact");
        }
        let output = command.output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(Failure::new(format!(
            "the release could not be made again: {}",
            said.trim()
        )))
    }

    /// What the two releases have and have not in common.
    fn compare(&self, again: &Path) -> Result<(String, Outcome), Failure> {
        let (other, sha) = Manifest::read(again)?;
        let shown = self.shown();
        let now = env!("CARGO_PKG_VERSION");
        if other == self.manifest && sha == sha256(&self.bytes) {
            // The manifest pins every file of both, and the new ones were written from it.
            return Ok((
                format!(
                    "{shown} was made again, byte for byte: manifest SHA-256 {}\n",
                    hex(&sha)
                ),
                Outcome::Clean,
            ));
        }
        let mut out = String::new();
        let same_tool = self.manifest.pipeline.tool_version == now;
        let same_data = self.manifest.content_id == other.content_id;
        let purged = self.purged()?;
        if same_data && purged > 0 {
            let _ = writeln!(
                out,
                "{shown} was made again: equal except {purged} retracted; the same data, {}",
                other.content_id
            );
            return Ok((out, Outcome::Clean));
        }
        if same_data && !same_tool {
            let _ = writeln!(
                out,
                "{shown} was made again by another version of corpus ({} then, {now} now): the same data, {}",
                self.manifest.pipeline.tool_version, other.content_id
            );
            return Ok((out, Outcome::Clean));
        }
        for path in differing(&self.manifest, &other) {
            let _ = writeln!(out, "{}: differs", visible(&path));
        }
        let _ = writeln!(
            out,
            "{shown} could not be made again: {}",
            if same_data {
                "the data is the same, other files are not"
            } else {
                "the data is not the same"
            }
        );
        Ok((out, Outcome::Failed))
    }
}

/// Whether a release has the manifest with this hash, or had it before a purge.
fn is_or_was(manifest: &Manifest, sha256: &[u8; 32], wanted: &str) -> bool {
    let mut purges = manifest.takedown.iter().flat_map(|takedown| &takedown.purges);
    hex(sha256) == wanted || purges.any(|purge| purge.replaced == wanted)
}

/// Files that only one of the releases has, or that are not the same.
fn differing(one: &Manifest, other: &Manifest) -> Vec<String> {
    let files = |manifest: &Manifest| -> BTreeMap<String, String> {
        let text = sums::render(manifest, &[0; 32]);
        let pairs = text.lines().filter_map(|line| line.split_once("  "));
        pairs
            .map(|(hash, path)| (path.to_owned(), hash.to_owned()))
            .collect()
    };
    let (one, other) = (files(one), files(other));
    let mut paths: Vec<String> = one
        .iter()
        .filter(|(path, hash)| other.get(*path) != Some(hash))
        .map(|(path, _)| path.clone())
        .collect();
    paths.extend(other.keys().filter(|path| !one.contains_key(*path)).cloned());
    paths
}

/// The previous release is only read: a link is enough, where there are links to directories.
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::symlink(from, to);
    #[cfg(windows)]
    return std::os::windows::fs::symlink_dir(from, to);
    #[cfg(not(any(unix, windows)))]
    return Err(std::io::Error::from(std::io::ErrorKind::Unsupported));
}
