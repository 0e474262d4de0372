//! R004 missing-release-document.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "R004",
    name: "missing-release-document",
    severity: Severity::Error,
    scope: Scope::Release,
    fix: None,
    status: Status::Stable,
    default: false,
    summary: "A document that a release is to have is missing, or says nothing of this version.",
    why: "What changed and why, where the texts come from and what they must not be used for: a release says \
          only what can be counted by itself. Whoever loads it years later has nobody to ask.",
    how: "`corpus release` looks, when the rule is selected in `[lint]`: `CHANGELOG.md` with words under the \
          heading of the version, or under *Unreleased*; `DATASET.md`, the prose of the dataset card; and \
          `LICENSE`; none of them empty. The schema is needed in any case. Missing ones refuse the release \
          where the rule is an error, and are said otherwise. Versions with a suffix (`1.2.0-rc.1`) need \
          none. `corpus lint` checks no release, and finds nothing.",
    false_positives: "",
    source: "Pushkarna et al., Data Cards (2022); Croissant; Keep a Changelog",
    options: &[],
    examples: &[Example::good(
        "{\"id\":\"a-1\",\"body\":\"Only a release has documents that could be missing.\"}\n",
    )
    .lang("en")
    .file("articles.jsonl")],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
