//! What changed from one release to another: rows, columns, schema, documents; and how large a step
//! that asks for.
//!
//! Rows are compared by (id, config, split, row hash) in a streaming merge over `state/`; shards whose
//! rows are the same on both sides are skipped unread. Texts are read only of rows that changed, and
//! only where both releases have their `data/`: without it, every change counts as one of content.

mod found;
mod licence;
mod pairs;
mod rows;
mod shape;
mod table;

pub use pairs::Pair;
pub use table::{DiffTable, SCHEMA, to_json};

use super::manifest::{Manifest, Reason, Shard, Split};
use super::{Result, semver};
use crate::release::manifest::Level;
use std::collections::BTreeSet;
use std::path::Path;

/// One side of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Where it stands.
    pub directory: &'a Path,
    /// Its manifest.
    pub manifest: &'a Manifest,
}

impl<'a> Side<'a> {
    fn splits(self) -> impl Iterator<Item = (&'a str, &'a Split)> {
        let configs = self.manifest.configs.iter();
        configs.flat_map(|c| c.splits.iter().map(move |s| (c.name.as_str(), s)))
    }

    fn shards(self) -> impl Iterator<Item = (&'a str, &'a str, &'a Shard)> {
        self.manifest.shards()
    }

    fn split_names(self) -> BTreeSet<String> {
        let names = self.splits();
        names
            .map(|(config, split)| format!("{config}/{}", split.name))
            .collect()
    }

    fn default_config(self) -> Option<&'a str> {
        let default = self.manifest.configs.iter().find(|c| c.default);
        default.map(|c| c.name.as_str())
    }
}

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its values changed; it may have moved too.
    Changed,
    /// It stands in another split or config.
    Moved,
    /// The same text under a new id.
    Renamed,
}

impl Op {
    /// Lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::Renamed => "renamed",
        }
    }
}

/// Config and split of a row.
pub type Place<'a> = (&'a str, &'a str);

/// A row that is not the same on both sides.
#[derive(Debug)]
pub struct RowChange<'a> {
    /// What happened to it.
    pub op: Op,
    /// Its id, the new one where it was renamed.
    pub id: &'a str,
    /// The id it had, where it was renamed.
    pub id_old: Option<&'a str>,
    /// Where it stood.
    pub old: Option<Place<'a>>,
    /// Where it stands.
    pub new: Option<Place<'a>>,
    /// The values of a changed row, where both releases have their data.
    pub pair: Option<&'a Pair>,
}

/// Rows by what happened to them. A row that changed and moved counts as both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct RowCounts {
    /// New rows.
    pub added: u64,
    /// Rows that are gone.
    pub removed: u64,
    /// Rows with other values.
    pub changed: u64,
    /// Rows in another split or config.
    pub moved: u64,
    /// Rows with another id and the same text.
    pub renamed: u64,
}

/// The outcome of a comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// Rows.
    pub rows: RowCounts,
    /// Columns that changed, with the rows in which they did, in order of name.
    pub columns: Vec<(String, u64)>,
    /// Whether changed rows were compared value by value.
    pub values_compared: bool,
    /// The checks that fired, in order of code.
    pub reasons: Vec<Reason>,
    /// Sentences about columns, schema, licence and documents.
    pub notes: Vec<String>,
}

impl Diff {
    /// The largest step that the changes ask for.
    #[must_use]
    pub fn required(&self) -> Level {
        semver::required(&self.reasons)
    }
}

/// What else a comparison has to know.
#[derive(Clone, Copy, Default)]
pub struct Context<'a> {
    /// Whether the row with this id was taken down: it is counted and not named.
    pub taken_down: Option<&'a (dyn Fn(&str) -> bool + 'a)>,
    /// Step that a takedown asks for; `None`: [`Level::Major`].
    pub takedown_level: Option<Level>,
}

/// What changed from `old` to `new`. Every row that did is handed to `each`, in order of id; rows that
/// were taken down are not.
///
/// # Errors
/// I/O, a damaged file, or what `each` gives.
pub fn compare(
    old: Side<'_>,
    new: Side<'_>,
    context: Context<'_>,
    each: &mut dyn FnMut(&RowChange<'_>) -> Result<()>,
) -> Result<Diff> {
    let mut found = found::Found::default();
    let mut diff = Diff::default();
    rows::compare(old, new, context, &mut found, &mut diff, each)?;
    shape::compare(old, new, &mut found, &mut diff)?;
    diff.reasons = found.reasons(context.takedown_level);
    Ok(diff)
}
