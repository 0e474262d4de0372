//! `corpus release`.

mod account;
mod documents;
mod facts;
mod shifts;

pub(super) use facts::said;

use super::args::{Bump, Global, ReleaseArgs};
use super::evaluation::EvaluationSets;
use super::lint::progress_bar;
use super::output::{INTERRUPTED, Printer};
use super::project::{Project, no_rules, pinned_time};
use super::remote::settings;
use super::{CommandResult, Failure, Outcome, ssh, takedowns};
use crate::config::load::{parse_share, parse_size};
use crate::config::{Config, Versioning};
use crate::engine::check::FieldNames;
use crate::engine::release::{Prepared, ReleaseError, ReleaseRun, prepare};
use crate::record::Role;
use crate::release::columns::{Columns, Derived};
use crate::release::commit::Lock;
use crate::release::manifest::{Counts, Level, Semver};
use crate::release::plan::{Plan as ReleasePlan, Previous, latest, read_index};
use crate::release::remote::Remote;
use crate::release::semver::{Judge, bump as bumped};
use crate::release::shard::WriteOptions;
use crate::release::splits::SplitRule;
use crate::release::writer::{Facts, Staged};
use crate::report::escape::visible;
use crate::schema::arrow::arrow_schema;
use crate::source::{Input, SourceError};
use facts::{dirty, facts, schema_file};
use rayon::prelude::*;
use shifts::say_shifts;
use std::path::Path;
use std::sync::Arc;

/// How the matching keys are normalised; changes of it are changes of the format.
pub(super) const MATCH_KEY: &str = "corpus-match-key/1";

pub(crate) fn run(args: &ReleaseArgs, global: &Global, printer: &Printer) -> CommandResult {
    if !matches!(args.output_format.as_str(), "text" | "json") {
        return Err(Failure::new(format!(
            "`{}` is not a format of release; use text or json",
            args.output_format
        )));
    }
    let project = Project::load(global)?;
    ended(release(args, &project, None, printer), printer)
}

fn ended(result: Result<Outcome, Stop>, printer: &Printer) -> CommandResult {
    match result {
        Ok(outcome) => Ok(outcome),
        Err(Stop::Failure(failure)) => Err(failure),
        Err(Stop::Refused(why)) => {
            printer.error(&format!("release refused: {why}"), &[]);
            Ok(Outcome::Failed)
        }
    }
}

/// A look at what a release on top of `previous` would be.
pub(super) struct Look<'l> {
    pub(super) previous: Previous,
    pub(super) at: &'l mut dyn FnMut(&ReleasePlan, &Staged) -> Result<Outcome, Failure>,
}

/// Stages a release of the working tree in scratch data and looks at it.
pub(super) fn look(project: &Project, look: Look<'_>, printer: &Printer) -> CommandResult {
    let args = ReleaseArgs {
        version: None,
        bump: Some(Bump::Auto),
        dry_run: true,
        output_format: "text".to_owned(),
        allow_dirty: true,
        initial: false,
        override_semver: None,
        compact: false,
        source_of: None,
        sign: None,
        out: None,
        tombstone_key: None,
    };
    ended(release(&args, project, Some(look), printer), printer)
}

