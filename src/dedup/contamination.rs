//! Contamination: passages of a text that stand in an evaluation set too.
//!
//! Texts are compared by runs of words of their matching keys, as long as `n` words at least. In
//! scripts without spaces a character is a unit, and counts as much of a word as it does in
//! [`crate::text::words`]: 0.6 of Han and Kana, a quarter of Thai, Lao, Khmer and Burmese. Every unit
//! begins one window, the shortest that is `n` words long: equal passages have equal windows, wherever
//! they stand.

use crate::record::Span;
use crate::text::class::{self, Kind};
use crate::text::match_key::match_key;
use xxhash_rust::xxh3::xxh3_64;

/// Weight of a word of a script with spaces; the others are parts of it.
const WORD: u32 = 20;
const IDEOGRAPH: u32 = 12;
const UNSPACED: u32 = 5;

/// Base of the polynomial hash of a window: any odd number with well mixed bits.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Bytes of memory that one window of an evaluation set takes, at most.
pub const WINDOW_BYTES: u64 = 24;

/// What a character is to the units of a key.
fn weight_of(c: char) -> u32 {
    // Below stand no scripts without spaces.
    if c < '\u{E00}' {
        return WORD;
    }
    let class = class::class(c);
    match class.kind() {
        Kind::Letter | Kind::Digit | Kind::Number | Kind::Mark => {
            let script = class.script();
            if script.is_ideographic() || c == '\u{30FC}' {
                IDEOGRAPH
            } else if script.is_unspaced_alphabet() {
                UNSPACED
            } else {
                WORD
            }
        }
        _ => WORD,
    }
}

/// Calls `each` with the units of a matching key and their weights.
fn units(key: &str, mut each: impl FnMut(&str, u32)) {
    let mut word = 0;
    for (at, c) in key.char_indices() {
        let weight = if c == ' ' { 0 } else { weight_of(c) };
        if weight == WORD {
            continue;
        }
        if word < at {
            each(&key[word..at], WORD);
        }
        word = at + c.len_utf8();
        if weight > 0 {
            each(&key[at..word], weight);
        }
    }
    if word < key.len() {
        each(&key[word..], WORD);
    }
}

/// Buffers of one thread.
#[derive(Debug, Default)]
pub struct Scratch {
    key: Vec<u8>,
    /// Hash of the units before each place, and their weight together.
    sums: Vec<(u64, u32)>,
}

/// The windows of texts: how long they are, and their hashes.
#[derive(Debug, Clone)]
pub struct Windows {
    need: u32,
    powers: Vec<u64>,
}

impl Windows {
    /// Windows of `n` words.
    #[must_use]
    pub fn new(n: usize) -> Self {
        let need = u32::try_from(n).unwrap_or(u32::MAX / WORD).saturating_mul(WORD);
        let mut powers = vec![1_u64];
        for _ in 0..need.div_ceil(UNSPACED) {
            let last = powers.last().copied().unwrap_or(1);
            powers.push(last.wrapping_mul(BASE));
        }
        Self { need, powers }
    }

    /// Calls `each` with the hash, the first unit and the end of every window of a text; gives the
    /// number of its units.
    pub fn each(&self, text: &str, scratch: &mut Scratch, mut each: impl FnMut(u64, usize, usize)) -> usize {
        let Scratch { key, sums } = scratch;
        match_key(text, key);
        let key = simdutf8::basic::from_utf8(key).unwrap_or_default();
        let (mut hash, mut weight) = (0_u64, 0_u32);
        sums.clear();
        sums.push((0, 0));
        units(key, |unit, part| {
            hash = hash.wrapping_mul(BASE).wrapping_add(xxh3_64(unit.as_bytes()));
            weight = weight.wrapping_add(part);
            sums.push((hash, weight));
        });
        let mut end = 0;
        for (first, (before, start)) in sums.iter().enumerate() {
            while end < sums.len() && sums[end].1.wrapping_sub(*start) < self.need {
                end += 1;
            }
            let Some((upto, _)) = sums.get(end) else { break };
            let shifted = before.wrapping_mul(self.powers[end - first]);
            each(mix(upto.wrapping_sub(shifted)), first, end);
        }
        sums.len() - 1
    }
}

