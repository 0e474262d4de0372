//! Q002 mean-word-length.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::{has_tokens, thresholds};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::{class, words};

pub(crate) const RULE: Rule = Rule {
    code: "Q002",
    name: "mean-word-length",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The words of the text are longer or shorter on average than words of its language.",
    why: "Very short words on average are spelled-out letters or codes; very long ones are words that lost the \
          spaces between them, or addresses.",
    how: "Letters and marks for each word that holds a letter, compared with the limits of the record's language. \
          Languages without a row are judged between 2 and 25. Texts of fewer than `min-words` words and scripts \
          without spaces are not judged.",
    false_positives: "The limits are those of whole web pages in each language and lie far from prose.",
    source: "FineWeb-2, configs (huggingface/fineweb-2 at d0defb24); Rae et al., Gopher, A1.1",
    options: &[OptionDef {
        name: "min-words",
        kind: OptionKind::Integer(30, 1, 100_000),
        doc: "Fewest words that are judged.",
    }],
    examples: &[
        Example::bad(
            "ا ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه و ي ا ب ت ث ج ح خ د ذ ر ز س",
            &["*"],
        ),
        Example::bad(
            "Themayoropened thenewlibrary onThursdaymorning afteraclosureof twoyears, andtheneighbours \
             whohadwaited forsolong broughttheirchildren tothereadingroom. Morethantwenty thousandbooks \
             standthere, saidthe librarian, andasmall cafeisrun byanassociation ofparents. Thecouncil \
             hadpromised itbefore theelections, buttheroof wasleaking andthemoney wasmissing untilnow. \
             Thefirstbook wasborrowed byaboy whohadcome withhisgrandmother atseven inthemorning, beforethe \
             doorswereopen.",
            &["*"],
        )
        .lang("en"),
        Example::good(
            "Der Bürgermeister eröffnete am Donnerstagmorgen die Stadtteilbibliothek, die zwei Jahre lang wegen \
             umfangreicher Dachsanierungsarbeiten geschlossen war. Rund zwanzigtausend Bücher, ein \
             Kinderlesesaal und ein kleines Vereinscafé erwarten die Besucherinnen und Besucher.",
        )
        .lang("de"),
        Example::good("A B C").lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(MeanWordLength {
            min_words: options.integer("min-words") as usize,
        }))
    },
};

struct MeanWordLength {
    min_words: usize,
}

/// Letters and marks of the words that hold a letter, and the number of these.
fn measure(text: &str) -> (usize, usize) {
    let (mut letters, mut count) = (0, 0);
    for word in words::words(text) {
        let word = &text[word.span.range()];
        let own = word
            .chars()
            .filter(|&c| class::is_letter(c) || class::is_mark(c))
            .count();
        letters += own;
        count += usize::from(own > 0);
    }
    (letters, count)
}

impl Check for MeanWordLength {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !has_tokens(text, self.min_words) {
            return;
        }
        let (low, high) = thresholds::limits(text.language()).mean_word;
        let (low, high) = (f64::from(low), f64::from(high));
        let near = text.shape().mean_word();
        // Bytewise counts take marks and figures for letters or the other way round: a letter of slack.
        if near > low + 1.0 && near < high - 1.0 {
            return;
        }
        let (letters, count) = measure(text.value);
        if count < self.min_words {
            return;
        }
        let mean = letters as f64 / count as f64;
        if mean < low || mean > high {
            let language = text.language();
            out.field(
                text.node,
                format!(
                    "Words have {mean:.1} letters on average; in \"{language}\" {low} to {high} are usual."
                ),
            );
        }
    }
}
