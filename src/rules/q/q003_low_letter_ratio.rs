//! Q003 low-letter-ratio.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::{has_letter, has_tokens, percent, thresholds};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::prose::prose;

pub(crate) const RULE: Rule = Rule {
    code: "Q003",
    name: "low-letter-ratio",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "Too few of the tokens hold a letter: a table rather than prose.",
    why: "Lists of prices, scores and times are tables whose columns were lost. Without these they say \
          nothing.",
    how: "Tokens are what white space separates, if they hold a letter or a figure; tags and addresses do \
          not count. The share with at least one letter is compared with the limit of the record's \
          language. Texts of fewer than `min-tokens` tokens and scripts without spaces are not judged.",
    false_positives: "Stories about budgets and matches hold many figures and stay far above the limit, \
          which is that of tokenizers that count punctuation too.",
    source: "Rae et al., Gopher, A1.1; FineWeb-2, configs (huggingface/fineweb-2 at d0defb24)",
    options: &[OptionDef {
        name: "min-tokens",
        kind: OptionKind::Integer(40, 1, 100_000),
        doc: "Fewest tokens that are judged.",
    }],
    examples: &[
        Example::bad(
            "طماطم 12 14 13 11 10\nبطاطا 5 6 7 5 6\nبصل 4 4 5 3 4\nخيار 8 9 9 8 7\nجزر 6 6 5 7 6\nثوم 30 32 31 29 28\n\
             فلفل 15 14 16 15 15\nباذنجان 9 8 9 9 8",
            &["*"],
        ),
        Example::bad(
            "Reds 2 - 1 Blues | 3 - 0 | 1 - 1 | 0 - 2 | 4 - 4 | 2 - 0 | 1 - 3 | 5 - 2 | 0 - 0 | 1 - 0 | 2 - 2 | 3 - 3 | 0 - 1 | 2 - 1 | 4 - 0 | 1 - 2 | 6 - 1 | 0 - 3 | 2 - 4 | 5 - 5 | 1 - 4",
            &["*"],
        )
        .lang("en"),
        Example::good(
            "بلغت الموازنة 12 مليار درهم في 2023 مقابل 10 مليارات في 2022، أي بزيادة 20 في المئة، وخصص منها 3 مليارات \
             للتعليم و2 مليار للصحة، وقال الوزير إن العجز سيتراجع إلى 4 في المئة من الناتج المحلي خلال العام المقبل، \
             وإن الدين العام لن يتجاوز 60 في المئة.",
        ),
        Example::good("10:00 12:30 14:00").lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(LowLetterRatio {
            min_tokens: options.integer("min-tokens") as usize,
        }))
    },
};

/// Fewer tokens leave some room: the limits were measured on long documents.
const SURE_TOKENS: usize = 100;

struct LowLetterRatio {
    min_tokens: usize,
}

impl Check for LowLetterRatio {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let shape = text.shape();
        let limit = usize::from(thresholds::limits(text.language()).lettered_tokens);
        // Tokens that begin with a letter are too many already to be below the limit.
        let begun = shape.tokens - shape.odd_tokens;
        if begun * 1000 >= shape.tokens * limit || !has_tokens(text, self.min_tokens) {
            return;
        }
        let (mut all, mut lettered) = (0, 0);
        for token in prose(text.value) {
            let letter = has_letter(token);
            lettered += usize::from(letter);
            all += usize::from(letter || token.chars().any(char::is_numeric));
        }
        // A brief full of dates and results is prose still.
        let limit = if all < SURE_TOKENS { limit * 9 / 10 } else { limit };
        if all >= self.min_tokens && lettered * 1000 < all * limit {
            out.field(
                text.node,
                format!(
                    "Only {} % of the tokens hold a letter; prose has at least {} %.",
                    percent(lettered, all),
                    percent(limit, 1000),
                ),
            );
        }
    }
}
