//! Which words of a text are gone, which have come.

/// A piece of either text, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// In both.
    Same(&'t str),
    /// In the old text only.
    Gone(&'t str),
    /// In the new text only.
    Come(&'t str),
}

/// Most edits that are looked for: texts that differ by more are one piece gone and one come, so that
/// the time stays linear in the texts.
const MAX_EDITS: usize = 400;

/// The difference of two texts, word by word.
///
/// ```
/// # use corpus::text::word_diff::{Piece, word_diff};
/// assert_eq!(
///     word_diff("the old bridge", "the new bridge"),
///     [Piece::Same("the "), Piece::Gone("old"), Piece::Come("new"), Piece::Same(" bridge")]
/// );
/// ```
#[must_use]
pub fn word_diff<'t>(old: &'t str, new: &'t str) -> Vec<Piece<'t>> {
    let (a, b) = (tokens(old), tokens(new));
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (rest_a, rest_b) = (&a[start..], &b[start..]);
    let end = rest_a
        .iter()
        .rev()
        .zip(rest_b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let middle = (&rest_a[..rest_a.len() - end], &rest_b[..rest_b.len() - end]);
    let mut out = Out {
        old,
        new,
        at: (0, 0),
        pieces: Vec::new(),
    };
    out.same(length(&a[..start]));
    match edits(middle.0, middle.1) {
        Some(edits) => {
            for edit in edits {
                match edit {
                    Edit::Keep(token) => out.same(middle.0[token].len()),
                    Edit::Drop(token) => out.gone(middle.0[token].len()),
                    Edit::Add(token) => out.come(middle.1[token].len()),
                }
            }
        }
        None => {
            out.gone(length(middle.0));
            out.come(length(middle.1));
        }
    }
    out.same(length(&a[a.len() - end..]));
    out.pieces
}

fn length(tokens: &[&str]) -> usize {
    tokens.iter().map(|token| token.len()).sum()
}

/// Pieces of both texts, runs of one kind put together.
struct Out<'t> {
    old: &'t str,
    new: &'t str,
    at: (usize, usize),
    pieces: Vec<Piece<'t>>,
}

impl<'t> Out<'t> {
    fn same(&mut self, bytes: usize) {
        let start = match self.pieces.last() {
            Some(Piece::Same(before)) => self.at.1 - before.len(),
            _ => self.at.1,
        };
        self.at = (self.at.0 + bytes, self.at.1 + bytes);
        let piece = Piece::Same(&self.new[start..self.at.1]);
        self.put(start == self.at.1, piece);
    }

    fn gone(&mut self, bytes: usize) {
        let start = match self.pieces.last() {
            Some(Piece::Gone(before)) => self.at.0 - before.len(),
            _ => self.at.0,
        };
        self.at.0 += bytes;
        let piece = Piece::Gone(&self.old[start..self.at.0]);
        self.put(start == self.at.0, piece);
    }

    fn come(&mut self, bytes: usize) {
        let start = match self.pieces.last() {
            Some(Piece::Come(before)) => self.at.1 - before.len(),
            _ => self.at.1,
        };
        self.at.1 += bytes;
        let piece = Piece::Come(&self.new[start..self.at.1]);
        self.put(start == self.at.1, piece);
    }

    /// Adds a piece, in the place of the one before it where that is of its kind.
    fn put(&mut self, empty: bool, piece: Piece<'t>) {
        if empty {
            return;
        }
        if let Some(last) = self.pieces.last_mut()
            && std::mem::discriminant(last) == std::mem::discriminant(&piece)
        {
            *last = piece;
        } else {
            self.pieces.push(piece);
        }
    }
}

/// Words, and what stands between them one by one; letters of scripts without spaces one by one too.
fn tokens(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let goes_on = next.is_some_and(|next| in_word(c) && in_word(next));
        if !goes_on {
            let end = at + c.len_utf8();
            out.push(&text[start..end]);
            start = end;
        }
    }
    out
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric()
        && !matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

enum Edit {
    Keep(usize),
    Drop(usize),
    Add(usize),
}

/// The shortest list of edits (Myers, 1986); `None` where it is longer than [`MAX_EDITS`].
fn edits(a: &[&str], b: &[&str]) -> Option<Vec<Edit>> {
    let ends = (a.len() as isize, b.len() as isize);
    let most = MAX_EDITS.min(a.len() + b.len()) as isize;
    let mut reach: Vec<isize> = vec![0; 2 * most as usize + 3];
    let slot = |diagonal: isize| (diagonal + most + 1) as usize;
    let down =
        |reach: &[isize], k: isize, d: isize| k == -d || (k != d && reach[slot(k - 1)] < reach[slot(k + 1)]);
    let mut trace: Vec<Vec<isize>> = Vec::new();
    for d in 0..=most {
        // Only the diagonals that this step may have touched are kept.
        trace.push(reach[slot(-d - 1)..=slot(d + 1)].to_vec());
        for k in (-d..=d).step_by(2) {
            let mut x = if down(&reach, k, d) {
                reach[slot(k + 1)]
            } else {
                reach[slot(k - 1)] + 1
            };
            while x < ends.0 && x - k < ends.1 && a[x as usize] == b[(x - k) as usize] {
                x += 1;
            }
            reach[slot(k)] = x;
            if x >= ends.0 && x - k >= ends.1 {
                return Some(walk_back(&trace, ends));
            }
        }
    }
    None
}

fn walk_back(trace: &[Vec<isize>], (mut x, mut y): (isize, isize)) -> Vec<Edit> {
    let mut out = Vec::new();
    for (d, reach) in trace.iter().enumerate().rev() {
        let d = d as isize;
        let at = |diagonal: isize| reach[(diagonal + d + 1) as usize];
        let k = x - y;
        let down = k == -d || (k != d && at(k - 1) < at(k + 1));
        let from = if down { k + 1 } else { k - 1 };
        let (before, bottom) = if d == 0 {
            (0, 0)
        } else {
            (at(from), at(from) - from)
        };
        while x > before && y > bottom {
            (x, y) = (x - 1, y - 1);
            out.push(Edit::Keep(x as usize));
        }
        if d > 0 {
            if down {
                y -= 1;
                out.push(Edit::Add(y as usize));
            } else {
                x -= 1;
                out.push(Edit::Drop(x as usize));
            }
        }
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sides(pieces: &[Piece<'_>]) -> (String, String) {
        let (mut old, mut new) = (String::new(), String::new());
        for piece in pieces {
            match piece {
                Piece::Same(text) => {
                    old.push_str(text);
                    new.push_str(text);
                }
                Piece::Gone(text) => old.push_str(text),
                Piece::Come(text) => new.push_str(text),
            }
        }
        (old, new)
    }

    #[test]
    fn words_and_letters() {
        use Piece::{Come, Gone, Same};
        assert_eq!(word_diff("", ""), []);
        assert_eq!(word_diff("a", "a"), [Same("a")]);
        assert_eq!(word_diff("", "a b"), [Come("a b")]);
        assert_eq!(
            word_diff("one two three four", "one three five four"),
            [
                Same("one "),
                Gone("two "),
                Same("three"),
                Come(" five"),
                Same(" four")
            ]
        );
        assert_eq!(
            word_diff("市場は東京", "市場は大阪"),
            [Same("市場は"), Gone("東京"), Come("大阪")]
        );
    }

    #[test]
    fn texts_without_anything_in_common_take_no_time() {
        let text = |word: &str| (0..50_000).map(|n| format!("{word}{n} ")).collect::<String>();
        let (old, new) = (text("a"), text("b"));
        let pieces = word_diff(&old, &new);
        assert_eq!(sides(&pieces), (old.clone(), new.clone()));
    }

    proptest! {
        #[test]
        fn both_texts_come_back(old in "[a-c ]{0,40}", new in "[a-c ]{0,40}") {
            let pieces = word_diff(&old, &new);
            prop_assert_eq!(sides(&pieces), (old, new));
        }
    }
}
