//! Rows to a staged release: shards and their state, in parallel and in order, then the documents.

use super::audit::AuditWriter;
use super::columns::Columns;
use super::encode::{Core, Encoded, Next, Ordered, Stream, peek};
use super::identities::{Identities, Run};
use super::manifest::{self, File, Manifest, Role, Shard, Split};
use super::open_shard::OpenShard;
use super::plan::{Home, Plan};
use super::row_hash::{ContentId, RowsHash};
use super::rows::{MetaResult, RowMeta, Rows};
use super::shard::{Encoder, Kind, LIBRARY, WriteOptions};
use super::splits::SplitRule;
use super::state::{self, Merge};
use super::{Error, Result, card, changelog, semver, sums};
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::path::{Path, PathBuf};

/// What the documents and the manifest say that the rows do not.
#[derive(Debug, Clone)]
pub struct Facts {
    /// RFC 3339 date-time of the release.
    pub released_at: String,
    /// What became of every record.
    pub counts: manifest::Counts,
    /// Where records came from, in path order.
    pub inputs: Vec<manifest::Input>,
    /// Version of the tool.
    pub tool_version: String,
    /// SHA-256 of the effective configuration, lower-case hexadecimal.
    pub config_sha256: String,
    /// Edition and hash of the rules that ran.
    pub ruleset: String,
    /// Unicode version of the tables.
    pub unicode: Option<String>,
    /// Which normalisation the matching keys use.
    pub match_key: Option<String>,
    /// Commit of the project, and whether it had uncommitted changes.
    pub source: Option<(String, bool)>,
    /// The JSON Schema file of the project, byte for byte.
    pub json_schema: Vec<u8>,
    /// File name of the JSON Schema in the release's `schemas/`.
    pub json_schema_name: String,
    /// SPDX expression of the licence.
    pub license: Option<String>,
    /// Text of the licence, from the project.
    pub license_text: Option<String>,
    /// Languages of the rows, BCP 47, sorted.
    pub languages: Vec<String>,
    /// Human name of the dataset, one line.
    pub description: Option<String>,
    /// Home page.
    pub homepage: Option<String>,
    /// Address for takedowns.
    pub contact: Option<String>,
    /// Text of the user's for the card, after the generated facts.
    pub prose: Option<String>,
    /// Reason for a step smaller than the changes ask for.
    pub override_semver: Option<String>,
}

/// Writes a release into a temporary directory beside its place.
pub struct Writer<'a> {
    plan: &'a Plan,
    core: Core<'a>,
    rule: SplitRule,
    by_config: bool,
    public_audit: bool,
    temp: tempfile::TempDir,
    root: PathBuf,
    audit_root: PathBuf,
    audit: AuditWriter,
    configs: BTreeMap<String, BTreeMap<String, Split>>,
    identities: Identities,
    files: Vec<File>,
}

impl<'a> Writer<'a> {
    /// Starts a release below `plan.releases`, which must be locked. `by_config`: whether the
    /// release has several configs (`data/<config>/<split>/`). `public_audit`: whether the audit
    /// goes into the release.
    ///
    /// # Errors
    /// I/O.
    pub fn new(
        plan: &'a Plan,
        columns: Columns,
        rows: &'a dyn Rows,
        rule: SplitRule,
        options: WriteOptions,
        by_config: bool,
        public_audit: bool,
    ) -> Result<Self> {
        let temp = tempfile::Builder::new()
            .prefix(super::commit::TEMP_PREFIX)
            .tempdir_in(&plan.releases)?;
        // Not the temporary directory itself: that one is private, these follow the umask.
        let root = temp.path().join("release");
        fs_err::create_dir(&root)?;
        let audit_root = if public_audit {
            root.join("audit")
        } else {
            temp.path().join("audit")
        };
        fs_err::create_dir(&audit_root)?;
        Ok(Self {
            plan,
            audit: AuditWriter::new(&audit_root, &options)?,
            core: Core {
                columns,
                rows,
                options,
            },
            rule,
            by_config,
            public_audit,
            temp,
            root,
            audit_root,
            configs: BTreeMap::new(),
            identities: Identities::default(),
            files: Vec::new(),
        })
    }

    /// The audit tables.
    pub const fn audit(&mut self) -> &mut AuditWriter {
        &mut self.audit
    }

