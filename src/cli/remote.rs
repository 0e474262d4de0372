//! `corpus publish` and `corpus pull`.

use super::args::{Global, PublishArgs, PullArgs};
use super::output::Printer;
use super::project::Project;
use super::{CommandResult, Failure, Outcome};
use crate::engine::manifest_schema::validate;
use crate::release::manifest::is_ident;
use crate::release::plan::{directory_name, parse_version};
use crate::release::remote::{self, Part, Remote};
use crate::release::verify::{VerifyOptions, verify};
use crate::report::escape::visible;
use crate::report::summary::count;
use std::path::{Path, PathBuf};

/// What the environment says, for the settings of object stores in it.
pub(crate) fn settings() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

pub(crate) fn publish(args: &PublishArgs, global: &Global, printer: &Printer) -> CommandResult {
    let remote = Remote::parse(&args.url)?.with_settings(settings());
    let project = Project::load(global)?;
    let version = parse_version(&args.version)?;
    let Some(name) = &project.loaded.config.name else {
        return Err(Failure::new("publishing needs a corpus.toml with a `name`"));
    };
    let releases = releases(args.out.as_deref(), &project);
    let directory = releases.join(directory_name(name, &version));
    if !directory.is_dir() {
        return Err(Failure::new(format!(
            "there is no release `{}`",
            directory.display()
        )));
    }
    let options = VerifyOptions {
        threads: project.jobs,
        validate: Some(&validate),
        ..VerifyOptions::default()
    };
    let report = verify(&directory, options)?;
    if let Some(problem) = report.problems.first() {
        let what = format!(
            "publication refused: {}: {} is damaged: {}; `corpus verify` says all",
            directory.display(),
            problem.path,
            problem.what
        );
        printer.error(&what, &[]);
        return Ok(Outcome::Failed);
    }
    let done = match remote::publish(&directory, &remote) {
        Ok(done) => done,
        Err(error) => return refused("publication", error, printer),
    };
    let text = if done.listed {
        format!(
            "published {name} {version}: {} sent, {} there already\n",
            count(done.sent, "file"),
            done.kept
        )
    } else {
        format!(
            "{name} {version} is published already: {} sent, {} compared\n",
            count(done.sent, "file"),
            done.kept
        )
    };
    printer.result(text.as_bytes())?;
    Ok(Outcome::Clean)
}

pub(crate) fn pull(args: &PullArgs, global: &Global, printer: &Printer) -> CommandResult {
    let (remote, version) = Remote::parse_with_version(&args.url)?;
    let remote = remote.with_settings(settings());
    // `--config` means a config of the dataset here, where its value is the name of one and of no file.
    let (names, rest): (Vec<String>, Vec<String>) = global
        .config
        .iter()
        .cloned()
        .partition(|value| is_ident(value) && !Path::new(value).exists());
    if names.len() > 1 {
        return Err(Failure::new("pull takes one config at a time"));
    }
    let part = Part {
        config: names.into_iter().next(),
        split: args.split.clone(),
    };
    let global = Global {
        config: rest,
        ..global.clone()
    };
    if !part.is_all() && args.out.is_none() {
        return Err(Failure::new("a part of a release is no release of the project")
            .hint("name a directory for it with --out"));
    }
    let releases = match &args.out {
        Some(out) => out.clone(),
        None => releases(None, &Project::load(&global)?),
    };
    let done = match remote::pull(&remote, version.as_deref(), &part, &releases) {
        Ok(done) => done,
        Err(error) => return refused("pull", error, printer),
    };
    let text = if done.files == 0 {
        format!("{} is here already\n", done.version)
    } else {
        format!(
            "pulled {}: {}\n{}\n",
            done.version,
            count(done.files, "file"),
            visible(&done.directory.display().to_string())
        )
    };
    printer.result(text.as_bytes())?;
    Ok(Outcome::Clean)
}

fn releases(out: Option<&Path>, project: &Project) -> PathBuf {
    match out {
        Some(out) => out.to_owned(),
        None => project.root().join(&project.loaded.config.release.directory),
    }
}

fn refused(what: &str, error: crate::release::Error, printer: &Printer) -> CommandResult {
    if error.is_refusal() || matches!(error, crate::release::Error::Corrupt { .. }) {
        printer.error(&format!("{what} refused: {error}"), &[]);
        return Ok(Outcome::Failed);
    }
    Err(error.into())
}
