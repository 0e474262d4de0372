//! A remote in an object store (cargo feature `cloud`): the same layout as in a directory, without its lock.
//! Objects are created only where none is, the manifest after all that it names, and the index is replaced by
//! compare-and-swap, so that half a publication is invisible and one of two publishers wins.

use super::publish::{Published, line, on_top};
use super::pull::{Part, Pulled, choose, take};
use super::{Remote, Wanted, wanted};
use crate::release::commit::{Lock, TEMP_PREFIX};
use crate::release::manifest::Manifest;
use crate::release::plan::{IndexLine, directory_name, parse_index, parse_version};
use crate::release::{Error, Result, hex, sha256, signature};
use futures_util::StreamExt as _;
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path as Key;
use object_store::{
    BackoffConfig, ClientOptions, Error as StoreError, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions,
    PutPayload, RetryConfig, UpdateVersion,
};
use sha2::{Digest as _, Sha256};
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

/// Largest index and manifest that are read from a store, in bytes.
const DOCUMENT_BYTES: u64 = 256 << 20;
/// How often the index is tried when others change it at the same time.
const INDEX_TRIES: usize = 32;
/// A transfer that stands still for this long has failed.
const STALLED: Duration = Duration::from_secs(30);
/// Requests that fail for a passing reason are repeated for this long.
const RETRY_FOR: Duration = Duration::from_mins(2);

/// Schemes of object stores.
pub(super) const SCHEMES: [&str; 3] = ["s3", "gs", "az"];

/// Settings of a store, such as `AWS_ENDPOINT`, by name.
pub(super) type Settings = Vec<(String, String)>;

/// An open bucket or container, and where in it the releases are.
struct Bucket {
    store: Box<dyn ObjectStore>,
    prefix: Key,
    url: String,
    runtime: tokio::runtime::Runtime,
}

