//! B028 truncated-body.

use crate::finding::Severity;
use crate::record::Span;
use crate::rules::residue::{is_residue, quote};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake, function_words};
use crate::text::fold::phrase_fold;
use crate::text::lines::{Terminal, terminal};
use crate::text::words;

pub(crate) const RULE: Rule = Rule {
    code: "B028",
    name: "truncated-body",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The article ends in the middle.",
    why: "A feed's abstract or a paywall's first paragraph is no article. Models learn to stop in the middle \
          of a sentence, and the complete copy looks like another text.",
    how: "The last line that is not residue ends with the mark of an abridged text (`[...]`, `[…]`, \
          `[+2341 chars]`, `(...)`), with an ellipsis behind a paragraph of ten words or more, or, in a line \
          of five words or more, without the end of a sentence and with a comma, an opening quotation mark or \
          bracket, or a word that no sentence of its language ends with. Thai, Lao, Khmer and Burmese have no \
          such ends and are left out. Collect the whole article.",
    false_positives: "A text may end with an ellipsis on purpose: behind a short line, or in quotation marks, \
                      nothing is said. Signatures, place names and tables end without a full stop and pass.",
    source: "Penedo et al., FineWeb (2024); the content field of news interfaces; Raffel et al., C4 (2020)",
    options: &[],
    examples: &[
        Example::bad(
            "The ferry is back.\n\nThe minister thanked the crew and added that the",
            &["The minister thanked the crew and added that the"],
        )
        .lang("en"),
        Example::bad(
            "Prices rose again on Monday [+2341 chars]",
            &["Prices rose again on Monday [+2341 chars]"],
        )
        .lang("en"),
        Example::bad(
            "عادت العبارة إلى الميناء بعد غياب طويل، وقال القبطان إن الركاب...",
            &["عادت العبارة إلى الميناء بعد غياب طويل، وقال القبطان إن الركاب..."],
        ),
        Example::bad(
            "وأضاف رئيس البلدية أن السوق سيفتح في",
            &["وأضاف رئيس البلدية أن السوق سيفتح في"],
        ),
        Example::bad(
            "Der Bürgermeister sagte am Montag, \"",
            &["Der Bürgermeister sagte am Montag, \""],
        )
        .lang("de"),
        Example::bad(
            "Жители вышли на площадь, чтобы увидеть,",
            &["Жители вышли на площадь, чтобы увидеть,"],
        )
        .lang("ru"),
        Example::good("The captain smiled. \"We are back,\" he said.\"").lang("en"),
        Example::good("وأضاف: \"سنرى\"."),
        Example::good("وصل إلى الملعب أمس لاعب الفريق فتحي بن علي"),
        Example::good("كلنا من تراب وإلى تراب نعود مهما طال بنا الزمن في هذه الدنيا.."),
        Example::good("Wir warten...").lang("de"),
        Example::good("The ferry is back.\n\nAnn Lee in Port Said").lang("en"),
        Example::good("船回来了，人们很高兴。").lang("zh"),
        Example::good("เรือกลับมาแล้ว และ").lang("th"),
        Example::good("The ferry is back.\n\nRead more").lang("en"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(Truncated)),
};

struct Truncated;

/// Words of a line that is prose, and of one that may end with an ellipsis of its own.
const PROSE: usize = 5;
const PARAGRAPH: usize = 10;
/// Bytes of the last line that are looked at for its end.
const END: usize = 80;

impl Check for Truncated {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if matches!(text.language(), "th" | "lo" | "km" | "my") {
            return;
        }
        let lines = text.lines();
        let Some(last) = lines.iter().rposition(|line| !line.is_blank()) else {
            return;
        };
        let line = lines[last].text(text.value);
        let why = if let Some(mark) = abridged(line) {
            mark
        } else {
            match open_end(line, text.language()) {
                Some(why) => why,
                None => return,
            }
        };
        if is_residue(text, last) {
            return;
        }
        let tail = &line[line.ceil_char_boundary(line.len().saturating_sub(END))..];
        let shown = if tail.len() < line.len() {
            format!("…{}", quote(tail))
        } else {
            quote(line)
        };
        let trimmed = lines[last].trimmed;
        out.span(
            Span::new(trimmed.start, trimmed.end),
            format!("Body ends in the middle ({why}): \"{shown}\"."),
        );
    }
}

/// The mark of an abridged text at the end of a line.
fn abridged(line: &str) -> Option<&'static str> {
    let line = line.trim_end_matches(['.', ' ']);
    if !line.ends_with([']', ')']) {
        return None;
    }
    if ["[..", "[...", "[…]", "[...]", "(...)", "(…)", "[…"]
        .iter()
        .any(|mark| line.ends_with(mark))
    {
        return Some("abridged");
    }
    let open = line.rfind('[')?;
    let inner = &line[open + 1..line.len() - 1];
    let count = inner.strip_prefix('+')?.strip_suffix(" chars")?;
    count
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some("abridged")
}

/// Why a line has no end, if it has none.
fn open_end(line: &str, language: &str) -> Option<&'static str> {
    // An opening mark stands behind a space; one that touches the word before it is a mirrored closing one.
    let opens = line.ends_with(['«', '“', '„', '(', '[', '「'])
        && line.chars().rev().nth(1).is_none_or(char::is_whitespace);
    if opens && words::count(line) >= PROSE {
        return Some("nothing follows the opening mark");
    }
    match terminal(line) {
        Terminal::Sentence | Terminal::Blank | Terminal::Colon => None,
        Terminal::Ellipsis => {
            // Two full stops are how some writers end a sentence.
            let bare = line.ends_with("...") || line.ends_with('…');
            (bare && words::count(line) >= PARAGRAPH).then_some("an ellipsis")
        }
        _ if words::count(line) < PROSE => None,
        Terminal::Continues => {
            let comma = line
                .trim_end_matches([' ', '"'])
                .ends_with([',', '،', '、', '，']);
            let quoted = line.ends_with(['"', '»', '”', ')', ']']) && !line.ends_with(" \"");
            (comma && !quoted).then_some("a comma")
        }
        Terminal::Open => {
            if line.ends_with(['"', '»', '”', '’', '\'', ')', ']', '«', '(']) {
                return None;
            }
            let last = line.split_whitespace().next_back()?;
            // `Terminal A`, `vitamine E`: a capital letter is a name. So is علي, which على is not.
            if last.chars().count() == 1 && last.chars().all(char::is_uppercase) || last.ends_with("علي") {
                return None;
            }
            let mut folded = String::new();
            phrase_fold(last, &mut folded);
            function_words::is_open(&folded, language).then_some("an open phrase")
        }
    }
}
