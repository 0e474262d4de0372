//! E102 mojibake-embedded.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::encoding::head;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;
use crate::text::{lossy, mojibake};

pub(crate) const RULE: Rule = Rule {
    code: "E102",
    name: "mojibake-embedded",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A word in a clean line is UTF-8 that was read as a single-byte charset.",
    why: "Text pasted from a wrongly decoded page keeps the damage in single words: `thÃ©Ã¢tre`, \
          `didnâ€™t`. Search does not find them and tokenizers split them.",
    how: "A run of non-ASCII characters is reported when it is strictly valid UTF-8 in a single-byte \
          charset and spells at least three characters (four outside windows-1252), or when it is one \
          or two of the characters that are frequent in European text, read as windows-1252. The \
          span is the whole word. The fix is unsafe: a run may be quoted on purpose.",
    false_positives: "Capitals before closing punctuation (`IRMÃ»`, `VOCÊ…`), a run alone between \
                      quotation marks, and lines that E101, E103 or E105 report as a whole are left alone.",
    source: "WHATWG Encoding Standard, index windows-1252; ftfy (decode_inconsistent_utf8); own list",
    options: &[],
    examples: &[
        Example::bad("L'été, le thÃ©Ã¢tre rouvre.", &["thÃ©Ã¢tre"])
            .lang("fr")
            .unsafe_fixed("L'été, le théâtre rouvre."),
        Example::bad("The minister didnâ€™t answer", &["didnâ€™t"])
            .lang("en")
            .unsafe_fixed("The minister didn’t answer"),
        Example::good("SÃO PAULO").lang("pt"),
        Example::good("CONCLUSÃO").lang("pt"),
        Example::good("The letter é turns into \"Ã©\" then.").lang("en"),
    ],
    wake: Wake::Text(Flags::MOJIBAKE),
    check: |_| Ok(Box::new(MojibakeEmbedded)),
};

struct MojibakeEmbedded;

impl Check for MojibakeEmbedded {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for line in text.value.split('\n') {
            let start = line.as_ptr().addr() - text.value.as_ptr().addr();
            let span = Span::new(start, start + line.len());
            if line.is_ascii() || text.garbled().iter().any(|whole| whole.span.overlaps(span)) {
                continue;
            }
            let words = mojibake::words(line);
            if words.is_empty() || lossy::fill(line.trim()).is_some() {
                continue;
            }
            for word in words {
                let span = Span::new(start + word.span.start, start + word.span.end);
                let message = format!(
                    "\"{}\" looks like UTF-8 read as {}: \"{}\".",
                    head(&text.value[span.range()]),
                    word.charset.name(),
                    head(&word.text)
                );
                out.span(span, message)
                    .replace(Safety::Unsafe, "restore the word", word.text);
            }
        }
    }
}
