//! U025 zero-width-joiner-misuse.

use crate::finding::{Edit, Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::{self, Kind, Script};
use crate::text::runs::Run;
use crate::text::scan::Flags;
use icu_properties::CodePointMapData;
use icu_properties::props::JoiningType;

pub(crate) const RULE: Rule = Rule {
    code: "U025",
    name: "zero-width-joiner-misuse",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A zero-width joiner or non-joiner stands where it has no effect.",
    why: "ZWNJ and ZWJ are spelling in Persian, Urdu, Kurdish, Pashto, Uyghur, in Indic scripts and in emoji. \
          Elsewhere they are invisible noise that makes equal words differ.",
    how: "Doubled; at the edge of a word; between letters of scripts that do not join (Latin, Greek, Cyrillic, \
          Hebrew, Han, Kana, Hangul); in Arabic text a ZWNJ after a letter that does not join anyway; a ZWJ \
          between letters that join anyway. The fix deletes what has no effect; of a doubled one that has, it \
          keeps one.",
    false_positives: "Between any two Arabic letters of a language other than Arabic a ZWNJ is right (کار\u{200c}ها), \
                      also after a digit, a Latin word or a closing bracket (۲۰\u{200c}ساله). A ZWJ that gives a \
                      letter its joined form (ه\u{200d}) is right, and so are joiners in Indic words and emoji.",
    source: "Unicode 9.2, 12.1, 23.2; UAX #31 section 2.3 A1, A2, B",
    options: &[],
    examples: &[
        Example::bad("می\u{200c}\u{200c}خواهم", &["\u{200c}\u{200c}"])
            .lang("fa")
            .fixed("می\u{200c}خواهم"),
        Example::bad("news\u{200d}paper", &["\u{200d}"])
            .lang("en")
            .fixed("newspaper"),
        Example::bad("می\u{200c} رود", &["\u{200c}"])
            .lang("fa")
            .fixed("می رود"),
        Example::bad("دار\u{200c}نا", &["\u{200c}"]).fixed("دارنا"),
        Example::good("می\u{200c}خواهم کار\u{200c}ها ۲۰\u{200c}ساله").lang("fa"),
        Example::good("क\u{94d}\u{200d}ष").lang("hi"),
        Example::good("سنة 1445 ه\u{200d}"),
        Example::good("\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}").lang("en"),
    ],
    wake: Wake::Text(Flags::JOINER),
    check: |_| Ok(Box::new(JoinerMisuse)),
};

struct JoinerMisuse;

const ZWNJ: char = '\u{200C}';
const ZWJ: char = '\u{200D}';

/// Whether an Arabic letter joins to what follows it.
fn joins_forward(c: char) -> bool {
    matches!(
        joining(c),
        JoiningType::DualJoining | JoiningType::JoinCausing | JoiningType::LeftJoining
    )
}

/// Whether an Arabic letter joins to what stands before it.
fn joins_backward(c: char) -> bool {
    matches!(
        joining(c),
        JoiningType::DualJoining | JoiningType::JoinCausing | JoiningType::RightJoining
    )
}

fn joining(c: char) -> JoiningType {
    CodePointMapData::<JoiningType>::new().get(c)
}

/// What stands beside a joiner, as far as joiners are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// Start or end of the text, white space, or sentence punctuation: the edge of a word.
    Edge,
    /// Letters of the Arabic script, tatweel.
    Arabic,
    /// Letters of scripts in which no letter joins.
    Separate,
    /// Digits.
    Digit,
    /// Other punctuation and symbols.
    Sign,
    /// Scripts, emoji and symbols in which joiners are at home.
    AtHome,
}

