//! B026 trailing-section-link.

use crate::finding::{Safety, Severity};
use crate::rules::residue::{EDGE, before, delete_line, ends_sentence, in_tail, is_residue, line_of, quote};
use crate::rules::{Check, Example, Out, PhraseHit, PhraseKind, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B026",
    name: "trailing-section-link",
    severity: Severity::Warning,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "The article ends with a link to a section of the site.",
    why: "*More from World* belongs to the page. At the end of an article it teaches a model that \
          articles end like that.",
    how: "A line among the last five non-blank ones that starts with an entry of table B026, has at most \
          six words, no digit and no full stop, and is followed by nothing but other residue and short \
          lines without a full stop. The fix deletes the line; it is safe when every later line is \
          residue and the line before is residue or ends a sentence.",
    false_positives: "Sentences (*المزيد من الضحايا سقطوا اليوم.*) end with a full stop; headings are \
                      followed by prose.",
    source: "Penedo et al., RefinedWeb (2023), line-wise filters; practice with scraped news pages",
    options: &[],
    examples: &[
        Example::bad(
            "وصلت السفينة إلى الميناء صباح اليوم.\n\nالمزيد من الشرق الأوسط",
            &["المزيد من الشرق الأوسط"],
        )
        .fixed("وصلت السفينة إلى الميناء صباح اليوم."),
        Example::bad("A list of winners\nMore from World", &["More from World"])
            .lang("en")
            .unsafe_fixed("A list of winners"),
        Example::good("المزيد من الضحايا سقطوا اليوم."),
        Example::good("گاؤں کی سڑک کھل گئی ہے۔\n\nمزید پڑھیں").lang("ur"),
        Example::good("More from him later.").lang("en"),
        Example::good("Plus de trains\n\nLa ligne du nord gagne quatre trains par jour.").lang("fr"),
        Example::good("La fête a commencé.\n\nPlus de 300 exposants").lang("fr"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(TrailingSectionLink)),
};

/// More words make a sentence or a headline.
const MAX_WORDS: usize = 6;
/// A longer line that follows is prose even without a full stop.
const SHORT_WORDS: usize = 12;

struct TrailingSectionLink;

/// Whether the whole line is an entry of another table, whose rule says more about it.
fn is_other_residue(text: &Text<'_>, hit: &PhraseHit) -> bool {
    text.phrases()
        .iter()
        .any(|other| other.line == hit.line && other.code != hit.code && other.kind == PhraseKind::Line)
}

impl Check for TrailingSectionLink {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let line = line_of(text, hit);
        let lines = text.lines();
        if hit.words > MAX_WORDS
            || is_other_residue(text, hit)
            || line.chars().any(char::is_numeric)
            || ends_sentence(line)
            || !in_tail(lines, hit.line, EDGE)
        {
            return;
        }
        let value = |index: usize| &text.value[lines[index].trimmed.range()];
        let mut only_residue = true;
        for index in (hit.line + 1..lines.len()).filter(|&index| !lines[index].trimmed.is_empty()) {
            if is_residue(text, index) {
                continue;
            }
            only_residue = false;
            let later = value(index);
            if ends_sentence(later) || later.split_whitespace().count() > SHORT_WORDS {
                return;
            }
        }
        let anchored = before(lines, hit.line)
            .is_some_and(|index| is_residue(text, index) || ends_sentence(value(index)));
        let safety = if only_residue && anchored {
            Safety::Safe
        } else {
            Safety::Unsafe
        };
        let finding = out.span(hit.span, format!("Trailing section link \"{}\".", quote(line)));
        delete_line(finding, text, hit.line, safety);
    }
}
