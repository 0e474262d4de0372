//! The catalogue: one file per rule, one line in [`list`].
//!
//! A rule's file holds one `pub(crate) const RULE: Rule` — documentation, metadata, options,
//! examples that run as tests — and the type that checks. A rule says with [`Wake`] what wakes it,
//! so that a clean article never calls it: the fused scan of [`crate::text::scan`] looks at every
//! text once and only rules whose flags it raised are run.

pub mod edition;
mod encoding;
#[cfg(test)]
mod encoding_tests;
mod field;
mod function_words;
mod licence;
pub mod list;
pub(crate) mod opt_out;
pub mod options;
pub mod phrases;
mod private;
pub(crate) mod quality;
pub mod redirect;
pub(crate) mod residue;
pub mod runner;
pub(crate) mod site;
pub mod template;
use crate::finding::{Change, Edit, Fix, Safety, Severity};
use crate::record::{Role, Span, Value};
use crate::schema::SchemaError;
use crate::source::{Fault, JsonIssue};
use crate::text::embedded::Restored;
use crate::text::language::Detected;
use crate::text::lines::Line;
use crate::text::mojibake::GarbledLine;
use crate::text::numbers::{Number, each};
use crate::text::runs::{Run, runs_at};
use crate::text::scan::{Flags, Scan};
use crate::text::shape::Shape;
use options::{OptionDef, OptionError, Options};
use phrases::Anchors;
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::fmt::Write as _;
use std::sync::Arc;
use template::TemplateLines;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The bytes of a file, before records.
    Bytes,
    /// One record.
    Record,
    /// A block of lines.
    Block,
    /// One line of a text.
    Line,
    /// A span of a text.
    Span,
    /// One word.
    Token,
    /// All records together.
    Corpus,
    /// A release against the one before it.
    Release,
}

impl Scope {
    /// Lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Record => "record",
            Self::Block => "block",
            Self::Line => "line",
            Self::Span => "span",
            Self::Token => "token",
            Self::Corpus => "corpus",
            Self::Release => "release",
        }
    }
}

/// How settled a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// May change without notice; needs `--preview`.
    Preview,
    /// Changes only with an edition.
    Stable,
    /// Still works, will go.
    Deprecated,
    /// No longer runs; kept so that configurations get a clear message.
    Removed,
}

impl Status {
    /// Lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Stable => "stable",
            Self::Deprecated => "deprecated",
            Self::Removed => "removed",
        }
    }
}

/// What makes a rule run.
#[derive(Debug, Clone, Copy)]
pub enum Wake {
    /// Every string value in which the scan raised one of these flags: [`Check::text`].
    Text(Flags),
    /// The text field (the article), always, once: [`Check::body`].
    Body,
    /// Lines of the text field that match the phrase table of this rule's code: [`Check::phrase`].
    Phrase,
    /// Every record, once: [`Check::record`].
    Record,
    /// A fault in the file's bytes: [`Check::fault`].
    Fault,
    /// A flaw in the JSON text that does not stop it being read: [`Check::json`].
    Json,
    /// An error of the JSON Schema: [`Check::schema`].
    Schema,
    /// All records together; the engine's group stage decides, the rule only describes itself.
    Corpus,
}

/// One rule: data, plus a way to build its check from options.
#[derive(Debug)]
pub struct Rule {
    /// `U009`
    pub code: &'static str,
    /// `bidi-override`
    pub name: &'static str,
    /// Default severity.
    pub severity: Severity,
    /// What it looks at.
    pub scope: Scope,
    /// Highest safety any of its fixes has; `None` when it has no fix.
    pub fix: Option<Safety>,
    /// How settled it is.
    pub status: Status,
    /// Whether it is in the set that runs when nothing is selected.
    pub default: bool,
    /// What it finds, one sentence.
    pub summary: &'static str,
    /// Why that matters to those who load the dataset: a paragraph of Markdown.
    pub why: &'static str,
    /// How it decides, and what the fix does: Markdown.
    pub how: &'static str,
    /// What it might wrongly flag and how it avoids that; empty when nothing.
    pub false_positives: &'static str,
    /// Standard, paper or measurement behind it.
    pub source: &'static str,
    /// Options settable in `[lint.rules.<name>]`.
    pub options: &'static [OptionDef],
    /// Examples, run as tests.
    pub examples: &'static [Example],
    /// What makes it run.
    pub wake: Wake,
    /// Builds the check.
    pub check: fn(&Options) -> Result<Box<dyn Check>, OptionError>,
}

