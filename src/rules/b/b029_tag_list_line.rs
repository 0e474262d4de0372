//! B029 tag-list-line.

use crate::finding::{Safety, Severity};
use crate::rules::residue::{at_edge, ends_sentence, line_of, report};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B029",
    name: "tag-list-line",
    severity: Severity::Info,
    scope: Scope::Line,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article lists its tags.",
    why: "Keywords are metadata; in the text they are a list of nouns behind the last sentence.",
    how: "Among the first or last six lines that are not blank, a line that begins with a word of table B029 \
          (`Tags:`, `كلمات مفتاحية:`, `Mots-clés`…) and a colon, has at most thirty words and does not end as \
          a sentence. The fix deletes the line and is unsafe; keep the words in a field `tags`.",
    false_positives: "Without the colon it is a sentence (`Keywords matter, he said.`).",
    source: "schema.org keywords; trafilatura's tags",
    options: &[],
    examples: &[
        Example::bad(
            "The ferry is back.\n\nTags: economy, oil",
            &["Tags: economy, oil"],
        )
        .lang("en")
        .unsafe_fixed("The ferry is back."),
        Example::bad(
            "عادت العبارة.\n\nكلمات مفتاحية: نفط، غاز",
            &["كلمات مفتاحية: نفط، غاز"],
        )
        .unsafe_fixed("عادت العبارة."),
        Example::bad(
            "Le pont rouvre.\n\nMots-clés : pont, Loire",
            &["Mots-clés : pont, Loire"],
        )
        .lang("fr"),
        Example::bad("Мост открыт.\n\nТеги: мост, река", &["Теги: мост, река"]).lang("ru"),
        Example::good("Keywords matter, he said.").lang("en"),
        Example::good("الوسوم لا تكفي"),
        Example::good("Tags: they were on every wall of the town when the painters came back in spring.")
            .lang("en"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(TagList)),
};

struct TagList;

const EDGE: usize = 6;
const MAX_WORDS: usize = 30;
/// Characters of the longest label.
const LABEL: usize = 24;

impl Check for TagList {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let line = line_of(text, hit);
        let label = line
            .char_indices()
            .nth(LABEL)
            .map_or(line, |(end, _)| &line[..end]);
        let Some(colon) = label.find([':', '：']) else {
            return;
        };
        let listed = !line[colon..].trim_start_matches([':', '：', ' ']).is_empty();
        if listed && hit.words <= MAX_WORDS && !ends_sentence(line) && at_edge(text.lines(), hit.line, EDGE) {
            report("Tag list line", text, hit, Safety::Unsafe, out);
        }
    }
}
