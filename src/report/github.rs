//! `github`: annotations by workflow commands,
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.
//!
//! GitHub shows ten errors and ten warnings of a step and drops the rest in silence; this format
//! stops there itself and says how many there are.

use super::style::Styles;
use super::summary::{count, summary_line};
use super::{Output, escape, position};
use crate::finding::{Finding, Severity, Sink, Summary};
use std::io::{self, Write};

/// Annotations of one kind that GitHub shows of a step.
const SHOWN: u64 = 10;

pub(super) struct Github {
    out: Output,
    /// Seen so far: error, warning, info.
    seen: [u64; 3],
}

impl Github {
    pub(super) const fn new(out: Output) -> Self {
        Self { out, seen: [0; 3] }
    }
}

/// The text of a command: visible, and without what would end or decode it.
fn data(text: &str) -> String {
    escape::visible(text).replace('%', "%25")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

impl Sink for Github {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let (command, index, shown) = match finding.severity {
            Severity::Error => ("error", 0, SHOWN),
            Severity::Warning => ("warning", 1, SHOWN),
            Severity::Info => ("notice", 2, 0),
        };
        self.seen[index] += 1;
        if self.seen[index] > shown {
            return Ok(());
        }
        write!(self.out, "::{command} file={}", property(&finding.path))?;
        if let Some((line, column)) = position(finding) {
            write!(self.out, ",line={line}")?;
            if let Some(column) = column {
                write!(self.out, ",col={column}")?;
            }
        }
        let mut message = String::new();
        if let Some(id) = &finding.id {
            message = format!("{}: ", data(id));
        }
        message.push_str(&data(&finding.message));
        writeln!(self.out, ",title={} {}::{message}", finding.code, finding.name)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let [errors, warnings, notes] = self.seen;
        let hidden = [
            (errors.saturating_sub(SHOWN), "error"),
            (warnings.saturating_sub(SHOWN), "warning"),
            (notes, "note"),
        ];
        let parts: Vec<String> = hidden
            .into_iter()
            .filter(|&(n, _)| n > 0)
            .map(|(n, noun)| count(n, noun))
            .collect();
        if !parts.is_empty() {
            let text = format!(
                "Not shown as annotations: {}. The log of the run has the totals.",
                parts.join(", ")
            );
            writeln!(self.out, "::notice title=corpus::{}", data(&text))?;
        }
        writeln!(self.out, "{}", summary_line(summary, &Styles::default()))?;
        self.out.flush()
    }
}
