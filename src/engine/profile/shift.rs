//! What changed from one profile to another: C001, C003, C004.

use super::{OTHERS, Profile, Source};
use crate::finding::Severity;
use std::collections::{BTreeMap, BTreeSet};

/// Something that changed more than chance explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// C001, C003 or C004.
    pub code: &'static str,
    /// How much.
    pub severity: Severity,
    /// The source, where it is about one.
    pub source: Option<String>,
    /// What to say.
    pub message: String,
}

/// Fewest records of a source in a comparison of shares, and of distributions.
const SHARES: u64 = 50;
const DISTRIBUTIONS: u64 = 200;
/// Records of a source that may have disappeared.
const GONE: u64 = 20;
/// Population stability: below, nothing; from the second on, a warning.
const INFO: f64 = 0.1;
const WARNING: f64 = 0.25;

/// What changed, by source and code, without what the project expects: each line of `expected` names
/// a source, or the code or name of a rule.
#[must_use]
pub fn shifts(old: &Profile, new: &Profile, expected: &[String]) -> Vec<Shift> {
    let mut found = Vec::new();
    let none = Source::default();
    for (name, before) in old.sources.iter().filter(|(name, _)| *name != OTHERS) {
        let after = new.sources.get(name).unwrap_or(&none);
        disappeared(name, before, after, &mut found);
        languages(name, before, after, &mut found);
        if before.records.min(after.records) >= DISTRIBUTIONS {
            distributions(name, before, after, &mut found);
            rates(name, (old, before), (new, after), &mut found);
        }
    }
    sources(old, new, &mut found);
    found.retain(|shift| !is_expected(shift, expected));
    found.sort_by(|a, b| (a.code, &a.source, &a.message).cmp(&(b.code, &b.source, &b.message)));
    found
}

fn is_expected(shift: &Shift, expected: &[String]) -> bool {
    let name = crate::rules::list::RULES
        .iter()
        .find(|rule| rule.code == shift.code)
        .map_or("", |rule| rule.name);
    expected.iter().any(|line| {
        let words = || line.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '`' | '"'));
        let source = shift.source.as_deref().filter(|source| !source.is_empty());
        source.is_some_and(|source| line.contains(source))
            || words().any(|word| {
                let word = word.trim_end_matches(['.', ':', ')']).trim_start_matches('(');
                word == shift.code || word == name
            })
    })
}

/// The lines of a changelog section that say what is expected to change.
#[must_use]
pub fn expected(section: &str) -> Vec<String> {
    let marked = section
        .lines()
        .filter_map(|line| line.split_once("[expected-shift]"));
    marked
        .map(|(before, after)| format!("{before} {after}"))
        .collect()
}

fn disappeared(name: &str, before: &Source, after: &Source, found: &mut Vec<Shift>) {
    if before.records >= GONE && 10 * after.records < before.records {
        found.push(Shift {
            code: "C004",
            severity: Severity::Warning,
            source: Some(name.to_owned()),
            message: format!(
                "{} had {} records and now has {}.",
                subject(name),
                before.records,
                after.records
            ),
        });
    }
}

fn languages(name: &str, before: &Source, after: &Source, found: &mut Vec<Shift>) {
    let (n, m) = (before.records as f64, after.records as f64);
    if before.records.min(after.records) < SHARES {
        return;
    }
    let all: BTreeSet<&String> = before.languages.keys().chain(after.languages.keys()).collect();
    let share = |source: &Source, language: &String, all: f64| {
        source.languages.get(language).copied().unwrap_or(0) as f64 / all
    };
    let largest = all
        .into_iter()
        .map(|language| (language, share(before, language, n), share(after, language, m)))
        .filter(|(_, a, b)| {
            let pooled = (a * n + b * m) / (n + m);
            let error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
            (a - b).abs() >= 0.05 && (a - b).abs() >= 4.0 * error
        })
        // What one language loses another wins: one finding says it. The first of equals.
        .fold(None, |best: Option<(&String, f64, f64)>, next| match best {
            Some(best) if (best.1 - best.2).abs() >= (next.1 - next.2).abs() => Some(best),
            _ => Some(next),
        });
    if let Some((language, a, b)) = largest {
        let language = if language.is_empty() {
            "no language"
        } else {
            language
        };
        found.push(Shift {
            code: "C001",
            severity: Severity::Warning,
            source: Some(name.to_owned()),
            message: format!(
                "Share of {language} in {} went from {} to {}.",
                object(name),
                percent(a),
                percent(b)
            ),
        });
    }
}

