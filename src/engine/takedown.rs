//! Records against tombstones: what a record is recognised by, worked out only as far as needed.

use crate::dedup::keys::{ContentKeys, sha256};
use crate::dedup::near::{Search, Signer};
use crate::record::Role;
use crate::release::takedown::{Matcher, Near, Traits};
use crate::rules::Record;

/// Buffers of one worker.
#[derive(Debug, Default)]
pub struct Probe {
    key: Vec<u8>,
    signer: Option<Signer>,
}

/// What a record says of itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Named<'a> {
    /// Its id.
    pub id: Option<&'a str>,
    /// Its address.
    pub url: Option<&'a str>,
    /// Its source.
    pub source: Option<&'a str>,
    /// Its text.
    pub text: &'a str,
}

impl<'a> Named<'a> {
    pub(crate) fn of(record: &'a Record<'_>, id: Option<&'a str>) -> Self {
        Self {
            id,
            url: record.text(Role::Url),
            source: record.text(Role::Source),
            text: record.text(Role::Text).unwrap_or_default(),
        }
    }
}

impl Probe {
    /// The number of a tombstone that a record matches.
    #[must_use]
    pub fn find(&mut self, matcher: &Matcher, record: &Named<'_>) -> Option<u32> {
        self.find_all(matcher, record).first().copied()
    }

    /// The numbers of the tombstones that a record matches: all by what it says of itself, else all by its
    /// text, else one that is near it.
    #[must_use]
    pub fn find_all(&mut self, matcher: &Matcher, record: &Named<'_>) -> Vec<u32> {
        let named = matcher.find_named(record.id, record.url, record.source);
        if !named.is_empty() || record.text.is_empty() || !matcher.needs_texts() {
            return named;
        }
        let keys = ContentKeys::deciding(record.text, &mut self.key);
        let raw = sha256(record.text.as_bytes());
        let same = matcher.find_text(Some(raw), keys.folded);
        if !same.is_empty() || keys.folded.is_none() || !matcher.needs_near() {
            return same;
        }
        let signer = signer(&mut self.signer);
        let candidates = matcher.candidates(signer.sign(&self.key).bands());
        if candidates.is_empty() {
            return same;
        }
        let near = matcher.find_near(&candidates, signer.signature(&self.key).minima());
        near.into_iter().collect()
    }

    /// All that a record is recognised by.
    #[must_use]
    pub fn traits<'a>(&mut self, record: &Named<'a>) -> Traits<'a> {
        let keys = ContentKeys::deciding(record.text, &mut self.key);
        let near = keys.folded.map(|_| {
            let signer = signer(&mut self.signer);
            Near {
                bands: signer.sign(&self.key).bands().to_vec(),
                minima: signer.signature(&self.key).minima().to_vec(),
            }
        });
        Traits {
            id: record.id,
            url: record.url,
            source: record.source,
            text: (!record.text.is_empty()).then(|| sha256(record.text.as_bytes())),
            match_key: keys.folded,
            near,
        }
    }
}

/// Signatures of tombstones have one shape for ever: no setting of a project changes it.
fn signer(slot: &mut Option<Signer>) -> &mut Signer {
    slot.get_or_insert_with(|| Signer::new(&Search::default()))
}
