//! The Arabic script: letters, marks, words, and text stored in visual order.

use super::plausible::{ARABIC_WORDS, has_article};
use crate::record::Span;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;

/// Tatweel (kashida), which stretches a word and is no letter.
pub const TATWEEL: char = '\u{640}';

/// Whether a character is a letter of the Arabic script (without presentation forms).
#[must_use]
pub const fn is_letter(c: char) -> bool {
    matches!(c,
        '\u{620}'..='\u{63f}' | '\u{641}'..='\u{64a}' | '\u{66e}' | '\u{66f}' | '\u{671}'..='\u{6d3}' | '\u{6d5}'
        | '\u{6e5}' | '\u{6e6}' | '\u{6ee}' | '\u{6ef}' | '\u{6fa}'..='\u{6fc}' | '\u{6ff}'
        | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8c9}')
}

/// Whether a character is a combining mark of the Arabic script.
#[must_use]
pub const fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}'
        | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{8ca}'..='\u{8ff}')
}

/// Whether a character is a letter as PDF and legacy fonts store it: U+FB50 to U+FDFB, U+FE70 to
/// U+FEFC, without signs that are characters of their own (ornate brackets, honorifics, rial).
#[must_use]
pub fn is_form(c: char) -> bool {
    match c {
        '\u{fdf2}' | '\u{fdfa}'..='\u{fdff}' | '\u{fd3e}'..='\u{fd4f}' | '\u{fdcf}' => false,
        '\u{fb50}'..='\u{fdf9}' | '\u{fe70}'..='\u{fefc}' => {
            let mut itself = true;
            decompose_compatible(c, |part| itself &= part == c);
            !itself
        }
        _ => false,
    }
}

/// Appends the letters of a presentation form. Forms of marks on a space or tatweel give the mark.
pub fn push_letters(c: char, out: &mut String) {
    let is_mark_form =
        matches!(c, '\u{fe70}'..='\u{fe7f}' | '\u{fc5e}'..='\u{fc63}' | '\u{fcf2}'..='\u{fcf4}');
    for part in std::iter::once(c).nfkc() {
        if !(is_mark_form && matches!(part, ' ' | TATWEEL)) {
            out.push(part);
        }
    }
}

const fn is_word_char(c: char) -> bool {
    is_letter(c) || is_mark(c) || c == TATWEEL || c == '\u{200c}' || c == '\u{200d}'
}

/// The word of Arabic letters, marks, tatweel and joiners around a byte of the text.
#[must_use]
pub fn word_around(text: &str, at: usize) -> Span {
    let joiner = |c: char| matches!(c, '\u{200c}' | '\u{200d}');
    let start = text[..at]
        .char_indices()
        .rev()
        .take_while(|&(_, c)| is_word_char(c))
        .last()
        .map_or(at, |(start, _)| start);
    let end = text[at..]
        .char_indices()
        .find(|&(_, c)| !is_word_char(c))
        .map_or(text.len(), |(length, _)| at + length);
    let word = &text[start..end];
    let left = word.trim_start_matches(joiner);
    Span::new(
        start + word.len() - left.len(),
        start + word.len() - left.len() + left.trim_end_matches(joiner).len(),
    )
}

/// Words of Arabic letters in a text, in order.
pub fn words(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text[from..].find(is_letter)?;
        let end = text[start..]
            .find(|c| !is_word_char(c))
            .map_or(text.len(), |length| start + length);
        from = end;
        Some(Span::new(start, end))
    })
}

/// The quotation that holds a byte of the text, or `None` outside of one.
#[must_use]
pub fn quotation_around(text: &str, at: usize) -> Option<Span> {
    const PAIRS: [(char, char); 5] = [('«', '»'), ('“', '”'), ('﴿', '﴾'), ('"', '"'), ('(', ')')];
    let line_start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    PAIRS.into_iter().find_map(|(open, close)| {
        let before = &text[line_start..at];
        let start = if open == close {
            // The same mark on both sides: inside after an odd number of them.
            (before.matches(open).count() % 2 == 1)
                .then(|| before.rfind(open))
                .flatten()?
        } else {
            let start = before.rfind(open)?;
            if before[start..].contains(close) {
                return None;
            }
            start
        };
        let end = text[at..line_end].find(close)?;
        Some(Span::new(line_start + start + open.len_utf8(), at + end))
    })
}

/// What speaks for and against visual order in some lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Order {
    /// Arabic words.
    tokens: usize,
    /// Words that only reversed text has: teh marbuta or alef maksura first, or a reversed article last.
    reversed: usize,
    /// Words that are impossible in logical order and right in visual order, from end to end.
    decisive: usize,
    /// Words with the article in front.
    articles: usize,
    /// Function words.
    stops: usize,
    /// Function words of the reversed text.
    reversed_stops: usize,
    /// Presentation forms that show visual order: a final form first, an initial form last.
    visual_forms: usize,
    /// Presentation forms that show logical order.
    logical_forms: usize,
}

