//! A few pieces of a text that stand for the whole.

/// Up to four pieces, spread over the text, that begin and end at spaces where there are any.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pieces<'a> {
    parts: [&'a str; COUNT],
}

/// Number of pieces.
pub(super) const COUNT: usize = 4;

impl<'a> Pieces<'a> {
    /// Four pieces of about `size` bytes, or the whole text, in quarters, where it is not longer than that.
    pub(super) fn new(text: &'a str, size: usize) -> Self {
        let mut parts = [""; COUNT];
        let (step, size) = if text.len() <= COUNT * size {
            (text.len() / COUNT, text.len() / COUNT)
        } else {
            ((text.len() - size) / (COUNT - 1), size)
        };
        for (index, part) in parts.iter_mut().enumerate() {
            let start = if index == 0 { 0 } else { edge(text, index * step) };
            let end = if index + 1 == COUNT {
                text.len()
            } else {
                edge(text, index * step + size)
            };
            *part = &text[start..end.max(start)];
        }
        Self { parts }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.parts.into_iter()
    }
}

/// Bytes within which a space is looked for: longer than most words.
const REACH: usize = 24;

/// The first space at or after `at`, or the first boundary of a character where there is none near.
fn edge(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let near = &bytes[at..bytes.len().min(at + REACH)];
    if let Some(found) = near.iter().position(u8::is_ascii_whitespace) {
        return at + found;
    }
    let boundary = |index: &usize| text.is_char_boundary(*index);
    (at..=text.len()).find(boundary).unwrap_or(text.len())
}
