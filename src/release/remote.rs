//! Where releases live besides the machine that makes them: a directory, named by a `file:` URL, with the
//! layout of a releases directory. It is changed under its lock only, and nothing in it is ever replaced but
//! the index: files are created, the manifest last, then the index gets its line.

#[cfg(feature = "cloud")]
mod cloud;
mod publish;
mod pull;

pub use publish::{Published, publish};
pub use pull::{Part, Pulled, pull};

use super::manifest::{File, Manifest};
use super::plan::{IndexLine, parse_version, read_index};
use super::{Error, Result, hex, sums};
use sha2::{Digest as _, Sha256};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// A place for releases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remote {
    /// As the user wrote it, without a version.
    pub url: String,
    /// The directory; empty where it is an object store.
    root: PathBuf,
    #[cfg(feature = "cloud")]
    settings: cloud::Settings,
}

impl Remote {
    /// Reads `file:///path`; with the feature `cloud` also `s3://`, `gs://` and `az://`, each with the name of
    /// a bucket or container and a path in it.
    ///
    /// # Errors
    /// Another scheme, a host, a relative path, a bad escape.
    pub fn parse(url: &str) -> Result<Self> {
        let bad = |why: &str| Err(Error::Invalid(format!("`{}`: {why}", url.escape_debug())));
        let Some((scheme, rest)) = url.split_once("://") else {
            return bad("is not a URL; try `file:///path/to/releases`");
        };
        #[cfg(feature = "cloud")]
        if cloud::SCHEMES.contains(&scheme) {
            let bucket = rest.split('/').next().unwrap_or_default();
            if bucket.is_empty() {
                return bad("names no bucket; try `s3://bucket/path`");
            }
            return Ok(Self {
                url: url.to_owned(),
                ..Self::default()
            });
        }
        if scheme != "file" {
            return bad(if cfg!(feature = "cloud") {
                "only `file:`, `s3:`, `gs:` and `az:` URLs are understood"
            } else {
                "only `file:` URLs are understood by this build; `cargo install --features cloud` makes one that \
                 speaks to object stores"
            });
        }
        let path = rest.strip_prefix("localhost").unwrap_or(rest);
        if !path.starts_with('/') {
            return bad("needs an absolute path; try `file:///path/to/releases`");
        }
        match unescape(path) {
            Some(path) if !path.contains('\0') => Ok(Self {
                url: url.to_owned(),
                root: path.into(),
                #[cfg(feature = "cloud")]
                settings: cloud::Settings::new(),
            }),
            _ => bad("has a `%` that is no escape of UTF-8 text"),
        }
    }

    /// The same for `URL@VERSION`; the version as it stands there.
    ///
    /// # Errors
    /// As [`Remote::parse`].
    pub fn parse_with_version(text: &str) -> Result<(Self, Option<String>)> {
        if let Some((url, version)) = text.rsplit_once('@')
            && !version.contains('/')
        {
            let version = parse_version(version)?.to_string();
            return Ok((Self::parse(url)?, Some(version)));
        }
        Ok((Self::parse(text)?, None))
    }

    /// The index; a directory that is not there is empty.
    ///
    /// # Errors
    /// I/O, a damaged index.
    pub fn index(&self) -> Result<Vec<IndexLine>> {
        #[cfg(feature = "cloud")]
        if self.is_store() {
            return cloud::index(self);
        }
        read_index(&self.root)
    }

    /// With the settings of an object store, such as `AWS_ENDPOINT`, among those of an environment. Without the
    /// feature `cloud` there is nothing to set.
    #[must_use]
    pub fn with_settings(self, settings: impl Iterator<Item = (String, String)>) -> Self {
        #[cfg(feature = "cloud")]
        let settings = settings
            .filter(|(name, _)| {
                ["AWS_", "GOOGLE_", "AZURE_"]
                    .iter()
                    .any(|of| name.starts_with(of))
            })
            .collect();
        #[cfg(not(feature = "cloud"))]
        drop(settings);
        Self {
            #[cfg(feature = "cloud")]
            settings,
            ..self
        }
    }

    /// The directory that it is; `None` for an object store.
    #[must_use]
    pub fn directory(&self) -> Option<&Path> {
        (!self.root.as_os_str().is_empty()).then_some(self.root.as_path())
    }

    #[cfg(feature = "cloud")]
    fn is_store(&self) -> bool {
        self.root.as_os_str().is_empty()
    }

