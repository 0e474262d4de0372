//! The dedup run: clusters of exact, near and contained copies over any inputs.

use super::against::Against;
use super::check::{Checker, Scratch};
use super::corpus::{Document, KeyMaker, Place, Table, TableReader, micros};
use super::pipeline;
use super::place::id_text;
use super::whole::Whole;
use crate::config::Keep;
use crate::dedup::near::{Candidates, Facts, NearIndex, Profile, Search, Sets, Signer, Sketch, decide};
use crate::dedup::{
    ContentKeys, Decisions, DocSet, Document as Row, ExactIndex, Relation, SAME, SpillError, SpillOptions,
};
use crate::record::Role;
use crate::rules::Record;
use crate::source::{Chunk, Input, Plan, SourceError};
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use xxhash_rust::xxh3::xxh3_64;

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
    /// Similarity to the kept one, 0 to 1; for a contained record, the share of it that the other holds.
    pub score: f64,
    /// The record that the score is about, where that is not the kept one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
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
    of: u64,
    score: u16,
}

/// Settings of a dedup run.
#[derive(Debug)]
pub struct DedupRun<'a> {
    /// Order in which survivors are chosen.
    pub keep: &'a [Keep],
    /// Releases whose rows are compared too, exactly.
    pub against: &'a Against,
    /// How many inputs, the last ones of the plan, are only compared with: their records stay, are never
    /// written, and are named where a record of the others is a copy.
    pub references: usize,
    /// What near copies are; `None`: exact copies only.
    pub near: Option<Search>,
    /// Whether near copies are only reported.
    pub tag: bool,
    /// Threads.
    pub jobs: usize,
    /// Bytes of keys that may stay in memory.
    pub memory: u64,
    /// Where scratch data goes.
    pub scratch: Option<&'a Path>,
    /// Raised to stop early.
    pub stop: &'a AtomicBool,
}

/// What a worker keeps from record to record.
struct Worker {
    scratch: Scratch,
    keys: KeyMaker,
    near: Option<(Search, Signer)>,
    /// A key that is not the matching key.
    key: Vec<u8>,
    set: Vec<u32>,
    /// Whether sets are made at once, because the inputs cannot be read twice.
    once: bool,
}

/// What a record leaves: its keys, its sketch, and its set where that is made at once.
type Left = (Document, Option<Sketch>, Option<(Vec<u32>, Facts)>);

impl Worker {
    fn new(near: Option<Search>, released: bool, once: bool) -> Self {
        Self {
            scratch: Scratch::default(),
            keys: KeyMaker::comparing(released),
            near: near.map(|search| (search, Signer::new(&search))),
            key: Vec::new(),
            set: Vec::new(),
            once,
        }
    }
}

fn facts(record: &Record<'_>) -> Facts {
    Facts {
        date: record.text(Role::Published).and_then(micros),
        source: xxh3_64(record.text(Role::Source).unwrap_or_default().as_bytes()),
    }
}

