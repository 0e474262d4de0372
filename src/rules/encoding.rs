//! What the rules about encoding faults share.

use super::Text;
use crate::record::{Role, Span};
use crate::text::charset::Charset;
use crate::text::embedded::{self, Restored};
use crate::text::legacy;
use crate::text::lines::{Line, table};
use crate::text::lossy;
use crate::text::mojibake::{self, GarbledLine};
use std::borrow::Cow;

/// Characters of a repaired text that a message shows.
const SHOWN: usize = 60;

/// The head of a text, for a message.
pub(crate) fn head(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// Finds the garbled lines of a text, for [`Text::garbled`]. A short field follows the charset that the article agrees on.
pub(super) fn garbled_lines(text: &Text<'_>) -> Vec<GarbledLine> {
    if !mojibake::may_be_garbled(text.value) {
        return Vec::new();
    }
    let vote = match text.record.text(Role::Text) {
        Some(body) if !text.is_body() => mojibake::vote(body, &table(body)),
        _ => None,
    };
    mojibake::garbled_lines(text.value, text.lines(), vote.as_deref())
}

/// Finds the lines of [`Text::restored`], each without the white space around it. Lines with too little evidence of their own follow the charset of the others.
pub(super) fn restored_lines(text: &Text<'_>) -> Vec<(Span, Restored)> {
    let source = |span: Span| &text.value[span.range()];
    let whole = text.garbled();
    let lines: Vec<Span> = text
        .lines()
        .iter()
        .map(|line| trim_ascii(text.value, line.span))
        .filter(|&span| embedded::may_hold(source(span)))
        .filter(|span| !whole.iter().any(|line| line.span.overlaps(*span)))
        .filter(|&span| lossy::fill(source(span)).is_none())
        .collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let restore = |vote: Option<Charset>| -> Vec<(Span, Restored)> {
        lines
            .iter()
            .filter_map(|&span| Some((span, embedded::restore(source(span), vote)?)))
            .collect()
    };
    let vote = mojibake::vote(text.value, text.lines());
    let found = restore(vote.and_then(|layers| layers.first().copied()));
    match agreed(&found).filter(|_| found.len() < lines.len()) {
        Some(charset) => restore(Some(charset)),
        None => found,
    }
}

/// A line without ASCII white space around it. No-break spaces and U+0085 may be bytes of a sequence.
fn trim_ascii(text: &str, span: Span) -> Span {
    let line = &text[span.range()];
    let start = line.len() - line.trim_ascii_start().len();
    Span::new(span.start + start, span.start + start + line.trim_ascii().len())
}

/// The charset of at least 80 % of the restored lines, if there are three.
fn agreed(found: &[(Span, Restored)]) -> Option<Charset> {
    let charset = |restored: &Restored| restored.words.first().map(|word| word.charset);
    let first = charset(&found.first()?.1)?;
    let same = found
        .iter()
        .filter(|(_, restored)| charset(restored) == Some(first))
        .count();
    (same >= 3 && same * 100 >= found.len() * 80).then_some(first)
}

/// Whether encoding faults changed the letters of a text: scripts and languages are not to be judged.
pub(crate) fn is_not_what_was_written(text: &Text<'_>) -> bool {
    (legacy::may_be_swapped(text.value) && legacy::swap(text.value, text.lines()).is_some())
        || !text.garbled().is_empty()
}

/// The line that holds a byte of the text.
pub(crate) fn line_at(lines: &[Line], at: usize) -> Option<Span> {
    let index = lines.partition_point(|line| line.span.end < at);
    lines.get(index).map(|line| line.span)
}

/// Whether the line at a byte is mojibake as a whole, so that what stands in it is not what was
/// written and other rules must not judge it.
pub(crate) fn is_garbled(text: &Text<'_>, at: usize) -> bool {
    line_at(text.lines(), at).is_some_and(|span| mojibake::line(&text.value[span.range()]).is_some())
}
