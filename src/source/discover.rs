//! From paths and globs to a list of inputs, in one deterministic order.

use super::codec::Codec;
use super::error::SourceError;
use super::sniff::format_of_name;
use crate::config::{Format, InputSpec};
use encoding_rs::Encoding;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;
use unicode_normalization::UnicodeNormalization;

/// One input file, or standard input.
#[derive(Debug, Clone)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// How it is shown: relative where possible, `/`-separated; `-` for standard input.
    pub shown: String,
    /// Its path without extensions, in NFC: the id of a text file.
    pub stem: String,
    /// The table of `corpus.toml` that it belongs to, or the default one.
    pub spec: Arc<InputSpec>,
    /// Its format; [`Format::Auto`] where only the content can tell.
    pub format: Format,
    /// The codec that its name announces; the content is asked where the name says nothing.
    pub codec: Option<Codec>,
    /// Size on disk in bytes.
    pub size: u64,
    /// Time of the last change.
    pub modified: Option<SystemTime>,
}

impl Input {
    /// Standard input, in a format or to be recognised by its content.
    #[must_use]
    pub fn stdin(format: Format, spec: InputSpec) -> Self {
        Self {
            path: PathBuf::from("-"),
            shown: "-".to_owned(),
            // The id of a text from standard input: `-` alone would be a word for no value.
            stem: "stdin".to_owned(),
            spec: Arc::new(spec),
            format,
            codec: None,
            size: 0,
            modified: None,
        }
    }

    /// Whether this is standard input.
    #[must_use]
    pub fn is_stdin(&self) -> bool {
        self.shown == "-" && self.path.as_os_str() == "-"
    }

    /// The same input read from a file on disk: standard input that was spooled.
    ///
    /// # Errors
    /// The operating system's.
    pub fn on_disk(&self, path: &Path) -> Result<Self, SourceError> {
        Self::new(
            path.to_path_buf(),
            "stdin".to_owned(),
            Arc::clone(&self.spec),
            self.format,
        )
    }

    /// The codec of the file on disk: by its name, else by its first bytes.
    ///
    /// # Errors
    /// The operating system's.
    pub fn compression(&self) -> std::io::Result<Option<Codec>> {
        use std::io::Read;
        if self.codec.is_some() || self.is_stdin() {
            return Ok(self.codec);
        }
        let mut head = Vec::new();
        fs_err::File::open(&self.path)?.take(6).read_to_end(&mut head)?;
        Ok(Codec::of_magic(&head))
    }

    /// Whether the file is one record.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self.format, Format::Text | Format::Markdown)
    }

    /// The encoding that the configuration declares; `None` for `auto`.
    pub(super) fn encoding(&self) -> Result<Option<&'static Encoding>, SourceError> {
        match self.spec.encoding.as_deref() {
            None | Some("auto") => Ok(None),
            Some(label) => {
                Encoding::for_label(label.as_bytes())
                    .map(Some)
                    .ok_or_else(|| SourceError::Encoding {
                        label: label.to_owned(),
                    })
            }
        }
    }

    /// SHA-256 of the file as it is stored, in lower-case hexadecimal digits. Reads the whole file:
    /// call it for several inputs in parallel.
    ///
    /// # Errors
    /// The operating system's; [`SourceError::Changed`] when the file is not the planned one.
    pub fn sha256(&self, stop: &AtomicBool) -> Result<String, SourceError> {
        use sha2::{Digest, Sha256};
        use std::io::Read;
        let mut file = fs_err::File::open(&self.path)?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 256 * 1024];
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(SourceError::Io(std::io::ErrorKind::Interrupted.into()));
            }
            let read = file.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            digest.update(&buffer[..read]);
        }
        super::open::unchanged(self, &file.metadata()?)?;
        Ok(super::adapt::hex(&digest.finalize()))
    }

    /// Says whether the file is still the one that was planned.
    ///
    /// # Errors
    /// The operating system's; [`SourceError::Changed`] when it is not.
    pub fn check_unchanged(&self) -> Result<(), SourceError> {
        if self.is_stdin() {
            return Ok(());
        }
        super::open::unchanged(self, &fs_err::metadata(&self.path)?)
    }

    fn new(path: PathBuf, shown: String, spec: Arc<InputSpec>, forced: Format) -> Result<Self, SourceError> {
        let metadata = fs_err::metadata(&path)?;
        let (plain, codec) = Codec::split(&shown);
        let format = [forced, spec.format]
            .into_iter()
            .find(|&format| format != Format::Auto)
            .or_else(|| format_of_name(plain))
            .unwrap_or(Format::Auto);
        Ok(Self {
            stem: stem(plain),
            path,
            codec,
            format,
            spec,
            size: metadata.len(),
            modified: metadata.modified().ok(),
            shown,
        })
    }
}

