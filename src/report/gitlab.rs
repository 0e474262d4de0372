//! `gitlab`: a code quality report,
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use super::json::{List, to_vec};
use super::summary::count;
use super::top::{MOST, Top, rank};
use super::{Output, escape, fingerprint, position};
use crate::finding::{Finding, Severity, Sink, Summary};
use serde::Serialize;
use std::io::{self, Write};

pub(super) struct Gitlab {
    out: Output,
    top: Top,
}

impl Gitlab {
    pub(super) fn new(out: Output) -> Self {
        Self {
            out,
            top: Top::new(MOST),
        }
    }
}

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
}

fn issue(finding: &Finding) -> io::Result<Vec<u8>> {
    to_vec(&Issue {
        description: &format!(
            "{} {}: {}",
            finding.code,
            finding.name,
            escape::visible(&finding.message)
        ),
        check_name: finding.name,
        fingerprint: &fingerprint(finding),
        severity: match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Info => "info",
        },
        location: Location {
            path: &finding.path,
            lines: Lines {
                begin: position(finding).map_or(1, |(line, _)| line),
            },
        },
    })
}

impl Sink for Gitlab {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.top.push(rank(finding.severity, false), || issue(finding))
    }

    fn finish(&mut self, _summary: &Summary) -> io::Result<()> {
        let mut list = List::new("[");
        let note = self.top.omitted() > 0;
        if note {
            self.top.drop_one();
        }
        let omitted = self.top.omitted();
        for item in self.top.take() {
            list.line(&mut self.out, &item)?;
        }
        if note {
            // The format has no place for a count: one issue says it.
            let text = format!(
                "{} of lower severity or later in the run not listed",
                count(omitted, "more finding")
            );
            let issue = Issue {
                description: &text,
                check_name: "corpus",
                fingerprint: "corpus-findings-omitted",
                severity: "info",
                location: Location {
                    path: "corpus.toml",
                    lines: Lines { begin: 1 },
                },
            };
            list.item(&mut self.out, &issue)?;
        }
        list.close(&mut self.out)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}
