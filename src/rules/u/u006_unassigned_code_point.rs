//! U006 unassigned-code-point.

use crate::finding::Severity;
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::is_assigned;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U006",
    name: "unassigned-code-point",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "A text holds a code point that stands for no character yet.",
    why: "It comes from broken conversion, or from a Unicode version that readers of the dataset do not have.",
    how: "Code points without a character in the Unicode version of the tool's tables. Private use is U005's, \
          noncharacters are U004's.",
    false_positives: "Characters that are newer than the tables.",
    source: "Unicode Character Database, General_Category Cn",
    options: &[],
    examples: &[
        Example::bad("a \u{378} b", &["\u{378}"]).lang("el"),
        Example::bad("נ\u{5ff}", &["\u{5ff}"]).lang("he"),
        Example::good("ࣈ and हिन्दी and ไทย"),
        Example::good("\u{e000} \u{fffe}").lang("en"),
    ],
    wake: Wake::Text(Flags::UNASSIGNED),
    check: |_| Ok(Box::new(Unassigned)),
};

struct Unassigned;

impl Check for Unassigned {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for (at, c) in text.value.char_indices().filter(|(_, c)| !c.is_ascii()) {
            let code = u32::from(c);
            let noncharacter = (code & 0xfffe) == 0xfffe || (0xfdd0..=0xfdef).contains(&code);
            if !noncharacter && !is_assigned(c) {
                out.span(
                    Span::new(at, at + c.len_utf8()),
                    format!("U+{code:04X} is assigned to no character."),
                );
            }
        }
    }
}
