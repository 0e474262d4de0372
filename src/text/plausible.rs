//! Whether a decoded text looks like a language: the gates behind encoding repair and detection.
//!
//! Every gate looks at words that hold a non-ASCII letter, so that JSON syntax or a web address
//! around them does not count.

use super::makeup::{Group, group, is_scripted, is_typographic};
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

/// Words of a text that hold a non-ASCII letter, without the punctuation around them.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && !is_word_mark(c))
        .filter(|word| word.chars().any(|c| !c.is_ascii() && c.is_alphabetic()))
}

/// Marks inside words: Arabic vowel signs, joiners, tatweel, Thai and Hebrew points.
fn is_word_mark(c: char) -> bool {
    matches!(c, '\u{5b0}'..='\u{5bd}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{200c}' | '\u{200d}' | '\u{e31}'..='\u{e4e}')
}

/// Share of non-ASCII letters and symbols that belong to a group, in per cent; 0 without any.
fn share(text: &str, want: Group) -> usize {
    if is_spotted(text) {
        return 0;
    }
    let (mut total, mut hits) = (0, 0);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        if is_scripted(c) {
            total += 1;
            hits += usize::from(group(c) == Some(want));
        } else if !is_typographic(c) {
            // Box drawing and the like come out of wrong tables.
            total += usize::from(is_symbol(c));
        }
    }
    (hits * 100).checked_div(total).unwrap_or(0)
}

/// Whether the non-ASCII letters stand singly among ASCII letters, as accented letters do: a wrong
/// table then makes words of two scripts, or of one letter.
fn is_spotted(text: &str) -> bool {
    let (mut tokens, mut mixed, mut letters) = (0, 0, 0);
    for word in words(text) {
        tokens += 1;
        mixed += usize::from(word.contains(|c: char| c.is_ascii_alphabetic()));
        letters += word.chars().filter(|c| !c.is_ascii()).count();
    }
    mixed * 5 > tokens || letters < tokens * 2
}

fn is_symbol(c: char) -> bool {
    matches!(
        CodePointMapData::<GeneralCategory>::new().get(c),
        GeneralCategory::OtherSymbol
            | GeneralCategory::MathSymbol
            | GeneralCategory::CurrencySymbol
            | GeneralCategory::ModifierSymbol
    )
}

/// Frequent short words of Arabic, and of Persian as windows-1256 can spell them.
pub const ARABIC_WORDS: &[&str] = &[
    "في", "من", "على", "إلى", "الى", "أن", "ان", "عن", "مع", "هذا", "هذه", "التي", "الذي", "كان", "كانت",
    "كما", "بعد", "قبل", "بين", "حتى", "لم", "لن", "لا", "ما", "إن", "قد", "ثم", "أو", "كل", "غير", "عند",
    "منذ", "قال", "وقال", "اللي", "ده", "دي", "مش", "عشان", "بقى", "که", "این", "برای", "می", "های", "یک",
    "شد", "و", "هو", "هي", "ذلك", "خلال", "حيث", "در", "به", "از", "را", "با", "كه", "اين", "است", "براي",
    "مي", "هاي", "آن",
];

/// How sure a gate is: matching words per thousand. `None` when the text does not pass.
pub type Score = Option<usize>;

pub(super) fn score(hits: usize, tokens: usize, least: usize, percent: usize) -> Score {
    (hits >= least && hits * 100 >= tokens * percent).then(|| hits * 1000 / tokens.max(1))
}

/// Whether a text is Arabic (or Persian) prose: at least 95 % Arabic letters, teh marbuta and alef
/// maksura not inside words, and function words or article-prefixed words.
#[must_use]
pub fn arabic(text: &str) -> Score {
    if share(text, Group::Arabic) < 95 {
        return None;
    }
    let (mut tokens, mut hits, mut odd) = (0, 0, 0);
    for word in words(text) {
        tokens += 1;
        hits += usize::from(is_arabic_marker(word));
        odd += usize::from(has_inner_ending(word));
    }
    if odd * 100 > tokens * 5 {
        return None;
    }
    score(hits, tokens, 2, 12)
}

/// A function word, or a word with the article.
fn is_arabic_marker(word: &str) -> bool {
    ARABIC_WORDS.contains(&word) || has_article(word)
}

/// Whether a word starts with the Arabic article, alone or after a one-letter particle.
#[must_use]
pub fn has_article(word: &str) -> bool {
    ["ال", "وال", "بال", "لل", "فال", "كال"].iter().any(|prefix| {
        word.strip_prefix(prefix)
            .is_some_and(|rest| rest.chars().count() >= 2)
    })
}

/// Teh marbuta or alef maksura anywhere but at the end of a word.
fn has_inner_ending(word: &str) -> bool {
    let mut chars = word.chars().rev().skip_while(|&c| is_word_mark(c));
    chars.next();
    chars.any(|c| matches!(c, 'ة' | 'ى'))
}

