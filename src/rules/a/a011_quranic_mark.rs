//! A011 quranic-mark.

use crate::finding::Severity;
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A011",
    name: "quranic-mark",
    severity: Severity::Info,
    scope: Scope::Span,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "A sign of Quranic recitation stands outside a quotation.",
    why: "In a news text it is left over from a keyboard or a wrong conversion.",
    how: "U+0610 to U+061A and U+06D6 to U+06ED outside ﴿ ﴾, quotation marks, brackets and braces on their line.",
    false_positives: "Quotations without marks around them.",
    source: "Unicode 9.2, Quranic annotation signs",
    options: &[],
    examples: &[
        Example::bad("قالۖ الوزير", &["ۖ"]),
        Example::bad("المدينةۚ", &["ۚ"]),
        Example::good("﴿ذَٰلِكَ ٱلۡكِتَٰبُ ۛ﴾"),
        Example::good("قال: «الحمد لله ۖ رب»"),
        Example::good("قال الوزير"),
    ],
    wake: Wake::Text(Flags::ARABIC),
    check: |_| Ok(Box::new(QuranicMark)),
};

struct QuranicMark;

impl Check for QuranicMark {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let (mut depth, mut quoted) = (0_usize, false);
        for (at, c) in text.value.char_indices() {
            match c {
                '\n' => (depth, quoted) = (0, false),
                '"' => quoted = !quoted,
                // The ornate brackets are typed in either order.
                '﴿' | '﴾' => depth = usize::from(depth == 0),
                '«' | '“' | '(' | '{' | '[' => depth += 1,
                '»' | '”' | ')' | '}' | ']' => depth = depth.saturating_sub(1),
                '\u{610}'..='\u{61a}' | '\u{6d6}'..='\u{6ed}' if depth == 0 && !quoted => {
                    let message = format!("Quranic sign U+{:04X} outside a quotation.", u32::from(c));
                    out.span(Span::new(at, at + c.len_utf8()), message);
                }
                _ => {}
            }
        }
    }
}
