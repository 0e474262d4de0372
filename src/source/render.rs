//! Writing JSON text for records that were not JSON in the file.

use super::adapt::Adapter;
use super::discover::Input;
use super::units::Made;
use super::{Back, Entry, Segment};
use crate::record::Span;
use std::sync::Arc;

/// Appends a JSON string literal, raw UTF-8 with the escapes that JSON demands.
pub(super) fn push_string(out: &mut String, text: &str) {
    super::json::write_string(out, text, false);
}

/// A JSON string literal.
pub(super) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_string(&mut out, text);
    out
}

/// One member of a record on its way to JSON.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// Name in the record.
    pub(super) name: Arc<str>,
    /// Name in the file; `None` where the configuration supplied the member.
    pub(super) original: Option<Arc<str>>,
    /// JSON literal.
    pub(super) literal: String,
    /// The way back to the file.
    pub(super) back: Back,
}

impl Member {
    /// A member of the file.
    pub(super) fn new(name: &Arc<str>, literal: String, back: Back) -> Self {
        Self {
            name: Arc::clone(name),
            original: Some(Arc::clone(name)),
            literal,
            back,
        }
    }

    /// The decoded string, or `None` for another type.
    pub(super) fn text(&self) -> Option<String> {
        self.literal
            .starts_with('"')
            .then(|| serde_json::from_str(&self.literal).ok())
            .flatten()
    }
}

/// Appends a record to the text of a chunk, after adapting it.
pub(super) fn push_record(
    made: &mut Made,
    mut members: Vec<Member>,
    line: u64,
    adapter: Option<&Adapter>,
    input: &Input,
) {
    if let Some(adapter) = adapter {
        adapter.adapt(&mut members, input);
    }
    let base = made.bytes.len();
    let mut out = String::with_capacity(members.iter().map(|m| m.literal.len() + m.name.len() + 6).sum());
    let mut map = Vec::with_capacity(members.len());
    out.push('{');
    for (index, member) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        push_string(&mut out, &member.name);
        out.push(':');
        let start = base + out.len();
        out.push_str(&member.literal);
        map.push(Segment {
            rendered: Span::new(start, base + out.len()),
            name: member.original,
            back: member.back,
        });
    }
    out.push('}');
    made.entries.push(Entry {
        span: Span::new(base, base + out.len()),
        line,
        map: Some(map),
    });
    out.push('\n');
    made.bytes.extend_from_slice(out.as_bytes());
}
