//! Output formats of findings: one file per format.
//!
//! Every format is a [`Sink`] that writes as findings come; the few that need an order or a total
//! keep a bounded number of them. Formats for people escape all data through [`escape`]; formats for
//! programs keep it as it is, inside the escaping of their own syntax.

mod azure;
mod cap;
mod concise;
pub mod escape;
mod excerpt;
mod full;
mod github;
mod gitlab;
mod grouped;
mod html;
mod json;
mod junit;
mod markdown;
pub mod page;
mod parquet;
mod rdjson;
mod sarif;
mod statistics;
mod style;
pub(crate) mod summary;
mod top;

pub(crate) use cap::Cap;
pub use style::{Styles, diagnostic, styles};
pub use summary::summary_line;

use crate::finding::{Finding, Safety, Severity, Sink, Summary};
use std::fmt;
use std::io::{self, BufWriter, Write};
use std::str::FromStr;

/// An output format of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// For people: message, place, excerpt, fix.
    #[default]
    Full,
    /// One line a finding.
    Concise,
    /// One line a finding, below its file.
    Grouped,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub Actions annotations.
    Github,
    /// GitLab code quality report.
    Gitlab,
    /// Azure Pipelines logging commands.
    Azure,
    /// `JUnit` XML.
    Junit,
    /// Reviewdog diagnostics.
    Rdjson,
    /// Markdown, for comments and job summaries.
    Markdown,
    /// A static page.
    Html,
    /// A table for data tools.
    Parquet,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 14] = [
        Self::Full,
        Self::Concise,
        Self::Grouped,
        Self::Json,
        Self::JsonLines,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Azure,
        Self::Junit,
        Self::Rdjson,
        Self::Markdown,
        Self::Html,
        Self::Parquet,
    ];

    /// The name that `--output-format` takes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Grouped => "grouped",
            Self::Json => "json",
            Self::JsonLines => "json-lines",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Azure => "azure",
            Self::Junit => "junit",
            Self::Rdjson => "rdjson",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Parquet => "parquet",
        }
    }

    /// Whether the format is read by people in a terminal: it may be coloured, and `--max-findings`
    /// caps it.
    #[must_use]
    pub const fn is_human(self) -> bool {
        matches!(self, Self::Full | Self::Concise | Self::Grouped)
    }

    /// Whether the output is no text and does not belong on a terminal.
    #[must_use]
    pub const fn is_binary(self) -> bool {
        matches!(self, Self::Parquet)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that no format has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown output format `{name}`; use one of {}", Format::ALL.map(Format::as_str).join(", "))]
pub struct UnknownFormat {
    /// What was asked for, escaped.
    pub name: String,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == name)
            .ok_or_else(|| UnknownFormat {
                name: escape::visible(name).into_owned(),
            })
    }
}

/// What a report needs to know of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleInfo {
    /// `U009`.
    pub code: &'static str,
    /// `bidi-override`.
    pub name: &'static str,
    /// Severity after configuration.
    pub severity: Severity,
    /// What it can mend, if anything.
    pub fix: Option<Safety>,
    /// One sentence, plain text.
    pub summary: String,
    /// The rule's page, in Markdown.
    pub help_markdown: String,
    /// What to do where most records have such a finding, for it is then one cause and not many;
    /// `{field}` stands for the field of the findings.
    pub advice: Option<&'static str>,
}

