//! The release run: gate, fixes, exact duplicates, splits, then the release room writes.

use super::check::{Checker, Read, Scratch};
use super::corpus::{identity, micros};
use super::fix::{Applied, fix_record, splice};
use super::pipeline;
use super::store::{Spool, Spooled, Store};
use super::tally::{Bucket, Tally};
use crate::config::{Config, OnError, ReleaseFix, SameId};
use crate::dedup::{
    ContentKeys, DocSet, Document, ExactIndex, IdGroup, IdIndex, Identity, Kind as CopyKind, SpillError,
    SpillOptions,
};
use crate::finding::{Safety, Severity};
use crate::record::{Kind, Role, Span, Tree, Value};
use crate::release::audit::{Duplicate, Exclusion, FixEntry, Reason, Repair};
use crate::release::columns::Columns;
use crate::release::manifest::{self, Counts, Input as InputFact, is_ident};
use crate::release::plan::Plan as ReleasePlan;
use crate::release::shard::WriteOptions;
use crate::release::splits::SplitRule;
use crate::release::state::StateReader;
use crate::release::writer::{Facts, RowMeta, Staged, Writer};
use crate::source::{Chunk, Entry, FaultKind, Plan, SourceError, Utf8};
use crate::text::class::is_default_ignorable;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use xxhash_rust::xxh3::xxh3_128;

/// Most configs that `[configs] by` may make.
const MAX_CONFIGS: usize = 1_000;

/// Name of the one config of a release without `[configs]`.
const DEFAULT_CONFIG: &str = "default";

/// Settings of a release run.
#[derive(Debug)]
pub struct ReleaseRun<'a> {
    /// What decides which records pass.
    pub checker: &'a Checker,
    /// The inputs.
    pub plan: &'a Plan,
    /// The configuration.
    pub config: &'a Config,
    /// Columns of the dataset.
    pub columns: &'a Columns,
    /// Threads.
    pub jobs: usize,
    /// Bytes of keys that may stay in memory.
    pub memory: u64,
    /// Where scratch data goes.
    pub scratch: Option<&'a std::path::Path>,
    /// Raised to stop early.
    pub stop: &'a AtomicBool,
}

/// Why a release ended without one.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// Reading an input.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Reading or writing scratch data.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The release room.
    #[error(transparent)]
    Release(#[from] crate::release::Error),
    /// The gate: the sentence says why.
    #[error("{0}")]
    Refused(String),
    /// Spilled keys.
    #[error(transparent)]
    Spill(#[from] SpillError),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

impl ReleaseError {
    /// Whether this is a refusal (exit code 1) rather than a failure (exit code 2).
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::Refused(_) => true,
            Self::Release(error) => error.is_refusal(),
            _ => false,
        }
    }
}

/// An accepted record, while its text waits on disk.
#[derive(Debug)]
struct Doc {
    id: Box<str>,
    input: u32,
    line: u64,
    keys: ContentKeys,
    chars: u32,
    offset: u64,
    weight: u32,
    home: Option<u32>,
    config: u16,
    bucket: u32,
    repaired: bool,
}

/// What became of one record in the scan.
#[derive(Debug)]
enum Fate {
    Accepted(Box<Passed>),
    Excluded {
        id: Option<Box<str>>,
        code: &'static str,
        lost: bool,
    },
}

#[derive(Debug)]
struct Passed {
    id: Box<str>,
    text: Vec<u8>,
    keys: ContentKeys,
    identity: Identity,
    published: Option<i64>,
    chars: u32,
    weight: u32,
    config: String,
    repaired: bool,
}

#[derive(Debug)]
struct Seen {
    line: u64,
    fate: Fate,
    bucket: Bucket,
    fixes: Vec<Applied>,
    /// The field that no schema declares, where such a record is a reason to refuse.
    undeclared: Option<Box<str>>,
}

#[derive(Debug, Default)]
struct ChunkOut {
    input: usize,
    lines: u64,
    bytes: u64,
    seen: Vec<Seen>,
    refusals: Vec<String>,
    notices: Vec<String>,
}

/// What the scan and the grouping say, before anything is written.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The balance.
    pub counts: Counts,
    /// Rows and characters kept and lost, by language, source and reason.
    pub tally: Tally,
    /// Input files with their records.
    pub inputs: Vec<InputFact>,
    /// Languages of the accepted rows.
    pub languages: Vec<String>,
    /// Things to tell the user: (path, notice).
    pub notices: Vec<(Arc<str>, String)>,
    /// Why the release would be refused, if it would.
    pub refusal: Option<String>,
}

