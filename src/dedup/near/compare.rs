//! What two texts have in common, from their shingles in the order of the text.
//!
//! The plain measure is the Jaccard similarity of the two sets. Two things are taken into account besides.
//!
//! **Forms.** Notices of one template share most of their shingles and are no copies. Two texts that each
//! have runs of their own between what they share fill a form: no copy of a text looks like that, whose
//! changes are scattered, or stand where the other has nothing. Where both belong to a crowd, shingles that
//! many texts of their source have are left out of the comparison, unless what remains is only scattered
//! edits: then the texts are reprints of one story, however many there are.
//!
//! **Surroundings.** Pages that hold one article in different furniture share one block. Their
//! similarity is that of the blocks, times the smaller share that the block has of its text; it is enough to
//! be reported, not to be removed.

use super::frequent::Frequent;
use super::{Profile, Search};

/// Shingles in a row that make a run: a changed word changes three.
const RUN: usize = 8;
/// Share of a text in runs of its own from which it is more than an edited copy.
const OWN: f64 = 0.15;
/// Documents of a source from which their common shingles are a form, wherever the own text stands.
const FORM: u8 = 8;
/// Documents from which they are one when own text stands between common text, as in a form.
const FILLED_FORM: u8 = 3;
/// Fewer shingles say nothing.
const FEW: usize = 8;
/// Share of each text that a common block must have.
const BLOCK: f64 = 0.6;
/// Similarity of the blocks.
const BLOCK_ALIKE: f64 = 0.8;
/// Shingles of a block.
const BLOCK_SIZE: usize = 60;

/// What two texts have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Common {
    /// Similarity, 0 to 1.
    pub(super) alike: f64,
    /// Share of the smaller that the larger holds.
    pub(super) inside: f64,
    /// Shingles of both.
    pub(super) sizes: (usize, usize),
}

impl Common {
    /// From the number of shared shingles, and of those of each.
    pub(super) fn of(both: f64, sizes: (usize, usize)) -> Self {
        let all = (sizes.0 + sizes.1) as f64 - both;
        Self {
            alike: if all > 0.0 { both / all } else { 0.0 },
            inside: both / sizes.0.min(sizes.1).max(1) as f64,
            sizes,
        }
    }
}

/// A set to look shingles up in.
#[derive(Debug, Clone, Default)]
pub(super) struct Lookup {
    slots: Vec<u32>,
}

impl Lookup {
    /// The set of these shingles; 0 is none of them.
    pub(super) fn fill(&mut self, shingles: &[u32]) {
        let size = (shingles.len() * 2).next_power_of_two().max(16);
        self.slots.clear();
        self.slots.resize(size, 0);
        for &shingle in shingles {
            let mut at = shingle as usize & (size - 1);
            while self.slots[at] != 0 && self.slots[at] != shingle {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = shingle;
        }
    }

    /// Appends each of the shingles once, in order. The hash 0 becomes 1: it marks a free place.
    pub(super) fn distinct(&mut self, shingles: &[u32], set: &mut Vec<u32>) {
        self.fill(&[]);
        self.slots
            .resize((shingles.len() * 2).next_power_of_two().max(16), 0);
        let mask = self.slots.len() - 1;
        for &shingle in shingles {
            let shingle = shingle.max(1);
            let mut at = shingle as usize & mask;
            while self.slots[at] != 0 && self.slots[at] != shingle {
                at = (at + 1) & mask;
            }
            if self.slots[at] == 0 {
                self.slots[at] = shingle;
                set.push(shingle);
            }
        }
    }

    pub(super) fn contains(&self, shingle: u32) -> bool {
        let mask = self.slots.len() - 1;
        let mut at = shingle as usize & mask;
        while self.slots[at] != 0 {
            if self.slots[at] == shingle {
                return true;
            }
            at = (at + 1) & mask;
        }
        false
    }

    /// How many of the shingles are in it.
    pub(super) fn count(&self, shingles: &[u32]) -> usize {
        shingles.iter().filter(|shingle| self.contains(**shingle)).count()
    }
}

/// One of two texts: its shingles in order, and, where it is one of a crowd, how often its source has
/// each of them.
pub(super) struct Side<'a> {
    pub(super) shingles: &'a [u32],
    pub(super) crowd: Option<u64>,
}

