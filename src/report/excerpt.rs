//! The piece of text around a finding, drawn for a terminal.
//!
//! Where every character has a place that terminals agree on, carets stand below the marked piece.
//! Right-to-left text has no such place: some terminals reorder a line, some do not, so carets
//! would point at the wrong word for half of the readers. There the piece stands between `⟦` and `⟧`
//! in the line itself, which is right either way, and its code points follow in logical order. The
//! same goes for scripts and emoji whose width terminals disagree on.

use super::escape::{self, FSI, PDI, Pieces};
use super::style::{Styles, paint};
use crate::finding::{Edit, Excerpt};
use crate::record::Span;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthChar;

/// Code points of the marked piece that are spelt out below brackets, at most; a repeated one counts
/// once.
const RUNS: usize = 6;

/// The same behind carets, where the reader already sees the piece.
const RUNS_BEHIND_CARETS: usize = 3;

/// Columns an excerpt gets at least, however narrow the terminal claims to be.
const NARROWEST: usize = 24;

/// A drawn excerpt: lines without the gutter, escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawn {
    /// The text, the marked piece in it.
    pub(crate) text: String,
    /// Carets below it, or the code points of the piece, or nothing.
    pub(crate) below: Option<String>,
}

/// What takes one place: a named code point, or a character with its marks.
#[derive(Debug, Clone, Copy)]
struct Cell {
    start: usize,
    end: usize,
    named: bool,
    width: usize,
}

/// An excerpt cut into cells.
struct Cells {
    list: Vec<Cell>,
    /// Cells of the marked piece; may be empty (an insertion point).
    marked: std::ops::Range<usize>,
    /// Whether carets can stand below the cells on any terminal.
    steady: bool,
    rtl: bool,
}

/// The span moved onto character boundaries inside the text.
pub(crate) fn clamp(text: &str, span: Span) -> Span {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    Span::new(start, floor(span.end).max(start))
}

/// Whether terminals agree on where the character stands and how wide it is.
fn is_steady(c: char) -> bool {
    if c.is_ascii() {
        return true;
    }
    let wide_mark = escape::is_mark(c) && c.width() != Some(0);
    let joins = matches!(c, '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1160}'..='\u{11ff}');
    let emoji = matches!(c, '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}');
    !(wide_mark || joins || emoji || escape::is_rtl(c))
}

fn cells(text: &str, span: Span) -> Cells {
    let span = clamp(text, span);
    let mut cells: Vec<Cell> = Vec::with_capacity(text.len().min(256));
    let mut marked = None;
    let mut end_mark = None;
    let (mut steady, mut rtl) = (true, false);
    let mut pieces = Pieces::new(text);
    let mut ends_at = 0;
    loop {
        // Nothing is drawn across an edge of the marked piece.
        if ends_at == span.start && marked.is_none() {
            marked = Some(cells.len());
            pieces.restart();
        }
        if ends_at == span.end && end_mark.is_none() {
            end_mark = Some(cells.len());
            pieces.restart();
        }
        let Some(piece) = pieces.next() else { break };
        ends_at = piece.at + piece.c.len_utf8();
        if piece.named {
            let width = if u32::from(piece.c) > 0xf_ffff {
                10
            } else if u32::from(piece.c) > 0xffff {
                9
            } else {
                8
            };
            cells.push(Cell {
                start: piece.at,
                end: ends_at,
                named: true,
                width,
            });
            continue;
        }
        steady &= is_steady(piece.c);
        rtl |= escape::is_rtl(piece.c);
        let width = piece.c.width().unwrap_or(0);
        let at_edge = Some(cells.len()) == marked.max(end_mark);
        match cells.last_mut() {
            Some(last) if width == 0 && !last.named && !at_edge => last.end = ends_at,
            _ => cells.push(Cell {
                start: piece.at,
                end: ends_at,
                named: false,
                width,
            }),
        }
    }
    let start = marked.unwrap_or(cells.len());
    Cells {
        marked: start..end_mark.unwrap_or(cells.len()).max(start),
        list: cells,
        steady,
        rtl,
    }
}

impl Cells {
    /// The cells that fit into `budget` columns, the marked piece first, then as much on both sides.
    fn window(&self, budget: usize) -> std::ops::Range<usize> {
        let width = |index: usize| self.list[index].width;
        let (mut from, mut to) = (self.marked.start, self.marked.start);
        let mut used = 0;
        while to < self.marked.end && used + width(to) <= budget {
            used += width(to);
            to += 1;
        }
        if to < self.marked.end {
            return from..to;
        }
        loop {
            let left = from > 0 && used + width(from - 1) <= budget;
            if left {
                from -= 1;
                used += width(from);
            }
            let right = to < self.list.len() && used + width(to) <= budget;
            if right {
                used += width(to);
                to += 1;
            }
            if !left && !right {
                return from..to;
            }
        }
    }
}

