//! A002 visual-order-arabic.

use crate::finding::{Safety, Severity};
use crate::rules::encoding::{head, is_garbled};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::arabic;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A002",
    name: "visual-order-arabic",
    severity: Severity::Error,
    scope: Scope::Line,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A line of Arabic is stored in the order in which it is drawn, from its end to its start.",
    why: "Text taken from a PDF is often stored from left to right. It looks right in the file it came \
          from; here every word is spelled backwards.",
    how: "Words that start with teh marbuta or alef maksura, or end with a reversed article, speak for \
          visual order, words with the article in front against it, and the function words of the line \
          are compared with those of the reversed line. One word that is impossible from end to end \
          (`ةموكحلا`), or presentation forms whose final shapes come first, also decide. Lines with \
          too little evidence follow the rest of the text. The unsafe fix reverses the line, keeps \
          numbers and Latin words in order, mirrors brackets and replaces presentation forms.",
    false_positives: "No word of Arabic starts with teh marbuta or alef maksura. No finding \
                      in 10,161 articles of one Arabic outlet.",
    source: "own; UAX #9; PDF extraction practice",
    options: &[],
    examples: &[
        Example::bad("ةموكحلا تررق", &["ةموكحلا تررق"]).unsafe_fixed("قررت الحكومة"),
        Example::bad(
            "\u{fee6}\u{fec3}\u{feee}\u{fedf}ا \u{feb2}\u{fee3}أ",
            &["\u{fee6}\u{fec3}\u{feee}\u{fedf}ا \u{feb2}\u{fee3}أ"],
        )
        .unsafe_fixed("أمس الوطن"),
        Example::good("قررت الحكومة"),
        Example::good("إلى اليمن"),
        Example::good("\u{fe8d}\u{fedf}\u{fecc}\u{feae}\u{fe8f}"),
    ],
    wake: Wake::Text(Flags::ARABIC_WORD_START.or(Flags::ARABIC_FORM)),
    check: |_| Ok(Box::new(VisualOrder)),
};

/// Languages whose spelling makes the evidence worthless: alef maksura is a vowel letter there.
const OTHERS: &[&str] = &["ug", "ckb", "ku", "ks", "fa", "ur", "ps", "sd"];

struct VisualOrder;

impl Check for VisualOrder {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if OTHERS.contains(&text.language()) || !has_cause(text) {
            return;
        }
        let lines: Vec<&str> = text
            .lines()
            .iter()
            .map(|line| &text.value[line.trimmed.range()])
            .collect();
        for index in arabic::visual_lines(&lines) {
            let span = text.lines()[index].trimmed;
            if is_garbled(text, span.start) {
                continue;
            }
            let logical = arabic::to_logical(lines[index]);
            let message = format!(
                "Line is stored in visual (reversed) order; it should read \"{}\".",
                head(&logical)
            );
            out.span(span, message)
                .replace(Safety::Unsafe, "put the line into logical order", logical);
        }
    }
}

/// Whether any word starts as no Arabic word does, or a presentation form stands in the text.
fn has_cause(text: &Text<'_>) -> bool {
    let inside = |c| arabic::is_letter(c) || arabic::is_mark(c) || c == arabic::TATWEEL;
    text.places().iter().any(|&at| {
        let (before, here) = (text.value.get(..at), text.value.get(at..));
        match here.and_then(|rest| rest.chars().next()) {
            Some('ة' | 'ى') => !before
                .and_then(|left| left.chars().next_back())
                .is_some_and(inside),
            Some(c) => arabic::is_form(c),
            None => false,
        }
    })
}
