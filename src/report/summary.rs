//! The sentence at the end of a report.

use super::escape;
use super::style::{Styles, paint};
use crate::finding::{Severity, Summary};
use std::fmt::Write as _;

/// `1 record`, `2 records`.
pub(crate) fn count(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn by_severity(summary: &Summary, severity: Severity) -> u64 {
    summary.by_severity.get(severity.as_str()).copied().unwrap_or(0)
}

fn found(summary: &Summary, styles: &Styles) -> String {
    let parts: Vec<String> = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "note"),
    ]
    .into_iter()
    .filter_map(|(severity, noun)| {
        let n = by_severity(summary, severity);
        (n > 0).then(|| paint(styles.severity(severity), count(n, noun)))
    })
    .collect();
    if parts.is_empty() {
        return count(summary.findings, "finding");
    }
    parts.join(", ")
}

fn fixable(summary: &Summary) -> String {
    match (summary.fixable_safe, summary.fixable_unsafe) {
        (0, 0) => String::new(),
        (safe, 0) => format!(" ({safe} fixable with --fix)"),
        (0, risky) => format!(" ({risky} fixable with --fix --unsafe-fixes)"),
        (safe, risky) => format!(" ({safe} fixable with --fix, {risky} more with --unsafe-fixes)"),
    }
}

/// What a run found, in a sentence:
/// `Found 12 errors, 3 warnings in 120 records (5 fixable with --fix, 2 more with --unsafe-fixes).`
#[must_use]
pub fn summary_line(summary: &Summary, styles: &Styles) -> String {
    let records = count(summary.records, "record");
    let mut line = String::new();
    if summary.fixed > 0 {
        line = format!("Fixed {}. ", count(summary.fixed, "finding"));
    }
    if summary.findings == 0 {
        let files = count(summary.files, "file");
        line.push_str(&paint(styles.good, "All checks passed"));
        let _ = write!(line, ": {records} in {files}.");
    } else {
        let _ = write!(
            line,
            "Found {} in {records}{}.",
            found(summary, styles),
            fixable(summary)
        );
    }
    if summary.suppressed > 0 {
        let _ = write!(line, " {} suppressed.", summary.suppressed);
    }
    if summary.baselined > 0 {
        let _ = write!(line, " {} in the baseline.", summary.baselined);
    }
    line
}

/// [`summary_line`] without colours, escaped as markup.
pub(crate) fn summary_markup(summary: &Summary) -> String {
    escape::markup(&summary_line(summary, &Styles::default()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn line(summary: &Summary) -> String {
        summary_line(summary, &Styles::default())
    }

    #[test]
    fn says_what_was_found() {
        let mut summary = Summary {
            files: 3,
            records: 120,
            ..Summary::default()
        };
        assert_eq!(line(&summary), "All checks passed: 120 records in 3 files.");
        summary.findings = 15;
        summary.by_severity.insert("error".to_owned(), 12);
        summary.by_severity.insert("warning".to_owned(), 3);
        assert_eq!(line(&summary), "Found 12 errors, 3 warnings in 120 records.");
        summary.fixable_safe = 5;
        summary.fixable_unsafe = 2;
        summary.fixed = 1;
        summary.suppressed = 4;
        summary.baselined = 9;
        assert_eq!(
            line(&summary),
            "Fixed 1 finding. Found 12 errors, 3 warnings in 120 records (5 fixable with --fix, 2 more with \
             --unsafe-fixes). 4 suppressed. 9 in the baseline."
        );
    }
}
