//! The examples of the rules about records, and what faults are reported as.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::finding::{Change, Safety};
use crate::record::{Span, Tree};
use crate::rules::list::RULES;
use crate::rules::options::Options;
use crate::rules::{Example, Out, RawFinding, Rule, Wake};
use crate::schema::Schema;
use crate::source::json::{literal_offset, parse, rewrite_literal};
use crate::source::{Fault, FaultKind, JsonIssue};

const NAMES: [&str; 9] = [
    "id",
    "body",
    "title",
    "url",
    "language",
    "source",
    "published_at",
    "collected_at",
    "authors",
];

fn article_schema() -> Schema {
    let schema = include_str!("../../../schemas/article.schema.json");
    Schema::compile(
        &serde_json::from_str(schema).unwrap(),
        &crate::schema::Options::default(),
    )
    .unwrap()
}

/// The findings of one rule on one record, with the texts of their spans and the record after the
/// fixes up to a safety.
fn run(
    rule: &'static Rule,
    text: &str,
    schema: &Schema,
    safety: Safety,
) -> (Vec<RawFinding>, Vec<String>, String) {
    let mut tree = Tree::new();
    let mut issues: Vec<JsonIssue> = Vec::new();
    parse(text, Span::new(0, text.len()), &mut tree, &mut issues).expect(text);
    let root = tree.root(text).unwrap();
    let record = Record {
        root,
        roles: NAMES.map(|name| root.get(name)),
        language: "ar",
        governed: true,
        license: None,
        path: "a.jsonl",
    };
    let check = (rule.check)(&Options::defaults(rule.options)).unwrap();
    let mut findings = Vec::new();
    let mut out = Out {
        findings: &mut findings,
        rule: 0,
        node: None,
    };
    match rule.wake {
        Wake::Record => check.record(&record, &mut out),
        Wake::Json => issues
            .iter()
            .for_each(|issue| check.json(issue, &record, &mut out)),
        Wake::Schema => {
            for error in schema.errors(root) {
                check.schema(&error, &record, &mut out);
            }
        }
        _ => {}
    }
    let spans = findings
        .iter()
        .map(|finding| {
            let value = finding.node.and_then(|node| root.in_tree(node));
            finding.span.map_or_else(
                || "*".to_owned(),
                |span| value.unwrap().as_str().unwrap()[span.range()].to_owned(),
            )
        })
        .collect();
    let mut fixed = text.to_owned();
    for finding in findings.iter().rev() {
        let Some(fix) = finding.fix.as_ref().filter(|fix| fix.safety >= safety) else {
            continue;
        };
        let value = root.in_tree(finding.node.unwrap()).unwrap();
        let literal = match &fix.change {
            Change::Edits(edits) => rewrite_literal(value.raw(), edits),
            Change::Replace(literal) => literal.clone(),
        };
        fixed.replace_range(value.span().range(), &literal);
    }
    (findings, spans, fixed)
}

fn examples() -> impl Iterator<Item = (&'static Rule, &'static Example)> {
    RULES
        .iter()
        .filter(|rule| matches!(rule.wake, Wake::Record | Wake::Json | Wake::Schema))
        // What an open schema does not name is no error of it: the checker tells S007.
        .filter(|rule| rule.code != "S007")
        .flat_map(|rule| rule.examples.iter().map(move |example| (*rule, example)))
        .filter(|(_, example)| example.input.starts_with('{') && example.file.is_none())
}

#[test]
fn examples_of_record_rules() {
    let schema = article_schema();
    let mut count = 0;
    for (rule, example) in examples() {
        let label = format!("{} {}", rule.code, example.input);
        let (findings, spans, fixed) = run(rule, example.input, &schema, Safety::Safe);
        assert_eq!(spans, example.spans, "{label}: {findings:?}");
        assert_eq!(fixed, example.fixed.unwrap_or(example.input), "{label}");
        let (_, again, _) = run(rule, &fixed, &schema, Safety::Safe);
        assert!(
            example.fixed.is_none() || again.is_empty(),
            "{label}: the fix leaves a finding"
        );
        let (.., unsafely) = run(rule, example.input, &schema, Safety::Unsafe);
        assert_eq!(
            unsafely,
            example.unsafe_fixed.or(example.fixed).unwrap_or(example.input),
            "{label}"
        );
        for finding in findings {
            assert!(
                finding.fix.is_none_or(|fix| Some(fix.safety) <= rule.fix),
                "{label}"
            );
        }
        count += 1;
    }
    assert!(count > 50, "{count}");
}

