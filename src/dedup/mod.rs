//! Duplicates: keys of texts, the spill that groups them, and which copy survives.
//!
//! The flow, whatever the size of the corpus: workers turn documents into fixed-width rows
//! ([`cluster::ExactIndex::row`], [`ids::IdIndex::row`]) in parallel and in any order; the rows go
//! into a [`spill::Spill`], which sorts them on disk once they exceed their share of memory; groups
//! of equal keys are reduced to [`Decision`]s, which are read back in document order. A document
//! is known by the number the caller gave it; numbers decide nothing but which of several records
//! that are identical in every byte is called the first.

pub mod cluster;
pub mod contamination;
pub mod ids;
pub mod keys;
pub mod near;
pub mod spill;

pub use cluster::{Document, ExactIndex};
pub use ids::{IdGroup, IdIndex};
pub use keys::{ContentKeys, Identity};
pub use spill::{SpillError, SpillOptions};

use spill::{Merge, Sorted};

/// How a record relates to the one that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// It is the kept one.
    Kept,
    /// Same text, as it is or after folding; or same id.
    Exact,
    /// Verified similarity above the threshold.
    Near,
    /// It lies inside the kept one.
    Contained,
}

impl Relation {
    /// The word of `corpus dedup -f json-lines`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Exact => "exact",
            Self::Near => "near",
            Self::Contained => "contained",
        }
    }
}

/// What a record is to the one that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The same text.
    Copy,
    /// A later text about the same.
    Update,
    /// A later text with few changes.
    Correction,
    /// A part.
    Excerpt,
    /// Same id, other text: `same-id` chose the other record.
    Superseded,
}

impl Kind {
    /// The word of `corpus dedup -f json-lines`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Update => "update",
            Self::Correction => "correction",
            Self::Excerpt => "excerpt",
            Self::Superseded => "superseded",
        }
    }
}

/// The fate of one document that has a copy. Survivors have one too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decision {
    /// The document.
    pub doc: u64,
    /// The survivor of its cluster; itself for the survivor.
    pub kept: u64,
    /// How it relates to the survivor.
    pub relation: Relation,
    /// What it is to the survivor; [`Kind::Copy`] for the survivor itself.
    pub kind: Kind,
    /// Whether the two texts are equal byte for byte.
    pub identical: bool,
    /// Whether the document was published before, so that it stays all the same: linked rows of
    /// a release are reported, not removed.
    pub stays: bool,
    /// Documents of the cluster, for the survivor; 0 for the others.
    pub size: u32,
    /// The document that it was compared with: the survivor, or one that hangs on it in its turn.
    pub of: u64,
    /// Similarity to that document in ten-thousandths; for a contained one, the share of it that
    /// the other holds.
    pub score: u16,
}

impl Decision {
    /// Whether a release leaves the document out.
    #[must_use]
    pub fn drops(&self) -> bool {
        self.relation != Relation::Kept && !self.stays
    }

    const KINDS: [Kind; 5] = [
        Kind::Copy,
        Kind::Update,
        Kind::Correction,
        Kind::Excerpt,
        Kind::Superseded,
    ];
    const RELATIONS: [Relation; 4] = [
        Relation::Kept,
        Relation::Exact,
        Relation::Near,
        Relation::Contained,
    ];

    fn to_row(self) -> DecisionRow {
        let mut row = [0; DECISION];
        row[..8].copy_from_slice(&self.doc.to_be_bytes());
        row[8..16].copy_from_slice(&self.kept.to_be_bytes());
        row[16..24].copy_from_slice(&self.of.to_be_bytes());
        row[24..28].copy_from_slice(&self.size.to_be_bytes());
        row[28..30].copy_from_slice(&self.score.to_be_bytes());
        row[30] = self.relation as u8;
        row[31] = self.kind as u8;
        row[32] = u8::from(self.identical) | u8::from(self.stays) << 1;
        row
    }

