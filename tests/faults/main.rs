//! No fault is fatal, none is silent: damaged, hostile and oversized inputs through the command.
//!
//! `CORPUS_SLOW=1` tries every one of the first 4,096 offsets of each format instead of a sample.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod bombs;
mod damage;
mod hostile;
mod limits;
mod paths;
mod tool;
