//! What the rules about licences share: which licence a record declares.

use super::Record;
use crate::record::Value;

/// Names of the member that holds a licence, the contract's first.
const NAMES: [&str; 5] = ["license", "licence", "rights", "license_id", "usage_terms"];

/// Values that say that nobody knows, in small letters.
const UNKNOWN: [&str; 14] = [
    "",
    "unknown",
    "none",
    "null",
    "n/a",
    "na",
    "nan",
    "-",
    "?",
    "tbd",
    "todo",
    "noassertion",
    "undefined",
    "غير معروف",
];

/// The member that holds the record's own licence.
pub(super) fn member<'a>(record: &Record<'a>) -> Option<Value<'a>> {
    let mut found = [None; NAMES.len()];
    for (name, value) in record.root.members() {
        let name = name.as_str().unwrap_or_default();
        if let Some(rank) = NAMES.iter().position(|known| *known == name) {
            found[rank] = Some(value);
        }
    }
    found.into_iter().flatten().next()
}

/// The record's own licence, where it says one.
pub(super) fn own<'a>(record: &Record<'a>) -> Option<(Value<'a>, &'a str)> {
    let value = member(record)?;
    let text = value.as_str()?.trim();
    (!UNKNOWN.contains(&text.to_lowercase().as_str())).then_some((value, text))
}

/// The licence that holds for a record: its own, or that of the whole.
pub(super) fn of<'a>(record: &Record<'a>) -> Option<&'a str> {
    own(record).map(|(_, text)| text).or(record.license)
}

/// Whether a licence gives rights to everybody, so that reserving all rights contradicts it.
pub(super) fn is_open(licence: &str) -> bool {
    let licence = licence.to_ascii_uppercase();
    [
        "CC-",
        "CC0",
        "PDDL",
        "ODC-",
        "ODBL",
        "MIT",
        "APACHE-",
        "BSD-",
        "OGL-",
        "GFDL",
        "UNLICENSE",
        "ETALAB",
        "DL-DE",
    ]
    .iter()
    .any(|open| licence.starts_with(open))
}
