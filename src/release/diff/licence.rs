//! Whether one licence can be shown to ask no more than another.

use std::collections::BTreeSet;

/// Dedications to the public: they ask nothing.
const PUBLIC: &[&str] = &["CC0-1.0", "PDDL-1.0", "Unlicense", "0BSD", "CC-PDDC"];

/// Whether `new` asks no more of anybody than `old`. What cannot be shown is not so.
pub(super) fn no_stricter(old: Option<&str>, new: Option<&str>) -> bool {
    let (Some(old), Some(new)) = (old, new) else {
        return old == new;
    };
    let choices = |text: &str| -> BTreeSet<String> {
        let simple = !text.contains(['(', ')']) && !text.contains(" AND ") && !text.contains(" WITH ");
        if simple {
            text.split(" OR ").map(|part| part.trim().to_owned()).collect()
        } else {
            [text.trim().to_owned()].into()
        }
    };
    // Who could choose among the old ones can still choose as well.
    let new = choices(new);
    choices(old)
        .iter()
        .all(|was| new.iter().any(|now| one_no_stricter(was, now)))
}

fn one_no_stricter(old: &str, new: &str) -> bool {
    if old == new || PUBLIC.contains(&new) {
        return true;
    }
    match (creative_commons(old), creative_commons(new)) {
        (Some((was, old_version)), Some((now, new_version))) => {
            old_version == new_version && now.is_subset(&was)
        }
        _ => false,
    }
}

/// Elements and version of an unported Creative Commons licence.
fn creative_commons(id: &str) -> Option<(BTreeSet<&str>, &str)> {
    let (elements, version) = id.strip_prefix("CC-")?.rsplit_once('-')?;
    let elements: BTreeSet<&str> = elements.split('-').collect();
    let known = |element: &&str| ["BY", "NC", "SA", "ND"].contains(element);
    (elements.iter().all(known) && version.parse::<f32>().is_ok()).then_some((elements, version))
}

#[cfg(test)]
mod tests {
    use super::no_stricter;

    #[test]
    fn only_what_can_be_shown() {
        for (old, new, expected) in [
            ("CC-BY-4.0", "CC0-1.0", true),
            ("CC-BY-NC-SA-4.0", "CC-BY-SA-4.0", true),
            ("CC-BY-4.0", "CC-BY-NC-4.0", false),
            ("CC-BY-3.0", "CC-BY-4.0", false),
            ("MIT", "Apache-2.0", false),
            ("MIT", "MIT OR Apache-2.0", true),
            ("MIT OR Apache-2.0", "MIT", false),
            ("MIT AND CC-BY-4.0", "MIT", false),
        ] {
            assert_eq!(no_stricter(Some(old), Some(new)), expected, "{old} → {new}");
        }
        assert!(!no_stricter(None, Some("MIT")) && !no_stricter(Some("MIT"), None));
        assert!(no_stricter(None, None));
    }
}
