//! What the rules about scrape residue share: where a line stands, and how it is removed.

use super::phrases::matcher;
use super::{Builder, Check, Out, PhraseHit, PhraseKind, Text};
use crate::finding::{Edit, Safety};
use crate::record::Span;
use crate::text::lines::{Line, deletion};
use crate::text::simd::has_more_words;

/// Number of non-blank lines at the beginning and at the end of a text that count as its edges.
pub(crate) const EDGE: usize = 5;

/// The line of a hit, without surrounding white space.
pub(crate) fn line_of<'a>(text: &Text<'a>, hit: &PhraseHit) -> &'a str {
    &text.value[text.lines()[hit.line].trimmed.range()]
}

fn is_blank(line: &Line) -> bool {
    line.trimmed.is_empty()
}

/// The nearest non-blank line before `index`.
pub(crate) fn before(lines: &[Line], index: usize) -> Option<usize> {
    lines[..index].iter().rposition(|line| !is_blank(line))
}

/// The nearest non-blank line after `index`.
pub(crate) fn after(lines: &[Line], index: usize) -> Option<usize> {
    let next = lines[index + 1..].iter().position(|line| !is_blank(line))?;
    Some(index + 1 + next)
}

/// Whether fewer than `n` non-blank lines stand before this one.
pub(crate) fn in_head(lines: &[Line], index: usize, n: usize) -> bool {
    lines[..index]
        .iter()
        .rev()
        .filter(|line| !is_blank(line))
        .take(n)
        .count()
        < n
}

/// Whether fewer than `n` non-blank lines stand after this one.
pub(crate) fn in_tail(lines: &[Line], index: usize, n: usize) -> bool {
    lines[index + 1..]
        .iter()
        .filter(|line| !is_blank(line))
        .take(n)
        .count()
        < n
}

/// Whether a line has a blank line, or nothing, on both sides.
pub(crate) fn is_isolated(lines: &[Line], index: usize) -> bool {
    (index == 0 || is_blank(&lines[index - 1])) && lines.get(index + 1).is_none_or(is_blank)
}

/// Whether a line matches a phrase table.
pub(crate) fn is_residue(text: &Text<'_>, index: usize) -> bool {
    let hits = text.phrases();
    let at = hits.partition_point(|hit| hit.line < index);
    hits.get(at).is_some_and(|hit| hit.line == index)
        || matcher().is_long_residue(&text.value[text.lines()[index].trimmed.range()])
}

/// Whether the nearest non-blank line before or after matches a phrase table.
pub(crate) fn has_residue_neighbour(text: &Text<'_>, index: usize) -> bool {
    [before(text.lines(), index), after(text.lines(), index)]
        .into_iter()
        .flatten()
        .any(|line| is_residue(text, line))
}

/// Whether a line ends as a sentence does: a full stop of any script, or what closes a quotation
/// or bracket behind it.
pub(crate) fn ends_sentence(line: &str) -> bool {
    const STOPS: [char; 18] = [
        '.', '!', '?', '…', '؟', '۔', '।', '॥', '。', '！', '？', '｡', '．', '។', '։', '܀', '።', '၊',
    ];
    const CLOSERS: [char; 16] = [
        '"', '\'', '»', '”', '’', ')', ']', '}', '」', '』', '）', '】', '›', '›', '\u{200f}', '\u{200e}',
    ];
    let line = line.trim_end();
    line.ends_with(STOPS)
        || line.trim_end_matches(CLOSERS).trim_end().ends_with(STOPS)
        || line.ends_with(['"', '”', '」'])
        // A guillemet that closes nothing is an arrow.
        || line.ends_with('»') && line.contains('«')
}

/// Whether a line is cut by dots: a label that was too long.
pub(crate) fn is_elided(line: &str) -> bool {
    let line = line.trim_end();
    line.ends_with("...") || line.ends_with('…')
}

/// A short quotation of data for a message: at most 60 characters.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted: String = text.chars().take(60).collect();
    if quoted.len() < text.len() {
        quoted.push('…');
    }
    quoted
}

