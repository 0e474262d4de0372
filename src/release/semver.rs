//! Dataset semver, computed: what changed since the release before, and how large a step it asks for.
//!
//! Rows are compared by (id, config, split, row hash) in a streaming merge over `state/`; shards
//! whose rows are the same on both sides are skipped unread.

use super::manifest::{Column, Config, Level, Manifest, Reason, Semver, Shard};
use super::plan::Plan;
use super::state::{Merge, Merged};
use super::{Error, Result};
use crate::config::Versioning;
use ::semver::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// One check: what it means and how large a step it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Code.
    pub code: &'static str,
    /// Step.
    pub level: Level,
    /// What happened, for people.
    pub what: &'static str,
}

/// The checks, in order of code.
pub const CHECKS: &[Check] = &[
    check("V101", Level::Major, "records removed"),
    check("V102", Level::Major, "record content changed"),
    check("V103", Level::Major, "records moved between splits or configs"),
    check("V104", Level::Major, "columns removed or renamed"),
    check("V105", Level::Major, "column types changed"),
    check("V106", Level::Major, "columns became nullable"),
    check("V107", Level::Major, "primary key changed"),
    check("V108", Level::Major, "splits or configs removed"),
    check("V110", Level::Major, "licence changed"),
    check("V111", Level::Major, "default config changed"),
    check("V115", Level::Major, "new records in a frozen split"),
    check("V201", Level::Minor, "records added"),
    check("V202", Level::Minor, "columns added"),
    check("V203", Level::Minor, "splits or configs added"),
    check("V207", Level::Minor, "languages added"),
    check("V301", Level::Patch, "same records, other bytes"),
    check("V302", Level::Patch, "documents changed"),
    check("V303", Level::Patch, "column order changed"),
];

const fn check(code: &'static str, level: Level, what: &'static str) -> Check {
    Check { code, level, what }
}

/// The check with this code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.code == code)
}

/// The new release's side of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Where its `state/` stands.
    pub directory: &'a Path,
    /// Its data.
    pub configs: &'a [Config],
    /// Its columns.
    pub columns: &'a [Column],
    /// Its primary key.
    pub primary_key: &'a [String],
    /// SHA-256 of its JSON Schema.
    pub json_schema_sha256: &'a str,
    /// Its licence.
    pub license: Option<&'a str>,
    /// Its languages.
    pub languages: &'a [String],
}

impl<'a> Side<'a> {
    /// The side of a release on disk.
    #[must_use]
    pub fn of(directory: &'a Path, manifest: &'a Manifest) -> Self {
        Self {
            directory,
            configs: &manifest.configs,
            columns: &manifest.schema.fields,
            primary_key: &manifest.schema.primary_key,
            json_schema_sha256: &manifest.schema.json_schema_sha256,
            license: manifest.license.as_deref(),
            languages: &manifest.languages,
        }
    }

    fn splits(self) -> impl Iterator<Item = (&'a str, &'a super::manifest::Split)> {
        self.configs
            .iter()
            .flat_map(|c| c.splits.iter().map(move |s| (c.name.as_str(), s)))
    }

    fn shards(self) -> impl Iterator<Item = (&'a str, &'a str, &'a Shard)> {
        self.splits()
            .flat_map(|(config, split)| split.shards.iter().map(move |s| (config, split.name.as_str(), s)))
    }

    fn split_names(self) -> BTreeSet<String> {
        self.splits()
            .map(|(config, split)| format!("{config}/{}", split.name))
            .collect()
    }

    fn default_config(self) -> Option<&'a str> {
        self.configs.iter().find(|c| c.default).map(|c| c.name.as_str())
    }
}

