//! Accepted records on disk between the scan and the writing: texts never wait in memory.

use crate::record::{Span, Tree};
use crate::release::writer::{RowMeta, Rows};
use crate::source::json;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::marker::PhantomData;
use std::path::Path;

/// Appends records to a temporary file that has no name (it is gone with the process).
#[derive(Debug)]
pub(crate) struct Store {
    out: BufWriter<std::fs::File>,
    at: u64,
    directory: String,
}

/// Reads records back, from any thread.
#[derive(Debug)]
pub(crate) struct StoreReader {
    file: std::fs::File,
}

impl Store {
    pub(crate) fn new(directory: Option<&Path>) -> io::Result<Self> {
        let (file, shown) = scratch_file(directory)?;
        Ok(Self {
            out: BufWriter::with_capacity(1 << 20, file),
            at: 0,
            directory: shown,
        })
    }

    /// Adds a record; gives where it stands.
    pub(crate) fn append(&mut self, text: &[u8]) -> io::Result<u64> {
        let at = self.at;
        let length =
            u32::try_from(text.len()).map_err(|_| io::Error::other("a record of more than 4 GiB"))?;
        let written = self
            .out
            .write_all(&length.to_le_bytes())
            .and_then(|()| self.out.write_all(text));
        self.named(written)?;
        self.at += 4 + u64::from(length);
        Ok(at)
    }

    pub(crate) fn finish(mut self) -> io::Result<StoreReader> {
        let flushed = self.out.flush();
        self.named(flushed)?;
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(StoreReader { file })
    }

    fn named<T>(&self, result: io::Result<T>) -> io::Result<T> {
        named(&self.directory, result)
    }
}

/// A file without a name in the scratch directory, and that directory for messages.
fn scratch_file(directory: Option<&Path>) -> io::Result<(std::fs::File, String)> {
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

fn named<T>(directory: &str, result: io::Result<T>) -> io::Result<T> {
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
    out: BufWriter<std::fs::File>,
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
    input: BufReader<std::fs::File>,
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
pub(crate) fn read_at(file: &std::fs::File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
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

impl Rows for StoreReader {
    fn fetch(&self, row: &RowMeta, text: &mut String) -> io::Result<()> {
        let mut length = [0; 4];
        read_at(&self.file, &mut length, row.offset)?;
        let mut bytes = std::mem::take(text).into_bytes();
        bytes.clear();
        bytes.resize(u32::from_le_bytes(length) as usize, 0);
        read_at(&self.file, &mut bytes, row.offset + 4)?;
        // simdutf8 validates several times faster than String::from_utf8 does.
        match simdutf8::basic::from_utf8(&bytes) {
            Ok(valid) => text.push_str(valid),
            Err(_) => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "scratch data is not what was written",
                ));
            }
        }
        Ok(())
    }

    fn parse(&self, text: &str, tree: &mut Tree) -> Result<(), String> {
        json::parse(text, Span::new(0, text.len()), tree, &mut Vec::new())
            .map_err(|error| format!("{error:?}"))
    }
}
