//! What short lines gave when they were last met: the furniture of a site stands in each of its
//! articles, and need not be folded and searched in each.

use super::PhraseHit;
use crate::record::Span;
use xxhash_rust::xxh3::xxh3_64;

/// Lines that are remembered, as a power of two. A line has one place, where the last one stays.
const PLACES: usize = 1 << 11;

/// A line and its hits.
#[derive(Debug, Default)]
pub(super) struct Known {
    line: String,
    language: String,
    /// Whether the line was met at all.
    met: bool,
    hits: Vec<PhraseHit>,
}

impl Known {
    /// The hits of this line in a record of this language, which `find` looks for where it is not the
    /// line of this place.
    pub(super) fn hits(
        &mut self,
        line: &str,
        language: &str,
        find: impl FnOnce(&mut Vec<PhraseHit>),
    ) -> &[PhraseHit] {
        if !self.met || self.line != line || self.language != language {
            self.hits.clear();
            find(&mut self.hits);
            self.line.clear();
            self.line.push_str(line);
            self.language.clear();
            self.language.push_str(language);
            self.met = true;
        }
        &self.hits
    }
}

/// The lines of one thread. Of a few hundred bytes each, so that their number bounds the memory.
#[derive(Debug, Default)]
pub(super) struct Memory {
    places: Vec<Known>,
}

impl Memory {
    /// The place of a line.
    pub(super) fn place(&mut self, line: &str) -> &mut Known {
        if self.places.is_empty() {
            self.places.resize_with(PLACES, Known::default);
        }
        let place = xxh3_64(line.as_bytes()) as usize % PLACES;
        &mut self.places[place]
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
