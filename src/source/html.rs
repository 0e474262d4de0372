//! HTML field values to text: tags go, block elements become line breaks, entities are decoded.
//!
//! Not a browser: no tree is built, so that broken markup costs nothing and hostile markup has no
//! depth to exhaust.

/// Elements whose content is no text.
const HIDDEN: [&str; 9] = [
    "script", "style", "noscript", "template", "head", "svg", "iframe", "object", "textarea",
];
/// Elements that start a new line.
const BLOCK: [&str; 38] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tr",
    "ul",
    "option",
];

/// The text of a piece of HTML.
pub(super) fn to_text(html: &str) -> String {
    let mut text = Text::default();
    let mut rest = html;
    // Without a `>` ahead there is no tag ahead: looking for its end again and again would be quadratic.
    let last_end = html.rfind('>').unwrap_or(0);
    while let Some(at) = rest.find('<')
        && html.len() - rest.len() + at < last_end
    {
        text.push(&rest[..at]);
        rest = &rest[at..];
        let Some(tag) = Tag::read(rest) else {
            // A `<` that starts no tag is text.
            text.push("<");
            rest = &rest[1..];
            continue;
        };
        rest = &rest[tag.length..];
        if BLOCK.contains(&tag.name.as_str()) {
            text.line_break();
            if tag.name == "p" {
                text.blank_line();
            }
        } else if matches!(tag.name.as_str(), "td" | "th") {
            text.push(" ");
        }
        if !tag.closing && !tag.empty && HIDDEN.contains(&tag.name.as_str()) {
            rest = behind_element(rest, &tag.name);
        }
    }
    text.push(rest);
    text.finish()
}

/// What follows the end tag of an element; where it has none, everything is inside.
fn behind_element<'a>(html: &'a str, name: &str) -> &'a str {
    let mut rest = html;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
        {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
    }
    ""
}

struct Tag {
    /// Lower case; empty for comments and declarations.
    name: String,
    closing: bool,
    empty: bool,
    length: usize,
}

impl Tag {
    /// Reads the tag, comment or declaration that `html` starts with.
    fn read(html: &str) -> Option<Self> {
        let nameless = |length: usize| {
            Some(Self {
                name: String::new(),
                closing: false,
                empty: true,
                length,
            })
        };
        if let Some(comment) = html.strip_prefix("<!--") {
            return nameless(comment.find("-->").map_or(html.len(), |at| at + 7));
        }
        let inner = &html[1..];
        if inner.starts_with(['!', '?']) {
            return nameless(html.find('>')? + 1);
        }
        let closing = inner.starts_with('/');
        let inner = if closing { &inner[1..] } else { inner };
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let name_end = inner
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != ':')
            .unwrap_or(inner.len());
        let start = html.len() - inner.len() + name_end;
        let end = tag_end(html.as_bytes(), start)?;
        Some(Self {
            name: inner[..name_end].to_ascii_lowercase(),
            closing,
            empty: html[..end].ends_with("/>"),
            length: end,
        })
    }
}

/// One past the `>` that ends a tag; quoted attribute values may hold one.
fn tag_end(html: &[u8], mut at: usize) -> Option<usize> {
    let mut quote = None;
    let mut first_close = None;
    while let Some(&byte) = html.get(at) {
        at += 1;
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') if html[..at - 1].ends_with(b"=") => quote = Some(byte),
            (Some(open), _) if byte == open => quote = None,
            (Some(_), b'>') => first_close = first_close.or(Some(at)),
            _ => {}
        }
    }
    // A quote that is never closed would swallow the rest of the article.
    first_close
}

/// Text under construction: white space is collapsed as a browser would.
#[derive(Default)]
struct Text {
    out: String,
    /// White space is due before the next character: a space, or line breaks.
    space: bool,
    breaks: usize,
}

impl Text {
    fn line_break(&mut self) {
        self.breaks = self.breaks.max(1);
    }

    fn blank_line(&mut self) {
        self.breaks = 2;
    }

    fn push(&mut self, raw: &str) {
        let decoded = if raw.contains('&') {
            decode(raw)
        } else {
            raw.to_owned()
        };
        for c in decoded.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0C') {
                self.space = true;
                continue;
            }
            if !self.out.is_empty() {
                match self.breaks {
                    0 if self.space => self.out.push(' '),
                    n => self.out.extend(std::iter::repeat_n('\n', n)),
                }
            }
            (self.space, self.breaks) = (false, 0);
            self.out.push(c);
        }
    }

    fn finish(self) -> String {
        self.out
    }
}

/// Decodes character references.
fn decode(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest[1..]
            .bytes()
            .position(|byte| !byte.is_ascii_alphanumeric() && byte != b'#')
            .map_or(rest.len(), |length| length + 1);
        let semicolon = usize::from(rest.as_bytes().get(reference) == Some(&b';'));
        if let Some(c) = character(&rest[1..reference], semicolon > 0) {
            out.push(c);
            rest = &rest[reference + semicolon..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// The character that a reference names.
fn character(name: &str, closed: bool) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(windows_1252(code)).filter(|&c| c != '\0');
    }
    if !closed && !matches!(name, "amp" | "lt" | "gt" | "quot" | "nbsp") {
        return None;
    }
    NAMED.iter().find(|(entity, _)| *entity == name).map(|&(_, c)| c)
}

/// HTML reads references to C1 controls as windows-1252.
fn windows_1252(code: u32) -> u32 {
    if !(0x80..0xA0).contains(&code) {
        return code;
    }
    let byte = [code as u8];
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte);
    text.chars().next().map_or(code, u32::from)
}

/// The named references that news sites use.
const NAMED: [(&str, char); 74] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{A0}'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("shy", '\u{AD}'),
    ("zwnj", '\u{200C}'),
    ("zwj", '\u{200D}'),
    ("lrm", '\u{200E}'),
    ("rlm", '\u{200F}'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("hellip", '…'),
    ("bull", '•'),
    ("middot", '·'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("deg", '°'),
    ("plusmn", '±'),
    ("times", '×'),
    ("divide", '÷'),
    ("frac12", '½'),
    ("frac14", '¼'),
    ("euro", '€'),
    ("pound", '£'),
    ("yen", '¥'),
    ("cent", '¢'),
    ("sect", '§'),
    ("para", '¶'),
    ("iexcl", '¡'),
    ("iquest", '¿'),
    ("szlig", 'ß'),
    ("agrave", 'à'),
    ("aacute", 'á'),
    ("acirc", 'â'),
    ("atilde", 'ã'),
    ("auml", 'ä'),
    ("aring", 'å'),
    ("aelig", 'æ'),
    ("ccedil", 'ç'),
    ("egrave", 'è'),
    ("eacute", 'é'),
    ("ecirc", 'ê'),
    ("euml", 'ë'),
    ("igrave", 'ì'),
    ("iacute", 'í'),
    ("icirc", 'î'),
    ("iuml", 'ï'),
    ("ntilde", 'ñ'),
    ("ograve", 'ò'),
    ("oacute", 'ó'),
    ("ocirc", 'ô'),
    ("otilde", 'õ'),
    ("ouml", 'ö'),
    ("oslash", 'ø'),
    ("ugrave", 'ù'),
    ("uacute", 'ú'),
    ("ucirc", 'û'),
    ("uuml", 'ü'),
];
