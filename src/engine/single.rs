//! One record on its own: what `show`, the rule examples and the tests need.

use super::check::{Checker, FieldNames, Scratch};
use super::fix::{Fixed, fix_record, splice};
use super::place::Detail;
use super::select::{CommandLine, SelectError, Selection};
use crate::config::Config;
use crate::finding::{Finding, Safety};
use crate::record::Span;
use crate::schema::Schema;
use crate::source::{Chunk, Entry, Utf8};
use std::sync::Arc;

/// A checker of the rules that a selector names, preview rules too, with their default options and
/// as in a project.
///
/// # Errors
/// A selector that names no rule.
pub fn checker(select: &str, schema: Option<Schema>) -> Result<Checker, SelectError> {
    let config = Config::default();
    let line = CommandLine {
        select: Some(vec![select.to_owned()]),
        preview: true,
        ..CommandLine::default()
    };
    Ok(Checker {
        selection: Selection::new(&config, &line, None)?,
        schema,
        fields: FieldNames::new(&config),
        governed: true,
        evaluation: None,
        takedowns: None,
    })
}

/// A record's findings.
///
/// `text` is one JSON value. A text that is not JSON gives the finding that says so.
#[must_use]
pub fn findings(checker: &Checker, text: &str, path: &str) -> Vec<Finding> {
    findings_in(checker, text, path, Detail::Full)
}

/// A record's findings, worked out as far as `detail` says.
pub(crate) fn findings_in(checker: &Checker, text: &str, path: &str, detail: Detail) -> Vec<Finding> {
    let (chunk, entry) = alone(text);
    let src = text;
    let path = Arc::from(path);
    match checker.check(&mut Scratch::default(), &chunk, src, &entry, &path, |mut read| {
        checker.place(&mut read, &path, detail)
    }) {
        Ok(findings) => findings,
        Err(fault) => checker.fault(&fault, &path).into_iter().collect(),
    }
}

/// The record after every fix at least this safe, with the log; `None` when nothing changes or
/// the text is not JSON.
#[must_use]
pub fn fix(checker: &Checker, text: &str, at_least: Safety) -> Option<(String, Fixed)> {
    let (chunk, entry) = alone(text);
    checker
        .check(&mut Scratch::default(), &chunk, text, &entry, "", |read| {
            let fixed = fix_record(
                &checker.selection,
                at_least,
                read.tree,
                text,
                &read.record,
                read.raw,
                |_| true,
            )?;
            Some((splice(text, entry.span, &fixed.literals), fixed))
        })
        .ok()?
}

fn alone(text: &str) -> (Chunk, Entry) {
    let entry = Entry {
        span: Span::new(0, text.len()),
        line: 0,
        map: None,
    };
    let chunk = Chunk {
        input: 0,
        number: 0,
        text: Utf8::default(),
        offset: 0,
        entries: Vec::new(),
        faults: Vec::new(),
        charset: None,
        codec: None,
        notices: Vec::new(),
        lines: 1,
        last: true,
    };
    (chunk, entry)
}