/// A scanned and grouped corpus, ready to be written.
pub struct Prepared {
    /// What will be kept and lost.
    pub outcome: Outcome,
    docs: Vec<Doc>,
    configs: Vec<String>,
    /// Index of the survivor for every dropped document.
    dropped: HashMap<u32, Dropped>,
    exclusions: Spooled<Excluded>,
    fixes: Spooled<Logged>,
    paths: Vec<Arc<str>>,
    store: super::store::StoreReader,
}

#[derive(Debug, Clone, Copy)]
struct Dropped {
    kept: u32,
    kind: &'static str,
}

/// A record that no rule lets through, waiting on disk for the audit.
#[derive(Debug, Serialize, Deserialize)]
struct Excluded {
    input: u32,
    line: u64,
    id: Option<Box<str>>,
    code: Cow<'static, str>,
    lost: bool,
}

/// One change of an accepted record, waiting on disk for the audit.
#[derive(Debug, Serialize, Deserialize)]
struct Logged {
    doc: u32,
    code: Cow<'static, str>,
    field: String,
    span: Option<(u64, u64)>,
    before: String,
    after: String,
}

impl Logged {
    fn new(doc: u32, fix: Applied) -> Self {
        Self {
            doc,
            code: Cow::Borrowed(fix.code),
            field: fix.field,
            span: fix.span.map(|span| (span.start as u64, span.end as u64)),
            before: fix.before,
            after: fix.after,
        }
    }

    /// Whether only white space and characters that nobody sees changed.
    fn is_unseen(&self) -> bool {
        let unseen = |c: char| c.is_whitespace() || c.is_control() || is_default_ignorable(c);
        self.before.chars().all(unseen) && self.after.chars().all(unseen)
    }
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared")
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

/// Scans the inputs and decides the fate of every record. Writes scratch data only.
///
/// # Errors
/// [`ReleaseError`]; a refusal by the gate is in the outcome, so that a dry run can show it.
pub fn prepare(
    run: &ReleaseRun<'_>,
    previous: Option<&ReleasePlan>,
    progress: &mut dyn FnMut(u64),
) -> Result<Prepared, ReleaseError> {
    let homes = previous.map(published).transpose()?.unwrap_or_default();
    let paths: Vec<Arc<str>> = run
        .plan
        .inputs
        .iter()
        .map(|input| Arc::from(input.shown.as_str()))
        .collect();
    let mut scan = Scan {
        run,
        homes: &homes,
        store: Store::new(run.scratch)?,
        ids: IdIndex::new(run.config.dedup.same_id, &spill(run)),
        texts: run
            .config
            .dedup
            .exact
            .then(|| ExactIndex::new(&run.config.dedup.keep, &spill(run))),
        docs: Vec::new(),
        configs: Vec::new(),
        exclusions: Spool::new(run.scratch)?,
        excluded: Counts::default(),
        fixes: Spool::new(run.scratch)?,
        tally: Tally::default(),
        records: vec![0; paths.len()],
        lines: 0,
        input: None,
        refusals: Vec::new(),
        undeclared: None,
        too_many_configs: false,
        notices: Vec::new(),
    };
    pipeline::ordered(
        run.jobs,
        run.plan.units().take_while(|_| !run.stop.load(Ordering::Relaxed)),
        Worker::default,
        |worker, unit| {
            let mut outs = Vec::new();
            let result = unit.and_then(|unit| {
                unit.read(run.plan, &mut |chunk| {
                    outs.push(worker.chunk(run, &chunk, &paths[chunk.input]));
                    run.plan.recycle(chunk);
                    ControlFlow::Continue(())
                })
            });
            (outs, result)
        },
        |(outs, result)| {
            for out in outs {
                progress(out.bytes);
                scan.chunk(out, &paths)?;
            }
            result.map_err(ReleaseError::from)
        },
    )?;
    if run.stop.load(Ordering::Relaxed) {
        return Err(ReleaseError::Interrupted);
    }
    scan.group(paths)
}

fn spill(run: &ReleaseRun<'_>) -> SpillOptions {
    SpillOptions {
        memory: usize::try_from(run.memory / 8)
            .unwrap_or(usize::MAX)
            .clamp(1 << 20, 64 << 20),
        scratch: run
            .scratch
            .map_or_else(std::env::temp_dir, std::path::Path::to_path_buf),
    }
}

/// Ids of the previous release, hashed, with the shard that holds each.
fn published(plan: &ReleasePlan) -> Result<HashMap<u128, u32>, ReleaseError> {
    let mut homes = HashMap::new();
    let Some(previous) = &plan.previous else {
        return Ok(homes);
    };
    for (index, home) in plan.homes().iter().enumerate() {
        let mut reader = StateReader::open(&previous.directory.join(&home.state.path))?;
        while let Some((row, ..)) = reader.next_row()? {
            homes.insert(xxh3_128(row.id.as_bytes()), index as u32);
        }
    }
    Ok(homes)
}

#[derive(Default)]
struct Worker {
    scratch: Scratch,
    again: Scratch,
    keys: Vec<u8>,
}

impl Worker {
    fn chunk(&mut self, run: &ReleaseRun<'_>, chunk: &Chunk, path: &Arc<str>) -> ChunkOut {
        let src = chunk.text.as_str();
        let mut out = ChunkOut {
            input: chunk.input,
            lines: chunk.lines,
            bytes: src.len() as u64,
            seen: Vec::with_capacity(chunk.entries.len()),
            notices: chunk.notices.clone(),
            ..ChunkOut::default()
        };
        for fault in &chunk.faults {
            if matches!(
                fault.kind,
                FaultKind::Unreadable { .. } | FaultKind::Binary { .. }
            ) {
                let line = run.checker.fault(fault, path);
                out.refusals
                    .push(line.map_or_else(|| "Cannot be read.".to_owned(), |f| f.message.into()));
            }
            if fault.kind.loses_record() {
                out.seen.push(Seen {
                    line: fault.line,
                    fate: Fate::Excluded {
                        id: None,
                        code: fault.kind.code(),
                        lost: true,
                    },
                    bucket: Bucket::default(),
                    fixes: Vec::new(),
                    undeclared: None,
                });
            }
        }
        for entry in &chunk.entries {
            let seen = self.entry(run, chunk, src, entry, path);
            out.seen.push(seen);
        }
        out.seen.sort_by_key(|seen| seen.line);
        debug_assert_eq!(out.seen.len() as u64, chunk.records(), "{path} does not balance");
        out
    }

