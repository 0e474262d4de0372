//! Records that share an id (rule D001), and which of them `same-id` keeps.

use super::cluster::date_key;
use super::keys::{ContentKeys, Identity, first, sha256};
use super::spill::{Sorted, Spill, SpillError, SpillOptions, be_u64};
use super::{DECISION, Decision, Decisions, Kind, Relation, SAME};
use crate::config::SameId;

/// Documents named by one [`IdGroup`]; more are only counted.
pub const MAX_PLACES: usize = 16;

// Layout of a row: hash of the id 0..16, date in order of preference 16..24, published 24, raw
// text key 25..33, record hash 33..40, document 40..48.
const KEY: usize = 16;
const PUBLISHED: usize = 24;
const RAW: usize = 25;
const RECORD: usize = 33;
const DOC: usize = 40;

/// Bytes of a row.
pub const ROW: usize = 48;

/// A record as a row of the index.
pub type Row = [u8; ROW];

/// Collects ids: 48 bytes a record in memory up to the budget, then on disk. Never the ids.
#[derive(Debug)]
pub struct IdIndex {
    spill: Spill<ROW>,
    policy: SameId,
    options: SpillOptions,
}

/// The records of one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdGroup {
    /// The lowest document numbers, ascending; at most [`MAX_PLACES`].
    pub docs: Vec<u64>,
    /// How many records have the id.
    pub count: u64,
}

/// What the ids of a corpus came to.
#[derive(Debug)]
pub struct SameIds {
    sorted: Sorted<ROW>,
    policy: SameId,
    options: SpillOptions,
}

impl IdIndex {
    /// An empty index.
    #[must_use]
    pub fn new(policy: SameId, options: &SpillOptions) -> Self {
        Self {
            spill: Spill::new(options),
            policy,
            options: options.clone(),
        }
    }

    /// The row of a record. Pure: workers call it in parallel and hand the rows over in any order.
    /// `date`: microseconds since 1970, UTC. With `refuse` it decides nothing.
    #[must_use]
    pub fn row(
        policy: SameId,
        id: &str,
        doc: u64,
        published: bool,
        date: Option<i64>,
        keys: &ContentKeys,
        identity: Identity,
    ) -> Row {
        let mut row = [0; ROW];
        row[..KEY].copy_from_slice(&first::<KEY>(&sha256(id.as_bytes())));
        row[KEY..PUBLISHED].copy_from_slice(&date_key(date, policy == SameId::Latest));
        row[PUBLISHED] = u8::from(!published);
        row[RAW..RECORD].copy_from_slice(&first::<8>(&keys.raw));
        row[RECORD..DOC].copy_from_slice(&identity.record.to_be_bytes()[..DOC - RECORD]);
        row[DOC..].copy_from_slice(&doc.to_be_bytes());
        row
    }

    /// Adds rows.
    ///
    /// # Errors
    /// The scratch file cannot be made or written.
    pub fn extend(&mut self, rows: &[Row]) -> Result<(), SpillError> {
        self.spill.extend(rows)
    }

    /// Ends collecting.
    ///
    /// # Errors
    /// The scratch file cannot be written.
    pub fn finish(self) -> Result<SameIds, SpillError> {
        Ok(SameIds {
            sorted: self.spill.finish()?,
            policy: self.policy,
            options: self.options,
        })
    }
}

impl SameIds {
    /// Calls `emit` for every id that several records share, in the order of the ids' hashes: the
    /// caller sorts findings by place.
    ///
    /// # Errors
    /// Reading the scratch file, or what `emit` gives.
    pub fn groups<E: From<SpillError>>(
        &self,
        mut emit: impl FnMut(IdGroup) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut group = IdGroup {
            docs: Vec::new(),
            count: 0,
        };
        let mut key = [0; KEY];
        for row in self.sorted.read()? {
            let row = row?;
            if row[..KEY] != key || group.count == 0 {
                end_of_group(&mut group, &mut emit)?;
                key.copy_from_slice(&row[..KEY]);
            }
            group.count += 1;
            add_lowest(&mut group.docs, be_u64(&row, DOC));
        }
        end_of_group(&mut group, &mut emit)
    }

    /// Which records `same-id` removes, and which it keeps; none with `refuse`. A record that was
    /// published outranks any other only in a tie: a newer text is what `latest` is for.
    ///
    /// # Errors
    /// The scratch file cannot be written or read.
    pub fn decisions(&self) -> Result<Decisions, SpillError> {
        let mut out = Spill::new(&SpillOptions {
            memory: self.options.memory / 4,
            ..self.options.clone()
        });
        if self.policy != SameId::Refuse {
            self.decide(&mut out)?;
        }
        Ok(Decisions {
            sorted: out.finish()?,
        })
    }

