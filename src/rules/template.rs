//! Template lines: what `template_lines.toml` holds, and how a line is compared with it.
//!
//! The file is counted once (`corpus lint --write-template-lines`), read by a person, and pinned in
//! the repository: B025 looks lines up in it and counts nothing, so that the same article gets the
//! same findings whatever else is in the corpus.

use super::Record;
use super::phrases::fold;
use crate::record::Role;
use crate::text::class::{Kind, class, is_default_ignorable};
use crate::text::{host, words};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// Name of the file, beside corpus.toml.
pub const FILE_NAME: &str = "template_lines.toml";
/// Version tag of the file.
const SCHEMA: &str = "corpus.template-lines/1";
/// Fewest and most words of a line that may be a template's.
const WORDS: std::ops::RangeInclusive<usize> = 4..=60;
/// The same in characters of Han and Kana.
const IDEOGRAPHS: std::ops::RangeInclusive<usize> = 8..=120;
/// No script has longer words on average: a longer line has too many words.
const MAX_BYTES: usize = 60 * 24;

/// How sure it is that a line belongs to the page and not to the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Reported, with an unsafe fix.
    Certain,
    /// Reported, without a fix.
    Probable,
    /// A person said that it belongs to the articles: never reported, and kept when the file is
    /// written anew.
    Keep,
}

impl Class {
    /// Lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Probable => "probable",
            Self::Keep => "keep",
        }
    }
}

/// One line of a source's template.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateLine {
    /// How sure it is.
    pub class: Class,
    /// The line as it stands in the first article that has it.
    pub text: String,
    /// Articles that hold it.
    #[serde(default)]
    pub n: u64,
    /// Share of the source's articles that hold it.
    #[serde(default)]
    pub p: f64,
    /// In how many of them it is among the first five lines.
    #[serde(default)]
    pub head: u64,
    /// In how many it is neither.
    #[serde(default)]
    pub middle: u64,
    /// In how many it is among the last five.
    #[serde(default)]
    pub tail: u64,
    /// In how many it stands alone between blank lines.
    #[serde(default)]
    pub isolated: u64,
}

impl TemplateLine {
    /// Whether both are one line, but for case, marks and numbers.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let mut keys = [String::new(), String::new()];
        line_key(&self.text, &mut keys[0]) && line_key(&other.text, &mut keys[1]) && keys[0] == keys[1]
    }
}

/// The lines of one source.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateSource {
    /// Registered domain, or the source's name.
    pub name: String,
    /// Articles counted, each copy once.
    #[serde(default)]
    pub documents: u64,
    /// Its lines.
    #[serde(default, rename = "line")]
    pub lines: Vec<TemplateLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    #[serde(default, rename = "source")]
    sources: Vec<TemplateSource>,
}

/// The pinned lines of all sources.
#[derive(Debug, Clone, Default)]
pub struct TemplateLines {
    sources: Vec<TemplateSource>,
    /// Place in `sources` and key to place in its lines.
    by_key: HashMap<(usize, String), usize>,
    by_name: BTreeMap<String, usize>,
}

impl TemplateLines {
    /// The lines of these sources; the order in which they come is that of the file.
    #[must_use]
    pub fn new(mut sources: Vec<TemplateSource>) -> Self {
        sources.sort_by(|a, b| a.name.cmp(&b.name));
        for source in &mut sources {
            source.lines.sort_by(|a, b| {
                (a.class, std::cmp::Reverse(a.n), &a.text).cmp(&(b.class, std::cmp::Reverse(b.n), &b.text))
            });
        }
        let mut lines = Self::default();
        let mut key = String::new();
        for (at, source) in sources.iter().enumerate() {
            lines.by_name.insert(source.name.clone(), at);
            for (index, line) in source.lines.iter().enumerate() {
                if line_key(&line.text, &mut key) {
                    lines.by_key.entry((at, key.clone())).or_insert(index);
                }
            }
        }
        lines.sources = sources;
        lines
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it, with the place.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        if file.schema != SCHEMA {
            return Err(format!(
                "schema is \"{}\", this version reads \"{SCHEMA}\"",
                file.schema
            ));
        }
        let mut key = String::new();
        for source in &file.sources {
            if file
                .sources
                .iter()
                .filter(|other| other.name == source.name)
                .count()
                > 1
            {
                return Err(format!(
                    "source \"{}\" is there twice",
                    source.name.escape_debug()
                ));
            }
            let short = source.lines.iter().find(|line| !line_key(&line.text, &mut key));
            if let Some(line) = short {
                return Err(format!(
                    "source \"{}\": \"{}\" cannot be a template line: it needs {} to {} words",
                    source.name.escape_debug(),
                    line.text.escape_debug(),
                    WORDS.start(),
                    WORDS.end(),
                ));
            }
        }
        Ok(Self::new(file.sources))
    }

