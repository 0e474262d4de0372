//! U024 turkic-i.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::residue::quote;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;
use crate::text::words::words;

pub(crate) const RULE: Rule = Rule {
    code: "U024",
    name: "turkic-i",
    severity: Severity::Warning,
    scope: Scope::Token,
    fix: Some(Safety::Unsafe),
    status: Status::Preview,
    default: false,
    summary: "The letters i and ı went wrong when case was changed.",
    why: "`i̇stanbul` and `mınıster` are words that exist nowhere; programs that change case by the wrong \
          language make them.",
    how: "i or ı with U+0307 (dot above) behind it, in any language; three or more words that begin with a \
          small letter and hold ı, in a record whose language has no such letter. The fix takes the dot away \
          and is unsafe; for words with ı there is none.",
    false_positives: "Turkish names begin with a capital letter and are not counted.",
    source: "Unicode SpecialCasing; CLDR tr and az",
    options: &[],
    examples: &[
        Example::bad("i\u{307}stanbul güzel", &["i\u{307}"])
            .lang("tr")
            .unsafe_fixed("istanbul güzel"),
        Example::bad("the mınıster sınce frıday", &["mınıster", "sınce", "frıday"]).lang("en"),
        Example::good("ılık bir gün").lang("tr"),
        Example::good("İzmir ve Kılıç").lang("en"),
        Example::good("I\u{307}zmir").lang("tr"),
    ],
    wake: Wake::Text(Flags::NON_ASCII),
    check: |_| Ok(Box::new(TurkicI)),
};

struct TurkicI;

/// Fewest words with ı that are no accident.
const LEAST: usize = 3;

impl Check for TurkicI {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for (at, dotted) in text
            .value
            .match_indices("i\u{307}")
            .chain(text.value.match_indices("ı\u{307}"))
        {
            out.span(
                Span::new(at, at + dotted.len()),
                "A dot above stands on i: wrong change of case.",
            )
            .replace(Safety::Unsafe, "write i", "i");
        }
        let language = text.language();
        if language.is_empty()
            || matches!(
                language,
                "tr" | "az" | "kk" | "crh" | "tt" | "ba" | "gag" | "kmr" | "ku"
            )
        {
            return;
        }
        if memchr::memmem::find(text.value.as_bytes(), "ı".as_bytes()).is_none() {
            return;
        }
        let found: Vec<Span> = words(text.value)
            .map(|word| word.span)
            .filter(|span| {
                let word = &text.value[span.range()];
                word.contains('ı') && word.starts_with(char::is_lowercase) && !word.contains("ı\u{307}")
            })
            .collect();
        if found.len() < LEAST {
            return;
        }
        for span in found {
            let word = quote(&text.value[span.range()]);
            out.span(span, format!("Dotless ı in a {language} word: \"{word}\"."));
        }
    }
}
