//! What one code point, with its neighbours, says: the slow half of the scan.

#![allow(
    clippy::match_same_arms,
    reason = "one arm per reason is easier to check against the code charts"
)]

use super::Flags;
use crate::text::class::{self, Kind, Script};
use crate::text::nfc::combining_class;
use unicode_normalization::{IsNormalized, is_nfc_quick};

/// The characters of rule U008.
#[must_use]
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{180E}'
            | '\u{200B}'
            | '\u{2060}'..='\u{2064}'
            | '\u{206A}'..='\u{206F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFC}'
    )
}

/// The characters of rule U014.
#[must_use]
pub(crate) const fn is_odd_space(c: char) -> bool {
    matches!(
        c,
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

/// Flags that a code point outside ASCII raises by itself.
pub(crate) fn of_char(c: char) -> Flags {
    let mut flags = Flags::NON_ASCII;
    if is_invisible(c) {
        flags |= Flags::INVISIBLE;
    }
    if is_odd_space(c) {
        flags |= Flags::ODD_SPACE;
    }
    flags |= match c {
        '\u{85}' => Flags::C1.or(Flags::MOJIBAKE).or(Flags::LINE_SEPARATOR),
        '\u{80}'..='\u{9F}' => Flags::C1.or(Flags::MOJIBAKE),
        '\u{61C}' | '\u{200E}' | '\u{200F}' => Flags::BIDI_MARK,
        '\u{640}' => Flags::TATWEEL,
        '\u{64B}'..='\u{65F}' | '\u{670}' => Flags::HARAKAT,
        '\u{6CC}' | '\u{6A9}' | '\u{6C1}' | '\u{6BE}' | '\u{6D2}' | '\u{6D5}' => Flags::FARSI_LETTER,
        '\u{64A}' | '\u{643}' | '\u{649}' => Flags::ARABIC_YEH_KAF,
        '\u{180B}'..='\u{180D}' | '\u{180F}' => Flags::VARIATION,
        '\u{200C}' | '\u{200D}' => Flags::JOINER,
        '\u{2028}' | '\u{2029}' => Flags::LINE_SEPARATOR,
        '\u{202D}' | '\u{202E}' => Flags::BIDI_OVERRIDE.or(Flags::BIDI_EMBEDDING),
        '\u{202A}'..='\u{202C}' | '\u{2066}'..='\u{2069}' => Flags::BIDI_EMBEDDING,
        '\u{20E3}' | '\u{2300}'..='\u{23FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' => {
            Flags::EMOJI
        }
        '\u{24B6}'..='\u{24E9}' => Flags::STYLED,
        '\u{2500}'..='\u{259F}' => Flags::MOJIBAKE.or(Flags::LEGACY),
        '\u{192}' => Flags::LEGACY,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}' => {
            Flags::PRIVATE_USE
        }
        '\u{FB00}'..='\u{FB06}' => Flags::LATIN_LIGATURE,
        '\u{FB50}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' => Flags::ARABIC_FORM,
        '\u{FDD0}'..='\u{FDEF}' => Flags::NONCHARACTER.or(Flags::ARABIC_FORM),
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => Flags::VARIATION,
        '\u{FEFF}' => Flags::BOM,
        '\u{FF01}'..='\u{FF5E}' => Flags::FULLWIDTH,
        '\u{FFFD}' => Flags::REPLACEMENT,
        '\u{1D400}'..='\u{1D7FF}' => Flags::STYLED,
        '\u{1F130}'..='\u{1F189}' => Flags::STYLED.or(Flags::EMOJI),
        '\u{1F000}'..='\u{1FAFF}' => Flags::EMOJI,
        '\u{E0000}'..='\u{E007F}' => Flags::TAG,
        _ => Flags::NONE,
    };
    if u32::from(c) & 0xFFFE == 0xFFFE {
        flags |= Flags::NONCHARACTER;
    }
    flags
}

/// Flags of the code point's kind and script; `Script` is Latin, Greek, Cyrillic or none of them.
pub(crate) fn of_kind(c: char) -> (Flags, Script) {
    let class = class::class(c);
    let script = class.script();
    let mut flags = Flags::NONE;
    if script == Script::Arabic {
        flags |= Flags::ARABIC;
    }
    match class.kind() {
        Kind::Mark if !('\u{600}'..='\u{6FF}').contains(&c) => flags |= Flags::COMBINING,
        Kind::Digit => flags |= Flags::OTHER_DIGIT,
        Kind::Unassigned => flags |= Flags::UNASSIGNED,
        Kind::Letter => return (flags, script),
        _ => {}
    }
    (flags, Script::Common)
}

