//! B022 markdown-residue.

use crate::finding::{Edit, Safety, Severity};
use crate::record::Span;
use crate::rules::residue::quote;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use regex::Regex;
use std::sync::LazyLock;

pub(crate) const RULE: Rule = Rule {
    code: "B022",
    name: "markdown-residue",
    severity: Severity::Info,
    scope: Scope::Line,
    fix: Some(Safety::Unsafe),
    status: Status::Preview,
    default: false,
    summary: "A line of the article has Markdown syntax.",
    why: "Half of a dataset in Markdown and half in plain text teaches a model to mix them.",
    how: "A heading (`## …`), a link or image (`[text](address)`), bold (`**…**`), a fence of three back \
          quotes. The fix keeps the text and is unsafe.",
    false_positives: "`#tag` has no space, and `5 * 3 * 2` no pair of stars. Where articles are Markdown on \
                      purpose, ignore the rule.",
    source: "CommonMark 0.31",
    options: &[],
    examples: &[
        Example::bad("## عنوان\nنص", &["## "]).unsafe_fixed("عنوان\nنص"),
        Example::bad("اضغط [اقرأ](https://e.example)", &["[اقرأ](https://e.example)"])
            .unsafe_fixed("اضغط اقرأ"),
        Example::bad("The **old** mill", &["**old**"])
            .lang("en")
            .unsafe_fixed("The old mill"),
        Example::good("#وسم"),
        Example::good("5 * 3 * 2, 2 ** 3 ** 4").lang("en"),
        Example::good("see [1] (page 3)").lang("en"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(Markdown)),
};

struct Markdown;

struct Patterns {
    heading: Regex,
    inline: Regex,
}

fn patterns() -> Option<&'static Patterns> {
    static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
        Some(Patterns {
            heading: Regex::new(r"(?m)^#{1,6} +|^```[a-z]*$").ok()?,
            inline: Regex::new(
                r"!?\[([^\[\]\n]+)\]\((?:https?://|/|#)[^()\s]*\)|\*\*([^\s*][^*\n]*[^\s*]|[^\s*])\*\*",
            )
            .ok()?,
        })
    });
    PATTERNS.as_ref()
}

impl Check for Markdown {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let bytes = text.value.as_bytes();
        if memchr::memchr3(b'#', b'*', b'[', bytes).is_none() && memchr::memchr(b'`', bytes).is_none() {
            return;
        }
        let Some(patterns) = patterns() else { return };
        let mut report = |span: Span, kept: Span| {
            let edits = [Span::new(span.start, kept.start), Span::new(kept.end, span.end)];
            let edits = edits.into_iter().filter(|span| !span.is_empty());
            let edits = edits
                .map(|span| Edit {
                    span,
                    text: String::new(),
                })
                .collect();
            out.span(
                span,
                format!("Markdown syntax \"{}\".", quote(&text.value[span.range()])),
            )
            .edits(Safety::Unsafe, "keep the text only", edits);
        };
        for found in patterns.heading.find_iter(text.value) {
            let span = Span::new(found.start(), found.end());
            report(span, Span::new(span.end, span.end));
        }
        for found in patterns.inline.captures_iter(text.value) {
            if let (Some(all), Some(kept)) = (found.get(0), found.get(1).or_else(|| found.get(2))) {
                report(
                    Span::new(all.start(), all.end()),
                    Span::new(kept.start(), kept.end()),
                );
            }
        }
    }
}
