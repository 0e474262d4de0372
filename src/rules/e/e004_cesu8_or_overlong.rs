//! E004 cesu8-or-overlong.

use crate::finding::Severity;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Wake};
use crate::source::{Fault, FaultKind};
use std::fmt::Write as _;

pub(crate) const RULE: Rule = Rule {
    code: "E004",
    name: "cesu8-or-overlong",
    severity: Severity::Error,
    scope: Scope::Bytes,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A record holds surrogates or overlong sequences where UTF-8 should be.",
    why: "Some databases and Java's modified UTF-8 write characters beyond U+FFFF as two surrogates, and NUL \
          as two bytes. No reader of UTF-8 accepts that, and a lenient one opens a hole.",
    how: "The first bytes of a record that are not UTF-8 are surrogates (ED A0 to ED BF: a CESU-8 pair, or one \
          alone), or a sequence longer than needed (C0, C1, E0 80 to 9F, F0 80 to 8F; C0 80 is Java's NUL). The \
          record is skipped, as for E001, which reports it where this rule is off. Write the file anew with \
          an encoder of UTF-8; a CESU-8 pair stands for one character of four bytes.",
    false_positives: "Where the record looks like a legacy charset, E001 reports it.",
    source: "Unicode 3.9, table 3-7; UTR #26",
    options: &[],
    examples: &[
        Example::good("{\"body\":\"😀\"}\n").file("a.jsonl"),
        Example::good("{\"body\":\"a\\u0000b\"}\n").file("a.jsonl"),
    ],
    wake: Wake::Fault,
    check: |_| Ok(Box::new(Careless)),
};

struct Careless;

impl Check for Careless {
    fn fault(&self, fault: &Fault, out: &mut Out<'_>) {
        let FaultKind::Careless { what, count } = &fault.kind else {
            return;
        };
        let mut message = format!("{} in place of UTF-8", described(what));
        if *count > 1 {
            let _ = write!(message, ", the first of {count} places in the record");
        }
        message.push_str("; write the file with an encoder of UTF-8.");
        out.record(message);
    }
}

/// `Overlong sequence`.
pub(super) fn described(what: &str) -> String {
    let mut chars = what.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first
        .into_iter()
        .chain(chars)
        .chain(" sequence".chars())
        .collect()
}
