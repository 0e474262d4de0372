//! Q009 duplicate-ngrams.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::has_tokens;
use crate::rules::quality::ngrams::{Grams, repetition};
use crate::rules::quality::thresholds::{self, Limits};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "Q009",
    name: "duplicate-ngrams",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "Groups of words repeat over much of the text.",
    why: "Looped text and text stuffed for search engines teaches a model to loop.",
    how: "The share of characters in groups of 5 to 10 words that stood before, and the share that the most \
          frequent group of 2 to 4 words takes where it stands at least four times, are compared with the limits \
          of the record's language and half of them on top. Tags and addresses do not count. Groups are counted only where a tenth of the words is followed by the same 24 bytes \
          as one before, or one in 16 by the same 12 bytes. Texts of fewer than `min-words` words and scripts without spaces are \
          not judged.",
    false_positives: "Forms of address and refrains repeat less than the limits, which are high quantiles of \
                      whole web pages.",
    source: "Rae et al., Gopher, table A1; FineWeb-2, configs (huggingface/fineweb-2 at d0defb24)",
    options: &[OptionDef {
        name: "min-words",
        kind: OptionKind::Integer(80, 10, 1_000_000),
        doc: "Fewest words that are judged.",
    }],
    examples: &[
        Example::bad(LOOPED, &["*"]),
        Example::bad(STUFFED, &["*"]).lang("en"),
        Example::good(
            "The speaker thanked the members of the house and asked the minister about the bridge. The minister said \
             that the bridge would open in May. A member from the hills wanted to know who would pay, and the \
             minister answered that the province would pay one half and the towns on both banks the other. Another \
             member recalled that the ferry had carried farmers and their goods for ninety years, and asked what \
             would become of its crew. The minister promised each of them a post, and the house went on to the price \
             of bread.",
        )
        .lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(DuplicateNgrams {
            min_words: options.integer("min-words") as usize,
        }))
    },
};

const LOOPED: &str = "قال المدير إن المشروع سيبدأ في الربيع القادم وإن التمويل جاهز. قال المدير إن المشروع سيبدأ في \
    الربيع القادم وإن التمويل جاهز. قال المدير إن المشروع سيبدأ في الربيع القادم وإن التمويل جاهز. قال المدير إن المشروع \
    سيبدأ في الربيع القادم وإن التمويل جاهز. قال المدير إن المشروع سيبدأ في الربيع القادم وإن التمويل جاهز. قال المدير \
    إن المشروع سيبدأ في الربيع القادم وإن التمويل جاهز. قال المدير إن المشروع سيبدأ في الربيع القادم وإن التمويل جاهز. \
    قال المدير إن المشروع سيبدأ في الربيع القادم وإن التمويل جاهز.";
const STUFFED: &str = "Buy running shoes here. Cheap running shoes online. Our running shoes are the best running shoes. \
    Order running shoes today and get running shoes tomorrow. Find running shoes for men, running shoes for women, \
    running shoes for children. Compare running shoes and read running shoes reviews. Running shoes on sale: all running \
    shoes, new running shoes, light running shoes, trail running shoes. Who sells running shoes? We sell running shoes. \
    The running shoes shop for running shoes lovers with running shoes prices.";

struct DuplicateNgrams {
    min_words: usize,
}

/// Per cent of the words after which the same bytes followed before, from which groups are counted.
const GATE: usize = 10;
/// Per cent of the words after which one beginning of a group follows, likewise.
const TOP_GATE: usize = 6;

/// A limit with half of it on top: the published ones cut off a hundredth of all good texts too.
fn limit(thousandths: u16) -> usize {
    usize::from(thousandths) * 3 / 2
}

/// The first limit that the groups exceed: words in a group, share and limit in thousandths.
fn excess(grams: &Grams, limits: &Limits) -> Option<(u16, usize, usize)> {
    let repeated = (5..=10).map(|n| (n, grams.repeated(usize::from(n)), limit(limits.repeated(n))));
    let top = (2..=4).map(|n| (n, grams.top(usize::from(n)), limit(limits.top(n))));
    repeated.chain(top).find(|&(_, share, limit)| share > limit)
}

impl Check for DuplicateNgrams {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !has_tokens(text, self.min_words) {
            return;
        }
        let repetition = repetition(text.value);
        if repetition.seen < GATE && repetition.top < TOP_GATE {
            return;
        }
        let grams = Grams::new(text.value);
        if grams.len() < self.min_words {
            return;
        }
        if let Some((n, share, limit)) = excess(&grams, thresholds::limits(text.language())) {
            let what = if n < 5 {
                format!("One group of {n} words takes")
            } else {
                format!("Repeated groups of {n} words take")
            };
            out.field(
                text.node,
                format!(
                    "{what} {} % of the text; at most {} % is usual.",
                    share as f64 / 10.0,
                    limit as f64 / 10.0
                ),
            );
        }
    }
}
