//! U026 mixed-digits-in-number.

use crate::finding::{Edit, Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::digit;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U026",
    name: "mixed-digits-in-number",
    severity: Severity::Warning,
    scope: Scope::Token,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "One number is written with the digits of two systems.",
    why: "Programs read such a number as two, or not at all; some of its digits look like others.",
    how: "Digits of two systems (ASCII, Arabic-Indic, Extended Arabic-Indic, Devanagari…) side by side, or with \
          one decimal or thousands mark between them. The fix writes all in the system of most of the digits, \
          of the first where there are as many, and is unsafe.",
    false_positives: "Two numbers with a space or bracket between them (`٢٠٢٤ (2024)`) may differ.",
    source: "UTS #39 section 5.3",
    options: &[],
    examples: &[
        Example::bad("عام ٢0٢٤ الماضي", &["٢0٢٤"]).unsafe_fixed("عام ٢٠٢٤ الماضي"),
        Example::bad("1۴00 نفر", &["1۴00"])
            .lang("fa")
            .unsafe_fixed("1400 نفر"),
        Example::bad("२0२४ में", &["२0२४"])
            .lang("hi")
            .unsafe_fixed("२०२४ में"),
        Example::bad("٣٫5 مليون", &["٣٫5"]).unsafe_fixed("٣٫٥ مليون"),
        Example::good("٢٠٢٤ (2024) و ۱۴۰۰"),
        Example::good("۱۴۰۰ و 1400").lang("fa"),
        Example::good("x² 10² H₂O").lang("en"),
    ],
    wake: Wake::Text(Flags::OTHER_DIGIT),
    check: |_| Ok(Box::new(MixedDigits)),
};

struct MixedDigits;

/// A number that is being read: its span, whether it mixes, and its first system.
struct Number {
    span: Span,
    mixed: bool,
    zero: u32,
}

impl Check for MixedDigits {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let mut number: Option<Number> = None;
        let mut mark = false;
        for (at, c) in text.value.char_indices().chain([(text.value.len(), ' ')]) {
            match (digit(c), &mut number) {
                (Some((zero, _)), Some(number)) => {
                    number.span.end = at + c.len_utf8();
                    number.mixed |= zero != number.zero;
                    mark = false;
                }
                (Some((zero, _)), None) => {
                    number = Some(Number {
                        span: Span::new(at, at + c.len_utf8()),
                        mixed: false,
                        zero,
                    });
                    mark = false;
                }
                (None, Some(_)) if !mark && matches!(c, '.' | ',' | '٫' | '٬') => mark = true,
                (None, Some(found)) => {
                    if found.mixed {
                        report(text.value, found.span, out);
                    }
                    number = None;
                }
                (None, None) => {}
            }
        }
    }
}

fn report(text: &str, span: Span, out: &mut Out<'_>) {
    let number = &text[span.range()];
    let zeros: Vec<u32> = number.chars().filter_map(digit).map(|(zero, _)| zero).collect();
    let count = |zero: u32| zeros.iter().filter(|&&other| other == zero).count();
    let best = zeros.iter().copied().map(count).max().unwrap_or(0);
    let Some(&main) = zeros.iter().find(|&&zero| count(zero) == best) else {
        return;
    };
    let edits = number
        .char_indices()
        .filter_map(|(at, c)| {
            let (zero, value) = digit(c)?;
            let written = char::from_u32(main + u32::from(value))?;
            (zero != main).then(|| Edit {
                span: Span::new(span.start + at, span.start + at + c.len_utf8()),
                text: written.to_string(),
            })
        })
        .collect();
    out.span(span, format!("Number \"{number}\" mixes digit systems."))
        .edits(Safety::Unsafe, "write all its digits in one system", edits);
}
