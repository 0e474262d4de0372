//! One record through the gate: rules, fixes, columns.

use super::docs::Spot;
use super::{DEFAULT_CONFIG, MAX_OPEN, ReleaseRun};
use crate::config::ReleaseFix;
use crate::dedup::near::{Profile as Reading, Search, Signer, Sketch};
use crate::dedup::{ContentKeys, Identity};
use crate::engine::check::{Checker, Read, Scratch};
use crate::engine::corpus::traits::source_name;
use crate::engine::corpus::{identity, micros};
use crate::engine::fix::{Applied, fix_record, splice};
use crate::engine::place::id_text;
use crate::engine::profile::{CodePoints, Counted, Profile, moment_of};
use crate::engine::store::Store;
use crate::engine::tally::Places;
use crate::finding::{Safety, Severity};
use crate::record::{Kind, Role, Span, Value};
use crate::source::{Chunk, Entry, FaultKind, Utf8};
use std::io;
use std::sync::Arc;

/// What became of one record in the scan.
#[derive(Debug)]
pub(super) enum Fate {
    Accepted(Passed),
    Excluded {
        id: Option<Box<str>>,
        code: &'static str,
        lost: bool,
    },
    /// It was taken down. Its id is looked up once more to be hashed, and kept nowhere.
    Retracted {
        id: Option<Box<str>>,
    },
}

#[derive(Debug)]
pub(super) struct Passed {
    pub(super) id: Box<str>,
    pub(super) spot: Spot,
    /// Bytes of the values.
    pub(super) weight: u32,
    pub(super) keys: ContentKeys,
    pub(super) identity: Identity,
    pub(super) published: Option<i64>,
    /// `None`: the one config of a release without `[configs]`.
    pub(super) config: Option<Box<str>>,
    pub(super) repaired: bool,
    /// What near copies are found by, of a text that is long enough.
    pub(super) sketch: Option<Sketch>,
}

#[derive(Debug)]
pub(super) struct Seen {
    pub(super) line: u64,
    pub(super) fate: Fate,
    /// Number of the language and source in the chunk's places.
    pub(super) place: u32,
    /// Code points of the text.
    pub(super) chars: u32,
    pub(super) fixes: Vec<Applied>,
    /// The field that no schema declares, where such a record is a reason to refuse.
    pub(super) undeclared: Option<Box<str>>,
}

/// What one chunk gave.
#[derive(Debug)]
pub(super) struct ChunkOut {
    pub(super) input: usize,
    pub(super) lines: u64,
    pub(super) bytes: u64,
    pub(super) seen: Vec<Seen>,
    pub(super) places: Places,
    /// What was collected, counted.
    pub(super) profile: Profile,
    /// Code points of the texts that this thread met for the first time.
    pub(super) code_points: Vec<u32>,
    /// Whether all that had to go into the store is there.
    pub(super) stored: io::Result<()>,
    pub(super) refusals: Vec<String>,
    pub(super) notices: Vec<String>,
}

/// Bytes that are handed to the store at once: few enough to be still in the processor's cache.
const STORE_BYTES: usize = 128 << 10;

/// What one thread keeps from chunk to chunk.
#[derive(Default)]
pub(super) struct Worker {
    scratch: Scratch,
    again: Scratch,
    gate: Gate,
}

/// What a chunk's records leave behind.
#[derive(Default)]
struct Gate {
    /// Scratch of the matching key.
    key: Vec<u8>,
    near: Option<(Search, Signer)>,
    /// Records that go into the store.
    texts: Vec<u8>,
    places: Places,
    profile: Profile,
    rules: Vec<u16>,
    /// Code points met so far, and those of the chunk.
    known: CodePoints,
    code_points: Vec<u32>,
    /// Whether records of the chunk can be read again where they are.
    plain: bool,
}

impl Worker {
    pub(super) fn new(run: &ReleaseRun<'_>) -> Self {
        let mut worker = Self::default();
        worker.gate.near = run.near.map(|search| (search, Signer::new(&search)));
        worker
    }

