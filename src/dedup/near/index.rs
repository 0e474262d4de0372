//! Sketches of a corpus, and the pairs among them that are worth comparing.

use super::{Search, Sketch};
use crate::dedup::DocSet;
use crate::dedup::cluster::Row;
use crate::dedup::spill::{Merge, Sorted, Spill, SpillError, SpillOptions};
use std::sync::{Mutex, PoisonError};

/// Hash and document of a band.
const BAND: usize = 10;
/// Hash, size and document of a passage.
const PASSAGE: usize = 10;
/// Preference and document.
const ORDER: usize = 36;
/// Documents that share a passage beyond which it is a formula of their trade.
const FORMULA: usize = 256;
/// Documents that share a band from which they are a crowd.
const CROWD: usize = 3;
/// Pairs handed over at once.
const BATCH: usize = 4096;

/// Collects sketches: about 460 bytes a document of 500 words, on disk beyond the budget.
#[derive(Debug)]
pub struct NearIndex {
    bands: Spill<BAND>,
    passages: Spill<PASSAGE>,
    order: Spill<ORDER>,
    options: SpillOptions,
    docs: u32,
}

/// Pairs of documents that may be copies, by their rank of preference.
#[derive(Debug)]
pub struct Candidates {
    /// Pairs of ranks, the less preferred first, sorted; a pair may stand several times.
    pub(super) pairs: Sorted<8>,
    /// Document of each rank.
    pub(super) docs: Vec<u32>,
    /// How many of the first ranks are published.
    pub(super) published: u32,
    /// Documents of some pair: their texts are read again.
    pub wanted: DocSet,
    /// Documents that share a band with several others.
    pub(super) crowd: DocSet,
    pub(super) options: SpillOptions,
}

fn short<const N: usize>(row: &[u8; N], at: usize) -> u32 {
    u32::from_be_bytes(std::array::from_fn(|n| row[at + n]))
}

impl NearIndex {
    /// An empty index.
    #[must_use]
    pub fn new(options: &SpillOptions) -> Self {
        let share = |part| SpillOptions {
            memory: options.memory / part,
            ..options.clone()
        };
        Self {
            bands: Spill::new(&share(2)),
            passages: Spill::new(&share(6)),
            order: Spill::new(&share(6)),
            options: share(4),
            docs: 0,
        }
    }

    /// Bytes of a document of `words` words in the index, on disk at most.
    #[must_use]
    pub fn bytes(search: &Search, words: u64) -> u64 {
        let bands = u64::from(search.bands().bands) * BAND as u64;
        // A window gives two choices at most when it is left behind; the beginnings give five.
        bands + (words / 64 + 5) * PASSAGE as u64 + ORDER as u64
    }

    /// Adds a document: its number, its row of preference
    /// ([`ExactIndex::row`](crate::dedup::ExactIndex::row)), its sketch.
    ///
    /// # Errors
    /// The scratch file cannot be made or written.
    pub fn add(&mut self, doc: u32, row: &Row, sketch: &Sketch) -> Result<(), SpillError> {
        self.docs = self.docs.max(doc + 1);
        let number = doc.to_be_bytes();
        let mut order = [0; ORDER];
        // Publication, the list of preferences, content, then id.
        order[..32].copy_from_slice(&row[16..48]);
        order[32..].copy_from_slice(&number);
        self.order.push(order)?;
        for band in sketch.bands() {
            let mut row = [0; BAND];
            row[..6].copy_from_slice(&band.to_be_bytes()[2..]);
            row[6..].copy_from_slice(&number);
            self.bands.push(row)?;
        }
        // Largest first: an eighth of a doubling is a step.
        let size = u8::MAX - (f64::from(sketch.size.max(1)).log2() * 8.0) as u8;
        for passage in sketch.passages() {
            let mut row = [0; PASSAGE];
            row[..5].copy_from_slice(&passage.to_be_bytes()[3..]);
            row[5] = size;
            row[6..].copy_from_slice(&number);
            self.passages.push(row)?;
        }
        Ok(())
    }

