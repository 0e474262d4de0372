//! Q004 stopword-absence.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::{has_tokens, stopwords};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::language::may_be_confused;

pub(crate) const RULE: Rule = Rule {
    code: "Q004",
    name: "stopword-absence",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The text holds almost no function words of its language.",
    why: "Prose cannot do without *the*, *of*, *في*, *من*. Text without them is a list of keywords, names \
          or links.",
    how: "Counts the function words of the record's language among the words, up to `min-hits`. Texts of fewer \
          than `min-words` words, languages without a list, and texts that look like another language, which M010 \
          reports, are not judged.",
    false_positives: "Verse and headlines hold function words too. Vowel signs are not looked at.",
    source: "Rae et al., Gopher, A1.1 (two stop words); Pomikálek, jusText (2011)",
    options: &[
        OptionDef {
            name: "min-hits",
            kind: OptionKind::Integer(2, 1, 1000),
            doc: "Fewest function words.",
        },
        OptionDef {
            name: "min-words",
            kind: OptionKind::Integer(40, 1, 100_000),
            doc: "Fewest words that are judged.",
        },
    ],
    examples: &[
        Example::bad(
            "phone cheap phone price phone offer phone store phone case phone cover phone charger phone cable phone \
             screen phone battery phone camera phone review phone deal phone sale phone shop phone repair phone parts \
             phone unlock phone plan phone signal phone update phone model",
            &["*"],
        )
        .lang("en"),
        Example::bad(
            "هاتف رخيص سعر الهاتف عروض الهواتف متجر هواتف غطاء هاتف شاحن هاتف كابل هاتف شاشة هاتف بطارية هاتف كاميرا \
             هاتف مراجعة هاتف صفقة هاتف تخفيضات هاتف صيانة هاتف قطع غيار هاتف خطة هاتف تحديث هاتف طراز هاتف ألوان هاتف ضمان هاتف",
            &["*"],
        ),
        Example::good(
            "Some forty words of prose will do for this example, because whoever writes about the town and its people \
             cannot help using the small words that hold a sentence together, even when they try to be brief, as we \
             all should.",
        )
        .lang("en"),
        Example::good("phone cheap phone price").lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(StopwordAbsence {
            min_hits: options.integer("min-hits") as usize,
            min_words: options.integer("min-words") as usize,
        }))
    },
};

struct StopwordAbsence {
    min_hits: usize,
    min_words: usize,
}

/// Longest function word in the tables, in bytes, with room for vowel signs.
const LONGEST: usize = 24;

/// [`char::is_alphanumeric`], the common letters first.
fn is_alphanumeric(c: char) -> bool {
    match c {
        '\0'..='\x7F' => c.is_ascii_alphanumeric(),
        '\u{410}'..='\u{44F}' | '\u{620}'..='\u{64A}' => true,
        c => c.is_alphanumeric(),
    }
}

/// Whether a token is one of the words, whatever its first letter's case, its edges and its vowel signs.
fn is_one_of(token: &str, words: &[&str]) -> bool {
    let token = token.trim_matches(|c: char| !is_alphanumeric(c));
    if token.is_empty() || token.len() > LONGEST {
        return false;
    }
    if words.binary_search(&token).is_ok() {
        return true;
    }
    let is_sign = |pair: &[u8]| pair[0] == 0xD9 && matches!(pair[1], 0x8B..=0x9F | 0xB0);
    let is_signed = token.as_bytes().windows(2).any(is_sign);
    let is_capital = || token.chars().next().is_some_and(char::is_uppercase);
    (is_signed || is_capital()) && {
        let plain: String = token
            .chars()
            .filter(|c| !matches!(c, '\u{64B}'..='\u{65F}' | '\u{670}'))
            .flat_map(char::to_lowercase)
            .collect();
        words.binary_search(&plain.as_str()).is_ok()
    }
}

impl Check for StopwordAbsence {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let language = text.language();
        let words = stopwords::of(language);
        if words.is_empty() {
            return;
        }
        let tokens = text.value.split([' ', '\n', '\u{A0}', '\'', '’', '-']);
        let hits = tokens
            .filter(|token| is_one_of(token, words))
            .take(self.min_hits)
            .count();
        if hits >= self.min_hits || !has_tokens(text, self.min_words) {
            return;
        }
        if text
            .looks()
            .language
            .is_some_and(|looks| !may_be_confused(looks, language))
        {
            return;
        }
        out.field(
            text.node,
            format!(
                "The text holds {hits} function words of \"{language}\"; prose of this length has at least {}.",
                self.min_hits
            ),
        );
    }
}
