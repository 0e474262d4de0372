//! B031 bare-url-line.

use crate::finding::{Safety, Severity};
use crate::rules::residue::{delete_line, quote};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B031",
    name: "bare-url-line",
    severity: Severity::Info,
    scope: Scope::Line,
    fix: Some(Safety::Unsafe),
    status: Status::Preview,
    default: false,
    summary: "A line of the article is only a web address.",
    why: "An address on a line of its own is what is left of an embedded post or player.",
    how: "A line without spaces that begins with `http://`, `https://`, `www.`, `pic.twitter.com/` or `t.co/`. \
          The fix deletes the line and is unsafe.",
    false_positives: "Addresses in sentences are left alone.",
    source: "Penedo et al., FineWeb (2024)",
    options: &[],
    examples: &[
        Example::bad("عادت العبارة.\nhttps://t.co/abc123", &["https://t.co/abc123"])
            .unsafe_fixed("عادت العبارة."),
        Example::bad(
            "The ferry.\npic.twitter.com/Xy12\nIs back.",
            &["pic.twitter.com/Xy12"],
        )
        .lang("en")
        .unsafe_fixed("The ferry.\nIs back."),
        Example::good("See https://example.org for data.").lang("en"),
        Example::good("example.org said").lang("en"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(BareUrl)),
};

struct BareUrl;

const STARTS: [&str; 6] = [
    "https://",
    "http://",
    "www.",
    "pic.twitter.com/",
    "pic.x.com/",
    "t.co/",
];

impl Check for BareUrl {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for (index, line) in text.lines().iter().enumerate() {
            let shown = line.text(text.value);
            let starts = STARTS
                .iter()
                .any(|start| shown.starts_with(start) && shown.len() > start.len());
            if starts && !shown.contains(char::is_whitespace) {
                let finding = out.span(
                    line.trimmed,
                    format!("Line is only an address \"{}\".", quote(shown)),
                );
                delete_line(finding, text, index, Safety::Unsafe);
            }
        }
    }
}
