//! Languages: a Zipf vocabulary of common words, their inflections and invented names, with punctuation.

use crate::rng::Rng;

/// Word types of a language.
const TYPES: usize = 12_000;
/// Slots of the sampling table: a word of frequency f takes f × SLOTS of them.
const SLOTS: usize = 1 << 17;

/// What is fixed about a language.
pub(crate) struct Spec {
    /// BCP 47 tag.
    pub(crate) tag: &'static str,
    /// Share of the documents, in percent.
    pub(crate) weight: u64,
    words: &'static str,
    /// Between words.
    pub(crate) space: &'static str,
    /// Inside a sentence.
    pub(crate) comma: &'static str,
    /// At the end of a statement, a question.
    pub(crate) stop: [&'static str; 2],
    /// Around quoted speech.
    pub(crate) quotes: [&'static str; 2],
    /// Whether sentences and names begin with a capital.
    pub(crate) cased: bool,
    /// What the web site leaves above and below its articles; `{}` is the name of the source.
    pub(crate) furniture: [&'static str; 3],
}

/// Every language; the weights add up to 100.
pub(crate) static SPECS: [Spec; 11] = [
    Spec {
        tag: "ar",
        weight: 50,
        words: include_str!("words/ar.txt"),
        space: " ",
        comma: "،",
        stop: [".", "؟"],
        quotes: ["«", "»"],
        cased: false,
        furniture: [
            "الرئيسية | أخبار | {}",
            "اقرأ أيضا",
            "شارك الخبر عبر فيسبوك تويتر واتساب",
        ],
    },
    Spec {
        tag: "en",
        weight: 12,
        words: include_str!("words/en.txt"),
        space: " ",
        comma: ",",
        stop: [".", "?"],
        quotes: ["\"", "\""],
        cased: true,
        furniture: ["Home | News | {}", "Read more", "Sign up for the {} newsletter"],
    },
    Spec {
        tag: "fr",
        weight: 6,
        words: include_str!("words/fr.txt"),
        space: " ",
        comma: ",",
        stop: [".", "\u{202F}?"],
        quotes: ["«\u{A0}", "\u{A0}»"],
        cased: true,
        furniture: [
            "Accueil | Actualités | {}",
            "Lire aussi",
            "Partager sur Facebook Twitter",
        ],
    },
    Spec {
        tag: "es",
        weight: 5,
        words: include_str!("words/es.txt"),
        space: " ",
        comma: ",",
        stop: [".", "?"],
        quotes: ["«", "»"],
        cased: true,
        furniture: [
            "Inicio | Noticias | {}",
            "Leer más",
            "Suscríbete al boletín de {}",
        ],
    },
    Spec {
        tag: "de",
        weight: 5,
        words: include_str!("words/de.txt"),
        space: " ",
        comma: ",",
        stop: [".", "?"],
        quotes: ["„", "“"],
        cased: true,
        furniture: [
            "Startseite | Nachrichten | {}",
            "Mehr zum Thema",
            "Newsletter von {} abonnieren",
        ],
    },
    Spec {
        tag: "ru",
        weight: 5,
        words: include_str!("words/ru.txt"),
        space: " ",
        comma: ",",
        stop: [".", "?"],
        quotes: ["«", "»"],
        cased: true,
        furniture: ["Главная | Новости | {}", "Читайте также", "Подписывайтесь на {}"],
    },
    Spec {
        tag: "tr",
        weight: 3,
        words: include_str!("words/tr.txt"),
        space: " ",
        comma: ",",
        stop: [".", "?"],
        quotes: ["“", "”"],
        cased: true,
        furniture: [
            "Ana Sayfa | Haberler | {}",
            "Devamını oku",
            "{} bültenine abone olun",
        ],
    },
    Spec {
        tag: "fa",
        weight: 5,
        words: include_str!("words/fa.txt"),
        space: " ",
        comma: "،",
        stop: [".", "؟"],
        quotes: ["«", "»"],
        cased: false,
        furniture: [
            "خانه | اخبار | {}",
            "بیشتر بخوانید",
            "این خبر را به اشتراک بگذارید",
        ],
    },
    Spec {
        tag: "ur",
        weight: 3,
        words: include_str!("words/ur.txt"),
        space: " ",
        comma: "،",
        stop: ["۔", "؟"],
        quotes: ["’", "‘"],
        cased: false,
        furniture: ["صفحہ اول | خبریں | {}", "مزید پڑھیں", "یہ خبر شیئر کریں"],
    },
    Spec {
        tag: "zh",
        weight: 4,
        words: include_str!("words/zh.txt"),
        space: "",
        comma: "，",
        stop: ["。", "？"],
        quotes: ["“", "”"],
        cased: false,
        furniture: ["首页 | 新闻 | {}", "阅读更多", "分享到微信"],
    },
    Spec {
        tag: "hi",
        weight: 2,
        words: include_str!("words/hi.txt"),
        space: " ",
        comma: ",",
        stop: ["।", "?"],
        quotes: ["“", "”"],
        cased: false,
        furniture: ["होम | समाचार | {}", "और पढ़ें", "यह ख़बर साझा करें"],
    },
];

/// A language ready to write in.
pub(crate) struct Language {
    /// What is fixed about it.
    pub(crate) spec: &'static Spec,
    words: Vec<String>,
    table: Vec<u16>,
    syllables: Vec<&'static str>,
}

impl Language {
    /// Builds the vocabulary; always the same.
    pub(crate) fn new(spec: &'static Spec) -> Self {
        let syllables: Vec<_> = section(spec.words, "syllables").collect();
        let words = vocabulary(spec, &syllables);
        let table = zipf_table(words.len());
        Self {
            spec,
            words,
            table,
            syllables,
        }
    }

    /// A word by its frequency; function words are the most frequent.
    pub(crate) fn word(&self, rng: &mut Rng) -> &str {
        &self.words[self.table[(rng.next() as usize) & (SLOTS - 1)] as usize]
    }

    /// An invented name of two or three syllables.
    pub(crate) fn name(&self, rng: &mut Rng) -> String {
        let name: String = (0..rng.between(2, 3))
            .map(|_| *rng.pick(&self.syllables))
            .collect();
        if self.spec.cased { capitalised(&name) } else { name }
    }

    /// Appends one sentence of about `words` words, without its final stop.
    pub(crate) fn clause(&self, out: &mut String, rng: &mut Rng, words: u64) {
        for n in 0..words {
            if n > 0 {
                out.push_str(self.spec.space);
            }
            let roll = rng.below(1000);
            let word = self.word(rng);
            if n == 0 && self.spec.cased {
                push_capitalised(out, word);
            } else if roll < 8 {
                push_number(out, rng);
            } else if roll < 20 {
                out.push_str(&self.name(rng));
            } else {
                out.push_str(word);
            }
            if roll > 935 && n + 3 < words {
                out.push_str(self.spec.comma);
            }
        }
    }

    /// Appends one whole sentence.
    pub(crate) fn sentence(&self, out: &mut String, rng: &mut Rng) {
        let words = rng.between(6, 24);
        if rng.chance(50) {
            self.clause(out, rng, words / 2);
            out.push(':');
            out.push_str(if self.spec.space.is_empty() { "" } else { " " });
            out.push_str(self.spec.quotes[0]);
            self.clause(out, rng, words);
            out.push_str(self.spec.quotes[1]);
            out.push_str(self.spec.stop[0]);
        } else {
            self.clause(out, rng, words);
            out.push_str(self.spec.stop[usize::from(rng.chance(20))]);
        }
    }
}

/// A year, a small count, or a share.
fn push_number(out: &mut String, rng: &mut Rng) {
    use std::fmt::Write as _;
    let written = match rng.below(3) {
        0 => write!(out, "{}", rng.between(1950, 2025)),
        1 => write!(out, "{}", rng.between(2, 980)),
        _ => write!(out, "{}%", rng.between(1, 99)),
    };
    debug_assert!(written.is_ok(), "writing to a String cannot fail");
}

fn push_capitalised(out: &mut String, word: &str) {
    let mut chars = word.chars();
    if let Some(first) = chars.next() {
        out.extend(first.to_uppercase());
        out.push_str(chars.as_str());
    }
}

fn capitalised(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    push_capitalised(&mut out, word);
    out
}

/// The words of one `[section]` of a word list.
fn section(list: &'static str, name: &str) -> impl Iterator<Item = &'static str> {
    let heading = format!("[{name}]");
    list.lines()
        .skip_while(move |line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .flat_map(str::split_whitespace)
}

/// Words by falling frequency: function words, dictionary forms, inflections, invented words.
fn vocabulary(spec: &Spec, syllables: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = section(spec.words, "function").map(str::to_owned).collect();
    let mut rng = Rng::new(0, words.len() as u64, 0);
    let mut stems: Vec<&str> = ["stem", "noun", "verb", "adjective"]
        .iter()
        .flat_map(|name| section(spec.words, name))
        .collect();
    shuffle(&mut stems, &mut rng);
    words.extend(stems.iter().map(|&stem| stem.to_owned()));
    if spec.tag == "ar" {
        // The definite form is as common as the bare one.
        words.extend(
            section(spec.words, "noun")
                .chain(section(spec.words, "adjective"))
                .map(|word| format!("ال{word}")),
        );
    }
    let mut inflected = if spec.tag == "ar" {
        arabic_forms(spec.words)
    } else {
        suffixed(spec.words, spec.cased)
    };
    shuffle(&mut inflected, &mut rng);
    words.extend(inflected);
    while words.len() < TYPES {
        let length = rng.between(2, 4);
        let word: String = (0..length).map(|_| *rng.pick(syllables)).collect();
        let ending = section(spec.words, "suffix")
            .nth(rng.below(6) as usize)
            .unwrap_or("");
        words.push(word + ending);
    }
    words.truncate(TYPES);
    words
}

/// Nouns and adjectives with the article, particles and pronouns that are written together with them.
fn arabic_forms(list: &'static str) -> Vec<String> {
    let mut forms = Vec::new();
    for word in section(list, "noun").chain(section(list, "adjective")) {
        for prefix in ["وال", "بال", "لل", "و", "ب", "ل", "فال", "كال"] {
            forms.push(format!("{prefix}{word}"));
        }
    }
    for word in section(list, "noun").filter(|word| !word.ends_with('ى')) {
        let bound = word
            .strip_suffix('ة')
            .map_or_else(|| word.to_owned(), |stem| format!("{stem}ت"));
        for pronoun in ["ها", "هم", "ه", "نا"] {
            forms.push(format!("{bound}{pronoun}"));
        }
    }
    for word in section(list, "verb") {
        forms.push(format!("و{word}"));
        forms.push(format!("ف{word}"));
    }
    forms
}

fn suffixed(list: &'static str, cased: bool) -> Vec<String> {
    let mut forms: Vec<String> = section(list, "stem")
        .flat_map(|stem| section(list, "suffix").map(move |suffix| format!("{stem}{suffix}")))
        .collect();
    if cased {
        // Names of places: the same words with a capital.
        forms.extend(section(list, "stem").map(capitalised));
    }
    forms
}

fn shuffle<T>(items: &mut [T], rng: &mut Rng) {
    for i in (1..items.len()).rev() {
        items.swap(i, rng.below(i as u64 + 1) as usize);
    }
}

/// Sampling table of Zipf's law with Mandelbrot's shift.
fn zipf_table(types: usize) -> Vec<u16> {
    let weight = |rank: usize| 1.0 / (rank as f64 + 2.7).powf(1.05);
    let total: f64 = (0..types).map(weight).sum();
    let mut table = Vec::with_capacity(SLOTS);
    let mut cumulated = 0.0;
    for rank in 0..types {
        cumulated += weight(rank) / total;
        let end = (cumulated * SLOTS as f64).round() as usize;
        while table.len() < end.min(SLOTS) {
            table.push(rank as u16);
        }
    }
    table.resize(SLOTS, 0);
    table
}
