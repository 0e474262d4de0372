//! E112 percent-encoded-text.

use crate::finding::{Safety, Severity};
use crate::record::{Role, Span};
use crate::rules::residue::quote;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake, private};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "E112",
    name: "percent-encoded-text",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "Running text is percent-encoded as addresses are.",
    why: "Nobody can read it and no search finds it; a tokenizer cuts it into dozens of pieces.",
    how: "In an article or title, outside a web address: a token with three groups `%XX` or more that decode \
          to UTF-8 with a letter among them. The fix decodes the token and is unsafe.",
    false_positives: "Tokens with `://`, `www.`, `=` or a slash before the groups are addresses. `5%, 10%` has no groups.",
    source: "RFC 3986 section 2.1; WHATWG URL",
    options: &[],
    examples: &[
        Example::bad(
            "الوسم %D8%B3%D9%88%D8%B1%D9%8A%D8%A7 هنا",
            &["%D8%B3%D9%88%D8%B1%D9%8A%D8%A7"],
        )
        .unsafe_fixed("الوسم سوريا هنا"),
        Example::bad("Caf%C3%A9%20du%20Monde", &["Caf%C3%A9%20du%20Monde"])
            .lang("fr")
            .unsafe_fixed("Café du Monde"),
        Example::bad("(%D0%BC%D0%BE%D1%81%D1%82)", &["%D0%BC%D0%BE%D1%81%D1%82"]).lang("ru"),
        Example::good("https://example.org/%D8%B3%D9%88%D8%B1"),
        Example::good("growth of 5%, 10% and 100%25").lang("en"),
        Example::good("/wiki/%D8%B3%D9%88%D8%B1 و href=%D8%B3%D9%88"),
        Example::good("%20%20%20 and %FF%FE%FD").lang("en"),
    ],
    wake: Wake::Text(Flags::PERCENT),
    check: |_| Ok(Box::new(PercentEncoded)),
};

struct PercentEncoded;

/// Fewest groups.
const GROUPS: usize = 3;

impl Check for PercentEncoded {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if text.is_address() || !matches!(text.role, Some(Role::Text | Role::Title)) {
            return;
        }
        let bytes = text.value.as_bytes();
        let mut from = 0;
        while let Some(at) = memchr::memchr(b'%', &bytes[from..]).map(|at| from + at) {
            let span = run(bytes, at, from);
            from = span.end.max(at + 1);
            let Some(decoded) = decode(&text.value[span.range()]) else {
                continue;
            };
            let before = text.value[..span.start].chars().next_back();
            let address = matches!(before, Some('/' | '=' | '&' | '?' | '#'))
                || private::in_address(text.value, Span::new(span.end, span.end));
            if !address {
                let shown = quote(&text.value[span.range()]);
                out.span(span, format!("Percent-encoded text \"{shown}\" in running text."))
                    .replace(Safety::Unsafe, "decode it", decoded);
            }
        }
    }
}

/// The run of groups and of characters that addresses leave as they are, around a place.
fn run(bytes: &[u8], at: usize, from: usize) -> Span {
    let plain =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'~' | b'-' | b'.' | b'%' | b'+');
    let start = at
        - bytes[from..at]
            .iter()
            .rev()
            .take_while(|&byte| plain(byte))
            .count();
    let mut end = at + bytes[at..].iter().take_while(|&byte| plain(byte)).count();
    while end > at && matches!(bytes[end - 1], b'.' | b'-' | b'+') {
        end -= 1;
    }
    Span::new(start, end)
}

/// The decoded token, where enough groups give UTF-8 with a letter.
fn decode(token: &str) -> Option<String> {
    let mut groups = 0;
    let mut decoded = Vec::with_capacity(token.len());
    let mut coded = Vec::new();
    let mut at = 0;
    while at < token.len() {
        let hex = (token.as_bytes()[at] == b'%')
            .then(|| token.get(at + 1..at + 3))
            .flatten();
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            groups += 1;
            decoded.push(byte);
            coded.push(byte);
            at += 3;
        } else {
            decoded.push(token.as_bytes()[at]);
            coded.push(b' ');
            at += 1;
        }
    }
    let letters = String::from_utf8(coded).ok()?.chars().any(char::is_alphabetic);
    let decoded = String::from_utf8(decoded).ok()?;
    (groups >= GROUPS && letters && !decoded.chars().any(char::is_control)).then_some(decoded)
}
