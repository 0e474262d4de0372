//! One record through parser, schema and rules: what every command that reads records shares.

use super::evaluation::Evaluation;
use super::place::{Detail, Placer, id_text};
use super::private::Private;
use super::rivals::Rivals;
use super::select::Selection;
use super::takedown::{Named, Probe};
use crate::config::Config;
use crate::config::IdField;
use crate::dedup::contamination;
use crate::finding::Finding;
use crate::record::{Kind, Role, Tree, Value};
use crate::release::takedown::Matcher;
use crate::rules::{Out, RawFinding, Record};
use crate::schema::{Schema, SchemaError, SchemaErrorKind};
use crate::source::json::{self, JsonError};
use crate::source::{Chunk, Entry, Fault, FaultKind, JsonIssue, JsonIssueKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Fields tried for the article when the configuration names none.
pub const TEXT_FIELDS: [&str; 5] = ["body", "text", "content", "article_text", "raw_content"];

/// Names of the fields that play each [`Role`].
#[derive(Debug, Clone)]
pub struct FieldNames {
    names: [String; 9],
    text_declared: bool,
    /// Which of [`TEXT_FIELDS`] records had for their article: one bit each.
    chosen: Arc<AtomicU8>,
    /// Licence of the whole, for records without their own.
    license: Option<String>,
}

impl FieldNames {
    /// Names from `[fields]`, with the contract's defaults.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let fields = &config.fields;
        let name = |set: &Option<String>, default: &str| set.clone().unwrap_or_else(|| default.to_owned());
        let id = match &fields.id {
            Some(IdField::Name(name)) => name.clone(),
            _ => "id".to_owned(),
        };
        Self {
            names: [
                id,
                name(&fields.text, TEXT_FIELDS[0]),
                name(&fields.title, "title"),
                name(&fields.url, "url"),
                name(&fields.language, "language"),
                name(&fields.source, "source"),
                name(&fields.published, "published_at"),
                name(&fields.collected, "collected_at"),
                name(&fields.author, "authors"),
            ],
            text_declared: fields.text.is_some(),
            chosen: Arc::default(),
            license: config.license.clone(),
        }
    }

    /// The name of the field that plays a role.
    #[must_use]
    pub fn name(&self, role: Role) -> &str {
        &self.names[role as usize]
    }

    /// Replaces the article's field, as `--field /text` asks.
    pub fn set_text(&mut self, name: &str) {
        name.trim_start_matches('/')
            .clone_into(&mut self.names[Role::Text as usize]);
        self.text_declared = true;
    }

    /// The article of a record.
    pub(crate) fn text<'a>(&self, root: Value<'a>) -> Option<&'a str> {
        self.roles(root)[Role::Text as usize]?.as_str()
    }

    /// The fields that were taken for the article so far because none was declared.
    #[must_use]
    pub fn chosen(&self) -> Vec<&'static str> {
        let bits = self.chosen.load(Ordering::Relaxed);
        let fields = TEXT_FIELDS.into_iter().enumerate();
        fields
            .filter(|(rank, _)| bits & (1 << rank) != 0)
            .map(|(_, name)| name)
            .collect()
    }

    /// The values by role of a record.
    pub(crate) fn roles<'a>(&self, root: Value<'a>) -> [Option<Value<'a>>; 9] {
        let mut roles = [None; 9];
        let mut text_rank = usize::MAX;
        for (key, value) in root.members() {
            let Some(key) = key.as_str() else { continue };
            if let Some(role) = self.names.iter().position(|name| name == key) {
                roles[role] = Some(value);
                if role == Role::Text as usize {
                    text_rank = 0;
                }
            } else if !self.text_declared
                && let Some(rank) = TEXT_FIELDS.iter().position(|name| *name == key)
                && rank < text_rank
            {
                text_rank = rank;
                roles[Role::Text as usize] = Some(value);
            }
        }
        if !self.text_declared && text_rank < TEXT_FIELDS.len() {
            let bit = 1 << text_rank;
            // A write in every record would have the threads fight over the cache line.
            if self.chosen.load(Ordering::Relaxed) & bit == 0 {
                self.chosen.fetch_or(bit, Ordering::Relaxed);
            }
        }
        roles
    }
}

