//! U012 line-separator.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;
use crate::text::visible;

pub(crate) const RULE: Rule = Rule {
    code: "U012",
    name: "line-separator",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A character other than line feed is used as a line break.",
    why: "U+2028, U+2029, next line, vertical tab and form feed are line breaks to some programs and not to \
          others: a JSON Lines file falls apart, two readers count different lines.",
    how: "Each is reported. The fix writes a line feed, for U+2029 two.",
    false_positives: "U+0085 beside other C1 controls is the ellipsis of windows-1252 and belongs to `E109`.",
    source: "Unicode 5.8 newline guidelines; UAX #14",
    options: &[],
    examples: &[
        Example::bad("سطر\u{2028}سطر", &["\u{2028}"]).fixed("سطر\nسطر"),
        Example::bad("a\u{85}b", &["\u{85}"]).lang("en").fixed("a\nb"),
        Example::bad("one\u{2029}two\u{b}three", &["\u{2029}", "\u{b}"])
            .lang("en")
            .fixed("one\n\ntwo\nthree"),
        Example::good("سطر\nسطر"),
        Example::good("\u{93}well\u{85}\u{94} she said").lang("en"),
        Example::good("one\n\ntwo").lang("en"),
    ],
    wake: Wake::Text(Flags::LINE_SEPARATOR),
    check: |_| Ok(Box::new(LineSeparator)),
};

struct LineSeparator;

impl Check for LineSeparator {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let windows = text
            .value
            .contains(|c| matches!(c, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9F}'));
        for (at, c) in text.value.char_indices() {
            let replacement = match c {
                '\u{85}' if windows => continue,
                '\u{2028}' | '\u{85}' | '\u{B}' | '\u{C}' => "\n",
                '\u{2029}' => "\n\n",
                _ => continue,
            };
            let message = format!(
                "{} (U+{:04X}) used as a line break.",
                capital(visible::name(c)),
                u32::from(c)
            );
            out.span(Span::new(at, at + c.len_utf8()), message).replace(
                Safety::Safe,
                "replace it by a line feed",
                replacement,
            );
        }
    }
}

/// The text with its first letter in upper case.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
