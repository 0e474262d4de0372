//! The linear model: for each group of three letters and each word, the weight that it gives to each
//! language of its script.
//!
//! Weights are bytes, in rows that a hash selects; no list of words is stored. `python/lid/train.py`
//! writes the tables; `docs/languages.md` says from what, and how well they do.

use super::pieces::{COUNT, Pieces};
use super::related::may_be_confused;
use crate::text::class::{self, Kind, Script};
use crate::text::simd::LEVEL;
use fearless_simd::dispatch;
use std::sync::LazyLock;

/// Scripts whose letters are counted, each for itself. Han, kana and Hangul are counted together.
pub(super) const SCRIPTS: [Script; 26] = [
    Script::Latin,
    Script::Greek,
    Script::Cyrillic,
    Script::Armenian,
    Script::Georgian,
    Script::Hebrew,
    Script::Arabic,
    Script::Syriac,
    Script::Thaana,
    Script::Devanagari,
    Script::Bengali,
    Script::Gurmukhi,
    Script::Gujarati,
    Script::Oriya,
    Script::Tamil,
    Script::Telugu,
    Script::Kannada,
    Script::Malayalam,
    Script::Sinhala,
    Script::Thai,
    Script::Lao,
    Script::Tibetan,
    Script::Myanmar,
    Script::Khmer,
    Script::Ethiopic,
    Script::Mongolian,
];

/// The language of a script that one language writes, as far as articles go.
pub(super) const fn only_language(script: Script) -> Option<&'static str> {
    Some(match script {
        Script::Greek => "el",
        Script::Armenian => "hy",
        Script::Georgian => "ka",
        Script::Thaana => "dv",
        Script::Gurmukhi => "pa",
        Script::Gujarati => "gu",
        Script::Oriya => "or",
        Script::Tamil => "ta",
        Script::Telugu => "te",
        Script::Kannada => "kn",
        Script::Malayalam => "ml",
        Script::Sinhala => "si",
        Script::Thai => "th",
        Script::Lao => "lo",
        Script::Tibetan => "bo",
        Script::Myanmar => "my",
        Script::Khmer => "km",
        Script::Han => "zh",
        Script::Hiragana => "ja",
        Script::Hangul => "ko",
        _ => return None,
    })
}

/// The languages of one script and their weights.
pub(super) struct Group {
    script: Script,
    languages: &'static [&'static str],
    /// Rows of one byte for each lane; a lane is a language or nothing.
    weights: &'static [u8],
    lanes: usize,
    /// Log 2 of the number of rows.
    bits: u32,
    /// Codes of the first characters of Unicode: see [`code`].
    codes: LazyLock<Vec<u16>>,
    /// For each language those that it may be confused with, itself included: one bit each.
    related: LazyLock<Vec<u128>>,
}

macro_rules! groups {
    ($($name:ident $script:ident $file:literal $bits:literal $lanes:literal [$($language:literal)*])*) => {
        static GROUPS: &[&Group] = &[$(&$name),*];
        $(
            static $name: Group = Group {
                script: Script::$script,
                languages: &[$($language),*],
                weights: include_bytes!($file),
                lanes: $lanes,
                bits: $bits,
                codes: LazyLock::new(|| codes(Script::$script)),
                related: LazyLock::new(|| related(&[$($language),*])),
            };
            const _: () = assert!(include_bytes!($file).len() == $lanes << $bits);
        )*
    };
}

groups! {
    LATIN Latin "latin.bin" 13 72 [
        "af" "az" "br" "bs" "ca" "ceb" "cs" "cy" "da" "de" "en" "eo" "es" "et" "eu" "fi" "fo" "fr" "fy" "ga"
        "gd" "gl" "ha" "hr" "ht" "hu" "id" "ig" "is" "it" "jv" "la" "lb" "lg" "lt" "lv" "mg" "ms" "mt" "nb"
        "nl" "nn" "oc" "om" "pl" "pt" "ro" "rw" "sk" "sl" "sn" "so" "sq" "st" "su" "sv" "sw" "tk" "tl"
        "tn" "tr" "ku" "uz" "vi" "xh" "yo" "zu"
    ]
    CYRILLIC Cyrillic "cyrillic.bin" 12 16 [
        "ba" "be" "bg" "cv" "kk" "ky" "mk" "mn" "ru" "sr" "tg" "tt" "uk"
    ]
    ARABIC Arabic "arabic.bin" 12 16 [
        "ar" "arz" "ary" "azb" "ckb" "fa" "pnb" "ps" "sd" "skr" "ug" "ur"
    ]
    DEVANAGARI Devanagari "devanagari.bin" 11 8 ["bho" "hi" "mai" "mr" "ne" "sa"]
    BENGALI Bengali "bengali.bin" 10 8 ["as" "bn"]
    HEBREW Hebrew "hebrew.bin" 10 8 ["he" "yi"]
    ETHIOPIC Ethiopic "ethiopic.bin" 10 8 ["am" "ti"]
}

