//! `--statistics`: counts by rule.

use super::style::{Styles, paint, styles};
use super::summary::summary_line;
use super::{Format, Options, Output, RuleInfo, escape, json};
use crate::finding::{Finding, Safety, Severity, Sink, Summary};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Counts instead of findings.
pub(super) struct Statistics {
    format: Format,
    out: Output,
    options: Options,
    counts: Counts,
}

/// Findings by rule and by the severity and fix that each of them has: a rule may call one case an
/// error and another a note.
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<(&'static str, Severity), Tally>);

/// The findings of one rule and severity.
#[derive(Debug, Default)]
struct Tally {
    count: u64,
    best: Option<Safety>,
    /// The field of the first.
    field: Option<Box<str>>,
}

impl Counts {
    pub(super) fn add(&mut self, finding: &Finding) {
        let safety = finding.fix.as_ref().map(|fix| fix.safety);
        let tally = self.0.entry((finding.code, finding.severity)).or_default();
        tally.count += 1;
        tally.best = tally.best.max(safety);
        if tally.count == 1 {
            tally.field.clone_from(&finding.field);
        }
    }
}

impl Statistics {
    pub(super) fn new(format: Format, out: Output, options: Options) -> Self {
        Self {
            format,
            out,
            options,
            counts: Counts::default(),
        }
    }
}

impl Sink for Statistics {
    fn only_counts(&self) -> bool {
        true
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if finding.suppressed.is_none() {
            self.counts.add(finding);
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if self.format == Format::Json {
            statistics_json(&mut self.out, &self.counts, summary, &self.options.rules)?;
        } else {
            let styles = styles(self.options.color);
            table(
                &mut self.out,
                &self.counts,
                summary,
                &self.options.rules,
                &styles,
                usize::MAX,
            )?;
            writeln!(self.out, "{}", summary_line(summary, &styles))?;
        }
        self.out.flush()
    }
}

#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    name: &'a str,
    severity: Severity,
    count: u64,
    fix: Option<Safety>,
    #[serde(skip)]
    field: &'a str,
}

/// What was found: worst severity first, then the most findings, then by code.
fn rows<'a>(counts: &'a Counts, rules: &'a [RuleInfo]) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = counts
        .0
        .iter()
        .map(|(&(code, severity), tally)| Row {
            code,
            name: rules
                .iter()
                .find(|rule| rule.code == code)
                .map_or("", |rule| rule.name),
            severity,
            count: tally.count,
            fix: tally.best,
            field: tally.field.as_deref().unwrap_or_default(),
        })
        .collect();
    rows.sort_by_key(|row| (Reverse(row.severity), Reverse(row.count), row.code));
    rows
}

/// What a rule advises where as many findings as half the records have one cause.
fn advice(row: &Row<'_>, summary: &Summary, rules: &[RuleInfo]) -> Option<String> {
    const LEAST: u64 = 20;
    let advice = rules.iter().find(|rule| rule.code == row.code)?.advice?;
    let many = row.count >= LEAST && 2 * row.count >= summary.records;
    many.then(|| advice.replace("{field}", row.field.trim_start_matches('/')))
}

/// Writes counts by rule as a table, with `[*]` where a finding has a safe fix and `[-]` where
/// fixes need `--unsafe-fixes`; at most so many rows. Where most records have a finding of a rule, what
/// its rule advises stands below.
pub(super) fn table(
    out: &mut dyn Write,
    counts: &Counts,
    summary: &Summary,
    rules: &[RuleInfo],
    styles: &Styles,
    most: usize,
) -> io::Result<()> {
    let mut rows = rows(counts, rules);
    let all = rows.len();
    rows.truncate(most);
    let width = rows
        .iter()
        .map(|row| row.count.to_string().len())
        .max()
        .unwrap_or(0);
    let mut fixes = [false; 2];
    for row in &rows {
        let severity = row.severity.as_str();
        let style = styles.severity(row.severity);
        let mark = match row.fix {
            Some(Safety::Safe) => {
                fixes[0] = true;
                "[*]"
            }
            Some(Safety::Unsafe) => {
                fixes[1] = true;
                "[-]"
            }
            _ => "   ",
        };
        writeln!(
            out,
            "{:>width$}  {}  {}  {} {}",
            row.count,
            paint(style, format_args!("{severity:<7}")),
            paint(styles.strong, escape::visible(row.code)),
            paint(styles.help, mark),
            row.name
        )?;
        if let Some(advice) = advice(row, summary, rules) {
            let sign = paint(styles.frame, "=");
            let help = paint(styles.help, "help");
            writeln!(
                out,
                "{:>width$}  {sign} {help}: {}",
                "",
                escape::isolated(&advice)
            )?;
        }
    }
    if all > rows.len() {
        let more = super::summary::count((all - rows.len()) as u64, "more rule");
        writeln!(out, "{:>width$}  {more} (`--statistics` has all)", "…")?;
    }
    if fixes[0] {
        writeln!(out, "{} fixable with --fix", paint(styles.help, "[*]"))?;
    }
    if fixes[1] {
        writeln!(
            out,
            "{} fixable with --fix --unsafe-fixes",
            paint(styles.help, "[-]")
        )?;
    }
    if !rows.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

/// Writes counts by rule as JSON: `{"schema":"corpus.statistics/1","rules":[…],"summary":{…}}`.
fn statistics_json(
    out: &mut dyn Write,
    counts: &Counts,
    summary: &Summary,
    rules: &[RuleInfo],
) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'a> {
        schema: &'a str,
        rules: Vec<Row<'a>>,
        summary: json::Totals<'a>,
    }
    let document = Document {
        schema: "corpus.statistics/1",
        rules: rows(counts, rules),
        summary: json::Totals::from(summary),
    };
    out.write_all(&json::to_vec(&document)?)?;
    out.write_all(b"\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn rule(code: &'static str, name: &'static str) -> RuleInfo {
        RuleInfo {
            code,
            name,
            severity: Severity::Warning,
            fix: Some(Safety::Safe),
            summary: String::new(),
            help_markdown: String::new(),
            advice: Some("read {field} as what it is"),
        }
    }

    #[test]
    fn worst_first_then_most_by_what_the_findings_are() {
        let rules = [
            rule("A001", "presentation-form"),
            rule("B001", "share-widget"),
            rule("U001", "not-nfc"),
        ];
        let mut counts = Counts(BTreeMap::new());
        for (code, severity, count, fix) in [
            ("A001", Severity::Warning, 3, Some(Safety::Safe)),
            ("B001", Severity::Warning, 120, Some(Safety::Unsafe)),
            ("U001", Severity::Error, 1, None),
            ("U001", Severity::Info, 70, Some(Safety::Safe)),
        ] {
            let tally = Tally {
                count,
                best: fix,
                field: Some("/text".into()),
            };
            counts.0.insert((code, severity), tally);
        }
        let mut out = Vec::new();
        let summary = Summary {
            records: 200,
            ..Summary::default()
        };
        table(&mut out, &counts, &summary, &rules, &Styles::default(), 9).unwrap();
        let expected = concat!(
            "  1  error    U001      not-nfc\n",
            "120  warning  B001  [-] share-widget\n",
            "     = help: read text as what it is\n",
            "  3  warning  A001  [*] presentation-form\n",
            " 70  info     U001  [*] not-nfc\n",
            "[*] fixable with --fix\n",
            "[-] fixable with --fix --unsafe-fixes\n\n",
        );
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        let mut out = Vec::new();
        statistics_json(&mut out, &counts, &Summary::default(), &rules).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["rules"][1]["count"], 120);
        assert_eq!(json["rules"][3]["severity"], "info");
    }
}
