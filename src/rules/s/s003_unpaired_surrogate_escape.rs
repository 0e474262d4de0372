//! S003 unpaired-surrogate-escape.

use crate::finding::{Safety, Severity};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake};
use crate::source::json::decoded_offset;
use crate::source::{JsonIssue, JsonIssueKind};

/// How half a surrogate pair reads.
const REPLACEMENT: &str = "\u{fffd}";

pub(crate) const RULE: Rule = Rule {
    code: "S003",
    name: "unpaired-surrogate-escape",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A string holds half of a surrogate pair as a `\\u` escape.",
    why: "Half a pair is no character and cannot be written as UTF-8: Parquet cannot hold it, and \
          readers refuse the record or put something of their own in its place. It is what is left \
          when a program cuts an emoji in two.",
    how: "A `\\uD800`-`\\uDBFF` that no `\\uDC00`-`\\uDFFF` follows, or the reverse. It reads as \
          U+FFFD here. The fix writes that character, so the loss is visible.",
    false_positives: "",
    source: "RFC 7493 section 2.1; RFC 8259 section 8.2",
    options: &[],
    examples: &[
        Example::bad(r#"{"body":"a \ud83d"}"#, &[REPLACEMENT]).unsafe_fixed(r#"{"body":"a \ufffd"}"#),
        Example::bad(r#"{"body":"x\udc00y"}"#, &[REPLACEMENT]).unsafe_fixed(r#"{"body":"x\ufffdy"}"#),
        Example::good(r#"{"body":"\ud83d\ude00"}"#),
        Example::good(r#"{"body":"😀"}"#),
    ],
    wake: Wake::Json,
    check: |_| Ok(Box::new(LoneSurrogate)),
};

struct LoneSurrogate;

impl Check for LoneSurrogate {
    fn json(&self, issue: &JsonIssue, record: &Record<'_>, out: &mut Out<'_>) {
        if issue.kind != JsonIssueKind::LoneSurrogate {
            return;
        }
        let Some(value) = record.root.in_tree(issue.node) else {
            return;
        };
        let raw = value.raw();
        let at = issue.span.start - value.span().start;
        let escape = raw.get(at..at + issue.span.len()).unwrap_or_default();
        let start = decoded_offset(raw, at);
        out.span_of(
            value,
            start..start + REPLACEMENT.len(),
            format!("The escape {escape} is half of a surrogate pair, which is no character."),
        )
        .replace(Safety::Unsafe, "write U+FFFD", REPLACEMENT);
    }
}
