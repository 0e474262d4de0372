//! Lines of a text.

use super::{simd, words};
use crate::record::Span;

/// One line, without its terminator (LF, or CR LF).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Bytes of the line in the text.
    pub span: Span,
    /// Bytes without surrounding white space; empty for a blank line.
    pub trimmed: Span,
    /// U+0020 among them.
    pub spaces: usize,
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminal {
    /// Nothing in the line.
    Blank,
    /// The end of a sentence: `. ! ?` and their like in other scripts, quotes and brackets after them allowed.
    Sentence,
    /// An ellipsis.
    Ellipsis,
    /// A colon: something follows.
    Colon,
    /// A comma, semicolon or dash: the sentence goes on.
    Continues,
    /// Anything else, as a heading or a menu entry ends.
    Open,
}

impl Line {
    /// Whether there is nothing but white space in the line.
    #[must_use]
    pub const fn is_blank(&self) -> bool {
        self.trimmed.is_empty()
    }

    /// The line without surrounding white space.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        &text[self.trimmed.range()]
    }

    /// Words in the line, counted by script.
    #[must_use]
    pub fn words(&self, text: &str) -> usize {
        words::count(self.text(text))
    }

    /// How the line ends.
    #[must_use]
    pub fn terminal(&self, text: &str) -> Terminal {
        terminal(self.text(text))
    }
}

/// The lines of a text, blank ones included; a final LF ends the last line and opens none.
#[must_use]
pub fn table(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    table_into(text, &mut lines);
    lines
}

/// The same in a vector that was used before.
pub fn table_into(text: &str, lines: &mut Vec<Line>) {
    lines.clear();
    let mut start = 0;
    simd::for_each_line(text, |end, spaces| {
        if start < text.len() || start == 0 {
            if lines.capacity() == lines.len() {
                lines.reserve(16);
            }
            lines.push(line(text, start, end, spaces));
        }
        start = end + 1;
    });
}

/// The line of these bytes, in which so many spaces are.
fn line(text: &str, start: usize, end: usize, spaces: usize) -> Line {
    let bytes = &text.as_bytes()[start..end];
    let returns = bytes.iter().rev().take_while(|&&byte| byte == b'\r').count();
    let span = Span::new(start, end - returns);
    let whole = Line {
        span,
        trimmed: span,
        spaces,
    };
    if is_tight(&bytes[..bytes.len() - returns]) {
        return whole;
    }
    let line = &text[span.range()];
    let left = line.trim_start();
    let from = span.end - left.len();
    let trimmed = Span::new(from, from + left.trim_end().len());
    let gone = [start..trimmed.start, trimmed.end..end].map(|edge| text.as_bytes()[edge].iter());
    let outside = gone.into_iter().flatten().filter(|&&byte| byte == b' ').count();
    Line {
        trimmed,
        spaces: spaces - outside,
        ..whole
    }
}

/// Whether bytes surely begin and end with something other than white space.
fn is_tight(line: &[u8]) -> bool {
    let first = line.first().is_some_and(|&byte| match byte {
        0xC2 | 0xE1..=0xE3 => false,
        byte => byte > b' ',
    });
    // No white space takes two bytes behind another lead byte than 0xC2.
    first
        && match line {
            [.., 0xC3..=0xDF, 0x80..=0xBF] => true,
            [.., last] => (b'!'..=b'~').contains(last),
            [] => false,
        }
}

/// How a line without surrounding white space ends.
#[must_use]
pub fn terminal(line: &str) -> Terminal {
    let mut closed = line.trim_end();
    if closed.is_empty() {
        return Terminal::Blank;
    }
    // Quotes, brackets and marks that follow the stop.
    closed = closed.trim_end_matches(|c: char| {
        matches!(
            c,
            '"' | '\''
                | ')'
                | ']'
                | '»'
                | '«'
                | '”'
                | '“'
                | '’'
                | '›'
                | '」'
                | '』'
                | '）'
                | '》'
                | '】'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{61C}'
                | '\u{2069}'
                | '\u{202C}'
        )
    });
    match closed.trim_end().chars().next_back() {
        Some('.') if closed.trim_end().ends_with("..") => Terminal::Ellipsis,
        Some('…' | '‥') => Terminal::Ellipsis,
        Some(
            '.' | '!' | '?' | '؟' | '۔' | '。' | '！' | '？' | '．' | '।' | '॥' | '։' | '።' | '།' | '၊' | '။'
            | '។' | '‼' | '⁇' | '⁈' | '⁉',
        ) => Terminal::Sentence,
        Some(':' | '：' | '；') => Terminal::Colon,
        Some(',' | '،' | '、' | '，' | ';' | '؛' | '-' | '–' | '—' | 'ـ') => Terminal::Continues,
        _ => Terminal::Open,
    }
}

