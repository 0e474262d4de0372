//! Rows, in order of id: added, removed, changed, moved, renamed.

use super::found::Found;
use super::pairs::{Pair, Pairs};
use super::{Context, Diff, Op, Place, RowChange, Side};
use crate::release::manifest::Shard;
use crate::release::state::{Merge, Merged};
use crate::release::{Result, sha256};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;

/// Most removed rows whose new ids are looked for: beyond them the id scheme changed, and memory must
/// not grow with the corpus.
const MAX_RENAMES: usize = 2_000_000;

/// A shard that the other side has not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Only<'a> {
    pub(super) shard: &'a Shard,
}

/// The shards whose rows are not the same on both sides.
fn differing<'a>(old: Side<'a>, new: Side<'a>) -> (Vec<Only<'a>>, Vec<Only<'a>>) {
    let keys = |side: Side<'a>| -> HashSet<(&'a str, &'a str, &'a str)> {
        side.shards()
            .map(|(config, split, shard)| (config, split, shard.rows_hash.as_str()))
            .collect()
    };
    let only = |side: Side<'a>, other: &HashSet<(&str, &str, &str)>| -> Vec<Only<'a>> {
        side.shards()
            .filter(|(config, split, shard)| !other.contains(&(*config, *split, shard.rows_hash.as_str())))
            .map(|(_, _, shard)| Only { shard })
            .collect()
    };
    let (old_keys, new_keys) = (keys(old), keys(new));
    (only(old, &new_keys), only(new, &old_keys))
}

/// Takes a row of the old side, of the new one, or of both.
type Each<'e> = dyn FnMut(Option<&Merged>, Option<&Merged>) -> Result<()> + 'e;

/// Both sides' shards that differ, and a walk over their rows.
struct Walk {
    old: Vec<PathBuf>,
    new: Vec<PathBuf>,
}

impl Walk {
    fn new(old: Side<'_>, new: Side<'_>, only: (&[Only<'_>], &[Only<'_>])) -> Self {
        let paths = |side: Side<'_>, only: &[Only<'_>]| -> Vec<PathBuf> {
            let states = only.iter().map(|only| side.directory.join(&only.shard.state));
            states.collect()
        };
        Self {
            old: paths(old, only.0),
            new: paths(new, only.1),
        }
    }

    /// Hands on every row that is not equal on both sides, in order of id.
    fn each(&self, each: &mut Each<'_>) -> Result<()> {
        let mut before = Merge::open(self.old.iter().cloned())?;
        let mut after = Merge::open(self.new.iter().cloned())?;
        let (mut a, mut b) = (before.next_row()?, after.next_row()?);
        loop {
            let order = match (&a, &b) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.id.cmp(&b.id),
            };
            match order {
                Ordering::Less => each(a.as_ref(), None)?,
                Ordering::Greater => each(None, b.as_ref())?,
                Ordering::Equal => {
                    if let (Some(old), Some(new)) = (&a, &b)
                        && !same(old, new)
                    {
                        each(Some(old), Some(new))?;
                    }
                }
            }
            if order.is_le() {
                a = before.next_row()?;
            }
            if order.is_ge() {
                b = after.next_row()?;
            }
        }
    }
}

fn same(old: &Merged, new: &Merged) -> bool {
    old.row_hash == new.row_hash && !moved(old, new)
}

fn moved(old: &Merged, new: &Merged) -> bool {
    (&old.config, &old.split) != (&new.config, &new.split)
}

/// New ids of rows whose text stayed: new id to old id, and the old ids.
#[derive(Default)]
struct Renames {
    to: HashMap<Box<str>, Box<str>>,
    from: HashSet<Box<str>>,
}

impl Renames {
    fn find(walk: &Walk, context: Context<'_>) -> Result<Self> {
        let told = |id: &str| !context.taken_down.is_some_and(|gone| gone(id));
        let empty = sha256(b"");
        let mut gone: HashMap<[u8; 32], Vec<Box<str>>> = HashMap::new();
        let (mut removed, mut added) = (0_usize, 0_u64);
        walk.each(&mut |old, new| {
            match (old, new) {
                (Some(row), None) if row.exact_key != empty && told(&row.id) => {
                    removed += 1;
                    if removed <= MAX_RENAMES {
                        gone.entry(row.exact_key)
                            .or_default()
                            .push(row.id.as_str().into());
                    }
                }
                (None, Some(_)) => added += 1,
                _ => {}
            }
            Ok(())
        })?;
        let mut renames = Self::default();
        if gone.is_empty() || added == 0 || removed > MAX_RENAMES {
            return Ok(renames);
        }
        // The first of equal texts is taken first.
        gone.values_mut().for_each(|ids| ids.reverse());
        walk.each(&mut |old, new| {
            if let (None, Some(row)) = (old, new)
                && let Some(was) = gone.get_mut(&row.exact_key).and_then(Vec::pop)
            {
                renames.from.insert(was.clone());
                renames.to.insert(row.id.as_str().into(), was);
            }
            Ok(())
        })?;
        Ok(renames)
    }
}

