//! U015 untidy-whitespace.

use crate::finding::{Edit, Safety, Severity};
use crate::record::{Role, Span};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U015",
    name: "untidy-whitespace",
    severity: Severity::Info,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text has blanks at the ends of lines, several spaces in a row, or several blank lines in a row.",
    why: "It is residue of page layout. It makes copies of one article differ and wastes tokens.",
    how: "Blanks at the end of a line, two or more blanks in a row inside a line, two or more blank lines in a \
          row, and blank lines or blanks at the start or end of the text. One finding per field, at the \
          first, with the count. The fix trims, collapses to one space, and keeps at most one blank line; it \
          never joins lines. A space before ، ؛ ؟ or a full stop is a finding of its own with an unsafe fix.",
    false_positives: "Indentation at the start of a line inside the text is kept (poems, lists, code), and so is \
                      one line feed at the end.",
    source: "practice of FineWeb's text formatting",
    options: &[],
    examples: &[
        Example::bad("كلمة  كلمة", &["  "]).fixed("كلمة كلمة"),
        Example::bad("word \n\n\n\nword", &[" "])
            .lang("en")
            .fixed("word\n\nword"),
        Example::bad(" start and end\n\n", &[" "])
            .lang("en")
            .fixed("start and end\n"),
        Example::bad("قال ، نعم", &[" "]).unsafe_fixed("قال، نعم"),
        Example::good("كلمة كلمة\n"),
        Example::good("a poem\n  goes on\n\nhere").lang("en"),
        Example::good("wait ... what").lang("en"),
    ],
    wake: Wake::Text(Flags::WHITESPACE),
    check: |_| Ok(Box::new(UntidyWhitespace)),
};

struct UntidyWhitespace;

/// What is untidy, in the order in which a message names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Untidy {
    Edge,
    Trailing,
    Repeated,
    BlankLines,
}

impl Untidy {
    const fn name(self) -> &'static str {
        match self {
            Self::Edge => "leading or trailing",
            Self::Trailing => "end-of-line",
            Self::Repeated => "repeated",
            Self::BlankLines => "blank-line",
        }
    }
}

const fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t')
}

/// Every untidy place: its kind, the bytes and what should stand there.
fn places(value: &str) -> Vec<(Untidy, Span, &'static str)> {
    let bytes = value.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !matches!(bytes[at], b' ' | b'\t' | b'\n' | b'\r') {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && matches!(bytes[at], b' ' | b'\t' | b'\n' | b'\r') {
            at += 1;
        }
        white(value, Span::new(start, at), &mut found);
    }
    found
}

/// Judges one maximal run of blanks and line ends.
fn white(value: &str, run: Span, found: &mut Vec<(Untidy, Span, &'static str)>) {
    let bytes = value.as_bytes();
    let text = &bytes[run.range()];
    let first_feed = text.iter().position(|&b| b == b'\n');
    if run.start == 0 {
        found.push((Untidy::Edge, run, ""));
        return;
    }
    let Some(feed) = first_feed else {
        if run.end == bytes.len() {
            found.push((Untidy::Edge, run, ""));
        } else if run.len() > 1 && !text.contains(&b'\r') {
            let kept = if text.iter().all(|&b| b == b'\t') {
                "\t"
            } else {
                " "
            };
            found.push((Untidy::Repeated, run, kept));
        }
        return;
    };
    // Blanks before the first line end, which may be CR LF.
    let line_end = if feed > 0 && text[feed - 1] == b'\r' {
        feed - 1
    } else {
        feed
    };
    if text[..line_end].iter().any(|&b| is_blank(b)) && text[..line_end].iter().all(|&b| is_blank(b)) {
        found.push((Untidy::Trailing, Span::new(run.start, run.start + line_end), ""));
    }
    let after_feed = run.start + feed + 1;
    if run.end == bytes.len() {
        if after_feed < run.end {
            found.push((Untidy::Edge, Span::new(after_feed, run.end), ""));
        }
        return;
    }
    let Some(last_feed) = text.iter().rposition(|&b| b == b'\n') else {
        return;
    };
    if last_feed == feed {
        return;
    }
    // Between the first and the last line end stand blank lines: keep one, empty.
    let between = Span::new(after_feed, run.start + last_feed + 1);
    let kept = if bytes[between.range()].ends_with(b"\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    if value[between.range()] != *kept {
        let feeds = memchr::memchr_iter(b'\n', text).count();
        let kind = if feeds > 2 {
            Untidy::BlankLines
        } else {
            Untidy::Trailing
        };
        found.push((kind, between, kept));
    }
}

/// Spaces that stand between a letter and Arabic punctuation or a full stop.
fn before_punctuation(value: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for at in memchr::memchr_iter(b' ', value.as_bytes()) {
        let mut after = value[at + 1..].chars();
        let stop = match after.next() {
            Some('،' | '؛' | '؟') => true,
            Some('.') => after.next().is_none_or(|c| matches!(c, ' ' | '\n' | '\r')),
            _ => false,
        };
        let before = value[..at].chars().next_back();
        if stop && before.is_some_and(|c| class::is_letter(c) || class::is_mark(c)) {
            spans.push(Span::new(at, at + 1));
        }
    }
    spans
}

impl Check for UntidyWhitespace {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        // Trimming an id would make it another id.
        if text.role == Some(Role::Id) {
            return;
        }
        let found = places(text.value);
        if let Some(&(_, first, _)) = found.first() {
            let mut kinds: Vec<Untidy> = found.iter().map(|&(kind, ..)| kind).collect();
            kinds.sort_unstable();
            kinds.dedup();
            let names: Vec<_> = kinds.into_iter().map(Untidy::name).collect();
            let n = found.len();
            let places = if n == 1 { "place" } else { "places" };
            let message = format!("Untidy white space ({}; {n} {places}).", names.join(", "));
            let edits = found
                .into_iter()
                .map(|(_, span, text)| Edit {
                    span,
                    text: text.to_owned(),
                })
                .collect();
            out.span(first, message)
                .edits(Safety::Safe, "trim and collapse white space", edits);
        }
        let spaced = before_punctuation(text.value);
        if let Some(&first) = spaced.first() {
            let n = spaced.len();
            let times = if n == 1 { "time" } else { "times" };
            let edits = spaced
                .into_iter()
                .map(|span| Edit {
                    span,
                    text: String::new(),
                })
                .collect();
            out.span(first, format!("Space before punctuation ({n} {times})."))
                .edits(Safety::Unsafe, "delete the space", edits);
        }
    }
}
