//! S014 limit-exceeded.

use crate::finding::Severity;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Wake};
use crate::source::{Fault, FaultKind};

pub(crate) const RULE: Rule = Rule {
    code: "S014",
    name: "limit-exceeded",
    severity: Severity::Error,
    scope: Scope::Bytes,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A record is longer, deeper or wider than the limits allow.",
    why: "No article is 16 MiB long or nests 128 values deep: such a record is a broken export or an \
          attack, and reading it would take the memory of the whole run.",
    how: "`max-record-bytes` of `[engine]` (16 MiB), a nesting depth of 128, a million members or \
          elements of one value. The record is skipped; the rest of the file is still checked.",
    false_positives: "",
    source: "RFC 8259 section 9, which allows such limits",
    options: &[],
    examples: &[
        Example::bad(
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n",
            &["*"],
        )
        .file("a.jsonl"),
        Example::good("{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}\n").file("a.jsonl"),
    ],
    wake: Wake::Fault,
    check: |_| Ok(Box::new(Limit)),
};

struct Limit;

impl Check for Limit {
    fn fault(&self, fault: &Fault, out: &mut Out<'_>) {
        if let FaultKind::Limit { limit, what, value } = &fault.kind {
            out.record(format!(
                "The record exceeds {limit}: {what} ({value}). It is skipped."
            ));
        }
    }
}
