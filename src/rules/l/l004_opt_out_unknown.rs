//! L004 opt-out-unknown.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "L004",
    name: "opt-out-unknown",
    severity: Severity::Warning,
    scope: Scope::Corpus,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "Records of a source say nothing of what its publisher wishes.",
    why: "Whoever collects under the exception for text and data mining has to look for a reservation, and has to show that it was looked for. What robots.txt said on the day cannot be found out afterwards.",
    how: "Evidence is any of the members that L003 reads, whatever they say (`robots`, `x_robots_tag`, `tdm_reservation`, `content_usage`, `ai_txt`…), in the record, in objects in it or in the JSON in `metadata`; an agreement (`agreement_id`, a `LicenseRef-…` licence); or a `feed_id`, for the publisher delivers it. A source is reported once, at its first record without any. Runs only with a corpus.toml or a schema.",
    false_positives: "Where one check covers a whole source, write its result into the records: `defaults = { robots = \"allow\" }` in `[[input]]` does it without touching a file.",
    source: "RFC 9309; W3C TDM Reservation Protocol; EU 2019/790 article 4(3); Longpre et al., Data Provenance Initiative (2024)",
    options: &[],
    examples: &[
        Example::bad(
            "{\"id\":\"1\",\"source\":\"a.example\",\"collected_at\":\"2025-03-01\",\"body\":\"The mill turns.\"}\n\
             {\"id\":\"2\",\"source\":\"a.example\",\"robots\":\"allow\",\"body\":\"The mill turns.\"}\n",
            &["*"],
        )
        .lang("en")
        .file("articles.jsonl")
        .project("[[input]]\ninclude = [\"articles.jsonl\"]\n"),
        Example::good(
            "{\"id\":\"1\",\"source\":\"a.example\",\"robots\":\"allow\",\"body\":\"The mill turns.\"}\n\
             {\"id\":\"2\",\"source\":\"b.example\",\"feed_id\":\"f-1\",\"body\":\"The mill turns.\"}\n\
             {\"id\":\"3\",\"source\":\"c.example\",\"metadata\":\"{\\\"robots\\\": \\\"allow\\\"}\",\"body\":\"The mill turns.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl")
        .project("[[input]]\ninclude = [\"articles.jsonl\"]\n"),
        Example::good("{\"id\":\"1\",\"source\":\"a.example\",\"body\":\"The mill turns.\"}\n")
            .lang("en")
            .file("articles.jsonl"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
