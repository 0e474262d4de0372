//! Records read a second time, to be written: from their input where its bytes are the record, else
//! from the store.

use super::docs::Docs;
use super::{MAX_OPEN, ReleaseRun};
use crate::dedup::keys::sha256;
use crate::engine::check::FieldNames;
use crate::engine::store::{Store, read_at};
use crate::record::{Span, Tree, Value};
use crate::release::columns::{Columns, Computed};
use crate::release::plan::Plan as ReleasePlan;
use crate::release::rows::{RowKeys, RowMeta, RowReader, Rows};
use crate::source::{Plan, json};
use crate::text::{language, words};
use std::fs::File;
use std::io;
use std::sync::OnceLock;

/// Accepted records, read again.
pub(super) struct Records<'a> {
    docs: &'a Docs,
    store: &'a Store,
    plan: &'a Plan,
    /// Inputs that were opened.
    files: Vec<OnceLock<File>>,
}

impl<'a> Records<'a> {
    pub(super) fn new(run: &ReleaseRun<'a>, docs: &'a Docs, store: &'a Store) -> Self {
        let files = run.plan.inputs.iter().take(MAX_OPEN);
        Self {
            docs,
            store,
            plan: run.plan,
            files: files.map(|_| OnceLock::new()).collect(),
        }
    }

    fn file(&self, input: u32) -> io::Result<&File> {
        let slot = self.files.get(input as usize).ok_or(io::ErrorKind::NotFound)?;
        if let Some(file) = slot.get() {
            return Ok(file);
        }
        let file = fs_err::File::open(&self.plan.inputs[input as usize].path)?;
        Ok(slot.get_or_init(|| file.into_parts().0))
    }

    /// One record, parsed into `tree`; its text is in `bytes`.
    pub(super) fn read<'b>(
        &self,
        doc: u32,
        bytes: &'b mut Vec<u8>,
        tree: &'b mut Tree,
    ) -> io::Result<Value<'b>> {
        let changed = |why: String| changed(self.docs.id(doc), &why);
        let (spot, input) = self.docs.spot(doc);
        bytes.resize(spot.len as usize, 0);
        if spot.stored {
            self.store.read(bytes, spot.at)?;
        } else {
            read_at(self.file(input)?, bytes, spot.at).map_err(|error| {
                let path = self.plan.inputs[input as usize].path.display();
                io::Error::new(error.kind(), format!("cannot read {path}: {error}"))
            })?;
        }
        // simdutf8 validates several times faster than the standard library does.
        let text = simdutf8::basic::from_utf8(bytes).map_err(|error| changed(error.to_string()))?;
        json::parse(text, Span::new(0, text.len()), tree, &mut Vec::new())
            .map_err(|error| changed(error.to_string()))?;
        tree.root(text).ok_or_else(|| changed("it is empty".to_owned()))
    }
}

/// A record that is not what was checked.
fn changed(id: &str, why: &str) -> io::Error {
    let what = format!("record `{id}` is not what it was when it was checked: {why}");
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// The texts of accepted records, for the writer.
pub(super) struct Texts<'a> {
    records: Records<'a>,
    columns: &'a Columns,
    fields: &'a FieldNames,
    release: &'a ReleasePlan,
    version: String,
}

impl<'a> Texts<'a> {
    pub(super) fn new(
        run: &ReleaseRun<'a>,
        release: &'a ReleasePlan,
        docs: &'a Docs,
        store: &'a Store,
    ) -> Self {
        Self {
            records: Records::new(run, docs, store),
            columns: run.columns,
            fields: &run.checker.fields,
            version: release.version.to_string(),
            release,
        }
    }

    /// What the computed columns say about a record.
    fn computed(&self, row: &RowMeta<'_>, text: &str) -> Computed<'_> {
        let home = row.home.and_then(|home| self.release.homes().get(home as usize));
        let found = language::detect(text);
        // Two digits: those behind them are of the machine that counted, and none of the text.
        let score = (f64::from(found.confidence) * 100.0).round() / 100.0;
        Computed {
            since: home.map_or(&self.version, |home| &home.shard.rows_since),
            chars: text.chars().count() as u64,
            words: words::count(text) as u64,
            language: found.language.map(|language| (language, score)),
        }
    }
}

impl Rows for Texts<'_> {
    fn reader(&self) -> Box<dyn RowReader + '_> {
        Box::new(Reader {
            texts: self,
            bytes: Vec::new(),
            tree: Tree::new(),
        })
    }
}

/// The reader of one thread, with its buffers.
struct Reader<'a> {
    texts: &'a Texts<'a>,
    bytes: Vec<u8>,
    tree: Tree,
}

impl RowReader for Reader<'_> {
    fn fetch(&mut self, row: &RowMeta<'_>, encoded: &mut Vec<u8>) -> io::Result<RowKeys> {
        let Self { texts, bytes, tree } = self;
        let doc = row.number as u32;
        let root = texts.records.read(doc, bytes, tree)?;
        encoded.clear();
        let row_hash = texts
            .columns
            .encode(root, encoded)
            .map_err(|error| changed(row.id, &error.to_string()))?;
        let text = texts.fields.text(root).unwrap_or_default();
        if texts.columns.has_derived() {
            texts.columns.compute(&texts.computed(row, text), encoded);
        }
        Ok(RowKeys {
            row_hash,
            exact_key: sha256(text.as_bytes()),
            match_key: texts.records.docs.details().get(doc)?.match_key,
        })
    }
}
