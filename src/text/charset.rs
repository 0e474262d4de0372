//! Single-byte charsets, both ways: the tables behind mojibake repair and legacy detection.

use encoding_rs::Encoding;
use std::sync::LazyLock;

/// Number of single-byte charsets in [`ALL`].
pub const COUNT: usize = 15;

/// A single-byte charset that extends ASCII. An index into [`ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Charset(u8);

macro_rules! charsets {
    ($($(#[$doc:meta])* $name:ident = $index:literal;)*) => {
        impl Charset {
            $($(#[$doc])* pub const $name: Self = Self($index);)*
        }
        /// Every charset, in the order in which mojibake repair tries them.
        pub const ALL: [Charset; COUNT] = [$(Charset::$name),*];
    };
}

charsets! {
    /// windows-1252, the five undefined bytes as C1 controls.
    WINDOWS_1252 = 0;
    /// ISO 8859-1 with the C1 controls.
    LATIN_1 = 1;
    /// windows-1256 (Arabic).
    WINDOWS_1256 = 2;
    /// ISO 8859-6 (Arabic).
    ISO_8859_6 = 3;
    /// IBM code page 720 (Arabic, DOS).
    CP720 = 4;
    /// windows-1251 (Cyrillic).
    WINDOWS_1251 = 5;
    /// KOI8-R (Russian).
    KOI8_R = 6;
    /// Mac OS Roman.
    MAC_ROMAN = 7;
    /// IBM code page 437 (DOS).
    CP437 = 8;
    /// IBM code page 850 (DOS, Western Europe).
    CP850 = 9;
    /// windows-1254 (Turkish).
    WINDOWS_1254 = 10;
    /// windows-1250 (Central Europe).
    WINDOWS_1250 = 11;
    /// windows-1253 (Greek).
    WINDOWS_1253 = 12;
    /// windows-1257 (Baltic).
    WINDOWS_1257 = 13;
    /// ISO 8859-2 (Central Europe).
    ISO_8859_2 = 14;
}

const NAMES: [&str; COUNT] = [
    "windows-1252",
    "latin-1",
    "windows-1256",
    "iso-8859-6",
    "cp720",
    "windows-1251",
    "koi8-r",
    "mac-roman",
    "cp437",
    "cp850",
    "windows-1254",
    "windows-1250",
    "windows-1253",
    "windows-1257",
    "iso-8859-2",
];

/// Characters of bytes 80 to FF of IBM code page 720, undefined bytes as C1 controls.
const CP720: &str = "\u{80}\u{81}\u{e9}\u{e2}\u{84}\u{e0}\u{86}\u{e7}\
    \u{ea}\u{eb}\u{e8}\u{ef}\u{ee}\u{8d}\u{8e}\u{8f}\
    \u{90}\u{651}\u{652}\u{f4}\u{a4}\u{640}\u{fb}\u{f9}\
    \u{621}\u{622}\u{623}\u{624}\u{a3}\u{625}\u{626}\u{627}\
    \u{628}\u{629}\u{62a}\u{62b}\u{62c}\u{62d}\u{62e}\u{62f}\
    \u{630}\u{631}\u{632}\u{633}\u{634}\u{635}\u{ab}\u{bb}\
    \u{2591}\u{2592}\u{2593}\u{2502}\u{2524}\u{2561}\u{2562}\u{2556}\
    \u{2555}\u{2563}\u{2551}\u{2557}\u{255d}\u{255c}\u{255b}\u{2510}\
    \u{2514}\u{2534}\u{252c}\u{251c}\u{2500}\u{253c}\u{255e}\u{255f}\
    \u{255a}\u{2554}\u{2569}\u{2566}\u{2560}\u{2550}\u{256c}\u{2567}\
    \u{2568}\u{2564}\u{2565}\u{2559}\u{2558}\u{2552}\u{2553}\u{256b}\
    \u{256a}\u{2518}\u{250c}\u{2588}\u{2584}\u{258c}\u{2590}\u{2580}\
    \u{636}\u{637}\u{638}\u{639}\u{63a}\u{641}\u{b5}\u{642}\
    \u{643}\u{644}\u{645}\u{646}\u{647}\u{648}\u{649}\u{64a}\
    \u{2261}\u{64b}\u{64c}\u{64d}\u{64e}\u{64f}\u{650}\u{2248}\
    \u{b0}\u{2219}\u{b7}\u{221a}\u{207f}\u{b2}\u{25a0}\u{a0}";

/// Characters of bytes 80 to FF of IBM code page 437.
const CP437: &str = "\u{c7}\u{fc}\u{e9}\u{e2}\u{e4}\u{e0}\u{e5}\u{e7}\
    \u{ea}\u{eb}\u{e8}\u{ef}\u{ee}\u{ec}\u{c4}\u{c5}\
    \u{c9}\u{e6}\u{c6}\u{f4}\u{f6}\u{f2}\u{fb}\u{f9}\
    \u{ff}\u{d6}\u{dc}\u{a2}\u{a3}\u{a5}\u{20a7}\u{192}\
    \u{e1}\u{ed}\u{f3}\u{fa}\u{f1}\u{d1}\u{aa}\u{ba}\
    \u{bf}\u{2310}\u{ac}\u{bd}\u{bc}\u{a1}\u{ab}\u{bb}\
    \u{2591}\u{2592}\u{2593}\u{2502}\u{2524}\u{2561}\u{2562}\u{2556}\
    \u{2555}\u{2563}\u{2551}\u{2557}\u{255d}\u{255c}\u{255b}\u{2510}\
    \u{2514}\u{2534}\u{252c}\u{251c}\u{2500}\u{253c}\u{255e}\u{255f}\
    \u{255a}\u{2554}\u{2569}\u{2566}\u{2560}\u{2550}\u{256c}\u{2567}\
    \u{2568}\u{2564}\u{2565}\u{2559}\u{2558}\u{2552}\u{2553}\u{256b}\
    \u{256a}\u{2518}\u{250c}\u{2588}\u{2584}\u{258c}\u{2590}\u{2580}\
    \u{3b1}\u{df}\u{393}\u{3c0}\u{3a3}\u{3c3}\u{b5}\u{3c4}\
    \u{3a6}\u{398}\u{3a9}\u{3b4}\u{221e}\u{3c6}\u{3b5}\u{2229}\
    \u{2261}\u{b1}\u{2265}\u{2264}\u{2320}\u{2321}\u{f7}\u{2248}\
    \u{b0}\u{2219}\u{b7}\u{221a}\u{207f}\u{b2}\u{25a0}\u{a0}";

/// Characters of bytes 80 to FF of IBM code page 850.
const CP850: &str = "\u{c7}\u{fc}\u{e9}\u{e2}\u{e4}\u{e0}\u{e5}\u{e7}\
    \u{ea}\u{eb}\u{e8}\u{ef}\u{ee}\u{ec}\u{c4}\u{c5}\
    \u{c9}\u{e6}\u{c6}\u{f4}\u{f6}\u{f2}\u{fb}\u{f9}\
    \u{ff}\u{d6}\u{dc}\u{f8}\u{a3}\u{d8}\u{d7}\u{192}\
    \u{e1}\u{ed}\u{f3}\u{fa}\u{f1}\u{d1}\u{aa}\u{ba}\
    \u{bf}\u{ae}\u{ac}\u{bd}\u{bc}\u{a1}\u{ab}\u{bb}\
    \u{2591}\u{2592}\u{2593}\u{2502}\u{2524}\u{c1}\u{c2}\u{c0}\
    \u{a9}\u{2563}\u{2551}\u{2557}\u{255d}\u{a2}\u{a5}\u{2510}\
    \u{2514}\u{2534}\u{252c}\u{251c}\u{2500}\u{253c}\u{e3}\u{c3}\
    \u{255a}\u{2554}\u{2569}\u{2566}\u{2560}\u{2550}\u{256c}\u{a4}\
    \u{f0}\u{d0}\u{ca}\u{cb}\u{c8}\u{131}\u{cd}\u{ce}\
    \u{cf}\u{2518}\u{250c}\u{2588}\u{2584}\u{a6}\u{cc}\u{2580}\
    \u{d3}\u{df}\u{d4}\u{d2}\u{f5}\u{d5}\u{b5}\u{fe}\
    \u{de}\u{da}\u{db}\u{d9}\u{fd}\u{dd}\u{af}\u{b4}\
    \u{ad}\u{b1}\u{2017}\u{be}\u{b6}\u{a7}\u{f7}\u{b8}\
    \u{b0}\u{a8}\u{b7}\u{b9}\u{b3}\u{b2}\u{25a0}\u{a0}";

/// A set of charsets, one bit each.
pub type CharsetSet = u16;

/// What one character is as a byte in each charset.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    /// The byte, 80 to FF; 0 where the charset has no such character.
    bytes: [u8; COUNT],
    /// Charsets in which the byte starts a UTF-8 sequence (C2 to F4).
    lead: CharsetSet,
    /// Charsets in which the byte continues one (80 to BF).
    tail: CharsetSet,
}

struct Tables {
    forward: [[char; 128]; COUNT],
    rows: Vec<Row>,
    /// Row block of each 256 BMP characters; block 0 is empty.
    blocks: [u8; 256],
}

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::build);

impl Tables {
    fn build() -> Self {
        let mut tables = Self {
            forward: ALL.map(forward),
            rows: vec![Row::default(); 256],
            blocks: [0; 256],
        };
        for charset in ALL {
            for (byte, c) in (0x80..=0xFF).zip(tables.forward[charset.index()]) {
                tables.add(charset, byte, c);
            }
        }
        tables
    }

    fn add(&mut self, charset: Charset, byte: u8, c: char) {
        // Every character of these charsets is in the BMP.
        let Ok(code) = u16::try_from(u32::from(c)) else {
            return;
        };
        let block = usize::from(code >> 8);
        if self.blocks[block] == 0 {
            self.blocks[block] = (self.rows.len() / 256) as u8;
            self.rows.resize(self.rows.len() + 256, Row::default());
        }
        let row = &mut self.rows[usize::from(self.blocks[block]) * 256 + usize::from(code & 0xFF)];
        row.bytes[charset.index()] = byte;
        if matches!(byte, 0xC2..=0xF4) {
            row.lead |= charset.bit();
        }
        if matches!(byte, 0x80..=0xBF) {
            row.tail |= charset.bit();
        }
    }

    fn row(&self, c: char) -> &Row {
        let code = u32::from(c) as usize;
        let block = if code < 0x1_0000 {
            self.blocks[code >> 8]
        } else {
            0
        };
        &self.rows[usize::from(block) * 256 + (code & 0xFF)]
    }
}

/// The upper half of a charset. A byte the charset leaves undefined stands for the code point of
/// the same number, as lenient decoders have it.
fn forward(charset: Charset) -> [char; 128] {
    let own = match charset {
        Charset::CP720 => CP720,
        Charset::CP437 => CP437,
        Charset::CP850 => CP850,
        _ => "",
    };
    let mut table: [char; 128] = std::array::from_fn(|i| char::from(0x80 + i as u8));
    if let Some(encoding) = charset.encoding() {
        for (i, slot) in table.iter_mut().enumerate() {
            let byte = [0x80 + i as u8];
            let (text, _) = encoding.decode_without_bom_handling(&byte);
            if let Some(c) = text.chars().next().filter(|&c| c != '\u{fffd}') {
                *slot = c;
            }
        }
    }
    for (slot, c) in table.iter_mut().zip(own.chars()) {
        *slot = c;
    }
    table
}

impl Charset {
    const fn index(self) -> usize {
        self.0 as usize
    }

    /// This charset as a set of one.
    #[must_use]
    pub const fn bit(self) -> CharsetSet {
        1 << self.0
    }

    /// The name people know it by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        NAMES[self.index()]
    }

    /// Whether a decoder for it exists in the WHATWG Encoding Standard (latin-1 is not one there).
    fn encoding(self) -> Option<&'static Encoding> {
        Some(match self {
            Self::WINDOWS_1252 => encoding_rs::WINDOWS_1252,
            Self::WINDOWS_1256 => encoding_rs::WINDOWS_1256,
            Self::ISO_8859_6 => encoding_rs::ISO_8859_6,
            Self::WINDOWS_1251 => encoding_rs::WINDOWS_1251,
            Self::KOI8_R => encoding_rs::KOI8_R,
            Self::MAC_ROMAN => encoding_rs::MACINTOSH,
            Self::WINDOWS_1254 => encoding_rs::WINDOWS_1254,
            Self::WINDOWS_1250 => encoding_rs::WINDOWS_1250,
            Self::WINDOWS_1253 => encoding_rs::WINDOWS_1253,
            Self::WINDOWS_1257 => encoding_rs::WINDOWS_1257,
            Self::ISO_8859_2 => encoding_rs::ISO_8859_2,
            _ => return None,
        })
    }

    /// Whether it is one of the Western tables whose mojibake is told apart by two sequences.
    #[must_use]
    pub const fn is_latin(self) -> bool {
        self.0 <= Self::LATIN_1.0
    }

    /// The character of a byte.
    #[must_use]
    pub fn decode_byte(self, byte: u8) -> char {
        if byte.is_ascii() {
            char::from(byte)
        } else {
            TABLES.forward[self.index()][usize::from(byte - 0x80)]
        }
    }

    /// The byte of a character, or `None` when the charset has no such character.
    #[must_use]
    pub fn encode_char(self, c: char) -> Option<u8> {
        if c.is_ascii() {
            return Some(c as u8);
        }
        let byte = TABLES.row(c).bytes[self.index()];
        (byte != 0).then_some(byte)
    }

    /// The byte of a character as lenient decoders have it: a C1 control that the charset does not
    /// know stands for the byte of its number, as in text that mixes latin-1 and windows-1252.
    #[must_use]
    pub fn encode_lenient(self, c: char) -> Option<u8> {
        self.encode_char(c)
            .or_else(|| matches!(c, '\u{80}'..='\u{9f}').then_some(c as u8))
    }

    /// The text as bytes of this charset, or `None` at the first character it lacks.
    #[must_use]
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(text.len());
        for c in text.chars() {
            bytes.push(self.encode_char(c)?);
        }
        Some(bytes)
    }

    /// Bytes read as this charset.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> String {
        bytes.iter().map(|&byte| self.decode_byte(byte)).collect()
    }
}

