//! Evaluation sets: read once, kept as hashes of their passages (rule D007).

use super::check::{Checker, Scratch};
use super::pipeline;
use super::place::id_text;
use crate::dedup::contamination::{self, Contamination, Hit, WINDOW_BYTES, WindowSet, Windows};
use crate::record::{Kind, Role, Value};
use crate::source::{Plan, SourceError};
use std::sync::atomic::{AtomicBool, Ordering};

/// Why evaluation sets cannot be compared with.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// Reading a file.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A record of them is lost: what it holds could not be found.
    #[error(
        "{place}: this record of an evaluation set cannot be read; repair it, or take the file out of [decontaminate] against"
    )]
    Unreadable {
        /// `path:line`.
        place: String,
    },
    /// They do not fit.
    #[error("the evaluation sets have more than {windows} passages of {n} words, which need {} MB of memory; allow more with --memory", need >> 20)]
    Memory {
        /// Passages until then.
        windows: u64,
        /// Words of a passage.
        n: usize,
        /// Bytes.
        need: u64,
    },
}

/// The evaluation sets of a project.
#[derive(Debug)]
pub struct Evaluation {
    contamination: Contamination,
    /// How messages name each item.
    items: Vec<Box<str>>,
    /// Items without any passage that is long enough, which cannot be found.
    too_short: u64,
}

/// How an evaluation set is read.
#[derive(Debug, Clone, Copy)]
pub struct EvaluationRun<'a> {
    /// Names the fields; no rule of it runs.
    pub checker: &'a Checker,
    /// The files.
    pub plan: &'a Plan,
    /// Words of a passage.
    pub n: usize,
    /// Threads.
    pub jobs: usize,
    /// Bytes that the passages may take.
    pub memory: u64,
    /// Raised to stop early.
    pub stop: &'a AtomicBool,
}

/// What one chunk of a file gave.
#[derive(Default)]
struct Part {
    input: usize,
    lines: u64,
    /// Line and id of each item, with the end of its passages in `windows`.
    items: Vec<(u64, Option<Box<str>>, usize)>,
    windows: Vec<u64>,
    lost: Option<u64>,
}

impl Evaluation {
    /// Reads the files.
    ///
    /// # Errors
    /// [`EvaluationError`].
    pub fn read(run: EvaluationRun<'_>) -> Result<Self, EvaluationError> {
        let windows = Windows::new(run.n);
        let (mut items, mut pairs, mut too_short) = (Vec::new(), Vec::new(), 0);
        let mut base = (usize::MAX, 0);
        pipeline::ordered(
            run.jobs,
            run.plan.units().take_while(|_| !run.stop.load(Ordering::Relaxed)),
            || (Scratch::default(), contamination::Scratch::default()),
            |(scratch, hashing), unit| {
                let mut parts = Vec::new();
                let result = unit.and_then(|unit| {
                    unit.each(run.plan, run.stop, |chunk| {
                        let mut part = Part {
                            input: chunk.input,
                            lines: chunk.lines,
                            ..Part::default()
                        };
                        let lost = chunk.faults.iter().filter(|fault| fault.kind.loses_record());
                        part.lost = lost.map(|fault| fault.line).min();
                        let src = chunk.text.as_str();
                        for entry in &chunk.entries {
                            let read = run.checker.check(scratch, chunk, src, entry, "", |read| {
                                let id = read.record.role(Role::Id).and_then(id_text);
                                strings(read.record.root, &mut |text| {
                                    windows.each(text, hashing, |hash, _, _| part.windows.push(hash));
                                });
                                part.items.push((entry.line, id, part.windows.len()));
                            });
                            if read.is_err() {
                                part.lost = part.lost.or(Some(entry.line));
                            }
                        }
                        parts.push(part);
                    })
                });
                (parts, result)
            },
            |(parts, result)| {
                for part in parts {
                    if base.0 != part.input {
                        base = (part.input, 0);
                    }
                    let path = &run.plan.inputs[part.input].shown;
                    if let Some(line) = part.lost {
                        let place = format!("{path}:{}", base.1 + line + 1);
                        return Err(EvaluationError::Unreadable { place });
                    }
                    let mut from = 0;
                    for (line, id, end) in part.items {
                        too_short += u64::from(from == end);
                        let number = items.len() as u32;
                        pairs.extend(part.windows[from..end].iter().map(|hash| (*hash, number)));
                        from = end;
                        let line = base.1 + line + 1;
                        items.push(match id {
                            Some(id) => format!("\"{id}\" ({path}:{line})").into_boxed_str(),
                            None => format!("{path}:{line}").into_boxed_str(),
                        });
                    }
                    base.1 += part.lines;
                }
                let need = pairs.len() as u64 * WINDOW_BYTES;
                if need > run.memory {
                    return Err(EvaluationError::Memory {
                        windows: pairs.len() as u64,
                        n: run.n,
                        need,
                    });
                }
                result.map_err(EvaluationError::from)
            },
        )?;
        let windows_found = pairs.len() as u64;
        let set = WindowSet::new(pairs).ok_or(EvaluationError::Memory {
            windows: windows_found,
            n: run.n,
            need: windows_found * WINDOW_BYTES,
        })?;
        Ok(Self {
            contamination: Contamination::new(windows, set),
            items,
            too_short,
        })
    }

    /// The passages of a text that stand in an evaluation set.
    pub(crate) fn hits(&self, text: &str, scratch: &mut contamination::Scratch) -> Vec<Hit> {
        self.contamination.hits(text, scratch)
    }

    /// How a message names an item: its id in quotation marks and its place, or its place.
    pub(crate) fn item(&self, number: u32) -> &str {
        &self.items[number as usize]
    }

    /// Items read.
    #[must_use]
    pub const fn items(&self) -> u64 {
        self.items.len() as u64
    }

    /// Items that hold no string of the words that a passage needs: nothing can be compared with them.
    #[must_use]
    pub const fn too_short(&self) -> u64 {
        self.too_short
    }
}

/// Every string of a value that is no web address: an evaluation set has its texts in fields of its
/// own making.
fn strings(value: Value<'_>, each: &mut impl FnMut(&str)) {
    match value.kind() {
        Kind::String => {
            if let Some(text) = value.as_str().filter(|text| !is_address(text)) {
                each(text);
            }
        }
        Kind::Array => value.elements().for_each(|item| strings(item, each)),
        Kind::Object => value.members().for_each(|(_, item)| strings(item, each)),
        _ => {}
    }
}

fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}
