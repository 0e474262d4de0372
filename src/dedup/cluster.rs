//! Exact copies: clusters of texts with one matching key, and which of them survives.

use super::keys::{ContentKeys, Identity, first};
use super::spill::{Merge, Sorted, Spill, SpillError, SpillOptions, be_u64};
use super::{DECISION, Decision, DecisionRow, Decisions, DocSet, Kind, Relation, SAME};
use crate::config::Keep;
use std::sync::{Mutex, PoisonError};

/// What deciding between copies needs to know of a document.
#[derive(Debug, Clone, Copy)]
pub struct Document {
    /// Its number, unique in the run.
    pub doc: u64,
    /// Keys of its text.
    pub keys: ContentKeys,
    /// Whether it is already in a release.
    pub published: bool,
    /// Publication time in microseconds since 1970, UTC; `None` when the record has no usable one.
    pub date: Option<i64>,
    /// Length of the text in code points.
    pub chars: u64,
    /// Identity of the record.
    pub identity: Identity,
}

/// Bytes of a row.
pub const ROW: usize = 64;

// Layout of a row. Rows of one key stand in the order of preference, so that the first is the
// survivor: key 0..16, published 16, the fields of the keep list 17..32 (see `rank`), raw key
// 32..40, identity 40..56, document 56..64.
const KEY: usize = 16;
const RANK: usize = 17;
const RAW: usize = 32;
const IDENTITY: usize = 40;
const DOC: usize = 56;

/// A document as a row of the index.
pub type Row = [u8; ROW];

/// Collects documents and finds exact copies: 64 bytes a document in memory up to the budget,
/// then on disk.
#[derive(Debug)]
pub struct ExactIndex {
    spill: Spill<ROW>,
    keep: Vec<Keep>,
    options: SpillOptions,
}

impl ExactIndex {
    /// An empty index; `keep` is the order in which survivors are chosen.
    #[must_use]
    pub fn new(keep: &[Keep], options: &SpillOptions) -> Self {
        Self {
            spill: Spill::new(options),
            keep: keep.to_vec(),
            options: options.clone(),
        }
    }

    /// The row of a document; `None` when its text is too short to have copies. Pure: workers call
    /// it in parallel and hand the rows over in any order.
    #[must_use]
    pub fn row(keep: &[Keep], document: &Document) -> Option<Row> {
        let key = document.keys.folded?;
        let mut row = [0; ROW];
        row[..KEY].copy_from_slice(&first::<KEY>(&key));
        row[KEY] = u8::from(!document.published);
        rank(keep, document, &mut row[RANK..RAW]);
        row[RAW..IDENTITY].copy_from_slice(&first::<8>(&document.keys.raw));
        row[IDENTITY..IDENTITY + 8].copy_from_slice(&document.identity.id.to_be_bytes());
        row[IDENTITY + 8..DOC].copy_from_slice(&document.identity.record.to_be_bytes());
        row[DOC..].copy_from_slice(&document.doc.to_be_bytes());
        Some(row)
    }

    /// The order in which survivors are chosen, for [`ExactIndex::row`].
    #[must_use]
    pub fn keep(&self) -> &[Keep] {
        &self.keep
    }

    /// Adds rows.
    ///
    /// # Errors
    /// The scratch file cannot be made or written.
    pub fn extend(&mut self, rows: &[Row]) -> Result<(), SpillError> {
        self.spill.extend(rows)
    }

    /// Adds a document.
    ///
    /// # Errors
    /// The scratch file cannot be made or written.
    pub fn push(&mut self, document: &Document) -> Result<(), SpillError> {
        Self::row(&self.keep, document).map_or(Ok(()), |row| self.spill.push(row))
    }

    /// Forms the clusters, in parallel, leaving out the documents of `without` (those that another
    /// decision removed: a superseded record must not be the survivor of a copy).
    ///
    /// # Errors
    /// The scratch file cannot be written or read.
    pub fn finish(self, without: &DocSet) -> Result<Decisions, SpillError> {
        let sorted = self.spill.finish()?;
        // Read while decisions are written: they get a quarter of the budget.
        let budget = SpillOptions {
            memory: self.options.memory / 4,
            ..self.options
        };
        let out = Mutex::new(Spill::new(&budget));
        decide(&sorted, without, &out)?;
        drop(sorted);
        let sorted = out
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .finish()?;
        Ok(Decisions { sorted })
    }
}

