//! Vectors of 64 bytes: what the scan and the folds share.
//!
//! The instructions are chosen when the program runs (AVX-512, AVX2, SSE, NEON, or plain code), by a
//! crate whose interface is safe. Functions that take a [`Simd`] token are always inlined into the one
//! that dispatched, which is how their vectors become instructions of that level.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, mask8x64, u8x64};
use std::sync::LazyLock;

/// What this machine can do.
pub(super) static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

/// Every level of this machine, the least first: what runs on others must say the same.
#[cfg(test)]
pub(crate) fn levels() -> Vec<Level> {
    let lower: &[Option<Level>] = &[
        #[cfg(target_arch = "x86_64")]
        LEVEL.as_sse2().map(Level::Sse2),
        #[cfg(target_arch = "x86_64")]
        LEVEL.as_sse4_2().map(Level::Sse4_2),
        #[cfg(target_arch = "x86_64")]
        LEVEL.as_avx2().map(Level::Avx2),
    ];
    lower.iter().flatten().copied().chain([*LEVEL]).collect()
}

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;
/// Bytes of context on either side of a block.
pub(super) const CONTEXT: usize = 4;
/// A block with its context.
pub(super) type Window = [u8; CONTEXT + BLOCK + CONTEXT];

/// The block of a window, and its neighbours.
#[derive(Clone, Copy)]
pub(super) struct Around<'w, S: Simd> {
    simd: S,
    window: &'w Window,
}

/// A vector of bytes with comparisons to constants.
#[derive(Clone, Copy)]
pub(super) struct Bytes<S: Simd>(pub(super) u8x64<S>);

impl<'w, S: Simd> Around<'w, S> {
    /// The block in the middle of a window.
    #[inline(always)]
    pub(super) fn new(simd: S, window: &'w Window) -> Self {
        Self { simd, window }
    }

    /// The block itself.
    #[inline(always)]
    pub(super) fn here(self) -> Bytes<S> {
        self.shifted::<CONTEXT>()
    }

    /// The byte before the block.
    #[inline(always)]
    pub(super) fn last_before(self) -> u8 {
        self.window[CONTEXT - 1]
    }

    /// The two bytes before the block.
    #[inline(always)]
    pub(super) fn two_before(self) -> (u8, u8) {
        (self.window[CONTEXT - 2], self.window[CONTEXT - 1])
    }

    /// For each byte of the block the one `N` places before it; at most [`CONTEXT`].
    #[inline(always)]
    pub(super) fn before<const N: usize>(self) -> Bytes<S> {
        Bytes(u8x64::from_slice(
            self.simd,
            &self.window[CONTEXT - N..CONTEXT - N + BLOCK],
        ))
    }

    /// For each byte of the block the one `N` places after it; at most [`CONTEXT`].
    #[inline(always)]
    pub(super) fn after<const N: usize>(self) -> Bytes<S> {
        Bytes(u8x64::from_slice(
            self.simd,
            &self.window[CONTEXT + N..CONTEXT + N + BLOCK],
        ))
    }

    #[inline(always)]
    fn shifted<const AT: usize>(self) -> Bytes<S> {
        Bytes(u8x64::from_slice(self.simd, &self.window[AT..AT + BLOCK]))
    }
}

impl<S: Simd> Bytes<S> {
    /// Where the byte is this one.
    #[inline(always)]
    pub(super) fn is(self, byte: u8) -> mask8x64<S> {
        self.0.simd_eq(byte)
    }

    /// Where the byte is at most this one.
    #[inline(always)]
    pub(super) fn to(self, high: u8) -> mask8x64<S> {
        self.0.simd_le(high)
    }

    /// Where the byte is at least this one.
    #[inline(always)]
    pub(super) fn from(self, low: u8) -> mask8x64<S> {
        self.0.simd_ge(low)
    }