/// Appends the cells, escaped.
fn push_cells(out: &mut String, text: &str, cells: &[Cell], styles: &Styles, marked: bool) {
    for cell in cells {
        let raw = &text[cell.start..cell.end];
        if !cell.named {
            out.push_str(raw);
        } else if marked {
            raw.chars().for_each(|c| escape::push_named(out, c));
        } else {
            // Faint, so that a name is not taken for the text.
            let mut name = String::with_capacity(10);
            raw.chars().for_each(|c| escape::push_named(&mut name, c));
            out.push_str(&paint(styles.faint, name));
        }
    }
}

/// `U+0645 U+0640 ×3`, or nothing when that would be long or would say nothing new.
fn code_points(piece: &str, limit: usize) -> Option<String> {
    if piece.is_ascii() {
        return None;
    }
    let mut out = String::new();
    let mut runs = 0;
    let mut rest = piece.chars().peekable();
    while let Some(c) = rest.next() {
        runs += 1;
        if runs > limit {
            return None;
        }
        if runs > 1 {
            out.push(' ');
        }
        escape::push_name(&mut out, c);
        let mut count = 1;
        while rest.next_if_eq(&c).is_some() {
            count += 1;
        }
        if count > 1 {
            let _ = write!(out, " ×{count}");
        }
    }
    Some(out)
}

/// Draws an excerpt into `width` columns, the piece in the colour of `mark`.
pub(crate) fn draw(excerpt: &Excerpt, width: usize, styles: &Styles, mark: anstyle::Style) -> Drawn {
    let text = &*excerpt.text;
    let cut = cells(text, excerpt.span);
    // Room for an ellipsis on both sides and the brackets.
    let budget = width.max(NARROWEST) - 4;
    let window = cut.window(budget);
    let marked = cut.marked.start.max(window.start)..cut.marked.end.min(window.end);
    let before = excerpt.cut_before || window.start > 0;
    let after = excerpt.cut_after || window.end < cut.list.len();

    let mut line = String::with_capacity(text.len() + 32);
    if cut.rtl {
        line.push(FSI);
    }
    if before {
        line.push('…');
    }
    push_cells(
        &mut line,
        text,
        &cut.list[window.start..marked.start],
        styles,
        false,
    );
    let mut piece = String::new();
    push_cells(&mut piece, text, &cut.list[marked.clone()], styles, true);
    if cut.steady {
        line.push_str(&paint(mark, piece));
    } else {
        line.push_str(&paint(mark, format_args!("⟦{piece}⟧")));
    }
    push_cells(&mut line, text, &cut.list[marked.end..window.end], styles, false);
    if after {
        line.push('…');
    }
    if cut.rtl {
        line.push(PDI);
    }

    let span = clamp(text, excerpt.span);
    let raw = &text[span.range()];
    let below = if cut.steady {
        let columns = |range: std::ops::Range<usize>| cut.list[range].iter().map(|c| c.width).sum::<usize>();
        let lead = usize::from(before) + columns(window.start..marked.start);
        let carets = paint(mark, "^".repeat(columns(marked.clone()).max(1)));
        let all_named = cut.list[marked.clone()].iter().all(|cell| cell.named);
        let names = code_points(raw, RUNS_BEHIND_CARETS).filter(|_| !all_named || marked.len() > 4);
        let names = names
            .map(|names| format!(" {}", paint(styles.faint, names)))
            .unwrap_or_default();
        Some(format!("{}{carets}{names}", " ".repeat(lead)))
    } else {
        code_points(raw, RUNS).map(|names| format!("⟦⟧ = {}", paint(styles.faint, names)))
    };
    Drawn { text: line, below }
}

