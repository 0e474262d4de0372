//! A015 script-outside-language.

use crate::finding::Severity;
use crate::rules::encoding::is_not_what_was_written;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::prose::prose;
use crate::text::simd::count_leads;
use icu_properties::CodePointMapData;
use icu_properties::props::Script;

pub(crate) const RULE: Rule = Rule {
    code: "A015",
    name: "script-outside-language",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "Most of the text is not written in the script of the record's language.",
    why: "The language tag is wrong, or the crawler stored another page. A set split by language then \
          holds text in the wrong part.",
    how: "Letters of the text are counted by script and compared with the scripts that the language is \
          written in. A Han or kana character counts for three letters and a Hangul syllable for two, \
          about what they stand for in an alphabet. Texts with fewer than 60 letters and languages not \
          in the table are not judged.",
    false_positives: "Product names and quotations stay far below the limit. Tags and web addresses do \
                      not count, and text that E101, E103 or E104 repair is not judged.",
    source: "UAX #24; CLDR likely subtags; limit from two real collections (12,800 articles in 30 \
             languages): half of an article in Latin letters occurs in lists of channels and software",
    options: &[
        OptionDef {
            name: "max-percent",
            kind: OptionKind::Integer(50, 1, 100),
            doc: "Largest share of the text outside the language's scripts, in per cent.",
        },
        OptionDef {
            name: "min-letters",
            kind: OptionKind::Integer(60, 1, 1_000_000),
            doc: "Fewest letters that are judged.",
        },
    ],
    examples: &[
        Example::bad(
            "Жители посёлка восстановили старый деревянный мост, который смыло весенним паводком в апреле",
            &["*"],
        ),
        Example::bad(
            "وصل المعلم إلى القرية في الصباح ومعه صندوق من الكتب الجديدة للأطفال الذين انتظروه",
            &["*"],
        )
        .lang("ru"),
        Example::good("وصل المعلم إلى القرية في الصباح ومعه هاتف Samsung Galaxy وصندوق من الكتب الجديدة للأطفال"),
        Example::good("山あいの村で、廃校になった小学校がパン工房 Bakery として生まれ変わった。店主は都会から移り住んだ若い夫婦で、地元の小麦だけを使っている。").lang("ja"),
        Example::good("Short text").lang("ar"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(ScriptOutsideLanguage {
            max_percent: options.integer("max-percent") as usize,
            min_letters: options.integer("min-letters") as usize,
        }))
    },
};

/// How a language is written.
struct Writing {
    languages: &'static [&'static str],
    scripts: &'static [Script],
    /// First bytes of the UTF-8 sequences of its letters, where these bytes belong to no other
    /// script of importance: the lowest and the highest. `None`: letters must be decoded.
    leads: Option<(u8, u8)>,
    /// The bytes that follow them, where other scripts share the first one.
    second: Option<(u8, u8)>,
    /// Whether ASCII letters are its letters.
    ascii: bool,
}

impl Writing {
    /// Letters of an alphabet that one of its letters stands for.
    const fn weight(&self) -> usize {
        match self.scripts {
            [Script::Han, ..] => 3,
            [Script::Hangul, ..] => 2,
            _ => 1,
        }
    }
}

