//! Q015 keyword-stuffing.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::stopwords;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::lines::Terminal;

pub(crate) const RULE: Rule = Rule {
    code: "Q015",
    name: "keyword-stuffing",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "A line of the text is a list of keywords.",
    why: "Keywords for search engines repeat what the article says without saying it.",
    how: "A line that commas (`,` `،` `、` `，`) or bars cut into at least `min-items` items of at most \
          three words on average, that does not end as a sentence does, and in which less than a tenth of \
          the words are function words of the record's language. Languages without a list of these are \
          not judged.",
    false_positives: "Lists of countries and ingredients stand in sentences, which have function words \
          and a full stop.",
    source: "Pomikálek, jusText (2011), density of stop words; OSCAR",
    options: &[OptionDef {
            name: "min-items",
            kind: OptionKind::Integer(12, 3, 100_000),
            doc: "Fewest items of a list.",
        },],
    examples: &[
        Example::bad(
            "The library is open.\nbuy phone, cheap phone, phone price, phone shop, phone deal, phone case, phone cover, \
             phone plan, phone repair, phone parts, phone sale, phone offer",
            &["buy phone, cheap phone, phone price, phone shop, phone deal, phone case, phone cover, phone plan, phone \
               repair, phone parts, phone sale, phone offer"],
        )
        .lang("en"),
        Example::bad(
            "اسعار، عروض، شراء، هاتف، هواتف، متجر، غطاء، شاحن، كابل، شاشة، بطارية، كاميرا",
            &["اسعار، عروض، شراء، هاتف، هواتف، متجر، غطاء، شاحن، كابل، شاشة، بطارية، كاميرا"],
        ),
        Example::good(
            "Teams came from Chad, Mali, Niger, Togo, Benin, Ghana, Kenya, Egypt, Libya, Sudan, Malawi, Angola and Gabon.",
        )
        .lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(KeywordStuffing {
            min_items: options.integer("min-items") as usize,
        }))
    },
};

struct KeywordStuffing {
    min_items: usize,
}

/// Words of an item on average.
const MAX_WORDS: usize = 3;

impl Check for KeywordStuffing {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let function_words = stopwords::of(text.language());
        if function_words.is_empty() {
            return;
        }
        for line in text.lines() {
            let content = line.text(text.value);
            let items = content
                .split([',', '،', '、', '，', '|'])
                .filter(|item| !item.trim().is_empty());
            let items = items.count();
            if items < self.min_items || line.terminal(text.value) == Terminal::Sentence {
                continue;
            }
            let (mut words, mut hits) = (0, 0);
            for word in content
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
            {
                words += 1;
                hits += usize::from(function_words.binary_search(&word).is_ok());
            }
            if words <= items * MAX_WORDS && hits * 10 < words {
                out.span(
                    line.trimmed,
                    format!("List of {items} keywords; remove the line."),
                );
            }
        }
    }
}
