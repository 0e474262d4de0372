//! Shingles: hashes of runs of words, from a matching key in one pass.
//!
//! A key is a row of units: words between spaces, single characters in scripts that have none. Every
//! unit has a hash; the hash of a run comes from the difference of two prefix hashes, so that runs of
//! any length cost the same. Every hash here is part of what a release says of its copies: the golden
//! vectors of the tests hold on every machine.

use super::class;
use super::simd::{Around, BLOCK, CONTEXT, LEVEL, PAD, bits, low, window};
use fearless_simd::{Simd, dispatch};
use xxhash_rust::xxh3::xxh3_64;

/// Units of a run, by the script of its last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Words of scripts with spaces.
    pub words: u8,
    /// Characters of Han and Kana.
    pub ideographs: u8,
    /// Characters of Thai, Lao, Khmer and Burmese.
    pub letters: u8,
}

impl Run {
    /// A run of `words` words: an ideograph counts for 0.6 words, as it does wherever words are
    /// counted, and four letters of an unspaced alphabet for one.
    #[must_use]
    pub const fn of_words(words: u8) -> Self {
        Self {
            words,
            ideographs: (words * 10).div_ceil(6),
            letters: words * 4,
        }
    }

    const fn of(self, unit: Unit) -> usize {
        (match unit {
            Unit::Word => self.words,
            Unit::Ideograph => self.ideographs,
            Unit::Letter => self.letters,
        }) as usize
    }
}

/// Longest run.
const LONGEST: usize = 32;

/// Hashes of the runs of a text.
#[derive(Debug, Clone)]
pub struct Shingles {
    short: Run,
    long: Run,
    prefix: [u64; 2 * LONGEST],
    units: usize,
    /// Short runs in order, repeated ones included. A text shorter than a run has one: its whole.
    pub shingles: Vec<u32>,
    /// Long runs in order; none where the text is shorter than one.
    pub passages: Vec<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Word,
    Ideograph,
    Letter,
}

/// Multiplier of the prefix hash.
const BASE: u64 = 0x9E6C_63D0_676A_9A99;

/// Its powers.
const POWERS: [u64; LONGEST + 1] = {
    let mut powers = [1_u64; LONGEST + 1];
    let mut n = 1;
    while n <= LONGEST {
        powers[n] = powers[n - 1].wrapping_mul(BASE);
        n += 1;
    }
    powers
};

/// Spreads a hash over all its bits.
#[inline(always)]
#[must_use]
pub const fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    hash ^ (hash >> 32)
}

impl Shingles {
    /// Buffers for short and long runs of these lengths; no run of more than 32 units.
    #[must_use]
    pub fn new(short: Run, long: Run) -> Self {
        let cut = |run: Run| Run {
            words: run.words.clamp(1, LONGEST as u8),
            ideographs: run.ideographs.clamp(1, LONGEST as u8),
            letters: run.letters.clamp(1, LONGEST as u8),
        };
        Self {
            short: cut(short),
            long: cut(long),
            prefix: [0; 2 * LONGEST],
            units: 0,
            shingles: Vec::new(),
            passages: Vec::new(),
        }
    }

    /// Replaces what is in the buffers by the runs of a matching key.
    pub fn read(&mut self, key: &[u8]) {
        self.units = 0;
        self.prefix[0] = 0;
        self.shingles.clear();
        self.passages.clear();
        dispatch!(*LEVEL, simd => self.words(simd, key));
        if self.shingles.is_empty() && self.units > 0 {
            self.shingles.push((mix(self.prefix[self.units]) >> 32) as u32);
        }
    }

    #[inline(always)]
    fn words<S: Simd>(&mut self, simd: S, key: &[u8]) {
        let mut space = [PAD; CONTEXT + BLOCK + CONTEXT];
        let (mut start, mut unspaced) = (0, false);
        for base in (0..key.len()).step_by(BLOCK) {
            let block = Around::new(simd, window(key, base, &mut space)).here();
            let inside = low(key.len() - base);
            let mut ends = bits(block.is(b' ')) & inside;
            // Lead bytes of three: all scripts without spaces are among them.
            let high = bits(block.from(0xE0)) & inside;
            let mut from = 0;
            while ends != 0 {
                let end = ends.trailing_zeros() as usize;
                unspaced |= high & low(end) & !low(from) != 0;
                self.word(key, start, base + end, unspaced);
                (start, unspaced, from) = (base + end + 1, false, end + 1);
                ends &= ends - 1;
            }
            unspaced |= high & !low(from) != 0;
        }
        if start < key.len() {
            self.word(key, start, key.len(), unspaced);
        }
    }

    #[inline(always)]
    fn word(&mut self, key: &[u8], start: usize, end: usize, unspaced: bool) {
        if unspaced {
            self.characters(&key[start..end]);
        } else if start < end {
            self.unit(hash_at(key, start, end), Unit::Word);
        }
    }

    /// A word that may hold characters of scripts without spaces: each of them is a unit.
    #[inline(never)]
    fn characters(&mut self, word: &[u8]) {
        let text = std::str::from_utf8(word).unwrap_or_default();
        let mut plain = 0;
        for (at, c) in text.char_indices() {
            let script = class::script(c);
            let unit = if script.is_ideographic() || c == '\u{30FC}' {
                Unit::Ideograph
            } else if script.is_unspaced_alphabet() {
                Unit::Letter
            } else {
                continue;
            };
            if plain < at {
                self.unit(hash_at(word, plain, at), Unit::Word);
            }
            plain = at + c.len_utf8();
            self.unit(hash_at(word, at, plain), unit);
        }
        if plain < word.len() {
            self.unit(hash_at(word, plain, word.len()), Unit::Word);
        }
    }

