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

    /// With the bits of `bits` set.
    #[inline(always)]
    pub(super) fn or(self, bits: u8) -> Self {
        Self(self.0 | bits)
    }
}

/// One bit for each byte of the block, the first byte lowest.
#[inline(always)]
pub(super) fn bits<S: Simd>(mask: mask8x64<S>) -> u64 {
    mask.to_bitmask()
}

/// Bytes of a text by kind: ASCII letters, lead bytes in `low..=high`, and all lead bytes.
pub(crate) fn count_leads(text: &str, low: u8, high: u8) -> (usize, usize, usize) {
    dispatch!(*LEVEL, simd => count_leads_in(simd, text.as_bytes(), low, high))
}

#[inline(always)]
fn count_leads_in<S: Simd>(simd: S, bytes: &[u8], low: u8, high: u8) -> (usize, usize, usize) {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let (mut ascii, mut own, mut leads) = (0, 0, 0);
    for block in blocks.iter().chain(std::iter::once(&last)) {
        let block = Bytes(u8x64::from_slice(simd, block));
        ascii += bits(block.or(0x20).within(b'a', b'z')).count_ones();
        own += bits(block.within(low, high)).count_ones();
        leads += bits(block.from(0xC2)).count_ones();
    }
    (ascii as usize, own as usize, leads as usize)
}
