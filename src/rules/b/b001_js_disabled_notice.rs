//! B001 js-disabled-notice.

use crate::finding::{Safety, Severity};
use crate::rules::phrases::matcher;
use crate::rules::residue::{EDGE, delete_line, in_head, in_tail, line_of, quote};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B001",
    name: "js-disabled-notice",
    severity: Severity::Error,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article asks the reader to enable JavaScript.",
    why: "The notice is what a page shows to a crawler that runs no scripts. It is no part of the \
          article, stands in thousands of records at once, and often means that the rest of the \
          page was not collected either.",
    how: "A line of at most 40 words that holds a phrase of table B001, speaks to the reader \
          (*please*, *your browser*, *this page*) or is little but the phrase, and is among the \
          first or last five non-blank lines or in another language than the record. The fix \
          deletes the line and one adjoining blank line.",
    false_positives: "News about browsers: a line that attributes a statement (*said*, *قال*), a \
                      longer line, or one that speaks of others than the reader is left alone.",
    source: "Raffel et al., C4 (2020), JavaScript line filter; practice with scraped news pages",
    options: &[],
    examples: &[
        Example::bad(
            "Please enable JavaScript to view this page.\n\nعاد الصيادون إلى المرفأ مساء أمس بعد رحلة طويلة.",
            &["Please enable JavaScript to view this page."],
        )
        .fixed("عاد الصيادون إلى المرفأ مساء أمس بعد رحلة طويلة."),
        Example::bad(
            "افتتحت البلدية حديقة جديدة قرب النهر.\nيرجى تفعيل JavaScript لمتابعة التصفح",
            &["يرجى تفعيل JavaScript لمتابعة التصفح"],
        )
        .fixed("افتتحت البلدية حديقة جديدة قرب النهر."),
        Example::bad(
            "Sorry, you need to enable JavaScript to visit this website.",
            &["Sorry, you need to enable JavaScript to visit this website."],
        )
        .lang("en")
        .fixed(""),
        Example::good(
            "Developers argued that pages which require JavaScript exclude some readers, a survey of 900 \
             sites found on Monday.",
        )
        .lang("en"),
        Example::good("The new browser lets schools enable JavaScript only for sites they trust.").lang("en"),
        Example::good("لغة JavaScript أنشئت عام 1995"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(JsDisabledNotice)),
};

/// Share of the line from which a phrase needs no other sign that it speaks to the reader.
const MOSTLY_PHRASE: f32 = 0.5;

struct JsDisabledNotice;

impl Check for JsDisabledNotice {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let line = line_of(text, hit);
        let lines = text.lines();
        let foreign = !text.language().is_empty() && hit.table != text.language();
        let placed = foreign || in_head(lines, hit.line, EDGE) || in_tail(lines, hit.line, EDGE);
        if !placed || matcher().is_attributed(line) {
            return;
        }
        if hit.cover < MOSTLY_PHRASE && !matcher().speaks_to_reader(line) {
            return;
        }
        let finding = out.span(hit.span, format!("JavaScript notice \"{}\".", quote(line)));
        delete_line(finding, text, hit.line, Safety::Safe);
    }
}