    /// The sources in order of name, each with its surest lines first.
    #[must_use]
    pub fn sources(&self) -> &[TemplateSource] {
        &self.sources
    }

    /// Whether there is nothing to compare with.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// What the file says of a source's lines.
    pub(crate) fn of(&self, source: &str) -> Option<SourceLines<'_>> {
        self.by_name
            .get(source)
            .map(|at| SourceLines { all: self, at: *at })
    }

    /// The file: the same bytes for the same lines.
    #[must_use]
    pub fn render(&self) -> String {
        let mut out = format!(
            "# Lines that the pages of a source repeat, counted by `corpus lint --write-template-lines`.\n\
             # B025 reports these lines and no others; `--unsafe-fixes` deletes those of class \"certain\".\n\
             # Read them before you commit this file. A line that belongs to the articles: class = \"keep\".\n\
             schema = \"{SCHEMA}\"\n"
        );
        for source in &self.sources {
            let _ = write!(
                out,
                "\n[[source]]\nname = {}\ndocuments = {}\n",
                quoted(&source.name),
                source.documents
            );
            for line in &source.lines {
                let _ = write!(
                    out,
                    "\n[[source.line]]\nclass = \"{}\"\ntext = {}\nn = {}\np = {:.4}\nhead = {}\nmiddle = {}\ntail = {}\nisolated = {}\n",
                    line.class.as_str(),
                    quoted(&line.text),
                    line.n,
                    line.p,
                    line.head,
                    line.middle,
                    line.tail,
                    line.isolated,
                );
            }
        }
        out
    }
}

/// The pinned lines of one source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SourceLines<'a> {
    all: &'a TemplateLines,
    at: usize,
}

impl<'a> SourceLines<'a> {
    /// The source.
    pub(crate) fn source(&self) -> &'a TemplateSource {
        &self.all.sources[self.at]
    }

    /// The pinned line that a line equals. `key` is scratch.
    pub(crate) fn find(&self, line: &str, key: &mut (usize, String)) -> Option<&'a TemplateLine> {
        if !line_key(line, &mut key.1) {
            return None;
        }
        key.0 = self.at;
        let index = *self.all.by_key.get(key)?;
        self.source().lines.get(index)
    }
}

/// A TOML string in which nothing invisible stands as it is.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || is_default_ignorable(c) => {
                let _ = match u32::from(c) {
                    code @ 0..=0xFFFF => write!(out, "\\u{code:04X}"),
                    code => write!(out, "\\U{code:08X}"),
                };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Writes what a line is compared by: folded as for the phrase tables, each number a zero, so that
/// "7 comments" is "12 comments". `false` for a line that is too short or too long for a template.
#[must_use]
pub fn line_key(line: &str, key: &mut String) -> bool {
    key.clear();
    // Four words have three spaces, and six ideographs more bytes.
    if !(7..=MAX_BYTES).contains(&line.len()) {
        return false;
    }
    // What stands in tags is residue of another kind, and what follows when they are gone is another line.
    if line.contains("</") || (line.contains('<') && line.contains('>')) || line.contains("&lt;") {
        return false;
    }
    let fits = if words::is_ideographic(line) {
        IDEOGRAPHS.contains(&line.chars().filter(|c| c.is_alphabetic()).count())
    } else {
        WORDS.contains(&words::count(line))
            && (!line.chars().any(is_digit) || spelled(line) >= *WORDS.start())
    };
    if !fits {
        return false;
    }
    fold(line, key);
    if key.chars().any(is_digit) {
        let mut zeros = String::with_capacity(key.len());
        for c in key.chars() {
            if !is_digit(c) {
                zeros.push(c);
            } else if !zeros.ends_with('0') {
                zeros.push('0');
            }
        }
        *key = zeros;
    }
    !key.is_empty()
}

