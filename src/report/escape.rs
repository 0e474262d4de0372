//! What may reach a reader's screen: the one place that decides it.
//!
//! Data is hostile until it is escaped. A control can rewrite a terminal, a bidi control can make a
//! line read as another, an invisible character hides what a finding is about, and a CI log runs
//! commands that it finds in a line. Here every such code point becomes its name, `<U+202E>`, so that
//! the person sees what the program saw. The names are unambiguous: a `<` of the data that would
//! look like one is itself named.

use icu_properties::props::{BidiClass, DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use std::borrow::Cow;
use std::fmt::Write as _;

/// First-strong isolate: opens a run whose direction its own text decides.
pub(crate) const FSI: char = '\u{2068}';
/// Pop directional isolate: closes what [`FSI`] opened.
pub(crate) const PDI: char = '\u{2069}';

/// Marks that may follow one base. Hebrew with points and accents needs five; more is a stack that
/// runs over the lines above and below.
const MARKS: u8 = 6;

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

fn is_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Whether the code point can change how other text is shown or vanish from it: controls, format
/// and bidi characters, line and paragraph separators, default ignorables.
#[must_use]
pub fn is_control(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    matches!(
        category(c),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    ) || is_ignorable(c)
}

/// Whether the code point is shown by its name: what [`is_control`] says, and private use,
/// unassigned code points and noncharacters, spaces other than U+0020, and signs that look blank.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    match category(c) {
        GeneralCategory::Control
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        | GeneralCategory::PrivateUse
        | GeneralCategory::Unassigned
        | GeneralCategory::Surrogate
        | GeneralCategory::SpaceSeparator
        | GeneralCategory::Format => true,
        // Braille blank, object replacement, null notehead: assigned symbols without ink.
        GeneralCategory::OtherSymbol => matches!(c, '\u{2800}' | '\u{fffc}' | '\u{1d159}'),
        _ => is_ignorable(c),
    }
}

/// Whether the code point attaches to the one before it.
pub(crate) fn is_mark(c: char) -> bool {
    !c.is_ascii()
        && matches!(
            category(c),
            GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark
        )
}

/// Whether the code point is strongly right-to-left, or a digit that behaves so.
pub(crate) fn is_rtl(c: char) -> bool {
    // Nothing below Hebrew is right-to-left.
    c >= '\u{590}'
        && matches!(
            CodePointMapData::<BidiClass>::new().get(c),
            BidiClass::RightToLeft | BidiClass::ArabicLetter | BidiClass::ArabicNumber
        )
}

fn is_ltr(c: char) -> bool {
    c.is_ascii_alphabetic()
        || (!c.is_ascii() && CodePointMapData::<BidiClass>::new().get(c) == BidiClass::LeftToRight)
}

/// Appends `U+202E`.
pub(crate) fn push_name(out: &mut String, c: char) {
    // Writing to a string cannot fail.
    let _ = write!(out, "U+{:04X}", u32::from(c));
}

/// Appends `<U+202E>`.
pub(crate) fn push_named(out: &mut String, c: char) {
    out.push('<');
    push_name(out, c);
    out.push('>');
}

/// One code point of a text, and whether it is shown by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Byte offset in the text.
    pub(crate) at: usize,
    /// The code point.
    pub(crate) c: char,
    /// Whether `<U+…>` stands for it.
    pub(crate) named: bool,
}

/// Walks a text and decides for every code point how it is shown.
#[derive(Debug, Clone)]
pub(crate) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// Marks since the last base; `None` when there is no base to attach to.
    marks: Option<u8>,
}

impl<'a> Pieces<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            marks: None,
        }
    }

    /// Forgets the base: a mark that follows is named, not drawn over what stands before.
    pub(crate) const fn restart(&mut self) {
        self.marks = None;
    }

    fn named(&mut self, c: char, rest: &str) -> bool {
        if c.is_ascii() {
            let named = match c {
                '<' => rest.starts_with("U+"),
                // `##[…]` and `##vso[…]` are commands to some CI log readers, anywhere in a line.
                '#' => {
                    let mut after = rest.chars();
                    after.next() == Some('#') && after.next().is_some_and(|c| c == '[' || c.is_alphabetic())
                }
                _ => c.is_ascii_control(),
            };
            self.marks = (!named && c != ' ').then_some(0);
            return named;
        }
        if is_hidden(c) {
            self.marks = None;
            return true;
        }
        if is_mark(c) {
            self.marks = self.marks.filter(|&marks| marks < MARKS).map(|marks| marks + 1);
            return self.marks.is_none();
        }
        self.marks = Some(0);
        false
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let at = self.at;
        let c = self.text.get(at..)?.chars().next()?;
        self.at += c.len_utf8();
        let rest = self.text.get(self.at..).unwrap_or_default();
        let named = self.named(c, rest);
        Some(Piece { at, c, named })
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|b| (0x20..0x7f).contains(&b) && b != b'<' && b != b'#')
}