/// Compares two texts.
pub(super) fn common(one: &Side<'_>, two: &Side<'_>, frequent: &Frequent, search: &Search) -> Common {
    let report = search.report;
    let mut lookup = Lookup::default();
    lookup.fill(one.shingles);
    let sizes = (one.shingles.len(), two.shingles.len());
    let plain = Common::of(lookup.count(two.shingles) as f64, sizes);
    if search.profile == Profile::FineWeb {
        return plain;
    }
    if let (Some(a), Some(b)) = (one.crowd, two.crowd)
        && plain.alike.max(plain.inside) >= report
    {
        let counts = (frequent.counts(one.shingles, a), frequent.counts(two.shingles, b));
        if let Some(rest) = without_form((one.shingles, &counts.0), (two.shingles, &counts.1), &lookup) {
            return rest;
        }
    }
    if plain.alike >= report {
        let mut second = Lookup::default();
        second.fill(two.shingles);
        if filled(one.shingles, &second).min(filled(two.shingles, &lookup)) >= OWN {
            return Common {
                alike: 0.0,
                inside: 0.0,
                sizes,
            };
        }
    }
    if plain.alike < report && plain.inside >= BLOCK {
        let block = one_block(one.shingles, two.shingles, &lookup);
        return Common {
            alike: if block >= report {
                block.min(search.threshold.next_down())
            } else {
                plain.alike
            },
            ..plain
        };
    }
    plain
}

/// The same of what is no form; `None` when there is no form.
fn without_form(one: (&[u32], &[u8]), two: (&[u32], &[u8]), first: &Lookup) -> Option<Common> {
    let share = |n: usize, counts: &[u8]| n as f64 / counts.len() as f64;
    let form = |counts: &[u8]| share(counts.iter().filter(|count| **count >= FORM).count(), counts);
    let own = |counts: &[u8]| share(long_runs(counts.iter().map(|count| *count < FORM)), counts);
    let limit = if form(one.1).min(form(two.1)) >= OWN && own(one.1).max(own(two.1)) >= OWN {
        FORM
    } else {
        let mut second = Lookup::default();
        second.fill(two.0);
        let between = filled(one.0, &second).min(filled(two.0, first));
        if between < OWN {
            return None;
        }
        FILLED_FORM
    };
    let rest = |(shingles, counts): (&[u32], &[u8])| -> Vec<u32> {
        let pairs = shingles.iter().zip(counts);
        pairs
            .filter(|(_, count)| **count < limit)
            .map(|(shingle, _)| *shingle)
            .collect()
    };
    let (one, two) = (rest(one), rest(two));
    if one.len().max(two.len()) < FEW {
        return None;
    }
    let mut lookup = Lookup::default();
    lookup.fill(&one);
    Some(Common::of(lookup.count(&two) as f64, (one.len(), two.len())))
}

/// How many are in runs of at least [`RUN`].
fn long_runs(marks: impl Iterator<Item = bool>) -> usize {
    let (mut sum, mut run) = (0, 0);
    for mark in marks.chain([false]) {
        if mark {
            run += 1;
        } else {
            sum += if run >= RUN { run } else { 0 };
            run = 0;
        }
    }
    sum
}

/// Share of a text in runs of its own that stand between shingles of the other.
fn filled(shingles: &[u32], other: &Lookup) -> f64 {
    let shared = |shingle: &u32| other.contains(*shingle);
    let (Some(first), Some(last)) = (
        shingles.iter().position(shared),
        shingles.iter().rposition(shared),
    ) else {
        return 0.0;
    };
    let own = shingles[first..last].iter().map(|shingle| !shared(shingle));
    long_runs(own) as f64 / shingles.len() as f64
}

/// The similarity of two texts that share one block.
fn one_block(one: &[u32], two: &[u32], first: &Lookup) -> f64 {
    let mut second = Lookup::default();
    second.fill(two);
    let (a, b) = (block(one, &second), block(two, first));
    let share = (a.len() as f64 / one.len() as f64).min(b.len() as f64 / two.len() as f64);
    if share < BLOCK || a.len().min(b.len()) < BLOCK_SIZE {
        return 0.0;
    }
    let mut lookup = Lookup::default();
    lookup.fill(a);
    let alike = Common::of(lookup.count(b) as f64, (a.len(), b.len())).alike;
    if alike >= BLOCK_ALIKE { alike * share } else { 0.0 }
}

