//! D004 canonical-url-duplicate.

use crate::finding::Severity;
use crate::rules::{CorpusCheck, Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "D004",
    name: "canonical-url-duplicate",
    severity: Severity::Warning,
    scope: Scope::Corpus,
    fix: None,
    status: Status::Stable,
    default: false,
    summary: "Several records have one address, but for what does not belong to it.",
    why: "One article was collected twice: through a link with a tracking code, over http and over https. Its versions may differ, so that no comparison of texts finds them, and a takedown by address removes one of them only.",
    how: "Addresses are compared without scheme, `www.`, tracking and session parameters (those of M007), fragment, default port and trailing slash, with the host in small letters and percent escapes as RFC 3986 writes them. Every record but the first of an address is reported, with the first places.",
    false_positives: "Parameters that are not in the list (`?page=2`, `?id=7`) belong to the address. A page that is collected again and again under one address (a live blog, a front page) is reported: give its versions addresses of their own, or suppress the rule for that source.",
    source: "RFC 3986 section 6; WHATWG URL; the parameters that services document",
    options: &[],
    examples: &[
        Example::bad(
            "{\"id\":\"1\",\"url\":\"https://a.example/mill\",\"body\":\"The mill turns.\"}\n\
             {\"id\":\"2\",\"url\":\"https://a.example/mill?utm_source=x\",\"body\":\"The mill turned.\"}\n\
             {\"id\":\"3\",\"url\":\"http://www.a.example/mill/\",\"body\":\"The mill stopped.\"}\n",
            &["*", "*"],
        )
        .lang("en")
        .file("articles.jsonl"),
        Example::good(
            "{\"id\":\"1\",\"url\":\"https://a.example/list?page=1\",\"body\":\"The mill turns.\"}\n\
             {\"id\":\"2\",\"url\":\"https://a.example/list?page=2\",\"body\":\"The mill stopped.\"}\n",
        )
        .lang("en")
        .file("articles.jsonl"),
    ],
    wake: Wake::Corpus,
    check: |_| Ok(Box::new(CorpusCheck)),
};