/// Finds the copies among all records of the inputs, and of the releases that the run is against: what
/// is published stays, whatever `keep` says.
///
/// # Errors
/// [`DedupError`].
pub fn duplicates(checker: &Checker, plan: &Plan, run: &DedupRun<'_>) -> Result<Duplicates, DedupError> {
    let share = |part: u64| SpillOptions {
        memory: usize::try_from(run.memory / part)
            .unwrap_or(usize::MAX)
            .clamp(1 << 20, 256 << 20),
        scratch: run.scratch.map_or_else(std::env::temp_dir, Path::to_path_buf),
    };
    let once = run.near.is_some() && plan.inputs.iter().any(Input::is_stdin);
    let mut index = ExactIndex::new(run.keep, &share(if run.near.is_some() { 8 } else { 4 }));
    let mut near = run.near.map(|search| (search, NearIndex::new(&share(4))));
    let mut sets = Sets::new(&share(8));
    let mut table = Table::new(&share(4).scratch)?;
    // The first document of each unit.
    let mut starts: Vec<u64> = Vec::new();
    let (mut docs, mut records) = (0_u64, 0);
    // Inputs, and their documents, that are not only compared with.
    let own = plan.inputs.len() - run.references;
    let mut own_docs = 0;
    let mut base = (usize::MAX, 0);
    pipeline::ordered(
        run.jobs,
        plan.units().take_while(|_| !run.stop.load(Ordering::Relaxed)),
        || Worker::new(run.near, !run.against.is_empty(), once),
        |worker, unit| {
            let mut outs: Vec<(usize, u64, u64, Vec<Left>)> = Vec::new();
            let result = unit.and_then(|unit| {
                unit.each(plan, run.stop, |chunk| {
                    let documents = sign_chunk(worker, checker, chunk);
                    outs.push((chunk.input, chunk.lines, chunk.records(), documents));
                })
            });
            (outs, result)
        },
        |(outs, result)| {
            starts.push(docs);
            for (input, lines, seen, documents) in outs {
                if base.0 != input {
                    base = (input, 0);
                }
                let published = input >= own;
                records += if published { 0 } else { seen };
                for (document, sketch, set) in documents {
                    table.push(input as u32, base.1 + document.line + 1, document.id.as_deref())?;
                    let row = document.keys.and_then(|keys| {
                        let document = Row {
                            doc: docs,
                            keys,
                            published,
                            date: document.date,
                            chars: document.chars,
                            identity: document.identity,
                        };
                        ExactIndex::row(run.keep, &document)
                    });
                    if let Some(row) = row {
                        index.extend(&[row])?;
                        if let (Some((_, near)), Some(sketch)) = (&mut near, sketch) {
                            let doc = u32::try_from(docs)
                                .ok()
                                .filter(|doc| *doc < u32::MAX)
                                .ok_or_else(|| io::Error::other("more records than 4,294,967,294"))?;
                            near.add(doc, &row, &sketch)?;
                            if let Some((set, facts)) = set {
                                sets.add(doc, &set, facts)?;
                            }
                        }
                    }
                    docs += 1;
                    own_docs += u64::from(!published);
                }
                base.1 += lines;
            }
            result.map_err(DedupError::from)
        },
    )?;
    if run.stop.load(Ordering::Relaxed) {
        return Err(DedupError::Interrupted);
    }
    run.against.each(docs, |row| -> Result<(), DedupError> {
        table.push((plan.inputs.len() + row.shard) as u32, row.row, Some(row.id))?;
        Ok(index.push(&row.document)?)
    })?;
    let mut decisions = index.finish(&DocSet::default())?;
    let mut dropped = decisions.dropped()?;
    if let Some((search, near)) = near {
        let candidates = near.finish(&decisions.copies()?)?;
        if !once {
            read_again(checker, plan, run, &starts, &candidates, &mut sets)?;
        }
        sets.finish()?;
        let exact = decisions;
        decisions = decide(&candidates, &sets, &search, &exact)?;
        dropped = (if run.tag { &exact } else { &decisions }).dropped()?;
    }
    let inputs = plan.inputs.iter().map(|input| Arc::from(input.shown.as_str()));
    let paths = inputs.chain(run.against.shown());
    Ok(Duplicates {
        copies: members(&decisions, own_docs)?,
        dropped,
        table: table.finish()?,
        paths: paths.collect(),
        docs: own_docs,
        records,
    })
}

fn sign_chunk(worker: &mut Worker, checker: &Checker, chunk: &Chunk) -> Vec<Left> {
    let Worker {
        scratch,
        keys,
        near,
        key,
        set,
        once,
    } = worker;
    let src = chunk.text.as_str();
    let mut documents = Vec::with_capacity(chunk.entries.len());
    for entry in &chunk.entries {
        let document = checker.check(scratch, chunk, src, entry, "", |read| {
            let mut document = keys.document(&read.record, entry, Vec::new());
            let long = document.keys.is_some_and(|keys| keys.folded.is_some());
            let near = near.as_mut().filter(|_| long);
            let (mut sketch, mut made) = (None, None);
            if let Some((search, signer)) = near {
                let key = if search.profile == Profile::FineWeb {
                    // That pipeline knows no equality but that of bytes.
                    document.keys = document.keys.map(|keys| ContentKeys {
                        folded: Some(keys.raw),
                        ..keys
                    });
                    search.key(read.record.text(Role::Text).unwrap_or_default(), key);
                    key.as_slice()
                } else {
                    keys.key()
                };
                sketch = Some(signer.sign(key));
                if *once {
                    signer.set(key, set);
                    made = Some((set.clone(), facts(&read.record)));
                }
            }
            (document, sketch, made)
        });
        documents.extend(document.ok());
    }
    documents
}

