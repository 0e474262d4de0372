//! A comparison for people.

use crate::release::diff::{Diff, Pair, RowChange};
use crate::release::manifest::Level;
use crate::release::semver;
use crate::report::escape::visible;
use crate::report::{Styles, styles};
use crate::text::word_diff::{Piece, word_diff};
use std::fmt::Write as _;

/// Characters of unchanged text that are shown on each side of a change.
const CONTEXT: usize = 40;
/// Characters that are shown of what changed.
const CHANGED: usize = 300;
/// Pieces of one text that are shown.
const PIECES: usize = 40;

/// A changed row, kept to be shown.
pub(super) struct Sample {
    id: String,
    columns: Vec<String>,
    texts: Vec<(String, String, String)>,
}

impl Sample {
    /// The row, where its values were compared.
    pub(super) fn of(row: &RowChange<'_>) -> Option<Self> {
        let pair: &Pair = row.pair?;
        let columns: Vec<String> = pair.columns().map(str::to_owned).collect();
        let texts = columns.iter().filter_map(|column| match pair.texts(column) {
            (None, None) => None,
            (old, new) => Some((
                column.clone(),
                old.unwrap_or_default().to_owned(),
                new.unwrap_or_default().to_owned(),
            )),
        });
        Some(Self {
            id: row.id.to_owned(),
            texts: texts.collect(),
            columns,
        })
    }
}

/// What is to be shown.
pub(super) struct View<'v> {
    pub(super) name: &'v str,
    pub(super) from: &'v str,
    /// `None`: the working tree.
    pub(super) to: Option<&'v str>,
    pub(super) diff: &'v Diff,
    pub(super) samples: &'v [Sample],
    pub(super) color: bool,
}

impl View<'_> {
    fn title(&self) -> String {
        format!(
            "{} {} → {}",
            self.name,
            self.from,
            self.to.unwrap_or("working tree")
        )
    }

    fn verdict(&self) -> String {
        match self.diff.required() {
            Level::None => "no difference".to_owned(),
            level => format!("the changes are {}", level.as_str()),
        }
    }

    fn rows(&self) -> String {
        let rows = &self.diff.rows;
        format!(
            "{} added, {} removed, {} changed, {} moved, {} renamed",
            rows.added, rows.removed, rows.changed, rows.moved, rows.renamed
        )
    }

    fn columns(&self) -> Option<String> {
        let columns: Vec<String> = self
            .diff
            .columns
            .iter()
            .map(|(name, rows)| format!("{} {rows}", visible(name)))
            .collect();
        if !columns.is_empty() {
            return Some(format!("changed columns: {}", columns.join(", ")));
        }
        let blind = self.diff.rows.changed > 0 && !self.diff.values_compared;
        blind.then(|| "changed columns: unknown, the data of one side is not there".to_owned())
    }

    pub(super) fn text(&self) -> String {
        let styles = styles(self.color);
        let mut out = String::new();
        let _ = writeln!(out, "{}: {}", visible(&self.title()), self.verdict());
        let _ = writeln!(out, "  rows: {}", self.rows());
        if let Some(columns) = self.columns() {
            let _ = writeln!(out, "  {columns}");
        }
        for note in &self.diff.notes {
            let _ = writeln!(out, "  {}", visible(note));
        }
        for reason in &self.diff.reasons {
            let _ = writeln!(out, "  {}", visible(&reason.to_string()));
        }
        for sample in self.samples {
            let _ = writeln!(
                out,
                "\n{} ({})",
                visible(&sample.id),
                visible(&sample.columns.join(", "))
            );
            for (column, old, new) in &sample.texts {
                let _ = writeln!(out, "  {}: {}", visible(column), words(old, new, &styles));
            }
        }
        out
    }

    pub(super) fn markdown(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "## {}\n", code(&self.title()));
        let _ = writeln!(out, "{}.\n\n| rows | |\n|---|---:|", capital(&self.verdict()));
        let rows = &self.diff.rows;
        for (what, count) in [
            ("added", rows.added),
            ("removed", rows.removed),
            ("changed", rows.changed),
            ("moved", rows.moved),
            ("renamed", rows.renamed),
        ] {
            let _ = writeln!(out, "| {what} | {count} |");
        }
        if !self.diff.reasons.is_empty() {
            out.push_str("\n| check | step | count | such as |\n|---|---|---:|---|\n");
        }
        for reason in &self.diff.reasons {
            let what = semver::find(&reason.rule).map_or("", |check| check.what);
            let ids: Vec<String> = reason.sample_ids.iter().map(|id| code(id)).collect();
            let _ = writeln!(
                out,
                "| {} {what} | {} | {} | {} |",
                reason.rule,
                reason.level.as_str(),
                reason.count,
                ids.join(", ")
            );
        }
        if let Some(columns) = self.columns() {
            let _ = writeln!(out, "\n{}.", code(&columns));
        }
        if !self.diff.notes.is_empty() {
            out.push('\n');
        }
        for note in &self.diff.notes {
            let _ = writeln!(out, "- {}", code(note));
        }
        for sample in self.samples {
            let _ = writeln!(out, "\n### {}\n", code(&sample.id));
            for (column, old, new) in &sample.texts {
                let shown = words(old, new, &Styles::default());
                let _ = writeln!(out, "- {}: {}", code(column), fenced(&shown));
            }
        }
        out
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

