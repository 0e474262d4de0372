//! Editions: what a project gets that names one. A file for each pins rules, severities, status,
//! defaults, options and tables; a test compares the newest with the rules themselves.

use super::list::RULES;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The editions and what they pin, oldest first.
const PINNED: [(&str, &str); 1] = [("2026", include_str!("editions/2026.txt"))];

/// The phrase tables, as the rules read them.
const PHRASES: &[u8] = include_bytes!("phrases.toml");

/// What an edition pins: a line for each rule, and indented below it one for each option.
#[must_use]
pub fn pinned(edition: &str) -> Option<&'static str> {
    let found = PINNED.iter().find(|(year, _)| *year == edition);
    found.map(|(_, text)| *text)
}

/// The rules as this version has them, in the form of [`pinned`].
#[must_use]
pub fn current() -> String {
    let mut out = String::new();
    for rule in RULES {
        let default = if rule.default { "on" } else { "off" };
        let (code, name, severity) = (rule.code, rule.name, rule.severity);
        let _ = writeln!(out, "{code} {name} {severity} {} {default}", rule.status.as_str());
        for option in rule.options {
            let _ = writeln!(out, "  {} = {:?}", option.name, option.kind);
        }
    }
    let tables = xxhash_rust::xxh3::xxh3_64(PHRASES);
    let _ = writeln!(out, "phrases.toml xxh3:{tables:016x}");
    out
}

/// What a project gets to see when it moves from one edition to another, a line each: `+` for what is
/// new, `-` for what goes, `~` for what is different.
#[must_use]
pub fn differences(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (entries(old), entries(new));
    let mut out = Vec::new();
    for (key, before) in &old {
        match new.get(key) {
            None => out.push(format!("- {key} {before}")),
            Some(after) if after != before => out.push(format!("~ {key}: {before} → {after}")),
            Some(_) => {}
        }
    }
    let added = new.iter().filter(|(key, _)| !old.contains_key(*key));
    out.extend(added.map(|(key, after)| format!("+ {key} {after}")));
    out
}

/// Rules by code, options by code and name.
fn entries(text: &str) -> BTreeMap<String, String> {
    let mut code = "";
    let mut entries = BTreeMap::new();
    for line in text.lines() {
        if let Some((option, value)) = line.strip_prefix("  ").and_then(|line| line.split_once(" = ")) {
            entries.insert(format!("{code} {option}"), value.to_owned());
        } else if let Some((first, rest)) = line.split_once(' ') {
            code = first;
            entries.insert(first.to_owned(), rest.to_owned());
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_named() {
        let old = "A001 form error stable on\nB001 notice info stable on\n  least = Integer(3, 1, 9)\nphrases.toml xxh3:1\n";
        let new = "A001 form warning stable on\nC001 mix info preview off\n  most = Number(1.0, 0.0, 2.0)\nphrases.toml xxh3:1\n";
        assert_eq!(
            differences(old, new),
            [
                "~ A001: form error stable on → form warning stable on",
                "- B001 notice info stable on",
                "- B001 least Integer(3, 1, 9)",
                "+ C001 mix info preview off",
                "+ C001 most Number(1.0, 0.0, 2.0)",
            ]
        );
        assert!(differences(old, old).is_empty());
    }

    #[test]
    fn every_edition_that_a_project_may_name_is_pinned() {
        for year in crate::config::load::EDITIONS {
            assert!(pinned(year).is_some(), "{year}");
        }
    }
}
