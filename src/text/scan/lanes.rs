//! The comparisons of the scan, on a block of bytes and its neighbours at once.

use crate::text::simd::{Around, bits};
use fearless_simd::{Simd, mask8x64};

/// Marks of one block, one bit for each byte.
#[derive(Clone, Copy, Default)]
pub(super) struct Marks {
    /// Positions worth decoding.
    pub(super) special: u64,
    /// White space that rule U015 may mind.
    pub(super) spaces: u64,
    pub(super) tatweel: u64,
    pub(super) harakat: u64,
    pub(super) farsi: u64,
    pub(super) digits: u64,
}

/// What [`ascii`] says.
pub(super) struct Ascii {
    pub(super) marks: Marks,
    /// Spaces and controls.
    pub(super) blank: u64,
    /// Bytes outside ASCII.
    pub(super) high: u64,
    /// U+0020.
    pub(super) space: u64,
    /// U+0020 before a lead byte 0xD8 to 0xDB.
    pub(super) arabic_start: u64,
}

/// ASCII bytes.
#[inline(always)]
pub(super) fn ascii<S: Simd>(block: Around<'_, S>) -> Ascii {
    let (b0, b1, b2) = (block.here(), block.after::<1>(), block.after::<2>());
    let space = b0.is(b' ');
    let feed = b0.is(b'\n');
    let feed_next = b1.is(b'\n');
    let blank = b0.to(b' ');
    let special = (blank & !(space | feed))
        | b0.or(0x20).is(b'{')
        // < = \ ] | } and two controls; then ? and DEL.
        | b0.or(0x61).is(0x7D)
        | b0.or(0x40).is(0x7F)
        | b0.is(b'@')
        | b0.within(b'%', b'&');
    let spaces = space & (b1.is(b' ') | feed_next | b1.is(b'.'));
    let feeds = feed & feed_next & b2.is(b'\n');
    Ascii {
        marks: Marks {
            special: bits(special),
            spaces: bits(spaces | feeds),
            ..Marks::default()
        },
        blank: bits(blank),
        high: bits(b0.from(0x80)),
        space: bits(space),
        arabic_start: bits(space & b1.within(0xD8, 0xDB)),
    }
}

/// Which of the other functions have something to look at.
pub(super) struct Groups {
    /// Lead bytes 0xD8 to 0xDB.
    pub(super) arabic: u64,
    /// Lead bytes 0xDA and 0xDB.
    pub(super) persian: u64,
    /// Any other lead byte.
    pub(super) other: u64,
}

#[inline(always)]
pub(super) fn groups<S: Simd>(block: Around<'_, S>) -> Groups {
    let b0 = block.here();
    let arabic = b0.within(0xD8, 0xDB);
    Groups {
        arabic: bits(arabic),
        persian: bits(b0.within(0xDA, 0xDB)),
        other: bits(b0.from(0xC2) & !arabic),
    }
}

/// Lead bytes other than 0xD8 to 0xDB.
pub(super) struct Others {
    /// 0xC2 to 0xCA.
    pub(super) latin: u64,
    /// 0xD0 to 0xD3.
    pub(super) cyrillic: u64,
    /// Other lead bytes of two-byte code points.
    pub(super) two: u64,
    /// From 0xE0.
    pub(super) three: u64,
    /// Of Arabic letters elsewhere: 0xDD, 0xEF, and 0xE0 with what follows it there.
    pub(super) rare_arabic: u64,
    /// 0xE0.
    pub(super) indic: u64,
}

#[inline(always)]
pub(super) fn others<S: Simd>(block: Around<'_, S>) -> Others {
    let (b0, b1) = (block.here(), block.after::<1>());
    let e0 = b0.is(0xE0);
    let two = b0.within(0xCB, 0xCF) | b0.within(0xD4, 0xD7) | b0.within(0xDC, 0xDF);
    Others {
        latin: bits(b0.within(0xC2, 0xCA)),
        cyrillic: bits(b0.within(0xD0, 0xD3)),
        two: bits(two),
        three: bits(b0.from(0xE0)),
        rare_arabic: bits(b0.is(0xDD) | b0.is(0xEF) | (e0 & b1.within(0xA1, 0xA3))),
        indic: bits(e0),
    }
}

