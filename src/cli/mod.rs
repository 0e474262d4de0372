//! The command line: the only room that knows terminal, environment, colours, progress bars and
//! exit codes. One file per command.

mod args;
mod clean;
mod config;
mod dedup;
mod diff;
mod evaluation;
mod explain;
mod git;
mod init;
mod leakage;
mod lint;
mod output;
mod project;
mod release;
mod remote;
mod reproduce;
mod retract;
mod show;
mod ssh;
mod stats;
mod takedowns;
mod templates;
mod verify;
mod yank;

pub use args::Cli;

use args::Command;
use clap::{CommandFactory, Parser};
use output::Printer;
use std::io;
use std::process::ExitCode;

/// How a command ended, as the contract's exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// 0: clean, or everything fixed.
    Clean,
    /// 1: findings, a refused release, a failed verify, differences.
    Failed,
}

/// Why a command could not do its job (exit code 2), already a message for a person.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hints: Vec<String>,
    broken_pipe: bool,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hints: Vec::new(),
            broken_pipe: false,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl<E: std::error::Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut broken_pipe = false;
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(cause) = source {
            broken_pipe |= cause
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
            source = cause.source();
        }
        Self {
            message: error.to_string(),
            hints: Vec::new(),
            broken_pipe,
        }
    }
}

/// What every command returns.
pub(crate) type CommandResult = Result<Outcome, Failure>;

/// Runs the command line and gives the process's exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // A closed pipe behind `--help` is no failure.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let printer = Printer::new(&cli.global);
    output::install_interrupt_handler();
    let result = enter(&cli).and_then(|()| run(&cli, &printer));
    match result {
        _ if output::interrupted() => ExitCode::from(130),
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Err(failure) if failure.broken_pipe => ExitCode::SUCCESS,
        Err(failure) => {
            printer.error(&failure.message, &failure.hints);
            ExitCode::from(2)
        }
    }
}

fn enter(cli: &Cli) -> Result<(), Failure> {
    if let Some(directory) = &cli.global.directory {
        std::env::set_current_dir(directory)
            .map_err(|error| Failure::new(format!("cannot enter `{}`: {error}", directory.display())))?;
    }
    Ok(())
}

fn run(cli: &Cli, printer: &Printer) -> CommandResult {
    let global = &cli.global;
    match &cli.command {
        Command::Init(args) => init::run(args, global, printer),
        Command::Lint(args) => lint::run(args, global, printer),
        Command::Dedup(args) => dedup::run(args, global, printer),
        Command::Release(args) => release::run(args, global, printer),
        Command::Diff(args) => diff::run(args, global, printer),
        Command::Publish(args) => remote::publish(args, global, printer),
        Command::Pull(args) => remote::pull(args, global, printer),
        Command::Verify(args) => verify::run(args, global, printer),
        Command::Reproduce(args) => reproduce::run(args, global, printer),
        Command::Yank(args) => yank::run(args, global, printer),
        Command::Retract(args) => retract::run(args, global, printer),
        Command::Stats(args) => stats::run(args, global, printer),
        Command::Show(args) => show::run(args, global, printer),
        Command::Explain(args) => explain::run(args, printer),
        Command::Config(args) => config::run(args, global, printer),
        Command::Schema(args) => explain::schema(args, printer),
        Command::Clean(args) => clean::run(args, global, printer),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "corpus", &mut text);
            printer.result(&text)?;
            Ok(Outcome::Clean)
        }
        Command::Man => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut text)?;
            printer.result(&text)?;
            Ok(Outcome::Clean)
        }
    }
}
