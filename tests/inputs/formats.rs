//! Every format under every codec: the records, and the places of a finding.

use crate::project::{CODECS, Project, compress, object, render};
use serde_json::{Value, json};

const CLEAN: &[(&str, &str)] = &[("id", "a"), ("body", "nothing is wrong here")];
const MARKED: &[(&str, &str)] = &[("id", "b"), ("body", "كلمة\u{202e}word")];
/// Bytes and code points before the control in the value.
const BEFORE: (u64, u64) = (8, 4);

/// The one finding of a file.
fn only(project: &Project, name: &str) -> Value {
    let ran = project.lint("U009", &[name]);
    let findings = ran.findings();
    assert_eq!(findings.len(), 1, "{name}: {} {}", ran.out, ran.err);
    assert_eq!(ran.code, 1, "{name}");
    findings[0].clone()
}

/// Checks what holds in every format.
fn check(finding: &Value, name: &str, id: &str) {
    assert_eq!(finding["code"], "U009", "{name}");
    assert_eq!(finding["path"], name);
    assert_eq!(finding["id"], id, "{name}");
    assert_eq!(finding["field"], "/body", "{name}");
    assert_eq!(finding["start"], BEFORE.0, "{name}");
    assert_eq!(finding["end"], BEFORE.0 + 3, "{name}");
    assert_eq!(finding["start_char"], BEFORE.1, "{name}");
    assert_eq!(finding["end_char"], BEFORE.1 + 1, "{name}");
}

/// Checks that the offset leads to the control in the decompressed file.
fn check_offset(finding: &Value, name: &str, content: &[u8]) {
    let offset = finding["offset"]
        .as_u64()
        .unwrap_or_else(|| panic!("{name}: no offset"));
    assert_eq!(
        &content[offset as usize..offset as usize + 3],
        "\u{202e}".as_bytes(),
        "{name}"
    );
}

#[test]
fn every_format_under_every_codec_gives_the_same_finding() {
    let lines = [
        ("jsonl", 2),
        ("ndjson", 2),
        ("json", 3),
        ("csv", 3),
        ("tsv", 3),
        ("parquet", 2),
        ("arrow", 2),
    ];
    for codec in CODECS {
        let project = Project::bare();
        for (format, line) in lines {
            let name = format!("a.{format}{codec}");
            let content = render(format, &[CLEAN, MARKED]);
            project.write(&name, compress(codec, &content));
            let finding = only(&project, &name);
            check(&finding, &name, "b");
            assert_eq!(finding["line"], line, "{name}");
            if matches!(format, "parquet" | "arrow") {
                assert_eq!(finding["offset"], Value::Null, "{name}");
            } else {
                check_offset(&finding, &name, &content);
            }
            // `{"id":"b","body":"` and the value before the control; two blanks in the array.
            let column = match format {
                "jsonl" | "ndjson" => json!(18 + BEFORE.1 + 1),
                "json" => json!(2 + 18 + BEFORE.1 + 1),
                _ => Value::Null,
            };
            assert_eq!(finding["column"], column, "{name}");
        }
    }
}

#[test]
fn a_json_object_is_one_record() {
    let pretty = "{\n  \"id\": \"b\",\n  \"body\": \"كلمة\u{202e}word\"\n}\n";
    for codec in CODECS {
        for (index, content) in [object(MARKED), pretty.to_owned()].iter().enumerate() {
            let project = Project::bare();
            let name = format!("one.json{codec}");
            project.write(&name, compress(codec, content.as_bytes()));
            let finding = only(&project, &name);
            check(&finding, &name, "b");
            check_offset(&finding, &name, content.as_bytes());
            assert_eq!(finding["line"], 1);
            // Only the first line of a record has columns.
            assert_eq!(finding["column"].is_null(), index == 1);
        }
    }
}

#[test]
fn a_text_file_is_one_record_named_after_its_path() {
    let text = "\u{643}لمة\u{202e}word\nsecond line\n";
    let front = format!("---\ntitle: A headline\n---\n\n{text}");
    for codec in CODECS {
        for (file, content) in [("b.txt", text), ("b.md", text), ("c.md", front.as_str())] {
            let project = Project::bare();
            let name = format!("folder/{file}{codec}");
            project.write(&name, compress(codec, content.as_bytes()));
            let finding = only(&project, &name);
            check(&finding, &name, &format!("folder/{}", &file[..1]));
            check_offset(&finding, &name, content.as_bytes());
        }
    }
}

