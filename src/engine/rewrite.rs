//! Rewriting a file in place: only the patched bytes change; a temporary file beside it, fsync,
//! rename. A kill leaves the old file or the new one.

use crate::source::codec::{Codec, Encoder};
use std::io::{self, BufWriter, Read, Write};
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
/// Of a compressed file it is the decompressed bytes that patches go by.
pub struct Rewriter {
    target: PathBuf,
    permissions: std::fs::Permissions,
    original: Box<dyn Read + Send>,
    temp: Output,
    at: u64,
}

type Temp = BufWriter<tempfile::NamedTempFile>;

/// The new file, compressed like the old one.
#[derive(Debug)]
enum Output {
    Plain(Temp),
    Compressed(Box<Encoder<Temp>>),
}

impl Output {
    fn finish(self) -> io::Result<Temp> {
        match self {
            Self::Plain(temp) => Ok(temp),
            Self::Compressed(encoder) => encoder.finish(),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(temp) => temp.write(bytes),
            Self::Compressed(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(temp) => temp.flush(),
            Self::Compressed(encoder) => encoder.flush(),
        }
    }
}

impl std::fmt::Debug for Rewriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rewriter")
            .field("target", &self.target)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Rewriter {
    /// Starts a rewrite of `source` into `target` (the same path, or one below `--fix-output`).
    ///
    /// # Errors
    /// A file that cannot be read, a directory that cannot be written; the path is in the message.
    pub fn open(source: &Path, target: &Path, codec: Option<Codec>) -> io::Result<Self> {
        let file = fs_err::File::open(source)?;
        let permissions = file.metadata()?.permissions();
        let original: Box<dyn Read + Send> = match codec {
            Some(codec) => codec.decoder(file)?,
            None => Box::new(file),
        };
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
        Ok(Self {
            target: target.to_path_buf(),
            permissions,
            original,
            temp: {
                let temp = BufWriter::with_capacity(1 << 16, temp);
                match codec {
                    Some(codec) => Output::Compressed(Box::new(codec.encoder(temp)?)),
                    None => Output::Plain(temp),
                }
            },
            at: 0,
        })
    }

    fn named<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("cannot write a new {}: {error}", self.target.display()),
            )
        })
    }

    /// Copies everything before the patch and writes the patch. Patches come in ascending order.
    ///
    /// # Errors
    /// Reading the original or writing the copy.
    pub fn patch(&mut self, patch: &Patch) -> io::Result<()> {
        self.copy_to(Some(patch.start))?;
        let written = self.temp.write_all(&patch.text);
        self.named(written)?;
        let mut replaced = (&mut self.original).take(patch.end.saturating_sub(self.at));
        self.at += io::copy(&mut replaced, &mut io::sink())?;
        Ok(())
    }

    fn copy_to(&mut self, end: Option<u64>) -> io::Result<()> {
        let mut left = (&mut self.original).take(end.map_or(u64::MAX, |end| end.saturating_sub(self.at)));
        let copied = io::copy(&mut left, &mut self.temp);
        let copied = self.named(copied)?;
        self.at += copied;
        Ok(())
    }

    /// Copies the rest, flushes to disk and renames over the target, with the original's mode.
    ///
    /// # Errors
    /// Any step; the original file is then as it was.
    pub fn commit(mut self) -> io::Result<()> {
        self.copy_to(None)?;
        let target = self.target.clone();
        let named = |error: io::Error| {
            io::Error::new(
                error.kind(),
                format!("cannot write a new {}: {error}", target.display()),
            )
        };
        let temp = self
            .temp
            .finish()
            .map_err(named)?
            .into_inner()
            .map_err(|error| named(error.into_error()))?;
        temp.as_file().set_permissions(self.permissions).map_err(named)?;
        temp.as_file().sync_all().map_err(named)?;
        temp.persist(&self.target).map_err(|error| named(error.error))?;
        sync_parent(&self.target)
    }
}

/// Makes a rename durable.
pub(super) fn sync_parent(path: &Path) -> io::Result<()> {
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
    fn compressed_files_keep_their_codec() {
        for codec in [Codec::Gzip, Codec::Zstd, Codec::Xz, Codec::Bzip2] {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("a");
            let mut encoder = codec.encoder(std::fs::File::create(&path).unwrap()).unwrap();
            encoder.write_all(b"0123456789").unwrap();
            encoder.finish().unwrap();
            let mut rewriter = Rewriter::open(&path, &path, Some(codec)).unwrap();
            let patch = Patch {
                start: 2,
                end: 4,
                text: b"abc".to_vec(),
            };
            rewriter.patch(&patch).unwrap();
            rewriter.commit().unwrap();
            let mut text = String::new();
            let file = std::fs::File::open(&path).unwrap();
            codec.decoder(file).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "01abc456789", "{}", codec.name());
        }
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
