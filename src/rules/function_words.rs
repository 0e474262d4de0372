//! Words that no sentence and no headline ends with, by language, as the phrase fold leaves them.

const TABLES: [(&str, &str); 14] = [
    (
        "en",
        "the a an of to in on and or that with for by at from into his her their its our than as between",
    ),
    (
        "ar",
        "في من الي علي عن ان التي الذي مع بين او حتي منذ خلال الذين بان وان لان انه انها كما ثم",
    ),
    ("fa", "در از به با براي كه را اين و تا يا بر هر"),
    ("ur", "كے كي كا ميں سے اور پر كو نے اس كه يا"),
    (
        "fr",
        "le la les de des du un une et que qui dans pour avec sur ou au aux ce cette par sans",
    ),
    (
        "es",
        "el la los las de del y que un una en con por para o su al entre sobre",
    ),
    (
        "de",
        "der die das den dem des und oder von mit zu zum zur im in ein eine einer für dass auf bei",
    ),
    (
        "pt",
        "o a os as de do da dos das e que um uma em no na com por para ou ao",
    ),
    (
        "it",
        "il lo la i gli le di del della e che un una in con per o al da",
    ),
    (
        "ru",
        "и в на с из к от за о у но а или что чтобы при для по под над",
    ),
    ("uk", "і в на з до від за про у але або що щоб при для по"),
    ("tr", "ve ile veya bir bu şu için ki de da olan"),
    ("nl", "de het een van en of dat die in op met voor door bij"),
    ("id", "dan yang di ke dari untuk dengan pada atau oleh dalam"),
];

/// Whether a folded word cannot end a sentence of this language. Of an unknown language nothing is known.
pub(super) fn is_open(word: &str, language: &str) -> bool {
    TABLES
        .iter()
        .find(|(of, _)| *of == language)
        .is_some_and(|(_, words)| words.split(' ').any(|known| known == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        for word in TABLES.iter().flat_map(|(_, words)| words.split(' ')) {
            let mut folded = String::new();
            crate::text::fold::phrase_fold(word, &mut folded);
            assert_eq!(word, folded);
        }
        assert!(is_open("the", "en") && !is_open("the", "fr") && is_open("التي", "ar"));
    }
}
