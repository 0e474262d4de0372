//! Names and codes that a rule no longer has, or that people write for it.

/// An old name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redirect {
    /// The code or name as it is written in some configuration.
    pub old: &'static str,
    /// The rule that it means now.
    pub new: &'static str,
    /// Why it is another.
    pub note: &'static str,
}

const SPELLING: &str = "rules spell it with a `c`";

/// All of them. What stands here works, with a note; a code is never given to another rule.
pub static REDIRECTS: &[Redirect] = &[
    Redirect {
        old: "missing-license",
        new: "missing-licence",
        note: SPELLING,
    },
    Redirect {
        old: "unknown-license-id",
        new: "unknown-licence-id",
        note: SPELLING,
    },
    Redirect {
        old: "license-conflict",
        new: "licence-conflict",
        note: SPELLING,
    },
];

/// The redirect for a code or name, where there is one.
#[must_use]
pub fn of(selector: &str) -> Option<&'static Redirect> {
    REDIRECTS.iter().find(|redirect| redirect.old == selector)
}

/// A selector as rules are called now.
#[must_use]
pub fn current(selector: &str) -> &str {
    of(selector).map_or(selector, |redirect| redirect.new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::list::RULES;

    #[test]
    fn redirects_lead_from_no_rule_to_a_rule() {
        let known = |name: &str| RULES.iter().any(|rule| rule.code == name || rule.name == name);
        for redirect in REDIRECTS {
            assert!(known(redirect.new) && !known(redirect.old), "{redirect:?}");
        }
    }
}
