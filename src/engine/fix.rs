//! Applying fixes to one record: rounds until nothing changes, each change logged.

use super::private::{self, Private};
use super::select::Selection;
use crate::finding::{Change, Edit, Safety};
use crate::record::{Span, Tree, Value};
use crate::rules::runner::role_of;
use crate::rules::{RawFinding, Record, Text};
use crate::source::json::{self, rewrite_literal};
use crate::text::lines;
use crate::text::scan::scan;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Rounds after which a field that still changes is given up: four for what stands inside lines,
/// and as many again for whole lines and what their going uncovers.
const ROUNDS: usize = 8;

/// Order in which overlapping fixes win: RULES, section 1. Rules not named come last, in code order.
const ORDER: [&str; 22] = [
    "E002", "E101", "E103", "E104", "E105", "E102", "E109", "E110", "E111", "U002", "U003", "U004", "U007",
    "U008", "U009", "U010", "U012", "A001", "U001", "A003", "A005", "B",
];

/// Rank of a rule in the fix order.
fn rank(code: &str) -> usize {
    ORDER
        .iter()
        .position(|prefix| code.starts_with(prefix))
        .unwrap_or(if code.starts_with('U') {
            ORDER.len() + 1
        } else {
            ORDER.len()
        })
}

/// One applied change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Rule code.
    pub code: &'static str,
    /// JSON pointer of the field.
    pub field: String,
    /// Bytes of the decoded value as it was when the change was made.
    pub span: Option<Span>,
    /// Text before (the literal, for a whole-value change). What rules about people found is masked.
    pub before: String,
    /// Text after, masked likewise.
    pub after: String,
}

/// The new literals of a record and what led to them.
#[derive(Debug, Default)]
pub struct Fixed {
    /// Bytes of the chunk that change, ascending, with their new content.
    pub literals: Vec<(Span, String)>,
    /// Every change, in the order made.
    pub log: Vec<Applied>,
}

/// Applies every allowed fix to a record. `findings` are those of the record as it is.
/// Values for which `rewritable` is false stay as they are. `None` when nothing changes.
pub(crate) fn fix_record(
    selection: &Selection,
    at_least: Safety,
    tree: &Tree,
    src: &str,
    record: &Record<'_>,
    findings: &[RawFinding],
    mut rewritable: impl FnMut(Value<'_>) -> bool,
) -> Option<Fixed> {
    let mut by_node: BTreeMap<u32, Vec<&RawFinding>> = BTreeMap::new();
    for finding in findings {
        let Some(node) = finding.node else { continue };
        if allowed(selection, finding, at_least).is_some() {
            by_node.entry(node).or_default().push(finding);
        }
    }
    let mut fixed = Fixed::default();
    let people = Private::new(selection, findings);
    let mut covered = 0;
    for (index, findings) in by_node {
        let Some(node) = tree.value(src, index) else {
            continue;
        };
        // A node inside a value that was replaced whole is gone.
        if node.span().start < covered || !rewritable(node) {
            continue;
        }
        let mut pointer = String::new();
        super::place::pointer_to(record.root, index, &mut pointer);
        let mut field = Field {
            selection,
            at_least,
            node,
            record,
            pointer,
            literal: node.raw().to_owned(),
            log: Vec::new(),
            private: people
                .spans(index)
                .filter_map(|span| Some(node.as_str()?[span.range()].to_owned()))
                .collect(),
        };
        field.replace(&findings);
        field.edit_rounds(&findings);
        if field.literal != node.raw() {
            covered = node.span().end;
            field.mask_log();
            fixed.literals.push((node.span(), field.literal));
            fixed.log.append(&mut field.log);
        }
    }
    (!fixed.literals.is_empty()).then_some(fixed)
}

/// The safety of a finding's fix, if it may be applied.
fn allowed(selection: &Selection, finding: &RawFinding, at_least: Safety) -> Option<Safety> {
    let fix = finding.fix.as_ref()?;
    let safety = selection.safety(finding.rule, fix.safety);
    (safety >= at_least).then_some(safety)
}

struct Field<'a> {
    selection: &'a Selection,
    at_least: Safety,
    node: Value<'a>,
    record: &'a Record<'a>,
    pointer: String,
    literal: String,
    log: Vec<Applied>,
    /// What rules about people found in the value.
    private: Vec<String>,
}

