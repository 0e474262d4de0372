//! Records that share an address (D004) or the frame of a text (D006).

use super::pending::{Pending, Point, Say};
use super::traits::Traits;
use crate::dedup::spill::{Spill, be_u64};
use crate::dedup::{SpillError, SpillOptions};
use crate::record::Role;

// Layout of a row: key 0..16, hash of the text 16..24, document 24..32.
const KEY: usize = 16;
const DOC: usize = 24;
const ROW: usize = 32;
/// Records of a group that are reported; more are only counted.
const SHOWN: usize = 16;
/// Texts of one frame, at least.
const FRAMES: u64 = 20;

/// Collects keys.
#[derive(Debug)]
pub(super) struct Groups {
    urls: Option<Spill<ROW>>,
    frames: Option<Spill<ROW>>,
}

/// The records of one key.
#[derive(Debug, Default)]
struct Group {
    count: u64,
    /// Different texts.
    texts: u64,
    last_text: u64,
    /// The lowest documents, ascending.
    docs: Vec<u64>,
}

impl Groups {
    pub(super) fn new(runs: impl Fn(&str) -> bool, options: &SpillOptions) -> Self {
        let spill = |code| runs(code).then(|| Spill::new(options));
        Self {
            urls: spill("D004"),
            frames: spill("D006"),
        }
    }

    pub(super) fn add(&mut self, doc: u64, traits: &Traits) -> Result<(), SpillError> {
        if let (Some(urls), Some(key)) = (&mut self.urls, traits.url) {
            urls.push(row(key, 0, doc))?;
        }
        if let (Some(frames), Some((key, text))) = (&mut self.frames, traits.skeleton) {
            frames.push(row(key, text, doc))?;
        }
        Ok(())
    }

    /// Hands the findings on; `source` gives the name of a document's source.
    pub(super) fn finish(self, pending: &mut Pending) -> Result<(), SpillError> {
        if let Some(urls) = self.urls {
            each(urls, |group| {
                // The first record stands; the others repeat its address.
                for doc in group.docs.iter().skip(1) {
                    pending.push(&Point {
                        doc: *doc,
                        code: "D004",
                        role: Some(Role::Url),
                        span: None,
                        say: group.shared(),
                    })?;
                }
                Ok(())
            })?;
        }
        if let Some(frames) = self.frames {
            each(frames, |group| {
                if group.texts < FRAMES {
                    return Ok(());
                }
                pending.push(&Point {
                    doc: group.docs[0],
                    code: "D006",
                    role: Some(Role::Text),
                    span: None,
                    say: group.shared(),
                })
            })?;
        }
        Ok(())
    }
}

impl Group {
    fn shared(&self) -> Say {
        let doc = |at: usize| self.docs.get(at).copied().unwrap_or(u64::MAX);
        Say::Shared {
            count: self.count,
            docs: [doc(0), doc(1), doc(2)],
        }
    }

    fn add(&mut self, row: &[u8; ROW]) {
        let text = be_u64(row, KEY);
        self.texts += u64::from(self.count == 0 || text != self.last_text);
        self.last_text = text;
        self.count += 1;
        let doc = be_u64(row, DOC);
        let at = self.docs.partition_point(|other| *other < doc);
        if at < SHOWN {
            self.docs.truncate(SHOWN - 1);
            self.docs.insert(at, doc);
        }
    }
}

fn row(key: u128, text: u64, doc: u64) -> [u8; ROW] {
    let mut row = [0; ROW];
    row[..KEY].copy_from_slice(&key.to_be_bytes());
    row[KEY..DOC].copy_from_slice(&text.to_be_bytes());
    row[DOC..].copy_from_slice(&doc.to_be_bytes());
    row
}

/// Calls `emit` with every key that several records share.
fn each(spill: Spill<ROW>, mut emit: impl FnMut(&Group) -> Result<(), SpillError>) -> Result<(), SpillError> {
    let sorted = spill.finish()?;
    let mut group = Group::default();
    let mut key = [0; KEY];
    let mut end = |group: &mut Group| {
        let done = std::mem::take(group);
        if done.count > 1 { emit(&done) } else { Ok(()) }
    };
    for row in sorted.read()? {
        let row = row?;
        if row[..KEY] != key {
            end(&mut group)?;
            key.copy_from_slice(&row[..KEY]);
        }
        group.add(&row);
    }
    end(&mut group)
}
