//! `corpus lint`.

mod previous;
mod spool;
mod watch;

use super::args::{Global, LintArgs};
use super::dedup::{checked, configured};
use super::evaluation::EvaluationSets;
use super::output::{INTERRUPTED, Printer, interrupted};
use super::project::{Project, no_rules, say_text_fields};
use super::{CommandResult, Failure, Outcome, git, takedowns};
use crate::engine::against::Against;
use crate::engine::baseline::Baseline;
use crate::engine::check::Checker;
use crate::engine::duplicates::{DedupError, DedupRun, Duplicates, duplicates};
use crate::engine::fix_output::FixOutput;
use crate::engine::lint::{FixRun, LintRun, fails, lint};
use crate::engine::project_file::ProjectFile;
use crate::engine::sample::Sample;
use crate::finding::{Safety, Severity, Sink, Summary};
use crate::report::escape::visible;
use crate::report::summary::count;
use crate::report::{self, Format, RuleInfo};
use crate::rules::Wake;
use crate::source::{Input, Plan};
pub(crate) use previous::expected_shifts;
use spool::Spool;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use watch::Watcher;
pub(crate) use watch::progress_bar;

pub(crate) fn run(args: &LintArgs, global: &Global, printer: &Printer) -> CommandResult {
    if args.cache_dir.is_some() {
        printer.note("`--cache-dir` changes nothing: a check keeps nothing between runs");
    }
    let project = Project::load(global)?;
    if args.write_template_lines {
        return super::templates::run(args, &project, printer);
    }
    let format: Format = args.output_format.parse()?;
    let mut checker = project.checker(
        &args.rules,
        args.schema.as_deref(),
        args.field.as_deref(),
        printer,
    )?;
    if args.timings {
        checker.selection.set.measure();
    }
    let mut inputs = inputs(args, &project)?;
    let fixing = args.fix || args.fix_only || args.diff;
    let from_stdin = inputs.iter().any(Input::is_stdin);
    // Held until the end: fixed standard input is made from a file on disk.
    let similar = wants_similar(&checker) && args.sample.is_none();
    let to_stdout = fixing && from_stdin && !args.diff;
    let spool = if to_stdout || (from_stdin && similar) {
        // Texts are compared in a reading of their own.
        Some(Spool::new(&mut inputs, args)?)
    } else {
        None
    };
    if from_stdin && args.sample.is_some() {
        return Err(Failure::new(
            "standard input cannot be sampled: a sample is chosen before it is checked",
        )
        .hint("write it to a file first, or cut it: `head -n 1000 FILE | corpus lint -`"));
    }
    if fixing && !args.diff && spool.is_none() && args.fix_output.is_none() {
        may_rewrite(&inputs, args, &project)?;
    }
    decontaminate(args, &project, &inputs, &mut checker, printer)?;
    takedowns::for_lint(&project, &mut checker, printer)?;
    let output = spool
        .as_ref()
        .map(|spool| spool.output.path().to_path_buf())
        .or_else(|| args.fix_output.clone())
        .map(|directory| FixOutput::new(directory, &inputs));
    let plan = project.plan(inputs)?;
    let fix = fixing.then_some(FixRun {
        at_least: if args.unsafe_fixes {
            Safety::Unsafe
        } else {
            Safety::Safe
        },
        write: !args.diff,
        output,
        compressed: args.fix_compressed,
    });
    let baseline_path = args.baseline.clone().or_else(|| {
        project
            .loaded
            .config
            .lint
            .baseline
            .as_ref()
            .map(|path| project.loaded.root.join(path))
    });
    let mut baseline = match (&baseline_path, args.write_baseline) {
        (Some(path), false) => Some(Baseline::load(path)?),
        _ => None,
    };
    let mut recorded = args.write_baseline.then(Baseline::default);
    let quiet_report = args.fix_only || args.diff;
    let mut sink = if quiet_report || args.write_baseline {
        Box::new(Discard) as Box<dyn Sink + Send>
    } else {
        sink(args, format, &checker, printer, to_stdout)?
    };
    let mut watcher = Watcher::new(&plan, printer, args);
    let sample = args
        .sample
        .map(|size| {
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            Sample::choose(&plan, project.jobs, size, &INTERRUPTED)
        })
        .transpose()?;
    let project_file = if args.paths.is_empty() && args.since.is_none() {
        project_file(&project)?
    } else {
        None
    };
    let run = LintRun {
        previous: previous::before(args, &project, &checker, project_file.as_ref(), printer)?,
        checker: &checker,
        plan: &plan,
        stop: &INTERRUPTED,
        jobs: project.jobs,
        memory: project.memory,
        scratch: project.scratch.clone(),
        fix,
        fix_only: quiet_report,
        sample,
        against: against(args, &checker, printer)?,
        project: project_file,
        similar: if similar {
            find_similar(args, &project, &plan, printer)?
        } else {
            None
        },
    };
    let summary = lint(
        &run,
        &mut *sink,
        &mut watcher,
        baseline.as_mut(),
        recorded.as_mut(),
    )?;
    watcher.finish()?;
    if interrupted() {
        // Neither half the input goes out as fixed, nor half the findings into a baseline.
        return Ok(Outcome::Failed);
    }
    if let Some(spool) = spool.filter(|_| to_stdout) {
        spool.print(printer)?;
    }
    save_baseline(args, baseline_path, baseline, recorded, printer)?;
    say_text_fields(&checker, printer);
    if let Some(sample) = &run.sample {
        say_sample(sample, &checker, printer);
    }
    if summary.records == 0 {
        printer.note("the inputs hold no records");
    }
    if quiet_report && summary.fixed > 0 {
        printer.note(&format!(
            "{} {} {}",
            if args.diff { "would fix" } else { "fixed" },
            summary.fixed,
            if summary.fixed == 1 { "finding" } else { "findings" }
        ));
    }
    if args.timings {
        timings(&checker)?;
    }
    Ok(outcome(args, &project, &summary))
}

