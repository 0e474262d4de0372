//! `concise`: `path:line:column: U009 error message [fixable]`, one line a finding.

use super::style::{Styles, paint, styles};
use super::summary::summary_line;
use super::{Cap, Options, Output, escape, fixable, location};
use crate::finding::{Finding, Sink, Summary};
use std::io::{self, Write};

pub(super) struct Concise {
    out: Output,
    styles: Styles,
    cap: Cap,
}

impl Concise {
    pub(super) fn new(out: Output, options: &Options) -> Self {
        Self {
            out,
            styles: styles(options.color),
            cap: Cap::new(options.max_findings, None),
        }
    }
}

impl Sink for Concise {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if !self.cap.take(finding) {
            return Ok(());
        }
        writeln!(
            self.out,
            "{}: {} {} {}{}",
            location(finding),
            paint(self.styles.strong, finding.code),
            paint(self.styles.severity(finding.severity), finding.severity),
            escape::isolated(&finding.message),
            paint(self.styles.help, fixable(finding)),
        )
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if let Some(note) = self.cap.note() {
            writeln!(self.out, "{note}")?;
        }
        writeln!(self.out, "{}", summary_line(summary, &self.styles))?;
        self.out.flush()
    }
}
