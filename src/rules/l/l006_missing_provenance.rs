//! L006 missing-provenance.

use crate::finding::Severity;
use crate::record::{Role, Value};
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "L006",
    name: "missing-provenance",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A record lacks what is needed to find out where it came from.",
    why: "Corrections, takedowns and questions about rights begin with where and when an article was taken.",
    how: "Each of `fields` must be there and not be null or empty: `url`, `collected_at` and `source` unless \
          told, by the names that `[fields]` gives them. A record with a `feed_id` or `warc_record_id` needs \
          no address. Useful to ask for as well: http_status, content_type, warc_record_id, extractor, \
          extractor_version. Runs only with a corpus.toml or a schema.",
    false_positives: "",
    source: "ISO 28500 (WARC); Croissant; Gebru et al., Datasheets for Datasets (2021)",
    options: &[OptionDef {
        name: "fields",
        kind: OptionKind::Strings(&["url", "collected_at", "source"]),
        doc: "Members that every record must have.",
    }],
    examples: &[
        Example::bad(r#"{"title":"خبر","body":"نص"}"#, &["*"]),
        Example::bad(
            r#"{"url":"https://a.example/1","collected_at":null,"source":"a.example"}"#,
            &["*"],
        ),
        Example::good(r#"{"url":"https://a.example/1","collected_at":"2025-03-01","source":"a.example"}"#),
        Example::good(r#"{"feed_id":"f-12","collected_at":"2025-03-01","source":"a.example"}"#),
    ],
    wake: Wake::Record,
    check: |options| {
        Ok(Box::new(MissingProvenance {
            fields: options.strings("fields"),
        }))
    },
};

struct MissingProvenance {
    fields: Vec<String>,
}

impl Check for MissingProvenance {
    fn advice(&self) -> Option<&'static str> {
        Some("`defaults = { … }` below [[input]] in corpus.toml fills what all records of an input share")
    }

    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        if !record.governed {
            return;
        }
        let missing: Vec<&str> = self
            .fields
            .iter()
            .map(String::as_str)
            .filter(|name| !has(record, name))
            .collect();
        if !missing.is_empty() {
            out.record(format!(
                "Record lacks {}, needed to trace it.",
                missing.join(", ")
            ));
        }
    }
}

fn has(record: &Record<'_>, name: &str) -> bool {
    let role = match name {
        "url" => Some(Role::Url),
        "collected_at" => Some(Role::Collected),
        "source" => Some(Role::Source),
        _ => None,
    };
    let filled = |value: Option<Value<'_>>| {
        value.is_some_and(|value| {
            !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty())
        })
    };
    filled(role.and_then(|role| record.role(role)))
        || filled(record.root.get(name))
        || (name == "url"
            && ["feed_id", "warc_record_id"]
                .iter()
                .any(|other| filled(record.root.get(other))))
}
