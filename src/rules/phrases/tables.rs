//! Reads the tables.

use super::folding::folded_guarded;
use super::{LazyRegex, Literals, Matcher, Role, Table};
use crate::text::fold::phrase_fold;
use aho_corasick::AhoCorasick;
use xxhash_rust::xxh3::xxh3_64;

pub(super) fn strings(table: &toml::Table, key: &str) -> Vec<String> {
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
    pub(super) fn parse(source: &str) -> Self {
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
}
