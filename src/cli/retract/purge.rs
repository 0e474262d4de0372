//! `corpus retract --purge`: what was taken down, out of every release that is held.

use super::names;
use crate::cli::args::RetractArgs;
use crate::cli::output::Printer;
use crate::cli::project::{Project, now};
use crate::cli::release::{said, write_options};
use crate::cli::remote::settings;
use crate::cli::{CommandResult, Failure, Outcome};
use crate::engine::takedown::{Named, Probe};
use crate::release::commit::Lock;
use crate::release::purge::{Purge, Purged};
use crate::release::released::Row;
use crate::release::remote::Remote;
use crate::release::takedown::{Key, Tombstones};
use crate::release::{Error, signature};
use crate::report::escape::visible;
use crate::report::summary::count;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

pub(super) fn run(
    args: &RetractArgs,
    project: &Project,
    tombstones: &Tombstones,
    key: &Key,
    printer: &Printer,
) -> CommandResult {
    if tombstones.is_empty() {
        return Err(Failure::new(
            "there is nothing to purge: no record was taken down",
        ));
    }
    let config = &project.loaded.config;
    let releases = args
        .out
        .clone()
        .unwrap_or_else(|| project.root().join(&config.release.directory));
    let remote = config.release.remote.as_deref().map(Remote::parse).transpose()?;
    let remote = remote.map(|remote| remote.with_settings(settings()));
    let mut out = String::new();
    let mut purge = |directory: &Path, twin: Option<&Path>| -> Result<(), Failure> {
        let signed = signed(directory)?;
        let done = in_directory(project, tombstones, key, directory, twin)?;
        out.push_str(&told(directory, &done));
        let lost = done.iter().filter(|version| signed.contains(&version.version));
        for version in lost {
            printer.warning(&format!(
                "the signature of {} was of another manifest and is gone: sign it again",
                version.version
            ));
        }
        Ok(())
    };
    if releases.is_dir() {
        purge(&releases, None)?;
    }
    match remote.as_ref().map(|remote| (remote, remote.directory())) {
        Some((_, Some(directory))) if directory.is_dir() => purge(directory, Some(&releases))?,
        Some((remote, None)) => printer.warning(&format!(
            "{} is an object store, which this version does not purge: delete the versions there and publish them again",
            remote.url
        )),
        _ => {}
    }
    printer.result(out.as_bytes())?;
    Ok(Outcome::Clean)
}

fn in_directory(
    project: &Project,
    tombstones: &Tombstones,
    key: &Key,
    directory: &Path,
    twin: Option<&Path>,
) -> Result<Vec<Purged>, Failure> {
    let fields = project.fields(None);
    let matcher = tombstones.matcher(key)?;
    let mut probe = Probe::default();
    let mut taken = |row: &Row<'_>| {
        let named = Named {
            id: Some(row.id),
            url: row.url,
            source: row.source,
            text: row.text.unwrap_or_default(),
        };
        probe.find(&matcher, &named).is_some()
    };
    let name = project.loaded.config.name.as_deref();
    let name =
        name.ok_or_else(|| Failure::new("a corpus.toml with a `name` says which releases there are"))?;
    let lock = Lock::acquire(directory, true)?;
    let purged = Purge {
        lock: &lock,
        name,
        tombstones,
        matcher: &matcher,
        taken: &mut taken,
        names: &names(&fields),
        options: &write_options(project, &fields)?,
        facts: &said(project),
        at: &now().to_string(),
        twin,
    }
    .run();
    purged.map_err(|error| match error {
        Error::Refused(why) => Failure::new(why),
        other => other.into(),
    })
}

/// Versions of the releases in a directory that are signed.
fn signed(directory: &Path) -> Result<Vec<String>, Failure> {
    let mut out = Vec::new();
    for entry in fs_err::read_dir(directory)? {
        let path: PathBuf = entry?.path();
        if path.join(signature::FILE).is_file() {
            out.push(crate::release::manifest::Manifest::read(&path)?.0.version);
        }
    }
    Ok(out)
}

fn told(directory: &Path, done: &[Purged]) -> String {
    let shown = directory.display().to_string();
    let mut out = String::new();
    if done.is_empty() {
        let _ = writeln!(out, "{}: nothing to purge", visible(&shown));
    }
    for version in done {
        let _ = writeln!(
            out,
            "{}: purged {}: {}",
            visible(&shown),
            version.version,
            count(version.rows, "row")
        );
    }
    out
}
