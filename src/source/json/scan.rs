//! Finding the end of a run of plain string bytes.
//!
//! Long runs are tested by vectors, with instructions chosen when the program runs; short ones with
//! ordinary integers.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x64};
use std::sync::LazyLock;

/// Bytes tested in one step.
const BLOCK: usize = 64;

/// What this machine can do.
static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The first byte at or after `from` that is a quote, a backslash or below 0x20; the length of
/// `bytes` if there is none.
#[inline]
pub(super) fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    // Names and short values end within two words.
    for _ in 0..2 {
        let Some(found) = in_word(bytes, at) else { break };
        if found < 8 {
            return at + found;
        }
        at += 8;
    }
    long_end(bytes, at)
}

fn long_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    if bytes.len().saturating_sub(from) >= BLOCK {
        at = dispatch!(*LEVEL, simd => blocks_end(simd, bytes, from));
        if bytes.len() - at >= BLOCK {
            return at;
        }
    }
    while let Some(found) = in_word(bytes, at) {
        if found < 8 {
            return at + found;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter()
        .position(|&byte| ends(byte))
        .map_or(bytes.len(), |found| at + found)
}

/// The first end from `from` on, or a place behind which there is no whole block.
#[inline(always)]
fn blocks_end<S: Simd>(simd: S, bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>) {
        let block = u8x64::from_slice(simd, block);
        let ends = block.simd_eq(b'"') | block.simd_eq(b'\\') | block.simd_le(0x1F);
        let ends = ends.to_bitmask();
        if ends != 0 {
            return at + ends.trailing_zeros() as usize;
        }
        at += BLOCK;
    }
    at
}

#[inline]
fn ends(byte: u8) -> bool {
    byte == b'"' || byte == b'\\' || byte < 0x20
}

/// The first end among the eight bytes at `at`, 8 if there is none; `None` where fewer are left.
#[inline]
fn in_word(bytes: &[u8], at: usize) -> Option<usize> {
    let word = u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    // Sets the top bit of each byte that is zero. A borrow can set it in a later byte too, which
    // does not matter for the first one.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let found = zero(word ^ (ONES * u64::from(b'"')))
        | zero(word ^ (ONES * u64::from(b'\\')))
        | zero(word & (ONES * 0xe0));
    Some(found.trailing_zeros() as usize / 8)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..150 {
                for fill in [b'a', 0x80, 0xff, b'!', b'#'] {
                    let mut bytes = vec![fill; 150];
                    bytes[place] = byte;
                    let end = if ends(byte) { place } else { 150 };
                    assert_eq!(string_end(&bytes, 0), end, "{byte} {place} {fill}");
                    assert_eq!(string_end(&bytes, place + 1), 150);
                }
            }
        }
    }
}
