//! M011 title-site-suffix.

use crate::finding::{Safety, Severity};
use crate::record::{Role, Span};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::text::fold::phrase_fold;
use crate::text::host;

pub(crate) const RULE: Rule = Rule {
    code: "M011",
    name: "title-site-suffix",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A title ends with the name of its site.",
    why: "The name is the browser's title, not the article's. It repeats in every record of the source, and \
          headlines look alike for it.",
    how: "The last part of the title, behind ` | `, ` - `, ` – `, ` — `, ` :: ` or ` » `, has the letters and \
          digits of `source`, or of the name in the domain of `source` or `url`, with or without an article \
          (`The`, `صحيفة`, `موقع`…) before it. The fix cuts it off and is unsafe.",
    false_positives: "Another last part (`Iran – US talks`) is not the site's name and stays.",
    source: "Title heuristics of readability and trafilatura",
    options: &[],
    examples: &[
        Example::bad(
            r#"{"title":"خبر مهم | صحيفة المثال","source":"صحيفة المثال"}"#,
            &[" | صحيفة المثال"],
        )
        .unsafe_fixed(r#"{"title":"خبر مهم","source":"صحيفة المثال"}"#),
        Example::bad(
            r#"{"title":"Rates rise - Example News","source":"examplenews.test"}"#,
            &[" - Example News"],
        )
        .unsafe_fixed(r#"{"title":"Rates rise","source":"examplenews.test"}"#),
        Example::bad(
            r#"{"title":"Le pont rouvre – Le Quai","url":"https://www.lequai.test/a"}"#,
            &[" – Le Quai"],
        )
        .unsafe_fixed(r#"{"title":"Le pont rouvre","url":"https://www.lequai.test/a"}"#),
        Example::bad(
            r#"{"title":"Мост открыт :: Маяк","source":"Маяк"}"#,
            &[" :: Маяк"],
        )
        .unsafe_fixed(r#"{"title":"Мост открыт","source":"Маяк"}"#),
        Example::good(r#"{"title":"Iran – US talks","source":"example.test"}"#),
        Example::good(r#"{"title":"A | B","source":"C"}"#),
        Example::good(r#"{"title":"Example News","source":"Example News"}"#),
        Example::good(r#"{"title":"Well-read","source":"read"}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(SiteSuffix)),
};

struct SiteSuffix;

const SEPARATORS: [&str; 8] = [" | ", " - ", " – ", " — ", " :: ", " » ", " • ", " · "];
/// Words before the name that a source may leave out, as they are folded.
const ARTICLES: [&str; 8] = [
    "the ",
    "صحيفة ",
    "موقع ",
    "جريدة ",
    "وكالة ",
    "قناة ",
    "شبكة ",
    "روزنامه ",
];

impl Check for SiteSuffix {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let Some((value, title)) = record
            .role(Role::Title)
            .and_then(|value| Some((value, value.as_str()?)))
        else {
            return;
        };
        // A byte of each separator: most titles have none.
        if !title
            .bytes()
            .any(|byte| matches!(byte, b'|' | b'-' | b':' | 0xC2 | 0xE2))
        {
            return;
        }
        let Some((at, length)) = SEPARATORS
            .iter()
            .filter_map(|separator| Some((title.rfind(separator)?, separator.len())))
            .max()
        else {
            return;
        };
        let suffix = title[at + length..].trim();
        if title[..at].trim().is_empty() || suffix.is_empty() || !is_site(suffix, record) {
            return;
        }
        let span = Span::new(title[..at].trim_end().len(), title.len());
        let message = format!("Title ends with the site's name \"{}\".", field::piece(suffix));
        out.span_of(value, span, message)
            .replace(Safety::Unsafe, "cut it off", "");
    }
}

/// Whether a text is the name of the record's site.
pub(super) fn is_site(text: &str, record: &Record<'_>) -> bool {
    let source = record.text(Role::Source).unwrap_or_default();
    let url_host = record.text(Role::Url).and_then(host::of_url).unwrap_or_default();
    // A headline is longer than any name; marks and spaces leave nothing in the key.
    if text.len() > 2 * source.len().max(url_host.len()) + 16 {
        return false;
    }
    let mut folded = String::new();
    phrase_fold(text, &mut folded);
    let bare = ARTICLES
        .iter()
        .find_map(|article| folded.strip_prefix(article))
        .unwrap_or(&folded);
    let keys = [key(&folded), key(bare)];
    let label = |host: &str| key(host::registered(host).split('.').next().unwrap_or_default());
    let mut names = vec![label(url_host)];
    if host::is_host(source) {
        names.push(label(source));
        names.push(key(source));
        names.push(key(host::registered(source)));
    } else {
        let mut name = String::new();
        phrase_fold(source, &mut name);
        names.push(key(&name));
        names.push(key(ARTICLES
            .iter()
            .find_map(|article| name.strip_prefix(article))
            .unwrap_or(&name)));
    }
    names.iter().any(|name| !name.is_empty() && keys.contains(name))
}

/// The letters and digits of a name, in small letters.
fn key(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