#[test]
fn messages() {
    let schema = article_schema();
    let table = [
        (
            "S002",
            r#"{"a":{"b":1,"b":2}}"#,
            "The object repeats the member name \"b\"; readers disagree on which value wins.",
        ),
        (
            "S003",
            r#"{"a":"x\ud83d"}"#,
            "The escape \\ud83d is half of a surrogate pair, which is no character.",
        ),
        (
            "S008",
            r#"{"authors":["\u200f"]}"#,
            "Field \"authors\" holds no visible character.",
        ),
        (
            "M001",
            r#"{"published_at":"2019-02-29"}"#,
            "Date \"2019-02-29\" is not RFC 3339 (the month has no such day).",
        ),
        (
            "M002",
            r#"{"published_at":"2040-01-01","collected_at":"2025-03-01T00:00:00Z"}"#,
            "Date \"2040-01-01\" is 5419 days after the collection, \"2025-03-01T00:00:00Z\".",
        ),
        (
            "M006",
            r#"{"url":"/news/12"}"#,
            "URL \"/news/12\" is invalid: it is relative, without a scheme.",
        ),
    ];
    for (code, text, message) in table {
        let rule = RULES.iter().find(|rule| rule.code == code).unwrap();
        let (findings, ..) = run(rule, text, &schema, Safety::Safe);
        let messages: Vec<_> = findings.into_iter().map(|finding| finding.message).collect();
        assert_eq!(messages, [message], "{code}");
    }
}

#[test]
fn a_record_that_is_no_object() {
    let schema = article_schema();
    let text = "[1]";
    let mut tree = Tree::new();
    parse(text, Span::new(0, 3), &mut tree, &mut Vec::new()).unwrap();
    let root = tree.root(text).unwrap();
    let record = Record {
        root,
        roles: [None; 9],
        language: "",
        governed: false,
        license: None,
        path: "",
    };
    let rule = RULES.iter().find(|rule| rule.code == "S006").unwrap();
    let check = (rule.check)(&Options::defaults(rule.options)).unwrap();
    let mut findings = Vec::new();
    let mut out = Out {
        findings: &mut findings,
        rule: 0,
        node: None,
    };
    check.record(&record, &mut out);
    check.schema(&schema.errors(root)[0], &record, &mut out);
    assert_eq!(findings[0].severity, Some(crate::finding::Severity::Warning));
    assert_eq!(findings[1].message, "The record is array, expected object.");
    assert!(findings.iter().all(|finding| finding.node.is_none()));
}

#[test]
fn every_fault_is_reported_by_its_rule_only() {
    let table = [
        (
            FaultKind::InvalidUtf8 {
                byte: 0xc7,
                count: 3,
                guess: Some("windows-1256"),
            },
            "Byte 0xC7 is not valid UTF-8, the first of 3 places in the record. The bytes look like \
             windows-1256 (a guess): convert the file, or set `encoding` of its input.",
        ),
        (
            FaultKind::ByteOrderMark,
            "The file starts with a byte order mark (U+FEFF).",
        ),
        (
            FaultKind::Binary {
                looks_like: "UTF-16LE text",
            },
            "The file looks like UTF-16LE text, not like text. It is skipped.",
        ),
        (
            FaultKind::Unreadable {
                reason: "the archive is truncated".to_owned(),
            },
            "Cannot be read from byte 7: the archive is truncated.",
        ),
        (
            FaultKind::Malformed {
                reason: "the row has 2 cells, the header 3".to_owned(),
            },
            "The record cannot be read: the row has 2 cells, the header 3. It is skipped.",
        ),
        (
            FaultKind::InvalidJson {
                reason: "expected `:`, found `1`".to_owned(),
            },
            "Not valid JSON: expected `:`, found `1`.",
        ),
        (
            FaultKind::Limit {
                limit: "nesting depth 128".to_owned(),
                what: "nesting depth",
                value: 129,
            },
            "The record exceeds nesting depth 128: nesting depth (129). It is skipped.",
        ),
        (
            FaultKind::LineStructure {
                what: "blank line",
                count: 2,
            },
            "Not one JSON value a line: blank line. Only the first place is reported.",
        ),
    ];
    for (kind, message) in table {
        let code = kind.code();
        let fault = Fault {
            kind,
            line: 0,
            offset: 7,
            column: None,
        };
        for rule in RULES.iter().filter(|rule| matches!(rule.wake, Wake::Fault)) {
            let check = (rule.check)(&Options::defaults(rule.options)).unwrap();
            let mut findings = Vec::new();
            let mut out = Out {
                findings: &mut findings,
                rule: 0,
                node: None,
            };
            check.fault(&fault, &mut out);
            let messages: Vec<_> = findings.into_iter().map(|finding| finding.message).collect();
            // E005 stands in for E003 where that rule is off.
            if rule.code == code || (rule.code == "E005" && code == "E003") {
                assert_eq!(messages, [message], "{code}");
            } else {
                assert!(messages.is_empty(), "{} on {code}", rule.code);
            }
        }
    }
}

#[test]
fn any_literal_offset_of_an_example_is_inside() {
    for (_, example) in examples() {
        let mut tree = Tree::new();
        parse(
            example.input,
            Span::new(0, example.input.len()),
            &mut tree,
            &mut Vec::new(),
        )
        .unwrap();
        for (_, value) in tree.root(example.input).unwrap().members() {
            if let Some(text) = value.as_str() {
                assert_eq!(literal_offset(value.raw(), text.len()), value.raw().len() - 1);
            }
        }
    }
}
