//! Renames, defaults, fields from the path, markup, time zones, computed ids.

use super::*;
use crate::config::{Config, Fields, IdField, Markup};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

fn spec(toml: &str) -> InputSpec {
    let config: Config = toml::from_str(&format!("[[input]]\n{toml}")).unwrap();
    config.input.into_iter().next().unwrap()
}

#[test]
fn renames_and_defaults_keep_the_way_back() {
    let text = "{ \"content\" : \"نص\\n2\", \"language\":null, \"source\":\"b\", \"n\":[1, {\"content\":2}] }\n{\"a\" 1}\n[1]\n{}\n";
    let spec = spec(
        "rename = { content = \"body\" }\ndefaults = { language = \"ar\", source = \"s\", tags = [\"x\"] }",
    );
    let read = Read::with_spec("a.jsonl", text.as_bytes(), &spec, options());
    let texts = read.texts();
    assert_eq!(
        texts[0],
        "{\"body\":\"نص\\n2\",\"language\":\"ar\",\"source\":\"b\",\"n\":[1, {\"content\":2}],\"tags\":[\"x\"]}"
    );
    // What cannot be taken apart keeps its bytes and its place.
    assert_eq!(texts[1..3], ["{\"a\" 1}", "[1]"]);
    assert_eq!(
        texts[3],
        "{\"language\":\"ar\",\"source\":\"s\",\"tags\":[\"x\"]}"
    );
    assert_eq!(read.lines(), [1, 2, 3, 4]);
    assert_eq!(read.check_ways_back(text.as_bytes()), 5);
    let map = read.chunks[0].entries[0].map.as_ref().unwrap();
    let names: Vec<_> = map.iter().map(|segment| segment.name.as_deref()).collect();
    assert_eq!(names, [Some("content"), None, Some("source"), Some("n"), None]);
}

#[test]
fn adapted_chunks_work_at_any_size() {
    let mut text = String::new();
    for n in 0..200 {
        writeln!(text, "{{\"content\":\"x{n}\"}}").unwrap();
    }
    let spec = spec("rename = { content = \"body\" }");
    for chunk_bytes in [50, 1000, 1 << 20] {
        let options = Options {
            chunk_bytes,
            ..options()
        };
        let read = Read::with_spec("a.jsonl", text.as_bytes(), &spec, options);
        assert_eq!(read.records()[150], json!({"body":"x150"}));
        assert_eq!(read.lines(), (1..=200).collect::<Vec<_>>());
        assert_eq!(read.check_ways_back(text.as_bytes()), 200);
    }
}

#[test]
fn duplicate_members_stay() {
    let read = Read::with_spec(
        "a.jsonl",
        b"{\"a\":1,\"a\":2}\n",
        &spec("defaults = { a = 3, b = 4 }"),
        options(),
    );
    assert_eq!(read.texts(), ["{\"a\":1,\"a\":2,\"b\":4}"]);
}

#[test]
fn fields_from_the_path() {
    let spec = spec("from-path = \"{source}/{published_at:%Y/%m}/{id}.txt\"");
    let read = Read::with_spec(
        "data/example.org/2024/05/ab-1.txt.gz",
        &super::codecs::compress("gz", b"Text."),
        &spec,
        options(),
    );
    assert_eq!(
        read.records(),
        [json!({"body":"Text.","source":"example.org","published_at":"2024-05","id":"ab-1"})]
    );
    assert_eq!(read.notices().len(), 0);
    // The file's own fields win.
    let read = Read::with_spec(
        "s/2024/05/x.txt",
        b"---\nsource: own\nid: mine\n---\nText.",
        &spec,
        options(),
    );
    assert_eq!(
        read.records(),
        [json!({"source":"own","id":"mine","body":"Text.","published_at":"2024-05"})]
    );
    let read = Read::with_spec("flat.txt", b"Text.", &spec, options());
    assert_eq!(read.records(), [json!({"id":"flat","body":"Text."})]);
    assert!(read.notices()[0].contains("does not fit"));
}

#[test]
fn path_patterns() {
    let good = "{lang}/{published_at:%Y-%m-%d}_{id}.jsonl";
    let read = Read::with_spec(
        "x/ar/2024-05-01_a_b.jsonl",
        b"{}\n{\"lang\":\"fa\"}\n",
        &spec(&format!("from-path = \"{good}\"")),
        options(),
    );
    assert_eq!(
        read.records(),
        [
            json!({"lang":"ar","published_at":"2024-05-01","id":"a_b"}),
            json!({"lang":"fa","published_at":"2024-05-01","id":"a_b"}),
        ]
    );
    for bad in [
        "{id",
        "{}.txt",
        "plain.txt",
        "{d:%m}",
        "{d:%Q}",
        "{a}/{a}",
        "{d:}",
    ] {
        let input = Input::stdin(Format::Auto, spec(&format!("from-path = \"{bad}\"")));
        let error = Plan::new(vec![input], options()).unwrap_err();
        assert!(error.to_string().contains("from-path"), "{bad}: {error}");
    }
}