fn distributions(name: &str, before: &Source, after: &Source, found: &mut Vec<Shift>) {
    let x = psi(
        &pooled(&before.lengths, &before.lengths),
        &pooled(&before.lengths, &after.lengths),
    );
    push(found, Some(name), x, |x| {
        format!(
            "Length of {} shifted: PSI {x:.2} (the middle text from about {} to {} bytes).",
            object(name),
            middle(&before.lengths),
            middle(&after.lengths)
        )
    });
    let timed = |source: &Source| source.hours.values().sum::<u64>();
    if timed(before).min(timed(after)) >= DISTRIBUTIONS {
        let x = psi(
            &pooled(&before.hours, &before.hours),
            &pooled(&before.hours, &after.hours),
        );
        push(found, Some(name), x, |x| {
            format!("Hour of publication of {} shifted: PSI {x:.2}.", object(name))
        });
    }
}

/// How many records have a finding, of the rules that ran both times.
fn rates(
    name: &str,
    (old, before): (&Profile, &Source),
    (new, after): (&Profile, &Source),
    found: &mut Vec<Shift>,
) {
    for code in old.rules.iter().filter(|code| new.rules.contains(code)) {
        let with = |source: &Source| source.findings.get(code).copied().unwrap_or(0);
        let (a, b) = (with(before), with(after));
        let x = psi(&[a, before.records - a], &[b, after.records - b]);
        push(found, Some(name), x, |x| {
            format!(
                "Share of records with {code} in {} shifted: PSI {x:.2} (from {} to {}).",
                object(name),
                percent(a as f64 / before.records as f64),
                percent(b as f64 / after.records as f64)
            )
        });
    }
}

/// Shares of the sources; what each has less than a hundredth of is one.
fn sources(old: &Profile, new: &Profile, found: &mut Vec<Shift>) {
    if old.records.min(new.records) < DISTRIBUTIONS {
        return;
    }
    let of = |profile: &Profile, name: &String| profile.sources.get(name).map_or(0, |source| source.records);
    let mut bins = vec![(0, 0)];
    for name in old
        .sources
        .keys()
        .chain(new.sources.keys())
        .collect::<BTreeSet<_>>()
    {
        let (a, b) = (of(old, name), of(new, name));
        if 100 * a >= old.records || 100 * b >= new.records {
            bins.push((a, b));
        } else {
            bins[0].0 += a;
            bins[0].1 += b;
        }
    }
    let (before, after): (Vec<u64>, Vec<u64>) = bins.into_iter().unzip();
    push(found, None, psi(&before, &after), |x| {
        format!("Shares of the sources shifted: PSI {x:.2}.")
    });
}

fn push(found: &mut Vec<Shift>, source: Option<&str>, x: f64, message: impl Fn(f64) -> String) {
    if x > INFO {
        found.push(Shift {
            code: "C003",
            severity: if x > WARNING {
                Severity::Warning
            } else {
                Severity::Info
            },
            source: source.map(str::to_owned),
            message: message(x),
        });
    }
}

/// Counts in bins that each held about a tenth of what was there before: fine bins are joined until
/// they do. Those that held nothing stay apart.
fn pooled(before: &BTreeMap<u8, u64>, counts: &BTreeMap<u8, u64>) -> Vec<u64> {
    let all: u64 = before.values().sum();
    let mut bins = vec![0];
    let mut held = 0;
    for bin in 0..=u8::MAX {
        let here = before.get(&bin).copied().unwrap_or(0);
        if (held > 0 && 10 * held >= all) || (held == 0 && here > 0) {
            bins.push(0);
            held = 0;
        }
        held += here;
        if let Some(last) = bins.last_mut() {
            *last += counts.get(&bin).copied().unwrap_or(0);
        }
    }
    bins
}

/// Population stability index, less what chance alone would give for so many bins and records.
fn psi(before: &[u64], after: &[u64]) -> f64 {
    let (n, m): (u64, u64) = (before.iter().sum(), after.iter().sum());
    if n == 0 || m == 0 {
        return 0.0;
    }
    // An empty bin counts as half a record.
    let share = |count: u64, all: u64| (count as f64).max(0.5) / all as f64;
    let bins = before.iter().zip(after).filter(|(a, b)| **a + **b > 0);
    let used = bins.clone().count() as f64;
    let sum: f64 = bins
        .map(|(a, b)| (share(*a, n), share(*b, m)))
        .map(|(a, b)| (a - b) * (a / b).ln())
        .sum();
    sum - (used - 1.0) * (1.0 / n as f64 + 1.0 / m as f64)
}

