//! Findings about the project itself: they stand at its corpus.toml.

use super::check::Checker;
use crate::finding::{Finding, Severity};
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// The configuration of a project whose inputs are all read.
#[derive(Debug, Clone)]
pub struct ProjectFile {
    /// Its path, as shown.
    pub shown: Arc<str>,
    /// Lines on which `[[lint.suppress]]` tables start, from 1.
    pub suppressions: Vec<u64>,
}

impl ProjectFile {
    /// The configuration with this text.
    #[must_use]
    pub fn new(shown: &str, text: &str) -> Self {
        let lines = (1..).zip(text.lines());
        Self {
            shown: shown.into(),
            suppressions: lines
                .filter(|(_, line)| {
                    line.split_whitespace()
                        .collect::<String>()
                        .starts_with("[[lint.suppress]]")
                })
                .map(|(number, _)| number)
                .collect(),
        }
    }

    /// A finding at a line of the file, or about the project as a whole; `None` where the rule does not
    /// run or is suppressed for the source.
    pub(crate) fn finding(
        &self,
        checker: &Checker,
        (code, severity): (&str, Option<Severity>),
        line: Option<u64>,
        source: Option<&str>,
        message: String,
    ) -> Option<Finding> {
        let selection = &checker.selection;
        let (index, active) = selection.set.find(code)?;
        if selection.ignored_in_file(&self.shown, active.rule) {
            return None;
        }
        // A severity that the project set is its word.
        let severity = severity
            .filter(|_| active.severity == active.rule.severity)
            .unwrap_or(active.severity);
        let (severity, suppressed) = selection.judge(index, severity, None, source, |_| None)?;
        let mut hash = Xxh3::new();
        // Counts in the message change from day to day.
        let about: String = message.chars().filter(|c| !c.is_ascii_digit()).collect();
        for part in [code, source.unwrap_or_default(), &about] {
            hash.update(part.as_bytes());
            hash.update(&[0]);
        }
        Some(Finding {
            code: active.rule.code,
            name: active.rule.name,
            severity,
            path: Arc::clone(&self.shown),
            line,
            column: None,
            place: None,
            id: None,
            field: None,
            span: None,
            chars: None,
            offset: None,
            message: message.into(),
            fix: None,
            fingerprint: hash.digest(),
            excerpt: None,
            suppressed,
        })
    }

    /// R006: what put nothing aside.
    pub(crate) fn stale(&self, checker: &Checker) -> Vec<Finding> {
        let stale = checker.selection.stale().into_iter();
        stale
            .filter_map(|stale| {
                let line = stale
                    .suppression
                    .and_then(|at| self.suppressions.get(at).copied());
                self.finding(checker, ("R006", None), line, None, stale.message)
            })
            .collect()
    }
}
