//! C003 distribution-shift.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "C003",
    name: "distribution-shift",
    severity: Severity::Warning,
    scope: Scope::Release,
    fix: None,
    status: Status::Stable,
    default: false,
    summary: "Lengths, hours, findings or sources are distributed otherwise than before.",
    why: "A redesign of a site cuts articles to their first paragraph, a broken rule finds nothing any more, a new template gives four in ten records the same last line. No record shows it; the whole does.",
    how: "Population stability index over fixed bins: length of the text (bins that held about a tenth each before), hour of publication, share of records with a finding of each rule that ran both times, all for each source with at least 200 records before and after; and the shares of the sources in the whole. Above 0.1 is a note, above 0.25 a warning; what chance gives for so many bins and records is taken off first. Compared are all records that can be read, before fixes and before the gate, with those that the last release of the project was made of, which keeps the counts in `state/profile.json` (`--against RELEASE` names another). `corpus release` says the same of every release with one before it.",
    false_positives: "Seasons and elections change hours and lengths a little, and stay below the bounds. What is meant to change is silenced by a line with `[expected-shift]` under *Unreleased* in the project's CHANGELOG.md that names the source, or the code of the rule.",
    source: "Population stability index, as in credit scoring; TensorFlow Data Validation",
    options: &[],
    examples: &[
        Example::bad("250 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n", &["*"])
        .lang("en")
        .file("articles.jsonl")
        .released("250 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again and the ferry is on time, said the keeper of the book, who has seen both stand still for longer than he cares to say in public, and who would rather speak of the weather. The mill turns again and the ferry is on time, said the keeper of the book, who has seen both stand still for longer than he cares to say in public, and who would rather speak of the weather. The mill turns again and the ferry is on time, said the keeper of the book, who has seen both stand still for longer than he cares to say in public, and who would rather speak of the weather. \"}\n"),
        Example::good("240 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again and the ferry is on time, said the keeper of the book, who has seen both stand still for longer than he cares to say in public, and who would rather speak of the weather. \"}\n")
        .lang("en")
        .file("articles.jsonl")
        .released("250 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again and the ferry is on time, said the keeper of the book, who has seen both stand still for longer than he cares to say in public, and who would rather speak of the weather. \"}\n"),
        Example::good("150 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again.\"}\n")
        .lang("en")
        .file("articles.jsonl")
        .released("150 × {\"id\":\"en-#\",\"source\":\"a.example\",\"language\":\"en\",\"body\":\"The mill turns again and the ferry is on time, said the keeper of the book, who has seen both stand still for longer than he cares to say in public, and who would rather speak of the weather. The mill turns again and the ferry is on time, said the keeper of the book, who has seen both stand still for longer than he cares to say in public, and who would rather speak of the weather. The mill turns again and the ferry is on time, said the keeper of the book, who has seen both stand still for longer than he cares to say in public, and who would rather speak of the weather. \"}\n"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
