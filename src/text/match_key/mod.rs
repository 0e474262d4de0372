//! The key that compares whole texts for duplicates; never written back into a text.
//!
//! The definition is `map` with its rounds of NFC; nearly every text is folded by vectors of bytes
//! (`lanes`) with a step of one code point (`step`) where they have no answer, and the definition
//! itself is run only on a text that may not be in NFC.

#![allow(
    clippy::match_same_arms,
    reason = "one arm per reason is easier to check against the code charts"
)]

mod lanes;
mod step;
#[cfg(test)]
mod tests;

use super::class::{self, Kind};
use super::nfc;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;

/// What the matching key makes of one code point.
enum Mapped {
    /// Nothing.
    Drop,
    /// A space, collapsed with its neighbours.
    Space,
    /// One code point.
    One(char),
    /// Its compatibility decomposition, mapped again.
    Compatibility,
}

/// The matching key of one code point of a text in NFC: the definition, from which the tables are made.
fn map(c: char) -> Mapped {
    match c {
        '٠'..='٩' => Mapped::One(ascii_digit(c, '٠')),
        '۰'..='۹' => Mapped::One(ascii_digit(c, '۰')),
        'أ' | 'إ' | 'آ' | 'ٱ' => Mapped::One('ا'),
        'ؤ' => Mapped::One('و'),
        'ئ' | 'ى' | 'ی' => Mapped::One('ي'),
        'ک' => Mapped::One('ك'),
        'ہ' | 'ھ' | 'ة' | 'ۂ' => Mapped::One('ه'),
        // Hamza above is dropped wherever it stands alone, so these lose it too.
        'ۀ' => Mapped::One('ە'),
        'ۓ' => Mapped::One('ے'),
        // Tatweel, marks of the Arabic script, and their spacing presentation forms.
        '\u{640}'
        | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}'
        | '\u{670}'
        | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E4}'
        | '\u{6E7}'..='\u{6E8}'
        | '\u{6EA}'..='\u{6ED}'
        | '\u{FC5E}'..='\u{FC63}'
        | '\u{FCF2}'..='\u{FCF4}'
        | '\u{FE70}'..='\u{FE7F}' => Mapped::Drop,
        '\u{FB00}'..='\u{FB06}' | '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' => Mapped::Compatibility,
        '\u{FD50}'..='\u{FDCE}' | '\u{FDF0}'..='\u{FDFC}' | '\u{FE80}'..='\u{FEFC}' => Mapped::Compatibility,
        '\u{FF01}'..='\u{FF5E}' => Mapped::Compatibility,
        'ς' => Mapped::One('σ'),
        'İ' => Mapped::One('i'),
        c if c.is_whitespace() => Mapped::Space,
        c => {
            let class = class::class(c);
            if class.is_default_ignorable() {
                return Mapped::Drop;
            }
            match class.kind() {
                Kind::Punctuation | Kind::Symbol | Kind::Separator => Mapped::Space,
                Kind::Format | Kind::Control => Mapped::Drop,
                // Only İ has a lower case of two code points, and it is handled above.
                _ => Mapped::One(c.to_lowercase().next().unwrap_or(c)),
            }
        }
    }
}

fn ascii_digit(c: char, zero: char) -> char {
    char::from(b'0' + (c as u32 - zero as u32) as u8)
}

/// Bytes of a key while it grows, with a margin so that a vector can always be stored.
struct Writer<'o> {
    out: &'o mut Vec<u8>,
    len: usize,
    /// The last byte is a space, or there is none: another one is dropped.
    last_is_space: bool,
}

/// Bytes that may be stored at any time.
const MARGIN: usize = 128;

impl<'o> Writer<'o> {
    fn new(out: &'o mut Vec<u8>, text: &str) -> Self {
        if out.len() < text.len() + 2 * MARGIN {
            out.resize(text.len() + 2 * MARGIN, 0);
        }
        Self {
            out,
            len: 0,
            last_is_space: true,
        }
    }

    /// Makes room: the compatibility decomposition of a ligature is longer than the ligature.
    #[inline]
    fn room(&mut self) {
        if self.len + MARGIN > self.out.len() {
            self.out.resize(self.out.len() * 2, 0);
        }
    }

    #[inline]
    fn char(&mut self, c: char) {
        if c == ' ' && self.last_is_space {
            return;
        }
        self.room();
        self.last_is_space = c == ' ';
        self.len += c.encode_utf8(&mut self.out[self.len..]).len();
    }

    fn mapped(&mut self, c: char) {
        match map(c) {
            Mapped::Drop => {}
            Mapped::Space => self.char(' '),
            Mapped::One(one) => self.char(one),
            Mapped::Compatibility => {
                decompose_compatible(c, |part| {
                    // The parts of a presentation form are never presentation forms themselves.
                    match map(part) {
                        Mapped::Space => self.char(' '),
                        Mapped::One(one) => self.char(one),
                        Mapped::Drop | Mapped::Compatibility => {}
                    }
                });
            }
        }
    }

    /// Cuts the margin and a space at the end.
    fn finish(self) {
        let end = self.len - usize::from(self.last_is_space && self.len > 0);
        self.out.truncate(end);
    }
}

/// Writes the matching key of a text, UTF-8, into `out`; what `out` held before is lost.
///
/// The text as readers hear it: NFC, presentation forms, hamza carriers, tatweel, harakat and format
/// characters, letter variants, digit systems, case, punctuation and white space are all folded.
/// Never written back into a text. Idempotent.
pub fn match_key(text: &str, out: &mut Vec<u8>) {
    // Most texts that are not in NFC hold marks that compose, and are plain once those have.
    if !step::fast_key(text, out) && !step::fast_key(&nfc::composed(text), out) {
        slow_key(text, out);
    }
}

/// The definition of the key, for texts in which something may not be in NFC.
///
/// Dropped code points can stand between a letter and its mark, a presentation form can end in a
/// letter that composes with the mark after it, and so can a small letter whose capital does not:
/// hence the rounds of NFC.
fn slow_key(text: &str, out: &mut Vec<u8>) {
    let kept: String = text
        .nfc()
        .filter(|&c| !matches!(map(c), Mapped::Drop))
        .nfc()
        .collect();
    let mut plain = String::with_capacity(kept.len());
    for c in kept.chars() {
        match map(c) {
            Mapped::Compatibility => decompose_compatible(c, |part| {
                plain.extend(part.to_lowercase().filter(|&c| !matches!(map(c), Mapped::Drop)));
            }),
            // Keeps what becomes a space: a mark may still compose with it.
            _ if c == 'İ' => plain.push('i'),
            _ => plain.extend(c.to_lowercase()),
        }
    }
    let mut writer = Writer::new(out, &plain);
    for c in plain.nfc() {
        writer.mapped(c);
    }
    writer.finish();
}
