//! `corpus`: a linter and a publisher for text datasets.

pub mod config;
pub mod finding;
pub mod record;
pub mod release;
pub mod rules;
pub mod schema;
pub mod source;
pub mod text;
