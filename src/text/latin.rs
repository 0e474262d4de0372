//! Whether a text is prose in a language of the Latin script, by alphabet and short words: the gate
//! that tells windows-1252, windows-1250 and windows-1254 apart.

use super::makeup::is_typographic;
use super::plausible::{Score, score};

/// A language of the Latin script: letters beyond ASCII, lower case, and frequent ASCII-safe words.
struct Latin {
    letters: &'static str,
    words: &'static [&'static str],
}

const LATIN_WEST: &[Latin] = &[
    Latin {
        letters: "àâæçéèêëîïôœùûüÿ",
        words: &[
            "le", "la", "les", "des", "et", "est", "une", "un", "dans", "de", "du", "pour", "que", "qui",
            "sur", "au", "en",
        ],
    },
    Latin {
        letters: "áéíñóúü",
        words: &[
            "el", "la", "los", "las", "de", "del", "que", "en", "y", "por", "con", "para", "una", "un", "se",
            "su",
        ],
    },
    Latin {
        letters: "áàâãçéêíóôõúü",
        words: &[
            "o", "os", "as", "de", "do", "da", "dos", "das", "que", "em", "um", "uma", "para", "com", "por",
            "se",
        ],
    },
    Latin {
        letters: "äöüß",
        words: &[
            "der", "die", "das", "und", "ist", "nicht", "ein", "eine", "mit", "von", "den", "dem", "im",
            "auf", "zu", "sich",
        ],
    },
    Latin {
        letters: "àèéìíîòóùú",
        words: &[
            "il", "la", "che", "di", "e", "un", "una", "per", "con", "del", "della", "nel", "si", "le",
            "gli", "sono",
        ],
    },
    Latin {
        letters: "åäöé",
        words: &[
            "och", "att", "det", "som", "en", "av", "den", "med", "till", "ett", "har", "inte", "de", "för",
            "på", "är",
        ],
    },
    Latin {
        letters: "åäö",
        words: &[
            "ja", "on", "ei", "se", "oli", "että", "ovat", "joka", "jotka", "mutta", "myös", "kun", "tai",
            "sen", "voi", "jos", "niin", "tämä", "ole", "kuin",
        ],
    },
    Latin {
        letters: "àçèéíïòóúü·",
        words: &[
            "el", "la", "els", "les", "de", "del", "dels", "que", "i", "en", "per", "amb", "una", "un", "es",
            "al",
        ],
    },
    Latin {
        letters: "åæøéòô",
        words: &[
            "og", "i", "at", "det", "som", "en", "er", "den", "til", "af", "av", "med", "ikke", "har", "et",
            "de",
        ],
    },
    Latin {
        letters: "éëïöüáóèê",
        words: &[
            "de", "het", "een", "en", "van", "is", "dat", "niet", "met", "op", "voor", "zijn", "te", "aan",
            "er", "die",
        ],
    },
    Latin {
        letters: "áéíóúýþðæö",
        words: &[
            "og", "er", "sem", "til", "um", "hann", "ekki", "fyrir", "var", "en", "af",
        ],
    },
    Latin {
        letters: "é",
        words: &[
            "the", "of", "and", "to", "in", "that", "is", "was", "for", "on", "with", "as", "by", "at",
            "said",
        ],
    },
];

const LATIN_CENTRAL: &[Latin] = &[
    Latin {
        letters: "ąćęłńóśźż",
        words: &[
            "w", "i", "z", "o", "na", "do", "nie", "jest", "to", "po", "za", "od", "dla", "przez", "oraz",
            "jak",
        ],
    },
    Latin {
        letters: "áčďéěíňóřšťúůýž",
        words: &[
            "a", "v", "z", "s", "na", "je", "se", "do", "pro", "to", "za", "ale", "po", "jako", "podle",
            "od", "jsou", "který", "že", "by", "být", "byla", "tak",
        ],
    },
    Latin {
        letters: "áäčďéíĺľňóôŕšťúýž",
        words: &[
            "a", "v", "z", "s", "na", "je", "sa", "do", "pre", "to", "za", "ale", "po", "ako", "od", "ktorý",
            "že", "by", "byť", "tak", "som",
        ],
    },
    Latin {
        letters: "áéíóöőúüű",
        words: &[
            "a", "az", "egy", "hogy", "nem", "is", "volt", "meg", "csak", "de", "mint", "ez", "el", "van",
        ],
    },
    Latin {
        letters: "ăâîşţ",
        words: &[
            "de", "la", "din", "cu", "pe", "un", "este", "care", "pentru", "nu", "sau", "mai", "ale",
        ],
    },
    Latin {
        letters: "čćđšž",
        words: &[
            "i", "u", "o", "je", "na", "da", "se", "za", "od", "su", "koji", "nije", "kako", "ali", "što",
            "iz", "koje", "ili", "kao",
        ],
    },
];

const LATIN_TURKISH: &[Latin] = &[Latin {
    letters: "çğıöşüâîû",
    words: &[
        "ve", "bir", "bu", "de", "da", "ile", "olarak", "daha", "olan", "gibi", "sonra", "kadar", "ne", "en",
        "o",
    ],
}];

/// A set of Latin-script languages that one charset was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LatinSet {
    /// windows-1252: Western Europe.
    West,
    /// windows-1250: Central Europe.
    Central,
    /// windows-1254: Turkish.
    Turkish,
}

/// Whether a text is prose in a language of the set: every non-ASCII letter belongs to the
/// language's alphabet, most of them lower case inside words, and its short words are frequent.
#[must_use]
pub fn latin(text: &str, set: LatinSet) -> Score {
    let mut high = std::collections::BTreeMap::<char, usize>::new();
    let (mut total, mut upper) = (0, 0);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        if !c.is_alphabetic() {
            if !is_typographic(c) {
                return None;
            }
            continue;
        }
        total += 1;
        upper += usize::from(c.is_uppercase());
        for lower in c.to_lowercase() {
            *high.entry(lower).or_default() += 1;
        }
    }
    if upper * 100 > total * 40 {
        return None;
    }
    // Names of other languages are common in Western text; windows-1250 and windows-1254 differ from
    // windows-1252 in a few letters only, so there nearly every letter must fit.
    let (languages, least_known) = match set {
        LatinSet::West => (LATIN_WEST, 92),
        LatinSet::Central => (LATIN_CENTRAL, 97),
        LatinSet::Turkish => (LATIN_TURKISH, 97),
    };
    let tokens: Vec<String> = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    languages
        .iter()
        .filter(|language| {
            let known: usize = high
                .iter()
                .filter(|(c, _)| language.letters.contains(**c))
                .map(|(_, n)| n)
                .sum();
            known * 100 >= total * least_known
        })
        .filter_map(|language| {
            let hits = tokens
                .iter()
                .filter(|word| language.words.contains(&word.as_str()))
                .count();
            score(hits, tokens.len(), 3, 8)
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alphabets_tell_the_sets_apart() {
        let french = "Le café est fermé pour la journée dans le village";
        let polish = "Szkoła jest zamknięta i nie ma nikogo na miejscu";
        assert!(latin(french, LatinSet::West).is_some());
        assert!(latin(french, LatinSet::Turkish).is_none());
        assert!(latin(polish, LatinSet::West).is_none());
        assert!(latin(polish, LatinSet::Central).is_some());
    }
}