const CYRILLIC_WORDS: &[&str] = &[
    "и",
    "в",
    "не",
    "на",
    "что",
    "с",
    "по",
    "как",
    "за",
    "из",
    "от",
    "для",
    "это",
    "к",
    "о",
    "а",
    "но",
    "до",
    "при",
    "его",
    "он",
    "она",
    "они",
    "был",
    "было",
    "были",
    "или",
    "года",
    "об",
    "со",
    "во",
    "у",
    "се",
    "да",
    "са",
    "та",
    "що",
    "в",
    "з",
    "і",
    "у",
    "від",
    "під",
    "је",
    "су",
    "ще",
    "ще",
    "към",
    "след",
    "после",
    "под",
    "над",
    "через",
    "между",
    "без",
    "около",
    "перед",
    "ещё",
    "еще",
    "уже",
    "только",
    "также",
    "который",
    "которая",
    "которые",
    "чтобы",
    "если",
    "когда",
    "где",
    "так",
    "все",
    "всё",
    "этот",
    "эта",
    "эти",
    "мы",
    "вы",
    "я",
    "их",
    "её",
    "ее",
    "им",
    "будет",
    "будут",
    "есть",
    "нет",
    "лет",
    "год",
    "году",
    "же",
    "бы",
    "снова",
    "теперь",
    "очень",
    "хотя",
    "який",
    "яка",
    "які",
    "біля",
    "після",
    "ще",
    "вже",
    "але",
    "чи",
    "або",
    "як",
    "до",
    "за",
];

/// Whether a text is Cyrillic prose: at least 95 % Cyrillic letters, at least 70 % of them lower
/// case (which tells windows-1251 from KOI8-R: the wrong one swaps the case), a natural share of
/// vowels, and a function word.
#[must_use]
pub fn cyrillic(text: &str) -> Score {
    if share(text, Group::Cyrillic) < 95 {
        return None;
    }
    let (mut letters, mut lower, mut vowels, mut frequent) = (0, 0, 0, 0);
    for c in text.chars().filter(|&c| group(c) == Some(Group::Cyrillic)) {
        letters += 1;
        frequent += usize::from("оеаинтсрвл".contains(c));
        lower += usize::from(c.is_lowercase());
        vowels += usize::from("аеёиоуыэюяіїєАЕЁИОУЫЭЮЯІЇЄ".contains(c));
    }
    let natural = (25..=60).contains(&(vowels * 100 / letters.max(1)));
    if lower * 100 < letters * 70 || !natural {
        return None;
    }
    let (mut tokens, mut hits) = (0, 0);
    for word in words(text) {
        tokens += 1;
        hits += usize::from(CYRILLIC_WORDS.contains(&word.to_lowercase().as_str()));
    }
    let least = if tokens >= 12 { 2 } else { 1 };
    // The frequent letters tell two Cyrillic tables apart where one short word does not.
    score(hits, tokens, least, 7).map(|score| score + frequent * 1000 / letters.max(1))
}

const GREEK_WORDS: &[&str] = &[
    "και",
    "το",
    "η",
    "ο",
    "του",
    "της",
    "να",
    "με",
    "για",
    "από",
    "στο",
    "στη",
    "στην",
    "των",
    "τον",
    "την",
    "τα",
    "οι",
    "που",
    "σε",
    "δεν",
    "είναι",
    "θα",
];

/// Whether a text is Greek prose.
#[must_use]
pub fn greek(text: &str) -> Score {
    if share(text, Group::Greek) < 95 || !mostly_lower(text, Group::Greek) {
        return None;
    }
    let (tokens, hits) = count(text, |word| GREEK_WORDS.contains(&word.to_lowercase().as_str()));
    score(hits, tokens, 2, 12)
}

fn mostly_lower(text: &str, want: Group) -> bool {
    let (mut letters, mut lower) = (0, 0);
    for c in text.chars().filter(|&c| !c.is_ascii() && group(c) == Some(want)) {
        letters += 1;
        lower += usize::from(c.is_lowercase());
    }
    lower * 100 >= letters * 70
}

fn count(text: &str, hit: impl Fn(&str) -> bool) -> (usize, usize) {
    words(text).fold((0, 0), |(tokens, hits), word| {
        (tokens + 1, hits + usize::from(hit(word)))
    })
}

const HEBREW_WORDS: &[&str] = &[
    "של", "את", "על", "הוא", "לא", "זה", "עם", "כי", "גם", "אל", "או", "היא", "כל", "יותר", "אבל", "בין",
    "אחרי", "היה",
];

