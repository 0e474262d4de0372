//! Rules about all records together: fixed-width rows while the scan runs, findings at its end. What
//! is kept of a document in memory does not grow; ids and places wait on disk.

mod groups;
mod novel;
mod pending;
mod places;
mod sources;
mod table;
pub(crate) mod traits;

pub(crate) use table::{Place, Table, TableReader};

use super::against::Against;
use super::check::Checker;
use super::duplicates::Duplicates;
use super::place::id_text;
use super::profile::{CodePoints, Counted, Profile};
use crate::config::{Keep, SameId};
use crate::dedup::{
    ContentKeys, DocSet, Document as Row, ExactIndex, IdGroup, IdIndex, Identity, Relation, SpillError,
    SpillOptions,
};
use crate::finding::Finding;
use crate::record::{Kind, Role};
use crate::rules::{RawFinding, Record};
use crate::source::Entry;
use groups::Groups;
use novel::Novel;
use pending::{Pending, Point, Say};
use places::Places;
use sources::{Limits, Sources};
use std::io;
use std::path::Path;
use std::sync::Arc;
use traits::{Traits, Wants};
use xxhash_rust::xxh3::xxh3_64;

/// What the scan of one record leaves for the group stage.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) line: u64,
    pub(crate) id: Option<Box<str>>,
    pub(crate) keys: Option<ContentKeys>,
    pub(crate) date: Option<i64>,
    pub(crate) chars: u64,
    pub(crate) identity: Identity,
    /// What rules about all records look at, where one of them runs.
    pub(crate) traits: Option<Box<Traits>>,
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
    wants: Wants,
    /// Code points of the release before, where C006 runs.
    known: Option<Arc<CodePoints>>,
}

