//! `corpus`: a linter and a publisher for text datasets.

pub mod cli;
pub mod config;
pub mod dedup;
pub mod engine;
pub mod finding;
pub mod record;
pub mod release;
pub mod report;
pub mod rules;
pub mod schema;
pub mod source;
pub mod text;