    fn entry(
        &mut self,
        run: &ReleaseRun<'_>,
        chunk: &Chunk,
        src: &str,
        entry: &Entry,
        path: &Arc<str>,
    ) -> Seen {
        let Self { scratch, again, keys } = self;
        let level = match run.config.release.fix {
            ReleaseFix::None => None,
            ReleaseFix::Safe => Some(Safety::Safe),
            ReleaseFix::Unsafe => Some(Safety::Unsafe),
        };
        let mut fixed_text = None;
        let result = run.checker.check(scratch, chunk, src, entry, path, |mut read| {
            let fixed = level.and_then(|level| {
                fix_record(
                    &run.checker.selection,
                    level,
                    read.tree,
                    src,
                    &read.record,
                    read.raw,
                    |_| true,
                )
            });
            match fixed {
                Some(fixed) => {
                    fixed_text = Some((splice(src, entry.span, &fixed.literals), fixed.log));
                    None
                }
                None => Some(judge(run, &mut read, path, keys, false)),
            }
        });
        match (result, fixed_text) {
            (Ok(Some(verdict)), _) => verdict.seen(entry.line, Vec::new()),
            (Ok(None), Some((text, log))) => {
                let alone = Entry {
                    span: Span::new(0, text.len()),
                    line: entry.line,
                    map: None,
                };
                let fixed_chunk = Chunk {
                    text: Utf8::default(),
                    entries: Vec::new(),
                    faults: Vec::new(),
                    notices: Vec::new(),
                    ..*chunk
                };
                let judged = run
                    .checker
                    .check(again, &fixed_chunk, &text, &alone, path, |mut read| {
                        judge(run, &mut read, path, keys, true)
                    });
                match judged {
                    Ok(verdict) => verdict.seen(entry.line, log),
                    Err(_) => lost(entry.line, "S001"),
                }
            }
            (Ok(None), None) => lost(entry.line, "S001"),
            (Err(fault), _) => lost(entry.line, fault.kind.code()),
        }
    }
}

fn lost(line: u64, code: &'static str) -> Seen {
    Seen {
        line,
        fate: Fate::Excluded {
            id: None,
            code,
            lost: true,
        },
        bucket: Bucket::default(),
        fixes: Vec::new(),
        undeclared: None,
    }
}

/// What the gate says of a record.
struct Verdict {
    fate: Fate,
    bucket: Bucket,
    undeclared: Option<Box<str>>,
}

impl Verdict {
    fn seen(self, line: u64, fixes: Vec<Applied>) -> Seen {
        Seen {
            line,
            fate: self.fate,
            bucket: self.bucket,
            fixes,
            undeclared: self.undeclared,
        }
    }
}

/// The gate: the first error in code order excludes the record; so does a value that has no place
/// in its column.
fn judge(
    run: &ReleaseRun<'_>,
    read: &mut Read<'_>,
    path: &Arc<str>,
    keys: &mut Vec<u8>,
    repaired: bool,
) -> Verdict {
    let text = read.record.text(Role::Text).unwrap_or_default();
    let chars = count_chars(text);
    let bucket = Bucket {
        language: read.record.text(Role::Language).unwrap_or_default().to_owned(),
        source: read.record.text(Role::Source).unwrap_or_default().to_owned(),
        chars: u64::from(chars),
    };
    let id = read.record.role(Role::Id).and_then(super::place::id_text);
    let exclude = |code: &'static str, id: Option<Box<str>>, bucket: Bucket| Verdict {
        fate: Fate::Excluded {
            id,
            code,
            lost: false,
        },
        bucket,
        undeclared: None,
    };
    let error = if read.raw.is_empty() {
        None
    } else {
        let placed = run.checker.place(read, path);
        placed
            .iter()
            .filter(|finding| finding.severity == Severity::Error && finding.suppressed.is_none())
            .map(|finding| finding.code)
            .min()
    };
    if let Some(code) = error {
        return exclude(code, id, bucket);
    }
    if read.record.root.kind() != Kind::Object {
        return exclude("S006", id, bucket);
    }
    let Some(id) = read.record.text(Role::Id) else {
        return exclude("S005", id, bucket);
    };
    if let Err(error) = run.columns.check(read.record.root) {
        let mut verdict = exclude(error.rule, Some(id.into()), bucket);
        verdict.undeclared = error.undeclared.then(|| error.pointer.into_boxed_str());
        return verdict;
    }
    let config = run
        .config
        .configs
        .as_ref()
        .and_then(|configs| read.record.root.get(&configs.by))
        .and_then(Value::as_str)
        .unwrap_or(DEFAULT_CONFIG)
        .to_owned();
    let src = read.record.root.raw();
    let passed = Passed {
        id: id.into(),
        text: src.as_bytes().to_vec(),
        keys: ContentKeys::of(text, keys),
        identity: identity(Some(id), src),
        published: read.record.text(Role::Published).and_then(micros),
        chars,
        weight: weight(read.record.root),
        config,
        repaired,
    };
    Verdict {
        fate: Fate::Accepted(Box::new(passed)),
        bucket,
        undeclared: None,
    }
}

