//! What `[[input]]` does to records on their way in.

use crate::project::{Project, object};
use serde_json::Value;

/// The record that `show` prints.
fn shown(project: &Project, place: &str) -> String {
    let ran = project.run(&["show", place]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    ran.out
}

#[test]
fn a_renamed_field_is_reported_under_its_name_in_the_file() {
    let project = Project::new("[[input]]\ninclude = [\"*\"]\nrename = { content = \"body\" }\n");
    let record = [("id", "a"), ("content", "one\u{202e}two")];
    for (name, content) in [
        ("a.jsonl", format!("{}\n", object(&record))),
        ("a.json", format!("[{}]", object(&record))),
        ("a.csv", "id,content\na,one\u{202e}two\n".to_owned()),
    ] {
        project.write(name, &content);
        let ran = project.lint("U009", &[name]);
        let findings = ran.findings();
        assert_eq!(findings.len(), 1, "{name}: {}", ran.err);
        assert_eq!(findings[0]["field"], "/content", "{name}");
        let offset = findings[0]["offset"].as_u64().unwrap() as usize;
        assert!(
            content.as_bytes()[offset..].starts_with("\u{202e}".as_bytes()),
            "{name}"
        );
    }
}

#[test]
fn defaults_fill_what_a_record_lacks() {
    let project = Project::new(
        "[[input]]\ninclude = [\"*.jsonl\"]\ndefaults = { language = \"ar\", tags = [\"a\", \"b\"] }\n\
         [schema]\npath = \"s.json\"\n",
    );
    project.write(
        "s.json",
        r#"{"required":["language","tags"],"properties":{"language":{"const":"ar"},"tags":{"minItems":2}}}"#,
    );
    project.write(
        "a.jsonl",
        "{\"id\":\"1\"}\n{\"id\":\"2\",\"language\":\"en\"}\n{\"id\":\"3\",\"language\":null}\n",
    );
    let findings = project.lint("S", &[]).findings();
    let ids: Vec<&Value> = findings.iter().map(|finding| &finding["id"]).collect();
    assert_eq!(ids, ["2"]);
}

#[test]
fn the_path_gives_fields() {
    let project = Project::new(
        "[[input]]\ninclude = [\"*/**/*.txt\"]\nfrom-path = \"{source}/{published_at:%Y/%m}/{id}.txt\"\n\
         [schema]\npath = \"s.json\"\n",
    );
    project.write(
        "s.json",
        r#"{"properties":{"id":{"const":"a-7"},"source":{"const":"harbour"},"published_at":{"pattern":"^2025-03"}},
        "required":["id","source","published_at"]}"#,
    );
    project.write("harbour/2025/03/a-7.txt", "A short note about the harbour.");
    let ran = project.lint("S", &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    project.write("elsewhere/a-7.txt", "A short note.");
    let ran = project.lint("S", &[]);
    assert!(
        ran.err.contains("elsewhere/a-7.txt: its path does not fit"),
        "{}",
        ran.err
    );
    assert!(
        ran.findings()
            .iter()
            .all(|finding| finding["path"] == "elsewhere/a-7.txt")
    );
}

#[test]
fn the_first_line_can_be_the_title() {
    let project = Project::new("[[input]]\ninclude = [\"*\"]\ntitle = \"first-line\"\n");
    for (name, text) in [
        ("a.txt", "\nهد\u{202e}ف\n\nThe text.\n"),
        ("a.md", "#  هد\u{202e}ف\n\nThe text.\n"),
    ] {
        project.write(name, text);
        let findings = project.lint("U009", &[name]).findings();
        assert_eq!(findings.len(), 1, "{name}");
        assert_eq!(findings[0]["field"], "/title");
        assert_eq!(findings[0]["start"], 4);
        let offset = findings[0]["offset"].as_u64().unwrap() as usize;
        assert!(
            text.as_bytes()[offset..].starts_with("\u{202e}".as_bytes()),
            "{name}"
        );
    }
}

#[test]
fn markup_is_read_as_text() {
    let project = Project::new("[[input]]\ninclude = [\"*.jsonl\"]\nmarkup = { body = \"html\" }\n");
    let html = "<p>Caf&eacute; <b>quay</b></p><script>alert(1)</script><p>next \u{202e}line</p>";
    project.write("a.jsonl", format!("{}\n", object(&[("id", "1"), ("body", html)])));
    let text = shown(&project, "a.jsonl:1");
    assert!(
        text.contains("Café quay") && !text.contains("<b>") && !text.contains("alert"),
        "{text}"
    );
    let findings = project.lint("U009,B,E", &[]).findings();
    assert_eq!(findings.len(), 1, "{findings:?}");
    // The stripped text stands nowhere in the file.
    assert!(findings[0]["offset"].is_null());
    assert_eq!(findings[0]["line"], 1);
}

#[test]
fn the_zone_completes_dates_before_they_are_judged() {
    let schema = r#"{"properties":{"published_at":{"type":"string","format":"date-time"}}}"#;
    let record = object(&[
        ("id", "1"),
        ("body", "words"),
        ("published_at", "2025-05-01T10:00:00"),
    ]);
    let input = "[[input]]\ninclude = [\"*.jsonl\"]\n";
    for (zone, expected) in [("", 1), ("timezone = \"Asia/Riyadh\"\n", 0)] {
        let project = Project::new(&format!("{input}{zone}[schema]\npath = \"s.json\"\n"));
        project.write("s.json", schema);
        project.write("a.jsonl", format!("{record}\n"));
        let codes = project.lint("S010,M001,M004", &[]).codes();
        assert_eq!(codes.len().min(1), expected, "{zone}: {codes:?}");
    }
    let project = Project::new(&format!("{input}timezone = \"Asia/Riyad\"\n"));
    project.write("a.jsonl", format!("{record}\n"));
    assert_eq!(project.lint("S", &[]).code, 2);
}

#[test]
fn csv_dialects() {
    let project = Project::new(
        "[[input]]\ninclude = [\"*.csv\"]\n\
         csv = { delimiter = \";\", quote = \"'\", escape = \"\\\\\", comment = \"#\", columns = [\"id\", \"body\"] }\n",
    );
    project.write(
        "a.csv",
        "# a comment\n1;'it\\'s; \u{202e}x'\n2;plain \\; text \u{202e}y\n\n3;'two\nlines \u{202e}'\n",
    );
    let findings = project.lint("U009", &[]).findings();
    let places: Vec<_> = findings
        .iter()
        .map(|f| {
            (
                f["id"].as_str().unwrap(),
                f["line"].as_u64().unwrap(),
                f["start"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(places, [("1", 2, 6), ("2", 3, 13), ("3", 5, 10)]);
    let ragged = Project::bare();
    ragged.write("a.csv", "id,body\n1,one,too many\n2,fine\n");
    let ran = ragged.lint("E005", &["a.csv"]);
    assert_eq!(ran.findings()[0]["line"], 2);
    assert_eq!(ran.codes().len(), 1);
}

#[test]
fn ids_can_be_hashes_of_fields() {
    let project = Project::new("[[input]]\ninclude = [\"*.jsonl\"]\n[fields]\nid = { hash = [\"url\"] }\n");
    project.write(
        "a.jsonl",
        "{\"url\":\"https://one.example/\",\"body\":\"a\u{202e}\"}\n{\"url\":\"https://two.example/\",\"body\":\"b\u{202e}\"}\n",
    );
    let findings = project.lint("U009", &[]).findings();
    let ids: Vec<&str> = findings.iter().map(|f| f["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
    // First 32 digits of the SHA-256 of the address.
    assert_eq!(ids[0], "8f058569ebe73da9f4c780514dfedec9");
}
