//! Mojibake inside lines that are not garbled as a whole: single words, mixtures of charsets, and
//! sequences that lost a byte.
//!
//! Under each charset the line is searched for characters whose bytes make up UTF-8. A run of such
//! sequences speaks for the charset when the text is less odd ([`super::oddity`]) without it. The
//! charset with most in its favour is undone, and so on with the result.

use super::charset::{self, Charset, CharsetSet};
use super::makeup::makeup;
use super::mojibake;
use super::oddity::cost;
use super::sequence::{self, Reading, Sequence, Unit};
use crate::record::Span;

/// Fewest points in favour of windows-1252.
const LEAST: i32 = 3;
/// Fewest in favour of any other charset.
const LEAST_OTHER: i32 = 4;
/// Fewest where the rest of the record speaks for the charset.
const LEAST_VOTED: i32 = 0;
/// Points from which sequences that prove nothing by themselves are undone too.
const SURE: i32 = 5;
/// Most that one run may speak against a charset.
const AGAINST: i32 = -4;
/// A result this odd must be much less odd than the line was.
const HOPELESS: i32 = 8;
/// Rounds at most: layers, and charsets that stand beside each other.
const ROUNDS: usize = 8;

/// A line with its garbled words restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The whole line.
    pub text: String,
    /// The words that change.
    pub words: Vec<GarbledWord>,
    /// Whether bytes had been lost, so that some of the text is a guess or became U+FFFD.
    pub lossy: bool,
    /// Whether the line is garbled as a whole but for typographic signs that were put in later: at
    /// least four characters in three words, one charset, and garbling each again gives what was found.
    pub certain: bool,
}

/// A garbled word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GarbledWord {
    /// Bytes of the word in the line, without ASCII punctuation around it.
    pub span: Span,
    /// What it should be.
    pub text: String,
    /// The charset it was wrongly read as, the last reading where there are several.
    pub charset: Charset,
}

/// Adjacent sequences.
#[derive(Debug, Clone)]
struct Run {
    /// Units.
    start: usize,
    end: usize,
    sequences: Vec<Sequence>,
    /// How much less odd the text is without it.
    gain: i32,
}

/// Restores the garbled words of a line, if it has any. `vote` is the charset that the rest of the
/// record was read as.
#[must_use]
pub fn restore(line: &str, vote: Option<Charset>) -> Option<Restored> {
    let mut set = candidates(line);
    if set == 0 {
        return None;
    }
    let mut units = sequence::units(line);
    let mut outer = peel(&mut units);
    let vote = vote.or(outer);
    let mut rounds = usize::from(outer.is_some());
    while let Some((charset, runs)) = best(&units, set, vote).filter(|_| rounds < ROUNDS) {
        outer = outer.or(Some(charset));
        units = undo(&units, &runs);
        rounds += 1;
        // What comes out may be of any charset.
        set = CharsetSet::MAX;
    }
    let charset = outer?;
    leftovers(&mut units);
    let words = words(&units, charset);
    let odd = |text: &str| cost(text.chars());
    let left: i32 = words.iter().map(|word| odd(&word.text)).sum();
    let was: i32 = words.iter().map(|word| odd(&line[word.span.range()])).sum();
    if left >= HOPELESS && left * 5 > was * 2 {
        return None;
    }
    Some(Restored {
        text: units.iter().map(|unit| unit.c).collect(),
        lossy: units.iter().any(|unit| unit.lossy),
        certain: rounds == 1 && is_certain(line, &units, &words, charset),
        words,
    })
}

