//! Accepted records between the scan and the writing: what orders them in memory, the rest on disk.

use crate::engine::store::{named, read_at, reading, scratch_file};
use crate::release::rows::RowMeta;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// No shard of an earlier release.
const NEW: u32 = u32::MAX;

/// Where the JSON text of a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// Byte offset.
    pub(super) at: u64,
    /// Length in bytes.
    pub(super) len: u32,
    /// Whether that is in the store, and not in the input, whose bytes are the record as it is.
    pub(super) stored: bool,
}

/// What writing a record needs to know.
#[derive(Debug, Clone, Copy)]
struct Row {
    /// [`Spot::at`], with its [`STORED`] bit.
    at: u64,
    len: u32,
    weight: u32,
    home: u32,
}

const STORED: u64 = 1 << 63;

/// What is looked up once or twice for a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Detail {
    pub(super) input: u32,
    pub(super) line: u64,
    pub(super) chars: u32,
    /// Row of the tally.
    pub(super) bucket: u32,
    pub(super) repaired: bool,
    pub(super) match_key: Option<[u8; 32]>,
}

/// Bytes of a [`Detail`].
const DETAIL: usize = 53;
const REPAIRED: u8 = 1;
const MATCHED: u8 = 2;

impl Detail {
    fn to_bytes(self) -> [u8; DETAIL] {
        let mut bytes = [0; DETAIL];
        bytes[..8].copy_from_slice(&self.line.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.input.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.chars.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.bucket.to_le_bytes());
        bytes[20] = (REPAIRED * u8::from(self.repaired)) | (MATCHED * u8::from(self.match_key.is_some()));
        bytes[21..].copy_from_slice(&self.match_key.unwrap_or_default());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        let short = |at: usize| u32::from_le_bytes(std::array::from_fn(|n| bytes[at + n]));
        Self {
            line: u64::from_le_bytes(std::array::from_fn(|n| bytes[n])),
            input: short(8),
            chars: short(12),
            bucket: short(16),
            repaired: bytes[20] & REPAIRED != 0,
            match_key: (bytes[20] & MATCHED != 0).then(|| std::array::from_fn(|n| bytes[21 + n])),
        }
    }
}

/// Collects records.
#[derive(Debug)]
pub(super) struct Collector {
    ids: String,
    /// Where each id ends in `ids`.
    ends: Vec<u64>,
    rows: Vec<Row>,
    configs: Vec<u16>,
    /// The first document of each input that has one.
    inputs: Vec<(u32, u32)>,
    details: BufWriter<File>,
    directory: String,
}

impl Collector {
    pub(super) fn new(scratch: Option<&Path>) -> io::Result<Self> {
        let (file, directory) = scratch_file(scratch)?;
        Ok(Self {
            ids: String::new(),
            ends: Vec::new(),
            rows: Vec::new(),
            configs: Vec::new(),
            inputs: Vec::new(),
            details: BufWriter::with_capacity(1 << 16, file),
            directory,
        })
    }

    /// How many there are: the number of the next.
    pub(super) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a record: its id, its config, its home, where it stands and the size of its values.
    pub(super) fn push(
        &mut self,
        id: &str,
        config: u16,
        home: Option<u32>,
        (spot, weight): (Spot, u32),
        detail: Detail,
    ) -> io::Result<()> {
        self.ids.push_str(id);
        self.ends.push(self.ids.len() as u64);
        self.configs.push(config);
        if self.inputs.last().is_none_or(|(_, input)| *input != detail.input) {
            self.inputs.push((self.rows.len() as u32, detail.input));
        }
        self.rows.push(Row {
            at: spot.at | if spot.stored { STORED } else { 0 },
            len: spot.len,
            weight,
            home: home.unwrap_or(NEW),
        });
        named(&self.directory, self.details.write_all(&detail.to_bytes()))
    }

    pub(super) fn finish(mut self) -> io::Result<Docs> {
        named(&self.directory, self.details.flush())?;
        let file = self
            .details
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        Ok(Docs {
            details: Details {
                file,
                directory: self.directory,
                len: self.rows.len() as u32,
            },
            ids: self.ids,
            ends: self.ends,
            rows: self.rows,
            configs: self.configs,
            inputs: self.inputs,
        })
    }
}

/// All accepted records by number.
#[derive(Debug)]
pub(super) struct Docs {
    ids: String,
    ends: Vec<u64>,
    rows: Vec<Row>,
    configs: Vec<u16>,
    inputs: Vec<(u32, u32)>,
    details: Details,
}

