//! Classes of code points: script, kind, digits. Unicode data comes from `icu_properties`.
//!
//! A flat table of the first two planes, 256 KiB, is made on first use (well under a
//! millisecond: the source is a list of ranges); other planes are looked up in the ICU trie.

#![allow(
    clippy::match_same_arms,
    reason = "one arm per reason is easier to check against the code charts"
)]

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory as Gc, Script as IcuScript};
use icu_properties::{CodePointMapData, CodePointSetData};
use std::sync::LazyLock;

/// Script of a code point (Unicode property `Script`); scripts that no rule asks for are `Other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names of the scripts say it")]
pub enum Script {
    Common,
    Inherited,
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Georgian,
    Hebrew,
    Arabic,
    Syriac,
    Thaana,
    Devanagari,
    Bengali,
    Gurmukhi,
    Gujarati,
    Oriya,
    Tamil,
    Telugu,
    Kannada,
    Malayalam,
    Sinhala,
    Thai,
    Lao,
    Tibetan,
    Myanmar,
    Khmer,
    Ethiopic,
    Mongolian,
    Han,
    Hiragana,
    Katakana,
    Bopomofo,
    Hangul,
    Other,
}

/// Every script, at the index of its number.
const SCRIPTS: [Script; 34] = {
    use Script::{
        Arabic, Armenian, Bengali, Bopomofo, Common, Cyrillic, Devanagari, Ethiopic, Georgian, Greek,
        Gujarati, Gurmukhi, Han, Hangul, Hebrew, Hiragana, Inherited, Kannada, Katakana, Khmer, Lao, Latin,
        Malayalam, Mongolian, Myanmar, Oriya, Other, Sinhala, Syriac, Tamil, Telugu, Thaana, Thai, Tibetan,
    };
    [
        Common, Inherited, Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, Syriac, Thaana,
        Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada, Malayalam, Sinhala, Thai,
        Lao, Tibetan, Myanmar, Khmer, Ethiopic, Mongolian, Han, Hiragana, Katakana, Bopomofo, Hangul, Other,
    ]
};

impl Script {
    fn of_icu(script: IcuScript) -> Self {
        const PAIRS: [(IcuScript, Script); 33] = [
            (IcuScript::Common, Script::Common),
            (IcuScript::Inherited, Script::Inherited),
            (IcuScript::Latin, Script::Latin),
            (IcuScript::Greek, Script::Greek),
            (IcuScript::Cyrillic, Script::Cyrillic),
            (IcuScript::Armenian, Script::Armenian),
            (IcuScript::Georgian, Script::Georgian),
            (IcuScript::Hebrew, Script::Hebrew),
            (IcuScript::Arabic, Script::Arabic),
            (IcuScript::Syriac, Script::Syriac),
            (IcuScript::Thaana, Script::Thaana),
            (IcuScript::Devanagari, Script::Devanagari),
            (IcuScript::Bengali, Script::Bengali),
            (IcuScript::Gurmukhi, Script::Gurmukhi),
            (IcuScript::Gujarati, Script::Gujarati),
            (IcuScript::Oriya, Script::Oriya),
            (IcuScript::Tamil, Script::Tamil),
            (IcuScript::Telugu, Script::Telugu),
            (IcuScript::Kannada, Script::Kannada),
            (IcuScript::Malayalam, Script::Malayalam),
            (IcuScript::Sinhala, Script::Sinhala),
            (IcuScript::Thai, Script::Thai),
            (IcuScript::Lao, Script::Lao),
            (IcuScript::Tibetan, Script::Tibetan),
            (IcuScript::Myanmar, Script::Myanmar),
            (IcuScript::Khmer, Script::Khmer),
            (IcuScript::Ethiopic, Script::Ethiopic),
            (IcuScript::Mongolian, Script::Mongolian),
            (IcuScript::Han, Script::Han),
            (IcuScript::Hiragana, Script::Hiragana),
            (IcuScript::Katakana, Script::Katakana),
            (IcuScript::Bopomofo, Script::Bopomofo),
            (IcuScript::Hangul, Script::Hangul),
        ];
        PAIRS
            .iter()
            .find(|(icu, _)| *icu == script)
            .map_or(Self::Other, |&(_, own)| own)
    }

    /// Whether words of the script are written without spaces, one character about a syllable or a
    /// word: Han and Kana.
    #[must_use]
    pub const fn is_ideographic(self) -> bool {
        matches!(self, Self::Han | Self::Hiragana | Self::Katakana | Self::Bopomofo)
    }

    /// Whether words of the script are alphabetic but written without spaces: Thai, Lao, Khmer, Burmese.
    #[must_use]
    pub const fn is_unspaced_alphabet(self) -> bool {
        matches!(self, Self::Thai | Self::Lao | Self::Khmer | Self::Myanmar)
    }

