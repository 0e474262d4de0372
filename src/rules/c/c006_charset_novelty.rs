//! C006 charset-novelty.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "C006",
    name: "charset-novelty",
    severity: Severity::Info,
    scope: Scope::Release,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "Texts hold code points that the release before had nowhere.",
    why: "Icons from a private font after a redesign, presentation forms from a new extractor, the first mojibake: new characters are the first sign of a new fault.",
    how: "The code points of the texts are compared with those of the last release that was made while this rule ran (`extend-select = [\"C006\"]` and `preview = true` in `[lint]`): a release keeps them only then. One finding, at the first record that has a new one, with the most frequent of them as U+XXXX, for they may be invisible. `--against RELEASE` names another release.",
    false_positives: "A first article in another script, or a new emoji, is news and no fault: the finding is information.",
    source: "Practice",
    options: &[],
    examples: &[
        Example::bad("{\"id\":\"a-1\",\"body\":\"The mill turns again.\"}\n{\"id\":\"a-2\",\"body\":\"The ferry \u{e001} is late.\"}\n", &["*"])
        .lang("en")
        .file("articles.jsonl")
        .released("{\"id\":\"a-1\",\"body\":\"The mill turns again.\"}\n{\"id\":\"a-2\",\"body\":\"The ferry is late.\"}\n"),
        Example::good("{\"id\":\"a-1\",\"body\":\"The ferry turns again.\"}\n")
        .lang("en")
        .file("articles.jsonl")
        .released("{\"id\":\"a-1\",\"body\":\"The mill turns again.\"}\n{\"id\":\"a-2\",\"body\":\"The ferry is late.\"}\n"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