    /// Writes all rows of one split: first those with a home, by (home, id), then new ones by id,
    /// ids in byte order. A split without rows is left out. `new_bytes`: sum of [`RowMeta::weight`] of
    /// the new rows.
    ///
    /// # Errors
    /// I/O; rows out of order; a row that does not fit its columns.
    pub fn write_split(
        &mut self,
        config: &str,
        split: &str,
        new_bytes: u64,
        rows: &mut dyn Iterator<Item = MetaResult<'_>>,
    ) -> Result<()> {
        for name in [config, split] {
            if !manifest::is_ident(name) {
                return Err(Error::Invalid(format!(
                    "`{}` cannot name a config or split: letters, digits and `_` only, and not `all`",
                    name.escape_debug()
                )));
            }
        }
        let mut next = self.next_number(config, split);
        let mut shards = Vec::new();
        let mut rows = Ordered { rows, last: None }.peekable();
        loop {
            match peek(&mut rows)? {
                Next::Home(index) => {
                    let home = self.plan.homes().get(index as usize).cloned();
                    let home = home.filter(|h| (h.config.as_str(), h.split.as_str()) == (config, split));
                    let home = home.ok_or_else(|| {
                        Error::Invalid(format!("a row of {config}/{split} has its home in another split"))
                    })?;
                    shards.push(self.old_shard(&home, index, &mut rows)?);
                }
                Next::New => {
                    let place = (config, split, &mut next);
                    self.new_shards(place, new_bytes, &mut rows, &mut shards)?;
                }
                Next::End => break,
            }
        }
        if shards.is_empty() {
            return Ok(());
        }
        let split = Split {
            name: split.to_owned(),
            rows: shards.iter().map(|s| s.rows).sum(),
            bytes: shards.iter().map(|s| s.bytes).sum(),
            split_rule: self.rule.describe(split),
            next_shard: next,
            shards,
        };
        let splits = self.configs.entry(config.to_owned()).or_default();
        match splits.insert(split.name.clone(), split) {
            Some(twice) => Err(Error::Invalid(format!("split {} was written twice", twice.name))),
            None => Ok(()),
        }
    }

    /// Numbers are given once, so that a reused shard keeps its name and no name means two things.
    fn next_number(&self, config: &str, split: &str) -> u64 {
        let previous = self.plan.previous.iter().flat_map(|p| &p.manifest.configs);
        previous
            .filter(|c| c.name == config)
            .flat_map(|c| &c.splits)
            .find(|s| s.name == split)
            .map_or(0, |s| s.next_shard)
    }

    fn paths(&self, config: &str, split: &str, number: u64) -> (String, String) {
        if self.by_config {
            (
                format!("data/{config}/{split}/{split}-{number:05}.parquet"),
                format!("state/{config}.{split}-{number:05}.parquet"),
            )
        } else {
            (
                format!("data/{split}/{split}-{number:05}.parquet"),
                format!("state/{split}-{number:05}.parquet"),
            )
        }
    }

    fn stream<'s>(&self, config: &'s str, split: &'s str, since: &str) -> Result<Stream<'s>> {
        let kind = Kind::Data {
            id: self.core.columns.id(),
            dataset: &self.plan.name,
            since,
        };
        Ok(Stream {
            config,
            split,
            since: since.to_owned(),
            data: Encoder::new(&self.core.options, self.core.columns.schema(), kind)?,
            state: Encoder::new(&self.core.options, &state::schema(), Kind::Table)?,
        })
    }

    /// Rows that the previous release has: its shard again when they are all there and unchanged.
    fn old_shard(&mut self, home: &Home, index: u32, rows: &mut Peekable<Ordered<'_, '_>>) -> Result<Shard> {
        let mut metas = Vec::new();
        while let Some(Ok(meta)) = rows.next_if(|r| r.as_ref().is_ok_and(|m| m.home == Some(index))) {
            metas.push(meta);
        }
        let stream = self.stream(&home.config, &home.split, &home.shard.rows_since)?;
        if metas.len() as u64 == home.shard.rows
            && self.same_columns()
            && let Some(run) = self.unchanged(home, &stream, &metas)?
        {
            self.identities.push(run);
            return self.reuse(home);
        }
        let path = (home.shard.path.clone(), home.shard.state.clone());
        let mut open = OpenShard::create(&self.root, &path, &stream)?;
        let mut run = self.run(&home.config, &home.split)?;
        let bytes = metas.iter().map(|meta| u64::from(meta.weight)).sum();
        let mut source = metas.into_iter().map(Ok).peekable();
        self.core
            .each_group(&stream, &mut source, bytes, true, &mut |encoded| {
                note(&mut run, &encoded)?;
                open.append(encoded)
            })?;
        self.identities.push(run);
        let (shard, file) = open.close(&home.shard.rows_since, &self.plan.version.to_string())?;
        self.files.push(file);
        Ok(shard)
    }

