//! U022 variation-selector-misuse.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::{Kind, Script, class};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U022",
    name: "variation-selector-misuse",
    severity: Severity::Info,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Preview,
    default: false,
    summary: "A variation selector follows a character that has no variants.",
    why: "Nobody sees it, every program does; rows of them can carry hidden messages.",
    how: "U+FE00 to U+FE0F behind letters that have none, white space or nothing; U+E0100 to U+E01EF behind \
          anything but a Han character; two or more in a row. The fix deletes what is too much.",
    false_positives: "Selectors behind emoji, signs, digits of keycaps, Han, Mongolian, Myanmar and Phags-pa letters stay.",
    source: "UTS #37; UTS #51; StandardizedVariants of the Unicode Character Database",
    options: &[],
    examples: &[
        Example::bad("a\u{fe0f}b", &["\u{fe0f}"]).lang("en").fixed("ab"),
        Example::bad("x\u{e0100}\u{e0101}", &["\u{e0100}\u{e0101}"])
            .lang("en")
            .fixed("x"),
        Example::bad("خبر\u{fe0f}", &["\u{fe0f}"]).fixed("خبر"),
        Example::good("❤\u{fe0f} 1\u{fe0f}\u{20e3}").lang("en"),
        Example::good("葛\u{e0100}").lang("ja"),
    ],
    wake: Wake::Text(Flags::VARIATION),
    check: |_| Ok(Box::new(Selectors)),
};

struct Selectors;

fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn may_follow(base: Option<char>, selector: char) -> bool {
    let Some(base) = base else { return false };
    let script = class(base).script();
    if matches!(selector, '\u{e0100}'..='\u{e01ef}') {
        return script == Script::Han;
    }
    match class(base).kind() {
        Kind::Letter => {
            // Enclosed and letter-like signs are letters of no script.
            matches!(
                script,
                Script::Han
                    | Script::Mongolian
                    | Script::Myanmar
                    | Script::Common
                    | Script::Other
                    | Script::Hiragana
                    | Script::Katakana
            )
        }
        Kind::Separator | Kind::Control | Kind::Format => base == '\u{200d}',
        _ => true,
    }
}

impl Check for Selectors {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let mut base = None;
        let mut run: Option<Span> = None;
        for (at, c) in text.value.char_indices().chain([(text.value.len(), '\n')]) {
            if is_selector(c) {
                run.get_or_insert(Span::new(at, at)).end = at + c.len_utf8();
                continue;
            }
            if let Some(span) = run.take() {
                let first = text.value[span.range()].chars().next().unwrap_or_default();
                let kept = if may_follow(base, first) {
                    first.len_utf8()
                } else {
                    0
                };
                let excess = Span::new(span.start + kept, span.end);
                if !excess.is_empty() {
                    let count = text.value[excess.range()].chars().count();
                    out.span(
                        excess,
                        format!(
                            "{count} variation selectors (U+{:04X}…) that select nothing.",
                            u32::from(first)
                        ),
                    )
                    .replace(Safety::Safe, "delete them", "");
                }
            }
            base = Some(c);
        }
    }
}
