//! A file that is written whole or not at all: beside its place first, then by one rename.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that is not there, or is still what it was, until [`Whole::commit`].
#[derive(Debug)]
pub(crate) struct Whole {
    target: PathBuf,
    out: BufWriter<tempfile::NamedTempFile>,
}

impl Whole {
    /// Starts a file that will be `target`. A link is followed; what is there keeps its mode.
    ///
    /// # Errors
    /// A directory that cannot be written; the path is in the message, as in all that follow.
    pub(crate) fn create(target: &Path) -> io::Result<Self> {
        let target = target.canonicalize().unwrap_or_else(|_| target.to_path_buf());
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".corpus-");
        let before = target.metadata().ok().map(|metadata| metadata.permissions());
        // A new file gets the mode that the umask leaves, as with any other program.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temp = named(&target, builder.tempfile_in(parent))?;
        if let Some(before) = before {
            named(&target, temp.as_file().set_permissions(before))?;
        }
        Ok(Self {
            target,
            out: BufWriter::with_capacity(1 << 16, temp),
        })
    }

    /// Writes all of it at once.
    ///
    /// # Errors
    /// Any step; what was there is then as it was.
    pub(crate) fn write(target: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut whole = Self::create(target)?;
        whole.write_all(bytes)?;
        whole.commit()
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// Any step; what was there is then as it was.
    pub(crate) fn commit(self) -> io::Result<()> {
        let Self { target, out } = self;
        let temp = named(&target, out.into_inner().map_err(io::IntoInnerError::into_error))?;
        named(&target, temp.as_file().sync_all())?;
        named(&target, temp.persist(&target).map_err(|error| error.error))?;
        super::rewrite::sync_parent(&target)
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        named(&self.target, self.out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        named(&self.target, self.out.flush())
    }
}

fn named<T>(target: &Path, result: io::Result<T>) -> io::Result<T> {
    result.map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("cannot write {}: {error}", target.display()),
        )
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_until_the_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        std::fs::write(&path, "before").unwrap();
        let mut whole = Whole::create(&path).unwrap();
        whole.write_all(b"after").unwrap();
        drop(whole);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "before");
        Whole::write(&path, b"after").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "after");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_modes_kept() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("a.txt"), dir.path().join("link.txt"));
        std::fs::write(&path, "before").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o604)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        Whole::write(&link, b"after").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "after");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o604);
        let new = dir.path().join("new.txt");
        Whole::write(&new, b"x").unwrap();
        std::fs::write(dir.path().join("plain.txt"), "x").unwrap();
        let mode = |name: &str| dir.path().join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode("new.txt"), mode("plain.txt"));
    }

    #[test]
    fn a_directory_that_is_not_there_is_named() {
        let error = Whole::write(Path::new("/nowhere/at/all/a.txt"), b"x").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("cannot write /nowhere/at/all/a.txt: "),
            "{error}"
        );
    }
}
