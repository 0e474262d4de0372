//! What a worker makes of a text: its bands and its passages.

use super::passages::{self, Fingerprints};
use super::{Bands, Search};
use crate::text::shingles::{Run, Shingles, mix};
use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u32x16};
use std::sync::LazyLock;

static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

/// Permutations that are computed together: so many minima and multipliers fit into registers.
const GROUP: usize = 32;
/// Lanes of a vector.
const LANES: usize = 16;

/// The signature of one text, without the number of its document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch {
    values: Box<[u64]>,
    bands: u32,
    /// Short runs in the text.
    pub(super) size: u32,
}

impl Sketch {
    /// Hash of each band, 48 bits.
    #[must_use]
    pub fn bands(&self) -> &[u64] {
        &self.values[..self.bands as usize]
    }

    /// Selected passages, 40 bits each: texts that share one may hold a part of each other.
    #[must_use]
    pub fn passages(&self) -> &[u64] {
        &self.values[self.bands as usize..]
    }
}

/// Makes sketches and sets; one for each worker, for its buffers.
#[derive(Debug, Clone)]
pub struct Signer {
    shape: Bands,
    shingles: Shingles,
    multipliers: Vec<u32>,
    minima: Vec<u32>,
    fingerprints: Fingerprints,
    values: Vec<u64>,
}

impl Signer {
    /// A worker's signer.
    #[must_use]
    pub fn new(search: &Search) -> Self {
        let bands = search.bands();
        let hashes = (bands.bands * bands.rows) as usize;
        let multipliers = multipliers(hashes.next_multiple_of(GROUP));
        Self {
            shape: bands,
            shingles: Shingles::new(Search::run(), Run::of_words(passages::WORDS)),
            minima: vec![0; multipliers.len()],
            multipliers,
            fingerprints: Fingerprints::default(),
            values: Vec::new(),
        }
    }

    /// The sketch of a text with this matching key.
    #[must_use]
    pub fn sign(&mut self, key: &[u8]) -> Sketch {
        self.shingles.read(key);
        let shape = self.shape;
        minhash(
            *LEVEL,
            &self.shingles.shingles,
            &self.multipliers,
            &mut self.minima,
        );
        self.values.clear();
        let rows = self.minima.chunks_exact(shape.rows as usize);
        for (band, row) in (0..shape.bands).zip(rows) {
            let hash = row.iter().fold(u64::from(band) << 32, |hash, &minimum| {
                mix(hash ^ u64::from(minimum)).rotate_left(5)
            });
            self.values.push(mix(hash) >> 16);
        }
        self.fingerprints.select(&self.shingles.passages);
        let passages = self.fingerprints.selected.iter();
        self.values.extend(passages.map(|hash| hash >> 24));
        Sketch {
            values: self.values.as_slice().into(),
            bands: shape.bands,
            size: self.shingles.shingles.len() as u32,
        }
    }

    /// The shingles of a text with this matching key, each once, in ascending order.
    pub fn set(&mut self, key: &[u8], set: &mut Vec<u32>) {
        self.shingles.read(key);
        set.clear();
        set.extend_from_slice(&self.shingles.shingles);
        set.sort_unstable();
        set.dedup();
    }
}

/// Odd multipliers: multiplying by one of them permutes the numbers of 32 bits.
fn multipliers(count: usize) -> Vec<u32> {
    (1..=count as u64)
        .map(|n| (mix(n.wrapping_mul(0x9E37_79B9_7F4A_7C15)) >> 32) as u32 | 1)
        .collect()
}

/// The smallest number of the set under each permutation.
fn minhash(level: Level, set: &[u32], multipliers: &[u32], minima: &mut [u32]) {
    dispatch!(level, simd => minhash_in(simd, set, multipliers, minima));
}

#[inline(always)]
fn minhash_in<S: Simd>(simd: S, set: &[u32], multipliers: &[u32], minima: &mut [u32]) {
    let groups = multipliers.as_chunks::<GROUP>().0;
    for (multipliers, minima) in groups.iter().zip(minima.as_chunks_mut::<GROUP>().0) {
        let (a, b) = multipliers.split_at(LANES);
        let (a, b) = (u32x16::from_slice(simd, a), u32x16::from_slice(simd, b));
        let mut low_a = u32x16::splat(simd, u32::MAX);
        let mut low_b = low_a;
        for &element in set {
            let element = u32x16::splat(simd, element);
            low_a = low_a.min(a * element);
            low_b = low_b.min(b * element);
        }
        minima[..LANES].copy_from_slice(low_a.as_slice());
        minima[LANES..].copy_from_slice(low_b.as_slice());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn minima_are_those_of_the_definition_at_every_level() {
        let set: Vec<u32> = (0..300).map(|n| (mix(n) >> 32) as u32).collect();
        let multipliers = multipliers(64);
        let expected: Vec<u32> = multipliers
            .iter()
            .map(|a| set.iter().map(|x| x.wrapping_mul(*a)).min().unwrap())
            .collect();
        for level in crate::text::simd::levels() {
            let mut minima = vec![0; 64];
            minhash(level, &set, &multipliers, &mut minima);
            assert_eq!(minima, expected);
        }
    }

    #[test]
    fn golden_vectors() {
        let sketch = Signer::new(&Search::default())
            .sign(b"the harbour opened its new gates on monday morning at last");
        assert_eq!((sketch.bands().len(), sketch.size), (32, 9));
        assert_eq!(sketch.bands()[..2], GOLDEN);
        assert!(sketch.bands().iter().all(|band| *band < 1 << 48));
    }

    const GOLDEN: [u64; 2] = [226_730_366_990_282, 90_805_481_423_334];
}
