//! Which split a row belongs to: a pure function of its cluster's root, so that near-copies stay
//! together and nothing depends on order.

use super::manifest::is_ident;
use super::{Error, Result};
use crate::config::{SplitBy, SplitsConfig};

/// Buckets that splits are cut from.
pub const BUCKETS: u32 = 10_000;

/// The one split of a dataset without `[splits]`.
pub const ONLY: &str = "train";

/// Splits that close after their first release unless the configuration says otherwise.
pub const FROZEN: [&str; 2] = ["test", "validation"];

fn remainder(digest: &[u8; 32], modulus: u32) -> u32 {
    digest.iter().fold(0, |r, b| (r * 256 + u32::from(*b)) % modulus)
}

/// SHA-256 of the cluster root's id, read as one big-endian number, modulo [`BUCKETS`].
#[must_use]
pub fn bucket(root: &str) -> u32 {
    remainder(&super::sha256(root.as_bytes()), BUCKETS)
}

/// The splits of a release and the buckets they own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitRule {
    /// Name, first bucket, one past the last bucket; in order of name, covering all buckets.
    cuts: Vec<(String, u32, u32)>,
    frozen: Vec<String>,
    /// Frozen splits that the previous release had: they take no new row.
    closed: Vec<String>,
    by: SplitBy,
}

impl SplitRule {
    /// The rule of a configuration on top of the splits that the previous release published.
    ///
    /// # Errors
    /// Shares that do not sum to 1, a name that readers reject, `by = "time"`, every split closed.
    pub fn new<'p>(
        config: Option<&SplitsConfig>,
        published: impl IntoIterator<Item = &'p str>,
    ) -> Result<Self> {
        let default = SplitsConfig::default();
        let config = config.unwrap_or(&default);
        if config.by == SplitBy::Time {
            return Err(Error::Invalid(
                "splits.by = \"time\" is not supported by this version; use \"cluster\"".to_owned(),
            ));
        }
        let cuts = cuts(config)?;
        let declared = |name: &str| cuts.iter().any(|(n, ..)| n == name);
        let mut frozen: Vec<String> = match &config.frozen {
            Some(names) => {
                if let Some(name) = names.iter().find(|name| !declared(name)) {
                    return Err(Error::Invalid(format!(
                        "splits.frozen names `{name}`, which is no split"
                    )));
                }
                names.clone()
            }
            None => FROZEN
                .iter()
                .filter(|n| declared(n))
                .map(|n| (*n).to_owned())
                .collect(),
        };
        frozen.sort();
        frozen.dedup();
        let published: Vec<&str> = published.into_iter().collect();
        let closed: Vec<String> = frozen
            .iter()
            .filter(|name| published.contains(&name.as_str()))
            .cloned()
            .collect();
        if cuts
            .iter()
            .all(|(name, from, to)| from == to || closed.contains(name))
        {
            return Err(Error::Invalid(
                "every split is frozen: new rows have no place".to_owned(),
            ));
        }
        Ok(Self {
            cuts,
            frozen,
            closed,
            by: config.by,
        })
    }

    /// Whether a split of the previous release takes new rows.
    #[must_use]
    pub fn is_open(&self, split: &str) -> bool {
        !self.closed.iter().any(|closed| closed == split) && self.cuts.iter().any(|(name, ..)| name == split)
    }

    /// The split of a new row. Rows of the previous release keep theirs: ask its state first.
    #[must_use]
    pub fn split_of(&self, root: &str) -> &str {
        if let ([(only, ..)], []) = (self.cuts.as_slice(), self.closed.as_slice()) {
            return only;
        }
        let digest = super::sha256(root.as_bytes());
        let place = remainder(&digest, BUCKETS);
        let owner = self
            .cuts
            .iter()
            .find(|(_, from, to)| (*from..*to).contains(&place));
        if let Some((name, ..)) = owner
            && !self.closed.contains(name)
        {
            return name;
        }
        // Its split is closed: deal it to the open ones in their proportion, by a second hash.
        let open: Vec<&(String, u32, u32)> = self
            .cuts
            .iter()
            .filter(|(n, ..)| !self.closed.contains(n))
            .collect();
        let width: u32 = open.iter().map(|(_, from, to)| to - from).sum();
        let mut place = remainder(&super::sha256(&digest), width.max(1));
        for (name, from, to) in &open {
            if place < to - from {
                return name;
            }
            place -= to - from;
        }
        ONLY
    }

    /// Declared splits, in order of name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.cuts.iter().map(|(name, ..)| name.as_str())
    }

    /// Whether a split takes no new rows.
    #[must_use]
    pub fn is_closed(&self, name: &str) -> bool {
        self.closed.iter().any(|n| n == name)
    }

    /// Splits that close after their first release.
    #[must_use]
    pub fn frozen(&self) -> &[String] {
        &self.frozen
    }

    /// How rows are dealt.
    #[must_use]
    pub const fn by(&self) -> SplitBy {
        self.by
    }

    /// The rule of one split in words, for `split_rule` in the manifest.
    #[must_use]
    pub fn describe(&self, name: &str) -> String {
        let Some((_, from, to)) = self.cuts.iter().find(|(n, ..)| n == name) else {
            return "rows of an earlier release".to_owned();
        };
        let closed = if self.is_closed(name) { ", closed" } else { "" };
        if self.cuts.len() == 1 {
            return "all rows".to_owned();
        }
        format!("sha256(id of the cluster's root) mod {BUCKETS} in [{from},{to}){closed}")
    }
}

