//! From verified pairs to the fate of each document.
//!
//! Documents are taken by preference. One that is as similar as the threshold to a document that stays
//! is a near copy of it; one that is only as similar as what is reported joins its cluster and stays.
//! Everybody in a cluster was compared with the first of it or with a copy's own survivor: chains of
//! pairs do not grow clusters. A contained text hangs on its container when nothing else is known of
//! it, so that it never unites two clusters.

use super::compare::{self, Side};
use super::frequent::Frequent;
use super::sets::{Facts, Known};
use super::{CONTAINED, CONTAINED_SIZE, Candidates, Search, Sets};
use crate::dedup::spill::{Spill, SpillError};
use crate::dedup::{DECISION, Decision, Decisions, DocSet, Kind, Relation, SAME};
use rayon::prelude::*;
use std::collections::HashMap;

/// Pairs verified at once.
const BATCH: usize = 8192;

/// Share of the similarity asked for that a member has with the first of its cluster at least, when it
/// has all of it with another member.
const KIN: f64 = 0.8;

/// What two texts have in common.
#[derive(Debug, Clone, Copy)]
struct Verified {
    jaccard: f64,
    /// Share of the smaller that the larger holds.
    inside: f64,
    /// Sizes of the less preferred and the more preferred one.
    sizes: (usize, usize),
    facts: (Facts, Facts),
}

/// Verifies the candidates on `sets` and adds what comes of them to the decisions on exact copies.
///
/// # Errors
/// The scratch files cannot be written or read.
pub fn decide(
    candidates: &Candidates,
    sets: &Sets,
    search: &Search,
    exact: &Decisions,
) -> Result<Decisions, SpillError> {
    let mut fates = Fates {
        candidates,
        sets,
        frequent: Frequent::count(candidates, sets)?,
        search,
        up: (0..candidates.docs.len() as u32).collect(),
        dropped: DocSet::default(),
        leads: HashMap::new(),
        inside: HashMap::new(),
        out: Spill::new(&candidates.options),
    };
    fates.pairs()?;
    fates.hang()?;
    fates.merge(exact)
}

struct Fates<'a> {
    candidates: &'a Candidates,
    sets: &'a Sets,
    frequent: Frequent,
    search: &'a Search,
    /// The rank that each rank was assigned to; itself when to none.
    up: Vec<u32>,
    /// Ranks that are near copies of one that stays.
    dropped: DocSet,
    /// Members of each cluster but its first.
    leads: HashMap<u32, u32>,
    /// The best container of a rank: the share that is inside, how similar they are, and which it is
    /// (counted from the end, so that of equal ones the preferred is the largest).
    inside: HashMap<u32, (u16, u16, u32)>,
    out: Spill<DECISION>,
}

