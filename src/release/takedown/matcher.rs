//! Records against tombstones.

use super::key::{Key, Kind};
use super::{NearSignature, Prefix, Scope, Tombstone, Tombstones};
use crate::release::{hex, unhex};
use crate::text::url::canonical;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Share of equal minima from which a text counts as a near copy of one that was taken down. The
/// estimate has a deviation of 0.035 at 0.8; one below errs on the side of the takedown.
const SIMILAR: f64 = 0.77;

/// What near copies are told by: hashes of the bands of a signature, and its minima.
#[derive(Debug, Clone, Default)]
pub struct Near {
    /// Hash of each band.
    pub bands: Vec<u64>,
    /// The minima.
    pub minima: Vec<u16>,
}

/// What a record is recognised by.
#[derive(Debug, Clone, Default)]
pub struct Traits<'a> {
    /// Its id.
    pub id: Option<&'a str>,
    /// Its address.
    pub url: Option<&'a str>,
    /// Its source.
    pub source: Option<&'a str>,
    /// SHA-256 of its text; `None` for an empty one.
    pub text: Option<[u8; 32]>,
    /// SHA-256 of its matching key, where it has letters enough.
    pub match_key: Option<[u8; 32]>,
    /// Its signature, where it has letters enough.
    pub near: Option<Near>,
}

/// Tombstones, ready to be compared with.
#[derive(Debug, Clone)]
pub struct Matcher {
    key: Key,
    /// By keyed hash, with the kind in front: ids, addresses, sources, texts, matching keys.
    exact: HashMap<(u8, [u8; 32]), u32>,
    prefixes: BTreeSet<usize>,
    bands: HashMap<[u8; 8], Vec<u32>>,
    minima: HashMap<u32, Vec<u8>>,
    kinds: HashSet<u8>,
}

impl Matcher {
    pub(super) fn new(tombstones: &Tombstones, key: Key) -> Self {
        let mut matcher = Self {
            key,
            exact: HashMap::new(),
            prefixes: BTreeSet::new(),
            bands: HashMap::new(),
            minima: HashMap::new(),
            kinds: HashSet::new(),
        };
        for (number, tombstone) in tombstones.iter().enumerate() {
            matcher.add(number as u32, tombstone);
        }
        matcher
    }