    /// The pairs worth comparing, without the documents of `without` (exact copies, superseded ones).
    ///
    /// # Errors
    /// The scratch file cannot be written or read.
    pub fn finish(self, without: &DocSet) -> Result<Candidates, SpillError> {
        let order = self.order.finish()?;
        let mut ranks = vec![u32::MAX; self.docs as usize];
        let mut docs = Vec::new();
        let mut published = 0;
        for row in order.read()? {
            let row = row?;
            let doc = short(&row, 32);
            if !without.contains(u64::from(doc)) {
                ranks[doc as usize] = docs.len() as u32;
                docs.push(doc);
                published += u32::from(row[0] == 0);
            }
        }
        drop(order);
        let found = Mutex::new(Found {
            pairs: Spill::new(&self.options),
            crowd: DocSet::default(),
        });
        let bands = self.bands.finish()?;
        bands.par_ranges(|rows| groups::<BAND, 6>(rows, &ranks, usize::MAX, &found))?;
        drop(bands);
        let passages = self.passages.finish()?;
        passages.par_ranges(|rows| groups::<PASSAGE, 5>(rows, &ranks, FORMULA, &found))?;
        drop((passages, ranks));
        let Found { pairs, crowd: ranks } = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        let pairs = pairs.finish()?;
        let mut crowd = DocSet::default();
        for (rank, doc) in (0..).zip(&docs) {
            if ranks.contains(rank) {
                crowd.insert(u64::from(*doc));
            }
        }
        let mut wanted = DocSet::default();
        for pair in pairs.read()? {
            let pair = pair?;
            for at in [0, 4] {
                wanted.insert(u64::from(docs[short(&pair, at) as usize]));
            }
        }
        Ok(Candidates {
            pairs,
            docs,
            published,
            wanted,
            crowd,
            options: self.options,
        })
    }
}

/// What the groups give.
struct Found {
    pairs: Spill<8>,
    /// Ranks.
    crowd: DocSet,
}

/// Walks rows whose first `KEY` bytes are a hash; the members of a group are paired.
fn groups<const N: usize, const KEY: usize>(
    rows: Merge<'_, N>,
    ranks: &[u32],
    most: usize,
    found: &Mutex<Found>,
) -> Result<(), SpillError> {
    let mut batch = Vec::new();
    let mut crowd = Vec::new();
    let mut key = [0; KEY];
    // Size class (nothing for bands) and rank.
    let mut members: Vec<(u8, u32)> = Vec::new();
    for row in rows {
        let row = row?;
        if row[..KEY] != key {
            if KEY == 6 && members.len() >= CROWD {
                crowd.extend(members.iter().map(|(_, rank)| *rank));
            }
            pair(&mut members, most, &mut batch);
            key.copy_from_slice(&row[..KEY]);
        }
        let rank = ranks[short(&row, 6) as usize];
        if rank != u32::MAX {
            members.push((if KEY == 5 { row[5] } else { 0 }, rank));
        }
        if batch.len() >= BATCH {
            hand_over(&mut batch, &mut crowd, found)?;
        }
    }
    if KEY == 6 && members.len() >= CROWD {
        crowd.extend(members.iter().map(|(_, rank)| *rank));
    }
    pair(&mut members, most, &mut batch);
    hand_over(&mut batch, &mut crowd, found)
}

/// Pairs each member with the first and with the one before it: as many pairs as members, not as many
/// as pairs of members.
fn pair(members: &mut Vec<(u8, u32)>, most: usize, batch: &mut Vec<[u8; 8]>) {
    if members.len() > 1 && members.len() <= most {
        members.sort_unstable();
        members.dedup();
        for n in 1..members.len() {
            let one = members[n].1;
            for other in [members[0].1, members[n - 1].1] {
                let (low, high) = (one.min(other), one.max(other));
                batch.push((u64::from(high) << 32 | u64::from(low)).to_be_bytes());
                if n == 1 {
                    break;
                }
            }
        }
    }
    members.clear();
}

fn hand_over(batch: &mut Vec<[u8; 8]>, crowd: &mut Vec<u32>, found: &Mutex<Found>) -> Result<(), SpillError> {
    batch.sort_unstable();
    batch.dedup();
    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
    for rank in crowd.drain(..) {
        found.crowd.insert(u64::from(rank));
    }
    let result = found.pairs.extend(batch);
    batch.clear();
    result
}
