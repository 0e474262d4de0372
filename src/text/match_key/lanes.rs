//! The matching key of a block of bytes at once.
//!
//! Every code point handled here has a key of the same number of bytes, or of one byte, or none, and
//! needs nothing but its neighbours to be decided. The rest is *odd*: the block ends there.

use crate::text::simd::{Around, bits, low};
use fearless_simd::prelude::*;
use fearless_simd::{Simd, mask8x64, u8x64};

/// The key of the beginning of a block.
pub(super) struct Folded<S: Simd> {
    /// The key's bytes, from the first one on.
    pub(super) bytes: u8x64<S>,
    /// Number of them.
    pub(super) len: usize,
    /// Bytes of text that were folded: up to the first odd code point, or the end.
    pub(super) read: usize,
    /// What the next block has to know.
    pub(super) carry: Carry,
}

/// What a block has to know of the one before it.
#[derive(Clone, Copy)]
pub(super) struct Carry {
    /// Whether a space is the last byte of the key so far.
    pub(super) last_is_space: bool,
    /// Of its first bytes those that end a code point without a trace, whose lead byte was before.
    pub(super) dropped: u64,
}

impl Carry {
    /// At the beginning of a code point.
    pub(super) const fn at_start(last_is_space: bool) -> Self {
        Self {
            last_is_space,
            dropped: 0,
        }
    }
}

/// A block on its way to its key.
struct State<S: Simd> {
    out: u8x64<S>,
    /// Bytes that leave no trace.
    dropped: u64,
    /// Bytes after which the next one leaves none.
    next: u64,
    /// Bytes after which the second next one leaves none.
    second_next: u64,
    /// Lead bytes of code points that must be decided one by one.
    odd: u64,
}

impl<S: Simd> State<S> {
    #[inline(always)]
    fn set(&mut self, simd: S, at: mask8x64<S>, byte: u8) {
        self.out = at.select(u8x64::splat(simd, byte), self.out);
    }

    #[inline(always)]
    fn add(&mut self, at: mask8x64<S>, byte: u8) {
        self.out = at.select(self.out + byte, self.out);
    }

    /// Code points of `size` bytes that become a space.
    #[inline(always)]
    fn space(&mut self, simd: S, lead: mask8x64<S>, size: u32) {
        self.set(simd, lead, b' ');
        self.drop_after(bits(lead), size);
    }

    /// Drops all but the first byte of code points of `size` bytes.
    #[inline(always)]
    fn drop_after(&mut self, lead: u64, size: u32) {
        self.next |= lead;
        if size == 3 {
            self.second_next |= lead;
        }
    }

    /// Drops code points of `size` bytes.
    #[inline(always)]
    fn drop(&mut self, lead: mask8x64<S>, size: u32) {
        let lead = bits(lead);
        self.dropped |= lead;
        self.drop_after(lead, size);
    }
}

/// Folds the first `size` bytes of a block. A code point may begin in one block and end in the next.
#[inline(always)]
pub(super) fn fold<S: Simd>(simd: S, block: Around<'_, S>, size: usize, carry: Carry) -> Folded<S> {
    let b0 = block.here();
    let mut state = State {
        out: b0.0,
        dropped: carry.dropped,
        next: 0,
        second_next: 0,
        odd: 0,
    };
    ascii(simd, block, &mut state);
    if bits(b0.from(0x80)) != 0 {
        outside_ascii(simd, block, &mut state);
    }
    let read = (state.odd.trailing_zeros() as usize).min(size);
    let gone = state.dropped | state.next << 1 | state.second_next << 2;
    let mut kept = !gone & low(read);
    let spaces = bits(state.out.simd_eq(b' ')) & kept;
    let last_is_space = if kept == 0 {
        carry.last_is_space
    } else {
        // The highest bit is that of a space.
        spaces > kept ^ spaces
    };
    kept &= !(spaces & after_space(spaces, gone, carry.last_is_space));
    let mut bytes = state.out;
    if kept != u64::MAX {
        bytes = bytes.compress(mask8x64::from_bitmask(simd, kept));
    }
    Folded {
        bytes,
        len: kept.count_ones() as usize,
        read,
        carry: Carry {
            last_is_space,
            dropped: state.next >> 63 | state.second_next >> 62,
        },
    }
}

