//! M007 url-noise.

use crate::finding::{Safety, Severity};
use crate::record::Role;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake};
use crate::source::json::write_string;
use crate::text::url::tidy;

pub(crate) const RULE: Rule = Rule {
    code: "M007",
    name: "url-noise",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "The address of an article carries parts that do not belong to it.",
    why: "One article with three tracking codes is three addresses: duplicates are not seen, takedowns by \
          address miss, and some codes name the reader.",
    how: "Tracking and session parameters (utm_*, fbclid, gclid, yclid, igshid, mc_cid, mc_eid, _ga, \
          ref_src, PHPSESSID, jsessionid…), a fragment, the default port, capital letters in scheme or host. \
          The fix drops them and writes scheme and host in small letters; all else stays byte for byte. An \
          AMP page (`/amp/`, `?amp`, `?output=amp`) is named; its address is not changed, for the article's \
          own may be another.",
    false_positives: "`#!` and `#/` are routes of pages and stay. Parameters that are not in the list stay.",
    source: "WHATWG URL; RFC 3986 section 6; the parameters that services document",
    options: &[],
    examples: &[
        Example::bad(r#"{"url":"https://e.example/a?utm_source=x"}"#, &["*"])
            .fixed(r#"{"url":"https://e.example/a"}"#),
        Example::bad(r#"{"url":"HTTPS://E.example:443/A#top"}"#, &["*"])
            .fixed(r#"{"url":"https://e.example/A"}"#),
        Example::bad(r#"{"url":"https://e.example/a?id=7&fbclid=Iw&p=2"}"#, &["*"])
            .fixed(r#"{"url":"https://e.example/a?id=7&p=2"}"#),
        Example::bad(r#"{"url":"https://e.example/a;jsessionid=1A?x=1"}"#, &["*"])
            .fixed(r#"{"url":"https://e.example/a?x=1"}"#),
        Example::bad(r#"{"url":"https://أخبار.example/خبر?gclid=1#أعلى"}"#, &["*"])
            .fixed(r#"{"url":"https://أخبار.example/خبر"}"#),
        Example::bad(r#"{"url":"https://e.example/amp/a"}"#, &["*"]),
        Example::good(r#"{"url":"https://e.example/a?id=7"}"#),
        Example::good(r#"{"url":"https://e.example/?p=12"}"#),
        Example::good(r#"{"url":"http://e.example:8080/#!/a"}"#),
        Example::good(r#"{"url":"https://e.example/ampere/utm_source"}"#),
        Example::good(r#"{"url":"urn:x:A#b"}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(UrlNoise)),
};

struct UrlNoise;

impl Check for UrlNoise {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let Some((value, url)) = record
            .role(Role::Url)
            .and_then(|value| Some((value, value.as_str()?)))
        else {
            return;
        };
        if is_plain(url) {
            return;
        }
        let Some((clean, parts)) = tidy(url) else { return };
        if parts.is_empty() {
            return;
        }
        let message = format!(
            "URL carries parts that are not the article's: {}.",
            parts.join(", ")
        );
        let finding = out.field(value, message);
        if clean != url {
            let mut literal = String::new();
            write_string(&mut literal, &clean, false);
            finding.set(Safety::Safe, "drop them", literal);
        }
    }
}

/// Whether an address has nothing that could be noise, as most have.
fn is_plain(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return true;
    };
    let host_end = rest.find('/').unwrap_or(rest.len());
    let capital = |text: &str| text.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b':');
    !capital(scheme)
        && !capital(&rest[..host_end])
        && !rest.bytes().any(|byte| matches!(byte, b'?' | b'#' | b';'))
        && !rest
            .as_bytes()
            .windows(4)
            .any(|four| four[0] == b'/' && four.eq_ignore_ascii_case(b"/amp"))
}