/// Compares rows.
pub(super) fn compare(
    old: Side<'_>,
    new: Side<'_>,
    context: Context<'_>,
    found: &mut Found,
    diff: &mut Diff,
    each: &mut dyn FnMut(&RowChange<'_>) -> Result<()>,
) -> Result<()> {
    let (before, after) = differing(old, new);
    let walk = Walk::new(old, new, (&before, &after));
    let renames = Renames::find(&walk, context)?;
    let mut pairs = Pairs::new((old, &before), (new, &after))?;
    walk.each(&mut |a, b| {
        if let (Some(a), Some(b)) = (a, b)
            && a.row_hash != b.row_hash
        {
            pairs.want(a, b);
        }
        Ok(())
    })?;
    diff.values_compared = pairs.open();
    let mut rows = Rows {
        context,
        renames,
        closed: closed(old, new),
        found,
        diff,
        columns: BTreeMap::new(),
        each,
    };
    walk.each(&mut |a, b| {
        let pair = match (a, b) {
            (Some(a), Some(b)) if a.row_hash != b.row_hash => pairs.next(a, b)?,
            _ => None,
        };
        rows.row(a, b, pair.as_ref())
    })?;
    let columns = std::mem::take(&mut rows.columns);
    diff.columns = columns.into_iter().collect();
    Ok(())
}

/// Splits that must not grow: frozen on either side, and there before.
fn closed(old: Side<'_>, new: Side<'_>) -> BTreeSet<String> {
    let frozen = |name: &str| {
        let lists = [&old.manifest.splits.frozen, &new.manifest.splits.frozen];
        lists.iter().any(|list| list.iter().any(|frozen| frozen == name))
    };
    let splits = old.splits().filter(|(_, split)| frozen(&split.name));
    splits
        .map(|(config, split)| format!("{config}/{}", split.name))
        .collect()
}

/// What the last walk keeps.
struct Rows<'a, 'c> {
    context: Context<'c>,
    renames: Renames,
    closed: BTreeSet<String>,
    found: &'a mut Found,
    diff: &'a mut Diff,
    columns: BTreeMap<String, u64>,
    each: &'a mut dyn FnMut(&RowChange<'_>) -> Result<()>,
}

impl Rows<'_, '_> {
    fn row(&mut self, old: Option<&Merged>, new: Option<&Merged>, pair: Option<&Pair>) -> Result<()> {
        match (old, new) {
            (Some(old), Some(new)) => self.both(old, new, pair),
            (Some(old), None) => self.removed(old),
            (None, Some(new)) => self.added(new),
            (None, None) => Ok(()),
        }
    }

    fn both(&mut self, old: &Merged, new: &Merged, pair: Option<&Pair>) -> Result<()> {
        let moved = moved(old, new);
        if moved {
            self.found.add("V103", &new.id);
            self.diff.rows.moved += 1;
        }
        let changed = old.row_hash != new.row_hash;
        if changed {
            self.diff.rows.changed += 1;
            let filled = pair.is_some_and(Pair::only_fills);
            self.found.add(if filled { "V206" } else { "V102" }, &new.id);
            for column in pair.iter().flat_map(|pair| pair.columns()) {
                *self.columns.entry(column.to_owned()).or_default() += 1;
            }
        }
        (self.each)(&RowChange {
            op: if changed { Op::Changed } else { Op::Moved },
            id: &new.id,
            id_old: None,
            old: Some(place(old)),
            new: Some(place(new)),
            pair,
        })
    }

    fn removed(&mut self, old: &Merged) -> Result<()> {
        if self.context.taken_down.is_some_and(|gone| gone(&old.id)) {
            self.found.add_nameless("V113");
            self.diff.rows.removed += 1;
            return Ok(());
        }
        self.found.add("V101", &old.id);
        if self.renames.from.contains(old.id.as_str()) {
            return Ok(());
        }
        self.diff.rows.removed += 1;
        (self.each)(&RowChange {
            op: Op::Removed,
            id: &old.id,
            id_old: None,
            old: Some(place(old)),
            new: None,
            pair: None,
        })
    }

    fn added(&mut self, new: &Merged) -> Result<()> {
        let closed = self.closed.contains(&format!("{}/{}", new.config, new.split));
        self.found.add(if closed { "V115" } else { "V201" }, &new.id);
        let was = self.renames.to.get(new.id.as_str());
        let op = if was.is_some() { Op::Renamed } else { Op::Added };
        match op {
            Op::Renamed => self.diff.rows.renamed += 1,
            _ => self.diff.rows.added += 1,
        }
        (self.each)(&RowChange {
            op,
            id: &new.id,
            id_old: was.map(AsRef::as_ref),
            old: None,
            new: Some(place(new)),
            pair: None,
        })
    }
}

fn place(row: &Merged) -> Place<'_> {
    (&row.config, &row.split)
}
