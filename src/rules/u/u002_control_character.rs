//! U002 control-character.

use crate::finding::{Edit, Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::runs::may_be_garbled_lead;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U002",
    name: "control-character",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text holds a control character other than tab, line feed and carriage return.",
    why: "Controls carry no text. They end strings in C, colour or rewrite a terminal, are refused by XML \
          and by databases, and become junk tokens in a model.",
    how: "C0 controls except TAB, LF and CR; DEL; and the five C1 controls that windows-1252 leaves \
          undefined (the others are `E109`, next line is `U012`). An ANSI escape sequence is one finding. \
          The fix deletes; vertical tab and form feed become a line feed. A C1 control after a \
          character that may stand for a lead byte is garbled text and left to `E101` and `E105`.",
    false_positives: "",
    source: "Unicode general category Cc; ECMA-48 section 5.4; RFC 8259 section 7",
    options: &[],
    examples: &[
        Example::bad("abc\u{0}def", &["\u{0}"]).lang("en").fixed("abcdef"),
        Example::bad("\u{1b}[31mred\u{1b}[0m", &["\u{1b}[31m", "\u{1b}[0m"])
            .lang("en")
            .fixed("red"),
        Example::bad("صفحة\u{c}جديدة", &["\u{c}"]).fixed("صفحة\nجديدة"),
        Example::bad("نص\u{7f}\u{7f}", &["\u{7f}\u{7f}"]).fixed("نص"),
        Example::bad("name\u{81}d", &["\u{81}"]).lang("en").fixed("named"),
        Example::good("Ø§Ù„ØµÙ\u{81}"),
        Example::good("a\tb").lang("en"),
        Example::good("line\nline\r\n").lang("en"),
    ],
    wake: Wake::Text(Flags::CONTROL.or(Flags::C1)),
    check: |_| Ok(Box::new(ControlCharacter)),
};

struct ControlCharacter;

fn is_control(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        // C1 controls that the WHATWG index of windows-1252 maps to themselves.
        '\u{81}' | '\u{8D}' | '\u{8F}' | '\u{90}' | '\u{9D}' => true,
        c => c < ' ' || c == '\u{7F}',
    }
}

/// Bytes of the ANSI escape sequence at the start of `text`; 1 when it is only an ESC.
fn escape_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes.get(1) {
        Some(b'[') => {
            let parameters = bytes[2..].iter().take_while(|b| matches!(b, b'0'..=b'?')).count();
            match bytes.get(2 + parameters) {
                // Without a parameter only the usual finals: a letter may be the first of a word.
                Some(b'm' | b'K' | b'J' | b'H') => 3 + parameters,
                Some(b'@'..=b'~') if parameters > 0 => 3 + parameters,
                _ => 1,
            }
        }
        // An operating system command ends with BEL or ESC \ on its line.
        Some(b']') => {
            let line = bytes.iter().position(|&b| b == b'\n').unwrap_or(bytes.len());
            let rest = &bytes[2..line];
            let bell = rest.iter().position(|&b| b == 7).map(|at| at + 3);
            let string = rest
                .windows(2)
                .position(|pair| pair == b"\x1b\\")
                .map(|at| at + 4);
            match (bell, string) {
                (Some(a), Some(b)) => a.min(b),
                (a, b) => a.or(b).unwrap_or(1),
            }
        }
        _ => 1,
    }
}

impl Check for ControlCharacter {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let value = text.value;
        let mut at = 0;
        while let Some(found) = value[at..].find(is_control) {
            let start = at + found;
            let Some(code) = value[start..].chars().next() else {
                return;
            };
            let run: usize = match code {
                '\u{1b}' => escape_length(&value[start..]),
                code => value[start..]
                    .chars()
                    .take_while(|&c| c == code)
                    .map(char::len_utf8)
                    .sum(),
            };
            at = start + run;
            let span = Span::new(start, at);
            // A byte of garbled text: what a repair still needs, and its own rules report.
            let before = value[..start].chars().next_back();
            if code > '\u{7F}' && before.is_some_and(may_be_garbled_lead) {
                continue;
            }
            let hex = u32::from(code);
            let finding = if run > 1 && code == '\u{1b}' {
                out.span(span, "Terminal escape sequence (U+001B) in text.")
            } else {
                out.span(span, format!("Control character U+{hex:04X} in text."))
            };
            let (title, replacement) = match code {
                '\u{B}' | '\u{C}' => ("replace it by a line feed", "\n"),
                _ => ("delete it", ""),
            };
            // A byte of what the whole line is reported for.
            let finding = if code > '\u{7F}' {
                finding.unless(&["E101", "E103", "E104", "E105"])
            } else {
                finding
            };
            finding.edits(
                Safety::Safe,
                title,
                vec![Edit {
                    span,
                    text: replacement.to_owned(),
                }],
            );
        }
    }
}