/// For a run that only reports.
impl Default for KeyMaker {
    fn default() -> Self {
        Self {
            buffer: Vec::new(),
            keys: ContentKeys::quick,
            wants: Wants::default(),
            known: None,
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

    /// Looks at what these rules need too.
    pub(crate) fn wanting(mut self, wants: Wants, known: Option<Arc<CodePoints>>) -> Self {
        self.known = known.filter(|_| wants.has("C006"));
        self.wants = wants;
        self
    }

    /// The rules that found something in a record, each once, where anybody counts them.
    pub(crate) fn rules(&self, raw: &[RawFinding]) -> Vec<u16> {
        if !self.wants.has("C003") {
            return Vec::new();
        }
        let mut rules: Vec<u16> = raw.iter().map(|finding| finding.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// The matching key of the last document that had a text.
    pub(crate) fn key(&self) -> &[u8] {
        &self.buffer
    }

    /// `rules`: those that found something in it.
    pub(crate) fn document(&mut self, record: &Record<'_>, entry: &Entry, rules: Vec<u16>) -> Document {
        let id = record.role(Role::Id).and_then(id_text);
        let text = record.text(Role::Text);
        Document {
            line: entry.line,
            keys: text.map(|text| (self.keys)(text, &mut self.buffer)),
            date: record.text(Role::Published).and_then(micros),
            chars: text.map_or(0, |text| text.len() as u64),
            identity: identity(id.as_deref(), record.root.raw()),
            traits: (self.wants.any() && record.root.kind() == Kind::Object).then(|| {
                let traits = Traits::of(record, self.wants, self.known.as_deref());
                Box::new(Traits { rules, ..traits })
            }),
            id,
        }
    }
}

/// Identity without a second SHA-256 of the record: it only orders copies that are equal otherwise.
pub(crate) fn identity(id: Option<&str>, record: &str) -> Identity {
    Identity {
        id: id.map_or(0, Identity::of_id),
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
    groups: Option<Groups>,
    sources: Option<Sources>,
    /// Counts to compare with those of the release before.
    profile: Option<Profile>,
    novel: Novel,
    table: Option<Table>,
    wants: Wants,
    options: SpillOptions,
    docs: u64,
}

/// The rules that need something of each record, beside those of [`traits::CODES`].
const BY_KEYS: [&str; 4] = ["D001", "D002", "D003", "D005"];

impl Corpus {
    /// `comparing`: whether there is a release to compare with.
    pub(crate) fn new(
        checker: &Checker,
        memory: u64,
        scratch: Option<&Path>,
        comparing: bool,
    ) -> io::Result<Self> {
        let runs = |code: &str| checker.selection.set.find(code).is_some();
        let options = SpillOptions {
            memory: usize::try_from(memory / 8)
                .unwrap_or(usize::MAX)
                .clamp(1 << 20, 16 << 20),
            scratch: scratch.map_or_else(std::env::temp_dir, Path::to_path_buf),
        };
        // Nobody owes evidence who has no project: missing metadata is a rule's business only there.
        let wants = Wants::of(|code| {
            runs(code)
                && match code {
                    "L004" => checker.governed,
                    "C001" | "C003" | "C004" | "C006" => comparing,
                    _ => true,
                }
        });
        let codes = checker.selection.set.active.iter().map(|active| active.rule.code);
        // Similar texts are found by a reading of their own; here only their places are kept.
        let wanted = wants.any() || BY_KEYS.iter().any(|code| runs(code));
        Ok(Self {
            ids: runs("D001").then(|| IdIndex::new(SameId::Refuse, &options)),
            texts: runs("D002").then(|| ExactIndex::new(&[Keep::Earliest, Keep::Longest], &options)),
            groups: wants.any().then(|| Groups::new(runs, &options)),
            sources: wants.any().then(|| Sources::new(wants, &options)),
            profile: wants.compares().then(|| Profile::new(codes)),
            novel: Novel::default(),
            table: wanted.then(|| Table::new(&options.scratch)).transpose()?,
            wants,
            options,
            docs: 0,
        })
    }

    pub(crate) const fn wanted(&self) -> bool {
        self.table.is_some()
    }

    /// What each record has to be looked at for.
    pub(crate) const fn wants(&self) -> Wants {
        self.wants
    }

    /// Takes the documents of a chunk; `lines` is where the chunk starts in its file.
    pub(crate) fn add(&mut self, input: usize, lines: u64, documents: Vec<Document>) -> io::Result<()> {
        for document in documents {
            let Some(table) = &mut self.table else {
                return Ok(());
            };
            table.push(input as u32, lines + document.line + 1, document.id.as_deref())?;
            self.document(&document).map_err(scratch_error)?;
            self.docs += 1;
        }
        Ok(())
    }

    fn document(&mut self, document: &Document) -> Result<(), SpillError> {
        let doc = self.docs;
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
            ids.extend(&[row])?;
        }
        if let (Some(texts), Some(keys)) = (&mut self.texts, document.keys) {
            texts.push(&Row {
                doc,
                keys,
                published: false,
                date: document.date,
                chars: document.chars,
                identity: document.identity,
            })?;
        }
        if let Some(traits) = &document.traits {
            if let Some(groups) = &mut self.groups {
                groups.add(doc, traits)?;
            }
            if let Some(sources) = &mut self.sources {
                sources.add(doc, traits)?;
            }
            if let Some(profile) = &mut self.profile {
                profile.add(&Counted {
                    source: &traits.source,
                    language: &traits.language,
                    bytes: document.chars,
                    moment: traits.moment,
                    rules: &traits.rules,
                });
            }
            self.novel.add(doc, traits);
        }
        Ok(())
    }

    /// The counts to compare with those of a release.
    pub(crate) fn take_profile(&mut self) -> Option<Profile> {
        self.profile.take()
    }

    /// Groups, together with what is published, and hands the findings on in the order of the documents.
    pub(crate) fn findings(
        mut self,
        checker: &Checker,
        inputs: &[Arc<str>],
        (against, similar): (Option<&Against>, Option<&Duplicates>),
        emit: &mut dyn FnMut(Finding) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(mut table) = self.table.take() else {
            return Ok(());
        };
        let mut paths = inputs.to_vec();
        let published = self.docs;
        if let (Some(against), Some(texts)) = (against, &mut self.texts) {
            paths.extend(against.shown());
            let each = against.each(published, |row| -> Result<(), AgainstError> {
                table.push((inputs.len() + row.shard) as u32, row.row, Some(row.id))?;
                Ok(texts.push(&row.document).map_err(scratch_error)?)
            });
            each.map_err(io::Error::from)?;
        }
        let limits = Limits {
            max_share: checker.option("C005", "max-share"),
        };
        let mut pending = Pending::new(&self.options, |role| checker.fields.name(role).to_owned());
        self.fill(limits, &mut pending).map_err(scratch_error)?;
        if let Some(similar) = similar {
            like(similar, &mut pending).map_err(scratch_error)?;
        }
        let (points, texts) = pending.finish().map_err(scratch_error)?;
        let places = Places {
            checker,
            paths: &paths,
            table: table.finish()?,
            published,
            texts: &texts,
        };
        for row in points.read().map_err(scratch_error)? {
            let point = pending::point(&row.map_err(scratch_error)?);
            places.show(&point, emit)?;
        }
        Ok(())
    }

    /// Decides what is to be found.
    fn fill(self, limits: Limits, pending: &mut Pending) -> Result<(), SpillError> {
        if let Some(ids) = self.ids {
            same_ids(ids, pending)?;
        }
        if let Some(texts) = self.texts {
            copies(texts, self.docs, pending)?;
        }
        if let Some(groups) = self.groups {
            groups.finish(pending)?;
        }
        if let Some(sources) = self.sources {
            sources.finish(limits, pending)?;
        }
        self.novel.finish(pending)
    }
}

/// Share of a text, in ten-thousandths, that another holds when it contains it.
const CONTAINED: u16 = 9_000;

/// Near copies, and the texts that hold another.
fn like(similar: &Duplicates, pending: &mut Pending) -> Result<(), SpillError> {
    for (doc, of, relation, score) in similar.similar() {
        let (doc, of, code) = match relation {
            Relation::Contained if score >= CONTAINED => (of, doc, "D005"),
            Relation::Near => (doc, of, "D003"),
            _ => continue,
        };
        pending.push(&Point {
            doc,
            code,
            role: Some(Role::Text),
            span: None,
            say: Say::Like {
                of,
                score: u64::from(score),
            },
        })?;
    }
    Ok(())
}

/// Every record but the first of its id.
fn same_ids(ids: IdIndex, pending: &mut Pending) -> Result<(), SpillError> {
    ids.finish()?.groups(|group: IdGroup| {
        let shown = |at: usize| group.docs.get(at).copied().unwrap_or(u64::MAX);
        for doc in group.docs.iter().skip(1) {
            pending.push(&Point {
                doc: *doc,
                code: "D001",
                role: Some(Role::Id),
                span: None,
                say: Say::Shared {
                    count: group.count,
                    docs: [shown(0), shown(1), shown(2)],
                },
            })?;
        }
        Ok(())
    })
}

/// Every record but the survivor of its text; what is published is reported with its release.
fn copies(texts: ExactIndex, published: u64, pending: &mut Pending) -> Result<(), SpillError> {
    for decision in texts.finish(&DocSet::default())?.read()? {
        let decision = decision?;
        if decision.doc != decision.kept && decision.doc < published {
            pending.push(&Point {
                doc: decision.doc,
                code: "D002",
                role: Some(Role::Text),
                span: None,
                say: Say::Copy {
                    of: decision.kept,
                    identical: decision.identical,
                },
            })?;
        }
    }
    Ok(())
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
