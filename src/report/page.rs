//! The frame of a page for people: static, no script, nothing fetched, everything escaped; a content security
//! policy says so to the browser as well.

use super::escape;
use std::fmt::Write as _;

/// The style of every page. [`STYLE_HASH`] is its SHA-256, which a test watches.
const STYLE: &str = include_str!("page.css");
const STYLE_HASH: &str = "sha256-WTyu2GHYq7fnM9fymTtOcEqecW7bQjnRBF6QdG2d53U=";

/// What stands in front of the content of a page, `main` open.
pub(super) fn start(title: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{STYLE_HASH}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n",
        escape::markup(title)
    )
}

/// What ends a page.
pub(super) const END: &str = "</main>\n</body>\n</html>\n";

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text, in the direction of its own script.
    Text(String),
    /// A number, grouped by thousands and set to the right.
    Number(u64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

/// A page of headings, sentences and tables.
#[derive(Debug)]
pub struct Page {
    out: String,
}

impl Page {
    /// A page of this title, which is its first heading too.
    #[must_use]
    pub fn new(title: &str) -> Self {
        let mut out = start(title);
        let _ = writeln!(out, "<h1><bdi>{}</bdi></h1>", escape::markup(title));
        Self { out }
    }

    /// A heading.
    pub fn heading(&mut self, text: &str) -> &mut Self {
        let _ = writeln!(self.out, "<h2>{}</h2>", escape::markup(text));
        self
    }

    /// A sentence.
    pub fn sentence(&mut self, text: &str) -> &mut Self {
        let _ = writeln!(self.out, "<p><bdi>{}</bdi></p>", escape::markup(text));
        self
    }

    /// A table; nothing where it has no rows.
    pub fn table(&mut self, head: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> &mut Self {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_none() {
            return self;
        }
        self.out.push_str("<table class=\"facts\">\n<thead><tr>");
        for name in head {
            let _ = write!(self.out, "<th scope=\"col\">{}</th>", escape::markup(name));
        }
        self.out.push_str("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.out.push_str("<tr>");
            for cell in row {
                let _ = match cell {
                    Cell::Text(text) => write!(self.out, "<td><bdi>{}</bdi></td>", escape::markup(&text)),
                    Cell::Number(number) => write!(self.out, "<td class=\"number\">{}</td>", grouped(number)),
                };
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n");
        self
    }

    /// The whole page.
    #[must_use]
    pub fn finish(self) -> String {
        self.out + END
    }
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
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

    #[test]
    fn numbers_are_grouped() {
        let texts: Vec<String> = [0, 999, 1000, 1_234_567].into_iter().map(grouped).collect();
        assert_eq!(texts, ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn what_is_hostile_is_text() {
        let hostile = "</td><script>alert(1)</script>\u{202e}\u{0}\"'&";
        let mut page = Page::new(hostile);
        page.heading(hostile).sentence(hostile);
        page.table(&[hostile], [vec![Cell::from(hostile), Cell::from(7)]]);
        page.table(&["empty"], []);
        let text = page.finish();
        assert!(
            !text.contains("<script") && !text.contains('\u{202e}') && !text.contains('\0'),
            "{text}"
        );
        assert_eq!(text.matches("<table").count(), 1);
    }
}
