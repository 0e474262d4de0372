//! Accepted records on disk between the scan and the writing: texts never wait in memory.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::marker::PhantomData;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes in a temporary file that has no name (it is gone with the process). Written and read from
/// any thread: where they lie has no meaning.
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

    /// Adds bytes; gives where they stand.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<u64> {
        let at = self.end.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        named(&self.directory, write_at(&self.file, bytes, at))?;
        Ok(at)
    }

    /// Fills `bytes` with what stands at a place.
    pub(crate) fn read(&self, bytes: &mut [u8], at: u64) -> io::Result<()> {
        reading(&self.directory, read_at(&self.file, bytes, at))
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

/// Names the scratch directory in an error of reading from it.
pub(crate) fn reading<T>(directory: &str, result: io::Result<T>) -> io::Result<T> {
    result.map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("cannot read scratch data in {directory}: {error}"),
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
        reading(&self.directory, file.rewind())?;
        Ok(Spooled {
            input: BufReader::with_capacity(1 << 16, file),
            directory: self.directory,
            line: Vec::new(),
            kind: PhantomData,
        })
    }
}

/// What a [`Spool`] holds, in order.
#[derive(Debug)]
pub(crate) struct Spooled<T> {
    input: BufReader<File>,
    directory: String,
    line: Vec<u8>,
    kind: PhantomData<T>,
}

impl<T> Spooled<T> {
    /// Starts again from the first.
    pub(crate) fn rewind(&mut self) -> io::Result<()> {
        reading(&self.directory, std::io::Seek::rewind(&mut self.input))
    }
}

impl<T: DeserializeOwned> Iterator for Spooled<T> {
    type Item = io::Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        self.line.clear();
        match self.input.read_until(b'\n', &mut self.line) {
            Ok(0) => None,
            Ok(_) => Some(serde_json::from_slice(&self.line).map_err(io::Error::from)),
            Err(error) => Some(reading(&self.directory, Err(error))),
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
pub(crate) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_whoever_wrote_them() {
        let store = Store::new(None).unwrap();
        let places: Vec<u64> = std::thread::scope(|scope| {
            let write = |n: u8| store.write(&vec![n; 10 * usize::from(n)]).unwrap();
            let threads: Vec<_> = (0..20).map(|n| scope.spawn(move || write(n))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for (n, at) in (0..).zip(places) {
            let mut bytes = vec![0; 10 * usize::from(n)];
            store.read(&mut bytes, at).unwrap();
            assert_eq!(bytes, vec![n; 10 * usize::from(n)]);
        }
    }
}
