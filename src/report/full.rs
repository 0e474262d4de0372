//! `full`: for people. What is wrong, where, the text around it, and what to do.
//!
//! ```text
//! error[U009] bidi-override: U+202E reverses the text after it
//!   --> articles/a.jsonl:12:70  id a-12, /body line 3, bytes 120..123
//!    |
//!    | pay<U+202E>load
//!    |    ^^^^^^^^
//!    = help: remove the control (apply with --fix)
//! ```

use super::excerpt::{self, Drawn};
use super::style::{Styles, paint, styles};
use super::summary::summary_line;
use super::{Cap, Options, Output, escape, location};
use crate::finding::{Change, Excerpt, Finding, Fix, Safety, Sink, Summary};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Columns before an excerpt.
const GUTTER: usize = 5;

pub(super) struct Full {
    out: Output,
    options: Options,
    styles: Styles,
    cap: Cap,
}

impl Full {
    pub(super) fn new(out: Output, options: Options) -> Self {
        Self {
            out,
            styles: styles(options.color),
            cap: Cap::new(options.max_findings, options.max_per_rule),
            options,
        }
    }

    fn header(&mut self, finding: &Finding) -> io::Result<()> {
        let Styles { strong, frame, .. } = self.styles;
        let severity = self.styles.severity(finding.severity);
        let label = paint(severity, format_args!("{}[{}]", finding.severity, finding.code));
        let name = paint(strong, finding.name);
        let message = escape::isolated(&finding.message);
        writeln!(self.out, "{label} {name}: {message}")?;
        let arrow = paint(frame, "-->");
        writeln!(self.out, "  {arrow} {}{}", location(finding), details(finding))
    }

    fn gutter(&mut self, rest: &str) -> io::Result<()> {
        let bar = paint(self.styles.frame, "|");
        if rest.is_empty() {
            return writeln!(self.out, "   {bar}");
        }
        writeln!(self.out, "   {bar} {rest}")
    }

    fn excerpt(&mut self, excerpt: &Excerpt, mark: anstyle::Style) -> io::Result<()> {
        let width = self.options.width.saturating_sub(GUTTER);
        let Drawn { text, below } = excerpt::draw(excerpt, width, &self.styles, mark);
        self.gutter("")?;
        self.gutter(&text)?;
        below.map_or(Ok(()), |below| self.gutter(&below))
    }

    fn help(&mut self, finding: &Finding, fix: &Fix) -> io::Result<()> {
        let how = match fix.safety {
            Safety::Safe => " (apply with --fix)",
            Safety::Unsafe => " (apply with --fix --unsafe-fixes)",
            Safety::Display => "",
        };
        let title = escape::isolated(&fix.title);
        let label = paint(self.styles.help, "help");
        let sign = paint(self.styles.frame, "=");
        writeln!(self.out, "   {sign} {label}: {title}{how}")?;
        if !self.options.show_fixes {
            return Ok(());
        }
        match &fix.change {
            Change::Replace(literal) => {
                let sign = paint(self.styles.good, "+");
                writeln!(self.out, "   {sign} {}", escape::isolated(literal))
            }
            Change::Edits(edits) => {
                let after = finding.excerpt.as_ref().zip(finding.span);
                let after = after.and_then(|(excerpt, span)| excerpt::fixed(excerpt, span.start, edits));
                after
                    .filter(|after| !after.text.is_empty())
                    .map_or(Ok(()), |after| self.after(&after))
            }
        }
    }

    /// The text as the fix leaves it.
    fn after(&mut self, after: &Excerpt) -> io::Result<()> {
        let width = self.options.width.saturating_sub(GUTTER);
        let drawn = excerpt::draw(after, width, &self.styles, self.styles.good);
        let sign = paint(self.styles.good, "+");
        writeln!(self.out, "   {sign} {}", drawn.text)
    }
}

impl Sink for Full {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if !self.cap.take(finding) {
            return Ok(());
        }
        self.header(finding)?;
        let mark = self.styles.severity(finding.severity);
        if let Some(excerpt) = finding
            .excerpt
            .as_ref()
            .filter(|excerpt| !excerpt.text.is_empty())
        {
            self.excerpt(excerpt, mark)?;
        }
        if let Some(fix) = &finding.fix {
            self.help(finding, fix)?;
        }
        writeln!(self.out)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if let Some(note) = self.cap.note() {
            writeln!(self.out, "{}: {note}", paint(self.styles.info, "note"))?;
        }
        let Self {
            out,
            options,
            styles,
            cap,
        } = self;
        cap.rest(out, summary, &options.rules, styles)?;
        writeln!(self.out, "{}", summary_line(summary, &self.styles))?;
        self.out.flush()
    }
}

/// `  id a-12, /body line 3, bytes 120..123`, as far as it is known.
fn details(finding: &Finding) -> String {
    let mut parts = Vec::new();
    if let Some(id) = &finding.id {
        parts.push(format!("id {}", escape::visible(id)));
    }
    if let Some(field) = &finding.field {
        let mut part = escape::visible(field).into_owned();
        if let Some(line) = finding
            .excerpt
            .as_ref()
            .map(|e| e.field_line)
            .filter(|&line| line > 1)
        {
            let _ = write!(part, " line {line}");
        }
        parts.push(part);
    }
    match (finding.span, finding.offset) {
        (Some(span), _) => parts.push(format!("bytes {}..{}", span.start, span.end)),
        // A finding of the file itself: a broken line, a truncated archive.
        (None, Some(offset)) if finding.field.is_none() => parts.push(format!("byte {offset}")),
        _ => {}
    }
    if parts.is_empty() {
        return String::new();
    }
    format!("  {}", parts.join(", "))
}
