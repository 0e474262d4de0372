//! A014 mirrored-brackets.

use crate::finding::{Edit, Safety, Severity};
use crate::record::Span;
use crate::rules::residue::quote;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::arabic;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A014",
    name: "mirrored-brackets",
    severity: Severity::Info,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Preview,
    default: false,
    summary: "Brackets or quotation marks of a right-to-left line stand the wrong way round.",
    why: "They come from text in visual order, and from editors without bidi. Programs that read quotations \
          find none.",
    how: "On a line with Arabic letters: every `)` or `»` stands before its `(` or `«`, as many as there are, \
          each pair around at most 120 characters with Arabic letters next to them. The fix swaps the pairs and is unsafe.",
    false_positives: "Lists with `1)` have no opening bracket and are left alone.",
    source: "UAX #9 section 3.5, mirroring",
    options: &[],
    examples: &[
        Example::bad("قوات )قسد( تتقدم", &[")قسد("]).unsafe_fixed("قوات (قسد) تتقدم"),
        Example::bad("تنظيم »داعش« انسحب", &["»داعش«"]).unsafe_fixed("تنظيم «داعش» انسحب"),
        Example::good("قوات (قسد) و «داعش»"),
        Example::good("1) أولا 2) ثانيا (ثالثا"),
        Example::good("»Ja«, sagte er").lang("de"),
    ],
    wake: Wake::Text(Flags::ARABIC),
    check: |_| Ok(Box::new(Mirrored)),
};

struct Mirrored;

/// Most characters between two brackets.
const INSIDE: usize = 120;

impl Check for Mirrored {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !text.value.contains([')', '»']) {
            return;
        }
        for line in text.lines() {
            for (close, open) in [(')', '('), ('»', '«')] {
                for span in mirrored(text.value, line.span, close, open) {
                    report(text.value, span, close, open, out);
                }
            }
        }
    }
}

/// The pairs of a line that stand the wrong way round; none where one of them stands right.
fn mirrored(text: &str, line: Span, close: char, open: char) -> Vec<Span> {
    let mut pairs = Vec::new();
    let mut from = None;
    for (at, c) in text[line.range()]
        .char_indices()
        .filter(|&(_, c)| c == close || c == open)
    {
        let at = line.start + at;
        match from {
            None if c == close => from = Some(at),
            Some(start) if c == open => {
                pairs.push(Span::new(start, at + c.len_utf8()));
                from = None;
            }
            _ => return Vec::new(),
        }
    }
    let inside = |span: &Span| {
        let inner = &text[span.start + close.len_utf8()..span.end - open.len_utf8()];
        inner.chars().next().is_some_and(arabic::is_letter)
            && inner
                .chars()
                .next_back()
                .is_some_and(|c| arabic::is_letter(c) || arabic::is_mark(c))
            && inner.chars().count() <= INSIDE
    };
    if from.is_some() || !pairs.iter().all(inside) {
        return Vec::new();
    }
    pairs
}

fn report(text: &str, span: Span, close: char, open: char, out: &mut Out<'_>) {
    let edit = |start: usize, old: char, new: char| Edit {
        span: Span::new(start, start + old.len_utf8()),
        text: new.to_string(),
    };
    let edits = vec![
        edit(span.start, close, open),
        edit(span.end - open.len_utf8(), open, close),
    ];
    out.span(
        span,
        format!("Brackets look mirrored: \"{}\".", quote(&text[span.range()])),
    )
    .edits(Safety::Unsafe, "swap them", edits);
}