/// Whether line `index` stands alone: what is before it and after it is blank or the edge of the text.
#[must_use]
pub fn is_isolated(lines: &[Line], index: usize) -> bool {
    blank_before(lines, index) && blank_after(lines, index)
}

/// Whether the line before is blank or there is none.
#[must_use]
pub fn blank_before(lines: &[Line], index: usize) -> bool {
    index
        .checked_sub(1)
        .and_then(|before| lines.get(before))
        .is_none_or(Line::is_blank)
}

/// Whether the line after is blank or there is none.
#[must_use]
pub fn blank_after(lines: &[Line], index: usize) -> bool {
    lines.get(index + 1).is_none_or(Line::is_blank)
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
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &str) -> Vec<&str> {
        table(text).iter().map(|line| line.text(text)).collect()
    }

    #[test]
    fn lines_with_and_without_terminators() {
        assert_eq!(texts("a\n b \r\n\nc\n"), ["a", "b", "", "c"]);
        assert_eq!(texts("\n"), [""]);
        assert_eq!(texts("one"), ["one"]);
        assert_eq!(texts(""), [""]);
    }

    #[test]
    fn terminals() {
        for (line, expected) in [
            ("", Terminal::Blank),
            ("انتهى.", Terminal::Sentence),
            ("قال: «نعم!»", Terminal::Sentence),
            ("خبر۔", Terminal::Sentence),
            ("结束。", Terminal::Sentence),
            ("and so…", Terminal::Ellipsis),
            ("and so...", Terminal::Ellipsis),
            ("قال:", Terminal::Colon),
            ("first,", Terminal::Continues),
            ("Heading", Terminal::Open),
            ("Heading (2)", Terminal::Open),
        ] {
            assert_eq!(terminal(line), expected, "{line:?}");
        }
    }

    fn without(text: &str, index: usize) -> String {
        let span = deletion(text, &table(text), index, index);
        format!("{}{}", &text[..span.start], &text[span.end..])
    }

    #[test]
    fn removing_a_line_leaves_a_tidy_text() {
        assert_eq!(without("a\nx\nb", 1), "a\nb");
        assert_eq!(without("a\n\nx\n\nb", 2), "a\n\nb");
        assert_eq!(without("x\n\na", 0), "a");
        assert_eq!(without("a\n\nx", 2), "a");
        assert_eq!(without("a\n\n\nx\n", 3), "a\n");
        assert_eq!(without("a\nx\n\nb", 1), "a\n\nb");
        assert_eq!(without("x", 0), "");
        assert_eq!(without("a\nx\n", 1), "a\n");
    }

    #[test]
    fn neighbours() {
        let lines = table("a\n\nb\nc");
        assert!(is_isolated(&lines, 0) && !is_isolated(&lines, 2) && blank_before(&lines, 2));
    }

    proptest! {
        #[test]
        fn a_table_covers_the_text(text in "[aб\u{a0}\u{85}\u{3000}é \n\r]{0,90}") {
            let lines = table(&text);
            let mut end = 0;
            for line in &lines {
                prop_assert_eq!(line.text(&text).trim(), line.text(&text));
                prop_assert_eq!(line.text(&text), text[line.span.range()].trim());
                prop_assert_eq!(line.spaces, line.text(&text).matches(' ').count());
                prop_assert!(text[end..line.span.start].chars().all(|c| matches!(c, '\n' | '\r')));
                prop_assert!(!text[line.span.range()].contains('\n'));
                end = line.span.end;
            }
            prop_assert!(text[end..].chars().all(|c| matches!(c, '\n' | '\r')));
        }

        #[test]
        fn a_deletion_removes_only_its_line_and_blank_ones(text in "[ab \n]{0,30}", index in 0usize..8) {
            let lines = table(&text);
            if index < lines.len() {
                let span = deletion(&text, &lines, index, index);
                let gone = text[span.range()].trim();
                prop_assert!(gone == lines[index].text(&text), "{:?} {:?}", gone, lines[index]);
            }
        }
    }
}