/// Whether a text is Hebrew prose: final letter forms stand at word ends only.
#[must_use]
pub fn hebrew(text: &str) -> Score {
    if share(text, Group::Hebrew) < 95 {
        return None;
    }
    let inner_final = |word: &str| {
        let mut chars = word.chars().rev();
        chars.next();
        chars.any(|c| "ךםןףץ".contains(c))
    };
    let (tokens, odd) = count(text, inner_final);
    if odd * 100 > tokens * 5 {
        return None;
    }
    let (_, hits) = count(text, |word| {
        HEBREW_WORDS.contains(&word) || (word.starts_with('ה') && word.chars().count() >= 4)
    });
    score(hits, tokens, 2, 12)
}

/// Whether a text is Thai prose: no vowel or tone sign starts a word, and frequent words stand in it.
#[must_use]
pub fn thai(text: &str) -> Score {
    if share(text, Group::SouthEastAsian) < 95 {
        return None;
    }
    let odd = text
        .split(|c: char| c.is_ascii())
        .filter(|run| {
            run.starts_with(|c| matches!(c, '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}'))
        })
        .count();
    let hits: usize = [
        "การ",
        "ความ",
        "ที่",
        "เป็น",
        "และ",
        "ของ",
        "ใน",
        "ได้",
        "ให้",
        "ไม่",
        "จะ",
    ]
    .iter()
    .map(|word| text.matches(word).count())
    .sum();
    let letters = text
        .chars()
        .filter(|&c| group(c) == Some(Group::SouthEastAsian))
        .count();
    (odd == 0 && hits >= 3 && hits * 40 >= letters).then(|| hits * 1000 / letters.max(1))
}

/// The most frequent characters of written Chinese, both sets.
const HAN: &str = "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過发發后後作里裡用道行所然家种種事成方多经經去法学學如都同现現没沒动動面起看定天分还還进進好小部其些主样樣她本前开開但因只从從想日月公司已新民向老市";

/// What the letters of an East Asian text are.
#[derive(Default)]
struct EastAsian {
    letters: usize,
    kana: usize,
    /// Half-width kana, which `Shift_JIS` makes of other bytes.
    half: usize,
    hangul: usize,
    frequent: usize,
}

fn count_east_asian(text: &str, frequent: &str) -> Option<EastAsian> {
    if share(text, Group::EastAsian) < 95 {
        return None;
    }
    let mut seen = EastAsian::default();
    for c in text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()) {
        seen.letters += 1;
        match c {
            '\u{3041}'..='\u{30fc}' => seen.kana += 1,
            '\u{ff66}'..='\u{ff9f}' => seen.half += 1,
            '\u{ac00}'..='\u{d7a3}' => seen.hangul += 1,
            _ => {}
        }
        seen.frequent += usize::from(frequent.contains(c));
    }
    (seen.letters >= 6 && seen.half * 20 <= seen.letters).then_some(seen)
}

/// Whether a text is Chinese prose: ideographs only, the frequent ones among them.
#[must_use]
pub fn chinese(text: &str) -> Score {
    let seen = count_east_asian(text, HAN)?;
    let pure = seen.kana * 50 <= seen.letters && seen.hangul == 0;
    (pure && seen.frequent * 100 >= seen.letters * 20).then(|| seen.frequent * 1000 / seen.letters)
}

/// Whether a text is Japanese prose: kana with its particles.
#[must_use]
pub fn japanese(text: &str) -> Score {
    let seen = count_east_asian(text, "のにはをたがでてとしれさあいるもなかっらりすんこまよ")?;
    let kana = seen.kana * 100 >= seen.letters * 25 && seen.hangul == 0;
    (kana && seen.frequent * 100 >= seen.letters * 15).then(|| seen.frequent * 1000 / seen.letters)
}

/// Whether a text is Korean prose: Hangul with its particles and endings.
#[must_use]
pub fn korean(text: &str) -> Score {
    let seen = count_east_asian(text, "이가은는을를에의다고도로서한하지")?;
    let hangul = seen.hangul * 100 >= seen.letters * 80;
    (hangul && seen.frequent * 100 >= seen.letters * 15).then(|| seen.frequent * 1000 / seen.letters)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn gates_tell_right_from_wrong_tables() {
        let arabic_text = "وصل الوزير إلى المدينة في المساء";
        assert!(arabic(arabic_text).is_some());
        let cyrillic_text = "Новый мост и река в городе";
        assert!(cyrillic(cyrillic_text).is_some());
        assert!(cyrillic("нОВЫЙ МОСТ И РЕКА В ГОРОДЕ").is_none());
        assert!(arabic(cyrillic_text).is_none() && cyrillic(arabic_text).is_none());
        assert!(greek("Ο δήμος και το σχολείο της πόλης είναι κοντά").is_some());
        assert!(hebrew("המורה של הכיתה לא הגיע אל בית הספר עם הילדים").is_some());
        assert!(thai("การเดินทางของนักเรียนในเมืองและความสุขที่ได้ให้กัน").is_some());
        assert!(chinese("孩子们在学校里有了一个新的图书馆").is_some());
    }
}
