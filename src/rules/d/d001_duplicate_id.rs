//! D001 duplicate-id.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "D001",
    name: "duplicate-id",
    severity: Severity::Error,
    scope: Scope::Corpus,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "Several records have the same id.",
    why: "The id is the key by which records are joined, updated, taken down and compared between \
          releases. Two records of one id make each of these ambiguous: a takedown may remove the \
          wrong one, and a join doubles rows.",
    how: "The ids of all files together are compared by a 128-bit hash, on disk when they exceed the \
          memory budget, and each repeated id is reported once with its places. A release refuses, \
          unless `[dedup] same-id` says `latest` or `earliest`: then the record with that publication \
          time stays and the others are listed in the audit as superseded.",
    false_positives: "None: ids are compared as they are, without folding. Versions of one article need \
                      ids of their own, or `same-id`.",
    source: "Primary keys of relational databases; Frictionless Table Schema, `primaryKey`",
    options: &[],
    examples: &[
        Example::bad(
            "{\"id\":\"a-1\",\"body\":\"The mill turns again.\"}\n{\"id\":\"a-1\",\"body\":\"The ferry is late.\"}\n",
            &["*"],
        )
        .lang("en")
        .file("articles.jsonl"),
        Example::good(
            "{\"id\":\"a-1\",\"body\":\"The mill turns again.\"}\n{\"id\":\"A-1\",\"body\":\"The ferry is late.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
