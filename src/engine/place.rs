//! From a finding inside a record to its place in the file.
//!
//! Findings of a record are placed in ascending order with cursors that only move forward, so a
//! record with a million findings costs one pass over it, not a million.

use super::private::{Private, is_about_people};
use crate::finding::{Excerpt, Finding};
use crate::record::{Kind, Role, Span, Tree, Value, push_pointer};
use crate::rules::phrases::fold;
use crate::rules::runner::Active;
use crate::rules::{RawFinding, Record};
use crate::source::{Back, Chunk, Entry, Segment};
use std::collections::HashMap;
use std::sync::Arc;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Code points shown on either side of a finding.
const CONTEXT: usize = 40;
/// Most code points of the finding itself that an excerpt shows.
const SHOWN: usize = 120;

/// How much of a finding's place is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Detail {
    /// All of it.
    #[default]
    Full,
    /// The line and the field: enough to count, and to keep the order.
    Field,
}

/// Places the findings of one record.
pub(crate) struct Placer<'a> {
    pub(crate) chunk: &'a Chunk,
    pub(crate) src: &'a str,
    pub(crate) entry: &'a Entry,
    pub(crate) tree: &'a Tree,
    pub(crate) record: &'a Record<'a>,
    pub(crate) path: &'a Arc<str>,
    private: Private,
    detail: Detail,
    /// Byte offset in the file of the chunk's first line start at or before the entry.
    cursor: Option<FieldCursor<'a>>,
    columns: ColumnCursor,
    ordinals: HashMap<u64, u32>,
    fold: String,
}

/// Walks one string value: decoded bytes, code points, literal bytes, lines.
struct FieldCursor<'a> {
    node: Value<'a>,
    pointer: Box<str>,
    segment: Option<&'a Segment>,
    byte: usize,
    chars: usize,
    line: u64,
    /// Code points before the current line.
    line_chars: usize,
    /// Offset in the literal, opening quote included.
    literal: usize,
}

/// Counts lines of the record, and code points of the last of them, up to a chunk offset.
#[derive(Default)]
struct ColumnCursor {
    at: usize,
    chars: u64,
    lines: u64,
}

impl<'a> Placer<'a> {
    pub(crate) fn new(
        chunk: &'a Chunk,
        src: &'a str,
        entry: &'a Entry,
        tree: &'a Tree,
        record: &'a Record<'a>,
        path: &'a Arc<str>,
        private: Private,
    ) -> Self {
        let line_start = src[..entry.span.start].rfind('\n').map_or(0, |at| at + 1);
        Self {
            chunk,
            src,
            entry,
            tree,
            record,
            path,
            private,
            detail: Detail::Full,
            cursor: None,
            columns: ColumnCursor {
                at: line_start,
                ..ColumnCursor::default()
            },
            ordinals: HashMap::new(),
            fold: String::new(),
        }
    }

    /// Works out so much of each finding.
    pub(crate) fn in_detail(self, detail: Detail) -> Self {
        Self { detail, ..self }
    }

    /// Places a finding. Call in ascending order of (node, span start) for speed; any order is right.
    pub(crate) fn place(&mut self, raw: RawFinding, active: &Active) -> Finding {
        let node = raw.node.and_then(|index| self.tree.value(self.src, index));
        let mut finding = Finding {
            code: active.rule.code,
            name: active.rule.name,
            severity: raw.severity.unwrap_or(active.severity),
            path: Arc::clone(self.path),
            line: Some(self.entry.line + 1),
            column: None,
            place: None,
            id: None,
            field: None,
            span: raw.span,
            chars: None,
            offset: None,
            message: raw.message.into_boxed_str(),
            fix: raw.fix,
            fingerprint: 0,
            excerpt: None,
            suppressed: None,
        };
        if self.detail == Detail::Field {
            if let Some(node) = node {
                finding.field = self.pointer(node);
            }
            self.private.mask_quoted(self.record.root, &mut finding.message);
            return finding;
        }
        finding.id = self.record.role(Role::Id).and_then(id_text);
        let in_chunk = match (node, raw.at) {
            (_, Some(at)) => Some(at),
            (Some(node), None) => Some(node.span().start),
            (None, None) => Some(self.entry.span.start),
        };
        match node {
            Some(node) if raw.at.is_none() => self.in_field(node, &mut finding),
            _ => {
                if let Some(node) = node {
                    finding.field = self.pointer(node);
                }
                if self.entry.map.is_none() {
                    finding.offset = in_chunk.map(|at| self.chunk.offset + at as u64);
                    if let Some(at) = in_chunk {
                        self.locate(at, &mut finding);
                    }
                }
            }
        }
        if !self.private.is_empty() {
            self.mask(&mut finding, node);
        }
        finding.fingerprint = self.fingerprint(&finding, node);
        finding
    }

