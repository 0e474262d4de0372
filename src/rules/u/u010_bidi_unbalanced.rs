//! U010 bidi-unbalanced.

use crate::finding::{Edit, Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::bidi::{self, Control};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U010",
    name: "bidi-unbalanced",
    severity: Severity::Error,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A paragraph opens bidi embeddings or isolates that it does not close, or closes what it did not open.",
    why: "An embedding without an end reorders all that follows in the paragraph, on a page also what is not \
          part of the article. It is left over when text is cut.",
    how: "Per paragraph, LRE and RLE are matched with PDF, and LRI, RLI and FSI with PDI, as UAX #9 does; \
          nesting deeper than 125 counts too. One finding per paragraph, at its first control without a \
          partner. The fix deletes the controls without a partner. Overrides are the business of `U009`.",
    false_positives: "Balanced isolates and embeddings around foreign names are right and left alone.",
    source: "UAX #9 BD8 to BD13; Boucher and Anderson, Trojan Source (2021)",
    options: &[],
    examples: &[
        Example::bad("\u{2067}نص بلا نهاية", &["\u{2067}"]).fixed("نص بلا نهاية"),
        Example::bad("text\u{2069}", &["\u{2069}"])
            .lang("en")
            .fixed("text"),
        Example::bad("\u{202b}سطر\nسطر\u{202c}", &["\u{202b}", "\u{202c}"]).fixed("سطر\nسطر"),
        Example::good("\u{2068}John\u{2069} قال"),
        Example::good("\u{202b}نص\u{202c}"),
    ],
    wake: Wake::Text(Flags::BIDI_EMBEDDING),
    check: |_| Ok(Box::new(BidiUnbalanced)),
};

struct BidiUnbalanced;

/// The controls of a paragraph that have to go.
fn stray(paragraph: &[Control]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for control in paragraph {
        if control.is_override() {
            continue;
        }
        if control.partner.is_none() || control.too_deep {
            spans.push(control.span());
        }
        if let (true, Some(partner)) = (control.too_deep, control.partner) {
            let close = paragraph.iter().find(|other| other.at == partner);
            spans.extend(close.map(Control::span));
        }
    }
    spans.sort_unstable();
    spans
}

impl Check for BidiUnbalanced {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let controls = bidi::controls(text.value);
        for paragraph in controls.chunk_by(|a, b| a.paragraph == b.paragraph) {
            let stray = stray(paragraph);
            let Some(&first) = stray.first() else { continue };
            let open = paragraph.iter().filter(|control| control.opens()).count();
            let close = paragraph.len() - open;
            let message = if paragraph.iter().any(|control| control.too_deep) {
                format!(
                    "Bidi controls nest deeper than {} in this paragraph.",
                    bidi::MAX_DEPTH
                )
            } else {
                let code = text.value[first.range()].chars().next().unwrap_or_default();
                format!(
                    "{open} opening and {close} closing bidi controls in this paragraph; {} without a partner, first {} (U+{:04X}).",
                    stray.len(),
                    bidi::abbreviation(code),
                    u32::from(code)
                )
            };
            let edits = stray
                .into_iter()
                .map(|span| Edit {
                    span,
                    text: String::new(),
                })
                .collect();
            out.span(first, message)
                .edits(Safety::Safe, "delete the controls without a partner", edits);
        }
    }
}
