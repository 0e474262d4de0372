//! B008 comments-residue.

use crate::finding::{Safety, Severity};
use crate::rules::residue::WholeLine;
use crate::rules::{Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B008",
    name: "comments-residue",
    severity: Severity::Warning,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article belongs to the comment section.",
    why: "Headings and buttons of a comment section are part of the page. They repeat in every record of a source, and what follows them is not the article.",
    how: "A line that equals an entry of table B008 after folding, or is a count of comments. The fix deletes the line; comments that follow it are left to the reader of the report.",
    false_positives: "Sentences that mention comments never equal an entry. A line of one word inside a text counts only near the edges, between blank lines or next to other residue.",
    source: "Pomikálek, jusText (2011); Barbaresi, trafilatura (2021)",
    options: &[],
    examples: &[
        Example::bad(
            "Жители открыли новый мост.\n\nОставить комментарий",
            &["Оставить комментарий"],
        )
        .lang("ru")
        .fixed("Жители открыли новый мост."),
        Example::bad(
            "The bridge is open.\n12 Comments\nLeave a reply",
            &["12 Comments", "Leave a reply"],
        )
        .lang("en")
        .fixed("The bridge is open."),
        Example::bad("لا توجد تعليقات", &["لا توجد تعليقات"]).fixed(""),
        Example::good("His comments drew criticism.").lang("en"),
        Example::good("علّق الوزير"),
    ],
    wake: Wake::Phrase,
    check: |_| {
        Ok(Box::new(WholeLine {
            what: "Comment-section residue",
            safety: Safety::Safe,
        }))
    },
};
