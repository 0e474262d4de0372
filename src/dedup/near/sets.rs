//! Exact shingle sets of the candidates: in memory up to a budget, then in a scratch file.

use super::compare::{Common, Lookup};
use super::signature::{self, Signature};
use super::{Search, Signer};
use crate::dedup::spill::{SpillError, SpillOptions, read_back, scratch_file};
use std::collections::HashMap;
use std::fs::File;
use std::io::Write as _;
use std::sync::Mutex;

/// What is known of a candidate besides its shingles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Publication time in microseconds.
    pub date: Option<i64>,
    /// Hash of who published it.
    pub source: u64,
}

/// Sets by document.
#[derive(Debug)]
pub struct Sets {
    index: Vec<Entry>,
    bytes: Vec<u8>,
    file: Option<Mutex<File>>,
    written: u64,
    options: SpillOptions,
    signed: HashMap<u32, (Signature, Facts)>,
    signer: Signer,
}

/// What is known of one text.
#[derive(Debug)]
pub(super) enum Known<'a> {
    /// Its set is in the buffer.
    Set,
    Signed(&'a Signature),
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    doc: u32,
    len: u32,
    at: u64,
    facts: Facts,
}

impl Sets {
    /// No sets.
    #[must_use]
    pub fn new(options: &SpillOptions) -> Self {
        Self {
            index: Vec::new(),
            bytes: Vec::new(),
            file: None,
            written: 0,
            options: options.clone(),
            signed: HashMap::new(),
            signer: Signer::new(&Search::default()),
        }
    }

    /// Adds a document whose text is not read: similarities to it are estimated from what a release
    /// kept. Only those of [`Candidates::wanted`](super::Candidates::wanted) are worth adding; they
    /// stay in memory.
    pub fn add_signed(&mut self, doc: u32, signature: Signature, facts: Facts) {
        self.signed.insert(doc, (signature, facts));
    }

    /// Adds the set of a document ([`Signer::set`]); documents come in ascending order.
    ///
    /// # Errors
    /// The scratch file cannot be made or written.
    pub fn add(&mut self, doc: u32, set: &[u32], facts: Facts) -> Result<(), SpillError> {
        debug_assert!(self.index.last().is_none_or(|last| last.doc < doc));
        self.index.push(Entry {
            doc,
            len: set.len() as u32,
            at: self.written + self.bytes.len() as u64,
            facts,
        });
        self.bytes
            .extend(set.iter().flat_map(|shingle| shingle.to_le_bytes()));
        if self.bytes.len() > self.options.memory {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), SpillError> {
        let fail = |source| SpillError::writing(&self.options.scratch, source);
        if self.file.is_none() {
            self.file = Some(Mutex::new(scratch_file(&self.options.scratch)?));
        }
        if let Some(file) = &self.file {
            let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            file.write_all(&self.bytes).map_err(fail)?;
        }
        self.written += self.bytes.len() as u64;
        self.bytes.clear();
        Ok(())
    }

    /// Ends adding.
    ///
    /// # Errors
    /// The scratch file cannot be written.
    pub fn finish(&mut self) -> Result<(), SpillError> {
        if self.file.is_some() {
            self.flush()?;
            self.bytes = Vec::new();
        }
        Ok(())
    }

    /// What is known of a document, whose set is read into `set`; `None` when there is nothing.
    pub(super) fn get(&self, doc: u32, set: &mut Vec<u32>) -> Result<Option<(Known<'_>, Facts)>, SpillError> {
        set.clear();
        let Ok(at) = self.index.binary_search_by_key(&doc, |entry| entry.doc) else {
            let signed = self.signed.get(&doc);
            return Ok(signed.map(|(signature, facts)| (Known::Signed(signature), *facts)));
        };
        let entry = self.index[at];
        let len = entry.len as usize * 4;
        let number = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
        if let Some(file) = &self.file {
            let mut bytes = vec![0; len];
            read_back(file, &self.options.scratch, entry.at, &mut bytes)?;
            set.extend(bytes.as_chunks().0.iter().map(number));
        } else {
            let from = entry.at as usize;
            set.extend(self.bytes[from..from + len].as_chunks().0.iter().map(number));
        }
        Ok(Some((Known::Set, entry.facts)))
    }

    /// The documents whose sets are known, in ascending order.
    pub(super) fn docs(&self) -> impl Iterator<Item = u32> {
        self.index.iter().map(|entry| entry.doc)
    }

    /// What two texts have in common when one of them at least is known by its signature only.
    pub(super) fn estimate(&self, one: (&Known<'_>, &[u32]), two: (&Known<'_>, &[u32])) -> Common {
        let (both, sizes) = match (one.0, two.0) {
            (Known::Signed(a), Known::Signed(b)) => (
                signature::shared_between(a, b),
                (a.size as usize, b.size as usize),
            ),
            (Known::Signed(signature), Known::Set) => (
                self.shared_with(two.1, signature),
                (signature.size as usize, two.1.len()),
            ),
            (Known::Set, Known::Signed(signature)) => (
                self.shared_with(one.1, signature),
                (one.1.len(), signature.size as usize),
            ),
            (Known::Set, Known::Set) => {
                let mut lookup = Lookup::default();
                lookup.fill(one.1);
                (lookup.count(two.1) as f64, (one.1.len(), two.1.len()))
            }
        };
        Common::of(both, sizes)
    }

    fn shared_with(&self, set: &[u32], signature: &Signature) -> f64 {
        let mut minima = Vec::new();
        self.signer.minima_of(set, &mut minima);
        signature::shared_with(set, &minima, signature)
    }
}
