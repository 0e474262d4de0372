//! Strict JSON (RFC 8259) into a [`Tree`].
//!
//! One forward pass, no recursion: the open containers stand on a stack of fixed depth, strings are
//! looked at sixteen bytes at a time, and nothing is copied but strings that hold an escape.

mod literal;
mod scan;

pub use literal::{decoded_offset, literal_offset, rewrite_literal, write_string};

use super::{JsonIssue, JsonIssueKind};
use crate::record::{Kind, Node, Span, Tree};
use std::collections::HashSet;

/// Deepest nesting that is accepted.
pub const MAX_DEPTH: usize = 128;
/// Most members or elements of one container.
pub const MAX_MEMBERS: usize = 1_000_000;

/// Objects of at most this many members are searched for repeated names pair by pair.
const SMALL_OBJECT: u32 = 24;

/// Largest integer that every reader of doubles keeps exactly: 2^53 - 1 (RFC 7493 section 2.2).
const MAX_EXACT: &[u8] = b"9007199254740991";

/// Why a text is not one JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonError {
    /// Not RFC 8259.
    Syntax {
        /// Byte offset in the text given (absolute, not relative to the span).
        offset: usize,
        /// What was expected and what stands there.
        reason: String,
    },
    /// Too deep or too many members.
    Limit {
        /// Byte offset in the text given.
        offset: usize,
        /// `nesting depth`, `members` or `bytes`.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}

impl std::fmt::Display for JsonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax { offset, reason } => write!(f, "{reason} at byte {offset}"),
            Self::Limit { offset, what, limit } => write!(f, "more {what} than {limit} at byte {offset}"),
        }
    }
}

impl std::error::Error for JsonError {}

/// Parses the one JSON value in `text[span]` into `tree` (cleared first) and appends flaws to
/// `issues`, in the order of the text. Positions in the tree are offsets into `text`.
///
/// Of a text that is refused, `tree` is left empty and `issues` as it was.
///
/// # Errors
/// The first place where the text is not RFC 8259, or exceeds a limit.
pub fn parse(text: &str, span: Span, tree: &mut Tree, issues: &mut Vec<JsonIssue>) -> Result<(), JsonError> {
    tree.clear();
    let known = issues.len();
    let end = span.end.min(text.len());
    if u32::try_from(end).is_err() {
        return Err(JsonError::Limit {
            offset: span.start,
            what: "bytes",
            limit: u32::MAX as usize,
        });
    }
    let mut parser = Parser {
        text,
        bytes: &text.as_bytes()[..end],
        pos: span.start,
        tree,
        issues,
        stack: [0; MAX_DEPTH],
        depth: 0,
    };
    let result = parser.document();
    if result.is_err() {
        tree.clear();
        issues.truncate(known);
    } else if issues.len() > known + 1 {
        // Repeated names are found when their object ends, after flaws of what it holds.
        issues[known..].sort_by_key(|issue| issue.span.start);
    }
    result
}

