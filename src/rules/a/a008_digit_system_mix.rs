//! A008 digit-system-mix.

use crate::finding::Severity;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A008",
    name: "digit-system-mix",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The text mixes European and Arabic-Indic digits, or an Arabic text holds Persian digits.",
    why: "The same number then has several spellings, and counts and filters miss some of them.",
    how: "Numbers of the text are counted by digit system. Reported when the second system has at least \
          two numbers and a fifth of all, among five or more, or when an Arabic text holds U+06F0 to U+06F9, which come \
          from a Persian keyboard.",
    false_positives: "Numbers joined to Latin letters or in web addresses do not count.",
    source: "CLDR numbering systems; UTS #39 section 5.3",
    options: &[],
    examples: &[
        Example::bad("٢٠ طائرة و30 دبابة و٤٠ جنديا و50 مركبة و60 مدفعا", &["*"]),
        Example::bad("سنة ۲۰۲۴ كانت جافة", &["*"]),
        Example::good("20 طائرة و30 دبابة"),
        Example::good("iPhone 15 بسعر ٥٠٠"),
        Example::good("سال ۲۰۲۴ خشک بود").lang("fa"),
    ],
    wake: Wake::Text(Flags::OTHER_DIGIT),
    check: |_| Ok(Box::new(DigitMix)),
};

const NAMES: [&str; 3] = ["European", "Arabic-Indic", "Persian"];

const fn system(c: char) -> Option<usize> {
    match c {
        '0'..='9' => Some(0),
        '\u{660}'..='\u{669}' => Some(1),
        '\u{6f0}'..='\u{6f9}' => Some(2),
        _ => None,
    }
}

/// Numbers of a text by digit system.
fn count(text: &str) -> [usize; 3] {
    let mut counts = [0; 3];
    for token in text.split_whitespace() {
        if token.contains(|c: char| c.is_ascii_alphabetic() || c == '@' || c == '/') {
            continue;
        }
        if let Some(system) = token.chars().find_map(system) {
            counts[system] += 1;
        }
    }
    counts
}

struct DigitMix;

impl Check for DigitMix {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !text.is_body() {
            return;
        }
        let counts = count(text.value);
        if text.language() == "ar" && counts[2] > 0 {
            let message = format!(
                "{} numbers in Persian digits (U+06F0 to U+06F9) in an Arabic text.",
                counts[2]
            );
            out.field(text.node, message);
            return;
        }
        let mut order = [0, 1, 2];
        order.sort_by_key(|&system| std::cmp::Reverse(counts[system]));
        let (first, second) = (counts[order[0]], counts[order[1]]);
        let total: usize = counts.iter().sum();
        if second >= 2 && second * 5 >= total && total >= 5 {
            let message = format!(
                "Text mixes {} ({first}) and {} ({second}) digits.",
                NAMES[order[0]], NAMES[order[1]]
            );
            out.field(text.node, message);
        }
    }
}
