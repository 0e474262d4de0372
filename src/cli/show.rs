//! `corpus show`: one record, with what is invisible in it.

use super::args::{Global, RuleArgs, ShowArgs};
use super::output::Printer;
use super::project::Project;
use super::{CommandResult, Failure, Outcome};
use crate::engine::survey::{Found, Target, find};
use crate::finding::Summary;
use crate::release::plan::{directory_name, parse_version, read_index};
use crate::release::state::StateReader;
use crate::report::escape::{lines, visible};
use crate::report::{self, Format};
use std::fmt::Write as _;
use std::io;
use std::path::Path;

pub(crate) fn run(args: &ShowArgs, global: &Global, printer: &Printer) -> CommandResult {
    let project = Project::load(global)?;
    let rules = RuleArgs {
        select: None,
        extend_select: Vec::new(),
        ignore: Vec::new(),
        per_file_ignores: Vec::new(),
        preview: false,
    };
    let checker = project.checker(&rules, None, None, printer)?;
    let (target, paths) = target(args);
    let plan = project.plan(project.inputs(&paths, None)?)?;
    let Some(found) = find(&checker, &plan, &target)? else {
        let what = match target {
            Target::Id(id) => format!("no record has the id `{id}`"),
            Target::Line(line) => format!("no record stands on line {line}"),
        };
        return Err(Failure::new(what).hint("write FILE:LINE for a record without an id"));
    };
    printer.result(record(&found).as_bytes())?;
    let options = report::Options {
        color: printer.color(),
        rules: super::lint::rule_infos(&checker, false),
        ..report::Options::default()
    };
    let mut sink = report::sink(Format::Full, Box::new(io::stdout()), options);
    let mut summary = Summary {
        files: 1,
        records: 1,
        ..Summary::default()
    };
    for finding in &found.findings {
        summary.findings += 1;
        *summary
            .by_severity
            .entry(finding.severity.as_str().to_owned())
            .or_insert(0) += 1;
        *summary.by_code.entry(finding.code.to_owned()).or_insert(0) += 1;
        sink.finding(finding)?;
    }
    sink.finish(&summary)?;
    if let (Some(id), Some(name)) = (&found.id, &project.loaded.config.name) {
        let releases = project.loaded.root.join(&project.loaded.config.release.directory);
        printer.result(fate(&releases, name, id)?.as_bytes())?;
    }
    Ok(Outcome::Clean)
}

fn target(args: &ShowArgs) -> (Target, Vec<String>) {
    if let Some((file, line)) = args.record.rsplit_once(':')
        && let Ok(line) = line.parse()
        && Path::new(file).exists()
    {
        return (Target::Line(line), vec![file.to_owned()]);
    }
    (Target::Id(args.record.clone()), args.paths.clone())
}

fn record(found: &Found) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}:{}", visible(&found.path), found.line);
    for (name, value) in &found.fields {
        let text = lines(value);
        if text.contains('\n') {
            let _ = writeln!(out, "{}:", visible(name));
            for line in text.lines() {
                let _ = writeln!(out, "    {line}");
            }
        } else {
            let _ = writeln!(out, "{}: {text}", visible(name));
        }
    }
    out.push('\n');
    out
}

/// In which releases the record is, and in which split.
fn fate(releases: &Path, name: &str, id: &str) -> Result<String, Failure> {
    let mut out = String::new();
    for line in read_index(releases)? {
        let version = parse_version(&line.version)?;
        let directory = releases.join(directory_name(name, &version)).join("state");
        let mut place = None;
        if directory.is_dir() {
            let mut files: Vec<_> = fs_err::read_dir(&directory)?
                .filter_map(|entry| entry.ok().map(|entry| entry.path()))
                .filter(|path| path.extension().is_some_and(|extension| extension == "parquet"))
                .collect();
            files.sort();
            'files: for path in files {
                let mut reader = StateReader::open(&path)?;
                while let Some((row, _, split)) = reader.next_row()? {
                    if row.id == id {
                        place = Some((split, row.since));
                        break 'files;
                    }
                }
            }
        }
        let _ = match place {
            Some((split, since)) => writeln!(out, "release {version}: in {split}, since {since}"),
            None => writeln!(out, "release {version}: not in it"),
        };
    }
    Ok(out)
}
