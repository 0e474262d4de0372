//! E108 question-mark-run.

use crate::finding::Severity;
use crate::rules::encoding::head;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "E108",
    name: "question-mark-run",
    severity: Severity::Error,
    scope: Scope::Line,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A line consists of question marks where words were.",
    why: "A lossy conversion wrote `?` for every letter the target charset lacks. The text is gone and \
          must be collected again.",
    how: "At least half of the line's visible characters are question marks, and either two words \
          consist of three or more of them, or three words of six or more together. The words differ \
          in length, as real words do, or the record's language is not written in Latin letters.",
    false_positives: "`What now???`: emphasis after a word is one run, not several.",
    source: "own; practice with lossy transcodes",
    options: &[],
    examples: &[
        Example::bad("???? ??????? ?? ???????", &["???? ??????? ?? ???????"]),
        Example::bad("خبر\n  ??? ????? 2019 ????", &["??? ????? 2019 ????"]),
        Example::good("What now???").lang("en"),
        Example::good("Really?? Yes.").lang("en"),
        Example::good("هل هذا صحيح؟؟؟ ماذا ???"),
        Example::good("Wer? Wie? Was? ??? Niemand weiß es ???").lang("de"),
    ],
    wake: Wake::Text(Flags::QUESTION_MARKS),
    check: |_| Ok(Box::new(QuestionMarkRun)),
};

/// Languages that are not written in Latin letters.
const NOT_LATIN: &[&str] = &[
    "ar", "fa", "ur", "ps", "ckb", "sd", "ug", "he", "yi", "ru", "uk", "be", "bg", "mk", "sr", "kk", "ky",
    "mn", "tg", "el", "hi", "mr", "ne", "bn", "pa", "gu", "ta", "te", "kn", "ml", "si", "or", "th", "lo",
    "km", "my", "ka", "hy", "am", "ti", "zh", "ja", "ko",
];

/// Whether a line looks like words turned into question marks.
fn is_lost(line: &str, language: &str) -> bool {
    let (mut marks, mut visible) = (0, 0);
    let (mut words, mut long, mut in_words) = (0, 0, 0);
    let (mut shortest, mut longest) = (usize::MAX, 0);
    for token in line.split_whitespace() {
        visible += token.chars().count();
        marks += memchr::memchr_iter(b'?', token.as_bytes()).count();
        let word = token.trim_matches(|c: char| c.is_ascii_punctuation() && c != '?');
        if word.is_empty() || !word.bytes().all(|byte| byte == b'?') {
            continue;
        }
        words += 1;
        long += usize::from(word.len() >= 3);
        in_words += word.len();
        shortest = shortest.min(word.len());
        longest = longest.max(word.len());
    }
    let dense = marks * 2 >= visible;
    let pattern = long >= 2 || (words >= 3 && in_words >= 6 && longest >= 2);
    let wordlike = shortest != longest || NOT_LATIN.contains(&language);
    dense && pattern && wordlike
}

struct QuestionMarkRun;

impl Check for QuestionMarkRun {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if memchr::memmem::find(text.value.as_bytes(), b"??").is_none() {
            return;
        }
        for line in text.lines() {
            let shown = &text.value[line.trimmed.range()];
            if shown.contains("??") && is_lost(shown, text.language()) {
                let message = format!(
                    "\"{}\" looks like text turned into question marks by a lossy conversion.",
                    head(shown)
                );
                out.span(line.trimmed, message);
            }
        }
    }
}
