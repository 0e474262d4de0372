//! U004 noncharacter.

use crate::finding::{Safety, Severity};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U004",
    name: "noncharacter",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text holds a noncharacter (U+FDD0 to U+FDEF, U+FFFE, U+FFFF and their like in each plane).",
    why: "Noncharacters are for internal use of a program and mean nothing in interchange: parsers refuse \
          or replace them. U+FFFE is usually a byte order mark read in the wrong byte order.",
    how: "Every run of one noncharacter is reported; the fix deletes it.",
    false_positives: "",
    source: "Unicode 23.7; RFC 7493 section 2.1",
    options: &[],
    examples: &[
        Example::bad("نص\u{ffff}", &["\u{ffff}"]).fixed("نص"),
        Example::bad("a\u{fdd0}\u{fdd0}b\u{1fffe}", &["\u{fdd0}\u{fdd0}", "\u{1fffe}"])
            .lang("en")
            .fixed("ab"),
        Example::good("lost \u{fffd} byte").lang("en"),
        Example::good("\u{fdf2} \u{fdcf} \u{fdfa}"),
    ],
    wake: Wake::Text(Flags::NONCHARACTER),
    check: |_| Ok(Box::new(Noncharacter)),
};

struct Noncharacter;

fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    code & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code)
}

impl Check for Noncharacter {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for run in text.runs(is_noncharacter) {
            out.span(run.span, format!("Noncharacter U+{:04X}.", u32::from(run.code)))
                .replace(Safety::Safe, "delete it", "");
        }
    }
}
