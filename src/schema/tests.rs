#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::record::{Span, Tree};
use crate::source::json::parse;
use serde_json::json;
use std::fmt::Write;

fn with_value<T>(text: &str, f: impl FnOnce(Value<'_>) -> T) -> T {
    let mut tree = Tree::new();
    parse(text, Span::new(0, text.len()), &mut tree, &mut Vec::new()).expect(text);
    f(tree.root(text).unwrap())
}

fn compile(schema: &serde_json::Value) -> Schema {
    Schema::compile(schema, &Options::default()).unwrap()
}

fn article() -> Schema {
    compile(&serde_json::from_str(include_str!("../../schemas/article.schema.json")).unwrap())
}

const ARTICLE: &str = r#"{"id":"a","url":"https://example.org/مقال","title":"ع","body":"نص","language":"ar","source":"s","published_at":"2040-01-01"}"#;

#[test]
fn shared_by_threads() {
    fn check<T: Send + Sync>() {}
    check::<Schema>();
}

#[test]
fn the_article_schema_takes_articles() {
    let schema = article();
    with_value(ARTICLE, |value| {
        assert!(schema.is_valid(value), "{:?}", schema.errors(value));
        assert!(schema.errors(value).is_empty());
    });
    let optional = ARTICLE.replace(
        '}',
        r#","authors":["أ"],"tags":null,"collected_at":"2040-01-02T00:00:00Z","x":[1]}"#,
    );
    with_value(&optional, |value| {
        assert!(schema.is_valid(value), "{:?}", schema.errors(value));
    });
}

#[test]
fn errors_have_kind_place_and_words() {
    let schema = article();
    let text = ARTICLE
        .replace("\"source\":\"s\",", "")
        .replace("\"2040-01-01\"", "17")
        .replace("https://example.org/مقال", "not a url")
        .replace("\"ar\"", "\"arabic\"");
    with_value(&text, |value| {
        assert!(!schema.is_valid(value));
        let errors = schema.errors(value);
        let seen: Vec<_> = errors
            .iter()
            .map(|error| {
                (
                    error.kind,
                    error.instance.as_str(),
                    error.expected.as_str(),
                    error.message.as_str(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (
                    SchemaErrorKind::Required,
                    "",
                    "source",
                    "the required member \"source\" is missing"
                ),
                (
                    SchemaErrorKind::Other,
                    "/url",
                    "format",
                    "\"not a url\" is not of format iri"
                ),
                (
                    SchemaErrorKind::Other,
                    "/language",
                    "pattern",
                    "\"arabic\" does not match ^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
                ),
                (
                    SchemaErrorKind::Type,
                    "/published_at",
                    "string",
                    "number found, string expected"
                ),
            ]
        );
        assert_eq!(errors[1].keyword, "/properties/url/format");
        for error in errors {
            assert_eq!(value.pointer(&error.instance).unwrap().index(), error.node);
        }
    });
}

#[test]
fn alternatives_that_differ_in_type_are_a_type_error() {
    let schema = compile(&json!({"properties": {"a": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}));
    with_value(r#"{"a":1}"#, |value| {
        let errors = schema.errors(value);
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].kind, SchemaErrorKind::Type);
        assert_eq!(errors[0].expected, "string or null");
    });
    let dated = article();
    with_value(&ARTICLE.replace("2040-01-01", "1 May"), |value| {
        let errors = dated.errors(value);
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].expected, "anyOf");
        assert_eq!(
            errors[0].message,
            "none of 2 alternatives fits: \"1 May\" is not of format date-time; \"1 May\" is not of format date"
        );
    });
}

#[test]
fn lossless_forms() {
    let schema = compile(&json!({"properties": {
        "id": {"type": "string"}, "ok": {"type": "boolean"},
        "list": {"type": "array", "items": {"type": "string"}}, "numbers": {"type": "array", "items": {"type": "number"}}
    }}));
    with_value(
        r#"{"id":12,"ok":"true","list":"a\u0041","numbers":"1"}"#,
        |value| {
            let forms: Vec<_> = schema
                .errors(value)
                .into_iter()
                .map(|error| error.lossless)
                .collect();
            let some = |form: &str| Some(form.to_owned());
            assert_eq!(
                forms,
                [some("\"12\""), some("true"), some("[\"a\\u0041\"]"), None]
            );
        },
    );
    with_value(r#"{"id":1.5e3,"ok":"TRUE"}"#, |value| {
        assert!(schema.errors(value).iter().all(|error| error.lossless.is_none()));
    });
}

