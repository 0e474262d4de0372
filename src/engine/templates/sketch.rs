//! Which lines of a source may be frequent: exact while they are few, a Space-Saving sketch behind a
//! count-min after that.
//!
//! Counts come in blocks of documents, each with its keys in ascending order, so that a sketch is a
//! function of the blocks and not of what happened inside them, or on how many threads.

/// Counters of a sketch: a line in more than one of 4,096 documents is among them.
pub(super) const COUNTERS: usize = 4_096;
/// Different lines up to which a source is counted exactly.
pub(super) const EXACT: usize = 16_384;
/// Cells in each row of the count-min.
const WIDTH: usize = 1 << 16;
const ROWS: usize = 4;
/// Estimate from which a line gets a counter.
const ENTRY: u64 = 3;

/// One line of a block, or one counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counter {
    pub(super) key: u64,
    /// Documents that hold it; at least as many as there are.
    pub(super) count: u64,
}

/// How large a sketch may be: smaller in tests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) exact: usize,
    pub(super) counters: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            exact: EXACT,
            counters: COUNTERS,
        }
    }
}

/// The lines of one source.
#[derive(Debug, Clone, Default)]
pub(super) struct Sketch {
    /// Ascending by key.
    counters: Vec<Counter>,
    /// There is none while counting is exact.
    seen: Option<CountMin>,
}

/// Largest sketch on disk.
pub(super) const SLOT: u64 = (16 + EXACT * 16 + ROWS * WIDTH * 2) as u64;

impl Sketch {
    /// Adds the lines of a block, ascending by key.
    pub(super) fn merge(&mut self, block: &[Counter], limits: Limits) {
        let mut merged = Vec::with_capacity(self.counters.len() + block.len());
        let mut old = std::mem::take(&mut self.counters).into_iter().peekable();
        for new in block {
            while let Some(before) = old.next_if(|counter| counter.key < new.key) {
                merged.push(before);
            }
            let estimate = self.seen.as_mut().map(|seen| seen.add(new.key, new.count));
            match (old.next_if(|counter| counter.key == new.key), estimate) {
                (Some(known), _) => merged.push(Counter {
                    count: known.count + new.count,
                    ..known
                }),
                (None, None) => merged.push(*new),
                (None, Some(count)) if count >= ENTRY => merged.push(Counter { count, ..*new }),
                (None, Some(_)) => {}
            }
        }
        merged.extend(old);
        self.counters = merged;
        if self.seen.is_none() && self.counters.len() > limits.exact {
            let mut seen = CountMin::new();
            for counter in &self.counters {
                seen.add(counter.key, counter.count);
            }
            self.counters.retain(|counter| counter.count >= ENTRY);
            self.seen = Some(seen);
        }
        if self.seen.is_some() && self.counters.len() > limits.counters {
            // The rarest go; of equally rare ones those with the larger key.
            self.counters
                .sort_unstable_by_key(|counter| (std::cmp::Reverse(counter.count), counter.key));
            self.counters.truncate(limits.counters);
            self.counters.sort_unstable_by_key(|counter| counter.key);
        }
        self.counters.shrink_to_fit();
    }

    /// Lines that may stand in at least `least` documents, ascending by key.
    pub(super) fn frequent(&self, least: u64) -> impl Iterator<Item = &Counter> {
        self.counters.iter().filter(move |counter| counter.count >= least)
    }

    /// The sketch as bytes, at most [`SLOT`] of them.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 + self.counters.len() * 16);
        bytes.extend((self.counters.len() as u64).to_le_bytes());
        bytes.extend(u64::from(self.seen.is_some()).to_le_bytes());
        for counter in &self.counters {
            for number in [counter.key, counter.count] {
                bytes.extend(number.to_le_bytes());
            }
        }
        if let Some(seen) = &self.seen {
            bytes.extend(seen.cells.iter().flat_map(|cell| cell.to_le_bytes()));
        }
        bytes
    }

    /// A sketch from its bytes.
    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let number = |at: usize| {
            bytes
                .get(at..at + 8)
                .and_then(|bytes| bytes.try_into().ok())
                .map_or(0, u64::from_le_bytes)
        };
        let counters = (0..number(0) as usize)
            .map(|index| 16 + index * 16)
            .map(|at| Counter {
                key: number(at),
                count: number(at + 8),
            })
            .collect::<Vec<_>>();
        let cells = &bytes[(16 + counters.len() * 16).min(bytes.len())..];
        Self {
            counters,
            seen: (number(8) == 1).then(|| CountMin {
                cells: cells
                    .as_chunks::<2>()
                    .0
                    .iter()
                    .map(|cell| u16::from_le_bytes(*cell))
                    .collect(),
            }),
        }
    }
}

