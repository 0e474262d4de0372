//! Counters of a text, taken bytewise in one pass: bounds that show that a text is prose without
//! decoding it. Rules that a bound does not satisfy look closer.

use super::simd::{Around, BLOCK, Bytes, CONTEXT, LEVEL, PAD, bits, low, window};
use fearless_simd::{Simd, dispatch};

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
    /// Whether [`WORD`] ASCII letters stand in a row anywhere.
    pub has_ascii_word: bool,
    /// Whether [`KEY`] ASCII letters, digits, low lines, dashes and full stops stand in a row: an
    /// address, a key, or a very long word.
    pub has_key: bool,
    /// Most ASCII digits in two neighbouring blocks of `BLOCK` bytes, from the start of the text.
    pub digits: usize,
}

/// ASCII letters in a row that make a word: see [`Shape::has_ascii_word`].
pub const WORD: usize = 3;
/// Length of the shortest key: see [`Shape::has_key`].
pub const KEY: usize = 20;

impl Shape {
    /// Looks at every byte once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        dispatch!(*LEVEL, simd => Self::count(simd, text.as_bytes()))
    }

    #[inline(always)]
    fn count<S: Simd>(simd: S, bytes: &[u8]) -> Self {
        let mut shape = Self::default();
        let mut space = [PAD; CONTEXT + BLOCK + CONTEXT];
        let mut runs = Runs::default();
        let (mut words, mut keys) = (Row::<WORD>::default(), Row::<KEY>::default());
        let mut blank_before = 1;
        let mut digits_before = 0;
        for at in (0..bytes.len()).step_by(BLOCK) {
            let block = Around::new(simd, window(bytes, at, &mut space));
            let b0 = block.here();
            let valid = low(bytes.len() - at);
            let blank = bits(b0.to(b' '));
            // Two lead bytes stand for punctuation more often than for letters.
            let ascii_letter = b0.or(0x20).within(b'a', b'z');
            let letter = bits(ascii_letter | (b0.from(0xC3) & !b0.is(0xE2)));
            let ascii_letter = bits(ascii_letter) & valid;
            let digit = bits(b0.within(b'0', b'9')) & valid;
            words.add(ascii_letter);
            keys.add(ascii_letter | digit | bits(b0.within(b'-', b'.') | b0.is(b'_')) & valid);
            let digits = digit.count_ones() as usize;
            shape.digits = shape.digits.max(digits_before + digits);
            digits_before = digits;
            let starts = !blank & (blank << 1 | blank_before) & valid;
            blank_before = blank >> 63;
            shape.tokens += starts.count_ones() as usize;
            shape.odd_tokens += (starts & !letter).count_ones() as usize;
            shape.letters += (letter & valid).count_ones() as usize;
            let equal = |other: Bytes<S>, places: usize| {
                bits(b0.equals(other)) & low((bytes.len() - at).saturating_sub(places))
            };
            runs.add(
                equal(block.after::<1>(), 1) & !blank,
                equal(block.after::<2>(), 2),
            );
        }
        runs.add(0, 0);
        shape.has_run = runs.found;
        shape.has_ascii_word = words.found;
        shape.has_key = keys.found;
        shape
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

/// Looks for `N` bytes of a kind in a row, across blocks; at most [`BLOCK`].
#[derive(Default)]
struct Row<const N: usize> {
    /// Bytes of the last block that are of the kind.
    before: u64,
    found: bool,
}

impl<const N: usize> Row<N> {
    #[inline(always)]
    fn add(&mut self, here: u64) {
        // Each step doubles the length of the rows that the bits stand for.
        let mut row = Runs::join(self.before, here);
        let mut length = 1;
        while length < N {
            let step = length.min(N - length);
            row &= row >> step;
            length += step;
        }
        self.found |= row != 0;
        self.before = here;
    }
}

/// Looks for four equal bytes in a row, or four equal pairs of bytes, across blocks.
#[derive(Default)]
struct Runs {
    /// Bytes of the last block that equal the next one, and the next but one.
    ones: u64,
    pairs: u64,
    found: bool,
}

impl Runs {
    #[inline(always)]
    fn add(&mut self, ones: u64, pairs: u64) {
        let (one, pair) = (Self::join(self.ones, ones), Self::join(self.pairs, pairs));
        let three = one & one >> 1 & one >> 2;
        let two = pair & pair >> 1;
        let six = two & two >> 2 & two >> 4;
        self.found |= (three | six) as u64 != 0;
        (self.ones, self.pairs) = (ones, pairs);
    }

    #[inline(always)]
    const fn join(before: u64, here: u64) -> u128 {
        before as u128 | (here as u128) << 64
    }
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

    #[test]
    fn rows_are_seen_anywhere() {
        for before in 0..140 {
            let space = "كم ".repeat(before / 5) + &" ".repeat(before % 5);
            let of = |text: &str| Shape::new(&(space.clone() + text));
            assert!(of("ab cd 12 x_").is_like(false, false, 2), "{before}");
            assert!(of("abc").is_like(true, false, 0) && of("abc كم").is_like(true, false, 0));
            assert!(of("0123456789-AB.CD_EF.").is_like(false, true, 10), "{before}");
            assert!(of("0123456789-AB.CD_EF").is_like(false, false, 10), "{before}");
        }
    }

    impl Shape {
        fn is_like(&self, word: bool, key: bool, digits: usize) -> bool {
            (self.has_ascii_word, self.has_key, self.digits) == (word, key, digits)
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