/// One example of a rule. `input` is the text of a body, or a whole JSON record when it starts
/// with `{`, or the bytes of a file when [`Example::file`] says so.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// The text, record or file.
    pub input: &'static str,
    /// BCP 47 language of the record; `ar` unless told.
    pub language: &'static str,
    /// Texts of the spans the rule must find, in order; empty for a good example.
    /// `"*"` stands for a finding without a span (whole field or record).
    pub spans: &'static [&'static str],
    /// The text after safe fixes of this rule alone; `None` where the rule proposes none.
    pub fixed: Option<&'static str>,
    /// The text after unsafe fixes too.
    pub unsafe_fixed: Option<&'static str>,
    /// `input` is a whole file with this name.
    pub file: Option<&'static str>,
    /// The `template_lines.toml` that it is checked with.
    pub pinned: Option<&'static str>,
    /// The `corpus.toml` of the project that the file belongs to; its `[[input]]` names the file.
    pub project: Option<&'static str>,
    /// The same file as it was when the project was last released.
    pub released: Option<&'static str>,
}

impl Example {
    /// A text or record in which the rule finds these spans.
    #[must_use]
    pub const fn bad(input: &'static str, spans: &'static [&'static str]) -> Self {
        Self {
            input,
            language: "ar",
            spans,
            fixed: None,
            unsafe_fixed: None,
            file: None,
            pinned: None,
            project: None,
            released: None,
        }
    }

    /// A text or record in which the rule finds nothing.
    #[must_use]
    pub const fn good(input: &'static str) -> Self {
        Self::bad(input, &[])
    }

    /// Sets the record's language.
    #[must_use]
    pub const fn lang(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    /// Sets the text after safe fixes.
    #[must_use]
    pub const fn fixed(mut self, text: &'static str) -> Self {
        self.fixed = Some(text);
        self
    }

    /// Sets the text after safe and unsafe fixes.
    #[must_use]
    pub const fn unsafe_fixed(mut self, text: &'static str) -> Self {
        self.unsafe_fixed = Some(text);
        self
    }

    /// Makes the input a whole file of this name.
    #[must_use]
    pub const fn file(mut self, name: &'static str) -> Self {
        self.file = Some(name);
        self
    }

    /// Checks the file in a project with this `corpus.toml`.
    #[must_use]
    pub const fn project(mut self, config: &'static str) -> Self {
        self.project = Some(config);
        self
    }

    /// Checks the file in a project that released it when it was this.
    #[must_use]
    pub const fn released(mut self, input: &'static str) -> Self {
        self.released = Some(input);
        self
    }

    /// The lines of a file: one that starts with `20 × ` stands for twenty, in which every run of `#` is
    /// the number of the line, from 1, with zeros before it.
    #[must_use]
    pub fn lines(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let many = line
                .split_once(" × ")
                .and_then(|(times, line)| Some((times.parse::<u32>().ok()?, line)));
            let Some((times, line)) = many else {
                out.push_str(line);
                continue;
            };
            (1..=times).for_each(|number| numbered(line, number, &mut out));
        }
        out
    }

    /// Checks it with this `template_lines.toml`.
    #[must_use]
    pub const fn pinned(mut self, lines: &'static str) -> Self {
        self.pinned = Some(lines);
        self
    }
}

fn numbered(line: &str, number: u32, out: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find('#') {
        let width = rest[at..].bytes().take_while(|byte| *byte == b'#').count();
        out.push_str(&rest[..at]);
        let _ = write!(out, "{number:0width$}");
        rest = &rest[at + width..];
    }
    out.push_str(rest);
}

/// What a rule does. Implement the one method its [`Wake`] names.
pub trait Check: Send + Sync {
    /// A string value whose scan raised one of the rule's flags.
    fn text(&self, _text: &Text<'_>, _out: &mut Out<'_>) {}
    /// The text field.
    fn body(&self, _text: &Text<'_>, _out: &mut Out<'_>) {}
    /// A line that a phrase of the rule's table matches.
    fn phrase(&self, _text: &Text<'_>, _hit: &PhraseHit, _out: &mut Out<'_>) {}
    /// A record.
    fn record(&self, _record: &Record<'_>, _out: &mut Out<'_>) {}
    /// A fault in a file.
    fn fault(&self, _fault: &Fault, _out: &mut Out<'_>) {}
    /// A flaw in JSON text.
    fn json(&self, _issue: &JsonIssue, _record: &Record<'_>, _out: &mut Out<'_>) {}
    /// A schema error.
    fn schema(&self, _error: &SchemaError, _record: &Record<'_>, _out: &mut Out<'_>) {}
    /// Which of its findings are said once for a file.
    fn once(&self) -> Once {
        Once::Never
    }
    /// What to do where most records have such a finding: then it has one cause. `{field}` stands for the
    /// field of the findings.
    fn advice(&self) -> Option<&'static str> {
        None
    }
    /// Options of a rule that the group stage decides.
    fn options(&self) -> Option<&Options> {
        None
    }
    /// Takes the pinned template lines of the project.
    fn pin(&mut self, _lines: &Arc<TemplateLines>) {}
}

/// Which findings of a rule hold for a whole file wherever they are found: the first place is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Once {
    /// Each finding is about its own place.
    Never,
    /// Those about whole records.
    Records,
    /// All of them.
    Always,
}