/// Writes the fields of the keep list so that the preferred document sorts first. A missing date
/// comes last, whichever way dates count. `published` is always first and stands before this.
fn rank(keep: &[Keep], document: &Document, out: &mut [u8]) {
    let mut at = 0;
    let (mut dated, mut measured) = (false, false);
    for rule in keep {
        match rule {
            // Among equal dates neither direction decides anything: the first named counts.
            Keep::Earliest | Keep::Latest if !dated => {
                dated = true;
                out[at..at + 8].copy_from_slice(&date_key(document.date, *rule == Keep::Latest));
                at += 8;
            }
            Keep::Longest if !measured => {
                measured = true;
                let chars = u32::try_from(document.chars).unwrap_or(u32::MAX);
                out[at..at + 4].copy_from_slice(&(!chars).to_be_bytes());
                at += 4;
            }
            _ => {}
        }
    }
}

/// A date as bytes that sort from the preferred to the least: earliest first, or latest first; no
/// date last.
pub(crate) fn date_key(date: Option<i64>, latest: bool) -> [u8; 8] {
    date.map_or([u8::MAX; 8], |date| {
        let ascending = date.cast_unsigned() ^ (1 << 63);
        let key = if latest { !ascending } else { ascending };
        key.min(u64::MAX - 1).to_be_bytes()
    })
}

/// Decisions handed over at once.
const BATCH: usize = 4096;

fn decide(sorted: &Sorted<ROW>, without: &DocSet, out: &Mutex<Spill<DECISION>>) -> Result<(), SpillError> {
    sorted.par_ranges(|rows| -> Result<(), SpillError> {
        let mut batch = Vec::new();
        let hand_over = |batch: &mut Vec<DecisionRow>| {
            let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
            let result = out.extend(batch);
            batch.clear();
            result
        };
        clusters(rows, without, |decision| {
            batch.push(decision.to_row());
            if batch.len() < BATCH {
                Ok(())
            } else {
                hand_over(&mut batch)
            }
        })?;
        hand_over(&mut batch)
    })?;
    Ok(())
}

/// Walks rows in order: the first of each key survives. A survivor is reported after its copies,
/// when their number is known.
fn clusters(
    rows: Merge<'_, ROW>,
    without: &DocSet,
    mut emit: impl FnMut(Decision) -> Result<(), SpillError>,
) -> Result<(), SpillError> {
    let mut survivor: Option<(Row, u32)> = None;
    for row in rows {
        let row = row?;
        if without.contains(be_u64(&row, DOC)) {
            continue;
        }
        match &mut survivor {
            Some((kept, size)) if kept[..KEY] == row[..KEY] => {
                *size = size.saturating_add(1);
                emit(Decision {
                    doc: be_u64(&row, DOC),
                    kept: be_u64(kept, DOC),
                    of: be_u64(kept, DOC),
                    score: SAME,
                    relation: Relation::Exact,
                    kind: Kind::Copy,
                    identical: kept[RAW..IDENTITY] == row[RAW..IDENTITY],
                    stays: row[KEY] == 0,
                    size: 0,
                })?;
            }
            _ => {
                end_of_cluster(survivor.replace((row, 1)), &mut emit)?;
            }
        }
    }
    end_of_cluster(survivor, &mut emit)
}

fn end_of_cluster(
    survivor: Option<(Row, u32)>,
    emit: &mut impl FnMut(Decision) -> Result<(), SpillError>,
) -> Result<(), SpillError> {
    let Some((row, size)) = survivor.filter(|(_, size)| *size > 1) else {
        return Ok(());
    };
    let doc = be_u64(&row, DOC);
    emit(Decision {
        doc,
        kept: doc,
        of: doc,
        score: SAME,
        relation: Relation::Kept,
        kind: Kind::Copy,
        identical: true,
        stays: row[KEY] == 0,
        size,
    })
}

#[cfg(test)]
#[path = "cluster_tests.rs"]
mod tests;
