//! The comparisons of the scan, one byte and its neighbours at a time.
//!
//! Each function fills a block and returns what any of its lanes said. Bodies are straight-line
//! arithmetic on bytes: a branch, a wider type or a lookup would keep the compiler from using vector
//! instructions. They are not inlined: in
//! a larger function compilers unroll the loops before they see them as vectors, which is five times slower.

use super::blocks::{BLOCK, CONTEXT, Lanes, Window};

/// A position worth decoding, in every function's output.
pub(super) const SPECIAL: u8 = 1;

// What `ascii` says besides.
/// White space that rule U015 may mind; `arabic` says it too.
pub(super) const SPACES: u8 = 2;
/// A space or a control.
pub(super) const BLANK: u8 = 8;
/// A byte outside ASCII.
pub(super) const HIGH: u8 = 0x80;

// What `groups` and `other_groups` say.
/// Lead bytes 0xD8 to 0xDB.
pub(super) const ARABIC: u8 = 1;
/// Any other lead byte.
pub(super) const OTHER: u8 = 2;
/// Lead bytes 0xC2 to 0xCA.
pub(super) const LATIN: u8 = 4;
/// Lead bytes 0xD0 to 0xD3.
pub(super) const CYRILLIC: u8 = 8;
/// Other lead bytes of two-byte code points.
pub(super) const TWO: u8 = 16;
/// Lead bytes from 0xE0.
pub(super) const THREE: u8 = 32;
/// Lead bytes of Arabic letters elsewhere: 0xDD, 0xE0, 0xEF.
pub(super) const RARE_ARABIC: u8 = 64;

// What `arabic_cue` says.
/// `arabic` has something to look at.
pub(super) const LOOK: u8 = 1;
/// Lead bytes 0xDA and 0xDB: `persian` has.
pub(super) const PERSIAN: u8 = 2;

// What `arabic` and `persian` say besides `SPACES`.
pub(super) const TATWEEL: u8 = 4;
pub(super) const HARAKAT: u8 = 8;
pub(super) const FARSI: u8 = 16;
pub(super) const DIGITS: u8 = 32;

// What `cyrillic` says.
/// A small Cyrillic letter before a capital.
pub(super) const CASE: u8 = 1;

/// 0xFF for true: a mask to combine with others.
#[inline]
const fn m(condition: bool) -> u8 {
    (condition as u8).wrapping_neg()
}

/// 0xFF where the byte is in `low..=high`.
#[inline]
const fn within(byte: u8, low: u8, high: u8) -> u8 {
    m(byte.wrapping_sub(low) <= high - low)
}

/// ASCII bytes; overwrites `out`.
#[inline(never)]
pub(super) fn ascii(window: &Window, out: &mut Lanes) -> u8 {
    let mut all = 0;
    for lane in 0..BLOCK {
        let b0 = window[CONTEXT + lane];
        let b1 = window[CONTEXT + lane + 1];
        let b2 = window[CONTEXT + lane + 2];
        let space = m(b0 == b' ');
        let feed = m(b0 == b'\n');
        let feed_next = m(b1 == b'\n');
        let blank = m(b0 <= b' ');
        let special = (blank & !(space | feed))
            | m(b0 | 0x20 == b'{')
            // < = \ ] | } and two controls; then ? and DEL.
            | m(b0 | 0x61 == 0x7D)
            | m(b0 | 0x40 == 0x7F)
            | m(b0 == b'@')
            | m(b0 == b'%')
            | m(b0 == b'&');
        let spaces = space & (m(b1 == b' ') | feed_next | m(b1 == b'.'));
        let feeds = feed & feed_next & m(b2 == b'\n');
        let said = (special & SPECIAL) | ((spaces | feeds) & SPACES) | (blank & BLANK) | (b0 & HIGH);
        out[lane] = said;
        all |= said;
    }
    all
}

/// Which of the other functions have something to look at.
#[inline(never)]
pub(super) fn groups(window: &Window) -> u8 {
    let mut all = 0;
    for lane in 0..BLOCK {
        let b0 = window[CONTEXT + lane];
        let arabic = within(b0, 0xD8, 0xDB);
        all |= (arabic & ARABIC) | (m(b0 >= 0xC2) & !arabic & OTHER);
    }
    all
}