#[test]
fn a_truncated_archive_is_a_finding_and_what_came_before_is_read() {
    let record = object(MARKED);
    let content = format!("{record}\n").repeat(2000);
    for codec in &CODECS[1..] {
        let project = Project::bare();
        let mut bytes = compress(codec, content.as_bytes());
        bytes.truncate(bytes.len() - 8);
        let name = format!("a.jsonl{codec}");
        project.write(&name, bytes);
        let ran = project.lint("U009,E005", &[&name]);
        assert_eq!(ran.code, 1, "{name}");
        let codes = ran.codes();
        assert_eq!(codes.iter().filter(|code| *code == "E005").count(), 1, "{name}");
        assert_eq!(codes.last().unwrap(), "E005", "{name}");
        // The first member is whole.
        assert!(codes.len() >= 1000, "{name}: {}", codes.len());
    }
}

#[test]
fn codec_and_binary_formats_are_recognised_without_a_name() {
    let project = Project::bare();
    for codec in CODECS {
        for format in ["jsonl", "json", "parquet", "arrow"] {
            project.write("data", compress(codec, &render(format, &[CLEAN, MARKED])));
            check(&only(&project, "data"), "data", "b");
        }
    }
}

#[test]
fn standard_input_takes_every_format() {
    let project = Project::bare();
    for format in ["jsonl", "ndjson", "json", "csv", "tsv", "parquet", "arrow"] {
        for codec in CODECS {
            let input = compress(codec, &render(format, &[CLEAN, MARKED]));
            let args = [
                "lint",
                "-f",
                "json-lines",
                "--select",
                "U009",
                "--stdin-format",
                format,
                "-",
            ];
            let ran = project.run_with(&args, &input);
            let findings = ran.findings();
            assert_eq!(findings.len(), 1, "{format}{codec}: {}", ran.err);
            check(&findings[0], "-", "b");
        }
    }
    for format in ["text", "txt", "markdown", "md"] {
        let args = [
            "lint",
            "-f",
            "json-lines",
            "--select",
            "U009",
            "--stdin-format",
            format,
            "-",
        ];
        let ran = project.run_with(&args, MARKED[1].1.as_bytes());
        check(&ran.findings()[0], "-", "stdin");
    }
    let ran = project.run_with(&["lint", "--stdin-format", "docx", "-"], b"");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("docx"), "{}", ran.err);
}

#[test]
fn directories_globs_and_ignore_files_choose_the_inputs() {
    let project =
        Project::new("[[input]]\ninclude = [\"in/**/*.jsonl\", \"in/*.txt\"]\nexclude = [\"in/old/**\"]\n");
    for name in [
        "in/a.jsonl",
        "in/deep/er/b.jsonl",
        "in/old/c.jsonl",
        "in/drafts/d.jsonl",
        "out/e.jsonl",
    ] {
        project.write(name, format!("{}\n", object(MARKED)));
    }
    project.write("in/f.txt", MARKED[1].1);
    project.write("in/picture.png", "no input");
    project.write(".gitignore", "drafts/\n");
    let paths = |args: &[&str]| -> Vec<String> {
        let ran = project.lint("U009", args);
        ran.findings()
            .iter()
            .map(|finding| finding["path"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(paths(&[]), ["in/a.jsonl", "in/deep/er/b.jsonl", "in/f.txt"]);
    assert_eq!(paths(&["in/old"]), ["in/old/c.jsonl"]);
    assert_eq!(paths(&["out", "in/deep"]), ["in/deep/er/b.jsonl", "out/e.jsonl"]);
    // A file that is named is read, ignored or not.
    assert_eq!(paths(&["in/drafts/d.jsonl"]), ["in/drafts/d.jsonl"]);
    assert_eq!(
        paths(&["in/*.jsonl", "in/d*/*/*.jsonl"]),
        ["in/a.jsonl", "in/deep/er/b.jsonl"]
    );
    assert_eq!(project.run(&["lint", "nothing/*.jsonl"]).code, 2);
    assert_eq!(project.run(&["lint", "missing.jsonl"]).code, 2);
}