/// The excerpt after a fix, or `None` when an edit reaches outside of it. `start` is where the
/// marked piece starts in the decoded value, which is what edits count from.
pub(crate) fn fixed(excerpt: &Excerpt, start: usize, edits: &[Edit]) -> Option<Excerpt> {
    let text = &*excerpt.text;
    let origin = start.checked_sub(excerpt.span.start)?;
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut changed: Option<Span> = None;
    for edit in edits {
        let from = edit.span.start.checked_sub(origin)?;
        let to = edit.span.end.checked_sub(origin)?;
        out.push_str(text.get(at..from)?);
        let begin = out.len();
        out.push_str(&edit.text);
        text.get(from..to)?;
        changed = Some(Span::new(changed.map_or(begin, |span| span.start), out.len()));
        at = to;
    }
    out.push_str(text.get(at..)?);
    Some(Excerpt {
        text: out.into(),
        span: changed?,
        ..excerpt.clone()
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::report::style::styles;
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    fn excerpt(text: &str, piece: &str) -> Excerpt {
        let start = text.find(piece).unwrap();
        Excerpt {
            text: text.into(),
            span: Span::new(start, start + piece.len()),
            cut_before: false,
            cut_after: false,
            field_line: 1,
        }
    }

    fn plain(excerpt: &Excerpt, width: usize) -> (String, String) {
        let drawn = draw(excerpt, width, &styles(false), anstyle::Style::new());
        (drawn.text, drawn.below.unwrap_or_default())
    }

    #[test]
    fn carets_stand_below_the_piece() {
        let (text, below) = plain(&excerpt("pay\u{202e}load here", "\u{202e}"), 80);
        assert_eq!(text, "pay<U+202E>load here");
        assert_eq!(below, "   ^^^^^^^^");
        let (text, below) = plain(&excerpt("中文 p\u{430}y", "\u{430}"), 80);
        assert_eq!(text, "中文 p\u{430}y");
        assert_eq!(below, "      ^ U+0430");
    }

    #[test]
    fn an_insertion_point_has_one_caret() {
        let mut piece = excerpt("ab", "b");
        piece.span = Span::new(1, 1);
        assert_eq!(plain(&piece, 80), ("ab".to_owned(), " ^".to_owned()));
    }

    #[test]
    fn right_to_left_text_is_isolated_and_bracketed() {
        let (text, below) = plain(&excerpt("قال مـــدير المصرف", "ـــ"), 80);
        assert_eq!(text, "\u{2068}قال م⟦ـــ⟧دير المصرف\u{2069}");
        assert_eq!(below, "⟦⟧ = U+0640 ×3");
    }

    #[test]
    fn a_long_piece_is_not_spelt_out() {
        let (text, below) = plain(&excerpt("شارك هذا المقال مع أصدقائك", "هذا المقال مع"), 80);
        assert_eq!(text, "\u{2068}شارك ⟦هذا المقال مع⟧ أصدقائك\u{2069}");
        assert_eq!(below, "");
    }

    #[test]
    fn a_mark_at_an_edge_is_named() {
        let (text, below) = plain(&excerpt("e\u{301}a", "\u{301}"), 80);
        assert_eq!((text.as_str(), below.as_str()), ("e<U+0301>a", " ^^^^^^^^"));
        let (text, _) = plain(&excerpt("e\u{301}a", "e"), 80);
        assert_eq!(text, "e<U+0301>a");
    }

    #[test]
    fn long_text_is_cut_around_the_piece() {
        let long = format!("{}X{}", "a".repeat(200), "b".repeat(200));
        let (text, below) = plain(&excerpt(&long, "X"), 40);
        assert_eq!(text.width(), 38);
        assert!(text.starts_with('…') && text.ends_with('…'));
        assert_eq!(text.chars().position(|c| c == 'X').unwrap(), below.len() - 1);
        let (text, below) = plain(&excerpt(&"x".repeat(300), &"x".repeat(300)), 40);
        assert_eq!((text.width(), below.len()), (37, 36));
    }

    #[test]
    fn a_fix_is_shown_where_it_happened() {
        let piece = excerpt("pay\u{202e}load", "\u{202e}");
        let edit = Edit {
            span: Span::new(103, 106),
            text: String::new(),
        };
        let after = fixed(&piece, 103, &[edit]).unwrap();
        assert_eq!(&*after.text, "payload");
        assert_eq!(after.span, Span::new(3, 3));
        let outside = Edit {
            span: Span::new(10, 12),
            text: String::new(),
        };
        assert!(fixed(&piece, 103, &[outside]).is_none());
    }

    proptest! {
        #[test]
        fn any_span_of_any_text_draws(text in any::<String>(), start in 0usize..80, len in 0usize..80, width in 0usize..90) {
            let piece = Excerpt { text: text.into(), span: Span::new(start, start + len), cut_before: true, cut_after: true, field_line: 1 };
            let (line, below) = plain(&piece, width);
            for c in line.chars().chain(below.chars()) {
                prop_assert!(!escape::is_hidden(c) || c == FSI || c == PDI, "{c:?}");
            }
            prop_assert!(line.matches(FSI).count() <= 1);
            prop_assert_eq!(line.matches(FSI).count(), line.matches(PDI).count());
        }

        #[test]
        fn carets_are_as_wide_as_the_piece(before in "[a-zé中\u{200b}]{0,9}", piece in "[a-zé中\u{202e}]{1,9}", after in "[a-zé中]{0,9}") {
            let text = format!("{before}{piece}{after}");
            let span = Span::new(before.len(), before.len() + piece.len());
            let drawn = Excerpt { text: text.into(), span, cut_before: false, cut_after: false, field_line: 1 };
            let (_, below) = plain(&drawn, 400);
            let carets = below.matches('^').count();
            prop_assert_eq!(carets, escape::visible(&piece).width());
            prop_assert_eq!(below.find('^').unwrap(), escape::visible(&before).width());
        }
    }
}
