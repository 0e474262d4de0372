#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::finding::Edit;
use proptest::prelude::*;

fn read(text: &str) -> Result<(Tree, Vec<JsonIssue>), JsonError> {
    let mut tree = Tree::new();
    let mut issues = Vec::new();
    parse(text, Span::new(0, text.len()), &mut tree, &mut issues)?;
    Ok((tree, issues))
}

fn reason(text: &str) -> (usize, String) {
    match read(text).expect_err(text) {
        JsonError::Syntax { offset, reason } => (offset, reason),
        limit @ JsonError::Limit { .. } => panic!("{limit}"),
    }
}

#[test]
fn values_are_views_of_the_text() {
    let text = r#" {"a":[1,{"b":"سلام"},[]],"c":"x\ny","d":null,"e":{}} "#;
    let (tree, issues) = read(text).unwrap();
    let root = tree.root(text).unwrap();
    assert!(issues.is_empty());
    assert_eq!(root.len(), 4);
    assert_eq!(root.raw(), text.trim());
    assert_eq!(root.pointer("/a/1/b").unwrap().as_str(), Some("سلام"));
    assert_eq!(root.pointer("/a").unwrap().elements().count(), 3);
    assert_eq!(root.get("c").unwrap().as_str(), Some("x\ny"));
    assert!(root.get("c").unwrap().is_escaped());
    assert!(root.get("d").unwrap().is_null());
    assert!(root.get("e").unwrap().is_empty());
    let expected: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(root.to_json(), expected);
}

#[test]
fn positions_count_from_the_start_of_the_text() {
    let text = "xx{\"a\":tru}";
    let error = parse(text, Span::new(2, text.len()), &mut Tree::new(), &mut Vec::new());
    assert_eq!(
        error,
        Err(JsonError::Syntax {
            offset: 10,
            reason: "expected `true`, found `}`".to_owned()
        })
    );
}

#[test]
fn messages_name_what_was_expected_and_found() {
    let table = [
        ("", 0, "expected a JSON value, found the end of the record"),
        (
            "{\"title\": \"a\" \"body\": 1}",
            14,
            "expected `,` or `}` after a member, found `\"`",
        ),
        (
            "{\"t\": 'a'}",
            6,
            "expected a JSON value, found `'` (strings stand in double quotes)",
        ),
        (
            "[1,]",
            3,
            "expected a JSON value, found `]` (no comma before the end)",
        ),
        (
            "{} {}",
            3,
            "expected the end of the record after its value, found `{`",
        ),
        ("[01]", 2, "expected no digit after a leading zero, found `1`"),
        (
            "\"a",
            2,
            "expected `\"` at the end of a string, found the end of the record",
        ),
        (
            "\"a\tb\"",
            2,
            "expected no control character in a string (write an escape), found U+0009",
        ),
        (
            "\"\\u12g4\"",
            5,
            "expected four hexadecimal digits after `\\u`, found `g`",
        ),
        (
            "\u{feff}{}",
            0,
            "expected a JSON value, found U+FEFF (a byte order mark)",
        ),
        (
            "[NaN]",
            1,
            "expected a JSON value or `]`, found `N` (NaN and Infinity are not JSON)",
        ),
    ];
    for (text, offset, message) in table {
        assert_eq!(reason(text), (offset, message.to_owned()), "{text}");
    }
}

#[test]
fn limits() {
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert!(read(&deep(MAX_DEPTH)).is_ok());
    for n in [MAX_DEPTH + 1, 100_000] {
        let error = read(&deep(n)).unwrap_err();
        assert_eq!(
            error,
            JsonError::Limit {
                offset: MAX_DEPTH,
                what: "nesting depth",
                limit: MAX_DEPTH
            }
        );
    }
    let wide = |n: usize| format!("[{}0]", "0,".repeat(n - 1));
    assert!(read(&wide(MAX_MEMBERS)).is_ok());
    assert!(matches!(
        read(&wide(MAX_MEMBERS + 1)),
        Err(JsonError::Limit { what: "members", .. })
    ));
}

#[test]
fn a_refused_text_leaves_nothing_behind() {
    let mut tree = Tree::new();
    let mut issues = Vec::new();
    assert!(parse("[1e400,", Span::new(0, 7), &mut tree, &mut issues).is_err());
    assert!(tree.root("[1e400,").is_none() && issues.is_empty());
}

