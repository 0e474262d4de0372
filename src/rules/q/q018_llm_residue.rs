//! Q018 llm-residue.

use crate::finding::Severity;
use crate::rules::phrases::matcher;
use crate::rules::residue::{at_edge, line_of, quote};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "Q018",
    name: "llm-residue",
    severity: Severity::Warning,
    scope: Scope::Line,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A line is an assistant's phrase: the text was made or rewritten by a machine.",
    why: "A set of articles that people wrote is worth more than one that mixes in what a model wrote, and a model \
          that reads its own refusals learns to refuse.",
    how: "A line of at most 60 words that holds a phrase of table Q018 outside quotation marks, and either stands \
          among the first or last three lines or begins with the phrase.",
    false_positives: "Reports that quote an assistant put its words between quotation marks, or attribute them: \
                      then the phrase stands inside a paragraph.",
    source: "Practice with crawls since 2023",
    options: &[],
    examples: &[
        Example::bad(
            "As an AI language model, I cannot verify this claim.\nThe ferry is back in the harbour.",
            &["As an AI language model, I cannot verify this claim."],
        )
        .lang("en"),
        Example::bad(
            "إليك المقال المعاد صياغته:\n\nعادت العبارة إلى الميناء.",
            &["إليك المقال المعاد صياغته:"],
        ),
        Example::good("The bot replied: “As an AI language model, I cannot verify this.”").lang("en"),
        Example::good("أطلقت الشركة نموذجا لغويا جديدا"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(LlmResidue)),
};

struct LlmResidue;

/// Lines at either end in which an assistant speaks.
const EDGE_LINES: usize = 3;

/// Whether a quotation is opened before the phrase could begin.
fn is_quoted(line: &str) -> bool {
    line.contains(['"', '“', '”', '«', '»', '„', '「', '‘']) || line.starts_with('\'')
}

impl Check for LlmResidue {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let line = line_of(text, hit);
        let placed = at_edge(text.lines(), hit.line, EDGE_LINES) || hit.cover > 0.5;
        if !placed || is_quoted(line) || matcher().is_attributed(line) {
            return;
        }
        out.span(
            hit.span,
            format!(
                "Assistant's phrase \"{}\": the text is machine-made.",
                quote(line)
            ),
        );
    }
}
