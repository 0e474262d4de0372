//! A file (or standard input) as a stream of decompressed, decoded bytes.

use super::codec::Codec;
use super::discover::Input;
use super::plan::Options;
use super::sniff::{self, HEAD_BYTES, TextKind};
use super::stdin::Stdin;
use super::{Fault, FaultKind, SourceError};
use crate::config::Format;
use encoding_rs::{CoderResult, Decoder, Encoding};
use std::fs::Metadata;
use std::io::{self, Cursor, Read};

/// A decoded stream that turns what a decoder complains about into a reason, and what the
/// operating system complains about into an error.
pub(super) struct Decoded {
    reader: Box<dyn Read + Send>,
    /// Bytes of the stream delivered so far.
    pub(super) offset: u64,
    /// Why the stream ended before its end.
    pub(super) reason: Option<String>,
    ended: bool,
}

impl Decoded {
    fn new(reader: Box<dyn Read + Send>) -> Self {
        Self {
            reader,
            offset: 0,
            reason: None,
            ended: false,
        }
    }

    /// Whether nothing more comes.
    pub(super) const fn ended(&self) -> bool {
        self.ended
    }

    /// Appends up to `want` bytes; fewer only at the end.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>, want: usize) -> Result<(), SourceError> {
        if self.ended || want == 0 {
            return Ok(());
        }
        let before = buffer.len();
        buffer.reserve(want);
        let result = (&mut self.reader).take(want as u64).read_to_end(buffer);
        let read = buffer.len() - before;
        self.offset += read as u64;
        match result {
            Ok(_) => self.ended = read < want,
            Err(error) => {
                self.ended = true;
                if error
                    .get_ref()
                    .is_some_and(<dyn std::error::Error + Send + Sync>::is::<FileError>)
                {
                    return Err(SourceError::Io(error));
                }
                self.reason = Some(reason(&error));
            }
        }
        Ok(())
    }

    /// The fault that ended the stream early, if one did. `line`: of the chunk that it is put into.
    pub(super) fn take_fault(&mut self, line: u64) -> Option<Fault> {
        let reason = self.reason.take()?;
        Some(Fault {
            kind: FaultKind::Unreadable { reason },
            line,
            offset: self.offset,
            column: None,
        })
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.offset += read as u64;
        Ok(read)
    }
}

/// What a decoder said, as a short reason.
fn reason(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        "the compressed data ends too early".to_owned()
    } else if error.kind() == io::ErrorKind::FileTooLarge {
        format!("the archive {error}")
    } else {
        format!("the compressed data is corrupt ({error})")
    }
}

/// An error of the operating system, told apart from a decoder's.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct FileError(io::Error);

/// Marks errors of the file below the decoders.
struct Marked<R>(R);

impl<R: Read> Read for Marked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            kind => io::Error::new(kind, FileError(error)),
        })
    }
}

/// Decodes a charset into UTF-8 as a stream.
struct Transcode<R> {
    reader: R,
    decoder: Decoder,
    raw: Buffered,
    text: Buffered,
    ended: bool,
    flushed: bool,
}

/// A buffer of which `start..end` is still to be used.
struct Buffered {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Buffered {
    fn new(size: usize) -> Self {
        Self {
            bytes: vec![0; size],
            start: 0,
            end: 0,
        }
    }

    const fn is_empty(&self) -> bool {
        self.start == self.end
    }
}

impl<R: Read> Transcode<R> {
    fn new(reader: R, encoding: &'static Encoding) -> Self {
        Self {
            reader,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: Buffered::new(16 * 1024),
            text: Buffered::new(48 * 1024),
            ended: false,
            flushed: false,
        }
    }

