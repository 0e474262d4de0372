//! Repeated groups of words, as Gopher counts them.

use crate::text::prose::prose;
use crate::text::simd::for_each_gap;
use crate::text::words;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use xxhash_rust::xxh3::xxh3_64;

/// Bits of the filter of what follows a space.
const FILTER: usize = 1 << 15;
/// Bytes that are compared after a space: two or three words.
const WINDOW: usize = 24;
/// Bytes after a space that are counted: the beginning of a group of words.
const HEAD: usize = 12;
/// Of the second eight bytes those that belong to a head.
const HEAD_MASK: u64 = (1 << (8 * (HEAD - 8))) - 1;
/// Counters of heads.
const COUNTERS: usize = 1 << 10;

/// How much a text seems to repeat itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repetition {
    /// Per cent of the words after which the same 24 bytes followed before.
    pub(crate) seen: usize,
    /// Per cent of the words after which the most frequent 12 bytes follow.
    pub(crate) top: usize,
}

/// A cheap look at what follows the spaces of a text. Hashes may meet, which makes both numbers too
/// large but never too small.
pub(crate) fn repetition(text: &str) -> Repetition {
    let bytes = text.as_bytes();
    let mut filter = [0_u64; FILTER / 64];
    let mut counters = [0_u16; COUNTERS];
    let (mut words, mut seen, mut top) = (0_usize, 0_usize, 0_u16);
    for_each_gap(text, |gap| {
        let Some(window) = bytes[gap + 1..].first_chunk::<WINDOW>() else {
            return;
        };
        words += 1;
        let (head, whole) = hashes(window);
        let count = &mut counters[head];
        *count = count.saturating_add(1);
        top = top.max(*count);
        let slot = &mut filter[whole / 64];
        seen += (*slot >> (whole % 64) & 1) as usize;
        *slot |= 1 << (whole % 64);
    });
    let share = |part: usize| part * 100 / words.max(1);
    Repetition {
        seen: share(seen),
        top: share(usize::from(top)),
    }
}

/// The counter of a window's first [`HEAD`] bytes, and the bit of all its bytes.
fn hashes(window: &[u8; WINDOW]) -> (usize, usize) {
    const ODD: [u64; 3] = [
        0x9E37_79B9_7F4A_7C15,
        0xC2B2_AE3D_27D4_EB4F,
        0x1656_67B1_9E37_79F9,
    ];
    let (parts, _) = window.as_chunks::<8>();
    let part = |index: usize| u64::from_le_bytes(parts[index]);
    let mix = |hash: u64| (hash ^ hash >> 32).wrapping_mul(ODD[0]);
    let first = part(0).wrapping_mul(ODD[0]);
    let second = part(1) & HEAD_MASK;
    let head = first ^ second.wrapping_mul(ODD[1]).rotate_left(23);
    let rest = part(1).wrapping_mul(ODD[1]) ^ part(2).wrapping_mul(ODD[2]).rotate_left(29);
    (
        (mix(head) >> 54) as usize % COUNTERS,
        (mix(first ^ rest.rotate_left(17)) >> 49) as usize % FILTER,
    )
}

/// For keys that are hashes already.
type Hashed = BuildHasherDefault<Itself>;

/// Takes a number for its own hash.
#[derive(Default)]
struct Itself(u64);

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// Words of a text by hash, with their characters.
#[derive(Debug)]
pub(crate) struct Grams {
    words: Vec<(u64, u32)>,
    characters: usize,
}

impl Grams {
    /// Hashes the words of a text that are neither in tags nor in addresses.
    pub(crate) fn new(text: &str) -> Self {
        let words: Vec<_> = prose(text)
            .flat_map(|token| words::words(token).map(move |word| &token[word.span.range()]))
            .map(|word| (xxh3_64(word.as_bytes()), word.chars().count() as u32))
            .collect();
        let characters = words.iter().map(|&(_, length)| length as usize).sum();
        Self { words, characters }
    }

    /// Number of words.
    pub(crate) const fn len(&self) -> usize {
        self.words.len()
    }

    /// The hash of each group of `n` words, and its characters.
    fn groups(&self, n: usize) -> impl Iterator<Item = (u64, usize)> {
        self.words.windows(n).map(|group| {
            let hash = group.iter().fold(0_u64, |hash, &(word, _)| {
                (hash.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            });
            (hash, group.iter().map(|&(_, length)| length as usize).sum())
        })
    }

    /// Thousandths of the characters that stand in groups of `n` words that stood before. Groups do
    /// not overlap.
    pub(crate) fn repeated(&self, n: usize) -> usize {
        let mut seen = HashSet::with_capacity_and_hasher(self.words.len(), Hashed::default());
        let (mut repeated, mut skip) = (0, 0_usize);
        for (hash, length) in self.groups(n) {
            if skip > 0 {
                skip -= 1;
            } else if !seen.insert(hash) {
                repeated += length;
                skip = n - 1;
            }
        }
        repeated * 1000 / self.characters.max(1)
    }

    /// Thousandths of the characters that the most frequent group of `n` words takes, where it stands
    /// at least four times.
    pub(crate) fn top(&self, n: usize) -> usize {
        let mut counts: HashMap<u64, (usize, usize), Hashed> =
            HashMap::with_capacity_and_hasher(self.words.len(), Hashed::default());
        for (hash, length) in self.groups(n) {
            let entry = counts.entry(hash).or_insert((0, length));
            entry.0 += 1;
        }
        let most = counts
            .values()
            .filter(|(count, _)| *count >= 4)
            .map(|(count, length)| count * length)
            .max();
        most.unwrap_or(0).min(self.characters) * 1000 / self.characters.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_groups_are_found_and_prose_has_none() {
        let prose = "The mill at the river was built by two brothers who had come from the hills with a mule, \
                     and their children ground wheat there until the flood of that spring carried the wheel away.";
        assert!(repetition(prose).seen == 0 && repetition(prose).top < 10);
        let grams = Grams::new(prose);
        assert_eq!((grams.repeated(5), grams.top(2)), (0, 0));
        let looped = "buy a cheap phone here today and ".repeat(20);
        assert!(repetition(&looped).seen > 80);
        assert!(Grams::new(&looped).repeated(5) > 800);
        assert!(Grams::new(&"good price ".repeat(9)).top(2) > 800);
        assert_eq!(Grams::new("").repeated(5), 0);
    }
}
