//! The near stage of a release: accepted texts that are nearly, or in part, the text of another.

use super::docs::Docs;
use super::scan::spill;
use super::texts::Records;
use super::{ReleaseError, ReleaseRun};
use crate::dedup::cluster::Row;
use crate::dedup::near::{Candidates, Facts, NearIndex, Search, Sets, Signer, Sketch, decide};
use crate::dedup::{Decision, Decisions, DocSet, Relation, SAME};
use crate::engine::corpus::micros;
use crate::engine::store::Store;
use crate::record::{Role, Tree, Value};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use xxhash_rust::xxh3::xxh3_64;

/// Texts read again at once.
const BATCH: usize = 1024;

/// Sketches of accepted texts, as they come.
pub(super) struct Near {
    search: Search,
    index: NearIndex,
}

/// How a document that is released is like another that is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Linked {
    /// The first of the cluster.
    pub(super) root: u32,
    /// The document that it was compared with.
    pub(super) of: u32,
    pub(super) decision: Decision,
}

/// Documents that stay beside one that they are like.
pub(super) type Links = HashMap<u32, Linked>;

impl Near {
    pub(super) fn new(run: &ReleaseRun<'_>) -> Option<Self> {
        let search = run.near?;
        Some(Self {
            search,
            index: NearIndex::new(&spill(run)),
        })
    }

    /// Takes a document with the row it has in the index of exact copies.
    pub(super) fn add(&mut self, doc: u32, row: &Row, sketch: &Sketch) -> Result<(), ReleaseError> {
        Ok(self.index.add(doc, row, sketch)?)
    }

    /// Verifies what was found on the exact shingles of the texts, read again, and adds it to the decisions on
    /// exact copies. `without`: documents that are left out already.
    pub(super) fn finish(
        self,
        run: &ReleaseRun<'_>,
        docs: &Docs,
        store: &Store,
        exact: &Decisions,
        without: &DocSet,
    ) -> Result<Decisions, ReleaseError> {
        let mut left_out = exact.copies()?;
        left_out.extend(without);
        let candidates = self.index.finish(&left_out)?;
        let mut sets = Sets::new(&spill(run));
        read_again(run, &self.search, docs, store, &candidates, &mut sets)?;
        sets.finish()?;
        Ok(decide(&candidates, &sets, &self.search, exact)?)
    }
}

fn read_again(
    run: &ReleaseRun<'_>,
    search: &Search,
    docs: &Docs,
    store: &Store,
    candidates: &Candidates,
    sets: &mut Sets,
) -> Result<(), ReleaseError> {
    let records = Records::new(run, docs, store);
    let wanted: Vec<u32> = (0..docs.len() as u32)
        .filter(|doc| candidates.wanted.contains(u64::from(*doc)))
        .collect();
    for batch in wanted.chunks(BATCH) {
        if run.stop.load(Ordering::Relaxed) {
            return Err(ReleaseError::Interrupted);
        }
        let made: Vec<(Vec<u32>, Facts)> = batch
            .par_iter()
            .map_init(
                || (Signer::new(search), Vec::new(), Vec::new(), Tree::new()),
                |(signer, bytes, key, tree), doc| {
                    let root = records.read(*doc, bytes, tree)?;
                    let fields = &run.checker.fields;
                    let roles = fields.roles(root);
                    let text = |role: Role| roles[role as usize].and_then(Value::as_str);
                    search.key(text(Role::Text).unwrap_or_default(), key);
                    let mut set = Vec::new();
                    signer.set(key, &mut set);
                    let facts = Facts {
                        date: text(Role::Published).and_then(micros),
                        source: xxh3_64(text(Role::Source).unwrap_or_default().as_bytes()),
                    };
                    Ok((set, facts))
                },
            )
            .collect::<Result<_, std::io::Error>>()?;
        for (doc, (set, facts)) in batch.iter().zip(made) {
            sets.add(*doc, &set, facts)?;
        }
    }
    Ok(())
}

/// A score as the audit has it.
pub(super) fn score(decision: &Decision) -> f64 {
    f64::from(decision.score) / f64::from(SAME)
}

/// Whether a decision says that a document which stays is like another.
pub(super) fn links(decision: &Decision) -> bool {
    matches!(decision.relation, Relation::Near | Relation::Contained)
}
