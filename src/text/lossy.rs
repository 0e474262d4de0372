//! Arabic mojibake that lost bytes on its way: exact inversion fails, the gaps can be filled.
//!
//! Read as windows-1252, the letter ف ends in U+0081 and ح in a soft hyphen; programs that strip
//! controls and invisible characters leave the first byte, `Ù` or `Ø`, alone.

use super::charset::Charset;
use super::makeup::{Group, makeup};

/// A lossy line put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// What the text most likely was.
    pub text: String,
    /// How many bytes were filled in.
    pub lost: usize,
}

/// Whether `Ø` or `Ù`, which the first bytes of Arabic letters look like, stand in a text.
#[must_use]
pub fn has_orphan_letters(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), "Ø".as_bytes()).is_some()
        || memchr::memmem::find(text.as_bytes(), "Ù".as_bytes()).is_some()
}

/// First bytes of the Arabic letters in UTF-8, and the second byte that is lost after each.
fn filler(lead: u8) -> Option<u8> {
    match lead {
        0xD9 => Some(0x81),
        0xD8 => Some(0xAD),
        _ => None,
    }
}

/// Fills the gaps of an Arabic line that was read as windows-1252 and lost bytes. At least three
/// letters must be whole, and no more may be filled in than are whole.
#[must_use]
pub fn fill(line: &str) -> Option<Filled> {
    if !has_orphan_letters(line) {
        return None;
    }
    let bytes = Charset::WINDOWS_1252.encode(line)?;
    let mut filled = Vec::with_capacity(bytes.len() + 8);
    let mut lost = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        filled.push(byte);
        let next = bytes.get(at + 1).copied().unwrap_or(b' ');
        if let Some(second) = filler(byte).filter(|_| !matches!(next, 0x80..=0xBF)) {
            filled.push(second);
            lost += 1;
        }
    }
    let text = String::from_utf8(filled).ok()?;
    let made = makeup(&text)?;
    let whole = made.count.checked_sub(lost)?;
    (lost > 0 && made.group == Some(Group::Arabic) && whole >= 3 && lost <= whole)
        .then_some(Filled { text, lost })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled() {
        let text = "وقف الحارس في الصف";
        let garbled = Charset::WINDOWS_1252.decode(text.as_bytes());
        let lossy = garbled.replace(['\u{81}', '\u{ad}'], "");
        assert_eq!(
            fill(&lossy).unwrap(),
            Filled {
                text: text.to_owned(),
                lost: 4
            }
        );
        assert_eq!(fill(&garbled), None);
    }

    #[test]
    fn letters_of_other_languages_stay() {
        for clean in [
            "ØL OG MAD",
            "Ørsted på Ø",
            "ØØØ",
            "Ù",
            "الصف",
            "ØSTRE LANDSRET AFGØR",
            "",
        ] {
            assert_eq!(fill(clean), None, "{clean}");
        }
    }
}
