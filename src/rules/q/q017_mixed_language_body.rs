//! Q017 mixed-language-body.

use crate::finding::Severity;
use crate::record::Span;
use crate::rules::encoding::is_not_what_was_written;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::percent;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::language::{self, may_be_confused};
use crate::text::lines::Line;
use crate::text::prose::prose;

pub(crate) const RULE: Rule = Rule {
    code: "Q017",
    name: "mixed-language-body",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "Part of the text is in another language than the rest.",
    why: "A notice of the site in English before an Arabic article, or an article with its translation, is learned \
          as one language.",
    how: "The language of each line of at least 40 letters is found by itself; lines that are surely in another \
          language than most of the text are reported when they begin or end the text, or when they are at least \
          three and make up `min-percent` of it. Short texts are looked at line by line. In longer ones the first \
          and the last words and two places between them must show that there is a second language.",
    false_positives: "A quoted sentence inside the text, product names and addresses are not reported; languages \
                      that are easily confused count as one.",
    source: "Abadji et al., Ungoliant (2021), line-level identification in OSCAR; Wenzek et al., CCNet \
          (2020)",
    options: &[OptionDef {
        name: "min-percent",
        kind: OptionKind::Integer(15, 1, 100),
        doc: "Least share of lines inside the text that is reported, in per cent of its bytes.",
    }],
    examples: &[
        Example::bad(
            "This content is provided by the wire service and may not be republished without permission.\n\
             أعلنت البلدية صباح الاثنين أن المكتبة العامة ستفتح أبوابها حتى منتصف الليل طوال شهر الامتحانات.\n\
             وأضافت أن الدخول مجاني لجميع الطلاب الذين يحملون بطاقة الجامعة، وأن قاعة الأطفال ستغلق في الثامنة مساء.",
            &["This content is provided by the wire service and may not be republished without permission."],
        ),
        Example::bad(
            "Le maire a inauguré jeudi matin la nouvelle bibliothèque du quartier, fermée depuis deux ans.\n\
             Les habitants y trouveront plus de vingt mille livres et une salle de lecture pour les enfants.\n\
             The mayor opened the new library of the quarter on Thursday morning after two years of works.",
            &["The mayor opened the new library of the quarter on Thursday morning after two years of works."],
        )
        .lang("fr"),
        Example::good(
            "أعلنت البلدية صباح الاثنين أن المكتبة العامة ستفتح أبوابها حتى منتصف الليل طوال شهر الامتحانات.\n\
             وكتب المدير على صفحته: The library will stay open until midnight for all students of the town.\n\
             وأضافت أن الدخول مجاني لجميع الطلاب الذين يحملون بطاقة الجامعة، وأن قاعة الأطفال ستغلق في الثامنة مساء.",
        ),
        Example::good("One language only, in this short text that nobody would take for any other.\nReally.").lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(MixedLanguageBody {
            min_percent: options.integer("min-percent") as usize,
        }))
    },
};

struct MixedLanguageBody {
    min_percent: usize,
}

/// Letters of a line from which its language counts.
const MIN_LETTERS: usize = 40;
/// Confidence from which a line is surely in a language.
const SURE: f32 = 0.95;
/// Lines inside a text that make a mixture.
const MIN_LINES: usize = 3;
/// Bytes of a text whose quarters are too short to show a second language: it is looked at line by line.
const SHORT: usize = 320;

/// The words of a text that are neither in tags nor in addresses.
fn gather(text: &str, words: &mut String) {
    words.clear();
    for word in prose(text) {
        words.push_str(word);
        words.push(' ');
    }
}

/// The language that a line is surely in, if it is another than the main one.
fn foreign(line: &str, main: &str, words: &mut String) -> Option<&'static str> {
    gather(line, words);
    let found = language::detect(words);
    let language = found.at_least(SURE).filter(|_| found.letters >= MIN_LETTERS)?;
    (!may_be_confused(language, main)).then_some(language)
}

impl Check for MixedLanguageBody {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if text.lines().len() < 2 {
            return;
        }
        let looks = text.looks();
        if !(looks.is_mixed || text.value.len() <= SHORT) {
            return;
        }
        let mut words = String::new();
        gather(text.value, &mut words);
        let Some(main) = language::study(&words).language else {
            return;
        };
        let filled: Vec<&Line> = text.lines().iter().filter(|line| !line.is_blank()).collect();
        let lines: Vec<_> = filled
            .iter()
            .map(|line| foreign(line.text(text.value), main, &mut words))
            .collect();
        let Some(other) = lines.iter().copied().flatten().next() else {
            return;
        };
        if is_not_what_was_written(text) {
            return;
        }
        let own = |line: Option<&str>| line == Some(other);
        let count = lines.iter().filter(|line| own(**line)).count();
        let (mut foreign_bytes, mut bytes) = (0, 0);
        for (language, line) in lines.iter().zip(&filled) {
            bytes += line.trimmed.len();
            foreign_bytes += if own(*language) { line.trimmed.len() } else { 0 };
        }
        let share = percent(foreign_bytes, bytes);
        let first = lines.iter().position(|line| own(*line)).unwrap_or_default();
        let last = lines.iter().rposition(|line| own(*line)).unwrap_or_default();
        // A block at either end is a notice or a translation; inside the text it may be a quotation.
        let edge =
            lines.first().is_some_and(|line| own(*line)) || lines.last().is_some_and(|line| own(*line));
        if !edge && (count < MIN_LINES || share < self.min_percent as f64) {
            return;
        }
        let span = block(&filled, &lines, other, first, last);
        out.span(
            span,
            format!("{count} lines ({share} % of the text) are in \"{other}\", the rest in \"{main}\"."),
        );
    }
}

/// The first block of lines in the other language, or the last one where that ends the text.
fn block(filled: &[&Line], lines: &[Option<&str>], other: &str, first: usize, last: usize) -> Span {
    let own = |index: usize| lines.get(index).is_some_and(|line| *line == Some(other));
    let (mut start, mut end) = (first, first);
    if first > 0 && last + 1 == lines.len() {
        (start, end) = (last, last);
        while start > 0 && own(start - 1) {
            start -= 1;
        }
    }
    while own(end + 1) {
        end += 1;
    }
    Span::new(filled[start].trimmed.start, filled[end].trimmed.end)
}