/// The releases that texts are compared with.
fn against(args: &LintArgs, checker: &Checker, printer: &Printer) -> Result<Option<Against>, Failure> {
    if args.against.is_empty() {
        return Ok(None);
    }
    if checker.selection.set.find("D002").is_none() {
        printer.note("--against finds nothing: D002, which compares with releases, does not run");
    }
    Ok(Some(Against::open(&args.against, super::release::MATCH_KEY)?))
}

/// The project's configuration, as findings about it name it.
fn project_file(project: &Project) -> Result<Option<ProjectFile>, Failure> {
    let Some(path) = &project.loaded.file else {
        return Ok(None);
    };
    let text = fs_err::read_to_string(path)?;
    Ok(Some(ProjectFile::new(&path.display().to_string(), &text)))
}

/// Whether a rule runs that compares texts with each other.
fn wants_similar(checker: &Checker) -> bool {
    ["D003", "D005"]
        .iter()
        .any(|code| checker.selection.set.find(code).is_some())
}

/// Near copies and contained texts: what `corpus dedup` finds.
fn find_similar(
    args: &LintArgs,
    project: &Project,
    plan: &Plan,
    printer: &Printer,
) -> Result<Option<Duplicates>, Failure> {
    let dedup = &project.loaded.config.dedup;
    let Some(near) = configured(dedup.near.as_ref()) else {
        printer.note("near = false in [dedup]: D003 and D005 find nothing");
        return Ok(None);
    };
    let run = DedupRun {
        keep: &dedup.keep,
        against: &Against::default(),
        references: 0,
        near: Some(checked(near)?),
        tag: false,
        jobs: project.jobs,
        memory: project.memory,
        scratch: project.scratch.as_deref(),
        stop: &INTERRUPTED,
    };
    let checker = project.checker(&no_rules(), None, args.field.as_deref(), printer)?;
    match duplicates(&checker, plan, &run) {
        Err(DedupError::Interrupted) => Ok(None),
        found => Ok(Some(found?)),
    }
}

