//! B018 article-toolbar.

use crate::finding::{Safety, Severity};
use crate::rules::residue::WholeLine;
use crate::rules::{Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B018",
    name: "article-toolbar",
    severity: Severity::Info,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article is the text of a toolbar button.",
    why: "Buttons for printing, font size and listening are part of the page, not of the article.",
    how: "A line that equals an entry of table B018 after folding. The fix deletes the line.",
    false_positives: "Sentences never equal an entry. A line of one word inside a text counts only near the edges, between blank lines or next to other residue.",
    source: "Barbaresi, trafilatura (2021); practice with scraped news pages",
    options: &[],
    examples: &[
        Example::bad("A+ A-\n\nThe mill turns again.", &["A+ A-"])
            .lang("en")
            .fixed("The mill turns again."),
        Example::bad("طباعة\n\nعادت الطاحونة إلى العمل.", &["طباعة"]).fixed("عادت الطاحونة إلى العمل."),
        Example::good("The print run sold out.").lang("en"),
        Example::good("طباعة العملة توقفت."),
    ],
    wake: Wake::Phrase,
    check: |_| {
        Ok(Box::new(WholeLine {
            what: "Toolbar text",
            safety: Safety::Safe,
        }))
    },
};
