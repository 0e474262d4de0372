//! B025 template-line.

use crate::finding::{Safety, Severity};
use crate::rules::residue::{delete_line, quote};
use crate::rules::template::{Class, TemplateLines, source_of};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use std::sync::Arc;

pub(crate) const RULE: Rule = Rule {
    code: "B025",
    name: "template-line",
    severity: Severity::Warning,
    scope: Scope::Corpus,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A line belongs to the pages of its source and not to the article.",
    why: "A teaser for the newsletter, the address of the editors, a notice about comments: in one article \
          nobody can tell it from text, in a hundred it is the most frequent sentence of the dataset. Near \
          duplicates are judged by it, and models learn to write it.",
    how: "Lines are compared with `template_lines.toml` beside corpus.toml, which `corpus lint \
          --write-template-lines` counts once and people read: case, marks and the punctuation at the ends put \
          aside, every number a zero. Without the file nothing is reported, and what else is in the corpus \
          changes nothing. A line is that of a source: the registered domain of the address, or of `source`, \
          or its name.\n\n\
          Counted are lines of 4 to 60 words (8 to 120 characters of Han and Kana) without tags, once an article, and copies of an \
          article once. *Certain* is a line in at least 20 articles and 5 % of its source that stands among the \
          first or last five lines in four of five of them, or alone between blank lines without a full stop. \
          *Probable* is one in at least 10 articles and 1 %; where it ends as a sentence, 20 %. Of a source with \
          fewer than 100 articles: at least 5 and 30 %, at the edges only. Never: what stands on one or two \
          days only and in one or two texts, and what differs in its numbers from article to article, in \
          the middle of the text or as a sentence.\n\n\
          The fix deletes a line of class `certain` and is unsafe. `class = \"keep\"` in the file says that a \
          line belongs to the articles.",
    false_positives: "A formula that the articles themselves repeat (the last sentence of every exchange-rate \
                      note) is furniture by its count: that is why a person reads the file first.",
    source: "CCNet; RefinedWeb; ArabicWeb24; counts as in Metwally et al., Space-Saving (2005)",
    options: &[],
    examples: &[
        Example::bad(
            "{\"source\":\"paper.example\",\"body\":\"The ferry is back.\\n\\nWrite to us about this article: desk 7\"}",
            &["Write to us about this article: desk 7"],
        )
        .pinned(PAPER)
        .unsafe_fixed("{\"source\":\"paper.example\",\"body\":\"The ferry is back.\"}"),
        Example::bad(
            "{\"url\":\"https://www.paper.example/a\",\"body\":\"عادت العبّارة.\\n\\nاشترك في نشرتنا البريدية اليومية\\n\\nوصلت صباحا.\"}",
            &["اشترك في نشرتنا البريدية اليومية"],
        )
        .pinned(PAPER),
        Example::good(
            "{\"source\":\"other.example\",\"body\":\"The ferry is back.\\n\\nWrite to us about this article: desk 7\"}",
        )
        .pinned(PAPER),
        Example::good(
            "{\"source\":\"paper.example\",\"body\":\"The old men said what they always say of the tide\"}",
        )
        .pinned(PAPER),
        Example::good(
            "{\"source\":\"paper.example\",\"body\":\"The ferry is back.\\n\\nWrite to us about this article: desk 7\"}",
        ),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(TemplateLine::default())),
};

/// The file that the examples are checked with.
const PAPER: &str = r#"schema = "corpus.template-lines/1"
[[source]]
name = "paper.example"
[[source.line]]
class = "certain"
text = "Write to us about this article: desk 12"
n = 80
p = 0.4
[[source.line]]
class = "probable"
text = "اشترك في نشرتنا البريدية اليومية"
n = 11
p = 0.055
[[source.line]]
class = "keep"
text = "The old men said what they always say of the tide"
"#;

#[derive(Default)]
struct TemplateLine {
    pinned: Option<Arc<TemplateLines>>,
}

/// Rules whose tables know such lines: what they say is more exact.
const BETTER: [&str; 24] = [
    "B001", "B002", "B003", "B004", "B005", "B006", "B007", "B008", "B009", "B010", "B011", "B012", "B013",
    "B014", "B015", "B016", "B017", "B018", "B019", "B026", "B027", "B029", "B030", "B031",
];

impl Check for TemplateLine {
    fn pin(&mut self, lines: &Arc<TemplateLines>) {
        self.pinned = (!lines.is_empty()).then(|| Arc::clone(lines));
    }

    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let Some(lines) = &self.pinned else { return };
        let name = source_of(text.record);
        let Some(pinned) = lines.of(&name) else { return };
        let mut key = (0, String::new());
        for (index, line) in text.lines().iter().enumerate() {
            let shown = line.text(text.value);
            let Some(known) = pinned.find(shown, &mut key) else {
                continue;
            };
            if known.class == Class::Keep {
                continue;
            }
            let message = format!(
                "\"{}\" stands in {} of {} articles of {} ({:.1} %): {} template line.",
                quote(shown),
                known.n,
                pinned.source().documents,
                quote(&name),
                100.0 * known.p,
                known.class.as_str(),
            );
            let finding = out.span(line.trimmed, message).unless(&BETTER);
            if known.class == Class::Certain {
                delete_line(finding, text, index, Safety::Unsafe);
            }
        }
    }
}
