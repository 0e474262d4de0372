//! What makes two texts the same.

use crate::text::class::{Kind, class};
use crate::text::match_key::match_key;
use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::xxh3_128;

/// A matching key with fewer letters never clusters: empty bodies are not copies of each other.
pub const MIN_LETTERS: usize = 20;

/// The content keys of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentKeys {
    /// SHA-256 of the text as it is.
    pub raw: [u8; 32],
    /// SHA-256 of its matching key; `None` when that has fewer than [`MIN_LETTERS`] letters.
    pub folded: Option<[u8; 32]>,
}

impl ContentKeys {
    /// The keys of a text. `scratch` is cleared, used for the matching key, and kept by the caller
    /// so that its memory is allocated once.
    #[must_use]
    pub fn of(text: &str, scratch: &mut Vec<u8>) -> Self {
        Self {
            raw: sha256(text.as_bytes()),
            folded: Self::fold(text, scratch).then(|| sha256(scratch)),
        }
    }

    /// The same in a fifth of the time, for runs that only report: both keys are 128-bit XXH3 hashes,
    /// followed by zeros. Not for what is written into a release, or decides what is removed.
    #[must_use]
    pub fn quick(text: &str, scratch: &mut Vec<u8>) -> Self {
        Self {
            raw: quick(text.as_bytes()),
            folded: Self::fold(text, scratch).then(|| quick(scratch)),
        }
    }

    /// A folded key that decides, and a raw key that only tells which copies are identical.
    #[must_use]
    pub fn deciding(text: &str, scratch: &mut Vec<u8>) -> Self {
        Self {
            raw: quick(text.as_bytes()),
            folded: Self::fold(text, scratch).then(|| sha256(scratch)),
        }
    }

    /// Writes the matching key; whether it has letters enough.
    fn fold(text: &str, scratch: &mut Vec<u8>) -> bool {
        match_key(text, scratch);
        has_letters(scratch)
    }

    /// The first 128 bits of the folded key: enough to group by.
    #[must_use]
    pub fn short(&self) -> Option<u128> {
        self.folded.map(|key| u128::from_be_bytes(first(&key)))
    }
}

/// What a record is, whatever file it lies in: decides between copies that are equal otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Identity {
    /// First 64 bits of the SHA-256 of the id; 0 for a record without one.
    pub id: u64,
    /// First 64 bits of the SHA-256 of the canonical record.
    pub record: u64,
}

impl Identity {
    /// The identity of a record with this id (`None` without one) and canonical form.
    #[must_use]
    pub fn of(id: Option<&str>, canonical: &[u8]) -> Self {
        Self {
            id: id.map_or(0, Self::of_id),
            record: u64::from_be_bytes(first(&sha256(canonical))),
        }
    }

    /// What stands for an id.
    #[must_use]
    pub fn of_id(id: &str) -> u64 {
        u64::from_be_bytes(first(&sha256(id.as_bytes())))
    }
}

/// Whether a key holds [`MIN_LETTERS`] letters: alphabetic code points.
fn has_letters(key: &[u8]) -> bool {
    // Nearly every text shows it within its first words: in a key all of these bytes begin letters,
    // those of Latin, Russian, Arabic and Chinese.
    let begins = |byte: &&u8| matches!(byte, b'a'..=b'z' | 0xC3 | 0xD0 | 0xD1 | 0xD8..=0xDB | 0xE5..=0xE9);
    if key.iter().take(128).filter(begins).count() >= MIN_LETTERS {
        return true;
    }
    let mut end = key.len().min(80);
    while end < key.len() && key[end] & 0xC0 == 0x80 {
        end -= 1;
    }
    let letters = std::str::from_utf8(&key[..end]).unwrap_or_default().chars();
    let plain = letters.filter(|&c| c.is_ascii_lowercase() || class(c).kind() == Kind::Letter);
    plain.take(MIN_LETTERS).count() == MIN_LETTERS
        || std::str::from_utf8(key).is_ok_and(|key| {
            let letters = key.chars().filter(|c| c.is_alphabetic());
            letters.take(MIN_LETTERS).count() == MIN_LETTERS
        })
}

fn quick(text: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(&xxh3_128(text).to_be_bytes());
    key
}

/// SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The first bytes of a hash.
pub(crate) fn first<const N: usize>(hash: &[u8; 32]) -> [u8; N] {
    std::array::from_fn(|index| hash[index])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn keys(text: &str) -> ContentKeys {
        ContentKeys::of(text, &mut b"left over".to_vec())
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn golden_vectors() {
        let latin = keys("The old Mill, by the river, turns again!");
        assert_eq!(
            latin.raw,
            sha256("The old Mill, by the river, turns again!".as_bytes())
        );
        assert_eq!(
            latin.folded.unwrap(),
            sha256(b"the old mill by the river turns again")
        );
        let arabic = keys("أعادتِ المدينةُ فتحَ السوقِ القديمـــةِ، في ٣ مايو.");
        let key = "اعادت المدينه فتح السوق القديمه في 3 مايو";
        assert_eq!(arabic.folded.unwrap(), sha256(key.as_bytes()));
        assert_eq!(
            hex(&keys("").raw),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            hex(&arabic.short().unwrap().to_be_bytes()),
            hex(&sha256(key.as_bytes())[..16])
        );
    }

    #[test]
    fn invisible_variants_have_one_key() {
        let plain = keys("كتب المؤرخون عن الأسواق القديمة في المدينة سنة 1440");
        for variant in [
            "كَتَبَ المؤرّخون عن الأسواق القديمة في المدينة سنة ١٤٤٠",
            "كتب المؤرخون عن الاسواق القديمه فى المدينه سنه ۱۴۴۰",
            "كتب\u{a0}المؤرخـــون عن\n«الأسواق القديمة» في\u{200f} المدينة؛ سنة 1440.",
            "کتب المؤرخون عن الأسواق القديمة فی المدينة سنة 1440",
            "كتب المؤرخون عن ا\u{654}سواق القديمة في المدينة سنة 1440"
                .replace("ا\u{654}سواق", "الا\u{654}سواق")
                .as_str(),
        ] {
            let other = keys(variant);
            assert_eq!(other.folded, plain.folded, "{variant}");
            assert_ne!(other.raw, plain.raw);
        }
    }

    #[test]
    fn short_texts_have_no_folded_key() {
        assert_eq!(keys("").folded, None);
        assert_eq!(keys("nineteen letters ok 1234567890").folded, None);
        assert!(keys("twenty letters in here").folded.is_none());
        assert!(keys("more than twenty letters in here").folded.is_some());
        assert_eq!(keys("…").short(), None);
    }

    #[test]
    fn the_bytes_that_show_letters_begin_nothing_else() {
        let mut key = Vec::new();
        for c in ('\u{80}'..='\u{9FFF}').filter(|c| !c.is_control()) {
            // As a key holds it: what is folded to something else is no evidence.
            match_key(&format!("{c}"), &mut key);
            let folded = std::str::from_utf8(&key).unwrap();
            for kept in folded.chars() {
                let lead = kept.encode_utf8(&mut [0; 4]).as_bytes()[0];
                if matches!(lead, 0xC3 | 0xD0 | 0xD1 | 0xD8..=0xDB | 0xE5..=0xE9) {
                    assert!(kept.is_alphabetic(), "{kept:?} of {c:?}");
                }
            }
        }
        let digits = "1 2 3 4 5 6 7 8 9 ".repeat(9) + "nineteen letters ok";
        assert_eq!(keys(&digits).folded, None);
        assert!(keys(&(digits + " again")).folded.is_some());
    }

    #[test]
    fn every_kind_of_key_joins_the_same_texts() {
        let texts = [
            "أعادتِ المدينةُ فتحَ السوقِ القديمـــةِ، في ٣ مايو.",
            "أعادت المدينة فتح السوق القديمة في 3 مايو",
            "أعادت المدينة فتح السوق الجديدة في 3 مايو",
            "short",
        ];
        for make in [ContentKeys::of, ContentKeys::quick, ContentKeys::deciding] {
            let keys = texts.map(|text| make(text, &mut b"left over".to_vec()));
            assert_eq!(keys[0].folded, keys[1].folded);
            assert_ne!(keys[0].raw, keys[1].raw);
            assert_ne!(keys[1].folded, keys[2].folded);
            assert_eq!(keys[3].folded, None);
            assert_eq!(keys[0], make(texts[0], &mut Vec::new()));
        }
    }

    #[test]
    fn identity_separates_ids_and_records() {
        let one = Identity::of(Some("a"), b"{}");
        assert_eq!(one, Identity::of(Some("a"), b"{}"));
        assert_ne!(one.id, Identity::of(Some("b"), b"{}").id);
        assert_ne!(one.record, Identity::of(Some("a"), b"[]").record);
        assert_eq!(Identity::of(None, b"{}").id, 0);
    }
}