#[derive(Debug, Default)]
struct Found(BTreeMap<&'static str, (u64, Vec<String>)>);

impl Found {
    /// Samples kept for each check.
    const SAMPLES: usize = 10;

    fn add(&mut self, code: &'static str, name: &str) {
        let (count, samples) = self.0.entry(code).or_default();
        *count += 1;
        if samples.len() < Self::SAMPLES {
            samples.push(name.to_owned());
        }
    }

    fn reasons(self) -> Vec<Reason> {
        self.0
            .into_iter()
            .map(|(code, (count, sample_ids))| Reason {
                rule: code.to_owned(),
                level: find(code).map_or(Level::Major, |c| c.level),
                count,
                sample_ids,
            })
            .collect()
    }
}

/// What changed from `old` to `new`. `frozen`: splits of `old` that must not grow.
///
/// # Errors
/// I/O, or a damaged state file.
pub fn compare(old: Side<'_>, new: Side<'_>, frozen: &[String]) -> Result<Vec<Reason>> {
    let mut found = Found::default();
    compare_rows(old, new, frozen, &mut found)?;
    compare_columns(old.columns, new.columns, &mut found);
    if old.primary_key != new.primary_key {
        found.add("V107", &new.primary_key.join(", "));
    }
    let (before, after) = (old.split_names(), new.split_names());
    for name in before.difference(&after) {
        found.add("V108", name);
    }
    for name in after.difference(&before) {
        found.add("V203", name);
    }
    if old.license != new.license {
        found.add("V110", new.license.unwrap_or("none"));
    }
    if old.default_config() != new.default_config() {
        found.add("V111", new.default_config().unwrap_or("none"));
    }
    for language in new.languages.iter().filter(|l| !old.languages.contains(l)) {
        found.add("V207", language);
    }
    if old.json_schema_sha256 != new.json_schema_sha256 {
        found.add("V302", "the JSON Schema");
    }
    if found.0.is_empty() {
        let bytes =
            |side: Side<'_>| -> Vec<String> { side.shards().map(|(.., s)| s.sha256.clone()).collect() };
        if bytes(old) != bytes(new) {
            found.add("V301", "shards");
        }
    }
    Ok(found.reasons())
}

fn compare_columns(old: &[Column], new: &[Column], found: &mut Found) {
    for column in old {
        match new.iter().find(|c| c.name == column.name) {
            None => found.add("V104", &column.name),
            Some(now) if now.kind != column.kind => found.add("V105", &column.name),
            Some(now) if now.nullable && !column.nullable => found.add("V106", &column.name),
            Some(_) => {}
        }
    }
    for column in new.iter().filter(|c| !old.iter().any(|o| o.name == c.name)) {
        found.add("V202", &column.name);
    }
    let common = |one: &[Column], other: &[Column]| -> Vec<String> {
        one.iter()
            .filter(|c| other.iter().any(|o| o.name == c.name))
            .map(|c| c.name.clone())
            .collect()
    };
    let order = common(new, old);
    if common(old, new) != order {
        found.add("V303", &order.join(", "));
    }
}

fn compare_rows(old: Side<'_>, new: Side<'_>, frozen: &[String], found: &mut Found) -> Result<()> {
    type Key<'a> = (&'a str, &'a str, &'a str);
    let keys = |side: Side<'_>| -> BTreeSet<(String, String, String)> {
        side.shards()
            .map(|(config, split, s)| (config.to_owned(), split.to_owned(), s.rows_hash.clone()))
            .collect()
    };
    let (old_keys, new_keys) = (keys(old), keys(new));
    let files = |side: Side<'_>, other: &BTreeSet<(String, String, String)>| -> Vec<PathBuf> {
        side.shards()
            .filter(|(config, split, s)| {
                let key: Key<'_> = (config, split, &s.rows_hash);
                !other
                    .iter()
                    .any(|k| (k.0.as_str(), k.1.as_str(), k.2.as_str()) == key)
            })
            .map(|(.., s)| side.directory.join(&s.state))
            .collect()
    };
    let mut before = Merge::open(files(old, &new_keys))?;
    let mut after = Merge::open(files(new, &old_keys))?;
    let existed: BTreeSet<String> = old.split_names();
    let (mut a, mut b) = (before.next_row()?, after.next_row()?);
    loop {
        let order = match (&a, &b) {
            (None, None) => return Ok(()),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(a), Some(b)) => a.id.cmp(&b.id),
        };
        if let (Some(old), Some(new), std::cmp::Ordering::Equal) = (&a, &b, order) {
            both(old, new, found);
        }
        if order.is_le() {
            if let (Some(row), true) = (&a, order.is_lt()) {
                found.add("V101", &row.id);
            }
            a = before.next_row()?;
        }
        if order.is_ge() {
            if let (Some(row), true) = (&b, order.is_gt()) {
                let closed =
                    frozen.contains(&row.split) && existed.contains(&format!("{}/{}", row.config, row.split));
                found.add(if closed { "V115" } else { "V201" }, &row.id);
            }
            b = after.next_row()?;
        }
    }
}

fn both(old: &Merged, new: &Merged, found: &mut Found) {
    if (&old.config, &old.split) != (&new.config, &new.split) {
        found.add("V103", &new.id);
    }
    if old.row_hash != new.row_hash {
        found.add("V102", &new.id);
    }
}

/// The step from one version to a greater one.
#[must_use]
pub fn declared(old: &Version, new: &Version) -> Level {
    let core = |v: &Version| (v.major, v.minor, v.patch);
    if core(old) == core(new) {
        // From a pre-release to the next or to the release itself: as large as the numbers look.
        return match core(new) {
            (_, 0, 0) => Level::Major,
            (_, _, 0) => Level::Minor,
            _ => Level::Patch,
        };
    }
    if new.major > old.major {
        Level::Major
    } else if new.minor > old.minor {
        Level::Minor
    } else {
        Level::Patch
    }
}

/// The largest step that the reasons ask for.
#[must_use]
pub fn required(reasons: &[Reason]) -> Level {
    reasons.iter().map(|r| r.level).max().unwrap_or(Level::None)
}

/// The smallest version after `old` that may carry a change of this size.
#[must_use]
pub fn bump(old: &Version, level: Level) -> Version {
    let mut next = Version::new(old.major, old.minor, old.patch);
    match level {
        Level::Major if old.major > 0 => next = Version::new(old.major + 1, 0, 0),
        Level::Major | Level::Minor => next = Version::new(old.major, old.minor + 1, 0),
        Level::Patch if old.pre.is_empty() => next.patch += 1,
        _ => {}
    }
    next
}

