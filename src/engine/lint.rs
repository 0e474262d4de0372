//! The lint run: units in parallel, findings streamed in order, fixes written file by file.

use super::against::Against;
use super::baseline::Baseline;
use super::check::{Checker, Scratch, order};
use super::corpus::{Corpus, Document};
use super::duplicates::Duplicates;
use super::fix::{Applied, fix_record, splice};
use super::fix_output::FixOutput;
use super::in_place;
use super::pipeline;
use super::place::Detail;
use super::profile::shift::shifts;
use super::profile::{CodePoints, Profile};
use super::project_file::ProjectFile;
use super::rewrite::{Patch, Rewriter};
use super::sample::Sample;
use crate::config::Format;
use crate::finding::{Finding, Safety, Severity, Sink, Summary};
use crate::source::codec::Codec;
use crate::source::{self, Chunk, Entry, Plan, SourceError, Utf8};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Which fixes a run applies, and where to.
#[derive(Debug, Clone)]
pub struct FixRun {
    /// Fixes at least this safe are applied.
    pub at_least: Safety,
    /// Whether files are rewritten; with `false` the changes are only reported.
    pub write: bool,
    /// Where fixed files go, instead of in place of the originals.
    pub output: Option<FixOutput>,
    /// Whether compressed files are rewritten too.
    pub compressed: bool,
}

/// Settings of a lint run.
#[derive(Debug)]
pub struct LintRun<'a> {
    /// What decides the findings.
    pub checker: &'a Checker,
    /// The inputs, in path order, and how they are read.
    pub plan: &'a Plan,
    /// Raised to stop early.
    pub stop: &'a AtomicBool,
    /// Worker threads.
    pub jobs: usize,
    /// Bytes of keys that may stay in memory before they are spilled.
    pub memory: u64,
    /// Where spilled keys go.
    pub scratch: Option<PathBuf>,
    /// Fixes, if any.
    pub fix: Option<FixRun>,
    /// Only fixes, no findings.
    pub fix_only: bool,
    /// The records to check; all of them without it.
    pub sample: Option<Sample>,
    /// Releases that texts are compared with too.
    pub against: Option<Against>,
    /// The copies among the records, where near ones are to be reported.
    pub similar: Option<Duplicates>,
    /// The configuration, where all inputs of its project are read.
    pub project: Option<ProjectFile>,
    /// The release that the records as a whole are compared with.
    pub previous: Option<Before>,
}

/// What a release was made of.
#[derive(Debug)]
pub struct Before {
    /// Its counts.
    pub profile: Profile,
    /// Its code points, where they were kept.
    pub known: Option<Arc<CodePoints>>,
    /// What the project expects to change: lines of its changelog.
    pub expected: Vec<String>,
    /// Where findings about the whole stand: the configuration, or the release.
    pub at: ProjectFile,
}

