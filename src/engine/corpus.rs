//! Rules about all records together (D001, D002): fixed-width rows while the scan runs, findings
//! at its end. What is kept of a document in memory does not grow; ids and places wait on disk.

use super::against::Against;
use super::check::Checker;
use super::place::id_text;
use crate::config::{Keep, SameId};
use crate::dedup::{
    ContentKeys, Decisions, Document as Row, ExactIndex, IdGroup, IdIndex, Identity, SpillError, SpillOptions,
};
use crate::finding::Finding;
use crate::record::Role;
use crate::rules::Record;
use crate::source::Entry;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// What the scan of one record leaves for the group stage.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) line: u64,
    pub(crate) id: Option<Box<str>>,
    pub(crate) keys: Option<ContentKeys>,
    pub(crate) date: Option<i64>,
    pub(crate) chars: u64,
    pub(crate) identity: Identity,
}

/// Keys of a record without a text.
const NO_KEYS: ContentKeys = ContentKeys {
    raw: [0; 32],
    folded: None,
};

/// Makes documents; one for each worker, for its buffer.
#[derive(Debug)]
pub(crate) struct KeyMaker {
    buffer: Vec<u8>,
    keys: fn(&str, &mut Vec<u8>) -> ContentKeys,
}

/// For a run that only reports.
impl Default for KeyMaker {
    fn default() -> Self {
        Self {
            buffer: Vec::new(),
            keys: ContentKeys::quick,
        }
    }
}

impl KeyMaker {
    /// For a run that may remove copies.
    pub(crate) fn deciding() -> Self {
        Self {
            keys: ContentKeys::deciding,
            ..Self::default()
        }
    }

    /// For a run that may compare with a release, whose keys are SHA-256 of both forms.
    pub(crate) fn comparing(released: bool) -> Self {
        if !released {
            return Self::deciding();
        }
        Self {
            keys: ContentKeys::of,
            ..Self::default()
        }
    }

    /// The matching key of the last document that had a text.
    pub(crate) fn key(&self) -> &[u8] {
        &self.buffer
    }

    pub(crate) fn document(&mut self, record: &Record<'_>, entry: &Entry) -> Document {
        let id = record.role(Role::Id).and_then(id_text);
        let text = record.text(Role::Text);
        Document {
            line: entry.line,
            keys: text.map(|text| (self.keys)(text, &mut self.buffer)),
            date: record.text(Role::Published).and_then(micros),
            chars: text.map_or(0, |text| text.len() as u64),
            identity: identity(id.as_deref(), record.root.raw()),
            id,
        }
    }
}

/// Identity without a second SHA-256 of the record: it only orders copies that are equal otherwise.
pub(crate) fn identity(id: Option<&str>, record: &str) -> Identity {
    Identity {
        id: id.map_or(0, |id| Identity::of(Some(id), b"").id),
        record: xxh3_64(record.as_bytes()),
    }
}

/// Microseconds since 1970 of an RFC 3339 date or date-time.
pub(crate) fn micros(text: &str) -> Option<i64> {
    crate::text::date::parse(text).ok().map(|stamp| stamp.micros)
}

/// The group stage of a lint run. Empty when no rule of it runs.
#[derive(Debug, Default)]
pub(crate) struct Corpus {
    ids: Option<IdIndex>,
    texts: Option<ExactIndex>,
    table: Option<Table>,
    docs: u64,
}

impl Corpus {
    pub(crate) fn new(checker: &Checker, memory: u64, scratch: Option<&Path>) -> io::Result<Self> {
        let runs = |code| checker.selection.set.find(code).is_some();
        let options = SpillOptions {
            memory: usize::try_from(memory / 8)
                .unwrap_or(usize::MAX)
                .clamp(1 << 20, 16 << 20),
            scratch: scratch.map_or_else(std::env::temp_dir, Path::to_path_buf),
        };
        let wanted = runs("D001") || runs("D002");
        Ok(Self {
            ids: runs("D001").then(|| IdIndex::new(SameId::Refuse, &options)),
            texts: runs("D002").then(|| ExactIndex::new(&[Keep::Earliest, Keep::Longest], &options)),
            table: wanted.then(|| Table::new(&options.scratch)).transpose()?,
            docs: 0,
        })
    }

    pub(crate) const fn wanted(&self) -> bool {
        self.table.is_some()
    }

    /// Takes the documents of a chunk; `lines` is where the chunk starts in its file.
    pub(crate) fn add(&mut self, input: usize, lines: u64, documents: Vec<Document>) -> io::Result<()> {
        let Some(table) = &mut self.table else {
            return Ok(());
        };
        for document in documents {
            let doc = self.docs;
            self.docs += 1;
            table.push(input as u32, lines + document.line + 1, document.id.as_deref())?;
            if let (Some(ids), Some(id)) = (&mut self.ids, &document.id) {
                let keys = document.keys.unwrap_or(NO_KEYS);
                let row = IdIndex::row(
                    SameId::Refuse,
                    id,
                    doc,
                    false,
                    document.date,
                    &keys,
                    document.identity,
                );
                ids.extend(&[row]).map_err(scratch_error)?;
            }
            if let (Some(texts), Some(keys)) = (&mut self.texts, document.keys) {
                let row = Row {
                    doc,
                    keys,
                    published: false,
                    date: document.date,
                    chars: document.chars,
                    identity: document.identity,
                };
                texts.push(&row).map_err(scratch_error)?;
            }
        }
        Ok(())
    }