/// Restores the runs of non-ASCII characters that are garbled exactly, as a line would be. The charset of the first.
fn peel(units: &mut Vec<Unit>) -> Option<Charset> {
    let mut first = None;
    let mut at = 0;
    while let Some(start) = (at..units.len()).find(|&at| !units[at].c.is_ascii()) {
        let end = (start..units.len())
            .find(|&at| units[at].c.is_ascii())
            .unwrap_or(units.len());
        at = end;
        let run = Run {
            start,
            end,
            sequences: Vec::new(),
            gain: 0,
        };
        let text: String = units[start..end].iter().map(|unit| unit.c).collect();
        let Some(repair) = mojibake::run(&text).filter(|_| !is_quoted(units, &run)) else {
            continue;
        };
        first = first.or(repair.layers.first().copied());
        let mut rest = units.split_off(end);
        for &charset in &repair.layers {
            let runs: Vec<Run> = collect(
                units,
                Reading {
                    charset,
                    arabic: false,
                },
            )
            .into_iter()
            .filter(|run| run.start >= start)
            .collect();
            *units = undo(units, &runs);
        }
        at = units.len();
        units.append(&mut rest);
    }
    first
}

/// C1 controls right behind what was restored are windows-1252 signs that were kept as bytes.
fn leftovers(units: &mut [Unit]) {
    let mut changed = false;
    for unit in units {
        let c = unit.c;
        if changed && unit.layers == 0 && matches!(c, '\u{80}'..='\u{9f}') {
            unit.c = Charset::WINDOWS_1252.decode_byte(c as u8);
            unit.layers = usize::from(unit.c != c);
        }
        changed = unit.layers > 0;
    }
}

/// The cheap look before [`restore`]: whether two neighbours of the line could be bytes of a sequence.
#[must_use]
pub fn may_hold(line: &str) -> bool {
    candidates(line) != 0
}

/// Charsets in which two neighbours of the line could be two bytes of a sequence.
fn candidates(line: &str) -> CharsetSet {
    let (mut set, mut lead) = (0, 0);
    for c in line.chars() {
        if matches!(c, ' ' | '?' | '\u{fffd}' | '\u{80}'..='\u{9f}') {
            set |= lead;
        }
        if c.is_ascii() {
            lead = 0;
        } else {
            set |= lead & charset::tail_set(c);
            lead = charset::lead_set(c);
        }
    }
    set
}

/// The charset with most in its favour, and its runs that are to be undone.
fn best(units: &[Unit], set: CharsetSet, vote: Option<Charset>) -> Option<(Charset, Vec<Run>)> {
    let mut best: Option<((i32, usize), Charset, Vec<Run>)> = None;
    // windows-1252 is read with C1 controls, so latin-1 is in it.
    for charset in charset::ALL
        .into_iter()
        .filter(|&charset| charset != Charset::LATIN_1)
    {
        if set & charset.bit() == 0 {
            continue;
        }
        let runs = runs(units, charset);
        let score: i32 = unquoted(units, &runs).map(|run| run.gain.max(AGAINST)).sum();
        let fresh = runs
            .iter()
            .all(|run| units[run.start..run.end].iter().all(|unit| unit.layers == 0));
        let least = match charset {
            _ if fresh && vote == Some(charset) => LEAST_VOTED,
            Charset::WINDOWS_1252 => LEAST,
            _ => LEAST_OTHER,
        };
        // Of equal charsets the one that explains more, then the first.
        let key = (score, runs.iter().map(|run| run.end - run.start).sum());
        if score >= least && !is_moot(units, &runs) && best.as_ref().is_none_or(|(top, ..)| key > *top) {
            best = Some((key, charset, runs));
        }
    }
    let ((score, _), charset, mut runs) = best?;
    let sure = score >= SURE || vote == Some(charset);
    runs.retain(|run| run.gain > 0 || (sure && run.gain == 0));
    (!runs.is_empty()).then_some((charset, runs))
}

fn unquoted<'r>(units: &'r [Unit], runs: &'r [Run]) -> impl Iterator<Item = &'r Run> {
    runs.iter().filter(|run| !is_quoted(units, run))
}

/// Whether a run is alone between quotation marks, as an article on encodings has it.
fn is_quoted(units: &[Unit], run: &Run) -> bool {
    let before = run.start.checked_sub(1).map_or(' ', |at| units[at].c);
    let after = units.get(run.end).map_or(' ', |unit| unit.c);
    "\"'`(“‘«„".contains(before) && "\"'`)”’»“".contains(after)
}

