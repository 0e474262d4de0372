//! The normalisation of a published pipeline for web corpora, to compare with: lower case, numbers as 0,
//! ASCII and a few other punctuation and control characters as spaces, white space collapsed,
//! nonspacing marks of the decomposed text left out. Nothing else: tatweel, invisible characters, letter
//! forms and Arabic punctuation stay.

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use unicode_normalization::UnicodeNormalization as _;

/// Punctuation beyond ASCII that becomes a space.
const PUNCTUATION: &str = "«´»–—’“”„…∶━►、。〈〉《》「」【】！％（），．１：；？～";
/// What may stand between the digits of one number.
const POINTS: [char; 7] = ['.', ',', '،', '٫', '⎖', '⎗', '⎘'];

/// Writes the normalised text.
pub fn fineweb_key(text: &str, key: &mut Vec<u8>) {
    key.clear();
    let lower = text.to_lowercase();
    let category = CodePointMapData::<GeneralCategory>::new();
    let digit = |c: &char| category.get(*c) == GeneralCategory::DecimalNumber;
    let mut plain = String::with_capacity(lower.len());
    let mut chars = lower.chars().peekable();
    while let Some(c) = chars.next() {
        if !digit(&c) {
            plain.push(c);
            continue;
        }
        plain.push('0');
        while chars.next_if(digit).is_some() {}
        // At most one point, and only before a digit.
        let mut ahead = chars.clone();
        if ahead.next_if(|c| POINTS.contains(c)).is_some() && ahead.peek().is_some_and(digit) {
            chars = ahead;
            while chars.next_if(digit).is_some() {}
        }
    }
    let spaced = plain.chars().map(|c| if is_dropped(c) { ' ' } else { c });
    let mut space = true;
    let mut buffer = [0; 4];
    for c in spaced.nfd() {
        if c.is_whitespace() {
            space = true;
        } else if category.get(c) != GeneralCategory::NonspacingMark {
            if std::mem::take(&mut space) && !key.is_empty() {
                key.push(b' ');
            }
            key.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
        }
    }
}

fn is_dropped(c: char) -> bool {
    c.is_ascii_punctuation() || c.is_control() || (!c.is_ascii() && PUNCTUATION.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        let mut key = b"left over".to_vec();
        fineweb_key(text, &mut key);
        String::from_utf8(key).unwrap_or_default()
    }

    #[test]
    fn what_is_unified() {
        assert_eq!(
            key(" The Café,  on\tMonday\n(at 3.50 or 1,000.5)! "),
            "the cafe on monday at 0 or 0 0"
        );
        assert_eq!(key("٣٫٥ كِتَابٌ"), "0 كتاب");
        assert_eq!(key("…—"), "");
    }

    #[test]
    fn what_is_not() {
        for (one, two) in [
            ("كتاب", "كتـاب"),
            ("كتاب", "کتاب"),
            ("a b", "a\u{200f} b"),
            ("نعم", "نعم،"),
        ] {
            assert_ne!(key(one), key(two));
        }
    }
}
