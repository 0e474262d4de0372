//! The release that a check of all records is compared with.

use crate::cli::Failure;
use crate::cli::args::LintArgs;
use crate::cli::output::Printer;
use crate::cli::project::Project;
use crate::engine::check::Checker;
use crate::engine::lint::Before;
use crate::engine::profile::shift::expected;
use crate::engine::profile::{CodePoints, Profile};
use crate::engine::project_file::ProjectFile;
use crate::release::changelog;
use crate::release::plan::{directory_name, latest, read_index};
use crate::report::escape::visible;
use std::path::PathBuf;
use std::sync::Arc;

/// The rules that compare with a release.
const CODES: [&str; 4] = ["C001", "C003", "C004", "C006"];

/// What is known of the release before, where a rule compares with it: that of `--against`, else the
/// latest one of the project whose inputs are all read.
pub(super) fn before(
    args: &LintArgs,
    project: &Project,
    checker: &Checker,
    at: Option<&ProjectFile>,
    printer: &Printer,
) -> Result<Option<Before>, Failure> {
    let runs = |code: &&str| checker.selection.set.find(code).is_some();
    let Some(directory) = release(args, project, at)?.filter(|_| CODES.iter().any(runs)) else {
        return Ok(None);
    };
    let shown = directory.display().to_string();
    let Some(profile) = Profile::of_release(&directory)? else {
        printer.note(&format!(
            "{} was made without counts to compare with: C001, C003, C004 and C006 find nothing",
            visible(&shown)
        ));
        return Ok(None);
    };
    if profile.code_points.is_none() && runs(&"C006") {
        printer.note("C006 finds nothing: it did not run when the last release was made");
    }
    Ok(Some(Before {
        known: profile
            .code_points
            .as_deref()
            .map(|ranges| Arc::new(CodePoints::of_ranges(ranges))),
        expected: expected_shifts(project),
        at: at.cloned().unwrap_or_else(|| ProjectFile::new(&shown, "")),
        profile,
    }))
}

fn release(args: &LintArgs, project: &Project, at: Option<&ProjectFile>) -> Result<Option<PathBuf>, Failure> {
    if let Some(directory) = args.against.first() {
        return Ok(Some(directory.clone()));
    }
    let (Some(name), Some(_)) = (&project.loaded.config.name, at) else {
        return Ok(None);
    };
    let releases = project.root().join(&project.loaded.config.release.directory);
    let index = read_index(&releases)?;
    let latest = latest(&index)?;
    Ok(latest.map(|(version, _)| releases.join(directory_name(name, &version))))
}

/// What the project's changelog says will change.
pub(crate) fn expected_shifts(project: &Project) -> Vec<String> {
    let text = fs_err::read_to_string(project.root().join("CHANGELOG.md")).unwrap_or_default();
    let section = changelog::section(&text, "Unreleased").unwrap_or_default();
    expected(&section)
}
