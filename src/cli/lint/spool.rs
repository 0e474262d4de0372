//! Standard input that has to be read more than once.

use crate::cli::Failure;
use crate::cli::args::LintArgs;
use crate::cli::output::{INTERRUPTED, Printer};
use crate::source::Input;
use crate::source::stdin::Stdin;
use std::io::{self, Read as _, Write as _};

/// Standard input on disk, because a fix has to go back over what it read.
pub(super) struct Spool {
    input: tempfile::NamedTempFile,
    pub(super) output: tempfile::TempDir,
    shown: String,
}

impl Spool {
    pub(super) fn new(inputs: &mut [Input], args: &LintArgs) -> Result<Self, Failure> {
        if inputs.len() != 1 {
            return Err(Failure::new("standard input cannot be fixed together with files"));
        }
        let suffix = match args.stdin_format.as_deref() {
            Some("json") => ".json",
            Some("text" | "txt") => ".txt",
            Some("markdown" | "md") => ".md",
            _ => ".jsonl",
        };
        let mut file = tempfile::Builder::new()
            .prefix("corpus-stdin-")
            .suffix(suffix)
            .tempfile()?;
        io::copy(&mut Stdin::new(&INTERRUPTED), &mut file)?;
        file.flush()?;
        let input = &mut inputs[0];
        *input = input.on_disk(file.path())?;
        Ok(Self {
            shown: input.shown.clone(),
            input: file,
            output: tempfile::tempdir()?,
        })
    }

    pub(super) fn print(self, printer: &Printer) -> Result<(), Failure> {
        let fixed = self.output.path().join(&self.shown);
        let path = if fixed.exists() {
            fixed.as_path()
        } else {
            self.input.path()
        };
        let mut bytes = Vec::new();
        fs_err::File::open(path)?.read_to_end(&mut bytes)?;
        printer.result(&bytes)?;
        Ok(())
    }
}
