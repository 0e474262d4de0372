//! Which characters a text is made of: scripts that stand together, and signs that belong to any of them.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, Script};

/// Scripts that stand together in running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Latin.
    Latin,
    /// Cyrillic.
    Cyrillic,
    /// Greek.
    Greek,
    /// Arabic.
    Arabic,
    /// Hebrew.
    Hebrew,
    /// The scripts of India and Sri Lanka.
    Indic,
    /// Thai, Lao, Khmer, Myanmar.
    SouthEastAsian,
    /// Han, Kana, Hangul, Bopomofo.
    EastAsian,
    /// Georgian, Armenian, Ethiopic, Tibetan.
    Rare,
}

const GROUPS: usize = 9;

const ORDER: [Group; GROUPS] = [
    Group::Latin,
    Group::Cyrillic,
    Group::Greek,
    Group::Arabic,
    Group::Hebrew,
    Group::Indic,
    Group::SouthEastAsian,
    Group::EastAsian,
    Group::Rare,
];

/// The group of a letter's script; `None` for scripts that modern news is not written in.
#[must_use]
pub fn group(c: char) -> Option<Group> {
    const SCRIPTS: &[(Group, &[Script])] = &[
        (Group::Latin, &[Script::Latin]),
        (Group::Cyrillic, &[Script::Cyrillic]),
        (Group::Greek, &[Script::Greek]),
        (Group::Arabic, &[Script::Arabic]),
        (Group::Hebrew, &[Script::Hebrew]),
        (
            Group::Indic,
            &[
                Script::Devanagari,
                Script::Bengali,
                Script::Gurmukhi,
                Script::Gujarati,
                Script::Oriya,
                Script::Tamil,
                Script::Telugu,
                Script::Kannada,
                Script::Malayalam,
                Script::Sinhala,
            ],
        ),
        (
            Group::SouthEastAsian,
            &[Script::Thai, Script::Lao, Script::Khmer, Script::Myanmar],
        ),
        (
            Group::EastAsian,
            &[
                Script::Han,
                Script::Hiragana,
                Script::Katakana,
                Script::Hangul,
                Script::Bopomofo,
            ],
        ),
        (
            Group::Rare,
            &[
                Script::Georgian,
                Script::Armenian,
                Script::Ethiopic,
                Script::Tibetan,
            ],
        ),
    ];
    // The long s left print two hundred years ago; box drawing under a wrong table makes rows of it.
    if c == '\u{17f}' {
        return None;
    }
    let script = CodePointMapData::<Script>::new().get(c);
    SCRIPTS
        .iter()
        .find(|(_, scripts)| scripts.contains(&script))
        .map(|&(group, _)| group)
}

/// Whether a character is a letter of one script: not tatweel or the Japanese length mark, which
/// Unicode gives to no script.
pub(super) fn is_scripted(c: char) -> bool {
    c.is_alphabetic()
        && !matches!(
            CodePointMapData::<Script>::new().get(c),
            Script::Common | Script::Inherited
        )
}

/// Whether a code point is a character that text may hold: assigned, and neither private use nor
/// a C1 control.
#[must_use]
pub fn is_character(c: char) -> bool {
    !matches!(
        CodePointMapData::<GeneralCategory>::new().get(c),
        GeneralCategory::Unassigned | GeneralCategory::PrivateUse | GeneralCategory::Control
    )
}

/// Typographic signs that a text in any language may hold, and emoji.
#[must_use]
pub fn is_typographic(c: char) -> bool {
    "–—‘’‚“”„†‡•…‰‹›€™→\u{a0}¡£§©«®°±²³·»¼½¾¿×\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{feff}".contains(c)
        || matches!(c, '\u{1F300}'..='\u{1FAFF}' | '\u{FE0F}')
}

/// What the non-ASCII characters of a text are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Makeup {
    /// Non-ASCII characters.
    pub count: usize,
    /// The group that at least 85 % of the non-ASCII letters belong to; `None` without letters.
    pub group: Option<Group>,
}

/// Decides whether a text can be what somebody wrote: every character assigned, none a control,
/// and its non-ASCII letters at least 85 % of one script group; without letters, only typographic
/// signs. `None` when it cannot.
#[must_use]
pub fn makeup(text: &str) -> Option<Makeup> {
    let (mut count, mut letters, mut signs) = (0, 0usize, 0);
    let mut groups = [0usize; GROUPS];
    for c in text.chars().filter(|c| !c.is_ascii()) {
        if !is_character(c) {
            return None;
        }
        count += 1;
        if is_scripted(c) {
            letters += 1;
            if let Some(group) = group(c) {
                groups[group as usize] += 1;
            }
        } else if is_typographic(c) {
            signs += 1;
        }
    }
    if letters == 0 {
        return (signs == count).then_some(Makeup { count, group: None });
    }
    let group = ORDER
        .into_iter()
        .find(|&group| groups[group as usize] * 100 >= letters * 85)?;
    Some(Makeup {
        count,
        group: Some(group),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn makeup_wants_one_script() {
        assert_eq!(makeup("été").unwrap().group, Some(Group::Latin));
        assert_eq!(
            makeup("“x”").unwrap(),
            Makeup {
                count: 2,
                group: None
            }
        );
        assert_eq!(makeup("灯台の修復").unwrap().group, Some(Group::EastAsian));
        assert_eq!(makeup("жш عر"), None);
        assert_eq!(makeup("\u{85}x"), None);
        assert_eq!(makeup("\u{378}\u{379}"), None);
    }
}
