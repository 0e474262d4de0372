//! E110 html-entity.

use crate::finding::{Safety, Severity};
use crate::rules::field;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::entities::{self, Reference};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "E110",
    name: "html-entity",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text holds an undecoded HTML character reference.",
    why: "`&amp;`, `&quot;` and `&#8217;` are markup, not text: they were copied from a page's source. \
          Readers see them, and tokenizers learn them.",
    how: "Named references of the HTML Standard and numeric ones, each with its semicolon, are \
          reported. The fix decodes the reference once (80 to 9F stand for windows-1252 characters); \
          references to NUL, surrogates, controls and noncharacters get no fix. In a text that is HTML \
          source (three or more HTML tags) references belong to the markup: one finding says so, and \
          nothing is decoded, because `&lt;` beside real tags would become a tag. Set \
          `markup = { body = \"html\" }` for such an input.",
    false_positives: "A reference alone between quotation marks or backticks may be meant (an article \
                      on HTML), and a decoded `<` or `>` in a text with tags would make another tag: \
                      there the fix is unsafe, and a reference in quotation marks is a note only.",
    source: "HTML Standard 13.2.5.72 to 13.2.5.80 and 13.5",
    options: &[],
    examples: &[
        Example::bad("R&amp;D spending", &["&amp;"])
            .lang("en")
            .fixed("R&D spending"),
        Example::bad("قال &quot;نعم&quot; &#1575;", &["&quot;", "&quot;", "&#1575;"]).fixed("قال \"نعم\" ا"),
        Example::bad("write `&lt;` there", &["&lt;"])
            .lang("en")
            .unsafe_fixed("write `<` there"),
        Example::bad(
            "<p>The mill opens on <b>Monday</b>, &quot;at last&quot;.</p>\n<p>Mail &lt;mill@river.test&gt;.</p>",
            &["&quot;"],
        )
        .lang("en"),
        Example::bad("NUL &#0; stays", &["&#0;"]).lang("en"),
        Example::good("R&D spending").lang("en"),
        Example::good("AT&T; Verizon").lang("en"),
        Example::good("a &amp;quot; is another rule's").lang("en"),
        Example::good("page?a=1&copy=2").lang("en"),
    ],
    wake: Wake::Text(Flags::AMPERSAND),
    check: |_| Ok(Box::new(HtmlEntity)),
};

struct HtmlEntity;

impl Check for HtmlEntity {
    fn advice(&self) -> Option<&'static str> {
        Some("where the field holds HTML, `markup = { {field} = \"html\" }` below [[input]] in corpus.toml reads it as text; else --fix")
    }

    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if is_html(text.value) {
            return source(text, out);
        }
        for found in entities::references(text.value).filter(|found| found.depth == 1) {
            let source = &text.value[found.span.range()];
            let mut builder = out.span(found.span, format!("Undecoded HTML entity \"{source}\"."));
            if is_quoted(text.value, &found) {
                // What an article on markup speaks of is not damage.
                builder = builder.severity(Severity::Info);
            }
            if let Some(decoded) = printable(&found) {
                builder.replace(safety(text.value, &found, decoded), "decode the entity", decoded);
            }
        }
    }
}

/// One finding for a text that is HTML source.
fn source(text: &Text<'_>, out: &mut Out<'_>) {
    let mut found = entities::references(text.value);
    let Some(first) = found.next() else { return };
    let shown = &text.value[first.span.range()];
    let count = match found.count() {
        0 => format!("an HTML entity, \"{shown}\""),
        more => format!("{} HTML entities, first \"{shown}\"", more + 1),
    };
    let name = match field::name(text.record, text.node) {
        "" => "body",
        name => name,
    };
    out.span(
        first.span,
        format!("Text is HTML source with {count}; set `markup = {{ {name} = \"html\" }}` for this input."),
    );
}

/// Tags that a text has at least when it is HTML source and not prose with a stray tag.
const TAGS: usize = 3;

/// Whether a text is HTML source: it holds several tags of elements that pages are made of.
pub(super) fn is_html(text: &str) -> bool {
    const ELEMENTS: [&str; 44] = [
        "a",
        "abbr",
        "b",
        "blockquote",
        "body",
        "br",
        "code",
        "dd",
        "div",
        "dl",
        "dt",
        "em",
        "figure",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "hr",
        "html",
        "i",
        "iframe",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "script",
        "section",
        "small",
        "span",
        "strong",
        "style",
        "sub",
        "sup",
        "table",
        "td",
        "tr",
        "tt",
        "ul",
    ];
    let tags = memchr::memchr_iter(b'<', text.as_bytes()).filter(|&at| {
        let rest = &text[at + 1..];
        let name = rest.strip_prefix('/').unwrap_or(rest);
        let end = name
            .bytes()
            .take(11)
            .position(|b| !b.is_ascii_alphanumeric())
            .unwrap_or(0);
        let closes = matches!(name.as_bytes().get(end), Some(b'>' | b' ' | b'/' | b'\n' | b'\t'));
        closes
            && ELEMENTS
                .iter()
                .any(|element| name[..end].eq_ignore_ascii_case(element))
    });
    tags.take(TAGS).count() == TAGS
}

/// What a reference stands for, where that may stand in a text.
pub(super) fn printable(found: &Reference) -> Option<&str> {
    let decoded = found.text.as_deref()?;
    let odd = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{fdd0}'..='\u{fdef}')
            || (u32::from(c) & 0xFFFE) == 0xFFFE
    };
    (!decoded.chars().any(odd)).then_some(decoded)
}

/// Whether a reference stands alone between quotation marks.
fn is_quoted(text: &str, found: &Reference) -> bool {
    let quote = |c: Option<char>| matches!(c, Some('"' | '\'' | '`' | '“' | '”' | '«' | '»' | '‘' | '’'));
    quote(text[..found.span.start].chars().next_back()) && quote(text[found.span.end..].chars().next())
}

/// Whether decoding may be done without asking.
pub(super) fn safety(text: &str, found: &Reference, decoded: &str) -> Safety {
    if is_quoted(text, found) || (matches!(decoded, "<" | ">") && has_tag(text)) {
        Safety::Unsafe
    } else {
        Safety::Safe
    }
}

/// Whether a text holds what looks like an HTML tag.
fn has_tag(text: &str) -> bool {
    memchr::memchr_iter(b'<', text.as_bytes()).any(|at| {
        let rest = &text.as_bytes()[at + 1..];
        let name = rest.strip_prefix(b"/").unwrap_or(rest);
        name.first().is_some_and(u8::is_ascii_alphabetic) && memchr::memchr(b'>', name).is_some()
    })
}