/// Lead bytes 0xD8 to 0xDB, and the full stop and space before them.
#[inline(always)]
pub(super) fn arabic<S: Simd>(block: Around<'_, S>) -> Marks {
    let (p2, p1, b0) = (block.before::<2>(), block.before::<1>(), block.here());
    let (b1, b2, b3) = (block.after::<1>(), block.after::<2>(), block.after::<3>());
    let (d8, d9) = (b0.is(0xD8), b0.is(0xD9));
    let (after_d8, after_d9) = (p2.is(0xD8), p2.is(0xD9));

    // U+0600 to U+061F but for comma, semicolon and question mark.
    let usual = b1.is(0x8C) | b1.is(0x9B) | b1.is(0x9F);
    let mut special = d8 & b1.to(0x9F) & !usual;
    // A full stop between letters.
    special |= b0.within(0xD8, 0xDB) & p1.is(b'.') & p2.from(0x80);

    // Marks: the order of two in a row, and those that compose, must be looked at.
    let marks = d9 & (b1.within(0x8B, 0x9F) | b1.is(0xB0));
    let letter_before = (after_d8 & p1.from(0xA0)) | (after_d9 & p1.to(0x8A)) | p2.is(0xDA);
    special |= marks & (!letter_before | b1.within(0x93, 0x95));

    // Teh marbuta and alef maksura: at the start of a word, or before a letter.
    let finals = (d8 & b1.is(0xA9)) | (d9 & b1.is(0x89));
    let in_word = (after_d8 & p1.from(0xA0)) | (after_d9 & p1.to(0x9F));
    let comma = b2.is(0xD8) & b3.is(0x8C);
    let glued = b2.from(0xD8) & !b2.is(0xE2) & !comma;
    special |= finals & (!in_word | glued);

    Marks {
        special: bits(special),
        spaces: bits(d8 & usual & p1.is(b' ')),
        tatweel: bits(d9 & b1.is(0x80)),
        harakat: bits(marks),
        farsi: 0,
        digits: bits(d9 & b1.within(0xA0, 0xA9)),
    }
}

/// Lead bytes 0xDA and 0xDB.
#[inline(always)]
pub(super) fn persian<S: Simd>(block: Around<'_, S>) -> Marks {
    let (p2, p1, b0, b1) = (
        block.before::<2>(),
        block.before::<1>(),
        block.here(),
        block.after::<1>(),
    );
    let (da, db) = (b0.is(0xDA), b0.is(0xDB));
    let farsi =
        (da & (b1.is(0xA9) | b1.is(0xBE))) | (db & (b1.is(0x8C) | b1.is(0x81) | b1.is(0x92) | b1.is(0x95)));
    // Signs U+06D6 to U+06ED; a letter after tah or zah, as a continuation byte after its lead.
    let special = (db & b1.within(0x96, 0xAD)) | (da & p2.is(0xD8) & p1.within(0xB7, 0xB8));
    Marks {
        special: bits(special),
        farsi: bits(farsi),
        digits: bits(db & b1.within(0xB0, 0xB9)),
        ..Marks::default()
    }
}

/// Lead bytes 0xC2 to 0xCA.
#[inline(always)]
pub(super) fn latin<S: Simd>(block: Around<'_, S>) -> u64 {
    let (p1, b0, b1) = (block.before::<1>(), block.here(), block.after::<1>());
    let (b2, b4) = (block.after::<2>(), block.after::<4>());
    // Three characters of Latin-1 in a row.
    let dense = b0.within(0xC2, 0xC3) & b2.within(0xC2, 0xC3) & b4.within(0xC2, 0xC3);
    let high_before = p1.from(0x80);
    // ÿ, Ÿ, ƒ; œ š ž and their like after a character outside ASCII.
    // « » ° and their like are plain after ASCII; controls, spaces, soft hyphen, ª and º are not.
    let quote = b1.is(0xAB) | b1.is(0xBB);
    let sign = b1.to(0xA0)
        | b1.is(0xAD)
        | b1.is(0xAA)
        | b1.is(0xBA)
        | (high_before & (!(quote & usual_letter(block)) | b2.within(0xD0, 0xD2)));
    let special = (b0.is(0xC2) & sign)
        | (b0.is(0xC3) & (b1.is(0xBF) | (b1.is(0x83) & b2.is(b' '))))
        | (b0.is(0xC5) & (high_before | b1.is(0xB8)))
        | (b0.is(0xC6) & b1.is(0x92))
        | dense;
    bits(special)
}

