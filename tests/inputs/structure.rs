//! Files whose lines are not what their name says.

use crate::project::{Project, object};

#[test]
fn the_structure_of_lines_is_reported_once_a_file() {
    let project = Project::bare();
    let record = object(&[
        ("id", "1"),
        ("body", "some words that are long enough to fill a file"),
    ]);
    // Three chunks of CRLF, and blank lines from the second one on.
    let mut file = format!("{record}\r\n").repeat(80_000);
    file.push_str(&format!("\r\n{record}\r\n").repeat(80_000));
    assert!(file.len() > 2 * (4 << 20));
    project.write("a.jsonl", &file);
    for jobs in ["1", "3"] {
        let ran = project.lint("S013", &["-j", jobs, "a.jsonl"]);
        let places: Vec<_> = ran
            .findings()
            .iter()
            .map(|f| f["line"].as_u64().unwrap())
            .collect();
        assert_eq!(places, [1, 80_001], "{}", ran.out);
    }
    project.write("b.jsonl", format!("[\n{record},\n{record}\n]\n"));
    let ran = project.lint("S013", &["b.jsonl"]);
    assert_eq!(ran.codes(), ["S013"]);
    assert!(ran.out.contains("array wrapper"), "{}", ran.out);
}

#[test]
fn json_lines_called_json_keep_their_lines_behind_a_broken_first_one() {
    let good = "{\"id\":\"b\",\"body\":\"one\u{202e}\"}\n{\"id\":\"c\",\"body\":\"two\u{202e}\"}\n";
    for broken in [
        "oops",
        "{\"id\":\"a\",\"body\":\"x\" \"y\"}",
        "{\"id\":\"a\",\"body\":",
        "{\"id\":\"a\",\"body\":\"cut",
    ] {
        let project = Project::bare();
        project.write("a.json", format!("{broken}\n{good}"));
        let ran = project.lint("S001,U009", &["a.json"]);
        assert_eq!(ran.codes(), ["S001", "U009", "U009"], "{broken}: {}", ran.out);
        let lines: Vec<_> = ran
            .findings()
            .iter()
            .map(|f| f["line"].as_u64().unwrap())
            .collect();
        assert_eq!(lines, [1, 2, 3], "{broken}");
    }
    // A document whose first member stands on lines of its own stays one.
    let project = Project::bare();
    project.write("a.json", "{\"meta\":\n{\"x\":1}\n}\n");
    project.write("b.json", "{\"meta\":\n{\"x\":1},\n\"body\":\"one\u{202e}\"}\n");
    assert_eq!(project.lint("S001,U009", &["a.json", "b.json"]).codes(), ["U009"]);
}

#[test]
fn empty_and_blank_files_hold_no_record() {
    let project = Project::bare();
    for (content, blank) in [("", false), ("\n \n\n", true)] {
        for format in ["jsonl", "ndjson", "txt", "md", "csv", "tsv"] {
            let name = format!("a.{format}");
            project.write(&name, content);
            let ran = project.lint("S,E", &[&name]);
            let lines = blank && (format.ends_with('l') || format == "ndjson");
            assert_eq!(ran.codes(), if lines { vec!["S013"] } else { vec![] }, "{name}");
            assert_eq!(ran.code, 0, "{name}: {}", ran.out);
            assert!(ran.err.contains("no records"), "{name}: {}", ran.err);
        }
        project.write("a.json", content);
        assert_eq!(project.lint("S,E", &["a.json"]).codes(), ["S001"]);
    }
}
