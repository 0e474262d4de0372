//! A shard and its state while they are written.

use super::Result;
use super::encode::{Encoded, Stream};
use super::manifest::{File, Role, Shard};
use super::row_hash::RowsHash;
use super::shard::ShardFile;
use std::path::Path;

/// A shard being written, and its state beside it.
pub(super) struct OpenShard {
    paths: (String, String),
    pub(super) data: ShardFile,
    state: ShardFile,
    hash: RowsHash,
    rows: u64,
    id_min: Option<Box<str>>,
    id_max: Option<Box<str>>,
}

impl OpenShard {
    pub(super) fn create(root: &Path, paths: &(String, String), stream: &Stream<'_>) -> Result<Self> {
        Ok(Self {
            data: ShardFile::create(&root.join(&paths.0), &stream.data)?,
            state: ShardFile::create(&root.join(&paths.1), &stream.state)?,
            paths: paths.clone(),
            hash: RowsHash::default(),
            rows: 0,
            id_min: None,
            id_max: None,
        })
    }

    pub(super) fn append(&mut self, group: Encoded<'_>) -> Result<()> {
        self.hash.add(group.keys.iter().map(|keys| &keys.row_hash));
        self.rows += group.rows.len() as u64;
        if self.id_min.is_none() {
            self.id_min = group.rows.first().map(|m| m.id.into());
        }
        self.id_max = group.rows.last().map(|m| m.id.into());
        self.data.append(group.data)?;
        self.state.append(group.state)
    }

    pub(super) fn close(self, rows_since: &str, bytes_since: &str) -> Result<(Shard, File)> {
        let facts = self.data.close()?;
        let state = self.state.close()?;
        let file = File {
            path: self.paths.1.clone(),
            bytes: state.bytes,
            sha256: state.sha256,
            role: Role::State,
        };
        let shard = Shard {
            path: self.paths.0,
            bytes: facts.bytes,
            sha256: facts.sha256,
            rows: self.rows,
            row_groups: facts.row_groups,
            uncompressed_bytes: facts.uncompressed_bytes,
            rows_hash: self.hash.finish(),
            id_min: self.id_min.unwrap_or_default().into(),
            id_max: self.id_max.unwrap_or_default().into(),
            footer_bytes: facts.footer_bytes,
            rows_since: rows_since.to_owned(),
            bytes_since: bytes_since.to_owned(),
            state: self.paths.1,
        };
        Ok((shard, file))
    }
}
