//! U020 excess-combining-marks.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::{Script, is_default_ignorable, is_mark, script};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U020",
    name: "excess-combining-marks",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A letter carries more marks than any spelling of its script has.",
    why: "Piles of marks are decoration, or what is left of broken conversion; they cover the lines around \
          them and cost a token each.",
    how: "More marks behind one letter than its script needs: Latin, Greek and Cyrillic 2, Arabic and Thai 3, \
          Hebrew and the scripts of India 4, others 6. The fix keeps the first of them and is unsafe.",
    false_positives: "Shadda with a vowel and dagger alef is three marks, ệ two. Texts of linguistics stack more: \
                      ignore the rule for their records.",
    source: "UTS #39 section 5.4; UAX #15 section 13",
    options: &[],
    examples: &[
        Example::bad("Z\u{337}\u{322}\u{327}a\u{336}l", &["Z\u{337}\u{322}\u{327}"])
            .lang("en")
            .unsafe_fixed("Z\u{337}\u{322}a\u{336}l"),
        Example::bad(
            "ك\u{64b}\u{64e}\u{650}\u{651}\u{652} هنا",
            &["ك\u{64b}\u{64e}\u{650}\u{651}\u{652}"],
        ),
        Example::bad("мо\u{301}\u{300}\u{302}ст", &["о\u{301}\u{300}\u{302}"]).lang("ru"),
        Example::good("اللَّهُ أكبرُ"),
        Example::good("e\u{323}\u{302} and ệ").lang("vi"),
        Example::good("क्षि त्र्य").lang("hi"),
        Example::good("ที่นี่").lang("th"),
    ],
    wake: Wake::Text(Flags::COMBINING.or(Flags::HARAKAT)),
    check: |_| Ok(Box::new(ExcessMarks)),
};

struct ExcessMarks;

fn most(base: char) -> usize {
    match script(base) {
        Script::Latin | Script::Greek | Script::Cyrillic => 2,
        Script::Arabic | Script::Thai => 3,
        Script::Hebrew => 4,
        script if script.is_indic() => 4,
        _ => 6,
    }
}

/// Whether four Arabic marks of two bytes stand in a row. They are eight bytes long: of six bytes two
/// are looked at.
fn has_pile(bytes: &[u8]) -> bool {
    let mark = |at: usize| {
        bytes.get(at) == Some(&0xD9)
            && bytes
                .get(at + 1)
                .is_some_and(|byte| matches!(byte, 0x8B..=0x9F | 0xB0))
    };
    let row = |mut at: usize| {
        while at >= 2 && mark(at - 2) {
            at -= 2;
        }
        (0..4).all(|index| mark(at + 2 * index))
    };
    (0..bytes.len())
        .step_by(6)
        .any(|at| (mark(at) && row(at)) || (mark(at + 1) && row(at + 1)))
}

impl Check for ExcessMarks {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        // Harakat alone are common, four in a row are not.
        if !text.scan.flags.any(Flags::COMBINING) && !has_pile(text.value.as_bytes()) {
            return;
        }
        let mut base: Option<(usize, char)> = None;
        let (mut marks, mut kept) = (0, 0);
        for (at, c) in text.value.char_indices().chain([(text.value.len(), '\n')]) {
            // Marks are far beyond ASCII; joiners and selectors are none.
            if !c.is_ascii() && is_mark(c) && !is_default_ignorable(c) {
                marks += 1;
                if base.is_some_and(|(_, base)| marks == most(base)) {
                    kept = at + c.len_utf8();
                }
                continue;
            }
            if let Some((start, letter)) = base.filter(|(_, base)| marks > most(*base)) {
                let message = format!(
                    "{marks} combining marks on one \"{letter}\", at most {} are spelling.",
                    most(letter)
                );
                let whole = text.value[start..kept].to_owned();
                out.span(Span::new(start, at), message).replace(
                    Safety::Unsafe,
                    "keep the first marks",
                    whole,
                );
            }
            base = Some((at, c));
            marks = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pile_is_seen_wherever_it_stands() {
        for before in 0..20 {
            for (marks, expected) in [(3, false), (4, true), (6, true)] {
                let text = format!("{}ب{}ب", "x".repeat(before), "\u{64e}".repeat(marks));
                assert_eq!(has_pile(text.as_bytes()), expected, "{before} {marks}");
            }
        }
    }
}