/// A check for rules that the engine's group stage decides.
#[derive(Debug)]
pub struct CorpusCheck;

impl Check for CorpusCheck {}

/// The same for a rule with options.
#[derive(Debug)]
pub struct CorpusOptions(pub Options);

impl Check for CorpusOptions {
    fn options(&self) -> Option<&Options> {
        Some(&self.0)
    }
}

/// A record as rules see it.
#[derive(Debug)]
pub struct Record<'a> {
    /// The whole record, with the configuration's renames and defaults applied.
    pub root: Value<'a>,
    /// Values by role, in the order of [`Role`].
    pub roles: [Option<Value<'a>>; 9],
    /// Primary language subtag, lower case (`ar` for `ar-EG`); empty when the record has none.
    pub language: &'a str,
    /// Whether a `corpus.toml` or a schema is in force: rules about missing metadata run only then.
    pub governed: bool,
    /// The licence that the project declares for records without one.
    pub license: Option<&'a str>,
    /// Path of the file, as shown.
    pub path: &'a str,
}

impl<'a> Record<'a> {
    /// The value that plays a role.
    #[must_use]
    pub const fn role(&self, role: Role) -> Option<Value<'a>> {
        self.roles[role as usize]
    }

    /// The string that plays a role.
    #[must_use]
    pub fn text(&self, role: Role) -> Option<&'a str> {
        self.role(role)?.as_str()
    }
}

/// Memory that serves one text after the other.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    /// See [`Text::places`].
    pub(crate) places: Vec<usize>,
    /// See [`Text::lines`].
    pub(crate) lines: Vec<Line>,
}

impl Buffers {
    /// Whether so little was needed that it may be kept.
    pub(crate) const fn are_small(&self) -> bool {
        self.places.capacity() <= 1 << 16 && self.lines.capacity() <= 1 << 14
    }
}

/// Fewest digits of the numbers that people are known by: telephones, cards, accounts, identities.
pub const LONG_NUMBER: usize = 7;

/// A string value as rules see it.
#[derive(Debug)]
pub struct Text<'a> {
    /// The decoded string.
    pub value: &'a str,
    /// Its node.
    pub node: Value<'a>,
    /// The part its field plays, if any.
    pub role: Option<Role>,
    /// What the fused scan saw.
    pub scan: &'a Scan,
    /// The record it belongs to.
    pub record: &'a Record<'a>,
    /// Which long lines are compared with the phrase tables.
    anchors: &'a Anchors,
    /// Line table, made on first use, in a vector that was used before.
    lines: OnceCell<Vec<Line>>,
    spare_lines: RefCell<Vec<Line>>,
    /// Phrase hits, made on first use.
    phrases: OnceCell<Vec<PhraseHit>>,
    /// Offsets of rare code points, made on first use.
    places: OnceCell<Vec<usize>>,
    /// The language that the text looks like, made on first use.
    looks: OnceCell<Detected>,
    /// Counters, made on first use.
    shape: OnceCell<Shape>,
    /// Lines that are mojibake, found on first use.
    garbled: OnceCell<Vec<GarbledLine>>,
    /// Lines that hold garbled words, found on first use.
    restored: OnceCell<Vec<(Span, Restored)>>,
    /// Long numbers, made on first use.
    numbers: OnceCell<Vec<Number>>,
}

impl<'a> Text<'a> {
    /// A string value; what rules share about it is made when the first one asks.
    #[must_use]
    pub const fn new(
        (node, value): (Value<'a>, &'a str),
        role: Option<Role>,
        scan: &'a Scan,
        record: &'a Record<'a>,
        anchors: &'a Anchors,
    ) -> Self {
        Self {
            value,
            node,
            role,
            scan,
            record,
            anchors,
            lines: OnceCell::new(),
            spare_lines: RefCell::new(Vec::new()),
            phrases: OnceCell::new(),
            places: OnceCell::new(),
            looks: OnceCell::new(),
            shape: OnceCell::new(),
            garbled: OnceCell::new(),
            restored: OnceCell::new(),
            numbers: OnceCell::new(),
        }
    }