impl Docs {
    pub(super) const fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn id(&self, doc: u32) -> &str {
        let doc = doc as usize;
        let start = doc.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.ids[start as usize..self.ends[doc] as usize]
    }

    pub(super) fn config(&self, doc: u32) -> u16 {
        self.configs[doc as usize]
    }

    /// The shard of the previous release that holds the record.
    pub(super) fn home(&self, doc: u32) -> Option<u32> {
        Some(self.rows[doc as usize].home).filter(|home| *home != NEW)
    }

    pub(super) fn meta(&self, doc: u32) -> RowMeta<'_> {
        let row = &self.rows[doc as usize];
        RowMeta {
            id: self.id(doc),
            root: None,
            home: self.home(doc),
            number: u64::from(doc),
            weight: row.weight,
        }
    }

    /// Where a record stands, and the input it came from.
    pub(super) fn spot(&self, doc: u32) -> (Spot, u32) {
        let row = &self.rows[doc as usize];
        let next = self.inputs.partition_point(|(first, _)| *first <= doc);
        let spot = Spot {
            at: row.at & !STORED,
            len: row.len,
            stored: row.at & STORED != 0,
        };
        (spot, self.inputs[next - 1].1)
    }

    /// The order of the rows of a split: those of an earlier release by shard, then new ones; by id.
    pub(super) fn order(&self, doc: u32) -> (u32, &str) {
        (self.rows[doc as usize].home, self.id(doc))
    }

    pub(super) const fn details(&self) -> &Details {
        &self.details
    }
}

/// [`Detail`]s on disk.
#[derive(Debug)]
pub(super) struct Details {
    file: File,
    directory: String,
    len: u32,
}

impl Details {
    pub(super) fn get(&self, doc: u32) -> io::Result<Detail> {
        let mut bytes = [0; DETAIL];
        self.read(&mut bytes, doc)?;
        Ok(Detail::from_bytes(&bytes))
    }

    fn read(&self, bytes: &mut [u8], from: u32) -> io::Result<()> {
        let at = u64::from(from) * DETAIL as u64;
        reading(&self.directory, read_at(&self.file, bytes, at))
    }

    /// Reads all of them, in order.
    pub(super) fn each(&self, mut each: impl FnMut(u32, Detail)) -> io::Result<()> {
        const BATCH: u32 = 2_048;
        let mut buffer = vec![0; BATCH as usize * DETAIL];
        let mut from = 0;
        while from < self.len {
            let count = BATCH.min(self.len - from);
            let bytes = &mut buffer[..count as usize * DETAIL];
            self.read(bytes, from)?;
            for (doc, detail) in (from..).zip(bytes.chunks_exact(DETAIL)) {
                each(doc, Detail::from_bytes(detail));
            }
            from += count;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let mut docs = Collector::new(None).unwrap();
        let spot = |n: u32| Spot {
            at: u64::from(n) * 7,
            len: n,
            stored: n.is_multiple_of(5),
        };
        let detail = |n: u32| Detail {
            input: n / 100 * 2,
            line: u64::from(n) << 33,
            chars: n + 1,
            bucket: n + 2,
            repaired: n % 2 == 1,
            match_key: (n % 3 == 1).then_some([n as u8; 32]),
        };
        for n in 0..5_000_u32 {
            let home = n.is_multiple_of(3).then_some(n);
            docs.push(
                &"é".repeat(n as usize % 4),
                n as u16,
                home,
                (spot(n), n + 9),
                detail(n),
            )
            .unwrap();
        }
        let docs = docs.finish().unwrap();
        assert_eq!(docs.len(), 5_000);
        assert_eq!((docs.id(0), docs.id(6), docs.config(4_999)), ("", "éé", 4_999));
        assert_eq!((docs.home(3), docs.home(4)), (Some(3), None));
        assert_eq!(
            (docs.meta(7).number, docs.meta(7).weight, docs.meta(7).id),
            (7, 16, "ééé")
        );
        for n in [0, 99, 100, 4_999] {
            assert_eq!(docs.spot(n), (spot(n), n / 100 * 2));
        }
        assert!(docs.order(3) < docs.order(4));
        assert_eq!(docs.details().get(4_321).unwrap(), detail(4_321));
        let mut next = 0;
        docs.details()
            .each(|doc, found| {
                assert_eq!((doc, found), (next, detail(next)));
                next += 1;
            })
            .unwrap();
        assert_eq!(next, 5_000);
    }
}
