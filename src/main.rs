//! The `corpus` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    corpus::cli::main()
}
