//! `grouped`: one line a finding, below the name of its file.
//!
//! Findings come ordered by path, so a group ends where the path changes; nothing is held back. The
//! findings about several files at the end of a run may open a path a second time.

use super::style::{Styles, paint, styles};
use super::summary::summary_line;
use super::{Cap, Options, Output, RuleInfo, escape, fixable, position};
use crate::finding::{Finding, Sink, Summary};
use std::io::{self, Write};
use std::sync::Arc;

pub(super) struct Grouped {
    out: Output,
    styles: Styles,
    cap: Cap,
    path: Option<Arc<str>>,
    rules: Vec<RuleInfo>,
}

impl Grouped {
    pub(super) fn new(out: Output, options: &Options) -> Self {
        Self {
            out,
            styles: styles(options.color),
            cap: Cap::new(options.max_findings, options.max_per_rule),
            path: None,
            rules: options.rules.clone(),
        }
    }

    fn open(&mut self, path: &Arc<str>) -> io::Result<()> {
        if self.path.as_ref() == Some(path) {
            return Ok(());
        }
        if self.path.is_some() {
            writeln!(self.out)?;
        }
        self.path = Some(Arc::clone(path));
        writeln!(
            self.out,
            "{}:",
            paint(self.styles.strong, escape::line_start(path))
        )
    }
}

impl Sink for Grouped {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if !self.cap.take(finding) {
            return Ok(());
        }
        self.open(&finding.path)?;
        let place = match position(finding) {
            Some((line, Some(column))) => format!("{line}:{column}"),
            Some((line, None)) => line.to_string(),
            None => "-".to_owned(),
        };
        // Padded before it is painted: a colour has no width.
        let severity = format!("{:<7}", finding.severity.as_str());
        writeln!(
            self.out,
            "  {} {} {} {}{}",
            paint(self.styles.faint, format_args!("{place:<10}")),
            paint(self.styles.severity(finding.severity), severity),
            paint(self.styles.strong, finding.code),
            escape::isolated(&finding.message),
            paint(self.styles.help, fixable(finding)),
        )
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if self.path.is_some() {
            writeln!(self.out)?;
        }
        if let Some(note) = self.cap.note() {
            writeln!(self.out, "{note}")?;
        }
        self.cap.rest(&mut self.out, summary, &self.rules, &self.styles)?;
        writeln!(self.out, "{}", summary_line(summary, &self.styles))?;
        self.out.flush()
    }
}
