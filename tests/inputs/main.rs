//! Everything `[[input]]` and the formats promise, through the built binary.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod adapting;
mod encodings;
mod fixing;
mod formats;
mod project;
mod releases;
mod speed;
mod structure;
