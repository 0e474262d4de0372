//! Q013 character-run.

use crate::finding::{Safety, Severity};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::{self, Kind, Script};
use crate::text::runs::{Run, runs};

pub(crate) const RULE: Rule = Rule {
    code: "Q013",
    name: "character-run",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A letter or mark is repeated four times or more.",
    why: "Stretched words and heaped exclamation marks are spelled in endless ways, each of them rare.",
    how: "Four or more of the same letter inside a word of other letters, or of the same punctuation mark right after a word. The \
          fix, which is unsafe, leaves one mark, or three full stops; letters have no fix, because how many were \
          meant is not known.",
    false_positives: "Full stops and dashes of any length that stand for a gap or fill a line, `www`, Roman \
                      numerals, masks of `x` or `*`, laughter of fewer than six ه, addresses, and rules of `=`, \
                      `_`, `~`, `#`, `+`, `.` or `-` are not reported.",
    source: "PyArabic and Maha, repeated characters; practice with user text in news",
    options: &[],
    examples: &[
        Example::bad("عدنا إلى الميناء!!!!!", &["!!!!!"]).unsafe_fixed("عدنا إلى الميناء!"),
        Example::bad("كان الحفل رااااائعا", &["ااااا"]),
        Example::bad("That was sooooo good", &["ooooo"]).lang("en"),
        Example::bad("Really????", &["????"])
            .lang("en")
            .unsafe_fixed("Really?"),
        Example::good("He waited... and waited.....").lang("en"),
        Example::good("www.example.org and wwww.example.org").lang("en"),
        Example::good("العام 1111 هـ، ههههه"),
        Example::good("==========\nTotal: 10000 in XXXXVIII, card **** 1234, https://example.org/aaaa")
            .lang("en"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(CharacterRun)),
};

struct CharacterRun;

/// Least length of a run.
const RUN: usize = 4;
/// Least length of laughter.
const LAUGHTER: usize = 6;

/// Punctuation that is heaped up for effect; other marks draw lines and fill gaps.
const fn is_heaped(c: char) -> bool {
    matches!(
        c,
        '!' | '?' | '؟' | ',' | '،' | ';' | '؛' | '！' | '？' | '۔' | '।' | '。' | '、' | '，'
    )
}

fn is_stretched_letter(text: &str, run: &Run) -> bool {
    let class = class::class(run.code);
    if class.kind() != Kind::Letter || class.script().is_ideographic() {
        return false;
    }
    if run.code == '\u{640}' || matches!(run.code, 'x' | 'X' | 'w' | 'W') || run.code.is_uppercase() {
        return false;
    }
    let least = if run.code == 'ه' { LAUGHTER } else { RUN };
    // A word of nothing else is a mask, a numeral or a sound.
    let neighbour = |c: Option<char>| c.is_some_and(class::is_letter);
    run.count() >= least
        && class.script() != Script::Common
        && (neighbour(run.before(text)) || neighbour(run.after(text)))
        && !in_address(text, run)
}

/// Whether the token around a run is an address, a path or a key.
fn in_address(text: &str, run: &Run) -> bool {
    let before = text[..run.span.start].rsplit(char::is_whitespace).next();
    let after = text[run.span.end..].split(char::is_whitespace).next();
    let joined = |part: &str| {
        part.contains(['/', '@', '_', '=', '\\', '%']) || part.contains(|c: char| c.is_ascii_digit())
    };
    before.is_some_and(joined) || after.is_some_and(joined)
}

/// Whether something stands right before the run: marks that stand alone took the place of letters.
fn follows_a_word(text: &str, run: &Run) -> bool {
    run.before(text).is_some_and(|c| !c.is_whitespace())
}

impl Check for CharacterRun {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !text.shape().has_run {
            return;
        }
        let wanted = |c: char| is_heaped(c) || class::is_letter(c);
        for run in runs(text.value, wanted) {
            let count = run.count();
            let code = run.code;
            if count >= RUN && is_heaped(code) && follows_a_word(text.value, &run) {
                let message = format!("Punctuation \"{code}\" stands {count} times in a row.");
                out.span(run.span, message)
                    .replace(Safety::Unsafe, "Leave one mark", code.to_string());
            } else if count >= RUN && is_stretched_letter(text.value, &run) {
                out.span(
                    run.span,
                    format!(
                        "Letter \"{code}\" (U+{:04X}) stands {count} times in a row.",
                        u32::from(code)
                    ),
                );
            }
        }
    }
}