/// Reads the candidates' texts again, for their exact shingles.
fn read_again(
    checker: &Checker,
    plan: &Plan,
    run: &DedupRun<'_>,
    starts: &[u64],
    candidates: &Candidates,
    sets: &mut Sets,
) -> Result<(), DedupError> {
    let units = plan.units().zip(starts.iter().copied());
    pipeline::ordered(
        run.jobs,
        units.take_while(|_| !run.stop.load(Ordering::Relaxed)),
        || (Worker::new(run.near, false, false), Vec::new()),
        |(worker, key), (unit, start)| {
            let mut outs = Vec::new();
            let mut doc = start;
            let result = unit.and_then(|unit| {
                unit.each(plan, run.stop, |chunk| {
                    let src = chunk.text.as_str();
                    for entry in &chunk.entries {
                        let set = checker.check(&mut worker.scratch, chunk, src, entry, "", |read| {
                            let wanted = candidates.wanted.contains(doc);
                            doc += 1;
                            let text = read.record.text(Role::Text).filter(|_| wanted)?;
                            let (search, signer) = worker.near.as_mut()?;
                            search.key(text, key);
                            signer.set(key, &mut worker.set);
                            Some(((doc - 1) as u32, worker.set.clone(), facts(&read.record)))
                        });
                        outs.extend(set.ok().flatten());
                    }
                })
            });
            (outs, result)
        },
        |(outs, result)| {
            for (doc, set, facts) in outs {
                sets.add(doc, &set, facts)?;
            }
            result.map_err(DedupError::from)
        },
    )?;
    if run.stop.load(Ordering::Relaxed) {
        return Err(DedupError::Interrupted);
    }
    Ok(())
}

/// The members of the clusters, in the order of the first record of each; the survivor first.
fn members(decisions: &Decisions, docs: u64) -> Result<Vec<Member>, SpillError> {
    let mut copies = Vec::new();
    for decision in decisions.read()? {
        let decision = decision?;
        copies.push(Member {
            doc: decision.doc,
            kept: decision.kept,
            relation: decision.relation,
            kind: decision.kind.as_str(),
            of: decision.of,
            score: decision.score,
        });
    }
    // Of what is published, only what a new record is a copy of, and what hangs on a new record.
    let copied: HashSet<u64> = copies
        .iter()
        .filter(|member| member.doc < docs)
        .map(|member| member.kept)
        .collect();
    copies.retain(|member| member.doc < docs || member.kept < docs || copied.contains(&member.doc));
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
    Ok(copies)
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
                score: f64::from(member.score) / f64::from(SAME),
                of: (member.of != member.kept)
                    .then(|| self.table.get(member.of).map(|place| self.name(&place)))
                    .transpose()?,
            })?;
        }
        Ok(())
    }

    /// Hands on what is similar but not the same: the document, the one it is like, how, and how much in
    /// ten-thousandths.
    pub(crate) fn similar(&self) -> impl Iterator<Item = (u64, u64, Relation, u16)> {
        let like = |member: &&Member| matches!(member.relation, Relation::Near | Relation::Contained);
        self.copies
            .iter()
            .filter(like)
            .map(|member| (member.doc, member.of, member.relation, member.score))
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
        let mut out = Whole::create(path)?;
        let (mut doc, mut written) = (0, 0);
        let mut failed = None;
        let mut scratch = Scratch::default();
        for unit in plan.units() {
            unit?.read(plan, &mut |chunk| {
                let src = chunk.text.as_str();
                for entry in &chunk.entries {
                    if doc == self.docs {
                        // Only compared with.
                        return ControlFlow::Break(());
                    }
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
            return Err(error.into());
        }
        debug_assert_eq!(doc, self.docs, "the inputs were read as before");
        out.commit()?;
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