/// The bytes whose neighbour in the key is a space, where the bytes of `gone` leave no trace.
#[inline(always)]
fn after_space(spaces: u64, gone: u64, last_is_space: bool) -> u64 {
    let mut after = spaces << 1 | u64::from(last_is_space);
    // Nearly always enough: what is dropped between two spaces is short.
    for _ in 0..3 {
        after |= (after & gone) << 1;
    }
    loop {
        let more = after | (after & gone) << 1;
        if more == after {
            return after;
        }
        after = more;
    }
}

/// Capitals become small; what is neither letter nor digit becomes a space, but controls go.
#[inline(always)]
fn ascii<S: Simd>(simd: S, block: Around<'_, S>, state: &mut State<S>) {
    let b0 = block.here();
    let lower = b0.or(0x20);
    let letter = lower.within(b'a', b'z');
    let other = b0.to(0x7F) & !letter & !b0.within(b'0', b'9');
    state.out = letter.select(lower.0, b0.0);
    state.set(simd, other, b' ');
    let control = (b0.to(0x1F) & !b0.within(b'\t', b'\r')) | b0.is(0x7F);
    state.dropped |= bits(control);
}

#[inline(always)]
fn outside_ascii<S: Simd>(simd: S, block: Around<'_, S>, state: &mut State<S>) {
    let b0 = block.here();
    let arabic = b0.within(0xD8, 0xDB);
    // A code point that ends here may have begun in the block before.
    let lead_before = block.last_before();
    let arabic_before = (0xD8..=0xDB).contains(&lead_before);
    if bits(arabic) != 0 || arabic_before {
        if bits(b0.within(0xD8, 0xD9)) != 0 || matches!(lead_before, 0xD8 | 0xD9) {
            self::arabic(simd, block, state);
        }
        if bits(b0.within(0xDA, 0xDB)) != 0 || matches!(lead_before, 0xDA | 0xDB) {
            persian(simd, block, state);
        }
    }
    let rest = b0.from(0xC2) & !arabic;
    if bits(rest) != 0 || (lead_before >= 0xC2 && !arabic_before) {
        others(simd, block, rest, state);
    }
}

/// Lead bytes 0xD8 and 0xD9: U+0600 to U+067F.
#[inline(always)]
fn arabic<S: Simd>(simd: S, block: Around<'_, S>, state: &mut State<S>) {
    let (p1, b0, b1) = (block.before::<1>(), block.here(), block.after::<1>());
    let (d8, d9) = (b0.is(0xD8), b0.is(0xD9));
    let (in_d8, in_d9) = (p1.is(0xD8), p1.is(0xD9));

    let comma = b1.is(0x8C) | b1.is(0x9B) | b1.is(0x9F);
    let signs = b1.within(0x90, 0x9A);
    state.odd |= bits(d8 & b1.to(0x9F) & !comma & !signs);
    let percent = d9 & b1.within(0xAA, 0xAD);
    let marks = d9 & (b1.is(0x80) | b1.within(0x8B, 0x9F) | b1.is(0xB0));
    let digits = d9 & b1.within(0xA0, 0xA9);

    // آ أ إ become ا; ؤ becomes و, ئ ى ي, ة ه; ٱ ا.
    state.set(simd, in_d8 & (b0.within(0xA2, 0xA3) | b0.is(0xA5)), 0xA7);
    state.set(simd, d8 & (b1.is(0xA4) | b1.is(0xA6) | b1.is(0xA9)), 0xD9);
    state.set(simd, in_d8 & b0.is(0xA4), 0x88);
    state.set(simd, (in_d8 & b0.is(0xA6)) | (in_d9 & b0.is(0x89)), 0x8A);
    state.set(simd, in_d8 & b0.is(0xA9), 0x87);
    state.set(simd, d9 & b1.is(0xB1), 0xD8);
    state.set(simd, in_d9 & b0.is(0xB1), 0xA7);
    state.add(in_d9 & b0.within(0xA0, 0xA9), b'0'.wrapping_sub(0xA0));
    state.dropped |= bits(digits);
    state.drop(marks | (d8 & signs), 2);
    state.space(simd, percent | (d8 & comma), 2);
}

