//! Bytes to records: discovery, codecs, one file per input format.
//!
//! Whatever the format, what leaves this room is a [`Chunk`]: UTF-8 text holding whole records as
//! JSON values, with the way back to the bytes of the file. JSON Lines pass through untouched;
//! the other formats are rendered to JSON, so that there is one parser, one schema check and one
//! set of rules.

pub mod adapt;
mod arrow_ipc;
pub mod codec;
mod csv;
mod cutter;
pub mod discover;
mod error;
mod from_path;
mod html;
pub mod json;
mod json_doc;
mod jsonl;
mod open;
mod parquet;
pub mod plan;
mod render;
mod rows;
mod sniff;
pub mod stdin;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests;
mod text;
mod units;
mod yaml;

pub use discover::Input;
pub use error::SourceError;
pub use plan::{Detected, Options, Plan};
pub use units::{Unit, Units};

use crate::record::Span;
use std::sync::Arc;

/// UTF-8 text of a chunk, kept as bytes.
///
/// Not a `String`: the standard library validates multi-byte text at less than 1 GB/s and there is
/// no way around it without `unsafe`; simdutf8 does it at more than 7, so that looking twice is cheaper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Utf8(Vec<u8>);

impl Utf8 {
    /// Takes bytes that are UTF-8; anything else becomes the empty text.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        if simdutf8::basic::from_utf8(&bytes).is_ok() {
            Self(bytes)
        } else {
            Self::default()
        }
    }

    /// Bytes that the caller has just seen to be UTF-8. (Would they not be, the text reads as empty.)
    pub(crate) const fn seen(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The text. Costs a validation (more than 7 GB/s): call it once a chunk, not once a record.
    #[must_use]
    pub fn as_str(&self) -> &str {
        simdutf8::basic::from_utf8(&self.0).unwrap_or_default()
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to be used again.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// What is wrong with the bytes of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum FaultKind {
    /// A byte that is not UTF-8 (rule E001). `guess`: the charset the bytes look like, if any.
    InvalidUtf8 {
        /// The first offending byte.
        byte: u8,
        /// How many such places the record has.
        count: u64,
        /// Charset the bytes look like.
        guess: Option<&'static str>,
    },
    /// Bytes that only a careless encoder writes as UTF-8 (E004, reported as E001 where E004 is off).
    Careless {
        /// What they are: `CESU-8 surrogate pair`, `overlong sequence`…
        what: &'static str,
        /// How many places of the record are not UTF-8.
        count: u64,
    },
    /// A byte order mark at the start of the file (E002).
    ByteOrderMark,
    /// UTF-16 or binary data where text was expected (E003, reported as E005 where E003 is off).
    Binary {
        /// What it looks like: `UTF-16LE text`, `a gzip archive`, `binary data`.
        looks_like: &'static str,
    },
    /// A truncated or corrupt archive or container (E005).
    Unreadable {
        /// What the decoder said.
        reason: String,
    },
    /// A record of which its format makes no sense, while the rest of the file is sound (E005): a
    /// row with too few cells, front matter that is no YAML.
    Malformed {
        /// What is wrong with it.
        reason: String,
    },
    /// Not a JSON value (S001).
    InvalidJson {
        /// What the parser expected and found.
        reason: String,
    },
    /// Longer than `max-record-bytes`, deeper than 128, more than a million members (S014).
    Limit {
        /// Which limit, `max-record-bytes = 16 MiB`.
        limit: String,
        /// What exceeded it.
        what: &'static str,
        /// The value seen, or a lower bound of it.
        value: u64,
    },
    /// Blank line, stray comma, array wrapper or CRLF in JSON Lines (S013).
    LineStructure {
        /// `blank line`, `CRLF line ending`…
        what: &'static str,
        /// How many lines of this chunk have it.
        count: u64,
    },
}

impl FaultKind {
    /// Code of the rule that reports it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidUtf8 { .. } => "E001",
            Self::Careless { .. } => "E004",
            Self::ByteOrderMark => "E002",
            Self::Binary { .. } => "E003",
            Self::Unreadable { .. } | Self::Malformed { .. } => "E005",
            Self::InvalidJson { .. } => "S001",
            Self::Limit { .. } => "S014",
            Self::LineStructure { .. } => "S013",
        }
    }

    /// Whether a record is lost by it (it counts as unparseable).
    #[must_use]
    pub const fn loses_record(&self) -> bool {
        !matches!(self, Self::ByteOrderMark | Self::LineStructure { .. })
    }
}

