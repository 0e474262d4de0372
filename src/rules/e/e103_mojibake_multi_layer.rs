//! E103 mojibake-multi-layer.

use crate::finding::{Safety, Severity};
use crate::rules::encoding::head;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "E103",
    name: "mojibake-multi-layer",
    severity: Severity::Error,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line is UTF-8 that was read wrongly more than once.",
    why: "The text went through several programs that each guessed its encoding wrongly. It is \
          unreadable, and five times as long as it should be.",
    how: "What E101 does is repeated on its own result, up to four times. The fix undoes every layer; \
          garbling the repaired text again gives exactly the line as found.",
    false_positives: "",
    source: "own; ftfy (fix_encoding)",
    options: &[],
    examples: &[
        Example::bad("Ã˜Â§Ã™â€ž", &["Ã˜Â§Ã™â€ž"]).fixed("ال"),
        Example::bad("ÃƒÂ©tÃƒÂ©", &["ÃƒÂ©tÃƒÂ©"]).lang("fr").fixed("été"),
        Example::good("été").lang("fr"),
        Example::good("Ø§Ù„ÙˆØ²ÙŠØ± ÙŠØµÙ„"),
    ],
    wake: Wake::Text(Flags::MOJIBAKE),
    check: |_| Ok(Box::new(MojibakeMultiLayer)),
};

struct MojibakeMultiLayer;

impl Check for MojibakeMultiLayer {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for line in text.garbled() {
            let layers = line.repair.layers.len();
            if layers < 2 {
                continue;
            }
            let message = format!(
                "Line was garbled {layers} times ({}); it should be \"{}\".",
                line.repair.path(),
                head(&line.repair.text)
            );
            out.span(line.span, message)
                .replace(Safety::Safe, "restore the text", line.repair.text.clone());
        }
    }
}