/// Lead bytes 0xDA and 0xDB: U+0680 to U+06FF.
#[inline(always)]
fn persian<S: Simd>(simd: S, block: Around<'_, S>, state: &mut State<S>) {
    let (p1, b0, b1) = (block.before::<1>(), block.here(), block.after::<1>());
    let (da, db) = (b0.is(0xDA), b0.is(0xDB));
    let (in_da, in_db) = (p1.is(0xDA), p1.is(0xDB));

    let marks = b1.within(0x96, 0x9C) | b1.within(0x9F, 0xA4) | b1.within(0xA7, 0xA8) | b1.within(0xAA, 0xAD);
    let odd = b1.within(0x9D, 0x9E) | b1.within(0xA5, 0xA6) | b1.is(0xA9) | b1.within(0xBD, 0xBE);
    state.odd |= bits(db & odd);
    // ک becomes ك; ھ ہ ۂ ه; ی ي; ۀ ە; ۓ ے.
    let to_d9 = (da & (b1.is(0xA9) | b1.is(0xBE))) | (db & (b1.within(0x81, 0x82) | b1.is(0x8C)));
    state.set(simd, to_d9, 0xD9);
    state.set(simd, in_da & b0.is(0xA9), 0x83);
    state.set(
        simd,
        (in_da & b0.is(0xBE)) | (in_db & b0.within(0x81, 0x82)),
        0x87,
    );
    state.set(simd, in_db & b0.is(0x8C), 0x8A);
    state.set(simd, in_db & b0.is(0x80), 0x95);
    state.set(simd, in_db & b0.is(0x93), 0x92);
    state.add(in_db & b0.within(0xB0, 0xB9), b'0'.wrapping_sub(0xB0));
    state.dropped |= bits(db & b1.within(0xB0, 0xB9));
    state.drop(db & marks, 2);
    state.space(simd, db & b1.is(0x94), 2);
}

/// All other lead bytes.
#[inline(always)]
fn others<S: Simd>(simd: S, block: Around<'_, S>, rest: mask8x64<S>, state: &mut State<S>) {
    let b0 = block.here();
    let (second_before, lead_before) = block.two_before();
    // What the functions below handle; Hebrew letters stay as they are.
    let mut known = b0.is(0xD7) & block.after::<1>().within(0x90, 0xAA);
    if bits(b0.within(0xC2, 0xC3)) != 0 || lead_before == 0xC3 {
        known |= latin(simd, block, state);
    }
    if bits(b0.within(0xC4, 0xC5)) != 0 || matches!(lead_before, 0xC4 | 0xC5) {
        known |= latin_extended(block, state);
    }
    if bits(b0.within(0xD0, 0xD1)) != 0 || lead_before == 0xD0 {
        known |= cyrillic(simd, block, state);
    }
    if bits(b0.from(0xE0)) != 0 {
        known |= three_bytes(simd, block, state);
    }
    if bits(b0.is(0xE1)) != 0 || second_before == 0xE1 || lead_before == 0xE1 {
        known |= latin_additional(block, state);
    }
    state.odd |= bits(rest & !known);
}

