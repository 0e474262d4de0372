//! Runs a set of rules over one record.

use super::template::TemplateLines;
use super::{Buffers, Check, Once, Out, RawFinding, Record, Rule, Text, Wake};
use crate::finding::{Finding, Severity};
use crate::record::{Kind, Role, Value};
use crate::rules::phrases::{Anchors, matcher};
use crate::text::scan::{Flags, scan_places};
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

thread_local! {
    static BUFFERS: Cell<Buffers> = Cell::default();
}

/// A rule that runs, with its configured severity and check.
pub struct Active {
    /// The rule.
    pub rule: &'static Rule,
    /// Severity after configuration.
    pub severity: Severity,
    /// The check, built from its options.
    pub check: Box<dyn Check>,
}

impl std::fmt::Debug for Active {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Active")
            .field("code", &self.rule.code)
            .field("severity", &self.severity)
            .finish_non_exhaustive()
    }
}

/// The set of rules of a run, indexed by what wakes them.
#[derive(Debug, Default)]
pub struct RuleSet {
    /// The rules, in code order; [`RawFinding::rule`] indexes it.
    pub active: Vec<Active>,
    text: Vec<(Flags, u16)>,
    text_flags: Flags,
    body: Vec<u16>,
    phrase: Vec<u16>,
    record: Vec<u16>,
    /// Rules with findings that are said once for a file.
    once: Vec<(&'static str, Once)>,
    anchors: OnceLock<Anchors>,
    /// Nanoseconds spent in each rule, where somebody asked for them.
    timings: Option<Vec<AtomicU64>>,
}

impl RuleSet {
    /// Indexes a list of active rules.
    #[must_use]
    pub fn new(active: Vec<Active>) -> Self {
        let mut set = Self::default();
        for (index, active) in active.iter().enumerate() {
            let index = index as u16;
            match active.check.once() {
                Once::Never => {}
                once => set.once.push((active.rule.code, once)),
            }
            match active.rule.wake {
                Wake::Text(flags) => {
                    set.text.push((flags, index));
                    set.text_flags |= flags;
                }
                Wake::Body => set.body.push(index),
                Wake::Phrase => set.phrase.push(index),
                Wake::Record => set.record.push(index),
                Wake::Fault | Wake::Json | Wake::Schema | Wake::Corpus => {}
            }
        }
        set.active = active;
        set
    }

    /// The anchors of the running rules' phrase tables.
    pub(crate) fn anchors(&self) -> &Anchors {
        self.anchors
            .get_or_init(|| Anchors::of(matcher(), |code| self.find(code).is_some()))
    }

    /// Whether one finding says it for all records of its file.
    #[must_use]
    pub fn is_said_once(&self, finding: &Finding) -> bool {
        self.once
            .iter()
            .any(|(code, once)| *code == finding.code && (*once == Once::Always || finding.field.is_none()))
    }

    /// Gives the rules the template lines that the project pinned.
    pub fn pin(&mut self, lines: &Arc<TemplateLines>) {
        for active in &mut self.active {
            active.check.pin(lines);
        }
    }

    /// From now on counts the time that each rule takes.
    pub fn measure(&mut self) {
        self.timings = Some(self.active.iter().map(|_| AtomicU64::new(0)).collect());
    }

    /// The time spent in each rule so far over all threads, in code order; empty without
    /// [`RuleSet::measure`].
    pub fn timings(&self) -> impl Iterator<Item = (&'static Rule, Duration)> {
        self.timings
            .iter()
            .flatten()
            .zip(&self.active)
            .map(|(nanos, active)| (active.rule, Duration::from_nanos(nanos.load(Ordering::Relaxed))))
    }

    /// Runs a rule, on the clock when that is wanted.
    fn timed(&self, rule: u16, run: impl FnOnce(&dyn Check)) {
        let check = &*self.active[rule as usize].check;
        let Some(timings) = &self.timings else {
            return run(check);
        };
        let start = Instant::now();
        run(check);
        let nanos = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        timings[rule as usize].fetch_add(nanos, Ordering::Relaxed);
    }

    /// Every rule at its default severity and options.
    ///
    /// # Panics
    /// Never: the defaults of every rule build, which a test watches.
    #[must_use]
    pub fn all_defaults() -> Self {
        Self::new(
            super::list::RULES
                .iter()
                .filter_map(|rule| {
                    let check = (rule.check)(&super::options::Options::defaults(rule.options)).ok()?;
                    Some(Active {
                        rule,
                        severity: rule.severity,
                        check,
                    })
                })
                .collect(),
        )
    }

