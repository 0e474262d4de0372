//! The scan in order: what every record came to, and which of several copies stays.

use super::audit::{Excluded, Logged, Why};
use super::docs::{Collector, Detail, Docs};
use super::judge::{ChunkOut, Fate, Passed, Seen, new_profile};
use super::near::{self, Linked, Links, Near};
use super::{MAX_CONFIGS, Outcome, Prepared, ReleaseError, ReleaseRun};
use crate::config::SameId;
use crate::dedup::{
    Decision, Decisions, DocSet, Document, ExactIndex, IdGroup, IdIndex, SpillError, SpillOptions,
};
use crate::engine::profile::{CodePoints, Profile};
use crate::engine::store::{Spool, Store};
use crate::engine::tally::Tally;
use crate::release::manifest::{Counts, Input as InputFact};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_128;

/// Documents that are not released because others are.
pub(super) type Drops = HashMap<u32, Dropped>;

#[derive(Debug, Clone, Copy)]
pub(super) struct Dropped {
    pub(super) kept: u32,
    /// The document that it was compared with.
    pub(super) of: u32,
    pub(super) decision: Decision,
}

pub(super) struct Scan<'r, 'a> {
    pub(super) run: &'r ReleaseRun<'a>,
    /// Ids of the previous release, hashed, with the shard that holds each.
    homes: &'r HashMap<u128, u32>,
    ids: IdIndex,
    texts: Option<ExactIndex>,
    near: Option<Near>,
    docs: Collector,
    pub(super) configs: Vec<String>,
    exclusions: Spool<Excluded>,
    /// What `exclusions` holds, counted.
    excluded: Counts,
    fixes: Spool<Logged>,
    tally: Tally,
    records: Vec<u64>,
    lines: u64,
    input: Option<usize>,
    /// Files that cannot be read to their end.
    pub(super) refusals: Vec<String>,
    /// The first undeclared field (path:line and pointer), and how many records have one.
    pub(super) undeclared: Option<(String, u64)>,
    pub(super) too_many_configs: bool,
    profile: Profile,
    code_points: CodePoints,
    notices: Vec<(Arc<str>, String)>,
    /// The first places of records that were taken down, and the ids of all, hashed.
    came_back: Vec<String>,
    taken_down: HashSet<u128>,
}

/// Most places that are told of records that came back.
const SHOWN: usize = 3;

pub(super) fn spill(run: &ReleaseRun<'_>) -> SpillOptions {
    SpillOptions {
        memory: usize::try_from(run.memory / 8)
            .unwrap_or(usize::MAX)
            .clamp(1 << 20, 64 << 20),
        scratch: run
            .scratch
            .map_or_else(std::env::temp_dir, std::path::Path::to_path_buf),
    }
}

impl<'r, 'a> Scan<'r, 'a> {
    pub(super) fn new(run: &'r ReleaseRun<'a>, homes: &'r HashMap<u128, u32>) -> io::Result<Self> {
        let dedup = &run.config.dedup;
        Ok(Self {
            run,
            homes,
            ids: IdIndex::new(dedup.same_id, &spill(run)),
            texts: dedup.exact.then(|| ExactIndex::new(&dedup.keep, &spill(run))),
            near: dedup.exact.then(|| Near::new(run)).flatten(),
            docs: Collector::new(run.scratch)?,
            configs: Vec::new(),
            exclusions: Spool::new(run.scratch)?,
            excluded: Counts::default(),
            fixes: Spool::new(run.scratch)?,
            tally: Tally::default(),
            records: vec![0; run.plan.inputs.len()],
            lines: 0,
            input: None,
            refusals: Vec::new(),
            undeclared: None,
            too_many_configs: false,
            profile: new_profile(run.checker),
            code_points: CodePoints::default(),
            notices: Vec::new(),
            came_back: Vec::new(),
            taken_down: HashSet::new(),
        })
    }

    /// Takes what a chunk gave; chunks come in order.
    pub(super) fn chunk(&mut self, out: ChunkOut, paths: &[Arc<str>]) -> Result<(), ReleaseError> {
        let path = &paths[out.input];
        if self.input != Some(out.input) {
            self.input = Some(out.input);
            self.lines = 0;
        }
        out.stored?;
        self.profile.merge(out.profile);
        for code in out.code_points {
            self.code_points.insert(code);
        }
        self.refusals
            .extend(out.refusals.into_iter().map(|why| format!("{path}: {why}")));
        self.notices
            .extend(out.notices.into_iter().map(|notice| (Arc::clone(path), notice)));
        self.records[out.input] += out.seen.len() as u64;
        let buckets: Vec<u32> = out
            .places
            .pairs()
            .iter()
            .map(|(language, source)| self.tally.bucket(language, source))
            .collect();
        for seen in out.seen {
            let detail = Detail {
                input: out.input as u32,
                line: self.lines + seen.line + 1,
                chars: seen.chars,
                bucket: buckets[seen.place as usize],
                repaired: false,
                match_key: None,
            };
            self.record(seen, detail, path)?;
        }
        self.lines += out.lines;
        Ok(())
    }

