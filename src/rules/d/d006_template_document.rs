//! D006 template-document.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "D006",
    name: "template-document",
    severity: Severity::Info,
    scope: Scope::Corpus,
    fix: None,
    status: Status::Stable,
    default: false,
    summary: "Texts of one source differ only in numbers or names.",
    why: "Exchange rates, weather, lottery draws: one form, filled in every day. Each is right, and a thousand of them teach a model the form. Near-duplicate search takes them for copies of each other, which they are not.",
    how: "Of each text the frame is compared: numbers put aside, and names, which are words in capitals and what stands between quotation marks. Twenty different texts of one source with the same frame are reported once, at the first of them. A frame has at least eight words.",
    false_positives: "A series of short notes may well be wanted: the finding is information. In scripts without capitals names are only known by quotation marks, so that the rule finds less there.",
    source: "Practice of corpus building; compare Lee et al. (2022) on templated near-duplicates",
    options: &[],
    examples: &[
        Example::bad(
            "20 × {\"source\":\"rates.example\",\"body\":\"The pound closed at # against the dollar in the shops of Harwich today.\"}\n",
            &["*"],
        )
        .lang("en")
        .file("articles.jsonl"),
        Example::bad(
            "25 × {\"source\":\"rates.example\",\"body\":\"بلغ سعر صرف الدولار اليوم # ليرة في أسواق المدينة القديمة صباحا.\"}\n",
            &["*"],
        )
        .file("articles.jsonl"),
        Example::good(
            "19 × {\"source\":\"rates.example\",\"body\":\"The pound closed at # against the dollar in the shops of Harwich today.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl"),
        Example::good(
            "20 × {\"source\":\"rates.example\",\"body\":\"The pound closed higher against the dollar in the shops of Harwich today.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