/// Whether a whole-line hit stands where residue stands. A line of several words always does; one
/// word may be a name or a heading, unless it is near an edge, between blank lines, or next to
/// other residue.
pub(crate) fn is_placed(text: &Text<'_>, hit: &PhraseHit) -> bool {
    let lines = text.lines();
    hit.words > 1
        || at_edge(lines, hit.line, EDGE)
        || is_isolated(lines, hit.line)
        || has_residue_neighbour(text, hit.line)
}

/// Whether a line is among the first or last `n` non-blank ones.
pub(crate) fn at_edge(lines: &[Line], index: usize, n: usize) -> bool {
    in_head(lines, index, n) || in_tail(lines, index, n)
}

/// Whether a text has at most `n` words. Stops counting there.
pub(crate) fn has_at_most_words(text: &str, n: usize) -> bool {
    // Most articles have more, which bytes show.
    !has_more_words(text, n).unwrap_or_else(|| text.split_whitespace().nth(n).is_some())
}

/// A rule whose finding is a line that equals an entry of its table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WholeLine {
    /// What the line is: `share bar`.
    pub(crate) what: &'static str,
    /// Safety of deleting it.
    pub(crate) safety: Safety,
}

impl Check for WholeLine {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        if hit.kind == PhraseKind::Line && !is_placed(text, hit) {
            return;
        }
        report(self.what, text, hit, self.safety, out);
    }
}

/// Reports the line of a hit and proposes its removal.
pub(crate) fn report(what: &str, text: &Text<'_>, hit: &PhraseHit, safety: Safety, out: &mut Out<'_>) {
    let finding = out.span(hit.span, format!("{what} \"{}\".", quote(line_of(text, hit))));
    delete_line(finding, text, hit.line, safety);
}

/// Proposes the exact removal of one line.
pub(crate) fn delete_line(finding: Builder<'_>, text: &Text<'_>, line: usize, safety: Safety) {
    delete_lines(finding, text, line, line, safety);
}

