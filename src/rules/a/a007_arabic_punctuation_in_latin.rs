//! A007 arabic-punctuation-in-latin.

use crate::finding::{Safety, Severity};
use crate::rules::encoding::is_garbled;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::makeup::{Group, group};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A007",
    name: "arabic-punctuation-in-latin",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "An Arabic comma, semicolon or question mark stands in a line of Latin text.",
    why: "It comes from a keyboard left in Arabic; tokenizers glue it to the word.",
    how: "، ؛ ؟ after a Latin letter in a line without any Arabic letter, in records of languages that \
          are not written in the Arabic script.",
    false_positives: "Arabic words quoted in the line keep their marks.",
    source: "Unicode 9.2",
    options: &[],
    examples: &[
        Example::bad("He said، yes", &["،"])
            .lang("en")
            .unsafe_fixed("He said, yes"),
        Example::bad("Why؟", &["؟"]).lang("en").unsafe_fixed("Why?"),
        Example::good("the word «نعم،» means yes").lang("en"),
        Example::good("Apple، Google"),
    ],
    wake: Wake::Text(Flags::NON_ASCII),
    check: |_| Ok(Box::new(ArabicPunctuation)),
};

const ARABIC_SCRIPT: &[&str] = &[
    "ar", "fa", "ur", "ps", "ckb", "ku", "sd", "ug", "ks", "azb", "arz", "ary", "apc", "",
];

struct ArabicPunctuation;

impl Check for ArabicPunctuation {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        // All three marks are in the block of lead byte D8.
        if ARABIC_SCRIPT.contains(&text.language()) || memchr::memchr(0xD8, text.value.as_bytes()).is_none() {
            return;
        }
        for (at, mark) in text.value.match_indices(['،', '؛', '؟']) {
            let latin = match mark {
                "،" => ",",
                "؛" => ";",
                _ => "?",
            };
            let start = text.value[..at].rfind('\n').map_or(0, |end| end + 1);
            let end = text.value[at..]
                .find('\n')
                .map_or(text.value.len(), |end| at + end);
            let before = text.value[start..at].chars().next_back();
            let follows_latin = before.is_some_and(|c| group(c) == Some(Group::Latin));
            let has_arabic = text.value[start..end]
                .chars()
                .any(|c| c.is_alphabetic() && group(c) == Some(Group::Arabic));
            if !follows_latin || has_arabic || is_garbled(text, at) {
                continue;
            }
            out.span(
                at..at + mark.len(),
                format!("Arabic \"{mark}\" in Latin-script text."),
            )
            .replace(Safety::Unsafe, "put the Latin mark there", latin);
        }
    }
}