    /// Whether the script is an Indic abugida, where a joiner after a virama is spelling.
    #[must_use]
    pub const fn is_indic(self) -> bool {
        (self as u8 >= Self::Devanagari as u8 && self as u8 <= Self::Sinhala as u8)
            || matches!(self, Self::Tibetan | Self::Myanmar | Self::Khmer)
    }
}

/// What a code point is (Unicode property `General_Category`, grouped).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// L*
    Letter,
    /// M*
    Mark,
    /// Nd
    Digit,
    /// Nl, No
    Number,
    /// P*
    Punctuation,
    /// S*
    Symbol,
    /// Zs, Zl, Zp
    Separator,
    /// Cc
    Control,
    /// Cf
    Format,
    /// Co
    PrivateUse,
    /// Cn, noncharacters included; Cs
    Unassigned,
}

/// Every kind, at the index of its number.
const KINDS: [Kind; 16] = [
    Kind::Letter,
    Kind::Mark,
    Kind::Digit,
    Kind::Number,
    Kind::Punctuation,
    Kind::Symbol,
    Kind::Separator,
    Kind::Control,
    Kind::Format,
    Kind::PrivateUse,
    Kind::Unassigned,
    Kind::Unassigned,
    Kind::Unassigned,
    Kind::Unassigned,
    Kind::Unassigned,
    Kind::Unassigned,
];

fn kind_of_icu(category: Gc) -> Kind {
    match category {
        Gc::UppercaseLetter
        | Gc::LowercaseLetter
        | Gc::TitlecaseLetter
        | Gc::ModifierLetter
        | Gc::OtherLetter => Kind::Letter,
        Gc::NonspacingMark | Gc::SpacingMark | Gc::EnclosingMark => Kind::Mark,
        Gc::DecimalNumber => Kind::Digit,
        Gc::LetterNumber | Gc::OtherNumber => Kind::Number,
        Gc::DashPunctuation
        | Gc::OpenPunctuation
        | Gc::ClosePunctuation
        | Gc::ConnectorPunctuation
        | Gc::InitialPunctuation
        | Gc::FinalPunctuation
        | Gc::OtherPunctuation => Kind::Punctuation,
        Gc::MathSymbol | Gc::CurrencySymbol | Gc::ModifierSymbol | Gc::OtherSymbol => Kind::Symbol,
        Gc::SpaceSeparator | Gc::LineSeparator | Gc::ParagraphSeparator => Kind::Separator,
        Gc::Control => Kind::Control,
        Gc::Format => Kind::Format,
        Gc::PrivateUse => Kind::PrivateUse,
        _ => Kind::Unassigned,
    }
}

/// Class of a code point in 11 bits: script (6), kind (4), default-ignorable (1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class(u16);

impl Class {
    /// Script.
    #[must_use]
    pub fn script(self) -> Script {
        SCRIPTS
            .get(usize::from(self.0 & 63))
            .copied()
            .unwrap_or(Script::Other)
    }

    /// Kind.
    #[must_use]
    pub fn kind(self) -> Kind {
        KINDS[usize::from(self.0 >> 6 & 15)]
    }

    /// `Default_Ignorable_Code_Point`: shows nothing where a font lacks it.
    #[must_use]
    pub const fn is_default_ignorable(self) -> bool {
        self.0 >> 10 & 1 == 1
    }
}

/// Number of code points in the flat table: planes 0 and 1.
const FLAT: usize = 0x2_0000;

static TABLE: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut table = vec![(Kind::Unassigned as u16) << 6 | Script::Other as u16; FLAT];
    let clip = |first: u32, last: u32| first as usize..(last as usize + 1).min(FLAT).max(first as usize);
    for range in CodePointMapData::<Gc>::new().iter_ranges() {
        if (*range.range.start() as usize) < FLAT {
            let kind = (kind_of_icu(range.value) as u16) << 6;
            table[clip(*range.range.start(), *range.range.end())].fill(kind | Script::Other as u16);
        }
    }
    for range in CodePointMapData::<IcuScript>::new().iter_ranges() {
        if (*range.range.start() as usize) < FLAT {
            let script = Script::of_icu(range.value) as u16;
            for slot in &mut table[clip(*range.range.start(), *range.range.end())] {
                *slot = *slot & !63 | script;
            }
        }
    }
    for range in CodePointSetData::new::<DefaultIgnorableCodePoint>().iter_ranges() {
        if (*range.start() as usize) < FLAT {
            for slot in &mut table[clip(*range.start(), *range.end())] {
                *slot |= 1 << 10;
            }
        }
    }
    table
});

/// The class of a code point.
#[must_use]
pub fn class(c: char) -> Class {
    if let Some(&entry) = TABLE.get(c as usize) {
        return Class(entry);
    }
    let kind = kind_of_icu(CodePointMapData::<Gc>::new().get(c)) as u16;
    let script = Script::of_icu(CodePointMapData::<IcuScript>::new().get(c)) as u16;
    let ignorable = u16::from(CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c));
    Class(ignorable << 10 | kind << 6 | script)
}

