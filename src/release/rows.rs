//! Rows on their way to the writer: what orders them in memory, what they hold wherever the caller
//! keeps it.

use super::row_hash::RowHash;

/// What the writer needs to know about a row before it reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowMeta<'r> {
    /// Id of the record.
    pub id: &'r str,
    /// Id of the root of its cluster; `None` where that is the record itself.
    pub root: Option<&'r str>,
    /// The shard of the previous release that holds the record (index into
    /// [`super::plan::Plan::homes`]); `None` for a new row.
    pub home: Option<u32>,
    /// What [`Rows`] knows the record by.
    pub number: u64,
    /// Bytes of the row's values. They decide where row groups end, so they have to be a function of
    /// the record alone.
    pub weight: u32,
}

impl<'r> RowMeta<'r> {
    /// Id of the root of its cluster.
    #[must_use]
    pub fn root(&self) -> &'r str {
        self.root.unwrap_or(self.id)
    }
}

/// Identities of a row and of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowKeys {
    /// Identity of the row's values, as [`super::columns::Columns::encode`] gave it.
    pub row_hash: RowHash,
    /// SHA-256 of the raw text.
    pub exact_key: [u8; 32],
    /// SHA-256 of the matching key; `None` where the text is too short to be matched.
    pub match_key: Option<[u8; 32]>,
}

/// Where the writer gets rows from. Called by many threads at once.
pub trait Rows: Sync {
    /// A reader for one thread.
    fn reader(&self) -> Box<dyn RowReader + '_>;
}

/// Reads rows, in any order.
pub trait RowReader {
    /// Puts a row, as [`super::columns::Columns::encode`] writes it, into `encoded`, in the place of what
    /// that holds, and gives the row's keys.
    ///
    /// # Errors
    /// I/O; a record that is not there any more.
    fn fetch(&mut self, row: &RowMeta<'_>, encoded: &mut Vec<u8>) -> std::io::Result<RowKeys>;
}

/// A row, or why there is none.
pub type MetaResult<'r> = std::io::Result<RowMeta<'r>>;
