//! The one grouping primitive: fixed-width rows, sorted in memory while they fit, on disk beyond.
//!
//! A row is compared byte by byte, and its first bytes are its key. When the buffer is full it is
//! sorted and appended to one scratch file as a run, with the place where each of 4,096 buckets
//! (the first twelve bits of the key) begins. Reading merges the runs, whole or bucket range by
//! bucket range in parallel, with one small buffer a run: memory depends neither on the number of
//! rows nor on how many share a key. The order of the rows pushed, the budget and the number of
//! threads change nothing in what is read.

use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Buckets of the index of a run.
const BUCKETS: usize = 4096;
/// Rows below which a budget is not taken seriously.
const MIN_ROWS: usize = 1024;
/// Bytes read at once from a run.
const READ_BYTES: usize = 64 * 1024;

/// How much a spill may hold in memory and where it writes.
#[derive(Debug, Clone)]
pub struct SpillOptions {
    /// Bytes of memory for buffered rows; beyond, they go to disk.
    pub memory: usize,
    /// Directory for the scratch file, which is unnamed and vanishes with the process.
    pub scratch: PathBuf,
}

impl Default for SpillOptions {
    fn default() -> Self {
        Self {
            memory: 64 << 20,
            scratch: std::env::temp_dir(),
        }
    }
}

/// Spilled keys could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("{what} spilled keys in {}: {source}; point `[engine] scratch` to a directory with room", path.display())]
pub struct SpillError {
    /// Directory of the scratch file.
    pub path: PathBuf,
    what: &'static str,
    /// What the system said.
    pub source: io::Error,
}

impl SpillError {
    /// What could not be written.
    pub(super) fn writing(directory: &std::path::Path, source: io::Error) -> Self {
        Self {
            path: directory.to_path_buf(),
            what: "cannot write",
            source,
        }
    }
}

/// An unnamed scratch file, which vanishes with the process.
pub(super) fn scratch_file(directory: &std::path::Path) -> Result<File, SpillError> {
    tempfile::tempfile_in(directory).map_err(|source| SpillError::writing(directory, source))
}

/// Fills `buffer` from a place of a scratch file.
pub(super) fn read_back(
    file: &Mutex<File>,
    directory: &std::path::Path,
    offset: u64,
    buffer: &mut [u8],
) -> Result<(), SpillError> {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    file.seek(SeekFrom::Start(offset))
        .and_then(|_| file.read_exact(buffer))
        .map_err(|source| SpillError {
            path: directory.to_path_buf(),
            what: "cannot read",
            source,
        })
}

/// Collects rows of `N` bytes.
#[derive(Debug)]
pub struct Spill<const N: usize> {
    rows: Vec<[u8; N]>,
    capacity: usize,
    scratch: PathBuf,
    file: Option<File>,
    runs: Vec<Run>,
    written: u64,
}

/// One sorted run in the scratch file.
#[derive(Debug)]
struct Run {
    /// Row number, in the file, where each bucket begins; one more for the end.
    starts: Vec<u64>,
}

fn bucket_of<const N: usize>(row: &[u8; N]) -> usize {
    usize::from(row[0]) << 4 | usize::from(row[1] >> 4)
}

/// Eight bytes of a row as a big-endian number.
pub(crate) fn be_u64<const N: usize>(row: &[u8; N], at: usize) -> u64 {
    u64::from_be_bytes(std::array::from_fn(|index| row[at + index]))
}

impl<const N: usize> Spill<N> {
    /// An empty spill.
    #[must_use]
    pub fn new(options: &SpillOptions) -> Self {
        Self {
            rows: Vec::new(),
            // Half: a growing vector holds its old half beside the new one for a moment.
            capacity: (options.memory / N / 2).max(MIN_ROWS),
            scratch: options.scratch.clone(),
            file: None,
            runs: Vec::new(),
            written: 0,
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The scratch file cannot be made or written.
    pub fn push(&mut self, row: [u8; N]) -> Result<(), SpillError> {
        if self.rows.len() >= self.capacity {
            self.flush()?;
        }
        self.rows.push(row);
        Ok(())
    }

    /// Adds rows.
    ///
    /// # Errors
    /// The scratch file cannot be made or written.
    pub fn extend(&mut self, rows: &[[u8; N]]) -> Result<(), SpillError> {
        rows.iter().try_for_each(|&row| self.push(row))
    }

    /// Ends collecting.
    ///
    /// # Errors
    /// The scratch file cannot be written.
    pub fn finish(mut self) -> Result<Sorted<N>, SpillError> {
        if self.file.is_some() && !self.rows.is_empty() {
            self.flush()?;
            self.rows = Vec::new();
        }
        self.rows.par_sort_unstable();
        Ok(Sorted {
            len: self.written + self.rows.len() as u64,
            rows: self.rows,
            scratch: self.scratch,
            file: self.file.map(Mutex::new),
            runs: self.runs,
        })
    }

    fn flush(&mut self) -> Result<(), SpillError> {
        self.rows.par_sort_unstable();
        let fail = |source| SpillError {
            path: self.scratch.clone(),
            what: "cannot write",
            source,
        };
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile_in(&self.scratch).map_err(fail)?),
        };
        file.write_all(self.rows.as_flattened()).map_err(fail)?;
        let mut starts = vec![0; BUCKETS + 1];
        for row in &self.rows {
            starts[bucket_of(row) + 1] += 1;
        }
        starts[0] = self.written;
        for bucket in 0..BUCKETS {
            starts[bucket + 1] += starts[bucket];
        }
        self.runs.push(Run { starts });
        self.written += self.rows.len() as u64;
        self.rows.clear();
        Ok(())
    }
}

