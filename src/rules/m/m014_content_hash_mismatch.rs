//! M014 content-hash-mismatch.

use crate::finding::Severity;
use crate::record::Role;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake};
use sha2::{Digest as _, Sha256};

pub(crate) const RULE: Rule = Rule {
    code: "M014",
    name: "content-hash-mismatch",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The recorded hash of the text is not that of the text.",
    why: "The hash says that the text is what was collected. Where it is not, the text was edited, or \
          normalised in another way, and nobody wrote down how.",
    how: "`content_sha256` is compared with the SHA-256 of the text's UTF-8 bytes, in hexadecimal; \
          `sha256:` may stand before it. Compute it anew behind the last step that changes texts, or drop it.",
    false_positives: "A hash of something else (of the page, of the compressed file) belongs under another name.",
    source: "FIPS 180-4",
    options: &[],
    examples: &[
        Example::bad(
            r#"{"body":"abd","content_sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}"#,
            &["*"],
        ),
        Example::bad(r#"{"body":"نص","content_sha256":"0"}"#, &["*"]),
        Example::good(
            r#"{"body":"abc","content_sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}"#,
        ),
        Example::good(
            r#"{"body":"abc","content_sha256":"sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"}"#,
        ),
        Example::good(r#"{"body":"abc","content_sha256":null}"#),
        Example::good(r#"{"body":"abc"}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(HashMismatch)),
};

struct HashMismatch;

impl Check for HashMismatch {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let Some(value) = record.root.get("content_sha256") else {
            return;
        };
        let (Some(declared), Some(body)) = (value.as_str(), record.text(Role::Text)) else {
            return;
        };
        let declared = declared.strip_prefix("sha256:").unwrap_or(declared);
        let actual = Sha256::digest(body.as_bytes());
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        let hex = actual
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
        if !hex.eq(declared.chars().map(|c| c.to_ascii_lowercase())) {
            out.field(
                value,
                "content_sha256 is not the SHA-256 of the text; compute it anew or drop it.",
            );
        }
    }
}
