//! Q001 too-short.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::residue::{ends_sentence, has_at_most_words};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class;
use crate::text::words;

pub(crate) const RULE: Rule = Rule {
    code: "Q001",
    name: "too-short",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The text is too short to be an article.",
    why: "A headline, a caption or the rest of a page whose article was not found teaches nothing and weighs \
          as much as an article in every count of records.",
    how: "Words are counted by script: in scripts with spaces, runs of letters and digits; a text mostly in Han \
          or kana, Thai, Lao, Khmer or Burmese is judged by its characters, letters and marks only. Counting \
          stops at the limit. A text with a line of at least 8 words (20 characters) that ends as a sentence \
          does is a flash, and passes. A text without any visible character is S008's.",
    false_positives: "A flash of one whole sentence passes; a ticker of headlines does not: set `min-words`.",
    source: "Rae et al., Gopher (arXiv 2112.11446), A1.1, asks for 50 words; in 10,161 news articles \
          texts of 15 to 25 words were whole sentences",
    options: &[
        OptionDef {
            name: "min-words",
            kind: OptionKind::Integer(15, 1, 100_000),
            doc: "Fewest words.",
        },
        OptionDef {
            name: "min-characters",
            kind: OptionKind::Integer(40, 1, 1_000_000),
            doc: "Fewest characters in scripts without spaces.",
        },
    ],
    examples: &[
        Example::bad("خبر عاجل", &["*"]),
        Example::bad("Photos: the parade", &["*"]).lang("en"),
        Example::bad("速報：市長が辞任", &["*"]).lang("ja"),
        Example::bad("— — —", &["*"]).lang("en"),
        Example::good(
            "أعلنت البلدية صباح الاثنين أن المكتبة العامة ستفتح أبوابها حتى منتصف الليل طوال شهر الامتحانات، وأن الدخول \
             إليها مجاني لجميع الطلاب الذين يحملون بطاقة الجامعة أو المدرسة هذا العام.",
        ),
        Example::good("山あいの村で、廃校になった小学校がパン工房として生まれ変わった。店主は都会から移り住んだ若い夫婦で、地元の小麦だけを使っている。").lang("ja"),
        Example::good("เทศบาลประกาศเมื่อวันจันทร์ถึงแผนใหม่ในการซ่อมท่อน้ำในย่านเมืองเก่า นายกเทศมนตรีกล่าวว่างานจะเริ่มในเดือนมีนาคม").lang("th"),
        Example::good("Belediye, eski tren garını gençler için müzik okuluna dönüştürdü.").lang("tr"),
        Example::bad("All the news of the town and its harbour", &["*"]).lang("en"),
        Example::good(r#"{"language":"ar","body":"  \u200f"}"#),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(TooShort {
            min_words: options.integer("min-words") as usize,
            min_characters: options.integer("min-characters") as usize,
        }))
    },
};

/// Words of a sentence that is a piece of news by itself; languages that join what others write as
/// several words need few.
const SENTENCE_WORDS: usize = 8;
/// The same in characters of a script without spaces.
const SENTENCE_CHARACTERS: usize = 20;

struct TooShort {
    min_words: usize,
    min_characters: usize,
}

/// Words of a text, up to a limit; characters in scripts without spaces, likewise.
fn size(text: &str, words_wanted: usize, characters_wanted: usize) -> (usize, usize) {
    let (mut count, mut characters) = (0, 0);
    for word in words::words(text) {
        let word = &text[word.span.range()];
        let script = word.chars().next().map(class::script);
        if script.is_some_and(|script| script.is_ideographic() || script.is_unspaced_alphabet()) {
            characters += word.chars().count();
        } else {
            count += 1;
        }
        if count >= words_wanted || characters >= characters_wanted {
            break;
        }
    }
    (count, characters)
}

fn is_invisible(c: char) -> bool {
    c.is_whitespace() || class::is_default_ignorable(c)
}

/// Whether a line is a whole sentence, long enough to be news.
fn is_flash(line: &str) -> bool {
    let (words, characters) = size(line, SENTENCE_WORDS, SENTENCE_CHARACTERS);
    (words >= SENTENCE_WORDS || characters >= SENTENCE_CHARACTERS) && ends_sentence(line)
}

impl Check for TooShort {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        // Nearly every article: twice as many blanks as words are wanted.
        if !has_at_most_words(text.value, self.min_words * 2) || text.value.chars().all(is_invisible) {
            return;
        }
        let (count, characters) = size(text.value, self.min_words, self.min_characters);
        if count >= self.min_words || characters >= self.min_characters {
            return;
        }
        if text.lines().iter().any(|line| is_flash(line.text(text.value))) {
            return;
        }
        let message = if characters > count {
            format!(
                "The text has {characters} characters; an article has at least {}.",
                self.min_characters
            )
        } else {
            format!(
                "The text has {count} words; an article has at least {}.",
                self.min_words
            )
        };
        out.field(text.node, message);
    }
}
