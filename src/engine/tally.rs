//! Rows and characters kept and lost, by language, source and reason: the answer to "what will I lose?".

use std::collections::{BTreeMap, HashMap};

/// Record ids shown for each reason.
const SAMPLES: usize = 5;

/// Where a record counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Declared language, or empty.
    pub language: String,
    /// Source, or empty.
    pub source: String,
    /// Code points of the text.
    pub chars: u64,
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
    index: HashMap<(String, String), u32>,
    samples: BTreeMap<&'static str, Vec<String>>,
}

impl Tally {
    /// Number of the row for a language and source.
    pub fn bucket(&mut self, bucket: &Bucket) -> u32 {
        // Two strings are cloned only for a new pair.
        let key = (bucket.language.clone(), bucket.source.clone());
        if let Some(at) = self.index.get(&key) {
            return *at;
        }
        let at = self.rows.len() as u32;
        self.rows.push(Row {
            language: key.0.clone(),
            source: key.1.clone(),
            ..Row::default()
        });
        self.index.insert(key, at);
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
