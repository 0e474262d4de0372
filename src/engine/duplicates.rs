//! The dedup run: clusters of exact copies over any inputs.

use super::against::Against;
use super::check::{Checker, Scratch};
use super::corpus::{Document, KeyMaker, Place, Table, TableReader};
use super::pipeline;
use super::place::id_text;
use crate::config::Keep;
use crate::dedup::{DocSet, Document as Row, ExactIndex, Relation, SpillError, SpillOptions};
use crate::record::Role;
use crate::source::{Plan, SourceError};
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Why a dedup run ended early.
#[derive(Debug, thiserror::Error)]
pub enum DedupError {
    /// Reading an input.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Writing a result or scratch data.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Spilled keys.
    #[error(transparent)]
    Spill(#[from] SpillError),
    /// A release that records are compared with.
    #[error(transparent)]
    Against(#[from] crate::release::Error),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

/// One record of a cluster, as `corpus dedup -f json-lines` writes it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Copy {
    /// Id of the survivor, or `path:line`.
    pub cluster: String,
    /// Id of the record.
    pub id: Option<String>,
    /// Its file.
    pub path: String,
    /// Its line.
    pub line: u64,
    /// `kept` or how it relates to the kept one.
    pub relation: &'static str,
    /// What it is to the kept one.
    pub kind: &'static str,
    /// Similarity to the kept one, 0 to 1.
    pub score: f64,
}

/// The clusters of a run.
#[derive(Debug)]
pub struct Duplicates {
    copies: Vec<Member>,
    dropped: DocSet,
    table: TableReader,
    paths: Vec<Arc<str>>,
    docs: u64,
    records: u64,
}

#[derive(Debug)]
struct Member {
    doc: u64,
    kept: u64,
    relation: Relation,
    kind: &'static str,
}

/// Finds the copies among all records of the inputs, and of the releases `against`: what is published
/// stays, whatever `keep` says.
///
/// # Errors
/// [`DedupError`].
#[allow(clippy::too_many_arguments)]
pub fn duplicates(
    checker: &Checker,
    plan: &Plan,
    keep: &[Keep],
    against: &Against,
    jobs: usize,
    memory: u64,
    scratch: Option<&Path>,
    stop: &AtomicBool,
) -> Result<Duplicates, DedupError> {
    let options = SpillOptions {
        memory: usize::try_from(memory / 4)
            .unwrap_or(usize::MAX)
            .clamp(1 << 20, 256 << 20),
        scratch: scratch.map_or_else(std::env::temp_dir, Path::to_path_buf),
    };
    let inputs = plan.inputs.iter().map(|input| Arc::from(input.shown.as_str()));
    let paths: Vec<Arc<str>> = inputs.chain(against.shown()).collect();
    let mut index = ExactIndex::new(keep, &options);
    let mut table = Table::new(&options.scratch)?;
    let (mut docs, mut records) = (0, 0);
    let mut base = (usize::MAX, 0);
    pipeline::ordered(
        jobs,
        plan.units().take_while(|_| !stop.load(Ordering::Relaxed)),
        || (Scratch::default(), KeyMaker::comparing(!against.is_empty())),
        |(scratch, keys), unit| {
            let mut outs: Vec<(usize, u64, u64, Vec<Document>)> = Vec::new();
            let result = unit.and_then(|unit| {
                unit.read(plan, &mut |chunk| {
                    let src = chunk.text.as_str();
                    let mut documents = Vec::with_capacity(chunk.entries.len());
                    for entry in &chunk.entries {
                        let document = checker.check(scratch, &chunk, src, entry, "", |read| {
                            keys.document(&read.record, entry)
                        });
                        documents.extend(document.ok());
                    }
                    outs.push((chunk.input, chunk.lines, chunk.records(), documents));
                    plan.recycle(chunk);
                    ControlFlow::Continue(())
                })
            });
            (outs, result)
        },
        |(outs, result)| {
            for (input, lines, seen, documents) in outs {
                if base.0 != input {
                    base = (input, 0);
                }
                records += seen;
                for document in documents {
                    table.push(input as u32, base.1 + document.line + 1, document.id.as_deref())?;
                    if let Some(keys) = document.keys {
                        index.push(&Row {
                            doc: docs,
                            keys,
                            published: false,
                            date: document.date,
                            chars: document.chars,
                            identity: document.identity,
                        })?;
                    }
                    docs += 1;
                }
                base.1 += lines;
            }
            result.map_err(DedupError::from)
        },
    )?;
    if stop.load(Ordering::Relaxed) {
        return Err(DedupError::Interrupted);
    }
    against.each(docs, |row| -> Result<(), DedupError> {
        table.push((plan.inputs.len() + row.shard) as u32, row.row, Some(row.id))?;
        Ok(index.push(&row.document)?)
    })?;
    let decisions = index.finish(&DocSet::default())?;
    let mut copies = Vec::new();
    for decision in decisions.read()? {
        let decision = decision?;
        copies.push(Member {
            doc: decision.doc,
            kept: decision.kept,
            relation: decision.relation,
            kind: decision.kind.as_str(),
        });
    }
    // Of what is published, only what a new record is a copy of.
    let copied: HashSet<u64> = copies
        .iter()
        .filter(|member| member.doc < docs)
        .map(|member| member.kept)
        .collect();
    copies.retain(|member| member.doc < docs || (member.doc == member.kept && copied.contains(&member.doc)));
    // Clusters in the order of their first record; the survivor first in each.
    let mut first: HashMap<u64, u64> = HashMap::new();
    for member in &copies {
        let at = first.entry(member.kept).or_insert(member.doc);
        *at = (*at).min(member.doc);
    }
    copies.sort_by_key(|member| {
        (
            first.get(&member.kept).copied(),
            member.kept,
            member.doc != member.kept,
            member.doc,
        )
    });
    Ok(Duplicates {
        copies,
        dropped: decisions.dropped()?,
        table: table.finish()?,
        paths,
        docs,
        records,
    })
}

impl Duplicates {
    /// Records read, unparseable ones included.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// Hands on every record that has a copy, cluster by cluster, the survivor first.
    ///
    /// # Errors
    /// Reading scratch data, or what `then` gives.
    pub fn each(&self, then: &mut dyn FnMut(&Copy) -> io::Result<()>) -> io::Result<()> {
        let mut cluster: Option<(u64, String)> = None;
        for member in &self.copies {
            let place = self.table.get(member.doc)?;
            if cluster.as_ref().is_none_or(|(kept, _)| *kept != member.kept) {
                cluster = Some((member.kept, self.name(&self.table.get(member.kept)?)));
            }
            then(&Copy {
                cluster: cluster.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
                path: self.paths[place.input as usize].to_string(),
                line: place.line,
                id: place.id.map(String::from),
                relation: member.relation.as_str(),
                kind: member.kind,
                score: 1.0,
            })?;
        }
        Ok(())
    }

    fn name(&self, place: &Place) -> String {
        match &place.id {
            Some(id) => id.to_string(),
            None => format!("{}:{}", self.paths[place.input as usize], place.line),
        }
    }

    /// Writes the survivors as JSON Lines, in input order, by a temporary file and a rename.
    ///
    /// # Errors
    /// Reading the inputs again, writing the file.
    pub fn write_survivors(&self, checker: &Checker, plan: &Plan, path: &Path) -> Result<u64, DedupError> {
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let named = |error: io::Error| {
            io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display()))
        };
        let mut out = io::BufWriter::new(tempfile::NamedTempFile::new_in(parent).map_err(named)?);
        let (mut doc, mut written) = (0, 0);
        let mut failed = None;
        let mut scratch = Scratch::default();
        for unit in plan.units() {
            unit?.read(plan, &mut |chunk| {
                let src = chunk.text.as_str();
                for entry in &chunk.entries {
                    let kept = checker.check(&mut scratch, &chunk, src, entry, "", |read| {
                        let _ = read.record.role(Role::Id).and_then(id_text);
                        let keep = !self.dropped.contains(doc);
                        doc += 1;
                        keep.then(|| one_line(read.record.root.raw()).into_owned())
                    });
                    if let Ok(Some(text)) = kept {
                        written += 1;
                        if let Err(error) = writeln!(out, "{text}") {
                            failed = Some(error);
                            return ControlFlow::Break(());
                        }
                    }
                }
                plan.recycle(chunk);
                ControlFlow::Continue(())
            })?;
        }
        if let Some(error) = failed {
            return Err(named(error).into());
        }
        debug_assert_eq!(doc, self.docs, "the inputs were read as before");
        let file = out.into_inner().map_err(|error| named(error.into_error()))?;
        file.as_file().sync_all().map_err(named)?;
        file.persist(path).map_err(|error| named(error.error))?;
        Ok(written)
    }
}

/// A JSON value on one line: line breaks outside strings become spaces (inside they are escapes).
fn one_line(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        text.replace(['\n', '\r'], " ").into()
    } else {
        text.into()
    }
}
