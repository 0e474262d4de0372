//! M010 language-mismatch.

use crate::finding::{Safety, Severity};
use crate::record::Role;
use crate::rules::encoding::is_not_what_was_written;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::language::{self, Detected};
use crate::text::prose::prose;
use crate::text::tag;

pub(crate) const RULE: Rule = Rule {
    code: "M010",
    name: "language-mismatch",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "The text is in another language than the record says.",
    why: "Sets are split by language, and models learn a language from the texts that bear its name. One \
          source whose default language is wrong spoils both languages.",
    how: "The language of the text is found without looking at the record: letters are counted by script, \
          and inside a script with several languages groups of three letters and words vote. A text is \
          reported when it has at least `min-letters` letters outside tags and addresses, the vote is at \
          least `min-confidence` per cent sure, and the parts of the text agree. The fix writes the found \
          language and is unsafe.",
    false_positives: "A dialect under its standard language (`arz` under `ar`), members of a macrolanguage and \
                      languages that share most of their words (Bosnian, Croatian, Serbian; Indonesian, Malay; \
                      Bokmål, Nynorsk; Zulu, Xhosa) are never told apart. Languages that cannot be recognised \
                      are not judged, and neither is text that E101, E103 or E104 repair. Verse, lists of names \
                      and texts in two languages stay below the limits.",
    source: "Cavnar and Trenkle, N-gram-based text categorization (1994); measured on public sentences, see \
             docs/languages.md",
    options: &[
        OptionDef {
            name: "min-letters",
            kind: OptionKind::Integer(200, 20, 1_000_000),
            doc: "Fewest letters that are judged.",
        },
        OptionDef {
            name: "min-confidence",
            kind: OptionKind::Integer(95, 50, 100),
            doc: "Least confidence of the vote, in per cent.",
        },
    ],
    examples: &[
        Example::bad(PERSIAN, &["*"]),
        Example::bad(
            r#"{"language":"en","text":"Le maire a inauguré jeudi matin la nouvelle bibliothèque du quartier, fermée depuis deux ans pour des travaux. Les habitants y trouveront plus de vingt mille livres, une salle de lecture pour les enfants et un petit café tenu par une association. « Nous attendions ce jour depuis longtemps », a dit une voisine."}"#,
            &["*"],
        )
        .unsafe_fixed(
            r#"{"language":"fr","text":"Le maire a inauguré jeudi matin la nouvelle bibliothèque du quartier, fermée depuis deux ans pour des travaux. Les habitants y trouveront plus de vingt mille livres, une salle de lecture pour les enfants et un petit café tenu par une association. « Nous attendions ce jour depuis longtemps », a dit une voisine."}"#,
        ),
        Example::bad(
            "Мэр в четверг утром открыл новую районную библиотеку, которую два года ремонтировали. Жители найдут в \
             ней более двадцати тысяч книг, читальный зал для детей и маленькое кафе. Мы давно ждали этого дня, \
             сказала соседка, которая пришла с внуками ещё до открытия и первой взяла книгу.",
            &["*"],
        )
        .lang("uk"),
        Example::good(PERSIAN).lang("fa"),
        Example::good(PERSIAN).lang("prs"),
        Example::good(
            "انا كنت قاعد فى البيت امبارح وفجأة التليفون رن، لقيت واحد صاحبى بيقولى انه عايز يجى يقعد معايا شوية علشان \
             زهقان ومش عارف يعمل ايه. قلتله تعالى طبعا ده البيت بيتك، وبعد نص ساعة كان واقف على الباب ومعاه كيس فيه \
             برتقان وشوية حاجات حلوة جابها من عند الراجل اللى على اول الشارع.",
        ),
        Example::good("A short text proves nothing, whatever the record says.").lang("fr"),
        Example::good(
            "U ponedjeljak ujutro otvorena je nova gradska knjižnica koja je dvije godine bila zatvorena zbog radova. \
             Stanovnici će u njoj naći više od dvadeset tisuća knjiga, čitaonicu za djecu i mali kafić. Ovaj smo dan \
             dugo čekali, rekla je susjeda koja je došla s unucima prije otvaranja i prva posudila knjigu.",
        )
        .lang("sr"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(LanguageMismatch {
            min_letters: options.integer("min-letters") as usize,
            min_confidence: options.integer("min-confidence") as f32 / 100.0,
        }))
    },
};

const PERSIAN: &str = "شهردار صبح پنجشنبه کتابخانه تازه محله را که دو سال برای بازسازی بسته بود گشود. اهالی در آن بیش از \
    بیست هزار کتاب، یک تالار مطالعه برای کودکان و یک کافه کوچک خواهند یافت. یکی از همسایه‌ها که پیش از باز شدن درها \
    با نوه‌هایش آمده بود گفت مدت‌ها چشم به راه این روز بودیم و نخستین کتاب را او به امانت گرفت.";

struct LanguageMismatch {
    min_letters: usize,
    min_confidence: f32,
}

impl LanguageMismatch {
    /// A closer look at a text that seemed to be in another language: its prose alone, and more of it.
    fn confirm(&self, text: &Text<'_>, declared: &str) -> Option<(&'static str, Detected)> {
        let mut words = String::with_capacity(text.value.len());
        for word in prose(text.value) {
            words.push_str(word);
            words.push(' ');
        }
        let found = language::study(&words);
        let language = found.at_least(self.min_confidence)?;
        let differs = !language::may_be_confused(language, declared)
            && found.letters >= self.min_letters
            && language::is_throughout(&words, language)
            && !is_not_what_was_written(text);
        differs.then_some((language, found))
    }
}

impl Check for LanguageMismatch {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let declared = tag::standard(text.language());
        if declared.is_empty() {
            return;
        }
        let seems = text.looks().language;
        if seems.is_none_or(|seems| language::may_be_confused(seems, declared)) || !language::knows(declared)
        {
            return;
        }
        let Some((language, found)) = self.confirm(text, declared) else {
            return;
        };
        let percent = (found.confidence * 100.0).floor();
        let message = format!(
            "Language is \"{declared}\", but the text looks like \"{language}\" ({percent} % sure); correct the \
             language or drop the record.",
        );
        match text.record.role(Role::Language) {
            Some(field) => {
                out.field(field, message).set(
                    Safety::Unsafe,
                    "Set the found language",
                    format!("\"{language}\""),
                );
            }
            None => {
                out.field(text.node, message);
            }
        }
    }
}
