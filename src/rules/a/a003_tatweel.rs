//! A003 tatweel.

use crate::finding::{Edit, Safety, Severity};
use crate::record::Span;
use crate::rules::encoding::is_garbled;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::arabic::{self, TATWEEL};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A003",
    name: "tatweel",
    severity: Severity::Info,
    scope: Scope::Token,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A word is stretched with tatweel (kashida).",
    why: "U+0640 only makes a word wider. A stretched word is another string: search, counting and \
          tokenizers do not know it.",
    how: "U+0640 between two Arabic letters, and runs of two or more, are reported with the whole word. \
          The fix deletes those between letters and shortens a run at an end of a word to one.",
    false_positives: "`1445 هـ`, one-letter words before a number or quotation (`بـ 20`, `لـ«`), a single \
                      tatweel at the end of a word (`الـ20`), list marks (`أ ـ`) and tatweel that carries \
                      a mark (`هـٰذا`) stay.",
    source: "Unicode 9.2; CAMeL Tools; PyArabic",
    options: &[],
    examples: &[
        Example::bad("وصل إلى العـــراق أمس", &["العـــراق"]).fixed("وصل إلى العراق أمس"),
        Example::bad("محمـد والمديـنــة", &["محمـد", "والمديـنــة"]).fixed("محمد والمدينة"),
        Example::good("1445 هـ"),
        Example::good("بـ 20 دولارا، لـ«الصحيفة» والـ30"),
        Example::good("أ ـ البند الأول"),
        Example::good("هـٰذا"),
    ],
    wake: Wake::Text(Flags::TATWEEL),
    check: |_| Ok(Box::new(Tatweel)),
};

/// One stretched word.
struct Stretched {
    word: Span,
    edits: Vec<Edit>,
}

/// The stretched words of a text.
fn stretched(text: &str) -> Vec<Stretched> {
    let mut found: Vec<Stretched> = Vec::new();
    let mut done = 0;
    let mut mark = [0; 2];
    let pattern = TATWEEL.encode_utf8(&mut mark);
    for (at, _) in text.match_indices(&*pattern) {
        if at < done {
            continue;
        }
        let word = arabic::word_around(text, at);
        done = word.end.max(at + 1);
        if let Some(edits) = judge(text, word) {
            found.push(Stretched { word, edits });
        }
    }
    found
}

/// The edits a word needs; `None` when its tatweel is legitimate.
fn judge(text: &str, word: Span) -> Option<Vec<Edit>> {
    let source = &text[word.range()];
    let mut edits = Vec::new();
    let mut bare = false;
    let mut at = 0;
    while let Some(offset) = source[at..].find(TATWEEL) {
        let start = at + offset;
        let rest = source[start..].trim_start_matches(TATWEEL);
        let end = source.len() - rest.len();
        let count = (end - start) / TATWEEL.len_utf8();
        at = end;
        if rest.starts_with(arabic::is_mark) && count == 1 {
            continue;
        }
        let before = source[..start].chars().any(arabic::is_letter);
        let after = rest.chars().any(arabic::is_letter);
        let span = Span::new(word.start + start, word.start + end);
        if before && after {
            if is_hijri(text, word.start, &source[..start]) {
                continue;
            }
            // A mark after the run would move to another letter that has one already.
            let keep = usize::from(rest.starts_with(arabic::is_mark));
            edits.push(shorten(span, keep));
        } else if count >= 2 {
            bare |= !before && !after;
            edits.push(shorten(span, 1));
        }
    }
    if bare {
        // A rule or dash drawn with tatweel stands alone: there is no word to mend.
        return Some(Vec::new());
    }
    (!edits.is_empty()).then_some(edits)
}

fn shorten(span: Span, keep: usize) -> Edit {
    Edit {
        span,
        text: String::from(TATWEEL).repeat(keep),
    }
}

/// `هـ` after a year, with the next word glued to it.
fn is_hijri(text: &str, word_start: usize, before: &str) -> bool {
    before == "ه"
        && text[..word_start]
            .trim_end_matches(' ')
            .ends_with(|c: char| c.is_ascii_digit() || matches!(c, '\u{660}'..='\u{669}'))
}

struct Tatweel;

impl Check for Tatweel {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for Stretched { word, edits } in stretched(text.value) {
            if is_garbled(text, word.start) {
                continue;
            }
            let message = format!("Kashida (tatweel) in \"{}\".", &text.value[word.range()]);
            let builder = out.span(word, message);
            if !edits.is_empty() {
                builder.edits(Safety::Safe, "remove the tatweel", edits);
            }
        }
    }
}
