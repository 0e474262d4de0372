//! Runs of one code point in a text.

use crate::record::Span;

/// A run of the same code point, one or more times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Its bytes.
    pub span: Span,
    /// The code point.
    pub code: char,
}

impl Run {
    /// How many times the code point stands there.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.span.len() / self.code.len_utf8()
    }

    /// The code point before the run.
    #[must_use]
    pub fn before(&self, text: &str) -> Option<char> {
        text[..self.span.start].chars().next_back()
    }

    /// The code point after the run.
    #[must_use]
    pub fn after(&self, text: &str) -> Option<char> {
        text[self.span.end..].chars().next()
    }
}

/// Every run of a code point for which `wanted` holds, in order; two different code points make two runs.
pub fn runs(text: &str, wanted: impl Fn(char) -> bool) -> impl Iterator<Item = Run> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, code) = rest.find(|&(_, c)| wanted(c))?;
        let mut end = start + code.len_utf8();
        while rest.next_if(|&(_, c)| c == code).is_some() {
            end += code.len_utf8();
        }
        Some(Run {
            span: Span::new(start, end),
            code,
        })
    })
}

/// The same, where the code points can only stand at `places`, in order.
pub fn runs_at<'t>(
    text: &'t str,
    places: &'t [usize],
    wanted: impl Fn(char) -> bool + 't,
) -> impl Iterator<Item = Run> + 't {
    let mut past = 0;
    places.iter().filter_map(move |&start| {
        let rest = text.get(start..).filter(|_| start >= past)?;
        let code = rest.chars().next().filter(|&c| wanted(c))?;
        let times = rest.chars().take_while(|&c| c == code).count();
        past = start + times * code.len_utf8();
        Some(Run {
            span: Span::new(start, past),
            code,
        })
    })
}

/// Whether a single-byte reading of UTF-8 could have made this code point out of a lead byte: then a
/// control, soft hyphen or odd space after it may be a byte that a repair still needs.
#[must_use]
pub const fn may_be_garbled_lead(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9F}' | '\u{C2}'..='\u{F4}' | 'ط' | 'ظ' | 'ع' | 'Р' | 'С' | 'Ш' | 'Щ')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn equal_neighbours_make_one_run() {
        let text = "aab\u{200b}\u{200b}\u{feff}c";
        let found: Vec<_> = runs(text, |c| !c.is_ascii()).collect();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].span, found[0].count()), (Span::new(3, 9), 2));
        assert_eq!(
            (found[0].before(text), found[1].after(text)),
            (Some('b'), Some('c'))
        );
        assert_eq!(runs("abc", |c| c == 'x').count(), 0);
        for text in ["a\u{200b}\u{200b}b\u{ad}\u{200b}", "", "\u{feff}"] {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let all: Vec<_> = runs(text, |c| !c.is_ascii()).collect();
            assert_eq!(runs_at(text, &places, |c| !c.is_ascii()).collect::<Vec<_>>(), all);
        }
    }
}
