//! U023 broken-emoji-sequence.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U023",
    name: "broken-emoji-sequence",
    severity: Severity::Info,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Preview,
    default: false,
    summary: "An emoji sequence is cut or lacks a part.",
    why: "It was cut by a program that counts code points, and shows parts that nobody wrote.",
    how: "A zero-width joiner behind an emoji without an emoji behind it; a skin tone behind no emoji; an odd \
          number of regional indicators; a keycap without digit. The fix deletes a dangling joiner or keycap; \
          the others have none.",
    false_positives: "A skin tone alone may be meant, as in an article about emoji.",
    source: "UTS #51, definitions ED-10 to ED-16",
    options: &[],
    examples: &[
        Example::bad("👨\u{200d} ok", &["\u{200d}"])
            .lang("en")
            .fixed("👨 ok"),
        Example::bad("🇪 news", &["🇪"]).lang("en"),
        Example::bad("خبر 🏽", &["🏽"]),
        Example::good("👨\u{200d}👩\u{200d}👧 👍🏽 ❤\u{fe0f}\u{200d}🔥").lang("en"),
        Example::good("🇪🇬 1\u{fe0f}\u{20e3}").lang("en"),
        Example::good("می\u{200c}رود 👍").lang("fa"),
    ],
    wake: Wake::Text(Flags::EMOJI),
    check: |_| Ok(Box::new(BrokenEmoji)),
};

struct BrokenEmoji;

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '©' | '®' | '\u{e0020}'..='\u{e007f}')
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

fn is_region(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

impl Check for BrokenEmoji {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let mut before = '\n';
        let mut regions = 0;
        let mut chars = text.value.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let span = Span::new(at, at + c.len_utf8());
            let next = chars.peek().map(|&(_, next)| next);
            match c {
                '\u{200d}' if (is_emoji(before) || before == '\u{fe0f}') && !next.is_some_and(is_emoji) => {
                    out.span(span, "Joiner behind an emoji that joins nothing.")
                        .replace(Safety::Safe, "delete it", "");
                }
                '\u{20e3}' if !matches!(before, '\u{fe0f}' | '0'..='9' | '#' | '*') => {
                    out.span(span, "Keycap without a digit.")
                        .replace(Safety::Safe, "delete it", "");
                }
                c if is_tone(c) && !(is_emoji(before) || before == '\u{fe0f}') => {
                    out.span(span, "Skin tone behind no emoji.");
                }
                _ => {}
            }
            regions = if is_region(c) { regions + 1 } else { 0 };
            if regions % 2 == 1 && !next.is_some_and(is_region) {
                out.span(span, "Regional indicator without a partner: half a flag.");
            }
            before = c;
        }
    }
}