    /// Hides the record's private values in what a finding shows.
    fn mask(&self, finding: &mut Finding, node: Option<Value<'_>>) {
        if let (Some(span), Some(node), Some(excerpt)) = (finding.span, node, &mut finding.excerpt) {
            let from = span.start - excerpt.span.start;
            self.private.mask_piece(node.index(), from, &mut excerpt.text);
        }
        self.private.mask_quoted(self.record.root, &mut finding.message);
    }

    fn in_field(&mut self, node: Value<'a>, finding: &mut Finding) {
        self.seek(node);
        let Some(mut cursor) = self.cursor.take() else {
            return;
        };
        finding.field = Some(cursor.pointer.clone());
        let start = match (finding.span, node.as_str()) {
            (Some(span), Some(value)) => {
                cursor.advance(value, span.start);
                let start_chars = cursor.chars;
                finding.chars = Some(Span::new(
                    start_chars,
                    start_chars + value[span.range()].chars().count(),
                ));
                finding.excerpt = Some(excerpt(value, span, cursor.line));
                span.start
            }
            _ => 0,
        };
        let place = match cursor.segment {
            None if self.entry.map.is_none() => {
                let at = node.span().start + if finding.span.is_some() { cursor.literal } else { 0 };
                self.locate(at, finding);
                Some(self.chunk.offset + at as u64)
            }
            Some(segment) => match segment.back {
                Back::Literal(offset) => {
                    let inside = node.span().start - segment.rendered.start;
                    let at = inside + if finding.span.is_some() { cursor.literal } else { 0 };
                    Some(offset + at as u64)
                }
                Back::Plain(offset) => Some(offset + start as u64),
                Back::Lines { offset, line, column } => {
                    let at = finding.span.map_or((1, 0), |_| (cursor.line, cursor.column()));
                    self.stands(line, column, at, finding);
                    Some(offset + start as u64)
                }
                Back::Nowhere => None,
            },
            None => None,
        };
        finding.offset = place;
        self.cursor = Some(cursor);
    }

    /// The pointer of a node, as it is in the file.
    fn pointer(&mut self, node: Value<'a>) -> Option<Box<str>> {
        self.seek(node);
        self.cursor.as_ref().map(|cursor| cursor.pointer.clone())
    }

    fn seek(&mut self, node: Value<'a>) {
        if self
            .cursor
            .as_ref()
            .is_some_and(|cursor| cursor.node.index() == node.index())
        {
            return;
        }
        let segment = self.entry.map.as_deref().and_then(|map| {
            map.iter()
                .find(|s| s.rendered.start <= node.span().start && node.span().end <= s.rendered.end)
        });
        let mut pointer = String::new();
        pointer_to(self.record.root, node.index(), &mut pointer);
        if let Some(name) = segment.and_then(|s| s.name.as_deref()) {
            let rest = pointer[1..]
                .find('/')
                .map_or("", |at| &pointer[1 + at..])
                .to_owned();
            pointer.clear();
            push_pointer(&mut pointer, name);
            pointer.push_str(&rest);
        }
        self.cursor = Some(FieldCursor {
            node,
            pointer: pointer.into_boxed_str(),
            segment,
            byte: 0,
            chars: 0,
            line: 1,
            line_chars: 0,
            literal: 1,
        });
    }

    /// Sets the place of a finding that stands on this line and behind so many code points of a field
    /// that starts on `line` (from 0) of the record, behind `column` code points.
    fn stands(&self, line: u64, column: u64, (field_line, chars): (u64, usize), finding: &mut Finding) {
        let line = line + field_line - 1;
        let column = if field_line == 1 { column } else { 0 } + chars as u64 + 1;
        if line == 0 {
            finding.column = Some(column);
        } else {
            finding.place = Some((self.entry.line + 1 + line, column));
        }
    }