    /// Decodes until there is text or the end.
    fn refill(&mut self) -> io::Result<()> {
        while self.text.is_empty() && !self.flushed {
            if self.raw.is_empty() && !self.ended {
                self.raw.start = 0;
                self.raw.end = self.reader.read(&mut self.raw.bytes)?;
                self.ended = self.raw.is_empty();
            }
            let raw = &self.raw.bytes[self.raw.start..self.raw.end];
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(raw, &mut self.text.bytes, self.ended);
            self.raw.start += read;
            (self.text.start, self.text.end) = (0, written);
            self.flushed = self.ended && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for Transcode<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.refill()?;
        let length = buffer.len().min(self.text.end - self.text.start);
        let text = &self.text.bytes[self.text.start..self.text.start + length];
        buffer[..length].copy_from_slice(text);
        self.text.start += length;
        Ok(length)
    }
}

/// A file that is ready to be cut into records.
pub(super) struct Opened {
    /// Its bytes, without a byte order mark.
    pub(super) stream: Decoded,
    /// Its format, never [`Format::Auto`].
    pub(super) format: Format,
    /// The codec it is stored with.
    pub(super) codec: Option<Codec>,
    /// The charset it was decoded from.
    pub(super) charset: Option<&'static str>,
    /// For the user.
    pub(super) notices: Vec<String>,
    /// Faults of the file's start.
    pub(super) faults: Vec<Fault>,
    /// Whether the records are elements of an array although the file is called JSON Lines.
    pub(super) wrapped: bool,
    /// Whether no record can come of it.
    pub(super) hopeless: bool,
}

/// Refuses a file that is not the one that was planned.
pub(super) fn unchanged(input: &Input, metadata: &Metadata) -> Result<(), SourceError> {
    if metadata.len() == input.size && metadata.modified().ok() == input.modified {
        Ok(())
    } else {
        Err(SourceError::Changed {
            path: input.path.clone(),
        })
    }
}

/// Opens an input for reading from its start.
pub(super) fn open(input: &Input, options: &Options) -> Result<Opened, SourceError> {
    let mut raw: Box<dyn Read + Send> = if input.is_stdin() {
        Box::new(Marked(Stdin::new(options.stop)))
    } else {
        let file = fs_err::File::open(&input.path)?;
        unchanged(input, &file.metadata()?)?;
        Box::new(Marked(file))
    };
    let mut magic = Vec::with_capacity(8);
    (&mut raw).take(8).read_to_end(&mut magic)?;
    let codec = input.codec.or_else(|| Codec::of_magic(&magic));
    let raw = Cursor::new(magic).chain(raw);
    let stream: Box<dyn Read + Send> = match codec {
        Some(codec) => codec.decoder(raw)?,
        None => Box::new(raw),
    };
    identify(Decoded::new(stream), codec, input, options)
}

/// Looks at the first bytes of a stream and puts them back.
fn identify(
    mut stream: Decoded,
    codec: Option<Codec>,
    input: &Input,
    options: &Options,
) -> Result<Opened, SourceError> {
    let mut head = Vec::new();
    stream.fill(&mut head, HEAD_BYTES)?;
    let complete = stream.ended && stream.reason.is_none();
    let mut opened = Opened {
        stream,
        format: input.format,
        codec,
        charset: None,
        notices: Vec::new(),
        faults: Vec::new(),
        wrapped: false,
        hopeless: false,
    };
    if opened.format == Format::Auto
        && matches!(sniff::format_of_content(&head), Format::Parquet | Format::Arrow)
    {
        opened.format = sniff::format_of_content(&head);
    }
    let mut bom = 0;
    let mut transcode = None;
    if !matches!(opened.format, Format::Parquet | Format::Arrow) {
        match sniff::text_kind(&head, complete, input.encoding()?, options.detect) {
            TextKind::Utf8 { bom: length } => {
                bom = length;
                if bom > 0 {
                    opened.faults.push(at_start(FaultKind::ByteOrderMark));
                }
            }
            TextKind::Charset {
                encoding,
                bom: length,
                guessed,
            } => {
                bom = length;
                transcode = Some(encoding);
                opened.charset = Some(encoding.name());
                let how = if guessed {
                    "decoded as"
                } else {
                    "decoded, as configured, as"
                };
                opened.notices.push(format!("{how} {}", encoding.name()));
            }
            TextKind::Binary(looks_like) => {
                opened.faults.push(at_start(FaultKind::Binary { looks_like }));
                opened.hopeless = true;
                return Ok(opened);
            }
        }
    }
    rejoin(&mut opened, head, bom, transcode);
    if transcode.is_some()
        || opened.format == Format::Auto
        || matches!(opened.format, Format::Json | Format::Jsonl)
    {
        settle(&mut opened)?;
    }
    Ok(opened)
}

/// Puts the head back in front of the stream, without its byte order mark.
fn rejoin(opened: &mut Opened, head: Vec<u8>, bom: usize, transcode: Option<&'static Encoding>) {
    let ended = opened.stream.ended;
    let rest = std::mem::replace(&mut opened.stream.reader, Box::new(io::empty()));
    let mut front = Cursor::new(head);
    front.set_position(bom as u64);
    // A stream that failed stays failed: its reason is kept for when the head has been delivered.
    let joined: Box<dyn Read + Send> = if ended {
        Box::new(front)
    } else {
        Box::new(front.chain(rest))
    };
    opened.stream.reader = match transcode {
        Some(encoding) => Box::new(Transcode::new(joined, encoding)),
        None => joined,
    };
    opened.stream.offset = if transcode.is_some() { 0 } else { bom as u64 };
    opened.stream.ended = false;
}

/// Decides between JSON Lines, a JSON document and text by the decoded head.
fn settle(opened: &mut Opened) -> Result<(), SourceError> {
    let offset = opened.stream.offset;
    let reason = opened.stream.reason.take();
    let mut head = Vec::new();
    opened.stream.fill(&mut head, HEAD_BYTES)?;
    match opened.format {
        Format::Auto => opened.format = sniff::format_of_content(&head),
        Format::Json if !sniff::is_document(&head) => opened.format = Format::Jsonl,
        Format::Jsonl => opened.wrapped = sniff::is_array_wrapper(&head),
        _ => {}
    }
    let stream = &mut opened.stream;
    let rest = std::mem::replace(&mut stream.reader, Box::new(io::empty()));
    stream.reader = if stream.ended {
        Box::new(Cursor::new(head))
    } else {
        Box::new(Cursor::new(head).chain(rest))
    };
    stream.ended = false;
    stream.offset = offset;
    stream.reason = stream.reason.take().or(reason);
    Ok(())
}

fn at_start(kind: FaultKind) -> Fault {
    Fault {
        kind,
        line: 0,
        offset: 0,
        column: None,
    }
}
