//! D005 contained-document.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "D005",
    name: "contained-document",
    severity: Severity::Info,
    scope: Scope::Corpus,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "A text holds nearly the whole of another record's text.",
    why: "A live blog with the story in it, a round-up of the day, an article and its first paragraphs as \
          collected behind a paywall: the shorter text is in the dataset twice, and no measure of similarity \
          that looks at both texts alike sees it.",
    how: "As `corpus dedup` finds contained texts: nine tenths of the word 3-grams of the shorter one stand \
          in the longer one, verified on the exact sets. Reported at the text that holds the other; the \
          message names the other. Runs when it is selected and preview rules are on, and reads the inputs \
          twice more.",
    false_positives: "A quotation of a few sentences is not the whole of another article. Texts with very few \
                      words are left out.",
    source: "Broder, On the resemblance and containment of documents (1997)",
    options: &[],
    examples: &[
        Example::bad(
            "{\"id\":\"a-1\",\"body\":\"The council has agreed to mend the old bridge over the mill race before winter, and to close the road for two weeks while the work goes on.\"}\n\
             {\"id\":\"a-2\",\"body\":\"Good evening from the harbour, where the wind has turned and the boats stay in. The council has agreed to mend the old bridge over the mill race before winter, and to close the road for two weeks while the work goes on. In other news the baker at the corner opens an hour later, the school asks for old lanterns, and the choir sings on Friday in the market hall with guests from three villages along the coast.\"}\n",
            &["*"],
        )
        .lang("en")
        .file("articles.jsonl"),
        Example::good(
            "{\"id\":\"a-1\",\"body\":\"The council has agreed to mend the old bridge over the mill race before winter, and to close the road for two weeks while the work goes on.\"}\n\
             {\"id\":\"a-2\",\"body\":\"Good evening from the harbour. We hear that the council has agreed to mend the old bridge. In other news the baker at the corner opens an hour later, the school asks for old lanterns, and the choir sings on Friday in the market hall with guests from three villages along the coast.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
