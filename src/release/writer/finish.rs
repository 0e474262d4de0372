//! The end of a release: identities, the verdict, documents, the manifest, the sums.

use super::{Facts, Takedowns, Writer, columns_of};
use crate::release::diff::{self, Context, Diff, DiffTable, Side};
use crate::release::encode::Core;
use crate::release::manifest::{self, File, Level, Manifest, Role, Split};
use crate::release::plan::Plan;
use crate::release::shard::{LIBRARY, WriteOptions};
use crate::release::splits::SplitRule;
use crate::release::takedown::RELEASE_FILE;
use crate::release::{Error, Result, audit, card, changelog, hex, metadata, semver, sha256, sums};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

impl Writer<'_> {
    /// Computes identities and the verdict, writes the documents, the manifest and the sums.
    ///
    /// # Errors
    /// I/O; counts that do not balance; no rows; a refusal of the version step.
    pub fn finish(self, facts: &Facts) -> Result<Staged> {
        let Self {
            plan,
            core: Core { columns, options, .. },
            rule,
            by_config,
            public_audit,
            temp,
            root,
            audit_root,
            audit,
            configs,
            identities,
            mut files,
        } = self;
        let configs = finish_configs(configs, by_config);
        if configs.is_empty() {
            return Err(Error::Refused(
                "no record is left: there is nothing to release".to_owned(),
            ));
        }
        let (mut audit_files, tally) = audit.close(if public_audit { "audit/" } else { "" })?;
        check_counts(&facts.counts, &configs, &tally)?;
        let mut out = Documents {
            root: &root,
            files: &mut files,
        };
        if let Some((path, bytes)) = &facts.profile {
            out.write(path, Role::State, bytes)?;
        }
        let schema_path = format!("schemas/{}", facts.json_schema_name);
        out.write(&schema_path, Role::Schema, &facts.json_schema)?;
        let schema = manifest::Schema {
            json_schema_path: schema_path,
            json_schema_sha256: hex(&sha256(&facts.json_schema)),
            primary_key: vec![columns.schema().field(columns.id()).name().clone()],
            fields: columns_of(columns.schema(), Some(&facts.json_schema)),
        };
        let content_id = identities.content_id()?;
        let counts_json =
            serde_json::to_vec_pretty(&facts.counts).map_err(|e| Error::Invalid(e.to_string()))?;
        let mut audit_out = Documents {
            root: &audit_root,
            files: &mut audit_files,
        };
        audit_out.write_as(
            "counts.json",
            if public_audit { "audit/" } else { "" },
            Role::Audit,
            &counts_json,
        )?;
        audit_files.sort();
        if public_audit {
            files.extend(audit_files.iter().cloned());
        }

        let mut manifest = Manifest {
            manifest_version: manifest::MANIFEST_VERSION,
            name: plan.name.clone(),
            version: plan.version.to_string(),
            released_at: facts.released_at.clone(),
            content_id,
            previous: plan.previous.as_ref().map(|p| manifest::Previous {
                version: p.version.to_string(),
                content_id: p.manifest.content_id.clone(),
                manifest_sha256: hex(&p.manifest_sha256),
            }),
            // Decided below, by comparison with this manifest.
            semver: manifest::Semver {
                required: Level::Initial,
                declared: Level::Initial,
                overridden: None,
                reasons: Vec::new(),
            },
            schema,
            splits: manifest::Splits {
                frozen: rule.frozen().to_vec(),
                by: rule.by(),
                empty: empty_splits(&rule, &configs),
            },
            configs,
            files: Vec::new(),
            counts: facts.counts.clone(),
            inputs: facts.inputs.clone(),
            pipeline: pipeline(facts, &options),
            takedown: takedown(facts),
            license: facts.license.clone(),
            languages: facts.languages.clone(),
            audit: manifest::Audit {
                public: public_audit,
                files: audit_files,
            },
        };
        let mut out = Documents {
            root: &root,
            files: &mut files,
        };
        if let Some(takedowns) = &facts.takedowns {
            out.write(
                RELEASE_FILE,
                Role::State,
                &takedowns.tombstones.to_release_bytes()?,
            )?;
        }
        out.write("LICENSE", Role::License, card::license_text(facts).as_bytes())?;
        // Its words are compared with those of the release before; the final card follows the verdict.
        fs_err::write(
            root.join("README.md"),
            card::render(&manifest, columns.schema(), facts),
        )?;
        let diff = differences(plan, &manifest, &options, facts.takedowns.as_ref(), &mut out)?;
        manifest.semver = semver::verdict(plan, diff, facts.override_semver.as_deref(), facts.judge)?;
        let words = facts.changes.as_deref();
        let words = words.and_then(|text| changelog::section(text, &manifest.version));
        let changes = changelog::render(&manifest, plan.previous.as_ref(), words.as_deref())?;
        out.write("CHANGELOG.md", Role::Changelog, changes.as_bytes())?;
        describe(&manifest, columns.schema(), facts, &mut out)?;
        files.sort();
        manifest.files = files;
        if let Some(problem) = manifest.check().into_iter().next() {
            return Err(Error::Invalid(format!("the manifest would be wrong: {problem}")));
        }
        let bytes = manifest.to_bytes()?;
        let manifest_sha256 = sha256(&bytes);
        fs_err::write(root.join("manifest.json"), &bytes)?;
        fs_err::write(root.join("SHA256SUMS"), sums::render(&manifest, &manifest_sha256))?;
        Ok(Staged {
            temp,
            root,
            audit: (!public_audit).then_some(audit_root),
            directory_name: plan.directory_name(),
            releases: plan.releases.clone(),
            manifest,
            manifest_sha256,
        })
    }
}

