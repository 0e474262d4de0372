//! B016 account-prompt.

use crate::finding::{Safety, Severity};
use crate::rules::residue::WholeLine;
use crate::rules::{Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B016",
    name: "account-prompt",
    severity: Severity::Warning,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Preview,
    default: false,
    summary: "A line of the article is a link to log in or sign up.",
    why: "Accounts are the site's, not the article's; the line repeats in every record of a source.",
    how: "A whole line equals a phrase of table B016. A line of one word must stand among the first or last \
          five lines, between blank lines or beside other residue. The fix deletes the line.",
    false_positives: "Sentences with the words (`He had to log in twice.`, `تسجيل هدفين`) are not whole lines \
                      of them; a heading of one word may be.",
    source: "Penedo et al., RefinedWeb (2023)",
    options: &[],
    examples: &[
        Example::bad("Log in\n\nThe ferry is back.", &["Log in"])
            .lang("en")
            .fixed("The ferry is back."),
        Example::bad("تسجيل الدخول\n\nعادت العبارة.", &["تسجيل الدخول"]).fixed("عادت العبارة."),
        Example::good("He had to log in twice.").lang("en"),
        Example::good("تسجيل هدفين"),
    ],
    wake: Wake::Phrase,
    check: |_| {
        Ok(Box::new(WholeLine {
            what: "Account prompt",
            safety: Safety::Safe,
        }))
    },
};
