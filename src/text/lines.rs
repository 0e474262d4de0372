//! Lines of a text.

use crate::record::Span;

/// One line, without its terminator (LF, or CR LF).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Bytes of the line in the text.
    pub span: Span,
    /// Bytes without surrounding white space; empty for a blank line.
    pub trimmed: Span,
}

/// The lines of a text, blank ones included; a final LF ends the last line and opens none.
#[must_use]
pub fn table(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len())) {
        if start == text.len() && start > 0 {
            break;
        }
        let line = text[start..end].trim_end_matches('\r');
        let left = line.trim_start();
        let trimmed_start = start + line.len() - left.len();
        lines.push(Line {
            span: Span::new(start, start + line.len()),
            trimmed: Span::new(trimmed_start, trimmed_start + left.trim_end().len()),
        });
        start = end + 1;
    }
    lines
}
