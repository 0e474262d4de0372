//! The parts of a headline.

/// What stands between a headline and the name of its site.
const SEPARATORS: [&str; 8] = [" | ", " - ", " – ", " — ", " :: ", " » ", " • ", " · "];

/// The last part of a headline behind a separator, with the byte where the separator starts. `None`
/// where there is only one part.
#[must_use]
pub fn last_part(title: &str) -> Option<(usize, &str)> {
    // A byte of each separator: most titles have none.
    if !title
        .bytes()
        .any(|byte| matches!(byte, b'|' | b'-' | b':' | 0xC2 | 0xE2))
    {
        return None;
    }
    let (at, length) = SEPARATORS
        .iter()
        .filter_map(|separator| Some((title.rfind(separator)?, separator.len())))
        .max()?;
    let (before, last) = (title[..at].trim_end(), title[at + length..].trim());
    (!before.trim_start().is_empty() && !last.is_empty()).then_some((before.len(), last))
}
