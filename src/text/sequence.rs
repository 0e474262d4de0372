//! UTF-8 sequences in the guise of a single-byte charset, bytes that got lost among them.

use super::charset::Charset;
use super::mojibake::MAX_LAYERS;

/// A character of a text that is being restored, and the bytes of the line it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) c: char,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Readings undone so far; 0 for what stands in the line.
    pub(super) layers: usize,
    /// Whether a byte of it had been lost.
    pub(super) lossy: bool,
}

/// The characters of a line.
pub(super) fn units(line: &str) -> Vec<Unit> {
    line.char_indices()
        .map(|(start, c)| Unit {
            c,
            start,
            end: start + c.len_utf8(),
            layers: 0,
            lossy: false,
        })
        .collect()
}

/// How text was misread.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) charset: Charset,
    /// Whether lost bytes of Arabic letters are filled in: Arabic stands in the line for sure.
    pub(super) arabic: bool,
}

/// Units that are one UTF-8 sequence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sequence {
    /// How many they are.
    pub(super) len: usize,
    /// What they spell; U+FFFD where a byte was replaced.
    pub(super) c: char,
    /// Whether a byte is missing.
    pub(super) lossy: bool,
}

/// What is known of the bytes of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    None,
    /// A0 turned into a space.
    Blank,
    /// One turned into U+FFFD or a question mark.
    Replaced,
}

/// The sequence that starts at a unit.
pub(super) fn parse(units: &[Unit], at: usize, reading: Reading) -> Option<Sequence> {
    let first = units[at];
    if first.c.is_ascii() || first.layers >= MAX_LAYERS {
        return None;
    }
    let lead = reading.charset.encode_lenient(first.c)?;
    let more = match lead {
        0xC2..=0xDF => 1,
        0xE0..=0xEF => 2,
        0xF0..=0xF4 => 3,
        _ => return None,
    };
    let orphan = || reading.arabic.then(|| orphan(units, at, lead)).flatten();
    let mut bytes = [lead, 0, 0, 0];
    let mut loss = Loss::None;
    for (index, slot) in bytes.iter_mut().enumerate().take(more + 1).skip(1) {
        let unit = units.get(at + index);
        let Some(byte) = unit.and_then(|unit| tail(unit.c, lead, index, reading.charset, &mut loss)) else {
            return orphan();
        };
        *slot = byte;
    }
    let len = more + 1;
    match loss {
        Loss::Replaced => Some(Sequence {
            len,
            c: '\u{fffd}',
            lossy: true,
        }),
        Loss::Blank if lead == 0xC3 => Some(a_grave(units, at)),
        Loss::Blank if orphan().is_some_and(|_| at > 0 && units[at - 1].c != ' ') => orphan(),
        _ if lead == 0xED && bytes[1] >= 0xA0 => surrogates(units, at, reading.charset, bytes),
        _ => {
            let c = std::str::from_utf8(&bytes[..len]).ok()?.chars().next()?;
            Some(Sequence {
                len,
                c,
                lossy: loss != Loss::None,
            })
        }
    }
}

/// The byte of a character that continues a sequence.
fn tail(c: char, lead: u8, index: usize, charset: Charset, loss: &mut Loss) -> Option<u8> {
    match c {
        '\u{fffd}' if *loss != Loss::Blank => {
            *loss = Loss::Replaced;
            Some(0x80)
        }
        '?' if *loss == Loss::None && (lead >= 0xE0 || lead <= 0xC3) => {
            *loss = Loss::Replaced;
            Some(0x80)
        }
        ' ' if *loss == Loss::None && may_be_blank(lead, index, charset) => {
            *loss = Loss::Blank;
            Some(0xA0)
        }
        _ => charset
            .encode_lenient(c)
            .filter(|byte| matches!(byte, 0x80..=0xBF)),
    }
}

/// Whether a space may stand for byte A0 at a place of a sequence: where a frequent character comes of it
/// and the charset has the no-break space there.
fn may_be_blank(lead: u8, index: usize, charset: Charset) -> bool {
    let arabic = matches!(charset, Charset::WINDOWS_1256 | Charset::ISO_8859_6);
    charset.decode_byte(0xA0) == '\u{a0}'
        && !arabic
        && match lead {
            0xC2 | 0xC3 | 0xC5 | 0xCE | 0xD0 | 0xE2 | 0xE3 | 0xF0 => true,
            // ٠
            0xD9 => charset == Charset::WINDOWS_1252,
            0xE0 | 0xE1 => index == 2,
            _ => false,
        }
}

/// `Ã` before a space was `à`. The space is part of it only where another follows or the word goes on.
fn a_grave(units: &[Unit], at: usize) -> Sequence {
    let after: String = units[at + 2..].iter().take(7).map(|unit| unit.c).collect();
    let goes_on = [" ", "s ", "quele", "quela", "quilo"];
    Sequence {
        len: if goes_on.iter().any(|rest| after.starts_with(rest)) {
            2
        } else {
            1
        },
        c: 'à',
        lossy: true,
    }
}

/// `Ù` and `Ø` that lost the invisible byte after them: ف and ح.
fn orphan(units: &[Unit], at: usize, lead: u8) -> Option<Sequence> {
    let c = match lead {
        0xD9 => 'ف',
        0xD8 => 'ح',
        _ => return None,
    };
    let next = units.get(at + 1).map_or(' ', |unit| unit.c);
    let ends = next.is_ascii() || matches!(next, 'Ø' | 'Ù' | 'Ú' | 'Û');
    ends.then_some(Sequence {
        len: 1,
        c,
        lossy: true,
    })
}

/// Two surrogates of three bytes each, as CESU-8 writes characters beyond the BMP.
fn surrogates(units: &[Unit], at: usize, charset: Charset, high: [u8; 4]) -> Option<Sequence> {
    let byte = |index: usize| charset.encode_lenient(units.get(at + index)?.c);
    let low = [byte(3)?, byte(4)?, byte(5)?];
    if low[0] != 0xED || !matches!(low[1], 0xB0..=0xBF) || !matches!(low[2], 0x80..=0xBF) {
        return None;
    }
    let ten = |middle: u8, last: u8| (u32::from(middle & 0x0F) << 6) | u32::from(last & 0x3F);
    let c = char::from_u32(0x1_0000 + (ten(high[1], high[2]) << 10) + ten(low[1], low[2]))?;
    Some(Sequence {
        len: 6,
        c,
        lossy: false,
    })
}
