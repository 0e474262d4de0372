//! The public suites of JSON and JSON Schema, through the library and through the command:
//! JSON-Schema-Test-Suite (`CORPUS_JSON_SCHEMA_TEST_SUITE`) and nst/JSONTestSuite
//! (`CORPUS_JSON_TEST_SUITE`). Each variable names a copy; without it the test says so and passes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod command;
mod json;
mod mojibake;
mod schema;
mod support;
