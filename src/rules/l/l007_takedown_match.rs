//! L007 takedown-match.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "L007",
    name: "takedown-match",
    severity: Severity::Error,
    scope: Scope::Corpus,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A record that was taken down has come back.",
    why: "Who asked for an article to be taken down asked for good. The next crawl collects it again, under \
          another id, from another address, with another headline; published again, it is a broken promise, \
          and in some cases a broken law.",
    how: "`corpus retract` writes tombstones into `retractions.jsonl`: keyed hashes of the id, the canonical \
          address, the text, its matching key, and of the signature that near copies share. A record that \
          matches one is reported. The message names the tombstone by its number in the order of the hashes, \
          never what was taken down. The rule needs the key (`CORPUS_RETRACT_KEY`); without it, `corpus lint` \
          says that it found nothing because it could not look, and `corpus release` refuses. A release leaves \
          the records out and counts them as `retracted`, whatever rules are selected or suppressed.",
    false_positives: "A near copy of at least 0.8 similarity may be an article about the same event from the \
                      same agency text. With `--scope record` only the record itself is taken down.",
    source: "GDPR article 17; DMCA, 17 U.S.C. § 512(c)",
    options: &[],
    examples: &[
        Example::good(
            "{\"id\":\"a-1\",\"body\":\"Without tombstones there is nothing that could have come back.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
