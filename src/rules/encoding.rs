//! What the rules about encoding faults share.

use super::Text;
use crate::record::{Role, Span};
use crate::text::legacy;
use crate::text::lines::{Line, table};
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
    mojibake::garbled_lines(text.value, text.lines(), vote)
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
