//! `corpus diff`.

mod view;

use super::args::{DiffArgs, Global};
use super::output::Printer;
use super::project::Project;
use super::release::{Look, look};
use super::{CommandResult, Failure, Outcome, takedowns};
use crate::release::diff::{Context, DiffTable, Side, compare, to_json};
use crate::release::manifest::Manifest;
use crate::release::plan::{Previous, directory_name, parse_version};
use crate::release::shard::WriteOptions;
use std::path::{Path, PathBuf};
use view::{Sample, View};

pub(crate) fn run(args: &DiffArgs, global: &Global, printer: &Printer) -> CommandResult {
    let format = args.output_format.as_str();
    if !["text", "json", "markdown", "parquet"].contains(&format) {
        return Err(Failure::new(format!(
            "`{format}` is not a format of diff; use text, json, markdown or parquet"
        )));
    }
    if format == "parquet" && args.output_file.is_none() {
        return Err(
            Failure::new("a Parquet file cannot be written to standard output")
                .hint("name a file with `--output-file FILE`"),
        );
    }
    let project = Project::load(global)?;
    let from = directory(&project, &args.from)?;
    let Some(to) = &args.to else {
        let at = &mut |plan: &crate::release::plan::Plan, staged: &crate::release::writer::Staged| {
            let Some(previous) = &plan.previous else {
                return Ok(Outcome::Clean);
            };
            let old = (previous.directory.as_path(), &previous.manifest);
            show(
                args,
                &project,
                old,
                (staged.directory(), &staged.manifest),
                printer,
            )
        };
        let previous = Previous::open(from)?;
        return look(&project, Look { previous, at }, printer);
    };
    let to = directory(&project, to)?;
    let (old, _) = Manifest::read(&from)?;
    let (new, _) = Manifest::read(&to)?;
    show(args, &project, (&from, &old), (&to, &new), printer)
}

/// The directory of a release: itself, or that of a version of the project.
fn directory(project: &Project, name: &str) -> Result<PathBuf, Failure> {
    let path = PathBuf::from(name);
    if path.join("manifest.json").is_file() {
        return Ok(path);
    }
    let missing = |what: String| {
        Failure::new(what)
            .hint("name a version that is in releases/index.jsonl, or the directory of a release")
    };
    let (Ok(version), Some(dataset)) = (parse_version(name), &project.loaded.config.name) else {
        return Err(missing(format!("`{name}` is neither a release nor a version")));
    };
    let releases = project.root().join(&project.loaded.config.release.directory);
    let path = releases.join(directory_name(dataset, &version));
    if path.join("manifest.json").is_file() {
        Ok(path)
    } else {
        Err(missing(format!(
            "there is no release {version} in {}",
            releases.display()
        )))
    }
}

/// Compares two releases and prints what differs. The one without a `to` is the working tree.
fn show(
    args: &DiffArgs,
    project: &Project,
    (from, old): (&Path, &Manifest),
    (to, new): (&Path, &Manifest),
    printer: &Printer,
) -> CommandResult {
    let side = |directory, manifest| Side { directory, manifest };
    let tree = args.to.is_none();
    let mut samples: Vec<Sample> = Vec::new();
    let configs = old.configs.len() > 1 || new.configs.len() > 1;
    let mut table = match (&args.output_file, args.output_format.as_str()) {
        (Some(path), "parquet") => {
            // A table without rows makes no file; one of an earlier run must not stand for it.
            if path.exists() {
                fs_err::remove_file(path)?;
            }
            Some(DiffTable::new(path.clone(), &WriteOptions::default(), configs)?)
        }
        _ => None,
    };
    let takedowns = takedowns::of_release(project, to, new)?;
    let taken_down = |id: &str| takedowns.as_ref().is_some_and(|takedowns| takedowns.has(id));
    let context = Context {
        taken_down: takedowns.is_some().then_some(&taken_down as _),
        takedown_level: takedowns.as_ref().map(|takedowns| takedowns.level),
    };
    let diff = compare(side(from, old), side(to, new), context, &mut |row| {
        if samples.len() < args.samples {
            samples.extend(Sample::of(row));
        }
        table.as_mut().map_or(Ok(()), |table| table.push(row))
    })?;
    let view = View {
        name: &new.name,
        from: &old.version,
        to: (!tree).then_some(new.version.as_str()),
        diff: &diff,
        samples: &samples,
        color: printer.color() && args.output_file.is_none(),
    };
    let text = match args.output_format.as_str() {
        "json" => to_json(&diff, view.from, view.to)?,
        "markdown" => view.markdown(),
        "parquet" => String::new(),
        _ => view.text(),
    };
    match (table, &args.output_file) {
        (Some(table), _) => {
            if table.close("")?.is_none() {
                printer.note("no row differs: no file was written");
            }
        }
        (None, Some(path)) => fs_err::write(path, &text)?,
        (None, None) => printer.result(text.as_bytes())?,
    }
    Ok(if diff.reasons.is_empty() {
        Outcome::Clean
    } else {
        Outcome::Failed
    })
}