static WRITINGS: &[Writing] = &[
    Writing {
        languages: &[
            "ar", "fa", "ur", "ps", "ckb", "sd", "ug", "ks", "arz", "ary", "apc", "azb",
        ],
        scripts: &[Script::Arabic],
        leads: Some((0xD8, 0xDB)),
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["ru", "uk", "be", "bg", "mk", "mn", "ky", "tg", "tt", "ba", "cv"],
        scripts: &[Script::Cyrillic],
        leads: Some((0xD0, 0xD3)),
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["el"],
        scripts: &[Script::Greek],
        leads: Some((0xCE, 0xCF)),
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["he", "yi"],
        scripts: &[Script::Hebrew],
        leads: Some((0xD7, 0xD7)),
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["zh", "yue"],
        scripts: &[Script::Han, Script::Bopomofo],
        leads: Some((0xE4, 0xE9)),
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["ja"],
        scripts: &[Script::Han, Script::Hiragana, Script::Katakana],
        leads: Some((0xE3, 0xE9)),
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["ko"],
        scripts: &[Script::Hangul, Script::Han],
        leads: Some((0xEA, 0xED)),
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["hi", "mr", "ne", "sa", "mai", "bho"],
        scripts: &[Script::Devanagari],
        leads: Some((0xE0, 0xE0)),
        second: Some((0xA4, 0xA5)),
        ascii: false,
    },
    Writing {
        languages: &["bn", "as"],
        scripts: &[Script::Bengali],
        leads: Some((0xE0, 0xE0)),
        second: Some((0xA6, 0xA7)),
        ascii: false,
    },
    Writing {
        languages: &["pa"],
        scripts: &[Script::Gurmukhi, Script::Arabic],
        leads: None,
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["gu"],
        scripts: &[Script::Gujarati],
        leads: Some((0xE0, 0xE0)),
        second: Some((0xAA, 0xAB)),
        ascii: false,
    },
    Writing {
        languages: &["or"],
        scripts: &[Script::Oriya],
        leads: Some((0xE0, 0xE0)),
        second: Some((0xAC, 0xAD)),
        ascii: false,
    },
    Writing {
        languages: &["ta"],
        scripts: &[Script::Tamil],
        leads: Some((0xE0, 0xE0)),
        second: Some((0xAE, 0xAF)),
        ascii: false,
    },
    Writing {
        languages: &["te"],
        scripts: &[Script::Telugu],
        leads: Some((0xE0, 0xE0)),
        second: Some((0xB0, 0xB1)),
        ascii: false,
    },
    Writing {
        languages: &["kn"],
        scripts: &[Script::Kannada],
        leads: Some((0xE0, 0xE0)),
        second: Some((0xB2, 0xB3)),
        ascii: false,
    },
    Writing {
        languages: &["ml"],
        scripts: &[Script::Malayalam],
        leads: Some((0xE0, 0xE0)),
        second: Some((0xB4, 0xB5)),
        ascii: false,
    },
    Writing {
        languages: &["si"],
        scripts: &[Script::Sinhala],
        leads: Some((0xE0, 0xE0)),
        second: Some((0xB6, 0xB7)),
        ascii: false,
    },
    Writing {
        languages: &["th"],
        scripts: &[Script::Thai],
        leads: Some((0xE0, 0xE0)),
        second: Some((0xB8, 0xB9)),
        ascii: false,
    },
    Writing {
        languages: &["lo"],
        scripts: &[Script::Lao],
        leads: Some((0xE0, 0xE0)),
        second: Some((0xBA, 0xBB)),
        ascii: false,
    },
    Writing {
        languages: &["km"],
        scripts: &[Script::Khmer],
        leads: None,
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["my"],
        scripts: &[Script::Myanmar],
        leads: None,
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["ka"],
        scripts: &[Script::Georgian],
        leads: None,
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["hy"],
        scripts: &[Script::Armenian],
        leads: None,
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["am", "ti"],
        scripts: &[Script::Ethiopic],
        leads: None,
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["bo", "dz"],
        scripts: &[Script::Tibetan],
        leads: None,
        second: None,
        ascii: false,
    },
    Writing {
        languages: &["sr", "uz", "bs", "sh"],
        scripts: &[Script::Cyrillic, Script::Latin],
        leads: Some((0xD0, 0xD3)),
        second: None,
        ascii: true,
    },
    Writing {
        languages: &["kk", "az", "tk"],
        scripts: &[Script::Cyrillic, Script::Latin, Script::Arabic],
        leads: Some((0xD0, 0xDB)),
        second: None,
        ascii: true,
    },
    Writing {
        languages: &["ku", "ms", "ha"],
        scripts: &[Script::Latin, Script::Arabic],
        leads: Some((0xD8, 0xDB)),
        second: None,
        ascii: true,
    },
    Writing {
        languages: &[
            "en", "fr", "es", "pt", "de", "it", "nl", "sv", "da", "nb", "nn", "no", "fi", "is", "pl", "cs",
            "sk", "hu", "ro", "hr", "sl", "et", "lv", "lt", "tr", "id", "vi", "tl", "fil", "sw", "so", "yo",
            "ig", "zu", "xh", "af", "sq", "mt", "ga", "cy", "eu", "ca", "gl", "lb", "eo", "la", "jv", "su",
            "ht", "mg", "rw", "om", "oc", "br", "gd", "fo",
        ],
        scripts: &[Script::Latin],
        leads: Some((0xC3, 0xC8)),
        second: None,
        ascii: true,
    },
];

/// Whether the text is plainly in its language's script: its lead bytes say so, without decoding.
/// Counts are upper bounds for the other scripts, so a yes is certain up to the limit.
fn is_plain(text: &str, writing: &Writing, max_percent: usize) -> bool {
    let Some(leads) = writing.leads else {
        return false;
    };
    let seen = count_leads(text, leads, writing.second);
    let inside = seen.own + if writing.ascii { seen.ascii } else { 0 };
    let outside = (seen.ascii + seen.all).saturating_sub(inside);
    outside * 100 <= (inside + outside) * max_percent
}

/// Letters of a text: all, and those outside the scripts.
fn count(text: &str, scripts: &[Script]) -> (usize, usize) {
    let map = CodePointMapData::<Script>::new();
    let (mut letters, mut outside) = (0, 0);
    for word in prose(text) {
        for c in word.chars().filter(|c| c.is_alphabetic()) {
            let script = map.get(c);
            if matches!(script, Script::Common | Script::Inherited) {
                continue;
            }
            letters += 1;
            outside += usize::from(!scripts.contains(&script));
        }
    }
    (letters, outside)
}

/// Bytes that stand for the whole text where lead bytes do not tell.
const HEAD: usize = 4096;

fn head_of(text: &str) -> &str {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

struct ScriptOutsideLanguage {
    max_percent: usize,
    min_letters: usize,
}

impl ScriptOutsideLanguage {
    /// Per cent of letters outside the language's scripts, when that is too many.
    fn excess(&self, text: &str, language: &str) -> Option<usize> {
        let writing = WRITINGS
            .iter()
            .find(|writing| writing.languages.contains(&language))?;
        if is_plain(text, writing, self.max_percent) {
            return None;
        }
        if writing.leads.is_none() {
            let (letters, outside) = count(head_of(text), writing.scripts);
            if outside * 200 <= letters * self.max_percent {
                return None;
            }
        }
        let (letters, outside) = count(text, writing.scripts);
        let letters = outside + (letters - outside) * writing.weight();
        (letters >= self.min_letters && outside * 100 > letters * self.max_percent)
            .then(|| outside * 100 / letters)
    }
}

impl Check for ScriptOutsideLanguage {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let language = text.language();
        if let Some(percent) = self.excess(text.value, language) {
            if is_not_what_was_written(text) {
                return;
            }
            let message =
                format!("{percent} % of the text is outside the scripts of language \"{language}\".");
            out.field(text.node, message);
        }
    }
}