/// From the first run that the other text has to the last.
fn block<'a>(shingles: &'a [u32], other: &Lookup) -> &'a [u32] {
    let run = |window: &[u32]| window.iter().all(|shingle| other.contains(*shingle));
    let mut windows = shingles.windows(RUN);
    let Some(first) = windows.position(run) else {
        return &[];
    };
    let last = windows.rposition(run).map_or(first, |at| at + first + 1);
    &shingles[first..last + RUN]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::shingles::mix;

    /// Shingles of a stretch of an invented text.
    fn stretch(seed: u64, count: usize) -> Vec<u32> {
        (0..count as u64)
            .map(|n| (mix(seed << 32 | n) >> 32) as u32)
            .collect()
    }

    fn compare(one: &[u32], two: &[u32]) -> Common {
        let side = |shingles| Side {
            shingles,
            crowd: None,
        };
        common(&side(one), &side(two), &Frequent::default(), &Search::default())
    }

    #[test]
    fn a_lookup_is_a_set() {
        let mut lookup = Lookup::default();
        let shingles = stretch(1, 500);
        for count in [0, 1, 7, 8, 9, 500] {
            lookup.fill(&shingles[..count]);
            assert_eq!(lookup.count(&shingles), count);
        }
        let mut set = Vec::new();
        lookup.distinct(&[5, 7, 5, 0, 1, 0, 9, 7], &mut set);
        assert_eq!(set, [5, 7, 1, 9]);
    }

    #[test]
    fn scattered_changes_are_edits_and_long_ones_fill_a_form() {
        let text = stretch(1, 600);
        let mut edits = text.clone();
        let mut form = text.clone();
        for at in (0..600).step_by(20) {
            edits[at..at + 3].copy_from_slice(&stretch(at as u64 + 10, 3));
        }
        for at in (50..600).step_by(100) {
            form[at..at + 20].copy_from_slice(&stretch(at as u64 + 900, 20));
        }
        assert!(compare(&text, &edits).alike > 0.7);
        // As similar, but in six blanks.
        assert!(compare(&text, &form).alike < f64::EPSILON);
        // Insertions stand where the other has nothing.
        let mut longer = text.clone();
        for at in (50..600).step_by(100).rev() {
            longer.splice(at..at, stretch(at as u64 + 900, 20));
        }
        assert!(compare(&text, &longer).alike > 0.8);
    }

    #[test]
    fn one_article_in_other_surroundings() {
        let article = stretch(1, 300);
        let page =
            |seed, head, foot| [stretch(seed, head), article.clone(), stretch(seed + 1, foot)].concat();
        let found = compare(&page(10, 75, 85), &page(20, 105, 55));
        assert!((found.alike - 300.0 / 460.0).abs() < 0.02, "{found:?}");
        // That alone removes nothing.
        let strict = Search {
            threshold: 0.6,
            report: 0.5,
            recall: 0.9,
            ..Search::default()
        };
        let (one, two) = (page(10, 75, 85), page(20, 105, 55));
        let side = |shingles| Side {
            shingles,
            crowd: None,
        };
        let found = common(&side(&one), &side(&two), &Frequent::default(), &strict).alike;
        assert!((0.599..0.6).contains(&found), "{found}");
        // Half is too little: press releases share what is said of the sender.
        assert!(compare(&page(10, 0, 310), &page(20, 0, 310)).alike < 0.4);
    }

    #[test]
    fn what_a_source_prints_in_all_its_forms_is_left_out() {
        let (head, foot) = (stretch(1, 100), stretch(2, 200));
        let notice = |seed| [head.clone(), stretch(seed, 100), foot.clone()].concat();
        let frequent = Frequent::from_shingles(&[head.clone(), foot.clone()].concat(), 7, 12);
        let compare = |one: &[u32], two: &[u32]| {
            let side = |shingles| Side {
                shingles,
                crowd: Some(7),
            };
            common(&side(one), &side(two), &frequent, &Search::default())
        };
        assert!(compare(&notice(10), &notice(11)).alike < f64::EPSILON);
        let mut copy = notice(10);
        copy[120..123].copy_from_slice(&stretch(99, 3));
        let found = compare(&notice(10), &copy);
        assert!((found.alike - 97.0 / 103.0).abs() < 1e-9);
        // Of a story that was reprinted twelve times everything is frequent: it is compared as it is.
        let story = [head.clone(), foot.clone()].concat();
        let mut edited = story.clone();
        edited[10..13].copy_from_slice(&stretch(98, 3));
        assert!(compare(&story, &edited).alike > 0.97);
    }
}