/// One `Ã¥` in a line with clean dashes or quotation marks is left: it was read right where these were.
fn is_moot(units: &[Unit], runs: &[Run]) -> bool {
    let [run] = runs else { return false };
    let [first, second] = &units[run.start..run.end] else {
        return false;
    };
    (first.c, second.c) == ('Ã', '¥') && units.iter().any(|unit| is_sign(unit.c))
}

/// Typographic signs that programs put into text by themselves.
fn is_sign(c: char) -> bool {
    "‘’“”„–—…•".contains(c)
}

/// The runs of sequences of a line in a charset.
fn runs(units: &[Unit], charset: Charset) -> Vec<Run> {
    let exact = |unit: &&Unit| ('\u{600}'..='\u{6ff}').contains(&unit.c);
    let mut runs = collect(
        units,
        Reading {
            charset,
            arabic: false,
        },
    );
    let arabic = charset == Charset::WINDOWS_1252
        && runs
            .iter()
            .flat_map(|run| &run.sequences)
            .filter(|it| ('\u{600}'..='\u{6ff}').contains(&it.c))
            .count()
            + units.iter().filter(exact).filter(|unit| unit.layers > 0).count()
            >= 3;
    if arabic {
        runs = collect(units, Reading { charset, arabic });
    }
    for run in &mut runs {
        run.gain = gain(units, run, charset);
    }
    runs
}

fn collect(units: &[Unit], reading: Reading) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while at < units.len() {
        let Some(sequence) = sequence::parse(units, at, reading) else {
            at += 1;
            continue;
        };
        let end = at + sequence.len;
        match runs.last_mut().filter(|run| run.end == at) {
            Some(run) => {
                run.sequences.push(sequence);
                run.end = end;
            }
            None => runs.push(Run {
                start: at,
                end,
                sequences: vec![sequence],
                gain: 0,
            }),
        }
        at = end;
    }
    runs
}

/// How much less odd the text is without a run.
fn gain(units: &[Unit], run: &Run, charset: Charset) -> i32 {
    let chars = |units: &[Unit]| units.iter().map(|unit| unit.c).collect::<String>();
    let before = chars(&units[run.start.saturating_sub(3)..run.start]);
    let after = chars(&units[run.end..units.len().min(run.end + 2)]);
    let around = |text: &str| cost(before.chars().chain(text.chars()).chain(after.chars()));
    let mut decoded: String = run.sequences.iter().map(|sequence| sequence.c).collect();
    let mut least = around(&decoded);
    let mut sum = around(&chars(&units[run.start..run.end]));
    // What was garbled twice is odd until both readings are undone.
    while let Some(inner) = deeper(&decoded, charset) {
        least = least.min(around(&inner));
        decoded = inner;
        sum += 2;
    }
    sum - least + priors(units, run, charset)
}

/// A decoded run that is valid UTF-8 once more.
fn deeper(text: &str, charset: Charset) -> Option<String> {
    [Charset::WINDOWS_1252, charset].into_iter().find_map(|charset| {
        let bytes: Option<Vec<u8>> = text.chars().map(|c| charset.encode_lenient(c)).collect();
        let inner = String::from_utf8(bytes?).ok()?;
        (inner.len() < text.len()).then_some(inner)
    })
}

/// Points for sequences that hardly are anything else.
fn priors(units: &[Unit], run: &Run, charset: Charset) -> i32 {
    let mut sum = 0;
    let mut at = run.start;
    for sequence in &run.sequences {
        let end = at + sequence.len;
        let telling = !sequence.lossy || (sequence.len > 2 && charset == Charset::WINDOWS_1252);
        sum += if telling && units[at..end].iter().all(|unit| unit.layers > 0) {
            // What a repair made is a sequence again.
            4
        } else {
            prior(units, at, end, charset, sequence.lossy)
        };
        at = end;
    }
    sum
}

