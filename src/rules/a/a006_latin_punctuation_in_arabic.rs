//! A006 latin-punctuation-in-arabic.

use crate::finding::{Safety, Severity};
use crate::rules::encoding::is_garbled;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::arabic;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A006",
    name: "latin-punctuation-in-arabic",
    severity: Severity::Info,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A Latin comma, semicolon or question mark ends an Arabic word in a text that uses Arabic marks.",
    why: "Mixed marks come from keyboards and imports; they split what is one sign for a reader.",
    how: "`,` `;` `?` right after an Arabic letter and before white space or a line end are reported when \
          at least 80 % of such places in the text have ، ؛ ؟.",
    false_positives: "Outlets that use Latin marks throughout are left alone; numbers and Latin names do \
                      not count.",
    source: "Unicode 9.2; W3C Arabic layout requirements",
    options: &[],
    examples: &[
        Example::bad("قال المعلم، ثم جلس، ثم قام، ثم مشى، ثم عاد, ونام", &[","])
            .unsafe_fixed("قال المعلم، ثم جلس، ثم قام، ثم مشى، ثم عاد، ونام"),
        Example::good("قال, ثم مضى, ثم عاد"),
        Example::good("قال، ثم دفع 1,500 دولار"),
    ],
    wake: Wake::Text(Flags::ARABIC),
    check: |_| Ok(Box::new(LatinPunctuation)),
};

const fn arabic_mark(c: char) -> Option<char> {
    match c {
        ',' => Some('،'),
        ';' => Some('؛'),
        '?' => Some('؟'),
        _ => None,
    }
}

/// Places of Latin marks after Arabic words, when the text is one that uses Arabic marks.
fn strays(text: &str) -> Vec<(usize, char)> {
    let after_word = |at: usize| {
        let before = text[..at].chars().next_back();
        before.is_some_and(|c| arabic::is_letter(c) || arabic::is_mark(c))
    };
    let latin: Vec<(usize, char)> = memchr::memchr3_iter(b',', b';', b'?', text.as_bytes())
        .filter(|&at| {
            after_word(at) && (text.len() == at + 1 || text[at + 1..].starts_with(char::is_whitespace))
        })
        .filter_map(|at| Some((at, arabic_mark(char::from(text.as_bytes()[at]))?)))
        .collect();
    if latin.is_empty() {
        return latin;
    }
    let arabic = text
        .match_indices(['،', '؛', '؟'])
        .filter(|&(at, _)| after_word(at))
        .count();
    if arabic >= latin.len() * 4 {
        latin
    } else {
        Vec::new()
    }
}

struct LatinPunctuation;

impl Check for LatinPunctuation {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for (at, expected) in strays(text.value) {
            if is_garbled(text, at) {
                continue;
            }
            let found = char::from(text.value.as_bytes()[at]);
            let message = format!("Latin \"{found}\" after an Arabic word; this text uses \"{expected}\".");
            out.span(at..at + 1, message)
                .replace(Safety::Unsafe, "put the Arabic mark there", expected);
        }
    }
}