/// A release that is complete but not yet in its place.
#[derive(Debug)]
pub struct Staged {
    pub(in crate::release) temp: tempfile::TempDir,
    pub(in crate::release) root: PathBuf,
    pub(in crate::release) audit: Option<PathBuf>,
    pub(in crate::release) directory_name: String,
    pub(in crate::release) releases: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
    /// SHA-256 of its manifest.
    pub manifest_sha256: [u8; 32],
}

impl Staged {
    /// Where its files stand until it is committed.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.root
    }
}

/// Writes the documents that say what the manifest says: card, metadata, provenance.
pub(in crate::release) fn describe(
    manifest: &Manifest,
    schema: &arrow_schema::Schema,
    facts: &Facts,
    out: &mut Documents<'_>,
) -> Result<()> {
    out.write(
        "README.md",
        Role::Card,
        card::render(manifest, schema, facts).as_bytes(),
    )?;
    for (path, role, bytes) in metadata::documents(manifest, schema, facts)? {
        out.write(path, role, &bytes)?;
    }
    let statement = metadata::provenance(manifest, out.files)?;
    out.write(metadata::PROVENANCE, Role::Provenance, &statement)
}

/// Files written one after another, and listed.
pub(in crate::release) struct Documents<'d> {
    root: &'d Path,
    files: &'d mut Vec<File>,
}

impl<'d> Documents<'d> {
    pub(in crate::release) const fn new(root: &'d Path, files: &'d mut Vec<File>) -> Self {
        Self { root, files }
    }
    fn write(&mut self, path: &str, role: Role, bytes: &[u8]) -> Result<()> {
        self.write_as(path, "", role, bytes)
    }

    fn write_as(&mut self, path: &str, prefix: &str, role: Role, bytes: &[u8]) -> Result<()> {
        let target = self.root.join(path);
        if let Some(parent) = target.parent() {
            fs_err::create_dir_all(parent)?;
        }
        fs_err::write(&target, bytes)?;
        self.files.push(File {
            path: format!("{prefix}{path}"),
            bytes: bytes.len() as u64,
            sha256: hex(&sha256(bytes)),
            role,
        });
        Ok(())
    }
}

