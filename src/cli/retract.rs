//! `corpus retract`: records that nobody may publish any more.

mod purge;

use super::args::{Global, RetractArgs, ScopeArg};
use super::output::{INTERRUPTED, Printer};
use super::project::{Project, no_rules, now};
use super::{CommandResult, Failure, Outcome, takedowns};
use crate::engine::check::FieldNames;
use crate::engine::retract::{Reach, Search, reach};
use crate::engine::whole::Whole;
use crate::record::Role;
use crate::release::Error;
use crate::release::manifest::Manifest;
use crate::release::plan::{directory_name, parse_version, read_index};
use crate::release::released::Names;
use crate::release::takedown::{FILE_NAME, Key, Matcher, Scope, Tombstone, Tombstones};
use crate::report::escape::visible;
use crate::report::summary::count;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Most records that are told.
const SHOWN: usize = 20;

pub(crate) fn run(args: &RetractArgs, global: &Global, printer: &Printer) -> CommandResult {
    let project = Project::load(global)?;
    if !project.has_file() {
        return Err(
            Failure::new("there is no corpus.toml: a takedown belongs to a project")
                .hint("start a project with `corpus init`"),
        );
    }
    let reason = args.reason.as_deref().map(str::trim);
    if reason == Some("") {
        return Err(Failure::new(
            "--reason is empty: say why the records are taken down",
        ));
    }
    let Some(key) = takedowns::key(&project, args.tombstone_key.as_deref())? else {
        return Err(Failure::new(format!(
            "a takedown needs a key, so that its tombstones tell nobody what went: set {}, or name a file with --tombstone-key",
            takedowns::VARIABLE
        ))
        .hint("make one with `openssl rand -hex 32`, keep it outside the project, and never lose it"));
    };
    let path = takedowns::path(&project);
    let known = Tombstones::read(&path)?;
    // A wrong key is said before anything is searched.
    known.matcher(&key)?;
    let scope = match args.scope {
        ScopeArg::Cluster => Scope::Cluster,
        ScopeArg::Record => Scope::Record,
    };
    let selectors = selectors(args, &key, scope)?;
    if selectors.is_empty() && !args.purge {
        return Err(Failure::new(
            "no selector: name ids, or use --url-prefix, --source, --sha256 or --file",
        ));
    }
    let mut all = known;
    if !selectors.is_empty() {
        let held = Held::find(&project, args.out.as_deref())?;
        let found = search(&project, &held, &selectors, &key, scope, printer)?;
        if super::output::interrupted() {
            return Ok(Outcome::Failed);
        }
        let unmatched = unmatched(&selectors, &found);
        if !args.allow_unmatched && !unmatched.is_empty() {
            printer.error(
                &format!("no record has {}", unmatched.join(", ")),
                &["--allow-unmatched takes down what may still come".to_owned()],
            );
            return Ok(Outcome::Failed);
        }
        let at = now().to_string();
        let mut fresh = 0;
        for tombstone in found.tombstones.iter() {
            fresh += u64::from(all.add(Tombstone {
                at: Some(at.clone()),
                reason: reason.map(str::to_owned),
                ..tombstone.clone()
            }));
        }
        if !args.dry_run {
            Whole::write(&path, &all.to_bytes()?)?;
        }
        printer.result(told(&found, fresh, &held, args).as_bytes())?;
        if !args.dry_run && fresh > 0 {
            printer.note(&format!(
                "commit {FILE_NAME}; the next release leaves these records out"
            ));
        }
    }
    if args.purge && !args.dry_run {
        purge::run(args, &project, &all, &key, printer)?;
    }
    Ok(Outcome::Clean)
}

/// The selectors of the command line, by what people call them.
type Selectors = BTreeMap<Tombstone, String>;

fn selectors(args: &RetractArgs, key: &Key, scope: Scope) -> Result<Selectors, Failure> {
    let matcher = Tombstones::default().matcher(key)?;
    let mut all = Selectors::new();
    let mut add = |kind: &str, value: &str| -> Result<(), Failure> {
        let tombstone = selector(&matcher, kind, value.trim(), scope)?;
        all.insert(tombstone, format!("{kind} `{}`", visible(value.trim())));
        Ok(())
    };
    let named = [
        ("id", &args.ids),
        ("url", &args.url_prefix),
        ("source", &args.source),
        ("sha256", &args.sha256),
    ];
    for (kind, values) in named {
        values.iter().try_for_each(|value| add(kind, value))?;
    }
    for path in &args.file {
        let text = fs_err::read_to_string(path)?;
        for (number, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let kinds = ["id", "url", "source", "sha256"];
            let told = line.split_once(':').filter(|(kind, _)| kinds.contains(kind));
            let (kind, value) = told.unwrap_or(("id", line));
            add(kind, value).map_err(|error| {
                Failure::new(format!("{}:{}: {}", path.display(), number + 1, error.message))
            })?;
        }
    }
    Ok(all)
}

