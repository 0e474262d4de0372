//! Releases that new records are compared with: their state is enough, no text of theirs is read.

use super::corpus::identity;
use crate::dedup::{ContentKeys, Document};
use crate::release::manifest::Manifest;
use crate::release::state::StateReader;
use crate::release::{Error, hex};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One shard of a release, with what is known of its rows.
#[derive(Debug)]
struct Shard {
    /// How messages name it.
    shown: Arc<str>,
    state: PathBuf,
}

/// The rows of releases.
#[derive(Debug, Default)]
pub struct Against {
    shards: Vec<Shard>,
}

/// A published row: its shard, its row from 1, its id, and the document that it stands for.
pub(crate) struct Published<'a> {
    pub(crate) shard: usize,
    pub(crate) row: u64,
    pub(crate) id: &'a str,
    pub(crate) document: Document,
}

impl Against {
    /// The releases in these directories. Their matching keys must be those of `match_key`.
    ///
    /// # Errors
    /// A directory that holds no release, or one whose keys cannot be compared.
    pub fn open(directories: &[PathBuf], match_key: &str) -> Result<Self, Error> {
        let mut shards = Vec::new();
        for directory in directories {
            let path = directory.join("manifest.json");
            if !path.is_file() {
                return Err(Error::Invalid(format!(
                    "--against: `{}` is not the directory of a release",
                    directory.display()
                )));
            }
            let (manifest, _) = Manifest::read(directory)?;
            if manifest.pipeline.match_key.as_deref() != Some(match_key) {
                return Err(Error::Invalid(format!(
                    "--against: the texts of {} were not compared by {match_key}; release it again with this version",
                    directory.display()
                )));
            }
            for (_, _, shard) in manifest.shards() {
                shards.push(Shard {
                    shown: shown(directory, &shard.path),
                    state: directory.join(&shard.state),
                });
            }
        }
        Ok(Self { shards })
    }

    /// Whether there is nothing to compare with.
    pub(crate) const fn is_empty(&self) -> bool {
        self.shards.is_empty()
    }

    /// The shards, as messages name them.
    pub(crate) fn shown(&self) -> impl Iterator<Item = Arc<str>> {
        self.shards.iter().map(|shard| Arc::clone(&shard.shown))
    }

    /// Calls `each` for every row; documents are numbered from `first`.
    ///
    /// # Errors
    /// A damaged state file, or what `each` gives.
    pub(crate) fn each<E: From<Error>>(
        &self,
        first: u64,
        mut each: impl FnMut(Published<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut doc = first;
        for (shard, place) in self.shards.iter().enumerate() {
            let mut reader = StateReader::open(&place.state)?;
            let mut number = 0;
            while let Some((row, ..)) = reader.next_row()? {
                number += 1;
                let document = Document {
                    doc,
                    keys: ContentKeys {
                        raw: row.exact_key,
                        folded: row.match_key,
                    },
                    published: true,
                    date: None,
                    chars: 0,
                    identity: identity(Some(&row.id), &hex(&row.row_hash)),
                };
                each(Published {
                    shard,
                    row: number,
                    id: &row.id,
                    document,
                })?;
                doc += 1;
            }
        }
        Ok(())
    }
}

fn shown(directory: &Path, shard: &str) -> Arc<str> {
    let directory = directory.display().to_string().replace('\\', "/");
    format!("{}/{shard}", directory.trim_end_matches('/')).into()
}