/// Rows ready to be read in order.
#[derive(Debug)]
pub struct Sorted<const N: usize> {
    rows: Vec<[u8; N]>,
    len: u64,
    scratch: PathBuf,
    file: Option<Mutex<File>>,
    runs: Vec<Run>,
}

impl<const N: usize> Sorted<N> {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether rows went to disk.
    #[must_use]
    pub fn is_spilled(&self) -> bool {
        self.file.is_some()
    }

    /// All rows in order.
    ///
    /// # Errors
    /// Reading the scratch file.
    pub fn read(&self) -> Result<Merge<'_, N>, SpillError> {
        self.range(0, BUCKETS)
    }

    /// Cuts the rows into ranges that share no bucket, runs `f` over them in parallel, and returns
    /// what it gave in key order. Rows whose first twelve bits are equal are never separated.
    ///
    /// # Errors
    /// The first error of `f` in key order, or reading the scratch file.
    pub fn par_ranges<R: Send, E: Send + From<SpillError>>(
        &self,
        f: impl Fn(Merge<'_, N>) -> Result<R, E> + Sync,
    ) -> Result<Vec<R>, E> {
        let parts = (rayon::current_num_threads() * 4).min(BUCKETS) as u64;
        let goal = self.len.div_ceil(parts).max(MIN_ROWS as u64);
        let mut ranges = Vec::new();
        let (mut first, mut rows) = (0, 0);
        for bucket in 0..BUCKETS {
            rows += self.bucket_len(bucket);
            if rows >= goal || bucket + 1 == BUCKETS {
                ranges.push((first, bucket + 1));
                (first, rows) = (bucket + 1, 0);
            }
        }
        let results: Vec<Result<R, E>> = ranges
            .into_par_iter()
            .map(|(from, to)| f(self.range(from, to)?))
            .collect();
        results.into_iter().collect()
    }

    fn bucket_len(&self, bucket: usize) -> u64 {
        let spilled: u64 = self
            .runs
            .iter()
            .map(|run| run.starts[bucket + 1] - run.starts[bucket])
            .sum();
        spilled + self.memory_range(bucket, bucket + 1).len() as u64
    }

    fn memory_range(&self, from: usize, to: usize) -> &[[u8; N]] {
        let start = self.rows.partition_point(|row| bucket_of(row) < from);
        let end = self.rows.partition_point(|row| bucket_of(row) < to);
        &self.rows[start..end]
    }

    fn range(&self, from: usize, to: usize) -> Result<Merge<'_, N>, SpillError> {
        let mut merge = Merge {
            sorted: self,
            memory: self.memory_range(from, to).iter(),
            sources: Vec::new(),
            heads: BinaryHeap::new(),
        };
        for run in &self.runs {
            merge.sources.push(Source {
                next: run.starts[from],
                end: run.starts[to],
                buffer: Vec::new(),
                at: 0,
            });
        }
        for index in 0..merge.sources.len() {
            merge.advance(index)?;
        }
        Ok(merge)
    }
}

/// Where the reading of one run stands.
#[derive(Debug)]
struct Source {
    next: u64,
    end: u64,
    buffer: Vec<u8>,
    at: usize,
}

/// Rows in order, merged from memory or from the runs.
#[derive(Debug)]
pub struct Merge<'a, const N: usize> {
    sorted: &'a Sorted<N>,
    memory: std::slice::Iter<'a, [u8; N]>,
    sources: Vec<Source>,
    heads: BinaryHeap<Reverse<([u8; N], usize)>>,
}

