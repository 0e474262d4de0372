//! Faults of collected text, and the JSON that carries them.

use crate::document::Faults;
use crate::rng::Rng;
use unicode_normalization::UnicodeNormalization as _;

/// A record about to be written.
pub(crate) struct Record<'a> {
    /// Unique in the corpus.
    pub(crate) id: String,
    /// Address under `.example`.
    pub(crate) url: String,
    /// Headline.
    pub(crate) title: &'a str,
    /// The article.
    pub(crate) body: &'a str,
    /// BCP 47 tag.
    pub(crate) language: &'a str,
    /// Publisher.
    pub(crate) source: String,
    /// RFC 3339.
    pub(crate) published_at: String,
    /// RFC 3339.
    pub(crate) collected_at: String,
    /// One name.
    pub(crate) author: String,
}

/// Writes the record; with `fault`, one field of it is not what the schema wants.
pub(crate) fn write_record(out: &mut Vec<u8>, record: &Record<'_>, fault: Option<&mut Rng>, faults: Faults) {
    // Types stay the same in a loadable corpus, or readers that infer a schema give up.
    let number = fault.map_or(99, |rng| rng.below(if faults == Faults::All { 10 } else { 5 }));
    let published = match number {
        1 => "18/10/2019",
        2 => "2024-13-45T00:00:00Z",
        _ => &record.published_at,
    };
    out.push(b'{');
    field(out, "id", &record.id);
    field(out, "url", if number == 3 { "news page" } else { &record.url });
    if number != 0 {
        field(out, "title", record.title);
    }
    match number {
        4 => field(out, "body", ""),
        5 => out.extend_from_slice(b"\"body\": null, "),
        _ => field(out, "body", record.body),
    }
    match number {
        6 => out.extend_from_slice(b"\"language\": 7, "),
        _ => field(out, "language", record.language),
    }
    field(out, "source", &record.source);
    match number {
        7 => out.extend_from_slice(b"\"published_at\": 1571356800, "),
        _ => field(out, "published_at", published),
    }
    field(out, "collected_at", &record.collected_at);
    if number == 8 {
        field(out, "source", "copy.example");
    }
    out.extend_from_slice(b"\"authors\": ");
    if number != 9 {
        out.push(b'[');
    }
    string(out, &record.author);
    if number != 9 {
        out.push(b']');
    }
    out.extend_from_slice(b", \"license\": \"LicenseRef-generated\", \"robots\": \"allow\"}");
}

fn field(out: &mut Vec<u8>, name: &str, value: &str) {
    string(out, name);
    out.extend_from_slice(b": ");
    string(out, value);
    out.extend_from_slice(b", ");
}

