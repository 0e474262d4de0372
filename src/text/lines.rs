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

/// The bytes to remove so that the lines `first..=last` are gone and no gap is left behind: the
/// lines with their terminators, one following blank line when the preceding line is blank or
/// absent, and at the end of the text also the blank lines before them (with the terminator of
/// the line before, where the last line has none of its own).
///
/// Empty when the lines are out of range.
#[must_use]
pub fn deletion(text: &str, lines: &[Line], first: usize, last: usize) -> Span {
    if first > last || last >= lines.len() {
        return Span::default();
    }
    let start_of = |index: usize| lines.get(index).map_or(text.len(), |line| line.span.start);
    let blank = |index: usize| lines.get(index).is_some_and(|line| line.trimmed.is_empty());
    let (mut start, mut end) = (start_of(first), start_of(last + 1));
    if last + 1 == lines.len() {
        let mut before = first;
        while before > 0 && blank(before - 1) {
            before -= 1;
        }
        start = start_of(before);
        let terminated = text.ends_with('\n');
        if !terminated && before > 0 {
            start = lines[before - 1].span.end;
        }
    } else if (first == 0 || blank(first - 1)) && blank(last + 1) {
        end = start_of(last + 2);
    }
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, first: usize, last: usize) -> String {
        let lines = table(text);
        let span = deletion(text, &lines, first, last);
        format!("{}{}", &text[..span.start], &text[span.end..])
    }

    #[test]
    fn deletion_leaves_no_gap() {
        assert_eq!(without("x\n\nProse.", 0, 0), "Prose.");
        assert_eq!(without("Prose.\n\nx", 2, 2), "Prose.");
        assert_eq!(without("Prose.\nx", 1, 1), "Prose.");
        assert_eq!(without("Prose.\n\nx\n", 2, 2), "Prose.\n");
        assert_eq!(without("One.\n\nx\n\nTwo.", 2, 2), "One.\n\nTwo.");
        assert_eq!(without("One.\nx\n\nTwo.", 1, 1), "One.\n\nTwo.");
        assert_eq!(without("One.\n\nx\nTwo.", 2, 2), "One.\n\nTwo.");
        assert_eq!(without("One.\r\n\r\nx\r\n\r\nTwo.", 2, 2), "One.\r\n\r\nTwo.");
        assert_eq!(without("One.\r\n\r\nx", 2, 2), "One.");
        assert_eq!(without("One.\n\nx\n\ny\n\nTwo.", 2, 4), "One.\n\nTwo.");
        assert_eq!(without("x", 0, 0), "");
        assert_eq!(without("One.", 0, 7), "One.");
    }
}
