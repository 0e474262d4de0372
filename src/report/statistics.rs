//! `--statistics`: counts by rule.

use super::style::{Styles, paint, styles};
use super::summary::summary_line;
use super::{Format, Options, Output, RuleInfo, escape, json};
use crate::finding::{Finding, Safety, Severity, Sink, Summary};
use serde::Serialize;
use std::cmp::Reverse;
use std::io::{self, Write};

/// Counts instead of findings.
pub(super) struct Statistics {
    format: Format,
    out: Output,
    options: Options,
}

impl Statistics {
    pub(super) const fn new(format: Format, out: Output, options: Options) -> Self {
        Self { format, out, options }
    }
}

impl Sink for Statistics {
    fn finding(&mut self, _finding: &Finding) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if self.format == Format::Json {
            statistics_json(&mut self.out, summary, &self.options.rules)?;
        } else {
            let styles = styles(self.options.color);
            statistics(&mut self.out, summary, &self.options.rules, &styles)?;
            writeln!(self.out, "{}", summary_line(summary, &styles))?;
        }
        self.out.flush()
    }
}

#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    name: &'a str,
    severity: Option<Severity>,
    count: u64,
    fix: Option<Safety>,
}

/// The rules that found something: worst severity first, then the most findings, then by code.
fn rows<'a>(summary: &'a Summary, rules: &'a [RuleInfo]) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = summary
        .by_code
        .iter()
        .filter(|&(_, &count)| count > 0)
        .map(|(code, &count)| {
            let rule = rules.iter().find(|rule| rule.code == code);
            Row {
                code,
                name: rule.map_or("", |rule| rule.name),
                severity: rule.map(|rule| rule.severity),
                count,
                fix: rule.and_then(|rule| rule.fix),
            }
        })
        .collect();
    rows.sort_by_key(|row| (Reverse(row.severity), Reverse(row.count), row.code));
    rows
}

/// Writes counts by rule as a table, with `[*]` at rules whose fixes are safe and `[-]` at those
/// that need `--unsafe-fixes`.
///
/// # Errors
/// Whatever writing gives.
pub fn statistics(
    out: &mut dyn Write,
    summary: &Summary,
    rules: &[RuleInfo],
    styles: &Styles,
) -> io::Result<()> {
    let rows = rows(summary, rules);
    let width = rows
        .iter()
        .map(|row| row.count.to_string().len())
        .max()
        .unwrap_or(0);
    let mut fixes = [false; 2];
    for row in &rows {
        let severity = row.severity.map_or("", Severity::as_str);
        let style = row
            .severity
            .map(|severity| styles.severity(severity))
            .unwrap_or_default();
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
///
/// # Errors
/// Whatever writing gives.
pub fn statistics_json(out: &mut dyn Write, summary: &Summary, rules: &[RuleInfo]) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'a> {
        schema: &'a str,
        rules: Vec<Row<'a>>,
        summary: json::Totals<'a>,
    }
    let document = Document {
        schema: "corpus.statistics/1",
        rules: rows(summary, rules),
        summary: json::Totals::from(summary),
    };
    out.write_all(&json::to_vec(&document)?)?;
    out.write_all(b"\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn rule(code: &'static str, name: &'static str, severity: Severity, fix: Option<Safety>) -> RuleInfo {
        RuleInfo {
            code,
            name,
            severity,
            fix,
            summary: String::new(),
            help_markdown: String::new(),
        }
    }

    #[test]
    fn worst_first_then_most() {
        let rules = [
            rule("A001", "presentation-form", Severity::Warning, Some(Safety::Safe)),
            rule("B001", "share-widget", Severity::Warning, Some(Safety::Unsafe)),
            rule("U009", "bidi-override", Severity::Error, Some(Safety::Safe)),
        ];
        let mut summary = Summary::default();
        for (code, count) in [("A001", 3), ("B001", 120), ("U009", 1), ("Z999", 5)] {
            summary.by_code.insert(code.to_owned(), count);
        }
        let mut out = Vec::new();
        statistics(&mut out, &summary, &rules, &Styles::default()).unwrap();
        let expected = concat!(
            "  1  error    U009  [*] bidi-override\n",
            "120  warning  B001  [-] share-widget\n",
            "  3  warning  A001  [*] presentation-form\n",
            "  5           Z999      \n",
            "[*] fixable with --fix\n",
            "[-] fixable with --fix --unsafe-fixes\n\n",
        );
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        let mut out = Vec::new();
        statistics_json(&mut out, &summary, &rules).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["rules"][1]["count"], 120);
        assert_eq!(json["rules"][3]["severity"], serde_json::Value::Null);
    }
}
