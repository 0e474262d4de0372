//! B027 title-in-body.

use crate::finding::{Safety, Severity};
use crate::record::Role;
use crate::rules::phrases::fold;
use crate::text::title::last_of;
use crate::rules::residue::delete_line;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::lines::Line;

pub(crate) const RULE: Rule = Rule {
    code: "B027",
    name: "title-in-body",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "The article begins with its own title.",
    why: "A model that is trained to write the title reads it first, and duplicates differ by one line.",
    how: "One of the first three lines equals the title, after case, marks and punctuation at the ends are \
          put aside, with or without the last part of the title behind ` | `, ` - ` or ` – `. The fix deletes \
          the line and is unsafe: in some collections the title belongs there.",
    false_positives: "A first sentence that holds the words of the title is not the title.",
    source: "Einea et al., SANAD (2019); measured on news crawls",
    options: &[],
    examples: &[
        Example::bad(
            "{\"title\":\"A ferry\",\"body\":\"A ferry\\n\\nThe ferry is back.\"}",
            &["A ferry"],
        )
        .unsafe_fixed("{\"title\":\"A ferry\",\"body\":\"The ferry is back.\"}"),
        Example::bad(
            "{\"title\":\"عودة العبارة\",\"body\":\"عَودة العبارة:\\nعادت العبارة.\"}",
            &["عَودة العبارة:"],
        )
        .unsafe_fixed("{\"title\":\"عودة العبارة\",\"body\":\"عادت العبارة.\"}"),
        Example::bad(
            "{\"title\":\"Мост открыт | Маяк\",\"body\":\"Город\\nМОСТ ОТКРЫТ\\nВчера.\"}",
            &["МОСТ ОТКРЫТ"],
        ),
        Example::good("{\"title\":\"The ferry is back\",\"body\":\"The ferry is back in the harbour.\"}"),
        Example::good("{\"title\":\"A ferry\",\"body\":\"A boat\\n\\nThe ferry is back.\"}"),
        Example::good("{\"title\":\"\",\"body\":\"\\n\\nنص\"}"),
        Example::good("{\"title\":\"A ferry\",\"body\":\"A ferry\"}"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(TitleInBody)),
};

struct TitleInBody;

/// Non-blank lines that are looked at.
const FIRST: usize = 3;

impl Check for TitleInBody {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let Some(title) = text
            .record
            .text(Role::Title)
            .filter(|title| !title.trim().is_empty())
        else {
            return;
        };
        let filled = || {
            text.lines()
                .iter()
                .enumerate()
                .filter(|(_, line)| !line.is_blank())
        };
        // A text of one line is S012's, or no article at all.
        if filled().nth(1).is_none() {
            return;
        }
        // Marks and white space make some difference; a paragraph is another thing. Most articles begin
        // with one, and nothing is folded.
        let short = |line: &Line| line.text(text.value).len() <= 2 * title.len() + 16;
        if !filled().take(FIRST).any(|(_, line)| short(line)) {
            return;
        }
        let cut = last_of(title, &[" | ", " - ", " – ", " — ", " :: "]).map(|(at, _)| &title[..at]);
        let mut folded = [String::new(), String::new()];
        fold(title, &mut folded[0]);
        fold(cut.unwrap_or_default(), &mut folded[1]);
        let mut key = String::new();
        for (number, (index, line)) in filled().take(FIRST).enumerate() {
            let shown = line.text(text.value);
            if !short(line) {
                continue;
            }
            fold(shown, &mut key);
            if !key.is_empty() && folded.contains(&key) {
                let message = format!("Body repeats the title as line {}.", number + 1);
                delete_line(out.span(line.trimmed, message), text, index, Safety::Unsafe);
                return;
            }
        }
    }
}
