//! What a worker makes of a text: its bands and its passages.

use super::compare::Lookup;
use super::passages::{self, Fingerprints};
use super::signature::{MINIMA, Signature};
use super::{Bands, Profile, Search};
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
    /// From the short minima and the chosen passages of a text with so many shingles.
    pub(super) fn new(shape: Bands, minima: &[u16], passages: &[u64], size: u32) -> Self {
        let mut values = Vec::with_capacity(shape.bands as usize + passages.len());
        hash_bands(shape, minima.iter().copied(), &mut values);
        values.extend_from_slice(passages);
        Self {
            values: values.into(),
            bands: shape.bands,
            size,
        }
    }

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
    profile: Profile,
    shingles: Shingles,
    multipliers: Vec<u32>,
    minima: Vec<u32>,
    /// Multipliers of what a release keeps.
    kept: Vec<u32>,
    fingerprints: Fingerprints,
    seen: Lookup,
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
            profile: search.profile,
            shingles: Shingles::new(search.run(), Run::of_words(passages::WORDS)),
            minima: vec![0; multipliers.len()],
            kept: self::multipliers(MINIMA),
            multipliers,
            fingerprints: Fingerprints::default(),
            seen: Lookup::default(),
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
        hash_bands(shape, short_minima(&self.minima), &mut self.values);
        if self.profile == Profile::Verified {
            self.fingerprints.select(&self.shingles.passages);
            self.values.extend(self.fingerprints.short());
        }
        Sketch {
            values: self.values.as_slice().into(),
            bands: shape.bands,
            size: self.shingles.shingles.len() as u32,
        }
    }

    /// What a release keeps of a text with this matching key.
    #[must_use]
    pub fn signature(&mut self, key: &[u8]) -> Signature {
        let mut set = Vec::new();
        self.set(key, &mut set);
        set.sort_unstable();
        let mut minima = Vec::new();
        self.minima_of(&set, &mut minima);
        self.fingerprints.select(&self.shingles.passages);
        let mut passages: Vec<u64> = self.fingerprints.short().collect();
        passages.dedup();
        Signature::new(&minima, &set, &passages)
    }

    /// The minima that a signature holds, of a set.
    pub(super) fn minima_of(&self, set: &[u32], minima: &mut Vec<u32>) {
        minima.resize(MINIMA, 0);
        minhash(*LEVEL, set, &self.kept, minima);
    }

    /// The shingles of a text with this matching key, each once, in the order of the text.
    pub fn set(&mut self, key: &[u8], set: &mut Vec<u32>) {
        self.shingles.read(key);
        set.clear();
        self.seen.distinct(&self.shingles.shingles, set);
    }
}

/// Minima as they are compared: the lower half tells as many texts apart and takes half the room.
pub(super) fn short_minima(minima: &[u32]) -> impl Iterator<Item = u16> {
    minima.iter().map(|&minimum| minimum as u16)
}

/// Appends the hash of each band.
fn hash_bands(shape: Bands, mut minima: impl Iterator<Item = u16>, values: &mut Vec<u64>) {
    for band in 0..shape.bands {
        let row = minima.by_ref().take(shape.rows as usize);
        let hash = row.fold(u64::from(band) << 32, |hash, minimum| {
            mix(hash ^ u64::from(minimum)).rotate_left(5)
        });
        values.push(mix(hash) >> 16);
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
        for (text, size, expected) in GOLDEN {
            let mut key = Vec::new();
            crate::text::match_key::match_key(text, &mut key);
            let sketch = Signer::new(&Search::default()).sign(&key);
            assert_eq!((sketch.bands().len(), sketch.size), (32, size));
            assert_eq!(sketch.bands()[..2], expected, "{text}");
            assert!(sketch.bands().iter().all(|band| *band < 1 << 48));
        }
    }

    const GOLDEN: [(&str, u32, [u64; 2]); 3] = [
        (
            "The harbour opened its new gates on Monday morning at last.",
            9,
            [61_666_069_460_279, 189_909_704_642_927],
        ),
        (
            "أعادتِ المدينةُ فتحَ السوقِ القديمـــةِ، في ٣ مايو بعد أعمال الترميم.",
            9,
            [117_720_564_634_675, 85_666_063_137_440],
        ),
        (
            "港口周一开放了新的大门，市长在仪式上讲话。",
            15,
            [104_330_533_171_204, 154_860_050_254_984],
        ),
    ];
}