/// Everything that decides what a record's findings are.
#[derive(Debug)]
pub struct Checker {
    /// The running rules and who they hold for.
    pub selection: Selection,
    /// The schema, when there is one.
    pub schema: Option<Schema>,
    /// Field names by role.
    pub fields: FieldNames,
    /// Whether a corpus.toml or a schema is in force.
    pub governed: bool,
    /// The evaluation sets that D007 compares with.
    pub evaluation: Option<Arc<Evaluation>>,
    /// What was taken down, for L007 and for releases.
    pub takedowns: Option<Arc<Matcher>>,
}

/// Reusable memory of one worker thread.
#[derive(Debug, Default)]
pub struct Scratch {
    tree: Tree,
    issues: Vec<JsonIssue>,
    raw: Vec<RawFinding>,
    language: String,
    contamination: contamination::Scratch,
    probe: Probe,
}

/// A record that was read, with its findings before they are placed.
pub(crate) struct Read<'a> {
    pub(crate) chunk: &'a Chunk,
    pub(crate) src: &'a str,
    pub(crate) entry: &'a Entry,
    pub(crate) tree: &'a Tree,
    pub(crate) record: Record<'a>,
    pub(crate) raw: &'a mut Vec<RawFinding>,
    /// Whether the record was taken down.
    pub(crate) taken_down: bool,
}

impl Checker {
    /// A number that the options of a running rule of the group stage hold; 0 where it does not run.
    pub(crate) fn option(&self, code: &str, name: &str) -> f64 {
        let found = self.selection.set.find(code);
        let options = found.and_then(|(_, active)| active.check.options());
        options.map_or(0.0, |options| options.number(name))
    }

