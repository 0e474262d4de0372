//! What the first bytes of a file say about its format and encoding.

use super::plan::Detected;
use crate::config::Format;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How many decoded bytes decide about a file.
pub(super) const HEAD_BYTES: usize = 64 * 1024;

/// How the text of a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum TextKind {
    /// UTF-8, perhaps with bad bytes; `bom` bytes are skipped.
    Utf8 {
        /// 3 behind a byte order mark, else 0.
        bom: usize,
    },
    /// Another charset; `bom` bytes are skipped.
    Charset {
        /// The charset.
        encoding: &'static Encoding,
        /// Length of the byte order mark.
        bom: usize,
        /// Whether it was guessed rather than configured.
        guessed: bool,
    },
    /// No text.
    Binary(&'static str),
}

/// Decides how a text file is encoded. `complete`: `head` is the whole file.
pub(super) fn text_kind(
    head: &[u8],
    complete: bool,
    declared: Option<&'static Encoding>,
    detect: fn(&[u8]) -> Detected,
) -> TextKind {
    if let Some(encoding) = declared.filter(|&encoding| encoding != UTF_8) {
        let bom = match Encoding::for_bom(head) {
            Some((of_bom, length)) if of_bom == encoding => length,
            _ => 0,
        };
        return TextKind::Charset {
            encoding,
            bom,
            guessed: false,
        };
    }
    if let Some((encoding, bom)) = Encoding::for_bom(head) {
        return if encoding == UTF_8 {
            TextKind::Utf8 { bom }
        } else {
            TextKind::Charset {
                encoding,
                bom,
                guessed: true,
            }
        };
    }
    if let Some(what) = binary(head) {
        return TextKind::Binary(what);
    }
    if declared.is_none() && looks_legacy(head, complete) {
        let detected = detect(head);
        if detected.certain
            && let Some(encoding) = detected
                .charset
                .and_then(|label| Encoding::for_label(label.as_bytes()))
            && encoding != UTF_8
            && encoding != UTF_16LE
            && encoding != UTF_16BE
        {
            return TextKind::Charset {
                encoding,
                bom: 0,
                guessed: true,
            };
        }
    }
    TextKind::Utf8 { bom: 0 }
}

/// Whether the head is not UTF-8 and holds more bad places than sound multi-byte characters: a few
/// bad bytes in a UTF-8 file are faults, not another charset.
fn looks_legacy(head: &[u8], complete: bool) -> bool {
    if simdutf8::basic::from_utf8(head).is_ok() {
        return false;
    }
    let (mut bad, mut sound) = (0_usize, 0_usize);
    for piece in head.utf8_chunks() {
        sound += piece.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!piece.invalid().is_empty());
    }
    let cut_character =
        !complete && bad == 1 && std::str::from_utf8(head).is_err_and(|e| e.error_len().is_none());
    bad > sound && !cut_character
}

/// What a file that is not text looks like.
fn binary(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 8] = [
        (b"PAR1", "a Parquet file"),
        (b"ARROW1", "an Arrow file"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"%PDF-", "a PDF document"),
        (b"\x89PNG", "a PNG image"),
        (b"\xFF\xD8\xFF", "a JPEG image"),
        (b"\x7FELF", "a program"),
        (b"SQLite format 3\0", "an SQLite database"),
    ];
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(what);
    }
    let nul = |parity: usize| {
        head.iter()
            .skip(parity)
            .step_by(2)
            .filter(|&&byte| byte == 0)
            .count()
    };
    let (even, odd) = (nul(0), nul(1));
    // RULES: more than 5 % NUL. UTF-16 of a Latin text has them on one side only.
    if (even + odd) * 20 <= head.len() {
        return None;
    }
    Some(if even * 10 < odd {
        "UTF-16LE text"
    } else if odd * 10 < even {
        "UTF-16BE text"
    } else {
        "binary data"
    })
}

/// The format that a file name without codec suffix announces.
pub(super) fn format_of_name(name: &str) -> Option<Format> {
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match extension.as_str() {
        "jsonl" | "ndjson" => Format::Jsonl,
        "json" => Format::Json,
        "txt" | "text" => Format::Text,
        "md" | "markdown" => Format::Markdown,
        "parquet" => Format::Parquet,
        "arrow" | "feather" | "ipc" => Format::Arrow,
        "csv" => Format::Csv,
        "tsv" => Format::Tsv,
        _ => return None,
    })
}

/// The format that the first bytes announce, for names that say nothing. Anything else is text.
pub(super) fn format_of_content(head: &[u8]) -> Format {
    if head.starts_with(b"PAR1") {
        return Format::Parquet;
    }
    // An Arrow stream starts with the continuation marker and the length of the schema message.
    if head.starts_with(b"ARROW1") || (head.starts_with(b"\xFF\xFF\xFF\xFF") && head.get(7) == Some(&0)) {
        return Format::Arrow;
    }
    match skip_blank(head).first() {
        Some(b'{') if !is_document(head) => Format::Jsonl,
        Some(b'{' | b'[') => Format::Json,
        Some(_) => Format::Text,
        None => Format::Jsonl,
    }
}

/// Whether text that starts like JSON is one document rather than JSON Lines: its first line is
/// not a whole value, or nothing follows it. A broken first line of JSON Lines does not make a
/// document of the lines below.
pub(super) fn is_document(head: &[u8]) -> bool {
    let text = skip_blank(head);
    let Some(end) = memchr::memchr(b'\n', text) else {
        return text.first() != Some(&b'{') || head.len() >= HEAD_BYTES;
    };
    let first = trim_end(&text[..end]);
    let whole = is_whole(first);
    let object = text.first() == Some(&b'{');
    if whole {
        !object && skip_blank(&text[end..]).is_empty()
    } else {
        !object || !goes_on_in_lines(&text[end..], head.len() < HEAD_BYTES)
    }
}

/// Whether a line is one JSON value, as far as brackets and quotes tell.
fn is_whole(line: &[u8]) -> bool {
    super::cutter::Cutter::default().feed(line) == Some(line.len())
}

/// Whether the next lines, two or as many as there are, are an object each. In a document that
/// opens with a brace such a line is a member's value, and what follows it is not.
fn goes_on_in_lines(text: &[u8], complete: bool) -> bool {
    let mut lines = text.split(|&byte| byte == b'\n').map(skip_blank).map(trim_end);
    if !complete {
        // The last line may be cut.
        lines.next_back();
    }
    let mut seen = false;
    for line in lines.filter(|line| !line.is_empty()).take(2) {
        if line.first() != Some(&b'{') || !is_whole(line) {
            return false;
        }
        seen = true;
    }
    seen
}

/// Whether a JSON Lines file is an array of records in disguise.
pub(super) fn is_array_wrapper(head: &[u8]) -> bool {
    let text = skip_blank(head);
    text.first() == Some(&b'[') && matches!(skip_blank(&text[1..]).first(), Some(b'{')) && is_document(head)
}

/// White space of JSON.
pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The bytes behind leading white space.
pub(super) fn skip_blank(bytes: &[u8]) -> &[u8] {
    let start = bytes
        .iter()
        .position(|&byte| !is_blank(byte))
        .unwrap_or(bytes.len());
    &bytes[start..]
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .iter()
        .rposition(|&byte| !is_blank(byte))
        .map_or(0, |at| at + 1);
    &bytes[..end]
}