#[test]
fn every_cut_of_a_record_is_refused_at_a_place_inside() {
    let text = r#"{"id":"a\u0633\ud83d\ude00","body":"نص\n😀","n":[-1.5e+3,true,false,null,{}],"e":[]}"#;
    assert!(read(text).is_ok());
    for end in 0..text.len() {
        match parse(text, Span::new(0, end), &mut Tree::new(), &mut Vec::new()) {
            Err(JsonError::Syntax { offset, .. }) => assert!(offset <= end, "{end}"),
            other => panic!("{end}: {other:?}"),
        }
    }
}

#[test]
fn repeated_names() {
    let spans = |text: &str| -> Vec<(JsonIssueKind, String)> {
        let (_, issues) = read(text).unwrap();
        issues
            .iter()
            .map(|issue| (issue.kind, text[issue.span.range()].to_owned()))
            .collect()
    };
    let repeated = |name: &str| vec![(JsonIssueKind::DuplicateKey, name.to_owned())];
    assert_eq!(spans(r#"{"a":1,"b":{"a":2},"a":3}"#), repeated("\"a\""));
    assert_eq!(spans(r#"{"t":1,"\u0074":2}"#), repeated("\"\\u0074\""));
    assert_eq!(spans(r#"{"a":{"id":1},"b":{"id":2}}"#), vec![]);
    let many: Vec<_> = (0..200).map(|n| format!("\"k{n}\":{n}")).collect();
    assert_eq!(
        spans(&format!("{{{},\"k77\":0}}", many.join(","))),
        repeated("\"k77\"")
    );
    let (tree, issues) = read(r#"{"a":[1e400],"a":"\ud800"}"#).unwrap();
    let kinds: Vec<_> = issues.iter().map(|issue| issue.kind).collect();
    assert_eq!(
        kinds,
        [
            JsonIssueKind::Number,
            JsonIssueKind::DuplicateKey,
            JsonIssueKind::LoneSurrogate
        ]
    );
    assert_eq!(tree.nodes[issues[1].node as usize].kind, Kind::String);
}

#[test]
fn lone_surrogates_read_as_the_replacement_character() {
    let text = r#"["\ud83d","x\udc00y","\ud83d\ude00","\ud800\ud800\udc00"]"#;
    let (tree, issues) = read(text).unwrap();
    let strings: Vec<_> = tree
        .root(text)
        .unwrap()
        .elements()
        .map(|s| s.as_str().unwrap())
        .collect();
    assert_eq!(strings, ["\u{fffd}", "x\u{fffd}y", "😀", "\u{fffd}\u{10000}"]);
    let escapes: Vec<_> = issues.iter().map(|issue| &text[issue.span.range()]).collect();
    assert_eq!(escapes, ["\\ud83d", "\\udc00", "\\ud800"]);
    assert!(
        issues
            .iter()
            .all(|i| tree.nodes[i.node as usize].kind == Kind::String)
    );
}

#[test]
fn numbers_that_readers_change() {
    let table = [
        ("9007199254740991", false),
        ("-9007199254740991", false),
        ("9007199254740992", true),
        ("-9007199254740992", true),
        ("12345678901234567890", true),
        ("1e400", true),
        ("-1e400", true),
        ("1e-400", true),
        ("0e400", false),
        ("0.0", false),
        ("1e308", false),
        ("3.14159", false),
        ("1e20", false),
    ];
    for (text, flagged) in table {
        let (_, issues) = read(text).unwrap();
        assert_eq!(!issues.is_empty(), flagged, "{text}");
    }
    let long = format!("{}.5", "9".repeat(400));
    assert_eq!(read(&long).unwrap().1.len(), 1);
}

#[test]
fn literals_are_rewritten_only_where_they_change() {
    let edit = |span: std::ops::Range<usize>, text: &str| Edit {
        span: span.into(),
        text: text.to_owned(),
    };
    let table = [
        (r#""a\u0041b\/c""#, vec![edit(0..1, "x")], r#""x\u0041b\/c""#),
        (r#""a\u0041b\/c""#, vec![edit(3..4, "\"")], r#""a\u0041b\"c""#),
        (r#""a\nb""#, vec![edit(1..2, " ")], r#""a b""#),
        (r#""\u0633x""#, vec![edit(2..3, "\u{639}")], r#""\u0633\u0639""#),
        (r#""س\u200fx""#, vec![edit(5..6, "ع")], r#""س\u200fع""#),
        (r#""a""#, vec![edit(1..1, "😀")], r#""a😀""#),
        (r#""\ud83d\ude00x""#, vec![edit(4..5, "")], r#""\ud83d\ude00""#),
        (r#""\ud83dx\ude00""#, vec![edit(3..4, "")], r#""\ud83d\ufffd""#),
        (
            r#""ab""#,
            vec![edit(0..1, ""), edit(1..2, "\u{1}")],
            r#""\u0001""#,
        ),
    ];
    for (raw, edits, expected) in table {
        assert_eq!(rewrite_literal(raw, &edits), expected, "{raw}");
    }
}

#[test]
fn ascii_literals() {
    let mut out = String::new();
    write_string(&mut out, "a\"\\\n\u{7f}س😀\u{0}", true);
    assert_eq!(out, "\"a\\\"\\\\\\n\u{7f}\\u0633\\ud83d\\ude00\\u0000\"");
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>()
            .prop_filter("finite", |n| n.is_finite())
            .prop_map(Into::into),
        any::<String>().prop_map(Into::into),
        "[ء-ي \"\\\\\n]{0,80}".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..8)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reads_what_serde_json_writes(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty {
            serde_json::to_string_pretty(&value)
        } else {
            serde_json::to_string(&value)
        }
        .unwrap();
        let (tree, issues) = read(&text).unwrap();
        prop_assert_eq!(tree.root(&text).unwrap().to_json(), value);
        prop_assert!(issues.iter().all(|issue| issue.kind == JsonIssueKind::Number));
    }

    /// Texts one edit away from JSON: both readers take and refuse the same ones.
    #[test]
    fn takes_what_serde_json_takes(value in any_json(), at in any::<prop::sample::Index>(), with in "[\\[\\]{}\",:0-9eE.+\\\\ua-f -]{0,2}") {
        let mut text = serde_json::to_string(&value).unwrap();
        let mut start = at.index(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let end = start + text[start..].chars().next().map_or(0, char::len_utf8);
        text.replace_range(start..end, &with);
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        match read(&text) {
            // serde_json refuses lone surrogates and infinite numbers, which are reported here.
            Ok((_, issues)) => prop_assert!(theirs.is_ok() || !issues.is_empty(), "{} {:?}", text, theirs),
            Err(error) => prop_assert!(theirs.is_err(), "{} {:?}", text, error),
        }
    }

    #[test]
    fn writes_what_serde_json_reads(s in any::<String>(), ascii in any::<bool>()) {
        let mut out = String::new();
        write_string(&mut out, &s, ascii);
        prop_assert_eq!(&serde_json::from_str::<String>(&out).unwrap(), &s);
        prop_assert!(!ascii || out.is_ascii());
        prop_assert!(ascii || out == serde_json::to_string(&s).unwrap());
    }

    #[test]
    fn an_edited_literal_decodes_to_the_edited_string(
        s in "[a-cس\"\\\\\n😀]{0,20}", ascii in any::<bool>(), cut in any::<(prop::sample::Index, prop::sample::Index)>(),
        text in "[a\"ع\n]{0,3}",
    ) {
        let places: Vec<_> = s.char_indices().map(|(at, _)| at).chain([s.len()]).collect();
        let (one, two) = (places[cut.0.index(places.len())], places[cut.1.index(places.len())]);
        let span = one.min(two)..one.max(two);
        let mut raw = String::new();
        write_string(&mut raw, &s, ascii);
        let mut expected = s.clone();
        expected.replace_range(span.clone(), &text);
        let changed = rewrite_literal(&raw, &[Edit { span: span.clone().into(), text }]);
        prop_assert_eq!(serde_json::from_str::<String>(&changed).unwrap(), expected);
        let at = literal_offset(&raw, span.start);
        prop_assert_eq!(decoded_offset(&raw, at), span.start);
        let head = format!("{}\"", &raw[..at]);
        prop_assert_eq!(serde_json::from_str::<String>(&head).unwrap(), &s[..span.start]);
    }
}