    /// Groups, together with what is published, and hands the findings on in the order of the documents.
    pub(crate) fn findings(
        mut self,
        checker: &Checker,
        inputs: &[Arc<str>],
        against: Option<&Against>,
        emit: &mut dyn FnMut(Finding) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(mut table) = self.table else {
            return Ok(());
        };
        let mut paths = inputs.to_vec();
        if let (Some(against), Some(texts)) = (against, &mut self.texts) {
            paths.extend(against.shown());
            let each = against.each(self.docs, |row| -> Result<(), AgainstError> {
                table.push((inputs.len() + row.shard) as u32, row.row, Some(row.id))?;
                Ok(texts.push(&row.document).map_err(scratch_error)?)
            });
            each.map_err(io::Error::from)?;
        }
        let mut places = Places {
            checker,
            paths: &paths,
            table: table.finish()?,
            published: self.docs,
        };
        let mut same_ids = Vec::new();
        if let Some(ids) = self.ids {
            let ids = ids.finish().map_err(scratch_error)?;
            ids.groups(|group: IdGroup| {
                let shown: Vec<u64> = group.docs.iter().copied().take(3).collect();
                // The first record of an id stands; the others repeat it.
                same_ids.extend(
                    group
                        .docs
                        .iter()
                        .skip(1)
                        .map(|doc| (*doc, group.count, shown.clone())),
                );
                Ok::<_, SpillError>(())
            })
            .map_err(scratch_error)?;
            same_ids.sort_unstable_by_key(|(doc, ..)| *doc);
        }
        let decisions = self
            .texts
            .map(|texts| texts.finish(&crate::dedup::DocSet::default()))
            .transpose()
            .map_err(scratch_error)?;
        merge(&mut places, &same_ids, decisions.as_ref(), emit)
    }
}

type Shared = (u64, u64, Vec<u64>);

/// D001 and D002 findings by document; on the same one by field, as the order of findings asks.
fn merge(
    places: &mut Places<'_>,
    same_ids: &[Shared],
    decisions: Option<&Decisions>,
    emit: &mut dyn FnMut(Finding) -> io::Result<()>,
) -> io::Result<()> {
    let mut same_ids = same_ids.iter().peekable();
    let fields = &places.checker.fields;
    let id_first = fields.name(Role::Id) <= fields.name(Role::Text);
    if let Some(decisions) = decisions {
        for decision in decisions.read().map_err(scratch_error)? {
            let decision = decision.map_err(scratch_error)?;
            if decision.doc == decision.kept || decision.doc >= places.published {
                continue;
            }
            while let Some(same) =
                same_ids.next_if(|(doc, ..)| *doc < decision.doc || (id_first && *doc == decision.doc))
            {
                places.same_id(same, emit)?;
            }
            places.copy(&decision, emit)?;
        }
    }
    same_ids.try_for_each(|same| places.same_id(same, emit))
}

struct Places<'a> {
    checker: &'a Checker,
    paths: &'a [Arc<str>],
    table: TableReader,
    /// The first document that is a row of a release.
    published: u64,
}

impl Places<'_> {
    fn same_id(
        &mut self,
        (doc, count, shown): &Shared,
        emit: &mut dyn FnMut(Finding) -> io::Result<()>,
    ) -> io::Result<()> {
        let place = self.table.get(*doc)?;
        let mut others = Vec::new();
        for other in shown {
            let other = self.table.get(*other)?;
            others.push(format!("{}:{}", self.paths[other.input as usize], other.line));
        }
        let more = if *count > others.len() as u64 { ", …" } else { "" };
        let id = place.id.clone().unwrap_or_default();
        let message = format!(
            "id \"{id}\" is used by {count} records ({}{more}).",
            others.join(", ")
        );
        self.emit("D001", Role::Id, &place, &id, &message, emit)
    }

    fn copy(
        &mut self,
        decision: &crate::dedup::Decision,
        emit: &mut dyn FnMut(Finding) -> io::Result<()>,
    ) -> io::Result<()> {
        let place = self.table.get(decision.doc)?;
        let kept = self.table.get(decision.kept)?;
        let at = format!("{}:{}", self.paths[kept.input as usize], kept.line);
        let other = kept
            .id
            .as_ref()
            .map_or_else(|| at.clone(), |id| format!("\"{id}\" ({at})"));
        let published = if decision.kept >= self.published {
            ", published already"
        } else {
            ""
        };
        let kind = if decision.identical {
            "the same text"
        } else {
            "the same but for marks, letter forms or spaces"
        };
        let message = format!("Body equals that of {other}{published}: {kind}.");
        self.emit("D002", Role::Text, &place, "", &message, emit)
    }

    fn emit(
        &self,
        code: &str,
        role: Role,
        place: &Place,
        key: &str,
        message: &str,
        emit: &mut dyn FnMut(Finding) -> io::Result<()>,
    ) -> io::Result<()> {
        let selection = &self.checker.selection;
        let Some((index, active)) = selection.set.find(code) else {
            return Ok(());
        };
        let path = &self.paths[place.input as usize];
        if selection.ignored_in_file(path, active.rule) {
            return Ok(());
        }
        let Some((severity, suppressed)) =
            selection.judge(index, active.severity, place.id.as_deref(), None, |_| None)
        else {
            return Ok(());
        };
        let mut hash = Xxh3::new();
        for part in [code, place.id.as_deref().unwrap_or_default(), key] {
            hash.update(part.as_bytes());
            hash.update(&[0]);
        }
        emit(Finding {
            code: active.rule.code,
            name: active.rule.name,
            severity,
            path: Arc::clone(path),
            line: Some(place.line),
            column: None,
            place: None,
            id: place.id.clone(),
            field: Some(format!("/{}", self.checker.fields.name(role)).into()),
            span: None,
            chars: None,
            offset: None,
            message: message.into(),
            fix: None,
            fingerprint: hash.digest(),
            excerpt: None,
            suppressed,
        })
    }
}