    fn record(&mut self, seen: Seen, mut detail: Detail, path: &Arc<str>) -> Result<(), ReleaseError> {
        if let Some(field) = seen.undeclared {
            let first = || (format!("{path}:{} has `{field}`", detail.line), 0);
            self.undeclared.get_or_insert_with(first).1 += 1;
        }
        match seen.fate {
            Fate::Excluded { id, code, lost } => {
                self.tally
                    .lose(detail.bucket, code, u64::from(detail.chars), id.as_deref());
                self.excluded.excluded += 1;
                if lost {
                    self.excluded.unparseable += 1;
                } else {
                    *self.excluded.excluded_by_rule.entry(code.to_owned()).or_insert(0) += 1;
                }
                self.exclusions.push(&Excluded {
                    input: detail.input,
                    line: detail.line,
                    id,
                    code: Cow::Borrowed(code),
                    why: if lost { Why::Lost } else { Why::Rule },
                })?;
            }
            Fate::Retracted { id } => self.retracted(id, detail, path)?,
            Fate::Accepted(passed) => {
                let doc = u32::try_from(self.docs.len())
                    .map_err(|_| io::Error::other("more records than 4,294,967,295"))?;
                for fix in seen.fixes {
                    self.fixes.push(&Logged::new(doc, fix))?;
                }
                detail.repaired = passed.repaired;
                detail.match_key = passed.keys.folded;
                let config = self.config_index(passed.config.as_deref().unwrap_or(super::DEFAULT_CONFIG));
                let home = self.index(doc, &passed, seen.chars)?;
                let place = (passed.spot, passed.weight);
                self.docs.push(&passed.id, config, home, place, detail)?;
            }
        }
        Ok(())
    }

