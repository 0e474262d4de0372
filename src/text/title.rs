//! The parts of a headline.

/// What stands between a headline and the name of its site.
const SEPARATORS: [&str; 8] = [" | ", " - ", " – ", " — ", " :: ", " » ", " • ", " · "];

/// Where the last of the separators begins, each of which begins with a space, and its length.
pub(crate) fn last_of(title: &str, separators: &[&str]) -> Option<(usize, usize)> {
    memchr::memrchr_iter(b' ', title.as_bytes()).find_map(|at| {
        let rest = &title[at..];
        let separator = separators
            .iter()
            .find(|separator| rest.starts_with(**separator))?;
        Some((at, separator.len()))
    })
}

/// The last part of a headline behind a separator, with the byte where the separator starts. `None`
/// where there is only one part.
#[must_use]
pub fn last_part(title: &str) -> Option<(usize, &str)> {
    let (at, length) = last_of(title, &SEPARATORS)?;
    let (before, last) = (title[..at].trim_end(), title[at + length..].trim());
    (!before.trim_start().is_empty() && !last.is_empty()).then_some((before.len(), last))
}
