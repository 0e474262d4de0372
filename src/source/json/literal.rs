//! String literals: writing them, and changing a piece without touching the rest.

use crate::finding::Edit;

/// Four hexadecimal digits at `at`.
pub(super) fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.iter().try_fold(0, |value, &byte| {
        char::from(byte).to_digit(16).map(|digit| value << 4 | digit)
    })
}

/// What the `\u` escape at `start`, whose four digits are `first`, decodes to (`None` for half a
/// surrogate pair), and how many bytes it takes.
pub(super) fn unicode_escape(bytes: &[u8], start: usize, first: u32) -> (Option<char>, usize) {
    if let Some(c) = char::from_u32(first) {
        return (Some(c), 6);
    }
    if (0xd800..0xdc00).contains(&first)
        && bytes.get(start + 6..start + 8) == Some(b"\\u")
        && let Some(second @ 0xdc00..0xe000) = hex4(bytes, start + 8)
    {
        let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return (char::from_u32(code), 12);
    }
    (None, 6)
}

/// Appends `s` as a JSON string literal, quotes included. With `ascii`, what is not ASCII is
/// written as `\u` escapes; else as it is.
pub fn write_string(out: &mut String, s: &str, ascii: bool) {
    out.reserve(s.len() + 2);
    out.push('"');
    write_content(out, s, ascii);
    out.push('"');
}

fn write_content(out: &mut String, s: &str, ascii: bool) {
    let mut plain = 0;
    while plain < s.len() {
        let end = super::scan::string_end(s.as_bytes(), plain);
        let run = &s[plain..end];
        if ascii && !run.is_ascii() {
            run.chars().for_each(|c| write_ascii(out, c));
        } else {
            out.push_str(run);
        }
        if let Some(&byte) = s.as_bytes().get(end) {
            write_escape(out, byte);
        }
        plain = end + 1;
    }
}

fn write_ascii(out: &mut String, c: char) {
    if c.is_ascii() {
        out.push(c);
        return;
    }
    for unit in c.encode_utf16(&mut [0; 2]) {
        push_hex(out, *unit);
    }
}

fn write_escape(out: &mut String, byte: u8) {
    match byte {
        b'"' => out.push_str("\\\""),
        b'\\' => out.push_str("\\\\"),
        b'\n' => out.push_str("\\n"),
        b'\r' => out.push_str("\\r"),
        b'\t' => out.push_str("\\t"),
        0x08 => out.push_str("\\b"),
        0x0c => out.push_str("\\f"),
        byte => push_hex(out, u16::from(byte)),
    }
}

fn push_hex(out: &mut String, unit: u16) {
    out.push_str("\\u");
    for shift in [12, 8, 4, 0] {
        out.extend(char::from_digit(u32::from(unit >> shift & 0xf), 16));
    }
}

/// One step through a literal: a plain byte or a whole escape.
struct Walk<'a> {
    bytes: &'a [u8],
    /// Offset in the literal.
    at: usize,
    /// Offset in the decoded string.
    decoded: usize,
}

impl<'a> Walk<'a> {
    /// Starts behind the opening quote.
    fn new(raw: &'a str) -> Self {
        Self {
            bytes: raw.as_bytes(),
            at: 1,
            decoded: 0,
        }
    }

    /// Moves on until `decoded` is reached (or just passed, inside an escape), or the closing quote.
    fn until(&mut self, decoded: usize) {
        let last = self.bytes.len().saturating_sub(1);
        while self.decoded < decoded && self.at < last {
            if self.bytes[self.at] == b'\\' {
                self.step();
            } else {
                let run = memchr::memchr(b'\\', &self.bytes[self.at..last]).unwrap_or(last - self.at);
                let step = run.min(decoded - self.decoded);
                self.decoded += step;
                self.at += step;
            }
        }
    }

