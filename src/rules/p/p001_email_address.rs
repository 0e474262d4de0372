//! P001 email-address.

use crate::finding::Severity;
use crate::record::{Role, Span};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake, private};
use crate::text::host;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "P001",
    name: "email-address",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(crate::finding::Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A text holds an e-mail address.",
    why: "An address leads to a person. A model learns it by heart, and the person never agreed to that.",
    how: "A local part, `@` and a host name with a top-level domain of letters, in any text but the \
          fields of addresses and keys. Addresses of the article's own site (of `url`, or of `source` \
          where that is a host) are those of a newsroom: info. No report shows the address, and no \
          fingerprint depends on it. The fix writes «EMAIL» and is unsafe.",
    false_positives: "Placeholders (`user@example.com`, names below `.example` and `.invalid`), names of \
                      images (`icon@2x.png`), fediverse names (`@name@host`), `git@host` and user names in \
                      web addresses are left alone.",
    source: "RFC 5321 section 4.1.2; RFC 2606; GDPR article 4(1)",
    options: &[],
    examples: &[
        Example::bad("write to sara.k@mail.test", &["sara.k@mail.test"])
            .lang("en")
            .unsafe_fixed("write to «EMAIL»"),
        Example::bad("للتواصل: ali@site.test", &["ali@site.test"]).unsafe_fixed("للتواصل: «EMAIL»"),
        Example::bad(
            "Schreiben Sie an <jan+post@post.amt.test>.",
            &["jan+post@post.amt.test"],
        )
        .lang("de"),
        Example::bad("请写信至li.w@youju.test。", &["li.w@youju.test"]).lang("zh"),
        Example::bad("Пишите: mailto:ivan@pochta.test, ответим", &["ivan@pochta.test"]).lang("ru"),
        Example::bad(
            r#"{"url":"https://www.blatt.test/a","authors":["post@blatt.test"]}"#,
            &["post@blatt.test"],
        ),
        Example::good("user@example.com or @handle").lang("en"),
        Example::good("اكتبوا إلى الاسم@ في الساعة 5 @ المقهى"),
        Example::good("The file icon@2x.png and @name@social.test, git@code.test:a/b").lang("en"),
        Example::good("see https://name@host.test/a").lang("en"),
        Example::good(r#"{"id":"a@b.test","url":"https://a@b.test/"}"#),
    ],
    wake: Wake::Text(Flags::AT),
    check: |_| Ok(Box::new(EmailAddress)),
};

struct EmailAddress;

/// Endings of file names that look like top-level domains.
const FILES: [&str; 9] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "css", "js", "pdf"];
/// Domains that nobody has (RFC 2606, RFC 6761).
const RESERVED: [&str; 4] = ["example.com", "example.org", "example.net", "example.edu"];
/// Longest local part and domain (RFC 5321 section 4.5.3.1).
const LOCAL: usize = 64;
const DOMAIN: usize = 255;

impl Check for EmailAddress {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if text.is_address() {
            return;
        }
        for at in memchr::memchr_iter(b'@', text.value.as_bytes()) {
            if let Some(span) = address(text.value, at) {
                let domain = &text.value[at + 1..span.end];
                let own = is_own(text, domain);
                let message = format!(
                    "E-mail address of {} characters{}.",
                    span.len(),
                    if own { ", of the article's own site" } else { "" }
                );
                private::report(out, span, message, "«EMAIL»");
                if own && let Some(last) = out.findings.last_mut() {
                    last.severity = Some(Severity::Info);
                }
            }
        }
    }
}

/// The address around the `@` at a place.
fn address(text: &str, at: usize) -> Option<Span> {
    let bytes = text.as_bytes();
    let local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let mut start = at
        - bytes[..at]
            .iter()
            .rev()
            .take(LOCAL + 1)
            .take_while(|&byte| local(byte))
            .count();
    while start < at && matches!(bytes[start], b'.' | b'-' | b'%') {
        start += 1;
    }
    if start == at || at - start > LOCAL || bytes[at - 1] == b'.' {
        return None;
    }
    let domain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let mut end = at
        + 1
        + bytes[at + 1..]
            .iter()
            .take(DOMAIN)
            .take_while(|&byte| domain(byte))
            .count();
    while matches!(bytes[end - 1], b'.' | b'-') {
        end -= 1;
    }
    let name = &text[at + 1..end];
    let top = name.rsplit('.').next()?;
    let is_file = FILES.iter().any(|file| file.eq_ignore_ascii_case(top));
    let letters =
        top.len() > 1 && (top.bytes().all(|byte| byte.is_ascii_alphabetic()) || top.starts_with("xn--"));
    if !host::is_host(name) || !letters || is_file || bytes.get(end) == Some(&b'@') {
        return None;
    }
    let before = text[..start].chars().next_back();
    let joined = before.is_some_and(|c| matches!(c, '@' | '/' | '=' | '&'));
    let span = Span::new(start, end);
    let reserved = RESERVED
        .iter()
        .any(|domain| domain.eq_ignore_ascii_case(host::registered(name)))
        || ["example", "invalid", "localhost"]
            .iter()
            .any(|own| own.eq_ignore_ascii_case(top));
    let is_program = text[start..at].eq_ignore_ascii_case("git");
    (!joined && !reserved && !is_program && !private::in_address(text, span)).then_some(span)
}

/// Whether a domain is that of the article's site.
fn is_own(text: &Text<'_>, domain: &str) -> bool {
    let url = text.record.text(Role::Url).and_then(host::of_url);
    let source = text
        .record
        .text(Role::Source)
        .filter(|source| host::is_host(source));
    url.into_iter().chain(source).any(|site| host::same(site, domain))
}
