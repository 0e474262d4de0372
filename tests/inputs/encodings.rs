//! Charsets: decoded when certain or told, said per file, never guessed into the data.

use crate::project::{Project, object};

const ARTICLE: &str = "أعلنت وزارة النقل في العاصمة أمس عن بدء العمل في الجسر الجديد الذي يربط ضفتي النهر، وقال \
    الوزير إن المشروع سيخفف الازدحام على الطرق القديمة في المدينة خلال العام المقبل.";

/// Arabic in windows-1256.
fn legacy(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::WINDOWS_1256.encode(text);
    assert!(!lossy);
    bytes.into_owned()
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let unit = |unit: u16| {
        if little {
            unit.to_le_bytes()
        } else {
            unit.to_be_bytes()
        }
    };
    std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(unit)
        .collect()
}

#[test]
fn windows_1256_is_decoded_and_said_per_file() {
    let project = Project::bare();
    project.write("a.txt", legacy(ARTICLE));
    let line = |id| {
        format!(
            "{}\n",
            object(&[("id", id), ("body", &format!("{ARTICLE}  {id}"))])
        )
    };
    project.write("b.jsonl", legacy(&format!("{}{}", line("1"), line("2"))));
    project.write(
        "c.jsonl",
        format!("{}\n", object(&[("id", "3"), ("body", ARTICLE)])),
    );
    let ran = project.lint("E001,U015", &["."]);
    assert!(ran.err.contains("a.txt: decoded as windows-1256"), "{}", ran.err);
    assert!(
        ran.err.contains("b.jsonl: decoded as windows-1256"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("c.jsonl"), "{}", ran.err);
    // The blanks behind the article are found at their place in the decoded text.
    assert_eq!(ran.codes(), ["U015", "U015"], "{}", ran.out);
    for finding in ran.findings() {
        assert_eq!(finding["path"], "b.jsonl");
        assert_eq!(finding["start"].as_u64().unwrap(), ARTICLE.len() as u64);
        // There is no such byte in the file.
        assert!(finding["offset"].is_null());
    }
    let shown = project.run(&["show", "b.jsonl:2"]);
    assert!(shown.out.contains("وزارة النقل"), "{}{}", shown.out, shown.err);
}

#[test]
fn a_label_decides_for_bytes_that_prove_nothing() {
    let project = Project::new("[[input]]\ninclude = [\"*.txt\"]\nencoding = \"windows-1252\"\n");
    project.write("a.txt", b"caf\xe9 on the quay");
    let ran = project.lint("E001", &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(
        ran.err.contains("a.txt: decoded, as configured, as windows-1252"),
        "{}",
        ran.err
    );
    assert!(project.run(&["show", "a.txt:1"]).out.contains("café"));
    let wrong = Project::new("[[input]]\ninclude = [\"*.txt\"]\nencoding = \"windows-9999\"\n");
    wrong.write("a.txt", "text");
    let ran = wrong.lint("E001", &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("windows-9999"), "{}", ran.err);
}

#[test]
fn bytes_that_are_uncertain_are_one_finding_a_record() {
    let project = Project::bare();
    let bad = |id: &str, tail: &[u8]| {
        let head = format!("{{\"id\":\"{id}\",\"body\":\"{ARTICLE} ");
        [head.as_bytes(), tail, b"\"}\n"].concat()
    };
    let sound = format!("{}\n", object(&[("id", "2"), ("body", ARTICLE)]));
    let file = [bad("1", b"\xe9 and \xe8"), sound.into_bytes(), bad("3", b"\xff")].concat();
    project.write("a.jsonl", &file);
    let ran = project.lint("E001", &["a.jsonl"]);
    let findings = ran.findings();
    assert_eq!(findings.len(), 2, "{}", ran.out);
    let lines: Vec<u64> = findings.iter().map(|f| f["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [1, 3]);
    assert!(
        findings[0]["message"]
            .as_str()
            .unwrap()
            .contains("the first of 2 places")
    );
    for (finding, byte) in findings.iter().zip([0xE9, 0xFF]) {
        assert_eq!(file[finding["offset"].as_u64().unwrap() as usize], byte);
    }
    // A whole record in an old charset names it, as a guess, and does not decode it.
    let old = legacy(&format!("{}\n", object(&[("id", "4"), ("body", ARTICLE)])));
    let sound = format!("{}\n", object(&[("id", "5"), ("body", ARTICLE)])).repeat(4);
    project.write("mixed.jsonl", [sound.as_bytes(), &old].concat());
    let findings = project.lint("E001", &["mixed.jsonl"]).findings();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["line"], 5);
    let message = findings[0]["message"].as_str().unwrap();
    assert!(message.contains("windows-1256 (a guess)"), "{message}");
}

#[test]
fn utf_16_is_read_by_its_mark_and_refused_without() {
    let project = Project::bare();
    let record = object(&[("id", "1"), ("body", "نص\u{202e}قصير")]);
    for little in [true, false] {
        for (name, text) in [
            ("a.jsonl", format!("{record}\n")),
            ("a.json", format!("[{record}]")),
            ("a.txt", "نص\u{202e}قصير".to_owned()),
            ("a.md", "نص\u{202e}قصير".to_owned()),
            ("a.csv", "id,body\n1,نص\u{202e}قصير\n".to_owned()),
        ] {
            project.write(name, utf16(&text, little));
            let ran = project.lint("U009", &[name]);
            let findings = ran.findings();
            assert_eq!(findings.len(), 1, "{name}: {}", ran.err);
            assert_eq!(findings[0]["start"], 4, "{name}");
            assert!(findings[0]["offset"].is_null(), "{name}");
            assert!(
                ran.err.contains(if little { "UTF-16LE" } else { "UTF-16BE" }),
                "{}",
                ran.err
            );
        }
    }
    project.write(
        "b.jsonl",
        &utf16("{\"id\":\"1\",\"body\":\"plain words\"}\n", true)[2..],
    );
    let ran = project.lint("E", &["b.jsonl"]);
    assert_eq!(ran.codes(), ["E005"]);
    assert!(ran.out.contains("UTF-16LE"), "{}", ran.out);
}

#[test]
fn a_byte_order_mark_is_found_and_taken_off_in_every_text_format() {
    let project = Project::bare();
    let record = object(&[("id", "1"), ("body", "words")]);
    let files = [
        ("a.jsonl", format!("{record}\n")),
        ("a.json", format!("[{record}]")),
        ("a.txt", "words".to_owned()),
        ("a.md", "---\ntitle: words\n---\nwords".to_owned()),
        ("a.csv", "id,body\n1,words\n".to_owned()),
        ("a.tsv", "id\tbody\n1\twords\n".to_owned()),
    ];
    for (name, text) in files {
        project.write(name, format!("\u{feff}{text}"));
        let ran = project.lint("E002,S001", &[name]);
        assert_eq!(ran.codes(), ["E002"], "{name}");
        let ran = project.lint("E002", &["--fix", "--allow-dirty", name]);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{name}: {}", ran.err);
        assert_eq!(project.read(name), text.as_bytes(), "{name}");
    }
}
