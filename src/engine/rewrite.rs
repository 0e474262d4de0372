//! Rewriting a file in place: only the patched bytes change; a temporary file beside it, fsync,
//! rename. A kill leaves the old file or the new one.

use crate::source::codec::{Codec, Encoder};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// New bytes for a range of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// First byte replaced.
    pub start: u64,
    /// One past the last byte replaced.
    pub end: u64,
    /// What stands there afterwards.
    pub text: Vec<u8>,
}

/// A file being rewritten. Dropped without [`Rewriter::commit`], it leaves nothing behind.
pub struct Rewriter {
    target: PathBuf,
    original: Original,
    permissions: std::fs::Permissions,
    temp: Box<dyn Encoder<tempfile::NamedTempFile> + Send>,
    at: u64,
}

/// The (decompressed) bytes of the file as it is.
enum Original {
    Plain(fs_err::File),
    Compressed(Box<dyn Read + Send>),
}

impl Original {
    fn copy(&mut self, length: u64, to: &mut dyn Write) -> io::Result<u64> {
        match self {
            Self::Plain(file) => io::copy(&mut file.take(length), to),
            Self::Compressed(stream) => io::copy(&mut stream.take(length), to),
        }
    }

    /// Passes over the bytes from `from` to `to`.
    fn skip(&mut self, from: u64, to: u64) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.seek(SeekFrom::Start(to)).map(drop),
            Self::Compressed(stream) => io::copy(&mut stream.take(to - from), &mut io::sink()).map(drop),
        }
    }
}

impl Rewriter {
    /// Starts a rewrite of `source` into `target` (the same path, or one below `--fix-output`).
    /// Patches of a file with a `codec` count decompressed bytes; it is compressed again.
    ///
    /// # Errors
    /// A file that cannot be read, a directory that cannot be written; the path is in the message.
    pub fn open(source: &Path, target: &Path, codec: Option<Codec>) -> io::Result<Self> {
        let original = fs_err::File::open(source)?;
        let permissions = original.metadata()?.permissions();
        let directory = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs_err::create_dir_all(directory)?;
        let temp = tempfile::Builder::new()
            .prefix(".corpus-fix-")
            .tempfile_in(directory)
            .map_err(|error| {
                io::Error::new(
                    error.kind(),
                    format!("cannot write in {}: {error}", directory.display()),
                )
            })?;
        let (original, temp) = match codec {
            Some(codec) => (
                Original::Compressed(codec.decoder(original)?),
                codec.encoder(temp)?,
            ),
            None => {
                let temp: Box<dyn Encoder<_> + Send> = Box::new(BufWriter::with_capacity(1 << 16, temp));
                (Original::Plain(original), temp)
            }
        };
        Ok(Self {
            target: target.to_path_buf(),
            original,
            permissions,
            temp,
            at: 0,
        })
    }

    fn named<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| cannot_write(&self.target, &error))
    }

    /// Copies everything before the patch and writes the patch. Patches come in ascending order.
    ///
    /// # Errors
    /// Reading the original or writing the copy.
    pub fn patch(&mut self, patch: &Patch) -> io::Result<()> {
        self.copy_to(Some(patch.start))?;
        let written = self.temp.write_all(&patch.text);
        self.named(written)?;
        self.original.skip(self.at, patch.end)?;
        self.at = patch.end;
        Ok(())
    }

    fn copy_to(&mut self, end: Option<u64>) -> io::Result<()> {
        let length = end.map_or(u64::MAX, |end| end.saturating_sub(self.at));
        let copied = self.original.copy(length, &mut self.temp);
        self.at += self.named(copied)?;
        Ok(())
    }

    /// Copies the rest, flushes to disk and renames over the target, with the original's mode.
    ///
    /// # Errors
    /// Any step; the original file is then as it was.
    pub fn commit(mut self) -> io::Result<()> {
        self.copy_to(None)?;
        let target = self.target;
        let named = |error: io::Error| cannot_write(&target, &error);
        let temp = self.temp.finish().map_err(named)?;
        temp.as_file().set_permissions(self.permissions).map_err(named)?;
        temp.as_file().sync_all().map_err(named)?;
        temp.persist(&target).map_err(|error| named(error.error))?;
        sync_parent(&target)
    }
}

fn cannot_write(target: &Path, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("cannot write a new {}: {error}", target.display()),
    )
}

/// Makes a rename durable.
fn sync_parent(path: &Path) -> io::Result<()> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs_err::File::open(parent)?.sync_all()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_patched_bytes_change() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.jsonl");
        std::fs::write(&path, b"0123456789\r\nabc").unwrap();
        let mut rewriter = Rewriter::open(&path, &path, None).unwrap();
        for (start, end, text) in [(0, 0, "<"), (3, 5, "xyz"), (9, 10, "")] {
            let patch = Patch {
                start,
                end,
                text: text.into(),
            };
            rewriter.patch(&patch).unwrap();
        }
        rewriter.commit().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"<012xyz5678\r\nabc");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_abandoned_rewrite_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.jsonl");
        std::fs::write(&path, b"abc").unwrap();
        let mut rewriter = Rewriter::open(&path, &path, None).unwrap();
        rewriter
            .patch(&Patch {
                start: 1,
                end: 2,
                text: b"X".to_vec(),
            })
            .unwrap();
        drop(rewriter);
        assert_eq!(std::fs::read(&path).unwrap(), b"abc");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}