/// About how long the text in the middle is.
fn middle(lengths: &BTreeMap<u8, u64>) -> u64 {
    let mut left = lengths.values().sum::<u64>() / 2;
    for (bin, count) in lengths {
        if left < *count {
            return 2_f64.powf(f64::from(*bin) / 2.0 + 0.25).round() as u64;
        }
        left -= count;
    }
    0
}

fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 9.95 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}

fn object(source: &str) -> String {
    if source.is_empty() {
        return "what has no source".to_owned();
    }
    source.chars().take(80).collect()
}

fn subject(source: &str) -> String {
    if source.is_empty() {
        return "What has no source".to_owned();
    }
    format!("Source {}", object(source))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(records: u64, languages: &[(&str, u64)], bin: u8) -> Source {
        Source {
            records,
            languages: languages
                .iter()
                .map(|(name, count)| ((*name).to_owned(), *count))
                .collect(),
            lengths: (bin..bin + 10).map(|bin| (bin, records / 10)).collect(),
            ..Source::default()
        }
    }

    fn profile(sources: &[(&str, Source)]) -> Profile {
        Profile {
            records: sources.iter().map(|(_, source)| source.records).sum(),
            sources: sources
                .iter()
                .map(|(name, source)| ((*name).to_owned(), source.clone()))
                .collect(),
            rules: vec!["B025".to_owned()],
            ..Profile::default()
        }
    }

    fn codes(old: &Source, new: &Source) -> Vec<String> {
        let found = shifts(
            &profile(&[("a", old.clone())]),
            &profile(&[("a", new.clone())]),
            &[],
        );
        found
            .iter()
            .map(|shift| format!("{} {}", shift.code, shift.severity))
            .collect()
    }

    #[test]
    fn the_same_is_silent_and_so_is_chance() {
        let old = source(1_000, &[("ar", 980), ("en", 20)], 16);
        assert!(codes(&old, &old).is_empty());
        assert!(codes(&old, &source(1_000, &[("ar", 960), ("en", 40)], 16)).is_empty());
        assert!(codes(&source(10, &[("ar", 10)], 16), &source(10, &[("en", 10)], 20)).is_empty());
        assert!(codes(&source(100, &[("ar", 100)], 16), &source(95, &[("ar", 95)], 16)).is_empty());
    }

    #[test]
    fn languages_lengths_and_sources_that_change_are_named() {
        let old = source(1_000, &[("ar", 980), ("en", 20)], 16);
        assert_eq!(
            codes(&old, &source(1_000, &[("ar", 600), ("en", 400)], 16)),
            ["C001 warning"]
        );
        assert_eq!(
            codes(&old, &source(1_000, &[("ar", 980), ("en", 20)], 11)),
            ["C003 warning"]
        );
        assert_eq!(codes(&old, &source(40, &[("ar", 40)], 16)), ["C004 warning"]);
        assert_eq!(codes(&old, &Source::default()), ["C004 warning"]);
    }

    #[test]
    fn rates_of_findings_are_compared_where_the_rule_ran() {
        let with = |n: u64| Source {
            findings: BTreeMap::from([("B025".to_owned(), n)]),
            ..source(1_000, &[("ar", 1_000)], 16)
        };
        assert_eq!(codes(&with(10), &with(400)), ["C003 warning"]);
        assert!(codes(&with(10), &with(12)).is_empty());
        let mut other = profile(&[("a", with(400))]);
        other.rules.clear();
        assert!(shifts(&profile(&[("a", with(10))]), &other, &[]).is_empty());
    }

    #[test]
    fn what_the_changelog_expects_is_silent() {
        let old = profile(&[("a.example", source(1_000, &[("ar", 1_000)], 16))]);
        let new = profile(&[
            ("a.example", source(1_000, &[("ar", 1_000)], 16)),
            ("b.example", source(900, &[("ar", 900)], 16)),
        ]);
        assert_eq!(shifts(&old, &new, &[]).len(), 1);
        let lines = expected("### Added\n- [expected-shift] C003: b.example is new.\n- and more\n");
        assert_eq!(lines.len(), 1);
        assert!(shifts(&old, &new, &lines).is_empty());
        let gone = shifts(&new, &old, &expected("- b.example ended [expected-shift]"));
        assert!(gone.iter().all(|shift| shift.source.is_none()), "{gone:?}");
    }
}
