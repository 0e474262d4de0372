//! D007 split-leakage.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "D007",
    name: "split-leakage",
    severity: Severity::Error,
    scope: Scope::Corpus,
    fix: None,
    status: Status::Stable,
    default: false,
    summary: "A passage of the text stands in an evaluation set.",
    why: "A model that was trained on the answers gets good marks for remembering them. Nobody sees that \
          afterwards: the numbers are better, and the model is not. What evaluation sets hold has to be kept \
          out of training data before they are used.",
    how: "`[decontaminate] against` in corpus.toml names the evaluation sets. Every string in them, whatever \
          its field, is cut into passages of thirteen words (`n`), and so is the text of every record; both \
          are compared by their matching keys, so that case, punctuation, marks, letter variants and line \
          breaks make no difference. Passages that overlap are reported as one, with the evaluation item. In \
          scripts without spaces a character of Chinese or Japanese counts 0.6 of a word, one of Thai, Lao, \
          Khmer or Burmese a quarter: thirteen words are 22 or 52 characters. `corpus release` runs the rule \
          whenever evaluation sets are configured, and leaves out the records that it finds; an evaluation \
          item without a string of that length cannot be found, which is said.",
    false_positives: "A sentence that many pages carry (a disclaimer, a standing footer) can stand in an \
                      evaluation item too. Take it out of the texts first, choose a larger `n`, or suppress \
                      the finding for that source with a reason.",
    source: "Brown et al., Language models are few-shot learners (2020), appendix C: 13-grams; Lee et al., \
             Deduplicating training data makes language models better (2022)",
    options: &[],
    examples: &[Example::good(
        "{\"id\":\"a-1\",\"body\":\"Without evaluation sets there is nothing that the text could be found in.\"}\n",
    )
    .lang("en")
    .file("articles.jsonl")],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