    /// A record that was taken down: counted, and named by a keyed hash alone.
    fn retracted(
        &mut self,
        id: Option<Box<str>>,
        detail: Detail,
        path: &Arc<str>,
    ) -> Result<(), ReleaseError> {
        self.tally
            .lose(detail.bucket, "retracted", u64::from(detail.chars), None);
        self.excluded.excluded += 1;
        self.excluded.retracted += 1;
        let came_back = &mut self.came_back;
        if came_back.len() < SHOWN {
            came_back.push(format!("{path}:{}", detail.line));
        }
        let matcher = self.run.checker.takedowns.as_ref();
        let hashed = id
            .as_deref()
            .zip(matcher)
            .map(|(id, matcher)| matcher.key().hashed_id(id).into_boxed_str());
        if let Some(id) = id {
            self.taken_down.insert(xxh3_128(id.as_bytes()));
        }
        self.exclusions.push(&Excluded {
            input: detail.input,
            line: detail.line,
            id: hashed,
            code: Cow::Borrowed("retracted"),
            why: Why::Retracted,
        })?;
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

    /// Enters the next document into the indexes of ids and texts; gives the shard of the previous
    /// release that holds it.
    fn index(&mut self, doc: u32, passed: &Passed, chars: u32) -> Result<Option<u32>, ReleaseError> {
        let home = if self.homes.is_empty() {
            None
        } else {
            self.homes.get(&xxh3_128(passed.id.as_bytes())).copied()
        };
        let row = IdIndex::row(
            self.run.config.dedup.same_id,
            &passed.id,
            u64::from(doc),
            home.is_some(),
            passed.published,
            &passed.keys,
            passed.identity,
        );
        self.ids.extend(&[row])?;
        if let Some(texts) = &mut self.texts {
            let document = Document {
                doc: u64::from(doc),
                keys: passed.keys,
                published: home.is_some(),
                date: passed.published,
                chars: u64::from(chars),
                identity: passed.identity,
            };
            if let Some(row) = ExactIndex::row(texts.keep(), &document) {
                texts.extend(&[row])?;
                if let (Some(near), Some(sketch)) = (&mut self.near, &passed.sketch) {
                    near.add(doc, &row, sketch)?;
                }
            }
        }
        Ok(home)
    }

    /// Decides which records stay, once all have come.
    pub(super) fn group(mut self, paths: Vec<Arc<str>>, store: Store) -> Result<Prepared, ReleaseError> {
        let options = spill(self.run);
        let empty = || Collector::new(self.run.scratch);
        let docs = std::mem::replace(&mut self.docs, empty()?).finish()?;
        let ids = std::mem::replace(&mut self.ids, IdIndex::new(SameId::Refuse, &options));
        let mut dropped = HashMap::new();
        let (superseded, same_ids) = self.same_ids(ids, &paths, &docs, &mut dropped)?;
        let mut links = Links::new();
        if let Some(texts) = self.texts.take() {
            let mut decisions = texts.finish(&superseded)?;
            if let Some(near) = self.near.take() {
                decisions = near.finish(self.run, &docs, &store, &decisions, &superseded)?;
            }
            take(&decisions, self.run.tag, &mut dropped, &mut links)?;
        }
        follow(&mut dropped);
        let mut counts = std::mem::take(&mut self.excluded);
        counts.collected = self.records.iter().sum();
        counts.duplicates = dropped.len() as u64;
        counts.excluded += counts.duplicates;
        counts.accepted = docs.len() as u64 - counts.duplicates;
        let languages = self.tell(&docs, &dropped, &mut counts)?;
        let refusal = self.refusal(&counts, same_ids);
        let inputs = self.run.plan.inputs.iter().zip(&self.records);
        let inputs = inputs.map(|(input, records)| InputFact {
            uri: input.shown.clone(),
            sha256: String::new(),
            bytes: input.size,
            records: Some(*records),
            collected_at: None,
        });
        let mut profile = self.profile;
        profile.code_points = self.run.code_points.then(|| self.code_points.ranges());
        Ok(Prepared {
            outcome: Outcome {
                profile,
                inputs: inputs.collect(),
                languages,
                counts,
                tally: self.tally,
                notices: self.notices,
                came_back: self.came_back,
                taken_down: self.taken_down,
                refusal,
            },
            docs,
            configs: self.configs,
            dropped,
            links,
            exclusions: self.exclusions.finish()?,
            fixes: self.fixes.finish()?,
            paths,
            store,
        })
    }

    /// Tells what was kept and lost; gives the languages that are left.
    fn tell(&mut self, docs: &Docs, dropped: &Drops, counts: &mut Counts) -> io::Result<Vec<String>> {
        let mut languages = BTreeSet::new();
        docs.details().each(|doc, detail| {
            let chars = u64::from(detail.chars);
            if dropped.contains_key(&doc) {
                self.tally
                    .lose(detail.bucket, "duplicate", chars, Some(docs.id(doc)));
            } else {
                self.tally.keep(detail.bucket, chars);
                counts.repaired += u64::from(detail.repaired);
                languages.insert(detail.bucket);
            }
        })?;
        let names = languages.into_iter().map(|bucket| self.tally.language(bucket));
        let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
        Ok(names.into_iter().map(str::to_owned).collect())
    }

    /// Two records of one id: all but the latest or earliest are superseded, or the release is
    /// refused with the second value.
    fn same_ids(
        &self,
        ids: IdIndex,
        paths: &[Arc<str>],
        docs: &Docs,
        dropped: &mut Drops,
    ) -> Result<(DocSet, Option<String>), ReleaseError> {
        let ids = ids.finish()?;
        if self.run.config.dedup.same_id != SameId::Refuse {
            let decisions = ids.decisions()?;
            take(&decisions, false, dropped, &mut Links::new())?;
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
        let Some(group) = groups.first() else {
            return Ok((DocSet::default(), None));
        };
        let mut places = Vec::new();
        for doc in group.docs.iter().take(4) {
            let at = docs.details().get(*doc as u32)?;
            places.push(format!("{}:{}", paths[at.input as usize], at.line));
        }
        let refusal = format!(
            "id `{}` is used by {} records ({}){}; give each record its own id, or set [dedup] same-id to \"latest\" or \"earliest\"",
            docs.id(group.docs[0] as u32),
            group.count,
            places.join(", "),
            match count {
                1 => String::new(),
                2 => ", and so is one more id".to_owned(),
                n => format!(", and so are {} more ids", n - 1),
            },
        );
        Ok((DocSet::default(), Some(refusal)))
    }
}

/// Notes which documents a grouping leaves out, and which stay although they are like another. With `tag`
/// near copies stay.
fn take(decisions: &Decisions, tag: bool, dropped: &mut Drops, links: &mut Links) -> Result<(), SpillError> {
    for decision in decisions.read()? {
        let decision = decision?;
        let (doc, kept) = (decision.doc as u32, decision.kept as u32);
        let like = near::links(&decision);
        if decision.drops() && !(tag && like) {
            let of = decision.of as u32;
            dropped.insert(doc, Dropped { kept, of, decision });
        } else if like {
            let of = decision.of as u32;
            links.insert(
                doc,
                Linked {
                    root: kept,
                    of,
                    decision,
                },
            );
        }
    }
    Ok(())
}

/// Names the record that is in the release as the survivor, not one that was dropped in its turn (a
/// superseded version whose newer one is a copy).
fn follow(dropped: &mut Drops) {
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
            // What it was compared with is the one that went, too.
            drop.of = if drop.of == drop.kept { kept } else { drop.of };
            drop.kept = kept;
        }
    }
}
