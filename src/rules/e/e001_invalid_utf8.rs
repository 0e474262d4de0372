//! E001 invalid-utf8.

use crate::finding::Severity;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Wake};
use crate::source::{Fault, FaultKind};
use std::fmt::Write;

pub(crate) const RULE: Rule = Rule {
    code: "E001",
    name: "invalid-utf8",
    severity: Severity::Error,
    scope: Scope::Bytes,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A record holds bytes that are not UTF-8.",
    why: "Such a record cannot be stored as text. Readers that put U+FFFD in its place destroy the \
          words around the byte without a word about it.",
    how: "Every byte is validated. A record with a bad byte is reported with the place of the first \
          one and the number of such places, and is skipped; nothing is decoded by guess. Where the \
          bytes look like a known charset the message names it, as a guess: convert the file, or \
          set `encoding` of its input.",
    false_positives: "The byte is always wrong; the charset is a guess.",
    source: "Unicode chapter 3, D92; RFC 8259 section 8.1",
    options: &[],
    examples: &[
        Example::good("{\"body\":\"نص\"}\n").file("a.jsonl"),
        Example::good("{\"body\":\"😀\"}\n").file("a.jsonl"),
    ],
    wake: Wake::Fault,
    check: |_| Ok(Box::new(InvalidUtf8)),
};

struct InvalidUtf8;

impl Check for InvalidUtf8 {
    fn fault(&self, fault: &Fault, out: &mut Out<'_>) {
        let (byte, count, guess) = match &fault.kind {
            FaultKind::InvalidUtf8 { byte, count, guess } => (byte, count, guess),
            FaultKind::Careless { what, .. } => {
                out.record(format!("{} in place of UTF-8.", super::e004::described(what)));
                return;
            }
            _ => return,
        };
        let mut message = format!("Byte 0x{byte:02X} is not valid UTF-8");
        if *count > 1 {
            let _ = write!(message, ", the first of {count} places in the record");
        }
        message.push('.');
        if let Some(guess) = guess {
            let _ = write!(
                message,
                " The bytes look like {guess} (a guess): convert the file, or set `encoding` of its input."
            );
        }
        out.record(message);
    }
}