    /// With the places that the scan left, and memory to use again.
    pub(crate) fn with(mut self, buffers: Buffers) -> Self {
        self.places = OnceCell::from(buffers.places);
        self.spare_lines = RefCell::new(buffers.lines);
        self
    }

    /// Gives the memory back.
    pub(crate) fn into_buffers(self) -> Buffers {
        Buffers {
            places: self.places.into_inner().unwrap_or_default(),
            lines: self.lines.into_inner().unwrap_or(self.spare_lines.into_inner()),
        }
    }

    /// Primary language subtag of the record, lower case, or empty.
    #[must_use]
    pub const fn language(&self) -> &'a str {
        self.record.language
    }

    /// The lines of the text, empty ones included.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        self.lines.get_or_init(|| {
            let mut lines = self.spare_lines.take();
            crate::text::lines::table_into(self.value, &mut lines);
            lines
        })
    }

    /// Runs of one code point for which `wanted` holds: for code points that are invisible, controls,
    /// odd spaces, private, or no characters. Others need [`crate::text::runs::runs`].
    pub(crate) fn runs<'t>(&'t self, wanted: impl Fn(char) -> bool + 't) -> impl Iterator<Item = Run> + 't {
        runs_at(self.value, self.places(), wanted)
    }

    /// Byte offsets of the code points worth decoding, in order, as [`crate::text::scan::scan_places`] has
    /// them.
    pub(crate) fn places(&self) -> &[usize] {
        self.places.get_or_init(|| {
            let mut places = Vec::new();
            let _ = crate::text::scan::scan_places(self.value, &mut places);
            places
        })
    }

    /// Lines that match a phrase table: in line order, then by code. Of the lines longer than most, only
    /// those that may concern a running rule.
    #[must_use]
    pub fn phrases(&self) -> &[PhraseHit] {
        self.phrases.get_or_init(|| {
            let flags = self.scan.flags;
            let anchors = self.anchors.for_shape(self.shape());
            phrases::matcher().hits(self.value, self.lines(), self.language(), anchors, flags)
        })
    }

    /// The lines that are mojibake as a whole.
    #[must_use]
    pub(crate) fn garbled(&self) -> &[GarbledLine] {
        self.garbled.get_or_init(|| encoding::garbled_lines(self))
    }

    /// The lines that hold garbled words and are not mojibake as a whole.
    #[must_use]
    pub(crate) fn restored(&self) -> &[(Span, Restored)] {
        self.restored.get_or_init(|| encoding::restored_lines(self))
    }

    /// The language that the text looks like at a glance, whatever the record says.
    #[must_use]
    pub fn looks(&self) -> &Detected {
        self.looks
            .get_or_init(|| crate::text::language::detect(self.value))
    }

    /// Counts of the text that show that it is prose.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        self.shape.get_or_init(|| Shape::new(self.value))
    }

    /// Numbers of at least [`LONG_NUMBER`] digits, in groups or in one piece.
    #[must_use]
    pub fn numbers(&self) -> &[Number] {
        self.numbers.get_or_init(|| {
            let other = self.scan.flags.any(Flags::OTHER_DIGIT);
            if !other && self.shape().digits < LONG_NUMBER {
                return Vec::new();
            }
            let mut numbers = Vec::new();
            each(self.value, LONG_NUMBER, other, |number| {
                numbers.push(number.clone());
            });
            numbers
        })
    }

    /// Whether this is the article itself.
    #[must_use]
    pub fn is_body(&self) -> bool {
        self.role == Some(Role::Text)
    }

    /// Whether the value is an id or a web address: a key that other systems hold too. How prose is
    /// written says nothing about it, and a fix would make it another key.
    #[must_use]
    pub fn is_address(&self) -> bool {
        matches!(self.role, Some(Role::Id | Role::Url))
            || ((self.value.starts_with("https://") || self.value.starts_with("http://"))
                && !self.value.contains([' ', '\n']))
    }
}

/// How a phrase matched a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhraseKind {
    /// The whole folded line equals the phrase.
    Line,
    /// The folded line starts with it.
    Prefix,
    /// The folded line contains it.
    Contains,
    /// A regular expression matched.
    Regex,
}

