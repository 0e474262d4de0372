//! Rows to a staged release: shards and their state, in parallel and in order, then the documents.

mod facts;
mod finish;
mod types;

pub use facts::{Facts, Takedowns};
pub use finish::Staged;
pub(in crate::release) use finish::{Documents, describe};
use types::columns_of;
pub use types::type_name;

use super::audit::AuditWriter;
use super::columns::Columns;
use super::encode::{Core, Encoded, Next, Ordered, Stream, peek};
use super::identities::{Identities, Run};
use super::manifest::{self, File, Shard, Split};
use super::open_shard::OpenShard;
use super::plan::{Home, Plan};
use super::row_hash::RowsHash;
use super::rows::{MetaResult, RowMeta, Rows};
use super::shard::{Encoder, Kind, WriteOptions};
use super::splits::SplitRule;
use super::state;
use super::{Error, Result};
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::path::PathBuf;

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
        let (mut shard, file) = open.close(&home.shard.rows_since, &self.plan.version.to_string())?;
        if shard.sha256 == home.shard.sha256 {
            // Only its state is new.
            shard.bytes_since.clone_from(&home.shard.bytes_since);
        }
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
}

/// Adds the rows of a group to a run.
fn note(run: &mut Run, group: &Encoded<'_>) -> Result<()> {
    let mut rows = group.rows.iter().zip(&group.keys);
    rows.try_for_each(|(meta, keys)| run.add(meta.id, &keys.row_hash))
}
