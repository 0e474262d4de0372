//! Language tags: BCP 47 (RFC 5646), as far as a dataset needs it.

mod table;

use std::borrow::Cow;
use table::{LANGUAGES, LONG, NAMES, PREFERRED, REGIONS, STANDARDS};

/// What a tag is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// A canonical tag.
    Good,
    /// A tag in other letters, with another separator, or with a longer code than the canonical one.
    Variant(String),
    /// The name of a language, for which there is one tag.
    Name(&'static str),
    /// No tag, and not to be made one without guessing.
    Bad(&'static str),
}

/// Judges a tag.
#[must_use]
pub fn judge(tag: &str) -> Tag {
    let name = tag.trim().to_lowercase();
    if let Ok(index) = NAMES.binary_search_by(|(known, _)| known.cmp(&name.as_str())) {
        return Tag::Name(NAMES[index].1);
    }
    match canonical(tag.trim()) {
        Ok(canonical) if canonical == tag => Tag::Good,
        Ok(canonical) => Tag::Variant(canonical),
        Err(reason) => Tag::Bad(reason),
    }
}

fn find(table: &'static [(&str, &'static str)], key: &str) -> Option<&'static str> {
    let found = table.iter().find(|(long, _)| *long == key);
    found.map(|&(_, short)| short)
}

/// The language that a primary subtag stands for in practice: `ar` for `ara` and `arb`.
#[must_use]
pub fn standard(language: &str) -> &str {
    let tables = [LONG, PREFERRED, STANDARDS];
    let known = tables.into_iter().find_map(|table| find(table, language));
    known.unwrap_or(language)
}

/// What a part of a tag may be next; parts stand in this order.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Place {
    Language,
    Script,
    Region,
    Variant,
}

fn canonical(tag: &str) -> Result<String, &'static str> {
    if tag.is_empty() {
        return Err("it is empty");
    }
    let mut parts = tag.split(['-', '_']);
    let first = parts.next().unwrap_or_default().to_ascii_lowercase();
    // Private and grandfathered tags have forms of their own.
    if matches!(first.as_str(), "x" | "i") {
        return Ok(tag.to_owned());
    }
    let mut out = language(&first)?.to_owned();
    let mut place = Place::Language;
    let mut rest = parts;
    while let Some(part) = rest.next() {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err("a subtag is not 1 to 8 letters and digits");
        }
        if part.len() == 1 {
            // Extensions and private use: nothing in them is looked at.
            for part in std::iter::once(part).chain(rest) {
                out.push('-');
                out.push_str(&part.to_ascii_lowercase());
            }
            return Ok(out);
        }
        let (part, found) = subtag(part, place)?;
        place = found;
        out.push('-');
        out.push_str(&part);
    }
    Ok(out)
}

fn language(part: &str) -> Result<&str, &'static str> {
    let letters = part.bytes().all(|byte| byte.is_ascii_lowercase());
    let short = find(LONG, part).or_else(|| find(PREFERRED, part)).unwrap_or(part);
    match part.len() {
        _ if !letters => Err("a language has letters only"),
        2 if LANGUAGES.contains(&short) || short == "sh" => Ok(short),
        2 => Err("no such language"),
        3 => Ok(short),
        _ => Err("a language has two or three letters"),
    }
}

/// A subtag in its own letters, and where the next one may stand.
fn subtag(part: &str, place: Place) -> Result<(Cow<'_, str>, Place), &'static str> {
    let letters = part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let digits = part.bytes().all(|byte| byte.is_ascii_digit());
    let begins_with_digit = part.as_bytes()[0].is_ascii_digit();
    match part.len() {
        3 if letters && place == Place::Language => Ok((part.to_ascii_lowercase().into(), place)),
        4 if letters && place < Place::Script => {
            let lower = part.to_ascii_lowercase();
            let (head, tail) = lower.split_at(1);
            Ok(((head.to_ascii_uppercase() + tail).into(), Place::Script))
        }
        2 if letters && place < Place::Region => Ok((region(part)?.into(), Place::Region)),
        3 if digits && place < Place::Region => Ok((part.into(), Place::Region)),
        5..=8 => Ok((part.to_ascii_lowercase().into(), Place::Variant)),
        4 if begins_with_digit => Ok((part.to_ascii_lowercase().into(), Place::Variant)),
        _ => Err("a subtag is neither a script, a region nor a variant, or stands out of order"),
    }
}

fn region(part: &str) -> Result<String, &'static str> {
    let upper = part.to_ascii_uppercase();
    if upper == "UK" {
        return Ok("GB".to_owned());
    }
    let private =
        upper == "AA" || upper == "ZZ" || upper.starts_with('X') || ("QM".."R").contains(&upper.as_str());
    if private || REGIONS.binary_search(&upper.as_str()).is_ok() {
        Ok(upper)
    } else {
        Err("no such region")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(LONG.is_sorted_by(|a, b| a.0 < b.0));
        assert!(REGIONS.is_sorted() && LANGUAGES.is_sorted());
        assert!(LANGUAGES.len() > 180 && REGIONS.len() > 245);
        for (_, short) in LONG.iter().chain(PREFERRED).chain(NAMES) {
            assert_eq!(judge(short), Tag::Good, "{short}");
        }
    }

    #[test]
    fn tags() {
        for good in [
            "ar",
            "ar-EG",
            "zh-Hant-TW",
            "es-419",
            "sr-Latn",
            "ckb",
            "arz",
            "de-CH-1996",
            "sl-rozaj",
            "und",
            "en-u-ca-gregory",
            "x-klingon",
            "en-a-bbb-x-a-ccc",
            "mul",
        ] {
            assert_eq!(judge(good), Tag::Good, "{good}");
        }
        assert_eq!(
            (standard("ara"), standard("arb"), standard("arz")),
            ("ar", "ar", "arz")
        );
        for (variant, canonical) in [
            ("ar_EG", "ar-EG"),
            ("AR", "ar"),
            ("ara", "ar"),
            ("fre-fr", "fr-FR"),
            ("EN-uk", "en-GB"),
            ("zh_hans_cn", "zh-Hans-CN"),
            ("iw", "he"),
            (" ar", "ar"),
        ] {
            assert_eq!(judge(variant), Tag::Variant(canonical.to_owned()), "{variant}");
        }
        assert_eq!(judge("Arabic"), Tag::Name("ar"));
        assert_eq!(judge("العربية"), Tag::Name("ar"));
        for bad in [
            "",
            "xx",
            "a",
            "en-",
            "en--US",
            "arabisch!",
            "en-US-GB",
            "en-QA-Latn-1",
            "123",
            "en-JJ",
        ] {
            assert!(matches!(judge(bad), Tag::Bad(_)), "{bad} {:?}", judge(bad));
        }
    }
}