/// A path without extension, leading `/` and `../`, in NFC.
fn stem(plain: &str) -> String {
    let (folder, name) = plain
        .rsplit_once('/')
        .map_or(("", plain), |(folder, name)| (folder, name));
    let name = name
        .rsplit_once('.')
        .map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem });
    let parts = folder.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    let mut out = String::new();
    for part in parts {
        out.push_str(part);
        out.push('/');
    }
    out.push_str(name);
    out.nfc().collect()
}

/// Where inputs are looked for.
#[derive(Debug, Clone)]
pub struct Finder<'a> {
    /// Working directory: paths on the command line are relative to it, and shown so.
    pub cwd: &'a Path,
    /// The project, where there is a `corpus.toml`.
    pub project: Option<&'a Path>,
    /// The `[[input]]` tables.
    pub specs: &'a [InputSpec],
    /// The release directory relative to the project, which is never an input.
    pub releases: &'a str,
    /// A format for standard input and for files whose name says nothing.
    pub stdin_format: Format,
}

type Found = BTreeMap<String, Input>;

impl Finder<'_> {
    /// The inputs that the command line names: files (ignored ones too), directories, globs, `-`.
    ///
    /// # Errors
    /// A path that does not exist, nothing found, or the operating system's.
    pub fn from_paths(&self, paths: &[PathBuf]) -> Result<Vec<Input>, SourceError> {
        let specs = self.compiled()?;
        let mut found = Found::new();
        for path in paths {
            if path.as_os_str() == "-" {
                let input = Input::stdin(self.stdin_format, InputSpec::default());
                found.insert(input.shown.clone(), input);
                continue;
            }
            let full = self.cwd.join(path);
            if full.is_dir() {
                for file in self.walk(&full, true)? {
                    self.take(file, &specs, &mut found)?;
                }
            } else if full.exists() {
                self.take(full, &specs, &mut found)?;
            } else if path.to_str().is_some_and(has_magic) {
                self.glob(path, &specs, &mut found)?;
            } else {
                return Err(SourceError::Missing { path: path.clone() });
            }
        }
        let patterns = || quoted(paths.iter().map(|path| path.display().to_string()));
        finish(found, patterns, || 0)
    }

    /// The inputs that `[[input]]` tables describe. They all stay inside the project.
    ///
    /// # Errors
    /// A glob or symlink that leads out of the project, nothing found, or the operating system's.
    pub fn from_config(&self, project: &Path) -> Result<Vec<Input>, SourceError> {
        let specs = self.compiled()?;
        for glob in self
            .specs
            .iter()
            .flat_map(|spec| spec.include.iter().chain(&spec.exclude))
        {
            stays_inside(glob, project)?;
        }
        let mut found = Found::new();
        let real = fs_err::canonicalize(project)?;
        let mut seen = BTreeMap::new();
        let mut files: Vec<(String, PathBuf)> = self
            .walk(project, true)?
            .into_iter()
            .filter_map(|file| Some((relative(&file, project)?, file)))
            .collect();
        files.sort();
        for (shown, file) in files {
            if let Some(spec) = specs.iter().find(|spec| spec.takes(&shown)) {
                let target = fs_err::canonicalize(&file)?;
                if !target.starts_with(&real) {
                    return Err(SourceError::Escape {
                        path: shown,
                        root: project.to_path_buf(),
                    });
                }
                // A file and a symlink to it are one input, under the first of its names.
                seen.entry(target)
                    .or_insert_with(|| (file, shown, Arc::clone(&spec.spec)));
            }
        }
        for (file, shown, spec) in seen.into_values() {
            let input = Input::new(file, shown, spec, Format::Auto)?;
            found.insert(input.shown.clone(), input);
        }
        let patterns = || quoted(self.specs.iter().flat_map(|spec| spec.include.iter().cloned()));
        finish(found, patterns, || self.count_ignored(project, &specs))
    }

    /// Files that match but are ignored: a hint for who wonders why nothing was found.
    fn count_ignored(&self, project: &Path, specs: &[Compiled]) -> usize {
        self.walk(project, false).map_or(0, |files| {
            files
                .iter()
                .filter_map(|file| relative(file, project))
                .filter(|shown| specs.iter().any(|spec| spec.takes(shown)))
                .count()
        })
    }

    fn compiled(&self) -> Result<Vec<Compiled>, SourceError> {
        self.specs.iter().map(Compiled::new).collect()
    }

    /// Takes a file, with the table that its path in the project falls under.
    fn take(&self, path: PathBuf, specs: &[Compiled], found: &mut Found) -> Result<(), SourceError> {
        let shown = relative(&path, self.cwd).unwrap_or_else(|| slashed(&normal(&path)));
        let spec = self
            .project
            .and_then(|project| relative(&path, project))
            .and_then(|inside| specs.iter().find(|spec| spec.takes(&inside)))
            .map_or_else(default_spec, |spec| Arc::clone(&spec.spec));
        if !found.contains_key(&shown) {
            let mut input = Input::new(path, shown, spec, Format::Auto)?;
            if input.format == Format::Auto {
                input.format = self.stdin_format;
            }
            found.insert(input.shown.clone(), input);
        }
        Ok(())
    }

    /// The files that a quoted glob on the command line matches, as a shell would.
    fn glob(&self, pattern: &Path, specs: &[Compiled], found: &mut Found) -> Result<(), SourceError> {
        let full = slashed(&normal(&self.cwd.join(pattern)));
        let literal: PathBuf = full
            .split_inclusive('/')
            .take_while(|part| !has_magic(part))
            .collect::<String>()
            .into();
        if !literal.is_dir() {
            return Ok(());
        }
        let matcher = glob_set(std::slice::from_ref(&full))?;
        for file in self.walk(&literal, false)? {
            if matcher.is_match(slashed(&normal(&file))) {
                self.take(file, specs, found)?;
            }
        }
        Ok(())
    }

    /// The files below a directory that have a known extension and are nobody's bookkeeping.
    fn walk(&self, directory: &Path, respect_ignore: bool) -> Result<Vec<PathBuf>, SourceError> {
        let releases = self.project.unwrap_or(self.cwd).join(self.releases);
        let walker = WalkBuilder::new(directory)
            .standard_filters(false)
            .hidden(true)
            .ignore(respect_ignore)
            .git_ignore(respect_ignore)
            // The user's own settings and the state of the clone must not change what a release holds.
            .require_git(false)
            .parents(respect_ignore)
            .follow_links(true)
            .sort_by_file_name(Ord::cmp)
            .filter_entry(move |entry| {
                entry.depth() == 0
                    || !(entry.path() == releases
                        || entry.file_name() == "releases" && entry.path().join("index.jsonl").exists())
            })
            .build();
        let mut files = Vec::new();
        for entry in walker {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    let name = entry.file_name().to_string_lossy();
                    if !is_bookkeeping(&name) && format_of_name(Codec::split(&name).0).is_some() {
                        files.push(entry.into_path());
                    }
                }
                Ok(_) => {}
                // A symlink into its own parents, or one that leads nowhere, holds no input.
                Err(error) if is_broken_link(&error) => {}
                Err(error) => {
                    return Err(SourceError::Io(unreadable(error, directory)));
                }
            }
        }
        Ok(files)
    }
}

