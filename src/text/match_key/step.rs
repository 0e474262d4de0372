//! The matching key of a text in NFC: blocks of bytes, and single code points where they are odd.

use super::lanes::{self, Carry};
use super::{Mapped, Writer, map};
use crate::text::nfc;
use crate::text::scan::touches_nfc;
use crate::text::simd::{Around, BLOCK, CONTEXT, LEVEL, PAD, window};
use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch};
use std::sync::{LazyLock, OnceLock};

/// Bytes of a mapped code point in the fast table: two bytes of UTF-8, their number, and a mark for
/// those that need the slow way.
type Entry = [u8; 4];

/// This code point may make the text need NFC, or maps to more than two bytes.
const SLOW: u8 = 1;

/// Mapping of every code point of one or two bytes.
static TABLE: LazyLock<Box<[Entry; 0x800]>> = LazyLock::new(|| {
    let mut table = Box::new([[0, 0, 0, SLOW]; 0x800]);
    for c in '\0'..='\u{7FF}' {
        let slot = &mut table[c as usize];
        let arabic = ('\u{600}'..='\u{6FF}').contains(&c);
        if !arabic && (nfc::combining_class(c) != 0 || !nfc::is_nfc_decided(c.encode_utf8(&mut [0; 4]))) {
            continue;
        }
        let mapped = match map(c) {
            Mapped::Drop => Some(None),
            Mapped::Space => Some(Some(' ')),
            Mapped::One(one) if one < '\u{800}' => Some(Some(one)),
            _ => None,
        };
        *slot = match mapped {
            None => continue,
            Some(None) => [0, 0, 0, 0],
            Some(Some(one)) => {
                let mut bytes = [0; 4];
                let len = one.encode_utf8(&mut bytes).len() as u8;
                [bytes[0], bytes[1], len, 0]
            }
        };
    }
    table
});

/// Mapping of the code points of three bytes, 256 at a time, each block made when first needed.
static BLOCKS: [OnceLock<Box<[u16; 256]>>; 256] = [const { OnceLock::new() }; 256];

/// In [`BLOCKS`]: dropped.
const DROPPED: u16 = 0;
/// In [`BLOCKS`]: becomes several code points.
const SEVERAL: u16 = u16::MAX;
/// In [`BLOCKS`]: NFC may depend on what stands before.
const MARK: u16 = u16::MAX - 1;

fn block_entry(code: usize) -> u16 {
    let block = BLOCKS[code >> 8 & 0xFF].get_or_init(|| {
        let mut block = Box::new([SEVERAL; 256]);
        for (low, slot) in block.iter_mut().enumerate() {
            let Some(c) = char::from_u32((code & !0xFF | low) as u32) else {
                continue;
            };
            *slot = if may_need_nfc(c) {
                MARK
            } else {
                match map(c) {
                    Mapped::Drop => DROPPED,
                    Mapped::Space => u16::from(b' '),
                    Mapped::One(one) => u16::try_from(u32::from(one)).unwrap_or(SEVERAL),
                    Mapped::Compatibility => SEVERAL,
                }
            };
        }
        block
    });
    block[code & 0xFF]
}

/// Whether a mark at `at` leaves the text, and each step of its mapping, in NFC.
fn stays_normal(text: &str, at: usize, mark: char) -> bool {
    let mut before = text[..at].chars().rev();
    let Some(last) = before.next() else {
        return !touches_nfc(None, mark);
    };
    if touches_nfc(Some(last), mark) {
        return false;
    }
    let kept = std::iter::once(last)
        .chain(before)
        .find(|&c| !matches!(map(c), Mapped::Drop));
    let Some(kept) = kept else { return true };
    let mapped = match map(mark) {
        Mapped::Drop => return true,
        Mapped::One(one) => one,
        Mapped::Space | Mapped::Compatibility => return false,
    };
    let low = match map(kept) {
        Mapped::One(one) => one,
        // Keeps what becomes a space: a mark may compose with it.
        Mapped::Space => kept,
        Mapped::Drop | Mapped::Compatibility => return false,
    };
    let small = |c: char| c.to_lowercase().next().unwrap_or(c);
    [kept, small(kept), low]
        .into_iter()
        .all(|kept| !touches_nfc(Some(kept), mark) && !touches_nfc(Some(kept), mapped))
}

