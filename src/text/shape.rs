//! Counters of a text, taken bytewise in one pass: bounds that show that a text is prose without
//! decoding it. Rules that a bound does not satisfy look closer.

/// Counts of a text, in bytes that stand for characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shape {
    /// Runs of bytes above the space.
    pub tokens: usize,
    /// Tokens that may begin with something other than a letter: never too few.
    pub odd_tokens: usize,
    /// ASCII letters, and first bytes of other characters.
    pub letters: usize,
    /// Whether four equal characters may stand in a row, other than spaces: never missed where the
    /// character takes one or two bytes.
    pub has_run: bool,
}

/// Bytes whose counts fit a byte.
const CHUNK: usize = 252;

impl Shape {
    /// Looks at every byte once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut shape = Self::default();
        let mut before = b' ';
        for chunk in bytes.chunks(CHUNK) {
            shape.count(chunk, before);
            before = chunk.last().copied().unwrap_or(before);
        }
        shape.has_run = has_run(bytes);
        shape
    }

    fn count(&mut self, chunk: &[u8], before: u8) {
        let (mut tokens, mut odd, mut letters) = (0_u8, 0_u8, 0_u8);
        let Some((&first, rest)) = chunk.split_first() else {
            return;
        };
        let mut add = |byte: u8, before: u8| {
            let alphabetic = (byte | 0x20).wrapping_sub(b'a') < 26;
            // Two lead bytes stand for punctuation more often than for letters.
            let leads = byte >= 0xC3 && byte != 0xE2;
            let starts = before <= b' ' && byte > b' ';
            tokens += u8::from(starts);
            odd += u8::from(starts) & !u8::from(alphabetic | leads);
            letters += u8::from(alphabetic | leads);
        };
        add(first, before);
        for (&byte, &before) in rest.iter().zip(chunk) {
            add(byte, before);
        }
        self.tokens += usize::from(tokens);
        self.odd_tokens += usize::from(odd);
        self.letters += usize::from(letters);
    }

    /// Letters of a word on average; 0 where there is no word.
    #[must_use]
    pub fn mean_word(&self) -> f64 {
        if self.tokens == 0 {
            return 0.0;
        }
        self.letters as f64 / self.tokens as f64
    }
}

/// Whether four equal bytes stand in a row, or four equal pairs of bytes. Runs that cross the edge of
/// two chunks are seen because chunks overlap.
fn has_run(bytes: &[u8]) -> bool {
    const STEP: usize = 256;
    let mut start = 0;
    while start + 4 <= bytes.len() {
        let end = bytes.len().min(start + STEP + 8);
        let part = &bytes[start..end];
        if ones(part) || pairs(part) {
            return true;
        }
        start += STEP;
    }
    false
}

fn ones(part: &[u8]) -> bool {
    let same = |((&a, &b), (&c, &d)): ((&u8, &u8), (&u8, &u8))| {
        u8::from(a == b) & u8::from(b == c) & u8::from(c == d) & u8::from(a > b' ')
    };
    let (Some(b), Some(c), Some(d)) = (part.get(1..), part.get(2..), part.get(3..)) else {
        return false;
    };
    let found = part.iter().zip(b).zip(c.iter().zip(d)).map(same);
    found.fold(0, |all, one| all | one) != 0
}

fn pairs(part: &[u8]) -> bool {
    // Equal to the byte two places on, at six places in a row.
    let mut equal = [0_u8; 264];
    let Some(on) = part.get(2..) else { return false };
    for ((slot, &a), &b) in equal.iter_mut().zip(part).zip(on) {
        *slot = u8::from(a == b);
    }
    let at = |shift: usize| equal[shift..shift + 258].iter();
    let six = at(0)
        .zip(at(1))
        .zip(at(2).zip(at(3)))
        .zip(at(4).zip(at(5)))
        .map(|(((a, b), (c, d)), (e, f))| a & b & c & d & e & f);
    six.fold(0, |all, one| all | one) != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tokens_and_letters() {
        let shape = Shape::new("Ten 10 – قال نعم");
        assert_eq!((shape.tokens, shape.odd_tokens), (5, 2));
        assert_eq!(shape.letters, 9);
        assert_eq!(Shape::new(""), Shape::default());
        assert!(Shape::new("one two").mean_word() > 2.9);
    }

    #[test]
    fn runs_are_seen_anywhere() {
        for run in ["!!!!", "aaaa", "رااااائع", "ееее"] {
            for before in [0, 1, 250, 251, 252, 255, 256, 511] {
                let text = format!("{}{run} end", "xy ".repeat(before).split_at(before).0);
                assert!(Shape::new(&text).has_run, "{run} after {before}");
            }
        }
        for text in ["    ", "!!! and ... again", "www", "السلام عليكم", "1010 2020"] {
            assert!(!Shape::new(text).has_run, "{text}");
        }
    }

    proptest! {
        #[test]
        fn counts_agree_with_characters(text in "[a-cبا \n1.–]{0,700}") {
            let shape = Shape::new(&text);
            let tokens = text.split_ascii_whitespace().count();
            prop_assert_eq!(shape.tokens, tokens);
            let with_letters = text
                .split_ascii_whitespace()
                .filter(|token| token.starts_with(char::is_alphabetic))
                .count();
            prop_assert!(shape.tokens - shape.odd_tokens <= with_letters);
        }
    }
}