impl<const N: usize> Merge<'_, N> {
    /// Puts the next row of a run among the heads.
    fn advance(&mut self, index: usize) -> Result<(), SpillError> {
        let source = &mut self.sources[index];
        if source.at == source.buffer.len() {
            if source.next == source.end {
                source.buffer = Vec::new();
                source.at = 0;
                return Ok(());
            }
            let rows = (source.end - source.next).min((READ_BYTES / N).max(1) as u64);
            source.buffer.resize(rows as usize * N, 0);
            self.sorted.read_at(source.next * N as u64, &mut source.buffer)?;
            source.next += rows;
            source.at = 0;
        }
        let row = std::array::from_fn(|byte| source.buffer[source.at + byte]);
        source.at += N;
        self.heads.push(Reverse((row, index)));
        Ok(())
    }
}

impl<const N: usize> Sorted<N> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SpillError> {
        let Some(file) = &self.file else { return Ok(()) };
        read_back(file, &self.scratch, offset, buffer)
    }
}

impl<const N: usize> Iterator for Merge<'_, N> {
    type Item = Result<[u8; N], SpillError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(row) = self.memory.next() {
            return Some(Ok(*row));
        }
        let Reverse((row, index)) = self.heads.pop()?;
        Some(self.advance(index).map(|()| row))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spill(rows: &[[u8; 16]], memory: usize) -> Sorted<16> {
        let mut spill = Spill::new(&SpillOptions {
            memory,
            ..SpillOptions::default()
        });
        spill.extend(rows).unwrap();
        spill.finish().unwrap()
    }

    fn numbers(count: u64) -> Vec<[u8; 16]> {
        (0..count)
            .map(|n| u128::from(n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).to_be_bytes())
            .map(|mut row: [u8; 16]| {
                row.rotate_left(8);
                row
            })
            .collect()
    }

    #[test]
    fn spilled_rows_come_back_sorted() {
        let rows = numbers(20_000);
        let sorted = spill(&rows, 0);
        assert!(sorted.is_spilled() && sorted.runs.len() > 15);
        assert_eq!(sorted.len(), 20_000);
        let mut expected = rows.clone();
        expected.sort_unstable();
        let read: Vec<_> = sorted.read().unwrap().map(Result::unwrap).collect();
        assert_eq!(read, expected);
        let memory = spill(&rows, 1 << 30);
        assert!(!memory.is_spilled());
        assert_eq!(
            memory.read().unwrap().map(Result::unwrap).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn ranges_cover_everything_once_and_in_order() {
        let rows = numbers(30_000);
        for memory in [0, 100_000, 1 << 30] {
            let sorted = spill(&rows, memory);
            let parts = sorted
                .par_ranges(|rows| rows.collect::<Result<Vec<_>, SpillError>>())
                .unwrap();
            assert!(parts.len() > 1);
            let mut expected = rows.clone();
            expected.sort_unstable();
            assert_eq!(parts.concat(), expected, "{memory}");
        }
    }

    #[test]
    fn an_unusable_directory_is_named() {
        let mut spill = Spill::<16>::new(&SpillOptions {
            memory: 0,
            scratch: PathBuf::from("/nonexistent/scratch"),
        });
        let error = spill.extend(&numbers(3000)).unwrap_err().to_string();
        assert!(
            error.contains("/nonexistent/scratch") && error.contains("cannot write"),
            "{error}"
        );
    }

    #[test]
    fn a_full_disk_is_an_error() {
        // Writes to this device fail as on a full disk, where the system has it.
        let Ok(file) = File::options().write(true).open("/dev/full") else {
            return;
        };
        let mut spill = Spill::<16>::new(&SpillOptions {
            memory: 0,
            ..SpillOptions::default()
        });
        spill.file = Some(file);
        let error = spill.extend(&numbers(3000)).unwrap_err();
        assert_eq!(error.source.kind(), io::ErrorKind::StorageFull);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn order_of_pushing_and_budget_change_nothing(
            mut keys in proptest::collection::vec(0u16..300, 0..5000),
            memory in prop_oneof![Just(0usize), Just(40_000), Just(1 << 24)],
        ) {
            let row = |key: &u16| -> [u8; 16] { (u128::from(*key) << 112 | 5).to_be_bytes() };
            let one: Vec<_> = keys.iter().map(row).collect();
            keys.reverse();
            let two: Vec<_> = keys.iter().map(row).collect();
            let read = |sorted: &Sorted<16>| -> Vec<[u8; 16]> {
                sorted.read().unwrap().map(Result::unwrap).collect()
            };
            prop_assert_eq!(read(&spill(&one, 1 << 30)), read(&spill(&two, memory)));
        }
    }
}
