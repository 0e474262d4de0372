//! A005 arabic-letter-in-persian.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::encoding::is_garbled;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::arabic;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A005",
    name: "arabic-letter-in-persian",
    severity: Severity::Warning,
    scope: Scope::Token,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A Persian, Kurdish or Urdu word is spelled with Arabic yeh, kaf or heh.",
    why: "ي and ك look like ی and ک but are other code points: the same word is then two words for \
          search, counting and tokenizers.",
    how: "In records in fa, ckb and ur, words with U+064A or U+0643 are reported, in ur also U+0647 and \
          U+0649. The fix puts ی and ک there: safe in fa and ur, unsafe in ckb and for the other letters.",
    false_positives: "Words with harakat, and words in a quotation or line that holds three or more \
                      Arabic function words, are Arabic.",
    source: "ISIRI 6219; Unicode 9.2",
    options: &[],
    examples: &[
        Example::bad("كتابي تازه", &["كتابي"])
            .lang("fa")
            .fixed("کتابی تازه"),
        Example::bad("ميراث محفوظ ہے", &["ميراث"])
            .lang("ur")
            .fixed("میراث محفوظ ہے"),
        Example::good("کتابی تازه").lang("fa"),
        Example::good("شاعر گفت «يا قوم إن هذا في الكتاب الذي كان على المنبر» و رفت").lang("fa"),
        Example::good("قَالَ كَرِيم").lang("fa"),
        Example::good("كتاب في المدينة"),
    ],
    wake: Wake::Text(Flags::ARABIC_YEH_KAF),
    check: |_| Ok(Box::new(ArabicLetter)),
};

/// Function words that Arabic has and Persian and Urdu have not.
const ARABIC: &[&str] = &[
    "في",
    "على",
    "إلى",
    "الى",
    "أن",
    "إن",
    "عن",
    "التي",
    "الذي",
    "الذين",
    "هذا",
    "هذه",
    "ذلك",
    "كان",
    "قال",
    "عليه",
    "الله",
    "لا",
    "ثم",
    "أو",
    "هو",
    "هي",
    "كل",
    "لم",
    "لن",
    "يا",
    "إذا",
    "له",
    "فيه",
    "ولا",
    "وما",
    "قد",
];

fn expected(c: char, language: &str) -> Option<(char, Safety)> {
    let settled = if language == "ckb" {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    match c {
        'ي' => Some(('ی', settled)),
        'ك' => Some(('ک', settled)),
        'ه' if language == "ur" => Some(('ہ', Safety::Unsafe)),
        'ى' if language == "ur" => Some(('ی', Safety::Unsafe)),
        _ => None,
    }
}

/// Whether a stretch of text is Arabic: three function words that only Arabic has.
fn is_arabic(text: &str) -> bool {
    arabic::words(text)
        .filter(|word| ARABIC.contains(&&text[word.range()]))
        .nth(2)
        .is_some()
}

/// Whether a word stands in an Arabic quotation or line.
fn is_quoted(text: &str, word: Span) -> bool {
    if text[word.range()].contains(|c| matches!(c, '\u{64b}'..='\u{652}')) {
        return true;
    }
    let line_start = text[..word.start].rfind('\n').map_or(0, |end| end + 1);
    let line_end = text[word.end..]
        .find('\n')
        .map_or(text.len(), |end| word.end + end);
    if let Some(quote) = arabic::quotation_around(text, word.start) {
        return is_arabic(&text[quote.range()]);
    }
    let line = &text[line_start..line_end];
    is_arabic(line) && !line.contains(['پ', 'چ', 'ژ', 'گ', 'ی', 'ک', 'ے', 'ہ', 'ں'])
}

struct ArabicLetter;

impl Check for ArabicLetter {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let language = text.language();
        if !matches!(language, "fa" | "ckb" | "ur") {
            return;
        }
        for span in arabic::words(text.value) {
            let word = &text.value[span.range()];
            let Some((c, should)) = word
                .chars()
                .find_map(|c| expected(c, language).map(|(should, _)| (c, should)))
            else {
                continue;
            };
            if is_quoted(text.value, span) || is_garbled(text, span.start) {
                continue;
            }
            let mut safety = Safety::Safe;
            let mut mended = String::with_capacity(word.len());
            for c in word.chars() {
                match expected(c, language) {
                    Some((should, how)) => {
                        safety = safety.min(how);
                        mended.push(should);
                    }
                    None => mended.push(c),
                }
            }
            let message = format!(
                "Arabic \"{c}\" U+{:04X} in {language} word \"{word}\"; expected \"{should}\" U+{:04X}.",
                c as u32, should as u32
            );
            out.span(span, message)
                .replace(safety, "put the letters of the language there", mended);
        }
    }
}
