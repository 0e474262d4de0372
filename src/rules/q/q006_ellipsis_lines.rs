//! Q006 ellipsis-lines.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::percent;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::lines::Terminal;

pub(crate) const RULE: Rule = Rule {
    code: "Q006",
    name: "ellipsis-lines",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "Many lines of the text end with an ellipsis.",
    why: "A list of teasers, each cut off after a few words, is not an article.",
    how: "The share of lines that end with `…` or `...`, quotation marks and brackets after them allowed. \
          Texts of fewer than `min-lines` lines are not judged.",
    false_positives: "Interviews and verse end lines so now and then.",
    source: "Rae et al., Gopher, A1.1 (30 %)",
    options: &[
        OptionDef {
            name: "max-percent",
            kind: OptionKind::Integer(30, 1, 100),
            doc: "Largest share of such lines, in per cent.",
        },
        OptionDef {
            name: "min-lines",
            kind: OptionKind::Integer(5, 1, 100_000),
            doc: "Fewest lines that are judged.",
        },
    ],
    examples: &[
        Example::bad(
            "The mayor opened the…\nThe ferry is back in…\nWho will pay for the…\nOlives again in the…\nMore",
            &["*"],
        )
        .lang("en"),
        Example::bad(
            "افتتحت البلدية...\nعادت العبارة...\nقال الوزير إن...\nخبر كامل.\nخبر آخر.",
            &["*"],
        ),
        Example::good("“I waited…”\n“And then?”\n“It came.”\n“Who?”\n“The ferry.”").lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(EllipsisLines {
            max_percent: options.integer("max-percent") as usize,
            min_lines: options.integer("min-lines") as usize,
        }))
    },
};

struct EllipsisLines {
    max_percent: usize,
    min_lines: usize,
}

impl Check for EllipsisLines {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let filled = text.lines().iter().filter(|line| !line.is_blank());
        let (mut lines, mut such) = (0, 0);
        for line in filled {
            lines += 1;
            such += usize::from(line.terminal(text.value) == Terminal::Ellipsis);
        }
        if lines >= self.min_lines && such * 100 > lines * self.max_percent {
            out.field(
                text.node,
                format!(
                    "{} % of the lines end with an ellipsis; at most {} % is usual.",
                    percent(such, lines),
                    self.max_percent
                ),
            );
        }
    }
}
