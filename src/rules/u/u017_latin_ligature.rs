//! U017 latin-ligature.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U017",
    name: "latin-ligature",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text holds a Latin ligature such as \u{fb01}, left over from a PDF.",
    why: "No one types it and no search for the word finds it.",
    how: "U+FB00 to U+FB06. The fix writes the letters of the ligature.",
    false_positives: "œ, æ, ĳ and ß are letters, not ligatures, and are left alone.",
    source: "UAX #15, compatibility decomposition",
    options: &[],
    examples: &[
        Example::bad("o\u{fb03}cial \u{fb01}rst", &["\u{fb03}", "\u{fb01}"])
            .lang("en")
            .fixed("official first"),
        Example::bad(
            "\u{fb00}\u{fb02}\u{fb04}\u{fb05}\u{fb06}",
            &["\u{fb00}", "\u{fb02}", "\u{fb04}", "\u{fb05}", "\u{fb06}"],
        )
        .lang("en")
        .fixed("ffflfflstst"),
        Example::good("œuvre").lang("fr"),
        Example::good("Æsir").lang("is"),
    ],
    wake: Wake::Text(Flags::LATIN_LIGATURE),
    check: |_| Ok(Box::new(LatinLigature)),
};

struct LatinLigature;

const fn letters(c: char) -> Option<&'static str> {
    match c {
        '\u{FB00}' => Some("ff"),
        '\u{FB01}' => Some("fi"),
        '\u{FB02}' => Some("fl"),
        '\u{FB03}' => Some("ffi"),
        '\u{FB04}' => Some("ffl"),
        '\u{FB05}' | '\u{FB06}' => Some("st"),
        _ => None,
    }
}

impl Check for LatinLigature {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for (at, c) in text.value.char_indices() {
            let Some(letters) = letters(c) else { continue };
            let message = format!("Latin ligature \"{c}\" (U+{:04X}) from a PDF.", u32::from(c));
            out.span(Span::new(at, at + c.len_utf8()), message).replace(
                Safety::Safe,
                format!("write `{letters}`"),
                letters,
            );
        }
    }
}
