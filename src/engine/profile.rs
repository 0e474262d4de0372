//! What was collected, counted by source: languages, lengths, hours, findings. A release keeps it, so
//! that the next one can be compared with it (C001, C003, C004, C006).
//!
//! Counted are all records that can be read, before fixes and before the gate: what collecting brought.

pub mod shift;

use crate::engine::corpus::traits::TimeOfDay;
use crate::engine::corpus::traits::{Moment, moment};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Where a release keeps it.
pub const FILE: &str = "state/profile.json";
/// Version tag of the file.
const SCHEMA: &str = "corpus.profile/1";
/// Sources with counts of their own; the others share one.
const SOURCES: usize = 4_096;
/// Name of what is counted for the sources beyond.
const OTHERS: &str = "…";

/// Counts of one source. All bins are fixed, so that counts of two releases can be compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Records.
    pub records: u64,
    /// By declared language, `""` where there is none.
    #[serde(default)]
    pub languages: BTreeMap<String, u64>,
    /// By length of the text: bin `n` holds texts of at least 2^(n/2) bytes; 0 empty ones too.
    #[serde(default)]
    pub lengths: BTreeMap<u8, u64>,
    /// By hour of publication, UTC, where the time is known.
    #[serde(default)]
    pub hours: BTreeMap<u8, u64>,
    /// Records with a finding of a rule, by its code.
    #[serde(default)]
    pub findings: BTreeMap<String, u64>,
}

/// Counts of everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    schema: String,
    /// Records.
    pub records: u64,
    /// Codes of the rules that ran.
    pub rules: Vec<String>,
    /// By source.
    pub sources: BTreeMap<String, Source>,
    /// Ranges of the code points in the texts, where C006 runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_points: Option<Vec<(u32, u32)>>,
}

/// What is counted of one record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub(crate) source: &'a str,
    pub(crate) language: &'a str,
    /// Bytes of the text.
    pub(crate) bytes: u64,
    pub(crate) moment: Option<Moment>,
    /// Rules that found something, by their number in the running set, each once.
    pub(crate) rules: &'a [u16],
}

impl Profile {
    /// Nothing yet, for a run of these rules.
    #[must_use]
    pub fn new(rules: impl Iterator<Item = &'static str>) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            rules: rules.map(str::to_owned).collect(),
            ..Self::default()
        }
    }

    /// Counts a record.
    pub(crate) fn add(&mut self, record: &Counted<'_>) {
        self.records += 1;
        let name = if self.sources.contains_key(record.source) || self.sources.len() < SOURCES {
            record.source
        } else {
            OTHERS
        };
        if !self.sources.contains_key(name) {
            self.sources.insert(name.to_owned(), Source::default());
        }
        let Some(source) = self.sources.get_mut(name) else {
            return;
        };
        source.records += 1;
        count(&mut source.languages, record.language);
        *source.lengths.entry(length_bin(record.bytes)).or_insert(0) += 1;
        if let Some(at) = record.moment.filter(|at| at.time == TimeOfDay::Known) {
            let hour = at.micros.div_euclid(3_600_000_000).rem_euclid(24);
            *source.hours.entry(hour as u8).or_insert(0) += 1;
        }
        for rule in record.rules {
            count(&mut source.findings, &self.rules[usize::from(*rule)]);
        }
    }

    /// Adds what another part of the same run counted.
    pub(crate) fn merge(&mut self, other: Self) {
        self.records += other.records;
        for (name, part) in other.sources {
            let fits = self.sources.contains_key(&name) || self.sources.len() < SOURCES;
            let name = if fits { name } else { OTHERS.to_owned() };
            let source = self.sources.entry(name).or_default();
            source.records += part.records;
            merge(&mut source.languages, part.languages);
            merge(&mut source.lengths, part.lengths);
            merge(&mut source.hours, part.hours);
            merge(&mut source.findings, part.findings);
        }
    }

    /// The file of a release: the same bytes for the same counts.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// The profile that a release keeps; `None` for one that was made without.
    ///
    /// # Errors
    /// A file that cannot be read or is none of these.
    pub fn of_release(directory: &Path) -> std::io::Result<Option<Self>> {
        let path = directory.join(FILE);
        let bytes = match fs_err::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let profile: Self = serde_json::from_slice(&bytes)
            .map_err(|error| std::io::Error::other(format!("{} is no profile: {error}", path.display())))?;
        Ok((profile.schema == SCHEMA).then_some(profile))
    }
}

