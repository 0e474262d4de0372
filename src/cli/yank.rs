//! `corpus yank`: a version that nobody should use any more.

use super::args::{Global, YankArgs};
use super::output::Printer;
use super::project::Project;
use super::{CommandResult, Failure, Outcome};
use crate::release::commit::Lock;
use crate::release::plan::parse_version;

pub(crate) fn run(args: &YankArgs, global: &Global, printer: &Printer) -> CommandResult {
    let project = Project::load(global)?;
    let releases = args
        .out
        .clone()
        .unwrap_or_else(|| project.root().join(&project.loaded.config.release.directory));
    let version = parse_version(&args.version)?.to_string();
    if args.reason.trim().is_empty() {
        return Err(Failure::new(
            "--reason is empty: say why nobody should use the version",
        ));
    }
    if !releases.is_dir() {
        return Err(Failure::new(format!("there is no {}", releases.display())));
    }
    match Lock::acquire(&releases, true)?.yank(&version, args.reason.trim()) {
        Ok(()) => {}
        Err(error) if error.is_refusal() => {
            printer.error(&error.to_string(), &[]);
            return Ok(Outcome::Failed);
        }
        Err(error) => return Err(error.into()),
    }
    printer.result(format!("{version} is yanked; its files stay where they are\n").as_bytes())?;
    Ok(Outcome::Clean)
}
