//! What a rule says about a record: where, how bad, and how to mend it.

use crate::record::Span;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Shown, never fails a run.
    Info,
    /// Fails a run only with `--error-on warning`.
    Warning,
    /// Fails a run; a release excludes the record or refuses.
    Error,
}

impl Severity {
    /// Lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a fix may be applied without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Shown only.
    Display,
    /// Deterministic, but may lose or change prose: needs `--unsafe-fixes`.
    Unsafe,
    /// Loses nothing a reader or a program needs.
    Safe,
}

impl Safety {
    /// Lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Display => "display",
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }
}

/// Replaces the bytes `span` of a decoded field value by `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Byte range in the decoded value.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// What a fix changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Edits of the finding's string value, in ascending order, none overlapping.
    Edits(Vec<Edit>),
    /// The whole value of the finding's field becomes this JSON literal.
    Replace(String),
}

/// A proposed repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Whether it may be applied without asking.
    pub safety: Safety,
    /// What it does, in the imperative: `remove the control`.
    pub title: Cow<'static, str>,
    /// The change itself.
    pub change: Change,
}

/// One finding, placed in its file. The fields are those of the `json-lines` format.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Rule code, `U009`.
    pub code: &'static str,
    /// Rule name, `bidi-override`.
    pub name: &'static str,
    /// Severity after configuration.
    pub severity: Severity,
    /// Path as shown: relative, `/`-separated where possible.
    pub path: Arc<str>,
    /// Physical line of the record, from 1 (parquet, arrow: the row); `None` for a whole file.
    pub line: Option<u64>,
    /// 1-based code point in that line, where one exists.
    pub column: Option<u64>,
    /// Exact physical line and 1-based code point, where they differ from `line` and `column`: a
    /// record that spans several lines. For people and editors; `json` does not show it.
    pub place: Option<(u64, u64)>,
    /// The record's id, where it has one.
    pub id: Option<Box<str>>,
    /// JSON pointer of the field as it is in the file; `None` for a whole record or file.
    pub field: Option<Box<str>>,
    /// UTF-8 byte range in the decoded value; `None` when the whole field or record is meant.
    pub span: Option<Span>,
    /// The same range in code points.
    pub chars: Option<Span>,
    /// Byte offset of the finding in the decompressed file, where it has one.
    pub offset: Option<u64>,
    /// What is wrong, one line. May hold data: render it only through a report's escaping.
    pub message: Box<str>,
    /// The repair, if there is one.
    pub fix: Option<Fix>,
    /// Content key: code, id or record hash, field, folded text, ordinal. No path, no line.
    pub fingerprint: u64,
    /// Text around the finding for the `full` format: raw, to be escaped by the report.
    pub excerpt: Option<Excerpt>,
    /// Marked by a suppression with this reason; shown only by formats that list them (SARIF).
    pub suppressed: Option<Arc<str>>,
}

/// A piece of a decoded value around a finding.
#[derive(Debug, Clone)]
pub struct Excerpt {
    /// The piece: raw text of the data, never printed as it is.
    pub text: Box<str>,
    /// The finding inside `text`, in bytes.
    pub span: Span,
    /// Whether text was cut off before the piece.
    pub cut_before: bool,
    /// Whether text was cut off after the piece.
    pub cut_after: bool,
    /// Line of the finding inside the field value, from 1 (what a person looks for in a text file).
    pub field_line: u64,
}

/// Totals of a run, for `summary` in reports.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Files read.
    pub files: u64,
    /// Records seen, unparseable ones included.
    pub records: u64,
    /// Findings shown (neither suppressed nor in the baseline).
    pub findings: u64,
    /// Findings by rule code.
    pub by_code: std::collections::BTreeMap<String, u64>,
    /// Findings by severity: error, warning, info.
    pub by_severity: std::collections::BTreeMap<String, u64>,
    /// How many have a safe fix.
    pub fixable_safe: u64,
    /// How many have an unsafe fix.
    pub fixable_unsafe: u64,
    /// How many were applied, with `--fix`.
    pub fixed: u64,
    /// Suppressed findings.
    pub suppressed: u64,
    /// Findings the baseline knows.
    pub baselined: u64,
}

/// Where findings go, one at a time and in order. Nothing is collected in front of it.
pub trait Sink {
    /// Takes one finding.
    ///
    /// # Errors
    /// Whatever writing it gives; a closed pipe is [`std::io::ErrorKind::BrokenPipe`].
    fn finding(&mut self, finding: &Finding) -> std::io::Result<()>;

    /// Ends the report.
    ///
    /// # Errors
    /// Whatever writing it gives.
    fn finish(&mut self, summary: &Summary) -> std::io::Result<()>;

    /// Whether findings are only counted: of where they stand, the path, the line and the field are
    /// enough, and none has to be recognised later.
    fn only_counts(&self) -> bool {
        false
    }
}
