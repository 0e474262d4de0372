//! `corpus lint --write-template-lines`.

use super::args::LintArgs;
use super::output::{INTERRUPTED, Printer, interrupted};
use super::project::{Project, no_rules};
use super::{CommandResult, Failure, Outcome};
use crate::engine::templates::{Counted, TemplateRun, count};
use crate::engine::whole::Whole;
use crate::report::summary;
use crate::rules::template::{Class, TemplateLines, TemplateSource};
use crate::source::Input;
use std::collections::BTreeMap;

pub(crate) fn run(args: &LintArgs, project: &Project, printer: &Printer) -> CommandResult {
    if !project.has_file() {
        return Err(
            Failure::new("template lines are pinned beside a corpus.toml, and there is none")
                .hint("start a project with `corpus init`"),
        );
    }
    let inputs = project.inputs(&args.paths, args.stdin_format.as_deref())?;
    if inputs.iter().any(Input::is_stdin) {
        return Err(
            Failure::new("standard input is read once, and lines are counted in three readings")
                .hint("write it to a file first"),
        );
    }
    let pinned = project.template_lines()?.map(|(_, lines)| lines);
    let checker = project.checker(
        &no_rules(),
        args.schema.as_deref(),
        args.field.as_deref(),
        printer,
    )?;
    let plan = project.plan(inputs)?;
    let run = TemplateRun {
        checker: &checker,
        plan: &plan,
        jobs: project.jobs,
        memory: project.memory,
        scratch: project.scratch.as_deref(),
        stop: &INTERRUPTED,
    };
    let counted = count(&run)?;
    if interrupted() {
        return Ok(Outcome::Failed);
    }
    let lines = with_kept(&counted.lines, pinned.as_ref());
    let path = project.template_path();
    Whole::write(&path, lines.render().as_bytes())?;
    say(&counted, &lines, &path.display().to_string(), printer);
    Ok(Outcome::Clean)
}

fn say(counted: &Counted, lines: &TemplateLines, path: &str, printer: &Printer) {
    let of = |class: Class| {
        let all = lines.sources().iter().flat_map(|source| &source.lines);
        all.filter(|line| line.class == class).count() as u64
    };
    printer.note(&format!(
        "wrote {path}: {} certain, {} probable, {} kept; {} of {} read",
        summary::count(of(Class::Certain), "line"),
        of(Class::Probable),
        of(Class::Keep),
        summary::count(counted.documents, "article"),
        summary::count(counted.sources, "source"),
    ));
    if counted.uncounted > 0 {
        printer.warning(&format!(
            "{} were not counted: too many sources; is `source` in [fields] the publisher?",
            summary::count(counted.uncounted, "article")
        ));
    }
    if !lines.is_empty() {
        printer.note("read the lines before you commit the file; those of the articles: class = \"keep\"");
    }
}

/// What was counted, with the lines of which a person said that they belong to the articles.
fn with_kept(counted: &TemplateLines, pinned: Option<&TemplateLines>) -> TemplateLines {
    let mut sources: BTreeMap<String, TemplateSource> = counted
        .sources()
        .iter()
        .map(|source| (source.name.clone(), source.clone()))
        .collect();
    for before in pinned.into_iter().flat_map(TemplateLines::sources) {
        let kept: Vec<_> = before
            .lines
            .iter()
            .filter(|line| line.class == Class::Keep)
            .collect();
        if kept.is_empty() {
            continue;
        }
        let source = sources
            .entry(before.name.clone())
            .or_insert_with(|| TemplateSource {
                lines: Vec::new(),
                ..before.clone()
            });
        for line in kept {
            source.lines.retain(|counted| !counted.is_same(line));
            source.lines.push(line.clone());
        }
    }
    TemplateLines::new(sources.into_values().collect())
}