    fn decide(&self, out: &mut Spill<DECISION>) -> Result<(), SpillError> {
        let mut kept: Option<(Row, u32)> = None;
        for row in self.sorted.read()? {
            let row = row?;
            match &mut kept {
                Some((first, size)) if first[..KEY] == row[..KEY] => {
                    *size = size.saturating_add(1);
                    let identical = first[RAW..RECORD] == row[RAW..RECORD];
                    out.push(
                        Decision {
                            doc: be_u64(&row, DOC),
                            kept: be_u64(first, DOC),
                            of: be_u64(first, DOC),
                            score: SAME,
                            relation: Relation::Exact,
                            kind: if identical { Kind::Copy } else { Kind::Superseded },
                            identical,
                            stays: false,
                            size: 0,
                        }
                        .to_row(),
                    )?;
                }
                _ => survivor(kept.replace((row, 1)), out)?,
            }
        }
        survivor(kept, out)
    }
}

fn survivor(kept: Option<(Row, u32)>, out: &mut Spill<DECISION>) -> Result<(), SpillError> {
    let Some((row, size)) = kept.filter(|(_, size)| *size > 1) else {
        return Ok(());
    };
    let doc = be_u64(&row, DOC);
    out.push(
        Decision {
            doc,
            kept: doc,
            of: doc,
            score: SAME,
            relation: Relation::Kept,
            kind: Kind::Copy,
            identical: true,
            stays: false,
            size,
        }
        .to_row(),
    )
}

fn end_of_group<E>(group: &mut IdGroup, emit: &mut impl FnMut(IdGroup) -> Result<(), E>) -> Result<(), E> {
    let done = std::mem::replace(
        group,
        IdGroup {
            docs: Vec::new(),
            count: 0,
        },
    );
    if done.count > 1 { emit(done) } else { Ok(()) }
}

/// Keeps the lowest numbers, ascending.
fn add_lowest(docs: &mut Vec<u64>, doc: u64) {
    let at = docs.partition_point(|&other| other < doc);
    if at < MAX_PLACES {
        docs.truncate(MAX_PLACES - 1);
        docs.insert(at, doc);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn same_ids(policy: SameId, records: &[(&str, &str, Option<i64>)], memory: usize) -> SameIds {
        let mut index = IdIndex::new(
            policy,
            &SpillOptions {
                memory,
                ..SpillOptions::default()
            },
        );
        for (doc, (id, text, date)) in records.iter().enumerate() {
            let keys = ContentKeys::of(text, &mut Vec::new());
            let identity = Identity::of(Some(id), text.as_bytes());
            let row = IdIndex::row(policy, id, doc as u64, false, *date, &keys, identity);
            index.extend(&[row]).unwrap();
        }
        index.finish().unwrap()
    }

    fn groups(ids: &SameIds) -> Vec<IdGroup> {
        let mut groups = Vec::new();
        ids.groups(|group| -> Result<(), SpillError> {
            groups.push(group);
            Ok(())
        })
        .unwrap();
        groups.sort_unstable_by_key(|group| group.docs[0]);
        groups
    }

    const RECORDS: [(&str, &str, Option<i64>); 5] = [
        ("a", "one", Some(10)),
        ("b", "two", None),
        ("a", "three", Some(30)),
        ("c", "four", None),
        ("a", "one", Some(20)),
    ];

    #[test]
    fn all_places_are_reported() {
        let ids = same_ids(SameId::Refuse, &RECORDS, 1 << 20);
        let found = groups(&ids);
        assert_eq!(
            found,
            [IdGroup {
                docs: vec![0, 2, 4],
                count: 3
            }]
        );
        assert!(ids.decisions().unwrap().is_empty());
    }

    #[test]
    fn the_policy_decides() {
        let fates = |policy| -> Vec<_> {
            let decisions = same_ids(policy, &RECORDS, 1 << 20).decisions().unwrap();
            let decisions = decisions.read().unwrap().map(Result::unwrap);
            decisions.map(|d| (d.doc, d.kept, d.kind, d.drops())).collect()
        };
        assert_eq!(
            fates(SameId::Latest),
            [
                (0, 2, Kind::Superseded, true),
                (2, 2, Kind::Copy, false),
                (4, 2, Kind::Superseded, true)
            ]
        );
        assert_eq!(
            fates(SameId::Earliest),
            [
                (0, 0, Kind::Copy, false),
                (2, 0, Kind::Superseded, true),
                (4, 0, Kind::Copy, true)
            ]
        );
    }

    #[test]
    fn many_places_are_counted_on_disk_too() {
        let records: Vec<_> = (0..5000).map(|_| ("same", "text", None)).collect();
        for memory in [0, 1 << 24] {
            let found = groups(&same_ids(SameId::Refuse, &records, memory));
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].count, 5000);
            assert_eq!(found[0].docs, (0..MAX_PLACES as u64).collect::<Vec<_>>());
        }
    }
}
