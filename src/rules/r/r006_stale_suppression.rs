//! R006 stale-suppression.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "R006",
    name: "stale-suppression",
    severity: Severity::Info,
    scope: Scope::Corpus,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "A suppression no longer matches anything.",
    why: "The record was taken out, the source mended its pages: the exception stays in the configuration and \
          will hide the next fault of that kind. A list of exceptions that nobody can trust is not read.",
    how: "Every `[[lint.suppress]]` and every line of `[lint.per-file-ignores]` whose rule runs, and that put \
          no finding aside in a check of all inputs of the project. Nothing is said of a check of some files \
          or of a sample. Suppressions that have expired are named in any case.",
    false_positives: "One that waits for what comes only now and then is stale until it comes: give it an \
                      `expires` and a reason, and leave this rule out where there are many.",
    source: "ruff's RUF100, unused suppressions",
    options: &[],
    examples: &[
        Example::bad(
            "{\"id\":\"a-1\",\"body\":\"The mill turns again.\"}\n{\"id\":\"a-1\",\"body\":\"The ferry is late.\"}\n",
            &["*"],
        )
        .lang("en")
        .file("articles.jsonl")
        .project(
            "[[input]]\ninclude = [\"articles.jsonl\"]\n\
             [[lint.suppress]]\nrule = \"D001\"\nid = \"a-9\"\nreason = \"two editions of one page\"\n",
        ),
        Example::good(
            "{\"id\":\"a-1\",\"body\":\"The mill turns again.\"}\n{\"id\":\"a-1\",\"body\":\"The ferry is late.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl")
        .project(
            "[[input]]\ninclude = [\"articles.jsonl\"]\n\
             [[lint.suppress]]\nrule = \"D001\"\nid = \"a-1\"\nreason = \"two editions of one page\"\n",
        ),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
