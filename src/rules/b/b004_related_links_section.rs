//! B004 related-links-section.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::residue::{after, delete_line, delete_lines, ends_sentence, line_of, quote};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B004",
    name: "related-links-section",
    severity: Severity::Warning,
    scope: Scope::Block,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "The article holds a list of links to other articles.",
    why: "Headlines of other articles stand in the text as if they belonged to it: a model learns to change the subject, and near-duplicate search finds articles alike that share only the list.",
    how: "A line that equals a heading of table B004, followed by at least two lines of at most 20 words without a full stop, up to a blank line or a line of prose; or such a heading as the last line. A blank line may follow the heading. Deleting a heading that is the last line is safe, deleting the block is unsafe.",
    false_positives: "A heading that is followed by prose is left alone.",
    source: "Pomikálek, jusText (2011), short blocks; Penedo et al., RefinedWeb (2023)",
    options: &[],
    examples: &[
        Example::bad(
            "عادت العبارة إلى الميناء.\n\nمواضيع ذات صلة\nعنوان أول\nعنوان ثان",
            &["مواضيع ذات صلة\nعنوان أول\nعنوان ثان"],
        )
        .unsafe_fixed("عادت العبارة إلى الميناء."),
        Example::bad(
            "Most read\nStorm hits coast\nRates rise",
            &["Most read\nStorm hits coast\nRates rise"],
        )
        .lang("en")
        .unsafe_fixed(""),
        Example::bad("The ferry is back.\n\nRelated articles", &["Related articles"])
            .lang("en")
            .fixed("The ferry is back."),
        Example::good("Related articles of the treaty were amended, the ministry said.").lang("en"),
        Example::good("آخر الأخبار التي وردت تؤكد ذلك."),
        Example::good("Latest news\n\nThe ferry is back in port after a week of repairs.").lang("en"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(RelatedLinksSection)),
};

struct RelatedLinksSection;

/// A longer line is prose.
const LINK_WORDS: usize = 20;
/// Fewer links are no list.
const MIN_LINKS: usize = 2;
/// The block ends after so many lines, whatever follows.
const MAX_LINKS: usize = 100;

impl Check for RelatedLinksSection {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let lines = text.lines();
        let heading = quote(line_of(text, hit));
        let Some(first) = after(lines, hit.line) else {
            let finding = out.span(
                hit.span,
                format!("Heading of related links \"{heading}\" without links."),
            );
            return delete_line(finding, text, hit.line, Safety::Safe);
        };
        if first > hit.line + 2 {
            return;
        }
        let is_link = |&index: &usize| {
            let line = &text.value[lines[index].trimmed.range()];
            !line.is_empty()
                && !is_heading(text, index)
                && !ends_sentence(line)
                && line.split_whitespace().count() <= LINK_WORDS
        };
        let count = (first..lines.len()).take(MAX_LINKS).take_while(is_link).count();
        if count < MIN_LINKS {
            return;
        }
        let last = first + count - 1;
        let span = Span::new(hit.span.start, lines[last].trimmed.end);
        let finding = out.span(
            span,
            format!("Related-links block of {count} lines after \"{heading}\"."),
        );
        delete_lines(finding, text, hit.line, last, Safety::Unsafe);
    }
}

/// Whether a line is a heading of another block.
fn is_heading(text: &Text<'_>, line: usize) -> bool {
    let hits = text.phrases();
    let at = hits.partition_point(|hit| hit.line < line);
    hits[at..]
        .iter()
        .take_while(|hit| hit.line == line)
        .any(|hit| hit.code == "B004")
}
