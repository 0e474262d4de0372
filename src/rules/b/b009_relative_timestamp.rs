//! B009 relative-timestamp.

use crate::finding::{Safety, Severity};
use crate::rules::residue::WholeLine;
use crate::rules::{Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B009",
    name: "relative-timestamp",
    severity: Severity::Info,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article is a relative time.",
    why: "*3 hours ago* was true when the page was collected and can never be dated again. It is a caption of the page, not a sentence.",
    how: "A line that is nothing but a relative time in one of the languages of table B009. The fix deletes the line.",
    false_positives: "Sentences that hold a relative time have other words too.",
    source: "Practice with scraped news pages; htmldate",
    options: &[],
    examples: &[
        Example::bad("3 hours ago\n\nThe ferry is back in port.", &["3 hours ago"])
            .lang("en")
            .fixed("The ferry is back in port."),
        Example::bad("عاد القطار إلى العمل.\nمنذ 5 دقائق", &["منذ 5 دقائق"]).fixed("عاد القطار إلى العمل."),
        Example::good("It happened 3 hours ago, police said.").lang("en"),
        Example::good("قبل ساعتين من الموعد انطلق السباق."),
    ],
    wake: Wake::Phrase,
    check: |_| {
        Ok(Box::new(WholeLine {
            what: "Relative time line",
            safety: Safety::Safe,
        }))
    },
};
