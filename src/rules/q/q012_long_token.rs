//! Q012 long-token.

use crate::finding::Severity;
use crate::record::Span;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::residue::quote;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::{self, Script};
use crate::text::scan::Flags;
use crate::text::words;

pub(crate) const RULE: Rule = Rule {
    code: "Q012",
    name: "long-token",
    severity: Severity::Warning,
    scope: Scope::Token,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A word is far too long for its script.",
    why: "Words that lost the spaces between them are one token to a reader and nonsense to a tokenizer.",
    how: "A word of the article in which more than `max-letters` letters stand in a row, or more than \
          `max-letters-arabic` in Arabic script; marks and tatweel do not count. Words with digits or beside \
          `/ @ _ = % & + . : # \\` belong to addresses, paths and keys and are left alone, and so are scripts \
          without spaces.",
    false_positives: "German, Finnish and Turkish compounds of prose stay below 60 letters. Only ASCII and Arabic \
                      words are noticed; in other alphabets the limit holds where such a word is noticed too.",
    source: "Raffel et al., C4 (2019); OSCAR quality warnings",
    options: &[
        OptionDef {
            name: "max-letters",
            kind: OptionKind::Integer(64, 64, 10_000),
            doc: "Most letters of a word.",
        },
        OptionDef {
            name: "max-letters-arabic",
            kind: OptionKind::Integer(25, 21, 10_000),
            doc: "Most letters of a word in Arabic script.",
        },
    ],
    examples: &[
        Example::bad(
            "The council themayoropenedthenewlibraryonthursdaymorningafteraclosureoftwoyears said so.",
            &["themayoropenedthenewlibraryonthursdaymorningafteraclosureoftwoyears"],
        )
        .lang("en"),
        Example::bad(
            "قال افتتحرئيسالبلديةالمكتبةالجديدةصباحالخميس أمس",
            &["افتتحرئيسالبلديةالمكتبةالجديدةصباحالخميس"],
        ),
        Example::good("Das war kein Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz.").lang("de"),
        Example::good(
            "See https://example.org/themayoropenedthenewlibraryonthursdaymorningafteraclosureoftwoyears for more.",
        )
        .lang("en"),
        Example::good("كتبت: مبروووووووووووووووووووك، ثم أضافت والاستراتيجيات المستقبلية."),
    ],
    wake: Wake::Text(Flags::LONG_TOKEN.or(Flags::ARABIC_GLUE)),
    check: |options| {
        Ok(Box::new(LongToken {
            letters: options.integer("max-letters") as usize,
            arabic: options.integer("max-letters-arabic") as usize,
        }))
    },
};

struct LongToken {
    letters: usize,
    arabic: usize,
}

/// Letters of a word that differ from the one before; `None` for what is no plain word.
fn letters(word: &str) -> Option<(usize, Script)> {
    let (mut count, mut last, mut script) = (0, '\0', Script::Common);
    for c in word.chars() {
        let class = class::class(c);
        if matches!(class.kind(), class::Kind::Digit | class::Kind::Number) {
            return None;
        }
        if class.kind() == class::Kind::Letter && c != '\u{640}' {
            // A stretched letter is one letter: how it was written, not what was written.
            count += usize::from(c != last);
            last = c;
            script = class.script();
        }
    }
    let spaced = !script.is_ideographic() && !script.is_unspaced_alphabet();
    spaced.then_some((count, script))
}

/// Whether a word stands beside a character of addresses.
fn in_address(text: &str, span: Span) -> bool {
    let joins = |c: char| "/@_=%&+.:#\\".contains(c);
    let before = text[..span.start].chars().next_back().is_some_and(joins);
    let mut after = text[span.end..].chars();
    // A stop that ends a sentence joins nothing.
    let next = after.next().is_some_and(joins) && after.next().is_some_and(char::is_alphanumeric);
    before || next
}

impl Check for LongToken {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !text.is_body() {
            return;
        }
        let shortest = self.arabic.min(self.letters);
        for word in words::words(text.value) {
            if word.span.len() <= shortest {
                continue;
            }
            let Some((count, script)) = letters(&text.value[word.span.range()]) else {
                continue;
            };
            let limit = if script == Script::Arabic {
                self.arabic
            } else {
                self.letters
            };
            if count > limit && !in_address(text.value, word.span) {
                let quoted = quote(&text.value[word.span.range()]);
                out.span(
                    word.span,
                    format!(
                        "Word of {count} letters \"{quoted}\"; words have at most {limit}: spaces were lost."
                    ),
                );
            }
        }
    }
}