    pub(super) fn chunk(
        &mut self,
        run: &ReleaseRun<'_>,
        store: &Store,
        chunk: &Chunk,
        path: &Arc<str>,
    ) -> ChunkOut {
        let src = chunk.text.as_str();
        let mut refusals = Vec::new();
        let mut seen = Vec::with_capacity(chunk.records() as usize);
        self.gate.texts.clear();
        self.gate.plain = is_plain(run, chunk);
        self.gate.profile = new_profile(run.checker);
        for fault in &chunk.faults {
            if matches!(
                fault.kind,
                FaultKind::Unreadable { .. } | FaultKind::Binary { .. }
            ) {
                let line = run.checker.fault(fault, path);
                refusals.push(line.map_or_else(|| "Cannot be read.".to_owned(), |f| f.message.into()));
            }
            if fault.kind.loses_record() {
                seen.push(self.gate.lost(fault.line, fault.kind.code()));
            }
        }
        let faults = !seen.is_empty();
        let (mut stored, mut rest) = (Ok(()), seen.len());
        for entry in &chunk.entries {
            let record = self.entry(run, chunk, src, entry, path);
            seen.push(record);
            if self.gate.texts.len() >= STORE_BYTES {
                stored = stored.and(self.gate.store(store, &mut seen[rest..]));
                rest = seen.len();
            }
        }
        stored = stored.and(self.gate.store(store, &mut seen[rest..]));
        if faults {
            seen.sort_by_key(|seen| seen.line);
        }
        debug_assert_eq!(seen.len() as u64, chunk.records(), "{path} does not balance");
        ChunkOut {
            input: chunk.input,
            lines: chunk.lines,
            bytes: src.len() as u64,
            seen,
            places: std::mem::take(&mut self.gate.places),
            profile: std::mem::take(&mut self.gate.profile),
            code_points: std::mem::take(&mut self.gate.code_points),
            stored,
            refusals,
            notices: chunk.notices.clone(),
        }
    }

    fn entry(
        &mut self,
        run: &ReleaseRun<'_>,
        chunk: &Chunk,
        src: &str,
        entry: &Entry,
        path: &Arc<str>,
    ) -> Seen {
        let Self { scratch, again, gate } = self;
        let level = match run.config.release.fix {
            ReleaseFix::None => None,
            ReleaseFix::Safe => Some(Safety::Safe),
            ReleaseFix::Unsafe => Some(Safety::Unsafe),
        };
        let mut fixed_text = None;
        let result = run.checker.check(scratch, chunk, src, entry, path, |mut read| {
            if read.taken_down {
                return Some(gate.judge(run, &mut read, path, false));
            }
            gate.count(run, &read);
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
                None => Some(gate.judge(run, &mut read, path, false)),
            }
        });
        let judged = match (result, fixed_text) {
            (Ok(Some(seen)), _) => Ok(seen),
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
                let judge = |mut read: Read<'_>| gate.judge(run, &mut read, path, true);
                let judged = run.checker.check(again, &fixed_chunk, &text, &alone, path, judge);
                judged.map(|seen| Seen { fixes: log, ..seen }).map_err(|_| "S001")
            }
            (Ok(None), None) => Err("S001"),
            (Err(fault), _) => Err(fault.kind.code()),
        };
        match judged {
            Ok(seen) => Seen {
                line: entry.line,
                ..seen
            },
            Err(code) => gate.lost(entry.line, code),
        }
    }
}

impl Gate {
    /// Writes the texts of `seen` to the store.
    fn store(&mut self, store: &Store, seen: &mut [Seen]) -> io::Result<()> {
        let at = store.write(&self.texts)?;
        self.texts.clear();
        for seen in seen {
            if let Fate::Accepted(passed) = &mut seen.fate
                && passed.spot.stored
            {
                passed.spot.at += at;
            }
        }
        Ok(())
    }

    /// Counts a record as it was collected.
    fn count(&mut self, run: &ReleaseRun<'_>, read: &Read<'_>) {
        if read.record.root.kind() != Kind::Object {
            return;
        }
        self.rules.clear();
        self.rules.extend(read.raw.iter().map(|finding| finding.rule));
        self.rules.sort_unstable();
        self.rules.dedup();
        let text = read.record.text(Role::Text).unwrap_or_default();
        self.profile.add(&Counted {
            source: &source_name(&read.record),
            language: read.record.text(Role::Language).unwrap_or_default(),
            bytes: text.len() as u64,
            moment: moment_of(read.record.text(Role::Published)),
            rules: &self.rules,
        });
        if run.code_points {
            let new = text
                .chars()
                .map(u32::from)
                .filter(|code| self.known.insert(*code));
            self.code_points.extend(new);
        }
    }

    /// A record that could not be read.
    fn lost(&mut self, line: u64, code: &'static str) -> Seen {
        Seen {
            line,
            fate: Fate::Excluded {
                id: None,
                code,
                lost: true,
            },
            place: self.places.number("", ""),
            chars: 0,
            fixes: Vec::new(),
            undeclared: None,
        }
    }

