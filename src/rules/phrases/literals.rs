//! Finds every phrase of the tables in a folded line.
//!
//! At each character the next four or eight bytes are looked up in a bitmap of the phrases'
//! beginnings, which says no nearly always; what is left is compared. Phrases that begin a line are
//! only tried there.

use std::collections::HashMap;

/// Bits of a bitmap, as a power of two.
const BITS: u32 = 16;
/// Multiplier of Fibonacci hashing: 2^64 divided by the golden ratio (Knuth, TAOCP 6.4).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Phrases that may begin anywhere, by their first bytes.
#[derive(Debug)]
struct Starts {
    /// Number of bytes that are looked up.
    width: usize,
    bitmap: Box<[u64; 1 << (BITS - 6)]>,
    phrases: HashMap<u64, Vec<u16>>,
}

impl Starts {
    fn new(width: usize) -> Self {
        Self {
            width,
            bitmap: Box::new([0; 1 << (BITS - 6)]),
            phrases: HashMap::new(),
        }
    }

    /// The bytes that are looked up, of the eight that begin a phrase or stand at a place.
    #[inline]
    const fn key(&self, bytes: u64) -> u64 {
        if self.width == 8 {
            bytes
        } else {
            bytes & ((1 << (self.width * 8)) - 1)
        }
    }

    fn add(&mut self, phrase: &str, index: u16) {
        let key = self.key(load(phrase.as_bytes(), 0));
        let bit = slot(key);
        self.bitmap[bit >> 6] |= 1 << (bit & 63);
        self.phrases.entry(key).or_default().push(index);
    }

    #[inline]
    fn may_start(&self, key: u64) -> bool {
        let bit = slot(key);
        self.bitmap[bit >> 6] >> (bit & 63) & 1 == 1
    }
}

#[inline]
const fn slot(key: u64) -> usize {
    (key.wrapping_mul(GOLDEN) >> (64 - BITS)) as usize
}

/// Eight bytes from `at` on, zeros behind the end.
#[inline]
fn load(bytes: &[u8], at: usize) -> u64 {
    let rest = &bytes[at..];
    if let Some(eight) = rest.first_chunk::<8>() {
        return u64::from_le_bytes(*eight);
    }
    let mut eight = [0; 8];
    eight[..rest.len()].copy_from_slice(rest);
    u64::from_le_bytes(eight)
}

/// All phrases that are no whole lines.
#[derive(Debug)]
pub(super) struct Literals {
    phrases: Vec<String>,
    /// Longest first: a phrase is in the first whose width it reaches.
    starts: [Starts; 3],
    /// Phrases that must begin the line, by the same.
    line_starts: [Starts; 3],
}

impl Literals {
    /// Phrases, already folded, with whether each must begin the line.
    pub(super) fn new(phrases: Vec<String>, begins: &[bool]) -> Self {
        let starts = || [Starts::new(8), Starts::new(4), Starts::new(2)];
        let mut literals = Self {
            phrases: Vec::new(),
            starts: starts(),
            line_starts: starts(),
        };
        for (index, phrase) in phrases.iter().enumerate() {
            let all = if begins.get(index) == Some(&true) {
                &mut literals.line_starts
            } else {
                &mut literals.starts
            };
            if let Some(starts) = all.iter_mut().find(|starts| starts.width <= phrase.len()) {
                starts.add(phrase, index as u16);
            }
        }
        literals.phrases = phrases;
        literals
    }

    /// Calls `found` with the phrase and its place for every one that stands in `line`; those that
    /// must begin it are looked for at its start and at `inner`.
    pub(super) fn find(&self, line: &str, inner: usize, mut found: impl FnMut(usize, usize, usize)) {
        let bytes = line.as_bytes();
        let mut at_place = |all: &[Starts; 3], at: usize, eight: u64| {
            for starts in all {
                let key = starts.key(eight);
                if !starts.may_start(key) {
                    continue;
                }
                for &phrase in starts.phrases.get(&key).into_iter().flatten() {
                    let literal = self.phrases[phrase as usize].as_bytes();
                    if bytes[at..].starts_with(literal) {
                        found(phrase as usize, at, at + literal.len());
                    }
                }
            }
        };
        for start in [Some(0), (inner > 0).then_some(inner)].into_iter().flatten() {
            if start < bytes.len() {
                at_place(&self.line_starts, start, load(bytes, start));
            }
        }
        for (at, &byte) in bytes.iter().enumerate() {
            if byte & 0xC0 != 0x80 {
                at_place(&self.starts, at, load(bytes, at));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrases: &[(&str, bool)], line: &str, inner: usize) -> Vec<(usize, usize, usize)> {
        let texts = phrases.iter().map(|(phrase, _)| (*phrase).to_owned()).collect();
        let begins: Vec<bool> = phrases.iter().map(|(_, begins)| *begins).collect();
        let mut all = Vec::new();
        Literals::new(texts, &begins).find(line, inner, |phrase, start, end| all.push((phrase, start, end)));
        all
    }

    #[test]
    fn every_place_of_every_phrase() {
        let phrases = [
            ("read more", false),
            ("more", false),
            ("0/", false),
            ("read", true),
            ("اقرا", true),
        ];
        assert_eq!(
            found(&phrases, "read more 10/12", 0),
            [(3, 0, 4), (0, 0, 9), (1, 5, 9), (2, 11, 13)]
        );
        assert_eq!(found(&phrases, "» اقرا", 3), [(4, 3, 11)]);
        assert_eq!(found(&phrases, "more more", 0), [(1, 0, 4), (1, 5, 9)]);
        assert_eq!(found(&phrases, "", 0), []);
    }
}