/// Lead bytes 0xD0 to 0xD3: positions worth decoding, and small Cyrillic letters before a capital.
#[inline(always)]
pub(super) fn cyrillic<S: Simd>(block: Around<'_, S>) -> (u64, u64) {
    let (b0, b1, b2, b3) = (
        block.here(),
        block.after::<1>(),
        block.after::<2>(),
        block.after::<3>(),
    );
    let d0 = b0.is(0xD0);
    let small = (d0 & b1.from(0xB0)) | (b0.is(0xD1) & b1.to(0x8F));
    let case = small & b2.is(0xD0) & b3.within(0x90, 0xAF);
    // Р С Ш Щ as lead bytes, before a letter that Russian does not have.
    let lead = d0 & (b1.within(0xA0, 0xA1) | b1.within(0xA8, 0xA9));
    let extension = (b2.is(0xD0) & b3.to(0x8F)) | (b2.is(0xD1) & b3.from(0x91)) | b2.is(0xD2);
    // а to п as lead bytes of three, before two characters that Russian does not have there.
    let (p2, p1) = (block.before::<2>(), block.before::<1>());
    let second = (d0 & b1.to(0x8F)) | (b0.is(0xD1) & b1.from(0x91)) | b0.is(0xD2) | b0.is(0xC2);
    let third = extension | b2.is(0xC2) | b2.is(0xE2) | b2.within(0xC5, 0xC6) | b2.is(0xCB);
    let three = p2.is(0xD0) & p1.from(0xB0) & second & third;
    // в before Ђ: the start of most quotation marks and dashes.
    let sign = d0 & b1.is(0xB2) & b2.is(0xD0) & b3.is(0x82);
    let special = (lead & extension) | (b0.is(0xD2) & b1.to(0x89)) | three | sign;
    (bits(special), bits(case))
}

/// Lead bytes 0xCB to 0xCF, 0xD4 to 0xD7, 0xDC to 0xDF: special but for plain Greek and Hebrew
/// letters.
#[inline(always)]
pub(super) fn other_two<S: Simd>(block: Around<'_, S>) -> u64 {
    let (b0, b1, b2) = (block.here(), block.after::<1>(), block.after::<2>());
    let greek = (b0.is(0xCE) & b1.from(0x90) & !b1.is(0xA2)) | b0.is(0xCF);
    let hebrew = b0.is(0xD7) & b1.within(0x90, 0xAA);
    let plain = (greek & !b2.is(0xC3)) | hebrew;
    let rest = b0.within(0xCB, 0xCF) | b0.within(0xD4, 0xD7) | b0.within(0xDC, 0xDF);
    bits(rest & !plain)
}

