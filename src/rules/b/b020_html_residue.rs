//! B020 html-residue.

use crate::finding::{Edit, Safety, Severity};
use crate::record::{Role, Span};
use crate::rules::residue::quote;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "B020",
    name: "html-residue",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "An article or title holds HTML markup.",
    why: "Tags are not language. Models learn to write them between words, and every count of words and \
          characters is wrong.",
    how: "A tag of an HTML element with its `>` (`<p>`, `</div>`, `<a href=…>`), one with attributes that is \
          not closed, a comment `<!-- … -->`, a document type. More than ten tags are one finding: such a \
          text is HTML source, for which the input's `markup = { body = \"html\" }` is the remedy. The fix \
          takes the tags away and keeps what stands between them, but drops scripts, styles and comments \
          whole; tags of paragraphs and lines become line breaks. It is unsafe: an article may speak of tags.",
    false_positives: "`x < 5 and y > 3`, `<3`, `<name>` and other words that are no element are left alone. \
                      Articles about HTML quote tags: ignore the rule for their records.",
    source: "WHATWG HTML, index of elements; Raffel et al., C4 (2020)",
    options: &[],
    examples: &[
        Example::bad("<p>نص</p>", &["<p>", "</p>"]).unsafe_fixed("نص"),
        Example::bad("click <a href='x'>here", &["<a href='x'>"])
            .lang("en")
            .unsafe_fixed("click here"),
        Example::bad("Der Hafen<br/>öffnet <B>früh</B>.", &["<br/>", "<B>", "</B>"])
            .lang("de")
            .unsafe_fixed("Der Hafen\nöffnet früh."),
        Example::bad(
            "港口<!-- ad --> 开放<script>var a = \"<p>\";</script>。",
            &["<!-- ad -->", "<script>var a = \"<p>\";</script>"],
        )
        .lang("zh")
        .unsafe_fixed("港口 开放。"),
        Example::bad("мост <img src=\"a.png\" alt=\"", &["<img src=\"a.png\" alt=\""]).lang("ru"),
        Example::good("x < 5 and y > 3, a<b and c>d, I <3 it").lang("en"),
        Example::good("اكتب <الاسم> هنا، ثم <name> و <ali@a.test>"),
        Example::good("if a <b or b> c, List<String>, <- there").lang("en"),
    ],
    wake: Wake::Text(Flags::MARKUP),
    check: |_| Ok(Box::new(HtmlResidue)),
};

struct HtmlResidue;

/// Elements of HTML, obsolete ones too, in order.
const ELEMENTS: [&str; 118] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "mark",
    "marquee",
    "menu",
    "meta",
    "meter",
    "nav",
    "nobr",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "param",
    "picture",
    "pre",
    "progress",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
];
/// Elements that begin and end on lines of their own.
const BLOCKS: [&str; 26] = [
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "section",
    "tr",
    "ul",
];
/// Most tags that are reported one by one.
const SINGLE: usize = 10;
/// Longest tag.
const LONGEST: usize = 2000;

/// A piece of markup and whether it breaks the line.
struct Tag {
    span: Span,
    breaks: bool,
}

impl Check for HtmlResidue {
    fn advice(&self) -> Option<&'static str> {
        Some("where the field holds HTML, `markup = { {field} = \"html\" }` below [[input]] in corpus.toml reads it as text")
    }

    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !matches!(text.role, Some(Role::Text | Role::Title)) {
            return;
        }
        let tags = tags(text.value);
        let edits: Vec<Edit> = tags.iter().map(|tag| edit(text.value, tag)).collect();
        if tags.len() > SINGLE {
            let shown = quote(&text.value[tags[0].span.range()]);
            let message = format!("HTML source with {} tags, first \"{shown}\".", tags.len());
            out.span(tags[0].span, message)
                .edits(Safety::Unsafe, "take the markup away", edits);
            return;
        }
        for (tag, edit) in tags.iter().zip(edits) {
            let shown = quote(&text.value[tag.span.range()]);
            out.span(tag.span, format!("HTML markup \"{shown}\".")).edits(
                Safety::Unsafe,
                "take the markup away",
                vec![edit],
            );
        }
    }
}