fn count_chars(text: &str) -> u32 {
    u32::try_from(bytecount(text.as_bytes())).unwrap_or(u32::MAX)
}

/// Code points: bytes that do not continue one.
fn bytecount(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count()
}

/// Size of a record's values: a function of its content alone, which is what cuts row groups.
fn weight(value: Value<'_>) -> u32 {
    fn add(value: Value<'_>) -> u64 {
        match value.kind() {
            Kind::String => value.as_str().map_or(0, |text| text.len() as u64),
            Kind::Array => value.elements().map(add).sum(),
            Kind::Object => value.members().map(|(_, value)| add(value)).sum(),
            _ => 8,
        }
    }
    u32::try_from(add(value)).unwrap_or(u32::MAX)
}

struct Scan<'r, 'a> {
    run: &'r ReleaseRun<'a>,
    homes: &'r HashMap<u128, u32>,
    store: Store,
    ids: IdIndex,
    texts: Option<ExactIndex>,
    docs: Vec<Doc>,
    configs: Vec<String>,
    exclusions: Spool<Excluded>,
    /// What `exclusions` holds, counted.
    excluded: Counts,
    fixes: Spool<Logged>,
    tally: Tally,
    records: Vec<u64>,
    lines: u64,
    input: Option<usize>,
    /// Files that cannot be read to their end.
    refusals: Vec<String>,
    /// The first undeclared field (path:line and pointer), and how many records have one.
    undeclared: Option<(String, u64)>,
    too_many_configs: bool,
    notices: Vec<(Arc<str>, String)>,
}

