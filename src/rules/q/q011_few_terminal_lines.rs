//! Q011 few-terminal-lines.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::{percent, thresholds};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::lines::{Terminal, terminal};

pub(crate) const RULE: Rule = Rule {
    code: "Q011",
    name: "few-terminal-lines",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "Hardly any line of the text ends as a sentence does.",
    why: "Lines of prose end with a full stop; headings, menus and teasers do not.",
    how: "The share of lines that end with `. ! ? …` or their like in other scripts, quotation marks, brackets \
          and tags after them allowed, is compared with the limit of the record's language. Texts of fewer than \
          `min-lines` lines are not judged, nor are languages whose limit is 0, such as Thai.",
    false_positives: "Hard-wrapped text ends few lines with a full stop; lines that go on in the next one count \
                      as its part.",
    source: "FineWeb (2406.17557); FineWeb-2, configs (huggingface/fineweb-2 at d0defb24)",
    options: &[OptionDef {
        name: "min-lines",
        kind: OptionKind::Integer(8, 1, 100_000),
        doc: "Fewest lines that are judged.",
    }],
    examples: &[
        Example::bad(
            "أخبار المدينة\nافتتاح المكتبة\nعودة العبارة\nمهرجان الزيتون\nموعد الامتحانات\nأسعار الخضار\nطقس الغد\nنتائج المباريات",
            &["*"],
        ),
        Example::bad(
            "Top stories\nLibrary opens\nFerry returns\nOlive festival\nExam dates\nMarket prices\nWeather\nMatch results",
            &["*"],
        )
        .lang("en"),
        Example::good(
            "One line ends.\nSo does another.\nA heading\nThe text goes on.\nAnd on.\nAnd on!\n“Really?”\nYes.",
        )
        .lang("en"),
        Example::good("Top stories\nLibrary opens").lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(FewTerminalLines {
            min_lines: options.integer("min-lines") as usize,
        }))
    },
};

struct FewTerminalLines {
    min_lines: usize,
}

/// Bytes from which a line is a paragraph that was wrapped rather than a heading.
const WRAPPED: usize = 60;

/// A line without the tags at its end.
fn without_tags(line: &str) -> &str {
    let mut line = line;
    while let Some(start) = line.strip_suffix('>').and_then(|inner| inner.rfind('<')) {
        line = line[..start].trim_end();
    }
    line
}

impl Check for FewTerminalLines {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let limit = usize::from(thresholds::limits(text.language()).ended_lines);
        if limit == 0 || text.lines().len() < self.min_lines {
            return;
        }
        let (mut lines, mut ended) = (0, 0);
        let mut wrapped = false;
        for line in text.lines() {
            let shown = without_tags(line.text(text.value));
            if shown.is_empty() {
                wrapped = false;
                continue;
            }
            // A line after a long open one continues it: both are one line.
            lines += usize::from(!wrapped);
            let terminal = terminal(shown);
            let ends = matches!(terminal, Terminal::Sentence | Terminal::Ellipsis);
            ended += usize::from(ends);
            wrapped = !ends && line.trimmed.len() >= WRAPPED;
        }
        if lines >= self.min_lines && ended * 1000 < lines * limit {
            out.field(
                text.node,
                format!(
                    "Only {} % of the lines end as a sentence does; prose has at least {} %.",
                    percent(ended, lines),
                    percent(limit, 1000),
                ),
            );
        }
    }
}