    /// Whether a release may be made on top of what `local` lists. `initial`: the user says that there is none.
    ///
    /// # Errors
    /// A refusal: the remote is ahead, has another release of a version, or is as empty as `local` and
    /// nobody said that this is the first release.
    pub fn may_release(&self, local: &[IndexLine], initial: bool) -> Result<()> {
        let lines = self.index()?;
        if lines.is_empty() && local.is_empty() && !initial {
            return Err(Error::Refused(format!(
                "neither {} nor the releases directory holds a release; if this is the first, say so with --initial",
                self.url
            )));
        }
        for line in &lines {
            match local.iter().find(|known| known.version == line.version) {
                None => {
                    return Err(Error::Refused(format!(
                        "{} holds {}, which is not here; get it first: `corpus pull {}@{}`",
                        self.url, line.version, self.url, line.version
                    )));
                }
                Some(known) => self.same(line, known)?,
            }
        }
        Ok(())
    }

    /// Both indexes must mean the same release by a version; a purge replaces it on purpose.
    fn same(&self, line: &IndexLine, known: &IndexLine) -> Result<()> {
        if line.is_same(known) {
            return Ok(());
        }
        Err(Error::Refused(format!(
            "{} holds another release {} than the one here: their manifests differ",
            self.url, line.version
        )))
    }
}

/// Resolves `%41`.
fn unescape(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
            out.push((high * 16 + low) as u8);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// A file of a release with the bytes that it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    path: String,
    bytes: u64,
    sha256: String,
}

/// Every file that a manifest vouches for, and the sums, in order of path.
fn wanted(manifest: &Manifest, manifest_sha256: &[u8; 32]) -> Vec<Wanted> {
    let sums = sums::render(manifest, manifest_sha256);
    let mut all: Vec<Wanted> = manifest
        .shards()
        .map(|(_, _, shard)| Wanted {
            path: shard.path.clone(),
            bytes: shard.bytes,
            sha256: shard.sha256.clone(),
        })
        .chain(manifest.files.iter().map(|file: &File| Wanted {
            path: file.path.clone(),
            bytes: file.bytes,
            sha256: file.sha256.clone(),
        }))
        .collect();
    all.push(Wanted {
        path: "SHA256SUMS".to_owned(),
        bytes: sums.len() as u64,
        sha256: hex(&super::sha256(sums.as_bytes())),
    });
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

/// Copies a file to a new one, synced, and checks on the way that it is what it should be.
fn copy_checked(from: &Path, to: &Path, wanted: &Wanted) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs_err::create_dir_all(parent)?;
    }
    let mut source = fs_err::File::open(from)?;
    let mut target = fs_err::OpenOptions::new().write(true).create_new(true).open(to)?;
    let mut sha = Sha256::new();
    let mut bytes = 0_u64;
    let mut buffer = vec![0; 1 << 18];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                sha.update(&buffer[..n]);
                bytes += n as u64;
                // What is too long is wrong already, and may have no end.
                if bytes > wanted.bytes {
                    break;
                }
                target.write_all(&buffer[..n])?;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    target.sync_all()?;
    if bytes != wanted.bytes || hex(&sha.finalize()) != wanted.sha256 {
        drop(target);
        fs_err::remove_file(to)?;
        return Err(Error::corrupt(from, "is not what its manifest says"));
    }
    Ok(())
}

/// Copies a release, every byte compared with its manifest.
pub(super) fn copy_release(from: &Path, to: &Path, manifest: &Manifest, sha256: &[u8; 32]) -> Result<()> {
    for file in wanted(manifest, sha256) {
        copy_checked(&from.join(&file.path), &to.join(&file.path), &file)?;
    }
    let last = Wanted {
        path: "manifest.json".to_owned(),
        bytes: fs_err::metadata(from.join("manifest.json"))?.len(),
        sha256: hex(sha256),
    };
    copy_checked(&from.join(&last.path), &to.join(&last.path), &last)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Remote;

    #[test]
    fn urls() {
        for (url, path) in [
            ("file:///srv/news", "/srv/news"),
            ("file://localhost/srv/my%20news", "/srv/my news"),
        ] {
            assert_eq!(Remote::parse(url).unwrap().root.to_str(), Some(path));
        }
        for url in [
            "/srv/news",
            "file://srv/news",
            "file:srv",
            "s3://bucket/news",
            "file:///a%zz",
            "file:///a%00",
            "file:///a%ff",
        ] {
            assert!(Remote::parse(url).is_err(), "{url}");
        }
        let (remote, version) = Remote::parse_with_version("file:///srv/a@b/news@v1.2").unwrap();
        assert_eq!(
            (remote.url.as_str(), version.as_deref()),
            ("file:///srv/a@b/news", Some("1.2.0"))
        );
        let (remote, version) = Remote::parse_with_version("file:///srv/a@b/news").unwrap();
        assert_eq!((remote.url.as_str(), version), ("file:///srv/a@b/news", None));
        assert!(Remote::parse_with_version("file:///srv/news@latest").is_err());
    }
}