    fn add(&mut self, number: u32, tombstone: &Tombstone) {
        let prefix = tombstone.url_prefix.as_ref();
        let hashes = [
            (Kind::Id, tombstone.id.as_ref()),
            (Kind::Url, tombstone.url.as_ref()),
            (Kind::Prefix, prefix.map(|prefix| &prefix.hash)),
            (Kind::Source, tombstone.source.as_ref()),
            (Kind::Text, tombstone.text.as_ref()),
            (Kind::Match, tombstone.match_key.as_ref()),
        ];
        for (kind, hash) in hashes {
            if let Some(hash) = hash.and_then(|hash| unhex(hash)) {
                self.kinds.insert(kind as u8);
                self.exact.entry((kind as u8, hash)).or_insert(number);
            }
        }
        self.prefixes.extend(prefix.map(|prefix| prefix.bytes as usize));
        if let Some(near) = &tombstone.near {
            for band in &near.bands {
                self.bands.entry(short(band.as_bytes())).or_default().push(number);
            }
            self.minima.insert(number, near.minima.as_bytes().to_vec());
        }
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// Whether texts are compared at all.
    #[must_use]
    pub fn needs_texts(&self) -> bool {
        self.needs_near() || self.has(Kind::Text) || self.has(Kind::Match)
    }

    /// Whether signatures are compared.
    #[must_use]
    pub fn needs_near(&self) -> bool {
        !self.minima.is_empty()
    }

    fn has(&self, kind: Kind) -> bool {
        self.kinds.contains(&(kind as u8))
    }

    fn look(&self, kind: Kind, value: &[u8]) -> Option<u32> {
        if !self.has(kind) {
            return None;
        }
        self.exact.get(&(kind as u8, self.key.tag(kind, value))).copied()
    }

    /// Whether a record with this id was taken down by its id.
    #[must_use]
    pub fn has_id(&self, id: &str) -> bool {
        self.look(Kind::Id, id.as_bytes()).is_some()
    }

    /// The numbers, from 0, of the tombstones that the id, the address or the source of a record has.
    #[must_use]
    pub fn find_named(&self, id: Option<&str>, url: Option<&str>, source: Option<&str>) -> Vec<u32> {
        let mut found = Vec::new();
        found.extend(id.and_then(|id| self.look(Kind::Id, id.as_bytes())));
        if let Some(url) = url.filter(|_| self.has(Kind::Url) || self.has(Kind::Prefix)) {
            let address = address(url);
            found.extend(self.look(Kind::Url, address.as_bytes()));
            let starts = self
                .prefixes
                .iter()
                .filter_map(|length| address.as_bytes().get(..*length));
            found.extend(starts.filter_map(|start| self.look(Kind::Prefix, start)));
        }
        found.extend(source.and_then(|source| self.look(Kind::Source, source.as_bytes())));
        found
    }

    /// The same for what a text is recognised by.
    #[must_use]
    pub fn find_text(&self, text: Option<[u8; 32]>, match_key: Option<[u8; 32]>) -> Vec<u32> {
        let text = text.and_then(|text| self.look(Kind::Text, &text));
        let match_key = match_key.and_then(|key| self.look(Kind::Match, &key));
        text.into_iter().chain(match_key).collect()
    }

    /// Tombstones whose signature shares a band with this.
    #[must_use]
    pub fn candidates(&self, bands: &[u64]) -> BTreeSet<u32> {
        let found = bands
            .iter()
            .enumerate()
            .filter_map(|(at, band)| self.bands.get(&short(self.band(at, *band).as_bytes())));
        found.flatten().copied().collect()
    }

    /// The one of these candidates whose text is near the one with these minima.
    #[must_use]
    pub fn find_near(&self, candidates: &BTreeSet<u32>, minima: &[u16]) -> Option<u32> {
        let mine = self.minima(minima);
        candidates.iter().copied().find(|number| {
            self.minima.get(number).is_some_and(|theirs| {
                let pairs = mine.as_bytes().chunks_exact(4).zip(theirs.chunks_exact(4));
                let equal = pairs.filter(|(a, b)| a == b).count();
                theirs.len() == mine.len() && equal as f64 >= SIMILAR * minima.len() as f64
            })
        })
    }

    fn band(&self, at: usize, band: u64) -> String {
        let mut value = (at as u64).to_le_bytes().to_vec();
        value.extend(band.to_le_bytes());
        hex(&self.key.tag(Kind::Band, &value)[..8])
    }

    /// Two bytes of the keyed hash of each minimum and its place, in hexadecimal.
    fn minima(&self, minima: &[u16]) -> String {
        let mut out = Vec::with_capacity(2 * minima.len());
        for (at, minimum) in minima.iter().enumerate() {
            let value = [(at as u16).to_le_bytes(), minimum.to_le_bytes()].concat();
            out.extend_from_slice(&self.key.tag(Kind::Minimum, &value)[..2]);
        }
        hex(&out)
    }

    fn hashed(&self, kind: Kind, value: &[u8]) -> String {
        hex(&self.key.tag(kind, value))
    }

    /// The tombstone of a record: of its id alone, or of all that its copies share too.
    #[must_use]
    pub fn tombstone(&self, record: &Traits<'_>, scope: Scope) -> Option<Tombstone> {
        let cluster = scope == Scope::Cluster;
        let mut tombstone = Tombstone::new(&self.key, scope);
        tombstone.id = record.id.map(|id| self.hashed(Kind::Id, id.as_bytes()));
        // A record without an id can only be told by its address and text.
        if cluster || tombstone.id.is_none() {
            let address = record.url.map(address);
            tombstone.url = address.map(|url| self.hashed(Kind::Url, url.as_bytes()));
            tombstone.text = record.text.map(|text| self.hashed(Kind::Text, &text));
        }
        if cluster {
            tombstone.match_key = record.match_key.map(|key| self.hashed(Kind::Match, &key));
            tombstone.near = record.near.as_ref().map(|near| NearSignature {
                bands: near
                    .bands
                    .iter()
                    .enumerate()
                    .map(|(at, band)| self.band(at, *band))
                    .collect(),
                minima: self.minima(&near.minima),
            });
        }
        tombstone.check().is_ok().then_some(tombstone)
    }

    /// The tombstone of an id.
    #[must_use]
    pub fn of_id(&self, id: &str, scope: Scope) -> Tombstone {
        Tombstone {
            id: Some(self.hashed(Kind::Id, id.as_bytes())),
            ..Tombstone::new(&self.key, scope)
        }
    }

    /// The tombstone of all addresses that begin like this one.
    #[must_use]
    pub fn of_prefix(&self, prefix: &str, scope: Scope) -> Tombstone {
        let prefix = prefix_of(prefix);
        Tombstone {
            url_prefix: Some(Prefix {
                bytes: prefix.len() as u32,
                hash: self.hashed(Kind::Prefix, prefix.as_bytes()),
            }),
            ..Tombstone::new(&self.key, scope)
        }
    }

    /// The tombstone of a source.
    #[must_use]
    pub fn of_source(&self, source: &str, scope: Scope) -> Tombstone {
        Tombstone {
            source: Some(self.hashed(Kind::Source, source.as_bytes())),
            ..Tombstone::new(&self.key, scope)
        }
    }

    /// The tombstone of texts with this SHA-256.
    #[must_use]
    pub fn of_text(&self, sha256: &[u8; 32], scope: Scope) -> Tombstone {
        Tombstone {
            text: Some(self.hashed(Kind::Text, sha256)),
            ..Tombstone::new(&self.key, scope)
        }
    }
}

/// The form of an address that is compared: canonical, where it is one of the web.
fn address(url: &str) -> String {
    canonical(url).unwrap_or_else(|| url.trim().to_owned())
}

/// A prefix in the form that addresses are compared in: a host alone stands for all that is below it, and
/// a slash at the end means what it says.
fn prefix_of(prefix: &str) -> String {
    let prefix = prefix.trim();
    let whole = canonical(prefix).or_else(|| canonical(&format!("https://{prefix}")));
    let mut whole = whole.unwrap_or_else(|| prefix.to_owned());
    if !whole.contains('/') || (prefix.ends_with('/') && !whole.ends_with('/')) {
        whole.push('/');
    }
    whole
}

/// The first bytes of a hash's digits: enough to look it up by.
fn short(digits: &[u8]) -> [u8; 8] {
    let mut out = [0; 8];
    for (slot, pair) in out.iter_mut().zip(digits.chunks(2)) {
        let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
        *slot = pair.iter().fold(0, |sum, byte| sum << 4 | digit(*byte));
    }
    out
}