/// Why rows of a release could not be added.
struct AgainstError(io::Error);

impl From<crate::release::Error> for AgainstError {
    fn from(error: crate::release::Error) -> Self {
        Self(io::Error::other(error.to_string()))
    }
}

impl From<io::Error> for AgainstError {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

impl From<AgainstError> for io::Error {
    fn from(error: AgainstError) -> Self {
        error.0
    }
}

#[allow(clippy::needless_pass_by_value)] // The shape that `map_err` wants.
fn scratch_error(error: SpillError) -> io::Error {
    io::Error::new(error.source.kind(), error.to_string())
}

/// Where each document stands, by number, on disk.
#[derive(Debug)]
pub(crate) struct Table {
    rows: BufWriter<std::fs::File>,
    ids: BufWriter<std::fs::File>,
    id_bytes: u64,
    directory: PathBuf,
}

#[derive(Debug)]
pub(crate) struct TableReader {
    rows: std::fs::File,
    ids: std::fs::File,
    directory: String,
}

#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) input: u32,
    pub(crate) line: u64,
    pub(crate) id: Option<Box<str>>,
}

const ROW: u64 = 24;

impl Table {
    pub(crate) fn new(directory: &Path) -> io::Result<Self> {
        let file = || tempfile::tempfile_in(directory).map_err(|error| named(directory, &error));
        Ok(Self {
            rows: BufWriter::with_capacity(1 << 16, file()?),
            ids: BufWriter::with_capacity(1 << 16, file()?),
            id_bytes: 0,
            directory: directory.to_path_buf(),
        })
    }

    pub(crate) fn push(&mut self, input: u32, line: u64, id: Option<&str>) -> io::Result<()> {
        let mut row = [0; ROW as usize];
        // A document without an id has the length u32::MAX.
        let length = id.map_or(u32::MAX, |id| id.len() as u32);
        row[..8].copy_from_slice(&line.to_le_bytes());
        row[8..16].copy_from_slice(&self.id_bytes.to_le_bytes());
        row[16..20].copy_from_slice(&input.to_le_bytes());
        row[20..].copy_from_slice(&length.to_le_bytes());
        let id = id.unwrap_or_default().as_bytes();
        self.id_bytes += id.len() as u64;
        self.rows
            .write_all(&row)
            .and_then(|()| self.ids.write_all(id))
            .map_err(|error| named(&self.directory, &error))
    }

    pub(crate) fn finish(self) -> io::Result<TableReader> {
        let directory = self.directory;
        let finish = |writer: BufWriter<std::fs::File>| {
            writer
                .into_inner()
                .map_err(|error| named(&directory, error.error()))
        };
        Ok(TableReader {
            rows: finish(self.rows)?,
            ids: finish(self.ids)?,
            directory: directory.display().to_string(),
        })
    }
}

fn named(directory: &Path, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("cannot write scratch data in {}: {error}", directory.display()),
    )
}

impl TableReader {
    fn read(&self, file: &std::fs::File, bytes: &mut [u8], at: u64) -> io::Result<()> {
        super::store::reading(&self.directory, super::store::read_at(file, bytes, at))
    }

    pub(crate) fn get(&self, doc: u64) -> io::Result<Place> {
        let mut row = [0; ROW as usize];
        self.read(&self.rows, &mut row, doc * ROW)?;
        let long = |at: usize| u64::from_le_bytes(std::array::from_fn(|n| row[at + n]));
        let short = |at: usize| u32::from_le_bytes(std::array::from_fn(|n| row[at + n]));
        let id = match short(20) {
            u32::MAX => None,
            length => {
                let mut bytes = vec![0; length as usize];
                self.read(&self.ids, &mut bytes, long(8))?;
                Some(String::from_utf8_lossy(&bytes).into())
            }
        };
        Ok(Place {
            input: short(16),
            line: long(0),
            id,
        })
    }
}
