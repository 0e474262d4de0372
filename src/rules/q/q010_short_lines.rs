//! Q010 short-lines.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::percent;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class;

pub(crate) const RULE: Rule = Rule {
    code: "Q010",
    name: "short-lines",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "Most lines of the text are very short.",
    why: "Menus, lists and the cells of tables have short lines; prose has long ones.",
    how: "The share of lines of at most 30 characters; of those that begin in Han or kana, of at most 12. \
          Texts of fewer than `min-lines` lines are not judged.",
    false_positives: "Verse and dialogue have short lines too.",
    source: "FineWeb (2406.17557), short lines (30 characters, 67 %)",
    options: &[
        OptionDef {
            name: "max-percent",
            kind: OptionKind::Integer(67, 1, 100),
            doc: "Largest share of such lines, in per cent.",
        },
        OptionDef {
            name: "min-lines",
            kind: OptionKind::Integer(10, 1, 100_000),
            doc: "Fewest lines that are judged.",
        },
    ],
    examples: &[
        Example::bad(
            "News\nSport\nWeather\nCulture\nScience\nHealth\nTravel\nFood\nMusic\nBooks",
            &["*"],
        )
        .lang("en"),
        Example::bad(
            "أخبار\nرياضة\nطقس\nثقافة\nعلوم\nصحة\nسفر\nطعام\nموسيقى\nكتب",
            &["*"],
        ),
        Example::good("Only a few lines\nof verse").lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(ShortLines {
            max_percent: options.integer("max-percent") as usize,
            min_lines: options.integer("min-lines") as usize,
        }))
    },
};

struct ShortLines {
    max_percent: usize,
    min_lines: usize,
}

/// Characters of a short line, and of one in Han or kana.
const SHORT: (usize, usize) = (30, 12);

fn is_short(line: &str) -> bool {
    let ideographic = line
        .chars()
        .next()
        .is_some_and(|c| class::script(c).is_ideographic());
    let most = if ideographic { SHORT.1 } else { SHORT.0 };
    line.chars().nth(most).is_none()
}

impl Check for ShortLines {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let filled = text.lines().iter().filter(|line| !line.is_blank());
        let (mut lines, mut such) = (0, 0);
        for line in filled {
            lines += 1;
            such += usize::from(is_short(line.text(text.value)));
        }
        if lines >= self.min_lines && such * 100 > lines * self.max_percent {
            out.field(
                text.node,
                format!(
                    "{} % of the lines are short; at most {} % is usual.",
                    percent(such, lines),
                    self.max_percent
                ),
            );
        }
    }
}