impl Field<'_> {
    fn code(&self, finding: &RawFinding) -> &'static str {
        self.selection.set.active[finding.rule as usize].rule.code
    }

    /// The first whole-value change, if any.
    fn replace(&mut self, findings: &[&RawFinding]) {
        let literal = findings
            .iter()
            .find_map(|finding| match &finding.fix.as_ref()?.change {
                Change::Replace(literal) => Some((self.code(finding), literal)),
                Change::Edits(_) => None,
            });
        if let Some((code, literal)) = literal {
            self.log.push(Applied {
                code,
                field: self.pointer.clone(),
                span: None,
                before: self.literal.clone(),
                after: literal.clone(),
            });
            self.literal.clone_from(literal);
        }
    }

    fn edit_rounds(&mut self, first: &[&RawFinding]) {
        let Some(mut value) = decode_literal(&self.literal) else {
            return;
        };
        let replaced = !self.log.is_empty();
        let mut findings: Vec<RawFinding> = if replaced {
            self.check(&value)
        } else {
            first.iter().map(|finding| (*finding).clone()).collect()
        };
        for _ in 0..ROUNDS {
            let edits = self.choose(&value, &findings);
            if edits.is_empty() {
                return;
            }
            self.literal = rewrite_literal(&self.literal, &edits);
            value = apply(&value, &edits);
            findings = self.check(&value);
        }
    }

    /// Hides in the log what rules about people found; a piece of it too, which another fix may have
    /// had to do with first.
    fn mask_log(&mut self) {
        for fix in &mut self.log {
            if private::is_about_people(fix.code) {
                fix.before = "*".repeat(fix.before.len());
                continue;
            }
            for value in &self.private {
                for text in [&mut fix.before, &mut fix.after] {
                    if let Cow::Owned(masked) = private::mask_value(text, value) {
                        *text = masked;
                    }
                }
            }
        }
    }

    fn check(&self, value: &str) -> Vec<RawFinding> {
        let seen = scan(value);
        let set = &self.selection.set;
        let role = role_of(self.node, self.record);
        let text = Text::new((self.node, value), role, &seen, self.record, set.anchors());
        let mut findings = Vec::new();
        set.text(&text, &mut findings);
        findings
    }

    /// The edits of one round. Whole lines go last, once nothing inside lines is left to mend, and
    /// all together, so that a tail of residue lines goes as one block.
    fn choose(&mut self, value: &str, findings: &[RawFinding]) -> Vec<Edit> {
        let mut order: Vec<(usize, &RawFinding, &Vec<Edit>)> = findings
            .iter()
            .filter(|finding| finding.node == Some(self.node.index()))
            .filter_map(|finding| {
                allowed(self.selection, finding, self.at_least)?;
                match &finding.fix.as_ref()?.change {
                    Change::Edits(edits) if !edits.is_empty() => {
                        Some((rank(self.code(finding)), finding, edits))
                    }
                    _ => None,
                }
            })
            .collect();
        order.sort_by_key(|(rank, finding, edits)| (*rank, edits[0].span, finding.rule));
        let deletes = |finding: &RawFinding, edits: &[Edit]| deletes_lines(value, self.code(finding), edits);
        let (lines, inside): (Vec<_>, Vec<_>) = order
            .into_iter()
            .partition(|(_, finding, edits)| deletes(finding, edits));
        if inside.is_empty() {
            let spans = lines.iter().map(|(_, _, edits)| edits[0].span).collect();
            for (_, finding, edits) in lines {
                self.note(value, finding, &edits[0]);
            }
            return block_deletions(value, spans);
        }
        let mut taken: BTreeMap<usize, Edit> = BTreeMap::new();
        for (_, finding, edits) in inside {
            // A later edit that touches an earlier one waits for the next round.
            if edits.iter().any(|edit| touches(&taken, edit.span)) {
                continue;
            }
            for edit in edits {
                self.note(value, finding, edit);
                taken.insert(edit.span.start, edit.clone());
            }
        }
        taken.into_values().collect()
    }

    fn note(&mut self, value: &str, finding: &RawFinding, edit: &Edit) {
        self.log.push(Applied {
            code: self.code(finding),
            field: self.pointer.clone(),
            span: Some(edit.span),
            before: value[edit.span.range()].to_owned(),
            after: edit.text.clone(),
        });
    }
}