/// Lead bytes 0xC2 and 0xC3: U+0080 to U+00FF.
#[inline(always)]
fn latin<S: Simd>(simd: S, block: Around<'_, S>, state: &mut State<S>) -> mask8x64<S> {
    let (p1, b0, b1) = (block.before::<1>(), block.here(), block.after::<1>());
    let (c2, c3) = (b0.is(0xC2), b0.is(0xC3));
    // Among the signs stand ª º µ and the numbers ² ³ ¹ ¼ ½ ¾; × and ÷ among letters; U+0085 among controls.
    let numbers = b1.within(0xB2, 0xB3) | b1.is(0xB5) | b1.within(0xB9, 0xBA) | b1.within(0xBC, 0xBE);
    let signs = b1.from(0xA0) & !(numbers | b1.is(0xAA) | b1.is(0xAD));
    let space = (c2 & (signs | b1.is(0x85))) | (c3 & b1.or(0x20).is(0xB7));
    let gone = c2 & ((b1.to(0x9F) & !b1.is(0x85)) | b1.is(0xAD));
    let capital = p1.is(0xC3) & b0.to(0x9E);
    state.out = capital.select(state.out | 0x20, state.out);
    state.space(simd, space, 2);
    state.drop(gone, 2);
    c2 | c3
}

/// Lead bytes 0xC4 and 0xC5: U+0100 to U+017F, in which capitals and small letters take turns.
#[inline(always)]
fn latin_extended<S: Simd>(block: Around<'_, S>, state: &mut State<S>) -> mask8x64<S> {
    let (p1, b0, b1) = (block.before::<1>(), block.here(), block.after::<1>());
    let (c4, c5) = (b0.is(0xC4), b0.is(0xC5));
    let (in_c4, in_c5) = (p1.is(0xC4), p1.is(0xC5));
    // İ, Ŀ and Ÿ become something of another block.
    let odd = (c4 & (b1.is(0xB0) | b1.is(0xBF))) | (c5 & b1.is(0xB8));
    let even_capital = (in_c4 & b0.to(0xB7)) | (in_c5 & b0.within(0x8A, 0xB7));
    let odd_capital = ((in_c4 | in_c5) & b0.within(0xB9, 0xBE)) | (in_c5 & b0.within(0x81, 0x88));
    state.out = even_capital.select(state.out | 1, state.out);
    state.out = odd_capital.select(state.out + (state.out & 1), state.out);
    (c4 | c5) & !odd
}

/// U+1E00 to U+1EFF, as Vietnamese has them, but for those that take no turns.
#[inline(always)]
fn latin_additional<S: Simd>(block: Around<'_, S>, state: &mut State<S>) -> mask8x64<S> {
    let (p2, p1) = (block.before::<2>(), block.before::<1>());
    let (b0, b1, b2) = (block.here(), block.after::<1>(), block.after::<2>());
    let last = p2.is(0xE1) & p1.within(0xB8, 0xBB);
    state.out = last.select(state.out | 1, state.out);
    b0.is(0xE1) & b1.within(0xB8, 0xBB) & !(b1.is(0xBA) & b2.within(0x96, 0x9F))
}

/// Lead bytes 0xD0 and 0xD1: U+0400 to U+047F, of which Russian and its sisters use the first half.
#[inline(always)]
fn cyrillic<S: Simd>(simd: S, block: Around<'_, S>, state: &mut State<S>) -> mask8x64<S> {
    let (p1, b0, b1) = (block.before::<1>(), block.here(), block.after::<1>());
    let (d0, in_d0) = (b0.is(0xD0), p1.is(0xD0));
    state.set(simd, d0 & (b1.to(0x8F) | b1.within(0xA0, 0xAF)), 0xD1);
    state.add(in_d0 & b0.to(0x8F), 0x10);
    state.add(in_d0 & b0.within(0x90, 0x9F), 0x20);
    state.add(in_d0 & b0.within(0xA0, 0xAF), 0x20_u8.wrapping_neg());
    d0 | (b0.is(0xD1) & b1.to(0x9F))
}

