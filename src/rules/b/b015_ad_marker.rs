//! B015 ad-marker.

use crate::finding::{Safety, Severity};
use crate::rules::residue::WholeLine;
use crate::rules::{Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B015",
    name: "ad-marker",
    severity: Severity::Warning,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article marks an advertisement.",
    why: "The marker tells where an advertisement stood on the page; in the text it interrupts sentences and repeats by the thousand.",
    how: "A line that equals an entry of table B015 after folding. The fix deletes the line.",
    false_positives: "*Advertisement* and *إعلان* inside a sentence or a longer heading never equal an entry. A line of one word inside a text counts only near the edges, between blank lines or next to other residue.",
    source: "Penedo et al., RefinedWeb (2023); practice with scraped news pages",
    options: &[],
    examples: &[
        Example::bad("Panen dimulai pekan ini.\n\nIKLAN", &["IKLAN"])
            .lang("id")
            .fixed("Panen dimulai pekan ini."),
        Example::bad("انطلق السباق صباحا.\n\nإعلان\n\nوفاز به عداء محلي.", &["إعلان"])
            .fixed("انطلق السباق صباحا.\n\nوفاز به عداء محلي."),
        Example::good("The advertisement cost $5m.").lang("en"),
        Example::good("إعلان الحداد الوطني"),
    ],
    wake: Wake::Phrase,
    check: |_| {
        Ok(Box::new(WholeLine {
            what: "Advertisement marker",
            safety: Safety::Safe,
        }))
    },
};