    /// The identities of rows that are those of the previous release, with their roots and keys.
    fn unchanged(&self, home: &Home, stream: &Stream<'_>, metas: &[RowMeta<'_>]) -> Result<Option<Run>> {
        let Some(previous) = &self.plan.previous else {
            return Ok(None);
        };
        let mut reader = state::StateReader::open(&previous.directory.join(&home.state.path))?;
        let mut hash = RowsHash::default();
        let mut run = self.run(&home.config, &home.split)?;
        let mut same = true;
        let mut source = metas.iter().copied().map(Ok).peekable();
        let each = &mut |encoded: Encoded<'_>| {
            hash.add(encoded.keys.iter().map(|keys| &keys.row_hash));
            for (meta, keys) in encoded.rows.iter().zip(&encoded.keys) {
                same = same
                    && reader.next_row()?.is_some_and(|(row, ..)| {
                        *row.root == *meta.root()
                            && row.exact_key == keys.exact_key
                            && row.match_key == keys.match_key
                    });
            }
            note(&mut run, &encoded)
        };
        self.core.each_group(stream, &mut source, u64::MAX, false, each)?;
        Ok((same && hash.finish() == home.shard.rows_hash).then_some(run))
    }

    fn run(&self, config: &str, split: &str) -> Result<Run> {
        Run::new(self.temp.path(), config, split)
    }

    fn same_columns(&self) -> bool {
        let now = columns_of(self.core.columns.schema(), None);
        self.plan.previous.as_ref().is_some_and(|p| {
            let fields = &p.manifest.schema.fields;
            fields.len() == now.len()
                && fields
                    .iter()
                    .zip(&now)
                    .all(|(a, b)| (&a.name, &a.kind, a.nullable) == (&b.name, &b.kind, b.nullable))
        })
    }

    fn reuse(&mut self, home: &Home) -> Result<Shard> {
        let Some(previous) = &self.plan.previous else {
            return Err(Error::Invalid(
                "there is no release to reuse a shard of".to_owned(),
            ));
        };
        let files = [
            (&home.shard.path, home.shard.bytes, &home.shard.sha256),
            (&home.state.path, home.state.bytes, &home.state.sha256),
        ];
        for (path, bytes, sha256) in files {
            let from = previous.directory.join(path);
            let (length, digest) = super::verify::hash_file(&from)?;
            if length != bytes || super::hex(&digest) != *sha256 {
                let what = "is not what its manifest says; run `corpus verify` on this release";
                return Err(Error::corrupt(&from, what));
            }
            let to = self.root.join(path);
            if let Some(parent) = to.parent() {
                fs_err::create_dir_all(parent)?;
            }
            // A link where the file system has them, else a copy.
            if fs_err::hard_link(&from, &to).is_err() {
                fs_err::copy(&from, &to)?;
            }
        }
        self.files.push(home.state.clone());
        Ok(home.shard.clone())
    }

    fn new_shards(
        &mut self,
        (config, split, next): (&str, &str, &mut u64),
        bytes: u64,
        rows: &mut Peekable<Ordered<'_, '_>>,
        shards: &mut Vec<Shard>,
    ) -> Result<()> {
        let since = self.plan.version.to_string();
        let stream = self.stream(config, split, &since)?;
        let mut open: Option<OpenShard> = None;
        let mut done: Vec<(Shard, File)> = Vec::new();
        let mut run = self.run(config, split)?;
        self.core.each_group(&stream, rows, bytes, true, &mut |encoded| {
            note(&mut run, &encoded)?;
            let file = match &mut open {
                Some(file) => file,
                none => {
                    let paths = self.paths(config, split, *next);
                    *next += 1;
                    none.insert(OpenShard::create(&self.root, &paths, &stream)?)
                }
            };
            file.append(encoded)?;
            if file.data.bytes() >= self.core.options.shard_bytes
                && let Some(file) = open.take()
            {
                done.push(file.close(&since, &since)?);
            }
            Ok(())
        })?;
        self.identities.push(run);
        if let Some(file) = open {
            done.push(file.close(&since, &since)?);
        }
        for (shard, file) in done {
            shards.push(shard);
            self.files.push(file);
        }
        Ok(())
    }

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
        let schema_path = format!("schemas/{}", facts.json_schema_name);
        out.write(&schema_path, Role::Schema, &facts.json_schema)?;
        let schema = manifest::Schema {
            json_schema_path: schema_path,
            json_schema_sha256: super::hex(&super::sha256(&facts.json_schema)),
            primary_key: vec![columns.schema().field(columns.id()).name().clone()],
            fields: columns_of(columns.schema(), Some(&facts.json_schema)),
        };
        let side = semver::Side {
            directory: &root,
            configs: &configs,
            columns: &schema.fields,
            primary_key: &schema.primary_key,
            json_schema_sha256: &schema.json_schema_sha256,
            license: facts.license.as_deref(),
            languages: &facts.languages,
        };
        let content_id = identities.content_id()?;
        let verdict = semver::verdict(plan, side, rule.frozen(), facts.override_semver.as_deref())?;

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
                manifest_sha256: super::hex(&p.manifest_sha256),
            }),
            semver: verdict,
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
            takedown: facts.contact.clone().map(|contact| manifest::Takedown {
                contact: Some(contact),
                tombstones: None,
                count: None,
            }),
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
        out.write("LICENSE", Role::License, card::license_text(facts).as_bytes())?;
        let changes = changelog::render(&manifest, plan.previous.as_ref())?;
        out.write("CHANGELOG.md", Role::Changelog, changes.as_bytes())?;
        let text = card::render(&manifest, columns.schema(), facts);
        out.write("README.md", Role::Card, text.as_bytes())?;
        files.sort();
        manifest.files = files;
        if let Some(problem) = manifest.check().into_iter().next() {
            return Err(Error::Invalid(format!("the manifest would be wrong: {problem}")));
        }
        let bytes = manifest.to_bytes()?;
        let manifest_sha256 = super::sha256(&bytes);
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