/// Whether NFC must be decided because of `c` after `before`. Exact for each pair: a text in which
/// no pair says so is in NFC.
pub(crate) fn touches_nfc(before: Option<char>, c: char) -> bool {
    if c < '\u{300}' {
        return false;
    }
    let own = combining_class(c);
    let other = before.map_or(0, combining_class);
    match is_nfc_quick(std::iter::once(c)) {
        IsNormalized::No => true,
        IsNormalized::Yes => own != 0 && other > own,
        // It composes with a starter right before it, with an earlier one across marks, or with the
        // letter inside a composite, past that one's mark.
        IsNormalized::Maybe => {
            other != 0
                || before.is_some_and(|before| {
                    unicode_normalization::char::compose(before, c).is_some()
                        || (own != 0 && is_composite(before))
                })
        }
    }
}

fn is_composite(c: char) -> bool {
    let mut composite = false;
    unicode_normalization::char::decompose_canonical(c, |part| composite |= part != c);
    composite
}

/// Characters that windows-1252 has at bytes 0x80 to 0xBF, where other windows charsets have them too.
const fn is_continuation(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{BF}')
        || is_typographic(c)
        || matches!(c, 'Œ' | 'œ' | 'Š' | 'š' | 'Ÿ' | 'Ž' | 'ž')
}

/// Those of them outside Latin-1 that are no letters of a living language.
const fn is_typographic(c: char) -> bool {
    matches!(
        c,
        'ƒ' | 'ˆ' | '˜' | '–' | '—' | '\u{2018}'..='\u{201A}' | '\u{201C}'..='\u{201E}' | '†' | '‡' | '•' | '…' | '‰'
            | '‹' | '›' | '€' | '™'
    )
}

/// What clean text has right after a word.
const fn is_usual_after_word(c: char) -> bool {
    matches!(
        c,
        '\u{A0}' | '«' | '»' | '–' | '—' | '\u{2018}' | '\u{2019}' | '\u{201C}' | '\u{201D}' | '…' | '•'
    )
}

/// How strongly two neighbours speak for mojibake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pair {
    /// Not at all.
    No,
    /// Two such pairs near each other do.
    Weak,
    /// By themselves.
    Strong,
}

/// Judges a character that could stand for a lead byte, and the text after it.
pub(crate) fn pair(lead: char, after: &str) -> Pair {
    let mut next = after.chars();
    let Some(c) = next.next() else {
        return Pair::No;
    };
    if is_telling(lead, c, next.clone().next()) {
        return Pair::Strong;
    }
    if c.is_ascii() {
        return Pair::No;
    }
    let weak = match lead {
        // Mac Roman: C4, C5.
        'ƒ' | '≈' => matches!(c, '\u{A1}'..='\u{FF}'),
        '\u{C2}'..='\u{DF}' => is_continuation(c),
        '\u{E0}'..='\u{EF}' => is_continuation(c) && next.next().is_some_and(is_continuation),
        '\u{F0}'..='\u{F4}' => {
            is_continuation(c) && next.take(2).filter(|&c| is_continuation(c)).count() == 2
        }
        // Mac Roman: D8 and D9; D0 and D1; E2 to E4.
        'ÿ' | 'Ÿ' => true,
        '–' | '—' | '\u{201A}' => matches!(c, '\u{A1}'..='\u{FF}'),
        '\u{100}'..='\u{17F}' => is_ext(c),
        'ط' | 'ظ' => {
            is_typographic(c)
                || matches!(c, '\u{A0}'..='\u{BF}' | 'Œ' | 'œ' | 'ڈ' | 'ڑ' | 'چ' | 'گ' | 'ک' | 'ں' | 'ھ' | '\u{200C}'..='\u{200F}')
        }
        '\u{621}'..='\u{64A}' => is_ext(c),
        'Р' | 'С' | 'Ш' | 'Щ' => {
            is_ext(c) || matches!(c, '\u{401}'..='\u{40F}' | '\u{451}'..='\u{45F}' | 'Ґ' | 'ґ')
        }
        'А'..='Я' => is_ext(c),
        // windows-1251: E0 to EF, which two continuations follow.
        'а'..='п' => {
            let usual = |c| is_usual_after_word(c);
            is_rare_cyrillic(c)
                && next.next().is_some_and(|third| {
                    (is_rare_cyrillic(third) || is_typographic(third)) && !(usual(c) && usual(third))
                })
        }
        // Mac Roman: D7.
        '◊' => is_continuation(c) || matches!(c, '\u{C0}'..='\u{FF}'),
        'Γ' | 'Ξ' | 'Ο' | 'Π' | 'Ρ' | 'Ψ' | 'Ω' => is_ext(c) || matches!(c, '\u{C0}'..='\u{FF}'),
        // Code page 437: E3 to E9.
        '\u{391}'..='\u{3C9}' => matches!(c, '\u{A1}'..='\u{FF}' | 'ƒ') && !is_usual_after_word(c),
        _ => false,
    };
    if weak { Pair::Weak } else { Pair::No }
}

