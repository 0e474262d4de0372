//! M007 url-noise.

use crate::finding::{Safety, Severity};
use crate::record::Role;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake};
use crate::source::json::write_string;
use std::fmt::Write as _;

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

const PARAMETERS: [&str; 28] = [
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "yclid",
    "ysclid",
    "msclkid",
    "igshid",
    "igsh",
    "twclid",
    "ttclid",
    "mc_cid",
    "mc_eid",
    "_ga",
    "_gl",
    "ref_src",
    "ref_url",
    "phpsessid",
    "jsessionid",
    "aspsessionid",
    "_openstat",
    "wt_mc",
    "at_medium",
    "at_campaign",
    "at_custom1",
    "cmpid",
];

fn is_noise(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default();
    let utm = name
        .get(..4)
        .is_some_and(|head| head.eq_ignore_ascii_case("utm_"));
    utm || PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

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
            .any(|four| four.eq_ignore_ascii_case(b"/amp"))
}

/// The address without noise, and what was noise; `None` for what is no web address.
fn tidy(url: &str) -> Option<(String, Vec<String>)> {
    let (scheme, rest) = url.split_once("://")?;
    let port = match scheme.len() {
        4 if scheme.eq_ignore_ascii_case("http") => ":80",
        5 if scheme.eq_ignore_ascii_case("https") => ":443",
        _ => return None,
    };
    let authority_end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(authority_end);
    let (before_fragment, fragment) = tail.find('#').map_or((tail, ""), |at| tail.split_at(at));
    let (path, query) = before_fragment
        .find('?')
        .map_or((before_fragment, ""), |at| before_fragment.split_at(at));
    let mut parts = Vec::new();
    let (user, host) = authority
        .rfind('@')
        .map_or(("", authority), |at| authority.split_at(at + 1));
    let bare = host.strip_suffix(port).unwrap_or(host);
    if bare.len() < host.len() {
        parts.push("the default port".to_owned());
    }
    if scheme
        .bytes()
        .chain(bare.bytes())
        .any(|byte| byte.is_ascii_uppercase())
    {
        parts.push("capital letters".to_owned());
    }
    let mut clean = format!(
        "{}://{user}{}",
        scheme.to_ascii_lowercase(),
        bare.to_ascii_lowercase()
    );
    let session = path.to_ascii_lowercase().find(";jsessionid=");
    clean.push_str(&path[..session.unwrap_or(path.len())]);
    if session.is_some() {
        parts.push("jsessionid".to_owned());
    }
    let mut mark = '?';
    for parameter in query
        .strip_prefix('?')
        .unwrap_or_default()
        .split('&')
        .filter(|_| query.len() > 1)
    {
        if is_noise(parameter) {
            let name: String = parameter
                .split('=')
                .next()
                .unwrap_or_default()
                .chars()
                .take(20)
                .collect();
            parts.push(name);
        } else {
            let _ = write!(clean, "{mark}{parameter}");
            mark = '&';
        }
    }
    let route = fragment.starts_with("#!") || fragment.starts_with("#/");
    if route {
        clean.push_str(fragment);
    } else if !fragment.is_empty() {
        parts.push("a fragment".to_owned());
    }
    let amp = path.split('/').any(|segment| segment.eq_ignore_ascii_case("amp"))
        || query
            .split(['?', '&'])
            .any(|parameter| matches!(parameter, "amp" | "amp=1" | "output=amp" | "outputType=amp"));
    if amp {
        parts.push("an AMP page".to_owned());
    }
    if parts.iter().all(|part| part == "an AMP page") {
        return Some((url.to_owned(), parts));
    }
    Some((clean, parts))
}
