//! C004 source-disappeared.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "C004",
    name: "source-disappeared",
    severity: Severity::Warning,
    scope: Scope::Release,
    fix: None,
    status: Status::Stable,
    default: false,
    summary: "A source that had many records has none, or hardly any.",
    why: "A feed that moved, a selector that no longer matches, a folder that was not mounted: the run is green, and a newspaper is gone.",
    how: "A source with at least 20 records of which fewer than a tenth are left. Compared are all records that can be read, before fixes and before the gate, with those that the last release of the project was made of, which keeps the counts in `state/profile.json` (`--against RELEASE` names another). `corpus release` says the same of every release with one before it.",
    false_positives: "A source that was left out on purpose is reported in that release. What is meant to change is silenced by a line with `[expected-shift]` under *Unreleased* in the project's CHANGELOG.md that names the source, or the code of the rule.",
    source: "cargo-semver-checks, by analogy",
    options: &[],
    examples: &[
        Example::bad("30 × {\"id\":\"ben-#\",\"source\":\"b.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n1 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n", &["*"])
        .lang("en")
        .file("articles.jsonl")
        .released("40 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n30 × {\"id\":\"ben-#\",\"source\":\"b.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n"),
        Example::good("38 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n30 × {\"id\":\"ben-#\",\"source\":\"b.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n")
        .lang("en")
        .file("articles.jsonl")
        .released("40 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n30 × {\"id\":\"ben-#\",\"source\":\"b.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
