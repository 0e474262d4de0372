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
    summary: "A line is Arabic UTF-8 read as windows-1252 that lost bytes afterwards.",
    why: "A program removed invisible characters from mojibake and with them half of every ف and ح. \
          The line can no longer be turned back byte for byte.",
    how: "The line's windows-1252 bytes are valid UTF-8 but for first bytes D9 or D8 that stand alone. \
          The unsafe fix puts ف for the first and ح for the second, the letters whose second byte is \
          invisible; ٠ may have been meant.",
    false_positives: "The Danish and Norwegian letter Ø alone is never enough: three whole Arabic letters \
                      must stand in the line.",
    source: "own measure; ftfy (ALTERED_UTF8_RE)",
    options: &[],
    examples: &[
        Example::bad("Ù€ ÙŠ Ø§Ù„ØµÙ", &["Ù€ ÙŠ Ø§Ù„ØµÙ"]).unsafe_fixed("ـ ي الصف"),
        Example::bad("Ø§Ù„ØªØ±ÙŠØ", &["Ø§Ù„ØªØ±ÙŠØ"]).unsafe_fixed("التريح"),
        Example::good("Ø§Ù„ÙˆØ²ÙŠØ±"),
        Example::good("ØL OG MAD PÅ ØEN").lang("da"),
    ],
    wake: Wake::Text(Flags::MOJIBAKE),
    check: |_| Ok(Box::new(MojibakeLossy)),
};

struct MojibakeLossy;

impl Check for MojibakeLossy {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !lossy::has_orphan_letters(text.value) {
            return;
        }
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
    }
}