    #[inline(always)]
    fn unit(&mut self, hash: u64, unit: Unit) {
        const MASK: usize = 2 * LONGEST - 1;
        let prefix = self.prefix[self.units & MASK]
            .wrapping_mul(BASE)
            .wrapping_add(hash);
        self.units += 1;
        self.prefix[self.units & MASK] = prefix;
        let run = |length: usize, units: usize, prefixes: &[u64; 2 * LONGEST]| {
            let before = prefixes[(units - length) & MASK].wrapping_mul(POWERS[length]);
            mix(prefix.wrapping_sub(before))
        };
        let short = self.short.of(unit);
        if self.units >= short {
            self.shingles
                .push((run(short, self.units, &self.prefix) >> 32) as u32);
        }
        let long = self.long.of(unit);
        if self.units >= long {
            self.passages.push(run(long, self.units, &self.prefix));
        }
    }
}

/// Hash of some bytes of a buffer, which may read up to sixteen of it.
#[inline(always)]
fn hash_at(bytes: &[u8], start: usize, end: usize) -> u64 {
    let len = end - start;
    let (a, b) = match bytes.get(start..).and_then(|rest| rest.first_chunk::<16>()) {
        Some(chunk) if len <= 16 => halves(chunk, len),
        _ if len <= 16 => {
            let mut chunk = [0; 16];
            chunk[..len].copy_from_slice(&bytes[start..end]);
            halves(&chunk, len)
        }
        _ => (xxh3_64(&bytes[start..end]), 0),
    };
    let product = u128::from(a ^ 0x2D35_8DCC_AA6C_78A5) * u128::from(b ^ 0x8BB8_4B93_962E_ACC9 ^ len as u64);
    (product as u64) ^ (product >> 64) as u64
}

/// The first `len` bytes as two numbers; the rest counts as zeros.
#[inline(always)]
fn halves(chunk: &[u8; 16], len: usize) -> (u64, u64) {
    let all = u128::from_le_bytes(*chunk);
    let kept = if len == 16 {
        all
    } else {
        all & ((1 << (len * 8)) - 1)
    };
    (kept as u64, (kept >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::match_key::match_key;
    use proptest::prelude::*;

    fn read(text: &str, words: u8) -> Shingles {
        let mut key = Vec::new();
        match_key(text, &mut key);
        let mut shingles = Shingles::new(Run::of_words(words), Run::of_words(8));
        shingles.read(&key);
        shingles
    }

    #[test]
    fn golden_vectors() {
        let shingles = read("The harbour opened its new gates on Monday morning at last.", 3);
        assert_eq!(shingles.shingles, GOLDEN);
        assert_eq!(shingles.passages.len(), 4);
        assert_eq!(shingles.passages[0], PASSAGE);
    }

    const GOLDEN: [u32; 9] = [
        2_310_354_168,
        1_345_664_469,
        1_267_791_611,
        859_620_147,
        477_525_530,
        612_304_608,
        3_741_663_690,
        4_202_143_564,
        2_411_545_326,
    ];
    const PASSAGE: u64 = 655_523_777_036_454_910;

    #[test]
    fn runs_by_script() {
        assert_eq!(read("one two three four five", 3).shingles.len(), 3);
        assert_eq!(read("one two", 3).shingles.len(), 1);
        assert_eq!(read("", 3).shingles.len(), 0);
        // Five ideographs make a run of three words.
        assert_eq!(read("港口周一开放了", 3).shingles.len(), 3);
        assert_eq!(
            read("ท่าเรือเปิดแล้ววันนี้", 3).shingles.len(),
            "ท่าเรือเปิดแล้ววันนี้".chars().count() - 11
        );
        // A word among ideographs is a unit.
        assert_eq!(read("港口 open 周一开放", 3).shingles.len(), 4);
    }

    #[test]
    fn a_run_has_its_hash_wherever_it_stands() {
        let alone = read("gates of the harbour", 3).shingles;
        for before in 0..80 {
            let text = format!(
                "{} gates of the harbour{}",
                "x".repeat(before),
                " y".repeat(before % 7)
            );
            let within = read(&text, 3).shingles;
            assert!(alone.iter().all(|hash| within.contains(hash)), "{before}");
        }
        let alone = read("港口周一开放", 3).shingles;
        let within = read("昨天港口周一开放。", 3).shingles;
        assert!(alone.iter().all(|hash| within.contains(hash)));
    }

    proptest! {
        #[test]
        fn units_are_words_and_ideographs(text in "[a-z ابت港口é]{0,200}") {
            let mut key = Vec::new();
            match_key(&text, &mut key);
            let key = String::from_utf8(key).unwrap_or_default();
            let mut units = 0;
            for word in key.split(' ') {
                let ideographs = word.chars().filter(|c| "港口".contains(*c)).count();
                let plain = word.split(['港', '口']).filter(|part| !part.is_empty()).count();
                units += ideographs + plain;
            }
            prop_assert_eq!(read(&text, 1).shingles.len(), if units == 0 { 0 } else {
                // An ideograph needs another before it: two make 1.2 words.
                let first = key.chars().next().is_some_and(|c| "港口".contains(c));
                units - usize::from(first && units > 1)
            });
        }
    }
}