    /// Parses a record, checks it, and hands it to `then`; a record that cannot be parsed gives
    /// the fault instead.
    pub(crate) fn check<R>(
        &self,
        scratch: &mut Scratch,
        chunk: &Chunk,
        src: &str,
        entry: &Entry,
        path: &str,
        then: impl FnOnce(Read<'_>) -> R,
    ) -> Result<R, Fault> {
        let Scratch {
            tree,
            issues,
            raw,
            language,
            contamination,
            probe,
        } = scratch;
        issues.clear();
        raw.clear();
        if let Err(error) = json::parse(src, entry.span, tree, issues) {
            return Err(parse_fault(&error, chunk, src, entry));
        }
        let Some(root) = tree.root(src) else {
            return Err(parse_fault(
                &JsonError::Syntax {
                    offset: entry.span.start,
                    reason: "no value".to_owned(),
                },
                chunk,
                src,
                entry,
            ));
        };
        let roles = self.fields.roles(root);
        language.clear();
        if let Some(tag) = roles[Role::Language as usize].and_then(Value::as_str) {
            let primary = tag.split(['-', '_']).next().unwrap_or_default();
            language.extend(primary.chars().take(8).map(|c| c.to_ascii_lowercase()));
        }
        let record = Record {
            root,
            roles,
            language,
            governed: self.governed,
            license: self.fields.license.as_deref(),
            path,
        };
        self.json_issues(issues, &record, raw);
        self.schema_errors(&record, raw);
        if root.kind() == Kind::Object {
            self.selection.set.record(&record, raw);
            self.contamination(&record, contamination, raw);
        }
        let taken_down = self.takedown(&record, probe, raw);
        Ok(then(Read {
            chunk,
            src,
            entry,
            tree,
            record,
            raw,
            taken_down,
        }))
    }

    /// Passages of the article that stand in an evaluation set.
    fn contamination(
        &self,
        record: &Record<'_>,
        scratch: &mut contamination::Scratch,
        raw: &mut Vec<RawFinding>,
    ) {
        let Some(evaluation) = &self.evaluation else {
            return;
        };
        let Some((rule, _)) = self.selection.set.find("D007") else {
            return;
        };
        let Some((node, text)) = record
            .role(Role::Text)
            .and_then(|node| Some((node, node.as_str()?)))
        else {
            return;
        };
        for hit in evaluation.hits(text, scratch) {
            let mut out = Out {
                findings: raw,
                rule,
                node: Some(node.index()),
            };
            let item = evaluation.item(hit.item);
            out.span(
                hit.span,
                format!("{} words stand in the evaluation item {item}.", hit.words),
            );
        }
    }

    /// Whether the record matches a tombstone: L007, and out of every release whatever the rules are.
    fn takedown(&self, record: &Record<'_>, probe: &mut Probe, raw: &mut Vec<RawFinding>) -> bool {
        let Some(matcher) = &self.takedowns else {
            return false;
        };
        let id = record.role(Role::Id).and_then(id_text);
        let Some(number) = probe.find(matcher, &Named::of(record, id.as_deref())) else {
            return false;
        };
        if let Some((rule, _)) = self.selection.set.find("L007") {
            let mut out = Out {
                findings: raw,
                rule,
                node: None,
            };
            out.record(format!(
                "The record was taken down (tombstone {}) and has come back; a release leaves it out.",
                number + 1
            ));
        }
        true
    }

    fn json_issues(&self, issues: &[JsonIssue], record: &Record<'_>, raw: &mut Vec<RawFinding>) {
        for issue in issues {
            let code = match issue.kind {
                JsonIssueKind::DuplicateKey => "S002",
                JsonIssueKind::LoneSurrogate => "S003",
                JsonIssueKind::Number => "S004",
            };
            if let Some((rule, active)) = self.selection.set.find(code) {
                let first = raw.len();
                let mut out = Out {
                    findings: raw,
                    rule,
                    node: Some(issue.node),
                };
                active.check.json(issue, record, &mut out);
                for finding in &mut raw[first..] {
                    finding.at.get_or_insert(issue.span.start);
                }
            }
        }
    }

    fn schema_errors(&self, record: &Record<'_>, raw: &mut Vec<RawFinding>) {
        let Some(schema) = &self.schema else {
            if record.root.kind() != Kind::Object {
                self.not_an_object(record, raw);
            }
            return;
        };
        self.unknown_members(schema, record, raw);
        if schema.is_valid(record.root) {
            return;
        }
        for error in schema.errors(record.root) {
            let code = match error.kind {
                SchemaErrorKind::Required => "S005",
                SchemaErrorKind::Type => "S006",
                SchemaErrorKind::Other => "S010",
                SchemaErrorKind::Unknown => "S007",
            };
            if let Some((rule, active)) = self.selection.set.find(code) {
                let mut out = Out {
                    findings: raw,
                    rule,
                    node: Some(error.node),
                };
                active.check.schema(&error, record, &mut out);
            }
        }
    }

    /// Members that an open schema does not name.
    fn unknown_members(&self, schema: &Schema, record: &Record<'_>, raw: &mut Vec<RawFinding>) {
        let Some((rule, active)) = self.selection.set.find("S007") else {
            return;
        };
        let Some(named) = schema.named() else { return };
        for (key, value) in record.root.members() {
            let Some(name) = key.as_str().filter(|name| !named.contains_key(*name)) else {
                continue;
            };
            let near = named
                .keys()
                .find(|known| crate::text::distance::is_near(name, known));
            let error = SchemaError {
                kind: SchemaErrorKind::Unknown,
                instance: format!("/{name}"),
                node: value.index(),
                keyword: "/properties".to_owned(),
                expected: near.cloned().unwrap_or_default(),
                message: name.to_owned(),
                lossless: None,
            };
            let mut out = Out {
                findings: raw,
                rule,
                node: Some(error.node),
            };
            active.check.schema(&error, record, &mut out);
        }
    }

    fn not_an_object(&self, record: &Record<'_>, raw: &mut Vec<RawFinding>) {
        if let Some((rule, _)) = self.selection.set.find("S006") {
            let mut out = Out {
                findings: raw,
                rule,
                node: None,
            };
            out.record(format!(
                "The record is {}, not an object; only a schema could check it.",
                with_article(record.root.kind())
            ))
            .severity(crate::finding::Severity::Warning);
        }
    }

    /// Turns the record's raw findings into placed ones, filtered by overrides, suppressions and
    /// per-file ignores, in the order of the contract.
    pub(crate) fn place(&self, read: &mut Read<'_>, path: &Arc<str>, detail: Detail) -> Vec<Finding> {
        if read.raw.is_empty() {
            return Vec::new();
        }
        let mut raw = std::mem::take(read.raw);
        raw.sort_by_key(|finding| (finding.node, finding.span));
        let id = read.record.role(Role::Id).and_then(id_text);
        let source = read.record.text(Role::Source);
        let root = read.record.root;
        let give_way = raw.iter().any(|finding| !finding.unless.is_empty());
        let mut rivals = Rivals::default();
        let private = Private::new(&self.selection, &raw);
        let mut placer = Placer::new(
            read.chunk,
            read.src,
            read.entry,
            read.tree,
            &read.record,
            path,
            private,
        )
        .in_detail(detail);
        let mut placed = Vec::with_capacity(raw.len());
        for finding in raw.drain(..) {
            let active = &self.selection.set.active[finding.rule as usize];
            if self.selection.has_file_ignores() && self.selection.ignored_in_file(path, active.rule) {
                continue;
            }
            let index = finding.rule;
            let (node, unless) = (finding.node, finding.unless);
            let mut finding = placer.place(finding, active);
            if self.selection.depends_on_record() {
                let verdict = self
                    .selection
                    .judge(index, finding.severity, id.as_deref(), source, |name| {
                        root.get(name).and_then(Value::as_str)
                    });
                let Some((severity, suppressed)) = verdict else {
                    continue;
                };
                finding.severity = severity;
                finding.suppressed = suppressed;
            }
            if let Some(fix) = &mut finding.fix {
                fix.safety = self.selection.safety(index, fix.safety);
            }
            if give_way {
                rivals.add(placed.len(), node, unless, &finding);
            }
            placed.push(finding);
        }
        *read.raw = raw;
        rivals.retire(&mut placed);
        placed.sort_by(order);
        placed
    }

    /// The finding of a fault, if its rule runs. Lines are relative to the chunk.
    pub(crate) fn fault(&self, fault: &Fault, path: &Arc<str>) -> Option<Finding> {
        let (rule, active) = self.selection.set.find(fault.kind.code()).or_else(|| {
            // Binary files must not pass in silence while E003 is in preview, nor records that are not
            // UTF-8 where only E001 runs.
            match fault.kind {
                FaultKind::Binary { .. } => self.selection.set.find("E005"),
                FaultKind::Careless { .. } => self.selection.set.find("E001"),
                _ => None,
            }
        })?;
        if self.selection.ignored_in_file(path, active.rule) {
            return None;
        }
        let mut raw = Vec::new();
        let mut out = Out {
            findings: &mut raw,
            rule,
            node: None,
        };
        active.check.fault(fault, &mut out);
        let raw = raw.pop()?;
        let severity = raw.severity.unwrap_or(active.severity);
        let (severity, suppressed) = if self.selection.depends_on_record() {
            self.selection.judge(rule, severity, None, None, |_| None)?
        } else {
            (severity, None)
        };
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        hash.update(active.rule.code.as_bytes());
        hash.update(raw.message.as_bytes());
        Some(Finding {
            code: active.rule.code,
            name: active.rule.name,
            severity,
            path: Arc::clone(path),
            line: Some(fault.line + 1),
            column: fault.column,
            place: None,
            id: None,
            field: None,
            span: None,
            chars: None,
            offset: Some(fault.offset),
            message: raw.message.into_boxed_str(),
            fix: raw.fix,
            fingerprint: hash.digest(),
            excerpt: None,
            suppressed,
        })
    }
}

/// The contract's order of record findings of one line; `None` comes first.
pub(crate) fn order(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    let key = |f: &Finding| (f.line, f.span.map(|span| span.start));
    key(a)
        .cmp(&key(b))
        .then_with(|| a.field.cmp(&b.field))
        .then_with(|| a.code.cmp(b.code))
        .then_with(|| a.message.cmp(&b.message))
}

fn with_article(kind: Kind) -> String {
    match kind {
        Kind::Null => "null".to_owned(),
        Kind::Array | Kind::Object => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

fn parse_fault(error: &JsonError, chunk: &Chunk, src: &str, entry: &Entry) -> Fault {
    let (at, kind) = match error {
        JsonError::Syntax { offset, reason } => (
            *offset,
            FaultKind::InvalidJson {
                reason: reason.clone(),
            },
        ),
        JsonError::Limit { offset, what, limit } => (
            *offset,
            FaultKind::Limit {
                limit: format!("the limit of {limit}"),
                what,
                value: *limit as u64 + 1,
            },
        ),
    };
    let at = src.floor_char_boundary(at.min(src.len()));
    let before = &src[entry.span.start.min(at)..at];
    let line_start = src[..at].rfind('\n').map_or(0, |at| at + 1);
    Fault {
        kind,
        line: entry.line + memchr::memchr_iter(b'\n', before.as_bytes()).count() as u64,
        offset: chunk.offset + at as u64,
        column: Some(src[line_start..at].chars().count() as u64 + 1),
    }
}
