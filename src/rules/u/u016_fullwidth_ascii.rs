//! U016 fullwidth-ascii.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::Script;
use crate::text::scan::Flags;
use crate::text::words::main_script;

pub(crate) const RULE: Rule = Rule {
    code: "U016",
    name: "fullwidth-ascii",
    severity: Severity::Info,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "Fullwidth letters, digits or signs stand in a text that is not Chinese, Japanese or Korean.",
    why: "`ＣＯＶＩＤ` is another word than COVID to every program.",
    how: "Runs of U+FF01 to U+FF5E in records of other languages; without a language, in texts whose main \
          script is none of Han, Kana, Bopomofo and Hangul. The fix writes the plain characters and is unsafe.",
    false_positives: "In Chinese, Japanese and Korean text fullwidth punctuation is right, and letters and digits \
                      of that width are a matter of style: nothing is said there.",
    source: "UAX #11; NFKC",
    options: &[],
    examples: &[
        Example::bad("ＣＯＶＩＤ report", &["ＣＯＶＩＤ"])
            .lang("en")
            .unsafe_fixed("COVID report"),
        Example::bad("２０２４ election！", &["２０２４", "！"])
            .lang("en")
            .unsafe_fixed("2024 election!"),
        Example::bad("لقاح ＣＯＶＩＤ", &["ＣＯＶＩＤ"]),
        Example::good("你好，世界！").lang("zh"),
        Example::good("Ａ社は２０２４年").lang("ja"),
        Example::good("世界杯２０２４").lang(""),
        Example::good("서울（２）").lang("ko"),
    ],
    wake: Wake::Text(Flags::FULLWIDTH),
    check: |_| Ok(Box::new(Fullwidth)),
};

struct Fullwidth;

impl Check for Fullwidth {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let language = text.language();
        if matches!(
            language,
            "zh" | "ja" | "ko" | "yue" | "wuu" | "lzh" | "nan" | "hak"
        ) {
            return;
        }
        // Whatever the record says of its language, such punctuation belongs to text of these scripts.
        let main = main_script(text.value);
        if main.is_ideographic() || matches!(main, Script::Bopomofo | Script::Hangul) {
            return;
        }
        let mut run: Option<(Span, String)> = None;
        for (at, c) in text.value.char_indices().chain([(text.value.len(), ' ')]) {
            if let Some(plain) = plain(c) {
                let (span, letters) = run.get_or_insert_with(|| (Span::new(at, at), String::new()));
                span.end = at + c.len_utf8();
                letters.push(plain);
            } else if let Some((span, letters)) = run.take() {
                let shown = if language.is_empty() { "this" } else { language };
                out.span(
                    span,
                    format!("Fullwidth characters in {shown} text, for \"{letters}\"."),
                )
                .replace(Safety::Unsafe, "write the plain characters", letters);
            }
        }
    }
}

/// The ASCII character for a fullwidth one.
fn plain(c: char) -> Option<char> {
    matches!(c, '\u{ff01}'..='\u{ff5e}')
        .then(|| char::from_u32(u32::from(c) - 0xff01 + 0x21))
        .flatten()
}
