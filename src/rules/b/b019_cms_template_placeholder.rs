//! B019 cms-template-placeholder.

use crate::finding::{Safety, Severity};
use crate::rules::phrases::WHOLE_LINE;
use crate::rules::residue::{delete_line, quote};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B019",
    name: "cms-template-placeholder",
    severity: Severity::Error,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text holds a placeholder of the publishing system that was never filled.",
    why: "A placeholder stands where a name, a picture or a list of links should be: the text was taken \
          from a broken page or before the template ran. It repeats in every record of its source.",
    how: "Table B019: expressions for Twig, Jinja, ERB, shell and Drupal tokens and WordPress short \
          codes, and the texts that publishing systems ship with. Where they cover at least 60 % of a \
          line the fix deletes the line (safe); a token inside prose is a \
          warning and is deleted alone (unsafe).",
    false_positives: "Articles on templating: code between back quotes or in a fenced block is skipped, \
                      and sample texts count only when they are most of the line.",
    source: "Drupal token and Twig syntax, Jinja, WordPress short code API; practice with scraped pages",
    options: &[],
    examples: &[
        Example::bad(
            "انتهت أعمال الطريق الساحلي.\n\nيحتوي هذا القسم على المقلات ذات صلة, الموضوعة في (Related Nodes field)",
            &["يحتوي هذا القسم على المقلات ذات صلة, الموضوعة في (Related Nodes field)"],
        )
        .fixed("انتهت أعمال الطريق الساحلي."),
        Example::bad(
            "The fair opens on Friday, says {{ event.speaker }}, and tickets are free for pupils.",
            &["{{ event.speaker }}"],
        )
        .lang("en")
        .unsafe_fixed("The fair opens on Friday, says , and tickets are free for pupils."),
        Example::bad("[caption id=\"a1\" align=\"left\"]\nThe old mill.", &["[caption id=\"a1\" align=\"left\"]"])
            .lang("en")
            .fixed("The old mill."),
        Example::good("He wrote f(x) = {x}.").lang("en"),
        Example::good("In the template `{{ title }}` stands for the headline.").lang("en"),
        Example::good("She has worked in the media field since 1998, he in the author field.").lang("en"),
        Example::good("حقل الغاز (كاريش)"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(CmsTemplatePlaceholder)),
};

struct CmsTemplatePlaceholder;

impl Check for CmsTemplatePlaceholder {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let line = text.lines()[hit.line].trimmed;
        let whole = hit.cover >= WHOLE_LINE;
        // A sample text in the middle of a sentence is talk about it.
        if !whole && hit.span == line {
            return;
        }
        let quoted = quote(&text.value[hit.span.range()]);
        let finding = out.span(
            hit.span,
            format!("Template placeholder \"{quoted}\" was never filled."),
        );
        if whole {
            delete_line(finding, text, hit.line, Safety::Safe);
        } else {
            // One token may be what the article is about: no reason to lose the record.
            finding
                .replace(Safety::Unsafe, "delete the placeholder", "")
                .severity(Severity::Warning);
        }
    }
}
