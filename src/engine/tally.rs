//! Rows and characters kept and lost, by language, source and reason: the answer to "what will I lose?".

use std::collections::{BTreeMap, HashMap};

/// Record ids shown for each reason.
const SAMPLES: usize = 5;

/// Pairs of a language and a source, numbered as they come.
#[derive(Debug, Clone, Default)]
pub struct Places {
    numbers: HashMap<String, HashMap<String, u32>>,
    pairs: Vec<(String, String)>,
}

impl Places {
    /// The number of a pair.
    pub fn number(&mut self, language: &str, source: &str) -> u32 {
        let known = self.numbers.get(language).and_then(|sources| sources.get(source));
        if let Some(number) = known {
            return *number;
        }
        // Strings are made for a new pair only.
        let number = self.pairs.len() as u32;
        self.pairs.push((language.to_owned(), source.to_owned()));
        let sources = self.numbers.entry(language.to_owned()).or_default();
        sources.insert(source.to_owned(), number);
        number
    }

    /// The pairs, by number.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }
}

/// Rows and characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Amount {
    /// Rows.
    pub rows: u64,
    /// Code points of their texts.
    pub chars: u64,
}

impl Amount {
    fn add(&mut self, chars: u64) {
        self.rows += 1;
        self.chars += chars;
    }
}

/// What was kept and lost of one language and source.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Row {
    /// Declared language, or empty.
    pub language: String,
    /// Source, or empty.
    pub source: String,
    /// Kept.
    pub kept: Amount,
    /// Lost, by rule code or `duplicate`.
    pub lost: BTreeMap<&'static str, Amount>,
}

/// The whole account.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    rows: Vec<Row>,
    places: Places,
    samples: BTreeMap<&'static str, Vec<String>>,
}

impl Tally {
    /// Number of the row for a language and source.
    pub fn bucket(&mut self, language: &str, source: &str) -> u32 {
        let at = self.places.number(language, source);
        if at as usize == self.rows.len() {
            self.rows.push(Row {
                language: language.to_owned(),
                source: source.to_owned(),
                ..Row::default()
            });
        }
        at
    }

    /// Counts a kept record.
    pub fn keep(&mut self, bucket: u32, chars: u64) {
        self.rows[bucket as usize].kept.add(chars);
    }

    /// Counts a lost record.
    pub fn lose(&mut self, bucket: u32, reason: &'static str, chars: u64, id: Option<&str>) {
        self.rows[bucket as usize]
            .lost
            .entry(reason)
            .or_default()
            .add(chars);
        let samples = self.samples.entry(reason).or_default();
        if let Some(id) = id
            && samples.len() < SAMPLES
        {
            samples.push(id.to_owned());
        }
    }

    /// Language of a row.
    #[must_use]
    pub fn language(&self, bucket: u32) -> &str {
        &self.rows[bucket as usize].language
    }

    /// The rows by language and source.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by(|a, b| (&a.language, &a.source).cmp(&(&b.language, &b.source)));
        rows
    }

    /// Ids of some lost records, by reason.
    #[must_use]
    pub const fn samples(&self) -> &BTreeMap<&'static str, Vec<String>> {
        &self.samples
    }
}