    /// Where the byte is in `low..=high`.
    #[inline(always)]
    pub(super) fn within(self, low: u8, high: u8) -> mask8x64<S> {
        (self.0 - low).simd_le(high - low)
    }

    /// Where the bytes of two vectors are equal.
    #[inline(always)]
    pub(super) fn equals(self, other: Self) -> mask8x64<S> {
        self.0.simd_eq(other.0)
    }

    /// With the bits of `bits` set.
    #[inline(always)]
    pub(super) fn or(self, bits: u8) -> Self {
        Self(self.0 | bits)
    }
}

/// Stands for what is before and after a text: raises nothing beside anything.
pub(super) const PAD: u8 = b'.';

/// The window whose block begins at `at`, from the bytes themselves or padded in `space`.
#[inline(always)]
pub(super) fn window<'b>(bytes: &'b [u8], at: usize, space: &'b mut Window) -> &'b Window {
    let inner = at
        .checked_sub(CONTEXT)
        .and_then(|start| bytes.get(start..)?.first_chunk::<{ CONTEXT + BLOCK + CONTEXT }>());
    if let Some(window) = inner {
        return window;
    }
    *space = [PAD; CONTEXT + BLOCK + CONTEXT];
    let from = at.saturating_sub(CONTEXT);
    let to = (at + BLOCK + CONTEXT).min(bytes.len());
    let place = CONTEXT - (at - from);
    space[place..place + to - from].copy_from_slice(&bytes[from..to]);
    space
}

/// The lowest `count` bits.
#[inline(always)]
pub(super) const fn low(count: usize) -> u64 {
    if count >= BLOCK {
        u64::MAX
    } else {
        (1 << count) - 1
    }
}

/// One bit for each byte of the block, the first byte lowest.
#[inline(always)]
pub(super) fn bits<S: Simd>(mask: mask8x64<S>) -> u64 {
    mask.to_bitmask()
}

/// Numbers of bytes of a text, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Leads {
    /// ASCII letters.
    pub(crate) ascii: usize,
    /// Lead bytes of the wanted script.
    pub(crate) own: usize,
    /// All lead bytes.
    pub(crate) all: usize,
}

/// Counts lead bytes; those of a script are in `leads`, followed by a byte in `second` where that is
/// given.
pub(crate) fn count_leads(text: &str, leads: (u8, u8), second: Option<(u8, u8)>) -> Leads {
    dispatch!(*LEVEL, simd => count_leads_in(simd, text.as_bytes(), leads, second))
}

#[inline(always)]
fn count_leads_in<S: Simd>(simd: S, bytes: &[u8], leads: (u8, u8), second: Option<(u8, u8)>) -> Leads {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let mut counts = Leads::default();
    let mut lead_before = 0;
    for block in blocks.iter().chain(std::iter::once(&last)) {
        let block = Bytes(u8x64::from_slice(simd, block));
        counts.ascii += bits(block.or(0x20).within(b'a', b'z')).count_ones() as usize;
        counts.all += bits(block.from(0xC2)).count_ones() as usize;
        let own = bits(block.within(leads.0, leads.1));
        let counted = match second {
            None => own,
            Some((low, high)) => (own << 1 | lead_before) & bits(block.within(low, high)),
        };
        lead_before = own >> 63;
        counts.own += counted.count_ones() as usize;
    }
    counts
}

/// Calls `line` with the end of each line, and the spaces in it. Behind a final LF stands one more.
pub(super) fn for_each_line(text: &str, mut line: impl FnMut(usize, usize)) {
    dispatch!(*LEVEL, simd => for_each_line_in(simd, text.as_bytes(), &mut line));
}

