//! M012 title-defect.

use crate::finding::Severity;
use crate::record::{Role, Span};
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::phrases::fold;
use crate::rules::site::is_site;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "M012",
    name: "title-defect",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A title is no headline: too long, cut, a section's or the site's name, or only digits.",
    why: "Titles train headline models and tell articles apart. A section's name in every record says that \
          the collector read the wrong element.",
    how: "More than `max-chars` characters; the mark of an abridged text at the end (`[...]`, `[…]`, `(...)`), \
          or an ellipsis behind a word that cannot end a headline; a line break inside; a word that names a \
          section (News, الأخبار, Actualités…) or equals the record's `section` or `category`; the site's \
          name; only digits, but for four that may be a year. Where two lines are one headline, write a \
          space for the break.",
    false_positives: "Headlines may end with an ellipsis of their own.",
    source: "schema.org headline; Google's advice of 110 characters",
    options: &[OptionDef {
        name: "max-chars",
        kind: OptionKind::Integer(250, 20, 10_000),
        doc: "Characters above which a title is too long.",
    }],
    examples: &[
        Example::bad(r#"{"title":"الأخبار"}"#, &["*"]),
        Example::bad(r#"{"title":"Minister says that the new…"}"#, &["*"]),
        Example::bad(r#"{"title":"Der Hafen wird [...]"}"#, &["*"]),
        Example::bad(r#"{"title":"A bridge\nopens"}"#, &["\n"]),
        Example::bad(r#"{"title":"Sport","section":"sport"}"#, &["*"]),
        Example::bad(r#"{"title":"123456"}"#, &["*"]),
        Example::bad(r#"{"title":"The Paper","source":"paper.example"}"#, &["*"]),
        Example::good(r#"{"title":"1984"}"#),
        Example::good(r#"{"title":"عندما يعود الصياد..."}"#),
        Example::good(r#"{"title":"And then there was rain…"}"#),
        Example::good(r#"{"title":"News from the town","section":"town"}"#),
        Example::good(r#"{"title":""}"#),
    ],
    wake: Wake::Record,
    check: |options| {
        Ok(Box::new(TitleDefect {
            max: options.integer("max-chars") as usize,
        }))
    },
};

struct TitleDefect {
    max: usize,
}

/// Bytes of the longest name of a section or site.
const SHORT: usize = 64;

/// Names of sections and pages, folded.
const SECTIONS: [&str; 31] = [
    "news",
    "home",
    "homepage",
    "latest news",
    "breaking news",
    "untitled",
    "no title",
    "article",
    "الاخبار",
    "اخبار",
    "الرييسية",
    "الرئيسية",
    "عاجل",
    "مقالات",
    "بدون عنوان",
    "اخر الاخبار",
    "خبريں",
    "actualités",
    "accueil",
    "sans titre",
    "noticias",
    "inicio",
    "nachrichten",
    "startseite",
    "notícias",
    "новости",
    "главная",
    "haberler",
    "新闻",
    "ニュース",
    "समाचार",
];

/// Words that a headline does not end with, folded.
const OPEN: [&str; 66] = [
    "the", "a", "an", "of", "to", "in", "on", "and", "or", "that", "with", "for", "by", "new", "his", "her",
    "their", "from", "at", "في", "من", "الي", "علي", "عن", "ان", "التي", "الذي", "مع", "بعد", "قبل", "بين",
    "او", "le", "la", "les", "de", "des", "du", "un", "une", "et", "que", "el", "los", "las", "y", "en",
    "der", "die", "das", "und", "von", "mit", "zu", "im", "o", "os", "da", "do", "и", "в", "на", "с", "از",
    "به", "ve",
];

impl Check for TitleDefect {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let Some((value, title)) = record
            .role(Role::Title)
            .and_then(|value| Some((value, value.as_str()?)))
        else {
            return;
        };
        let trimmed = title.trim();
        if trimmed.is_empty() {
            return;
        }
        if let Some(at) = trimmed.find(['\n', '\r']) {
            let offset = title.len() - title.trim_start().len();
            let span = breaks(title, offset + at);
            out.span_of(value, span, "Title has a line break inside; write a space.");
        }
        if let Some(defect) = self.defect(trimmed, record) {
            out.field(value, format!("Title {defect}."));
        }
    }
}

/// The white space around a line break.
fn breaks(title: &str, at: usize) -> Span {
    let start = title[..at].trim_end().len();
    let end = title.len() - title[at..].trim_start().len();
    Span::new(start, end)
}

impl TitleDefect {
    fn defect(&self, title: &str, record: &Record<'_>) -> Option<String> {
        let most = self.max;
        if title.len() > most {
            let chars = title.chars().count();
            if chars > most {
                return Some(format!("has {chars} characters, more than {most}"));
            }
        }
        if is_cut(title) {
            return Some("is cut off at the end".to_owned());
        }
        if title.chars().all(|c| c.is_numeric() || c.is_whitespace()) {
            return (title.chars().count() != 4).then(|| "has no letter".to_owned());
        }
        // Names of sections and sites are short; most titles stop here.
        if title.len() > SHORT {
            return None;
        }
        let mut folded = String::new();
        fold(title, &mut folded);
        let is_section = |name: &str| {
            let mut section = String::new();
            fold(name, &mut section);
            !section.is_empty() && section == folded
        };
        let section = ["section", "category"]
            .iter()
            .filter_map(|name| record.root.get(name)?.as_str())
            .any(is_section);
        if section || SECTIONS.contains(&folded.as_str()) {
            return Some("is the name of a section".to_owned());
        }
        is_site(title, record).then(|| "is only the site's name".to_owned())
    }
}

fn is_cut(title: &str) -> bool {
    if ["[...]", "[…]", "(...)", "(…)"]
        .iter()
        .any(|mark| title.ends_with(mark))
    {
        return true;
    }
    let Some(rest) = title.strip_suffix('…').or_else(|| title.strip_suffix("...")) else {
        return false;
    };
    let last = rest.split_whitespace().next_back().unwrap_or_default();
    let mut folded = String::new();
    fold(last, &mut folded);
    OPEN.contains(&folded.as_str())
}
