//! Where each document stands: what findings name it by.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Where each document stands, by number, on disk.
#[derive(Debug)]
pub(crate) struct Table {
    rows: BufWriter<std::fs::File>,
    ids: BufWriter<std::fs::File>,
    id_bytes: u64,
    directory: PathBuf,
}

#[derive(Debug)]
pub(crate) struct TableReader {
    rows: std::fs::File,
    ids: std::fs::File,
    directory: String,
}

#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) input: u32,
    pub(crate) line: u64,
    pub(crate) id: Option<Box<str>>,
}

const ROW: u64 = 24;

impl Table {
    pub(crate) fn new(directory: &Path) -> io::Result<Self> {
        let file = || tempfile::tempfile_in(directory).map_err(|error| named(directory, &error));
        Ok(Self {
            rows: BufWriter::with_capacity(1 << 16, file()?),
            ids: BufWriter::with_capacity(1 << 16, file()?),
            id_bytes: 0,
            directory: directory.to_path_buf(),
        })
    }

    pub(crate) fn push(&mut self, input: u32, line: u64, id: Option<&str>) -> io::Result<()> {
        let mut row = [0; ROW as usize];
        // A document without an id has the length u32::MAX.
        let length = id.map_or(u32::MAX, |id| id.len() as u32);
        row[..8].copy_from_slice(&line.to_le_bytes());
        row[8..16].copy_from_slice(&self.id_bytes.to_le_bytes());
        row[16..20].copy_from_slice(&input.to_le_bytes());
        row[20..].copy_from_slice(&length.to_le_bytes());
        let id = id.unwrap_or_default().as_bytes();
        self.id_bytes += id.len() as u64;
        self.rows
            .write_all(&row)
            .and_then(|()| self.ids.write_all(id))
            .map_err(|error| named(&self.directory, &error))
    }

    pub(crate) fn finish(self) -> io::Result<TableReader> {
        let directory = self.directory;
        let finish = |writer: BufWriter<std::fs::File>| {
            writer
                .into_inner()
                .map_err(|error| named(&directory, error.error()))
        };
        Ok(TableReader {
            rows: finish(self.rows)?,
            ids: finish(self.ids)?,
            directory: directory.display().to_string(),
        })
    }
}

fn named(directory: &Path, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("cannot write scratch data in {}: {error}", directory.display()),
    )
}

impl TableReader {
    fn read(&self, file: &std::fs::File, bytes: &mut [u8], at: u64) -> io::Result<()> {
        crate::engine::store::reading(&self.directory, crate::engine::store::read_at(file, bytes, at))
    }

    pub(crate) fn get(&self, doc: u64) -> io::Result<Place> {
        let mut row = [0; ROW as usize];
        self.read(&self.rows, &mut row, doc * ROW)?;
        let long = |at: usize| u64::from_le_bytes(std::array::from_fn(|n| row[at + n]));
        let short = |at: usize| u32::from_le_bytes(std::array::from_fn(|n| row[at + n]));
        let id = match short(20) {
            u32::MAX => None,
            length => {
                let mut bytes = vec![0; length as usize];
                self.read(&self.ids, &mut bytes, long(8))?;
                Some(String::from_utf8_lossy(&bytes).into())
            }
        };
        Ok(Place {
            input: short(16),
            line: long(0),
            id,
        })
    }
}
