//! Phrase tables (`phrases.toml`) and the matcher that finds them in the lines of an article.
//!
//! Only lines short enough to be interface text are folded; a long paragraph costs a count of its
//! spaces. Whole-line phrases are looked up by hash, prefixes and substrings of all tables and
//! languages by their first bytes, and a regular expression is compiled and tried only where one of
//! its table's hints occurs. Everything is built on the first short line of a run.

mod anchors;
mod folding;
mod literals;
mod memory;
mod tables;
#[cfg(test)]
mod tests;

pub use anchors::Anchors;

use super::{PhraseHit, PhraseKind};
use crate::record::Span;
use crate::text::lines::Line;
use crate::text::scan::Flags;
use aho_corasick::AhoCorasick;
use folding::{folded_guarded, stripped};
use literals::Literals;
use memory::{Memory, moved};
use regex::Regex;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};
use xxhash_rust::xxh3::xxh3_64;

/// Share of a line that matches must cover for the line to be nothing but residue (RULES.md §1).
pub(crate) const WHOLE_LINE: f32 = 0.6;
/// Words that a character of a script without spaces counts for: 14 words are 40 such characters.
const WORDS_PER_CJK_CHAR: f32 = 0.35;
/// No script of the tables has longer words on average; a longer line has too many words.
const MAX_BYTES_PER_WORD: usize = 24;

const SOURCE: &str = include_str!("../phrases.toml");

/// One table: the phrases of one rule in one language.
#[derive(Debug)]
struct Table {
    code: String,
    language: String,
    max_words: usize,
    cues: Vec<String>,
    regexes: Vec<LazyRegex>,
    raw: Vec<LazyRegex>,
}

/// A regular expression that is compiled when first tried.
#[derive(Debug)]
struct LazyRegex {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl LazyRegex {
    fn new(source: String) -> Self {
        Self {
            source,
            compiled: OnceLock::new(),
        }
    }

    /// `None` for an expression that does not compile, which a test of the tables rules out.
    fn get(&self) -> Option<&Regex> {
        self.compiled
            .get_or_init(|| Regex::new(&self.source).ok())
            .as_ref()
    }
}

/// What a pattern of the automaton stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Prefix,
    Contains,
    Hint,
    StartHint,
}

/// What the length of a line says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    /// Short, as interface text is.
    Usual,
    /// Only some notices are as long.
    Long,
    /// No phrase is as long.
    Never,
}

/// All tables, ready to match.
#[derive(Debug)]
pub struct Matcher {
    tables: Vec<Table>,
    /// Whole-line phrases by hash of the folded phrase, sorted.
    whole: Vec<(u64, u16, Box<str>)>,
    longest_whole: usize,
    patterns: Vec<(Role, u16)>,
    literals: Literals,
    raw_hints: Option<AhoCorasick>,
    /// Anchors of long lines, by code of the rule.
    anchors: Vec<(String, Vec<String>)>,
    attribution: Vec<String>,
    default_words: usize,
    max_words: usize,
}

/// The matcher over the tables of this version, built on first use.
#[must_use]
pub fn matcher() -> &'static Matcher {
    static MATCHER: LazyLock<Matcher> = LazyLock::new(|| Matcher::parse(SOURCE));
    &MATCHER
}

/// The anchors of every rule.
#[must_use]
pub fn all_anchors() -> &'static Anchors {
    static ANCHORS: LazyLock<Anchors> = LazyLock::new(|| Anchors::of(matcher(), |_| true));
    &ANCHORS
}

/// Writes what [`crate::text::fold::phrase_fold`] makes of a line into `out`, mostly by table.
pub fn fold(line: &str, out: &mut String) {
    folding::table().fold(line, out);
    let inner = stripped(out);
    out.truncate(inner.end);
    out.drain(..inner.start);
}

/// A match inside one folded line.
#[derive(Debug, Clone, Copy)]
struct Match {
    table: u16,
    kind: PhraseKind,
    start: usize,
    end: usize,
}

/// Words of a folded line; a character of a script without spaces counts for about a third.
fn words(folded: &str) -> usize {
    let mut words = 0.0;
    let mut in_word = false;
    for c in folded.chars() {
        if is_unspaced(c) {
            words += WORDS_PER_CJK_CHAR;
            in_word = false;
        } else if c.is_alphanumeric() {
            if !in_word {
                words += 1.0;
            }
            in_word = true;
        } else if c == ' ' {
            in_word = false;
        }
    }
    words as usize
}

/// Scripts written without spaces between words: Thai to Khmer, kana, Han.
const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

