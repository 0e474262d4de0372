//! `corpus lint --write-template-lines`: which lines the pages of each source repeat.
//!
//! Three readings: the first gives a few bytes for each line and finds with one sketch a source what
//! may be frequent; the second counts that exactly, from those bytes; the third fetches the text of
//! the first article with each line that is named. Documents count in the order of the plan, so that
//! the file is the same for any number of threads, and memory does not grow with the corpus.

mod collect;
mod column;
mod decide;
mod document;
mod sketch;

use super::check::{Checker, Scratch};
use super::lint::LintError;
use super::pipeline;
use crate::dedup::{DocSet, SpillOptions};
use crate::record::Role;
use crate::rules::template::{Class, TemplateLine, TemplateLines, TemplateSource};
use crate::source::{Chunk, Plan, SourceError};
use collect::{Collected, Collector, scratch_error};
use decide::{Exact, least};
use document::{Marked, Marker, Spot};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use xxhash_rust::xxh3::xxh3_64;

/// Lines that are named of one source.
const NAMED: usize = 512;

/// Settings of a count.
#[derive(Debug)]
pub struct TemplateRun<'a> {
    /// Reads records; its rules do not matter.
    pub checker: &'a Checker,
    /// The inputs.
    pub plan: &'a Plan,
    /// Worker threads.
    pub jobs: usize,
    /// Bytes of keys that may stay in memory before they are spilled.
    pub memory: u64,
    /// Where scratch data goes.
    pub scratch: Option<&'a Path>,
    /// Raised to stop early.
    pub stop: &'a AtomicBool,
}

/// What was counted.
#[derive(Debug)]
pub struct Counted {
    /// The lines of every source that has any.
    pub lines: TemplateLines,
    /// Articles with a text.
    pub documents: u64,
    /// Sources.
    pub sources: u64,
    /// Articles that were left out because there are too many sources.
    pub uncounted: u64,
}

/// Counts the lines of every source.
///
/// # Errors
/// Reading an input, writing scratch data. A run that was stopped gives what it has.
pub fn count(run: &TemplateRun<'_>) -> Result<Counted, LintError> {
    let spill = SpillOptions {
        memory: usize::try_from(run.memory / 8)
            .unwrap_or(usize::MAX)
            .clamp(1 << 20, 16 << 20),
        scratch: run.scratch.map_or_else(std::env::temp_dir, Path::to_path_buf),
    };
    let mut collector = Collector::new(run.scratch, &spill)?;
    scan(
        run,
        |_| true,
        |marker, chunk, index, spot, scratch, out: &mut Vec<Marked>| {
            let entry = &chunk.entries[index];
            let read = |read: super::check::Read<'_>| out.extend(marker.document(&read.record, spot));
            // What cannot be read has no lines.
            let _ = run
                .checker
                .check(scratch, chunk, chunk.text.as_str(), entry, "", read);
        },
        |document| collector.push(&document),
    )?;
    let mut collected = collector.finish()?;
    let copies = std::mem::replace(&mut collected.copies, crate::dedup::ExactIndex::new(&[], &spill));
    let copies = copies
        .finish(&DocSet::default())
        .and_then(|decisions| decisions.dropped())
        .map_err(|error| scratch_error(&error))?;
    let named = named_lines(&mut collected, &copies)?;
    let mut texts = texts(run, &collected, &named)?;
    let mut sources: BTreeMap<&str, TemplateSource> = BTreeMap::new();
    for line in &named {
        let Some(text) = texts.remove(&(line.source, line.key)) else {
            continue;
        };
        let name = &*collected.names[line.source as usize];
        let source = sources.entry(name).or_insert_with(|| TemplateSource {
            name: name.to_owned(),
            documents: line.documents,
            lines: Vec::new(),
        });
        let [head, middle, tail] = line.exact.places;
        source.lines.push(TemplateLine {
            class: line.class,
            text: text.into(),
            n: line.exact.n,
            p: line.exact.n as f64 / line.documents.max(1) as f64,
            head,
            middle,
            tail,
            isolated: line.exact.isolated,
        });
    }
    Ok(Counted {
        lines: TemplateLines::new(sources.into_values().collect()),
        documents: collected.documents,
        sources: collected.names.len() as u64,
        uncounted: collected.uncounted,
    })
}

/// A line's source and key, and its text.
type Found = ((u32, u64), Box<str>);

/// A line that is named.
struct Named {
    source: u32,
    key: u64,
    documents: u64,
    class: Class,
    exact: Exact,
}

