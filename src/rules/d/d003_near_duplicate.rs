//! D003 near-duplicate.

use crate::finding::{Safety, Severity};
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "D003",
    name: "near-duplicate",
    severity: Severity::Warning,
    scope: Scope::Corpus,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: false,
    summary: "The text of a record is nearly that of another record.",
    why: "An update, a correction, wire copy under another headline: no two bytes need be equal, and it is \
          still one story counted twice. In collections of several newspapers such pairs are several times \
          as many as exact copies.",
    how: "What `corpus dedup` finds with `[dedup] near`: texts are compared by the share of their word \
          3-grams (12 characters in scripts without spaces) that they have in common, candidates by MinHash, \
          every pair verified on the exact sets. Pairs from `report` (0.5) are reported, at every record \
          but the one that `keep` chooses; a release leaves copies out from `threshold` (0.8). Equal texts \
          are D002's. The inputs are read twice more, so the rule runs in `lint` only when it is selected.",
    false_positives: "Notices made from one form are similar without being copies: D006 finds them, and \
                      `report` may be raised. Two reports on one event share few sequences of three words.",
    source: "Broder, On the resemblance and containment of documents (1997); Lee et al. (2022); FineWeb2",
    options: &[],
    examples: &[
        Example::bad(
            "{\"id\":\"a-1\",\"body\":\"The council has agreed to mend the old bridge over the mill race before winter, and to close the road for two weeks while the work goes on.\"}\n\
             {\"id\":\"a-2\",\"body\":\"The council has agreed to mend the old bridge over the mill race before winter, and to close the road for three weeks while the work goes on.\"}\n",
            &["*"],
        )
        .lang("en")
        .file("articles.jsonl"),
        Example::good(
            "{\"id\":\"a-1\",\"body\":\"The council has agreed to mend the old bridge over the mill race before winter, and to close the road for two weeks while the work goes on.\"}\n\
             {\"id\":\"a-2\",\"body\":\"Before winter comes the bridge at the mill will be repaired, councillors decided; drivers must take another way for a fortnight.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
