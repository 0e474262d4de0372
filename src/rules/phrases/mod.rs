//! Phrase tables (`phrases.toml`) and the matcher that finds them in the lines of an article.
//!
//! Only lines short enough to be interface text are folded; a long paragraph costs a count of its
//! spaces. Whole-line phrases are looked up by hash, prefixes and substrings of all tables and
//! languages by their first bytes, and a regular expression is compiled and tried only where one of
//! its table's hints occurs. Everything is built on the first short line of a run.

mod anchors;
mod literals;

pub use anchors::Anchors;

use super::{PhraseHit, PhraseKind};
use crate::record::Span;
use crate::text::class::{Kind, class};
use crate::text::fold::phrase_fold;
use crate::text::lines::Line;
use aho_corasick::AhoCorasick;
use literals::Literals;
use regex::Regex;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, OnceLock};
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, is_nfkc_quick};
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
    fold: FoldTable,
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

/// Writes what [`phrase_fold`] makes of a line into `out`, mostly by table.
pub fn fold(line: &str, out: &mut String) {
    matcher().fold.fold(line, out);
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

/// Folds a line without losing the punctuation of its edges: a letter that composes with nothing
/// guards both.
fn fold_guarded(line: &str, out: &mut String) {
    const GUARD: char = 'q';
    let mut guarded = String::with_capacity(line.len() + 2);
    guarded.push(GUARD);
    guarded.push_str(line);
    guarded.push(GUARD);
    out.clear();
    phrase_fold(&guarded, out);
    out.pop();
    if out.starts_with(GUARD) {
        out.remove(0);
    }
}

/// What the fold makes of one character of the first plane on its own, taken from [`phrase_fold`]
/// itself when the character is first met: texts hold a few hundred of them.
#[derive(Debug)]
struct FoldTable {
    entries: Box<[AtomicU32]>,
}

impl FoldTable {
    const DROP: u32 = 0;
    const SPACE: u32 = b' ' as u32;
    /// The character depends on its neighbours, or becomes several.
    const SLOW: u32 = 0xFFFF;
    /// Bits from here on hold the canonical combining class.
    const CLASS: u32 = 16;
    /// Marks an entry that is known.
    const KNOWN: u32 = 1 << 31;

    fn new() -> Self {
        Self {
            entries: (0..0x1_0000).map(|_| AtomicU32::new(0)).collect(),
        }
    }

    fn entry(code: u32) -> u32 {
        let Some(c) = char::from_u32(code) else {
            return Self::SLOW;
        };
        if c.is_ascii() {
            return match c {
                _ if c.is_ascii_whitespace() => Self::SPACE,
                _ if c.is_ascii_control() => Self::SLOW,
                c => u32::from(c.to_ascii_lowercase()),
            };
        }
        if c.is_whitespace() {
            return Self::SPACE;
        }
        // Composes with nothing before it.
        let settled = |c: char| is_nfkc_quick(std::iter::once(c)) == IsNormalized::Yes;
        let folded = folded_guarded(c.encode_utf8(&mut [0; 4]));
        let mut chars = folded.chars();
        match (chars.next(), chars.next()) {
            (None, _) if settled(c) => Self::DROP,
            // What composes with a character before it is not settled, and takes the whole line along.
            (Some(one), None) if settled(one) && one != ' ' && one <= '\u{FFFF}' => {
                match (canonical_combining_class(c), canonical_combining_class(one)) {
                    (0, 0) => u32::from(one),
                    (own, _) if one == c => u32::from(one) | u32::from(own) << Self::CLASS,
                    _ => Self::SLOW,
                }
            }
            _ => Self::SLOW,
        }
    }

    const fn is_identity(code: u32) -> bool {
        matches!(code, 0x3041..=0x3096 | 0x30a1..=0x30fa | 0x4e00..=0x9fff | 0xac00..=0xd7a3)
    }

    #[inline]
    fn get(&self, code: u32) -> u32 {
        if Self::is_identity(code) {
            return code;
        }
        let Some(slot) = self.entries.get(code as usize) else {
            return Self::SLOW;
        };
        let known = slot.load(Ordering::Relaxed);
        if known != 0 {
            return known & !Self::KNOWN;
        }
        // Every thread that comes here computes the same.
        let entry = Self::entry(code);
        slot.store(Self::KNOWN | entry, Ordering::Relaxed);
        entry
    }

    /// Folds `line` into `out`. Nearly every line takes the table; the rest goes to the full fold.
    fn fold(&self, line: &str, out: &mut String) {
        out.clear();
        // Class of the mark before: marks stay where they are as long as their classes do not fall.
        let mut mark = 0;
        for c in line.chars() {
            match self.get(u32::from(c)) {
                Self::DROP => {}
                Self::SLOW => return fold_guarded(line, out),
                Self::SPACE => {
                    if !out.ends_with(' ') {
                        out.push(' ');
                    }
                    mark = 0;
                }
                entry => {
                    let class = entry >> Self::CLASS;
                    if class != 0 && class < mark {
                        return fold_guarded(line, out);
                    }
                    mark = class;
                    if let Some(c) = char::from_u32(entry & 0xFFFF) {
                        out.push(c);
                    }
                }
            }
        }
    }
}

fn folded_guarded(text: &str) -> String {
    let mut out = String::new();
    fold_guarded(text, &mut out);
    out
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

fn strings(table: &toml::Table, key: &str) -> Vec<String> {
    table
        .get(key)
        .and_then(toml::Value::as_array)
        .map(|items| {
            items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect()
        })
        .unwrap_or_default()
}

impl Matcher {
    fn parse(source: &str) -> Self {
        let root: toml::Table = toml::from_str(source).unwrap_or_default();
        let integer = |table: &toml::Table, key: &str| {
            table
                .get(key)
                .and_then(toml::Value::as_integer)
                .and_then(|n| usize::try_from(n).ok())
        };
        let defaults = root.get("defaults").and_then(toml::Value::as_table);
        let default_words = defaults
            .and_then(|table| integer(table, "max_words"))
            .unwrap_or(14);
        let mut matcher = Self {
            fold: FoldTable::new(),
            tables: Vec::new(),
            whole: Vec::new(),
            longest_whole: 0,
            patterns: Vec::new(),
            literals: Literals::new(Vec::new(), &[]),
            raw_hints: None,
            anchors: Vec::new(),
            attribution: Vec::new(),
            default_words,
            max_words: default_words,
        };
        let (mut literals, mut raw_hints) = (Vec::new(), Vec::new());
        for (code, rule) in &root {
            let Some(rule) = rule.as_table() else { continue };
            if code == "attribution" {
                matcher.attribution = strings(rule, "any")
                    .iter()
                    .map(|word| folded_guarded(word))
                    .collect();
                continue;
            }
            let max_words = integer(rule, "max_words").unwrap_or(default_words);
            matcher.max_words = matcher.max_words.max(max_words);
            matcher.anchors.push((code.clone(), strings(rule, "anchors")));
            for (language, table) in rule {
                if let Some(table) = table.as_table() {
                    matcher.add(code, language, max_words, table, &mut literals);
                    raw_hints.extend(strings(table, "raw_hint"));
                }
            }
        }
        matcher.whole.sort_unstable();
        let begins: Vec<bool> = matcher
            .patterns
            .iter()
            .map(|(role, _)| matches!(role, Role::Prefix | Role::StartHint))
            .collect();
        matcher.literals = Literals::new(literals, &begins);
        matcher.raw_hints = AhoCorasick::new(&raw_hints).ok();
        matcher
    }

    fn add(
        &mut self,
        code: &str,
        language: &str,
        max_words: usize,
        table: &toml::Table,
        literals: &mut Vec<String>,
    ) {
        let index = self.tables.len() as u16;
        let mut buffer = String::new();
        for phrase in strings(table, "line") {
            buffer.clear();
            phrase_fold(&phrase, &mut buffer);
            self.longest_whole = self.longest_whole.max(buffer.len());
            self.whole
                .push((xxh3_64(buffer.as_bytes()), index, buffer.as_str().into()));
        }
        for (key, role) in [
            ("prefix", Role::Prefix),
            ("contains", Role::Contains),
            ("hint", Role::Hint),
        ] {
            for phrase in strings(table, key) {
                let (role, phrase) = match (role, phrase.strip_prefix('^')) {
                    (Role::Hint, Some(phrase)) => (Role::StartHint, phrase),
                    _ => (role, phrase.as_str()),
                };
                self.patterns.push((role, index));
                literals.push(folded_guarded(phrase));
            }
        }
        self.tables.push(Table {
            code: code.to_owned(),
            language: language.to_owned(),
            max_words,
            cues: strings(table, "cue")
                .iter()
                .map(|cue| folded_guarded(cue))
                .collect(),
            regexes: strings(table, "regex").into_iter().map(LazyRegex::new).collect(),
            raw: strings(table, "raw").into_iter().map(LazyRegex::new).collect(),
        });
    }

    /// The lines of `text` that match a table, in line order, then by code. One hit a line and
    /// code, unless raw expressions stand in prose: then one each. Where several languages of a
    /// rule match a line, the table of `language` (the record's) is named. Of the lines longer than
    /// most, those are looked at in which one of `anchors` stands. `markup` is false where no `{`,
    /// `[` and tag is in the text.
    #[must_use]
    pub fn hits(
        &'static self,
        text: &str,
        lines: &[Line],
        language: &str,
        anchors: &Anchors,
        markup: bool,
    ) -> Vec<PhraseHit> {
        let mut hits = Vec::new();
        let mut scratch = Scratch::default();
        let raw = self.may_hold_raw(text, markup);
        let long = text.len() > self.default_words && anchors.is_match(text);
        let mut fenced = false;
        for (index, line) in lines.iter().enumerate() {
            let value = &text[line.trimmed.range()];
            let first = hits.len();
            match self.length(value) {
                Length::Usual => self.line(value, line.trimmed, index, language, &mut scratch, &mut hits),
                Length::Long if long && anchors.is_match(value) => {
                    self.line(value, line.trimmed, index, language, &mut scratch, &mut hits);
                    self.keep_anchored(value, first, &mut hits);
                }
                Length::Long | Length::Never => {}
            }
            if raw {
                fenced ^= value.starts_with("```");
                if !fenced {
                    self.raw(value, line.trimmed, index, first, &mut scratch, &mut hits);
                }
            }
            if hits.len() > first + 1 {
                hits[first..].sort_by(|a, b| a.code.cmp(b.code).then(a.span.cmp(&b.span)));
            }
        }
        hits
    }

    /// Whether a line that is longer than most matches a table, whatever rules run. [`Matcher::hits`]
    /// has all that are not longer.
    #[must_use]
    pub fn is_long_residue(&'static self, line: &str) -> bool {
        if self.length(line) != Length::Long || !all_anchors().is_match(line) {
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
    fn may_hold_raw(&self, text: &str, markup: bool) -> bool {
        let Some(hints) = &self.raw_hints else {
            return false;
        };
        let bytes = text.as_bytes();
        let around = |at: usize| {
            let window =
                at.saturating_sub(hints.max_pattern_len())..bytes.len().min(at + hints.max_pattern_len());
            hints.is_match(&bytes[window])
        };
        (markup
            && (memchr::memchr2_iter(b'{', b'[', bytes).any(around)
                || memchr::memchr_iter(b'<', bytes).any(around)))
            || memchr::memchr_iter(b'%', bytes).any(around)
            || memchr::memmem::find_iter(bytes, b"ield").any(around)
    }

    /// What the length of a line says. A space is one byte in every script.
    fn length(&self, line: &str) -> Length {
        if line.is_empty() || line.len() > self.max_words * MAX_BYTES_PER_WORD {
            return Length::Never;
        }
        let spaces = memchr::memchr_iter(b' ', line.as_bytes()).count();
        if spaces < self.default_words && line.len() <= self.default_words * MAX_BYTES_PER_WORD {
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
        self.fold.fold(line, folded);
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
        if !self.may_hold_raw(line, true) {
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
        self.attribution.iter().any(|word| has_word(&line, word))
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
        self.fold.fold(value, &mut folded);
        let inner = stripped(&folded);
        self.find_whole(&folded[inner.clone()], &inner, &mut matches);
        matches.iter().any(|m| {
            let table = &self.tables[m.table as usize];
            table.code == code && table.language == language
        })
    }
}

/// Buffers reused from line to line.
#[derive(Debug, Default)]
struct Scratch {
    folded: String,
    matches: Vec<Match>,
    spans: Vec<Span>,
}

/// The part of a folded line without its edges of punctuation, symbols and spaces.
fn stripped(full: &str) -> Range<usize> {
    let end = full.trim_end_matches(is_edge).len();
    let start = end - full[..end].trim_start_matches(is_edge).len();
    start..end
}

fn is_edge(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_alphanumeric();
    }
    matches!(
        class(c).kind(),
        Kind::Punctuation | Kind::Symbol | Kind::Separator
    ) && !c.is_alphanumeric()
}

/// Whether `word` occurs in `line` between boundaries (in scripts without spaces: anywhere).
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() || is_unspaced(c));
        edge(line[..at].chars().next_back()) && edge(line[at + word.len()..].chars().next())
    })
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::text::lines::table;
    use proptest::prelude::*;

    fn hits(text: &str, language: &str) -> Vec<PhraseHit> {
        matcher().hits(text, &table(text), language, all_anchors(), true)
    }

    fn codes(text: &str) -> Vec<&'static str> {
        hits(text, "en").iter().map(|hit| hit.code).collect()
    }

    #[test]
    fn tables_parse_and_every_expression_compiles_and_has_a_hint() {
        let matcher = matcher();
        assert!(matcher.whole.len() > 600 && matcher.patterns.len() > 500);
        assert!(matcher.raw_hints.is_some());
        assert!(matcher.attribution.len() > 50);
        for (index, table) in matcher.tables.iter().enumerate() {
            for regex in table.regexes.iter().chain(&table.raw) {
                assert!(regex.get().is_some(), "{}: {}", table.code, regex.source);
            }
            let hinted = matcher.patterns.contains(&(Role::Hint, index as u16))
                || matcher.patterns.contains(&(Role::StartHint, index as u16));
            assert_eq!(
                hinted,
                !table.regexes.is_empty(),
                "{} {}",
                table.code,
                table.language
            );
        }
    }

    #[test]
    fn every_whole_line_phrase_is_found_with_decoration() {
        let source: toml::Table = toml::from_str(SOURCE).unwrap();
        for (code, rule) in &source {
            for (language, phrases) in rule.as_table().into_iter().flatten() {
                let Some(phrases) = phrases.as_table() else {
                    continue;
                };
                for phrase in strings(phrases, "line") {
                    let text = format!("• {} »", phrase.to_uppercase());
                    let found = hits(&text, language);
                    assert!(
                        found
                            .iter()
                            .any(|hit| hit.code == code && hit.kind == PhraseKind::Line),
                        "{code} {language} {phrase}"
                    );
                }
            }
        }
    }

    #[test]
    fn marks_and_letter_variants_do_not_hide_a_phrase() {
        let found = hits("نص.\n  إقـرأ المَزيد… ", "ar");
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].code, found[0].line, found[0].kind),
            ("B003", 1, PhraseKind::Line)
        );
        assert_eq!((found[0].words, found[0].table), (2, "ar"));
        assert!((found[0].cover - 1.0).abs() < f32::EPSILON);
    }

    #[test]
    fn punctuation_of_a_prefix_counts() {
        assert_eq!(codes("Read more: the bridge opens"), ["B003"]);
        assert_eq!(codes("Read more books this winter"), Vec::<&str>::new());
    }

    #[test]
    fn long_lines_are_not_matched() {
        let prose = "we met the miller and asked him why he would not enable javascript ".repeat(4);
        assert_eq!(codes(&prose), Vec::<&str>::new());
        let dense = "字".repeat(60);
        assert_eq!(codes(&format!("更多{dense}")), Vec::<&str>::new());
    }

    #[test]
    fn network_names_need_a_clear_one() {
        assert_eq!(codes("Facebook | X | WhatsApp"), ["B006"]);
        assert_eq!(codes("XXX"), Vec::<&str>::new());
        assert_eq!(codes("Facebook"), Vec::<&str>::new());
    }

    #[test]
    fn raw_expressions_are_found_in_long_lines_but_not_in_code() {
        let long = "word ".repeat(90);
        let text = format!("{long}${{site.name}} {long}[object Object] end");
        let found = hits(&text, "en");
        let spans: Vec<_> = found.iter().map(|hit| &text[hit.span.range()]).collect();
        assert_eq!(spans, ["${site.name}", "[object Object]"]);
        assert_eq!(
            codes("Write `{{ x }}` there and see what comes out of it"),
            Vec::<&str>::new()
        );
        assert_eq!(codes("```\n{{ x }}\n```"), Vec::<&str>::new());
    }

    #[test]
    fn every_raw_hint_is_found_where_it_stands() {
        let root: toml::Table = toml::from_str(SOURCE).unwrap();
        let tables = root.values().filter_map(toml::Value::as_table);
        let hints: Vec<String> = tables
            .flat_map(|rule| rule.values().filter_map(toml::Value::as_table))
            .flat_map(|table| strings(table, "raw_hint"))
            .collect();
        assert!(hints.len() > 40);
        for hint in &hints {
            for text in [hint.clone(), format!("ب{hint}"), format!("a word {hint} a word")] {
                assert!(matcher().may_hold_raw(&text, true), "{text}");
            }
        }
        assert!(!matcher().may_hold_raw("a field of 5% [sic] <b> {x}", true));
    }

    #[test]
    fn the_table_folds_as_the_full_fold_does() {
        let table = FoldTable::new();
        let mut fast = String::new();
        for line in [
            "«إقـرأ المَزيد»\u{a0}\u{200f}، ٣",
            "ÇOK OKUNANLAR ı İ I\u{307} ß ﬁ Ⅳ",
            "ا\u{654} \u{301}e\u{301} ﻻ ｶﾞ が か\u{3099}",
            "क\u{93c} हिन्दी\t\u{2003}\u{2011} “x” … ½",
            "展开全文　続きを読む",
        ] {
            table.fold(line, &mut fast);
            assert_eq!(fast, folded_guarded(line), "{line}");
        }
        for code in 1..0x1_0100 {
            let Some(c) = char::from_u32(code) else { continue };
            let line = format!("ab{c}d");
            table.fold(&line, &mut fast);
            assert_eq!(fast, folded_guarded(&line), "U+{code:04X}");
        }
    }

    proptest! {
        #[test]
        fn the_table_folds_lines_as_the_full_fold_does(
            line in "[a-eE \u{300}-\u{304}\u{323}\u{338}\u{200d}\u{ad}\u{905}-\u{94d}\u{9be}\u{9c7}\u{e01}-\u{e4e}ẠﬁﷲΪ≠\u{3099}かカ\u{1100}\u{1161}가İıς.，Ａ！５\u{640}-\u{655}اأيی\u{fe8d}-\u{fea0}\u{5b0}-\u{5c7}א-ת«»…½\u{a0}\u{3000}]{0,30}"
        ) {
            let mut fast = String::new();
            FoldTable::new().fold(&line, &mut fast);
            prop_assert_eq!(&fast, &folded_guarded(&line));
            let mut full = String::new();
            phrase_fold(&line, &mut full);
            super::fold(&line, &mut fast);
            prop_assert_eq!(fast, full);
        }
    }

    #[test]
    fn words_of_scripts_without_spaces() {
        assert_eq!(words("one two, three"), 3);
        assert_eq!(words("it's well-known"), 2);
        assert_eq!(words(&"字".repeat(40)), 14);
    }
}