/// Every language that [`super::detect`] can name, by script.
pub(super) fn languages() -> impl Iterator<Item = &'static str> {
    let alone = SCRIPTS.into_iter().filter_map(only_language);
    let grouped = GROUPS.iter().flat_map(|group| group.languages.iter().copied());
    alone.chain(["zh", "ja", "ko"]).chain(grouped)
}

/// Weights are logarithms times this.
const SCALE: f32 = 48.0;
/// What logarithms are divided by before they become probabilities: the weights come from shorter
/// texts of other kinds, so they are surer than they should be.
const TEMPERATURE: f32 = 2.0;
/// Votes after which the sums of 16 bits are carried: four more come at most, and 254 times 128 fits.
const CARRY: u32 = 250;
/// Sums that are this far behind have no probability worth counting.
const NEGLIGIBLE: i32 = 1200;
/// Votes of a piece from which it has a winner of its own.
const PIECE_VOTERS: u32 = 60;
/// Confidence from which a piece is plainly in a language.
const PLAIN: f32 = 0.97;
/// Lanes of the largest group.
const MAX_LANES: usize = 72;

impl Group {
    /// The group that writes this script.
    pub(super) fn of(script: Script) -> Option<&'static Self> {
        GROUPS.iter().copied().find(|group| group.script == script)
    }

    /// Counts the votes of all pieces.
    pub(super) fn vote(&self, pieces: &Pieces<'_>) -> Vote {
        // No vectors are written here, but the sums of lanes become some of the level.
        dispatch!(*LEVEL, _simd => match self.lanes {
            8 => self.vote_of::<8>(pieces),
            16 => self.vote_of::<16>(pieces),
            _ => self.vote_of::<MAX_LANES>(pieces),
        })
    }

    #[inline(always)]
    fn vote_of<const LANES: usize>(&self, pieces: &Pieces<'_>) -> Vote {
        let mut votes = Votes::<LANES> {
            weights: self.weights.as_chunks().0,
            shift: 32 - self.bits,
            sums: [0; LANES],
            pending: 0,
            totals: [0; LANES],
            voters: 0,
        };
        let mut of_pieces = [([0_i32; LANES], 0); COUNT];
        let mut sums = [0_i32; LANES];
        for (piece, (own, voters)) in pieces.iter().zip(&mut of_pieces) {
            self.read(piece, &mut votes);
            votes.carry();
            *voters = std::mem::take(&mut votes.voters);
            *own = std::mem::replace(&mut votes.totals, [0; LANES]);
            for (sum, own) in sums.iter_mut().zip(own) {
                *sum += *own;
            }
        }
        let best = self.best(&sums);
        let related = self.related[best];
        let is_mixed = of_pieces.iter().any(|(own, voters)| {
            let own_best = self.best(own);
            *voters >= PIECE_VOTERS && related >> own_best & 1 == 0 && self.confidence(own, own_best) > PLAIN
        });
        Vote {
            language: self.languages[best],
            confidence: self.confidence(&sums, best),
            is_mixed,
        }
    }

    /// The first of the languages with most votes.
    #[inline(always)]
    fn best(&self, sums: &[i32]) -> usize {
        let sums = &sums[..self.languages.len()];
        let most = sums.iter().fold(i32::MIN, |most, &sum| most.max(sum));
        sums.iter().position(|&sum| sum == most).unwrap_or(0)
    }

    /// The probability that the votes give the best language and those that it may be confused with.
    fn confidence(&self, sums: &[i32], best: usize) -> f32 {
        let sums = &sums[..self.languages.len()];
        let related = self.related[best];
        let (mut own, mut all) = (0.0, 0.0);
        for (index, &sum) in sums.iter().enumerate() {
            let behind = sums[best] - sum;
            if behind > NEGLIGIBLE {
                continue;
            }
            let odds = (-behind as f32 / (SCALE * TEMPERATURE)).exp();
            all += odds;
            if related >> index & 1 == 1 {
                own += odds;
            }
        }
        own / all
    }

    #[inline(always)]
    fn read<const LANES: usize>(&self, piece: &str, votes: &mut Votes<'_, LANES>) {
        let codes = self.codes.as_slice();
        let mut word = Word::default();
        for c in piece.chars() {
            votes.make_room();
            let code = codes
                .get(c as usize)
                .copied()
                .unwrap_or_else(|| code(c, self.script));
            match code {
                SKIP => {}
                BREAK => word.end(votes),
                APOSTROPHE if word.letters == 0 => {}
                code => word.push(u32::from(code), votes),
            }
        }
        word.end(votes);
    }
}

