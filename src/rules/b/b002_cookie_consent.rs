//! B002 cookie-consent.

use crate::finding::{Safety, Severity};
use crate::rules::phrases::matcher;
use crate::rules::residue::{at_edge, line_of, report};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B002",
    name: "cookie-consent",
    severity: Severity::Warning,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article is a cookie or consent notice.",
    why: "The banner lies over the page and is collected with it. It is no part of the article, and the same sentences stand in every record of a source.",
    how: "A line of at most 60 words that holds a phrase of table B002, is among the first or last eight non-blank lines, and either is mostly the phrase or speaks to the reader. The fix deletes the line: safe when the phrase is most of it or the line is short.",
    false_positives: "Reports about cookie law: a line that attributes a statement, or speaks neither as the site nor to the reader, is left alone.",
    source: "Raffel et al., C4 (2020), policy line filter; practice with consent banners",
    options: &[],
    examples: &[
        Example::bad(
            "We use cookies to improve your experience. Accept all\n\nThe mill turns again.",
            &["We use cookies to improve your experience. Accept all"],
        )
        .lang("en")
        .fixed("The mill turns again."),
        Example::bad(
            "نستخدم ملفات تعريف الارتباط لتحسين تجربتك",
            &["نستخدم ملفات تعريف الارتباط لتحسين تجربتك"],
        )
        .fixed(""),
        Example::good("The regulator fined the firm over its cookie policy.").lang("en"),
        Example::good("غرمت الهيئة الشركة بسبب ملفات الارتباط"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(CookieConsent)),
};

struct CookieConsent;

/// Non-blank lines at either end in which a banner may stand.
const EDGE_LINES: usize = 8;
/// Share of the line from which a phrase needs no other sign.
const MOSTLY_PHRASE: f32 = 0.5;
/// Longer notices may hold more than the notice.
const SHORT_WORDS: usize = 30;

impl Check for CookieConsent {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let line = line_of(text, hit);
        let mostly = hit.cover >= MOSTLY_PHRASE;
        if !at_edge(text.lines(), hit.line, EDGE_LINES)
            || matcher().is_attributed(line)
            || !(mostly || matcher().speaks_to_reader(line))
        {
            return;
        }
        let safe = mostly || hit.words <= SHORT_WORDS;
        let safety = if safe { Safety::Safe } else { Safety::Unsafe };
        report("Cookie notice", text, hit, safety, out);
    }
}
