//! What short lines gave when they were last met: the furniture of a site stands in each of its
//! articles, and need not be folded and searched in each.

use super::PhraseHit;
use crate::record::Span;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128_with_seed};

/// Lines that are remembered, as a power of two. A line has one place, where the last one stays.
const PLACES: usize = 1 << 11;

/// A line, by a hash of 128 bits over it and the language of its record, and its hits.
#[derive(Debug, Default)]
struct Known {
    line: Option<u128>,
    hits: Vec<PhraseHit>,
}

/// The lines of one thread. Few bytes each, so that their number bounds the memory.
#[derive(Debug, Default)]
pub(super) struct Memory {
    places: Vec<Known>,
}

impl Memory {
    /// What tells the lines of records of this language from others.
    pub(super) fn seed(language: &str) -> u64 {
        xxh3_64(language.as_bytes())
    }

    /// The hits of this line in a record of the language of this seed, which `find` looks for where it
    /// is not the line of this place.
    pub(super) fn hits(
        &mut self,
        line: &str,
        seed: u64,
        find: impl FnOnce(&mut Vec<PhraseHit>),
    ) -> &[PhraseHit] {
        if self.places.is_empty() {
            self.places.resize_with(PLACES, Known::default);
        }
        let hash = xxh3_128_with_seed(line.as_bytes(), seed);
        let known = &mut self.places[hash as usize % PLACES];
        if known.line != Some(hash) {
            known.hits.clear();
            find(&mut known.hits);
            known.line = Some(hash);
        }
        &known.hits
    }
}

/// A hit of one line as that of another.
pub(super) fn moved(hit: &PhraseHit, line: usize, span: Span) -> PhraseHit {
    PhraseHit {
        line,
        span,
        ..hit.clone()
    }
}
