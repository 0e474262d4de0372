//! B005 newsletter-prompt.

use crate::finding::{Safety, Severity};
use crate::rules::phrases::matcher;
use crate::rules::residue::{EDGE, at_edge, line_of, report};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B005",
    name: "newsletter-prompt",
    severity: Severity::Warning,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article asks the reader to subscribe to a newsletter.",
    why: "The prompt is part of the page. It speaks to a reader of the site, not to whoever loads the dataset.",
    how: "A line of at most 40 words that holds a phrase of table B005 and either is mostly the phrase or is among the first or last five non-blank lines. The fix deletes the line: safe when the phrase is at least half of a short line.",
    false_positives: "Reports about newsletters: the table holds requests only, and a line that attributes a statement is left alone.",
    source: "Raffel et al., C4 (2020); Barbaresi, trafilatura (2021)",
    options: &[],
    examples: &[
        Example::bad(
            "The ferry is back.\n\nSign up for our newsletter and never miss a story",
            &["Sign up for our newsletter and never miss a story"],
        )
        .lang("en")
        .fixed("The ferry is back."),
        Example::bad("اشترك في نشرتنا البريدية", &["اشترك في نشرتنا البريدية"]).fixed(""),
        Example::good("The party's newsletter reached 3,000 homes.").lang("en"),
        Example::good("أصدرت الجمعية نشرة"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(NewsletterPrompt)),
};

struct NewsletterPrompt;

/// Share of the line from which the phrase is the line.
const MOSTLY_PHRASE: f32 = 0.5;
/// Longer prompts may hold more than the prompt.
const SHORT_WORDS: usize = 14;

impl Check for NewsletterPrompt {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let mostly = hit.cover >= MOSTLY_PHRASE;
        if matcher().is_attributed(line_of(text, hit)) || !(mostly || at_edge(text.lines(), hit.line, EDGE)) {
            return;
        }
        let safe = mostly && hit.words <= SHORT_WORDS;
        let safety = if safe { Safety::Safe } else { Safety::Unsafe };
        report("Newsletter prompt", text, hit, safety, out);
    }
}