    /// Sets the column of a chunk offset in the record's first line, or its exact place when it is
    /// on a later one.
    fn locate(&mut self, at: usize, finding: &mut Finding) {
        if at < self.columns.at {
            let line_start = self.src[..self.entry.span.start]
                .rfind('\n')
                .map_or(0, |at| at + 1);
            self.columns = ColumnCursor {
                at: line_start,
                ..ColumnCursor::default()
            };
        }
        let piece = &self.src[self.columns.at..at];
        match memchr::memrchr(b'\n', piece.as_bytes()) {
            Some(last) => {
                self.columns.lines += memchr::memchr_iter(b'\n', piece.as_bytes()).count() as u64;
                self.columns.chars = piece[last + 1..].chars().count() as u64;
            }
            None => self.columns.chars += piece.chars().count() as u64,
        }
        self.columns.at = at;
        if self.columns.lines == 0 {
            finding.column = Some(self.columns.chars + 1);
        } else {
            let line = self.entry.line + 1 + self.columns.lines;
            finding.place = Some((line, self.columns.chars + 1));
        }
    }

    fn fingerprint(&mut self, finding: &Finding, node: Option<Value<'a>>) -> u64 {
        let mut hash = Xxh3::new();
        let part = |hash: &mut Xxh3, text: &[u8]| {
            hash.update(text);
            hash.update(&[0]);
        };
        part(&mut hash, finding.code.as_bytes());
        match &finding.id {
            Some(id) => part(&mut hash, id.as_bytes()),
            None if self.private.is_empty() => {
                let record = &self.src[self.entry.span.range()];
                part(&mut hash, &xxh3_64(record.as_bytes()).to_le_bytes());
            }
            None => {
                let mut record = Xxh3::new();
                self.private.hash(self.record.root, &mut record);
                part(&mut hash, &record.digest().to_le_bytes());
            }
        }
        part(&mut hash, finding.field.as_deref().unwrap_or_default().as_bytes());
        // Findings about people must not be guessable from their fingerprint, nor from that of another
        // finding that holds what they found.
        if !is_about_people(finding.code) {
            match (finding.span, node, node.and_then(Value::as_str)) {
                (Some(span), Some(node), Some(value)) => {
                    let mut piece: Box<str> = Box::default();
                    let mut text = &value[span.range()];
                    if !self.private.is_empty() {
                        piece = text.into();
                        self.private.mask_piece(node.index(), span.start, &mut piece);
                        text = &piece;
                    }
                    self.fold.clear();
                    fold(text, &mut self.fold);
                    // Invisible characters fold to nothing: they are kept apart as they are.
                    let key = if self.fold.is_empty() { text } else { &self.fold };
                    part(&mut hash, key.as_bytes());
                    drop(piece);
                }
                _ => part(&mut hash, finding.message.as_bytes()),
            }
        }
        let key = hash.digest();
        let ordinal = self.ordinals.entry(key).or_insert(0);
        hash.update(&ordinal.to_le_bytes());
        *ordinal += 1;
        hash.digest()
    }
}

impl FieldCursor<'_> {
    /// Code points before the current place in its line.
    const fn column(&self) -> usize {
        self.chars - self.line_chars
    }

    fn advance(&mut self, value: &str, to: usize) {
        if to < self.byte {
            (self.byte, self.chars, self.line, self.literal) = (0, 0, 1, 1);
            self.line_chars = 0;
        }
        let piece = &value[self.byte..to];
        if let Some(last) = memchr::memrchr(b'\n', piece.as_bytes()) {
            self.line += memchr::memchr_iter(b'\n', piece.as_bytes()).count() as u64;
            self.line_chars = self.chars + piece[..=last].chars().count();
        }
        self.chars += piece.chars().count();
        if self.node.is_escaped() {
            self.literal = advance_literal(self.node.raw(), self.literal, piece.len());
        } else {
            self.literal += piece.len();
        }
        self.byte = to;
    }
}

/// Moves an offset in a JSON string literal over `decoded` bytes of its value.
fn advance_literal(literal: &str, mut at: usize, mut decoded: usize) -> usize {
    let bytes = literal.as_bytes();
    let unit = |at: usize| {
        literal
            .get(at + 2..at + 6)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .unwrap_or(0xFFFD)
    };
    while decoded > 0 && at + 1 < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            decoded -= 1;
            continue;
        }
        if bytes[at + 1] != b'u' {
            at += 2;
            decoded -= 1;
            continue;
        }
        let (mut width, mut code) = (6, unit(at));
        if (0xD800..0xDC00).contains(&code) && bytes.get(at + 6..at + 8) == Some(b"\\u") {
            let low = unit(at + 6);
            if (0xDC00..0xE000).contains(&low) {
                width = 12;
                code = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            }
        }
        at += width;
        decoded = decoded.saturating_sub(char::from_u32(code).unwrap_or('\u{FFFD}').len_utf8());
    }
    at
}