/// The verdict on a plan.
///
/// # Errors
/// I/O; a refusal when nothing changed or the step is too small and no reason overrides it.
pub fn verdict(
    plan: &Plan,
    new: Side<'_>,
    frozen: &[String],
    override_reason: Option<&str>,
) -> Result<Semver> {
    let Some(previous) = &plan.previous else {
        return Ok(Semver {
            required: Level::Initial,
            declared: Level::Initial,
            overridden: None,
            reasons: Vec::new(),
        });
    };
    let old = Side::of(&previous.directory, &previous.manifest);
    let reasons = compare(old, new, frozen)?;
    let (required, declared) = (required(&reasons), declared(&previous.version, &plan.version));
    let promotion = !previous.version.pre.is_empty()
        && plan.version.pre.is_empty()
        && (
            previous.version.major,
            previous.version.minor,
            previous.version.patch,
        ) == (plan.version.major, plan.version.minor, plan.version.patch);
    if required == Level::None && !promotion && override_reason.is_none() {
        return Err(Error::Refused(format!(
            "nothing changed since {}: version {} would be the same data",
            previous.version, plan.version
        )));
    }
    let enforced = match required {
        Level::Major if plan.version.major == 0 => Level::Minor,
        other => other,
    };
    let enough = enforced <= declared || plan.versioning == Versioning::Calver;
    if !enough && override_reason.is_none() {
        return Err(Error::Semver(Box::new(TooSmall {
            from: previous.version.clone(),
            to: plan.version.clone(),
            required,
            declared,
            reasons,
        })));
    }
    Ok(Semver {
        required,
        declared,
        // A reason that was not needed would say something untrue in the changelog.
        overridden: override_reason
            .filter(|_| !enough || required == Level::None)
            .map(str::to_owned),
        reasons,
    })
}

/// A version step smaller than the changes ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooSmall {
    /// The release before.
    pub from: Version,
    /// The version asked for.
    pub to: Version,
    /// The step needed.
    pub required: Level,
    /// The step declared.
    pub declared: Level,
    /// Why.
    pub reasons: Vec<Reason>,
}

impl fmt::Display for TooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} to {} is a {} step, but the changes are {}; release {} or give a reason with --override-semver",
            self.from,
            self.to,
            self.declared.as_str(),
            self.required.as_str(),
            bump(&self.from, self.required)
        )?;
        for reason in &self.reasons {
            write!(f, "\n  {reason}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = find(&self.rule).map_or("", |c| c.what);
        let level = self.level.as_str();
        write!(f, "{} {what}: {} ({level})", self.rule, self.count)?;
        if !self.sample_ids.is_empty() {
            write!(f, ", such as {}", self.sample_ids.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn steps() {
        for (old, new, level) in [
            ("1.2.3", "2.0.0", Level::Major),
            ("1.2.3", "1.3.0", Level::Minor),
            ("1.2.3", "1.2.4", Level::Patch),
            ("1.2.3", "3.1.4", Level::Major),
            ("2.0.0-rc.1", "2.0.0-rc.2", Level::Major),
            ("2.0.0-rc.1", "2.0.0", Level::Major),
            ("1.3.0-rc.1", "1.3.0", Level::Minor),
            ("0.1.0", "0.2.0", Level::Minor),
        ] {
            assert_eq!(
                declared(&old.parse().unwrap(), &new.parse().unwrap()),
                level,
                "{old} {new}"
            );
        }
        for (old, level, next) in [
            ("1.2.3", Level::Major, "2.0.0"),
            ("0.2.3", Level::Major, "0.3.0"),
            ("1.2.3", Level::Minor, "1.3.0"),
            ("1.2.3", Level::Patch, "1.2.4"),
        ] {
            assert_eq!(bump(&old.parse().unwrap(), level).to_string(), next);
        }
    }

    #[test]
    fn columns() {
        let column = |name: &str, kind: &str, nullable| Column {
            name: name.to_owned(),
            kind: kind.to_owned(),
            nullable,
            description: None,
        };
        let old = [
            column("id", "string", false),
            column("n", "int64", false),
            column("x", "string", true),
        ];
        let codes = |new: &[Column]| -> Vec<String> {
            let mut found = Found::default();
            compare_columns(&old, new, &mut found);
            found.reasons().into_iter().map(|r| r.rule).collect()
        };
        assert!(codes(&old).is_empty());
        assert_eq!(codes(&old[..2]), ["V104"]);
        assert_eq!(codes(&[old[1].clone(), old[0].clone(), old[2].clone()]), ["V303"]);
        assert_eq!(
            codes(&[
                old[0].clone(),
                column("n", "float64", false),
                column("y", "string", true)
            ]),
            ["V104", "V105", "V202"]
        );
        assert_eq!(
            codes(&[old[0].clone(), column("n", "int64", true), old[2].clone()]),
            ["V106"]
        );
    }

    #[test]
    fn checks_are_in_order() {
        assert!(CHECKS.is_sorted_by(|a, b| a.code < b.code));
    }
}