    /// The running rule with this code.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<(u16, &Active)> {
        let index = self.active.iter().position(|active| active.rule.code == code)?;
        Some((index as u16, &self.active[index]))
    }

    /// Runs every text, body, phrase and record rule over a record.
    pub fn record(&self, record: &Record<'_>, findings: &mut Vec<RawFinding>) {
        if !self.text.is_empty() || !self.body.is_empty() || !self.phrase.is_empty() {
            self.walk(record.root, record, findings);
        }
        for &index in &self.record {
            let mut out = Out {
                findings,
                rule: index,
                node: None,
            };
            self.timed(index, |check| check.record(record, &mut out));
        }
    }

    fn walk(&self, value: Value<'_>, record: &Record<'_>, findings: &mut Vec<RawFinding>) {
        match value.kind() {
            Kind::String => self.string(value, record, findings),
            Kind::Array => value
                .elements()
                .for_each(|item| self.walk(item, record, findings)),
            Kind::Object => value
                .members()
                .for_each(|(_, item)| self.walk(item, record, findings)),
            _ => {}
        }
    }

    fn string(&self, node: Value<'_>, record: &Record<'_>, findings: &mut Vec<RawFinding>) {
        let Some(value) = node.as_str() else { return };
        let mut buffers = BUFFERS.take();
        let seen = scan_places(value, &mut buffers.places);
        let is_body = record
            .role(Role::Text)
            .is_some_and(|body| body.index() == node.index());
        if is_body || seen.flags.any(self.text_flags) {
            let role = role_of(node, record);
            let text = Text::new((node, value), role, &seen, record, self.anchors()).with(buffers);
            self.text(&text, findings);
            buffers = text.into_buffers();
        }
        if buffers.are_small() {
            BUFFERS.set(buffers);
        }
    }

    /// Runs the text rules (and body and phrase rules, where the text is the article) over one string.
    pub fn text(&self, text: &Text<'_>, findings: &mut Vec<RawFinding>) {
        let node = Some(text.node.index());
        if text.scan.flags.any(self.text_flags) {
            let first = findings.len();
            let address = text.is_address();
            for &(flags, rule) in &self.text {
                let rule_of = self.active[rule as usize].rule;
                if text.scan.flags.any(flags) && !(address && is_about_prose(rule_of)) {
                    self.timed(rule, |check| check.text(text, &mut Out { findings, rule, node }));
                }
            }
            if address {
                findings[first..]
                    .iter_mut()
                    .for_each(|finding| finding.fix = None);
            }
        }
        if text.is_body() {
            if self.timings.is_some() {
                // Shared work is done first, so that it is not put down to the rule that asks first.
                let _ = (text.lines(), text.phrases(), text.looks(), text.shape());
            }
            for &rule in &self.body {
                self.timed(rule, |check| check.body(text, &mut Out { findings, rule, node }));
            }
            if !self.phrase.is_empty() {
                self.phrases(text, findings);
            }
        }
    }
}

impl RuleSet {
    /// Matches the phrase tables once and hands each hit to its rule, where that runs.
    fn phrases(&self, text: &Text<'_>, findings: &mut Vec<RawFinding>) {
        let node = Some(text.node.index());
        for hit in text.phrases() {
            let running = self
                .phrase
                .iter()
                .find(|&&rule| self.active[rule as usize].rule.code == hit.code);
            if let Some(&rule) = running {
                self.timed(rule, |check| {
                    check.phrase(text, hit, &mut Out { findings, rule, node });
                });
            }
        }
    }
}

/// Whether a rule judges how prose is written: spelling, typography, canonical form, white space.
/// An address shows what its site chose, and is compared byte by byte.
fn is_about_prose(rule: &Rule) -> bool {
    rule.code.starts_with('A') || matches!(rule.code, "U001" | "U014" | "U015" | "U025")
}

/// The role that a node plays in its record.
pub(crate) fn role_of(node: Value<'_>, record: &Record<'_>) -> Option<Role> {
    Role::ALL.into_iter().find(|&role| {
        record
            .role(role)
            .is_some_and(|value| value.index() == node.index())
    })
}
