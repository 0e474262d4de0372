//! HTML character references, as the HTML Standard section 13.2.5.72 to 13.2.5.80 decodes them.

use crate::record::Span;

/// A character reference that ends with a semicolon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its bytes in the text, `&` and `;` included.
    pub span: Span,
    /// What it stands for, or `None` where the standard gives U+FFFD (NUL, surrogates, numbers
    /// beyond U+10FFFF).
    pub text: Option<String>,
    /// How many times the ampersand was escaped: 1 for `&lt;`, 2 for `&amp;lt;`.
    pub depth: u32,
}

/// Longest name of the standard, `CounterClockwiseContourIntegral`, plus room for numbers.
const MAX_BODY: usize = 40;

/// What a named reference stands for (`name` without `&` and `;`), or `None` for an unknown name.
#[must_use]
pub fn named(name: &str) -> Option<&'static str> {
    let table = &html_escape::NAMED_ENTITIES;
    let index = table
        .binary_search_by(|(known, _)| (*known).cmp(name.as_bytes()))
        .ok()?;
    Some(table[index].1)
}

/// What a numeric reference stands for, or `None` where the standard gives U+FFFD. Numbers 80 to
/// 9F stand for windows-1252 characters.
#[must_use]
pub fn numeric(number: u32) -> Option<char> {
    match number {
        0 => None,
        // The standard lists no replacement for the five bytes windows-1252 leaves undefined,
        // and the table keeps those as they are.
        0x80..=0x9F => Some(super::charset::Charset::WINDOWS_1252.decode_byte(number as u8)),
        _ => char::from_u32(number),
    }
}

/// Reads the reference whose `&` stands at `at`: the end of it and what it stands for.
fn single(text: &str, at: usize) -> Option<(usize, Option<String>)> {
    let rest = &text.as_bytes()[at + 1..];
    let semicolon = memchr::memchr(b';', &rest[..rest.len().min(MAX_BODY)])?;
    let body = text.get(at + 1..at + 1 + semicolon)?;
    let end = at + semicolon + 2;
    let Some(number) = body.strip_prefix('#') else {
        return Some((end, Some(named(body)?.to_owned())));
    };
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16),
        None => (number, 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    // A number too long for u32 is beyond U+10FFFF all the same.
    let code = u32::from_str_radix(digits, radix).unwrap_or(u32::MAX);
    Some((end, numeric(code).map(String::from)))
}

/// Reads the reference at the `&` at byte `at`, through every layer of escaped ampersands.
#[must_use]
pub fn reference(text: &str, at: usize) -> Option<Reference> {
    let (mut end, mut decoded) = single(text, at)?;
    let mut depth = 1;
    while decoded.as_deref() == Some("&") {
        let Some((next, inner)) = continued(text, end) else {
            break;
        };
        (end, decoded) = (next, inner);
        depth += 1;
    }
    Some(Reference {
        span: Span::new(at, end),
        text: decoded,
        depth,
    })
}

/// The reference that an ampersand decoded just before `at` makes with what follows.
fn continued(text: &str, at: usize) -> Option<(usize, Option<String>)> {
    let rest = text.get(at..)?;
    let semicolon = memchr::memchr(b';', &rest.as_bytes()[..rest.len().min(MAX_BODY)])?;
    let inner = format!("&{}", rest.get(..=semicolon)?);
    let (length, decoded) = single(&inner, 0)?;
    (length == inner.len()).then_some((at + semicolon + 1, decoded))
}

/// Every reference of a text, in order.
pub fn references(text: &str) -> impl Iterator<Item = Reference> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(offset) = memchr::memchr(b'&', &text.as_bytes()[from..]) {
            let at = from + offset;
            if let Some(found) = reference(text, at) {
                from = found.span.end;
                return Some(found);
            }
            from = at + 1;
        }
        None
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(String, Option<String>, u32)> {
        references(text)
            .map(|r| (text[r.span.range()].to_owned(), r.text, r.depth))
            .collect()
    }

    #[test]
    fn the_table_is_sorted_and_whole() {
        let table = &html_escape::NAMED_ENTITIES;
        assert_eq!(table.len(), 2125);
        assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(table.iter().all(|(name, _)| name.len() < MAX_BODY));
        assert_eq!(named("amp"), Some("&"));
        assert_eq!(named("NotEqualTilde"), Some("\u{2242}\u{338}"));
        assert_eq!(named("bogus"), None);
    }

    #[test]
    fn numbers_follow_the_standard() {
        assert_eq!(numeric(0), None);
        assert_eq!(numeric(0x92), Some('\u{2019}'));
        assert_eq!(numeric(0x81), Some('\u{81}'));
        assert_eq!(numeric(0xD800), None);
        assert_eq!(numeric(0x11_0000), None);
        assert_eq!(numeric(1575), Some('ا'));
        assert_eq!(all("&#99999999999;")[0].1, None);
    }

    #[test]
    fn only_whole_references_are_read() {
        for clean in [
            "AT&T; Verizon",
            "a & b;",
            "&copy 2024",
            "&;",
            "&#;",
            "&#x;",
            "&#12a;",
            "&é;",
            "R&D;",
        ] {
            assert_eq!(all(clean), [], "{clean}");
        }
    }

    #[test]
    fn layers_are_counted() {
        assert_eq!(
            all("&quot;x&quot; R&amp;D &amp;quot; &amp;amp;#1575; &#38;lt;"),
            [
                ("&quot;".into(), Some("\"".into()), 1),
                ("&quot;".into(), Some("\"".into()), 1),
                ("&amp;".into(), Some("&".into()), 1),
                ("&amp;quot;".into(), Some("\"".into()), 2),
                ("&amp;amp;#1575;".into(), Some("ا".into()), 3),
                ("&#38;lt;".into(), Some("<".into()), 2),
            ]
        );
    }
}
