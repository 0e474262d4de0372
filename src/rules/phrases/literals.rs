//! Finds every phrase of the tables in a folded line.
//!
//! At each character the next four bytes, and then eight, are looked up in bitmaps of the phrases'
//! beginnings, which say no nearly always; what is left is compared. Phrases that begin a line are
//! only tried there.

/// Bits of a bitmap, as a power of two.
const BITS: u32 = 16;
/// Multiplier of Fibonacci hashing: 2^64 divided by the golden ratio (Knuth, TAOCP 6.4).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
/// Bytes by which a phrase is looked up.
const SHORT: usize = 4;
/// The same for phrases that have as many.
const LONG: usize = 8;

/// A set of numbers that sometimes says yes to one it does not hold.
#[derive(Debug)]
struct Bitmap(Box<[u64; 1 << (BITS - 6)]>);

impl Bitmap {
    fn new() -> Self {
        Self(Box::new([0; 1 << (BITS - 6)]))
    }

    fn add(&mut self, key: u64) {
        let bit = slot(key);
        self.0[bit >> 6] |= 1 << (bit & 63);
    }

    #[inline]
    fn may_hold(&self, key: u64) -> bool {
        let bit = slot(key);
        self.0[bit >> 6] >> (bit & 63) & 1 == 1
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

const fn short(eight: u64) -> u64 {
    eight & 0xFFFF_FFFF
}

/// Phrases, by their first bytes.
#[derive(Debug)]
struct Starts {
    /// First bytes of phrases of at least [`SHORT`] bytes.
    any: Bitmap,
    /// First bytes of those of fewer than [`LONG`] bytes.
    short: Bitmap,
    /// First bytes of phrases of at least [`LONG`] bytes.
    long: Bitmap,
    /// Whether a phrase of fewer than [`SHORT`] bytes begins with this byte.
    tiny: [bool; 256],
    /// Phrases by number, sorted by the bytes that they are looked up by.
    long_phrases: Vec<(u64, u16)>,
    short_phrases: Vec<(u64, u16)>,
    tiny_phrases: Vec<(u8, u16)>,
}

impl Starts {
    fn new() -> Self {
        Self {
            any: Bitmap::new(),
            short: Bitmap::new(),
            long: Bitmap::new(),
            tiny: [false; 256],
            long_phrases: Vec::new(),
            short_phrases: Vec::new(),
            tiny_phrases: Vec::new(),
        }
    }

    fn add(&mut self, phrase: &str, index: u16) {
        let bytes = phrase.as_bytes();
        let eight = load(bytes, 0);
        if bytes.len() < SHORT {
            if let Some(&first) = bytes.first() {
                self.tiny[usize::from(first)] = true;
                self.tiny_phrases.push((first, index));
            }
            return;
        }
        self.any.add(short(eight));
        if bytes.len() < LONG {
            self.short.add(short(eight));
            self.short_phrases.push((short(eight), index));
        } else {
            self.long.add(eight);
            self.long_phrases.push((eight, index));
        }
    }

    /// Makes the phrases findable, once all are added.
    fn sorted(mut self) -> Self {
        self.short_phrases.sort_unstable();
        self.long_phrases.sort_unstable();
        self
    }

    /// Calls `candidate` with every phrase that may stand where these bytes do.
    #[inline]
    fn at(&self, first: u8, eight: u64, mut candidate: impl FnMut(u16)) {
        if self.tiny[usize::from(first)] {
            let same = self.tiny_phrases.iter().filter(|(other, _)| *other == first);
            same.for_each(|&(_, phrase)| candidate(phrase));
        }
        if !self.any.may_hold(short(eight)) {
            return;
        }
        if self.short.may_hold(short(eight)) {
            equal(&self.short_phrases, short(eight)).for_each(&mut candidate);
        }
        if self.long.may_hold(eight) {
            equal(&self.long_phrases, eight).for_each(&mut candidate);
        }
    }
}

/// The phrases with this key.
fn equal(sorted: &[(u64, u16)], key: u64) -> impl Iterator<Item = u16> {
    let from = sorted.partition_point(|(other, _)| *other < key);
    sorted[from..]
        .iter()
        .take_while(move |(other, _)| *other == key)
        .map(|(_, phrase)| *phrase)
}

/// All phrases that are no whole lines.
#[derive(Debug)]
pub(super) struct Literals {
    phrases: Vec<String>,
    anywhere: Starts,
    /// Phrases that must begin the line.
    at_start: Starts,
}

impl Literals {
    /// Phrases, already folded, with whether each must begin the line.
    pub(super) fn new(phrases: Vec<String>, begins: &[bool]) -> Self {
        let (mut anywhere, mut at_start) = (Starts::new(), Starts::new());
        for (index, phrase) in phrases.iter().enumerate() {
            let starts = if begins.get(index) == Some(&true) {
                &mut at_start
            } else {
                &mut anywhere
            };
            starts.add(phrase, index as u16);
        }
        Self {
            phrases,
            anywhere: anywhere.sorted(),
            at_start: at_start.sorted(),
        }
    }

    /// Calls `found` with the phrase and its place for every one that stands in `line`; those that
    /// must begin it are looked for at its start and at `inner`.
    pub(super) fn find(&self, line: &str, inner: usize, mut found: impl FnMut(usize, usize, usize)) {
        let bytes = line.as_bytes();
        let mut compare = |at: usize, phrase: u16| {
            let literal = self.phrases[phrase as usize].as_bytes();
            if bytes[at..].starts_with(literal) {
                found(phrase as usize, at, at + literal.len());
            }
        };
        for at in [Some(0), (inner > 0).then_some(inner)].into_iter().flatten() {
            if let Some(&first) = bytes.get(at) {
                self.at_start
                    .at(first, load(bytes, at), |phrase| compare(at, phrase));
            }
        }
        for (at, &first) in bytes.iter().enumerate() {
            if first & 0xC0 != 0x80 {
                self.anywhere
                    .at(first, load(bytes, at), |phrase| compare(at, phrase));
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