/// Reads the evaluation sets, where D007 runs.
fn decontaminate(
    args: &LintArgs,
    project: &Project,
    inputs: &[Input],
    checker: &mut Checker,
    printer: &Printer,
) -> Result<(), Failure> {
    if checker.selection.set.find("D007").is_none() {
        return Ok(());
    }
    let Some(sets) = EvaluationSets::find(project)? else {
        let named = args
            .rules
            .select
            .iter()
            .flatten()
            .chain(&args.rules.extend_select);
        if named
            .into_iter()
            .any(|rule| rule == "D007" || rule == "split-leakage")
        {
            printer.note("D007 finds nothing: no evaluation sets are named in [decontaminate] against");
        }
        return Ok(());
    };
    if args.paths.is_empty() {
        sets.apart_from(inputs)?;
    } else if let Some(path) = sets.overlap(inputs) {
        printer.note(&format!(
            "`{}` is an evaluation set: D007 does not run on it",
            visible(path)
        ));
        return Ok(());
    }
    sets.load(project, checker, printer)
}

fn outcome(args: &LintArgs, project: &Project, summary: &Summary) -> Outcome {
    if args.diff {
        return if summary.fixed > 0 {
            Outcome::Failed
        } else {
            Outcome::Clean
        };
    }
    if args.write_baseline || args.exit_zero {
        return Outcome::Clean;
    }
    let error_on = args
        .error_on
        .map(Severity::from)
        .or(project.loaded.config.lint.error_on)
        .unwrap_or(Severity::Error);
    if (args.exit_non_zero_on_fix && summary.fixed > 0) || (!args.fix_only && fails(summary, error_on)) {
        Outcome::Failed
    } else {
        Outcome::Clean
    }
}

fn inputs(args: &LintArgs, project: &Project) -> Result<Vec<Input>, Failure> {
    let mut inputs = project.inputs(&args.paths, args.stdin_format.as_deref())?;
    if let Some(revision) = &args.since {
        let root = if project.loaded.root.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            project.loaded.root.clone()
        };
        let changed: Vec<PathBuf> = git::changed_since(&root, revision)?
            .iter()
            .filter_map(|path| path.canonicalize().ok())
            .collect();
        inputs.retain(|input| {
            input
                .path
                .canonicalize()
                .is_ok_and(|path| changed.contains(&path))
        });
    }
    Ok(inputs)
}

/// What a report says of each rule; its whole page only for a report with `pages`.
pub(crate) fn rule_infos(checker: &Checker, pages: bool) -> Vec<RuleInfo> {
    checker
        .selection
        .set
        .active
        .iter()
        .map(|active| RuleInfo {
            code: active.rule.code,
            name: active.rule.name,
            severity: active.severity,
            fix: active.rule.fix,
            summary: active.rule.summary.to_owned(),
            advice: active.check.advice(),
            help_markdown: if pages {
                super::explain::markdown(active.rule)
            } else {
                String::new()
            },
        })
        .collect()
}

fn sink(
    args: &LintArgs,
    format: Format,
    checker: &Checker,
    printer: &Printer,
    to_stderr: bool,
) -> Result<Box<dyn Sink + Send>, Failure> {
    let out: Box<dyn Write + Send> = match &args.output_file {
        Some(path) => Box::new(fs_err::File::create(path)?),
        None if to_stderr => Box::new(io::stderr()),
        None => Box::new(io::stdout()),
    };
    if args.output_file.is_none() && format.is_binary() && io::IsTerminal::is_terminal(&io::stdout()) {
        return Err(Failure::new(format!("{format} output is not for a terminal"))
            .hint("write it to a file with `--output-file FILE`"));
    }
    let options = report::Options {
        color: printer.color() && args.output_file.is_none(),
        width: 100,
        max_findings: args.max_findings,
        max_per_rule: Some(args.max_per_rule).filter(|most| *most > 0 && args.output_file.is_none()),
        show_fixes: args.show_fixes,
        show_statistics: args.statistics,
        rules: rule_infos(checker, format == Format::Sarif),
        ..report::Options::default()
    };
    Ok(report::sink(format, out, options))
}

