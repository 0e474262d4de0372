//! What the manifest records of the project that a release is made of.

use crate::cli::args::ReleaseArgs;
use crate::cli::project::{Project, now};
use crate::cli::{Failure, git};
use crate::engine::check::Checker;
use crate::release::manifest::{Input as InputFact, Manifest};
use crate::release::semver::Judge;
use crate::release::takedown;
use crate::release::writer::Facts;
use crate::rules::template;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};

/// The schema file of the project: a release needs one, its columns come from it.
pub(super) fn schema_file(project: &Project) -> Result<(PathBuf, Vec<u8>), Failure> {
    let Some(path) = &project.loaded.config.schema.path else {
        return Err(
            Failure::new("a release needs a schema: its columns are derived from it")
                .hint("set [schema] path in corpus.toml; `corpus schema article` prints one to start from"),
        );
    };
    let path = project.root().join(path);
    let bytes = fs_err::read(&path)?;
    Ok((path, bytes))
}

/// The commit that a release is made from, and whether something is not in it.
fn source(args: &ReleaseArgs, root: &Path, dirty: bool) -> Result<Option<(String, bool)>, Failure> {
    let Some(path) = &args.source_of else {
        return Ok(git::head(root).map(|commit| (commit, dirty)));
    };
    let manifest = Manifest::from_bytes(&fs_err::read(path)?)
        .map_err(|what| Failure::new(format!("{}: {what}", path.display())))?;
    Ok(manifest.pipeline.source_commit.zip(manifest.pipeline.dirty))
}

/// Files that decide what is released and are not committed as they are.
pub(super) fn dirty(project: &Project, schema: &Path) -> Vec<PathBuf> {
    let mut paths = vec![schema.to_path_buf()];
    paths.extend(project.loaded.file.clone());
    let lines = project.root().join(template::FILE_NAME);
    paths.extend(lines.exists().then_some(lines));
    let tombstones = project.root().join(takedown::FILE_NAME);
    paths.extend(tombstones.exists().then_some(tombstones));
    git::dirty(&project.root(), &paths)
}

/// The facts; what only the scan knows is still empty.
pub(super) fn facts(
    args: &ReleaseArgs,
    project: &Project,
    checker: &Checker,
    schema_path: &Path,
    json_schema: Vec<u8>,
    dirty: bool,
    inputs: &[InputFact],
) -> Result<Facts, Failure> {
    let config = &project.loaded.config;
    let root = project.root();
    let table = toml::to_string(&project.loaded.table)?;
    let mut rules = Sha256::new();
    for active in &checker.selection.set.active {
        rules.update(format!(
            "{} {} {}\n",
            active.rule.code,
            active.severity,
            active.rule.status.as_str()
        ));
    }
    let (major, minor, update) = unicode_normalization::UNICODE_VERSION;
    let optional = |name: &str| fs_err::read_to_string(root.join(name)).ok();
    Ok(Facts {
        released_at: now().to_string(),
        counts: crate::release::manifest::Counts::default(),
        inputs: inputs.to_vec(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        config_sha256: crate::release::hex(&Sha256::digest(table)),
        ruleset: format!(
            "{} sha256:{}",
            config
                .edition
                .as_deref()
                .unwrap_or(crate::config::load::EDITIONS[0]),
            crate::release::hex(&rules.finalize())
        ),
        unicode: Some(format!("{major}.{minor}.{update}")),
        match_key: Some(super::MATCH_KEY.to_owned()),
        decontamination: None,
        source: source(args, &root, dirty)?,
        template_lines_sha256: project
            .template_lines()?
            .map(|(bytes, _)| crate::release::hex(&Sha256::digest(bytes))),
        json_schema,
        json_schema_name: schema_path.file_name().map_or_else(
            || "schema.json".into(),
            |name| name.to_string_lossy().into_owned(),
        ),
        license: config.license.clone(),
        license_text: optional("LICENSE"),
        languages: Vec::new(),
        description: config.description.clone(),
        authors: config.authors.clone(),
        homepage: config.homepage.clone(),
        contact: config.contact.clone(),
        takedowns: None,
        prose: optional("DATASET.md"),
        changes: optional("CHANGELOG.md"),
        profile: None,
        override_semver: args.override_semver.clone(),
        judge: Judge::Enforce,
    })
}

/// What documents say of a release that exists already: all else is in its manifest.
pub(in crate::cli) fn said(project: &Project) -> Facts {
    let config = &project.loaded.config;
    let optional = |name: &str| fs_err::read_to_string(project.root().join(name)).ok();
    Facts {
        released_at: String::new(),
        counts: crate::release::manifest::Counts::default(),
        inputs: Vec::new(),
        tool_version: String::new(),
        config_sha256: String::new(),
        ruleset: String::new(),
        unicode: None,
        match_key: None,
        decontamination: None,
        template_lines_sha256: None,
        source: None,
        json_schema: Vec::new(),
        json_schema_name: String::new(),
        license: config.license.clone(),
        license_text: optional("LICENSE"),
        languages: Vec::new(),
        description: config.description.clone(),
        authors: config.authors.clone(),
        homepage: config.homepage.clone(),
        contact: config.contact.clone(),
        takedowns: None,
        prose: optional("DATASET.md"),
        changes: None,
        override_semver: None,
        judge: Judge::Record,
        profile: None,
    }
}