/// What the votes of a text say.
pub(super) struct Vote {
    pub(super) language: &'static str,
    pub(super) confidence: f32,
    /// Whether a piece by itself is plainly for another language.
    pub(super) is_mixed: bool,
}

/// Sums of weights so far.
struct Votes<'w, const LANES: usize> {
    weights: &'w [[u8; LANES]],
    shift: u32,
    sums: [i16; LANES],
    pending: u32,
    totals: [i32; LANES],
    /// Votes that were carried since these were last taken.
    voters: u32,
}

impl<const LANES: usize> Votes<'_, LANES> {
    #[inline(always)]
    fn add(&mut self, hash: u32) {
        self.pending += 1;
        // The shift keeps the row below their number; a missing row has no vote.
        if let Some(row) = self.weights.get((hash >> self.shift) as usize) {
            for (sum, &weight) in self.sums.iter_mut().zip(row) {
                *sum += i16::from(weight.cast_signed());
            }
        }
    }

    /// Makes room in the sums for the votes of one more character.
    #[inline(always)]
    fn make_room(&mut self) {
        if self.pending >= CARRY {
            self.carry();
        }
    }

    #[inline(always)]
    fn carry(&mut self) {
        for (total, sum) in self.totals.iter_mut().zip(&mut self.sums) {
            *total += i32::from(std::mem::take(sum));
        }
        self.voters += std::mem::take(&mut self.pending);
    }
}

/// The word that is being read: its last two letters and its hash.
struct Word {
    before: u32,
    last: u32,
    hash: u32,
    letters: u32,
}

impl Default for Word {
    fn default() -> Self {
        Self {
            before: 0,
            last: EDGE,
            hash: 0x811C_9DC5,
            letters: 0,
        }
    }
}

/// Stands for the edge of a word among three letters.
const EDGE: u32 = 1;

impl Word {
    #[inline(always)]
    fn push<const LANES: usize>(&mut self, letter: u32, votes: &mut Votes<'_, LANES>) {
        if self.letters > 0 {
            votes.add(three(self.before, self.last, letter));
        }
        self.hash = (self.hash ^ letter).wrapping_mul(0x0100_0193);
        self.before = self.last;
        self.last = letter;
        self.letters += 1;
    }

    #[inline(always)]
    fn end<const LANES: usize>(&mut self, votes: &mut Votes<'_, LANES>) {
        if self.letters > 0 {
            votes.add(three(self.before, self.last, EDGE));
            votes.add(self.hash.wrapping_mul(0x85EB_CA6B));
            *self = Self::default();
        }
    }
}

#[inline]
const fn three(first: u32, second: u32, third: u32) -> u32 {
    (first << 22 ^ second << 11 ^ third).wrapping_mul(0x9E37_79B1)
}

/// Code of what ends a word: all that is no letter or mark of the script.
const BREAK: u16 = 0;
/// Code of what is not seen: vowel signs of Arabic, tatweel, joiners, combining accents.
const SKIP: u16 = u16::MAX;
/// Code of an apostrophe, in Latin a letter inside a word.
const APOSTROPHE: u16 = 0x27;
/// End of the table of codes: all scripts of the groups, but for Latin with two accents.
const TABLE: u32 = 0x1400;

fn related(languages: &[&str]) -> Vec<u128> {
    let of = |language: &&str| {
        let all = languages.iter().enumerate();
        all.filter(|(_, other)| may_be_confused(other, language))
            .fold(0, |bits, (index, _)| bits | 1 << index)
    };
    languages.iter().map(of).collect()
}

fn codes(script: Script) -> Vec<u16> {
    (0..TABLE)
        .map(|code_point| char::from_u32(code_point).map_or(BREAK, |c| code(c, script)))
        .collect()
}

/// What a character is to the model of a script.
fn code(c: char, script: Script) -> u16 {
    match c {
        '\u{640}'
        | '\u{AD}'
        | '\u{200C}'..='\u{200F}'
        | '\u{300}'..='\u{36F}'
        | '\u{64B}'..='\u{65F}'
        | '\u{670}' => SKIP,
        '\'' | '\u{2018}' | '\u{2019}' | '\u{2BB}' | '\u{2BC}' => {
            if script == Script::Latin {
                APOSTROPHE
            } else {
                BREAK
            }
        }
        c => {
            let class = class::class(c);
            let is_own = class.script() == script && matches!(class.kind(), Kind::Letter | Kind::Mark);
            if is_own { lower(c) } else { BREAK }
        }
    }
}

/// The small letter of a capital of the Latin and Cyrillic blocks. `İ` becomes `i`.
fn lower(c: char) -> u16 {
    if c == 'İ' {
        return u16::from(b'i');
    }
    let mut small = c.to_lowercase();
    match (small.next(), small.next()) {
        (Some(small), None) => u16::try_from(u32::from(small)).unwrap_or(BREAK),
        _ => BREAK,
    }
}