/// Lead bytes from 0xE0: positions worth decoding, and full-width punctuation. Special is all but
/// Devanagari, Thai, Vietnamese Latin, Georgian, Kana, Han, Hangul, and the punctuation of prose.
#[inline(always)]
pub(super) fn three_bytes<S: Simd>(block: Around<'_, S>) -> (u64, u64) {
    let (b0, b1, b2) = (block.here(), block.after::<1>(), block.after::<2>());
    let han = b0.within(0xE4, 0xE9) | b0.within(0xEB, 0xEC);
    let e1 = b0.is(0xE1) & (b1.within(0xBA, 0xBB) | (b1.is(0x83) & b2.from(0x90)));
    let stops = b1.is(0x80) & (b2.within(0x81, 0x82) | b2.within(0x88, 0x91));
    let kana =
        b1.from(0x90) | b1.is(0x83) | (b1.is(0x81) & b2.from(0x81)) | (b1.is(0x82) & !b2.within(0x97, 0x9A));
    let e3 = b0.is(0xE3) & (kana | stops);
    let hangul = (b0.is(0xEA) & b1.from(0xB0)) | (b0.is(0xED) & b1.to(0x9D));
    // ！（），：；？
    let signs = b2.is(0x81) | b2.within(0x88, 0x89) | b2.is(0x8C) | b2.within(0x9A, 0x9B) | b2.is(0x9F);
    let fullwidth = b0.is(0xEF) & b1.is(0xBC) & signs;
    let mut plain = han | e1 | e3 | hangul | fullwidth;
    if bits(b0.is(0xE0)) != 0 {
        plain |= indic_or_thai(block);
    }
    if bits(b0.is(0xE2)) != 0 {
        plain |= quotes_and_dashes(block);
    }
    (bits(b0.from(0xE0) & !plain), bits(fullwidth))
}

/// Devanagari and Thai: all but what NFC may change, and digits. The virama and the marks of Thai
/// must follow a character of their script whose combining class is no higher.
#[inline(always)]
fn indic_or_thai<S: Simd>(block: Around<'_, S>) -> mask8x64<S> {
    let (p3, p2, p1) = (block.before::<3>(), block.before::<2>(), block.before::<1>());
    let (b0, b1, b2) = (block.here(), block.after::<1>(), block.after::<2>());
    let after_indic = p3.is(0xE0);
    let virama = b1.is(0xA5) & b2.is(0x8D);
    let after_devanagari = after_indic & (p2.is(0xA4) | (p2.is(0xA5) & !p1.within(0x91, 0x94)));
    let devanagari =
        (b1.is(0xA4) & !b2.is(0xBC)) | (b1.is(0xA5) & (b2.to(0x90) | b2.within(0xA0, 0xA5) | b2.from(0xB0)));
    let tone = b1.is(0xB9) & b2.within(0x88, 0x8B);
    let after_thai = after_indic & p2.within(0xB8, 0xB9);
    let low_vowel = b1.is(0xB8) & b2.within(0xB8, 0xB9) & after_indic & p2.is(0xB8) & p1.within(0x81, 0xAE);
    let thai = (b1.is(0xB8) & b2.within(0x81, 0xB7)) | (b1.is(0xB9) & b2.to(0x8F)) | low_vowel;
    b0.is(0xE0) & ((devanagari & (!virama | after_devanagari)) | (thai & (!tone | after_thai)))
}

/// – — ‘ ’ “ ” … where prose has them: after ASCII, and after letters that stand for no lead byte of
/// another charset when such a sign follows.
#[inline(always)]
fn quotes_and_dashes<S: Simd>(block: Around<'_, S>) -> mask8x64<S> {
    let (b0, b1, b2, b3) = (
        block.here(),
        block.after::<1>(),
        block.after::<2>(),
        block.after::<3>(),
    );
    let sign = b2.within(0x98, 0x99) | b2.within(0x9C, 0x9D) | b2.is(0xA6);
    let dash = b2.within(0x93, 0x94) & !b3.within(0xC2, 0xC3);
    b0.is(0xE2) & b1.is(0x80) & (sign | dash) & (block.before::<1>().to(0x7F) | usual_letter(block))
}

/// Whether the letter before is Russian, Arabic but for tah and zah, or of East Asia: with a quotation
/// mark or a dash behind it, none of them stands for bytes of UTF-8 in another charset.
#[inline(always)]
fn usual_letter<S: Simd>(block: Around<'_, S>) -> mask8x64<S> {
    let (p3, p2, p1) = (block.before::<3>(), block.before::<2>(), block.before::<1>());
    let tah = p2.is(0xD8) & p1.within(0xB7, 0xB8);
    ((p2.within(0xD0, 0xD1) | p2.within(0xD8, 0xD9)) & !tah) | p3.within(0xE3, 0xEF)
}
