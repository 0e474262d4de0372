//! The release run: gate, fixes, exact duplicates, splits, then the release room writes.

mod audit;
mod docs;
mod judge;
mod near;
mod refusal;
mod scan;
mod texts;

use super::check::Checker;
use super::pipeline;
use super::profile::{self, Profile};
use super::store::{Spooled, Store};
use super::tally::Tally;
use crate::config::Config;
use crate::dedup::SpillError;
use crate::dedup::near::Search;
use crate::release::columns::Columns;
use crate::release::manifest::{self, Counts, Input as InputFact};
use crate::release::plan::Plan as ReleasePlan;
use crate::release::rows::RowMeta;
use crate::release::shard::WriteOptions;
use crate::release::splits::SplitRule;
use crate::release::state::StateReader;
use crate::release::writer::{Facts, Staged, Writer};
use crate::source::{Input, Plan, SourceError};
use audit::{Excluded, Logged};
use docs::Docs;
use judge::Worker;
use near::Links;
use rayon::slice::ParallelSliceMut as _;
use scan::{Drops, Scan};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use texts::Texts;
use xxhash_rust::xxh3::xxh3_128;

/// Most configs that `[configs] by` may make.
const MAX_CONFIGS: usize = 1_000;

/// Most inputs whose records are read again where they are, and not copied into scratch data.
const MAX_OPEN: usize = 128;

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
    /// Whether rows of the previous release are written anew, sorted together with the new ones.
    pub compact: bool,
    /// Whether the code points of the texts are kept, for C006.
    pub code_points: bool,
    /// What near copies are; `None`: exact copies only.
    pub near: Option<Search>,
    /// Whether near copies stay, and are only marked.
    pub tag: bool,
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

/// What the scan and the grouping say, before anything is written.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The balance.
    pub counts: Counts,
    /// Rows and characters kept and lost, by language, source and reason.
    pub tally: Tally,
    /// What was collected, counted for the release after this one.
    pub profile: Profile,
    /// Input files with their records.
    pub inputs: Vec<InputFact>,
    /// Languages of the accepted rows.
    pub languages: Vec<String>,
    /// Things to tell the user: (path, notice).
    pub notices: Vec<(Arc<str>, String)>,
    /// The first places (path:line) of records that were taken down.
    pub came_back: Vec<String>,
    /// Hashes of the ids of all of them.
    pub(crate) taken_down: HashSet<u128>,
    /// Why the release would be refused, if it would.
    pub refusal: Option<String>,
}