/// Charsets in which the character's byte starts a UTF-8 sequence of two to four bytes.
#[must_use]
pub fn lead_set(c: char) -> CharsetSet {
    TABLES.row(c).lead
}

/// Charsets in which the character's byte continues a UTF-8 sequence.
#[must_use]
pub fn tail_set(c: char) -> CharsetSet {
    TABLES.row(c).tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_goes_there_and_back() {
        for charset in ALL {
            for byte in 0..=0xFF {
                let c = charset.decode_byte(byte);
                assert_eq!(
                    charset.encode_char(c).map(|b| charset.decode_byte(b)),
                    Some(c),
                    "{} {byte:02X}",
                    charset.name()
                );
            }
        }
    }

    #[test]
    fn known_bytes() {
        assert_eq!(Charset::WINDOWS_1252.decode_byte(0x80), '€');
        assert_eq!(Charset::WINDOWS_1252.decode_byte(0x81), '\u{81}');
        assert_eq!(Charset::WINDOWS_1256.decode_byte(0xC7), 'ا');
        assert_eq!(Charset::ISO_8859_6.decode_byte(0xE4), 'ل');
        assert_eq!(Charset::ISO_8859_6.decode_byte(0xA7), '§');
        assert_eq!(Charset::CP720.decode_byte(0x9F), 'ا');
        assert_eq!(Charset::KOI8_R.decode_byte(0xC1), 'а');
        assert_eq!(Charset::CP437.decode_byte(0xE1), 'ß');
        assert_eq!(Charset::CP850.decode_byte(0x9B), 'ø');
        assert_eq!(Charset::WINDOWS_1251.encode("да"), Some(vec![0xE4, 0xE0]));
        assert_eq!(Charset::WINDOWS_1251.encode("ż"), None);
    }

    #[test]
    fn sets_follow_the_bytes() {
        assert_ne!(lead_set('Ã') & Charset::WINDOWS_1252.bit(), 0);
        assert_ne!(tail_set('©') & Charset::WINDOWS_1252.bit(), 0);
        assert_eq!(lead_set('a') | tail_set('a') | lead_set('図'), 0);
    }
}