/// A line break for a tag that breaks the line in the midst of one, else nothing.
fn edit(text: &str, tag: &Tag) -> Edit {
    let before = &text[..tag.span.start];
    let after = &text[tag.span.end..];
    let inside = |text: &str, c: Option<char>| !text.is_empty() && c.is_some_and(|c| c != '\n');
    let midst = inside(before, before.chars().next_back()) && inside(after, after.chars().next());
    Edit {
        span: tag.span,
        text: if tag.breaks && midst { "\n" } else { "" }.to_owned(),
    }
}

fn tags(text: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut from = 0;
    // An end that is not in the rest of the text is not looked for again.
    let mut ends = Ends::default();
    while let Some(at) = memchr::memchr(b'<', &text.as_bytes()[from..]).map(|at| from + at) {
        let tag = tag(text, at, &mut ends);
        from = tag.as_ref().map_or(at + 1, |tag| tag.span.end);
        tags.extend(tag);
    }
    tags
}

/// Which ends were looked for in vain.
#[derive(Default)]
struct Ends {
    comment: bool,
    script: bool,
    style: bool,
}

fn tag(text: &str, at: usize, ends: &mut Ends) -> Option<Tag> {
    let rest = &text[at + 1..];
    let whole = |end: usize, breaks| {
        Some(Tag {
            span: Span::new(at, end),
            breaks,
        })
    };
    if let Some(comment) = rest.strip_prefix("!--") {
        let end = (!ends.comment).then(|| comment.find("-->")).flatten();
        ends.comment |= end.is_none();
        return whole(end.map_or(at + 4, |end| at + 4 + end + 3), false);
    }
    if rest
        .get(..8)
        .is_some_and(|head| head.eq_ignore_ascii_case("!doctype"))
    {
        return whole(at + 1 + closing(rest)?, false);
    }
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let length = name
        .bytes()
        .take(12)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let lower = name[..length].to_ascii_lowercase();
    if ELEMENTS.binary_search(&lower.as_str()).is_err() {
        return None;
    }
    let behind = &name[length..];
    let breaks = BLOCKS.contains(&lower.as_str());
    let simple = behind
        .trim_start_matches([' ', '\n', '\t'])
        .trim_start_matches('/');
    if simple.starts_with('>') {
        let end = text.len() - simple.len() + 1;
        return whole(element_end(text, &lower, rest, end, ends), breaks);
    }
    if rest.starts_with('/') || !behind.starts_with([' ', '\n', '\t', '/']) || !has_attribute(behind) {
        return None;
    }
    let end = match closing(behind) {
        Some(end) => at + 1 + (rest.len() - behind.len()) + end,
        // Cut off: the rest of the line is the tag.
        None => text[at..].find('\n').map_or(text.len(), |line| at + line),
    };
    whole(element_end(text, &lower, rest, end, ends), breaks)
}

/// Where an element ends that goes with all that is in it.
fn element_end(text: &str, name: &str, rest: &str, end: usize, ends: &mut Ends) -> usize {
    let tried = match name {
        "script" => &mut ends.script,
        "style" => &mut ends.style,
        _ => return end,
    };
    if *tried || rest.starts_with('/') {
        return end;
    }
    let close = [format!("</{name}>"), format!("</{}>", name.to_uppercase())];
    let found = close
        .iter()
        .filter_map(|close| Some(text[end..].find(close.as_str())? + close.len()))
        .min();
    *tried = found.is_none();
    found.map_or(end, |found| end + found)
}

/// The `>` that ends a tag, outside quotes, and not beyond the next `<`.
fn closing(rest: &str) -> Option<usize> {
    let mut quoted = None;
    for (at, byte) in rest.bytes().enumerate().take(LONGEST) {
        match (quoted, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return None,
            (None, b'"' | b'\'') => quoted = Some(byte),
            (Some(quote), byte) if byte == quote => quoted = None,
            _ => {}
        }
    }
    None
}

/// Whether an attribute with `=` follows, as in `href="…`.
fn has_attribute(behind: &str) -> bool {
    let behind = behind.trim_start_matches([' ', '\n', '\t', '/']);
    let length = behind
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        .count();
    let after = behind[length..].trim_start();
    length > 0
        && (after.starts_with('=')
            || matches!(
                &behind[..length],
                "async" | "defer" | "hidden" | "controls" | "checked"
            ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_in_order() {
        assert!(ELEMENTS.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn many_tags_are_read_in_linear_time() {
        let text = "<!--<script><style><a href='".repeat(20_000);
        assert!(!tags(&text).is_empty());
    }
}
