//! Lines of a text: those that repeat earlier ones, and how many are of a kind.

use super::percent;
use crate::rules::options::Options;
use crate::rules::{Check, Out, Text};
use crate::text::class;
use std::collections::HashMap;

/// The check of a rule that bounds the share of the non-blank lines of a kind. Its options are
/// `max-percent` and `min-lines`.
#[derive(Debug)]
pub(crate) struct LineShare {
    what: &'static str,
    is: fn(&str) -> bool,
    max_percent: usize,
    min_lines: usize,
}

impl LineShare {
    /// `what` goes on after "of the lines": `end with an ellipsis`.
    pub(crate) fn new(options: &Options, what: &'static str, is: fn(&str) -> bool) -> Self {
        Self {
            what,
            is,
            max_percent: options.integer("max-percent") as usize,
            min_lines: options.integer("min-lines") as usize,
        }
    }
}

impl Check for LineShare {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let (mut lines, mut such) = (0, 0);
        for line in text.lines().iter().filter(|line| !line.is_blank()) {
            lines += 1;
            such += usize::from((self.is)(line.text(text.value)));
        }
        if lines >= self.min_lines && such * 100 > lines * self.max_percent {
            out.field(
                text.node,
                format!(
                    "{} % of the lines {}; at most {} % is usual.",
                    percent(such, lines),
                    self.what,
                    self.max_percent
                ),
            );
        }
    }
}

/// A line that repeats an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repeat {
    /// Its index.
    pub(crate) line: usize,
    /// Index of the first line like it.
    pub(crate) of: usize,
}

/// Characters from which a line is prose or a caption, and not a name, a mark or a separator.
const MIN_CHARS: usize = 20;

/// Bits of the filter that says that no two lines are equal.
const FILTER: usize = 4096;

/// Lines of at least 20 characters that repeat an earlier line, in order.
pub(crate) fn repeats(text: &Text<'_>) -> Vec<Repeat> {
    if !may_repeat(text) {
        return Vec::new();
    }
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut repeats = Vec::new();
    for (index, line) in text.lines().iter().enumerate() {
        let line = line.text(text.value);
        if is_judged(line) {
            let of = *seen.entry(line).or_insert(index);
            if of != index {
                repeats.push(Repeat { line: index, of });
            }
        }
    }
    repeats
}

fn is_judged(line: &str) -> bool {
    line.len() >= MIN_CHARS
        && line
            .chars()
            .filter(|&c| class::is_letter(c))
            .take(MIN_CHARS / 2)
            .count()
            == MIN_CHARS / 2
        && line.chars().nth(MIN_CHARS - 1).is_some()
}

/// Whether two lines agree in length, beginning and end, or at least in a short hash of these.
fn may_repeat(text: &Text<'_>) -> bool {
    let mut filter = [0_u64; FILTER / 64];
    for line in text.lines() {
        let bytes = line.text(text.value).as_bytes();
        if bytes.len() < MIN_CHARS {
            continue;
        }
        let bit = sketch(bytes) as usize % FILTER;
        if filter[bit / 64] >> (bit % 64) & 1 == 1 {
            return true;
        }
        filter[bit / 64] |= 1 << (bit % 64);
    }
    false
}

/// A hash of the length, the first and the last eight bytes of a line.
fn sketch(bytes: &[u8]) -> u64 {
    let word = |part: Option<&[u8; 8]>| part.map_or(0, |part| u64::from_le_bytes(*part));
    let mixed = word(bytes.first_chunk()).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ word(bytes.last_chunk())
            .wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
            .rotate_left(29)
        ^ bytes.len() as u64;
    mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40
}