/// Upper bounds of how often keys were added, with conservative update.
#[derive(Debug, Clone)]
struct CountMin {
    cells: Vec<u16>,
}

impl CountMin {
    fn new() -> Self {
        Self {
            cells: vec![0; ROWS * WIDTH],
        }
    }

    /// Adds to a key; gives its bound.
    fn add(&mut self, key: u64, count: u64) -> u64 {
        // Sixteen bits of the key for each row: it is a hash.
        let places: [usize; ROWS] =
            std::array::from_fn(|row| row * WIDTH + (key >> (16 * row)) as usize % WIDTH);
        let bound = places.iter().map(|at| self.cells[*at]).min().unwrap_or(0);
        let bound = bound.saturating_add(u16::try_from(count).unwrap_or(u16::MAX));
        for at in places {
            self.cells[at] = self.cells[at].max(bound);
        }
        u64::from(bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use xxhash_rust::xxh3::xxh3_64;

    fn block(keys: &[u16]) -> Vec<Counter> {
        let mut counts = BTreeMap::new();
        for key in keys {
            *counts.entry(xxh3_64(&key.to_le_bytes())).or_insert(0) += 1;
        }
        let counter = |(key, count)| Counter { key, count };
        counts.into_iter().map(counter).collect()
    }

    fn count(keys: &[u16], block_size: usize, limits: Limits) -> Sketch {
        let mut sketch = Sketch::default();
        for keys in keys.chunks(block_size) {
            sketch.merge(&block(keys), limits);
        }
        sketch
    }

    #[test]
    fn a_sketch_comes_back_from_disk() {
        let limits = Limits {
            exact: 8,
            counters: 16,
        };
        for keys in [&[1, 2, 2, 3][..], &(0..200).map(|n| n % 40).collect::<Vec<u16>>()] {
            let sketch = count(keys, 10, limits);
            let back = Sketch::from_bytes(&sketch.to_bytes());
            assert_eq!(back.counters, sketch.counters);
            assert_eq!(
                back.seen.map(|seen| seen.cells),
                sketch.seen.map(|seen| seen.cells)
            );
        }
    }

    #[test]
    fn the_largest_sketch_fits_its_slot() {
        let keys: Vec<u16> = (0..3).flat_map(|_| 0..u16::MAX).collect();
        let sketch = count(&keys, 60_000, Limits::default());
        assert!(sketch.seen.is_some() && sketch.to_bytes().len() as u64 <= SLOT);
        assert!(sketch.counters.len() <= COUNTERS);
    }

    proptest! {
        /// What is frequent is there, and never counted too low, however small the sketch.
        #[test]
        fn what_is_frequent_is_not_lost(
            noise in proptest::collection::vec(8u16..2_000, 0..600),
            often in proptest::collection::vec(0u16..4, 200..260),
            block_size in 20usize..200,
        ) {
            let mut keys = Vec::new();
            for (at, key) in often.iter().enumerate() {
                keys.push(*key);
                keys.extend(noise.get(at * 3..at * 3 + 3).unwrap_or_default());
            }
            let sketch = count(&keys, block_size, Limits { exact: 16, counters: 32 });
            for key in 0..4u16 {
                let support = keys.iter().filter(|other| **other == key).count() as u64;
                if support > keys.len() as u64 / 32 {
                    let hash = xxh3_64(&key.to_le_bytes());
                    let found = sketch.frequent(support).any(|counter| counter.key == hash);
                    prop_assert!(found, "{key} in {support} of {}", keys.len());
                }
            }
        }

        /// The order of documents inside a block makes no difference.
        #[test]
        fn the_order_inside_a_block_is_nothing(
            keys in proptest::collection::vec(0u16..300, 1..400),
            turn in 0usize..400,
            block_size in 1usize..100,
        ) {
            let limits = Limits { exact: 16, counters: 24 };
            let mut turned = keys.clone();
            for keys in turned.chunks_mut(block_size) {
                let by = turn % keys.len();
                keys.rotate_left(by);
                keys.reverse();
            }
            prop_assert_eq!(
                count(&turned, block_size, limits).counters,
                count(&keys, block_size, limits).counters
            );
        }

        /// Exact counting forgets nothing and depends on no order at all.
        #[test]
        fn few_lines_are_counted_exactly(mut keys in proptest::collection::vec(0u16..50, 1..300), size in 1usize..99) {
            let first = count(&keys, size, Limits::default());
            keys.reverse();
            prop_assert_eq!(count(&keys, 7, Limits::default()).counters, first.counters);
        }
    }
}