impl Scan<'_, '_> {
    fn chunk(&mut self, out: ChunkOut, paths: &[Arc<str>]) -> Result<(), ReleaseError> {
        if self.input != Some(out.input) {
            self.input = Some(out.input);
            self.lines = 0;
        }
        self.refusals.extend(
            out.refusals
                .into_iter()
                .map(|why| format!("{}: {why}", paths[out.input])),
        );
        self.notices.extend(
            out.notices
                .into_iter()
                .map(|notice| (Arc::clone(&paths[out.input]), notice)),
        );
        self.records[out.input] += out.seen.len() as u64;
        for seen in out.seen {
            let line = self.lines + seen.line + 1;
            let bucket = self.tally.bucket(&seen.bucket);
            if let Some(field) = seen.undeclared {
                let first = || (format!("{}:{line} has `{field}`", paths[out.input]), 0);
                self.undeclared.get_or_insert_with(first).1 += 1;
            }
            match seen.fate {
                Fate::Excluded { id, code, lost } => {
                    self.tally.lose(bucket, code, seen.bucket.chars, id.as_deref());
                    self.excluded.excluded += 1;
                    if lost {
                        self.excluded.unparseable += 1;
                    } else {
                        *self.excluded.excluded_by_rule.entry(code.to_owned()).or_insert(0) += 1;
                    }
                    self.exclusions.push(&Excluded {
                        input: out.input as u32,
                        line,
                        id,
                        code: Cow::Borrowed(code),
                        lost,
                    })?;
                }
                Fate::Accepted(passed) => {
                    let doc = u32::try_from(self.docs.len())
                        .map_err(|_| io::Error::other("more records than 4,294,967,295"))?;
                    for fix in seen.fixes {
                        self.fixes.push(&Logged::new(doc, fix))?;
                    }
                    let config = self.config_index(&passed.config);
                    self.index(&passed)?;
                    self.docs.push(Doc {
                        home: self.homes.get(&xxh3_128(passed.id.as_bytes())).copied(),
                        offset: self.store.append(&passed.text)?,
                        id: passed.id,
                        input: out.input as u32,
                        line,
                        keys: passed.keys,
                        chars: passed.chars,
                        weight: passed.weight,
                        config,
                        bucket,
                        repaired: passed.repaired,
                    });
                }
            }
        }
        self.lines += out.lines;
        Ok(())
    }

    fn config_index(&mut self, name: &str) -> u16 {
        if let Some(at) = self.configs.iter().position(|known| known == name) {
            return at as u16;
        }
        if self.configs.len() == MAX_CONFIGS {
            self.too_many_configs = true;
            return 0;
        }
        self.configs.push(name.to_owned());
        (self.configs.len() - 1) as u16
    }

    fn group(mut self, paths: Vec<Arc<str>>) -> Result<Prepared, ReleaseError> {
        let mut dropped = HashMap::new();
        let options = spill(self.run);
        let ids = std::mem::replace(&mut self.ids, IdIndex::new(SameId::Refuse, &options));
        let (superseded, same_ids) = self.same_ids(ids, &paths, &mut dropped)?;
        if let Some(texts) = self.texts.take() {
            take(&texts.finish(&superseded)?, &mut dropped)?;
        }
        follow(&mut dropped);
        let mut counts = std::mem::take(&mut self.excluded);
        counts.collected = self.records.iter().sum();
        counts.duplicates = dropped.len() as u64;
        counts.excluded += counts.duplicates;
        counts.accepted = self.docs.len() as u64 - counts.duplicates;
        let mut languages = BTreeSet::new();
        for (index, doc) in self.docs.iter().enumerate() {
            if dropped.contains_key(&(index as u32)) {
                self.tally
                    .lose(doc.bucket, "duplicate", u64::from(doc.chars), Some(&doc.id));
            } else {
                self.tally.keep(doc.bucket, u64::from(doc.chars));
                counts.repaired += u64::from(doc.repaired);
                languages.insert(self.tally.language(doc.bucket).to_owned());
            }
        }
        languages.remove("");
        let refusal = self.refusal(&counts, same_ids);
        let outcome = Outcome {
            inputs: Vec::new(),
            languages: languages.into_iter().collect(),
            counts,
            tally: self.tally,
            notices: self.notices,
            refusal,
        };
        let mut prepared = Prepared {
            outcome,
            docs: self.docs,
            configs: self.configs,
            dropped,
            exclusions: self.exclusions.finish()?,
            fixes: self.fixes.finish()?,
            paths,
            store: self.store.finish()?,
        };
        prepared.outcome.inputs = self
            .run
            .plan
            .inputs
            .iter()
            .zip(self.records)
            .map(|(input, records)| InputFact {
                uri: input.shown.clone(),
                sha256: String::new(),
                bytes: input.size,
                records: Some(records),
                collected_at: None,
            })
            .collect();
        Ok(prepared)
    }

