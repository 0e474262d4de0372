//! Code points that the release before had nowhere (C006).

use super::pending::Pending;
use super::traits::Traits;
use crate::dedup::SpillError;
use crate::record::Role;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Different code points that are counted; a new script has more.
const COUNTED: usize = 1 << 16;
/// Of them, those that are named.
const SHOWN: usize = 5;

/// What is new, with the records that have it and the first of them.
#[derive(Debug, Default)]
pub(super) struct Novel {
    counts: BTreeMap<char, (u64, u64)>,
}

impl Novel {
    pub(super) fn add(&mut self, doc: u64, traits: &Traits) {
        for c in &traits.novel {
            if let Some((count, _)) = self.counts.get_mut(c) {
                *count += 1;
            } else if self.counts.len() < COUNTED {
                self.counts.insert(*c, (1, doc));
            }
        }
    }

    /// One finding, at the first record that has any.
    pub(super) fn finish(self, pending: &mut Pending) -> Result<(), SpillError> {
        let Some(first) = self.counts.values().map(|(_, doc)| *doc).min() else {
            return Ok(());
        };
        let mut often: Vec<(char, u64)> = self.counts.iter().map(|(c, (count, _))| (*c, *count)).collect();
        often.sort_by_key(|(c, count)| (std::cmp::Reverse(*count), *c));
        let mut sample = String::new();
        for (c, count) in often.iter().take(SHOWN) {
            let comma = if sample.is_empty() { "" } else { ", " };
            let _ = write!(sample, "{comma}U+{:04X} in {count}", u32::from(*c));
        }
        let more = if often.len() > SHOWN { ", …" } else { "" };
        let points = if often.len() == 1 {
            "code point"
        } else {
            "code points"
        };
        let message = format!(
            "{} {points} never seen in the previous release ({sample}{more}).",
            often.len()
        );
        pending.say((first, "C006"), Some(Role::Text), "", message)
    }
}
