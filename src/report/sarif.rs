//! `sarif`: SARIF 2.1.0, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
//!
//! Results stand where their record stands in the file. Ranges in the decoded value, and what a fix
//! does, are properties: a SARIF region or fix counts in the raw file, where a JSON string may be
//! written with escapes.

use super::json::{self, List, to_vec};
use super::summary::count;
use super::top::{MOST, Top, rank};
use super::{Options, Output, RuleInfo, escape, fingerprint, position};
use crate::finding::{Finding, Severity, Sink, Summary};
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{self, Write};

pub(super) struct Sarif {
    out: Output,
    options: Options,
    top: Top,
}

impl Sarif {
    pub(super) fn new(out: Output, options: Options) -> Self {
        Self {
            out,
            options,
            top: Top::new(MOST),
        }
    }

    fn head(&self) -> io::Result<Vec<u8>> {
        let driver = Driver {
            name: "corpus",
            version: &self.options.version,
            rules: self.options.rules.iter().map(rule).collect(),
        };
        let mut head =
            br#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":"#
                .to_vec();
        head.extend(to_vec(&driver)?);
        head.extend(br#"},"columnKind":"unicodeCodePoints","results":"#);
        Ok(head)
    }
}

#[derive(Serialize)]
struct Driver<'a> {
    name: &'a str,
    version: &'a str,
    rules: Vec<Value>,
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn rule(rule: &RuleInfo) -> Value {
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.summary },
        "help": { "text": rule.summary, "markdown": rule.help_markdown },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

/// A path as a URI reference (RFC 3986): relative stays relative, absolute becomes `file:`.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 8);
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for &byte in path.as_bytes() {
        // A colon would make a scheme of the first segment.
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Plain text of a message, where `[text](target)` would be a link.
fn text(message: &str) -> String {
    escape::visible(message).replace("](", "] (")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_offset: Option<u64>,
}

fn location(finding: &Finding) -> Value {
    let (line, column) = position(finding).map_or((None, None), |(line, column)| (Some(line), column));
    let mut artifact = json!({ "uri": uri(&finding.path) });
    if !finding.path.starts_with('/') {
        artifact["uriBaseId"] = "%SRCROOT%".into();
    }
    let mut physical = json!({ "artifactLocation": artifact });
    if line.is_some() || finding.offset.is_some() {
        physical["region"] = json!(Region {
            start_line: line,
            start_column: column,
            byte_offset: finding.offset,
        });
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(field) = &finding.field {
        let record = finding.id.as_deref().unwrap_or_default();
        location["logicalLocations"] = json!([{
            "name": field,
            "fullyQualifiedName": format!("{record}#{field}"),
            "kind": "value",
        }]);
    }
    location
}

fn result(finding: &Finding, rules: &[RuleInfo]) -> io::Result<Vec<u8>> {
    let hash = fingerprint(finding);
    let mut result = json!({ "ruleId": finding.code });
    if let Some(index) = rules.iter().position(|rule| rule.code == finding.code) {
        result["ruleIndex"] = index.into();
    }
    result["level"] = level(finding.severity).into();
    result["message"] = json!({ "text": text(&finding.message) });
    result["locations"] = json!([location(finding)]);
    // GitHub compares the first of these between runs; it would hash the line otherwise.
    result["partialFingerprints"] = json!({ "primaryLocationLineHash": hash, "corpusFinding/v1": hash });
    if let Some(reason) = &finding.suppressed {
        result["suppressions"] = json!([{ "kind": "external", "justification": escape::visible(reason) }]);
    }
    result["properties"] = json!({
        "id": finding.id,
        "field": finding.field,
        "start": finding.span.map(|span| span.start),
        "end": finding.span.map(|span| span.end),
        "start_char": finding.chars.map(|span| span.start),
        "end_char": finding.chars.map(|span| span.end),
        "fix": json::fix(finding),
    });
    to_vec(&result)
}

impl Sink for Sarif {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let rank = rank(finding.severity, finding.suppressed.is_some());
        let rules = &self.options.rules;
        self.top.push(rank, || result(finding, rules))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let head = self.head()?;
        self.out.write_all(&head)?;
        let omitted = self.top.omitted();
        let mut list = List::new("[");
        for item in self.top.take() {
            list.line(&mut self.out, &item)?;
        }
        list.close(&mut self.out)?;
        let mut invocation = json!({ "executionSuccessful": true });
        if omitted > 0 {
            let note = format!(
                "{} of lower severity or later in the run not listed",
                count(omitted, "more result")
            );
            invocation["toolExecutionNotifications"] =
                json!([{ "level": "warning", "message": { "text": note } }]);
        }
        let properties = json!({ "omitted": omitted, "summary": json::Totals::from(summary) });
        self.out.write_all(b",\"invocations\":[")?;
        self.out.write_all(&to_vec(&invocation)?)?;
        self.out.write_all(b"],\"properties\":")?;
        self.out.write_all(&to_vec(&properties)?)?;
        self.out.write_all(b"}]}\n")?;
        self.out.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("articles/a b.jsonl"), "articles/a%20b.jsonl");
        assert_eq!(uri("c:d/م.txt"), "c%3Ad/%D9%85.txt");
        assert_eq!(uri("../x%.txt"), "../x%25.txt");
        assert_eq!(uri("/data/x.txt"), "file:///data/x.txt");
    }

    #[test]
    fn a_message_holds_no_link() {
        assert_eq!(text("[see](https://x.example)"), "[see] (https://x.example)");
    }
}
