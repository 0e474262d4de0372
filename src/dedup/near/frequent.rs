//! Shingles that many texts of one source have: what is printed in a form.
//!
//! Only crowds are counted, documents that share a band with two others: a form makes one.

use super::{Candidates, Sets};
use crate::dedup::spill::{Merge, Spill, SpillError, SpillOptions, be_u64};
use crate::text::shingles::mix;

/// Documents of a source below which a shingle is not frequent.
const LEAST: u64 = 3;

/// Shingles of sources, with the number of documents that have them.
#[derive(Debug, Default)]
pub(super) struct Frequent {
    /// Hash of source and shingle, its last byte replaced by the number; ascending.
    entries: Vec<u64>,
}

fn hash(shingle: u32, source: u64) -> u64 {
    mix(source ^ (u64::from(shingle) << 32 | u64::from(shingle)))
}

impl Frequent {
    /// Counts the shingles of the crowd. When they are more than the memory holds, the most frequent
    /// are kept.
    pub(super) fn count(candidates: &Candidates, sets: &Sets) -> Result<Self, SpillError> {
        let mut rows: Spill<8> = Spill::new(&candidates.options);
        let mut shingles = Vec::new();
        for doc in sets
            .docs()
            .filter(|doc| candidates.crowd.contains(u64::from(*doc)))
        {
            if let Some((_, facts)) = sets.get(doc, &mut shingles)? {
                for shingle in &shingles {
                    rows.push(hash(*shingle, facts.source).to_be_bytes())?;
                }
            }
        }
        let counted = rows.finish()?.par_ranges(frequent)?;
        let most = most(&candidates.options);
        let mut entries = counted.concat();
        if entries.len() > most {
            entries.sort_unstable_by_key(|entry| (u8::MAX - *entry as u8, *entry));
            entries.truncate(most);
            entries.sort_unstable();
        }
        Ok(Self { entries })
    }

    /// In how many documents of its source each shingle is; 0 where it is in few.
    pub(super) fn counts(&self, shingles: &[u32], source: u64) -> Vec<u8> {
        let count = |shingle: &u32| {
            let key = hash(*shingle, source) & !0xFF;
            let at = self.entries.partition_point(|entry| *entry < key);
            self.entries
                .get(at)
                .filter(|entry| **entry & !0xFF == key)
                .map_or(0, |entry| *entry as u8)
        };
        shingles.iter().map(count).collect()
    }
}

/// Shingles that fit into the memory.
fn most(options: &SpillOptions) -> usize {
    (options.memory / 8).max(1 << 16)
}

fn frequent(rows: Merge<'_, 8>) -> Result<Vec<u64>, SpillError> {
    let mut entries = Vec::new();
    let (mut key, mut count) = (0, 0);
    let mut end = |key: u64, count: u64| {
        if count >= LEAST {
            entries.push(key << 8 | count.min(255));
        }
    };
    for row in rows {
        let next = be_u64(&row?, 0) >> 8;
        if next != key {
            end(key, count);
            (key, count) = (next, 0);
        }
        count += 1;
    }
    end(key, count);
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Frequent {
        /// Shingles that all have the same number.
        pub(in super::super) fn from_shingles(shingles: &[u32], source: u64, count: u8) -> Self {
            let entry = |shingle: &u32| hash(*shingle, source) & !0xFF | u64::from(count);
            let mut entries: Vec<u64> = shingles.iter().map(entry).collect();
            entries.sort_unstable();
            Self { entries }
        }
    }

    #[test]
    fn counts_by_source() {
        let frequent = Frequent::from_shingles(&[5, 9, 1 << 31], 3, 77);
        assert_eq!(frequent.counts(&[9, 4, 5, 1 << 31], 3), [77, 0, 77, 77]);
        assert_eq!(frequent.counts(&[9, 4, 5], 4), [0, 0, 0]);
    }
}
