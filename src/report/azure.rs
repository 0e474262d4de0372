//! `azure`: logging commands of Azure Pipelines,
//! <https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands>.

use super::style::Styles;
use super::summary::summary_line;
use super::{Cap, Output, escape, location, position};
use crate::finding::{Finding, Severity, Sink, Summary};
use std::io::{self, Write};

pub(super) struct Azure {
    out: Output,
    cap: Cap,
}

impl Azure {
    pub(super) fn new(out: Output, max_findings: Option<u64>) -> Self {
        Self {
            out,
            cap: Cap::new(max_findings, None),
        }
    }
}

/// The text of a command; the agent decodes `%`.
fn data(text: &str) -> String {
    escape::visible(text).replace('%', "%AZP25")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(';', "%3B").replace(']', "%5D")
}

impl Sink for Azure {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if !self.cap.take(finding) {
            return Ok(());
        }
        let kind = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            // The agent knows no third kind: a line of the log.
            Severity::Info => {
                let message = escape::visible(&finding.message);
                return writeln!(self.out, "{}: {} info {message}", location(finding), finding.code);
            }
        };
        write!(
            self.out,
            "##vso[task.logissue type={kind};sourcepath={};",
            property(&finding.path)
        )?;
        if let Some((line, column)) = position(finding) {
            write!(self.out, "linenumber={line};")?;
            if let Some(column) = column {
                write!(self.out, "columnnumber={column};")?;
            }
        }
        writeln!(
            self.out,
            "code={};]{}: {}",
            finding.code,
            finding.name,
            data(&finding.message)
        )
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if let Some(note) = self.cap.note() {
            writeln!(self.out, "{note}")?;
        }
        writeln!(self.out, "{}", summary_line(summary, &Styles::default()))?;
        self.out.flush()
    }
}
