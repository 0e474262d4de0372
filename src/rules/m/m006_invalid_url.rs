//! M006 invalid-url.

use crate::finding::Severity;
use crate::record::Role;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};

pub(crate) const RULE: Rule = Rule {
    code: "M006",
    name: "invalid-url",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The address of an article is relative or malformed.",
    why: "The address is how an article is found again: to credit it, to correct it, to take it down.",
    how: "An absolute address: a scheme, `://` and a host that could be one, with a port of at most \
          65535; no white space and no control anywhere. Letters outside ASCII may stand as they are. \
          `urn:` names are accepted.",
    false_positives: "",
    source: "WHATWG URL; RFC 3986",
    options: &[],
    examples: &[
        Example::bad(r#"{"url":"/news/12"}"#, &["*"]),
        Example::bad(r#"{"url":"http//example.org"}"#, &["*"]),
        Example::bad(r#"{"url":"https://"}"#, &["*"]),
        Example::bad(r#"{"url":"https://example.org/a b"}"#, &["*"]),
        Example::bad(r#"{"url":"https://example..org/"}"#, &["*"]),
        Example::bad(r#"{"url":"https://example.org:99999/"}"#, &["*"]),
        Example::good(r#"{"url":"https://example.org/a"}"#),
        Example::good(r#"{"url":"http://أخبار.example/خبر-اليوم?صفحة=١#أعلى"}"#),
        Example::good(r#"{"url":"https://[2001:db8::1]:8080/a"}"#),
        Example::good(r#"{"url":"urn:newsml:example.org:20240501:a"}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(InvalidUrl)),
};

struct InvalidUrl;

impl Check for InvalidUrl {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let Some(value) = record.role(Role::Url) else {
            return;
        };
        let Some(url) = value.as_str().filter(|url| !url.trim().is_empty()) else {
            return;
        };
        if let Some(reason) = fault(url) {
            out.field(
                value,
                format!("URL \"{}\" is invalid: {reason}.", field::piece(url)),
            );
        }
    }
}

/// What is wrong with an address, if anything.
fn fault(url: &str) -> Option<&'static str> {
    // In UTF-8, spaces and controls outside ASCII start with one of these bytes.
    let suspect = |byte: u8| byte <= b' ' || matches!(byte, 0x7f | 0xc2 | 0xe1..=0xe3);
    if url.bytes().any(suspect) && url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some("it holds white space or a control");
    }
    let Some((scheme, rest)) = url.split_once(':') else {
        return Some("it is relative, without a scheme");
    };
    let mut letters = scheme.bytes();
    if !letters.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        || !letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    {
        return Some("it is relative, without a scheme");
    }
    if scheme.eq_ignore_ascii_case("urn") {
        return rest.is_empty().then_some("nothing follows `urn:`");
    }
    let Some(rest) = rest.strip_prefix("//") else {
        return Some("no `://` after the scheme");
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host_fault(host)
}

fn host_fault(host: &str) -> Option<&'static str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(address) => {
            let Some((address, after)) = address.split_once(']') else {
                return Some("the host's `[` is not closed");
            };
            if address.parse::<std::net::Ipv6Addr>().is_err() {
                return Some("the host is no IPv6 address");
            }
            ("ipv6", after)
        }
        None => host.find(':').map_or((host, ""), |at| host.split_at(at)),
    };
    if name.is_empty() {
        return Some("it has no host");
    }
    let port_is_right = match port.strip_prefix(':') {
        Some("") => true,
        Some(port) => port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    if !port_is_right {
        return Some("the port is no number up to 65535");
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.split('.').any(str::is_empty) {
        return Some("a part of the host's name is empty");
    }
    name.contains(['<', '>', '"', '^', '|', '`', '{', '}', '[', ']', '%'])
        .then_some("the host holds a character that no host has")
}
