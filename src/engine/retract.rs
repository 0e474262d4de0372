//! Which records a takedown reaches: those that a selector names, then their copies, their near copies and
//! the copies of those, in the inputs and in the releases that are here.

use super::check::{Checker, Scratch};
use super::pipeline;
use super::place::id_text;
use super::takedown::{Named, Probe};
use crate::record::Role;
use crate::release::Error;
use crate::release::released::{Names, Released};
use crate::release::takedown::{Key, Matcher, Scope, Tombstone, Tombstones};
use crate::source::{Plan, SourceError};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is searched.
#[derive(Debug)]
pub struct Search<'a> {
    /// Reads records; its rules do not matter.
    pub checker: &'a Checker,
    /// The inputs.
    pub plan: &'a Plan,
    /// Shards of releases, each once.
    pub shards: &'a [PathBuf],
    /// The columns of these.
    pub names: &'a Names,
    /// Threads.
    pub jobs: usize,
    /// Raised to stop early.
    pub stop: &'a AtomicBool,
}

/// A record that is taken down.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Where it stands: a file, or the shard of a release.
    pub path: String,
    /// Its line or row there, from 1.
    pub line: u64,
    /// Its id.
    pub id: Option<String>,
    /// Whether a selector names it; else it is a copy.
    pub selected: bool,
}

/// The outcome of a search.
#[derive(Debug, Default)]
pub struct Reach {
    /// The tombstones: the selectors, then the records.
    pub tombstones: Tombstones,
    /// The records, in order of place.
    pub hits: BTreeSet<Hit>,
    /// Numbers of the selectors that name a record.
    pub matched: BTreeSet<u32>,
}

/// Finds all that `selectors` reach.
///
/// # Errors
/// Reading an input or a release.
pub fn reach(search: &Search<'_>, selectors: Tombstones, key: &Key, scope: Scope) -> Result<Reach, Error> {
    let mut out = Reach::default();
    let first = selectors.matcher(key)?;
    let mut known = selectors;
    let mut matcher = first.clone();
    for pass in 0.. {
        let mut fresh = Vec::new();
        let before = known.len();
        walk(search, &matcher, scope, &mut |numbers, tombstone, mut hit| {
            hit.selected = pass == 0;
            if pass == 0 {
                out.matched.extend(numbers);
            }
            let other = Hit {
                selected: !hit.selected,
                ..hit.clone()
            };
            if !out.hits.contains(&other) {
                out.hits.insert(hit);
            }
            fresh.extend(tombstone);
        })?;
        for tombstone in fresh {
            known.add(tombstone);
        }
        // What a record alone is told by finds nothing new.
        if scope == Scope::Record || known.len() == before || search.stop.load(Ordering::Relaxed) {
            break;
        }
        matcher = known.matcher(key)?;
    }
    out.tombstones = known;
    Ok(out)
}

type Each<'e> = dyn FnMut(Vec<u32>, Option<Tombstone>, Hit) + 'e;

fn walk(search: &Search<'_>, matcher: &Matcher, scope: Scope, each: &mut Each<'_>) -> Result<(), Error> {
    inputs(search, matcher, scope, each).map_err(|error| Error::Invalid(error.to_string()))?;
    let mut probe = Probe::default();
    for path in search.shards {
        let mut rows = Released::open(path, search.names)?;
        let shown = path.display().to_string();
        while let Some(row) = rows.next_row()? {
            if search.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let named = Named {
                id: Some(row.id),
                url: row.url,
                source: row.source,
                text: row.text.unwrap_or_default(),
            };
            let numbers = probe.find_all(matcher, &named);
            if !numbers.is_empty() {
                let hit = Hit {
                    path: shown.clone(),
                    line: row.number + 1,
                    id: Some(row.id.to_owned()),
                    selected: false,
                };
                each(numbers, matcher.tombstone(&probe.traits(&named), scope), hit);
            }
        }
    }
    Ok(())
}

fn inputs(
    search: &Search<'_>,
    matcher: &Matcher,
    scope: Scope,
    each: &mut Each<'_>,
) -> Result<(), SourceError> {
    let Search {
        checker, plan, stop, ..
    } = *search;
    let paths: Vec<Arc<str>> = plan
        .inputs
        .iter()
        .map(|input| Arc::from(input.shown.as_str()))
        .collect();
    let mut base = (usize::MAX, 0);
    pipeline::ordered(
        search.jobs,
        plan.units().take_while(|_| !stop.load(Ordering::Relaxed)),
        || (Scratch::default(), Probe::default()),
        |(scratch, probe), unit| {
            let mut outs = Vec::new();
            let result = unit.and_then(|unit| {
                unit.each(plan, stop, |chunk| {
                    let mut found = Vec::new();
                    for entry in &chunk.entries {
                        let hit = checker.check(scratch, chunk, chunk.text.as_str(), entry, "", |read| {
                            let id = read.record.role(Role::Id).and_then(id_text);
                            let named = Named::of(&read.record, id.as_deref());
                            let numbers = probe.find_all(matcher, &named);
                            (!numbers.is_empty()).then(|| {
                                let tombstone = matcher.tombstone(&probe.traits(&named), scope);
                                (numbers, tombstone, entry.line, id.as_deref().map(str::to_owned))
                            })
                        });
                        found.extend(hit.ok().flatten());
                    }
                    outs.push((chunk.input, chunk.lines, found));
                })
            });
            (outs, result)
        },
        |(outs, result)| {
            for (input, lines, found) in outs {
                if base.0 != input {
                    base = (input, 0);
                }
                for (numbers, tombstone, line, id) in found {
                    let hit = Hit {
                        path: paths[input].to_string(),
                        line: base.1 + line + 1,
                        id,
                        selected: false,
                    };
                    each(numbers, tombstone, hit);
                }
                base.1 += lines;
            }
            result
        },
    )
}