impl Matcher {
    /// The lines of `text` that match a table, in line order, then by code. One hit a line and
    /// code, unless raw expressions stand in prose: then one each. Where several languages of a
    /// rule match a line, the table of `language` (the record's) is named. Of the lines longer than
    /// most, those are looked at in which one of `anchors` stands. `flags` are those of the text's scan.
    #[must_use]
    pub fn hits(
        &'static self,
        text: &str,
        lines: &[Line],
        language: &str,
        anchors: &Anchors,
        flags: Flags,
    ) -> Vec<PhraseHit> {
        SCRATCH.with_borrow_mut(|scratch| self.hits_in(text, lines, language, anchors, flags, scratch))
    }

    fn hits_in(
        &'static self,
        text: &str,
        lines: &[Line],
        language: &str,
        anchors: &Anchors,
        flags: Flags,
        scratch: &mut Scratch,
    ) -> Vec<PhraseHit> {
        let mut hits = Vec::new();
        let raw = self.may_hold_raw(text, flags);
        let seed = Memory::seed(language);
        let mut anchored = None;
        let mut fenced = false;
        for (index, line) in lines.iter().enumerate() {
            let value = &text[line.trimmed.range()];
            let first = hits.len();
            match self.length(value.len(), line.spaces) {
                Length::Usual => {
                    self.short_line(value, line.trimmed, index, (language, seed), scratch, &mut hits);
                }
                Length::Long
                    if *anchored.get_or_insert_with(|| anchors.is_match(text)) && anchors.is_match(value) =>
                {
                    self.line(value, line.trimmed, index, language, scratch, &mut hits);
                    self.keep_anchored(value, first, &mut hits);
                }
                Length::Long | Length::Never => {}
            }
            if raw {
                fenced ^= value.starts_with("```");
                if !fenced {
                    self.raw(value, line.trimmed, index, first, scratch, &mut hits);
                }
            }
            if hits.len() > first + 1 {
                hits[first..].sort_by(|a, b| a.code.cmp(b.code).then(a.span.cmp(&b.span)));
            }
        }
        hits
    }

    /// A line as short as interface text, which often stands in many articles.
    fn short_line(
        &'static self,
        line: &str,
        span: Span,
        index: usize,
        (language, seed): (&str, u64),
        scratch: &mut Scratch,
        hits: &mut Vec<PhraseHit>,
    ) {
        let mut memory = std::mem::take(&mut scratch.memory);
        let known = memory.hits(line, seed, |hits| {
            self.line(line, span, index, language, scratch, hits);
        });
        hits.extend(known.iter().map(|hit| moved(hit, index, span)));
        scratch.memory = memory;
    }

    /// Whether a line that is longer than most matches a table, whatever rules run. [`Matcher::hits`]
    /// has all that are not longer.
    #[must_use]
    pub fn is_long_residue(&'static self, line: &str) -> bool {
        let spaces = memchr::memchr_iter(b' ', line.as_bytes()).count();
        if self.length(line.len(), spaces) != Length::Long || !all_anchors().is_match(line) {
            return false;
        }
        let mut hits = Vec::new();
        let span = Span::new(0, line.len());
        self.line(line, span, 0, "", &mut Scratch::default(), &mut hits);
        self.keep_anchored(line, 0, &mut hits);
        !hits.is_empty()
    }

    /// Of the hits from `first` on, all in one long line, keeps those of rules whose own anchors stand
    /// in it: what a rule finds does not depend on which others run.
    fn keep_anchored(&self, line: &str, first: usize, hits: &mut Vec<PhraseHit>) {
        let anchored = |code: &str| {
            let own = self.anchors.iter().filter(|(of, _)| of == code);
            own.flat_map(|(_, anchors)| anchors)
                .any(|anchor| line.contains(anchor))
        };
        let mut kept = first;
        for index in first..hits.len() {
            if anchored(hits[index].code) {
                hits.swap(kept, index);
                kept += 1;
            }
        }
        hits.truncate(kept);
    }

    /// Whether a hint of a raw expression occurs. Each holds a byte that prose rarely has, or `ield`;
    /// only what stands around those is searched.
    fn may_hold_raw(&self, text: &str, flags: Flags) -> bool {
        let Some(hints) = &self.raw_hints else {
            return false;
        };
        let bytes = text.as_bytes();
        let around = |at: usize| {
            let window =
                at.saturating_sub(hints.max_pattern_len())..bytes.len().min(at + hints.max_pattern_len());
            hints.is_match(&bytes[window])
        };
        (flags.any(Flags::MARKUP)
            && (memchr::memchr2_iter(b'{', b'[', bytes).any(around)
                || memchr::memchr_iter(b'<', bytes).any(around)))
            || (flags.any(Flags::PERCENT_WORD) && memchr::memchr_iter(b'%', bytes).any(around))
            || memchr::memmem::find_iter(bytes, b"ield").any(around)
    }

