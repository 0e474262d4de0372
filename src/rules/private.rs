//! What the rules about people share: they say what kind of value stands where, never the value.

use super::Out;
use crate::finding::Safety;
use crate::record::Span;
use crate::text::fold::phrase_fold;

/// Reports a private value: its kind and length, and what may stand in its place.
pub(crate) fn report(out: &mut Out<'_>, span: Span, message: String, placeholder: &'static str) {
    out.span(span, message).replace(
        Safety::Unsafe,
        format!("replace it by {placeholder}"),
        placeholder,
    );
}

/// The token around a span: what stands there without white space.
pub(crate) fn token(text: &str, span: Span) -> Span {
    let start = text[..span.start]
        .char_indices()
        .rev()
        .find(|(_, c)| c.is_whitespace())
        .map_or(0, |(at, c)| at + c.len_utf8());
    let end = text[span.end..]
        .find(char::is_whitespace)
        .map_or(text.len(), |at| span.end + at);
    Span::new(start, end)
}

/// Whether a span stands in a web address.
pub(crate) fn in_address(text: &str, span: Span) -> bool {
    let token = token(text, Span::new(span.start, span.start));
    let before = &text[token.start..span.start];
    before.contains("://") || before.contains("www.") || before.contains("urn:") || before.contains("doi.org")
}

/// Whether a letter, digit or low line touches the span.
pub(crate) fn is_part_of_word(text: &str, span: Span) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    text[..span.start].chars().next_back().is_some_and(in_word)
        || text[span.end..].chars().next().is_some_and(in_word)
}

/// The folded text of at most `chars` characters before a place, on its line.
pub(crate) fn before(text: &str, at: usize, chars: usize) -> String {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let start = text[line..at]
        .char_indices()
        .rev()
        .nth(chars)
        .map_or(line, |(index, _)| line + index);
    let mut folded = String::new();
    phrase_fold(&text[start..at], &mut folded);
    folded
}

/// What Arabic writes together with the word that follows: and, so, by, for, the.
const PROCLITICS: [&str; 9] = ["و", "ف", "ب", "ل", "ال", "وال", "بال", "فال", "لل"];

/// Whether one of the cues, which are folded, ends at most `words` words before the end of `folded`,
/// which ends where the number begins. A cue begins a word; scripts without spaces have no words.
pub(crate) fn has_cue(folded: &str, cues: &[&str], words: usize) -> bool {
    cues.iter().any(|cue| {
        folded.match_indices(cue).any(|(at, _)| {
            let after = &folded[at + cue.len()..];
            let ideograph = cue.chars().all(|c| ('\u{2e80}'..='\u{9fff}').contains(&c));
            let word = folded[..at].rfind(|c: char| !c.is_alphanumeric() && c != '_');
            let head = &folded[word.map_or(0, |last| folded.ceil_char_boundary(last + 1))..at];
            let begins = head.is_empty() || PROCLITICS.contains(&head);
            let ends = !after.chars().next().is_some_and(char::is_alphanumeric);
            // A sentence that ended in between was about something else.
            let near = !after.contains([';', '!', '?', '؟', '؛']) && !after.contains(". ");
            (ideograph || (begins && ends))
                && near
                && after
                    .split(|c: char| !c.is_alphanumeric())
                    .filter(|word| !word.is_empty())
                    .count()
                    <= words
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_words_near_the_number() {
        let cues = ["tel", "هاتف", "电话"];
        assert!(has_cue("tel: ", &cues, 2));
        assert!(has_cue("our tel is now ", &cues, 2));
        assert!(has_cue("联系电话：", &cues, 2));
        assert!(has_cue("للحجز وهاتف ", &cues, 2));
        assert!(!has_cue("hotel ", &cues, 2));
        assert!(!has_cue("television ", &cues, 2));
        assert!(!has_cue("tel aviv has more than ", &cues, 2));
        assert!(!has_cue("the tel rang. in ", &cues, 3));
    }

    #[test]
    fn addresses_hide_numbers() {
        let text = "see https://a.example/id/4111111111111111 or 4111111111111111";
        assert!(in_address(text, Span::new(25, 41)));
        assert!(!in_address(text, Span::new(45, 61)));
    }
}
