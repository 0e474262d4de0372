//! B007 paywall-cut.

use crate::finding::Severity;
use crate::rules::phrases::matcher;
use crate::rules::residue::{in_tail, line_of, quote};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B007",
    name: "paywall-cut",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The article is cut off by a paywall.",
    why: "Behind the notice the article goes on, but not in this record: it holds a teaser that ends in the middle.",
    how: "A phrase of table B007 among the last six non-blank lines, in a line that is mostly the phrase or speaks to the reader. There is no fix: the text is missing.",
    false_positives: "A line that attributes a statement is left alone, and *il vous reste* and *残り* need a number on the line.",
    source: "schema.org `isAccessibleForFree`; practice with scraped news pages",
    options: &[],
    examples: &[
        Example::bad("The mayor opened the first\n\nSubscribe to continue reading", &["Subscribe to continue reading"])
            .lang("en"),
        Example::bad("この記事は有料会員限定です。残り1200文字", &["この記事は有料会員限定です。残り1200文字"]).lang("ja"),
        Example::good(
            "Readers must subscribe to continue reading print papers, he joked last year in a speech about media.",
        )
        .lang("en"),
        Example::good("اشترك لمتابعة دراسته في الجامعة."),
        Example::good("Il vous reste deux jours pour voir l'exposition.").lang("fr"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(PaywallCut)),
};

struct PaywallCut;

/// Non-blank lines at the end in which the notice may stand.
const TAIL_LINES: usize = 6;
/// Share of the line from which a phrase needs no other sign.
const MOSTLY_PHRASE: f32 = 0.5;
/// Phrases that mean a paywall only with a number beside them, folded as written.
const NEED_NUMBER: [&str; 2] = ["il vous reste", "残り"];

impl Check for PaywallCut {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let line = line_of(text, hit);
        let lower = line.to_lowercase();
        let unproven =
            NEED_NUMBER.iter().any(|phrase| lower.contains(phrase)) && !line.chars().any(char::is_numeric);
        if unproven
            || !in_tail(text.lines(), hit.line, TAIL_LINES)
            || matcher().is_attributed(line)
            || !(hit.cover >= MOSTLY_PHRASE || matcher().speaks_to_reader(line))
        {
            return;
        }
        out.span(
            hit.span,
            format!("The text is cut by a paywall: \"{}\".", quote(line)),
        );
    }
}