/// What a run hands to its caller while it goes.
pub trait Observer {
    /// Some more bytes of input have been read.
    fn progress(&mut self, _bytes: u64) {}
    /// A fix was applied to the record at this line.
    fn applied(&mut self, _path: &str, _line: u64, _id: Option<&str>, _fix: &Applied) -> io::Result<()> {
        Ok(())
    }
    /// A file was rewritten.
    fn rewritten(&mut self, _path: &str, _fixes: u64) {}
    /// Something about a file that is no finding: how it was decoded, why it was not fixed.
    fn notice(&mut self, _path: &str, _notice: &str) {}
}

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub enum LintError {
    /// Reading an input.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Writing the report, a fixed file or scratch data.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Findings after which a chunk hands over what it has, so that a file full of them takes no more
/// memory than a good one.
const FINDINGS: usize = 2048;

/// What one chunk gave, or a part of one.
#[derive(Debug)]
struct ChunkOut {
    input: usize,
    last: bool,
    lines: u64,
    bytes: u64,
    records: u64,
    findings: Vec<Finding>,
    patches: Vec<Patch>,
    applied: Vec<(u64, Option<Box<str>>, Applied)>,
    growth: i64,
    /// Why fixes of this chunk stay out of the file.
    refused: Option<String>,
    /// Why no fix at all can go into the file.
    read_only: Option<String>,
    format: Format,
    codec: Option<Codec>,
    documents: Vec<Document>,
    notices: Vec<String>,
}

struct Emitter<'a, 'r> {
    run: &'r LintRun<'a>,
    sink: &'r mut dyn Sink,
    observer: &'r mut dyn Observer,
    baseline: Option<&'r mut Baseline>,
    record_baseline: Option<&'r mut Baseline>,
    corpus: Corpus,
    summary: Summary,
    /// Lines before the current chunk in the current input, and bytes its fixes added so far.
    input: Option<usize>,
    lines: u64,
    growth: i64,
    rewriter: Option<Rewriter>,
    fixes_in_file: u64,
    /// Whether it was said that fixes stay out of the current input.
    refused: bool,
    /// Flaws of the current input's lines that were reported.
    structure: Vec<Box<str>>,
}

/// Checks every record of the inputs. Findings go to `sink` in the contract's order.
///
/// A run that [`LintRun::stop`] ended early leaves the report unfinished and no file half fixed.
///
/// # Errors
/// [`LintError`]; findings before the error have been written.
pub fn lint(
    run: &LintRun<'_>,
    sink: &mut dyn Sink,
    observer: &mut dyn Observer,
    baseline: Option<&mut Baseline>,
    record_baseline: Option<&mut Baseline>,
) -> Result<Summary, LintError> {
    let paths: Vec<Arc<str>> = run
        .plan
        .inputs
        .iter()
        .map(|input| Arc::from(input.shown.as_str()))
        .collect();
    let corpus = if run.sample.is_some() {
        // What is unique among some records may have its copy among the others.
        Corpus::default()
    } else {
        let comparing = run.previous.is_some();
        Corpus::new(run.checker, run.memory, run.scratch.as_deref(), comparing)?
    };
    let wants_documents = corpus.wanted();
    let wants = corpus.wants();
    let counted = sink.only_counts() && baseline.is_none() && record_baseline.is_none();
    let detail = if counted { Detail::Field } else { Detail::Full };
    let mut emitter = Emitter {
        run,
        sink,
        observer,
        baseline,
        record_baseline,
        corpus,
        summary: Summary {
            files: run.plan.inputs.len() as u64,
            ..Summary::default()
        },
        input: None,
        lines: 0,
        growth: 0,
        rewriter: None,
        fixes_in_file: 0,
        refused: false,
        structure: Vec::new(),
    };
    pipeline::streamed(
        run.jobs,
        run.plan.units().take_while(|_| !run.stop.load(Ordering::Relaxed)),
        || Worker::new(run, wants, detail),
        |worker, unit, send| {
            let result = unit.and_then(|unit| {
                unit.each(run.plan, run.stop, |chunk| {
                    let path = &paths[chunk.input];
                    worker.chunk(run, chunk, path, wants_documents, &mut |out| send(Ok(out)));
                })
            });
            if let Err(error) = result {
                send(Err(error));
            }
        },
        |out: Result<ChunkOut, SourceError>| emitter.chunk(out?, &paths),
    )?;
    if run.stop.load(Ordering::Relaxed) {
        // Half a run has no totals, and no verdict on duplicates.
        return Ok(emitter.summary);
    }
    emitter.finish(&paths)
}

#[derive(Default)]
struct Worker {
    scratch: Scratch,
    again: Scratch,
    keys: super::corpus::KeyMaker,
    detail: Detail,
}

impl Worker {
    fn new(run: &LintRun<'_>, wants: super::corpus::traits::Wants, detail: Detail) -> Self {
        let mut worker = Self {
            detail,
            ..Self::default()
        };
        if run.against.is_some() {
            worker.keys = super::corpus::KeyMaker::comparing(true);
        }
        let known = run.previous.as_ref().and_then(|previous| previous.known.clone());
        worker.keys = worker.keys.wanting(wants, known);
        worker
    }

    fn chunk(
        &mut self,
        run: &LintRun<'_>,
        chunk: &Chunk,
        path: &Arc<str>,
        wants_documents: bool,
        send: &mut dyn FnMut(ChunkOut),
    ) {
        let mut out = ChunkOut {
            input: chunk.input,
            last: chunk.last,
            lines: chunk.lines,
            bytes: chunk.text.as_bytes().len() as u64,
            records: chunk.records(),
            findings: Vec::new(),
            patches: Vec::new(),
            applied: Vec::new(),
            growth: 0,
            refused: None,
            read_only: run
                .fix
                .as_ref()
                .and_then(|fix| in_place::file_refusal(chunk, fix)),
            format: run.plan.inputs[chunk.input].format,
            codec: chunk.codec,
            documents: Vec::new(),
            notices: chunk.notices.clone(),
        };
        let src = chunk.text.as_str();
        let mut faults = chunk.faults.iter().peekable();
        let mut line = 0;
        let chosen: Option<Vec<usize>> = run
            .sample
            .as_ref()
            .map(|sample| sample.entries(chunk.input, chunk.number).collect());
        for (index, entry) in chunk.entries.iter().enumerate() {
            if chosen
                .as_ref()
                .is_some_and(|chosen| chosen.binary_search(&index).is_err())
            {
                out.records -= 1;
                continue;
            }
            while let Some(fault) = faults.next_if(|fault| fault.line < entry.line) {
                out.fault(run, fault, path);
            }
            // Between two lines only: findings of one line are ordered together.
            if out.findings.len() >= FINDINGS && line < entry.line {
                send(out.part(chunk.charset.is_some()));
            }
            line = entry.line;
            self.entry(run, (chunk, src), entry, path, wants_documents, &mut out);
        }
        faults.for_each(|fault| out.fault(run, fault, path));
        out.settle(chunk.charset.is_some());
        send(out);
    }

    fn entry(
        &mut self,
        run: &LintRun<'_>,
        (chunk, src): (&Chunk, &str),
        entry: &Entry,
        path: &Arc<str>,
        wants_documents: bool,
        out: &mut ChunkOut,
    ) {
        let Self {
            scratch,
            again,
            keys,
            detail,
        } = self;
        let mut rules = Vec::new();
        let lost = run.checker.check(scratch, chunk, src, entry, path, |mut read| {
            rules = keys.rules(read.raw);
            let fixed = run.fix.as_ref().and_then(|fix| {
                let read_only = out
                    .read_only
                    .clone()
                    .or_else(|| in_place::value_refusal(out.format));
                fix_record(
                    &run.checker.selection,
                    fix.at_least,
                    read.tree,
                    src,
                    &read.record,
                    read.raw,
                    |value| {
                        let stands = in_place::stands_in_file(entry, value);
                        if read_only.is_some() || !stands {
                            out.refused = read_only.clone().or_else(|| Some(in_place::NOWHERE.to_owned()));
                        }
                        read_only.is_none() && stands
                    },
                )
            });
            let rewrite = fixed.and_then(|fixed| {
                let patches = in_place::patches(chunk, entry, &fixed.literals, read.record.root)?;
                Some((fixed, patches))
            });
            let Some((fixed, patches)) = rewrite else {
                if wants_documents {
                    let rules = std::mem::take(&mut rules);
                    out.documents.push(keys.document(&read.record, entry, rules));
                }
                let first = out.findings.len();
                out.findings.extend(run.checker.place(&mut read, path, *detail));
                out.shift(first);
                return None;
            };
            Some((
                fixed,
                patches,
                read.record
                    .role(crate::record::Role::Id)
                    .and_then(super::place::id_text),
            ))
        });
        match lost {
            Err(fault) => out.fault(run, &fault, path),
            Ok(None) => {}
            Ok(Some((fixed, patches, id))) => {
                // The record as it will be: checked again, so that what is left is what is shown.
                let text = splice(src, entry.span, &fixed.literals);
                let moved = in_place::moved_entry(entry, &fixed.literals, text.len());
                let offset = (chunk.offset + entry.span.start as u64).saturating_add_signed(out.growth);
                let fixed_chunk = Chunk {
                    text: Utf8::default(),
                    offset,
                    entries: Vec::new(),
                    faults: Vec::new(),
                    notices: Vec::new(),
                    ..*chunk
                };
                let left = run
                    .checker
                    .check(again, &fixed_chunk, &text, &moved, path, |mut read| {
                        if wants_documents {
                            let rules = std::mem::take(&mut rules);
                            out.documents.push(keys.document(&read.record, &moved, rules));
                        }
                        out.findings.extend(run.checker.place(&mut read, path, *detail));
                    });
                debug_assert!(left.is_ok(), "a fix broke the JSON of {path}:{}", entry.line + 1);
                for patch in &patches {
                    out.growth += patch.text.len() as i64 - (patch.end - patch.start) as i64;
                }
                out.patches.extend(patches);
                out.applied.extend(
                    fixed
                        .log
                        .into_iter()
                        .map(|applied| (entry.line + 1, id.clone(), applied)),
                );
            }
        }
    }
}

impl ChunkOut {
    /// Puts the findings in order.
    fn settle(&mut self, decoded: bool) {
        // A fault and a record may share a line.
        self.findings.sort_by(order);
        if decoded {
            // Offsets count bytes of the decoded text, which is in no file.
            self.findings.iter_mut().for_each(|finding| finding.offset = None);
        }
    }

    /// Takes out what there is so far; what is true of the chunk as a whole stays for its last part.
    fn part(&mut self, decoded: bool) -> Self {
        self.settle(decoded);
        Self {
            input: self.input,
            last: false,
            lines: 0,
            bytes: 0,
            records: 0,
            findings: std::mem::take(&mut self.findings),
            patches: std::mem::take(&mut self.patches),
            applied: std::mem::take(&mut self.applied),
            growth: 0,
            refused: self.refused.clone(),
            read_only: None,
            format: self.format,
            codec: self.codec,
            documents: std::mem::take(&mut self.documents),
            notices: std::mem::take(&mut self.notices),
        }
    }

    fn fault(&mut self, run: &LintRun<'_>, fault: &source::Fault, path: &Arc<str>) {
        if let Some(mut finding) = run.checker.fault(fault, path) {
            let mark = run.fix.is_some() && matches!(fault.kind, source::FaultKind::ByteOrderMark);
            if mark && self.read_only.is_some() {
                self.refused.clone_from(&self.read_only);
            } else if mark {
                self.patches.push(Patch {
                    start: 0,
                    end: 3,
                    text: Vec::new(),
                });
                self.growth -= 3;
                self.applied.push((
                    1,
                    None,
                    Applied {
                        code: finding.code,
                        field: String::new(),
                        span: None,
                        before: "\u{feff}".to_owned(),
                        after: String::new(),
                    },
                ));
                return;
            }
            finding.offset = finding
                .offset
                .map(|offset| offset.saturating_add_signed(self.growth));
            self.findings.push(finding);
        }
    }

    fn shift(&mut self, first: usize) {
        if self.growth != 0 {
            for finding in &mut self.findings[first..] {
                finding.offset = finding
                    .offset
                    .map(|offset| offset.saturating_add_signed(self.growth));
            }
        }
    }
}

impl Emitter<'_, '_> {
    fn chunk(&mut self, out: ChunkOut, paths: &[Arc<str>]) -> Result<(), LintError> {
        if self.input != Some(out.input) {
            self.input = Some(out.input);
            (self.lines, self.growth, self.fixes_in_file) = (0, 0, 0);
            self.refused = false;
            self.structure.clear();
        }
        let path = &paths[out.input];
        for notice in &out.notices {
            self.observer.notice(path, notice);
        }
        self.observer.progress(out.bytes);
        self.summary.records += out.records;
        self.rewrite(&out)?;
        for (line, id, applied) in &out.applied {
            self.summary.fixed += 1;
            self.fixes_in_file += 1;
            self.observer
                .applied(path, self.lines + line, id.as_deref(), applied)?;
        }
        if let Some(reason) = out.refused
            && !self.refused
        {
            self.refused = true;
            self.observer.notice(path, &reason);
        }
        self.corpus.add(out.input, self.lines, out.documents)?;
        for mut finding in out.findings {
            if self.run.checker.selection.set.is_said_once(&finding) {
                // The flaw of a whole file, found in each of its pieces: the first place is enough.
                if self.structure.contains(&finding.message) {
                    continue;
                }
                self.structure.push(finding.message.clone());
            }
            finding.line = finding.line.map(|line| line + self.lines);
            finding.place = finding.place.map(|(line, column)| (line + self.lines, column));
            finding.offset = finding
                .offset
                .map(|offset| offset.saturating_add_signed(self.growth));
            self.finding(&finding)?;
        }
        self.lines += out.lines;
        self.growth += out.growth;
        if out.last
            && let Some(rewriter) = self.rewriter.take()
        {
            rewriter.commit()?;
            self.observer.rewritten(path, self.fixes_in_file);
        }
        Ok(())
    }

    fn rewrite(&mut self, out: &ChunkOut) -> io::Result<()> {
        let Some(fix) = self.run.fix.as_ref().filter(|fix| fix.write) else {
            return Ok(());
        };
        if out.patches.is_empty() {
            return Ok(());
        }
        if self.rewriter.is_none() {
            let input = &self.run.plan.inputs[out.input];
            let target = match &fix.output {
                Some(output) => output.place(input),
                // Through a link to the file itself, whose other names then have the new text too.
                None => fs_err::canonicalize(&input.path)?,
            };
            self.rewriter = Some(Rewriter::open(&input.path, &target, out.codec)?);
        }
        if let Some(rewriter) = &mut self.rewriter {
            let mut sorted: Vec<&Patch> = out.patches.iter().collect();
            sorted.sort_by_key(|patch| patch.start);
            for patch in sorted {
                rewriter.patch(patch)?;
            }
        }
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if self.run.fix_only {
            return Ok(());
        }
        if finding.suppressed.is_some() {
            self.summary.suppressed += 1;
            return self.sink.finding(finding);
        }
        if let Some(record) = &mut self.record_baseline {
            record.add(finding.code, finding.fingerprint);
        }
        if let Some(baseline) = &mut self.baseline
            && baseline.take(finding.fingerprint)
        {
            self.summary.baselined += 1;
            return Ok(());
        }
        let summary = &mut self.summary;
        summary.findings += 1;
        if let Some(count) = summary.by_code.get_mut(finding.code) {
            *count += 1;
        } else {
            summary.by_code.insert(finding.code.to_owned(), 1);
        }
        *summary
            .by_severity
            .entry(finding.severity.as_str().to_owned())
            .or_insert(0) += 1;
        match finding.fix.as_ref().map(|fix| fix.safety) {
            Some(Safety::Safe) => summary.fixable_safe += 1,
            Some(Safety::Unsafe) => summary.fixable_unsafe += 1,
            _ => {}
        }
        self.sink.finding(finding)
    }

    fn finish(mut self, paths: &[Arc<str>]) -> Result<Summary, LintError> {
        let mut corpus = std::mem::take(&mut self.corpus);
        let profile = corpus.take_profile();
        let others = (self.run.against.as_ref(), self.run.similar.as_ref());
        corpus.findings(self.run.checker, paths, others, &mut |finding| {
            self.finding(&finding)
        })?;
        if let (Some(before), Some(profile)) = (&self.run.previous, profile) {
            for shift in shifts(&before.profile, &profile, &before.expected) {
                let rule = (shift.code, Some(shift.severity));
                let source = shift.source.as_deref();
                let finding = before
                    .at
                    .finding(self.run.checker, rule, None, source, shift.message);
                finding.map_or(Ok(()), |finding| self.finding(&finding))?;
            }
        }
        if let Some(project) = self.run.project.as_ref().filter(|_| self.run.sample.is_none()) {
            for finding in project.stale(self.run.checker) {
                self.finding(&finding)?;
            }
        }
        self.sink.finish(&self.summary)?;
        Ok(self.summary)
    }
}

/// Whether a summary has findings at or above a severity.
#[must_use]
pub fn fails(summary: &Summary, error_on: Severity) -> bool {
    [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .filter(|severity| *severity >= error_on)
        .any(|severity| {
            summary
                .by_severity
                .get(severity.as_str())
                .is_some_and(|count| *count > 0)
        })
}