    /// What the bytes and the spaces of a line say. A space is one byte in every script.
    const fn length(&self, bytes: usize, spaces: usize) -> Length {
        if bytes == 0 || bytes > self.max_words * MAX_BYTES_PER_WORD {
            return Length::Never;
        }
        if spaces < self.default_words && bytes <= self.default_words * MAX_BYTES_PER_WORD {
            Length::Usual
        } else if spaces <= self.max_words {
            Length::Long
        } else {
            Length::Never
        }
    }

    fn line(
        &'static self,
        line: &str,
        span: Span,
        index: usize,
        language: &str,
        scratch: &mut Scratch,
        hits: &mut Vec<PhraseHit>,
    ) {
        let Scratch { folded, matches, .. } = scratch;
        folding::table().fold(line, folded);
        matches.clear();
        let inner = stripped(folded);
        let full = folded.as_str();
        let core = &full[inner.clone()];
        self.find_whole(core, &inner, matches);
        self.find_literals(full, &inner, matches);
        if matches.is_empty() {
            return;
        }
        let words = words(full);
        matches.retain(|m| words <= self.tables[m.table as usize].max_words);
        matches.sort_by(|a, b| {
            self.code(a.table)
                .cmp(self.code(b.table))
                .then(a.start.cmp(&b.start))
        });
        for group in matches.chunk_by(|a, b| self.code(a.table) == self.code(b.table)) {
            let Some(best) = group.iter().min_by_key(|m| {
                let table = &self.tables[m.table as usize];
                (m.kind as u8, table.language != language, m.table)
            }) else {
                continue;
            };
            let table = &self.tables[best.table as usize];
            hits.push(PhraseHit {
                code: &table.code,
                line: index,
                kind: best.kind,
                table: &table.language,
                span,
                words,
                cover: cover(group, full, &inner),
            });
        }
    }

    fn code(&self, table: u16) -> &str {
        &self.tables[table as usize].code
    }

    fn find_whole(&self, core: &str, inner: &Range<usize>, matches: &mut Vec<Match>) {
        if core.is_empty() || core.len() > self.longest_whole {
            return;
        }
        let hash = xxh3_64(core.as_bytes());
        let from = self.whole.partition_point(|(other, ..)| *other < hash);
        let same = self.whole[from..].iter().take_while(|(other, ..)| *other == hash);
        matches.extend(
            same.filter(|(.., phrase)| **phrase == *core)
                .map(|&(_, table, _)| Match {
                    table,
                    kind: PhraseKind::Line,
                    start: inner.start,
                    end: inner.end,
                }),
        );
    }

    fn find_literals(&self, full: &str, inner: &Range<usize>, matches: &mut Vec<Match>) {
        let mut hinted = None;
        self.literals.find(full, inner.start, |pattern, start, end| {
            let (role, table) = self.patterns[pattern];
            let kind = match role {
                Role::Prefix => PhraseKind::Prefix,
                Role::Contains => PhraseKind::Contains,
                Role::Hint | Role::StartHint => {
                    // Several hints of one table mostly follow each other.
                    if hinted != Some(table) {
                        hinted = Some(table);
                        self.find_regexes(table, full, inner, matches);
                    }
                    return;
                }
            };
            matches.push(Match {
                table,
                kind,
                start,
                end,
            });
        });
    }

    fn find_regexes(&self, table: u16, full: &str, inner: &Range<usize>, matches: &mut Vec<Match>) {
        if matches
            .iter()
            .any(|m| m.table == table && m.kind == PhraseKind::Regex)
        {
            return;
        }
        let core = &full[inner.clone()];
        for regex in self.tables[table as usize]
            .regexes
            .iter()
            .filter_map(LazyRegex::get)
        {
            let found = regex
                .find(core)
                .map(|found| (found.start() + inner.start, found.end() + inner.start))
                .or_else(|| regex.find(full).map(|found| (found.start(), found.end())));
            if let Some((start, end)) = found {
                matches.push(Match {
                    table,
                    kind: PhraseKind::Regex,
                    start,
                    end,
                });
                return;
            }
        }
    }

