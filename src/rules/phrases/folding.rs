//! The fold of a line, by table: what [`phrase_fold`] makes of it, with the punctuation of its edges.

use crate::text::class::{Kind, class};
use crate::text::fold::phrase_fold;
use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, is_nfkc_quick};

/// Folds a line without losing the punctuation of its edges: a letter that composes with nothing
/// guards both.
pub(super) fn fold_guarded(line: &str, out: &mut String) {
    const GUARD: char = 'q';
    let mut guarded = String::with_capacity(line.len() + 2);
    guarded.push(GUARD);
    guarded.push_str(line);
    guarded.push(GUARD);
    out.clear();
    phrase_fold(&guarded, out);
    out.pop();
    if out.starts_with(GUARD) {
        out.remove(0);
    }
}

/// What the fold makes of one character of the first plane on its own, taken from [`phrase_fold`]
/// itself when the character is first met: texts hold a few hundred of them.
#[derive(Debug)]
pub(super) struct FoldTable {
    entries: Box<[AtomicU32]>,
}

/// Canonical combining class of the nukta.
const NUKTA_CLASS: u32 = 7;

/// The table, filled as characters are met.
pub(super) fn table() -> &'static FoldTable {
    static TABLE: LazyLock<FoldTable> = LazyLock::new(FoldTable::new);
    &TABLE
}

impl FoldTable {
    const DROP: u32 = 0;
    const SPACE: u32 = b' ' as u32;
    /// The character depends on its neighbours, or becomes several.
    const SLOW: u32 = 0xFFFF;
    /// Bits from here on hold the canonical combining class.
    const CLASS: u32 = 16;
    /// Marks an entry that is known.
    const KNOWN: u32 = 1 << 31;

    pub(super) fn new() -> Self {
        Self {
            entries: (0..0x1_0000).map(|_| AtomicU32::new(0)).collect(),
        }
    }

    fn entry(code: u32) -> u32 {
        let Some(c) = char::from_u32(code) else {
            return Self::SLOW;
        };
        if c.is_ascii() {
            return match c {
                _ if c.is_ascii_whitespace() => Self::SPACE,
                _ if c.is_ascii_control() => Self::SLOW,
                c => u32::from(c.to_ascii_lowercase()),
            };
        }
        if c.is_whitespace() {
            return Self::SPACE;
        }
        // Composes with nothing before it.
        let settled = |c: char| is_nfkc_quick(std::iter::once(c)) == IsNormalized::Yes;
        let folded = folded_guarded(c.encode_utf8(&mut [0; 4]));
        let mut chars = folded.chars();
        match (chars.next(), chars.next()) {
            (None, _) if settled(c) => Self::DROP,
            // What composes with a character before it is not settled, and takes the whole line along.
            (Some(one), None) if settled(one) && one != ' ' && one <= '\u{FFFF}' => {
                match (canonical_combining_class(c), canonical_combining_class(one)) {
                    (0, 0) => u32::from(one),
                    (own, _) if one == c => u32::from(one) | u32::from(own) << Self::CLASS,
                    _ => Self::SLOW,
                }
            }
            _ => Self::SLOW,
        }
    }

    const fn is_identity(code: u32) -> bool {
        matches!(code, 0x3041..=0x3096 | 0x30a1..=0x30fa | 0x4e00..=0x9fff | 0xac00..=0xd7a3)
    }

    #[inline]
    fn get(&self, code: u32) -> u32 {
        if Self::is_identity(code) {
            return code;
        }
        let Some(slot) = self.entries.get(code as usize) else {
            return Self::SLOW;
        };
        let known = slot.load(Ordering::Relaxed);
        if known != 0 {
            return known & !Self::KNOWN;
        }
        // Every thread that comes here computes the same.
        let entry = Self::entry(code);
        slot.store(Self::KNOWN | entry, Ordering::Relaxed);
        entry
    }

    /// Folds `line` into `out`. Nearly every line takes the table; the rest goes to the full fold.
    pub(super) fn fold(&self, line: &str, out: &mut String) {
        out.clear();
        out.reserve(line.len());
        // Class of the mark before: marks stay where they are as long as their classes do not fall.
        let mut mark = 0;
        let mut before = '\0';
        for c in line.chars() {
            let last = std::mem::replace(&mut before, c);
            match self.get(u32::from(c)) {
                Self::DROP => {}
                // The nukta composes with other letters only, or not for good.
                Self::SLOW if c == '\u{93c}' && matches!(last, 'क'..='ग' | 'ज' | 'ड' | 'ढ' | 'फ' | 'य') =>
                {
                    out.push(c);
                    mark = NUKTA_CLASS;
                }
                Self::SLOW => return fold_guarded(line, out),
                Self::SPACE => {
                    if !out.ends_with(' ') {
                        out.push(' ');
                    }
                    mark = 0;
                }
                entry => {
                    let class = entry >> Self::CLASS;
                    if class != 0 && class < mark {
                        return fold_guarded(line, out);
                    }
                    mark = class;
                    if let Some(c) = char::from_u32(entry & 0xFFFF) {
                        out.push(c);
                    }
                }
            }
        }
    }
}

pub(super) fn folded_guarded(text: &str) -> String {
    let mut out = String::new();
    fold_guarded(text, &mut out);
    out
}

/// The part of a folded line without its edges of punctuation, symbols and spaces.
pub(super) fn stripped(full: &str) -> Range<usize> {
    let end = full.trim_end_matches(is_edge).len();
    let start = end - full[..end].trim_start_matches(is_edge).len();
    start..end
}

fn is_edge(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_alphanumeric();
    }
    matches!(
        class(c).kind(),
        Kind::Punctuation | Kind::Symbol | Kind::Separator
    ) && !c.is_alphanumeric()
}