#[test]
fn messages_stay_short() {
    let schema = compile(&json!({"maxLength": 10}));
    let text = format!("\"{}\"", "ط".repeat(100_000));
    with_value(&text, |value| {
        assert!(schema.errors(value)[0].message.len() < 100);
    });
    let schema = compile(&json!({"items": {"enum": (0..10_000).collect::<Vec<_>>()}}));
    with_value(&format!("[{text}]"), |value| {
        assert!(schema.errors(value)[0].message.len() < 400);
    });
}

#[test]
fn a_hostile_record_has_a_bounded_explanation() {
    let schema = compile(&json!({"items": {"type": "string"}}));
    let numbers = |n: usize| format!("[{}0]", "0,".repeat(n - 1));
    with_value(&numbers(50_000), |value| {
        assert_eq!(schema.errors(value).len(), explain::MAX_ERRORS);
    });
    with_value(&numbers(200_000), |value| {
        assert_eq!(schema.errors(value).len(), 1);
    });
}

#[test]
fn numbers_compare_by_value() {
    let schema = compile(&json!({"items": {"enum": [1, 2.5]}, "uniqueItems": true}));
    with_value("[1.0,25e-1]", |value| assert!(schema.is_valid(value)));
    with_value("[1.0,1]", |value| assert!(!schema.is_valid(value)));
    let schema = compile(&json!({"type": "number", "maximum": 5}));
    with_value("1e400", |value| assert!(!schema.is_valid(value)));
    with_value("-1e400", |value| assert!(schema.is_valid(value)));
}