/// A scanned and grouped corpus, ready to be written.
pub struct Prepared {
    /// What will be kept and lost.
    pub outcome: Outcome,
    docs: Docs,
    configs: Vec<String>,
    /// The survivor for every dropped document.
    dropped: Drops,
    /// What stays although it is like something else that does.
    links: Links,
    exclusions: Spooled<Excluded>,
    fixes: Spooled<Logged>,
    paths: Vec<Arc<str>>,
    store: Store,
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
    let store = Store::new(run.scratch)?;
    let mut scan = Scan::new(run, &homes)?;
    pipeline::ordered(
        run.jobs,
        run.plan.units().take_while(|_| !run.stop.load(Ordering::Relaxed)),
        || Worker::new(run),
        |worker, unit| {
            let mut outs = Vec::new();
            let result = unit.and_then(|unit| {
                unit.each(run.plan, run.stop, |chunk| {
                    outs.push(worker.chunk(run, &store, chunk, &paths[chunk.input]));
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
    scan.group(paths, store)
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

impl Prepared {
    /// Rows that each config and split would hold.
    #[must_use]
    pub fn splits(&self, plan: &ReleasePlan, rule: &SplitRule) -> BTreeMap<(String, String), u64> {
        let splits = self.dealt(plan, rule).into_iter();
        splits
            .map(|((config, split), docs)| ((config.to_owned(), split.to_owned()), docs.len() as u64))
            .collect()
    }

    /// The rows that are released, by config and split: where the previous release has them, else by
    /// rule.
    fn dealt<'p>(
        &'p self,
        plan: &'p ReleasePlan,
        rule: &'p SplitRule,
    ) -> BTreeMap<(&'p str, &'p str), Vec<u32>> {
        let mut splits: BTreeMap<_, Vec<u32>> = BTreeMap::new();
        let docs = &self.docs;
        for doc in (0..docs.len() as u32).filter(|doc| !self.dropped.contains_key(doc)) {
            let home = docs.home(doc).and_then(|home| plan.homes().get(home as usize));
            let place = match home {
                Some(home) => (home.config.as_str(), home.split.as_str()),
                None => {
                    let config = &self.configs[usize::from(docs.config(doc))];
                    (config.as_str(), self.split(plan, rule, doc))
                }
            };
            splits.entry(place).or_default().push(doc);
        }
        splits
    }

    /// The split of a new row: that of the first of its cluster, so that what is alike is not dealt to several;
    /// by its own id where that split is closed.
    fn split<'p>(&'p self, plan: &'p ReleasePlan, rule: &'p SplitRule, doc: u32) -> &'p str {
        let root = self.root(doc);
        let docs = &self.docs;
        let home = docs.home(root).and_then(|home| plan.homes().get(home as usize));
        match home {
            Some(home) if rule.is_open(&home.split) => &home.split,
            Some(_) => rule.split_of(docs.id(doc)),
            None => rule.split_of(docs.id(root)),
        }
    }

    /// The first of the cluster of a released document, itself included.
    fn root(&self, doc: u32) -> u32 {
        self.links.get(&doc).map_or(doc, |link| link.root)
    }

    /// Writes the prepared rows as a staged release; again for another plan, where the first was not
    /// the right one.
    ///
    /// # Errors
    /// [`ReleaseError`].
    pub fn write(
        &mut self,
        run: &ReleaseRun<'_>,
        plan: &ReleasePlan,
        rule: &SplitRule,
        options: WriteOptions,
        mut facts: Facts,
    ) -> Result<Staged, ReleaseError> {
        let public = run.config.release.audit == crate::config::AuditMode::Public;
        let by_config = run.config.configs.is_some();
        let texts = Texts::new(run, plan, &self.docs, &self.store);
        let mut writer = Writer::new(
            plan,
            run.columns.clone(),
            &texts,
            rule.clone(),
            options,
            by_config,
            public,
        )?;
        let docs = &self.docs;
        self.exclusions.rewind()?;
        self.fixes.rewind()?;
        audit::exclusions(
            &mut writer,
            docs,
            &self.dropped,
            &mut self.exclusions,
            &self.paths,
        )?;
        audit::links(&mut writer, docs, &self.links)?;
        audit::fix_entries(&mut writer, &mut self.fixes, docs, &self.dropped)?;
        // The state names no other row as a row's root: a row that is taken down would stay named by those that
        // are like it. Where a published row stands is known without.
        let meta = |doc: u32| {
            let row = docs.meta(doc);
            RowMeta {
                home: row.home.filter(|_| !run.compact),
                ..row
            }
        };
        for ((config, split), mut rows) in self.dealt(plan, rule) {
            if run.compact {
                rows.par_sort_unstable_by_key(|doc| docs.id(*doc));
            } else {
                rows.par_sort_unstable_by_key(|doc| docs.order(*doc));
            }
            let new = rows.iter().map(|doc| meta(*doc)).filter(|row| row.home.is_none());
            let new_bytes = new.map(|row| u64::from(row.weight)).sum();
            let mut metas = rows.iter().map(|doc| {
                if run.stop.load(Ordering::Relaxed) {
                    Err(io::ErrorKind::Interrupted.into())
                } else {
                    Ok(meta(*doc))
                }
            });
            let written = writer.write_split(config, split, new_bytes, &mut metas);
            if run.stop.load(Ordering::Relaxed) {
                return Err(ReleaseError::Interrupted);
            }
            written?;
        }
        // What was read again is what was checked only if nobody wrote in between.
        run.plan.inputs.iter().try_for_each(Input::check_unchanged)?;
        facts.counts = self.outcome.counts.clone();
        facts.languages.clone_from(&self.outcome.languages);
        if let Some(takedowns) = &mut facts.takedowns {
            takedowns.found = Arc::new(self.outcome.taken_down.clone());
        }
        facts.profile = Some((profile::FILE, self.outcome.profile.to_bytes()));
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
