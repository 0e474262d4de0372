//! The lines of all documents on disk: what the second, exact count reads instead of the texts.

use super::document::{Mark, Marked, Place, Spot};
use crate::engine::store::{named, reading, scratch_file};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

const HEAD: usize = 38;
const MARK: usize = 13;
/// A document without a date.
const NO_DAY: i32 = i32::MIN;

/// One document, read back.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) source: u32,
    pub(super) day: Option<i32>,
    pub(super) sum: u64,
    pub(super) spot: Spot,
    pub(super) lines: Vec<Mark>,
}

/// Documents in the order they come.
#[derive(Debug)]
pub(super) struct Column {
    out: BufWriter<File>,
    directory: String,
}

impl Column {
    pub(super) fn new(scratch: Option<&Path>) -> io::Result<Self> {
        let (file, directory) = scratch_file(scratch)?;
        Ok(Self {
            out: BufWriter::with_capacity(1 << 16, file),
            directory,
        })
    }

    pub(super) fn push(&mut self, source: u32, document: &Marked) -> io::Result<()> {
        let mut head = [0; HEAD];
        head[..4].copy_from_slice(&source.to_le_bytes());
        head[4..8].copy_from_slice(&document.day.unwrap_or(NO_DAY).to_le_bytes());
        head[8..16].copy_from_slice(&document.sum.to_le_bytes());
        head[16..20].copy_from_slice(&document.spot.0.to_le_bytes());
        head[20..28].copy_from_slice(&document.spot.1.to_le_bytes());
        head[28..32].copy_from_slice(&document.spot.2.to_le_bytes());
        head[32..36].copy_from_slice(&(document.lines.len() as u32).to_le_bytes());
        let mut written = self.out.write_all(&head);
        for mark in &document.lines {
            let mut bytes = [0; MARK];
            bytes[..8].copy_from_slice(&mark.key.to_le_bytes());
            bytes[8..12].copy_from_slice(&mark.form.to_le_bytes());
            bytes[12] = mark.place as u8 | u8::from(mark.isolated) << 2 | u8::from(mark.sentence) << 3;
            written = written.and_then(|()| self.out.write_all(&bytes));
        }
        named(&self.directory, written)
    }

    /// Ends writing.
    pub(super) fn finish(mut self) -> io::Result<Written> {
        named(&self.directory, self.out.flush())?;
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Written {
            file,
            directory: self.directory,
        })
    }
}

/// A column that can be read any number of times.
#[derive(Debug)]
pub(super) struct Written {
    file: File,
    directory: String,
}

impl Written {
    /// Hands on every document, in order, with its number.
    pub(super) fn each(&mut self, mut take: impl FnMut(u64, &Row)) -> io::Result<()> {
        reading(&self.directory, self.file.rewind())?;
        let mut input = BufReader::with_capacity(1 << 16, &self.file);
        let mut head = [0; HEAD];
        let mut row = Row::default();
        let mut number = 0;
        loop {
            match input.read_exact(&mut head) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
                Err(error) => return reading(&self.directory, Err(error)),
            }
            let short = |at: usize| u32::from_le_bytes(std::array::from_fn(|n| head[at + n]));
            let long = |at: usize| u64::from_le_bytes(std::array::from_fn(|n| head[at + n]));
            row.source = short(0);
            row.day = Some(short(4).cast_signed()).filter(|day| *day != NO_DAY);
            row.sum = long(8);
            row.spot = (short(16), long(20), short(28));
            row.lines.clear();
            for _ in 0..short(32) {
                let mut bytes = [0; MARK];
                reading(&self.directory, input.read_exact(&mut bytes))?;
                row.lines.push(Mark {
                    key: u64::from_le_bytes(std::array::from_fn(|n| bytes[n])),
                    form: u32::from_le_bytes(std::array::from_fn(|n| bytes[8 + n])),
                    place: [Place::Head, Place::Middle, Place::Tail, Place::Tail][usize::from(bytes[12] & 3)],
                    isolated: bytes[12] & 4 != 0,
                    sentence: bytes[12] & 8 != 0,
                });
            }
            take(number, &row);
            number += 1;
        }
    }
}
