//! The first count: documents in order, in blocks, into one sketch for each source.

use super::column::Column;
use super::document::Marked;
use super::sketch::{Counter, Limits, SLOT, Sketch};
use crate::config::Keep;
use crate::dedup::{Document, ExactIndex, SpillError, SpillOptions};
use crate::engine::store::{named, read_at, reading, scratch_file, write_at};
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;

/// Documents of a block.
const BLOCK: u64 = 8_192;
/// Different lines after which a block ends early: what is held in memory is bounded for long texts too.
const BLOCK_LINES: usize = 1 << 18;
/// Sources whose sketches are in memory; the others wait on disk.
const ACTIVE: usize = 64;
/// Sources that are counted. Where each record names its own, it is no source.
pub(super) const SOURCES: usize = 1 << 16;

/// Everything that the first count knows.
pub(super) struct Collector {
    numbers: HashMap<Box<str>, u32>,
    column: Column,
    block: HashMap<(u32, u64), u64>,
    in_block: u64,
    sketches: Sketches,
    copies: ExactIndex,
    documents: u64,
    /// Documents of sources beyond [`SOURCES`].
    pub(super) uncounted: u64,
}

/// What the first count gives to the second.
pub(super) struct Collected {
    pub(super) names: Vec<Box<str>>,
    pub(super) column: super::column::Written,
    pub(super) sketches: Sketches,
    pub(super) copies: ExactIndex,
    pub(super) documents: u64,
    pub(super) uncounted: u64,
}

impl Collector {
    pub(super) fn new(scratch: Option<&Path>, spill: &SpillOptions) -> io::Result<Self> {
        Ok(Self {
            numbers: HashMap::new(),
            column: Column::new(scratch)?,
            block: HashMap::new(),
            in_block: 0,
            sketches: Sketches::new(scratch)?,
            copies: ExactIndex::new(&[Keep::Earliest, Keep::Longest], spill),
            documents: 0,
            uncounted: 0,
        })
    }

    /// Takes the next document.
    pub(super) fn push(&mut self, document: &Marked) -> io::Result<()> {
        let source = match self.numbers.get(&document.source) {
            Some(number) => *number,
            None if self.numbers.len() == SOURCES => {
                self.uncounted += 1;
                return Ok(());
            }
            None => {
                let number = self.numbers.len() as u32;
                self.numbers.insert(document.source.clone(), number);
                number
            }
        };
        self.column.push(source, document)?;
        let copy = &document.copy;
        let row = Document {
            doc: self.documents,
            keys: copy.keys,
            published: false,
            date: copy.date,
            chars: copy.chars,
            identity: copy.identity,
        };
        self.copies.push(&row).map_err(|error| scratch_error(&error))?;
        self.documents += 1;
        for mark in &document.lines {
            *self.block.entry((source, mark.key)).or_insert(0) += 1;
        }
        self.in_block += 1;
        if self.in_block == BLOCK || self.block.len() >= BLOCK_LINES {
            self.end_block()?;
        }
        Ok(())
    }

    fn end_block(&mut self) -> io::Result<()> {
        self.in_block = 0;
        let mut lines: Vec<((u32, u64), u64)> = self.block.drain().collect();
        lines.sort_unstable();
        for of_source in lines.chunk_by(|a, b| a.0.0 == b.0.0) {
            let counters: Vec<Counter> = of_source
                .iter()
                .map(|((_, key), count)| Counter {
                    key: *key,
                    count: *count,
                })
                .collect();
            let sketch = self.sketches.get(of_source[0].0.0)?;
            sketch.merge(&counters, Limits::default());
        }
        Ok(())
    }

    /// Ends the first count.
    pub(super) fn finish(mut self) -> io::Result<Collected> {
        self.end_block()?;
        let mut names: Vec<(Box<str>, u32)> = self.numbers.into_iter().collect();
        names.sort_unstable_by_key(|(_, number)| *number);
        Ok(Collected {
            names: names.into_iter().map(|(name, _)| name).collect(),
            column: self.column.finish()?,
            sketches: self.sketches,
            copies: self.copies,
            documents: self.documents,
            uncounted: self.uncounted,
        })
    }
}

pub(super) fn scratch_error(error: &SpillError) -> io::Error {
    io::Error::new(error.source.kind(), error.to_string())
}

/// One sketch for each source; those used last are in memory.
pub(super) struct Sketches {
    active: HashMap<u32, (u64, Sketch)>,
    /// Bytes on disk of each source that was put there, at its own place.
    stored: HashMap<u32, u32>,
    file: File,
    directory: String,
    tick: u64,
}

impl Sketches {
    fn new(scratch: Option<&Path>) -> io::Result<Self> {
        let (file, directory) = scratch_file(scratch)?;
        Ok(Self {
            active: HashMap::new(),
            stored: HashMap::new(),
            file,
            directory,
            tick: 0,
        })
    }

    /// The sketch of a source.
    pub(super) fn get(&mut self, source: u32) -> io::Result<&mut Sketch> {
        self.tick += 1;
        if !self.active.contains_key(&source) {
            self.make_room()?;
            let sketch = match self.stored.get(&source) {
                Some(length) => {
                    let mut bytes = vec![0; *length as usize];
                    let at = u64::from(source) * SLOT;
                    reading(&self.directory, read_at(&self.file, &mut bytes, at))?;
                    Sketch::from_bytes(&bytes)
                }
                None => Sketch::default(),
            };
            self.active.insert(source, (self.tick, sketch));
        }
        let entry = self.active.entry(source).or_default();
        entry.0 = self.tick;
        Ok(&mut entry.1)
    }

    /// Puts the sketch that was not used for longest on disk.
    fn make_room(&mut self) -> io::Result<()> {
        if self.active.len() < ACTIVE {
            return Ok(());
        }
        let oldest = self.active.iter().min_by_key(|(_, (tick, _))| *tick);
        let Some(oldest) = oldest.map(|(source, _)| *source) else {
            return Ok(());
        };
        if let Some((_, sketch)) = self.active.remove(&oldest) {
            let bytes = sketch.to_bytes();
            let written = write_at(&self.file, &bytes, u64::from(oldest) * SLOT);
            named(&self.directory, written)?;
            self.stored.insert(oldest, bytes.len() as u32);
        }
        Ok(())
    }

    /// Bytes of the sketches in memory.
    #[cfg(test)]
    fn held(&self) -> usize {
        self.active
            .values()
            .map(|(_, sketch)| sketch.to_bytes().len())
            .sum()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sketches_beyond_the_active_ones_wait_on_disk() {
        let mut sketches = Sketches::new(None).unwrap();
        let counters: Vec<Counter> = (0..20_000)
            .map(|key| Counter {
                key: key << 40,
                count: 3,
            })
            .collect();
        for round in 1..=3 {
            for source in 0..200 {
                let sketch = sketches.get(source).unwrap();
                sketch.merge(&counters, Limits::default());
                assert_eq!(sketch.frequent(3 * round).count(), super::super::sketch::COUNTERS);
            }
            assert!(sketches.held() as u64 <= ACTIVE as u64 * SLOT);
        }
        assert_eq!(sketches.active.len(), ACTIVE);
    }
}
