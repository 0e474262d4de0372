//! U008 invisible-character.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::{self, Script};
use crate::text::runs::{Run, may_be_garbled_lead};
use crate::text::scan::{Flags, is_invisible};
use crate::text::{lines, visible};

pub(crate) const RULE: Rule = Rule {
    code: "U008",
    name: "invisible-character",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text holds an invisible character: soft hyphen, zero-width space, filler and the like.",
    why: "Readers do not see it, programs do: a word with one in it is found by no search and is a copy of \
          no other text.",
    how: "U+00AD, U+034F, U+115F, U+1160, U+180E, U+200B, U+2060 to U+2064, U+206A to U+206F, U+2800, \
          U+3164, U+FFA0, U+FFF9 to U+FFFC; a run of the same is one finding. The fix deletes it; a line \
          that holds nothing but a filler (U+3164, U+2800) is deleted.",
    false_positives: "A zero-width space separates words in Thai, Lao, Khmer, Burmese, Tibetan and breaks \
                      lines in Japanese: it stays in records of those languages and between letters of \
                      those scripts. Fillers stay beside conjoining Hangul, blank Braille cells in Braille, \
                      the vowel separator in Mongolian, the grapheme joiner between combining marks. A soft \
                      hyphen that may be a byte of garbled text is reported without a fix, and not at all where \
                      the text is reported as garbled.",
    source: "Unicode 23.2, 23.3; UAX #14; UTS #39 Identifier_Type",
    options: &[
        OptionDef {
            name: "zwsp-ok",
            kind: OptionKind::Strings(&["th", "lo", "km", "my", "bo", "ja"]),
            doc: "Languages in which U+200B is left alone.",
        },
        OptionDef {
            name: "shy-ok",
            kind: OptionKind::Strings(&[]),
            doc: "Languages in which U+00AD is left alone.",
        },
    ],
    examples: &[
        Example::bad("Regie\u{ad}rung", &["\u{ad}"])
            .lang("de")
            .fixed("Regierung"),
        Example::bad("أسط\u{200b}\u{200b}ح", &["\u{200b}\u{200b}"]).fixed("أسطح"),
        Example::bad("one\n\u{3164}\ntwo", &["\u{3164}"])
            .lang("en")
            .fixed("one\ntwo"),
        Example::good("ประเทศ\u{200b}ไทย").lang("th"),
        Example::good("می\u{200c}خواهم").lang("fa"),
        Example::good("⠓\u{2800}⠑").lang("en"),
    ],
    wake: Wake::Text(Flags::INVISIBLE),
    check: |options| {
        Ok(Box::new(InvisibleCharacter {
            zwsp_ok: options.strings("zwsp-ok"),
            shy_ok: options.strings("shy-ok"),
        }))
    },
};

struct InvisibleCharacter {
    zwsp_ok: Vec<String>,
    shy_ok: Vec<String>,
}

impl InvisibleCharacter {
    /// Whether the character does its work here.
    fn is_right(&self, run: &Run, text: &Text<'_>) -> bool {
        let language = text.language();
        let before = run.before(text.value);
        let after = run.after(text.value);
        let beside = |wanted: fn(char) -> bool| before.is_some_and(wanted) || after.is_some_and(wanted);
        match run.code {
            '\u{200B}' => {
                self.zwsp_ok.iter().any(|ok| ok == language)
                    || beside(|c| {
                        class::script(c).is_unspaced_alphabet() || class::script(c) == Script::Tibetan
                    })
            }
            '\u{AD}' => self.shy_ok.iter().any(|ok| ok == language),
            '\u{34F}' => before.is_some_and(class::is_mark) && after.is_some_and(class::is_mark),
            '\u{115F}' | '\u{1160}' => beside(
                |c| matches!(c, '\u{1100}'..='\u{115E}' | '\u{1161}'..='\u{11FF}' | '\u{A960}'..='\u{A97C}' | '\u{D7B0}'..='\u{D7FB}'),
            ),
            '\u{180E}' => before.is_some_and(|c| class::script(c) == Script::Mongolian),
            '\u{2800}' => beside(|c| matches!(c, '\u{2801}'..='\u{28FF}')),
            _ => false,
        }
    }
}

/// What to delete: the run, or its whole line when there is nothing else on it.
fn deletion(run: &Run, text: &Text<'_>) -> Span {
    if !matches!(run.code, '\u{3164}' | '\u{2800}') {
        return run.span;
    }
    let table = text.lines();
    let index = table
        .partition_point(|line| line.span.start <= run.span.start)
        .saturating_sub(1);
    let alone = table
        .get(index)
        .is_some_and(|line| line.text(text.value).trim_matches(run.code).is_empty());
    // Two runs on one line would delete it twice.
    let first = table
        .get(index)
        .is_some_and(|line| text.value[line.span.start..run.span.start].trim().is_empty());
    if alone && first {
        lines::deletion(text.value, table, index, index)
    } else {
        run.span
    }
}

impl Check for InvisibleCharacter {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let garbled = text.scan.flags.any(Flags::MOJIBAKE);
        for run in text.runs(is_invisible) {
            if self.is_right(&run, text) {
                continue;
            }
            let name = visible::name(run.code);
            let hex = u32::from(run.code);
            let message = match run.count() {
                1 => format!("Invisible {name} U+{hex:04X}."),
                n => format!("Invisible {name} U+{hex:04X}, {n} in a row."),
            };
            let needed =
                garbled && run.code == '\u{AD}' && run.before(text.value).is_some_and(may_be_garbled_lead);
            let deletion = deletion(&run, text);
            let mut finding = out.span(run.span, message);
            if garbled && run.code == '\u{AD}' {
                // A byte of what the whole line is reported for.
                finding = finding.unless(&["E101", "E102", "E103", "E104", "E105"]);
            }
            if !needed {
                finding.edits(
                    Safety::Safe,
                    "delete it",
                    vec![crate::finding::Edit {
                        span: deletion,
                        text: String::new(),
                    }],
                );
            }
        }
    }
}