/// A block that ends this early is followed by as many code points as [`STEPS`] bytes hold, so that a
/// text of a script without lanes is not folded a block for each letter.
const EARLY: usize = 16;
/// See [`EARLY`].
const STEPS: usize = 32;

/// Maps a text that needs no NFC. False when it met a code point that might.
pub(super) fn fast_key(text: &str, out: &mut Vec<u8>) -> bool {
    fast_key_at(*LEVEL, text, out)
}

pub(super) fn fast_key_at(level: Level, text: &str, out: &mut Vec<u8>) -> bool {
    let mut writer = Writer::new(out, text);
    let normal = dispatch!(level, simd => run(simd, text, &mut writer));
    writer.finish();
    normal
}

#[inline(always)]
fn run<S: Simd>(simd: S, text: &str, writer: &mut Writer<'_>) -> bool {
    let bytes = text.as_bytes();
    let mut space = [PAD; CONTEXT + BLOCK + CONTEXT];
    let mut at = 0;
    let mut carry = Carry::at_start(writer.last_is_space);
    while at < bytes.len() {
        let size = (bytes.len() - at).min(BLOCK);
        let window = window(bytes, at, &mut space);
        let folded = lanes::fold(simd, Around::new(simd, window), size, carry);
        writer.room();
        if let Some(slot) = writer.out.get_mut(writer.len..writer.len + BLOCK) {
            folded.bytes.store_slice(slot);
        }
        writer.len += folded.len;
        carry = folded.carry;
        if folded.read == size {
            // Where the next block begins does not wait for what this one holds.
            at += size;
            continue;
        }
        at += folded.read;
        let until = if folded.read < EARLY { at + STEPS } else { at + 1 };
        writer.last_is_space = carry.last_is_space;
        match steps(text, at, until, writer) {
            Some(next) => at = next,
            None => return false,
        }
        carry = Carry::at_start(writer.last_is_space);
    }
    writer.last_is_space = carry.last_is_space;
    true
}

/// Maps code points one by one from `at`, a boundary, up to `until` at least; where it ended, or
/// `None` before one that may need NFC.
#[inline(never)]
fn steps(text: &str, mut at: usize, until: usize, writer: &mut Writer<'_>) -> Option<usize> {
    let table = &**TABLE;
    let until = until.min(text.len());
    let mut rest = text.get(at..)?.chars();
    while at < until {
        let c = rest.next()?;
        let code = c as usize;
        match table.get(code) {
            Some(&[a, b, len, 0]) => {
                let space = a == b' ';
                if len > 0 && !(space && writer.last_is_space) {
                    writer.room();
                    writer.out[writer.len..writer.len + 2].copy_from_slice(&[a, b]);
                    writer.len += usize::from(len);
                    writer.last_is_space = space;
                }
            }
            Some(_) => check(text, at, c, writer)?,
            None => match if code <= 0xFFFF { block_entry(code) } else { MARK } {
                DROPPED => {}
                MARK => check(text, at, c, writer)?,
                SEVERAL => writer.mapped(c),
                one => writer.char(char::from_u32(u32::from(one)).unwrap_or(c)),
            },
        }
        at += c.len_utf8();
    }
    Some(at)
}

/// Maps a code point, unless NFC may change the text because of it.
fn check(text: &str, at: usize, c: char, writer: &mut Writer<'_>) -> Option<()> {
    if may_need_nfc(c) && !stays_normal(text, at, c) {
        return None;
    }
    writer.mapped(c);
    Some(())
}

/// Whether NFC may change a text because this code point is in it. Arabic marks never count: they
/// are dropped, and what they compose to folds to its base.
fn may_need_nfc(c: char) -> bool {
    match c {
        '\u{1E00}'..='\u{1EF9}' | '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{3029}' => false,
        '\u{3041}'..='\u{3096}' | '\u{309B}'..='\u{D7A3}' => false,
        '\u{600}'..='\u{6FF}' => false,
        c => {
            nfc::combining_class(c) != 0
                || !matches!(
                    unicode_normalization::is_nfc_quick(std::iter::once(c)),
                    unicode_normalization::IsNormalized::Yes
                )
        }
    }
}