impl Fates<'_> {
    fn compare(&self, high: u32, low: u32) -> Result<Option<Verified>, SpillError> {
        let (mut one, mut two) = (Vec::new(), Vec::new());
        let (a, b) = (
            self.candidates.docs[high as usize],
            self.candidates.docs[low as usize],
        );
        let Some((first, facts)) = self.sets.get(a, &mut one)? else {
            return Ok(None);
        };
        let Some((second, others)) = self.sets.get(b, &mut two)? else {
            return Ok(None);
        };
        let common = if let (Known::Set, Known::Set) = (&first, &second) {
            let crowd = |doc: u32, facts: Facts| {
                let crowd = self.candidates.crowd.contains(u64::from(doc));
                crowd.then_some(facts.source)
            };
            let side = |shingles, crowd| Side { shingles, crowd };
            compare::common(
                &side(&one, crowd(a, facts)),
                &side(&two, crowd(b, others)),
                &self.frequent,
                self.search,
            )
        } else {
            self.sets.estimate((&first, &one), (&second, &two))
        };
        Ok(Some(Verified {
            jaccard: common.alike,
            inside: common.inside,
            sizes: common.sizes,
            facts: (facts, others),
        }))
    }

    /// Reads the pairs, verifies them in parallel, and settles one less preferred rank after the other.
    fn pairs(&mut self) -> Result<(), SpillError> {
        let mut rows = self.candidates.pairs.read()?;
        let mut of: Vec<(u32, Verified)> = Vec::new();
        let mut current = u32::MAX;
        let mut last = None;
        loop {
            let mut batch = Vec::with_capacity(BATCH);
            for row in rows.by_ref() {
                let row = row?;
                if last.replace(row) != Some(row) {
                    let pair = u64::from_be_bytes(row);
                    batch.push(((pair >> 32) as u32, pair as u32));
                }
                if batch.len() == BATCH {
                    break;
                }
            }
            if batch.is_empty() {
                break;
            }
            let verified: Vec<Option<Verified>> = batch
                .par_iter()
                .map(|(high, low)| self.compare(*high, *low))
                .collect::<Result<_, SpillError>>()?;
            for ((high, low), verified) in batch.into_iter().zip(verified) {
                if high != current {
                    self.settle(current, &of)?;
                    of.clear();
                    current = high;
                }
                of.extend(verified.map(|verified| (low, verified)));
            }
        }
        self.settle(current, &of)
    }

    /// Decides about a rank by its pairs with more preferred ones, which are decided already.
    fn settle(&mut self, rank: u32, pairs: &[(u32, Verified)]) -> Result<(), SpillError> {
        for (other, verified) in pairs {
            self.note_inside(rank, *other, verified);
        }
        // With documents that stay: a copy's survivor stands for the copy.
        let mut options: Vec<(u32, Verified)> = Vec::new();
        for (other, verified) in pairs.iter().filter(|(_, v)| v.jaccard >= self.search.report) {
            let stays = if self.dropped.contains(u64::from(*other)) {
                self.up[*other as usize]
            } else {
                *other
            };
            if options.iter().any(|(known, _)| *known == stays) {
                continue;
            }
            if stays == *other {
                options.push((stays, *verified));
            } else if let Some(verified) = self.compare(rank, stays)? {
                options.push((stays, verified));
            }
        }
        options.retain(|(_, verified)| verified.jaccard >= self.search.report);
        options.sort_by(|a, b| b.1.jaccard.total_cmp(&a.1.jaccard).then(a.0.cmp(&b.0)));
        let Some((best, verified)) = options.first().copied() else {
            return Ok(());
        };
        if verified.jaccard >= self.search.threshold {
            if rank >= self.candidates.published {
                self.dropped.insert(u64::from(rank));
            }
            return self.attach(rank, best, &verified);
        }
        for (mut to, mut verified) in options {
            let other = to;
            let root = self.root(other);
            if root != other {
                match self.compare(rank, root)? {
                    Some(with_root) if with_root.jaccard >= self.search.report => {
                        (to, verified) = (root, with_root);
                    }
                    Some(with_root) if with_root.jaccard >= self.search.report * KIN => {}
                    _ => continue,
                }
            }
            return self.attach(rank, to, &verified);
        }
        Ok(())
    }

    fn attach(&mut self, rank: u32, to: u32, verified: &Verified) -> Result<(), SpillError> {
        self.up[rank as usize] = to;
        let root = self.root(to);
        *self.leads.entry(root).or_insert(0) += 1;
        // Who has a copy does not hang on a container.
        self.leads.entry(to).or_insert(0);
        self.emit(Decision {
            doc: self.doc(rank),
            kept: self.doc(root),
            relation: Relation::Near,
            kind: kind(verified),
            identical: false,
            stays: !self.dropped.contains(u64::from(rank)),
            size: 0,
            of: self.doc(to),
            score: score(verified.jaccard),
        })
    }

    /// Remembers that one of two texts lies in the other, which is no near copy of it.
    fn note_inside(&mut self, high: u32, low: u32, verified: &Verified) {
        let (one, two) = verified.sizes;
        if verified.jaccard >= self.search.report
            || verified.inside < CONTAINED
            || one == two
            || one.min(two) < CONTAINED_SIZE
        {
            return;
        }
        let (part, whole) = if one < two { (high, low) } else { (low, high) };
        // The tightest container: of those that hold as much, the most similar one.
        let found = (score(verified.inside), score(verified.jaccard), u32::MAX - whole);
        let known = self.inside.entry(part).or_insert(found);
        *known = found.max(*known);
    }

    /// Hangs contained texts of which nothing else is known on their containers.
    fn hang(&mut self) -> Result<(), SpillError> {
        let mut parts: Vec<(u32, (u16, u16, u32))> = self.inside.drain().collect();
        parts.sort_unstable();
        parts.retain(|(part, _)| self.up[*part as usize] == *part && !self.leads.contains_key(part));
        let mut hung = Vec::new();
        for (part, (share, _, whole)) in parts {
            let whole = u32::MAX - whole;
            // A container that is not kept is not named.
            let (mut share, mut holder) = (share, whole);
            if self.dropped.contains(u64::from(whole)) {
                holder = self.up[whole as usize];
                let Some(verified) = self.compare(part, holder)? else {
                    continue;
                };
                if verified.inside < CONTAINED || verified.sizes.0 >= verified.sizes.1 {
                    continue;
                }
                share = score(verified.inside);
            }
            self.up[part as usize] = holder;
            hung.push((part, holder, share));
        }
        for (part, holder, share) in hung {
            let root = self.root(part);
            *self.leads.entry(root).or_insert(0) += 1;
            self.emit(Decision {
                doc: self.doc(part),
                kept: self.doc(root),
                relation: Relation::Contained,
                kind: Kind::Excerpt,
                identical: false,
                stays: true,
                size: 0,
                of: self.doc(holder),
                score: share,
            })?;
        }
        Ok(())
    }

    /// Adds the exact copies, whose survivors may be members of clusters now, and the survivors.
    fn merge(mut self, exact: &Decisions) -> Result<Decisions, SpillError> {
        let mut ranks = vec![
            u32::MAX;
            self.candidates
                .docs
                .iter()
                .max()
                .map_or(0, |doc| *doc as usize + 1)
        ];
        for (rank, doc) in (0..).zip(&self.candidates.docs) {
            ranks[*doc as usize] = rank;
        }
        // Who leads nobody was only noted as having a copy of its own below another's cluster.
        self.leads.retain(|_, members| *members > 0);
        for decision in exact.read()? {
            let mut decision = decision?;
            let rank = ranks
                .get(decision.kept as usize)
                .copied()
                .filter(|rank| *rank != u32::MAX);
            let Some(rank) = rank else {
                self.emit(decision)?;
                continue;
            };
            let root = self.root(rank);
            let in_cluster = self.leads.contains_key(&root);
            if decision.relation == Relation::Kept {
                if let Some(members) = self.leads.get_mut(&root) {
                    *members = members.saturating_add(decision.size - 1);
                } else {
                    self.emit(decision)?;
                }
            } else {
                if in_cluster {
                    decision.kept = self.doc(root);
                }
                self.emit(decision)?;
            }
        }
        let leads = std::mem::take(&mut self.leads);
        for (root, members) in leads {
            let doc = self.doc(root);
            self.emit(Decision {
                doc,
                kept: doc,
                relation: Relation::Kept,
                kind: Kind::Copy,
                identical: true,
                stays: root < self.candidates.published,
                size: members.saturating_add(1),
                of: doc,
                score: SAME,
            })?;
        }
        Ok(Decisions {
            sorted: self.out.finish()?,
        })
    }

    fn root(&self, mut rank: u32) -> u32 {
        while self.up[rank as usize] != rank {
            rank = self.up[rank as usize];
        }
        rank
    }

    fn doc(&self, rank: u32) -> u64 {
        u64::from(self.candidates.docs[rank as usize])
    }

    fn emit(&mut self, decision: Decision) -> Result<(), SpillError> {
        self.out.push(decision.to_row())
    }
}

/// What the less preferred text is to the more preferred one.
fn kind(verified: &Verified) -> Kind {
    let (one, two) = verified.facts;
    let later = one.source == two.source && one.date.zip(two.date).is_some_and(|(one, two)| one > two);
    if later {
        if verified.jaccard >= 0.9 {
            Kind::Correction
        } else {
            Kind::Update
        }
    } else if verified.inside >= 0.9 && verified.sizes.0 * 5 < verified.sizes.1 * 4 {
        Kind::Excerpt
    } else {
        Kind::Copy
    }
}

/// Ten-thousandths, rounded down: no score reaches a threshold that its pair does not.
fn score(share: f64) -> u16 {
    (share * f64::from(SAME)) as u16
}
