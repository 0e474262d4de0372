//! Q005 symbol-ratio.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::percent;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::words;

pub(crate) const RULE: Rule = Rule {
    code: "Q005",
    name: "symbol-ratio",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "The text has a hash sign, ellipsis, bullet or emoji for every few words.",
    why: "Lists of tags, teasers that are cut off and rows of emoji are not prose.",
    how: "Hash signs before a letter, ellipses (`…` or three full stops), bullets (`•` `▪` `●` `◦` `‣`) \
          and emoji are counted, each kind for itself, and compared with the words.",
    false_positives: "A post quoted in a story and a recipe with its list stay below the limit.",
    source: "Rae et al., Gopher, A1.1 (0.1 for each word)",
    options: &[OptionDef {
            name: "max-percent",
            kind: OptionKind::Integer(10, 1, 1000),
            doc: "Most signs of one kind for a hundred words.",
        },
        OptionDef {
            name: "min-words",
            kind: OptionKind::Integer(20, 1, 100_000),
            doc: "Fewest words that are judged.",
        },],
    examples: &[
        Example::bad(
            "#book #library #town #reading #children #opening #thursday #mayor #cafe #morning The library is open at last, \
             come and see it with us and bring friends",
            &["*"],
        )
        .lang("en"),
        Example::bad(
            "افتتاح المكتبة… عودة العبارة… مهرجان الزيتون… موعد الامتحانات… أسعار الخضار… طقس الغد… نتائج المباريات… \
             أخبار المدينة… وصول البعثة… حفل المدرسة…",
            &["*"],
        ),
        Example::good(
            "The mayor wrote on her page that #library would be the word of the year, and who would disagree after two \
             years of waiting for a roof that does not leak?",
        )
        .lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(SymbolRatio {
            max_percent: options.integer("max-percent") as usize,
            min_words: options.integer("min-words") as usize,
        }))
    },
};

struct SymbolRatio {
    max_percent: usize,
    min_words: usize,
}

/// Signs that are counted, each kind for itself: hash signs, ellipses, bullets, emoji.
fn count(text: &str) -> [(&'static str, usize); 4] {
    let (mut hashes, mut ellipses, mut bullets, mut emoji) = (0, text.matches("...").count(), 0, 0);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '#' => hashes += usize::from(chars.peek().is_some_and(|next| next.is_alphabetic())),
            '…' => ellipses += 1,
            '•' | '▪' | '●' | '◦' | '‣' => bullets += 1,
            '\u{1F300}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' => emoji += 1,
            _ => {}
        }
    }
    [
        ("hash signs", hashes),
        ("ellipses", ellipses),
        ("bullets", bullets),
        ("emoji", emoji),
    ]
}

impl Check for SymbolRatio {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let kinds = count(text.value);
        let Some(&(kind, most)) = kinds.iter().max_by_key(|(_, count)| *count) else {
            return;
        };
        if most < 2 {
            return;
        }
        let words = words::count(text.value);
        if words >= self.min_words && most * 100 > words * self.max_percent {
            out.field(
                text.node,
                format!(
                    "{most} {kind} in {words} words ({} for a hundred); at most {} are usual.",
                    percent(most, words),
                    self.max_percent
                ),
            );
        }
    }
}
