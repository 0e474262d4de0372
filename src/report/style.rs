//! Colours, and the look of messages that are not findings.

use super::escape;
use crate::finding::Severity;
use anstyle::{AnsiColor, Effects, Style};
use std::fmt::Display;
use std::io::{self, Write};

/// The colours of human output. Without colour every style is empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Styles {
    /// `error`.
    pub error: Style,
    /// `warning`.
    pub warning: Style,
    /// `info`, notes.
    pub info: Style,
    /// Rule codes, what a person should read first.
    pub strong: Style,
    /// Arrows, gutters, what frames the rest.
    pub frame: Style,
    /// Hints and fixes.
    pub help: Style,
    /// Something went well.
    pub good: Style,
    /// Names of code points, secondary text.
    pub faint: Style,
}

/// The styles of human output; empty ones when `color` is false.
#[must_use]
pub fn styles(color: bool) -> Styles {
    if !color {
        return Styles::default();
    }
    let bold = Style::new().effects(Effects::BOLD);
    Styles {
        error: AnsiColor::Red.on_default().effects(Effects::BOLD),
        warning: AnsiColor::Yellow.on_default().effects(Effects::BOLD),
        info: AnsiColor::Cyan.on_default().effects(Effects::BOLD),
        strong: bold,
        frame: AnsiColor::Blue.on_default().effects(Effects::BOLD),
        help: AnsiColor::Green.on_default(),
        good: AnsiColor::Green.on_default().effects(Effects::BOLD),
        faint: Style::new().effects(Effects::DIMMED),
    }
}

impl Styles {
    /// The style of a severity.
    #[must_use]
    pub const fn severity(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }
}

/// `text` between a style's codes. `text` must be escaped already.
pub(crate) fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Writes a message that is no finding, the way all of them look:
///
/// ```text
/// error: cannot read `a.jsonl`
///   caused by: permission denied
///
/// hint: is the file yours?
/// ```
///
/// Text is escaped here; line breaks in it are kept.
///
/// # Errors
/// Whatever writing gives.
pub fn diagnostic(
    out: &mut dyn Write,
    styles: &Styles,
    severity: Severity,
    message: &str,
    causes: &[String],
    hints: &[String],
) -> io::Result<()> {
    let label = match severity {
        Severity::Info => "note",
        other => other.as_str(),
    };
    let label = paint(styles.severity(severity), label);
    writeln!(out, "{label}: {}", escape::lines(message))?;
    for cause in causes {
        writeln!(out, "  caused by: {}", escape::lines(cause))?;
    }
    if !hints.is_empty() {
        writeln!(out)?;
    }
    for hint in hints {
        writeln!(out, "{}: {}", paint(styles.help, "hint"), escape::lines(hint))?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn messages_look_alike_and_are_escaped() {
        let mut out = Vec::new();
        diagnostic(
            &mut out,
            &styles(false),
            Severity::Error,
            "cannot read `a\u{1b}.jsonl`",
            &["permission denied".to_owned()],
            &["is the file yours?".to_owned()],
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "error: cannot read `a<U+001B>.jsonl`\n  caused by: permission denied\n\nhint: is the file yours?\n"
        );
    }

    #[test]
    fn colour_is_opt_in() {
        assert_eq!(paint(styles(false).error, "x"), "x");
        assert!(paint(styles(true).error, "x").starts_with('\u{1b}'));
    }
}
