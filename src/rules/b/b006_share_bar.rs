//! B006 share-bar.

use crate::finding::{Safety, Severity};
use crate::rules::residue::WholeLine;
use crate::rules::{Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B006",
    name: "share-bar",
    severity: Severity::Warning,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article is the text of sharing buttons.",
    why: "Buttons are part of the page, not of the article; their words distort word counts, language \
          identification and whatever is trained on the text.",
    how: "A line that equals an entry of table B006 after folding, or is made of at least two network \
          names and nothing else. The fix deletes the line.",
    false_positives: "Sentences about sharing or about the networks never equal a whole entry. A line \
                      of one word inside a text (*Teilen*, *مشاركة*) counts only near the edges, between \
                      blank lines or next to other residue.",
    source: "Barbaresi, trafilatura (2021), share tokens; Penedo et al., RefinedWeb (2023)",
    options: &[],
    examples: &[
        Example::bad(
            "عاد المنتخب إلى أرض الوطن فجر اليوم.\n\nنسخ الرابط",
            &["نسخ الرابط"],
        )
        .fixed("عاد المنتخب إلى أرض الوطن فجر اليوم."),
        Example::bad(
            "Facebook Twitter WhatsApp\n\nThe bridge is open again.",
            &["Facebook Twitter WhatsApp"],
        )
        .lang("en")
        .fixed("The bridge is open again."),
        Example::bad("شارك المقال", &["شارك المقال"]).fixed(""),
        Example::good("Facebook and Twitter said they would appeal.").lang("en"),
        Example::good("XX\n\nThe twentieth chapter opens at sea.").lang("en"),
        Example::good("شارك المقال في المسابقة وفاز بها."),
    ],
    wake: Wake::Phrase,
    check: |_| {
        Ok(Box::new(WholeLine {
            what: "Share bar",
            safety: Safety::Safe,
        }))
    },
};