impl Order {
    fn add(&mut self, other: Self) {
        self.tokens += other.tokens;
        self.reversed += other.reversed;
        self.decisive += other.decisive;
        self.articles += other.articles;
        self.stops += other.stops;
        self.reversed_stops += other.reversed_stops;
        self.visual_forms += other.visual_forms;
        self.logical_forms += other.logical_forms;
    }

    /// Evidence of a line.
    fn of(line: &str) -> Self {
        let mut order = Self::default();
        let (mut letters, mut backwards) = (String::new(), String::new());
        for token in line.split(|c: char| !is_word_char(c) && !is_form(c)) {
            if !token.is_empty() {
                order.token(token, &mut letters, &mut backwards);
            }
        }
        order
    }

    fn token(&mut self, token: &str, letters: &mut String, backwards: &mut String) {
        self.forms(token);
        letters.clear();
        for c in token.chars() {
            if is_form(c) {
                push_letters(c, letters);
            } else if is_letter(c) {
                letters.push(c);
            }
        }
        letters.retain(is_letter);
        let length = letters.chars().count();
        if length == 0 {
            return;
        }
        self.tokens += 1;
        let ending_first = letters.starts_with(['ة', 'ى']) && length >= 2;
        let article_last = letters.ends_with("لا") && length >= 4;
        self.reversed += usize::from(ending_first || article_last);
        self.decisive += usize::from(ending_first && article_last && length >= 5);
        self.articles += usize::from(has_article(letters));
        if letters.len() <= LONGEST_STOP {
            self.stops += usize::from(is_stop(letters));
            backwards.clear();
            backwards.extend(letters.chars().rev());
            self.reversed_stops += usize::from(is_stop(backwards));
        }
    }

    fn forms(&mut self, token: &str) {
        let mut shapes = token.chars().filter(|&c| is_form(c) || is_letter(c)).map(shape);
        let (Some(first), Some(last)) = (shapes.next(), shapes.next_back()) else {
            return;
        };
        self.visual_forms += usize::from(first == Shape::Final || first == Shape::Medial);
        self.visual_forms += usize::from(last == Shape::Initial || last == Shape::Medial);
        self.logical_forms += usize::from(first == Shape::Initial) + usize::from(last == Shape::Final);
    }

    /// Whether the evidence shows visual order.
    fn fires(&self) -> bool {
        let (a, b) = (self.reversed, self.articles);
        let words = self.tokens >= 6
            && ((a >= 2 && a > b && self.reversed_stops >= self.stops + 2)
                || (a >= 3 && a * 5 >= self.tokens && a >= 3 * b + 2 && self.reversed_stops >= self.stops));
        let decisive = self.decisive >= 1 && b == 0 && self.reversed_stops >= self.stops;
        let forms = self.visual_forms >= 2 && self.logical_forms == 0;
        words || decisive || forms
    }

    /// Whether a line of a text that fires as a whole is reversed too.
    fn follows(&self) -> bool {
        self.articles == 0
            && self.logical_forms == 0
            && (self.reversed + self.visual_forms >= 1 || self.reversed_stops > self.stops)
    }
}

/// Bytes of the longest function word.
const LONGEST_STOP: usize = {
    let (mut longest, mut at) = (0, 0);
    while at < ARABIC_WORDS.len() {
        if ARABIC_WORDS[at].len() > longest {
            longest = ARABIC_WORDS[at].len();
        }
        at += 1;
    }
    longest
};

fn is_stop(word: &str) -> bool {
    word.chars().count() >= 2
        && !matches!(word, "لا" | "ما" | "لم" | "در" | "را" | "ان")
        && ARABIC_WORDS.contains(&word)
}

/// Which of a letter's joining shapes a presentation form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Initial,
    Medial,
    Final,
    Other,
}

/// The blocks list the forms of each letter in the order isolated, final, initial, medial.
fn shape(c: char) -> Shape {
    if !matches!(c, '\u{fb50}'..='\u{fbb1}' | '\u{fbd3}'..='\u{fbff}' | '\u{fe80}'..='\u{fefc}') {
        return Shape::Other;
    }
    let letter = |c: char| {
        let (mut letters, mut count) = (['\0'; 4], 0);
        decompose_compatible(c, |part| {
            if let Some(slot) = letters.get_mut(count) {
                *slot = part;
            }
            count += 1;
        });
        (letters, count)
    };
    let own = letter(c);
    let mut first = c;
    while let Some(before) = char::from_u32(u32::from(first) - 1).filter(|&before| letter(before) == own) {
        first = before;
    }
    match u32::from(c) - u32::from(first) {
        1 => Shape::Final,
        2 => Shape::Initial,
        3 => Shape::Medial,
        _ => Shape::Other,
    }
}

