//! C001 language-mix-shift.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "C001",
    name: "language-mix-shift",
    severity: Severity::Warning,
    scope: Scope::Release,
    fix: None,
    status: Status::Stable,
    default: false,
    summary: "The share of a language in a source is not what it was.",
    why: "A crawler that follows the wrong edition of a site, a source whose language field is suddenly wrong, a new section in another language: each record is right, and the dataset is no longer what its card says.",
    how: "Shares of the declared languages in each source with at least 50 records before and after; reported is a change of at least 5 points that chance does not explain (two-proportion z of 4 and more). One language is named for each source, the one that changed most. Compared are all records that can be read, before fixes and before the gate, with those that the last release of the project was made of, which keeps the counts in `state/profile.json` (`--against RELEASE` names another). `corpus release` says the same of every release with one before it.",
    false_positives: "A source that does publish more in another language is reported once, in the release in which it starts. What is meant to change is silenced by a line with `[expected-shift]` under *Unreleased* in the project's CHANGELOG.md that names the source, or the code of the rule.",
    source: "Two-proportion z test; TensorFlow Data Validation",
    options: &[],
    examples: &[
        Example::bad("60 × {\"id\":\"ar-#\",\"source\":\"a.example\",\"language\":\"ar\",\"body\":\"The mill turns again.\"}\n40 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n", &["*"])
        .lang("en")
        .file("articles.jsonl")
        .released("98 × {\"id\":\"ar-#\",\"source\":\"a.example\",\"language\":\"ar\",\"body\":\"The mill turns again.\"}\n2 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n"),
        Example::good("96 × {\"id\":\"ar-#\",\"source\":\"a.example\",\"language\":\"ar\",\"body\":\"The mill turns again.\"}\n4 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n")
        .lang("en")
        .file("articles.jsonl")
        .released("98 × {\"id\":\"ar-#\",\"source\":\"a.example\",\"language\":\"ar\",\"body\":\"The mill turns again.\"}\n2 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n"),
        Example::good("5 × {\"id\":\"ar-#\",\"source\":\"a.example\",\"language\":\"ar\",\"body\":\"The mill turns again.\"}\n5 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n")
        .lang("en")
        .file("articles.jsonl")
        .released("10 × {\"id\":\"ar-#\",\"source\":\"a.example\",\"language\":\"ar\",\"body\":\"The mill turns again.\"}\n"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