    /// Why the release must not be made, if it must not: the reason and what to do.
    fn refusal(&self, counts: &Counts, same_ids: Option<String>) -> Option<String> {
        if let Some(why) = self.refusals.first() {
            let why = why.trim_end_matches('.');
            let more = match self.refusals.len() {
                1 => String::new(),
                2 => " (and one more file)".to_owned(),
                n => format!(" (and {} more files)", n - 1),
            };
            return Some(format!(
                "{why}{more}; a release never leaves out the rest of a file: repair the file or take it out of the inputs"
            ));
        }
        if let Some((first, count)) = &self.undeclared {
            let records = if *count == 1 {
                "one record has a field".to_owned()
            } else {
                format!("{count} records have fields")
            };
            return Some(format!(
                "{records} that the schema does not declare, and [release] undeclared is \"refuse\": {first}; declare it in the schema, or set undeclared to \"extra\" or \"drop\""
            ));
        }
        if let Some(why) = same_ids.or_else(|| self.bad_configs()) {
            return Some(why);
        }
        let by_rule: u64 = counts.excluded_by_rule.values().sum::<u64>() + counts.unparseable;
        let worst = counts
            .excluded_by_rule
            .iter()
            .max_by_key(|(code, count)| (**count, std::cmp::Reverse(code.as_str())))
            .map(|(code, count)| format!("; most by {code} ({count})"))
            .unwrap_or_default();
        if self.run.config.release.on_error == OnError::Refuse && by_rule > 0 {
            return Some(format!(
                "{by_rule} of {} records have errors, and [release] on-error is \"refuse\"{worst}; repair them (`corpus lint` shows them), or set on-error to \"exclude\"",
                counts.collected,
            ));
        }
        let limit = crate::config::load::parse_share(&self.run.config.release.max_excluded).unwrap_or(0.05);
        if counts.collected > 0 && by_rule as f64 > limit * counts.collected as f64 {
            return Some(format!(
                "{by_rule} of {} records ({:.1} %) would be excluded, more than [release] max-excluded = \"{}\"{worst}; repair them (`corpus lint` shows them), or raise the limit",
                counts.collected,
                100.0 * by_rule as f64 / counts.collected as f64,
                self.run.config.release.max_excluded,
            ));
        }
        None
    }

    /// Values of the `[configs] by` field that cannot name a config.
    fn bad_configs(&self) -> Option<String> {
        let by = &self.run.config.configs.as_ref()?.by;
        if self.too_many_configs {
            return Some(format!(
                "[configs] by = \"{by}\" makes more than {MAX_CONFIGS} configs; choose a field with fewer values"
            ));
        }
        let bad = self.configs.iter().find(|name| !is_ident(name))?;
        Some(format!(
            "[configs] by = \"{by}\": the value `{}` cannot name a config (letters, digits and `_` only, and not `all`); choose a field whose values can",
            bad.escape_debug()
        ))
    }

    /// Enters the next document into the indexes of ids and texts.
    fn index(&mut self, passed: &Passed) -> Result<(), ReleaseError> {
        let doc = self.docs.len() as u64;
        let published = self.homes.contains_key(&xxh3_128(passed.id.as_bytes()));
        let policy = self.run.config.dedup.same_id;
        let row = IdIndex::row(
            policy,
            &passed.id,
            doc,
            published,
            passed.published,
            &passed.keys,
            passed.identity,
        );
        self.ids.extend(&[row])?;
        if let Some(texts) = &mut self.texts {
            texts.push(&Document {
                doc,
                keys: passed.keys,
                published,
                date: passed.published,
                chars: u64::from(passed.chars),
                identity: passed.identity,
            })?;
        }
        Ok(())
    }

    /// Two records of one id: all but the latest or earliest are superseded, or the release is
    /// refused with the second value.
    fn same_ids(
        &mut self,
        ids: IdIndex,
        paths: &[Arc<str>],
        dropped: &mut HashMap<u32, Dropped>,
    ) -> Result<(DocSet, Option<String>), ReleaseError> {
        let ids = ids.finish()?;
        if self.run.config.dedup.same_id != SameId::Refuse {
            let decisions = ids.decisions()?;
            take(&decisions, dropped)?;
            return Ok((decisions.dropped()?, None));
        }
        let mut groups: Vec<IdGroup> = Vec::new();
        let mut count = 0_u64;
        ids.groups(|group| {
            count += 1;
            // Only the first by place is shown; the rest are counted.
            if groups.first().is_none_or(|first| group.docs < first.docs) {
                groups = vec![group];
            }
            Ok::<_, SpillError>(())
        })?;
        let refusal = groups.first().map(|group| {
            let places: Vec<String> = group
                .docs
                .iter()
                .take(4)
                .map(|at| {
                    let doc = &self.docs[*at as usize];
                    format!("{}:{}", paths[doc.input as usize], doc.line)
                })
                .collect();
            format!(
                "id `{}` is used by {} records ({}){}; give each record its own id, or set [dedup] same-id to \"latest\" or \"earliest\"",
                self.docs[group.docs[0] as usize].id,
                group.count,
                places.join(", "),
                match count {
                    1 => String::new(),
                    2 => ", and so is one more id".to_owned(),
                    n => format!(", and so are {} more ids", n - 1),
                },
            )
        });
        Ok((DocSet::default(), refusal))
    }
}