/// Refuses to rewrite what git could not bring back, and says what cannot be rewritten at all.
fn may_rewrite(inputs: &[Input], args: &LintArgs, project: &Project) -> Result<(), Failure> {
    for input in inputs {
        if !args.fix_compressed && input.compression()?.is_some() {
            let hint =
                "decompress it, or fix it on the way into a release: `corpus release` applies safe fixes";
            return Err(Failure::new(format!(
                "`{}` is compressed: it is not fixed in place",
                input.shown
            ))
            .hint("add `--fix-compressed` to rewrite compressed files")
            .hint(hint));
        }
        stays_inside(input, project)?;
    }
    if args.allow_dirty {
        return Ok(());
    }
    let mut by_directory: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for input in inputs {
        let parent = input.path.parent().unwrap_or(&project.loaded.root).to_path_buf();
        by_directory.entry(parent).or_default().push(input.path.clone());
    }
    for (directory, paths) in by_directory {
        if let Some(path) = git::dirty(&directory, &paths).first() {
            return Err(Failure::new(format!(
                "`{}` is untracked or has uncommitted changes: git could not bring it back after a fix",
                path.display()
            ))
            .hint("commit it first, or add `--allow-dirty`, or write elsewhere with `--fix-output DIR`"));
        }
    }
    Ok(())
}

/// A link is rewritten through only where it leads to a file of the project.
fn stays_inside(input: &Input, project: &Project) -> Result<(), Failure> {
    if !fs_err::symlink_metadata(&input.path)?.is_symlink() {
        return Ok(());
    }
    let target = fs_err::canonicalize(&input.path)?;
    if target.starts_with(fs_err::canonicalize(project.root())?) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "`{}` is a link to `{}`, outside the project: it is not fixed in place",
        input.shown,
        target.display()
    ))
    .hint("name that file itself, or write elsewhere with `--fix-output DIR`"))
}

/// Says what the verdict rests on, and what a sample cannot tell.
fn say_sample(sample: &Sample, checker: &Checker, printer: &Printer) {
    printer.note(&format!(
        "checked {} of {}",
        sample.len(),
        count(sample.total(), "record")
    ));
    let all = checker.selection.set.active.iter();
    let codes: Vec<&str> = all
        .filter(|active| {
            matches!(active.rule.wake, Wake::Corpus) && !["D007", "L007"].contains(&active.rule.code)
        })
        .map(|active| active.rule.code)
        .collect();
    if !codes.is_empty() {
        printer.detail(&format!(
            "{} not checked: that takes all records",
            codes.join(", ")
        ));
    }
}

fn save_baseline(
    args: &LintArgs,
    path: Option<PathBuf>,
    baseline: Option<Baseline>,
    recorded: Option<Baseline>,
    printer: &Printer,
) -> Result<(), Failure> {
    let path = path.unwrap_or_else(|| PathBuf::from("corpus-baseline.json"));
    if let Some(recorded) = recorded {
        recorded.save(&path)?;
        printer.note(&format!(
            "wrote {} findings to {}",
            recorded.len(),
            path.display()
        ));
    } else if let Some(mut baseline) = baseline {
        let stale = if args.sample.is_some() {
            0
        } else {
            baseline.stale()
        };
        if args.prune_baseline && stale > 0 {
            baseline.prune();
            baseline.save(&path)?;
            printer.note(&format!(
                "took {stale} findings that no longer occur out of {}",
                path.display()
            ));
        } else if stale > 0 {
            printer.detail(&format!(
                "{stale} findings of the baseline no longer occur; `--prune-baseline` drops them"
            ));
        }
    }
    Ok(())
}

struct Discard;

impl Sink for Discard {
    fn only_counts(&self) -> bool {
        true
    }

    fn finding(&mut self, _: &crate::finding::Finding) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}

/// A table of the time that rules took, slowest first. It goes to standard error: no two runs are
/// alike.
fn timings(checker: &Checker) -> io::Result<()> {
    let mut times: Vec<_> = checker.selection.set.timings().collect();
    times.sort_by_key(|(rule, time)| (std::cmp::Reverse(*time), rule.code));
    let total: f64 = times.iter().map(|(_, time)| time.as_secs_f64()).sum();
    let mut stderr = io::stderr().lock();
    writeln!(
        stderr,
        "      time  share  rule  (all threads; without parsing, schema and duplicates)"
    )?;
    for (rule, time) in times.iter().filter(|(_, time)| !time.is_zero()) {
        let seconds = time.as_secs_f64();
        writeln!(
            stderr,
            "{:>7.1} ms  {:>4.1}%  {} {}",
            seconds * 1e3,
            100.0 * seconds / total,
            rule.code,
            rule.name
        )?;
    }
    Ok(())
}