/// Settings of a report.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether human formats use colours.
    pub color: bool,
    /// Columns of the screen.
    pub width: usize,
    /// Findings on the screen, at most; `None` for no limit. Counts, and formats for programs, are
    /// not affected.
    pub max_findings: Option<u64>,
    /// Findings of one rule in one file that `full` and `grouped` show; what is beyond is counted in a
    /// table at the end.
    pub max_per_rule: Option<u64>,
    /// Whether `full` shows what each fix would make of the text.
    pub show_fixes: bool,
    /// Counts by rule instead of findings, in human formats and `json`.
    pub show_statistics: bool,
    /// The rules that run, in code order.
    pub rules: Vec<RuleInfo>,
    /// Version of the tool.
    pub version: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            max_findings: None,
            max_per_rule: None,
            show_fixes: false,
            show_statistics: false,
            rules: Vec::new(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// Where a report is written.
pub(crate) type Output = BufWriter<Box<dyn Write + Send>>;

/// Opens a report. Output is buffered and complete after [`Sink::finish`].
#[must_use]
pub fn sink(format: Format, out: Box<dyn Write + Send>, options: Options) -> Box<dyn Sink + Send> {
    let out = BufWriter::with_capacity(64 * 1024, out);
    if options.show_statistics && (format.is_human() || format == Format::Json) {
        return Box::new(statistics::Statistics::new(format, out, options));
    }
    let inner: Box<dyn Sink + Send> = match format {
        Format::Full => Box::new(full::Full::new(out, options)),
        Format::Concise => Box::new(concise::Concise::new(out, &options)),
        Format::Grouped => Box::new(grouped::Grouped::new(out, &options)),
        Format::Json => Box::new(json::Json::new(out)),
        Format::JsonLines => Box::new(json::JsonLines::new(out)),
        // The one format that lists suppressed findings.
        Format::Sarif => return Box::new(sarif::Sarif::new(out, options)),
        Format::Github => Box::new(github::Github::new(out)),
        Format::Gitlab => Box::new(gitlab::Gitlab::new(out)),
        Format::Azure => Box::new(azure::Azure::new(out, options.max_findings)),
        Format::Junit => Box::new(junit::Junit::new(out)),
        Format::Rdjson => Box::new(rdjson::Rdjson::new(out)),
        Format::Markdown => Box::new(markdown::Markdown::new(out, options.max_findings)),
        Format::Html => Box::new(html::Html::new(out)),
        Format::Parquet => Box::new(parquet::Parquet::new(out)),
    };
    Box::new(Unsuppressed(inner))
}

/// Leaves out suppressed findings.
struct Unsuppressed(Box<dyn Sink + Send>);

impl Sink for Unsuppressed {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if finding.suppressed.is_some() {
            return Ok(());
        }
        self.0.finding(finding)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.0.finish(summary)
    }
}

/// Exact physical line and column of a finding, as far as they are known.
pub(crate) fn position(finding: &Finding) -> Option<(u64, Option<u64>)> {
    match finding.place {
        Some((line, column)) => Some((line, Some(column))),
        None => finding.line.map(|line| (line, finding.column)),
    }
}

/// `path:line:column` as far as it is known, escaped, for the start of a line.
pub(crate) fn location(finding: &Finding) -> String {
    let mut out = escape::line_start(&finding.path).into_owned();
    if let Some((line, column)) = position(finding) {
        out.push(':');
        out.push_str(&line.to_string());
        if let Some(column) = column {
            out.push(':');
            out.push_str(&column.to_string());
        }
    }
    out
}

/// How to apply a fix, in brackets after a one-line finding.
pub(crate) fn fixable(finding: &Finding) -> &'static str {
    match finding.fix.as_ref().map(|fix| fix.safety) {
        Some(Safety::Safe) => " [fixable]",
        Some(Safety::Unsafe) => " [fixable with --unsafe-fixes]",
        Some(Safety::Display) | None => "",
    }
}

/// 16 lower-case hexadecimal digits.
pub(crate) fn fingerprint(finding: &Finding) -> String {
    format!("{:016x}", finding.fingerprint)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_named() {
        for format in Format::ALL {
            assert_eq!(format.as_str().parse::<Format>().unwrap(), format);
        }
        let error = "yaml\u{1b}".parse::<Format>().unwrap_err().to_string();
        assert!(error.starts_with("unknown output format `yaml<U+001B>`; use one of full, concise,"));
        assert!(error.ends_with("html, parquet"));
    }
}