/// An error of the walk below `directory` with the place it speaks of: the walker names none when it is the reading
/// of a directory's entries that fails.
fn unreadable(error: ignore::Error, directory: &Path) -> std::io::Error {
    fn named(error: &ignore::Error) -> Option<&Path> {
        match error {
            ignore::Error::WithPath { path, .. } => Some(path),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => named(err),
            _ => None,
        }
    }
    let place = match named(&error) {
        Some(path) => path.display().to_string(),
        None => format!("a directory in {}", directory.display()),
    };
    let error = error
        .into_io_error()
        .unwrap_or_else(|| std::io::Error::other("unreadable"));
    std::io::Error::new(error.kind(), format!("cannot read {place}: {error}"))
}

fn is_broken_link(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::WithPath { err, .. }
        | ignore::Error::WithDepth { err, .. }
        | ignore::Error::WithLineNumber { err, .. } => is_broken_link(err),
        ignore::Error::Io(error) => error.kind() == std::io::ErrorKind::NotFound || is_link_loop(error),
        // Or a bad line in a .gitignore: the others count.
        ignore::Error::Loop { .. } | ignore::Error::Partial(_) | ignore::Error::Glob { .. } => true,
        _ => false,
    }
}

/// Whether symbolic links lead round in a circle.
fn is_link_loop(error: &std::io::Error) -> bool {
    #[cfg(unix)]
    {
        // The walker wraps the error and keeps only its kind, which has no stable name.
        error.kind() == std::io::Error::from(rustix::io::Errno::LOOP).kind()
    }
    #[cfg(not(unix))]
    {
        let _ = error;
        false
    }
}