/// The text on one line, with everything that does not show itself named: `a<U+202E>b`.
///
/// ```
/// # use corpus::report::escape::visible;
/// assert_eq!(visible("a\u{202e}b\n"), "a<U+202E>b<U+000A>");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for piece in Pieces::new(text) {
        if piece.named {
            push_named(&mut out, piece.c);
        } else {
            out.push(piece.c);
        }
    }
    Cow::Owned(out)
}

/// [`visible`] for the start of a line: there `::error` would be a command to GitHub's log, so a first
/// colon is named.
#[must_use]
pub fn line_start(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    let blank = shown.len() - shown.trim_start_matches(' ').len();
    if shown.get(blank..).is_some_and(|rest| rest.starts_with(':')) {
        return Cow::Owned(format!("{}<U+003A>{}", &shown[..blank], &shown[blank + 1..]));
    }
    shown
}

/// [`visible`], with every right-to-left run isolated (U+2068 … U+2069), so that digits and signs of
/// the sentence around it keep their places on a screen that reorders. For prose only: what a person
/// copies (paths, ids) goes through [`visible`].
#[must_use]
pub fn isolated(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_rtl) {
        return visible(text);
    }
    let mut out = String::with_capacity(text.len() + 32);
    // Where the open run's last right-to-left character ends.
    let mut run: Option<usize> = None;
    for Piece { c, named, .. } in Pieces::new(text) {
        if named {
            push_named(&mut out, c);
            continue;
        }
        if is_rtl(c) {
            if run.is_none() {
                out.push(FSI);
            }
            out.push(c);
            run = Some(out.len());
            continue;
        }
        match run {
            // A mark belongs to the letter before it.
            Some(end) if end == out.len() && is_mark(c) => {
                out.push(c);
                run = Some(out.len());
            }
            Some(end) if is_ltr(c) => {
                out.insert(end, PDI);
                out.push(c);
                run = None;
            }
            _ => out.push(c),
        }
    }
    if let Some(end) = run {
        out.insert(end, PDI);
    }
    Cow::Owned(out)
}

/// Text of several lines, such as an error with its causes: [`isolated`] line by line.
#[must_use]
pub fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        out.push_str(&isolated(line.strip_suffix('\r').unwrap_or(line)));
    }
    out
}

/// Appends the text as XML or HTML character data, after [`visible`]: markup is escaped, and nothing
/// is left that XML 1.0 forbids.
pub(crate) fn push_markup(out: &mut String, text: &str) {
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
}

