//! The command line as its users and their scripts see it: what is typed, what is read, how it ends.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

mod baseline;
mod configuration;
mod corpus_rules;
mod exit;
mod findings;
mod fixes;
mod init;
mod input;
#[cfg(target_os = "linux")]
mod memory;
mod output;
mod privacy;
mod selection;
mod templates;
