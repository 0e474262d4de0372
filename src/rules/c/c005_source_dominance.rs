//! C005 source-dominance.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{CorpusOptions, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "C005",
    name: "source-dominance",
    severity: Severity::Info,
    scope: Scope::Corpus,
    fix: None,
    status: Status::Stable,
    default: false,
    summary: "One source, or one author, holds most of the records.",
    why: "A dataset of forty newspapers that is four fifths one of them is that one: its style sheet, its region, its opinions. Readers of the card expect forty.",
    how: "A source (by its name, else the domain of the address) or an author with more than `max-share` percent of the records is reported once, at its first record, in sets of 50 records and more.",
    false_positives: "A dataset of one source has nothing to dominate and is silent, and so is one author.",
    source: "Dodge et al., Documenting large webtext corpora: C4 (2021); FineWeb's domain counts",
    options: &[OptionDef { name: "max-share", kind: OptionKind::Number(50.0, 1.0, 100.0), doc: "Percent of the records that one source or author may hold." }],
    examples: &[
        Example::bad(
            "60 × {\"source\":\"a.example\",\"body\":\"The mill turns.\"}\n15 × {\"source\":\"b.example\",\"body\":\"The mill turns.\"}\n",
            &["*"],
        )
        .lang("en")
        .file("articles.jsonl"),
        Example::good(
            "30 × {\"source\":\"a.example\",\"body\":\"The mill turns.\"}\n30 × {\"source\":\"b.example\",\"body\":\"The mill turns.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl"),
        Example::good("60 × {\"source\":\"a.example\",\"body\":\"The mill turns.\"}\n")
            .lang("en")
            .file("articles.jsonl"),
    ],
    wake: Wake::Corpus,
    check: |options| Ok(Box::new(CorpusOptions(options.clone()))),
};
