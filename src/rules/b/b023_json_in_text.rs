//! B023 json-in-text.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "B023",
    name: "json-in-text",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "The article holds a piece of JSON.",
    why: "Descriptions for search engines and the state of the page are data of the site, not text.",
    how: "Brackets that are balanced, hold at least `min-chars` characters and parse as JSON with at least one \
          key. The fix deletes them and is unsafe.",
    false_positives: "`[sic]` and `{a, b}` are no JSON. Articles about programming quote it: ignore the rule \
                      for their records.",
    source: "RFC 8259; schema.org in JSON-LD",
    options: &[OptionDef {
        name: "min-chars",
        kind: OptionKind::Integer(40, 2, 10_000),
        doc: "Characters from which a piece is reported.",
    }],
    examples: &[
        Example::bad(
            "The ferry. {\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\"}",
            &["{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\"}"],
        )
        .lang("en")
        .unsafe_fixed("The ferry. "),
        Example::bad(
            "عاد الصيادون. [{\"id\":1,\"name\":\"x\"},{\"id\":2,\"name\":\"y\"}] انتهى.",
            &["[{\"id\":1,\"name\":\"x\"},{\"id\":2,\"name\":\"y\"}]"],
        )
        .unsafe_fixed("عاد الصيادون.  انتهى."),
        Example::good("He said [sic] {a, b} and [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].")
            .lang("en"),
        Example::good("{\"a\": 1} ist kurz").lang("de"),
        Example::good("{ قال: \"لا أحد يعرف متى تعود السفن من البحر البعيد\" }"),
    ],
    wake: Wake::Text(Flags::MARKUP),
    check: |options| {
        Ok(Box::new(JsonInText {
            least: options.integer("min-chars") as usize,
        }))
    },
};

struct JsonInText {
    least: usize,
}

/// Longest piece that is read, and how many openings are tried in a text.
const LONGEST: usize = 200_000;
const TRIES: usize = 40;

impl Check for JsonInText {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !text.is_body() {
            return;
        }
        let bytes = text.value.as_bytes();
        let mut from = 0;
        let mut tries = 0;
        while let Some(at) = memchr::memchr2(b'{', b'[', &bytes[from..]).map(|at| from + at) {
            from = at + 1;
            if !opens(&text.value[at..]) {
                continue;
            }
            tries += 1;
            if tries > TRIES {
                return;
            }
            let Some(end) = balanced(&bytes[at..]).map(|length| at + length) else {
                continue;
            };
            let piece = &text.value[at..end];
            let read = || serde_json::from_str::<serde_json::Value>(piece).is_ok_and(|value| has_key(&value));
            if piece.chars().take(self.least).count() == self.least && read() {
                let message = format!("JSON fragment of {} characters in text.", piece.chars().count());
                out.span(Span::new(at, end), message)
                    .replace(Safety::Unsafe, "delete it", "");
                from = end;
            }
        }
    }
}

/// Whether an object with a key, or an array that may hold one, begins here.
fn opens(text: &str) -> bool {
    let inner = text[1..].trim_start();
    match text.as_bytes()[0] {
        b'{' => inner.starts_with('"'),
        _ => inner.starts_with(['{', '[']),
    }
}

/// Bytes up to the bracket that closes the first one, strings left out.
fn balanced(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in bytes.iter().enumerate().take(LONGEST) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn has_key(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Object(map) => !map.is_empty(),
        serde_json::Value::Array(items) => items.iter().any(has_key),
        _ => false,
    }
}
