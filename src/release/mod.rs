//! Releases: from accepted rows to one immutable, verifiable directory, and back.
//!
//! The engine decides which rows go where; this room owns everything from there on. The order is
//!
//! 1. [`commit::Lock::acquire`] on the releases directory: finishes or sweeps what a killed run left;
//! 2. [`plan::Plan::new`]: the version, the index, the previous release;
//! 3. [`writer::Writer`]: shards, state and audit into a temporary directory;
//! 4. [`writer::Writer::finish`]: identities, the semver verdict, documents, manifest, sums;
//! 5. [`writer::Staged::commit`]: fsync, one rename, one line in the index.
//!
//! [`verify::verify`] checks a release without its project.

pub mod audit;
pub mod card;
pub mod changelog;
pub mod columns;
pub mod commit;
pub mod datetime;
pub mod diff;
mod encode;
mod footer;
mod identities;
pub mod manifest;
pub mod metadata;
mod open_shard;
pub mod plan;
pub mod purge;
pub mod released;
pub mod remote;
pub mod row_hash;
pub mod rows;
pub mod semver;
pub mod shard;
pub mod signature;
pub mod splits;
pub mod state;
pub mod sums;
pub mod takedown;
pub mod verify;
pub mod writer;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod testing;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;

use std::path::{Path, PathBuf};

/// Why a release could not be made or read. [`Error::is_refusal`] tells exit code 1 from 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Reading or writing failed; the message names the path.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A Parquet file could not be written or read.
    #[error("{path}: {reason}")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the Parquet library said.
        reason: String,
    },
    /// A file of an earlier release is not what this tool wrote.
    #[error("{path}: {what}")]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The release is refused: the request can be carried out, but must not be.
    #[error("{0}")]
    Refused(String),
    /// The version exists already.
    #[error(
        "version {version} exists already in {directory}; a release never changes: choose a greater version"
    )]
    Exists {
        /// The version asked for.
        version: String,
        /// The releases directory.
        directory: PathBuf,
    },
    /// Somebody else holds the lock on the releases directory.
    #[error("another release is being made in {directory} ({holder})")]
    Locked {
        /// The releases directory.
        directory: PathBuf,
        /// Process and host, as the holder wrote them.
        holder: String,
    },
    /// The semver verdict asks for a larger step than the version declares.
    #[error("{0}")]
    Semver(Box<semver::TooSmall>),
    /// An accepted row does not fit its columns; the check before should have excluded it.
    #[error("record `{id}`: {error}")]
    Row {
        /// The record's id.
        id: String,
        /// Where and why.
        error: columns::FitError,
    },
    /// A remote did not do what it was asked.
    #[error("{place}: {what}")]
    Remote {
        /// The object or place.
        place: String,
        /// What went wrong.
        what: String,
    },
    /// The configuration or the caller asks for something that no release can be.
    #[error("{0}")]
    Invalid(String),
}

impl Error {
    /// Whether this is a refusal (exit code 1) and not a failure (exit code 2).
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Refused(_) | Self::Exists { .. } | Self::Locked { .. } | Self::Semver(_)
        )
    }

    pub(crate) fn parquet(path: &Path, reason: impl std::fmt::Display) -> Self {
        Self::Parquet {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn corrupt(path: &Path, what: impl Into<String>) -> Self {
        Self::Corrupt {
            path: path.to_owned(),
            what: what.into(),
        }
    }
}

/// What this room's functions return.
pub type Result<T> = std::result::Result<T, Error>;

/// Lower-case hexadecimal digits of `bytes`.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out
}

/// The 32 bytes that 64 lower-case hexadecimal digits stand for.
#[must_use]
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let bytes = text.as_bytes();
    if bytes.len() != 64 {
        return None;
    }
    let mut out = [0; 32];
    for (slot, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
        *slot = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(out)
}

/// SHA-256 of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).into()
}