/// A line of the text field that matches a phrase table.
#[derive(Debug, Clone)]
pub struct PhraseHit {
    /// Code of the rule whose table it is (`B003`).
    pub code: &'static str,
    /// Index into [`Text::lines`].
    pub line: usize,
    /// How it matched.
    pub kind: PhraseKind,
    /// Language key of the table entry (`ar`, `any`).
    pub table: &'static str,
    /// The matched bytes in the raw text where they are known (a raw expression in prose), else the
    /// line without its surrounding white space.
    pub span: Span,
    /// Words in the line.
    pub words: usize,
    /// Share of the folded line's characters that the phrase covers, 0 to 1.
    pub cover: f32,
}

/// A finding before it is placed in its file.
#[derive(Debug, Clone)]
pub struct RawFinding {
    /// Index of the rule in the running set.
    pub rule: u16,
    /// Node of the field, or `None` for the whole record or file.
    pub node: Option<u32>,
    /// Bytes of the decoded value.
    pub span: Option<Span>,
    /// Severity, when the rule sets another than its default for this case.
    pub severity: Option<Severity>,
    /// Message.
    pub message: String,
    /// Fix.
    pub fix: Option<Fix>,
    /// Byte offset in the block, for faults and JSON flaws that belong to no value.
    pub at: Option<usize>,
    /// Codes of rules that say it better: where one of them reports the same place, this is left out.
    pub unless: &'static [&'static str],
}

/// Takes findings from a check.
#[derive(Debug)]
pub struct Out<'f> {
    pub(crate) findings: &'f mut Vec<RawFinding>,
    pub(crate) rule: u16,
    pub(crate) node: Option<u32>,
}

impl Out<'_> {
    /// Reports a span of the current field.
    pub fn span(&mut self, span: impl Into<Span>, message: impl Into<String>) -> Builder<'_> {
        let node = self.node;
        self.push(node, Some(span.into()), message.into())
    }

    /// Reports the whole of a field.
    pub fn field(&mut self, node: Value<'_>, message: impl Into<String>) -> Builder<'_> {
        self.push(Some(node.index()), None, message.into())
    }

    /// Reports a span of a field other than the current one.
    pub fn span_of(
        &mut self,
        node: Value<'_>,
        span: impl Into<Span>,
        message: impl Into<String>,
    ) -> Builder<'_> {
        self.push(Some(node.index()), Some(span.into()), message.into())
    }

    /// Reports the whole record or file.
    pub fn record(&mut self, message: impl Into<String>) -> Builder<'_> {
        self.push(None, None, message.into())
    }

    fn push(&mut self, node: Option<u32>, span: Option<Span>, message: String) -> Builder<'_> {
        self.findings.push(RawFinding {
            rule: self.rule,
            node,
            span,
            severity: None,
            message,
            fix: None,
            at: None,
            unless: &[],
        });
        let last = self.findings.len() - 1;
        Builder {
            finding: &mut self.findings[last],
        }
    }
}

/// Adds to a finding that was just reported.
#[derive(Debug)]
pub struct Builder<'f> {
    finding: &'f mut RawFinding,
}

impl Builder<'_> {
    /// Replaces the reported span by `text`.
    pub fn replace(
        self,
        safety: Safety,
        title: impl Into<Cow<'static, str>>,
        text: impl Into<String>,
    ) -> Self {
        let edits = self
            .finding
            .span
            .map(|span| Edit {
                span,
                text: text.into(),
            })
            .into_iter()
            .collect();
        self.edits(safety, title, edits)
    }

    /// Edits the field.
    pub fn edits(self, safety: Safety, title: impl Into<Cow<'static, str>>, edits: Vec<Edit>) -> Self {
        self.finding.fix = Some(Fix {
            safety,
            title: title.into(),
            change: Change::Edits(edits),
        });
        self
    }

    /// Replaces the whole value by a JSON literal.
    pub fn set(
        self,
        safety: Safety,
        title: impl Into<Cow<'static, str>>,
        literal: impl Into<String>,
    ) -> Self {
        self.finding.fix = Some(Fix {
            safety,
            title: title.into(),
            change: Change::Replace(literal.into()),
        });
        self
    }

    /// Overrides the rule's severity for this case.
    pub fn severity(self, severity: Severity) -> Self {
        self.finding.severity = Some(severity);
        self
    }

    /// Gives way to findings of these rules about the same place.
    pub fn unless(self, codes: &'static [&'static str]) -> Self {
        self.finding.unless = codes;
        self
    }

    /// Places the finding at a byte offset of the block.
    pub fn at(self, offset: usize) -> Self {
        self.finding.at = Some(offset);
        self
    }
}
