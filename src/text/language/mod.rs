//! Which language a text is in, from the text alone.
//!
//! A long text is read in a few short pieces. Their letters are counted by script; a script that one
//! language writes settles the matter. Inside the Latin, Cyrillic, Arabic, Devanagari, Bengali, Hebrew
//! and Ethiopic scripts, groups of three letters and whole words vote with the weights of a small
//! linear model (`model`). Nothing is allocated, and the same text always gets the same answer.
//!
//! A text with too few letters, or one whose votes lie close together, gets no language: that is an
//! answer too.

mod model;
mod pieces;
mod related;

use super::class::{self, Kind, Script};
use model::Group;
use pieces::Pieces;
pub use related::may_be_confused;
use std::sync::LazyLock;

/// What a text looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detected {
    /// ISO 639-1 code, or 639-3 where there is none; `None` when the text does not say.
    pub language: Option<&'static str>,
    /// The script of most letters; [`Script::Common`] when there are too few.
    pub script: Script,
    /// Probability that it is this language or one that [`may_be_confused`] with it, 0 to 1.
    pub confidence: f32,
    /// Letters that were looked at.
    pub letters: usize,
    /// Whether a piece of the text, for itself, plainly looks like another language.
    pub is_mixed: bool,
}

impl Detected {
    const fn unknown(script: Script, letters: usize) -> Self {
        Self {
            language: None,
            script,
            confidence: 0.0,
            letters,
            is_mixed: false,
        }
    }

    /// The language, where the confidence reaches `least`.
    #[must_use]
    pub fn at_least(&self, least: f32) -> Option<&'static str> {
        self.language.filter(|_| self.confidence >= least)
    }
}

/// Letters below which no language is named. A Han character counts for three letters, a Hangul
/// syllable for two.
pub const MIN_LETTERS: usize = 20;
/// Confidence below which no language is named.
pub const MIN_CONFIDENCE: f32 = 0.5;
/// Bytes of each piece in a first look.
const GLANCE: usize = 160;
/// Bytes of each piece in a second look.
const STUDY: usize = 1200;
/// Confidence at which a glance is enough.
const ENOUGH: f32 = 0.9;

/// Looks at about 600 bytes of the text, from four places, and at more where these do not agree.
#[must_use]
pub fn detect(text: &str) -> Detected {
    let glance = look(Pieces::new(text, GLANCE));
    if glance.confidence >= ENOUGH || text.len() <= 4 * GLANCE {
        return glance;
    }
    look(Pieces::new(text, STUDY))
}

/// Looks at up to 5 kB of the text, from four places.
#[must_use]
pub fn study(text: &str) -> Detected {
    look(Pieces::new(text, STUDY))
}

/// Whether [`detect`] can name this language.
#[must_use]
pub fn knows(language: &str) -> bool {
    model::languages().any(|known| known == language)
}

/// Whether most parts of the text look like this language, each for itself: a page in one language
/// with a notice in another does not, nor a list of names that happens to look like something.
#[must_use]
pub fn is_throughout(text: &str, language: &str) -> bool {
    let (mut yes, mut no) = (0, 0);
    for piece in Pieces::new(text, text.len() / 5 + 1).iter() {
        let found = look(Pieces::new(piece, STUDY));
        match found.language {
            Some(other) if may_be_confused(other, language) => yes += 1,
            _ => no += usize::from(found.confidence >= ENOUGH),
        }
    }
    yes >= 2 && no == 0
}

/// Characters whose scripts are read from a table: alphabets with two bytes, Indic scripts, and more.
const TABLE: u32 = 0x1400;

/// The script of a letter; `Common` for all else.
fn script_of_letter(c: char) -> Script {
    let class = class::class(c);
    if class.kind() == Kind::Letter {
        class.script()
    } else {
        Script::Common
    }
}

/// Letters of the pieces by script.
struct Histogram {
    counts: [u32; 64],
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: [0; 64] }
    }
}

impl Histogram {
    fn new(piece: &str) -> Self {
        static COMMON: LazyLock<Vec<u8>> = LazyLock::new(|| {
            let scripts =
                (0..TABLE).map(|code| char::from_u32(code).map_or(Script::Common, script_of_letter));
            scripts.map(|script| script as u8).collect()
        });
        let common = COMMON.as_slice();
        let mut counts = [0; 64];
        for c in piece.chars() {
            let script = common
                .get(c as usize)
                .copied()
                .unwrap_or_else(|| script_of_letter(c) as u8);
            counts[usize::from(script % 64)] += 1;
        }
        counts[Script::Common as usize] = 0;
        counts[Script::Inherited as usize] = 0;
        Self { counts }
    }

    fn add(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
    }

    fn of(&self, script: Script) -> usize {
        self.counts[script as usize] as usize
    }

    /// Scripts that are written together count as one, in letters of an alphabet.
    fn east(&self) -> [(Script, usize); 3] {
        let kana = self.of(Script::Hiragana) + self.of(Script::Katakana);
        let han = self.of(Script::Han) + self.of(Script::Bopomofo);
        // Japanese prose has more kana than Han; a Chinese article that names a product has a few.
        let japanese = kana * 10 > han;
        let (chinese, japanese) = if japanese {
            (0, han + kana)
        } else {
            (han + kana, 0)
        };
        [
            (Script::Han, chinese * 3),
            (Script::Hiragana, japanese * 3),
            (Script::Hangul, self.of(Script::Hangul) * 2),
        ]
    }

    /// The script of most letters, and how many these are; all letters.
    fn main(&self) -> (Script, usize, usize) {
        let east = self.east();
        let alone = model::SCRIPTS.iter().map(|&script| (script, self.of(script)));
        let mut best = (Script::Common, 0);
        let mut all = 0;
        for (script, letters) in alone.chain(east) {
            all += letters;
            if letters > best.1 {
                best = (script, letters);
            }
        }
        (best.0, best.1, all)
    }
}

/// Letters of a piece from which its own script or language counts.
const PIECE_LETTERS: usize = 40;

fn look(pieces: Pieces<'_>) -> Detected {
    let mut whole = Histogram::default();
    let mut scripts = [Script::Common; pieces::COUNT];
    for (piece, script) in pieces.iter().zip(&mut scripts) {
        let own = Histogram::new(piece);
        let (main, letters, _) = own.main();
        if letters >= PIECE_LETTERS {
            *script = main;
        }
        whole.add(&own);
    }
    let (script, letters, all) = whole.main();
    if letters < MIN_LETTERS {
        return Detected::unknown(script, letters);
    }
    let share = letters as f32 / all as f32;
    let mut found = Detected::unknown(script, letters);
    found.is_mixed = scripts.iter().any(|&own| own != Script::Common && own != script);
    let language = if let Some(language) = model::only_language(script) {
        found.confidence = share;
        language
    } else if let Some(group) = Group::of(script) {
        let vote = group.vote(&pieces);
        // Half of the letters in another script is no certain text of any language.
        found.confidence = vote.confidence * (share * 1.5).min(1.0);
        found.is_mixed |= vote.is_mixed;
        vote.language
    } else {
        return found;
    };
    found.language = (found.confidence >= MIN_CONFIDENCE).then_some(language);
    found
}

#[cfg(test)]
mod tests;
