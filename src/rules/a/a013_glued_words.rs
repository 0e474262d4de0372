//! A013 glued-words.

use crate::finding::{Edit, Safety, Severity};
use crate::record::Span;
use crate::rules::encoding::{head, is_garbled};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::arabic;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A013",
    name: "glued-words",
    severity: Severity::Warning,
    scope: Scope::Token,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "Two words run together without a space.",
    why: "A lost space makes one unknown word of two. It comes from line breaks that were dropped when \
          the page was turned into text.",
    how: "Reported are a teh marbuta before another letter, an alef maksura before three or more letters \
          (Arabic only), a sentence stop between two words of three or more letters, and words of more \
          than 20 letters. The unsafe fix puts a space there; a long word gets none.",
    false_positives: "In ug, ckb, ku and ks alef maksura is a vowel letter: these are left out. `شىء`, \
                      initials (`أ.ف.ب`), web addresses and drawn-out letters stay.",
    source: "Arabic orthography; own measure",
    options: &[],
    examples: &[
        Example::bad("الحكومةقررت أمس", &["الحكومةقررت"]).unsafe_fixed("الحكومة قررت أمس"),
        Example::bad("مستشفىالمدينة", &["مستشفىالمدينة"]).unsafe_fixed("مستشفى المدينة"),
        Example::bad("وصل المعلم.وقال المدير", &["المعلم.وقال"]).unsafe_fixed("وصل المعلم. وقال المدير"),
        Example::good("حكومتنا"),
        Example::good("مستشفياتهم"),
        Example::good("وكالة أ.ف.ب وكل شىء"),
        Example::good("ههههههههههههههههههههههههه"),
        Example::good("ئىشلىتىش").lang("ug"),
    ],
    wake: Wake::Text(Flags::ARABIC_GLUE),
    check: |_| Ok(Box::new(GluedWords)),
};

/// Languages in which alef maksura or teh marbuta may stand inside a word.
const OTHERS: &[&str] = &["ug", "ckb", "ku", "ks"];

/// Letters in the longest word that is taken for one.
const LONGEST: usize = 20;

/// Words that run together, and where a space is missing in each.
fn glued(text: &str, language: &str) -> Vec<(Span, Vec<usize>)> {
    let mut found: Vec<(Span, Vec<usize>)> = Vec::new();
    let mut before: Option<Span> = None;
    for span in arabic::words(text) {
        let word = &text[span.range()];
        let mut gaps: Vec<usize> = inner_gaps(word, language == "ar" || language.is_empty())
            .into_iter()
            .map(|gap| span.start + gap)
            .collect();
        let stop = before.and_then(|before| stop_between(text, before, span));
        if let (Some(gap), Some(before)) = (stop, before) {
            match found.last_mut() {
                Some((last, all)) if last.end == before.end => {
                    last.end = span.end;
                    all.push(gap);
                    all.append(&mut gaps);
                }
                _ => {
                    gaps.insert(0, gap);
                    found.push((Span::new(before.start, span.end), gaps));
                }
            }
        } else if !gaps.is_empty() || is_too_long(word) || has_stray_ending(word) {
            found.push((span, gaps));
        }
        before = Some(span);
    }
    found
}

/// Where a space is missing inside a word, as byte offsets in it.
fn inner_gaps(word: &str, arabic_language: bool) -> Vec<usize> {
    if !word.contains(['ة', 'ى']) {
        return Vec::new();
    }
    let letters: Vec<(usize, char)> = word
        .char_indices()
        .filter(|&(_, c)| arabic::is_letter(c))
        .collect();
    let mut gaps = Vec::new();
    for (index, pair) in letters.windows(2).enumerate() {
        let ((at, c), (next, follower)) = (pair[0], pair[1]);
        let left = letters.len() - index - 1;
        // A dagger alef or hamza on the letter makes it a letter of the same word.
        let marked = word[at..next].contains(['\u{670}', '\u{654}', '\u{655}', '\u{200c}']);
        let glued = match c {
            'ة' => index >= 1,
            'ى' => arabic_language && index >= 1 && left >= 3 && !matches!(follower, 'ء' | 'ئ'),
            _ => false,
        };
        // A single stray letter is a typing error, not a word that lost its space.
        if glued && !marked && left >= 2 {
            gaps.push(next);
        }
    }
    gaps
}

/// Where a space is missing after the stop that alone separates two words.
fn stop_between(text: &str, before: Span, after: Span) -> Option<usize> {
    let between = &text[before.end..after.start];
    if !matches!(between, "." | "!" | "؟" | "۔") {
        return None;
    }
    let letters = |span: Span| {
        text[span.range()]
            .chars()
            .filter(|&c| arabic::is_letter(c))
            .count()
    };
    // Names of Latin letters, as news spell abbreviations: كيو.إيه.
    let spelled = [before, after]
        .iter()
        .any(|span| LETTER_NAMES.contains(&&text[span.range()]));
    let address = text[..before.start].ends_with(['/', '@', '.', '_', '#', '-'])
        || text[after.end..].starts_with(['/', '@', '_']);
    (letters(before) >= 3 && letters(after) >= 3 && !address && !spelled).then_some(after.start)
}

/// Whether one letter follows a teh marbuta at the end of a word.
fn has_stray_ending(word: &str) -> bool {
    let mut letters = word.chars().filter(|&c| arabic::is_letter(c)).rev();
    letters.next().is_some() && letters.next() == Some('ة') && letters.next().is_some()
}

/// Arabic names of Latin letters with three letters or more.
const LETTER_NAMES: &[&str] = &[
    "إيه",
    "ايه",
    "كيو",
    "كيه",
    "جيه",
    "إتش",
    "اتش",
    "إكس",
    "اكس",
    "دبليو",
    "واي",
    "زيد",
    "آي",
    "دوت",
    "كوم",
    "نت",
];

/// Whether a word has more letters than any word, without being drawn out for effect.
fn is_too_long(word: &str) -> bool {
    if word.len() <= LONGEST * 2 {
        return false;
    }
    let letters: Vec<char> = word.chars().filter(|&c| arabic::is_letter(c)).collect();
    letters.len() > LONGEST && !letters.windows(4).any(|four| four.iter().all(|&c| c == four[0]))
}

struct GluedWords;

impl Check for GluedWords {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let language = text.language();
        if OTHERS.contains(&language) {
            return;
        }
        for (span, gaps) in glued(text.value, language) {
            if is_garbled(text, span.start) {
                continue;
            }
            let message = format!("Words run together in \"{}\".", head(&text.value[span.range()]));
            let builder = out.span(span, message);
            if !gaps.is_empty() {
                let edits = gaps.into_iter().map(|at| Edit {
                    span: Span::new(at, at),
                    text: " ".to_owned(),
                });
                builder.edits(Safety::Unsafe, "put a space there", edits.collect());
            }
        }
    }
}