/// Spreads a sum over all bits: the table looks at the highest.
const fn mix(hash: u64) -> u64 {
    let hash = (hash ^ hash >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ hash >> 32
}

/// Windows of evaluation sets, each with the number of the first item that has it: sorted, with a
/// directory of their highest bits.
#[derive(Debug, Default)]
pub struct WindowSet {
    pairs: Vec<(u64, u32)>,
    starts: Vec<u32>,
    shift: u32,
}

impl WindowSet {
    /// The set of these (window, item); `None` when they are more than 4,294,967,295.
    #[must_use]
    pub fn new(mut pairs: Vec<(u64, u32)>) -> Option<Self> {
        pairs.sort_unstable();
        pairs.dedup_by_key(|pair| pair.0);
        pairs.shrink_to_fit();
        let len = u32::try_from(pairs.len()).ok()?;
        let bits = pairs.len().next_power_of_two().trailing_zeros().max(1);
        let shift = 64 - bits;
        let mut starts = vec![0; (1 << bits) + 1];
        for (hash, _) in &pairs {
            starts[(hash >> shift) as usize + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        debug_assert_eq!(sum, len);
        Some(Self { pairs, starts, shift })
    }

    /// How many windows it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    fn item(&self, hash: u64) -> Option<u32> {
        let bucket = (hash.checked_shr(self.shift)?) as usize;
        let from = *self.starts.get(bucket)? as usize;
        let to = *self.starts.get(bucket + 1)? as usize;
        let found = self.pairs[from..to].iter().find(|(known, _)| *known == hash);
        found.map(|(_, item)| *item)
    }
}

/// A passage that stands in an evaluation set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Its bytes in the text.
    pub span: Span,
    /// Its length in words.
    pub words: u32,
    /// The evaluation item that its first window is of.
    pub item: u32,
}

/// The evaluation sets that texts are compared with.
#[derive(Debug)]
pub struct Contamination {
    windows: Windows,
    set: WindowSet,
}

impl Contamination {
    /// Compares with these windows.
    #[must_use]
    pub const fn new(windows: Windows, set: WindowSet) -> Self {
        Self { windows, set }
    }

    /// The passages of a text that stand in an evaluation set, in order; overlapping windows are one
    /// passage.
    #[must_use]
    pub fn hits(&self, text: &str, scratch: &mut Scratch) -> Vec<Hit> {
        let mut found: Vec<(usize, usize, u32)> = Vec::new();
        let count = self.windows.each(text, scratch, |hash, first, end| {
            if let Some(item) = self.set.item(hash) {
                match found.last_mut() {
                    Some((_, last, _)) if first <= *last => *last = end,
                    _ => found.push((first, end, item)),
                }
            }
        });
        if found.is_empty() {
            return Vec::new();
        }
        let places = places(text, count);
        let span = |first: usize, end: usize| match &places {
            Some(places) => trimmed(text, Span::new(places[first].start, places[end - 1].end)),
            None => Span::new(0, text.len()),
        };
        let words = |first: usize, end: usize| {
            let weight = scratch.sums[end].1.wrapping_sub(scratch.sums[first].1);
            weight.div_ceil(WORD)
        };
        found
            .into_iter()
            .map(|(first, end, item)| Hit {
                span: span(first, end),
                words: words(first, end),
                item,
            })
            .collect()
    }
}

/// The piece of the text that each unit of its key comes from; `None` when the pieces do not give the
/// `count` units of the whole.
fn places(text: &str, count: usize) -> Option<Vec<Span>> {
    let mut places = Vec::with_capacity(count);
    let mut key = Vec::new();
    let mut piece = |start: usize, end: usize| {
        if start < end {
            match_key(&text[start..end], &mut key);
            let key = std::str::from_utf8(&key).unwrap_or_default();
            units(key, |_, _| places.push(Span::new(start, end)));
        }
    };
    let mut start = 0;
    let mut alone = false;
    for (at, c) in text.char_indices() {
        // A character of a script without spaces is a piece of its own, with the marks on it.
        let unit = weight_of(c) != WORD && !class::is_mark(c);
        if c.is_whitespace() || unit || (alone && !class::is_mark(c)) {
            piece(start, at);
            start = at;
            alone = unit;
        }
    }
    piece(start, text.len());
    (places.len() == count).then_some(places)
}

/// A span without the white space and punctuation around it.
fn trimmed(text: &str, span: Span) -> Span {
    let edge = |c: char| c.is_whitespace() || class::is_punctuation_or_symbol(c);
    let piece = &text[span.range()];
    // A mark stays with what it stands on.
    let start = match piece.trim_start_matches(edge) {
        rest if rest.starts_with(class::is_mark) => span.start,
        rest => span.end - rest.len(),
    };
    let end = span.start + piece.trim_end_matches(edge).len();
    if start < end { Span::new(start, end) } else { span }
}

#[cfg(test)]
#[path = "contamination_tests.rs"]
mod tests;