/// Words without a number: a version, a date or a result says what is the article's.
fn spelled(line: &str) -> usize {
    words::words(line)
        .filter(|word| !line[word.span.range()].chars().any(is_digit))
        .count()
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && class(c).kind() == Kind::Digit)
}

/// Whose template a record was made from: the registered domain of its address or of its source, else
/// the source's name.
#[must_use]
pub fn source_of<'a>(record: &Record<'a>) -> Cow<'a, str> {
    let source = record.text(Role::Source).unwrap_or_default().trim();
    let of_url = record.text(Role::Url).and_then(host::of_url);
    let host = of_url.or_else(|| host::is_host(source).then_some(source));
    let name = host.map_or(source, host::registered);
    if host.is_some() && name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn key(line: &str) -> Option<String> {
        let mut key = String::new();
        line_key(line, &mut key).then_some(key)
    }

    #[test]
    fn numbers_case_and_marks_make_no_difference() {
        assert_eq!(
            key("There are 12 comments here"),
            key("THERE are 7 comments here:")
        );
        assert_eq!(key("نُشر في ١٢ مارس ٢٠٢٤"), key("نشر فى 3 مارس 2019"));
        assert_ne!(
            key("There are 12 comments here"),
            key("There are no comments here")
        );
    }

    #[test]
    fn headings_paragraphs_and_numbers_are_no_template_lines() {
        assert_eq!(key("Read more"), None);
        assert_eq!(key(&"word ".repeat(61)), None);
        assert_eq!(key("12 34 56 78 90"), None);
        assert_eq!(key("fixed in version 2.1.7-6"), None);
        assert_eq!(key("<p>All of the page stands in tags</p>"), None);
        assert!(key("版权所有 转载必究").is_some());
    }

    #[test]
    fn a_file_comes_back_as_it_was_written() {
        let line = |class, text: &str, n| TemplateLine {
            class,
            text: text.to_owned(),
            n,
            p: 0.25,
            head: 1,
            middle: 0,
            tail: n - 1,
            isolated: n,
        };
        let lines = TemplateLines::new(vec![TemplateSource {
            name: "paper.example".to_owned(),
            documents: 80,
            lines: vec![
                line(Class::Probable, "a \"quoted\" line\u{202e} of the page", 20),
                line(Class::Certain, "اشترك في نشرتنا البريدية اليوم", 40),
                line(Class::Certain, "Sign up for our letter", 41),
            ],
        }]);
        let text = lines.render();
        assert!(text.contains("\\u202E") && !text.contains('\u{202e}'), "{text}");
        let read = TemplateLines::parse(&text).unwrap();
        assert_eq!(read.sources(), lines.sources());
        assert_eq!(read.render(), text);
        let texts: Vec<u64> = read.sources()[0].lines.iter().map(|line| line.n).collect();
        assert_eq!(texts, [41, 40, 20]);
    }

    #[test]
    fn a_file_that_means_nothing_is_refused() {
        for (text, why) in [
            ("", "schema"),
            ("schema = \"corpus.template-lines/9\"", "this version reads"),
            ("schema = \"corpus.template-lines/1\"\nlines = 3", "lines"),
            (
                "schema = \"corpus.template-lines/1\"\n[[source]]\nname = \"a\"\n[[source.line]]\nclass = \"certain\"\ntext = \"Read more\"",
                "4 to 60 words",
            ),
            (
                "schema = \"corpus.template-lines/1\"\n[[source]]\nname = \"a\"\n[[source]]\nname = \"a\"",
                "twice",
            ),
        ] {
            let error = TemplateLines::parse(text).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
