//! Findings about all records: what they say, and where.

use super::pending::{Point, Say, Words};
use super::table::{Place, TableReader};
use crate::engine::check::Checker;
use crate::finding::Finding;
use crate::record::Role;
use std::io;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// What turns numbers of documents into places.
pub(super) struct Places<'a> {
    pub(super) checker: &'a Checker,
    pub(super) paths: &'a [Arc<str>],
    pub(super) table: TableReader,
    /// The first document that is a row of a release.
    pub(super) published: u64,
    pub(super) texts: &'a [Words],
}

impl Places<'_> {
    /// Hands a finding on.
    pub(super) fn show(
        &self,
        point: &Point,
        emit: &mut dyn FnMut(Finding) -> io::Result<()>,
    ) -> io::Result<()> {
        let place = self.table.get(point.doc)?;
        let id = place.id.clone().unwrap_or_default();
        let words = match point.say {
            Say::Text(text) | Say::Part { text, .. } => self.texts.get(text as usize),
            _ => None,
        };
        let (message, key) = match point.say {
            Say::Shared { count, docs } => {
                let others = self.others(docs, count)?;
                match point.code {
                    "D001" => (
                        format!("id \"{id}\" is used by {count} records ({others})."),
                        &*id,
                    ),
                    "D004" => {
                        let what = "share this address, but for what does not belong to it";
                        (format!("{count} records {what} ({others})."), "")
                    }
                    _ => (
                        format!("{count} records differ only in numbers or names ({others})."),
                        "",
                    ),
                }
            }
            Say::Copy { of, identical } => (self.copy(of, identical)?, ""),
            Say::Like { of, score } => (self.like(point.code, of, score)?, ""),
            Say::Text(_) | Say::Part { .. } => {
                words.map_or_else(Default::default, |words| (words.message.clone(), &*words.source))
            }
        };
        self.emit(point, &place, (&id, key), message, emit)
    }

    /// Places of the first records, and that there are more.
    fn others(&self, docs: [u64; 3], count: u64) -> io::Result<String> {
        let mut others = Vec::new();
        for other in docs.into_iter().filter(|doc| *doc != u64::MAX) {
            others.push(self.at(&self.table.get(other)?));
        }
        let more = if count > others.len() as u64 { ", …" } else { "" };
        Ok(others.join(", ") + more)
    }

    fn at(&self, place: &Place) -> String {
        format!("{}:{}", self.paths[place.input as usize], place.line)
    }

    /// A record by its id and place.
    fn other(&self, doc: u64) -> io::Result<String> {
        let place = self.table.get(doc)?;
        let at = self.at(&place);
        Ok(match &place.id {
            Some(id) => format!("\"{id}\" ({at})"),
            None => at,
        })
    }

    fn copy(&self, of: u64, identical: bool) -> io::Result<String> {
        let published = if of >= self.published {
            ", published already"
        } else {
            ""
        };
        let kind = if identical {
            "the same text"
        } else {
            "the same but for marks, letter forms or spaces"
        };
        Ok(format!(
            "Body equals that of {}{published}: {kind}.",
            self.other(of)?
        ))
    }

    fn like(&self, code: &str, of: u64, score: u64) -> io::Result<String> {
        let other = self.other(of)?;
        Ok(if code == "D005" {
            format!("Body contains {:.0} % of {other}.", score as f64 / 100.0)
        } else {
            format!(
                "Near-duplicate of {other} (Jaccard {:.2}).",
                score as f64 / 10_000.0
            )
        })
    }

    fn emit(
        &self,
        point: &Point,
        place: &Place,
        (id, key): (&str, &str),
        message: String,
        emit: &mut dyn FnMut(Finding) -> io::Result<()>,
    ) -> io::Result<()> {
        let selection = &self.checker.selection;
        let Some((index, active)) = selection.set.find(point.code) else {
            return Ok(());
        };
        let path = &self.paths[place.input as usize];
        if selection.ignored_in_file(path, active.rule) {
            return Ok(());
        }
        let about_source = matches!(point.say, Say::Text(_));
        let source = (about_source || matches!(point.say, Say::Part { .. })).then_some(key);
        let field = |name: &str| source.filter(|_| name == self.checker.fields.name(Role::Source));
        let judged = selection.judge(index, active.severity, place.id.as_deref(), source, field);
        let Some((severity, suppressed)) = judged else {
            return Ok(());
        };
        // What is about a source stays the same finding when another of its records comes first.
        let about = if about_source { "" } else { id };
        let mut hash = Xxh3::new();
        for part in [point.code, about, key] {
            hash.update(part.as_bytes());
            hash.update(&[0]);
        }
        emit(Finding {
            code: active.rule.code,
            name: active.rule.name,
            severity,
            path: Arc::clone(path),
            line: Some(place.line),
            column: None,
            place: None,
            id: place.id.clone(),
            field: point
                .role
                .map(|role| format!("/{}", self.checker.fields.name(role)).into()),
            span: point.span,
            chars: match point.say {
                Say::Part { chars, .. } => Some(chars),
                _ => None,
            },
            offset: None,
            message: message.into(),
            fix: None,
            fingerprint: hash.digest(),
            excerpt: None,
            suppressed,
        })
    }
}
