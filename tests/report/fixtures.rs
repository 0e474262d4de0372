//! The findings that every format is tried on, and how to render them.

use corpus::finding::{Change, Edit, Excerpt, Finding, Fix, Safety, Severity, Summary};
use corpus::record::Span;
use corpus::report::{Format, Options, RuleInfo, sink};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// A file that a test can look into.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(crate) fn totals(findings: &[Finding]) -> Summary {
    let mut summary = Summary {
        files: 3,
        records: 120,
        ..Summary::default()
    };
    for finding in findings {
        if finding.suppressed.is_some() {
            summary.suppressed += 1;
            continue;
        }
        summary.findings += 1;
        *summary.by_code.entry(finding.code.to_owned()).or_default() += 1;
        *summary
            .by_severity
            .entry(finding.severity.to_string())
            .or_default() += 1;
        match finding.fix.as_ref().map(|fix| fix.safety) {
            Some(Safety::Safe) => summary.fixable_safe += 1,
            Some(Safety::Unsafe) => summary.fixable_unsafe += 1,
            _ => {}
        }
    }
    summary
}

pub(crate) fn rules() -> Vec<RuleInfo> {
    use Severity::{Error, Warning};
    [
        (
            "A007",
            "tatweel",
            Warning,
            Some(Safety::Safe),
            "A letter is stretched with U+0640.",
        ),
        (
            "B001",
            "share-widget",
            Warning,
            Some(Safety::Unsafe),
            "A line invites to share.",
        ),
        (
            "D001",
            "exact-duplicate",
            Warning,
            None,
            "Two records hold the same text.",
        ),
        ("E001", "not-utf8", Error, None, "Bytes are no UTF-8."),
        (
            "S001",
            "schema",
            Error,
            None,
            "The record does not fit its schema.",
        ),
        (
            "U009",
            "bidi-override",
            Error,
            Some(Safety::Safe),
            "An override reorders text.",
        ),
    ]
    .into_iter()
    .map(|(code, name, severity, fix, summary)| RuleInfo {
        code,
        name,
        severity,
        fix,
        summary: summary.to_owned(),
        help_markdown: format!("# {name}\n\n{summary}\n"),
        advice: None,
    })
    .collect()
}

pub(crate) fn options() -> Options {
    Options {
        rules: rules(),
        version: "0.0.0".to_owned(),
        show_fixes: true,
        ..Options::default()
    }
}

pub(crate) fn render_with(format: Format, options: Options, findings: &[Finding]) -> Vec<u8> {
    let out = Shared::default();
    let mut sink = sink(format, Box::new(out.clone()), options);
    for finding in findings {
        sink.finding(finding).unwrap();
    }
    sink.finish(&totals(findings)).unwrap();
    drop(sink);
    Arc::try_unwrap(out.0).unwrap().into_inner().unwrap()
}

pub(crate) fn render(format: Format, findings: &[Finding]) -> String {
    String::from_utf8(render_with(format, options(), findings)).unwrap()
}

pub(crate) fn excerpt(before: &str, piece: &str, after: &str) -> Excerpt {
    Excerpt {
        text: format!("{before}{piece}{after}").into(),
        span: Span::new(before.len(), before.len() + piece.len()),
        cut_before: true,
        cut_after: true,
        field_line: 1,
    }
}

pub(crate) fn base(
    code: &'static str,
    name: &'static str,
    severity: Severity,
    path: &str,
    message: &str,
) -> Finding {
    Finding {
        code,
        name,
        severity,
        path: path.into(),
        line: None,
        column: None,
        place: None,
        id: None,
        field: None,
        span: None,
        chars: None,
        offset: None,
        message: message.into(),
        fix: None,
        fingerprint: 0x0123_4567_89ab_cdef,
        excerpt: None,
        suppressed: None,
    }
}

pub(crate) fn edit(start: usize, end: usize, text: &str) -> Change {
    Change::Edits(vec![Edit {
        span: Span::new(start, end),
        text: text.to_owned(),
    }])
}

pub(crate) fn fix(safety: Safety, title: &'static str, change: Change) -> Fix {
    Fix {
        safety,
        title: title.into(),
        change,
    }
}

pub(crate) const WIDGET: &str = "شارك المقال مع أصدقائك";

