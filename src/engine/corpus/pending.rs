//! Findings about records, until they can be shown in order: rows of fixed width, on disk when they
//! are many.

use crate::dedup::spill::{Sorted, Spill, be_u64};
use crate::dedup::{SpillError, SpillOptions};
use crate::record::{Role, Span};

/// Rules whose findings wait here, in code order, which is that of findings on one field.
const CODES: [&str; 12] = [
    "C001", "C002", "C005", "C006", "D001", "D002", "D003", "D004", "D005", "D006", "L004", "M011",
];

// Layout of a row: document 0..8, start of the span 8..12 (0: none, else one more), place of the field
// 12, rule 13, role 14, kind 15, end of the span 16..20, four numbers 24..56.
const ROW: usize = 56;
const NO_ROLE: u8 = u8::MAX;

/// What a finding says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Say {
    /// So many records share something; the first of them.
    Shared { count: u64, docs: [u64; 3] },
    /// The text of another record, the same in every byte or not.
    Copy { of: u64, identical: bool },
    /// Similar to another record, in ten-thousandths.
    Like { of: u64, score: u64 },
    /// A message of [`Pending::texts`].
    Text(u64),
    /// A message of [`Pending::texts`] about a span, in code points.
    Part { text: u64, chars: Span },
}

/// One finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) doc: u64,
    pub(super) code: &'static str,
    pub(super) role: Option<Role>,
    pub(super) span: Option<Span>,
    pub(super) say: Say,
}

/// A message that does not hang on the record alone, with the source that it is about.
#[derive(Debug, Clone)]
pub(super) struct Words {
    pub(super) message: String,
    pub(super) source: Box<str>,
}

/// Collects findings in any order.
#[derive(Debug)]
pub(super) struct Pending {
    spill: Spill<ROW>,
    pub(super) texts: Vec<Words>,
    /// Where each role's field comes among the names of fields.
    ranks: [u8; 9],
}

const ROLES: [Role; 9] = [
    Role::Id,
    Role::Text,
    Role::Title,
    Role::Url,
    Role::Language,
    Role::Source,
    Role::Published,
    Role::Collected,
    Role::Author,
];

impl Pending {
    pub(super) fn new(options: &SpillOptions, name: impl Fn(Role) -> String) -> Self {
        let names: Vec<String> = ROLES.iter().map(|role| name(*role)).collect();
        let rank = |name: &String| 1 + names.iter().filter(|other| *other < name).count() as u8;
        let mut ranks = [0; 9];
        for (role, name) in ROLES.iter().zip(&names) {
            ranks[*role as usize] = rank(name);
        }
        Self {
            spill: Spill::new(options),
            texts: Vec::new(),
            ranks,
        }
    }

    pub(super) fn push(&mut self, point: &Point) -> Result<(), SpillError> {
        let mut row = [0; ROW];
        row[..8].copy_from_slice(&point.doc.to_be_bytes());
        if let Some(span) = point.span {
            row[8..12].copy_from_slice(&(span.start as u32 + 1).to_be_bytes());
            row[16..20].copy_from_slice(&(span.end as u32).to_be_bytes());
        }
        row[12] = point.role.map_or(0, |role| self.ranks[role as usize]);
        row[13] = CODES.iter().position(|code| *code == point.code).unwrap_or(0) as u8;
        row[14] = point.role.map_or(NO_ROLE, |role| role as u8);
        let (kind, numbers) = match point.say {
            Say::Shared { count, docs } => (0, [count, docs[0], docs[1], docs[2]]),
            Say::Copy { of, identical } => (1, [of, u64::from(identical), 0, 0]),
            Say::Like { of, score } => (2, [of, score, 0, 0]),
            Say::Text(text) => (3, [text, 0, 0, 0]),
            Say::Part { text, chars } => (4, [text, chars.start as u64, chars.end as u64, 0]),
        };
        row[15] = kind;
        for (at, number) in (24..).step_by(8).zip(numbers) {
            row[at..at + 8].copy_from_slice(&number.to_be_bytes());
        }
        self.spill.push(row)
    }

    /// A finding with a message of its own.
    pub(super) fn say(
        &mut self,
        (doc, code): (u64, &'static str),
        role: Option<Role>,
        source: &str,
        message: String,
    ) -> Result<(), SpillError> {
        let say = Say::Text(self.text(source, message));
        self.push(&Point {
            doc,
            code,
            role,
            span: None,
            say,
        })
    }

    /// Keeps a message; gives its number.
    pub(super) fn text(&mut self, source: &str, message: String) -> u64 {
        self.texts.push(Words {
            message,
            source: source.into(),
        });
        self.texts.len() as u64 - 1
    }

    pub(super) fn finish(self) -> Result<(Sorted<ROW>, Vec<Words>), SpillError> {
        Ok((self.spill.finish()?, self.texts))
    }
}

/// A finding, read back.
pub(super) fn point(row: &[u8; ROW]) -> Point {
    let short = |at: usize| u32::from_be_bytes(std::array::from_fn(|n| row[at + n])) as usize;
    let number = |at: usize| be_u64(row, 24 + 8 * at);
    Point {
        doc: be_u64(row, 0),
        code: CODES[usize::from(row[13]).min(CODES.len() - 1)],
        role: ROLES.into_iter().find(|role| *role as u8 == row[14]),
        span: short(8)
            .checked_sub(1)
            .map(|start| Span::new(start, short(16).max(start))),
        say: match row[15] {
            0 => Say::Shared {
                count: number(0),
                docs: [number(1), number(2), number(3)],
            },
            1 => Say::Copy {
                of: number(0),
                identical: number(1) == 1,
            },
            2 => Say::Like {
                of: number(0),
                score: number(1),
            },
            3 => Say::Text(number(0)),
            _ => Say::Part {
                text: number(0),
                chars: Span::new(number(1) as usize, number(2) as usize),
            },
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn findings_come_back_in_order_and_whole() {
        let options = SpillOptions::default();
        let mut pending = Pending::new(&options, |role| format!("{role:?}").to_lowercase());
        let text = pending.text("paper", "It is so.".to_owned());
        let points = vec![
            Point {
                doc: 1,
                code: "C005",
                role: None,
                span: None,
                say: Say::Text(text),
            },
            Point {
                doc: 1,
                code: "D001",
                role: Some(Role::Id),
                span: None,
                say: Say::Shared {
                    count: 7,
                    docs: [0, 1, 300],
                },
            },
            Point {
                doc: 1,
                code: "D003",
                role: Some(Role::Text),
                span: None,
                say: Say::Like { of: 0, score: 8_123 },
            },
            Point {
                doc: 1,
                code: "M011",
                role: Some(Role::Title),
                span: Some(Span::new(0, 9)),
                say: Say::Part {
                    text,
                    chars: Span::new(0, 5),
                },
            },
            Point {
                doc: 256,
                code: "D002",
                role: Some(Role::Text),
                span: None,
                say: Say::Copy {
                    of: 1,
                    identical: true,
                },
            },
        ];
        for point in points.iter().rev() {
            pending.push(point).unwrap();
        }
        let (sorted, texts) = pending.finish().unwrap();
        let back: Vec<Point> = sorted.read().unwrap().map(|row| point(&row.unwrap())).collect();
        assert_eq!(back, points);
        assert_eq!(&*texts[0].source, "paper");
    }
}