#[test]
fn names_are_checked_without_copies() {
    let schema =
        compile(&json!({"propertyNames": {"maxLength": 3}, "patternProperties": {"^س": {"type": "null"}}}));
    with_value(r#"{"abc":1,"\u0633":null}"#, |value| {
        assert!(schema.is_valid(value));
    });
    with_value(r#"{"abcd":1}"#, |value| assert!(!schema.is_valid(value)));
    with_value(r#"{"\u0633":1}"#, |value| assert!(!schema.is_valid(value)));
}

#[test]
fn formats_as_told() {
    let schema = json!({"format": "date"});
    let draft = Options {
        formats: Formats::Draft,
        ..Options::default()
    };
    with_value("\"x\"", |value| {
        assert!(!compile(&schema).is_valid(value));
        assert!(Schema::compile(&schema, &draft).unwrap().is_valid(value));
    });
}

#[test]
fn drafts_are_detected() {
    let tuple = |schema: &str| json!({"$schema": schema, "items": [{"type": "string"}]});
    let old = compile(&tuple("http://json-schema.org/draft-07/schema#"));
    with_value("[1]", |value| assert!(!old.is_valid(value)));
    let new = Schema::compile(
        &tuple("https://json-schema.org/draft/2020-12/schema"),
        &Options::default(),
    );
    assert!(new.is_err(), "a list of items is not 2020-12");
    let untold = Options {
        default_draft: Draft::Draft4,
        ..Options::default()
    };
    let exclusive = json!({"minimum": 1, "exclusiveMinimum": true});
    let schema = Schema::compile(&exclusive, &untold).unwrap();
    with_value("1", |value| assert!(!schema.is_valid(value)));
}

#[test]
fn patterns_run_in_linear_time() {
    let schema = compile(&json!({"pattern": "(a+)+$"}));
    let text = format!("\"{}!\"", "a".repeat(1 << 20));
    let start = std::time::Instant::now();
    with_value(&text, |value| assert!(!schema.is_valid(value)));
    assert!(start.elapsed().as_secs() < 5);
    let error = Schema::compile(&json!({"pattern": "(?=a)"}), &Options::default()).unwrap_err();
    assert!(error.to_string().contains("`/pattern`"), "{error}");
}

/// A folder with files, and a folder beside it.
fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn load(folder: &tempfile::TempDir, schema: &str) -> Result<Schema, LoadError> {
    let root = folder.path().join("p");
    Schema::load(&root.join(schema), &root, Formats::Assert)
}

#[test]
fn references_stay_in_the_project() {
    let reference = |target: &str| format!(r#"{{"$ref":"{target}"}}"#);
    let string = r#"{"type":"string"}"#;
    let files = [
        ("p/s/a.json", reference("b%20c.json#/$defs/x")),
        (
            "p/s/b c.json",
            r#"{"$defs":{"x":{"$ref":"../top.json"}}}"#.to_owned(),
        ),
        ("p/top.json", string.to_owned()),
        ("outside.json", string.to_owned()),
        ("p/s/up.json", reference("../../outside.json")),
        ("p/s/link.json", reference("linked.json")),
        ("p/s/file.json", reference("file:///etc/hostname")),
        ("p/s/http.json", reference("http://h.example:8/x/y.json")),
        ("p/s/encoded.json", reference("%2e%2e/%2e%2e/outside.json")),
        ("p/m/http.json", reference("http://h.example:8/x/y.json")),
        ("p/m/h.example_8/x/y.json", string.to_owned()),
        ("p/i/http.json", reference("http://h.example:8/x/y.json")),
        (
            "p/i/any.json",
            r#"{"$id":"http://h.example:8/x/y.json","type":"string"}"#.to_owned(),
        ),
        (
            "p/r/a.json",
            r#"{"$id":"https://e.example/v1/a.json","$ref":"b.json"}"#.to_owned(),
        ),
        ("p/r/b.json", string.to_owned()),
    ];
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = project(&files);
    #[cfg(unix)]
    std::os::unix::fs::symlink(
        folder.path().join("outside.json"),
        folder.path().join("p/s/linked.json"),
    )
    .unwrap();
    for good in ["s/a.json", "m/http.json", "i/http.json", "r/a.json"] {
        let schema = load(&folder, good).unwrap_or_else(|error| panic!("{good}: {error}"));
        with_value("\"x\"", |value| assert!(schema.is_valid(value), "{good}"));
        with_value("1", |value| assert!(!schema.is_valid(value), "{good}"));
    }
    let mut reasons = String::new();
    for bad in [
        "s/up.json",
        "s/link.json",
        "s/file.json",
        "s/http.json",
        "s/encoded.json",
    ] {
        let error = load(&folder, bad).expect_err(bad).to_string();
        let (_, reason) = error.split_once(".json: ").unwrap();
        writeln!(reasons, "{reason}").unwrap();
    }
    let expected = "\
cannot follow the reference to `outside.json`: there is no file `outside.json` in the project
cannot follow the reference to `s/linked.json`: `s/linked.json` leads outside the project
cannot follow the reference to `file:///etc/hostname`: only files of the project can be referred to, by relative paths
cannot follow the reference to `http://h.example:8/x/y.json`: nothing is fetched from the network; put a copy beside the schema, as `h.example_8/x/y.json` or with this `$id`
cannot follow the reference to `outside.json`: there is no file `outside.json` in the project
";
    assert_eq!(reasons, expected);
    let outside = Schema::load(
        &folder.path().join("outside.json"),
        &folder.path().join("p"),
        Formats::Assert,
    );
    assert!(
        outside
            .unwrap_err()
            .to_string()
            .contains("is outside the project")
    );
}

#[test]
fn bad_schemas_are_refused_with_the_place() {
    let table = [
        ("{\n\"type\": \"strin\"}", "the schema at `/type` is not valid"),
        (
            "{\"properties\": {\"a\": {\"minLength\": \"1\"}}}",
            "the schema at `/properties/a/minLength`",
        ),
        (
            "{\n\n\"a\" 1}",
            "line 3: is not JSON: expected `:` after the member name, found `1`",
        ),
        (
            "{\"type\":\"string\",\n\"type\":\"null\"}",
            "line 2: repeats the member name \"type\"",
        ),
        ("[]", "a schema is an object, `true` or `false`"),
        ("{\"$ref\": \"#/$defs/none\"}", "a reference cannot be followed"),
        (
            "{\"$schema\": \"http://x.example/unknown\"}",
            "http://x.example/unknown",
        ),
    ];
    for (text, reason) in table {
        let folder = project(&[("p/a.json", text)]);
        let error = load(&folder, "a.json").expect_err(text).to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
    let folder = project(&[("p/b.json", "{}")]);
    assert!(matches!(load(&folder, "none.json"), Err(LoadError::Io(_))));
}
