//! The key of tombstones.

use crate::release::{Error, Result, hex};
use sha2::{Digest as _, Sha256};

/// Fewest bytes of a key: what can be guessed keeps nothing secret.
const MIN_BYTES: usize = 16;

/// What is hashed with a key: no hash of one kind can be taken for one of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Key,
    Id,
    Url,
    Prefix,
    Source,
    Text,
    Match,
    Band,
    Minimum,
}

impl Kind {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Key => b"corpus-tombstone/1 key\0",
            Self::Id => b"corpus-tombstone/1 id\0",
            Self::Url => b"corpus-tombstone/1 url\0",
            Self::Prefix => b"corpus-tombstone/1 url-prefix\0",
            Self::Source => b"corpus-tombstone/1 source\0",
            Self::Text => b"corpus-tombstone/1 text\0",
            Self::Match => b"corpus-tombstone/1 match\0",
            Self::Band => b"corpus-tombstone/1 band\0",
            Self::Minimum => b"corpus-tombstone/1 minimum\0",
        }
    }
}

/// A secret that lives outside the repository and the releases. Never printed.
#[derive(Clone)]
pub struct Key {
    inner: Sha256,
    outer: Sha256,
    id: String,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Key").field(&self.id).finish()
    }
}

impl Key {
    /// The key with these bytes; white space around them does not count, so that a line in a file and a
    /// variable are the same key.
    ///
    /// # Errors
    /// Too few bytes.
    pub fn new(secret: &[u8]) -> Result<Self> {
        let secret = secret.trim_ascii();
        if secret.len() < MIN_BYTES {
            return Err(Error::Invalid(format!(
                "the key of the tombstones has {} bytes; it needs at least {MIN_BYTES}, better 32 that nobody chose: \
                 `openssl rand -hex 32`",
                secret.len()
            )));
        }
        let mut block = [0_u8; 64];
        if secret.len() > block.len() {
            block[..32].copy_from_slice(&crate::release::sha256(secret));
        } else {
            block[..secret.len()].copy_from_slice(secret);
        }
        let pad = |byte: u8| Sha256::new().chain_update(block.map(|b| b ^ byte));
        let mut key = Self {
            inner: pad(0x36),
            outer: pad(0x5c),
            id: String::new(),
        };
        key.id = hex(&key.tag(Kind::Key, b"")[..8]);
        Ok(key)
    }

    /// Which key it is, for people and files: sixteen digits that do not help to find it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// HMAC-SHA-256 of the kind and the value.
    pub(super) fn tag(&self, kind: Kind, value: &[u8]) -> [u8; 32] {
        let inner = self.inner.clone().chain_update(kind.name()).chain_update(value);
        self.outer
            .clone()
            .chain_update(inner.finalize())
            .finalize()
            .into()
    }

    /// The keyed hash that stands in an audit in the place of an id.
    #[must_use]
    pub fn hashed_id(&self, id: &str) -> String {
        format!("hmac-sha256:{}", hex(&self.tag(Kind::Id, id.as_bytes())))
    }
}