fn finish_configs(
    configs: BTreeMap<String, BTreeMap<String, Split>>,
    by_config: bool,
) -> Vec<manifest::Config> {
    let single = configs.len() == 1;
    configs
        .into_iter()
        .map(|(name, splits)| manifest::Config {
            default: single || !by_config || name == "default",
            name,
            splits: splits.into_values().collect(),
        })
        .collect()
}

/// Compares the release with the one before and writes `diff/`.
fn differences(
    plan: &Plan,
    manifest: &Manifest,
    options: &WriteOptions,
    takedowns: Option<&Takedowns>,
    out: &mut Documents<'_>,
) -> Result<Option<Diff>> {
    let Some(previous) = &plan.previous else {
        return Ok(None);
    };
    let old = Side {
        directory: &previous.directory,
        manifest: &previous.manifest,
    };
    let new = Side {
        directory: out.root,
        manifest,
    };
    let name = format!("diff/from-{}", previous.version);
    let table = format!("{name}.parquet");
    let configs = [old, new].iter().any(|side| side.manifest.configs.len() > 1);
    let mut rows = DiffTable::new(out.root.join(&table), options, configs)?;
    let taken_down = |id: &str| takedowns.is_some_and(|takedowns| takedowns.has(id));
    let context = Context {
        taken_down: takedowns.map(|_| &taken_down as _),
        takedown_level: takedowns.map(|takedowns| takedowns.level),
    };
    let diff = diff::compare(old, new, context, &mut |row| rows.push(row))?;
    out.files.extend(rows.close(&table)?);
    let text = diff::to_json(&diff, &previous.version.to_string(), Some(&manifest.version))?;
    out.write(&format!("{name}.json"), Role::Diff, text.as_bytes())?;
    Ok(Some(diff))
}

/// Whom to ask, and what is enforced.
fn takedown(facts: &Facts) -> Option<manifest::Takedown> {
    let takedowns = facts.takedowns.as_ref();
    (facts.contact.is_some() || takedowns.is_some()).then(|| manifest::Takedown {
        contact: facts.contact.clone(),
        tombstones: takedowns.map(|_| RELEASE_FILE.to_owned()),
        count: takedowns.map(|takedowns| takedowns.tombstones.len() as u64),
        purges: Vec::new(),
    })
}

fn check_counts(counts: &manifest::Counts, configs: &[manifest::Config], tally: &audit::Tally) -> Result<()> {
    let unbalanced = |what: String| Error::Invalid(format!("the counts do not balance: {what}"));
    counts.balance().map_err(unbalanced)?;
    tally.agrees(counts).map_err(unbalanced)?;
    let rows: u64 = configs.iter().flat_map(|c| &c.splits).map(|s| s.rows).sum();
    if rows != counts.accepted {
        return Err(unbalanced(format!(
            "{rows} rows were written, {} were accepted",
            counts.accepted
        )));
    }
    Ok(())
}

fn empty_splits(rule: &SplitRule, configs: &[manifest::Config]) -> Vec<String> {
    rule.names()
        .filter(|name| !configs.iter().any(|c| c.splits.iter().any(|s| s.name == *name)))
        .map(str::to_owned)
        .collect()
}

fn pipeline(facts: &Facts, options: &WriteOptions) -> manifest::Pipeline {
    manifest::Pipeline {
        tool: "corpus".to_owned(),
        tool_version: facts.tool_version.clone(),
        config_sha256: facts.config_sha256.clone(),
        ruleset: facts.ruleset.clone(),
        unicode: facts.unicode.clone(),
        match_key: facts.match_key.clone(),
        decontamination: facts.decontamination.clone(),
        template_lines_sha256: facts.template_lines_sha256.clone(),
        parquet: manifest::ParquetSettings {
            library: LIBRARY.to_owned(),
            level: options.zstd_level,
            row_group_rows: options.row_group_rows as u64,
            row_group_bytes: options.row_group_bytes,
            shard_bytes: options.shard_bytes,
        },
        source_commit: facts.source.as_ref().map(|s| s.0.clone()),
        dirty: facts.source.as_ref().map(|s| s.1),
    }
}