/// Script of a code point.
#[must_use]
pub fn script(c: char) -> Script {
    class(c).script()
}

/// Whether the code point is a letter (L*).
#[must_use]
pub fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || (!c.is_ascii() && class(c).kind() == Kind::Letter)
}

/// Whether the code point is a combining mark (M*).
#[must_use]
pub fn is_mark(c: char) -> bool {
    !c.is_ascii() && class(c).kind() == Kind::Mark
}

/// Whether the code point is punctuation or a symbol (P*, S*).
#[must_use]
pub fn is_punctuation_or_symbol(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    matches!(class(c).kind(), Kind::Punctuation | Kind::Symbol)
}

/// Whether the code point is white space (Unicode property `White_Space`).
#[must_use]
pub const fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// Whether the code point is `Default_Ignorable`.
#[must_use]
pub fn is_default_ignorable(c: char) -> bool {
    !c.is_ascii() && class(c).is_default_ignorable()
}

/// Whether the code point is assigned in the Unicode version of the tables (private use counts).
#[must_use]
pub fn is_assigned(c: char) -> bool {
    c.is_ascii() || class(c).kind() != Kind::Unassigned
}

/// Whether the code point is an Arabic letter: script Arabic, category L*, tatweel excluded.
#[must_use]
pub fn is_arabic_letter(c: char) -> bool {
    match c {
        '\u{0620}'..='\u{063F}'
        | '\u{0641}'..='\u{064A}'
        | '\u{066E}'..='\u{066F}'
        | '\u{0671}'..='\u{06D3}' => true,
        '\0'..='\u{05FF}' => false,
        c => {
            let class = class(c);
            class.script() == Script::Arabic && class.kind() == Kind::Letter
        }
    }
}

static DIGITS: LazyLock<Vec<(u32, u32)>> = LazyLock::new(|| {
    CodePointMapData::<Gc>::new()
        .iter_ranges_for_value(Gc::DecimalNumber)
        .map(|range| (*range.start(), *range.end()))
        .collect()
});

/// A decimal digit: the code point of its system's zero, and its value. Unicode encodes decimal
/// digits in runs of ten from zero (Unicode 4.6), which gives both.
#[must_use]
pub fn digit(c: char) -> Option<(u32, u8)> {
    let code = u32::from(c);
    if c.is_ascii() {
        return c.is_ascii_digit().then(|| (0x30, (code - 0x30) as u8));
    }
    if class(c).kind() != Kind::Digit {
        return None;
    }
    let index = DIGITS.partition_point(|&(_, last)| last < code);
    let &(first, _) = DIGITS.get(index)?;
    let value = (code.checked_sub(first)? % 10) as u8;
    Some((code - u32::from(value), value))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn every_code_point_agrees_with_icu() {
        for c in '\0'..=char::MAX {
            let class = class(c);
            assert_eq!(
                class.kind(),
                kind_of_icu(CodePointMapData::<Gc>::new().get(c)),
                "{c:?}"
            );
            assert_eq!(
                class.script(),
                Script::of_icu(CodePointMapData::<IcuScript>::new().get(c)),
                "{c:?}"
            );
            assert_eq!(
                class.is_default_ignorable(),
                CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c),
                "{c:?}"
            );
            let expected = class.script() == Script::Arabic && class.kind() == Kind::Letter && c != '\u{640}';
            assert_eq!(is_arabic_letter(c), expected, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn ascii_shortcuts_agree_with_the_table() {
        for c in '\0'..='\x7f' {
            let kind = class(c).kind();
            assert_eq!(is_letter(c), kind == Kind::Letter);
            assert_eq!(
                is_punctuation_or_symbol(c),
                matches!(kind, Kind::Punctuation | Kind::Symbol)
            );
            assert!(is_assigned(c) && !is_mark(c) && !is_default_ignorable(c));
        }
    }

    #[test]
    fn digits_of_many_systems_have_values() {
        for (text, zero) in [
            ("0123456789", 0x30),
            ("٠١٢٣٤٥٦٧٨٩", 0x660),
            ("۰۱۲۳۴۵۶۷۸۹", 0x6f0),
            ("०१२३४५६७८९", 0x966),
        ] {
            for (value, c) in text.chars().enumerate() {
                assert_eq!(digit(c), Some((zero, value as u8)));
            }
        }
        assert_eq!(digit('\u{1D7D8}'), Some((0x1D7D8, 0)));
        assert_eq!(digit('x'), None);
        assert_eq!(digit('½'), None);
    }

    #[test]
    fn scripts_are_numbered_by_their_place() {
        for (index, script) in SCRIPTS.iter().enumerate() {
            assert_eq!(*script as usize, index);
        }
        for (index, kind) in KINDS.iter().take(11).enumerate() {
            assert_eq!(*kind as usize, index);
        }
    }
}