/// Text as Markdown code on one line, whatever it holds; in table cells too.
fn code(text: &str) -> String {
    fenced(&visible(text))
}

fn fenced(text: &str) -> String {
    let shown = text.replace('|', "\\|");
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest == 0 {
        format!("{fence}{shown}{fence}")
    } else {
        format!("{fence} {shown} {fence}")
    }
}

/// What changed in a text, as `[-gone-]{+come+}` with a little of what stands around it.
fn words(old: &str, new: &str, styles: &Styles) -> String {
    let pieces = word_diff(old, new);
    let mut out = String::new();
    let shown = pieces.len().min(PIECES);
    for (at, piece) in pieces[..shown].iter().enumerate() {
        match piece {
            Piece::Same(text) => out.push_str(&context(text, at == 0, at + 1 == pieces.len())),
            Piece::Gone(text) => {
                let _ = write!(out, "{}[-{}-]{0:#}", styles.error, cut(text));
            }
            Piece::Come(text) => {
                let _ = write!(out, "{}{{+{}+}}{0:#}", styles.good, cut(text));
            }
        }
    }
    if shown < pieces.len() {
        out.push('…');
    }
    out
}

/// The ends of a text that did not change: those that stand beside a change.
fn context(text: &str, first: bool, last: bool) -> String {
    let count = text.chars().count();
    let sides = 2 - usize::from(first) - usize::from(last);
    if count <= CONTEXT * sides.max(1) {
        return one_line(text);
    }
    let start: String = text.chars().take(if first { 0 } else { CONTEXT }).collect();
    let end: String = text
        .chars()
        .skip(if last { count } else { count - CONTEXT })
        .collect();
    format!("{}…{}", one_line(&start), one_line(&end))
}

fn cut(text: &str) -> String {
    let mut start: String = text.chars().take(CHANGED).collect();
    let more = start.len() < text.len();
    start = one_line(&start);
    if more {
        start.push('…');
    }
    start
}

/// Invisible characters by name, line ends as a sign.
fn one_line(text: &str) -> String {
    let parts: Vec<_> = text.split('\n').map(visible).collect();
    parts.join("⏎")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_shown_in_their_place_and_nothing_invisible_goes_raw() {
        let plain = Styles::default();
        let long = "word ".repeat(60);
        let shown = words(
            &format!("{long}old bridge"),
            &format!("{long}new\u{202e} bridge"),
            &plain,
        );
        assert!(shown.starts_with('…'), "{shown}");
        assert!(shown.contains("[-old-]{+new<U+202E>+} bridge"), "{shown}");
        assert_eq!(words("a\nb", "a\nc", &plain), "a⏎[-b-]{+c+}");
        assert_eq!(code("a|`b`"), "`` a\\|`b` ``");
    }
}
