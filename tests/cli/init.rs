//! `corpus init`: files that work, and none that were there before.

use crate::support::{Dir, good, line};

#[test]
fn a_new_project_lints_what_is_put_into_it() {
    let dir = Dir::new();
    dir.run(&["init", "My News"]).exits(0).says("corpus.toml");
    assert!(dir.read("My News/corpus.toml").contains("name = \"my-news\""));
    for file in [
        ".github/workflows/corpus.yml",
        ".pre-commit-config.yaml",
        ".gitignore",
        "schemas/article.schema.json",
    ] {
        assert!(dir.path("My News").join(file).is_file(), "{file}");
    }
    dir.run(&["-C", "My News", "lint"])
        .exits(2)
        .says("no file matched");
    let article = serde_json::json!({
        "id": "a", "url": "https://news.example/a", "title": "Boats counted",
        "body": "The harbour office counted seven boats on a calm morning, and nobody was surprised.",
        "language": "en", "source": "news.example", "published_at": "2025-03-01T08:00:00Z",
        "collected_at": "2025-03-02T08:00:00Z", "license": "CC-BY-4.0",
    });
    dir.write("My News/articles/a.jsonl", format!("{article}\n").as_bytes());
    dir.run(&["-C", "My News", "lint"]).exits(0);
    dir.run(&["-C", "My News", "config", "schema.formats"]).exits(0);
}

#[test]
fn nothing_is_overwritten() {
    let dir = Dir::with(&[("corpus.toml", "name = \"mine\"\n"), (".gitignore", "/tmp")]);
    dir.run(&["init"]).exits(2).says("`corpus.toml` already exists");
    assert_eq!(dir.names(), [".gitignore", "corpus.toml"]);
    std::fs::remove_file(dir.path("corpus.toml")).expect("a file");
    dir.run(&["init"]).exits(0);
    let ignore = dir.read(".gitignore");
    assert!(
        ignore.starts_with("/tmp\n") && ignore.contains("/releases/*.audit/"),
        "{ignore}"
    );
}

#[test]
fn roles_and_schema_come_from_real_records() {
    let dir = Dir::new();
    let mut text = String::new();
    for number in 0..40 {
        let record = serde_json::json!({
            "guid": number, "headline": format!("Ferry number {number} sails"),
            "story": format!("Ferry number {number} sails at dawn. ").repeat(12),
            "link": format!("https://news.example/{number}"), "lang": "en",
            "pub_date": "2025-03-01T08:00:00Z", "views": null, "extra_data": {"a": 1},
        });
        text.push_str(&record.to_string());
        text.push('\n');
    }
    dir.write("raw/a.jsonl", text.as_bytes());
    dir.run(&["init", "--from", "raw/a.jsonl"])
        .exits(0)
        .says("`extra_data` has no single column type");
    let config = dir.read("corpus.toml");
    for expected in [
        "include = [\"raw/*.jsonl\"]",
        "id = \"guid\"",
        "text = \"story\"",
        "title = \"headline\"",
        "url = \"link\"",
        "language = \"lang\"",
        "published = \"pub_date\"",
    ] {
        assert!(config.contains(expected), "{expected} is not in\n{config}");
    }
    let schema: serde_json::Value =
        serde_json::from_str(&dir.read("schemas/article.schema.json")).expect("JSON");
    assert_eq!(schema["properties"]["guid"]["type"], "integer");
    let run = dir.run(&["lint", "-f", "json"]);
    assert!(run.code < 2, "{run:?}");
    assert!(!run.codes().iter().any(|code| code.starts_with("S0")), "{run:?}");
}

#[test]
fn files_without_records_are_refused() {
    let dir = Dir::with(&[("a.jsonl", "\n"), ("b.jsonl", "[1]\n")]);
    dir.run(&["init", "--from", "a.jsonl", "b.jsonl"])
        .exits(2)
        .says("no records");
    dir.run(&["init", "--from", "none.jsonl"])
        .exits(2)
        .says("none.jsonl");
    assert_eq!(dir.names(), ["a.jsonl", "b.jsonl"]);
    dir.write("c.jsonl", (line("a", "x") + &good(1)).as_bytes());
    dir.run(&["init", "new", "--from", "c.jsonl"])
        .exits(0)
        .says("outside the project");
}