/// Adds the rows of a group to a run.
fn note(run: &mut Run, group: &Encoded<'_>) -> Result<()> {
    let rows = group.rows.iter().zip(&group.keys);
    rows.map(|(meta, keys)| run.add(meta.id, &keys.row_hash))
        .collect()
}

/// A release that is complete but not yet in its place.
#[derive(Debug)]
pub struct Staged {
    pub(super) temp: tempfile::TempDir,
    pub(super) root: PathBuf,
    pub(super) audit: Option<PathBuf>,
    pub(super) directory_name: String,
    pub(super) releases: PathBuf,
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

struct Documents<'d> {
    root: &'d Path,
    files: &'d mut Vec<File>,
}

impl Documents<'_> {
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
            sha256: super::hex(&super::sha256(bytes)),
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

fn check_counts(
    counts: &manifest::Counts,
    configs: &[manifest::Config],
    tally: &super::audit::Tally,
) -> Result<()> {
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

/// Columns as the manifest lists them, described by the JSON Schema's own words.
fn columns_of(schema: &arrow_schema::Schema, json_schema: Option<&[u8]>) -> Vec<manifest::Column> {
    let json: serde_json::Value = json_schema
        .and_then(|bytes| serde_json::from_slice(bytes).ok())
        .unwrap_or_default();
    schema
        .fields()
        .iter()
        .map(|field| manifest::Column {
            name: field.name().clone(),
            kind: type_name(field.data_type()),
            nullable: field.is_nullable(),
            description: json["properties"][field.name()]["description"]
                .as_str()
                .map(str::to_owned),
        })
        .collect()
}

/// The name of a column type in manifest, card and error messages.
#[must_use]
pub fn type_name(kind: &arrow_schema::DataType) -> String {
    use arrow_schema::DataType;
    match kind {
        DataType::Utf8 => "string".to_owned(),
        DataType::Int64 => "int64".to_owned(),
        DataType::Float64 => "float64".to_owned(),
        DataType::Boolean => "bool".to_owned(),
        DataType::Date32 => "date32".to_owned(),
        DataType::Timestamp(..) => "timestamp[us, tz=UTC]".to_owned(),
        DataType::List(item) => {
            let null = if item.is_nullable() { "" } else { " not null" };
            format!("list<element: {}{null}>", type_name(item.data_type()))
        }
        DataType::Struct(fields) => {
            let members: Vec<String> = fields
                .iter()
                .map(|f| {
                    let null = if f.is_nullable() { "" } else { " not null" };
                    format!("{}: {}{null}", f.name(), type_name(f.data_type()))
                })
                .collect();
            format!("struct<{}>", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// The identity of all rows, from the state files below `root`.
///
/// # Errors
/// I/O; a damaged state file; an id that two rows have.
pub fn content_id(root: &Path, configs: &[manifest::Config]) -> Result<String> {
    let shards = configs.iter().flat_map(|c| &c.splits).flat_map(|s| &s.shards);
    let mut merge = Merge::open(shards.map(|s| root.join(&s.state)))?;
    let mut content = ContentId::default();
    let mut last: Option<String> = None;
    while let Some(row) = merge.next_row()? {
        if last.as_ref() == Some(&row.id) {
            return Err(Error::Invalid(format!("id `{}` is there twice", row.id)));
        }
        content.add(&row.config, &row.split, &row.id, &row.row_hash);
        last = Some(row.id);
    }
    Ok(content.finish())
}
