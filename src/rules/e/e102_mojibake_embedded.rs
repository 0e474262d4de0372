//! E102 mojibake-embedded.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::encoding::head;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "E102",
    name: "mojibake-embedded",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A word in a clean line is UTF-8 that was read as a single-byte charset.",
    why: "Text pasted from a wrongly decoded page keeps the damage in single words: `thÃ©Ã¢tre`, \
          `didnâ€™t`. Search does not find them and tokenizers split them.",
    how: "Under each charset of E101 the line is searched for runs of characters whose bytes are UTF-8. \
          What stands there is compared with what it would be: signs after letters, capitals inside \
          words, two scripts in one word, controls and rare letters are odd, ordinary words are not. \
          The charset that makes the line least odd is undone, then the next one, up to four layers. \
          The span is the whole word. The fix is unsafe, because a word may be quoted on purpose. It is \
          safe where the line is garbled as a whole but for quotation marks and dashes that were put in \
          later: at least four characters in three words, one charset, one script, and garbling the \
          words again gives exactly what was found.",
    false_positives: "Capitals before closing punctuation (`IRMÃ»`, `VOCÊ…`), a run alone between \
                      quotation marks, and lines that E101, E103 or E105 report as a whole are left alone.",
    source: "WHATWG Encoding Standard, index windows-1252; own measure",
    options: &[],
    examples: &[
        Example::bad("L'été, le thÃ©Ã¢tre rouvre.", &["thÃ©Ã¢tre"])
            .lang("fr")
            .unsafe_fixed("L'été, le théâtre rouvre."),
        Example::bad("The minister didnâ€™t answer", &["didnâ€™t"])
            .lang("en")
            .unsafe_fixed("The minister didn’t answer"),
        Example::bad("Le soir, l’Ã©cole fermÃ©e rouvre aprÃ¨s l’Ã©tÃ©.", &["l’Ã©cole", "fermÃ©e", "aprÃ¨s", "l’Ã©tÃ©"])
            .lang("fr")
            .fixed("Le soir, l’école fermée rouvre après l’été."),
        Example::bad("Nous allons Ã\u{a0} la mer", &["Ã\u{a0}"])
            .lang("fr")
            .unsafe_fixed("Nous allons à la mer"),
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
        for (line, restored) in text.restored() {
            if restored.lossy {
                continue;
            }
            let safety = if restored.certain { Safety::Safe } else { Safety::Unsafe };
            for word in &restored.words {
                let span = Span::new(line.start + word.span.start, line.start + word.span.end);
                let message = format!(
                    "\"{}\" looks like UTF-8 read as {}: \"{}\".",
                    head(&text.value[span.range()]),
                    word.charset.name(),
                    head(&word.text)
                );
                out.span(span, message)
                    .replace(safety, "restore the word", word.text.clone());
            }
        }
    }
}
