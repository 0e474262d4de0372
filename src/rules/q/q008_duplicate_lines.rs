//! Q008 duplicate-lines.

use crate::finding::{Edit, Safety, Severity};
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::lines::{Repeat, repeats};
use crate::rules::quality::{percent, thresholds};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::lines::{Line, Terminal, deletion, is_isolated};

pub(crate) const RULE: Rule = Rule {
    code: "Q008",
    name: "duplicate-lines",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "Lines of the text repeat earlier lines.",
    why: "A body pasted twice, or a caption that the page shows six times, is learned twice or six times.",
    how: "Lines of at least 20 characters, half of them letters or more, are compared without the white space \
          around them. When their share that repeats earlier lines is above the limit of the record's language, \
          the finding is a warning; a single repeated line of at least 40 characters that ends a sentence or stands alone is an info. The fix deletes \
          the later copies of such lines and is unsafe: a repetition may be meant.",
    false_positives: "A refrain stays below the limit in most songs. Separators, names of speakers and headings \
                      are too short to count.",
    source: "Rae et al., Gopher, table A1; FineWeb-2, configs (huggingface/fineweb-2 at d0defb24)",
    options: &[OptionDef {
        name: "max-percent",
        kind: OptionKind::Integer(0, 0, 100),
        doc: "Largest share of repeated lines, in per cent; 0 takes the limit of the language.",
    }],
    examples: &[
        Example::bad(
            "عادت العبارة إلى الميناء بعد توقف دام أسبوعين بسبب العاصفة.\nوقال القبطان إن الرحلات ستنتظم غدا.\n\
             عادت العبارة إلى الميناء بعد توقف دام أسبوعين بسبب العاصفة.\nوقال القبطان إن الرحلات ستنتظم غدا.",
            &["عادت العبارة إلى الميناء بعد توقف دام أسبوعين بسبب العاصفة."],
        )
        .unsafe_fixed(
            "عادت العبارة إلى الميناء بعد توقف دام أسبوعين بسبب العاصفة.\nوقال القبطان إن الرحلات ستنتظم غدا.\n\
             وقال القبطان إن الرحلات ستنتظم غدا.",
        ),
        Example::bad(
            "The ferry is back after two weeks of repairs in the yard.\n\nPhoto: the ferry in the harbour\n\n\
             Photo: the ferry in the harbour\n\nPhoto: the ferry in the harbour",
            &["Photo: the ferry in the harbour"],
        )
        .lang("en"),
        Example::good("The ferry is back.\n—\nIt left at noon.\n—\nIt came home at six.\n—").lang("en"),
        Example::good("س: متى؟\nج: غدا.\nس: أين؟\nج: هنا.\nس: متى؟\nج: غدا."),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(DuplicateLines {
            max_percent: options.integer("max-percent") as usize,
        }))
    },
};

struct DuplicateLines {
    max_percent: usize,
}

/// Characters from which one repeated line is worth a finding, and its later copies may go.
const LONG: usize = 40;

impl DuplicateLines {
    fn limit(&self, text: &Text<'_>) -> usize {
        match self.max_percent {
            0 => usize::from(thresholds::limits(text.language()).repeated_lines),
            percent => percent * 10,
        }
    }
}

fn is_long(text: &Text<'_>, repeat: &Repeat) -> bool {
    let line = &text.lines()[repeat.line];
    // A piece of a wrapped paragraph repeats by chance, and cannot go without the rest.
    let whole = is_isolated(text.lines(), repeat.line)
        || matches!(line.terminal(text.value), Terminal::Sentence | Terminal::Ellipsis);
    whole && line.text(text.value).chars().nth(LONG - 1).is_some()
}

/// Deletions of lines; neighbours with nothing but blank lines between them go together.
fn deletions(text: &Text<'_>, lines: &[usize]) -> Vec<Edit> {
    let table = text.lines();
    let mut blocks: Vec<(usize, usize)> = Vec::new();
    for &line in lines {
        match blocks.last_mut() {
            Some((_, last)) if table[*last + 1..line].iter().all(Line::is_blank) => *last = line,
            _ => blocks.push((line, line)),
        }
    }
    blocks
        .into_iter()
        .map(|(first, last)| Edit {
            span: deletion(text.value, table, first, last),
            text: String::new(),
        })
        .collect()
}

impl Check for DuplicateLines {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let repeats = repeats(text);
        let Some(first) = repeats.first() else { return };
        let filled = text.lines().iter().filter(|line| !line.is_blank()).count();
        let excess = repeats.len() >= 2 && repeats.len() * 1000 > filled * self.limit(text);
        let long: Vec<usize> = repeats
            .iter()
            .filter(|repeat| is_long(text, repeat))
            .map(|repeat| repeat.line)
            .collect();
        if !excess && long.is_empty() {
            return;
        }
        let shown = if excess { first.line } else { long[0] };
        let of = repeats
            .iter()
            .find(|repeat| repeat.line == shown)
            .map_or(0, |repeat| repeat.of);
        let message = format!(
            "{} of {filled} lines ({} %) repeat earlier lines; this one repeats line {} of the text.",
            repeats.len(),
            percent(repeats.len(), filled),
            of + 1,
        );
        let mut finding = out.span(text.lines()[shown].trimmed, message);
        if !excess {
            finding = finding.severity(Severity::Info);
        }
        if !long.is_empty() {
            finding.edits(Safety::Unsafe, "Delete the later copies", deletions(text, &long));
        }
    }
}
