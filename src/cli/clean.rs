//! `corpus clean`: what killed runs left behind.

use super::args::{CleanArgs, Global};
use super::output::Printer;
use super::project::Project;
use super::{CommandResult, Outcome};
use crate::release::commit;

pub(crate) fn run(args: &CleanArgs, global: &Global, printer: &Printer) -> CommandResult {
    let project = Project::load(global)?;
    let releases = args
        .out
        .clone()
        .unwrap_or_else(|| project.loaded.root.join(&project.loaded.config.release.directory));
    if !releases.is_dir() {
        printer.note(&format!("nothing to clean: there is no {}", releases.display()));
        return Ok(Outcome::Clean);
    }
    // Taking the lock sweeps; dropping it leaves the directory as a finished run does.
    drop(commit::Lock::acquire(&releases, true)?);
    printer.note(&format!("{} is clean", releases.display()));
    Ok(Outcome::Clean)
}
