//! U007 tag-character.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U007",
    name: "tag-character",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text holds tag characters, invisible copies of ASCII that can hide a message.",
    why: "Nobody sees them, every program reads them: a known way to smuggle instructions into the prompt \
          of a language model.",
    how: "U+E0001 and U+E0020 to U+E007F, as a run, outside a flag: U+1F3F4 followed by the three to seven \
          letters or digits of a region subdivision and U+E007F. The message shows what the run spells. \
          The fix deletes the run.",
    false_positives: "The flags of England, Scotland, Wales and other subdivisions are written with tags and \
                      are left alone.",
    source: "UTS #51 ED-14a; Unicode 23.9",
    options: &[],
    examples: &[
        Example::bad("خبر\u{e0068}\u{e0069}", &["\u{e0068}\u{e0069}"]).fixed("خبر"),
        Example::bad("text\u{e0001}", &["\u{e0001}"])
            .lang("en")
            .fixed("text"),
        Example::good("\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}").lang("en"),
        Example::good("\u{1f3f4}").lang("en"),
    ],
    wake: Wake::Text(Flags::TAG),
    check: |_| Ok(Box::new(TagCharacter)),
};

struct TagCharacter;

/// Longest payload that a message shows, in characters.
const SHOWN: usize = 80;

fn is_tag(c: char) -> bool {
    matches!(c, '\u{E0001}' | '\u{E0020}'..='\u{E007F}')
}

fn ascii(c: char) -> Option<char> {
    char::from_u32(u32::from(c).checked_sub(0xE_0000)?).filter(|c| (' '..='~').contains(c))
}

/// Bytes of the flag's tags at the start of a run of tags that follows U+1F3F4; 0 when it is none.
fn flag_length(run: &str) -> usize {
    let Some(end) = run.find('\u{E007F}') else {
        return 0;
    };
    let name = &run[..end];
    let fits = (3..=7).contains(&name.chars().count())
        && name
            .chars()
            .all(|c| ascii(c).is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
    if fits { end + '\u{E007F}'.len_utf8() } else { 0 }
}

impl Check for TagCharacter {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let value = text.value;
        let mut at = 0;
        while let Some(found) = value[at..].find(is_tag) {
            let mut start = at + found;
            let end = value[start..]
                .find(|c| !is_tag(c))
                .map_or(value.len(), |len| start + len);
            at = end;
            if value[..start].ends_with('\u{1F3F4}') {
                start += flag_length(&value[start..end]);
            }
            if start == end {
                continue;
            }
            let payload: String = value[start..end].chars().filter_map(ascii).collect();
            let message = if payload.is_empty() {
                "Hidden tag characters.".to_owned()
            } else if payload.len() > SHOWN {
                format!(
                    "Hidden tag characters spell \"{}…\" ({} characters).",
                    &payload[..SHOWN],
                    payload.len()
                )
            } else {
                format!("Hidden tag characters spell \"{payload}\".")
            };
            out.span(Span::new(start, end), message)
                .replace(Safety::Safe, "delete them", "");
        }
    }
}
