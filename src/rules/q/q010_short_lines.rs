//! Q010 short-lines.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::lines::LineShare;
use crate::rules::{Example, Rule, Scope, Status, Wake};
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
    check: |options| Ok(Box::new(LineShare::new(options, "are short", is_short))),
};

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
