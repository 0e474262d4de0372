//! Accepted records on disk between the scan and the writing: texts never wait in memory.

use crate::release::rows::{RowKeys, RowMeta, Rows};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::marker::PhantomData;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a row's keys, which stand behind its values.
const KEYS: usize = 97;

/// Rows in a temporary file that has no name (it is gone with the process). Written and read from
/// any thread: where a row lies has no meaning.
#[derive(Debug)]
pub(crate) struct Store {
    file: File,
    end: AtomicU64,
    directory: String,
}

impl Store {
    pub(crate) fn new(directory: Option<&Path>) -> io::Result<Self> {
        let (file, directory) = scratch_file(directory)?;
        Ok(Self {
            file,
            end: AtomicU64::new(0),
            directory,
        })
    }

    /// Appends the keys of the row that ends where `rows` ends.
    pub(crate) fn put_keys(rows: &mut Vec<u8>, keys: &RowKeys) {
        rows.extend_from_slice(&keys.row_hash);
        rows.extend_from_slice(&keys.exact_key);
        rows.push(u8::from(keys.match_key.is_some()));
        rows.extend_from_slice(&keys.match_key.unwrap_or_default());
    }

    /// Writes rows, each with its keys; gives where they stand.
    pub(crate) fn write(&self, rows: &[u8]) -> io::Result<u64> {
        let at = self.end.fetch_add(rows.len() as u64, Ordering::Relaxed);
        named(&self.directory, write_at(&self.file, rows, at))?;
        Ok(at)
    }
}

fn keys_of(bytes: &[u8]) -> RowKeys {
    let hash = |at: usize| std::array::from_fn(|n| bytes[at + n]);
    RowKeys {
        row_hash: hash(0),
        exact_key: hash(32),
        match_key: (bytes[64] != 0).then(|| hash(65)),
    }
}

/// A file without a name in the scratch directory, and that directory for messages.
pub(crate) fn scratch_file(directory: Option<&Path>) -> io::Result<(File, String)> {
    let directory = directory.map_or_else(std::env::temp_dir, Path::to_path_buf);
    let shown = directory.display().to_string();
    let file = tempfile::tempfile_in(&directory).map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("cannot make a scratch file in {shown}: {error}"),
        )
    })?;
    Ok((file, shown))
}

pub(crate) fn named<T>(directory: &str, result: io::Result<T>) -> io::Result<T> {
    result.map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("cannot write scratch data in {directory}: {error}"),
        )
    })
}

/// Values on disk between the scan and the writing, read back once in the order they came.
#[derive(Debug)]
pub(crate) struct Spool<T> {
    out: BufWriter<File>,
    directory: String,
    kind: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> Spool<T> {
    pub(crate) fn new(directory: Option<&Path>) -> io::Result<Self> {
        let (file, directory) = scratch_file(directory)?;
        Ok(Self {
            out: BufWriter::with_capacity(1 << 16, file),
            directory,
            kind: PhantomData,
        })
    }

    /// Adds a value: one line of JSON.
    pub(crate) fn push(&mut self, value: &T) -> io::Result<()> {
        let written = serde_json::to_writer(&mut self.out, value).map_err(io::Error::from);
        let written = written.and_then(|()| self.out.write_all(b"\n"));
        named(&self.directory, written)
    }

    pub(crate) fn finish(mut self) -> io::Result<Spooled<T>> {
        named(&self.directory, self.out.flush())?;
        let mut file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(Spooled {
            input: BufReader::with_capacity(1 << 16, file),
            line: Vec::new(),
            kind: PhantomData,
        })
    }
}

/// What a [`Spool`] holds, in order.
#[derive(Debug)]
pub(crate) struct Spooled<T> {
    input: BufReader<File>,
    line: Vec<u8>,
    kind: PhantomData<T>,
}

impl<T: DeserializeOwned> Iterator for Spooled<T> {
    type Item = io::Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        self.line.clear();
        match self.input.read_until(b'\n', &mut self.line) {
            Ok(0) => None,
            Ok(_) => Some(serde_json::from_slice(&self.line).map_err(io::Error::from)),
            Err(error) => Some(Err(error)),
        }
    }
}

/// Fills `bytes` from a place of a file, without moving its cursor where the system can do that.
pub(crate) fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    #[cfg(unix)]
    {
        std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
    }
    #[cfg(windows)]
    {
        use std::os::windows::fs::FileExt;
        let mut done = 0;
        while done < bytes.len() {
            match file.seek_read(&mut bytes[done..], offset + done as u64)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                n => done += n,
            }
        }
        Ok(())
    }
}

/// Writes `bytes` at a place of a file.
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    #[cfg(unix)]
    {
        std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
    }
    #[cfg(windows)]
    {
        use std::os::windows::fs::FileExt;
        let mut done = 0;
        while done < bytes.len() {
            match file.seek_write(&bytes[done..], offset + done as u64)? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                n => done += n,
            }
        }
        Ok(())
    }
}

impl Rows for Store {
    fn keys(&self, row: &RowMeta<'_>) -> io::Result<RowKeys> {
        let mut bytes = [0; KEYS];
        read_at(&self.file, &mut bytes, row.offset + u64::from(row.len))?;
        Ok(keys_of(&bytes))
    }

    fn fetch(&self, row: &RowMeta<'_>, encoded: &mut Vec<u8>) -> io::Result<RowKeys> {
        let len = row.len as usize;
        encoded.resize(len + KEYS, 0);
        read_at(&self.file, encoded, row.offset)?;
        let keys = keys_of(&encoded[len..]);
        encoded.truncate(len);
        Ok(keys)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_with_their_keys() {
        let store = Store::new(None).unwrap();
        let keys = |n: u8| RowKeys {
            row_hash: [n; 32],
            exact_key: [n + 1; 32],
            match_key: (n % 2 == 0).then_some([n; 32]),
        };
        let rows: Vec<(u64, u32)> = std::thread::scope(|scope| {
            let write = |n: u8| {
                let mut rows = vec![n; 10 * usize::from(n)];
                Store::put_keys(&mut rows, &keys(n));
                (store.write(&rows).unwrap(), u32::from(n) * 10)
            };
            let threads: Vec<_> = (0..20).map(|n| scope.spawn(move || write(n))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let mut encoded = vec![1; 500];
        for (n, (offset, len)) in (0..).zip(rows) {
            let row = RowMeta {
                id: "",
                root: None,
                home: None,
                offset,
                len,
            };
            assert_eq!(store.fetch(&row, &mut encoded).unwrap(), keys(n));
            assert_eq!(store.keys(&row).unwrap(), keys(n));
            assert_eq!(encoded, vec![n; 10 * usize::from(n)]);
        }
    }
}
