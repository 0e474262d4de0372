//! B010 breadcrumb-or-nav.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::phrases::matcher;
use crate::rules::residue::{at_edge, delete_line, ends_sentence, is_elided, is_placed, quote};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B010",
    name: "breadcrumb-or-nav",
    severity: Severity::Warning,
    scope: Scope::Line,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article is a breadcrumb or a navigation bar.",
    why: "Navigation is part of the page, not of the article, and repeats in every record of a source.",
    how: "Among the first or last six non-blank lines: a line that begins with a home word of table B010 followed by a separator (`>` `»` `›` `/` `|` `::` `•`), has at most eight parts of at most five words; or at least four parts of at most three words between bars; or an entry of the skip table. The fix deletes the line and is unsafe.",
    false_positives: "Sentences have longer parts or end with a full stop.",
    source: "Pomikálek, jusText (2011); Rae et al., Gopher (2021)",
    options: &[],
    examples: &[
        Example::bad(
            "الرئيسية > أخبار > اقتصاد\n\nعادت العبارة إلى الميناء.",
            &["الرئيسية > أخبار > اقتصاد"],
        )
        .unsafe_fixed("عادت العبارة إلى الميناء."),
        Example::bad(
            "Home | World | Sport | Video | Contact",
            &["Home | World | Sport | Video | Contact"],
        )
        .lang("en")
        .unsafe_fixed(""),
        Example::bad("Skip to content\nThe ferry is back.", &["Skip to content"])
            .lang("en")
            .unsafe_fixed("The ferry is back."),
        Example::good("Home > away, said the coach about form.").lang("en"),
        Example::good("الرئيسية في قوله أنه رحل"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(BreadcrumbOrNav)),
};

struct BreadcrumbOrNav;

/// Non-blank lines at either end in which navigation may stand.
const EDGE_LINES: usize = 6;
/// A longer line is no navigation: eight parts of five long words.
const MAX_BYTES: usize = 600;

impl Check for BreadcrumbOrNav {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let lines = text.lines();
        let filled = || (0..lines.len()).filter(|&index| !lines[index].trimmed.is_empty());
        let head = filled().nth(EDGE_LINES - 1).map_or(lines.len(), |last| last + 1);
        let tail = filled().rev().nth(EDGE_LINES - 1).unwrap_or(0);
        let edges = (0..head).chain(tail.max(head)..lines.len());
        for index in edges.filter(|&index| !lines[index].trimmed.is_empty()) {
            let span = lines[index].trimmed;
            let line = &text.value[span.range()];
            if line.len() <= MAX_BYTES && is_navigation(line) {
                report(text, index, span, out);
            }
        }
        for hit in text
            .phrases()
            .iter()
            .filter(|hit| hit.code == "B010" && hit.table == "skip")
        {
            if at_edge(lines, hit.line, EDGE_LINES) && is_placed(text, hit) {
                report(text, hit.line, hit.span, out);
            }
        }
    }
}

fn report(text: &Text<'_>, line: usize, span: Span, out: &mut Out<'_>) {
    let quoted = quote(&text.value[span.range()]);
    let finding = out.span(span, format!("Navigation line \"{quoted}\"."));
    delete_line(finding, text, line, Safety::Unsafe);
}

fn is_navigation(line: &str) -> bool {
    // A byte of each separator; the lead bytes 0xC2 and 0xE2 stand for those outside ASCII.
    let bytes = line.as_bytes();
    let plain = memchr::memchr3(b'>', b'/', b'|', bytes).is_some() || line.contains("::");
    let other = || memchr::memchr2(0xC2, 0xE2, bytes).is_some() && line.contains(['»', '›', '•', '→', '←', '‹']);
    if !(plain || other()) || (ends_sentence(line) && !is_elided(line)) {
        return false;
    }
    let parts: Vec<&str> = line
        .split(['>', '»', '›', '/', '|', '•', '→', '←', '‹'])
        .flat_map(|part| part.split("::"))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let words = |part: &str| part.split_whitespace().count();
    let bars = line.matches('|').count();
    let crumbs = (2..=8).contains(&parts.len())
        && parts.iter().all(|part| words(part) <= 5)
        && matcher().is_phrase("B010", "home", parts[0]);
    let bar =
        bars >= 3 && parts.len() == bars + 1 && parts.iter().all(|part| words(part) <= 3 && is_label(part));
    crumbs || bar
}

/// Whether a part of a bar is a word and not a number, as in a table of results.
fn is_label(part: &str) -> bool {
    part.chars().any(char::is_alphabetic) && !part.chars().any(char::is_numeric)
}
