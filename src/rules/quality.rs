//! What the rules about quality share: thresholds of languages, and when a text is judged.

pub(crate) mod lines;
pub(crate) mod ngrams;
pub(crate) mod stopwords;
pub(crate) mod thresholds;

use super::Text;
use crate::text::class;

/// Whether the text is long enough to be judged by shares of its words: at least `words` tokens, in a
/// script that writes spaces.
pub(crate) fn has_tokens(text: &Text<'_>, words: usize) -> bool {
    text.shape().tokens >= words && !is_unspaced(text)
}

/// Whether most of the text is written without spaces: words cannot be counted at them.
pub(crate) fn is_unspaced(text: &Text<'_>) -> bool {
    // In scripts with spaces, words of more than 16 letters on average do not occur in prose.
    matches!(
        text.language(),
        "zh" | "ja" | "th" | "lo" | "km" | "my" | "bo" | "yue"
    ) || text.shape().mean_word() > 16.0
}

/// Whether a token holds a letter.
pub(crate) fn has_letter(token: &str) -> bool {
    token.chars().any(class::is_letter)
}

/// Parts of a thousand as per cent with one decimal.
pub(crate) fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    (part as f64 * 1000.0 / whole as f64).round() / 10.0
}
