//! B011 copyright-footer.

use crate::finding::{Safety, Severity};
use crate::rules::phrases::matcher;
use crate::rules::residue::{at_edge, line_of, report};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B011",
    name: "copyright-footer",
    severity: Severity::Warning,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article is the copyright notice of the site.",
    why: "The notice is part of the page and repeats in every record. What it says about rights belongs into the licence field, where a program can read it.",
    how: "A line among the first or last eight non-blank ones that is a copyright notice by the expressions of table B011, or of which a phrase of that table is at least 30 %. The fix deletes the line: safe when it is a notice as a whole. The log of fixes keeps its text as licence evidence.",
    false_positives: "Reports about copyright: a notice begins with a mark and a year or says that rights are reserved; a line that attributes a statement is left alone.",
    source: "Penedo et al., RefinedWeb (2023); IPTC Photo Metadata, usage terms",
    options: &[],
    examples: &[
        Example::bad(
            "The mill turns again.\n\n© 2024 Example News. All rights reserved.",
            &["© 2024 Example News. All rights reserved."],
        )
        .lang("en")
        .fixed("The mill turns again."),
        Example::bad(
            "جميع الحقوق محفوظة لصحيفة المثال 2023",
            &["جميع الحقوق محفوظة لصحيفة المثال 2023"],
        )
        .fixed(""),
        Example::good("Parliament debated copyright © law.").lang("en"),
        Example::good("ناقش البرلمان حقوق النشر"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(CopyrightFooter)),
};

struct CopyrightFooter;

/// Non-blank lines at either end in which a footer may stand.
const EDGE_LINES: usize = 8;
/// Share of the line below which a phrase proves nothing.
const SOME_PHRASE: f32 = 0.3;
/// Share of the line from which the phrase is the line, without a mark or a year.
const MOSTLY_PHRASE: f32 = 0.8;

impl Check for CopyrightFooter {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let line = line_of(text, hit);
        // "All rights reserved" may begin a sentence about a constitution; with a year it does not.
        let dated = line.contains(|c: char| c == '©' || c.is_numeric());
        let notice = dated || hit.cover >= MOSTLY_PHRASE;
        if hit.cover < SOME_PHRASE
            || !at_edge(text.lines(), hit.line, EDGE_LINES)
            || matcher().is_attributed(line)
        {
            return;
        }
        let safety = if notice { Safety::Safe } else { Safety::Unsafe };
        report("Copyright footer", text, hit, safety, out);
    }
}
