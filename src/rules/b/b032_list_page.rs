//! B032 list-page.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::lines::Terminal;

pub(crate) const RULE: Rule = Rule {
    code: "B032",
    name: "list-page",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "The record is a list of headlines, not an article.",
    why: "Home pages and pages of a tag repeat the headlines of other records and have no text of their own.",
    how: "At least `min-lines` lines, at least 85 % of them of four to twenty words without the end of a \
          sentence, and none of more than 25 words.",
    false_positives: "Paragraphs that were broken into lines are told by the width of the lines and by small letters at their starts. Poems look alike: ignore the rule for their records. Tables of results have shorter lines.",
    source: "Raffel et al., C4 (2020); Penedo et al., FineWeb (2024); Rae et al., Gopher (2021)",
    options: &[OptionDef {
        name: "min-lines",
        kind: OptionKind::Integer(8, 3, 1000),
        doc: "Lines from which a text can be a list.",
    }],
    examples: &[
        Example::bad(
            "Ferry comes back to the old port after a year\nMayor opens the bridge\nSchool paints its gate\nRain stops the boat race\nTown counts its last wild storks in the meadow\nBaker wins the prize\nTrain runs late for days\nTeam loses home game",
            &["*"],
        )
        .lang("en"),
        Example::good("The ferry is back.\nThe mayor is glad.\nThe school is open.\nIt rains.\nOne.\nTwo.\nThree.\nFour.\nFive.").lang("en"),
        Example::good("نص قصير\nسطر آخر"),
        Example::good("Ajax 3\nInter 1\nPorto 2\nCelta 0\nGent 4\nBrest 1\nRiga 2\nOslo 3\nBern 1").lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(ListPage {
            least: options.integer("min-lines") as usize,
        }))
    },
};

struct ListPage {
    least: usize,
}

/// No line of a list has so many bytes: 25 long words.
const LONG_LINE: usize = 500;

impl Check for ListPage {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let lines = || text.lines().iter().filter(|line| !line.is_blank());
        let count = lines().count();
        if count < self.least || lines().any(|line| line.trimmed.len() > LONG_LINE) {
            return;
        }
        if is_wrapped(text) {
            return;
        }
        let mut open = 0;
        for line in lines() {
            let words = line.words(text.value);
            if words > 25 {
                return;
            }
            open += usize::from((4..=20).contains(&words) && line.terminal(text.value) == Terminal::Open);
        }
        if open * 100 >= count * 85 {
            out.field(
                text.node,
                format!("Record is a list of {count} headlines, not an article."),
            );
        }
    }
}

/// Whether the lines are those of paragraphs that were broken at some width: many begin with a small
/// letter, or most are as long as the longest ones.
fn is_wrapped(text: &Text<'_>) -> bool {
    let lines = || text.lines().iter().filter(|line| !line.is_blank());
    let small = |c: char| c.is_lowercase() || c == '<';
    let count = lines().count();
    let begun = lines()
        .filter(|line| line.text(text.value).starts_with(small))
        .count();
    let chars = |line: &crate::text::lines::Line| line.text(text.value).chars().count();
    let longest = lines().map(chars).max().unwrap_or(0);
    let full = lines().filter(|line| chars(line) * 5 >= longest * 4).count();
    begun * 5 >= count || (longest <= 90 && full * 2 >= count)
}