    /// Raw expressions: the whole line when they cover most of it, else each where it stands.
    fn raw(
        &'static self,
        line: &str,
        span: Span,
        index: usize,
        first: usize,
        scratch: &mut Scratch,
        hits: &mut Vec<PhraseHit>,
    ) {
        if !self.may_hold_raw(line, Flags::ALL) {
            return;
        }
        for table in self.tables.iter().filter(|table| !table.raw.is_empty()) {
            if hits[first..].iter().any(|hit| hit.code == table.code) {
                continue;
            }
            let spans = &mut scratch.spans;
            spans.clear();
            for regex in table.raw.iter().filter_map(LazyRegex::get) {
                spans.extend(
                    regex
                        .find_iter(line)
                        .filter(|found| !in_code(line, found.start()))
                        .map(|found| Span::new(found.start(), found.end())),
                );
            }
            merge(spans);
            if spans.is_empty() {
                continue;
            }
            let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            let covered: usize = spans.iter().map(|s| solid(&line[s.range()])).sum();
            let cover = covered as f32 / solid(line).max(1) as f32;
            let hit = |span: Span| PhraseHit {
                code: &table.code,
                line: index,
                kind: PhraseKind::Regex,
                table: &table.language,
                span,
                words: words(line),
                cover,
            };
            if cover >= WHOLE_LINE {
                hits.push(hit(span));
            } else {
                hits.extend(
                    spans
                        .iter()
                        .map(|s| hit(Span::new(span.start + s.start, span.start + s.end))),
                );
            }
        }
    }

    /// Whether a line attributes a statement (`said`, `قال`): then it is prose.
    #[must_use]
    pub fn is_attributed(&self, line: &str) -> bool {
        let line = folded_guarded(line);
        let mut places = self
            .attribution
            .iter()
            .flat_map(|word| word_places(&line, word))
            .peekable();
        if places.peek().is_none() {
            return false;
        }
        // A phrase may hold such a word itself: `即表示您同意`, `با ذکر منبع`.
        let inner = stripped(&line);
        let mut matches = Vec::new();
        self.find_literals(&line, &inner, &mut matches);
        places.any(|at| !matches.iter().any(|m| (m.start..m.end).contains(&at)))
    }

    /// Whether a line speaks to the reader (`please`, `your browser`, `متصفحك`), in any language.
    #[must_use]
    pub fn speaks_to_reader(&self, line: &str) -> bool {
        let line = folded_guarded(line);
        self.tables
            .iter()
            .any(|table| table.cues.iter().any(|cue| has_word(&line, cue)))
    }

    /// Whether a string equals a whole-line phrase of a rule's table.
    #[must_use]
    pub fn is_phrase(&self, code: &str, language: &str, value: &str) -> bool {
        let (mut folded, mut matches) = (String::new(), Vec::new());
        folding::table().fold(value, &mut folded);
        let inner = stripped(&folded);
        self.find_whole(&folded[inner.clone()], &inner, &mut matches);
        matches.iter().any(|m| {
            let table = &self.tables[m.table as usize];
            table.code == code && table.language == language
        })
    }
}

/// Buffers reused from line to line, and what lines gave before.
#[derive(Debug, Default)]
struct Scratch {
    folded: String,
    matches: Vec<Match>,
    spans: Vec<Span>,
    memory: Memory,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Whether `word` occurs in `line` between boundaries (in scripts without spaces: anywhere).
fn has_word(line: &str, word: &str) -> bool {
    word_places(line, word).next().is_some()
}

/// Where `word` occurs in `line` between boundaries.
fn word_places<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    line.match_indices(word)
        .filter(|&(at, _)| {
            let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() || is_unspaced(c));
            edge(line[..at].chars().next_back()) && edge(line[at + word.len()..].chars().next())
        })
        .map(|(at, _)| at)
}

/// Whether a position stands between back quotes.
fn in_code(line: &str, at: usize) -> bool {
    line[..at].matches('`').count() % 2 == 1 && line[at..].contains('`')
}

/// Sorts spans and unites those that touch.
fn merge(spans: &mut Vec<Span>) {
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let joined = next.start <= last.end;
        if joined {
            last.end = last.end.max(next.end);
        }
        joined
    });
}

/// Share of the folded line's letters and other characters that the matches of one rule cover.
fn cover(group: &[Match], full: &str, inner: &Range<usize>) -> f32 {
    let mut spans: Vec<Span> = group
        .iter()
        .map(|m| Span::new(m.start.max(inner.start), m.end.min(inner.end)))
        .filter(|span| !span.is_empty())
        .collect();
    merge(&mut spans);
    let chars = |range: Range<usize>| full[range].chars().filter(|&c| c != ' ').count();
    let covered: usize = spans.iter().map(|span| chars(span.range())).sum();
    covered as f32 / chars(inner.clone()).max(1) as f32
}
