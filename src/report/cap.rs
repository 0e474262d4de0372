//! What a screen shows of many findings.

use super::statistics::{Counts, table};
use super::style::{Styles, paint};
use super::{RuleInfo, summary};
use crate::finding::{Finding, Summary};
use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

/// Rows of the table at the end.
const ROWS: usize = 12;

/// Counts what a screen shows, up to its caps.
#[derive(Debug)]
pub(crate) struct Cap {
    left: Option<u64>,
    hidden: u64,
    per_rule: Option<u64>,
    /// Findings of each rule in the file at hand.
    path: Option<Arc<str>>,
    seen: HashMap<&'static str, u64>,
    /// Findings that their rule's cap hides.
    more: u64,
    counts: Counts,
}

impl Cap {
    pub(crate) fn new(max: Option<u64>, per_rule: Option<u64>) -> Self {
        Self {
            left: max,
            hidden: 0,
            per_rule,
            path: None,
            seen: HashMap::new(),
            more: 0,
            counts: Counts::default(),
        }
    }

    /// Whether one more is shown.
    pub(crate) fn take(&mut self, finding: &Finding) -> bool {
        if let Some(most) = self.per_rule {
            if finding.suppressed.is_none() {
                self.counts.add(finding);
            }
            if self.path.as_ref() != Some(&finding.path) {
                self.path = Some(Arc::clone(&finding.path));
                self.seen.clear();
            }
            let seen = self.seen.entry(finding.code).or_insert(0);
            *seen += 1;
            if *seen > most {
                self.more += 1;
                return false;
            }
        }
        match &mut self.left {
            None => true,
            Some(0) => {
                self.hidden += 1;
                false
            }
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }

    /// What to say about those that were not shown.
    pub(crate) fn note(&self) -> Option<String> {
        (self.hidden > 0).then(|| {
            format!(
                "{} not shown (--max-findings)",
                summary::count(self.hidden, "more finding")
            )
        })
    }

    /// Where rules were cut short: what there is of each, the worst first, and what to do about it.
    pub(crate) fn rest(
        &self,
        out: &mut dyn Write,
        summary: &Summary,
        rules: &[RuleInfo],
        styles: &Styles,
    ) -> io::Result<()> {
        let Some(most) = self.per_rule.filter(|_| self.more > 0) else {
            return Ok(());
        };
        writeln!(
            out,
            "{}: {} not shown, for a file has more than {most} of one rule (`--max-per-rule 0` shows all). In all:",
            paint(styles.info, "note"),
            summary::count(self.more, "finding"),
        )?;
        table(out, &self.counts, summary, rules, styles, ROWS)
    }
}
