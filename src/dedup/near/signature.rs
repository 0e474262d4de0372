//! What a release keeps of a text, so that later texts can be compared with it and it need not be read
//! again: at most 614 bytes, about 520 for 500 words.
//!
//! Bytes: the version, the number of passages, the number of shingles (four bytes), 128 minima of two
//! bytes, passages of five, then shingles of four until the end; numbers are little-endian.
//! It depends on the matching key alone: bands of any [`Search`] follow from it.

use super::compare::Lookup;
use super::sign::{Sketch, short_minima};
use super::{Bands, Search};

/// Layout and hashes of the bytes.
const VERSION: u8 = 1;
/// Minima that are kept.
pub(super) const MINIMA: usize = 128;
/// Smallest shingles that are kept: a text that has no more is known entirely.
const SAMPLE: usize = 48;
/// Passages that are kept, those with the smallest hashes.
const PASSAGES: usize = 32;
/// Bytes before the minima.
const HEAD: usize = 6;

/// What is known of a text that is not read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Different shingles of the text.
    pub(super) size: u32,
    pub(super) minima: Box<[u16]>,
    /// Ascending.
    pub(super) sample: Box<[u32]>,
    passages: Box<[u64]>,
}

impl Signature {
    /// From the minima, the ascending set and the ascending passages of a text.
    pub(super) fn new(minima: &[u32], set: &[u32], passages: &[u64]) -> Self {
        Self {
            size: set.len() as u32,
            minima: short_minima(minima).collect(),
            sample: set[..set.len().min(SAMPLE)].into(),
            passages: passages[..passages.len().min(PASSAGES)].into(),
        }
    }

    /// The bytes that a release keeps.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + 2 * MINIMA + 5 * PASSAGES + 4 * SAMPLE);
        bytes.extend([VERSION, self.passages.len() as u8]);
        bytes.extend(self.size.to_le_bytes());
        bytes.extend(self.minima.iter().flat_map(|minimum| minimum.to_le_bytes()));
        for passage in &self.passages {
            bytes.extend_from_slice(&passage.to_le_bytes()[..5]);
        }
        bytes.extend(self.sample.iter().flat_map(|shingle| shingle.to_le_bytes()));
        bytes
    }

    /// The signature with these bytes; `None` for any that [`Signature::to_bytes`] does not give.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(HEAD)?;
        let (minima, rest) = rest.split_at_checked(2 * MINIMA)?;
        let (passages, sample) = rest.split_at_checked(5 * usize::from(head[1]))?;
        let size = u32::from_le_bytes([head[2], head[3], head[4], head[5]]);
        let long = |bytes: &[u8; 5]| {
            let mut whole = [0; 8];
            whole[..5].copy_from_slice(bytes);
            u64::from_le_bytes(whole)
        };
        let signature = Self {
            size,
            minima: minima
                .as_chunks()
                .0
                .iter()
                .copied()
                .map(u16::from_le_bytes)
                .collect(),
            sample: sample
                .as_chunks()
                .0
                .iter()
                .copied()
                .map(u32::from_le_bytes)
                .collect(),
            passages: passages.as_chunks().0.iter().map(long).collect(),
        };
        let ascending =
            signature.sample.is_sorted_by(|a, b| a < b) && signature.passages.is_sorted_by(|a, b| a < b);
        let whole = sample.len() == 4 * (size as usize).min(SAMPLE) && signature.passages.len() <= PASSAGES;
        (head[0] == VERSION && whole && ascending).then_some(signature)
    }

    /// The minima, which near copies have in common.
    #[must_use]
    pub fn minima(&self) -> &[u16] {
        &self.minima
    }

    /// The sketch that [`Signer::sign`](super::Signer::sign) makes of the same text, but with
    /// the passages that are kept; a search that wants more than 128 hashes gets the bands that follow
    /// from these.
    #[must_use]
    pub fn sketch(&self, search: &Search) -> Sketch {
        let shape = search.bands();
        let bands = shape.bands.min(MINIMA as u32 / shape.rows);
        Sketch::new(Bands { bands, ..shape }, &self.minima, &self.passages, self.size)
    }

    /// Whether the whole set is known.
    pub(super) fn is_whole(&self) -> bool {
        self.size as usize <= SAMPLE
    }
}

/// Estimated number of shingles that an exact set, with its minima, and a signed text share.
pub(super) fn shared_with(set: &[u32], minima: &[u32], signature: &Signature) -> f64 {
    let mut lookup = Lookup::default();
    lookup.fill(set);
    let found = lookup.count(&signature.sample) as f64;
    if signature.is_whole() {
        return found;
    }
    let (one, two) = (set.len() as f64, f64::from(signature.size));
    let of_sample = found / SAMPLE as f64 * two;
    if two * 2.0 < one {
        // A small part of a long text: the minima are nearly all those of the long one.
        return of_sample;
    }
    let equal = short_minima(minima)
        .zip(&signature.minima)
        .filter(|(a, b)| a == *b);
    let jaccard = equal.count() as f64 / MINIMA as f64;
    let of_minima = jaccard * (one + two) / (1.0 + jaccard);
    // The variance of the estimate from the sample is three times that of the one from the minima.
    ((3.0 * of_minima + of_sample) / 4.0).min(one).min(two)
}

