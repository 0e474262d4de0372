//! The identity of all rows of a release, from what was written, without reading it back.

use super::row_hash::{ContentId, RowHash};
use super::state::Merge;
use super::{Error, Result, manifest};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, Write as _};
use std::path::Path;
use std::sync::Arc;

/// Bytes of a run that are buffered while it is written or read: many are open at once in a merge.
const BUFFER: usize = 16 << 10;

/// Ids and row hashes in runs, each in order of id, on disk.
#[derive(Debug, Default)]
pub(super) struct Identities {
    runs: Vec<Run>,
}

/// Rows of one split in order of id.
#[derive(Debug)]
pub(super) struct Run {
    config: String,
    split: String,
    out: BufWriter<File>,
    directory: Arc<str>,
}

/// Names the directory of nameless files in an error of using them.
fn scratch<T>(directory: &str, result: io::Result<T>) -> io::Result<T> {
    result.map_err(|error| {
        let what = format!("cannot use scratch data in {directory}: {error}");
        io::Error::new(error.kind(), what)
    })
}

impl Run {
    /// An empty run with a nameless file in `directory`.
    pub(super) fn new(directory: &Path, config: &str, split: &str) -> Result<Self> {
        let shown: Arc<str> = directory.display().to_string().into();
        let file = scratch(&shown, tempfile::tempfile_in(directory))?;
        Ok(Self {
            config: config.to_owned(),
            split: split.to_owned(),
            out: BufWriter::with_capacity(BUFFER, file),
            directory: shown,
        })
    }

    /// Adds a row.
    pub(super) fn add(&mut self, id: &str, hash: &RowHash) -> Result<()> {
        let length = u32::try_from(id.len()).map_err(|_| Error::Invalid("an id of 4 GiB".to_owned()))?;
        let written = self
            .out
            .write_all(&length.to_le_bytes())
            .and_then(|()| self.out.write_all(hash))
            .and_then(|()| self.out.write_all(id.as_bytes()));
        Ok(scratch(&self.directory, written)?)
    }

    fn read(self) -> io::Result<RunReader> {
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error);
        let mut file = scratch(&self.directory, file)?;
        scratch(&self.directory, file.rewind())?;
        Ok(RunReader {
            config: self.config,
            split: self.split,
            input: BufReader::with_capacity(BUFFER, file),
            directory: self.directory,
        })
    }
}

struct RunReader {
    config: String,
    split: String,
    input: BufReader<File>,
    directory: Arc<str>,
}

/// One row of the merge: id, then which run and the hash.
type Next = Reverse<(Vec<u8>, usize, RowHash)>;

impl RunReader {
    fn next(&mut self, run: usize) -> io::Result<Option<Next>> {
        let mut head = [0; 36];
        match self.input.read_exact(&mut head) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return scratch(&self.directory, Err(error)),
        }
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
        let mut id = vec![0; length as usize];
        scratch(&self.directory, self.input.read_exact(&mut id))?;
        let hash = std::array::from_fn(|at| head[4 + at]);
        Ok(Some(Reverse((id, run, hash))))
    }
}

impl Identities {
    /// Takes a run that has all its rows.
    pub(super) fn push(&mut self, run: Run) {
        self.runs.push(run);
    }

    /// The identity of all rows.
    ///
    /// # Errors
    /// I/O; an id that two rows have.
    pub(super) fn content_id(self) -> Result<String> {
        let mut runs = self
            .runs
            .into_iter()
            .map(Run::read)
            .collect::<io::Result<Vec<_>>>()?;
        let mut heap = BinaryHeap::with_capacity(runs.len());
        for (at, run) in runs.iter_mut().enumerate() {
            heap.extend(run.next(at)?);
        }
        let mut content = ContentId::default();
        let mut last: Option<Vec<u8>> = None;
        while let Some(Reverse((id, at, hash))) = heap.pop() {
            let run = &mut runs[at];
            heap.extend(run.next(at)?);
            let text = String::from_utf8_lossy(&id);
            if last.as_ref() == Some(&id) {
                return Err(Error::Invalid(format!("id `{text}` is there twice")));
            }
            content.add(&run.config, &run.split, &text, &hash);
            last = Some(id);
        }
        Ok(content.finish())
    }
}

/// The identity of all rows, from the state files of a release in `root`.
///
/// # Errors
/// I/O; a damaged state file; an id that two rows have.
pub(super) fn content_id(root: &Path, configs: &[manifest::Config]) -> Result<String> {
    let shards = configs.iter().flat_map(|c| &c.splits).flat_map(|s| &s.shards);
    let mut merge = Merge::open(shards.map(|s| root.join(&s.state)))?;
    let mut content = ContentId::default();
    let mut last: Option<String> = None;
    while let Some(row) = merge.next_row()? {
        if last.as_ref() == Some(&row.id) {
            return Err(Error::Invalid(format!("id `{}` is there twice", row.id)));
        }
        content.add(&row.config, &row.split, &row.id, &row.row_hash);
        last = Some(row.id);
    }
    Ok(content.finish())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn identities(runs: &[(&str, &[&str])]) -> Identities {
        let dir = tempfile::tempdir().unwrap();
        let mut all = Identities::default();
        for (split, ids) in runs {
            let mut run = Run::new(dir.path(), "default", split).unwrap();
            for id in *ids {
                run.add(id, &super::super::sha256(id.as_bytes())).unwrap();
            }
            all.push(run);
        }
        all
    }

    #[test]
    fn runs_are_merged_by_id() {
        let mut expected = ContentId::default();
        for (split, id) in [("train", "a"), ("test", "b"), ("train", "c"), ("train", "ي")] {
            expected.add("default", split, id, &super::super::sha256(id.as_bytes()));
        }
        let found = identities(&[("train", &["a", "ي"]), ("test", &["b"]), ("train", &["c"])]);
        assert_eq!(found.content_id().unwrap(), expected.finish());
    }

    #[test]
    fn an_id_that_is_there_twice_is_an_error() {
        let error = identities(&[("train", &["a", "b"]), ("test", &["b"])])
            .content_id()
            .unwrap_err();
        assert!(error.to_string().contains("`b` is there twice"), "{error}");
    }
}