/// Why a release was not made.
enum Stop {
    Refused(String),
    Failure(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<ReleaseError> for Stop {
    fn from(error: ReleaseError) -> Self {
        if error.is_refusal() {
            Self::Refused(error.to_string())
        } else {
            Self::Failure(error.into())
        }
    }
}

impl From<crate::release::Error> for Stop {
    fn from(error: crate::release::Error) -> Self {
        ReleaseError::from(error).into()
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Failure(error.into())
    }
}

fn release(
    args: &ReleaseArgs,
    project: &Project,
    look: Option<Look<'_>>,
    printer: &Printer,
) -> Result<Outcome, Stop> {
    let config = &project.loaded.config;
    let root = project.root();
    supported(config)?;
    pinned_time()?;
    if args.compact && config.release.columns.iter().any(|name| name == "corpus_since") {
        return Err(Failure::new(
            "--compact forgets which release introduced a row, but the column corpus_since says it",
        )
        .hint("take corpus_since out of [release] columns, or release without --compact")
        .into());
    }
    let name = config.name.as_deref().ok_or_else(|| {
        Failure::new("a release needs a corpus.toml with a `name`").hint("start a project with `corpus init`")
    })?;
    parse_share(&config.release.max_excluded)
        .map_err(|error| Failure::new(format!("[release] max-excluded: {error}")))?;
    let (schema_path, schema_bytes) = schema_file(project)?;
    let schema: serde_json::Value = serde_json::from_slice(&schema_bytes)
        .map_err(|error| Failure::new(format!("{}: {error}", schema_path.display())))?;
    let mut dirty = dirty(project, &schema_path);
    if !dirty.is_empty() && !args.allow_dirty && !args.dry_run {
        dirty.truncate(3);
        let shown: Vec<String> = dirty.iter().map(|path| format!("`{}`", path.display())).collect();
        return Err(Stop::Refused(format!(
            "{} has uncommitted changes, so the release could not be made again from a commit; commit, or add --allow-dirty",
            shown.join(", ")
        )));
    }
    if let Some(key) = &args.sign {
        ssh::can_sign(key)?;
    }
    let evaluation = EvaluationSets::find(project)?;
    let mut checker = project.checker(&rules(evaluation.is_some()), None, None, printer)?;
    if evaluation.is_some() && checker.selection.set.find("D007").is_none() {
        return Err(Failure::new(
            "[decontaminate] is set in corpus.toml, but the rule that does it (D007) is ignored",
        )
        .hint("take D007 out of `ignore` in [lint], or [decontaminate] out of corpus.toml")
        .into());
    }
    let arrow =
        arrow_schema(&schema).map_err(|error| Failure::new(format!("{}: {error}", schema_path.display())))?;
    let columns =
        Columns::new(&arrow, checker.fields.name(Role::Id), config.release.undeclared).map_err(Stop::from)?;
    let columns = columns.with_derived(&derived(config)?);
    let options = write_options(project, &checker.fields)?;
    let releases = args
        .out
        .clone()
        .unwrap_or_else(|| root.join(&config.release.directory));
    // The lock comes first: what is planned must still hold when it is written.
    let lock = if args.dry_run {
        None
    } else {
        Some(lock(&releases, printer)?)
    };
    let (mut plan, mut look) = match look {
        Some(look) => (ReleasePlan::on_top_of(look.previous, name), Some(look.at)),
        None => (plan(args, &releases, name, config.release.versioning)?, None),
    };
    // A release that is made again stands on what it stood on, wherever the remote is by now.
    let alone = look.is_some() || args.source_of.is_some();
    if let (false, Some(url)) = (alone, &config.release.remote) {
        Remote::parse(url)?
            .with_settings(settings())
            .may_release(&plan.index, args.initial)?;
    }
    let undocumented = match &look {
        None => documents::missing(project, &checker, &plan.version, printer),
        Some(_) => None,
    };
    if let Some(why) = undocumented {
        return Err(Stop::Refused(why));
    }
    if let (true, Some(previous)) = (args.initial, &plan.previous) {
        return Err(Stop::Refused(format!(
            "--initial is for the first release, but {} holds {}; leave --initial out",
            releases.display(),
            previous.version
        )));
    }
    let published = plan
        .previous
        .iter()
        .flat_map(|previous| &previous.manifest.configs);
    let published: Vec<&str> = published
        .flat_map(|config| &config.splits)
        .map(|split| split.name.as_str())
        .collect();
    let rule = SplitRule::new(config.splits.as_ref(), published)?;
    let inputs = project.plan(project.inputs(&[], None)?)?;
    if let Some(sets) = &evaluation {
        sets.apart_from(&inputs.inputs)?;
        sets.load(project, &mut checker, printer)?;
    }
    let takedowns = takedowns::enforced(project, plan.previous.as_ref(), args.tombstone_key.as_deref())??;
    checker.takedowns = takedowns.as_ref().map(|takedowns| Arc::clone(&takedowns.matcher));
    let bar = progress_bar(&inputs, printer);
    let run = ReleaseRun {
        checker: &checker,
        plan: &inputs,
        config,
        columns: &columns,
        jobs: project.jobs,
        memory: project.memory,
        scratch: project.scratch.as_deref(),
        stop: &INTERRUPTED,
        compact: args.compact,
        code_points: checker.selection.set.find("C006").is_some(),
        near: super::dedup::configured(config.dedup.near.as_ref()),
        tag: super::dedup::tags(&config.dedup),
    };
    let hashes = std::thread::scope(|scope| {
        // Hashing runs beside the scan: both read the same pages while they are warm.
        let hashes = scope.spawn(|| hash_inputs(&inputs.inputs));
        let prepared = prepare(&run, Some(&plan), &mut |bytes| bar.inc(bytes));
        (hashes.join(), prepared)
    });
    bar.finish_and_clear();
    let (hashes, prepared) = hashes;
    let mut prepared = prepared?;
    if super::output::interrupted() {
        return Err(ReleaseError::Interrupted.into());
    }
    let hashes = hashes
        .map_err(|_| Failure::new("a hashing thread died"))?
        .map_err(|error| Stop::Failure(error.into()))?;
    // What the scan read is what was hashed only if nobody wrote in between.
    inputs
        .inputs
        .iter()
        .try_for_each(Input::check_unchanged)
        .map_err(Failure::from)?;
    for (fact, sha256) in prepared.outcome.inputs.iter_mut().zip(hashes) {
        fact.sha256 = sha256;
    }
    for (path, notice) in &prepared.outcome.notices {
        printer.note(&format!("{path}: {notice}"));
    }
    if !prepared.outcome.came_back.is_empty() {
        printer.note(&came_back(&prepared.outcome));
    }
    if look.is_none() {
        say_shifts(project, &plan, &prepared.outcome.profile, printer)?;
    }
    let mut facts = facts(
        args,
        project,
        &checker,
        &schema_path,
        schema_bytes,
        !dirty.is_empty(),
        &prepared.outcome.inputs,
    )?;
    facts.takedowns = takedowns;
    facts.decontamination = evaluation.as_ref().map(EvaluationSets::pinned).transpose()?;
    if let Some(look) = &mut look {
        return look_at(&mut prepared, &run, &plan, &rule, options, facts, look);
    }
    if args.dry_run {
        return dry_run(args, prepared, &run, &mut plan, &rule, &options, &facts, printer);
    }
    if let Some(why) = prepared.outcome.refusal.take() {
        let version = args.version.as_deref().unwrap_or("--bump auto");
        return Err(Stop::Refused(format!(
            "{why}\n`corpus release {version} --dry-run` shows what would be lost"
        )));
    }
    let counts = prepared.outcome.counts.clone();
    let staged = write(args, &mut prepared, &run, &mut plan, &rule, &options, &facts)?;
    if let Some(key) = &args.sign {
        ssh::sign(key, staged.directory())?;
    }
    if super::output::interrupted() {
        return Err(ReleaseError::Interrupted.into());
    }
    let Some(lock) = lock else {
        return Ok(Outcome::Clean);
    };
    let directory = staged.commit(&lock)?;
    let text = format!(
        "released {} {}: {} of {} records ({} excluded by rules, {} duplicates, {}{} unparseable)\n{}\n",
        name,
        plan.version,
        counts.accepted,
        counts.collected,
        counts.excluded_by_rule.values().sum::<u64>(),
        counts.duplicates,
        taken_down(&counts),
        counts.unparseable,
        visible(&directory.display().to_string()),
    );
    printer.result(text.as_bytes())?;
    printer.detail(&format!(
        "check it with `corpus verify {}`",
        visible(&directory.display().to_string())
    ));
    Ok(Outcome::Clean)
}

/// What a summary says of records that were taken down, where there are any.
fn taken_down(counts: &Counts) -> String {
    match counts.retracted {
        0 => String::new(),
        records => format!("{records} taken down, "),
    }
}

/// Where records that were taken down stand in the inputs.
fn came_back(outcome: &crate::engine::release::Outcome) -> String {
    let (shown, all) = (&outcome.came_back, outcome.counts.retracted);
    let more = all - shown.len() as u64;
    format!(
        "L007: {} of the inputs {} taken down and left out: {}{}",
        crate::report::summary::count(all, "record"),
        if all == 1 { "was" } else { "were" },
        shown
            .iter()
            .map(|place| visible(place))
            .collect::<Vec<_>>()
            .join(", "),
        if more == 0 {
            String::new()
        } else {
            format!(" and {more} more")
        },
    )
}

/// The release that is asked for by its version, or by the step from the latest one.
fn plan(
    args: &ReleaseArgs,
    releases: &Path,
    name: &str,
    versioning: Versioning,
) -> Result<ReleasePlan, Stop> {
    let version = match (&args.version, args.bump) {
        (Some(version), _) => version.clone(),
        (None, bump) => {
            let index = read_index(releases)?;
            let Some((latest, _)) = latest(&index)? else {
                return Err(
                    Failure::new("there is no release yet that --bump could count from")
                        .hint("name the first version: corpus release 1.0.0")
                        .into(),
                );
            };
            if versioning == Versioning::Calver {
                return Err(Failure::new(
                    "--bump counts semver; with versioning = \"calver\" name the version",
                )
                .into());
            }
            let step = match bump {
                Some(Bump::Major) => Level::Major,
                Some(Bump::Patch) => Level::Patch,
                // What most releases are: `write` corrects it.
                _ => Level::Minor,
            };
            bumped(&latest, step).to_string()
        }
    };
    Ok(ReleasePlan::new(releases, name, &version, versioning)?)
}

/// Writes the release; with `--bump auto` again, where the changes ask for another version than the
/// one that was guessed.
fn write(
    args: &ReleaseArgs,
    prepared: &mut Prepared,
    run: &ReleaseRun<'_>,
    plan: &mut ReleasePlan,
    rule: &SplitRule,
    options: &WriteOptions,
    facts: &Facts,
) -> Result<Staged, ReleaseError> {
    if let (Some(Bump::Auto), Some(previous)) = (args.bump, &plan.previous) {
        let before = previous.version.clone();
        let seen = Facts {
            judge: Judge::Record,
            ..facts.clone()
        };
        let staged = prepared.write(run, plan, rule, options.clone(), seen)?;
        let required = staged.manifest.semver.required;
        let version = bumped(&before, required);
        if required != Level::None && version == plan.version {
            return Ok(staged);
        }
        plan.version = version;
    }
    prepared.write(run, plan, rule, options.clone(), facts.clone())
}

/// A release staged in scratch data.
fn look_at(
    prepared: &mut Prepared,
    run: &ReleaseRun<'_>,
    plan: &ReleasePlan,
    rule: &SplitRule,
    options: WriteOptions,
    facts: Facts,
    look: &mut dyn FnMut(&ReleasePlan, &Staged) -> Result<Outcome, Failure>,
) -> Result<Outcome, Stop> {
    if let Some(why) = prepared.outcome.refusal.take() {
        return Err(Stop::Refused(why));
    }
    let scratch = scratch(run)?;
    let plan = ReleasePlan {
        releases: scratch.path().to_path_buf(),
        ..plan.clone()
    };
    let facts = Facts {
        judge: Judge::Record,
        ..facts
    };
    let staged = prepared.write(run, &plan, rule, options, facts)?;
    Ok(look(&plan, &staged)?)
}

fn scratch(run: &ReleaseRun<'_>) -> std::io::Result<tempfile::TempDir> {
    tempfile::Builder::new()
        .prefix("corpus-dry-run-")
        .tempdir_in(run.scratch.map_or_else(std::env::temp_dir, Path::to_path_buf))
}

/// Takes the lock, and says so when that means waiting. Ctrl-C ends the wait.
fn lock(releases: &Path, printer: &Printer) -> Result<Lock, Stop> {
    let mut said = false;
    loop {
        match Lock::acquire(releases, false) {
            Err(error @ crate::release::Error::Locked { .. }) => {
                if super::output::interrupted() {
                    return Err(ReleaseError::Interrupted.into());
                }
                if !std::mem::replace(&mut said, true) {
                    printer.note(&format!("{error}; waiting for it to end"));
                }
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            other => return Ok(other?),
        }
    }
}

/// Settings that would change what is released, but that this version does not act on: to go on as
/// if they were not there would publish something else than what was asked for.
fn supported(config: &Config) -> Result<(), Failure> {
    let release = &config.release;
    for (set, key) in [(release.archive, "[release] archive")] {
        if set {
            return Err(Failure::new(format!(
                "{key} is set in corpus.toml, but this version of `corpus release` cannot do it"
            ))
            .hint("take the setting out to release without it"));
        }
    }
    Ok(())
}

/// The columns that the tool is to compute.
fn derived(config: &Config) -> Result<Vec<Derived>, Failure> {
    let names = config.release.columns.iter();
    names
        .map(|name| {
            Derived::find(name).ok_or_else(|| {
                let known = Derived::ALL.map(Derived::name).join("`, `");
                Failure::new(format!(
                    "[release] columns: there is no `{}` to compute",
                    visible(name)
                ))
                .hint(format!("there are `{known}`"))
            })
        })
        .collect()
}

/// Everything a release does but its commit, in the scratch directory: so the verdict is the real one.
#[allow(clippy::too_many_arguments)]
fn dry_run(
    args: &ReleaseArgs,
    mut prepared: Prepared,
    run: &ReleaseRun<'_>,
    plan: &mut ReleasePlan,
    rule: &SplitRule,
    options: &WriteOptions,
    facts: &Facts,
    printer: &Printer,
) -> Result<Outcome, Stop> {
    let mut account = prepared.outcome.clone();
    let splits = prepared.splits(plan, rule);
    let mut verdict = None;
    if account.refusal.is_none() {
        let scratch = scratch(run)?;
        let mut elsewhere = ReleasePlan {
            releases: scratch.path().to_path_buf(),
            ..plan.clone()
        };
        let written = write(args, &mut prepared, run, &mut elsewhere, rule, options, facts);
        plan.version = elsewhere.version;
        match written {
            Ok(staged) => verdict = Some(staged.manifest.semver.clone()),
            Err(ReleaseError::Release(crate::release::Error::Semver(small))) => {
                account.refusal = Some(small.to_string());
                verdict = Some(Semver {
                    required: small.required,
                    declared: small.declared,
                    overridden: None,
                    reasons: small.reasons,
                });
            }
            Err(error) if error.is_refusal() => account.refusal = Some(error.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    let text = if args.output_format == "json" {
        account::json(&account, &splits, plan, verdict.as_ref())?
    } else {
        account::text(&account, &splits, plan, verdict.as_ref())
    };
    printer.result(text.as_bytes())?;
    Ok(if account.refusal.is_some() {
        Outcome::Failed
    } else {
        Outcome::Clean
    })
}

/// The rules of the project, and D007 where there are evaluation sets.
fn rules(decontaminate: bool) -> super::args::RuleArgs {
    super::args::RuleArgs {
        select: None,
        extend_select: decontaminate.then(|| "D007".to_owned()).into_iter().collect(),
        ..no_rules()
    }
}

pub(super) fn write_options(project: &Project, fields: &FieldNames) -> Result<WriteOptions, Failure> {
    let release = &project.loaded.config.release;
    let size = |text: &str, what: &str| {
        parse_size(text).map_err(|error| Failure::new(format!("[release] {what}: {error}")))
    };
    Ok(WriteOptions {
        zstd_level: release.zstd_level,
        shard_bytes: size(&release.shard_bytes, "shard-bytes")?,
        row_group_bytes: size(&release.row_group_bytes, "row-group-bytes")?,
        text_columns: vec![fields.name(Role::Text).to_owned()],
        unique_columns: [Role::Title, Role::Url]
            .map(|role| fields.name(role).to_owned())
            .into(),
        threads: project.jobs,
        ..WriteOptions::default()
    })
}

fn hash_inputs(inputs: &[Input]) -> Result<Vec<String>, SourceError> {
    inputs
        .par_iter()
        .map(|input| input.sha256(&INTERRUPTED))
        .collect()
}
