//! B013 bot-challenge.

use crate::finding::Severity;
use crate::rules::residue::{has_at_most_words, line_of, quote};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B013",
    name: "bot-challenge",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The record is a captcha or bot-challenge page.",
    why: "The crawler was stopped and stored the challenge instead of the article.",
    how: "A line of which phrases of table B013 are at least half: an error when the text has at most 200 words, a warning on the line in a longer one. There is no fix: the article is missing.",
    false_positives: "Reports about captchas mention them in sentences, of which the phrase is a small part.",
    source: "Challenge pages of Cloudflare and Incapsula; practice with crawls",
    options: &[],
    examples: &[
        Example::bad(
            "Just a moment... Verifying you are human. Ray ID: 8a1b2c",
            &["Just a moment... Verifying you are human. Ray ID: 8a1b2c"],
        )
        .lang("en"),
        Example::bad(
            "Checking your browser before accessing example.org",
            &["Checking your browser before accessing example.org"],
        )
        .lang("en"),
        Example::good("Researchers solved reCAPTCHA with a robot arm, a paper of 40 pages says.").lang("en"),
        Example::good("الروبوت الجديد"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(BotChallenge)),
};

struct BotChallenge;

/// Share of the line that the phrases must be.
const MOSTLY_PHRASE: f32 = 0.5;
/// A longer text holds more than the challenge.
const PAGE_WORDS: usize = 200;

impl Check for BotChallenge {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        if hit.cover < MOSTLY_PHRASE {
            return;
        }
        let quoted = quote(line_of(text, hit));
        let finding = out.span(hit.span, format!("Captcha or bot-challenge page: \"{quoted}\"."));
        if !has_at_most_words(text.value, PAGE_WORDS) {
            finding.severity(Severity::Warning);
        }
    }
}