/// Real shapes first, then hostile ones.
pub(crate) fn findings() -> Vec<Finding> {
    use Severity::{Error, Info, Warning};
    let a = "articles/a.jsonl";
    let b = "articles/b.jsonl";
    let broken = "byte 0xff at offset 20488 is no UTF-8; the line is skipped";
    let order = "U+202E changes the display order of \"123 dinars\"";
    let stretched = "\"مــدير\" is stretched with U+0640, 2 times";
    let share = format!("the line \"{WIDGET}\" invites to share");
    let mut all = vec![
        Finding {
            line: Some(9),
            column: Some(14),
            offset: Some(20_488),
            ..base("E001", "not-utf8", Error, a, broken)
        },
        Finding {
            line: Some(12),
            column: Some(71),
            id: Some("a-12".into()),
            field: Some("/body".into()),
            span: Some(Span::new(120, 123)),
            chars: Some(Span::new(70, 71)),
            offset: Some(20_608),
            fix: Some(fix(Safety::Safe, "remove the control", edit(120, 123, ""))),
            excerpt: Some(excerpt("The price was ", "\u{202e}", "123 dinars,")),
            ..base("U009", "bidi-override", Error, a, order)
        },
        Finding {
            line: Some(12),
            place: Some((40, 8)),
            id: Some("a-12".into()),
            field: Some("/title".into()),
            span: Some(Span::new(9, 13)),
            chars: Some(Span::new(5, 7)),
            fix: Some(fix(Safety::Safe, "remove the stretching", edit(9, 13, ""))),
            excerpt: Some(excerpt("قال م", "ــ", "دير المتحف إن الزوار")),
            ..base("A007", "tatweel", Warning, a, stretched)
        },
        Finding {
            line: Some(1),
            id: Some("أخبار/٣".into()),
            field: Some("/body".into()),
            span: Some(Span::new(300, 300 + WIDGET.len())),
            chars: Some(Span::new(170, 192)),
            fix: Some(fix(
                Safety::Unsafe,
                "remove the line",
                edit(300, 300 + WIDGET.len(), ""),
            )),
            excerpt: Some(Excerpt {
                text: WIDGET.into(),
                span: Span::new(0, WIDGET.len()),
                cut_before: false,
                cut_after: false,
                field_line: 7,
            }),
            ..base("B001", "share-widget", Warning, "articles/أخبار.txt", &share)
        },
        Finding {
            line: Some(3),
            id: Some("b-3".into()),
            field: Some("/published_at".into()),
            fix: Some(fix(
                Safety::Display,
                "write the date as 2026-01-31",
                Change::Replace("\"2026-01-31\"".into()),
            )),
            ..base("S001", "schema", Error, b, "\"31/01/2026\" is no date-time")
        },
        Finding {
            line: Some(4),
            suppressed: Some("checked by hand".into()),
            ..base("S001", "schema", Error, b, "url is missing")
        },
    ];
    all.extend(hostile());
    all.push(Finding {
        line: Some(80),
        id: Some("b-80".into()),
        ..base(
            "D001",
            "exact-duplicate",
            Info,
            b,
            "same text as b-2 (articles/b.jsonl:2)",
        )
    });
    all
}

pub(crate) const PAYLOADS: [&str; 16] = [
    "a\nb\r\nc",
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "\u{202e}evil\u{2066}",
    "]]>",
    "%0A::error::x",
    "\n::error file=x::y",
    "##vso[task.setvariable variable=x]y",
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "a|b `c` [d](https://e.example) @team #1",
    "𐐀😀\u{10ffff}",
    "\u{0}\u{85}\u{9b}31m\u{feff}",
    "&amp;<!--",
    "a,b:c;d]e%2Cf",
    "\u{301}\u{640}\u{200d}",
    "\u{2028}\u{e0041}\u{fffe}",
];

pub(crate) fn hostile() -> Vec<Finding> {
    let finding = |(index, payload): (usize, &&'static str)| Finding {
        line: Some(index as u64 + 1),
        column: Some(2),
        id: Some((*payload).into()),
        field: Some(format!("/{payload}").into()),
        span: Some(Span::new(10, 10 + payload.len())),
        fix: Some(fix(Safety::Safe, payload, edit(10, 10 + payload.len(), payload))),
        excerpt: Some(excerpt("before ", payload, " after")),
        fingerprint: index as u64,
        ..base(
            "U009",
            "bidi-override",
            Severity::Error,
            &format!("bad/{payload}"),
            payload,
        )
    };
    PAYLOADS.iter().enumerate().map(finding).collect()
}
