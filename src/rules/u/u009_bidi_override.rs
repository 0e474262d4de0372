//! U009 bidi-override.

use crate::finding::{Edit, Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;
use crate::text::{bidi, visible};

pub(crate) const RULE: Rule = Rule {
    code: "U009",
    name: "bidi-override",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text holds U+202D or U+202E, which force the display order of what follows.",
    why: "An override makes a reader see other text than a program reads. News text never needs \
          one: the bidirectional algorithm orders Arabic, Hebrew and Latin by itself.",
    how: "Every U+202D (LRO) and U+202E (RLO) is reported. The fix deletes the override and the \
          U+202C (PDF) that closes it in the same paragraph.",
    false_positives: "",
    source: "UAX #9; Boucher and Anderson, Trojan Source (2021); UTR #36 section 2.4",
    options: &[],
    examples: &[
        Example::bad("\u{202e}abc", &["\u{202e}"]).fixed("abc"),
        Example::bad("price \u{202d}123\u{202c}", &["\u{202d}"])
            .lang("en")
            .fixed("price 123"),
        Example::good("\u{2067}نص\u{2069}"),
        Example::good("نص\u{200f}!"),
    ],
    wake: Wake::Text(Flags::BIDI_OVERRIDE),
    check: |_| Ok(Box::new(BidiOverride)),
};

struct BidiOverride;

impl Check for BidiOverride {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for control in bidi::controls(text.value) {
            if !control.is_override() {
                continue;
            }
            let span = control.span();
            let rest = &text.value[span.end..];
            let end = control.partner.unwrap_or_else(|| {
                span.end
                    + rest
                        .find(['\n', '\r', '\u{85}', '\u{2029}'])
                        .unwrap_or(rest.len())
            });
            let shown = visible::excerpt(&text.value[span.end..end], 40);
            let message = format!(
                "Bidi override {} (U+{:04X}) changes the display order of \"{shown}\".",
                bidi::abbreviation(control.code),
                u32::from(control.code)
            );
            let mut edits = vec![Edit {
                span,
                text: String::new(),
            }];
            if let Some(partner) = control.partner {
                edits.push(Edit {
                    span: Span::new(partner, partner + '\u{202C}'.len_utf8()),
                    text: String::new(),
                });
            }
            out.span(span, message)
                .edits(Safety::Safe, "delete the override", edits);
        }
    }
}