fn selector(matcher: &Matcher, kind: &str, value: &str, scope: Scope) -> Result<Tombstone, Failure> {
    if value.is_empty() {
        return Err(Failure::new(format!(
            "an empty {kind} would take down everything"
        )));
    }
    Ok(match kind {
        "url" => matcher.of_prefix(value, scope),
        "source" => matcher.of_source(value, scope),
        "sha256" => {
            let hash = crate::release::unhex(&value.to_ascii_lowercase()).ok_or_else(|| {
                Failure::new(format!(
                    "`{}` is not a SHA-256: 64 hexadecimal digits",
                    visible(value)
                ))
            })?;
            matcher.of_text(&hash, scope)
        }
        _ => matcher.of_id(value, scope),
    })
}

fn unmatched(selectors: &Selectors, found: &Reach) -> Vec<String> {
    let named = selectors.values().enumerate();
    let none = named.filter(|(number, _)| !found.matched.contains(&(*number as u32)));
    none.map(|(_, name)| name.clone()).collect()
}

/// The releases that are here.
struct Held {
    /// By version, oldest first.
    releases: Vec<(semver::Version, PathBuf, Manifest)>,
}

impl Held {
    fn find(project: &Project, out: Option<&Path>) -> Result<Self, Failure> {
        let config = &project.loaded.config;
        let directory = out.map_or_else(
            || project.root().join(&config.release.directory),
            Path::to_path_buf,
        );
        let mut releases = Vec::new();
        for line in read_index(&directory)? {
            let version = parse_version(&line.version)?;
            let name = config.name.as_deref().unwrap_or_default();
            let directory = directory.join(directory_name(name, &version));
            if directory.join("manifest.json").is_file() {
                let (manifest, _) = Manifest::read(&directory)?;
                releases.push((version, directory, manifest));
            }
        }
        releases.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(Self { releases })
    }

    /// Shards by their SHA-256, each once: releases share most of theirs. Of a release without its data there
    /// is none.
    fn shards(&self) -> BTreeMap<&str, PathBuf> {
        let mut out = BTreeMap::new();
        for (_, directory, manifest) in &self.releases {
            for (_, _, shard) in manifest.shards() {
                let path = directory.join(&shard.path);
                if path.is_file() {
                    out.entry(shard.sha256.as_str()).or_insert(path);
                }
            }
        }
        out
    }

    /// Versions with a shard that holds something of what was found.
    fn holding(&self, found: &Reach) -> Vec<String> {
        let paths: BTreeSet<&str> = found.hits.iter().map(|hit| hit.path.as_str()).collect();
        let mut shards = self.shards();
        shards.retain(|_, path| paths.contains(path.display().to_string().as_str()));
        let hit = |manifest: &Manifest| {
            manifest
                .shards()
                .any(|(.., shard)| shards.contains_key(shard.sha256.as_str()))
        };
        let releases = self.releases.iter().filter(|(.., manifest)| hit(manifest));
        releases.map(|(version, ..)| version.to_string()).collect()
    }
}

fn names(fields: &FieldNames) -> Names {
    let name = |role| fields.name(role).to_owned();
    Names {
        id: name(Role::Id),
        url: name(Role::Url),
        source: name(Role::Source),
        text: name(Role::Text),
    }
}

fn search(
    project: &Project,
    held: &Held,
    selectors: &Selectors,
    key: &Key,
    scope: Scope,
    printer: &Printer,
) -> Result<Reach, Failure> {
    let mut checker = project.checker(&no_rules(), None, None, printer)?;
    checker.schema = None;
    let plan = project.plan(project.inputs(&[], None)?)?;
    let mut first = Tombstones::default();
    for tombstone in selectors.keys() {
        first.add(tombstone.clone());
    }
    let search = Search {
        names: &names(&checker.fields),
        checker: &checker,
        plan: &plan,
        shards: &held.shards().into_values().collect::<Vec<_>>(),
        jobs: project.jobs,
        stop: &INTERRUPTED,
    };
    match reach(&search, first, key, scope) {
        Err(Error::Refused(why) | Error::Invalid(why)) => Err(Failure::new(why)),
        other => Ok(other?),
    }
}

fn told(found: &Reach, fresh: u64, held: &Held, args: &RetractArgs) -> String {
    let mut out = String::new();
    let inputs = found.hits.iter().filter(|hit| !hit.path.ends_with(".parquet"));
    let copies = inputs.clone().filter(|hit| !hit.selected).count();
    let all = inputs.clone().count();
    let verb = if args.dry_run {
        "would be taken down"
    } else {
        "taken down"
    };
    let _ = writeln!(
        out,
        "{} of the inputs {verb}: {} asked for, {} of them; {} new",
        count(all as u64, "record"),
        all - copies,
        match copies {
            1 => "1 copy".to_owned(),
            n => format!("{n} copies"),
        },
        count(fresh, "tombstone"),
    );
    for hit in inputs.take(SHOWN) {
        let id = hit
            .id
            .as_deref()
            .map_or_else(String::new, |id| format!(" {}", visible(id)));
        let why = if hit.selected { "" } else { " (a copy)" };
        let _ = writeln!(out, "  {}:{}{id}{why}", visible(&hit.path), hit.line);
    }
    if all > SHOWN {
        let _ = writeln!(out, "  and {} more", all - SHOWN);
    }
    let versions = held.holding(found);
    if !versions.is_empty() {
        let purge = if args.purge {
            ""
        } else {
            "; `corpus retract --purge` rewrites them"
        };
        let _ = writeln!(
            out,
            "releases that hold such records: {}{purge}",
            versions.join(", ")
        );
    }
    out
}
