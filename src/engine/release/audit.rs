//! The audit: every record that is not released, every copy, every fix.

use super::docs::Docs;
use super::near::{self, Linked, Links};
use super::scan::{Dropped, Drops};
use crate::engine::fix::Applied;
use crate::engine::release::ReleaseError;
use crate::engine::store::Spooled;
use crate::release::audit::{Duplicate, Exclusion, FixEntry, Reason, Repair};
use crate::release::writer::Writer;
use crate::text::class::is_default_ignorable;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A record that no rule lets through, waiting on disk for the audit.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Excluded {
    pub(super) input: u32,
    pub(super) line: u64,
    pub(super) id: Option<Box<str>>,
    pub(super) code: Cow<'static, str>,
    pub(super) why: Why,
}

/// Which kind of exclusion it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Why {
    Rule,
    Lost,
    /// The id is a keyed hash.
    Retracted,
}

/// One change of an accepted record, waiting on disk for the audit.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Logged {
    doc: u32,
    code: Cow<'static, str>,
    field: String,
    span: Option<(u64, u64)>,
    before: String,
    after: String,
}

impl Logged {
    pub(super) fn new(doc: u32, fix: Applied) -> Self {
        Self {
            doc,
            code: Cow::Borrowed(fix.code),
            field: fix.field,
            span: fix.span.map(|span| (span.start as u64, span.end as u64)),
            before: fix.before,
            after: fix.after,
        }
    }

    /// Whether only white space and characters that nobody sees changed.
    fn is_unseen(&self) -> bool {
        let unseen = |c: char| c.is_whitespace() || c.is_control() || is_default_ignorable(c);
        self.before.chars().all(unseen) && self.after.chars().all(unseen)
    }
}

/// Records that no rule let through, then copies.
pub(super) fn exclusions(
    writer: &mut Writer<'_>,
    docs: &Docs,
    dropped: &Drops,
    exclusions: &mut Spooled<Excluded>,
    paths: &[Arc<str>],
) -> Result<(), ReleaseError> {
    for excluded in exclusions {
        let excluded = excluded?;
        let reason = match excluded.why {
            Why::Lost => Reason::Unparseable(&excluded.code),
            Why::Rule => Reason::Rule(&excluded.code),
            Why::Retracted => Reason::Retracted,
        };
        writer.audit().exclusion(&Exclusion {
            path: &paths[excluded.input as usize],
            line: Some(excluded.line),
            id: excluded.id.as_deref(),
            reason,
        })?;
    }
    let mut order: Vec<(&u32, &Dropped)> = dropped.iter().collect();
    order.sort_unstable_by_key(|(at, _)| **at);
    for (at, drop) in order {
        let place = docs.details().get(*at)?;
        let (id, kept) = (docs.id(*at), docs.id(drop.kept));
        writer.audit().exclusion(&Exclusion {
            path: &paths[place.input as usize],
            line: Some(place.line),
            id: Some(id),
            reason: Reason::Duplicate {
                relation: drop.decision.relation.as_str(),
                survivor: kept,
            },
        })?;
        writer.audit().duplicate(&Duplicate {
            kept_id: docs.id(drop.of),
            dropped_id: id,
            relation: drop.decision.relation.as_str(),
            kind: drop.decision.kind.as_str(),
            score: near::score(&drop.decision),
            stays: false,
        })?;
    }
    Ok(())
}

/// Released records that are like others, which are released too.
pub(super) fn links(writer: &mut Writer<'_>, docs: &Docs, links: &Links) -> Result<(), ReleaseError> {
    let mut order: Vec<(&u32, &Linked)> = links.iter().collect();
    order.sort_unstable_by_key(|(doc, _)| **doc);
    for (doc, link) in order {
        writer.audit().duplicate(&Duplicate {
            kept_id: docs.id(link.of),
            dropped_id: docs.id(*doc),
            relation: link.decision.relation.as_str(),
            kind: link.decision.kind.as_str(),
            score: near::score(&link.decision),
            stays: true,
        })?;
    }
    Ok(())
}

/// Fixes of the released records: of white space and invisible characters as counts per record and
/// rule; of rules about people without values (a hash under a key that anybody can compute would
/// tell a telephone number as well as its digits); the rest with what stood there.
pub(super) fn fix_entries(
    writer: &mut Writer<'_>,
    fixes: &mut Spooled<Logged>,
    docs: &Docs,
    dropped: &Drops,
) -> Result<(), ReleaseError> {
    let mut counted = Counted::new();
    let mut of = None;
    for fix in fixes {
        let fix = fix?;
        if dropped.contains_key(&fix.doc) {
            continue;
        }
        if of.is_some_and(|of| of != fix.doc) {
            fix_counts(writer, docs, of, &mut counted)?;
        }
        of = Some(fix.doc);
        let people = fix.code.starts_with('P');
        if !people && fix.is_unseen() {
            *counted.entry((fix.code, fix.field)).or_insert(0) += 1;
            continue;
        }
        let span = fix.span.unwrap_or((0, fix.before.len() as u64));
        let repair = if people {
            Repair::Hashed {
                span,
                before: None,
                after: None,
            }
        } else {
            Repair::Edit {
                span,
                before: &fix.before,
                after: &fix.after,
            }
        };
        writer.audit().fix(&FixEntry {
            id: docs.id(fix.doc),
            rule: &fix.code,
            field: &fix.field,
            repair,
        })?;
    }
    fix_counts(writer, docs, of, &mut counted)
}

/// Fixes of one record that are only counted, by rule and field.
type Counted = BTreeMap<(Cow<'static, str>, String), u64>;

fn fix_counts(
    writer: &mut Writer<'_>,
    docs: &Docs,
    of: Option<u32>,
    counted: &mut Counted,
) -> Result<(), ReleaseError> {
    let Some(doc) = of else { return Ok(()) };
    for ((rule, field), count) in std::mem::take(counted) {
        writer.audit().fix(&FixEntry {
            id: docs.id(doc),
            rule: &rule,
            field: &field,
            repair: Repair::Count(count),
        })?;
    }
    Ok(())
}
