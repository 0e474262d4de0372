//! Accuracy of the default rules on labelled records: exact codes, fields and spans, the text after
//! safe fixes, and precision and recall of each rule.
//!
//! `cases.jsonl` beside this file holds invented records; every language with a good one too. Another
//! labelled sample of the same form is judged when the environment variable `CORPUS_DEV_SAMPLE` names it.

#![allow(clippy::print_stdout, clippy::expect_used, clippy::unwrap_used)]

use corpus::config::Config;
use corpus::engine::check::{Checker, FieldNames};
use corpus::engine::select::{CommandLine, Selection};
use corpus::engine::single;
use corpus::finding::{Finding, Safety, Severity};
use corpus::rules::list::RULES;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A labelled record.
#[derive(Deserialize)]
struct Case {
    /// The record, as one line of JSON Lines.
    record: serde_json::Value,
    /// What must be found.
    expected: Vec<Label>,
    /// Codes that may be found too.
    #[serde(default)]
    may: Vec<String>,
    /// What the case is about.
    #[serde(default)]
    note: String,
    /// `good` or `bad`.
    kind: String,
    /// The body after safe fixes.
    safe_fixed_body: Option<String>,
}

/// An expected finding. Offsets are absent where the whole field or record is meant.
#[derive(Deserialize)]
struct Label {
    code: String,
    field: Option<String>,
    start: Option<usize>,
    end: Option<usize>,
    start_char: Option<usize>,
    end_char: Option<usize>,
}

/// Code, field, bytes and code points of a finding.
type Place = (
    String,
    Option<String>,
    Option<(usize, usize)>,
    Option<(usize, usize)>,
);

impl Label {
    fn place(&self) -> Place {
        (
            self.code.clone(),
            self.field.clone(),
            self.start.zip(self.end),
            self.start_char.zip(self.end_char),
        )
    }
}

fn place(finding: &Finding) -> Place {
    (
        finding.code.to_owned(),
        finding
            .field
            .as_deref()
            .map(|field| field.trim_start_matches('/').to_owned()),
        finding.span.map(|span| (span.start, span.end)),
        finding.chars.map(|span| (span.start, span.end)),
    )
}

/// Right, wrong and missed findings of one rule.
#[derive(Default)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Score {
    fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    fn recall(&self) -> f64 {
        share(self.right, self.right + self.missed)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// What a sample shows.
#[derive(Default)]
struct Report {
    scores: BTreeMap<String, Score>,
    /// Differences, in words.
    problems: Vec<String>,
    /// Errors and warnings in good records.
    alarms: usize,
    good: usize,
    skipped: BTreeSet<String>,
}

impl Report {
    fn print(&self, name: &str) {
        println!("{name}: {} good records, {} false alarms", self.good, self.alarms);
        for (code, score) in &self.scores {
            println!(
                "  {code}  precision {:.3}  recall {:.3}  ({} right, {} wrong, {} missed)",
                score.precision(),
                score.recall(),
                score.right,
                score.wrong,
                score.missed
            );
        }
        for code in &self.skipped {
            println!("  {code}  not judged: there is no such rule yet");
        }
    }

    fn problem(&mut self, case: &Case, what: &str) {
        let id = case.record["id"].as_str().unwrap_or("?");
        self.problems.push(format!("{id} ({}): {what}", case.note));
    }
}

/// The checker of `corpus lint` without a configuration.
fn checker() -> Checker {
    let config = Config::default();
    Checker {
        selection: Selection::new(&config, &CommandLine::default(), None).expect("defaults build"),
        schema: None,
        fields: FieldNames::new(&config),
        governed: false,
        evaluation: None,
        takedowns: None,
    }
}

fn judge(cases: &[Case]) -> Report {
    let checker = checker();
    let mut report = Report::default();
    for case in cases {
        let text = case.record.to_string();
        let found = single::findings(&checker, &text, "sample.jsonl");
        findings(case, &found, &mut report);
        fixes(case, &checker, &text, &mut report);
    }
    report
}

fn findings(case: &Case, found: &[Finding], report: &mut Report) {
    let mut missing: Vec<Place> = Vec::new();
    for label in &case.expected {
        if RULES.iter().any(|rule| rule.code == label.code) {
            missing.push(label.place());
        } else {
            report.skipped.insert(label.code.clone());
        }
    }
    if case.kind == "good" {
        report.good += 1;
        report.alarms += found
            .iter()
            .filter(|found| found.severity >= Severity::Warning)
            .count();
    }
    for finding in found {
        let place = place(finding);
        let score = report.scores.entry(place.0.clone()).or_default();
        if let Some(at) = missing.iter().position(|label| *label == place) {
            missing.remove(at);
            score.right += 1;
        } else if !case.may.contains(&place.0) {
            score.wrong += 1;
            report.problem(case, &format!("unexpected {place:?} {}", finding.message));
        }
    }
    for place in missing {
        report.scores.entry(place.0.clone()).or_default().missed += 1;
        report.problem(case, &format!("missed {place:?}"));
    }
}

fn fixes(case: &Case, checker: &Checker, text: &str, report: &mut Report) {
    let fixed = single::fix(checker, text, Safety::Safe).map(|(text, _)| text);
    if let Some(again) = fixed
        .as_deref()
        .and_then(|fixed| single::fix(checker, fixed, Safety::Safe))
    {
        report.problem(case, &format!("a second fix changes it again to {}", again.0));
    }
    let Some(want) = &case.safe_fixed_body else { return };
    let after: serde_json::Value =
        serde_json::from_str(fixed.as_deref().unwrap_or(text)).expect("a fix leaves JSON");
    if after["body"] != want.as_str() {
        report.problem(case, &format!("fixed to {}, expected {want:?}", after["body"]));
    }
}

fn cases(text: &str) -> Vec<Case> {
    text.lines()
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).expect("a labelled record"))
        .collect()
}

fn assert_exact(name: &str, text: &str) {
    let cases = cases(text);
    let report = judge(&cases);
    report.print(name);
    assert!(
        report.problems.is_empty(),
        "{} differences:\n{}",
        report.problems.len(),
        report.problems.join("\n")
    );
    assert_eq!(
        report.alarms, 0,
        "good records must be free of errors and warnings"
    );
}

#[test]
fn invented_cases_are_judged_exactly() {
    let text = include_str!("cases.jsonl");
    assert!(text.lines().count() >= 60, "too few cases to say anything");
    assert_exact("cases.jsonl", text);
}

#[test]
fn a_labelled_sample_is_judged_exactly() {
    let Ok(path) = std::env::var("CORPUS_DEV_SAMPLE") else {
        println!("skipped: set CORPUS_DEV_SAMPLE to a labelled sample");
        return;
    };
    let text = std::fs::read_to_string(&path).expect("CORPUS_DEV_SAMPLE can be read");
    assert_exact(&path, &text);
}
