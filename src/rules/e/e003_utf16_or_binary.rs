//! E003 utf16-or-binary.

use crate::finding::Severity;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Wake};
use crate::source::{Fault, FaultKind};

pub(crate) const RULE: Rule = Rule {
    code: "E003",
    name: "utf16-or-binary",
    severity: Severity::Error,
    scope: Scope::Bytes,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "A file is UTF-16 or binary where text was expected.",
    why: "Read as text, every line of it would be an error of its own.",
    how: "By the byte order mark of UTF-16, the first bytes of common archives, or more than one NUL \
          in twenty bytes. The file is skipped. Where this rule does not run, E005 reports the file.",
    false_positives: "",
    source: "WHATWG Encoding, BOM sniff",
    options: &[],
    examples: &[
        Example::bad("{\0\"\0b\0o\0d\0y\0\"\0:\0\"\0a\0\"\0}\0\n\0", &["*"]).file("a.jsonl"),
        Example::good("{\"body\":\"a\\u0000b\"}\n").file("a.jsonl"),
    ],
    wake: Wake::Fault,
    check: |_| Ok(Box::new(Binary)),
};

struct Binary;

impl Check for Binary {
    fn fault(&self, fault: &Fault, out: &mut Out<'_>) {
        if let FaultKind::Binary { looks_like } = fault.kind {
            out.record(format!(
                "The file looks like {looks_like}, not like text. It is skipped."
            ));
        }
    }
}
