//! U001 not-nfc.

use crate::finding::{Edit, Safety, Severity};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;
use crate::text::{nfc, visible};

pub(crate) const RULE: Rule = Rule {
    code: "U001",
    name: "not-nfc",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text is not in Unicode Normalization Form C.",
    why: "The same word written with other code points is another word to a search, a tokenizer, a hash \
          and a duplicate finder. NFC is the form that nearly all text on the web has.",
    how: "One finding per field, placed at the first combining sequence that NFC changes; the count says \
          how many there are. The fix rewrites only those sequences. The result is canonically \
          equivalent: no reader sees a difference. Composition exclusions (Indic letters with nukta, \
          Hebrew presentation forms) decompose, as NFC says.",
    false_positives: "Arabic marks in typed order (shadda before the vowel) are not NFC but harmless: where \
                      nothing but the order of marks differs, the finding is `info` and says so.",
    source: "UAX #15; UAX #53 section 5.1",
    options: &[],
    examples: &[
        Example::bad("Viê\u{323}t Nam", &["ê\u{323}"])
            .lang("vi")
            .fixed("Việt Nam"),
        Example::bad("cafe\u{301} et the\u{301}", &["e\u{301}"])
            .lang("fr")
            .fixed("café et thé"),
        Example::bad("الشّ\u{64e}مس", &["ش\u{651}\u{64e}"]).fixed("الش\u{64e}\u{651}مس"),
        Example::good("Việt Nam").lang("vi"),
        Example::good("café").lang("fr"),
        Example::good("مُدَرِّسَة"),
    ],
    wake: Wake::Text(Flags::NFC),
    check: |_| Ok(Box::new(NotNfc)),
};

struct NotNfc;

impl Check for NotNfc {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if nfc::is_nfc_decided(text.value) {
            return;
        }
        let places = nfc::places(text.value);
        let Some(first) = places.first() else { return };
        let span = first.span;
        let n = places.len();
        let noun = if n == 1 { "place" } else { "places" };
        let shown = visible::excerpt(&text.value[span.range()], 20);
        let mut message = format!("Text is not in NFC ({n} {noun}, first \"{shown}\").");
        let order_only = places.iter().all(|place| place.reordered);
        if order_only {
            message.push_str(" Only the order of combining marks differs, which no reader sees.");
        }
        let edits = places
            .into_iter()
            .map(|place| Edit {
                span: place.span,
                text: place.nfc,
            })
            .collect();
        let finding = out.span(span, message);
        let finding = if order_only {
            finding.severity(Severity::Info)
        } else {
            finding
        };
        finding.edits(Safety::Safe, "normalize to NFC", edits);
    }
}
