//! U005 private-use.

use crate::finding::Severity;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::runs::Run;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U005",
    name: "private-use",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "Text holds a private-use character, whose meaning depends on a font.",
    why: "Without the font of the page it came from nobody can tell what it was: an icon of a share button, \
          a logo, or a letter of an old font hack.",
    how: "U+E000 to U+F8FF and planes 15 and 16. At the edge of a line it is called an icon: that is where \
          the icon fonts of web pages put them. No fix: a private-use character inside a word may be a \
          letter that another mapping can still recover.",
    false_positives: "",
    source: "Unicode 23.5",
    options: &[],
    examples: &[
        Example::bad("\u{e80b} شارك", &["\u{e80b}"]),
        Example::bad("one \u{f8ff} two", &["\u{f8ff}"]).lang("en"),
        Example::good("🍎 تفاحة"),
        Example::good("• نقطة"),
    ],
    wake: Wake::Text(Flags::PRIVATE_USE),
    check: |_| Ok(Box::new(PrivateUse)),
};

struct PrivateUse;

fn is_private(c: char) -> bool {
    // The last two of planes 15 and 16 are noncharacters.
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

fn at_line_edge(run: &Run, value: &str) -> bool {
    let before = value[..run.span.start].trim_end_matches([' ', '\u{A0}', '\t']);
    let after = value[run.span.end..].trim_start_matches([' ', '\u{A0}', '\t']);
    before.is_empty() || before.ends_with('\n') || after.is_empty() || after.starts_with(['\n', '\r'])
}

impl Check for PrivateUse {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for run in text.runs(is_private) {
            let hex = u32::from(run.code);
            let message = if run.code <= '\u{F8FF}' && at_line_edge(&run, text.value) {
                format!(
                    "Private-use character U+{hex:04X}, at this place most likely the icon of a web font."
                )
            } else {
                format!("Private-use character U+{hex:04X}; its meaning depends on a font.")
            };
            out.span(run.span, message);
        }
    }
}