/// Estimated number of shingles that two signed texts share.
pub(super) fn shared_between(one: &Signature, two: &Signature) -> f64 {
    if one.is_whole() && two.is_whole() {
        let mut lookup = Lookup::default();
        lookup.fill(&one.sample);
        return lookup.count(&two.sample) as f64;
    }
    let equal = one.minima.iter().zip(&two.minima).filter(|(a, b)| a == b);
    let jaccard = equal.count() as f64 / MINIMA as f64;
    let (a, b) = (f64::from(one.size), f64::from(two.size));
    (jaccard * (a + b) / (1.0 + jaccard)).min(a).min(b)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Signer;
    use super::*;
    use crate::text::match_key::match_key;
    use crate::text::shingles::mix;
    use proptest::prelude::*;

    fn key(text: &str) -> Vec<u8> {
        let mut key = Vec::new();
        match_key(text, &mut key);
        key
    }

    fn words(seed: u64, count: u64) -> Vec<String> {
        (0..count)
            .map(|n| format!("w{}", mix(seed << 32 | n) % 9_000))
            .collect()
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn golden_vectors() {
        let mut signer = Signer::new(&Search::default());
        for (text, len, expected) in [
            (
                "The harbour opened its new gates on Monday morning at last.",
                303,
                LATIN,
            ),
            (
                "أعادتِ المدينةُ فتحَ السوقِ القديمـــةِ، في ٣ مايو بعد أعمال الترميم.",
                303,
                ARABIC,
            ),
            ("港口周一开放了新的大门，市长在仪式上讲话。", 327, HAN),
        ] {
            let bytes = signer.signature(&key(text)).to_bytes();
            assert_eq!(
                (
                    bytes.len(),
                    hex(&crate::dedup::keys::sha256(&bytes))[..16].to_owned()
                ),
                (len, expected.to_owned()),
                "{text}"
            );
        }
    }

    const LATIN: &str = "70be756d213bff0c";
    const ARABIC: &str = "0a491746cb5fe0cf";
    const HAN: &str = "39b62680bad1150a";

    #[test]
    fn the_sketch_of_a_signature_is_that_of_the_text() {
        for search in [
            Search::default(),
            Search {
                threshold: 0.9,
                report: 0.9,
                recall: 0.9,
                ..Search::default()
            },
        ] {
            let mut signer = Signer::new(&search);
            for length in [4, 30, 900] {
                let key = key(&words(7, length).join(" "));
                let (sketch, signature) = (signer.sign(&key), signer.signature(&key));
                let back = Signature::from_bytes(&signature.to_bytes()).unwrap();
                assert_eq!(back, signature);
                assert_eq!(
                    (back.sketch(&search).bands(), back.sketch(&search).passages()),
                    (sketch.bands(), sketch.passages())
                );
            }
        }
    }

    #[test]
    fn estimates_are_near_the_truth() {
        let mut signer = Signer::new(&Search::default());
        let (mut worst, mut sum) = (0.0_f64, 0.0);
        for seed in 0..200 {
            let one = words(seed, 300 + seed * 5);
            let every = 4 + seed as usize % 40;
            let two: Vec<_> = one
                .iter()
                .enumerate()
                .map(|(n, word)| {
                    if n % every == 0 {
                        format!("x{n}")
                    } else {
                        word.clone()
                    }
                })
                .collect();
            let (one, two) = (key(&one.join(" ")), key(&two.join(" ")));
            let (signed, other) = (signer.signature(&two), signer.signature(&one));
            let (mut a, mut b, mut minima) = (Vec::new(), Vec::new(), Vec::new());
            signer.set(&one, &mut a);
            signer.set(&two, &mut b);
            signer.minima_of(&a, &mut minima);
            let jaccard = |both: f64| both / ((a.len() + b.len()) as f64 - both);
            let mut lookup = Lookup::default();
            lookup.fill(&a);
            let truth = jaccard(lookup.count(&b) as f64);
            let error = jaccard(shared_with(&a, &minima, &signed)) - truth;
            worst = worst.max(error.abs());
            sum += error;
            assert!((jaccard(shared_between(&other, &signed)) - truth).abs() < 0.2);
        }
        assert!(worst < 0.13 && (sum / 200.0).abs() < 0.01, "{worst} {sum}");
    }

    #[test]
    fn small_texts_and_small_parts() {
        let mut signer = Signer::new(&Search::default());
        let long = words(1, 3_000);
        let (short, part) = (key(&long[..40].join(" ")), key(&long[500..800].join(" ")));
        let (mut set, mut minima) = (Vec::new(), Vec::new());
        signer.set(&key(&long.join(" ")), &mut set);
        signer.minima_of(&set, &mut minima);
        // All of it is known, so that all of it is found.
        assert!((shared_with(&set, &minima, &signer.signature(&short)) - 38.0).abs() < 1e-9);
        assert!((shared_with(&set, &minima, &signer.signature(&part)) - 298.0).abs() < 1.0);
    }

    proptest! {
        #[test]
        fn other_bytes_are_refused_and_none_panics(bytes in proptest::collection::vec(any::<u8>(), 0..700)) {
            if let Some(signature) = Signature::from_bytes(&bytes) {
                prop_assert_eq!(signature.to_bytes(), bytes);
            }
        }

        #[test]
        fn a_cut_signature_is_refused(length in 3_u64..400, cut in 1_usize..300) {
            let key = key(&words(3, length).join(" "));
            let bytes = Signer::new(&Search::default()).signature(&key).to_bytes();
            prop_assert!(bytes.len() <= 614);
            prop_assert_eq!(Signature::from_bytes(&bytes[..bytes.len().saturating_sub(cut)]), None);
        }
    }
}