/// Whether the edits are the exact deletion of whole lines; a token in prose does not widen to itself.
fn deletes_lines(value: &str, code: &str, edits: &[Edit]) -> bool {
    code.starts_with('B')
        && edits.len() == 1
        && edits[0].text.is_empty()
        && widen(value, edits[0].span) == edits[0].span
}

/// Whether a span overlaps an edit that was taken, or stands at the same place.
fn touches(taken: &BTreeMap<usize, Edit>, span: Span) -> bool {
    let before = taken.range(..span.start).next_back();
    let after = taken.range(span.start..).next();
    before.is_some_and(|(_, edit)| edit.span.end > span.start)
        || after.is_some_and(|(start, _)| *start < span.end || *start == span.start)
}

/// Joins deletions of neighbouring lines, so that they leave no blank lines behind.
fn block_deletions(value: &str, mut spans: Vec<Span>) -> Vec<Edit> {
    spans.sort_unstable();
    let mut blocks: Vec<Span> = Vec::new();
    for span in spans {
        // Joined spans may widen into the block before them, which then grows in turn.
        let mut block = span;
        while let Some(last) = blocks.last().copied()
            && last.end >= block.start
        {
            blocks.pop();
            block = widen(
                value,
                Span::new(last.start.min(block.start), last.end.max(block.end)),
            );
        }
        blocks.push(block);
    }
    blocks
        .into_iter()
        .map(|span| Edit {
            span,
            text: String::new(),
        })
        .collect()
}

/// The exact deletion of all lines that a span touches.
fn widen(value: &str, span: Span) -> Span {
    let table = lines::table(value);
    let touched = |line: &lines::Line| {
        !line.trimmed.is_empty() && line.trimmed.start < span.end && span.start < line.trimmed.end
    };
    match (table.iter().position(touched), table.iter().rposition(touched)) {
        (Some(first), Some(last)) => lines::deletion(value, &table, first, last),
        _ => span,
    }
}

/// The value of a JSON string literal; `None` for another literal.
pub(crate) fn decode_literal(literal: &str) -> Option<String> {
    let mut tree = Tree::new();
    json::parse(literal, Span::new(0, literal.len()), &mut tree, &mut Vec::new()).ok()?;
    tree.root(literal)?.as_str().map(str::to_owned)
}

/// Applies ascending, non-overlapping edits.
#[must_use]
pub fn apply(value: &str, edits: &[Edit]) -> String {
    let mut result = String::with_capacity(value.len());
    let mut at = 0;
    for edit in edits {
        result.push_str(&value[at..edit.span.start]);
        result.push_str(&edit.text);
        at = edit.span.end;
    }
    result.push_str(&value[at..]);
    result
}

/// The record's text with new literals; `span` is the record in `src`.
#[must_use]
pub fn splice(src: &str, span: Span, literals: &[(Span, String)]) -> String {
    let mut result = String::with_capacity(span.len());
    let mut at = span.start;
    for (old, new) in literals {
        result.push_str(&src[at..old.start]);
        result.push_str(new);
        at = old.end;
    }
    result.push_str(&src[at..span.end]);
    result
}
