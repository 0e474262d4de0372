//! S011 oversized-record.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "S011",
    name: "oversized-record",
    severity: Severity::Warning,
    scope: Scope::Bytes,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "A record is larger than an article is.",
    why: "Forty articles joined in one body, or the dump of a page, weigh as much as forty articles and read \
          like none.",
    how: "The record's JSON text has more than `max-bytes` bytes.",
    false_positives: "Books and minutes are long: raise the limit for them.",
    source: "Rae et al., Gopher (2021): at most 100,000 words",
    options: &[OptionDef {
        name: "max-bytes",
        kind: OptionKind::Integer(1 << 20, 100, 1 << 30),
        doc: "Bytes above which a record is reported.",
    }],
    examples: &[
        Example::good(r#"{"body":"A report of nine hundred words."}"#),
        Example::good("{\"body\":\"نص طويل\"}\n").file("a.jsonl"),
    ],
    wake: Wake::Record,
    check: |options| {
        Ok(Box::new(Oversized {
            most: options.integer("max-bytes") as usize,
        }))
    },
};

struct Oversized {
    most: usize,
}

impl Check for Oversized {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let size = record.root.span().len();
        if size > self.most {
            out.record(format!("Record is {size} bytes, over {}.", self.most));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::record::{Span, Tree};
    use crate::rules::options::Options;
    use crate::source::json;

    #[test]
    fn a_mebibyte_is_the_limit() {
        for (size, expected) in [(1 << 19, 0), ((1 << 20) + 64, 1)] {
            let text = format!("{{\"body\":\"{}\"}}", "x".repeat(size));
            let mut tree = Tree::new();
            json::parse(&text, Span::new(0, text.len()), &mut tree, &mut Vec::new()).unwrap();
            let record = Record {
                root: tree.root(&text).unwrap(),
                roles: [None; 9],
                language: "",
                governed: false,
                license: None,
                path: "a.jsonl",
            };
            let mut findings = Vec::new();
            let mut out = Out {
                findings: &mut findings,
                rule: 0,
                node: None,
            };
            (RULE.check)(&Options::defaults(RULE.options))
                .unwrap()
                .record(&record, &mut out);
            assert_eq!(findings.len(), expected, "{size}");
        }
    }
}
