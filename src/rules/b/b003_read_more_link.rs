//! B003 read-more-link.

use crate::finding::{Safety, Severity};
use crate::rules::residue::{delete_line, has_residue_neighbour, is_isolated, line_of, quote};
use crate::rules::{Check, Example, Out, PhraseHit, PhraseKind, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B003",
    name: "read-more-link",
    severity: Severity::Error,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article is the text of a \"read more\" link.",
    why: "Link texts end up inside articles when a page is turned into text without its structure. \
          A model learns to write them, and where they end a teaser the article itself is missing.",
    how: "A line that equals an entry of table B003 after folding, anywhere in the text; or a line of \
          at most 25 words that starts with *read also:* and the like. The fix deletes the line: safe \
          for a whole-line entry, unsafe for a prefix, whose rest is somebody's headline.",
    false_positives: "A line of one word (*More*, *المزيد*, *更多*) counts only between blank lines or \
                      next to other residue: it may be a name or a heading.",
    source: "Penedo et al., RefinedWeb (2023), line-wise filters; practice with scraped news pages",
    options: &[],
    examples: &[
        Example::bad("أنهى الفريق ترميم البرج القديم.\n\nاقرأ المزيد", &["اقرأ المزيد"])
            .fixed("أنهى الفريق ترميم البرج القديم."),
        Example::bad(
            "Panen padi dimulai pekan ini.\nBaca juga: Harga beras naik",
            &["Baca juga: Harga beras naik"],
        )
        .lang("id")
        .unsafe_fixed("Panen padi dimulai pekan ini."),
        Example::bad("The mill reopened.\n\nMore »\n\nThe queue was long.", &["More »"])
            .lang("en")
            .fixed("The mill reopened.\n\nThe queue was long."),
        Example::good("اقرأ المزيد من الكتب، هذا ما نصح به المعلم تلاميذه."),
        Example::good("The portrait shows two lawyers:\nMore\nand his daughter.").lang("en"),
        Example::good("More than 40 people came.").lang("en"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(ReadMoreLink)),
};

struct ReadMoreLink;

impl Check for ReadMoreLink {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let line = line_of(text, hit);
        let safety = match hit.kind {
            PhraseKind::Line if hit.words > 1 => Safety::Safe,
            PhraseKind::Line
                if is_isolated(text.lines(), hit.line) || has_residue_neighbour(text, hit.line) =>
            {
                Safety::Safe
            }
            PhraseKind::Prefix => Safety::Unsafe,
            _ => return,
        };
        let finding = out.span(hit.span, format!("\"Read more\" link text \"{}\".", quote(line)));
        delete_line(finding, text, hit.line, safety);
    }
}
