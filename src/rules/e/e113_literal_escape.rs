//! E113 literal-escape.

use crate::finding::{Safety, Severity};
use crate::record::{Role, Span};
use crate::rules::residue::quote;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;
use regex::Regex;
use std::sync::LazyLock;

pub(crate) const RULE: Rule = Rule {
    code: "E113",
    name: "literal-escape",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A text holds the escapes of a file format in place of what they stand for.",
    why: "A text that was escaped twice shows `\\n` where a paragraph ends and `\\u0627` where a letter is.",
    how: "In an article or title: runs of two or more `\\uXXXX`, `\\xXX`, `%uXXXX` or `=XX` that decode to \
          letters outside ASCII; two or more `\\n` (`\\r\\n`) that stand behind the end of a sentence or \
          between letters outside ASCII or before a capital letter or white space; two or more `\\\"`. The fix \
          decodes them and is unsafe.",
    false_positives: "One escape is an article about escapes. Paths of Windows (`C:\\new`), back quotes and \
                      quotation marks around an escape are left alone.",
    source: "RFC 8259 section 7; RFC 2045 section 6.7",
    options: &[],
    examples: &[
        Example::bad("قال\\nالوزير\\nأمس", &["\\n", "\\n"]).unsafe_fixed("قال\nالوزير\nأمس"),
        Example::bad(
            "\\u0627\\u0644\\u0639\\u0631\\u0628 هنا",
            &["\\u0627\\u0644\\u0639\\u0631\\u0628"],
        )
        .unsafe_fixed("العرب هنا"),
        Example::bad("=D8=A7=D9=84 و %u0627%u0644", &["=D8=A7=D9=84", "%u0627%u0644"])
            .unsafe_fixed("ال و ال"),
        Example::bad("It rained.\\n\\nThen it stopped.", &["\\n\\n"])
            .lang("en")
            .unsafe_fixed("It rained.\n\nThen it stopped."),
        Example::bad("\\\"We are back,\\\" he said.", &["\\\"", "\\\""])
            .lang("en")
            .unsafe_fixed("\"We are back,\" he said."),
        Example::bad("caf\\xC3\\xA9s", &["\\xC3\\xA9"]).lang("fr"),
        Example::good("headers end with \\r\\n\\r\\n and lines with \\n there").lang("en"),
        Example::good("C:\\new\\names and D:\\\\next").lang("en"),
        Example::good("the newline character `\\n` and \"\\n\" in C").lang("en"),
        Example::good("¯\\_(ツ)_/¯ or a\\b").lang("en"),
        Example::good("x=10=20, 5%u and \\u0041\\u0042").lang("en"),
    ],
    wake: Wake::Text(Flags::BACKSLASH.or(Flags::PERCENT)),
    check: |_| Ok(Box::new(LiteralEscape)),
};

struct LiteralEscape;

fn pattern() -> Option<&'static Regex> {
    static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r#"(?:\\u[0-9A-Fa-f]{4}){2,}|(?:\\x[0-9A-Fa-f]{2}){2,}|(?:%u[0-9A-Fa-f]{4}){2,}|(?:=[0-9A-F]{2}){2,}|(?:(?:\\r)?\\n)+|\\""#,
        )
        .ok()
    });
    PATTERN.as_ref()
}

struct Found {
    span: Span,
    decoded: String,
}

impl Check for LiteralEscape {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if text.is_address() || !matches!(text.role, Some(Role::Text | Role::Title)) {
            return;
        }
        let Some(pattern) = pattern() else { return };
        let (mut letters, mut breaks, mut quotes) = (Vec::new(), Vec::new(), Vec::new());
        let mut count = 0;
        for found in pattern.find_iter(text.value) {
            let span = Span::new(found.start(), found.end());
            let token = found.as_str();
            if is_quoted(text.value, span) {
                continue;
            }
            if token == "\\\"" {
                quotes.push(Found {
                    span,
                    decoded: "\"".to_owned(),
                });
            } else if token.starts_with("\\n") || token.starts_with("\\r") {
                if is_break(text.value, span) {
                    let number = token.matches("\\n").count();
                    count += number;
                    breaks.push(Found {
                        span,
                        decoded: "\n".repeat(number),
                    });
                }
            } else if let Some(decoded) = decode(token) {
                letters.push(Found { span, decoded });
            }
        }
        if count < 2 {
            breaks.clear();
        }
        if quotes.len() < 2 {
            quotes.clear();
        }
        let mut all: Vec<Found> = letters.into_iter().chain(breaks).chain(quotes).collect();
        all.sort_by_key(|found| found.span);
        for found in all {
            let shown = quote(&text.value[found.span.range()]);
            out.span(found.span, format!("Literal escape sequence \"{shown}\"."))
                .replace(Safety::Unsafe, "decode it", found.decoded);
        }
    }
}

/// Whether a quotation mark, a back quote or a backslash touches a span on its left.
fn is_quoted(text: &str, span: Span) -> bool {
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].chars().next();
    let mark = |c: Option<char>| matches!(c, Some('`' | '\'' | '"' | '‘' | '’' | '“' | '”' | '«' | '»'));
    before == Some('\\') || (mark(before) && mark(after))
}

/// Whether a line break would make sense here.
fn is_break(text: &str, span: Span) -> bool {
    let before = text[..span.start].chars().next_back();
    let Some(after) = text[span.end..].chars().next() else {
        return before.is_some();
    };
    let foreign = |c: char| !c.is_ascii() && c.is_alphabetic();
    match before {
        None => true,
        // An article about escapes sets them apart as words.
        Some(space) if space.is_whitespace() && after.is_whitespace() => {
            text[..span.start].trim_end().ends_with(['.', '!', '?', '؟'])
        }
        Some(':') => after.is_whitespace() || foreign(after),
        Some(before) => {
            foreign(before)
                || foreign(after)
                || before.is_whitespace()
                || after.is_whitespace()
                || (matches!(before, '.' | '!' | '?' | '؟' | '"' | '»' | '”' | ')' | ',')
                    && !after.is_ascii_lowercase())
        }
    }
}

/// What a run of escapes stands for, where there is a letter outside ASCII in it and nothing odd.
fn decode(token: &str) -> Option<String> {
    let decoded = if token.starts_with("\\u") || token.starts_with("%u") {
        let units: Option<Vec<u16>> = token
            .as_bytes()
            .chunks(6)
            .map(|unit| u16::from_str_radix(std::str::from_utf8(unit.get(2..)?).ok()?, 16).ok())
            .collect();
        String::from_utf16(&units?).ok()?
    } else {
        let digits = if token.starts_with('=') { 1 } else { 2 };
        let bytes: Option<Vec<u8>> = token
            .as_bytes()
            .chunks(digits + 2)
            .map(|byte| u8::from_str_radix(std::str::from_utf8(byte.get(digits..)?).ok()?, 16).ok())
            .collect();
        String::from_utf8(bytes?).ok()?
    };
    let letters = decoded.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
    (letters && !decoded.chars().any(|c| c.is_control() && c != '\n')).then_some(decoded)
}