/// What the grammar allows next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A value.
    Value,
    /// A value, or `]`.
    FirstElement,
    /// A member name, or `}`.
    FirstName,
    /// A member name.
    Name,
    /// `,` or the end of the innermost container.
    Separator,
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    pos: usize,
    tree: &'t mut Tree,
    issues: &'t mut Vec<JsonIssue>,
    /// Nodes of the open containers.
    stack: [u32; MAX_DEPTH],
    depth: usize,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<(), JsonError> {
        let mut next = Next::Value;
        loop {
            self.skip_space();
            next = match next {
                Next::Value => self.value("a JSON value")?,
                Next::FirstElement if self.peek() == Some(b']') => self.close(),
                Next::FirstElement => {
                    self.count()?;
                    self.value("a JSON value or `]`")?
                }
                Next::FirstName if self.peek() == Some(b'}') => self.close(),
                Next::FirstName => self.name("a member name in double quotes or `}`")?,
                Next::Name => self.name("a member name in double quotes")?,
                Next::Separator if self.depth == 0 => break,
                Next::Separator => self.separator()?,
            };
        }
        if self.pos < self.bytes.len() {
            return Err(self.expected("the end of the record after its value"));
        }
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.pos).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.pos += 1;
        }
    }

    fn top(&mut self) -> &mut Node {
        let index = self.stack[self.depth - 1] as usize;
        &mut self.tree.nodes[index]
    }

    /// Counts one more element or member of the innermost container.
    fn count(&mut self) -> Result<(), JsonError> {
        if self.depth == 0 {
            return Ok(());
        }
        let node = self.top();
        if node.b as usize >= MAX_MEMBERS {
            return Err(JsonError::Limit {
                offset: self.pos,
                what: "members",
                limit: MAX_MEMBERS,
            });
        }
        node.b += 1;
        Ok(())
    }

    fn value(&mut self, expected: &str) -> Result<Next, JsonError> {
        match self.peek() {
            Some(b'"') => {
                self.string()?;
                Ok(Next::Separator)
            }
            Some(b'{') => self.open(Kind::Object),
            Some(b'[') => self.open(Kind::Array),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Kind::Bool),
            Some(b'f') => self.word("false", Kind::Bool),
            Some(b'n') => self.word("null", Kind::Null),
            _ => Err(self.expected(expected)),
        }
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.tree.nodes.push(Node {
            kind,
            escaped: false,
            start: start as u32,
            end: self.pos as u32,
            a: 0,
            b: 0,
        });
    }

    fn open(&mut self, kind: Kind) -> Result<Next, JsonError> {
        if self.depth == MAX_DEPTH {
            return Err(JsonError::Limit {
                offset: self.pos,
                what: "nesting depth",
                limit: MAX_DEPTH,
            });
        }
        self.stack[self.depth] = self.tree.nodes.len() as u32;
        self.depth += 1;
        let start = self.pos;
        self.pos += 1;
        self.push(kind, start);
        Ok(if kind == Kind::Array {
            Next::FirstElement
        } else {
            Next::FirstName
        })
    }

    fn close(&mut self) -> Next {
        self.pos += 1;
        self.depth -= 1;
        let index = self.stack[self.depth];
        let (end, after) = (self.pos as u32, self.tree.nodes.len() as u32);
        let node = &mut self.tree.nodes[index as usize];
        node.end = end;
        node.a = after;
        if node.kind == Kind::Object && node.b > 1 {
            self.repeated_names(index);
        }
        Next::Separator
    }

    fn separator(&mut self) -> Result<Next, JsonError> {
        let array = self.top().kind == Kind::Array;
        match (self.peek(), array) {
            (Some(b','), true) => {
                self.pos += 1;
                self.count()?;
                Ok(Next::Value)
            }
            (Some(b','), false) => {
                self.pos += 1;
                Ok(Next::Name)
            }
            (Some(b']'), true) | (Some(b'}'), false) => Ok(self.close()),
            (_, true) => Err(self.expected("`,` or `]` after an element")),
            (_, false) => Err(self.expected("`,` or `}` after a member")),
        }
    }

    fn name(&mut self, expected: &str) -> Result<Next, JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.expected(expected));
        }
        self.count()?;
        self.string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.expected("`:` after the member name"));
        }
        self.pos += 1;
        Ok(Next::Value)
    }

    fn word(&mut self, word: &'static str, kind: Kind) -> Result<Next, JsonError> {
        let start = self.pos;
        for (at, byte) in word.bytes().enumerate() {
            if self.bytes.get(start + at) != Some(&byte) {
                self.pos = start + at;
                return Err(self.expected(&format!("`{word}`")));
            }
        }
        self.pos += word.len();
        self.push(kind, start);
        Ok(Next::Separator)
    }

    fn digits(&mut self, expected: &str) -> Result<(), JsonError> {
        let start = self.pos;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.pos += 1;
        }
        if self.pos == start {
            return Err(self.expected(expected));
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Next, JsonError> {
        let start = self.pos;
        if self.peek() == Some(b'-') {
            self.pos += 1;
        }
        let integer = self.pos;
        if self.peek() == Some(b'0') {
            self.pos += 1;
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.expected("no digit after a leading zero"));
            }
        } else {
            self.digits("a digit after `-`")?;
        }
        let whole = self.pos;
        if self.peek() == Some(b'.') {
            self.pos += 1;
            self.digits("a digit after the decimal point")?;
        }
        let mantissa = self.pos;
        if let Some(b'e' | b'E') = self.peek() {
            self.pos += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.pos += 1;
            }
            self.digits("a digit in the exponent")?;
        }
        let exact = if self.pos == whole {
            let digits = &self.bytes[integer..whole];
            digits.len() < MAX_EXACT.len() || (digits.len() == MAX_EXACT.len() && digits <= MAX_EXACT)
        } else {
            // A double holds 10^±290 whatever the mantissa of so few digits is.
            self.pos == mantissa && whole - integer < 300 || fits_double(&self.text[start..self.pos])
        };
        if !exact {
            self.issue(JsonIssueKind::Number, Span::new(start, self.pos));
        }
        self.push(Kind::Number, start);
        Ok(Next::Separator)
    }

    /// Notes a flaw of the node that is pushed next.
    fn issue(&mut self, kind: JsonIssueKind, span: Span) {
        let node = self.tree.nodes.len() as u32;
        self.issues.push(JsonIssue { kind, span, node });
    }

    /// Takes a string; the position is at its opening quote.
    fn string(&mut self) -> Result<(), JsonError> {
        let start = self.pos;
        self.pos = scan::string_end(self.bytes, start + 1);
        if self.peek() == Some(b'"') {
            self.pos += 1;
            self.push(Kind::String, start);
            return Ok(());
        }
        let from = self.tree.arena.len();
        let mut piece = start + 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.tree.arena.push_str(&self.text[piece..self.pos]);
                    self.escape()?;
                    piece = self.pos;
                    self.pos = scan::string_end(self.bytes, piece);
                }
                Some(_) => return Err(self.expected("no control character in a string (write an escape)")),
                None => return Err(self.expected("`\"` at the end of a string")),
            }
        }
        self.tree.arena.push_str(&self.text[piece..self.pos]);
        self.pos += 1;
        let to = self.tree.arena.len();
        self.tree.nodes.push(Node {
            kind: Kind::String,
            escaped: true,
            start: start as u32,
            end: self.pos as u32,
            a: from as u32,
            b: to as u32,
        });
        Ok(())
    }

    /// Decodes the escape at the position into the arena.
    fn escape(&mut self) -> Result<(), JsonError> {
        let start = self.pos;
        let decoded = match self.bytes.get(start + 1) {
            Some(b'n') => '\n',
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'u') => return self.unicode_escape(),
            _ => {
                self.pos = start + 1;
                return Err(self.expected("one of `\" \\ / b f n r t u` after a backslash"));
            }
        };
        self.tree.arena.push(decoded);
        self.pos = start + 2;
        Ok(())
    }

    fn unicode_escape(&mut self) -> Result<(), JsonError> {
        let start = self.pos;
        let Some(first) = literal::hex4(self.bytes, start + 2) else {
            let digits = self.bytes[start + 2..].iter().take(4);
            self.pos = start + 2 + digits.take_while(|byte| byte.is_ascii_hexdigit()).count();
            return Err(self.expected("four hexadecimal digits after `\\u`"));
        };
        let (decoded, len) = literal::unicode_escape(self.bytes, start, first);
        self.pos = start + len;
        if decoded.is_none() {
            self.issue(JsonIssueKind::LoneSurrogate, Span::new(start, self.pos));
        }
        self.tree.arena.push(decoded.unwrap_or('\u{fffd}'));
        Ok(())
    }

    /// Reports every member of an object whose name an earlier member has.
    fn repeated_names(&mut self, object: u32) {
        let Some(value) = self.tree.value(self.text, object) else {
            return;
        };
        let members = || {
            value
                .members()
                .map(|(name, member)| (name.as_str().unwrap_or_default(), name.span(), member.index()))
        };
        let mut report = |span, node| {
            self.issues.push(JsonIssue {
                kind: JsonIssueKind::DuplicateKey,
                span,
                node,
            });
        };
        if value.len() > SMALL_OBJECT as usize {
            let mut seen = HashSet::with_capacity(value.len());
            for (name, span, node) in members() {
                if !seen.insert(name) {
                    report(span, node);
                }
            }
            return;
        }
        let mut seen = 0_u64;
        for (index, (name, span, node)) in members().enumerate() {
            // Six bits of a cheap hash: most names need no comparison at all.
            let bit = 1 << (signature(name) & 63);
            if seen & bit != 0 && members().take(index).any(|(earlier, ..)| earlier == name) {
                report(span, node);
            }
            seen |= bit;
        }
    }

    #[cold]
    fn expected(&self, what: &str) -> JsonError {
        // A span that cuts a character in two has no text at its end.
        let rest = self.text.get(self.pos..self.bytes.len()).unwrap_or_default();
        let found = match rest.chars().next() {
            None => "the end of the record".to_owned(),
            Some(c @ ' '..='~') => format!("`{c}`"),
            Some(c) => format!("U+{:04X}", u32::from(c)),
        };
        let hint = match rest.chars().next() {
            Some('\'') => " (strings stand in double quotes)",
            Some('/' | '#') => " (JSON has no comments)",
            Some('N' | 'I') => " (NaN and Infinity are not JSON)",
            Some('T' | 'F') => " (write `true` and `false` in lower case)",
            Some('\u{feff}') => " (a byte order mark)",
            Some('}' | ']') if self.after_comma() => " (no comma before the end)",
            _ => "",
        };
        JsonError::Syntax {
            offset: self.pos,
            reason: format!("expected {what}, found {found}{hint}"),
        }
    }

    /// Whether the last byte before the position, space aside, is a comma.
    fn after_comma(&self) -> bool {
        self.text[..self.pos]
            .trim_end_matches([' ', '\t', '\r', '\n'])
            .ends_with(',')
    }
}

/// A few bits that differ between most member names.
fn signature(name: &str) -> usize {
    let bytes = name.as_bytes();
    let at = |index: usize| bytes.get(index).copied().map_or(0, usize::from);
    let len = bytes.len();
    len.wrapping_mul(7) ^ at(0) ^ at(len.wrapping_sub(1)).wrapping_mul(5) ^ at(len / 2).wrapping_mul(3)
}

/// Whether a number is neither infinite as a double nor, being other than zero, zero.
fn fits_double(literal: &str) -> bool {
    let mantissa = literal.split(['e', 'E']).next().unwrap_or_default();
    let zero = !mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    literal
        .parse::<f64>()
        .is_ok_and(|number| number.is_finite() && (zero || number != 0.0))
}

#[cfg(test)]
mod tests;
