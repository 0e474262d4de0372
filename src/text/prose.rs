//! What in a text is prose: neither markup nor addresses.

/// The words of a text that are neither inside a tag nor a web address.
pub fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let pieces = std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = match tag(rest) {
            Some((start, end)) => (&rest[..start], &rest[end..]),
            None => (rest, ""),
        };
        rest = after;
        Some(piece)
    });
    pieces
        .flat_map(str::split_whitespace)
        .filter(|word| !word.contains("://") && !word.starts_with("www.") && !word.contains('@'))
}

/// The first tag of a text: from `<` and a letter or `/` to `>` at most 1,000 bytes on.
fn tag(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes).find_map(|start| {
        let inner = &bytes[start + 1..bytes.len().min(start + 1000)];
        let opens = inner
            .first()
            .is_some_and(|&byte| byte == b'/' || byte.is_ascii_alphabetic());
        let end = memchr::memchr(b'>', inner).filter(|_| opens)?;
        Some((start, start + end + 2))
    })
}