impl Bucket {
    fn open(remote: &Remote) -> Result<Self> {
        let invalid = |error: &dyn std::fmt::Display| Error::Invalid(format!("{}: {error}", remote.url));
        let (scheme, rest) = remote.url.split_once("://").unwrap_or_default();
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let place = format!("{scheme}://{bucket}");
        let client = ClientOptions::new()
            .with_timeout_disabled()
            .with_connect_timeout(Duration::from_secs(10))
            .with_read_timeout(STALLED);
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(50),
                max_backoff: Duration::from_secs(5),
                base: 2.0,
            },
            max_retries: 8,
            retry_timeout: RETRY_FOR,
        };
        // A setting of another store, or one that the store's library does not know, is no error: an
        // environment holds those of all programs.
        macro_rules! built {
            ($builder:ty) => {{
                let mut builder = <$builder>::new()
                    .with_url(place)
                    .with_client_options(client)
                    .with_retry(retry);
                for (name, value) in &remote.settings {
                    if let Ok(name) = name.to_ascii_lowercase().parse() {
                        builder = builder.with_config(name, value);
                    }
                }
                builder
                    .build()
                    .map(|store| Box::new(store) as Box<dyn ObjectStore>)
            }};
        }
        let store = match scheme {
            "s3" => built!(AmazonS3Builder),
            "gs" => built!(GoogleCloudStorageBuilder),
            _ => built!(MicrosoftAzureBuilder),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        Ok(Self {
            store: store.map_err(|error| invalid(&error))?,
            prefix: Key::parse(prefix).map_err(|error| invalid(&error))?,
            url: remote.url.clone(),
            runtime,
        })
    }

    fn key(&self, path: &str) -> Key {
        path.split('/').fold(self.prefix.clone(), Key::join)
    }

    fn failed(&self, path: &str, error: &StoreError) -> Error {
        Error::Remote {
            place: format!("{}/{path}", self.url.trim_end_matches('/')),
            what: error.to_string(),
        }
    }

    /// A small object and its version; `None` where there is none.
    fn read(&self, path: &str) -> Result<Option<(Vec<u8>, UpdateVersion)>> {
        self.runtime.block_on(async {
            let failed = |error: &StoreError| self.failed(path, error);
            let found = match self.store.get(&self.key(path)).await {
                Err(StoreError::NotFound { .. }) => return Ok(None),
                other => other.map_err(|error| failed(&error))?,
            };
            if found.meta.size > DOCUMENT_BYTES {
                let what = format!("has {} bytes, more than any index or manifest", found.meta.size);
                return Err(Error::corrupt(Path::new(&self.key(path).to_string()), what));
            }
            let version = UpdateVersion {
                e_tag: found.meta.e_tag.clone(),
                version: found.meta.version.clone(),
            };
            let bytes = found.bytes().await.map_err(|error| failed(&error))?;
            Ok(Some((bytes.to_vec(), version)))
        })
    }

    /// Size and SHA-256 of an object, read as a stream; `None` where there is none. What is longer than
    /// `most` is read no further.
    fn measure(
        &self,
        path: &str,
        most: u64,
        mut to: Option<&mut fs_err::File>,
    ) -> Result<Option<(u64, String)>> {
        self.runtime.block_on(async {
            let failed = |error: &StoreError| self.failed(path, error);
            let found = match self.store.get(&self.key(path)).await {
                Err(StoreError::NotFound { .. }) => return Ok(None),
                other => other.map_err(|error| failed(&error))?,
            };
            let (mut sha, mut bytes) = (Sha256::new(), 0);
            let mut stream = found.into_stream();
            while let Some(part) = stream.next().await {
                let part = part.map_err(|error| failed(&error))?;
                bytes += part.len() as u64;
                if bytes > most {
                    break;
                }
                sha.update(&part);
                if let Some(file) = to.as_mut() {
                    file.write_all(&part)?;
                }
            }
            Ok(Some((bytes, hex(&sha.finalize()))))
        })
    }

    /// Creates an object, or gives `false` where one is.
    fn create(&self, path: &str, bytes: Vec<u8>, mode: PutMode) -> Result<bool> {
        let options = PutOptions {
            mode,
            ..PutOptions::default()
        };
        let key = self.key(path);
        let put = self.store.put_opts(&key, PutPayload::from(bytes), options);
        match self.runtime.block_on(put) {
            Ok(_) => Ok(true),
            Err(StoreError::AlreadyExists { .. } | StoreError::Precondition { .. }) => Ok(false),
            Err(error) => Err(self.failed(path, &error)),
        }
    }

    /// Sends one file and reads it back. Gives whether it was not there.
    fn put(&self, directory: &Path, name: &str, file: &Wanted) -> Result<bool> {
        let path = format!("{name}/{}", file.path);
        let same = || -> Result<Option<bool>> {
            let found = self.measure(&path, file.bytes, None)?;
            Ok(found.map(|(bytes, sha)| bytes == file.bytes && sha == file.sha256))
        };
        let other = || {
            Err(Error::Refused(format!(
                "{}/{path} is there with other bytes; what is published is never replaced",
                self.url.trim_end_matches('/')
            )))
        };
        match same()? {
            Some(true) => return Ok(false),
            Some(false) => return other(),
            None => {}
        }
        let from = directory.join(&file.path);
        let bytes = fs_err::read(&from)?;
        if bytes.len() as u64 != file.bytes || hex(&sha256(&bytes)) != file.sha256 {
            return Err(Error::corrupt(&from, "is not what its manifest says"));
        }
        let created = self.create(&path, bytes, PutMode::Create)?;
        match same()? {
            // A request that was repeated after its answer was lost finds its own object.
            Some(true) => Ok(created),
            Some(false) if !created => other(),
            _ => Err(self.failed(
                &path,
                &StoreError::Generic {
                    store: "store",
                    source: "what was written to it does not come back".into(),
                },
            )),
        }
    }

    fn index(&self) -> Result<(Vec<IndexLine>, Vec<u8>, Option<UpdateVersion>)> {
        let Some((bytes, version)) = self.read("index.jsonl")? else {
            return Ok((Vec::new(), Vec::new(), None));
        };
        let path = format!("{}/index.jsonl", self.url.trim_end_matches('/'));
        let text = String::from_utf8_lossy(&bytes);
        Ok((parse_index(&text, Path::new(&path))?, bytes, Some(version)))
    }

    /// The directory of a version: the one whose name ends with it.
    fn directory(&self, version: &str) -> Result<Option<String>> {
        let ends = format!("-v{version}");
        let prefix = (!self.prefix.is_root()).then_some(&self.prefix);
        let listed = self.runtime.block_on(self.store.list_with_delimiter(prefix));
        let listed = listed.map_err(|error| self.failed("", &error))?;
        let names = listed
            .common_prefixes
            .iter()
            .filter_map(|key| key.parts().next_back());
        Ok(names
            .map(|name| name.as_ref().to_owned())
            .find(|name| name.ends_with(&ends)))
    }
}

/// The index of a store.
pub(super) fn index(remote: &Remote) -> Result<Vec<IndexLine>> {
    Ok(Bucket::open(remote)?.index()?.0)
}

