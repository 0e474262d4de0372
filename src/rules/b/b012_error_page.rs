//! B012 error-page.

use crate::finding::Severity;
use crate::record::Role;
use crate::rules::phrases::{all_anchors, matcher};
use crate::rules::residue::{has_at_most_words, in_head, line_of, quote};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::lines::table;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "B012",
    name: "error-page",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The record is an error message of the site, not an article.",
    why: "The page was gone when it was collected, and the site answered with a text instead of an error code.",
    how: "A phrase of table B012 that is at least half of the title or of one of the first three non-blank lines, in a text of at most 120 words. There is no fix: the article is missing.",
    false_positives: "Reports about error pages mention them in longer sentences; a line that attributes a statement is left alone.",
    source: "OSCAR and Common Crawl practice",
    options: &[],
    examples: &[
        Example::bad(
            "404 Not Found. The page you requested could not be found.",
            &["404 Not Found. The page you requested could not be found."],
        )
        .lang("en"),
        Example::bad(
            "عذراً، الصفحة التي تبحث عنها غير موجودة",
            &["عذراً، الصفحة التي تبحث عنها غير موجودة"],
        ),
        Example::good("The '404 not found' page of the ministry became a joke among its clerks.").lang("en"),
        Example::good("لم يتم العثور على المفقودين"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(ErrorPage)),
};

struct ErrorPage;

/// Share of the line that the phrases must be.
const MOSTLY_PHRASE: f32 = 0.5;
/// A longer text holds more than an error message.
const PAGE_WORDS: usize = 120;
/// Non-blank lines at the beginning in which the message stands.
const HEAD_LINES: usize = 3;

impl Check for ErrorPage {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !has_at_most_words(text.value, PAGE_WORDS) {
            return;
        }
        let hit = text.phrases().iter().find(|hit| {
            hit.code == "B012"
                && hit.cover >= MOSTLY_PHRASE
                && in_head(text.lines(), hit.line, HEAD_LINES)
                && !matcher().is_attributed(line_of(text, hit))
        });
        if let Some(hit) = hit {
            let quoted = quote(line_of(text, hit));
            out.span(
                hit.span,
                format!("The page is an error message, not an article: \"{quoted}\"."),
            );
            return;
        }
        let Some(node) = text.record.role(Role::Title) else {
            return;
        };
        let Some(title) = node.as_str() else { return };
        let hits = matcher().hits(title, &table(title), text.language(), all_anchors(), Flags::ALL);
        if hits
            .iter()
            .any(|hit| hit.code == "B012" && hit.cover >= MOSTLY_PHRASE)
        {
            let quoted = quote(title.trim());
            out.field(
                node,
                format!("The page is an error message, not an article: \"{quoted}\"."),
            );
        }
    }
}