/// Lead bytes from 0xE0.
#[inline(always)]
fn three_bytes<S: Simd>(simd: S, block: Around<'_, S>, state: &mut State<S>) -> mask8x64<S> {
    let (b0, b1, b2) = (block.here(), block.after::<1>(), block.after::<2>());
    // Han but for the hexagrams U+4DC0 to U+4DFF; Hangul syllables.
    let han = b0.within(0xE4, 0xE9) & !(b0.is(0xE4) & b1.is(0xB7));
    let hangul = b0.within(0xEB, 0xEC) | (b0.is(0xEA) & b1.from(0xB0)) | (b0.is(0xED) & b1.to(0x9D));
    let mut known = han | hangul;
    if bits(b0.is(0xE3)) != 0 {
        let kana = (b1.is(0x81) & b2.from(0x81))
            | (b1.is(0x82) & !b2.within(0x97, 0xA0))
            | (b1.is(0x83) & !b2.is(0xBB));
        let stops = b0.is(0xE3) & b1.is(0x80) & (b2.within(0x80, 0x82) | b2.within(0x88, 0x91));
        state.space(simd, stops, 3);
        known |= (b0.is(0xE3) & kana) | stops;
    }
    let general = b0.is(0xE2) & b1.is(0x80);
    if bits(general) != 0 {
        // U+200B to U+200F and U+202A to U+202E leave no trace.
        let format = general & (b2.within(0x8B, 0x8F) | b2.within(0xAA, 0xAE));
        let space = general & !format;
        state.space(simd, space, 3);
        state.drop(format, 3);
        known |= format | space;
    }
    let fullwidth = b0.is(0xEF) & b1.is(0xBC);
    if bits(fullwidth) != 0 {
        let space = fullwidth & (b2.within(0x81, 0x8F) | b2.within(0x9A, 0xA0));
        state.space(simd, space, 3);
        known |= space;
    }
    if bits(b0.is(0xE0)) != 0 {
        known |= indic_or_thai(simd, block, state);
    }
    known
}

/// Devanagari and Thai. The virama and the marks of Thai must follow what NFC leaves before them.
#[inline(always)]
fn indic_or_thai<S: Simd>(simd: S, block: Around<'_, S>, state: &mut State<S>) -> mask8x64<S> {
    let (p3, p2, p1) = (block.before::<3>(), block.before::<2>(), block.before::<1>());
    let (b0, b1, b2) = (block.here(), block.after::<1>(), block.after::<2>());
    let e0 = b0.is(0xE0);
    let after_e0 = p3.is(0xE0);
    let danda = e0 & b1.is(0xA5) & b2.within(0xA4, 0xA5);
    state.space(simd, danda, 3);
    let letter_before = after_e0 & p2.is(0xA4) & (p1.within(0x84, 0xB9) | p1.is(0xBC));
    let virama = b1.is(0xA5) & b2.is(0x8D) & letter_before;
    // The nukta composes with others only: क ख ग ज ड ढ फ य.
    let apart = p1.within(0x95, 0x97) | p1.is(0x9C) | p1.within(0xA1, 0xA2) | p1.is(0xAB) | p1.is(0xAF);
    let nukta = b1.is(0xA4) & b2.is(0xBC);
    let devanagari = (b1.is(0xA4) & !nukta)
        | (nukta & after_e0 & p2.is(0xA4) & apart)
        | (b1.is(0xA5)
            & (b2.to(0x8C) | b2.within(0x8E, 0x8F) | b2.within(0xA0, 0xA3) | b2.within(0xA6, 0xAF)))
        | virama;
    let consonant_before = after_e0 & p2.is(0xB8) & p1.within(0x81, 0xAE);
    let thai_before = after_e0 & ((p2.is(0xB8) & p1.within(0x81, 0xB9)) | (p2.is(0xB9) & p1.to(0x8B)));
    let thai = (b1.is(0xB8) & b2.within(0x81, 0xB7) & !b2.is(0xAF))
        | (b1.is(0xB8) & b2.within(0xB8, 0xB9) & consonant_before)
        | (b1.is(0xB9) & b2.to(0x87))
        | (b1.is(0xB9) & b2.within(0x88, 0x8B) & thai_before)
        | (b1.is(0xB9) & (b2.within(0x8C, 0x8E) | b2.within(0x90, 0x99)));
    danda | (e0 & (devanagari | thai))
}
