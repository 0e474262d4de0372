//! A010 detached-haraka.

use crate::finding::{Edit, Safety, Severity};
use crate::record::Span;
use crate::rules::encoding::is_garbled;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::arabic;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A010",
    name: "detached-haraka",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "An Arabic vowel sign has no Arabic letter before it.",
    why: "The sign hangs on a space or digit, and the word it belongs to lacks it.",
    how: "U+064B to U+0652 after a space, digit, Latin letter, punctuation or at a line start. The unsafe \
          fix moves a sign over a single space to the letter before it, else deletes it.",
    false_positives: "Signs on tatweel, a dotted circle or another sign, and signs between quotation marks \
                      or brackets (grammar), stay.",
    source: "Unicode 3.6 and 9.2",
    options: &[],
    examples: &[
        Example::bad("كتاب \u{64b} جديد", &["\u{64b}"]).unsafe_fixed("كتاب\u{64b}  جديد"),
        Example::bad("\u{64f} الحكومة", &["\u{64f}"]).unsafe_fixed(" الحكومة"),
        Example::good("ـ\u{64f} علامة الضمة"),
        Example::good("كتابا\u{64b} جديدا\u{64b}"),
        Example::good("الضمة (\u{64f}) والفتحة"),
    ],
    wake: Wake::Text(Flags::HARAKAT),
    check: |_| Ok(Box::new(DetachedHaraka)),
};

/// Runs of vowel signs without a letter to stand on.
fn detached(text: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for (at, pair) in text.as_bytes().windows(2).enumerate() {
        // U+064B to U+0652 in UTF-8. The lead byte D9 never continues another character.
        if pair[0] != 0xD9 || !matches!(pair[1], 0x8B..=0x92) {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.end == at => last.end = at + 2,
            _ if !carries(text[..at].chars().next_back()) => found.push(Span::new(at, at + 2)),
            _ => {}
        }
    }
    found
}

/// Whether a character can carry a vowel sign.
fn carries(c: Option<char>) -> bool {
    c.is_some_and(|c| {
        let quote = matches!(c, '(' | '[' | '«' | '"' | '“' | '‘' | '\'' | '/');
        let letter = c.is_alphabetic() && !c.is_ascii();
        letter
            || quote
            || arabic::is_mark(c)
            || arabic::is_form(c)
            || matches!(
                c,
                arabic::TATWEEL | '\u{25cc}' | '\u{200b}'..='\u{200f}' | '\u{a0}'
            )
            || ('\u{fb50}'..='\u{fdff}').contains(&c)
    })
}

struct DetachedHaraka;

impl Check for DetachedHaraka {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for span in detached(text.value) {
            if is_garbled(text, span.start) {
                continue;
            }
            let marks = &text.value[span.range()];
            let names: Vec<_> = marks.chars().map(|c| format!("U+{:04X}", c as u32)).collect();
            let message = format!("Arabic mark {} has no Arabic letter before it.", names.join(" "));
            let mut edits = Vec::new();
            let left = text.value[..span.start].strip_suffix(' ');
            if left.is_some_and(|left| left.ends_with(arabic::is_letter)) {
                edits.push(Edit {
                    span: Span::new(span.start - 1, span.start - 1),
                    text: marks.to_owned(),
                });
            }
            edits.push(Edit {
                span,
                text: String::new(),
            });
            out.span(span, message)
                .edits(Safety::Unsafe, "move the mark to its letter, or delete it", edits);
        }
    }
}
