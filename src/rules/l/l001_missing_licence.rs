//! L001 missing-licence.

use crate::finding::Severity;
use crate::record::Role;
use crate::rules::{Check, Example, Once, Out, Record, Rule, Scope, Status, Wake, field, licence};

pub(crate) const RULE: Rule = Rule {
    code: "L001",
    name: "missing-licence",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "Neither the record nor the project says under which licence the article is used.",
    why: "A dataset without a licence cannot be used by anybody who asks first. Whose articles are in it on \
          which ground has to be known before they are published.",
    how: "No `license` (or `licence`, `rights`) in the record, or one that says nothing (`null`, `unknown`, \
          `none`, `NOASSERTION`…), and no `license` in corpus.toml, which holds for every record without \
          one. Runs only with a corpus.toml or a schema. Set `license` there, or per input with \
          `defaults = { license = \"…\" }`; `LicenseRef-…` names an agreement.",
    false_positives: "",
    source: "SPDX; schema.org license; Croissant; EU 2019/790 article 4",
    options: &[],
    examples: &[
        Example::bad(r#"{"license":null,"source":"paper.example"}"#, &["*"]),
        Example::bad(r#"{"license":"unknown"}"#, &["*"]),
        Example::bad(r#"{"body":"نص"}"#, &["*"]),
        Example::good(r#"{"license":"CC-BY-4.0"}"#),
        Example::good(r#"{"license":"LicenseRef-publisher-agreement"}"#),
        Example::good(r#"{"rights":"© The Paper, used by agreement"}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(MissingLicence)),
};

struct MissingLicence;

impl Check for MissingLicence {
    fn advice(&self) -> Option<&'static str> {
        Some("`license = \"…\"` in corpus.toml says it for all records, `defaults = { license = \"…\" }` below [[input]] for those of an input")
    }

    fn once(&self) -> Once {
        // A record that has a licence member has to be mended itself.
        Once::Records
    }

    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        if !record.governed || licence::of(record).is_some() {
            return;
        }
        let source = record
            .text(Role::Source)
            .map(|source| format!(" for source \"{}\"", field::piece(source)))
            .unwrap_or_default();
        let message =
            format!("No licence or rights statement{source}; set `license` in the record or in corpus.toml.");
        match licence::member(record) {
            Some(value) => out.field(value, message),
            None => out.record(message),
        };
    }
}