/// Notes which documents a grouping leaves out.
fn take(decisions: &crate::dedup::Decisions, dropped: &mut HashMap<u32, Dropped>) -> Result<(), SpillError> {
    for decision in decisions.read()? {
        let decision = decision?;
        if decision.drops() {
            let kind = match decision.kind {
                CopyKind::Superseded => "superseded",
                kind => kind.as_str(),
            };
            dropped.insert(
                decision.doc as u32,
                Dropped {
                    kept: decision.kept as u32,
                    kind,
                },
            );
        }
    }
    Ok(())
}

/// Names the record that is in the release as the survivor, not one that was dropped in its turn (a
/// superseded version whose newer one is a copy).
fn follow(dropped: &mut HashMap<u32, Dropped>) {
    let chained: Vec<u32> = dropped
        .iter()
        .filter(|(_, drop)| dropped.contains_key(&drop.kept))
        .map(|(doc, _)| *doc)
        .collect();
    for doc in chained {
        let mut kept = dropped[&doc].kept;
        // Superseded, then a copy: two steps; a chain cannot be longer than all of them.
        for _ in 0..dropped.len() {
            match dropped.get(&kept) {
                Some(next) => kept = next.kept,
                None => break,
            }
        }
        if let Some(drop) = dropped.get_mut(&doc) {
            drop.kept = kept;
        }
    }
}

impl Prepared {
    /// Rows that each config and split would hold.
    #[must_use]
    pub fn splits(&self, plan: &ReleasePlan, rule: &SplitRule) -> BTreeMap<(String, String), u64> {
        let mut splits = BTreeMap::new();
        for (index, doc) in self.docs.iter().enumerate() {
            if !self.dropped.contains_key(&(index as u32)) {
                *splits.entry(place(&self.configs, doc, plan, rule)).or_insert(0) += 1;
            }
        }
        splits
    }

    /// Writes the prepared rows as a staged release.
    ///
    /// # Errors
    /// [`ReleaseError`].
    pub fn write(
        self,
        run: &ReleaseRun<'_>,
        plan: &ReleasePlan,
        rule: &SplitRule,
        options: WriteOptions,
        mut facts: Facts,
    ) -> Result<Staged, ReleaseError> {
        let public = run.config.release.audit == crate::config::AuditMode::Public;
        let by_config = run.config.configs.is_some();
        let store = &self.store;
        let mut writer = Writer::new(
            plan,
            run.columns.clone(),
            store,
            rule.clone(),
            options,
            by_config,
            public,
        )?;
        audit(
            &mut writer,
            &self.docs,
            &self.dropped,
            self.exclusions,
            &self.paths,
        )?;
        fix_entries(&mut writer, self.fixes, &self.docs, &self.dropped)?;
        let mut rows: BTreeMap<(String, String), Vec<RowMeta>> = BTreeMap::new();
        for (index, doc) in self.docs.into_iter().enumerate() {
            if self.dropped.contains_key(&(index as u32)) {
                continue;
            }
            rows.entry(place(&self.configs, &doc, plan, rule))
                .or_default()
                .push(RowMeta {
                    root: None,
                    id: doc.id,
                    home: doc.home,
                    exact_key: doc.keys.raw,
                    match_key: doc.keys.folded,
                    offset: doc.offset,
                    len: doc.weight,
                });
        }
        for ((config, split), mut metas) in rows {
            metas.sort_unstable_by(|a, b| {
                (a.home.is_none(), a.home, &a.id).cmp(&(b.home.is_none(), b.home, &b.id))
            });
            let mut metas = metas.into_iter().map(|meta| {
                if run.stop.load(Ordering::Relaxed) {
                    Err(io::ErrorKind::Interrupted.into())
                } else {
                    Ok(meta)
                }
            });
            let written = writer.write_split(&config, &split, &mut metas);
            if run.stop.load(Ordering::Relaxed) {
                return Err(ReleaseError::Interrupted);
            }
            written?;
        }
        facts.counts = self.outcome.counts;
        facts.languages = self.outcome.languages;
        let staged = writer.finish(&facts)?;
        check_manifest(&staged.manifest)?;
        Ok(staged)
    }
}

/// A manifest that its own JSON Schema refuses must never be committed.
fn check_manifest(manifest: &manifest::Manifest) -> Result<(), ReleaseError> {
    let wrong = |what: String| {
        ReleaseError::Release(crate::release::Error::Invalid(format!(
            "the manifest would not be valid: {what}"
        )))
    };
    let schema = serde_json::from_str(manifest::SCHEMA).map_err(|error| wrong(error.to_string()))?;
    let bytes = manifest.to_bytes()?;
    let value = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    match super::manifest_schema::validate(&schema, &value)
        .into_iter()
        .next()
    {
        Some(problem) => Err(wrong(problem)),
        None => Ok(()),
    }
}

