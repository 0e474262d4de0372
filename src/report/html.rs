//! `html`: the findings as one static page.

use super::summary::summary_markup;
use super::{Output, escape, excerpt, page, position};
use crate::finding::{Excerpt, Finding, Safety, Sink, Summary};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

pub(super) struct Html {
    out: Output,
    path: Option<Arc<str>>,
    started: bool,
}

impl Html {
    pub(super) const fn new(out: Output) -> Self {
        Self {
            out,
            path: None,
            started: false,
        }
    }

    fn start(&mut self) -> io::Result<()> {
        if self.started {
            return Ok(());
        }
        self.started = true;
        self.out.write_all(page::start("corpus findings").as_bytes())
    }

    fn open(&mut self, path: &Arc<str>) -> io::Result<()> {
        if self.path.as_ref() == Some(path) {
            return Ok(());
        }
        self.close()?;
        self.path = Some(Arc::clone(path));
        write!(
            self.out,
            "<section>\n<h2>{}</h2>\n<table class=\"findings\">\n<thead><tr><th scope=\"col\">Place</th><th scope=\"col\">Rule</th>\
             <th scope=\"col\">Finding</th></tr></thead>\n<tbody>\n",
            escape::markup(path)
        )
    }

    fn close(&mut self) -> io::Result<()> {
        if self.path.take().is_some() {
            self.out.write_all(b"</tbody>\n</table>\n</section>\n")?;
        }
        Ok(())
    }
}

/// Line, id and field of a finding.
fn place(finding: &Finding) -> String {
    let mut out = String::new();
    match position(finding) {
        Some((line, Some(column))) => {
            let _ = write!(out, "{line}:{column}");
        }
        Some((line, None)) => {
            let _ = write!(out, "{line}");
        }
        None => {}
    }
    for part in [&finding.id, &finding.field].into_iter().flatten() {
        let _ = write!(out, "<br><bdi>{}</bdi>", escape::markup(part));
    }
    out
}

/// The text around the finding, in the direction of its own script.
fn quote(excerpt: &Excerpt) -> String {
    let text = &*excerpt.text;
    let span = excerpt::clamp(text, excerpt.span);
    let mut out = String::from("<p class=\"excerpt\" dir=\"auto\">");
    out.push_str(if excerpt.cut_before { "…" } else { "" });
    escape::push_markup(&mut out, &text[..span.start]);
    out.push_str("<mark>");
    escape::push_markup(&mut out, &text[span.range()]);
    out.push_str("</mark>");
    escape::push_markup(&mut out, &text[span.end..]);
    out.push_str(if excerpt.cut_after { "…" } else { "" });
    out.push_str("</p>");
    out
}

impl Sink for Html {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.start()?;
        self.open(&finding.path)?;
        write!(
            self.out,
            "<tr><td>{}</td><td><b class=\"{severity}\">{severity}</b><br>{} {}</td><td><p><bdi>{}</bdi></p>",
            place(finding),
            escape::markup(finding.code),
            escape::markup(finding.name),
            escape::markup(&finding.message),
            severity = finding.severity,
        )?;
        if let Some(excerpt) = &finding.excerpt {
            self.out.write_all(quote(excerpt).as_bytes())?;
        }
        if let Some(fix) = &finding.fix {
            let how = match fix.safety {
                Safety::Safe => " (safe)",
                Safety::Unsafe => " (unsafe)",
                Safety::Display => "",
            };
            write!(
                self.out,
                "<p class=\"fix\">Fix: {}{how}</p>",
                escape::markup(&fix.title)
            )?;
        }
        self.out.write_all(b"</td></tr>\n")
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.start()?;
        self.close()?;
        // Known only now; the style moves it to the top.
        write!(
            self.out,
            "<header>\n<h1>Findings</h1>\n<p>{}</p>\n</header>\n{}",
            summary_markup(summary),
            page::END
        )?;
        self.out.flush()
    }
}
