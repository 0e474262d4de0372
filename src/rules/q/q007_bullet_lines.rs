//! Q007 bullet-lines.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::lines::LineShare;
use crate::rules::{Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "Q007",
    name: "bullet-lines",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "Nearly all lines of the text begin with a bullet.",
    why: "A menu or a table of contents is not an article.",
    how: "The share of lines that begin with one of `•` `-` `–` `*` `▪` `●` `◦` `‣` `·`. Texts of fewer \
          than `min-lines` lines are not judged.",
    false_positives: "Key points with prose around them stay below the limit; dialogue with dashes can \
          reach it.",
    source: "Rae et al., Gopher, A1.1 (90 %)",
    options: &[OptionDef {
            name: "max-percent",
            kind: OptionKind::Integer(90, 1, 100),
            doc: "Largest share of such lines, in per cent.",
        },
        OptionDef {
            name: "min-lines",
            kind: OptionKind::Integer(5, 1, 100_000),
            doc: "Fewest lines that are judged.",
        },],
    examples: &[
        Example::bad("• Home\n• News\n• Sport\n• Weather\n• Contact", &["*"]).lang("en"),
        Example::bad("- الرئيسية\n- أخبار\n- رياضة\n- طقس\n- اتصل بنا", &["*"]),
        Example::good("Key points:\n• The library is open.\n• It closes at midnight.\n• Entry is free.\nThe mayor came at eight.").lang("en"),
    ],
    wake: Wake::Body,
    check: |options| Ok(Box::new(LineShare::new(options, "begin with a bullet", |line| line.starts_with(['•', '-', '–', '*', '▪', '●', '◦', '‣', '·'])))),
};
