//! E111 double-escaped-entity.

use super::e110::{is_html, printable, safety};
use crate::finding::{Safety, Severity};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::entities;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "E111",
    name: "double-escaped-entity",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text holds an HTML character reference whose ampersand was escaped again.",
    why: "A publishing system escaped text that was escaped already, so that even a browser shows \
          `&quot;`. Decoding once, as E110 does, would leave it broken.",
    how: "`&amp;quot;`, `&amp;amp;#1575;` and the like are reported with the number of layers. The fix \
          decodes all of them.",
    false_positives: "As for E110: unsafe between quotation marks or backticks.",
    source: "HTML Standard 13.2.5.72 to 13.2.5.80",
    options: &[],
    examples: &[
        Example::bad("&amp;quot;Yes&amp;quot;", &["&amp;quot;", "&amp;quot;"])
            .lang("en")
            .fixed("\"Yes\""),
        Example::bad("حرف &amp;amp;#1575;", &["&amp;amp;#1575;"]).fixed("حرف ا"),
        Example::good("\"Yes\"").lang("en"),
        Example::good("a & b &amp; c").lang("en"),
    ],
    wake: Wake::Text(Flags::AMPERSAND),
    check: |_| Ok(Box::new(DoubleEscapedEntity)),
};

struct DoubleEscapedEntity;

impl Check for DoubleEscapedEntity {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        // In HTML source E110 says that the text is markup; `&amp;lt;` is right there.
        if is_html(text.value) {
            return;
        }
        for found in entities::references(text.value).filter(|found| found.depth > 1) {
            let source = &text.value[found.span.range()];
            let builder = out.span(
                found.span,
                format!("Entity escaped {} times: \"{source}\".", found.depth),
            );
            if let Some(decoded) = printable(&found) {
                let safety: Safety = safety(text.value, &found, decoded);
                builder.replace(safety, "decode every layer", decoded);
            }
        }
    }
}