/// The record's id as text: a string as it is, a number as written.
pub(crate) fn id_text(value: Value<'_>) -> Option<Box<str>> {
    match value.kind() {
        Kind::String => value.as_str().map(Into::into),
        Kind::Number => Some(value.raw().into()),
        _ => None,
    }
}

/// One step of a pointer.
enum Step<'a> {
    Member(Value<'a>),
    Item(usize),
}

/// Builds the JSON pointer of the node `index` below `value`.
pub(crate) fn pointer_to(value: Value<'_>, index: u32, pointer: &mut String) {
    if value.index() == index {
        return;
    }
    let mut next: Option<(Value<'_>, Step<'_>)> = None;
    match value.kind() {
        Kind::Object => {
            for (key, member) in value.members() {
                if key.index() > index {
                    break;
                }
                next = Some((member, Step::Member(key)));
            }
        }
        Kind::Array => {
            for (number, item) in value.elements().enumerate() {
                if item.index() > index {
                    break;
                }
                next = Some((item, Step::Item(number)));
            }
        }
        _ => {}
    }
    if let Some((child, step)) = next {
        match step {
            Step::Member(key) => push_pointer(pointer, key.as_str().unwrap_or_default()),
            Step::Item(number) => push_pointer(pointer, &number.to_string()),
        }
        // A key's own index, just before its value's, stands for the member.
        if child.index() < index {
            pointer_to(child, index, pointer);
        }
    }
}

/// The text around a span, cut at line ends and at [`CONTEXT`] code points.
pub(crate) fn excerpt(value: &str, span: Span, field_line: u64) -> Excerpt {
    let before = &value[..span.start];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let start = before[line_start..]
        .char_indices()
        .rev()
        .nth(CONTEXT - 1)
        .map_or(line_start, |(at, _)| line_start + at);
    let shown_end = value[span.range()]
        .char_indices()
        .nth(SHOWN)
        .map_or(span.end, |(at, _)| span.start + at);
    let after = &value[shown_end..];
    let line_end = after.find('\n').map_or(value.len(), |at| shown_end + at);
    let end = after
        .char_indices()
        .nth(CONTEXT)
        .map_or(line_end, |(at, _)| (shown_end + at).min(line_end));
    let end = if shown_end < span.end { shown_end } else { end };
    Excerpt {
        text: value[start..end].into(),
        span: Span::new(span.start - start, shown_end - start),
        cut_before: start > line_start,
        cut_after: end < line_end,
        field_line,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn literal_offsets_walk_escapes() {
        let literal = r#""a\nب\u0628\ud83d\ude00z""#;
        // Decoded: a LF ب(2) ب(2) 😀(4) z
        for (decoded, expected) in [(0, 1), (1, 2), (2, 4), (4, 6), (6, 12), (10, 24)] {
            assert_eq!(advance_literal(literal, 1, decoded), expected, "{decoded}");
        }
    }

    #[test]
    fn counted_findings_are_the_same_in_the_same_order() {
        let checker = crate::engine::single::checker("ALL", None).unwrap();
        let record = serde_json::json!({
            "id": "a", "title": "Ø§Ù„ÙˆØ²ÙŠØ± ÙŠØµÙ„", "tags": ["x\u{200b}y", "z\u{0}"],
            "body": "قـال\u{a0}الوزير \u{202e}إن &amp; المـاء في {{ city }}، اتصل على ali@mail.test\nاقرأ المزيد",
        })
        .to_string();
        let found = |detail| {
            crate::engine::single::findings_in(&checker, &record, "a.jsonl", detail)
                .into_iter()
                .map(|finding| {
                    let place = (finding.line, finding.field, finding.span);
                    (finding.code, finding.severity, place, finding.message)
                })
                .collect::<Vec<_>>()
        };
        let full = found(Detail::Full);
        assert!(full.len() > 6, "{full:?}");
        assert_eq!(found(Detail::Field), full);
    }

    #[test]
    fn excerpts_stay_on_their_line() {
        let shown = excerpt("first\nsecond line here\nthird", Span::new(13, 17), 2);
        assert_eq!(&*shown.text, "second line here");
        assert_eq!(&shown.text[shown.span.range()], "line");
        assert!(!shown.cut_before && !shown.cut_after);
        let long = "x".repeat(500);
        let shown = excerpt(&long, Span::new(250, 251), 1);
        assert!(shown.cut_before && shown.cut_after);
        assert_eq!(shown.text.len(), 2 * CONTEXT + 1);
    }
}
