//! P005 secret-or-token.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake, private};
use crate::text::any_of::AnyOf;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

pub(crate) const RULE: Rule = Rule {
    code: "P005",
    name: "secret-or-token",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "The article holds what looks like a credential of a service.",
    why: "A key that was published by mistake is published again with the dataset, to everybody.",
    how: "The fixed beginnings that services give their keys, followed by as many characters of the right \
          kind as they have: cloud access keys (AKIA, ASIA), code hosts (`ghp_` and its sisters, \
          `github_pat_`, `glpat-`), chat (`xoxb-`…), maps (AIza), payment (`sk_live_`), mail (`SG.`), \
          packages (`npm_`), models (`sk-ant-`, `hf_`); private keys in PEM; JSON web tokens. Reports never \
          show the key. The fix writes «SECRET» and is unsafe.",
    false_positives: "Hashes of commits and UUIDs have no such beginning. A beginning followed by one \
                      repeated character is an explanation, not a key.",
    source: "Token formats that the services document; RFC 7468; RFC 7519",
    options: &[],
    examples: &[
        Example::bad("key AKIAIOSFODNN7EXAMPLE in", &["AKIAIOSFODNN7EXAMPLE"])
            .lang("en")
            .unsafe_fixed("key «SECRET» in"),
        Example::bad("-----BEGIN PRIVATE KEY-----", &["-----BEGIN PRIVATE KEY-----"]).lang("en"),
        Example::bad(
            "هذا المفتاح:\n-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\nانتهى.",
            &["-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----"],
        )
        .unsafe_fixed("هذا المفتاح:\n«SECRET»\nانتهى."),
        Example::bad(
            "токен eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0In0.c2lnbmF0dXJl здесь",
            &["eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0In0.c2lnbmF0dXJl"],
        )
        .lang("ru"),
        Example::good("commit 9fceb02d0ae598e95dc970b74767f19372d61af8").lang("en"),
        Example::good("id 123e4567-e89b-42d3-a456-426614174000").lang("en"),
        Example::good("Tokens begin with ghp_ or AKIA; AKIAXXXXXXXXXXXXXXXX stands for one.").lang("en"),
        Example::good("ASIA AND AFRICA: ASIAN-AFRICAN CONFERENCE, eyJohn").lang("en"),
        Example::good("-----BEGIN PUBLIC KEY-----").lang("en"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(Secret)),
};

struct Secret;

/// How the rest of a key is written.
#[derive(Clone, Copy)]
enum Rest {
    /// Exactly so many capital letters and digits.
    Capitals(usize),
    /// At least so many letters, digits, `_` and `-`.
    Token(usize),
    /// A PEM block.
    Pem,
    /// The rest of a JSON web token.
    Jwt,
}

const PREFIXES: &[(&str, Rest)] = &[
    ("AKIA", Rest::Capitals(16)),
    ("ASIA", Rest::Capitals(16)),
    ("ghp_", Rest::Token(36)),
    ("gho_", Rest::Token(36)),
    ("ghu_", Rest::Token(36)),
    ("ghs_", Rest::Token(36)),
    ("ghr_", Rest::Token(36)),
    ("github_pat_", Rest::Token(40)),
    ("glpat-", Rest::Token(20)),
    ("xoxb-", Rest::Token(20)),
    ("xoxp-", Rest::Token(20)),
    ("xoxa-", Rest::Token(20)),
    ("xoxr-", Rest::Token(20)),
    ("xoxs-", Rest::Token(20)),
    ("AIza", Rest::Token(35)),
    ("sk_live_", Rest::Token(20)),
    ("rk_live_", Rest::Token(20)),
    ("npm_", Rest::Token(36)),
    ("hf_", Rest::Token(34)),
    ("sk-ant-", Rest::Token(40)),
    ("sk-proj-", Rest::Token(40)),
    ("-----BEGIN ", Rest::Pem),
    ("eyJ", Rest::Jwt),
];

/// Fewest different characters of a key that is meant.
const VARIETY: usize = 6;

fn finder() -> Option<&'static AhoCorasick> {
    static FINDER: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::new(PREFIXES.iter().map(|(prefix, _)| prefix)).ok());
    FINDER.as_ref()
}

/// The look that spares nearly every article the finder.
fn prefixes() -> &'static AnyOf {
    static PREFIX: LazyLock<AnyOf> = LazyLock::new(|| {
        let prefixes: Vec<&str> = PREFIXES.iter().map(|(prefix, _)| *prefix).collect();
        AnyOf::new(&prefixes)
    });
    &PREFIX
}

impl Check for Secret {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        // All of a key but the armour of a private one, which begins with five dashes, is one long token.
        let shape = text.shape();
        if !(shape.has_key || shape.has_run) || !prefixes().is_in(text.value) {
            return;
        }
        let mut next = 0;
        for found in finder()
            .into_iter()
            .flat_map(|finder| finder.find_iter(text.value))
        {
            let (start, after) = (found.start(), found.end());
            let inside = text.value[..start]
                .bytes()
                .next_back()
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if start < next || inside {
                continue;
            }
            let Some(end) = end(text.value, after, PREFIXES[found.pattern().as_usize()].1) else {
                continue;
            };
            next = end;
            let message = format!("Credential-like string of {} characters.", end - start);
            private::report(out, Span::new(start, end), message, "«SECRET»");
        }
    }
}

/// Where a key ends whose beginning ends at `from`.
fn end(text: &str, from: usize, rest: Rest) -> Option<usize> {
    let tail = &text[from..];
    let token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let length = tail.bytes().take_while(token_of(token)).count();
    match rest {
        Rest::Capitals(wanted) => {
            let right = length == wanted
                && tail[..length]
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
            (right && is_varied(&tail[..length])).then_some(from + length)
        }
        Rest::Token(least) => (length >= least
            && is_varied(&tail[..length])
            && tail[..length].bytes().any(|byte| byte.is_ascii_digit()))
        .then_some(from + length),
        Rest::Pem => {
            let line = tail.split('\n').next()?;
            let kind = &line[..line.find("-----")?];
            if !kind.ends_with("PRIVATE KEY") && !kind.ends_with("PRIVATE KEY BLOCK") {
                return None;
            }
            let last = format!("-----END {kind}-----");
            let head = from + kind.len() + 5;
            Some(text[head..].find(&last).map_or(head, |at| head + at + last.len()))
        }
        Rest::Jwt => {
            let mut parts = tail.split('.');
            let piece =
                |part: Option<&str>| part.map(|part| part.bytes().take_while(token_of(token)).count());
            let (head, body, mark) = (parts.next()?, parts.next()?, piece(parts.next())?);
            let whole = |part: &str| part.len() >= 10 && part.as_bytes().iter().all(token);
            (whole(head) && whole(body) && body.starts_with("eyJ") && mark >= 8)
                .then_some(from + head.len() + body.len() + mark + 2)
        }
    }
}

fn token_of(token: impl Fn(&u8) -> bool) -> impl FnMut(&u8) -> bool {
    move |byte| token(byte)
}

fn is_varied(token: &str) -> bool {
    let mut seen = [false; 256];
    token.bytes().for_each(|byte| seen[usize::from(byte)] = true);
    seen.iter().filter(|&&seen| seen).count() >= VARIETY
}
