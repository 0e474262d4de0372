//! R004: what people wrote about the dataset and this version of it.

use crate::cli::output::Printer;
use crate::cli::project::Project;
use crate::engine::check::Checker;
use crate::finding::Severity;
use crate::release::changelog;
use semver::Version;

/// Says which documents are missing; the sentence is a reason to refuse where the rule is an error.
pub(super) fn missing(
    project: &Project,
    checker: &Checker,
    version: &Version,
    printer: &Printer,
) -> Option<String> {
    let (_, active) = checker.selection.set.find("R004")?;
    if !version.pre.is_empty() {
        return None;
    }
    let text = |name: &str| fs_err::read_to_string(project.root().join(name)).unwrap_or_default();
    let section = changelog::section(&text("CHANGELOG.md"), &version.to_string());
    let mut missing = Vec::new();
    if section.is_none() {
        missing.push(format!(
            "CHANGELOG.md has no words on {version} or under Unreleased"
        ));
    }
    for (name, what) in [
        ("DATASET.md", "the prose of the dataset card"),
        ("LICENSE", "the licence"),
    ] {
        if text(name).trim().is_empty() {
            missing.push(format!("{name} ({what}) is missing or empty"));
        }
    }
    if missing.is_empty() {
        return None;
    }
    let sentence = format!("R004: {}", missing.join("; "));
    if active.severity == Severity::Error {
        return Some(format!("{sentence}; write them, or take R004 out of [lint]"));
    }
    printer.warning(&sentence);
    None
}
