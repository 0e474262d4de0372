//! S012 title-body-swapped.

use crate::finding::Severity;
use crate::record::Role;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake};

/// Most words of a text that may be a headline.
const MAX_WORDS: usize = 20;

pub(crate) const RULE: Rule = Rule {
    code: "S012",
    name: "title-body-swapped",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "Title and text look as if each stood in the other's field.",
    why: "A mapping error of a scraper puts articles into titles. The texts of the source are then \
          headlines only, and its titles are whole articles.",
    how: "The title has more than twice the characters of the text and at least two sentence ends; \
          the text has at most 20 words and no sentence end. No fix: a fix changes one field.",
    false_positives: "A news flash of one sentence ends with a stop, and an empty text is S008's.",
    source: "Field-mapping errors seen in scraped corpora",
    options: &[],
    examples: &[
        Example::bad(
            r#"{"title":"افتتح الوزير صباح اليوم المعرض السنوي للكتاب. وحضر الافتتاح عدد من الناشرين. ويستمر المعرض أسبوعا.","body":"الوزير يفتتح معرض الكتاب"}"#,
            &["*"],
        ),
        Example::bad(
            r#"{"title":"The storm reached the coast at noon. Two roads were closed by the police. Nobody was hurt.","body":"Storm hits coast"}"#,
            &["*"],
        )
        .lang("en"),
        Example::good(
            r#"{"title":"The council has met again. It will meet on Monday too. Nothing was decided.","body":"A short report follows on Monday."}"#,
        )
        .lang("en"),
        Example::good(r#"{"title":"خبر عاجل. التفاصيل لاحقا. انتظرونا.","body":""}"#),
        Example::good(r#"{"title":"عنوان طويل يصف ما جرى. وله تتمة. وأخرى.","body":"نص المقال أطول من عنوانه بكثير، وفيه فقرات كاملة تنتهي كل منها بنقطة كما ينبغي"}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(Swapped)),
};

struct Swapped;

impl Check for Swapped {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let (Some(title), Some(body)) = (record.text(Role::Title), record.text(Role::Text)) else {
            return;
        };
        // Bytes first: almost every text is longer than its title, in any encoding of the same script.
        if title.len() < body.len() || body.trim().is_empty() {
            return;
        }
        let (long, short) = (title.chars().count(), body.chars().count());
        if long <= 2 * short
            || body.split_whitespace().nth(MAX_WORDS).is_some()
            || sentence_ends(body) > 0
            || sentence_ends(title) < 2
        {
            return;
        }
        let message = format!(
            "The title ({long} characters) is longer than the text ({short}); the fields look swapped."
        );
        match record.role(Role::Title) {
            Some(field) => out.field(field, message),
            None => out.record(message),
        };
    }
}

/// Stops that end a sentence: followed by space, a closing quote or bracket, or the end.
fn sentence_ends(text: &str) -> usize {
    let mut chars = text.chars().peekable();
    let mut ends = 0;
    while let Some(c) = chars.next() {
        match c {
            // Scripts that put no space after a stop.
            '。' | '！' | '？' | '।' | '۔' | '።' => ends += 1,
            '.' | '!' | '?' | '؟' | '…' => {
                let after = chars.peek();
                if after.is_none_or(|&c| c.is_whitespace() || "\"»”’')]".contains(c)) {
                    ends += 1;
                }
            }
            _ => {}
        }
    }
    ends
}