/// A JSON string, raw UTF-8 where JSON allows it.
fn string(out: &mut Vec<u8>, value: &str) {
    out.push(b'"');
    let mut rest = value.as_bytes();
    while let Some(at) = rest.iter().position(|&b| b < 0x20 || b == b'"' || b == b'\\') {
        out.extend_from_slice(&rest[..at]);
        match rest[at] {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            other => out.extend_from_slice(format!("\\u{other:04x}").as_bytes()),
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Makes the line that begins at `start` unreadable: cut short, or with a byte that is not UTF-8.
pub(crate) fn break_line(out: &mut Vec<u8>, start: usize, rng: &mut Rng) {
    let length = out.len() - start;
    let at = start + (length / 4) + rng.below(length as u64 / 2) as usize;
    if rng.chance(500) {
        out.truncate(at);
    } else {
        out[at] = 0xFF;
    }
}

/// The same text to a reader, other bytes: white space, marks, or decomposed letters.
pub(crate) fn disguised(body: &str, language: &str, rng: &mut Rng) -> String {
    let arabic = matches!(language, "ar" | "fa" | "ur");
    match rng.below(3) {
        0 if arabic => sprinkled(body, rng, 30, &['\u{64E}', '\u{64F}', '\u{650}', '\u{652}']),
        1 if arabic => sprinkled(body, rng, 20, &['\u{640}']),
        1 => {
            let decomposed: String = body.nfd().collect();
            if decomposed == body {
                respaced(body, rng)
            } else {
                decomposed
            }
        }
        _ => respaced(body, rng),
    }
}

fn respaced(body: &str, rng: &mut Rng) -> String {
    let mut out = String::with_capacity(body.len() + 64);
    for c in body.chars() {
        match c {
            ' ' if rng.chance(100) => out.push_str(if rng.chance(500) { "  " } else { "\u{A0}" }),
            c => out.push(c),
        }
    }
    // Texts without spaces, and short ones.
    out.push_str(if rng.chance(500) { " \n" } else { "\n\n" });
    out
}

/// Puts one of `marks` behind a letter of the Arabic block, in `permille` of the places.
fn sprinkled(body: &str, rng: &mut Rng, permille: u64, marks: &[char]) -> String {
    let mut out = String::with_capacity(body.len() + body.len() / 8);
    let mut done = false;
    let mut chars = body.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        let joined = chars.peek().is_some_and(|&next| is_arabic_letter(next));
        if joined && is_arabic_letter(c) && (!done || rng.chance(permille)) {
            out.push(*rng.pick(marks));
            done = true;
        }
    }
    out
}

const fn is_arabic_letter(c: char) -> bool {
    matches!(c, '\u{628}' | '\u{62A}'..='\u{62E}' | '\u{633}'..='\u{63A}' | '\u{641}'..='\u{647}' | '\u{64A}')
}

/// The body with one fault of encoding or of scraping.
pub(crate) fn damaged(body: &str, language: &str, rng: &mut Rng) -> String {
    match rng.below(12) {
        0 => garbled(body, encoding_rs::WINDOWS_1252, rng),
        1 => garbled(body, encoding_rs::WINDOWS_1256, rng),
        2 if language == "ar" => presentation_forms(body, rng),
        3 => around_word(body, rng, "\u{202E}", "\u{202C}"),
        4 => around_word(body, rng, "\u{2067}", ""),
        5 => around_word(body, rng, "\u{93}", "\u{94}"),
        6 => around_word(body, rng, "\u{FEFF}", "\u{200B}"),
        7 => around_word(body, rng, "&quot;", "&quot;&nbsp;"),
        8 => instead_of_word(body, rng, "??????"),
        9 => instead_of_word(body, rng, "\u{FFFD}\u{FFFD}\u{FFFD}"),
        10 => instead_of_word(body, rng, "\\u0627\\u0644"),
        _ => around_word(body, rng, "\u{AD}", "\u{200E}"),
    }
}

/// One paragraph, its UTF-8 bytes read in another charset.
fn garbled(body: &str, charset: &'static encoding_rs::Encoding, rng: &mut Rng) -> String {
    let lines: Vec<&str> = body.split("\n\n").collect();
    let chosen = rng.below(lines.len() as u64) as usize;
    let garble = |(n, line): (usize, &&str)| {
        if n == chosen {
            charset
                .decode_without_bom_handling(line.as_bytes())
                .0
                .into_owned()
        } else {
            (*line).to_owned()
        }
    };
    lines
        .iter()
        .enumerate()
        .map(garble)
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// Some words in isolated presentation forms, as text taken out of a PDF has them.
fn presentation_forms(body: &str, rng: &mut Rng) -> String {
    // U+FE8D.. in the order of the alphabet; a letter that joins on both sides takes four code points, others two.
    const FORMS: [(char, char); 28] = [
        ('ا', '\u{FE8D}'),
        ('ب', '\u{FE8F}'),
        ('ت', '\u{FE95}'),
        ('ث', '\u{FE99}'),
        ('ج', '\u{FE9D}'),
        ('ح', '\u{FEA1}'),
        ('خ', '\u{FEA5}'),
        ('د', '\u{FEA9}'),
        ('ذ', '\u{FEAB}'),
        ('ر', '\u{FEAD}'),
        ('ز', '\u{FEAF}'),
        ('س', '\u{FEB1}'),
        ('ش', '\u{FEB5}'),
        ('ص', '\u{FEB9}'),
        ('ض', '\u{FEBD}'),
        ('ط', '\u{FEC1}'),
        ('ظ', '\u{FEC5}'),
        ('ع', '\u{FEC9}'),
        ('غ', '\u{FECD}'),
        ('ف', '\u{FED1}'),
        ('ق', '\u{FED5}'),
        ('ك', '\u{FED9}'),
        ('ل', '\u{FEDD}'),
        ('م', '\u{FEE1}'),
        ('ن', '\u{FEE5}'),
        ('ه', '\u{FEE9}'),
        ('و', '\u{FEED}'),
        ('ي', '\u{FEF1}'),
    ];
    let chosen = rng.below(4);
    let shaped = |(n, word): (usize, &str)| -> String {
        if n as u64 % 4 != chosen {
            return word.to_owned();
        }
        let form = |c: char| FORMS.iter().find(|pair| pair.0 == c).map_or(c, |pair| pair.1);
        word.chars().map(form).collect()
    };
    body.split(' ')
        .enumerate()
        .map(shaped)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A random word's bytes; the whole of a text without spaces.
fn word_range(body: &str, rng: &mut Rng) -> std::ops::Range<usize> {
    let bytes = body.as_bytes();
    let from = rng.below(bytes.len().max(1) as u64) as usize;
    let blank = |&b: &u8| b == b' ' || b == b'\n';
    let start = bytes[..from].iter().rposition(blank).map_or(0, |at| at + 1);
    let end = bytes[from..]
        .iter()
        .position(blank)
        .map_or(bytes.len(), |at| from + at);
    start..end.max(start)
}

fn around_word(body: &str, rng: &mut Rng, before: &str, after: &str) -> String {
    let range = word_range(body, rng);
    [
        &body[..range.start],
        before,
        &body[range.clone()],
        after,
        &body[range.end..],
    ]
    .concat()
}

fn instead_of_word(body: &str, rng: &mut Rng, word: &str) -> String {
    let range = word_range(body, rng);
    // A text without spaces would lose everything.
    let end = if range.len() > 64 { range.start } else { range.end };
    [&body[..range.start], word, &body[end..]].concat()
}