/// The same for lead bytes other than 0xD8 to 0xDB.
#[inline(never)]
pub(super) fn other_groups(window: &Window) -> u8 {
    let mut all = 0;
    for lane in 0..BLOCK {
        let b0 = window[CONTEXT + lane];
        let rest = within(b0, 0xCB, 0xCF) | within(b0, 0xD4, 0xD7) | within(b0, 0xDC, 0xDF);
        let rare = m(b0 == 0xDD) | m(b0 == 0xE0) | m(b0 == 0xEF);
        all |= (within(b0, 0xC2, 0xCA) & LATIN)
            | (within(b0, 0xD0, 0xD3) & CYRILLIC)
            | (rest & TWO)
            | (m(b0 >= 0xE0) & THREE)
            | (rare & RARE_ARABIC);
    }
    all
}

/// Whether lead bytes 0xD8 to 0xDB stand where [`arabic`] or [`persian`] have something to say.
#[inline(never)]
pub(super) fn arabic_cue(window: &Window) -> u8 {
    let mut all = 0;
    for lane in 0..BLOCK {
        let p2 = window[CONTEXT + lane - 2];
        let p1 = window[CONTEXT + lane - 1];
        let b0 = window[CONTEXT + lane];
        let b1 = window[CONTEXT + lane + 1];
        let b2 = window[CONTEXT + lane + 2];
        let (d8, d9) = (m(b0 == 0xD8), m(b0 == 0xD9));
        let usual = m(b1 == 0x8C) | m(b1 == 0x9B) | m(b1 == 0x9F);
        let signs = d8 & m(b1 <= 0x9F) & (!usual | m(p1 == b' '));
        let others = d9 & (m(b1 == 0x80) | m(b1 >= 0x8B));
        let finals = (d8 & m(b1 == 0xA9)) | (d9 & m(b1 == 0x89));
        let start = !((m(p2 == 0xD8) & m(p1 >= 0xA0)) | (m(p2 == 0xD9) & m(p1 <= 0x9F)));
        let odd_finals = finals & (m(b2 >= 0xC2) | start);
        let stop = m(b0 >= 0xD8) & m(p1 == b'.');
        all |= ((signs | others | odd_finals | stop) & LOOK) | (within(b0, 0xDA, 0xDB) & PERSIAN);
    }
    all
}

/// Lead bytes 0xD8 to 0xDB, and the full stop and space before them; adds to `out`.
#[inline(never)]
pub(super) fn arabic(window: &Window, out: &mut Lanes) -> u8 {
    let mut all = 0;
    for lane in 0..BLOCK {
        let p2 = window[CONTEXT + lane - 2];
        let p1 = window[CONTEXT + lane - 1];
        let b0 = window[CONTEXT + lane];
        let b1 = window[CONTEXT + lane + 1];
        let b2 = window[CONTEXT + lane + 2];
        let b3 = window[CONTEXT + lane + 3];
        let (d8, d9) = (m(b0 == 0xD8), m(b0 == 0xD9));

        // U+0600 to U+061F but for comma, semicolon and question mark.
        let usual = m(b1 == 0x8C) | m(b1 == 0x9B) | m(b1 == 0x9F);
        let mut special = d8 & m(b1 <= 0x9F) & !usual;
        // A full stop between letters.
        special |= within(b0, 0xD8, 0xDB) & m(p1 == b'.') & m(p2 >= 0x80);

        // Marks: the order of two in a row, and those that compose, must be looked at.
        let marks = d9 & (within(b1, 0x8B, 0x9F) | m(b1 == 0xB0));
        let letter_before = (m(p2 == 0xD8) & m(p1 >= 0xA0)) | (m(p2 == 0xD9) & m(p1 <= 0x8A)) | m(p2 == 0xDA);
        special |= marks & (!letter_before | within(b1, 0x93, 0x95));

        // Teh marbuta and alef maksura: at the start of a word, or before a letter.
        let finals = (d8 & m(b1 == 0xA9)) | (d9 & m(b1 == 0x89));
        let in_word = (m(p2 == 0xD8) & m(p1 >= 0xA0)) | (m(p2 == 0xD9) & m(p1 <= 0x9F));
        let comma = m(b2 == 0xD8) & m(b3 == 0x8C);
        let glued = m(b2 >= 0xD8) & !m(b2 == 0xE2) & !comma;
        special |= finals & (!in_word | glued);

        let said = (d8 & usual & m(p1 == b' ') & SPACES)
            | (d9 & m(b1 == 0x80) & TATWEEL)
            | (marks & HARAKAT)
            | (d9 & within(b1, 0xA0, 0xA9) & DIGITS);
        out[lane] |= special & SPECIAL;
        all |= said;
    }
    all
}