    /// The first error in code order excludes a record; so does a value that has no place in its column.
    fn judge(&mut self, run: &ReleaseRun<'_>, read: &mut Read<'_>, path: &Arc<str>, repaired: bool) -> Seen {
        let role = |role| read.record.text(role).unwrap_or_default();
        let text = role(Role::Text);
        let mut seen = Seen {
            line: 0,
            fate: Fate::Excluded {
                id: None,
                code: "S005",
                lost: false,
            },
            place: self.places.number(role(Role::Language), role(Role::Source)),
            chars: count_chars(text),
            fixes: Vec::new(),
            undeclared: None,
        };
        if read.taken_down {
            seen.fate = Fate::Retracted {
                id: read.record.role(Role::Id).and_then(id_text),
            };
            return seen;
        }
        let error = if let Some(code) = first_error(run, read, path) {
            Err((code, None))
        } else if read.record.root.kind() != Kind::Object {
            Err(("S006", None))
        } else {
            self.pass(run, read, repaired)
        };
        seen.fate = match error {
            Ok(passed) => Fate::Accepted(passed),
            Err((code, undeclared)) => {
                seen.undeclared = undeclared;
                Fate::Excluded {
                    id: read.record.role(Role::Id).and_then(id_text),
                    code,
                    lost: false,
                }
            }
        };
        seen
    }

    fn pass(
        &mut self,
        run: &ReleaseRun<'_>,
        read: &Read<'_>,
        repaired: bool,
    ) -> Result<Passed, (&'static str, Option<Box<str>>)> {
        let root = read.record.root;
        let text = read.record.text(Role::Text).unwrap_or_default();
        let id = read.record.text(Role::Id).ok_or(("S005", None))?;
        run.columns.check(root).map_err(|error| {
            let undeclared = error.undeclared.then(|| error.pointer.into_boxed_str());
            (error.rule, undeclared)
        })?;
        let record = root.raw();
        let stored = repaired || !self.plain || read.entry.map.is_some();
        let at = if stored {
            self.texts.extend_from_slice(record.as_bytes());
            (self.texts.len() - record.len()) as u64
        } else {
            read.chunk.offset + root.span().start as u64
        };
        let config = run.config.configs.as_ref().map(|configs| {
            let value = root.get(&configs.by).and_then(Value::as_str);
            value.unwrap_or(DEFAULT_CONFIG).into()
        });
        let keys = ContentKeys::deciding(text, &mut self.key);
        let sketch = self.near.as_mut().filter(|_| keys.folded.is_some());
        let sketch = sketch.map(|(search, signer)| {
            if search.profile != Reading::Verified {
                search.key(text, &mut self.key);
            }
            signer.sign(&self.key)
        });
        Ok(Passed {
            id: id.into(),
            spot: Spot {
                at,
                len: record.len() as u32,
                stored,
            },
            weight: weight(root),
            keys,
            sketch,
            identity: identity(Some(id), record),
            published: read.record.text(Role::Published).and_then(micros),
            config,
            repaired,
        })
    }
}

/// Counts of a run of these rules.
pub(super) fn new_profile(checker: &Checker) -> Profile {
    Profile::new(checker.selection.set.active.iter().map(|active| active.rule.code))
}

/// Whether records are the bytes of a file that can be read again. The files stay open, so that there
/// must not be many.
fn is_plain(run: &ReleaseRun<'_>, chunk: &Chunk) -> bool {
    let inputs = &run.plan.inputs;
    inputs.len() <= MAX_OPEN
        && chunk.codec.is_none()
        && chunk.charset.is_none()
        && !inputs[chunk.input].is_stdin()
}

/// Bytes of a record's values: a function of its content alone, which is what cuts row groups.
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

/// The first error in code order that rules found.
fn first_error(run: &ReleaseRun<'_>, read: &mut Read<'_>, path: &Arc<str>) -> Option<&'static str> {
    if read.raw.is_empty() {
        return None;
    }
    let placed = run.checker.place(read, path, crate::engine::place::Detail::Full);
    let errors = placed
        .iter()
        .filter(|finding| finding.severity == Severity::Error && finding.suppressed.is_none());
    errors.map(|finding| finding.code).min()
}

/// Code points: bytes that do not continue one.
fn count_chars(text: &str) -> u32 {
    // Few enough at a time that a byte can count them: that is what vectorises well.
    let starts = |bytes: &[u8]| -> u8 {
        bytes
            .iter()
            .map(|byte| u8::from(byte.cast_signed() >= -0x40))
            .sum()
    };
    let chunks = text.as_bytes().chunks(128);
    u32::try_from(chunks.map(|bytes| usize::from(starts(bytes))).sum::<usize>()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::count_chars;

    #[test]
    fn code_points_are_counted() {
        for text in ["", "a", "é", "سوق 市場 🙂"] {
            for times in [1, 100, 1_000] {
                let text = text.repeat(times);
                assert_eq!(count_chars(&text) as usize, text.chars().count());
            }
        }
    }
}
