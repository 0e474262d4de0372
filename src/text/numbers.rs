//! Long numbers in running text: digits of any common system, in groups, and the checksums of the
//! numbers that people are known by. Texts without long numbers cost one count of digits.

use crate::record::Span;
use std::ops::Range;

/// Bytes that are counted together.
const BLOCK: usize = 64;
/// Most characters between two groups of digits of one number.
const GAP: usize = 2;

/// A group of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Its bytes.
    pub span: Span,
    /// Its digits, in [`Number::digits`].
    pub start: usize,
    /// One past its last digit.
    pub end: usize,
}

/// Digits in groups that are set apart by spaces, dashes, full stops, slashes or brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// From the first digit to the last.
    pub span: Span,
    /// The digits, in ASCII.
    pub digits: String,
    /// The groups in order.
    pub groups: Vec<Group>,
}

impl Number {
    /// Number of digits of group `index`.
    #[must_use]
    pub fn len(&self, index: usize) -> usize {
        self.groups.get(index).map_or(0, |group| group.end - group.start)
    }

    /// Whether there is no digit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.digits.is_empty()
    }

    /// The groups `first..=last` as a number of their own.
    #[must_use]
    pub fn part(&self, first: usize, last: usize) -> Self {
        let base = self.groups[first].start;
        Self {
            span: Span::new(self.groups[first].span.start, self.groups[last].span.end),
            digits: self.digits[base..self.groups[last].end].to_owned(),
            groups: self.groups[first..=last]
                .iter()
                .map(|group| Group {
                    span: group.span,
                    start: group.start - base,
                    end: group.end - base,
                })
                .collect(),
        }
    }

    /// Whether the groups are thousands: one of at most three digits, then only threes.
    #[must_use]
    pub fn is_thousands(&self) -> bool {
        self.groups.len() > 1
            && self.len(0) <= 3
            && !self.digits.starts_with('0')
            && (1..self.groups.len()).all(|index| self.len(index) == 3)
    }
}

/// The value of a digit: ASCII, Arabic-Indic, Extended Arabic-Indic, Devanagari, Bengali, fullwidth.
#[must_use]
pub fn digit(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        '\u{9e6}'..='\u{9ef}' => '\u{9e6}',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        _ => return None,
    };
    Some((u32::from(c) - u32::from(zero)) as u8)
}

fn is_gap(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '\u{2009}' | '\u{200a}' | '\u{202f}' | '\u{2010}'
            ..='\u{2013}' | '\u{200e}' | '\u{200f}' | '\u{2212}'
    )
}

/// Calls `then` for every number of at least `least` digits. `other` tells whether the text has
/// digits outside ASCII; without them nothing but a count of bytes is spent on clean text.
pub fn each(text: &str, least: usize, other: bool, mut then: impl FnMut(&Number)) {
    let mut from = 0;
    // The first digits of a number stand in one block or two, so that none begins before a range.
    while let Some(hot) = hot(text.as_bytes(), from, least, other) {
        let start = text.ceil_char_boundary(hot.start);
        from = read(text, start..hot.end, least, &mut then).max(hot.end);
    }
}

/// The next blocks that hold enough digits, joined.
fn hot(bytes: &[u8], from: usize, least: usize, other: bool) -> Option<Range<usize>> {
    if from >= bytes.len() {
        return None;
    }
    let mut at = from - from % BLOCK;
    let mut before = 0;
    while at < bytes.len() {
        let end = (at + BLOCK).min(bytes.len());
        let now = count(bytes, at..end, other);
        if before + now >= least {
            let mut end = end;
            // As long as digits follow, they may belong to the same number.
            while end < bytes.len() && count(bytes, end..(end + BLOCK).min(bytes.len()), other) > 0 {
                end = (end + BLOCK).min(bytes.len());
            }
            return Some(at.saturating_sub(BLOCK).max(from)..end);
        }
        before = now;
        at = end;
    }
    None
}

/// Digits of a block.
fn count(bytes: &[u8], block: Range<usize>, other: bool) -> usize {
    let ascii: u8 = bytes[block.clone()]
        .iter()
        .map(|byte| u8::from(byte.wrapping_sub(b'0') < 10))
        .sum();
    if !other {
        return usize::from(ascii);
    }
    // The last two bytes tell a digit of the other systems.
    let pair = |(&lead, &last): (&u8, &u8)| match lead {
        0xd9 => last.wrapping_sub(0xa0) < 10,
        0xdb => last.wrapping_sub(0xb0) < 10,
        0xa5 | 0xa7 => last.wrapping_sub(0xa6) < 10,
        0xbc => last.wrapping_sub(0x90) < 10,
        _ => false,
    };
    let first = block.start.saturating_sub(1);
    let leads = bytes[first..block.end].iter();
    let pairs = leads.zip(&bytes[first + 1..block.end]).filter(|&of| pair(of));
    usize::from(ascii) + pairs.count()
}