/// Proposes the exact removal of a block of lines.
pub(crate) fn delete_lines(finding: Builder<'_>, text: &Text<'_>, first: usize, last: usize, safety: Safety) {
    let span: Span = deletion(text.value, text.lines(), first, last);
    let title = if first == last {
        "delete the line"
    } else {
        "delete the lines"
    };
    let edit = Edit {
        span,
        text: String::new(),
    };
    finding.edits(safety, title, vec![edit]);
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
pub(crate) mod tests {
    use super::*;
    use crate::finding::Change;
    use crate::record::{Kind, Node, Role, Tree};
    use crate::rules::options::Options;
    use crate::rules::runner::{Active, RuleSet};
    use crate::rules::{RawFinding, Record, Rule, list::RULES};

    /// Runs rules over a body.
    pub(crate) fn findings(rules: &[&'static Rule], body: &str, language: &str) -> Vec<RawFinding> {
        let tree = Tree {
            nodes: vec![Node {
                kind: Kind::String,
                escaped: true,
                start: 0,
                end: 0,
                a: 0,
                b: body.len() as u32,
            }],
            arena: body.to_owned(),
        };
        let root = tree.root("").unwrap();
        let mut roles = [None; 9];
        roles[Role::Text as usize] = Some(root);
        let record = Record {
            root,
            roles,
            language,
            governed: false,
            license: None,
            path: "a.jsonl",
        };
        let active = rules
            .iter()
            .map(|rule| Active {
                rule,
                severity: rule.severity,
                check: (rule.check)(&Options::defaults(rule.options)).unwrap(),
            })
            .collect();
        let mut found = Vec::new();
        RuleSet::new(active).record(&record, &mut found);
        found
    }

    /// Applies fixes until nothing changes, skipping overlaps within a round.
    pub(crate) fn fix(rules: &[&'static Rule], body: &str, language: &str, least: Safety) -> String {
        let mut body = body.to_owned();
        for _ in 0..6 {
            let mut edits: Vec<Edit> = Vec::new();
            for found in findings(rules, &body, language) {
                let Some(fix) = found.fix.filter(|fix| fix.safety >= least) else {
                    continue;
                };
                let Change::Edits(new) = fix.change else { continue };
                if new
                    .iter()
                    .all(|new| edits.iter().all(|old| !old.span.overlaps(new.span)))
                {
                    edits.extend(new);
                }
            }
            if edits.is_empty() {
                break;
            }
            edits.sort_by_key(|edit| edit.span);
            for edit in edits.iter().rev() {
                body.replace_range(edit.span.range(), &edit.text);
            }
        }
        body
    }

    #[test]
    fn examples_of_residue_rules_hold() {
        for rule in RULES.iter().filter(|rule| rule.code.starts_with('B')) {
            for example in rule
                .examples
                .iter()
                .filter(|example| !example.input.starts_with("{\""))
            {
                let found = findings(&[rule], example.input, example.language);
                let spans: Vec<&str> = found
                    .iter()
                    .map(|found| found.span.map_or("*", |span| &example.input[span.range()]))
                    .collect();
                assert_eq!(spans, example.spans, "{} on {:?}", rule.code, example.input);
                if let Some(fixed) = example.fixed {
                    assert_eq!(fix(&[rule], example.input, example.language, Safety::Safe), fixed);
                } else {
                    assert_eq!(
                        fix(&[rule], example.input, example.language, Safety::Safe),
                        example.input
                    );
                }
                if let Some(fixed) = example.unsafe_fixed {
                    assert_eq!(
                        fix(&[rule], example.input, example.language, Safety::Unsafe),
                        fixed
                    );
                }
            }
        }
    }

    #[test]
    fn several_trailing_lines_go_without_a_gap() {
        let rules: Vec<&Rule> = RULES
            .iter()
            .copied()
            .filter(|rule| rule.code.starts_with('B'))
            .collect();
        let body = "The mill reopened on Monday.\n\nShare this\n\nRead more\n\nMore from Region";
        assert_eq!(
            fix(&rules, body, "en", Safety::Safe),
            "The mill reopened on Monday."
        );
        let body = "The mill reopened on Monday.\nShare this\nRead more\nMore from Region\n";
        assert_eq!(
            fix(&rules, body, "en", Safety::Safe),
            "The mill reopened on Monday.\n"
        );
    }

    #[test]
    fn prose_that_mentions_the_words_is_left_alone() {
        let rules: Vec<&Rule> = RULES
            .iter()
            .copied()
            .filter(|rule| rule.code.starts_with('B'))
            .collect();
        for line in [
            "The company will enable JavaScript on its pages next year, and readers will notice the difference.",
            "Visitors who have JavaScript disabled can now read the site of the town library.",
            "يتطلب جافا سكريبت معرفة أساسية بالبرمجة قبل البدء في التعلم.",
            "The committee asked people to share this article with their neighbours during the winter.",
            "شارك الخبر آلاف القراء على صفحاتهم خلال ساعات قليلة.",
            "Please read more about the river before you go, the guide advised.",
            "التفاصيل الكاملة للخطة ستعلن الأسبوع المقبل.",
            "تابعنا على مدى أسبوع رحلة الصيادين في البحر.",
            "لمتابعة القراءة في الظلام يحتاج الطفل إلى مصباح.",
            "الصفحة غير موجودة في الكتاب الأصلي الذي طبع في القاهرة.",
            "Access denied to aid convoys in the north of the country",
            "Home / away records of the two teams were compared.",
            "Tweet tweet, sang the bird.",
            "Photo by the river: three boys fish at dusk.",
            "Vor einer Woche begann das Fest.",
            "Hace dos años que volvió el tren.",
            "В России запретили твитнуть лишнее.",
        ] {
            let alone = findings(&rules, line, "");
            assert!(alone.is_empty(), "{line}: {alone:?}");
            let body = format!("وصلت السفينة صباح اليوم.\n\n{line}\n\nعاد الصيادون مساء أمس.");
            assert_eq!(findings(&rules, &body, "ar").len(), 0, "{line}");
        }
    }

    #[test]
    fn positions_count_non_blank_lines() {
        let lines = crate::text::lines::table("a\n\nb\n\n\nc\nd");
        assert!(in_head(&lines, 2, 2) && !in_head(&lines, 5, 2));
        assert!(in_tail(&lines, 5, 2) && !in_tail(&lines, 2, 2));
        assert!(is_isolated(&lines, 2) && !is_isolated(&lines, 5));
        assert_eq!((before(&lines, 5), after(&lines, 2)), (Some(2), Some(5)));
    }
}
