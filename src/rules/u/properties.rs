//! What must hold of every character rule: its examples, and that its safe fixes settle.

use crate::finding::{Change, Safety};
use crate::record::{Kind, Node, Role, Tree};
use crate::rules::runner::RuleSet;
use crate::rules::{Example, RawFinding, Record, Rule};
use proptest::prelude::*;

/// Findings of one rule in a text.
fn findings(rule: &'static Rule, text: &str, language: &str) -> Vec<RawFinding> {
    let source = " ".repeat(2);
    let tree = Tree {
        nodes: vec![Node {
            kind: Kind::String,
            escaped: true,
            start: 0,
            end: 2,
            a: 0,
            b: text.len() as u32,
        }],
        arena: text.to_owned(),
    };
    let root = tree.root(&source).unwrap();
    let mut roles = [None; 9];
    roles[Role::Text as usize] = Some(root);
    let record = Record {
        root,
        roles,
        language,
        governed: false,
        path: "x",
    };
    let set = RuleSet::all_defaults();
    let (index, _) = set.find(rule.code).unwrap();
    let mut found = Vec::new();
    set.record(&record, &mut found);
    found.retain(|finding| finding.rule == index);
    found
}

fn apply(text: &str, findings: &[RawFinding], safety: Safety) -> String {
    let mut edits: Vec<_> = findings
        .iter()
        .filter_map(|finding| finding.fix.as_ref())
        .filter(|fix| fix.safety >= safety)
        .flat_map(|fix| match &fix.change {
            Change::Edits(edits) => edits.clone(),
            Change::Replace(_) => Vec::new(),
        })
        .collect();
    edits.sort_by_key(|edit| edit.span);
    let mut out = String::new();
    let mut end = 0;
    for edit in edits {
        assert!(edit.span.start >= end, "edits overlap in {text:?}");
        out.push_str(&text[end..edit.span.start]);
        out.push_str(&edit.text);
        end = edit.span.end;
    }
    out + &text[end..]
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    crate::rules::list::RULES
        .iter()
        .copied()
        .filter(|rule| rule.code.starts_with('U') && rule.code <= "U017" || rule.code == "U025")
        .filter(|rule| !matches!(rule.code, "U006" | "U011" | "U013" | "U016"))
}

fn check_example(rule: &'static Rule, example: &Example) {
    let found = findings(rule, example.input, example.language);
    let spans: Vec<&str> = found
        .iter()
        .map(|finding| &example.input[finding.span.unwrap().range()])
        .collect();
    assert_eq!(spans, example.spans, "{} {:?}", rule.code, example.input);
    if let Some(fixed) = example.fixed {
        assert_eq!(apply(example.input, &found, Safety::Safe), fixed, "{}", rule.code);
    }
    if let Some(fixed) = example.unsafe_fixed {
        assert_eq!(
            apply(example.input, &found, Safety::Unsafe),
            fixed,
            "{}",
            rule.code
        );
    }
}

#[test]
fn examples_hold() {
    for rule in rules() {
        assert!(
            rule.examples.iter().any(|example| !example.spans.is_empty()),
            "{}",
            rule.code
        );
        assert!(
            rule.examples.iter().any(|example| example.spans.is_empty()),
            "{}",
            rule.code
        );
        for example in rule.examples {
            check_example(rule, example);
        }
    }
}

proptest! {
    #[test]
    fn safe_fixes_settle_at_once(
        text in "[a .،\n\r\t\u{0}\u{b}\u{1b}\\[m\u{85}\u{81}ÙØ\u{a0}\u{ad}\u{301}e\u{115f}نرهةی12\u{651}\u{64e}\u{200b}-\u{200f}\u{2028}-\u{202f}\u{2066}-\u{2069}\u{2003}\u{2800}\u{3000}\u{3164}\u{feff}\u{fdd0}\u{fb01}\u{fb03}字か\u{1f3f4}\u{1f468}\u{e0067}\u{e007f}\u{915}\u{94d}]{0,24}",
        language in proptest::sample::select(vec!["ar", "fa", "en", "fr", "hi", "ja", ""])
    ) {
        for rule in rules() {
            let found = findings(rule, &text, language);
            for finding in &found {
                let span = finding.span.unwrap();
                prop_assert!(text.get(span.range()).is_some() && !span.is_empty());
            }
            let safe = found.iter().filter(|f| f.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe)).count();
            let fixed = apply(&text, &found, Safety::Safe);
            let again = findings(rule, &fixed, language);
            let still = again.iter().filter(|f| f.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe)).count();
            prop_assert!(still == 0, "{} {:?} -> {:?}: {} then {}", rule.code, text, fixed, safe, still);
            prop_assert_eq!(apply(&fixed, &again, Safety::Safe), fixed);
        }
    }
}

/// Prints what the character rules say of a file of JSON Lines that `CORPUS_TRY` names.
#[test]
#[ignore = "reads a file of the caller"]
#[allow(clippy::print_stdout)]
fn try_a_file() {
    let Some(path) = std::env::var_os("CORPUS_TRY") else {
        return;
    };
    let only = std::env::var("CORPUS_TRY_RULE").ok();
    let mut counts = std::collections::BTreeMap::new();
    let mut records = 0;
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let value = value.get("record").unwrap_or(&value);
        let field = |names: &[&str]| names.iter().find_map(|&name| value.get(name)?.as_str());
        let text = field(&["body", "text", "Text"]).unwrap_or_default();
        let language = field(&["language", "lang"]).unwrap_or("ar");
        records += 1;
        for rule in rules() {
            for finding in findings(rule, text, language.split('-').next().unwrap()) {
                let count = counts.entry(rule.code).or_insert(0);
                *count += 1;
                if only.as_deref() == Some(rule.code) && *count <= 60 {
                    let span = finding.span.unwrap();
                    let from = text[..span.start]
                        .char_indices()
                        .rev()
                        .nth(12)
                        .map_or(0, |(at, _)| at);
                    let to = text[span.end..]
                        .char_indices()
                        .nth(12)
                        .map_or(text.len(), |(at, _)| span.end + at);
                    println!(
                        "{language} {} | {}",
                        finding.message,
                        crate::text::visible::visible(&text[from..to])
                    );
                }
            }
        }
    }
    println!("{records} records {counts:?}");
}