/// Lead bytes 0xDA and 0xDB; adds to `out`.
#[inline(never)]
pub(super) fn persian(window: &Window, out: &mut Lanes) -> u8 {
    let mut all = 0;
    for lane in 0..BLOCK {
        let p2 = window[CONTEXT + lane - 2];
        let p1 = window[CONTEXT + lane - 1];
        let b0 = window[CONTEXT + lane];
        let b1 = window[CONTEXT + lane + 1];
        let (da, db) = (m(b0 == 0xDA), m(b0 == 0xDB));
        let farsi = (da & (m(b1 == 0xA9) | m(b1 == 0xBE)))
            | (db & (m(b1 == 0x8C) | m(b1 == 0x81) | m(b1 == 0x92) | m(b1 == 0x95)));
        // Signs U+06D6 to U+06ED; a letter after tah or zah, as a continuation byte after its lead.
        let special = (db & within(b1, 0x96, 0xAD)) | (da & m(p2 == 0xD8) & within(p1, 0xB7, 0xB8));
        out[lane] |= special & SPECIAL;
        all |= (farsi & FARSI) | (db & within(b1, 0xB0, 0xB9) & DIGITS);
    }
    all
}

/// Lead bytes 0xC2 to 0xCA; adds to `out`.
#[inline(never)]
pub(super) fn latin(window: &Window, out: &mut Lanes) {
    for lane in 0..BLOCK {
        let p1 = window[CONTEXT + lane - 1];
        let b0 = window[CONTEXT + lane];
        let b1 = window[CONTEXT + lane + 1];
        let b2 = window[CONTEXT + lane + 2];
        let b4 = window[CONTEXT + lane + 4];
        // Three characters of Latin-1 in a row.
        let dense = within(b0, 0xC2, 0xC3) & within(b2, 0xC2, 0xC3) & within(b4, 0xC2, 0xC3);
        // ÿ, Ÿ, ƒ; œ š ž and their like after a character outside ASCII.
        // « » ° and their like are plain after ASCII; controls, spaces, soft hyphen, ª and º are not.
        let sign = m(b1 <= 0xA0) | m(b1 == 0xAD) | m(b1 == 0xAA) | m(b1 == 0xBA) | m(p1 >= 0x80);
        let special = (m(b0 == 0xC2) & sign)
            | (m(b0 == 0xC3) & m(b1 == 0xBF))
            | (m(b0 == 0xC5) & (m(p1 >= 0x80) | m(b1 == 0xB8)))
            | (m(b0 == 0xC6) & m(b1 == 0x92))
            | dense;
        out[lane] |= special & SPECIAL;
    }
}

/// Lead bytes 0xD0 to 0xD3; adds to `out`.
#[inline(never)]
pub(super) fn cyrillic(window: &Window, out: &mut Lanes) -> u8 {
    let mut all = 0;
    for lane in 0..BLOCK {
        let b0 = window[CONTEXT + lane];
        let b1 = window[CONTEXT + lane + 1];
        let b2 = window[CONTEXT + lane + 2];
        let b3 = window[CONTEXT + lane + 3];
        let d0 = m(b0 == 0xD0);
        let small = (d0 & m(b1 >= 0xB0)) | (m(b0 == 0xD1) & m(b1 <= 0x8F));
        let case = small & m(b2 == 0xD0) & within(b3, 0x90, 0xAF);
        // Р С Ш Щ as lead bytes, before a letter that Russian does not have.
        let lead = d0 & (within(b1, 0xA0, 0xA1) | within(b1, 0xA8, 0xA9));
        let extension = (m(b2 == 0xD0) & m(b3 <= 0x8F)) | (m(b2 == 0xD1) & m(b3 >= 0x91)) | m(b2 == 0xD2);
        let special = (lead & extension) | (m(b0 == 0xD2) & m(b1 <= 0x89));
        out[lane] |= special & SPECIAL;
        all |= case & CASE;
    }
    all
}

