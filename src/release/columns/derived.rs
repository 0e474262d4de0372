//! Columns that the tool computes. They say something about a record and are none of its values: row
//! hashes leave them out, so that asking for one more, or counting better, changes no record.

use super::Columns;
use crate::release::row_hash::put;
use arrow_schema::{DataType, Field, Schema};
use std::sync::Arc;

/// One of these columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Derived {
    /// The release that introduced the row.
    Since,
    /// Code points of the text.
    Chars,
    /// Words of the text.
    Words,
    /// What language the text looks like.
    Language,
    /// How certain that is.
    LanguageScore,
}

impl Derived {
    /// All, in the order of their columns.
    pub const ALL: [Self; 5] = [
        Self::Since,
        Self::Chars,
        Self::Words,
        Self::Language,
        Self::LanguageScore,
    ];

    /// Name of the column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Since => "corpus_since",
            Self::Chars => "corpus_chars",
            Self::Words => "corpus_words",
            Self::Language => "corpus_language",
            Self::LanguageScore => "corpus_language_score",
        }
    }

    /// The column with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    /// What it holds, for people.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Since => "Release that introduced the row.",
            Self::Chars => "Code points of the text.",
            Self::Words => "Words of the text, counted by script.",
            Self::Language => "Language that the text looks like; null where it does not say.",
            Self::LanguageScore => "How certain that language is, 0 to 1.",
        }
    }

    fn field(self) -> Field {
        let (kind, nullable) = match self {
            Self::Since => (DataType::Utf8, false),
            Self::Chars | Self::Words => (DataType::Int64, false),
            Self::Language => (DataType::Utf8, true),
            Self::LanguageScore => (DataType::Float64, true),
        };
        Field::new(self.name(), kind, nullable)
    }
}

/// What was computed for one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Computed<'v> {
    /// [`Derived::Since`].
    pub since: &'v str,
    /// [`Derived::Chars`].
    pub chars: u64,
    /// [`Derived::Words`].
    pub words: u64,
    /// [`Derived::Language`] and [`Derived::LanguageScore`].
    pub language: Option<(&'v str, f64)>,
}

impl Columns {
    /// The same columns with these behind them, in their own order, whatever that of `wanted`.
    #[must_use]
    pub fn with_derived(mut self, wanted: &[Derived]) -> Self {
        let mut fields: Vec<_> = self.schema.fields().iter().cloned().collect();
        let mut derived = Vec::new();
        for column in Derived::ALL.into_iter().filter(|column| wanted.contains(column)) {
            let mut name = Vec::new();
            put(&mut name, b's', column.name().as_bytes());
            derived.push((column, fields.len(), name));
            fields.push(Arc::new(column.field()));
        }
        self.schema = Arc::new(Schema::new(fields));
        self.derived = derived.into();
        self
    }

    /// Whether [`Columns::compute`] has to be called for every row.
    #[must_use]
    pub fn has_derived(&self) -> bool {
        !self.derived.is_empty()
    }

    /// Appends computed values to a row that [`Columns::encode`] wrote.
    pub fn compute(&self, values: &Computed<'_>, out: &mut Vec<u8>) {
        for (column, _, name) in self.derived.iter() {
            let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX).to_le_bytes();
            let value: (u8, &[u8]) = match (column, values.language) {
                (Derived::Since, _) => (b's', values.since.as_bytes()),
                (Derived::Chars, _) => (b'i', &number(values.chars)),
                (Derived::Words, _) => (b'i', &number(values.words)),
                (Derived::Language, Some((language, _))) => (b's', language.as_bytes()),
                (Derived::LanguageScore, Some((_, score))) => (b'f', &score.to_bits().to_le_bytes()),
                (Derived::Language | Derived::LanguageScore, None) => continue,
            };
            out.extend_from_slice(name);
            put(out, value.0, value.1);
        }
    }
}
