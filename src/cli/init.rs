//! `corpus init`.
use super::args::InitArgs;
use super::output::Printer;
use super::{CommandResult, Failure, Outcome};

pub(crate) fn run(_: &InitArgs, _: &Printer) -> CommandResult {
    let _ = Outcome::Clean;
    Err(Failure::new("init"))
}
