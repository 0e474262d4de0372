//! `lint --fix`: only the literals that change, and only where the file can take them.

use crate::project::{CODECS, Project, compress, decompress, object, render};

const BAD: &str = "left\u{202e} right";
const GOOD: &str = "left right";

fn fix(project: &Project, args: &[&str]) -> (i32, String) {
    let ran = project.run(&[&["lint", "--select", "U009", "--fix", "--allow-dirty"], args].concat());
    (ran.code, ran.err)
}

#[test]
fn text_and_json_change_in_their_literals_only() {
    let files = [
        ("a.txt", "A headline\r\n\r\nBAD \r\n\r\nlast\t \r\n"),
        ("a.md", "---\ntitle: \"A  headline\"\n---\n\n# BAD\n\n*  item\n\n"),
        (
            "one.json",
            "{ \"id\" : \"x\",\r\n\t\"content\":\"BAD\\u0041\\/\" , \"n\":1e2}",
        ),
        (
            "many.json",
            "[ {\"id\":\"x\",\"content\":\"BAD\"},\n\n {\"id\":\"y\",\"content\":\"fine\"} ]\n",
        ),
        (
            "a.jsonl",
            "{\"id\":\"x\",  \"content\":\"BAD\"}\r\nnot json\n\n{\"content\":\"BAD\",\"id\":\"y\"}",
        ),
    ];
    let config = "[[input]]\ninclude = [\"*.*\"]\nrename = { content = \"body\" }\ntitle = \"first-line\"\n";
    for (name, content) in files {
        let project = Project::new(config);
        project.write(name, content.replace("BAD", BAD));
        let (_, err) = fix(&project, &[name]);
        let fixed = String::from_utf8(project.read(name)).unwrap();
        assert_eq!(fixed, content.replace("BAD", GOOD), "{name}: {err}");
    }
}

#[test]
fn findings_after_a_fix_stand_where_the_fixed_file_has_them() {
    let project = Project::bare();
    let line = |id: &str, text: &str| format!("{}\n", object(&[("id", id), ("body", text)]));
    let file = [
        line("1", BAD),
        "oops\n".to_owned(),
        line("2", BAD),
        line("3", "one\u{fffd}"),
    ]
    .concat();
    project.write("a.jsonl", &file);
    let args = [
        "lint",
        "-f",
        "json-lines",
        "--select",
        "U009,S001,E107",
        "--fix",
        "--allow-dirty",
        "a.jsonl",
    ];
    let ran = project.run(&args);
    let fixed = project.read("a.jsonl");
    let findings = ran.findings();
    assert_eq!(ran.codes(), ["S001", "E107"], "{}", ran.out);
    let at = |index: usize| findings[index]["offset"].as_u64().unwrap() as usize;
    assert!(fixed[at(0)..].starts_with(b"oops"));
    assert!(fixed[at(1)..].starts_with("\u{fffd}".as_bytes()));
}

#[test]
fn a_value_that_cannot_be_rewritten_does_not_keep_the_others_from_it() {
    let project = Project::bare();
    let front = format!("---\ntitle: \"{BAD}\"\n---\n\n");
    project.write("a.md", format!("{front}{BAD}\n"));
    let (code, err) = fix(&project, &["a.md"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("some values are not fixed"), "{err}");
    assert_eq!(project.read("a.md"), format!("{front}{GOOD}\n").as_bytes());
}

#[test]
fn what_a_file_cannot_take_is_refused_aloud() {
    let config = "[[input]]\ninclude = [\"*.*\"]\nencoding = \"windows-1256\"\n";
    let coded = Project::new(config);
    let text = object(&[("id", "x"), ("body", "word  word")]);
    let (bytes, _, lossy) = encoding_rs::WINDOWS_1256.encode(&text);
    assert!(!lossy);
    coded.write("a.jsonl", &bytes);
    let ran = coded.run(&["lint", "--select", "U015", "--fix", "--allow-dirty", "a.jsonl"]);
    assert_eq!(coded.read("a.jsonl"), &*bytes);
    assert!(
        ran.err
            .contains("a.jsonl: not fixed: it was decoded from windows-1256"),
        "{}",
        ran.err
    );

    for format in ["csv", "tsv", "parquet", "arrow"] {
        let project = Project::bare();
        let name = format!("a.{format}");
        let content = render(
            format,
            &[&[("id", "x"), ("body", BAD)], &[("id", "y"), ("body", BAD)]],
        );
        project.write(&name, &content);
        let (code, err) = fix(&project, &[&name]);
        assert_eq!(code, 1, "{name}");
        assert_eq!(project.read(&name), content, "{name}");
        assert_eq!(err.matches("not fixed").count(), 1, "{name}: {err}");
    }
}

#[test]
fn compressed_files_are_rewritten_only_when_asked() {
    let line = |text: &str| format!("{}\n", object(&[("id", "x"), ("body", text)])).repeat(50);
    for codec in &CODECS[1..] {
        let project = Project::bare();
        let named = format!("a.jsonl{codec}");
        let content = compress(codec, line(BAD).as_bytes());
        project.write(&named, &content);
        let (code, err) = fix(&project, &[&named]);
        assert_eq!(code, 2, "{named}");
        assert!(err.contains("--fix-compressed"), "{err}");
        // Neither elsewhere, nor where only the content tells.
        assert_eq!(fix(&project, &["--fix-output", "out", &named]).0, 1);
        assert!(!project.path("out").exists());
        project.write("a.jsonl", &content);
        let (code, err) = fix(&project, &["a.jsonl"]);
        assert_eq!(code, 2);
        assert!(err.contains("--fix-compressed"), "{err}");
        assert_eq!(project.read("a.jsonl"), content);
        assert_eq!(project.read(&named), content);

        let (code, err) = fix(&project, &["--fix-compressed", &named]);
        assert_eq!(code, 0, "{err}");
        assert_ne!(project.read(&named), content);
        assert_eq!(decompress(&project.path(&named)), line(GOOD).as_bytes());
    }
}
