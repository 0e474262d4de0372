//! A sample of records: the ones whose bytes hash lowest.
//!
//! The choice depends on what the records are and on nothing else, so it is the same every time,
//! for any order of files and any number of threads. It costs one more reading of the inputs.

use super::lint::LintError;
use super::pipeline;
use crate::source::Plan;
use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicBool, Ordering};
use xxhash_rust::xxh3::xxh3_64;

/// Where a record stands in its plan: input, chunk, entry.
type Place = (usize, u64, usize);

/// The records that a run checks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// Ascending.
    places: Vec<Place>,
    /// Records that could have been chosen.
    total: u64,
}

impl Sample {
    /// Chooses `size` records of a plan, or all where there are no more.
    ///
    /// # Errors
    /// Those of reading the inputs.
    pub fn choose(plan: &Plan, jobs: usize, size: usize, stop: &AtomicBool) -> Result<Self, LintError> {
        // The largest hash is on top, to be displaced by a smaller one. The place is there for
        // records that are the same.
        let mut chosen: BinaryHeap<(u64, Place)> = BinaryHeap::new();
        let mut total = 0;
        pipeline::ordered(
            jobs,
            plan.units().take_while(|_| !stop.load(Ordering::Relaxed)),
            || (),
            |(), unit| {
                let mut hashes = Vec::new();
                let result = unit.and_then(|unit| {
                    unit.each(plan, stop, |chunk| {
                        let text = chunk.text.as_bytes();
                        hashes.extend(chunk.entries.iter().enumerate().map(|(index, entry)| {
                            let place = (chunk.input, chunk.number, index);
                            (xxh3_64(&text[entry.span.range()]), place)
                        }));
                    })
                });
                (hashes, result)
            },
            |(hashes, result)| {
                total += hashes.len() as u64;
                for candidate in hashes {
                    if chosen.len() < size {
                        chosen.push(candidate);
                    } else if let Some(mut largest) = chosen.peek_mut()
                        && candidate < *largest
                    {
                        *largest = candidate;
                    }
                }
                result.map_err(LintError::from)
            },
        )?;
        let mut places: Vec<Place> = chosen.into_iter().map(|(_, place)| place).collect();
        places.sort_unstable();
        Ok(Self { places, total })
    }

    /// How many records there were to choose from.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// How many were chosen.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there was nothing to choose from.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The chosen entries of a chunk, ascending.
    pub(crate) fn entries(&self, input: usize, chunk: u64) -> impl Iterator<Item = usize> {
        let first = self.places.partition_point(|place| *place < (input, chunk, 0));
        self.places[first..]
            .iter()
            .take_while(move |place| (place.0, place.1) == (input, chunk))
            .map(|place| place.2)
    }
}
