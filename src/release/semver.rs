//! Dataset semver, computed: how large a step the changes ask for, and whether a version makes it.
//!
//! What changed is found by [`super::diff`]; here are the checks, as data, and the verdict.

use super::diff::Diff;
use super::manifest::{Level, Reason, Semver};
use super::plan::Plan;
use super::{Error, Result};
use crate::config::Versioning;
use ::semver::Version;
use std::fmt;

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
    check("V107", Level::Major, "primary key or id scheme changed"),
    check("V108", Level::Major, "splits or configs removed"),
    check("V109", Level::Major, "values no longer allowed by the schema"),
    check(
        "V110",
        Level::Major,
        "licence changed to one that may be stricter",
    ),
    check("V111", Level::Major, "default config changed"),
    check("V112", Level::Major, "texts changed though the inputs did not"),
    check("V113", Level::Major, "records taken down"),
    check(
        "V114",
        Level::Major,
        "column types that a promised reader cannot read",
    ),
    check("V115", Level::Major, "new records in a frozen split"),
    check("V201", Level::Minor, "records added"),
    check("V202", Level::Minor, "columns added"),
    check("V203", Level::Minor, "splits or configs added"),
    check("V204", Level::Minor, "column types widened"),
    check("V205", Level::Minor, "values newly allowed by the schema"),
    check("V206", Level::Minor, "nulls filled"),
    check("V207", Level::Minor, "languages added"),
    check("V301", Level::Patch, "same records, other bytes"),
    check("V302", Level::Patch, "documents changed"),
    check("V303", Level::Patch, "column order changed"),
    check("V304", Level::Patch, "signals, statistics or index changed"),
    check("V305", Level::Patch, "signature or provenance changed"),
];

const fn check(code: &'static str, level: Level, what: &'static str) -> Check {
    Check { code, level, what }
}

/// The check with this code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.code == code)
}

/// The step from one version to a greater one.
#[must_use]
pub fn declared(old: &Version, new: &Version) -> Level {
    let core = |v: &Version| (v.major, v.minor, v.patch);
    if core(old) == core(new) {
        // From a pre-release to the next or to the release itself.
        return step_to(new);
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
    let core = Version::new(old.major, old.minor, old.patch);
    let level = if old.major == 0 {
        level.min(Level::Minor)
    } else {
        level
    };
    // A pre-release leads to its own number, where that is step enough.
    if !old.pre.is_empty() && level <= step_to(&core) {
        return core;
    }
    match level {
        Level::Major | Level::Initial => Version::new(old.major + 1, 0, 0),
        Level::Minor => Version::new(old.major, old.minor + 1, 0),
        Level::Patch => Version::new(old.major, old.minor, old.patch + 1),
        Level::None => core,
    }
}

/// The step that a version makes by the look of its numbers.
const fn step_to(core: &Version) -> Level {
    match (core.minor, core.patch) {
        (0, 0) => Level::Major,
        (_, 0) => Level::Minor,
        _ => Level::Patch,
    }
}

/// What a verdict is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Judge {
    /// A release: one whose version is too low, or that changes nothing, is refused.
    #[default]
    Enforce,
    /// A look at what a release would be: nothing is refused.
    Record,
}

/// The verdict on a plan whose changes are `diff`; `None` for a first release.
///
/// # Errors
/// A refusal when nothing changed or the step is too small and no reason overrides it.
pub fn verdict(
    plan: &Plan,
    diff: Option<Diff>,
    override_reason: Option<&str>,
    judge: Judge,
) -> Result<Semver> {
    let (Some(previous), Some(diff)) = (&plan.previous, diff) else {
        return Ok(Semver {
            required: Level::Initial,
            declared: Level::Initial,
            overridden: None,
            reasons: Vec::new(),
        });
    };
    let (required, declared) = (diff.required(), declared(&previous.version, &plan.version));
    let reasons = diff.reasons;
    if judge == Judge::Record {
        return Ok(Semver {
            required,
            declared,
            overridden: None,
            reasons,
        });
    }
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
            ("2.0.0-rc.1", Level::Major, "2.0.0"),
            ("1.3.0-rc.1", Level::Patch, "1.3.0"),
            ("1.3.0-rc.1", Level::Major, "2.0.0"),
            ("0.4.0-rc.1", Level::Major, "0.4.0"),
        ] {
            assert_eq!(bump(&old.parse().unwrap(), level).to_string(), next);
        }
    }

    #[test]
    fn checks_are_in_order() {
        assert!(CHECKS.is_sorted_by(|a, b| a.code < b.code));
        let level = |code: &str| match code.as_bytes()[1] {
            b'1' => Level::Major,
            b'2' => Level::Minor,
            _ => Level::Patch,
        };
        assert!(CHECKS.iter().all(|check| check.level == level(check.code)));
        assert_eq!(CHECKS.len(), 15 + 7 + 5);
    }
}
