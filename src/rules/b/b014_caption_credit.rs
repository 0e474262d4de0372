//! B014 caption-credit.

use crate::finding::{Safety, Severity};
use crate::rules::phrases::matcher;
use crate::rules::residue::{ends_sentence, line_of, report};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B014",
    name: "caption-credit",
    severity: Severity::Info,
    scope: Scope::Line,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article is a photo caption or credit.",
    why: "The picture is not in the dataset: its caption interrupts the text and its credit names somebody who did not write it.",
    how: "A line of at most 14 words that matches table B014: a credit (*Photo: name*), an agency alone, or a caption that ends with an agency in brackets. The fix deletes the line and is unsafe: captions hold facts.",
    false_positives: "A sentence that begins like a caption has a full stop and no bracket or colon.",
    source: "Barbaresi, trafilatura (2021), caption selectors; IPTC Photo Metadata, credit line",
    options: &[],
    examples: &[
        Example::bad(
            "Photo: Jane Roe/AFP\n\nThe mill turns again.",
            &["Photo: Jane Roe/AFP"],
        )
        .lang("en")
        .unsafe_fixed("The mill turns again."),
        Example::bad(
            "صورة أرشيفية للعاصمة (رويترز)",
            &["صورة أرشيفية للعاصمة (رويترز)"],
        )
        .unsafe_fixed(""),
        Example::good("Photo exhibitions open on Monday.").lang("en"),
        Example::good("الصورة واضحة الآن."),
        Example::good("صورة أرشيفية نادرة عادت إلى صاحبها أمس."),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(CaptionCredit)),
};

struct CaptionCredit;

impl Check for CaptionCredit {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let line = line_of(text, hit);
        let marked = line.contains([':', '：', '(', '©', '/']);
        if (marked || !ends_sentence(line)) && !matcher().is_attributed(line) {
            report("Photo caption or credit", text, hit, Safety::Unsafe, out);
        }
    }
}
