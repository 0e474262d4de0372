//! U028 vietnamese-composition.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;
use unicode_normalization::UnicodeNormalization;

pub(crate) const RULE: Rule = Rule {
    code: "U028",
    name: "vietnamese-composition",
    severity: Severity::Info,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Preview,
    default: false,
    summary: "A Vietnamese letter is written with tone marks of its own.",
    why: "Half of the words of a dataset are then spelt in one way and half in another.",
    how: "In Vietnamese records: a letter whose marks compose with it, and the old tone marks U+0340 and U+0341. \
          The fix writes the composed letter (NFC). Where the tone stands (hoà, hòa) is a matter of style.",
    false_positives: "",
    source: "UAX #15; Unicode 7.1, Vietnamese",
    options: &[],
    examples: &[
        Example::bad("hoa\u{340}", &["a\u{340}"]).lang("vi").fixed("hoà"),
        Example::bad("vie\u{323}\u{302}t nam", &["e\u{323}\u{302}"])
            .lang("vi")
            .fixed("việt nam"),
        Example::good("hoà, hòa, việt").lang("vi"),
        Example::good("a\u{301}").lang("en"),
    ],
    wake: Wake::Text(Flags::COMBINING),
    check: |_| Ok(Box::new(Vietnamese)),
};

struct Vietnamese;

impl Check for Vietnamese {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if text.language() != "vi" || text.is_address() {
            return;
        }
        let mark = |c: char| matches!(c, '\u{300}'..='\u{345}');
        let mut start = 0;
        for (at, c) in text.value.char_indices().chain([(text.value.len(), ' ')]) {
            if mark(c) {
                continue;
            }
            let cluster = &text.value[start..at];
            if cluster.chars().nth(1).is_some() && cluster.chars().next().is_some_and(char::is_alphabetic) {
                let composed: String = cluster.nfc().collect();
                if composed != cluster {
                    out.span(
                        Span::new(start, at),
                        "Vietnamese letter with tone marks of its own.",
                    )
                    .replace(Safety::Safe, "compose it", composed);
                }
            }
            start = at;
        }
    }
}