    /// Moves over one plain byte or one escape.
    fn step(&mut self) {
        if self.bytes[self.at] == b'\\' {
            let (c, len) = self.escape();
            self.decoded += c.unwrap_or('\u{fffd}').len_utf8();
            self.at += len;
        } else {
            self.decoded += 1;
            self.at += 1;
        }
    }

    /// The escape at the position: its character (`None` for a lone surrogate) and its length.
    fn escape(&self) -> (Option<char>, usize) {
        match self.bytes.get(self.at + 1) {
            Some(b'u') => hex4(self.bytes, self.at + 2)
                .map_or((None, 6), |first| unicode_escape(self.bytes, self.at, first)),
            // Every other escape stands for one ASCII character.
            _ => (Some('\0'), 2),
        }
    }
}

/// Byte offset in a string literal (quotes included) of a byte offset in the string it decodes to.
/// An offset inside a character that is written as an escape gives the end of the escape.
#[must_use]
pub fn literal_offset(raw_literal: &str, decoded_offset: usize) -> usize {
    let mut walk = Walk::new(raw_literal);
    walk.until(decoded_offset);
    walk.at
}

/// Byte offset in the decoded string of a byte offset in its literal (quotes included): the inverse
/// of [`literal_offset`]. Inside an escape it is the place after the character.
#[must_use]
pub fn decoded_offset(raw_literal: &str, literal_offset: usize) -> usize {
    let mut walk = Walk::new(raw_literal);
    while walk.at < literal_offset && walk.at + 1 < raw_literal.len() {
        walk.step();
    }
    walk.decoded
}

/// Applies edits of the decoded string to its literal (quotes included). Every byte the edits do
/// not cover stays as it was written. New text is written as `\u` escapes where the literal is
/// all ASCII and has such an escape for a character that is not, else as it is.
#[must_use]
pub fn rewrite_literal(raw: &str, edits: &[Edit]) -> String {
    let ascii = raw.is_ascii() && escapes_non_ascii(raw);
    let mut out = String::with_capacity(raw.len());
    let mut walk = Walk::new(raw);
    let mut kept = 0;
    for edit in edits {
        walk.until(edit.span.start);
        keep(&mut out, &raw[kept..walk.at]);
        write_content(&mut out, &edit.text, ascii);
        walk.until(edit.span.end);
        kept = walk.at;
    }
    keep(&mut out, &raw[kept..]);
    out
}

/// Appends a piece that stays. Two lone surrogates that an edit brings together would read as one
/// character, so the second becomes the replacement character it reads as.
fn keep(out: &mut String, piece: &str) {
    let low = piece.starts_with("\\u")
        && hex4(piece.as_bytes(), 2).is_some_and(|unit| (0xdc00..0xe000).contains(&unit));
    if low && ends_with_high_surrogate(out) {
        out.push_str("\\ufffd");
        out.push_str(&piece[6..]);
    } else {
        out.push_str(piece);
    }
}

/// Whether the last thing in an unfinished literal is an escaped high surrogate.
fn ends_with_high_surrogate(out: &str) -> bool {
    let bytes = out.as_bytes();
    let Some(start) = bytes.len().checked_sub(6) else {
        return false;
    };
    let backslashes = bytes[..=start]
        .iter()
        .rev()
        .take_while(|&&byte| byte == b'\\')
        .count();
    bytes[start..].starts_with(b"\\u")
        && backslashes % 2 == 1
        && hex4(bytes, start + 2).is_some_and(|unit| (0xd800..0xdc00).contains(&unit))
}

/// Whether the literal has a `\u` escape for a character outside ASCII.
fn escapes_non_ascii(raw: &str) -> bool {
    let mut walk = Walk::new(raw);
    while let Some(next) = memchr::memchr(b'\\', &raw.as_bytes()[walk.at..]) {
        walk.at += next;
        let (c, len) = walk.escape();
        if c.is_none_or(|c| !c.is_ascii()) {
            return true;
        }
        walk.at += len;
    }
    false
}
