//! U014 odd-space.

use crate::finding::{Edit, Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::{self, Kind, Script};
use crate::text::runs::may_be_garbled_lead;
use crate::text::scan::{Flags, is_odd_space};
use crate::text::visible;

pub(crate) const RULE: Rule = Rule {
    code: "U014",
    name: "odd-space",
    severity: Severity::Info,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A no-break, fixed-width or ideographic space is used as a plain space.",
    why: "Half of all Arabic news holds no-break spaces, left over from web editors. They glue two words \
          into one for every program that splits at U+0020.",
    how: "U+00A0, U+1680, U+2000 to U+200A, U+202F, U+205F, U+3000. One finding per field, at the first, with \
          the count. The fix writes U+0020.",
    false_positives: "Kept: no-break spaces of French typography (before ; : ! ? % » and after «; also where the \
                      record names no language) and between the digits of a number in languages that group \
                      digits so; U+3000 in Chinese, Japanese, Korean and beside their letters; U+202F in \
                      Mongolian; the space of Ogham. A space that may be a byte of garbled text is left to `E101`.",
    source: "UAX #14 classes GL and BA; measured on Arabic news: no-break space in 26 to 46 % of articles",
    options: &[],
    examples: &[
        Example::bad("قال\u{a0}الوزير إن\u{a0}العمل", &["\u{a0}"]).fixed("قال الوزير إن العمل"),
        Example::bad("two\u{2003}words", &["\u{2003}"])
            .lang("en")
            .fixed("two words"),
        Example::bad("un\u{a0}mot\u{a0}!", &["\u{a0}"])
            .lang("fr")
            .fixed("un mot\u{a0}!"),
        Example::good("«\u{a0}Oui\u{a0}» : 12\u{202f}000\u{a0}%").lang("fr"),
        Example::good("「はい」\u{3000}次").lang("ja"),
        Example::good("قال الوزير"),
    ],
    wake: Wake::Text(Flags::ODD_SPACE),
    check: |_| Ok(Box::new(OddSpace)),
};

struct OddSpace;

/// Languages that write a space between groups of digits (CLDR number symbols, group separator).
const GROUPING: [&str; 23] = [
    "af", "be", "bg", "cs", "et", "fi", "fr", "hu", "hy", "ka", "kk", "ky", "lt", "lv", "nb", "nn", "no",
    "pl", "pt", "ru", "sk", "sv", "uk",
];

fn is_east_asian(c: char) -> bool {
    let script = class::script(c);
    script.is_ideographic()
        || script == Script::Hangul
        || matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}')
}

fn is_kept(c: char, before: Option<char>, after: Option<char>, language: &str) -> bool {
    let beside = |wanted: fn(char) -> bool| before.is_some_and(wanted) || after.is_some_and(wanted);
    let unnamed = language.is_empty() || language == "und";
    match c {
        '\u{3000}' => matches!(language, "zh" | "ja" | "ko" | "yue") || beside(is_east_asian),
        '\u{1680}' => beside(|c| ('\u{1681}'..='\u{169C}').contains(&c)),
        '\u{202F}' if language == "mn" || beside(|c| class::script(c) == Script::Mongolian) => true,
        '\u{A0}' | '\u{202F}' | '\u{2009}' => {
            let is_digit = |c: Option<char>| c.is_some_and(|c| class::class(c).kind() == Kind::Digit);
            let in_number = is_digit(before) && is_digit(after);
            if (unnamed || GROUPING.contains(&language)) && in_number {
                return true;
            }
            let french = (unnamed || language == "fr") && c != '\u{2009}';
            french
                && (before == Some('«')
                    || matches!(after, Some('»' | ';' | ':' | '!' | '?' | '%' | '€'))
                    || (language == "fr" && matches!(after, Some('«')) && c == '\u{A0}' && is_digit(before)))
        }
        _ => false,
    }
}

impl Check for OddSpace {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let garbled = text.scan.flags.any(Flags::MOJIBAKE);
        let mut edits = Vec::new();
        let mut first = ' ';
        let mut mixed = false;
        for run in text.runs(is_odd_space) {
            for at in run.span.range().step_by(run.code.len_utf8()) {
                let (c, end) = (run.code, at + run.code.len_utf8());
                let before = text.value[..at].chars().next_back();
                let after = text.value[end..].chars().next();
                let needed = garbled && before.is_some_and(may_be_garbled_lead);
                if !needed && !is_kept(c, before, after, text.language()) {
                    if edits.is_empty() {
                        first = c;
                    }
                    mixed |= c != first;
                    edits.push(Edit {
                        span: Span::new(at, end),
                        text: " ".to_owned(),
                    });
                }
            }
        }
        let Some(edit) = edits.first() else { return };
        let times = if edits.len() == 1 { "time" } else { "times" };
        let message = format!(
            "{} (U+{:04X}){} used as a plain space ({} {times}).",
            capital(visible::name(first)),
            u32::from(first),
            if mixed { " and others" } else { "" },
            edits.len()
        );
        out.span(edit.span, message)
            .edits(Safety::Safe, "replace by a plain space", edits);
    }
}

/// The text with its first letter in upper case.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
