//! `rdjson`: reviewdog's diagnostic format,
//! <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>.
//!
//! Its columns count bytes. A finding's column counts code points, so a column is given only where
//! both are the same for certain; a line without one means the whole line.

use super::json::{List, to_vec};
use super::{Output, escape, position};
use crate::finding::{Finding, Severity, Sink, Summary};
use serde::Serialize;
use std::io::{self, Write};

pub(super) struct Rdjson {
    out: Output,
    list: List,
}

impl Rdjson {
    pub(super) const fn new(out: Output) -> Self {
        Self {
            out,
            list: List::new(r#"{"source":{"name":"corpus"},"diagnostics":["#),
        }
    }
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: &'a str,
    location: Location<'a>,
    severity: &'a str,
    code: Code<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
}

#[derive(Serialize)]
struct Position {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

impl Sink for Rdjson {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let range = position(finding).map(|(line, column)| Range {
            start: Position {
                line,
                // Before the first character there is nothing to count.
                column: column.filter(|&column| column == 1),
            },
        });
        let diagnostic = Diagnostic {
            message: &format!("{}: {}", finding.name, escape::visible(&finding.message)),
            location: Location {
                path: &finding.path,
                range,
            },
            severity: match finding.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Info => "INFO",
            },
            code: Code { value: finding.code },
        };
        self.list.line(&mut self.out, &to_vec(&diagnostic)?)
    }

    fn finish(&mut self, _summary: &Summary) -> io::Result<()> {
        self.list.close(&mut self.out)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}