/// The lines of a text that are stored in visual order (reversed), as indices. Lines are judged
/// alone first, then together.
#[must_use]
pub fn visual_lines(lines: &[&str]) -> Vec<usize> {
    let orders: Vec<Order> = lines.iter().map(|line| Order::of(line)).collect();
    let mut sum = Order::default();
    for order in &orders {
        sum.add(*order);
    }
    let field = sum.fires();
    orders
        .iter()
        .enumerate()
        .filter(|(_, order)| order.tokens > 0 && (order.fires() || (field && order.follows())))
        .map(|(index, _)| index)
        .collect()
}

/// Whether one line, taken alone, is stored in visual order.
#[must_use]
pub fn is_visual(line: &str) -> bool {
    Order::of(line).fires()
}

/// A line in visual order put into logical order: clusters reversed, digits and Latin runs kept,
/// brackets mirrored, presentation forms replaced by letters.
#[must_use]
pub fn to_logical(line: &str) -> String {
    let mut clusters: Vec<String> = Vec::new();
    let mut run = String::new();
    for c in line.chars() {
        if is_left_to_right(c) || (!run.is_empty() && matches!(c, '.' | ',' | ':' | '/' | '-' | '\'' | '%')) {
            run.push(c);
            continue;
        }
        flush(&mut run, &mut clusters);
        match clusters.last_mut() {
            Some(last) if is_mark(c) => last.push(c),
            _ => clusters.push(mirrored(c).to_string()),
        }
    }
    flush(&mut run, &mut clusters);
    let mut out = String::with_capacity(line.len());
    for cluster in clusters.iter().rev() {
        for c in cluster.chars() {
            if is_form(c) {
                push_letters(c, &mut out);
            } else {
                out.push(c);
            }
        }
    }
    out
}

/// Ends a left-to-right run; punctuation after it belongs to the Arabic text.
fn flush(run: &mut String, clusters: &mut Vec<String>) {
    let kept = run.trim_end_matches(|c: char| !is_left_to_right(c)).len();
    let rest = run.split_off(kept);
    if !run.is_empty() {
        clusters.push(std::mem::take(run));
    }
    clusters.extend(rest.chars().map(String::from));
}

fn is_left_to_right(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' | 'À'..='ɏ')
}

const fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '«' => '»',
        '»' => '«',
        c => c,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn backwards(text: &str) -> String {
        text.chars().rev().collect()
    }

    #[test]
    fn words_and_quotations() {
        let text = "قال «كتاب علی» ثم ذهب";
        let at = text.find('ک').or_else(|| text.find("علی")).unwrap();
        assert_eq!(&text[word_around(text, at).range()], "علی");
        assert_eq!(&text[quotation_around(text, at).unwrap().range()], "كتاب علی");
        assert_eq!(quotation_around(text, text.find("ذهب").unwrap()), None);
        assert_eq!(words(text).count(), 5);
    }

    #[test]
    fn visual_order_is_seen_and_undone() {
        let text = "قررت الحكومة في المدينة أن تفتح المدرسة الجديدة بعد العيد";
        assert!(!is_visual(text));
        assert!(is_visual(&backwards(text)));
        assert_eq!(to_logical(&backwards(text)), text);
        assert!(is_visual("ةموكحلا تررق"));
        assert_eq!(to_logical("ةموكحلا تررق"), "قررت الحكومة");
        assert!(is_visual("ﻦﻃﻮﻟا ﺲﻣأ"));
        assert_eq!(to_logical("ﻦﻃﻮﻟا ﺲﻣأ"), "أمس الوطن");
        assert!(!is_visual("ﺍﻟﻌﺮﺏ"));
        assert!(!is_visual("إلى اليمن"));
    }

    #[test]
    fn numbers_and_brackets_keep_their_order() {
        assert_eq!(to_logical("(.A-7 هلوق) 2019 ةنسلا"), "السنة 2019 (قوله A-7.)");
    }

    #[test]
    fn lines_are_judged_together() {
        let first = backwards("المدرسة الجديدة قريبة من السوق");
        let second = backwards("وصل المعلم إلى المدينة");
        let third = backwards("شكرا");
        let lines = [first.as_str(), second.as_str(), third.as_str(), "خبر من المدينة"];
        assert_eq!(visual_lines(&lines[..2]), [0, 1]);
        assert_eq!(
            visual_lines(&["المدرسة الجديدة قريبة من السوق", "لا بأس"]),
            [] as [usize; 0]
        );
    }

    #[test]
    fn forms_give_letters() {
        let mut out = String::new();
        for c in "ﻻ ﺁﹼ".chars() {
            push_letters(c, &mut out);
        }
        assert_eq!(out, "لا آ\u{651}");
        for kept in "ﷲﷺﷻ﷼﷽﴾﴿".chars() {
            assert!(!is_form(kept), "{kept}");
        }
    }
}
