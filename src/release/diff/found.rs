//! Checks that fired, with their counts and samples.

use crate::release::manifest::{Level, Reason};
use crate::release::semver;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Found(BTreeMap<&'static str, (u64, Vec<String>)>);

impl Found {
    /// Samples kept for each check.
    const SAMPLES: usize = 10;

    pub(super) fn add(&mut self, code: &'static str, name: &str) {
        let (count, samples) = self.0.entry(code).or_default();
        *count += 1;
        if samples.len() < Self::SAMPLES {
            samples.push(name.to_owned());
        }
    }

    /// Counts without a name: what was taken down is never told.
    pub(super) fn add_nameless(&mut self, code: &'static str) {
        self.0.entry(code).or_default().0 += 1;
    }

    pub(super) fn has(&self, code: &str) -> bool {
        self.0.contains_key(code)
    }

    pub(super) fn count(&self, code: &str) -> u64 {
        self.0.get(code).map_or(0, |found| found.0)
    }

    pub(super) fn samples(&self, code: &str) -> &[String] {
        self.0.get(code).map_or(&[], |found| &found.1)
    }

    /// Whether rows or columns differ, and not only what is around them.
    pub(super) fn has_content(&self) -> bool {
        let codes = ["V101", "V102", "V103", "V104", "V105", "V106", "V113", "V115"];
        let more = ["V201", "V202", "V203", "V204", "V206", "V303"];
        codes.iter().chain(&more).any(|code| self.has(code))
    }

    pub(super) fn reasons(self, takedown: Option<Level>) -> Vec<Reason> {
        let reasons = self.0.into_iter().map(|(code, (count, sample_ids))| {
            let level = semver::find(code).map_or(Level::Major, |check| check.level);
            Reason {
                rule: code.to_owned(),
                level: takedown.filter(|_| code == "V113").unwrap_or(level),
                count,
                automatic: code == "V113",
                sample_ids,
            }
        });
        reasons.collect()
    }
}