/// Lead bytes 0xCB to 0xCF, 0xD4 to 0xD7, 0xDC to 0xDF: special but for plain Greek and Hebrew
/// letters; adds to `out`.
#[inline(never)]
pub(super) fn other_two(window: &Window, out: &mut Lanes) {
    for lane in 0..BLOCK {
        let b0 = window[CONTEXT + lane];
        let b1 = window[CONTEXT + lane + 1];
        let b2 = window[CONTEXT + lane + 2];
        let greek = (m(b0 == 0xCE) & m(b1 >= 0x90) & !m(b1 == 0xA2)) | m(b0 == 0xCF);
        let hebrew = m(b0 == 0xD7) & within(b1, 0x90, 0xAA);
        let plain = (greek & !m(b2 == 0xC3)) | hebrew;
        let rest = within(b0, 0xCB, 0xCF) | within(b0, 0xD4, 0xD7) | within(b0, 0xDC, 0xDF);
        out[lane] |= rest & !plain & SPECIAL;
    }
}

/// Lead bytes from 0xE0: special but for Devanagari, Thai, Vietnamese Latin, Georgian, Kana, Han and
/// Hangul; adds to `out`.
#[inline(never)]
pub(super) fn three_bytes(window: &Window, out: &mut Lanes) {
    for lane in 0..BLOCK {
        let p3 = window[CONTEXT + lane - 3];
        let p2 = window[CONTEXT + lane - 2];
        let p1 = window[CONTEXT + lane - 1];
        let b0 = window[CONTEXT + lane];
        let b1 = window[CONTEXT + lane + 1];
        let b2 = window[CONTEXT + lane + 2];
        let han = within(b0, 0xE4, 0xE9) | within(b0, 0xEB, 0xEC);
        let e1 = m(b0 == 0xE1) & (within(b1, 0xBA, 0xBB) | (m(b1 == 0x83) & m(b2 >= 0x90)));
        let kana = m(b1 >= 0x90)
            | m(b1 == 0x83)
            | (m(b1 == 0x81) & m(b2 >= 0x81))
            | (m(b1 == 0x82) & !within(b2, 0x97, 0x9A));
        let e3 = m(b0 == 0xE3) & kana;
        let hangul = (m(b0 == 0xEA) & m(b1 >= 0xB0)) | (m(b0 == 0xED) & m(b1 <= 0x9D));
        // Devanagari and Thai: all but what NFC may change, and digits. The virama and the tone marks
        // must follow a character of their script whose combining class is no higher.
        let virama = m(b1 == 0xA5) & m(b2 == 0x8D);
        let after_devanagari = m(p3 == 0xE0) & (m(p2 == 0xA4) | (m(p2 == 0xA5) & !within(p1, 0x91, 0x94)));
        let devanagari = (m(b1 == 0xA4) & !m(b2 == 0xBC))
            | (m(b1 == 0xA5) & (m(b2 <= 0x90) | within(b2, 0xA0, 0xA5) | m(b2 >= 0xB0)));
        let tone = m(b1 == 0xB9) & within(b2, 0x88, 0x8B);
        let after_thai = m(p3 == 0xE0) & within(p2, 0xB8, 0xB9);
        let thai = (m(b1 == 0xB8) & within(b2, 0x81, 0xB7)) | (m(b1 == 0xB9) & m(b2 <= 0x8F));
        let (devanagari, thai) = (
            devanagari & (!virama | after_devanagari),
            thai & (!tone | after_thai),
        );
        let e0 = m(b0 == 0xE0) & (devanagari | thai);
        let special = m(b0 >= 0xE0) & !(han | e0 | e1 | e3 | hangul);
        out[lane] |= special & SPECIAL;
    }
}
