//! C002 date-outlier.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "C002",
    name: "date-outlier",
    severity: Severity::Warning,
    scope: Scope::Corpus,
    fix: None,
    status: Status::Stable,
    default: false,
    summary: "Dates of a source lie far from all its others, or many are the same to the second.",
    why: "The one article of 1970 among thousands of 2019 has a date that some program made up. Four hundred articles of one second were not published then: it is the time of the crawl or of an import. Splits by time and every statement on the age of the data rest on these dates.",
    how: "For each source with at least 20 dated records. *Outside* are days further from the median than six times the median deviation (times 1.4826), and at least 30 days; reported when they are no more than 0.5 % of the records, or one. *One time* is a moment that at least 20 records and 5 % of the source share. Dates without a time have no moment, and neither has midnight where a source's times are mostly midnight.",
    false_positives: "Many records far from the median are an archive, and silent. A day of many articles (an election) has many moments.",
    source: "Robust statistics: median absolute deviation, Hampel (1974)",
    options: &[],
    examples: &[
        Example::bad(
            "40 × {\"source\":\"a.example\",\"published_at\":\"2019-05-11T10:##:00Z\",\"body\":\"The mill turns.\"}\n\
             {\"source\":\"a.example\",\"published_at\":\"2008-01-01T10:00:00Z\",\"body\":\"The mill turns.\"}\n",
            &["*"],
        )
        .lang("en")
        .file("articles.jsonl"),
        Example::bad(
            "40 × {\"source\":\"a.example\",\"published_at\":\"2019-05-11T10:##:00Z\",\"body\":\"The mill turns.\"}\n\
             25 × {\"source\":\"a.example\",\"published_at\":\"2019-05-12T00:00:00Z\",\"body\":\"The mill turns.\"}\n",
            &["*"],
        )
        .lang("en")
        .file("articles.jsonl"),
        Example::good(
            "30 × {\"source\":\"a.example\",\"published_at\":\"2019-05-11T10:##:00Z\",\"body\":\"The mill turns.\"}\n\
             30 × {\"source\":\"a.example\",\"published_at\":\"2008-05-11T10:##:00Z\",\"body\":\"The mill turns.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl"),
        Example::good(
            "40 × {\"source\":\"a.example\",\"published_at\":\"2019-05-11\",\"body\":\"The mill turns.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