/// A fault and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Line, counted from 0 at the start of the chunk.
    pub line: u64,
    /// Byte offset in the decompressed file.
    pub offset: u64,
    /// 1-based code point in the line, where that is known.
    pub column: Option<u64>,
}

/// A flaw of JSON text that a lenient reader would pass over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonIssueKind {
    /// A member name that the object has already (S002).
    DuplicateKey,
    /// Half of a surrogate pair as a `\u` escape (S003); it reads as U+FFFD.
    LoneSurrogate,
    /// A number beyond ±(2^53-1) written as an integer, or beyond a double (S004).
    Number,
}

/// A [`JsonIssueKind`] and its place: bytes of the chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonIssue {
    /// What is wrong.
    pub kind: JsonIssueKind,
    /// The offending literal (key, escape, number) in the parsed text.
    pub span: Span,
    /// Index of the node that holds it: the repeated key's value, the string, the number.
    pub node: u32,
}

/// Where a decoded field value came from, for fields that were not in the file as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Bytes of the value's literal in the rendered record (chunk bytes).
    pub rendered: Span,
    /// Name of the field in the file (before `rename`); `None` where the configuration supplied it.
    pub name: Option<Arc<str>>,
    /// How to get back to the file.
    pub back: Back,
}

/// The way back from a rendered value to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Back {
    /// The same JSON literal stands at this offset of the decompressed file.
    Literal(u64),
    /// The decoded value stands byte for byte at this offset (CSV).
    Plain(u64),
    /// The same, where its line is known too (text files).
    Lines {
        /// Where it starts in the decompressed file.
        offset: u64,
        /// Line of that place, counted from 0 at the record's first.
        line: u64,
        /// Code points before it in that line.
        column: u64,
    },
    /// There is no such place (parquet, defaults, HTML stripped to text).
    Nowhere,
}

/// One record of a chunk.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Bytes of the JSON value in [`Chunk::text`].
    pub span: Span,
    /// Line, counted from 0 at the start of the chunk (rows: row from 0).
    pub line: u64,
    /// `None`: the bytes are those of the file. Else the way back, in the order of the members.
    pub map: Option<Vec<Segment>>,
}

/// A run of whole records of one input.
#[derive(Debug)]
pub struct Chunk {
    /// Index of the input in the plan.
    pub input: usize,
    /// Number of the chunk in its input, from 0.
    pub number: u64,
    /// The records, as JSON text. Chunks of JSON Lines are the file's own bytes; a record that is
    /// not UTF-8 is left out of `entries` and blanked here. Adapted records are appended to the
    /// file's own bytes.
    pub text: Utf8,
    /// Byte offset of `text` in the decompressed file (meaningless for entries with a map). Where
    /// `charset` is set, offsets count bytes of the decoded UTF-8 text.
    pub offset: u64,
    /// The records, in file order.
    pub entries: Vec<Entry>,
    /// Faults found while cutting records, in file order. None is about a record in `entries`.
    pub faults: Vec<Fault>,
    /// Charset that the file was decoded from, when it is not UTF-8. Such a file has no way back to
    /// its bytes: it cannot be fixed in place.
    pub charset: Option<&'static str>,
    /// Compression of the file, by its name or its first bytes.
    pub codec: Option<codec::Codec>,
    /// What the user should know about the file (`decoded as windows-1256`); in the first chunk.
    pub notices: Vec<String>,
    /// Lines (rows) the chunk covers, so that the next chunk of the input knows where it starts.
    pub lines: u64,
    /// Whether this is the input's last chunk.
    pub last: bool,
}

impl Chunk {
    /// How many records the chunk accounts for: its entries, whether they parse or not, and one for
    /// each fault that kept a record from becoming an entry. The one definition of `records` and
    /// `collected` everywhere.
    #[must_use]
    pub fn records(&self) -> u64 {
        let lost = self.faults.iter().filter(|fault| fault.kind.loses_record());
        (self.entries.len() + lost.count()) as u64
    }
}
