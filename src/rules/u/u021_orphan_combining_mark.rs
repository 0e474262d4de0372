//! U021 orphan-combining-mark.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::{Kind, Script, class, is_default_ignorable, is_mark};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U021",
    name: "orphan-combining-mark",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A combining mark has no letter to stand on.",
    why: "It is drawn on a dotted circle or on the space before it, and its letter was lost.",
    how: "A mark at the start of a text or line, or behind white space, a control or punctuation. Arabic marks \
          are A010's. The fix deletes the mark and is unsafe.",
    false_positives: "Dotted circle, no-break space, joiners, hyphens, brackets and quotation marks are what \
                      grammars show a mark on or behind; selectors and enclosing keys follow signs.",
    source: "Unicode 3.6, definition D50",
    options: &[],
    examples: &[
        Example::bad("\u{301}word", &["\u{301}"])
            .lang("en")
            .unsafe_fixed("word"),
        Example::bad("text \u{93e} here", &["\u{93e}"])
            .lang("hi")
            .unsafe_fixed("text  here"),
        Example::bad("สวย. \u{e48}มาก", &["\u{e48}"]).lang("th"),
        Example::bad("мост,\u{306} река", &["\u{306}"]).lang("ru"),
        Example::good("\u{25cc}\u{301} and \u{a0}\u{301}").lang("en"),
        Example::good("e\u{301} é -\u{93e} (\u{93f})").lang("hi"),
        Example::good("1\u{fe0f}\u{20e3} ♥\u{fe0f} नि\u{200d}").lang("hi"),
        Example::good("محمد \u{64e} هنا"),
    ],
    wake: Wake::Text(Flags::COMBINING),
    check: |_| Ok(Box::new(OrphanMark)),
};

struct OrphanMark;

impl Check for OrphanMark {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let mut before = '\n';
        let mut orphan: Option<Span> = None;
        for (at, c) in text.value.char_indices().chain([(text.value.len(), '\n')]) {
            let mark = !c.is_ascii() && is_mark(c) && !is_default_ignorable(c) && c != '\u{20e3}';
            match &mut orphan {
                Some(span) if mark => span.end = at + c.len_utf8(),
                Some(span) => {
                    let first = text.value[span.range()].chars().next().unwrap_or_default();
                    let message = format!("Combining mark U+{:04X} without a base letter.", u32::from(first));
                    out.span(*span, message).replace(Safety::Unsafe, "delete it", "");
                    orphan = None;
                }
                None if mark && stands_alone(before) && class(c).script() != Script::Arabic => {
                    orphan = Some(Span::new(at, at + c.len_utf8()));
                }
                None => {}
            }
            before = c;
        }
    }
}

/// Whether nothing that carries a mark stands here.
fn stands_alone(before: char) -> bool {
    const SHOWN_ON: [char; 16] = [
        '\u{a0}', '-', '\u{2010}', '\u{2011}', '–', '—', '(', '[', '"', '\'', '“', '‘', '«', '/', '„', '`',
    ];
    match class(before).kind() {
        Kind::Letter | Kind::Mark | Kind::Digit | Kind::Number | Kind::Symbol => false,
        Kind::Punctuation => !SHOWN_ON.contains(&before),
        _ => !SHOWN_ON.contains(&before) && !is_default_ignorable(before),
    }
}
