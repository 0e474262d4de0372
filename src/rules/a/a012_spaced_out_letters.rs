//! A012 spaced-out-letters.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::encoding::is_garbled;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::arabic;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A012",
    name: "spaced-out-letters",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "The letters of a word are separated by spaces.",
    why: "Text recognition and PDF files put spaces between letters for looks; what is left are letters, \
          not words.",
    how: "In ar, fa and ur: five or more Arabic one-letter words in a row, single spaces between them, not all of them the \
          same. A run of four counts when it is a line of its own. The unsafe \
          fix joins them.",
    false_positives: "Lists of letters (`أ ب ج`) and abbreviations with stops are shorter or have marks.",
    source: "practice with text recognition and PDF",
    options: &[],
    examples: &[
        Example::bad("قررت ا ل ح ك و م ة أمس", &["ا ل ح ك و م ة"]).unsafe_fixed("قررت الحكومة أمس"),
        Example::bad("و ز ي ر", &["و ز ي ر"]).unsafe_fixed("وزير"),
        Example::good("أ ب ج"),
        Example::good("أ. ف. ب."),
        Example::good("أ ب ت ث ج ح خ د ذ ر ز"),
    ],
    wake: Wake::Text(Flags::SPACED),
    check: |_| Ok(Box::new(SpacedOut)),
};

const ALPHABETS: [&str; 2] = ["أبتثجحخدذرزسشصضطظعغفقكلمنهوي", "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"];

/// Runs of one-letter words.
fn runs(text: &str) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let mut run: Option<(Span, String)> = None;
    for token in text.split([' ', '\n']) {
        let start = token.as_ptr().addr() - text.as_ptr().addr();
        let mut letters = token.chars().filter(|&c| !arabic::is_mark(c));
        let single = match (letters.next(), letters.next()) {
            (Some(c), None) if arabic::is_letter(c) => Some(c),
            _ => None,
        };
        let broken = run
            .as_ref()
            .is_some_and(|(span, _)| span.end + 1 != start || text.as_bytes()[span.end] == b'\n');
        if single.is_none() || broken {
            found.extend(run.take());
        }
        if let Some(c) = single {
            let (span, word) = run.get_or_insert_with(|| (Span::new(start, start), String::new()));
            span.end = start + token.len();
            word.push(c);
        }
    }
    found.extend(run);
    found.retain(|(span, word)| is_word(text, *span, word));
    found
}

/// Whether a run is a word and not a list of letters.
fn is_word(text: &str, span: Span, word: &str) -> bool {
    let count = word.chars().count();
    let alone = |at: Option<char>| matches!(at, None | Some('\n'));
    let line = alone(text[..span.start].chars().next_back()) && alone(text[span.end..].chars().next());
    let bare: String = word.chars().map(|c| if c == 'ا' { 'أ' } else { c }).collect();
    let list = ALPHABETS.iter().any(|alphabet| alphabet.contains(&bare));
    let mixed = word.chars().any(|c| !word.starts_with(c));
    mixed && !list && (count >= 5 || (line && count >= 4))
}

struct SpacedOut;

impl Check for SpacedOut {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !matches!(text.language(), "ar" | "fa" | "ur" | "") || !text.scan.flags.any(Flags::ARABIC) {
            return;
        }
        for (span, word) in runs(text.value) {
            if is_garbled(text, span.start) {
                continue;
            }
            let source = &text.value[span.range()];
            let joined: String = source.chars().filter(|&c| c != ' ').collect();
            out.span(
                span,
                format!("Letters are separated by spaces: \"{source}\" is \"{word}\"."),
            )
            .replace(Safety::Unsafe, "join the letters", joined);
        }
    }
}
