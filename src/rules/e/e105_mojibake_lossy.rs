//! E105 mojibake-lossy.

use crate::finding::{Safety, Severity};
use crate::rules::encoding::{head, is_garbled};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::lossy;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "E105",
    name: "mojibake-lossy",
    severity: Severity::Error,
    scope: Scope::Line,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A line is UTF-8 read as a single-byte charset that lost bytes afterwards.",
    why: "A program removed invisible characters from mojibake, turned no-break spaces into spaces, or put \
          U+FFFD or a question mark where a character was unknown to it. In Arabic half of every ف and ح \
          goes. The line can no longer be turned back byte for byte.",
    how: "The line holds sequences as E101 or E102 find them, and some with a byte missing: first bytes D9 or \
          D8 of Arabic letters that stand alone, a space where a no-break space belongs (`lÃ haut`), U+FFFD or \
          a question mark among the rest. The unsafe fix puts ف for D9 and ح for D8, the letters whose second \
          byte is invisible (٠ may have been meant), à for `Ã` and a space, and U+FFFD where a byte is unknown.",
    false_positives: "The Danish and Norwegian letter Ø alone is never enough: three whole Arabic letters \
                      must stand in the line. Elsewhere the line must make more sense without the sequences.",
    source: "own measure",
    options: &[],
    examples: &[
        Example::bad("Ù€ ÙŠ Ø§Ù„ØµÙ", &["Ù€ ÙŠ Ø§Ù„ØµÙ"]).unsafe_fixed("ـ ي الصف"),
        Example::bad("Ø§Ù„ØªØ±ÙŠØ", &["Ø§Ù„ØªØ±ÙŠØ"]).unsafe_fixed("التريح"),
        Example::bad("Elle est lÃ depuis l’Ã©tÃ©", &["Elle est lÃ depuis l’Ã©tÃ©"])
            .lang("fr")
            .unsafe_fixed("Elle est là depuis l’été"),
        Example::bad("â€œGut gemachtâ€\u{fffd}, sagte sie", &["â€œGut gemachtâ€\u{fffd}, sagte sie"])
            .lang("de")
            .unsafe_fixed("“Gut gemacht\u{fffd}, sagte sie"),
        Example::good("Ø§Ù„ÙˆØ²ÙŠØ±"),
        Example::good("ØL OG MAD PÅ ØEN").lang("da"),
    ],
    wake: Wake::Text(Flags::MOJIBAKE.or(Flags::REPLACEMENT)),
    check: |_| Ok(Box::new(MojibakeLossy)),
};

struct MojibakeLossy;

impl Check for MojibakeLossy {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for line in text.lines() {
            let source = &text.value[line.trimmed.range()];
            let Some(filled) = lossy::fill(source) else {
                continue;
            };
            if is_garbled(text, line.trimmed.start) {
                continue;
            }
            let message = format!(
                "Garbled line lost {} byte{}; it most likely is \"{}\".",
                filled.lost,
                if filled.lost == 1 { "" } else { "s" },
                head(&filled.text)
            );
            out.span(line.trimmed, message).replace(
                Safety::Unsafe,
                "restore the text and fill the gaps",
                filled.text,
            );
        }
        for (span, restored) in text.restored() {
            if restored.lossy {
                let message = format!("Garbled line lost bytes; what is left of it is \"{}\".", head(&restored.text));
                out.span(*span, message)
                    .replace(Safety::Unsafe, "restore what is left", restored.text.clone());
            }
        }
    }
}
