//! D002 exact-duplicate.

use crate::finding::{Safety, Severity};
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "D002",
    name: "exact-duplicate",
    severity: Severity::Warning,
    scope: Scope::Corpus,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "The text of a record equals that of another record.",
    why: "Wire stories are published under many addresses, and crawlers collect a page more than once. \
          A model sees such a text as often as it was copied, memorises it, and is tested on what it \
          was trained on when copies fall into different splits.",
    how: "Texts are compared by the SHA-256 of their bytes and of their matching key: Unicode NFC without \
          marks, tatweel and format characters, Arabic and Persian letter variants and digits unified, \
          lower case, punctuation and white space as one space. A key with fewer than twenty letters is \
          nobody's copy. Every copy but the survivor is reported; the survivor is chosen by \
          `[dedup] keep`, then by content hash and id, never by position. `--against RELEASE` compares with the rows of a release too. `release` leaves the copies \
          out and lists them in the audit; `lint` deletes no record.",
    false_positives: "Texts that differ in a word, a number or a name are not exact copies: corrections, \
                      updates and notices made from one template stay apart.",
    source: "Raffel et al., C4 (2020); Wenzek et al., CCNet (2020); Lee et al., Deduplicating training \
             data makes language models better (2022)",
    options: &[],
    examples: &[
        Example::bad(
            "{\"id\":\"a-1\",\"body\":\"أعلنت البلدية افتتاح الحديقة الجديدة قرب النهر.\"}\n\
             {\"id\":\"a-2\",\"body\":\"أعلَنت البلديّة افتتاح الحديقـة الجديدة قرب النهر\"}\n",
            &["*"],
        )
        .file("articles.jsonl"),
        Example::good(
            "{\"id\":\"a-1\",\"body\":\"The ferry returned to the northern harbour on Sunday.\"}\n\
             {\"id\":\"a-2\",\"body\":\"The ferry returned to the northern harbour on Monday.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl"),
        Example::good(
            "{\"id\":\"a-1\",\"body\":\"Photo gallery\"}\n{\"id\":\"a-2\",\"body\":\"Photo gallery\"}\n",
        )
        .lang("en")
        .file("articles.jsonl"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