/// [`super::publish()`] to a store.
pub(super) fn publish(directory: &Path, remote: &Remote) -> Result<Published> {
    let (manifest, manifest_sha256) = Manifest::read(directory)?;
    let bucket = Bucket::open(remote)?;
    let own = line(directory, &manifest, &manifest_sha256)?;
    let may = |lines: &[IndexLine]| match lines.iter().find(|line| line.version == own.version) {
        Some(there) => remote.same(there, &own).map(|()| true),
        None => on_top(remote, lines, &manifest).map(|()| false),
    };
    may(&bucket.index()?.0)?;
    let name = directory.file_name().unwrap_or_default().to_string_lossy();
    let mut done = Published {
        sent: 0,
        kept: 0,
        listed: false,
    };
    let mut files = wanted(&manifest, &manifest_sha256);
    for late in [signature::FILE, "manifest.json"] {
        let path = directory.join(late);
        if path.is_file() {
            let (bytes, sha256) = crate::release::verify::hash_file(&path)?;
            files.push(Wanted {
                path: late.to_owned(),
                bytes,
                sha256: hex(&sha256),
            });
        }
    }
    for file in &files {
        if bucket.put(directory, &name, file)? {
            done.sent += 1;
        } else {
            done.kept += 1;
        }
    }
    for _ in 0..INDEX_TRIES {
        let (lines, mut bytes, version) = bucket.index()?;
        if may(&lines)? {
            return Ok(done);
        }
        if bytes.last().is_some_and(|byte| *byte != b'\n') {
            bytes.push(b'\n');
        }
        serde_json::to_writer(&mut bytes, &own).map_err(|error| Error::Invalid(error.to_string()))?;
        bytes.push(b'\n');
        let mode = version.map_or(PutMode::Create, PutMode::Update);
        // A write that was refused may have been one's own, repeated: the index tells.
        done.listed |= bucket.create("index.jsonl", bytes, mode)?;
        if done.listed {
            return Ok(done);
        }
    }
    Err(Error::Remote {
        place: remote.url.clone(),
        what: format!("its index.jsonl changed {INDEX_TRIES} times while this release was added; try again"),
    })
}

/// [`super::pull()`] from a store: what is wanted comes into a directory beside the releases, and from
/// there as from any directory.
pub(super) fn pull(remote: &Remote, version: Option<&str>, part: &Part, releases: &Path) -> Result<Pulled> {
    let bucket = Bucket::open(remote)?;
    let (lines, index, _) = bucket.index()?;
    let line = choose(remote, &lines, version)?;
    let version = parse_version(&line.version)?;
    let damaged = |what: &str| {
        Error::corrupt(
            Path::new(&format!("{}/index.jsonl", remote.url.trim_end_matches('/'))),
            format!("lists {version}, {what}"),
        )
    };
    let Some(name) = bucket.directory(&line.version)? else {
        return Err(damaged("which is not there"));
    };
    let Some((bytes, _)) = bucket.read(&format!("{name}/manifest.json"))? else {
        return Err(damaged("which has no manifest"));
    };
    let sha = sha256(&bytes);
    if hex(&sha) != line.manifest_sha256 {
        return Err(damaged("whose manifest is another"));
    }
    let manifest = Manifest::from_bytes(&bytes)
        .map_err(|what| Error::corrupt(Path::new(&format!("{name}/manifest.json")), what))?;
    if directory_name(&manifest.name, &version) != name {
        return Err(damaged("which has another name"));
    }
    // Held to the end: a temporary directory that nobody holds is swept.
    let lock = Lock::acquire(releases, true)?;
    let here = tempfile::Builder::new()
        .prefix(TEMP_PREFIX)
        .tempdir_in(releases)?;
    let root = here.path().join(&name);
    fs_err::create_dir_all(&root)?;
    fs_err::write(here.path().join("index.jsonl"), &index)?;
    fs_err::write(root.join("manifest.json"), &bytes)?;
    if let Some((bytes, _)) = bucket.read(&format!("{name}/{}", signature::FILE))? {
        fs_err::write(root.join(signature::FILE), bytes)?;
    }
    for file in part.files(&manifest, wanted(&manifest, &sha))? {
        let to = root.join(&file.path);
        if let Some(parent) = to.parent() {
            fs_err::create_dir_all(parent)?;
        }
        let mut out = fs_err::File::create_new(&to)?;
        let path = format!("{name}/{}", file.path);
        if bucket.measure(&path, file.bytes, Some(&mut out))? != Some((file.bytes, file.sha256.clone())) {
            let place = format!("{}/{path}", remote.url.trim_end_matches('/'));
            return Err(Error::corrupt(Path::new(&place), "is not what its manifest says"));
        }
    }
    let near = Remote {
        url: remote.url.clone(),
        root: here.path().to_owned(),
        ..Remote::default()
    };
    take(&near, Some(&line.version), part, releases, Some(&lock))
}
