//! Q006 ellipsis-lines.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::lines::LineShare;
use crate::rules::{Example, Rule, Scope, Status, Wake};
use crate::text::lines::{Terminal, terminal};

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
        Ok(Box::new(LineShare::new(
            options,
            "end with an ellipsis",
            |line| terminal(line) == Terminal::Ellipsis,
        )))
    },
};