/// Files of the tool and of the repository, which a directory walk leaves out.
fn is_bookkeeping(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let document = |name: &str| {
        lower
            .strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    lower.ends_with(".schema.json")
        || lower
            .rsplit_once('.')
            .is_some_and(|(_, extension)| extension == "lock")
        || lower.ends_with(".lock.json")
        || lower == "corpus.toml"
        || lower.starts_with("corpus-baseline.")
        || ["readme", "changelog", "license", "contributing"]
            .into_iter()
            .any(document)
}

/// An `[[input]]` table with its globs compiled.
struct Compiled {
    spec: Arc<InputSpec>,
    include: GlobSet,
    exclude: GlobSet,
}

impl Compiled {
    fn new(spec: &InputSpec) -> Result<Self, SourceError> {
        Ok(Self {
            spec: Arc::new(spec.clone()),
            include: glob_set(&spec.include)?,
            exclude: glob_set(&spec.exclude)?,
        })
    }

    fn takes(&self, shown: &str) -> bool {
        self.include.is_match(shown) && !self.exclude.is_match(shown)
    }
}

fn glob_set(globs: &[String]) -> Result<GlobSet, SourceError> {
    let fail = |glob: &str, error: &globset::Error| SourceError::Glob {
        glob: glob.to_owned(),
        reason: error.kind().to_string(),
    };
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        let bare = glob.strip_prefix("./").unwrap_or(glob);
        builder.add(
            GlobBuilder::new(bare)
                .literal_separator(true)
                .build()
                .map_err(|error| fail(glob, &error))?,
        );
    }
    builder.build().map_err(|error| fail("", &error))
}

/// Refuses a configured glob that is absolute or climbs.
fn stays_inside(glob: &str, project: &Path) -> Result<(), SourceError> {
    let climbs = Path::new(glob)
        .components()
        .any(|part| !matches!(part, Component::Normal(_) | Component::CurDir));
    if climbs || glob.starts_with('/') {
        return Err(SourceError::Escape {
            path: glob.to_owned(),
            root: project.to_path_buf(),
        });
    }
    Ok(())
}

fn default_spec() -> Arc<InputSpec> {
    static SPEC: std::sync::OnceLock<Arc<InputSpec>> = std::sync::OnceLock::new();
    Arc::clone(SPEC.get_or_init(Arc::default))
}

fn has_magic(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

fn quoted(items: impl Iterator<Item = String>) -> String {
    items
        .map(|item| format!("`{item}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn finish(
    found: Found,
    patterns: impl FnOnce() -> String,
    ignored: impl FnOnce() -> usize,
) -> Result<Vec<Input>, SourceError> {
    if found.is_empty() {
        return Err(SourceError::NoMatch {
            patterns: patterns(),
            ignored: ignored(),
        });
    }
    // Strings compare by their bytes: the order is the same in every locale.
    Ok(found.into_values().collect())
}

/// A path without `.` and without `..` where that needs no look at the disk.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// A path below a directory, `/`-separated.
fn relative(path: &Path, directory: &Path) -> Option<String> {
    normal(path).strip_prefix(normal(directory)).ok().map(slashed)
}

fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}