fn count(counts: &mut BTreeMap<String, u64>, key: &str) {
    if let Some(count) = counts.get_mut(key) {
        *count += 1;
    } else {
        counts.insert(key.to_owned(), 1);
    }
}

fn merge<K: Ord>(into: &mut BTreeMap<K, u64>, from: BTreeMap<K, u64>) {
    for (key, count) in from {
        *into.entry(key).or_insert(0) += count;
    }
}

/// Half octaves: every second bin is twice as long.
fn length_bin(bytes: u64) -> u8 {
    let Some(octave) = bytes.checked_ilog2() else {
        return 0;
    };
    // The square root of two, as a fraction.
    let half = u128::from(bytes) * 408 >= (1_u128 << octave) * 577;
    (2 * octave) as u8 + u8::from(half)
}

/// The moment of a date, for [`Counted`].
pub(crate) fn moment_of(date: Option<&str>) -> Option<Moment> {
    date.and_then(moment)
}

/// A set of code points.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodePoints {
    bits: Vec<u64>,
}

impl CodePoints {
    /// The code points of these ranges.
    #[must_use]
    pub fn of_ranges(ranges: &[(u32, u32)]) -> Self {
        let mut set = Self::default();
        for (low, high) in ranges {
            (*low..=(*high).min(0x10_FFFF)).for_each(|code| {
                set.insert(code);
            });
        }
        set
    }

    /// Adds a code point; whether it is new.
    pub(crate) fn insert(&mut self, code: u32) -> bool {
        if self.bits.is_empty() {
            self.bits = vec![0; 0x11_0000 / 64];
        }
        let (cell, bit) = (&mut self.bits[code as usize / 64], 1 << (code % 64));
        let new = *cell & bit == 0;
        *cell |= bit;
        new
    }

    pub(crate) fn contains(&self, code: u32) -> bool {
        let cell = self.bits.get(code as usize / 64);
        cell.is_some_and(|cell| cell >> (code % 64) & 1 == 1)
    }

    /// The set as ranges, ascending.
    #[must_use]
    pub fn ranges(&self) -> Vec<(u32, u32)> {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for code in (0..self.bits.len() as u32 * 64).filter(|code| self.contains(*code)) {
            match ranges.last_mut().filter(|range| range.1 + 1 == code) {
                Some(range) => range.1 = code,
                None => ranges.push((code, code)),
            }
        }
        ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_fixed_bins() {
        let bins: Vec<u8> = [0, 1, 2, 3, 4, 5, 6, 1023, 1024, 1449, 1448, u64::MAX]
            .map(length_bin)
            .to_vec();
        assert_eq!(bins, [0, 0, 2, 3, 4, 4, 5, 19, 20, 21, 20, 127]);
    }

    #[test]
    fn parts_make_the_whole() {
        let record = |source, n: u64| Counted {
            source,
            language: "ar",
            bytes: n * 100,
            moment: moment_of(Some("2024-05-01T07:30:00Z")),
            rules: &[1],
        };
        let new = || Profile::new(["A001", "B001"].into_iter());
        let (mut whole, mut one, mut two) = (new(), new(), new());
        for n in 0..40 {
            let record = record(if n % 3 == 0 { "a" } else { "b" }, n);
            whole.add(&record);
            if n % 2 == 0 {
                one.add(&record);
            } else {
                two.add(&record);
            }
        }
        one.merge(two);
        assert_eq!(one, whole);
        assert_eq!(whole.sources["a"].hours, BTreeMap::from([(7, 14)]));
        assert_eq!(whole.sources["b"].findings["B001"], 26);
        let back: Profile = serde_json::from_slice(&whole.to_bytes()).unwrap_or_default();
        assert_eq!(back, whole);
    }

    #[test]
    fn code_points_are_ranges() {
        let mut set = CodePoints::default();
        for c in "abcxيى".chars() {
            set.insert(u32::from(c));
        }
        assert!(!set.insert(u32::from('b')));
        let ranges = set.ranges();
        assert_eq!(ranges, [(97, 99), (120, 120), (0x649, 0x64A)]);
        assert_eq!(CodePoints::of_ranges(&ranges), set);
        assert!(!CodePoints::default().contains(97));
    }
}
