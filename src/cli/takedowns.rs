//! The tombstones of a project, and their key.

use super::Failure;
use super::output::Printer;
use super::project::Project;
use crate::config::TakedownLevel;
use crate::engine::check::Checker;
use crate::release::Error;
use crate::release::manifest::{Level, Manifest};
use crate::release::plan::Previous;
use crate::release::takedown::{FILE_NAME, Key, Tombstones};
use crate::release::writer::Takedowns;
use crate::report::escape::visible;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The variable that holds the key.
pub(crate) const VARIABLE: &str = "CORPUS_RETRACT_KEY";

/// The key that the file or the variable holds.
pub(crate) fn key(project: &Project, file: Option<&Path>) -> Result<Option<Key>, Failure> {
    let Some(file) = file else {
        let Some(value) = std::env::var_os(VARIABLE) else {
            return Ok(None);
        };
        let value = value
            .to_str()
            .ok_or_else(|| Failure::new(format!("{VARIABLE} is not UTF-8")))?;
        return Ok(Some(Key::new(value.as_bytes())?));
    };
    let bytes = fs_err::read(file)?;
    let place = fs_err::canonicalize(file)?;
    let releases = project.root().join(&project.loaded.config.release.directory);
    for inside in [project.root(), releases] {
        // A key beside what it protects protects nothing.
        if inside
            .canonicalize()
            .is_ok_and(|inside| place.starts_with(inside))
        {
            return Err(Failure::new(format!(
                "the key {} lies inside the project: whoever gets the tombstones would get it too",
                visible(&file.display().to_string())
            ))
            .hint("keep it elsewhere, such as in the secrets of the CI"));
        }
    }
    Ok(Some(Key::new(&bytes)?))
}

/// Where the project keeps its tombstones.
pub(crate) fn path(project: &Project) -> PathBuf {
    project.root().join(FILE_NAME)
}

/// The tombstones of the project and of the release before, with what records are compared with. Without
/// the key that is refused: they could not be enforced.
pub(crate) fn enforced(
    project: &Project,
    previous: Option<&Previous>,
    file: Option<&Path>,
) -> Result<Result<Option<Takedowns>, Error>, Failure> {
    let mut tombstones = Tombstones::read(&path(project))?;
    if let Some(previous) = previous {
        tombstones.extend(Tombstones::of_release(&previous.directory, &previous.manifest)?);
    }
    if tombstones.is_empty() {
        return Ok(Ok(None));
    }
    let Some(key) = key(project, file)? else {
        return Ok(Err(Error::Refused(format!(
            "{} of what was taken down cannot be enforced without their key; set {VARIABLE}, or name its file with --tombstone-key",
            crate::report::summary::count(tombstones.len() as u64, "tombstone")
        ))));
    };
    Ok(ready(project, tombstones, &key).map(Some))
}

fn ready(project: &Project, tombstones: Tombstones, key: &Key) -> Result<Takedowns, Error> {
    let matcher = Arc::new(tombstones.matcher(key)?);
    Ok(Takedowns {
        tombstones,
        matcher,
        found: Arc::default(),
        level: match project.loaded.config.release.takedown_level {
            TakedownLevel::Patch => Level::Patch,
            TakedownLevel::Major => Level::Major,
        },
    })
}

/// What a release that is only looked at enforces; nothing without the key.
pub(crate) fn of_release(
    project: &Project,
    directory: &Path,
    manifest: &Manifest,
) -> Result<Option<Takedowns>, Failure> {
    let tombstones = Tombstones::of_release(directory, manifest)?;
    let key = if tombstones.is_empty() {
        None
    } else {
        key(project, None)?
    };
    let Some(key) = key else { return Ok(None) };
    Ok(Some(ready(project, tombstones, &key)?))
}

/// Has `corpus lint` compare with the project's tombstones, where there are any and their key is there.
pub(crate) fn for_lint(project: &Project, checker: &mut Checker, printer: &Printer) -> Result<(), Failure> {
    if !project.has_file() || checker.selection.set.find("L007").is_none() {
        return Ok(());
    }
    let tombstones = Tombstones::read(&path(project))?;
    if tombstones.is_empty() {
        return Ok(());
    }
    match key(project, None)? {
        Some(key) => checker.takedowns = Some(Arc::new(tombstones.matcher(&key)?)),
        None => printer.note(&format!(
            "L007 finds nothing: {VARIABLE} is not set, so records are not compared with {FILE_NAME}"
        )),
    }
    Ok(())
}