/// Whether two neighbours, with the one behind them, hardly are anything but bytes of one sequence.
fn is_telling(lead: char, c: char, third: Option<char>) -> bool {
    match lead {
        '√' => !c.is_ascii(),
        'Ã' => c == ' ' || is_continuation(c),
        'Â' => is_continuation(c),
        'â' if c == '€' => true,
        'Ä' | 'Å' if matches!(c, '°' | '«' | '»') => third.is_some_and(char::is_lowercase),
        '\u{C4}'..='\u{D0}' | 'Ă' | 'Ĺ' | 'В' | 'Г' => is_sign(c),
        '\u{E0}'..='\u{EF}' => {
            let usual = |c| is_usual_after_word(c);
            is_continuation(c)
                && third.is_some_and(|third| is_continuation(third) && !(usual(c) && usual(third)))
        }
        'в' => c == 'Ђ',
        'п' => c == '¬',
        '\u{201A}' => c == 'Ä' && !third.is_some_and(char::is_alphabetic),
        _ => false,
    }
}

/// A sign that hardly ever follows a letter.
const fn is_sign(c: char) -> bool {
    matches!(
        c,
        '\u{A1}'
            ..='\u{BF}'
                | 'ƒ'
                | 'ˆ'
                | '˜'
                | '†'
                | '‡'
                | '‰'
                | '€'
                | '‹'
                | '\u{201A}'
                | '„'
                | '˘'
                | '˝'
                | 'ˇ'
    ) && !is_usual_after_word(c)
        && !matches!(c, '®' | '°' | '·' | 'ª' | 'º')
}

/// A letter or sign that windows-1251 has in 80 to BF and Russian does not use in words.
const fn is_rare_cyrillic(c: char) -> bool {
    matches!(c, '\u{A0}'..='\u{BF}' | '\u{401}'..='\u{40F}' | '\u{451}'..='\u{45F}' | 'Ґ' | 'ґ')
}

/// A continuation that does not usually follow a word.
const fn is_ext(c: char) -> bool {
    (matches!(c, '\u{A0}'..='\u{BF}') || is_typographic(c)) && !is_usual_after_word(c)
}

/// Whether letters of one legacy charset may stand here in the guise of another.
pub(crate) fn looks_legacy(text: &str) -> bool {
    let mut letters = 0;
    for (index, c) in text.chars().take(4).enumerate() {
        match c {
            '\u{C0}'..='\u{FF}' if letters == index => letters += 1,
            '\u{A1}'..='\u{FF}' => {}
            _ => return letters >= 3,
        }
        if index == 3 {
            return true;
        }
    }
    letters >= 3
}

/// Whether the character joins the letters of an Arabic word: letter, mark or tatweel.
pub(crate) fn is_arabic_word(c: char) -> bool {
    class::is_arabic_letter(c) || is_arabic_sign(c)
}

/// Tatweel and the marks that stand on Arabic letters.
pub(crate) const fn is_arabic_sign(c: char) -> bool {
    matches!(c, '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{610}'..='\u{61A}' | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E4}')
}

/// Whether a teh marbuta or alef maksura before this text is followed by a letter of its word.
pub(crate) fn glued(after: &str) -> bool {
    after
        .chars()
        .find(|&c| !is_arabic_sign(c))
        .is_some_and(class::is_arabic_letter)
}
