//! Properties over arbitrary findings: nothing in the data steers a screen, a log reader or a parser.

use crate::fixtures::{PAYLOADS, base, edit, options, render, render_with};
use crate::xml::read_xml;
use corpus::finding::{Change, Excerpt, Finding, Fix, Safety, Severity};
use corpus::record::Span;
use corpus::report::{Format, Options, escape, styles};
use proptest::prelude::*;
use serde_json::Value;

/// Asserts that nothing in an output can act on a screen, except balanced isolates of our own.
fn assert_safe(text: &str, isolates: bool) -> Result<(), TestCaseError> {
    let mut open = false;
    for c in text.chars().filter(|&c| c != '\n' && escape::is_control(c)) {
        let own = if open { '\u{2069}' } else { '\u{2068}' };
        prop_assert!(isolates && c == own, "{c:?} in {text:?}");
        open = !open;
    }
    prop_assert!(!open);
    Ok(())
}

const NASTY: &str = "[\u{0}-\u{1f}\u{7f}-\u{9f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{200b}-\u{200f}a-c\u{627}-\u{62a}<>#:%]{0,24}";

fn any_text() -> impl Strategy<Value = String> {
    let payload = proptest::sample::select(PAYLOADS.to_vec()).prop_map(ToOwned::to_owned);
    prop_oneof![any::<String>(), payload, NASTY]
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let texts = proptest::array::uniform6(any_text());
    let severity = proptest::sample::select(vec![Severity::Info, Severity::Warning, Severity::Error]);
    (texts, 0usize..40, 0usize..40, severity, any::<bool>()).prop_map(
        |(texts, start, len, severity, some)| {
            let [path, id, field, message, title, text] = texts;
            let change = if some {
                edit(start, start + len, &title)
            } else {
                Change::Replace(title.clone())
            };
            Finding {
                line: some.then_some(3),
                column: some.then_some(4),
                id: some.then(|| id.into()),
                field: Some(field.into()),
                span: Some(Span::new(start, start + len)),
                fix: Some(Fix {
                    safety: Safety::Safe,
                    title: title.into(),
                    change,
                }),
                excerpt: Some(Excerpt {
                    text: text.into(),
                    span: Span::new(start, start + len),
                    cut_before: some,
                    cut_after: !some,
                    field_line: 2,
                }),
                ..base("U009", "bidi-override", severity, &path, &message)
            }
        },
    )
}

fn any_findings() -> impl Strategy<Value = Vec<Finding>> {
    proptest::collection::vec(any_finding(), 1..4)
}

proptest! {
    #[test]
    fn no_data_acts_on_a_screen(list in any_findings()) {
        for format in Format::ALL.into_iter().filter(|format| !format.is_binary()) {
            assert_safe(&render(format, &list), format.is_human())?;
        }
    }

    #[test]
    fn colour_adds_only_colour(list in any_findings()) {
        let looks = styles(true);
        // Longest first: bold alone starts the codes of bold colours.
        let mut codes = [
            looks.error, looks.warning, looks.info, looks.strong, looks.frame, looks.help, looks.good, looks.faint,
        ];
        codes.sort_by_key(|code| std::cmp::Reverse(code.render().to_string().len()));
        for format in Format::ALL.into_iter().filter(|format| format.is_human()) {
            let colored = render_with(format, Options { color: true, ..options() }, &list);
            let mut text = String::from_utf8(colored).unwrap();
            prop_assert!(text.contains(char::from(0x1b)));
            for code in codes {
                text = text.replace(&code.render().to_string(), "").replace(&code.render_reset().to_string(), "");
            }
            prop_assert_eq!(text, render(format, &list));
        }
    }

    #[test]
    fn one_finding_one_line(list in any_findings()) {
        let n = list.len();
        prop_assert_eq!(render(Format::Concise, &list).lines().count(), n + 1);
        prop_assert_eq!(render(Format::JsonLines, &list).lines().count(), n);
    }

    #[test]
    fn no_data_commands_a_log_reader(list in any_findings()) {
        for format in Format::ALL.into_iter().filter(|format| !format.is_binary()) {
            for line in render(format, &list).lines() {
                let own = match format {
                    Format::Azure => line.strip_prefix("##vso[task.logissue "),
                    Format::Github => line.strip_prefix("::"),
                    _ => None,
                };
                let text = own.unwrap_or(line);
                prop_assert!(own.is_some() || !text.trim_start().starts_with("::"), "{format}: {line}");
                if format.is_human() || own.is_some() {
                    prop_assert!(!text.contains("##vso[") && !text.contains("##["), "{format}: {line}");
                }
            }
        }
    }

    #[test]
    fn documents_parse(list in any_findings()) {
        for format in [Format::Json, Format::Sarif, Format::Gitlab, Format::Rdjson] {
            prop_assert!(serde_json::from_str::<Value>(&render(format, &list)).is_ok());
        }
        read_xml(&render(Format::Junit, &list));
    }
}