#[test]
fn html_becomes_text() {
    let to_text = |html: &str| {
        let mut markup = spec("");
        markup.markup.insert("body".to_owned(), Markup::Html);
        let record = json!({ "body": html }).to_string();
        let read = Read::with_spec("a.jsonl", record.as_bytes(), &markup, options());
        read.records()[0]["body"].as_str().unwrap().to_owned()
    };
    let cases = [
        ("<p>One</p>\n<p>Two<br>three</p>", "One\n\nTwo\nthree"),
        (
            "a &amp; b &#8211; c &#x2014; &nbsp;d &hellip;",
            "a & b – c — \u{A0}d …",
        ),
        (
            "&#147;quoted&#148; &eacute;t&eacute; &copy 2024 &unknown; AT&T",
            "“quoted” été &copy 2024 &unknown; AT&T",
        ),
        ("x<script>if (a < b) { '</p>' }</script>y<style>p{}</style>", "xy"),
        ("<!-- note > --> a <!DOCTYPE html>b", "a b"),
        ("5 < 6 and 7 > 3, <3", "5 < 6 and 7 > 3, <3"),
        (
            "<a href=\"x>y\" title='a'>link</a> <b>bold</b>text",
            "link boldtext",
        ),
        ("<ul><li>واحد</li><li>اثنان</li></ul>", "واحد\nاثنان"),
        ("<td>a</td><td>b</td>", "a b"),
        ("open <a href=\"never closed>text", "open text"),
        ("cut <b", "cut <b"),
        ("<script>never closed", ""),
        ("plain\n  text", "plain text"),
    ];
    for (html, text) in cases {
        assert_eq!(to_text(html), text, "{html}");
    }
}

#[test]
fn hostile_html_costs_no_more_than_its_length() {
    let spec = spec("markup = { body = \"html\" }");
    for piece in [
        "<a ",
        "</",
        "<script></a",
        "<a b=\"",
        "&#",
        "<!--",
        "<script>",
        "<a b='>",
    ] {
        for end in ["", ">"] {
            let record = json!({ "body": format!("{}{end}", piece.repeat(100_000)) }).to_string();
            let start = std::time::Instant::now();
            let read = Read::with_spec("a.jsonl", record.as_bytes(), &spec, options());
            assert_eq!(read.records().len(), 1);
            // Quadratic work would take minutes.
            assert!(start.elapsed().as_secs() < 20, "{piece}");
        }
    }
}

#[test]
fn times_get_their_zone() {
    let text = "{\"published_at\":\"2024-05-01T10:00:00\",\"x\":\"2024-05-01T10:00:00\"}\n{\"published_at\":\"2024-05-01 10:00\"}\n{\"published_at\":\"2024-05-01T10:00:00Z\"}\n{\"published_at\":\"2024-05-01\"}\n{\"published_at\":\"May 1st, 2024 10:00\"}\n{\"collected_at\":\"2024-05-01T10:00:00.25\"}\n";
    let read = Read::with_spec(
        "a.jsonl",
        text.as_bytes(),
        &spec("timezone = \"Asia/Riyadh\""),
        options(),
    );
    assert_eq!(
        read.records(),
        [
            json!({"published_at":"2024-05-01T10:00:00+03:00","x":"2024-05-01T10:00:00"}),
            json!({"published_at":"2024-05-01T10:00:00+03:00"}),
            json!({"published_at":"2024-05-01T10:00:00Z"}),
            json!({"published_at":"2024-05-01"}),
            json!({"published_at":"May 1st, 2024 10:00"}),
            json!({"collected_at":"2024-05-01T10:00:00.25+03:00"}),
        ]
    );
    let winter = Read::with_spec(
        "a.jsonl",
        b"{\"published_at\":\"2024-01-01T10:00:00\"}\n{\"published_at\":\"2024-07-01T10:00:00\"}\n",
        &spec("timezone = \"America/New_York\""),
        options(),
    );
    assert_eq!(winter.records()[0]["published_at"], "2024-01-01T10:00:00-05:00");
    assert_eq!(winter.records()[1]["published_at"], "2024-07-01T10:00:00-04:00");
    let input = Input::stdin(Format::Auto, spec("timezone = \"Moon/Base\""));
    assert!(
        Plan::new(vec![input], options())
            .unwrap_err()
            .to_string()
            .contains("Moon/Base")
    );
}

#[test]
fn ids_are_computed() {
    let options = Options {
        fields: Fields {
            id: Some(IdField::Hash {
                hash: vec!["url".to_owned(), "n".to_owned()],
            }),
            ..Fields::default()
        },
        ..options()
    };
    let text = "{\"id\":\"old\",\"url\":\"https://example.org/\\u0061\",\"n\":7}\n{\"x\":1}\n";
    let read = Read::file("a.jsonl", text.as_bytes(), options);
    let mut expected = crate::source::adapt::hex(&Sha256::digest("https://example.org/a\u{1F}7"));
    expected.truncate(32);
    assert_eq!(read.records()[0]["id"], expected);
    assert_eq!(read.records()[1], json!({"x":1}));
    let map = read.chunks[0].entries[0].map.as_ref().unwrap();
    assert_eq!(map.len(), 3);
}

#[test]
fn csv_cells_are_adapted_too() {
    let read = Read::with_spec(
        "a.csv",
        b"content,language\nx,\ny,en\n",
        &spec("rename = { content = \"body\" }\ndefaults = { language = \"ar\" }"),
        options(),
    );
    assert_eq!(
        read.records(),
        [
            json!({"body":"x","language":"ar"}),
            json!({"body":"y","language":"en"})
        ]
    );
    assert_eq!(read.check_ways_back(b"content,language\nx,\ny,en\n"), 3);
}
