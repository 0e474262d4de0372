//! `junit`: test results as CI servers read them.
//!
//! A suite says its totals before its cases, so findings are held back; a suite therefore has at
//! most [`SUITE`] cases, and a file with more of them gets several suites. The XML satisfies the
//! schemas of Apache Ant (windyroad) and of Jenkins' xUnit plug-in alike. Errors and warnings are
//! failures, notes are skipped tests. There is no clock in it: the same findings give the same bytes.

use super::{Output, escape, position};
use crate::finding::{Finding, Severity, Sink, Summary};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

/// Cases of a suite, at most.
const SUITE: u64 = 1_000;

pub(super) struct Junit {
    out: Output,
    path: Option<Arc<str>>,
    /// The cases of the open suite.
    cases: String,
    tests: u64,
    skipped: u64,
    suites: u64,
}

impl Junit {
    pub(super) const fn new(out: Output) -> Self {
        Self {
            out,
            path: None,
            cases: String::new(),
            tests: 0,
            skipped: 0,
            suites: 0,
        }
    }

    /// Writes the open suite.
    fn flush_suite(&mut self, name: &str) -> io::Result<()> {
        if self.suites == 0 {
            self.out
                .write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")?;
        }
        let name = escape::markup(name);
        let failures = if self.path.is_some() {
            self.tests - self.skipped
        } else {
            0
        };
        writeln!(
            self.out,
            "  <testsuite package=\"corpus\" id=\"{}\" name=\"{name}\" timestamp=\"1970-01-01T00:00:00\" \
             hostname=\"localhost\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{}\" time=\"0\">\n    \
             <properties></properties>\n{}    <system-out></system-out>\n    <system-err></system-err>\n  </testsuite>",
            self.suites, self.tests, self.skipped, self.cases
        )?;
        self.suites += 1;
        self.tests = 0;
        self.skipped = 0;
        self.cases.clear();
        Ok(())
    }

    fn close_suite(&mut self) -> io::Result<()> {
        match self.path.clone() {
            Some(path) if self.tests > 0 => self.flush_suite(if path.is_empty() { "-" } else { &path }),
            _ => Ok(()),
        }
    }

    fn case(&mut self, finding: &Finding) {
        let mut name = format!("{} {}", finding.code, finding.name);
        if let Some((line, column)) = position(finding) {
            let _ = write!(name, " at {line}");
            if let Some(column) = column {
                let _ = write!(name, ":{column}");
            }
        }
        let _ = write!(
            self.cases,
            "    <testcase name=\"{}\" classname=\"",
            escape::markup(&name)
        );
        escape::push_markup(&mut self.cases, &finding.path);
        self.cases.push_str("\" time=\"0\">");
        if finding.severity == Severity::Info {
            self.skipped += 1;
            self.cases.push_str("<skipped message=\"");
            escape::push_markup(&mut self.cases, &finding.message);
            self.cases.push_str("\"></skipped>");
        } else {
            let _ = write!(self.cases, "<failure type=\"{}\" message=\"", finding.severity);
            escape::push_markup(&mut self.cases, &finding.message);
            self.cases.push_str("\">");
            escape::push_markup(&mut self.cases, &body(finding));
            self.cases.push_str("</failure>");
        }
        self.cases.push_str("</testcase>\n");
        self.tests += 1;
    }
}

/// Where the record is, for the text of a failure.
fn body(finding: &Finding) -> String {
    let mut parts = vec![super::location(finding)];
    parts.extend(finding.id.as_deref().map(|id| format!("id {id}")));
    parts.extend(finding.field.as_deref().map(ToOwned::to_owned));
    parts.extend(
        finding
            .span
            .map(|span| format!("bytes {}..{}", span.start, span.end)),
    );
    parts.extend(finding.fix.as_ref().map(|fix| format!("fix: {}", fix.title)));
    parts.join(", ")
}

impl Sink for Junit {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if self.path.as_ref() != Some(&finding.path) || self.tests == SUITE {
            self.close_suite()?;
            self.path = Some(Arc::clone(&finding.path));
        }
        self.case(finding);
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary) -> io::Result<()> {
        self.close_suite()?;
        if self.suites == 0 {
            // A report without any test counts as broken in some servers.
            self.tests = 1;
            self.cases
                .push_str("    <testcase name=\"no findings\" classname=\"corpus\" time=\"0\"></testcase>\n");
            self.flush_suite("corpus")?;
        }
        self.out.write_all(b"</testsuites>\n")?;
        self.out.flush()
    }
}