#[inline(always)]
fn for_each_line_in<S: Simd>(simd: S, bytes: &[u8], line: &mut impl FnMut(usize, usize)) {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let (mut base, mut count) = (0, 0);
    for block in blocks.iter().chain(std::iter::once(&last)) {
        let block = Bytes(u8x64::from_slice(simd, block));
        let mut spaces = bits(block.is(b' '));
        let mut feeds = bits(block.is(b'\n'));
        while feeds != 0 {
            let at = feeds.trailing_zeros() as usize;
            count += (spaces & low(at)).count_ones() as usize;
            line(base + at, count);
            count = 0;
            spaces &= !low(at);
            feeds &= feeds - 1;
        }
        count += spaces.count_ones() as usize;
        base += BLOCK;
    }
    line(bytes.len(), count);
}

/// Calls `gap` with the place of each space and LF.
pub(crate) fn for_each_gap(text: &str, mut gap: impl FnMut(usize)) {
    dispatch!(*LEVEL, simd => for_each_gap_in(simd, text.as_bytes(), &mut gap));
}

#[inline(always)]
fn for_each_gap_in<S: Simd>(simd: S, bytes: &[u8], gap: &mut impl FnMut(usize)) {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    for (index, block) in blocks.iter().chain(std::iter::once(&last)).enumerate() {
        let block = Bytes(u8x64::from_slice(simd, block));
        let mut gaps = bits(block.is(b' ') | block.is(b'\n'));
        while gaps != 0 {
            gap(index * BLOCK + gaps.trailing_zeros() as usize);
            gaps &= gaps - 1;
        }
    }
}

/// Whether a text has more than `n` words, where bytes tell: what follows ASCII white space is counted,
/// and what begins with the lead byte of another white space may be a word, or two with a space between.
pub(crate) fn has_more_words(text: &str, n: usize) -> Option<bool> {
    // A word and its space take two bytes at least.
    if text.len() <= 2 * n {
        return Some(false);
    }
    dispatch!(*LEVEL, simd => has_more_words_in(simd, text.as_bytes(), n))
}

#[inline(always)]
fn has_more_words_in<S: Simd>(simd: S, bytes: &[u8], n: usize) -> Option<bool> {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let mut last = [b' '; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let mut space_before = 1;
    let (mut least, mut most) = (0, 0);
    for block in blocks.iter().chain(std::iter::once(&last)) {
        let block = Bytes(u8x64::from_slice(simd, block));
        let space = bits(block.is(b' ') | block.within(b'\t', b'\r'));
        let unsure = bits(block.is(0xC2) | block.within(0xE1, 0xE3));
        let starts = !space & (space << 1 | space_before);
        space_before = space >> 63;
        least += (starts & !unsure).count_ones() as usize;
        most += (starts.count_ones() + unsure.count_ones()) as usize;
        if least > n {
            return Some(true);
        }
    }
    (most <= n).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_are_counted_across_blocks() {
        for before in 0..70 {
            let text = "a".repeat(before) + "ก ab العربية กก";
            let thai = count_leads(&text, (0xE0, 0xE0), Some((0xB8, 0xB9)));
            assert_eq!((thai.ascii, thai.own, thai.all), (before + 2, 3, 10));
            assert_eq!(count_leads(&text, (0xD8, 0xDB), None).own, 7);
        }
        assert_eq!(count_leads("", (0xD8, 0xDB), None), Leads::default());
    }

    #[test]
    fn words_are_never_too_many_nor_too_few() {
        for words in [0, 1, 30, 31, 32, 33, 200] {
            for text in [
                "ab ".repeat(words),
                "كلمة ".repeat(words),
                "\u{a0}x\u{2003}".repeat(words),
                "«x» a\u{a0}b ".repeat(words),
            ] {
                let real = text.split_whitespace().count();
                assert_ne!(has_more_words(&text, real), Some(true), "{words}");
                if real > 0 {
                    assert_ne!(has_more_words(&text, real - 1), Some(false), "{words}");
                }
            }
        }
        assert_eq!(has_more_words(&"كلمة ".repeat(200), 100), Some(true));
        assert_eq!(has_more_words(&"كلمة ".repeat(100), 100), Some(false));
        assert_eq!(has_more_words(&"كلمة «ب» ".repeat(60), 120), None);
    }
}
