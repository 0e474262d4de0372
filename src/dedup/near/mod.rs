//! Near copies and contained texts.
//!
//! Workers [`Signer::sign`] texts from their matching keys; a [`NearIndex`] takes the sketches in any
//! order; [`NearIndex::finish`] gives [`Candidates`], pairs that agree in a band of their signatures or
//! in a passage. A second reading of the candidates' texts fills [`Sets`] with their exact shingles, and
//! [`decide()`] verifies every pair on them before it becomes a [`super::Decision`]. Documents are ordered
//! by the list of preferences and by their content, never by their number.
//!
//! A release keeps the [`Signature`] of every row. Later texts are compared with it alone:
//! [`Signature::sketch`] goes into the index like any other, and [`Sets::add_signed`] takes the place of
//! the set; similarities are then estimates.

mod bands;
mod compare;
mod decide;
mod frequent;
mod index;
mod passages;
mod sets;
mod sign;
mod signature;

pub use bands::Bands;
pub use decide::decide;
pub use index::{Candidates, NearIndex};
pub use sets::{Facts, Sets};
pub use sign::{Signer, Sketch};
pub use signature::Signature;

use crate::text::fineweb_key::fineweb_key;
use crate::text::match_key::match_key;
use crate::text::shingles::Run;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Search {
    /// Verified Jaccard similarity from which a copy is removed.
    pub threshold: f64,
    /// Verified Jaccard similarity from which a pair is reported.
    pub report: f64,
    /// Share of the pairs at the threshold that must be found.
    pub recall: f64,
    /// How texts are read and candidates judged.
    pub profile: Profile,
}

/// How texts are read and candidates judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// As this crate does.
    #[default]
    Verified,
    /// As a published pipeline for web corpora does, to compare with: its normalisation, runs of five
    /// words, 14 bands of 8 hashes; texts that agree in a band are copies, whatever their similarity.
    FineWeb,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            threshold: 0.8,
            report: 0.5,
            recall: 0.97,
            profile: Profile::Verified,
        }
    }
}

/// Words of a shingle.
const WORDS: u8 = 3;
/// Share of a text's shingles that another must hold for it to be contained.
const CONTAINED: f64 = 0.8;
/// Fewer shingles are contained in anything.
const CONTAINED_SIZE: usize = 8;

impl Search {
    /// The shape of its signatures.
    #[must_use]
    pub fn bands(&self) -> Bands {
        match self.profile {
            Profile::Verified => Bands::derive(self.threshold, self.report, self.recall),
            Profile::FineWeb => Bands { bands: 14, rows: 8 },
        }
    }

    /// The search of [`Profile::FineWeb`].
    #[must_use]
    pub fn fineweb() -> Self {
        Self {
            threshold: 0.0,
            report: 0.0,
            profile: Profile::FineWeb,
            ..Self::default()
        }
    }

    /// Writes the key that texts are compared by.
    pub fn key(&self, text: &str, key: &mut Vec<u8>) {
        match self.profile {
            Profile::Verified => match_key(text, key),
            Profile::FineWeb => fineweb_key(text, key),
        }
    }

    const fn run(&self) -> Run {
        Run::of_words(match self.profile {
            Profile::Verified => WORDS,
            Profile::FineWeb => 5,
        })
    }
}

#[cfg(test)]
mod scale_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod variants_tests;