fn cuts(config: &SplitsConfig) -> Result<Vec<(String, u32, u32)>> {
    if config.shares.is_empty() {
        return Ok(vec![(ONLY.to_owned(), 0, BUCKETS)]);
    }
    let total: f64 = config.shares.values().sum();
    if (total - 1.0).abs() > 1e-6 || config.shares.values().any(|s| !(0.0..=1.0).contains(s)) {
        return Err(Error::Invalid(format!(
            "the shares of [splits] sum to {total}, not to 1"
        )));
    }
    let mut cuts = Vec::new();
    let (mut sum, mut from) = (0.0, 0);
    for (name, share) in &config.shares {
        if !is_ident(name) {
            return Err(Error::Invalid(format!(
                "`{}` cannot name a split: letters, digits and `_` only, and not `all`",
                name.escape_debug()
            )));
        }
        sum += share;
        let to = (sum * f64::from(BUCKETS)).round() as u32;
        let to = to.clamp(from, BUCKETS);
        cuts.push((name.clone(), from, to));
        from = to;
    }
    if let Some(last) = cuts.last_mut() {
        last.2 = BUCKETS;
    }
    Ok(cuts)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn config(shares: &[(&str, f64)]) -> SplitsConfig {
        SplitsConfig {
            shares: shares.iter().map(|(n, s)| ((*n).to_owned(), *s)).collect(),
            ..SplitsConfig::default()
        }
    }

    #[test]
    fn golden_buckets() {
        // python: int(hashlib.sha256(id.encode()).hexdigest(), 16) % 10000
        assert_eq!(bucket("a-1"), PYTHON_A1);
        assert_eq!(bucket("مقال-٧"), PYTHON_AR);
    }
    const PYTHON_A1: u32 = 3641;
    const PYTHON_AR: u32 = 7996;

    #[test]
    fn shares_are_kept_and_closed_splits_take_nothing() {
        let config = config(&[("train", 0.8), ("validation", 0.1), ("test", 0.1)]);
        let first = SplitRule::new(Some(&config), []).unwrap();
        assert_eq!(
            first.describe("test"),
            "sha256(id of the cluster's root) mod 10000 in [0,1000)"
        );
        let later = SplitRule::new(Some(&config), ["train", "test"]).unwrap();
        let mut counts = std::collections::BTreeMap::new();
        for i in 0..20_000 {
            let id = format!("row-{i}");
            *counts.entry(first.split_of(&id).to_owned()).or_insert(0) += 1;
            assert_ne!(later.split_of(&id), "test");
            if first.split_of(&id) != "test" {
                assert_eq!(first.split_of(&id), later.split_of(&id));
            }
        }
        assert!((15_700..16_300).contains(&counts["train"]), "{counts:?}");
        assert!((1_850..2_150).contains(&counts["test"]), "{counts:?}");
        assert!(later.is_closed("test") && !later.is_closed("validation"));
    }

    #[test]
    fn refusals() {
        for bad in [
            config(&[("train", 0.5)]),
            config(&[("all", 1.0)]),
            config(&[("dev-set", 1.0)]),
            config(&[("train", 1.5), ("test", -0.5)]),
        ] {
            assert!(SplitRule::new(Some(&bad), []).is_err());
        }
        let mut frozen = config(&[("train", 1.0)]);
        frozen.frozen = Some(vec!["train".to_owned()]);
        assert!(SplitRule::new(Some(&frozen), []).is_ok());
        assert!(SplitRule::new(Some(&frozen), ["train"]).is_err());
        frozen.frozen = Some(vec!["dev".to_owned()]);
        assert!(SplitRule::new(Some(&frozen), []).is_err());
    }
}
