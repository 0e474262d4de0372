//! Q016 low-information.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::percent;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "Q016",
    name: "low-information",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "The text repeats itself so much that it holds little information.",
    why: "Looped text, filled templates and rows of one sign teach a model to repeat.",
    how: "Of the groups of four bytes in the first 4,096 bytes, the share that is seen for the first \
          time, by a bitmap of 2^14 bits.",
    false_positives: "Prose of every script tried has a larger share.",
    source: "Practice: ratio of compression; Data-Juicer",
    options: &[
        OptionDef {
            name: "min-bytes",
            kind: OptionKind::Integer(1000, 200, 1_000_000),
            doc: "Shortest text that is judged.",
        },
        OptionDef {
            name: "min-percent",
            kind: OptionKind::Integer(15, 1, 100),
            doc: "Least share of different groups of four bytes, in per cent.",
        },
    ],
    examples: &[
        Example::bad(LOOP, &["*"]).lang("en"),
        Example::good("Too short to be judged, too short to be judged, too short to be judged.").lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(LowInformation {
            min_bytes: options.integer("min-bytes") as usize,
            min_percent: options.integer("min-percent") as usize,
        }))
    },
};

struct LowInformation {
    min_bytes: usize,
    min_percent: usize,
}

/// Repeats a literal six times.
macro_rules! six {
    ($text:expr) => {
        concat!($text, $text, $text, $text, $text, $text)
    };
}
const LOOP: &str = six!(six!("no news today, come back tomorrow. "));

/// Bytes that are looked at.
const HEAD: usize = 4096;
/// Bits of the bitmap.
const BITS: usize = 1 << 14;

/// Groups of four bytes, and how many of them are new.
fn groups(bytes: &[u8]) -> (usize, usize) {
    let mut seen = [0_u64; BITS / 64];
    let (mut all, mut new) = (0, 0);
    for group in bytes.windows(4) {
        let value = group
            .iter()
            .fold(0_u32, |value, &byte| value << 8 | u32::from(byte));
        let bit = (value.wrapping_mul(0x9E37_79B9) >> 18) as usize % BITS;
        all += 1;
        new += usize::from(seen[bit / 64] >> (bit % 64) & 1 == 0);
        seen[bit / 64] |= 1 << (bit % 64);
    }
    (all, new)
}

impl Check for LowInformation {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let bytes = text.value.as_bytes();
        if bytes.len() < self.min_bytes {
            return;
        }
        let (all, new) = groups(&bytes[..bytes.len().min(HEAD)]);
        if new * 100 < all * self.min_percent {
            out.field(
                text.node,
                format!(
                    "Only {} % of the groups of four bytes are new; prose has at least {} %.",
                    percent(new, all),
                    self.min_percent
                ),
            );
        }
    }
}