fn beside(c: Option<char>) -> Beside {
    let Some(c) = c else { return Beside::Edge };
    if matches!(
        c,
        '.' | ',' | ':' | ';' | '!' | '?' | '"' | ')' | ']' | '»' | '”' | '…' | '،' | '؛' | '؟' | '۔'
    ) {
        return Beside::Edge;
    }
    let class = class::class(c);
    match class.kind() {
        Kind::Separator | Kind::Control => Beside::Edge,
        Kind::Digit => Beside::Digit,
        Kind::Letter | Kind::Mark | Kind::Number => match class.script() {
            Script::Arabic => Beside::Arabic,
            Script::Latin
            | Script::Greek
            | Script::Cyrillic
            | Script::Hebrew
            | Script::Armenian
            | Script::Georgian
            | Script::Ethiopic
            | Script::Han
            | Script::Hiragana
            | Script::Katakana
            | Script::Bopomofo
            | Script::Hangul => Beside::Separate,
            Script::Common if c == '\u{640}' => Beside::Arabic,
            _ => Beside::AtHome,
        },
        Kind::Punctuation => Beside::Sign,
        // Emoji, skin tones, and symbols that emoji sequences join (♂, ⚕, ➡).
        Kind::Symbol if c.is_ascii() => Beside::Sign,
        _ => Beside::AtHome,
    }
}

/// The letter that carries the marks before a place.
fn base_before(text: &str) -> Option<char> {
    text.chars()
        .rev()
        .find(|&c| !(class::is_mark(c) && class::script(c) != Script::Common) || c == '\u{FE0F}')
}

/// Whether one joiner between these two does something here.
fn has_effect(code: char, before: Option<char>, after: Option<char>, language: &str) -> bool {
    let (left, right) = (beside(before), beside(after));
    if left == Beside::AtHome || (right == Beside::AtHome && left != Beside::Edge) {
        return true;
    }
    // Varieties of Arabic have no use for ZWNJ; other and unnamed languages may.
    let arabic = matches!(
        language,
        "ar" | "arz" | "arb" | "apc" | "ary" | "acm" | "aeb" | "ajp" | "afb"
    );
    let forward = left == Beside::Arabic && before.is_some_and(joins_forward);
    let backward = right == Beside::Arabic && after.is_some_and(joins_backward);
    if code == ZWJ {
        return match (forward, backward) {
            // They join anyway, except that lam and alef are kept from their ligature.
            (true, true) => before == Some('ل'),
            (false, false) => false,
            _ => true,
        };
    }
    match (left, right) {
        (Beside::Arabic, Beside::Arabic) => !arabic || forward,
        (_, Beside::Edge) | (Beside::Edge, Beside::Separate | Beside::Digit | Beside::Sign) => false,
        (Beside::Edge, _) => {
            !arabic && before.is_some_and(|c| matches!(c, ')' | ']' | '»' | '”' | '"' | '.'))
        }
        (Beside::Arabic, _) | (_, Beside::Arabic) => !arabic,
        _ => false,
    }
}

impl Check for JoinerMisuse {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let value = text.value;
        let is_joiner = |c| matches!(c, ZWNJ | ZWJ);
        for run in text.runs(is_joiner) {
            let before = run.before(value);
            let after = run.after(value);
            // Mixed runs are how Unicode 9.2 asks for special forms.
            if before.is_some_and(is_joiner) || after.is_some_and(is_joiner) {
                continue;
            }
            let base = base_before(&value[..run.span.start]);
            let works = has_effect(run.code, base, after, text.language());
            if works && run.count() == 1 {
                continue;
            }
            report(&run, works, out);
        }
    }
}

fn report(run: &Run, works: bool, out: &mut Out<'_>) {
    let (name, hex) = if run.code == ZWNJ {
        ("non-joiner", "U+200C")
    } else {
        ("joiner", "U+200D")
    };
    let (message, keep, title) = if works {
        (
            format!(
                "Zero-width {name} ({hex}), {} in a row where one is enough.",
                run.count()
            ),
            3,
            "keep one",
        )
    } else {
        (
            format!("Zero-width {name} ({hex}) where it has no effect."),
            0,
            "delete it",
        )
    };
    out.span(run.span, message).edits(
        Safety::Safe,
        title,
        vec![Edit {
            span: Span::new(run.span.start + keep, run.span.end),
            text: String::new(),
        }],
    );
}
