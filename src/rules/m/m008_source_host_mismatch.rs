//! M008 source-host-mismatch.

use crate::finding::Severity;
use crate::record::Role;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::text::host;

pub(crate) const RULE: Rule = Rule {
    code: "M008",
    name: "source-host-mismatch",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The publisher of an article and the host of its address do not agree.",
    why: "Licences, takedowns and statistics go by publisher. An article of somebody else, or of a cache, is \
          counted and licensed as theirs.",
    how: "Where `source` is a host name, it and the host of `url` must have one registered domain, or be \
          named together in `mirrors`. An address of a web cache or archive is reported whatever the source \
          is, unless `source` is that host. Sources that are names are compared only where `mirrors` \
          lists them.",
    false_positives: "Sub-domains agree. Publishers with several domains: `mirrors = [\"paper.example \
                      paper-news.example\"]`, each entry one publisher, its names and hosts apart by spaces \
                      (a space inside a name is written `_`).",
    source: "Public suffix list, of which a rule of thumb is used",
    options: &[OptionDef {
        name: "mirrors",
        kind: OptionKind::Strings(&[]),
        doc: "Hosts and names that are one publisher, apart by spaces.",
    }],
    examples: &[
        Example::bad(r#"{"source":"a.example","url":"https://b.test/x"}"#, &["*"]),
        Example::bad(
            r#"{"source":"The Paper","url":"https://web.archive.org/web/2019/http://a.example/"}"#,
            &["*"],
        ),
        Example::bad(
            r#"{"source":"paper.co.uk","url":"https://other.co.uk/x"}"#,
            &["*"],
        ),
        Example::good(r#"{"source":"a.example","url":"https://www.ar.a.example/x"}"#),
        Example::good(r#"{"source":"صحيفة المثال","url":"https://a.example/x"}"#),
        Example::good(r#"{"source":"www.A.example","url":"https://a.example/x"}"#),
        Example::good(r#"{"source":"a.example","url":"urn:x:y"}"#),
    ],
    wake: Wake::Record,
    check: |options| {
        let mirrors = options.strings("mirrors");
        Ok(Box::new(Mismatch {
            mirrors: mirrors
                .iter()
                .map(|entry| {
                    entry
                        .split_whitespace()
                        .map(|name| name.replace('_', " ").to_lowercase())
                        .collect()
                })
                .collect(),
        }))
    },
};

struct Mismatch {
    mirrors: Vec<Vec<String>>,
}

/// Hosts that keep copies of other people's pages.
const CACHES: [&str; 9] = [
    "web.archive.org",
    "webcache.googleusercontent.com",
    "archive.ph",
    "archive.today",
    "archive.is",
    "cdn.ampproject.org",
    "translate.goog",
    "translate.google.com",
    "r.jina.ai",
];

impl Check for Mismatch {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let Some((value, source)) = record
            .role(Role::Source)
            .and_then(|value| Some((value, value.as_str()?.trim())))
        else {
            return;
        };
        let Some(url_host) = record.text(Role::Url).and_then(host::of_url) else {
            return;
        };
        let cached = CACHES.iter().any(|cache| {
            url_host.eq_ignore_ascii_case(cache)
                || url_host.strip_suffix(cache).is_some_and(|sub| sub.ends_with('.'))
        });
        let named = host::is_host(source);
        let differs = named && !host::same(source, url_host);
        let own_cache = named && !differs;
        if (differs || cached && !own_cache) && !self.is_mirror(source, url_host) {
            out.field(
                value,
                format!(
                    "Source \"{}\" and the URL's host \"{}\" do not agree{}.",
                    field::piece(source),
                    field::piece(url_host),
                    if cached {
                        ": that host keeps copies of pages"
                    } else {
                        ""
                    }
                ),
            );
        }
    }
}

impl Mismatch {
    fn is_mirror(&self, source: &str, url_host: &str) -> bool {
        let source = source.to_lowercase();
        let matches =
            |name: &String, other: &str| name == other || (host::is_host(name) && host::same(name, other));
        self.mirrors.iter().any(|names| {
            names.iter().any(|name| matches(name, &source))
                && names.iter().any(|name| matches(name, url_host))
        })
    }
}