fn prior(units: &[Unit], at: usize, end: usize, charset: Charset, lossy: bool) -> i32 {
    let before = |back: usize| at.checked_sub(back).map_or(' ', |at| units[at].c);
    let after = units.get(end).map_or(' ', |unit| unit.c);
    let (lead, tail) = (units[at].c, units[end - 1].c);
    match charset.encode_lenient(lead) {
        // Quotation marks, dashes, № and ™; with `â` arrows and pictures too.
        Some(0xE2) if !lossy => {
            let punctuation = matches!(charset.encode_lenient(units[at + 1].c), Some(0x80 | 0x84));
            return if lead == 'â' {
                3
            } else {
                i32::from(punctuation) * 2
            };
        }
        _ if end - at > 2 => return 0,
        _ => {}
    }
    match (lead, tail) {
        ('Ã', ' ' | 'Ã') => i32::from(before(1).is_lowercase() || matches!(before(1), '’' | '\'')),
        (_, ' ') => 0,
        ('Ã', '\u{a0}') => {
            let word = after.is_lowercase() && !before(2).is_uppercase();
            let alone = before(1) == ' ' && after == ' ';
            i32::from(word || alone) * 3
        }
        ('Ã', '™') => 3,
        ('Ã' | 'Â', '»' | '…' | '’' | '”' | '“' | '–' | '—' | '®' | '\u{a0}') => {
            i32::from(before(1).is_lowercase() || after.is_alphanumeric()) * 2
        }
        ('Ã' | 'Â', _) if !tail.is_ascii() => 2,
        // A sign inside a word.
        _ => i32::from(before(1).is_alphabetic() && after.is_lowercase() && !tail.is_alphabetic()),
    }
}

/// Puts decoded characters in the place of runs.
fn undo(units: &[Unit], runs: &[Run]) -> Vec<Unit> {
    let mut result = Vec::with_capacity(units.len());
    let mut from = 0;
    for run in runs {
        result.extend_from_slice(&units[from..run.start]);
        let mut at = run.start;
        for sequence in &run.sequences {
            let part = &units[at..at + sequence.len];
            at += sequence.len;
            result.push(Unit {
                c: sequence.c,
                start: part[0].start,
                end: part[part.len() - 1].end,
                layers: part.iter().map(|unit| unit.layers).max().unwrap_or(0) + 1,
                lossy: sequence.lossy || part.iter().any(|unit| unit.lossy),
            });
        }
        from = run.end;
    }
    result.extend_from_slice(&units[from..]);
    result
}

/// What changed, word by word.
fn words(units: &[Unit], charset: Charset) -> Vec<GarbledWord> {
    let is_space = |unit: &Unit| unit.layers == 0 && unit.c.is_ascii_whitespace();
    let mut words = Vec::new();
    for word in units.split(is_space).map(trim) {
        if let (Some(first), Some(last)) = (word.first(), word.last()) {
            words.push(GarbledWord {
                span: Span::new(first.start, last.end),
                text: word.iter().map(|unit| unit.c).collect(),
                charset,
            });
        }
    }
    words
}

/// A word without ASCII punctuation around it; nothing if it did not change.
fn trim(word: &[Unit]) -> &[Unit] {
    let plain = |unit: &&Unit| unit.layers == 0 && unit.c.is_ascii_punctuation();
    if word.iter().all(|unit| unit.layers == 0) {
        return &[];
    }
    let start = word.iter().take_while(plain).count();
    let end = word.iter().rev().take_while(plain).count();
    &word[start..word.len() - end]
}

/// See [`Restored::certain`].
fn is_certain(line: &str, units: &[Unit], words: &[GarbledWord], charset: Charset) -> bool {
    let changed: String = units
        .iter()
        .filter(|unit| unit.layers > 0)
        .map(|unit| unit.c)
        .collect();
    let exact = units.iter().all(|unit| match unit.layers {
        0 => unit.c.is_ascii() || is_sign(unit.c),
        1 if !unit.lossy => {
            let again = charset.decode(unit.c.encode_utf8(&mut [0; 4]).as_bytes());
            again == line[unit.start..unit.end]
        }
        _ => false,
    });
    exact
        && words.len() >= 3
        && changed.chars().count() >= 4
        && makeup(&changed).is_some()
        && unquoted(units, &runs(units, charset)).next().is_none()
}

#[cfg(test)]
mod tests;