    fn from_row(row: &DecisionRow) -> Self {
        Self {
            doc: spill::be_u64(row, 0),
            kept: spill::be_u64(row, 8),
            of: spill::be_u64(row, 16),
            size: u32::from_be_bytes([row[24], row[25], row[26], row[27]]),
            score: u16::from_be_bytes([row[28], row[29]]),
            relation: Self::RELATIONS[usize::from(row[30]) % 4],
            kind: Self::KINDS[usize::from(row[31]) % 5],
            identical: row[32] & 1 != 0,
            stays: row[32] & 2 != 0,
        }
    }
}

/// Bytes of a decision.
const DECISION: usize = 33;
type DecisionRow = [u8; DECISION];

/// The score of texts that are the same.
pub const SAME: u16 = 10_000;

/// Decisions in document order, in memory or on disk.
#[derive(Debug)]
pub struct Decisions {
    sorted: Sorted<DECISION>,
}

impl Decisions {
    /// Number of decisions, survivors included.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.sorted.len()
    }

    /// Whether no document has a copy.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads them in document order. Any number of times, each from the beginning.
    ///
    /// # Errors
    /// Reading the scratch file.
    pub fn read(&self) -> Result<DecisionIter<'_>, SpillError> {
        Ok(DecisionIter {
            rows: self.sorted.read()?,
        })
    }

    /// The documents that a release leaves out.
    ///
    /// # Errors
    /// Reading the scratch file.
    pub fn dropped(&self) -> Result<DocSet, SpillError> {
        let mut set = DocSet::default();
        for decision in self.read()? {
            let decision = decision?;
            if decision.drops() {
                set.insert(decision.doc);
            }
        }
        Ok(set)
    }
}

impl Decisions {
    /// Documents that have the text of another: only one of each is compared with the rest.
    ///
    /// # Errors
    /// Reading the scratch file.
    pub fn copies(&self) -> Result<DocSet, SpillError> {
        let mut set = DocSet::default();
        for decision in self.read()? {
            let decision = decision?;
            if decision.relation != Relation::Kept {
                set.insert(decision.doc);
            }
        }
        Ok(set)
    }
}

/// Decisions one by one.
#[derive(Debug)]
pub struct DecisionIter<'a> {
    rows: Merge<'a, DECISION>,
}

impl Iterator for DecisionIter<'_> {
    type Item = Result<Decision, SpillError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        Some(row.map(|row| Decision::from_row(&row)))
    }
}

/// A set of document numbers: one bit for each number up to the largest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocSet {
    words: Vec<u64>,
}

impl DocSet {
    /// Adds a document.
    pub fn insert(&mut self, doc: u64) {
        let word = (doc / 64) as usize;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (doc % 64);
    }

    /// Adds the documents of another set.
    pub fn extend(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
    }

    /// Whether the document is in the set.
    #[must_use]
    pub fn contains(&self, doc: u64) -> bool {
        self.words
            .get((doc / 64) as usize)
            .is_some_and(|word| word & 1 << (doc % 64) != 0)
    }

    /// How many documents are in the set.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_survives_its_row() {
        let decision = Decision {
            doc: 1 << 40,
            kept: 7,
            relation: Relation::Contained,
            kind: Kind::Superseded,
            identical: true,
            stays: true,
            size: 70_000,
            of: 1 << 41,
            score: 9_321,
        };
        assert_eq!(Decision::from_row(&decision.to_row()), decision);
        assert!(!decision.drops());
        assert!(
            Decision {
                stays: false,
                ..decision
            }
            .drops()
        );
    }

    #[test]
    fn doc_set() {
        let mut set = DocSet::default();
        assert!(set.is_empty() && !set.contains(500));
        set.insert(500);
        set.insert(0);
        set.insert(500);
        assert!(set.contains(500) && set.contains(0) && !set.contains(499));
        assert_eq!(set.len(), 2);
        let mut other = DocSet::default();
        other.insert(3);
        other.extend(&set);
        assert!(other.contains(3) && other.contains(500) && other.len() == 3);
    }
}