/// Reads the numbers that begin in a range; returns where the last of them ends.
fn read(text: &str, range: Range<usize>, least: usize, then: &mut impl FnMut(&Number)) -> usize {
    let mut at = range.start;
    let mut number = Number {
        span: Span::default(),
        digits: String::new(),
        groups: Vec::new(),
    };
    while at < range.end {
        let Some(found) = text[at..].char_indices().find_map(|(offset, c)| {
            let stop = at + offset >= range.end;
            (stop || digit(c).is_some()).then_some((at + offset, stop))
        }) else {
            break;
        };
        let (start, stop) = found;
        if stop {
            break;
        }
        at = take(text, start, &mut number);
        if number.digits.len() >= least {
            then(&number);
        }
    }
    at
}

/// Reads the number that begins at `start` and returns where it ends.
fn take(text: &str, start: usize, number: &mut Number) -> usize {
    number.digits.clear();
    number.groups.clear();
    let mut end = start;
    let mut gap = GAP + 1;
    for (offset, c) in text[start..].char_indices() {
        let at = start + offset;
        if let Some(value) = digit(c) {
            let place = number.digits.len();
            number.digits.push(char::from(b'0' + value));
            if gap > 0 {
                number.groups.push(Group {
                    span: Span::new(at, at),
                    start: place,
                    end: place,
                });
            }
            gap = 0;
            end = at + c.len_utf8();
            if let Some(group) = number.groups.last_mut() {
                group.span.end = end;
                group.end = place + 1;
            }
        } else if is_gap(c) && gap < GAP {
            gap += 1;
        } else {
            break;
        }
    }
    number.span = Span::new(start, end);
    end
}

/// Whether the last digit is the Luhn check digit of those before it (ISO/IEC 7812-1 annex B).
#[must_use]
pub fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, byte)| {
            let value = u32::from(byte - b'0');
            match index % 2 {
                0 => value,
                _ => value * 2 / 10 + value * 2 % 10,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The remainder by 97 of digits and capital letters, A counting 10 (ISO/IEC 7064, MOD 97-10).
/// `None` for another character.
#[must_use]
pub fn mod97(text: impl IntoIterator<Item = u8>) -> Option<u32> {
    text.into_iter().try_fold(0, |rest, byte| match byte {
        b'0'..=b'9' => Some((rest * 10 + u32::from(byte - b'0')) % 97),
        b'A'..=b'Z' => Some((rest * 100 + u32::from(byte - b'A') + 10) % 97),
        _ => None,
    })
}

/// Whether the digits end in their Verhoeff check digit.
#[must_use]
pub fn verhoeff(digits: &str) -> bool {
    const STEP: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    // The dihedral group of the pentagon.
    let times = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    digits.bytes().rev().enumerate().fold(0, |check, (index, byte)| {
        let turned = (0..index % 8).fold(byte - b'0', |value, _| STEP[usize::from(value)]);
        times(check, turned)
    }) == 0
}

/// Whether the digits end in their ISO/IEC 7064 MOD 11,10 check digit.
#[must_use]
pub fn mod11_10(digits: &str) -> bool {
    let last = digits.len().saturating_sub(1);
    let product = digits.bytes().take(last).fold(10, |product, byte| {
        let sum = (u32::from(byte - b'0') + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    let check = (11 - product) % 10;
    digits.bytes().last().map(|byte| u32::from(byte - b'0')) == Some(check)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str, least: usize) -> Vec<String> {
        let mut found = Vec::new();
        each(text, least, !text.is_ascii(), |number| {
            found.push(number.digits.clone());
        });
        found
    }

    #[test]
    fn numbers_in_groups() {
        assert_eq!(found("call 0 12 34-56.78 now", 7), ["012345678"]);
        assert_eq!(found("الرقم ٠١٢٣٤٥٦٧٨٩ هنا", 7), ["0123456789"]);
        assert_eq!(found("in 2019 and 2020", 7), Vec::<String>::new());
        let long = format!("{} 12345678 {} 87654321", "word ".repeat(60), "word ".repeat(60));
        assert_eq!(found(&long, 7), ["12345678", "87654321"]);
        let mut shape = Vec::new();
        each("x 71 123 456", 7, false, |n| {
            shape.push((n.is_thousands(), n.len(0), n.part(1, 2).digits));
        });
        assert_eq!(shape, [(true, 2, "123456".to_owned())]);
    }

    #[test]
    fn checksums() {
        assert!(luhn("4111111111111111") && !luhn("4111111111111112"));
        assert!(luhn("79927398713"));
        // ISO 13616: the first four characters go to the end.
        assert_eq!(mod97(*b"370400440532013000DE89"), Some(1));
        assert_eq!(mod97(*b"37x"), None);
        assert!(verhoeff("2363") && !verhoeff("2364"));
        assert!(verhoeff("1234567891") != verhoeff("1234567890"));
        assert!(mod11_10("86095742719") && !mod11_10("86095742718"));
    }

    proptest! {
        #[test]
        fn every_long_run_is_found(before in "[a-zب .]{0,150}", digits in "[0-9]{7,20}", after in "[a-zب]{0,150}") {
            let text = format!("{before}x{digits}{after}");
            prop_assert_eq!(found(&text, 7), [digits]);
        }

        #[test]
        fn spans_hold_their_digits(text in "[0-9٠-٩ ./a-z-]{0,300}") {
            each(&text, 1, true, |number| {
                let inside: String = text[number.span.range()].chars().filter_map(digit).map(|d| char::from(b'0' + d)).collect();
                assert_eq!(inside, number.digits);
            });
        }
    }
}
