//! B024 lorem-ipsum.

use crate::finding::Severity;
use crate::record::Span;
use crate::rules::residue::has_at_most_words;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::any_of::AnyOf;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

pub(crate) const RULE: Rule = Rule {
    code: "B024",
    name: "lorem-ipsum",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The article is a placeholder of page designers.",
    why: "Nobody wrote it to be read. It comes in thousands of copies.",
    how: "`lorem ipsum`, `dolor sit amet` and further pieces of the Latin one, the Arabic placeholder \
          (`هذا النص هو مثال لنص يمكن أن يستبدل`), لوريم إيبسوم, لورم ایپسوم, 占位文本. One piece in an article \
          of more than 200 words is a warning, and nothing where it stands in quotation marks.",
    false_positives: "`dolor` alone is Spanish. Articles about typesetting quote the words.",
    source: "Raffel et al., C4 (2020)",
    options: &[],
    examples: &[
        Example::bad("Lorem ipsum dolor sit amet, consectetur", &["Lorem ipsum"]).lang("en"),
        Example::bad(
            "هذا النص هو مثال لنص يمكن أن يستبدل في نفس المساحة",
            &["هذا النص هو مثال لنص يمكن أن يستبدل"],
        ),
        Example::bad("لورم ایپسوم متن ساختگی با تولید سادگی", &["لورم ایپسوم"]).lang("fa"),
        Example::bad("这里是占位文本。", &["占位文本"]).lang("zh"),
        Example::good("El dolor de espalda no cesa.").lang("es"),
        Example::good("The loremaster spoke of ipsum.").lang("en"),
        Example::good("هذا النص هو مثال جيد للطلاب."),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(LoremIpsum)),
};

struct LoremIpsum;

const PIECES: [&str; 10] = [
    "lorem ipsum",
    "dolor sit amet",
    "consectetur adipisicing elit",
    "consectetur adipiscing elit",
    "هذا النص هو مثال لنص يمكن أن يستبدل",
    "هذا النص هو مثال لنص يمكن ان يستبدل",
    "لوريم إيبسوم",
    "لوريم ايبسوم",
    "لورم ایپسوم",
    "占位文本",
];
/// Words of an article that may well speak of the placeholder.
const LONG: usize = 200;

fn finder() -> Option<&'static AhoCorasick> {
    static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(PIECES)
            .ok()
    });
    FINDER.as_ref()
}

/// A part of each piece, in the cases that occur, with a rare beginning.
fn cues() -> &'static AnyOf {
    static CUES: LazyLock<AnyOf> = LazyLock::new(|| {
        AnyOf::new(&[
            "psum",
            "PSUM",
            "r sit amet",
            "R SIT AMET",
            "R Sit Amet",
            "r Sit Amet",
            "ctetur adip",
            "CTETUR ADIP",
            "ctetur Adip",
            "مثال لنص",
            "إيبسوم",
            "ايبسوم",
            "ایپسوم",
            "占位文本",
        ])
    });
    &CUES
}

impl Check for LoremIpsum {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let Some(finder) = finder().filter(|_| cues().is_in_shaped(text.value, text.shape())) else {
            return;
        };
        let mut hits = finder.find_iter(text.value);
        let Some(first) = hits.next() else { return };
        let span = Span::new(first.start(), first.end());
        let shown = &text.value[span.range()];
        let finding = |out: &mut Out<'_>, severity| {
            out.span(span, format!("Placeholder text (\"{shown}\")."))
                .severity(severity);
        };
        if hits.next().is_some() || has_at_most_words(text.value, LONG) {
            finding(out, Severity::Error);
        } else if !is_quoted(text.value, span) {
            finding(out, Severity::Warning);
        }
    }
}

fn is_quoted(text: &str, span: Span) -> bool {
    let quote = |c: char| {
        matches!(
            c,
            '"' | '\'' | '“' | '”' | '‘' | '’' | '«' | '»' | '„' | '「' | '」'
        )
    };
    text[..span.start].chars().next_back().is_some_and(quote)
}