/// Config and split of a row: where the previous release has it, else by rule.
fn place(configs: &[String], doc: &Doc, plan: &ReleasePlan, rule: &SplitRule) -> (String, String) {
    match doc.home.and_then(|home| plan.homes().get(home as usize)) {
        Some(home) => (home.config.clone(), home.split.clone()),
        None => (
            configs[doc.config as usize].clone(),
            rule.split_of(&doc.id).to_owned(),
        ),
    }
}

fn audit(
    writer: &mut Writer<'_>,
    docs: &[Doc],
    dropped: &HashMap<u32, Dropped>,
    exclusions: Spooled<Excluded>,
    paths: &[Arc<str>],
) -> Result<(), ReleaseError> {
    for excluded in exclusions {
        let excluded = excluded?;
        let reason = if excluded.lost {
            Reason::Unparseable(&excluded.code)
        } else {
            Reason::Rule(&excluded.code)
        };
        writer.audit().exclusion(&Exclusion {
            path: &paths[excluded.input as usize],
            line: Some(excluded.line),
            id: excluded.id.as_deref(),
            reason,
        })?;
    }
    let mut order: Vec<(&u32, &Dropped)> = dropped.iter().collect();
    order.sort_unstable_by_key(|(at, _)| **at);
    for (at, drop) in order {
        let (doc, kept) = (&docs[*at as usize], &docs[drop.kept as usize]);
        writer.audit().exclusion(&Exclusion {
            path: &paths[doc.input as usize],
            line: Some(doc.line),
            id: Some(&doc.id),
            reason: Reason::Duplicate {
                relation: "exact",
                survivor: &kept.id,
            },
        })?;
        writer.audit().duplicate(&Duplicate {
            kept_id: &kept.id,
            dropped_id: &doc.id,
            relation: "exact",
            kind: drop.kind,
            score: 1.0,
        })?;
    }
    Ok(())
}

/// Fixes of the released records: of white space and invisible characters as counts per record and
/// rule; of rules about people without values (a hash under a key that anybody can compute would
/// tell a telephone number as well as its digits); the rest with what stood there.
fn fix_entries(
    writer: &mut Writer<'_>,
    fixes: Spooled<Logged>,
    docs: &[Doc],
    dropped: &HashMap<u32, Dropped>,
) -> Result<(), ReleaseError> {
    let mut counted = Counted::new();
    let mut of = None;
    for fix in fixes {
        let fix = fix?;
        if dropped.contains_key(&fix.doc) {
            continue;
        }
        if of.is_some_and(|of| of != fix.doc) {
            fix_counts(writer, docs, of, &mut counted)?;
        }
        of = Some(fix.doc);
        let people = fix.code.starts_with('P');
        if !people && fix.is_unseen() {
            *counted.entry((fix.code, fix.field)).or_insert(0) += 1;
            continue;
        }
        let span = fix.span.unwrap_or((0, fix.before.len() as u64));
        let repair = if people {
            Repair::Hashed {
                span,
                before: None,
                after: None,
            }
        } else {
            Repair::Edit {
                span,
                before: &fix.before,
                after: &fix.after,
            }
        };
        writer.audit().fix(&FixEntry {
            id: &docs[fix.doc as usize].id,
            rule: &fix.code,
            field: &fix.field,
            repair,
        })?;
    }
    fix_counts(writer, docs, of, &mut counted)
}

/// Fixes of one record that are only counted, by rule and field.
type Counted = BTreeMap<(Cow<'static, str>, String), u64>;

fn fix_counts(
    writer: &mut Writer<'_>,
    docs: &[Doc],
    of: Option<u32>,
    counted: &mut Counted,
) -> Result<(), ReleaseError> {
    let Some(doc) = of else { return Ok(()) };
    for ((rule, field), count) in std::mem::take(counted) {
        writer.audit().fix(&FixEntry {
            id: &docs[doc as usize].id,
            rule: &rule,
            field: &field,
            repair: Repair::Count(count),
        })?;
    }
    Ok(())
}

/// Parses a record of the store again; for callers that show one.
#[must_use]
pub fn parse_record(text: &str) -> Option<Tree> {
    let mut tree = Tree::new();
    crate::source::json::parse(text, Span::new(0, text.len()), &mut tree, &mut Vec::new()).ok()?;
    Some(tree)
}
