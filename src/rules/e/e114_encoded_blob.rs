//! E114 encoded-blob.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake, private};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "E114",
    name: "encoded-blob",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Preview,
    default: false,
    summary: "The article holds binary data written as text.",
    why: "An image in base64 is thousands of tokens that mean nothing.",
    how: "A `data:` address with base64; a token of 80 or more characters of the base64 alphabet, with small and \
          capital letters and digits and at least 4.5 bits a character; 64 or more hexadecimal digits with \
          letters and digits among them. The fix deletes the token and is unsafe.",
    false_positives: "Web addresses and long words are left alone: they have other characters or fewer kinds.",
    source: "RFC 2397; RFC 4648",
    options: &[],
    examples: &[
        Example::bad(
            "صورة data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk هنا",
            &["data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"],
        )
        .unsafe_fixed("صورة  هنا"),
        Example::bad(
            "hash 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.",
            &["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
        )
        .lang("en"),
        Example::good("https://a.example/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
            .lang("en"),
        Example::good(
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitzender",
        )
        .lang("de"),
        Example::good(
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        )
        .lang("en"),
    ],
    wake: Wake::Text(Flags::LONG_TOKEN),
    check: |_| Ok(Box::new(EncodedBlob)),
};

struct EncodedBlob;

impl Check for EncodedBlob {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !text.is_body() {
            return;
        }
        let mut start = 0;
        for token in text.value.split(|c: char| !c.is_ascii_graphic()) {
            let at = start + (text.value[start..].find(token).unwrap_or(0));
            start = at + token.len();
            if token.len() < 64 {
                continue;
            }
            let core = token
                .trim_matches(|c| matches!(c, '.' | ',' | '"' | '\'' | '(' | ')' | ';' | ':' | '<' | '>'));
            let span = Span::new(at + (core.as_ptr().addr() - token.as_ptr().addr()), 0);
            let span = Span::new(span.start, span.start + core.len());
            if let Some(kind) =
                kind(core).filter(|_| !private::in_address(text.value, Span::new(span.end, span.end)))
            {
                out.span(span, format!("{}-character {kind} in text.", core.len()))
                    .replace(Safety::Unsafe, "delete it", "");
            }
        }
    }
}

fn kind(token: &str) -> Option<&'static str> {
    if token.starts_with("data:") && token.contains(";base64,") {
        return Some("data address");
    }
    let any = |test: fn(&u8) -> bool| token.as_bytes().iter().any(test);
    let all = |test: fn(&u8) -> bool| token.as_bytes().iter().all(test);
    if token.len() >= 64
        && all(u8::is_ascii_hexdigit)
        && any(u8::is_ascii_digit)
        && any(u8::is_ascii_alphabetic)
    {
        return Some("hexadecimal blob");
    }
    let alphabet =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-' | b'.');
    let kinds = any(u8::is_ascii_digit) && any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase);
    (token.len() >= 80 && all(alphabet) && kinds && entropy(token) >= 4.5).then_some("base64 blob")
}

/// Bits a character.
fn entropy(token: &str) -> f64 {
    let mut counts = [0_u32; 256];
    token.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let length = token.len() as f64;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| f64::from(count) / length)
        .map(|share| -share * share.log2())
        .sum()
}
