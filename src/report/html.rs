//! `html`: one static page. No script, nothing fetched, everything escaped; a content security policy
//! says so to the browser as well.

use super::summary::summary_markup;
use super::{Output, escape, excerpt, position};
use crate::finding::{Excerpt, Finding, Safety, Sink, Summary};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

/// The style of the page. [`STYLE_HASH`] is its SHA-256, which a test watches.
const STYLE: &str = include_str!("html.css");
const STYLE_HASH: &str = "sha256-vuqfCDWd+TyCawoJMhYanto2/0uYJnefKHDcC+NeXL8=";

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
        write!(
            self.out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{STYLE_HASH}'; \
             base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>corpus findings</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        )
    }

    fn open(&mut self, path: &Arc<str>) -> io::Result<()> {
        if self.path.as_ref() == Some(path) {
            return Ok(());
        }
        self.close()?;
        self.path = Some(Arc::clone(path));
        write!(
            self.out,
            "<section>\n<h2>{}</h2>\n<table>\n<thead><tr><th scope=\"col\">Place</th><th scope=\"col\">Rule</th>\
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
            "<header>\n<h1>Findings</h1>\n<p>{}</p>\n</header>\n</main>\n</body>\n</html>\n",
            summary_markup(summary)
        )?;
        self.out.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    fn base64(bytes: &[u8]) -> String {
        const SET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for chunk in bytes.chunks(3) {
            let bits =
                chunk.iter().fold(0_u32, |bits, &b| bits << 8 | u32::from(b)) << (8 * (3 - chunk.len()));
            for index in 0..4 {
                out.push(if index <= chunk.len() {
                    char::from(SET[(bits >> (18 - 6 * index)) as usize & 63])
                } else {
                    '='
                });
            }
        }
        out
    }

    #[test]
    fn the_policy_knows_the_style() {
        assert_eq!(STYLE_HASH, format!("sha256-{}", base64(&Sha256::digest(STYLE))));
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import") && !STYLE.contains('<'));
    }
}