/// The second count: only of what may be frequent, but exactly.
fn named_lines(collected: &mut Collected, copies: &DocSet) -> io::Result<Vec<Named>> {
    let mut documents = vec![0_u64; collected.names.len()];
    collected.column.each(|number, row| {
        documents[row.source as usize] += u64::from(!copies.contains(number));
    })?;
    let mut lines: HashMap<(u32, u64), Exact> = HashMap::new();
    for (source, documents) in (0..).zip(&documents) {
        let sketch = collected.sketches.get(source)?;
        let mut frequent: Vec<_> = sketch.frequent(least(*documents)).collect();
        frequent.sort_unstable_by_key(|counter| (std::cmp::Reverse(counter.count), counter.key));
        let keys = frequent.iter().take(2 * NAMED).map(|counter| counter.key);
        lines.extend(keys.map(|key| ((source, key), Exact::default())));
    }
    collected.column.each(|number, row| {
        if copies.contains(number) {
            return;
        }
        for mark in &row.lines {
            if let Some(exact) = lines.get_mut(&(row.source, mark.key)) {
                exact.add(mark, row.day, row.sum, row.spot);
            }
        }
    })?;
    let mut named: Vec<Named> = lines
        .into_iter()
        .filter_map(|((source, key), exact)| {
            let documents = documents[source as usize];
            let class = exact.class(documents)?;
            Some(Named {
                source,
                key,
                documents,
                class,
                exact,
            })
        })
        .collect();
    named.sort_unstable_by_key(|line| (line.source, line.class, std::cmp::Reverse(line.exact.n), line.key));
    let mut of_source = (u32::MAX, 0);
    named.retain(|line| {
        of_source = if of_source.0 == line.source {
            (line.source, of_source.1 + 1)
        } else {
            (line.source, 0)
        };
        of_source.1 < NAMED
    });
    Ok(named)
}

/// The texts of the named lines, as they stand in the first article that has them. A line whose key is
/// another's, by chance, is not found there and is left out.
fn texts(
    run: &TemplateRun<'_>,
    collected: &Collected,
    named: &[Named],
) -> Result<HashMap<(u32, u64), Box<str>>, LintError> {
    let mut wanted: HashMap<Spot, Vec<(u32, u64)>> = HashMap::new();
    for line in named {
        let spot = wanted.entry(line.exact.first).or_default();
        spot.push((line.source, line.key));
    }
    let mut texts = HashMap::new();
    if wanted.is_empty() {
        return Ok(texts);
    }
    scan(
        run,
        |spot| wanted.contains_key(&spot),
        |marker, chunk, index, spot, scratch, out: &mut Vec<Found>| {
            let entry = &chunk.entries[index];
            let read = |read: super::check::Read<'_>| {
                let text = read.record.text(Role::Text).unwrap_or_default();
                for (source, key) in wanted.get(&spot).into_iter().flatten() {
                    let seed = xxh3_64(collected.names[*source as usize].as_bytes());
                    if let Some(line) = marker.find(text, seed, *key) {
                        out.push(((*source, *key), line.into()));
                    }
                }
            };
            let _ = run
                .checker
                .check(scratch, chunk, chunk.text.as_str(), entry, "", read);
        },
        |(key, text)| {
            texts.insert(key, text);
            Ok(())
        },
    )?;
    Ok(texts)
}

/// Reads every record that is wanted, in parallel; what `look` finds comes to `take` in order.
fn scan<T: Send>(
    run: &TemplateRun<'_>,
    wanted: impl Fn(Spot) -> bool + Sync,
    look: impl Fn(&mut Marker, &Chunk, usize, Spot, &mut Scratch, &mut Vec<T>) + Sync,
    mut take: impl FnMut(T) -> io::Result<()>,
) -> Result<(), LintError> {
    let units = run.plan.units().take_while(|_| !run.stop.load(Ordering::Relaxed));
    pipeline::streamed(
        run.jobs,
        units,
        || (Marker::default(), Scratch::default()),
        |(marker, scratch), unit, send| {
            let result = unit.and_then(|unit| {
                unit.each(run.plan, run.stop, |chunk| {
                    let mut found = Vec::new();
                    for index in 0..chunk.entries.len() {
                        let spot = (chunk.input as u32, chunk.number, index as u32);
                        if wanted(spot) {
                            look(marker, chunk, index, spot, scratch, &mut found);
                        }
                    }
                    send(Ok(found));
                })
            });
            if let Err(error) = result {
                send(Err(error));
            }
        },
        |found: Result<Vec<T>, SourceError>| {
            found?
                .into_iter()
                .try_for_each(&mut take)
                .map_err(LintError::from)
        },
    )
}
