//! The fused scan: one pass over a text that says which rules need to look closer.
//!
//! A block at a time, comparisons find the few places where a code point is worth decoding
//! (`blocks`); only there is a character classified (`classify`). Clean prose of the common
//! scripts has almost no such places.

mod blocks;
mod classify;
mod lanes;
#[cfg(test)]
mod reference;

pub(crate) use classify::{is_invisible, is_odd_space, touches_nfc};
use std::ops::{BitOr, BitOrAssign};

/// What a scan saw, as a set. A flag may be raised without cause (the rule then looks and finds
/// nothing); it is never missing where the rule would find something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(pub u64);

macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident = $bit:expr;)*) => {
        impl Flags {
            $($(#[$doc])* pub const $name: Self = Self(1 << $bit);)*
        }
    };
}

flags! {
    /// C0 other than TAB, LF, CR; DEL.
    CONTROL = 0;
    /// U+0080 to U+009F.
    C1 = 1;
    /// CR.
    CARRIAGE_RETURN = 2;
    /// U+FEFF.
    BOM = 3;
    /// Noncharacters.
    NONCHARACTER = 4;
    /// Private use.
    PRIVATE_USE = 5;
    /// U+E0000 to U+E007F.
    TAG = 6;
    /// Invisible characters of rule U008 (soft hyphen, zero-width space, fillers…).
    INVISIBLE = 7;
    /// U+202D, U+202E.
    BIDI_OVERRIDE = 8;
    /// U+202A to U+202E, U+2066 to U+2069.
    BIDI_EMBEDDING = 9;
    /// U+200E, U+200F, U+061C.
    BIDI_MARK = 10;
    /// U+2028, U+2029, U+0085, VT, FF.
    LINE_SEPARATOR = 11;
    /// Spaces of rule U014: U+00A0, U+1680, U+2000 to U+200A, U+202F, U+205F, U+3000.
    ODD_SPACE = 12;
    /// Latin ligatures U+FB00 to U+FB06.
    LATIN_LIGATURE = 13;
    /// U+FF01 to U+FF5E.
    FULLWIDTH = 14;
    /// U+200C, U+200D.
    JOINER = 15;
    /// A text that is not in NFC has it: a code point whose NFC quick check is No, one that composes
    /// with its neighbour, or marks that are not in canonical order.
    NFC = 16;
    /// Arabic presentation forms U+FB50 to U+FDFF, U+FE70 to U+FEFE.
    ARABIC_FORM = 17;
    /// U+0640.
    TATWEEL = 18;
    /// Arabic marks U+064B to U+065F, U+0670.
    HARAKAT = 19;
    /// Persian and Urdu code points of rule A004: U+06CC U+06A9 U+06C1 U+06BE U+06D2 U+06D5.
    FARSI_LETTER = 20;
    /// Arabic U+064A, U+0643, U+0649 (rule A005 looks for them in Persian and Urdu).
    ARABIC_YEH_KAF = 21;
    /// Teh marbuta or alef maksura before an Arabic letter (marks and tatweel between them), a stop
    /// between Arabic letters, or a run of more than 20 Arabic letters (marks and tatweel among them).
    ARABIC_GLUE = 22;
    /// Teh marbuta or alef maksura after anything but an Arabic letter, mark or tatweel (rule A002).
    ARABIC_WORD_START = 23;
    /// Any character of the Arabic script's blocks.
    ARABIC = 24;
    /// U+FFFD.
    REPLACEMENT = 25;
    /// Two question marks in a row, or with one space between them.
    QUESTION_MARKS = 26;
    /// `&` before a letter or `#`.
    AMPERSAND = 27;
    /// Signs of UTF-8 read as a single-byte charset, so that mojibake must be decided: a C1 control; a
    /// character of U+2500 to U+259F; Ã or Â before a character that stands for a continuation byte;
    /// `â€`; √ before a character outside ASCII; or two pairs within 256 bytes of a character that
    /// stands for a lead byte and those that stand for its continuation bytes, in windows-1252, -1250,
    /// -1251, -1253, -1256, -1257, Mac Roman or code page 437.
    MOJIBAKE = 28;
    /// Signs of one legacy charset read as another (rule E104): three letters of U+00C0 to U+00FF in a
    /// row, four characters of U+00A1 to U+00FF in a row, a small Cyrillic letter before a capital,
    /// ƒ, ‚ before a Latin-1 character, or a character of U+2500 to U+259F.
    LEGACY = 29;
    /// `%` or `=` before two hexadecimal digits, or `%u`.
    PERCENT = 30;
    /// A backslash.
    BACKSLASH = 31;
    /// `{`, `[`, or `<` before a letter, `/`, `!`, `?` or `%`: template or markup.
    MARKUP = 32;
    /// A tab, a CR, two spaces, a space before LF, three LF, white space at the start, white space at the
    /// end (one LF excepted), or a space before ، ؛ ؟ or before a full stop that ends a word.
    WHITESPACE = 33;
    /// Mathematical or enclosed letters: U+24B6 to U+24E9, U+1D400 to U+1D7FF, U+1F130 to U+1F189.
    STYLED = 34;
    /// `@` (addresses).
    AT = 35;
    /// A digit of a system other than ASCII.
    OTHER_DIGIT = 36;
    /// Combining mark (M*) outside U+0600 to U+06FF. Raised for every Indic and Thai text.
    COMBINING = 37;
    /// Variation selector.
    VARIATION = 38;
    /// Emoji and what builds them: U+2300 to U+23FF, U+2600 to U+27BF, U+2B00 to U+2BFF, U+20E3,
    /// U+1F000 to U+1FAFF.
    EMOJI = 39;
    /// Not assigned in the Unicode version of the tables; noncharacters too. Raised for every Indic and
    /// Thai text.
    UNASSIGNED = 40;
    /// Letters of at least two of the Latin, Cyrillic and Greek scripts stand in the text.
    MIXED_SCRIPT = 41;
    /// Any code point outside ASCII.
    NON_ASCII = 42;
    /// At least 64 ASCII bytes without a blank or control among them: a blob, an address, or a very long word.
    LONG_TOKEN = 43;
    /// Two Arabic letters of two bytes, or what takes as many, each between single spaces (rule A012).
    SPACED = 44;
    /// `%` before a small ASCII letter or `_`.
    PERCENT_WORD = 45;
}

impl Flags {
    /// No flag.
    pub const NONE: Self = Self(0);
    /// Every flag.
    pub const ALL: Self = Self(u64::MAX);

    /// Both sets together, in a constant.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// With the other set, where `raised` says so.
    pub(crate) const fn or_if(self, raised: bool, other: Self) -> Self {
        if raised { self.or(other) } else { self }
    }

    /// Whether the two sets share a flag.
    #[must_use]
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl BitOrAssign for Flags {
    fn bitor_assign(&mut self, other: Self) {
        *self = self.or(other);
    }
}

/// What one scan saw.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scan {
    /// Which rules need to look.
    pub flags: Flags,
}

/// Looks at every byte of a text once.
#[must_use]
pub fn scan(text: &str) -> Scan {
    scan_places(text, &mut Vec::new())
}

/// The same, with the byte offsets of the code points worth decoding left in `places`, in order: all that
/// are invisible, controls, odd spaces, private, presentation forms, or no characters are among them.
#[must_use]
pub fn scan_places(text: &str, places: &mut Vec<usize>) -> Scan {
    Scan {
        flags: blocks::flags(text, places),
    }
}
