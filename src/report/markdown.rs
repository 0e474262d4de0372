//! `markdown`: for comments and job summaries, GitHub and GitLab flavours.

use super::style::Styles;
use super::summary::summary_line;
use super::{Cap, Output, escape, fixable, position};
use crate::finding::{Finding, Sink, Summary};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

pub(super) struct Markdown {
    out: Output,
    cap: Cap,
    path: Option<Arc<str>>,
}

impl Markdown {
    pub(super) fn new(out: Output, max_findings: Option<u64>) -> Self {
        Self {
            out,
            cap: Cap::new(max_findings, None),
            path: None,
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
        writeln!(self.out, "### {}\n", plain(path))?;
        writeln!(self.out, "| place | rule | severity | message |")?;
        writeln!(self.out, "| :-- | :-- | :-- | :-- |")
    }
}

/// Text that Markdown leaves alone inside a line: no markup, no HTML, no link, no mention, no issue
/// number, no formula.
fn plain(text: &str) -> String {
    let shown = escape::visible(text);
    let mut out = String::with_capacity(shown.len() + 16);
    let mut rest = &*shown;
    while let Some(c) = rest.chars().next() {
        // Addresses become links by themselves.
        let link = (c == ':' && rest.starts_with("://"))
            || (c == '.'
                && out.len() >= 3
                && out
                    .get(out.len() - 3..)
                    .is_some_and(|w| w.eq_ignore_ascii_case("www")));
        let markup = matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '@' | '$'
        );
        if link || markup {
            let _ = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

impl Sink for Markdown {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if !self.cap.take(finding) {
            return Ok(());
        }
        self.open(&finding.path)?;
        let mut place = match position(finding) {
            Some((line, Some(column))) => format!("{line}:{column}"),
            Some((line, None)) => line.to_string(),
            None => String::new(),
        };
        if let Some(id) = &finding.id {
            let _ = write!(place, "{}{}", if place.is_empty() { "" } else { " " }, plain(id));
        }
        if let Some(field) = &finding.field {
            let _ = write!(place, " {}", plain(field));
        }
        writeln!(
            self.out,
            "| {place} | {} {} | {} | {}{} |",
            finding.code,
            plain(finding.name),
            finding.severity,
            plain(&finding.message),
            fixable(finding),
        )
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if self.path.is_some() {
            writeln!(self.out)?;
        }
        if let Some(note) = self.cap.note() {
            writeln!(self.out, "{}\n", plain(&note))?;
        }
        writeln!(
            self.out,
            "**{}**",
            plain(&summary_line(summary, &Styles::default()))
        )?;
        self.out.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(
            plain("**a** | <b> @team"),
            "&#42;&#42;a&#42;&#42; &#124; &#60;b&#62; &#64;team"
        );
        assert_eq!(plain("see https://example.org"), "see https&#58;//example.org");
        assert_eq!(plain("www.example.org"), "www&#46;example.org");
        assert_eq!(plain("a: b."), "a: b.");
    }

    proptest! {
        #[test]
        fn a_cell_stays_a_cell(text in any::<String>()) {
            let cell = plain(&text);
            prop_assert!(!cell.contains(['|', '<', '`', '\n', '@']));
        }
    }
}