/// The text as XML or HTML character data; see [`push_markup`].
pub(crate) fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    push_markup(&mut out, text);
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_what_does_not_show_itself() {
        let cases = [
            ("\u{0}", "<U+0000>"),
            ("\u{1b}[31m", "<U+001B>[31m"),
            ("\t", "<U+0009>"),
            ("\u{7f}", "<U+007F>"),
            ("\u{9b}", "<U+009B>"),
            ("\u{a0}", "<U+00A0>"),
            ("\u{ad}", "<U+00AD>"),
            ("\u{34f}", "<U+034F>"),
            ("\u{61c}", "<U+061C>"),
            ("\u{115f}", "<U+115F>"),
            ("\u{180e}", "<U+180E>"),
            ("\u{200b}", "<U+200B>"),
            ("\u{200d}", "<U+200D>"),
            ("\u{2028}", "<U+2028>"),
            ("\u{202e}", "<U+202E>"),
            ("\u{2066}", "<U+2066>"),
            ("\u{2800}", "<U+2800>"),
            ("\u{3000}", "<U+3000>"),
            ("\u{3164}", "<U+3164>"),
            ("\u{e000}", "<U+E000>"),
            ("a\u{fe0f}", "a<U+FE0F>"),
            ("\u{feff}", "<U+FEFF>"),
            ("\u{fffc}", "<U+FFFC>"),
            ("\u{ffff}", "<U+FFFF>"),
            ("\u{e0041}", "<U+E0041>"),
            ("\u{e0100}", "<U+E0100>"),
            ("\u{10fffd}", "<U+10FFFD>"),
            ("\u{378}", "<U+0378>"),
        ];
        for (raw, shown) in cases {
            assert_eq!(visible(raw), shown, "{raw:?}");
        }
    }

    #[test]
    fn leaves_text_alone() {
        for text in [
            "A plain line.",
            "مدير المصرف قال: «نعم»",
            "é 中文 한국어 😀 \u{fffd}",
            "שָׁלוֹם",
            "## Heading # 1 <b>",
        ] {
            assert_eq!(visible(text), text);
        }
    }

    #[test]
    fn names_marks_without_a_base_and_tall_stacks() {
        assert_eq!(visible("\u{64e}ب"), "<U+064E>ب");
        assert_eq!(visible(" \u{301}"), " <U+0301>");
        assert_eq!(visible("e\u{301}"), "e\u{301}");
        let stack = format!("e{}", "\u{301}".repeat(8));
        assert_eq!(
            visible(&stack),
            format!("e{}<U+0301><U+0301>", "\u{301}".repeat(6))
        );
    }

    #[test]
    fn names_what_would_pass_for_a_name_or_a_command() {
        assert_eq!(visible("<U+202E>"), "<U+003C>U+202E>");
        assert_eq!(visible("##vso[task.complete]"), "<U+0023>#vso[task.complete]");
        assert_eq!(visible("###[error]"), "#<U+0023>#[error]");
        assert_eq!(line_start("  ::error ::x"), "  <U+003A>:error ::x");
        assert_eq!(line_start("a::b"), "a::b");
    }

    #[test]
    fn isolates_right_to_left_runs() {
        assert_eq!(
            isolated("the word \"مدير المصرف\", 3 times"),
            "the word \"\u{2068}مدير المصرف\u{2069}\", 3 times"
        );
        assert_eq!(isolated("a نص b نص"), "a \u{2068}نص\u{2069} b \u{2068}نص\u{2069}");
        assert_eq!(isolated("می\u{200c}خواهم"), "\u{2068}می<U+200C>خواهم\u{2069}");
        assert_eq!(isolated("بُ"), "\u{2068}بُ\u{2069}");
        assert_eq!(isolated("plain"), "plain");
    }

    #[test]
    fn lines_keep_their_breaks() {
        assert_eq!(lines("a\r\n\u{1b}b\n"), "a\n<U+001B>b\n");
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left(text in any::<String>()) {
            prop_assert!(!visible(&text).chars().any(is_hidden));
        }

        #[test]
        fn our_isolates_are_the_only_hidden_characters_and_pair_up(text in "[a-c\u{5d0}-\u{5d4}\u{627}-\u{62f}\u{64b}-\u{64e}0-9 \".<>\u{200b}-\u{200f}\u{2066}-\u{2069}]{0,40}") {
            let shown = isolated(&text);
            let mut open = false;
            for c in shown.chars().filter(|&c| is_hidden(c)) {
                prop_assert_eq!(c, if open { PDI } else { FSI });
                open = !open;
            }
            prop_assert!(!open);
        }

        #[test]
        fn names_can_be_read_back(text in any::<String>()) {
            // Every name stands for one code point, and no text of the data looks like one.
            let shown = visible(&text);
            let mut back = String::new();
            let mut rest = &*shown;
            while let Some(c) = rest.chars().next() {
                if rest.starts_with("<U+") {
                    let end = rest.find('>').unwrap();
                    back.push(char::from_u32(u32::from_str_radix(&rest[3..end], 16).unwrap()).unwrap());
                    rest = &rest[end + 1..];
                } else {
                    back.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
            prop_assert_eq!(back, text);
        }

        #[test]
        fn markup_is_inert(text in any::<String>()) {
            let out = markup(&text);
            prop_assert!(!out.contains(['<', '>', '"', '\'']));
        }
    }
}
