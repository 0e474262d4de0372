//! `json` and `json-lines`: findings as they are, in a fixed order of keys.

use super::{Output, escape};
use crate::finding::{Finding, Safety, Severity, Sink, Summary};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// JSON text in which nothing can act on a terminal: controls, bidi and format characters are
/// written as `\u` escapes, which every parser reads back as they were.
struct Inert;

impl serde_json::ser::Formatter for Inert {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut from = 0;
        let mut at = 0;
        while let Some(found) = fragment.as_bytes()[at..].iter().position(|&byte| may_act(byte)) {
            at += found;
            let Some(c) = fragment[at..].chars().next() else {
                break;
            };
            let start = at;
            at += c.len_utf8();
            if !escape::is_control(c) {
                continue;
            }
            let at = start;
            out.write_all(&fragment.as_bytes()[from..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            from = at + c.len_utf8();
        }
        out.write_all(&fragment.as_bytes()[from..])
    }
}

/// Whether a byte may begin a control, bidi or format character: U+061C, U+180E, U+2000 to U+2FFF,
/// U+F000 to U+FFFF and what lies beyond the first plane are looked at.
const fn may_act(byte: u8) -> bool {
    matches!(byte, 0..=0x1F | 0x7F | 0xC2 | 0xCD | 0xD8 | 0xDB | 0xDC | 0xE0..=0xE3 | 0xED..=0xF4)
}

/// A value as one line of JSON.
pub(super) fn to_vec<T: Serialize + ?Sized>(value: &T) -> io::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(512);
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Inert))?;
    Ok(out)
}

/// A fingerprint: 16 hexadecimal digits.
struct Hex(u64);

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:016x}", self.0))
    }
}

/// A fix, as programs see it.
#[derive(Serialize)]
pub(super) struct FixRow<'a> {
    safety: Safety,
    title: &'a str,
}

/// A finding; the order of the fields is the order of the keys.
#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    name: &'a str,
    severity: Severity,
    path: &'a str,
    line: Option<u64>,
    column: Option<u64>,
    id: Option<&'a str>,
    field: Option<&'a str>,
    start: Option<usize>,
    end: Option<usize>,
    start_char: Option<usize>,
    end_char: Option<usize>,
    offset: Option<u64>,
    message: &'a str,
    fix: Option<FixRow<'a>>,
    fingerprint: Hex,
}

impl<'a> From<&'a Finding> for Row<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            code: finding.code,
            name: finding.name,
            severity: finding.severity,
            path: &finding.path,
            line: finding.line,
            column: finding.column,
            id: finding.id.as_deref(),
            field: finding.field.as_deref(),
            start: finding.span.map(|span| span.start),
            end: finding.span.map(|span| span.end),
            start_char: finding.chars.map(|span| span.start),
            end_char: finding.chars.map(|span| span.end),
            offset: finding.offset,
            message: &finding.message,
            fix: fix(finding),
            fingerprint: Hex(finding.fingerprint),
        }
    }
}

/// The fix of a finding, as programs see it.
pub(super) fn fix(finding: &Finding) -> Option<FixRow<'_>> {
    finding.fix.as_ref().map(|fix| FixRow {
        safety: fix.safety,
        title: &fix.title,
    })
}

/// The totals, documented keys first.
#[derive(Serialize)]
pub(super) struct Totals<'a> {
    records: u64,
    findings: u64,
    by_code: &'a BTreeMap<String, u64>,
    fixable_safe: u64,
    fixable_unsafe: u64,
    suppressed: u64,
    baselined: u64,
    files: u64,
    fixed: u64,
    by_severity: &'a BTreeMap<String, u64>,
}

impl<'a> From<&'a Summary> for Totals<'a> {
    fn from(summary: &'a Summary) -> Self {
        Self {
            records: summary.records,
            findings: summary.findings,
            by_code: &summary.by_code,
            fixable_safe: summary.fixable_safe,
            fixable_unsafe: summary.fixable_unsafe,
            suppressed: summary.suppressed,
            baselined: summary.baselined,
            files: summary.files,
            fixed: summary.fixed,
            by_severity: &summary.by_severity,
        }
    }
}

/// One object a line, nothing else.
pub(super) struct JsonLines {
    out: Output,
}

impl JsonLines {
    pub(super) const fn new(out: Output) -> Self {
        Self { out }
    }
}

impl Sink for JsonLines {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.out.write_all(&to_vec(&Row::from(finding))?)?;
        self.out.write_all(b"\n")
    }

    fn finish(&mut self, _summary: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}

/// One document; findings are written as they come.
pub(super) struct Json {
    out: Output,
    list: List,
}

impl Json {
    pub(super) const fn new(out: Output) -> Self {
        Self {
            out,
            list: List::new(r#"{"schema":"corpus.findings/1","findings":["#),
        }
    }
}

impl Sink for Json {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.list.item(&mut self.out, &Row::from(finding))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.list.close(&mut self.out)?;
        self.out.write_all(b",\"summary\":")?;
        self.out.write_all(&to_vec(&Totals::from(summary))?)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

/// A JSON array that is written item by item, one a line.
pub(super) struct List {
    head: &'static str,
    started: bool,
}

impl List {
    /// `head` ends with the opening bracket.
    pub(super) const fn new(head: &'static str) -> Self {
        Self { head, started: false }
    }

    pub(super) fn item<T: Serialize>(&mut self, out: &mut Output, value: &T) -> io::Result<()> {
        self.line(out, &to_vec(value)?)
    }

    /// An item that is JSON already.
    pub(super) fn line(&mut self, out: &mut Output, json: &[u8]) -> io::Result<()> {
        out.write_all(if self.started { b"," } else { self.head.as_bytes() })?;
        out.write_all(b"\n")?;
        self.started = true;
        out.write_all(json)
    }

    pub(super) fn close(&mut self, out: &mut Output) -> io::Result<()> {
        out.write_all(if self.started { b"\n" } else { self.head.as_bytes() })?;
        out.write_all(b"]")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_control_begins_with_a_byte_that_is_looked_at() {
        for c in ('\0'..=char::MAX).filter(|&c| escape::is_control(c)) {
            let first = c.to_string().into_bytes()[0];
            assert!(may_act(first), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn controls_are_escaped_and_text_is_not() {
        let json = to_vec("نص \u{202e}\u{85}\u{7f}\u{e0041}\n\"").unwrap();
        assert_eq!(
            String::from_utf8(json).unwrap(),
            r#""نص \u202e\u0085\u007f\udb40\udc41\n\"""#
        );
    }

    proptest! {
        #[test]
        fn strings_come_back(text in any::<String>()) {
            let json = to_vec(&text).unwrap();
            prop_assert_eq!(serde_json::from_slice::<String>(&json).unwrap(), text);
            prop_assert!(!String::from_utf8(json).unwrap().chars().any(escape::is_control));
        }
    }
}
