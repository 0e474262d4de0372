//! Bad bytes, bad JSON, and things that are too long, too deep or too many.

use crate::tool::{command, lint, lint_piped, sane, write};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Command;
use std::time::Instant;

#[test]
fn every_class_of_invalid_utf8_has_its_place() {
    // Name, bytes, and how far behind their start the offence is.
    let classes: [(&str, &[u8]); 12] = [
        ("lone continuation", b"\x80"),
        ("overlong two", b"\xC0\xAF"),
        ("overlong three", b"\xE0\x80\xAF"),
        ("overlong four", b"\xF0\x80\x80\xAF"),
        ("encoded surrogate", b"\xED\xA0\x80"),
        ("beyond U+10FFFF", b"\xF4\x90\x80\x80"),
        ("five bytes", b"\xF8\x88\x80\x80\x80"),
        ("never a byte", b"\xFF"),
        ("cut short by ASCII", b"\xD8a"),
        ("three cut short", b"\xE2\x82"),
        ("four cut short", b"\xF0\x9F\x98"),
        ("a byte of windows-1256", b"\xC7\xE1"),
    ];
    let scratch = tempfile::tempdir().unwrap();
    let (mut bytes, mut places) = (Vec::new(), Vec::new());
    for (number, (name, bad)) in classes.iter().enumerate() {
        writeln!(bytes, "{{\"id\":\"{number}\",\"body\":\"سليم تماما\"}}").unwrap();
        bytes.extend(b"{\"id\":\"x\",\"body\":\"");
        places.push((*name, 2 * number as u64 + 2, bytes.len() as u64));
        bytes.extend(*bad);
        bytes.extend(b"\"}\n");
    }
    write(scratch.path(), "a.jsonl", &bytes);
    let run = lint(scratch.path(), "a.jsonl", &[]);
    assert_eq!(run.read_lines(), (0..12).map(|n| 2 * n + 1).collect::<Vec<u64>>());
    let mut found = run.of("E001");
    found.extend(run.of("E004"));
    found.sort_by_key(|finding| finding["line"].as_u64());
    assert_eq!(found.len(), places.len());
    for (finding, (name, line, offset)) in found.iter().zip(places) {
        assert_eq!(finding["line"], line, "{name}");
        assert_eq!(finding["offset"], offset, "{name}");
    }
}

#[test]
fn flaws_of_json_are_named_and_the_rest_is_read() {
    let scratch = tempfile::tempdir().unwrap();
    let lines = [
        (r#"{"id":"1","body":"half \ud800 a pair"}"#, Some("S003")),
        (r#"{"id":"2","body":"half \udc00 a pair"}"#, Some("S003")),
        (r#"{"id":"3","n":1e400}"#, Some("S004")),
        (r#"{"id":"4","n":-1e400}"#, Some("S004")),
        (r#"{"id":"5","n":123456789012345678901234567890}"#, Some("S004")),
        (r#"{"id":"6","id":"6"}"#, Some("S002")),
        ("{\"id\":\"7\",\"body\":\"a\0b\"}", Some("S001")),
        ("{\"id\":\"8\",\"body\":\"a\u{1}b\"}", Some("S001")),
        (r#"{"id":"9",}"#, Some("S001")),
        (r#"{"id":NaN}"#, Some("S001")),
        ("", None),
        ("   \t ", None),
        (r#"{"id":"11"}"#, None),
    ];
    let text: String = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
    write(scratch.path(), "a.jsonl", &text);
    let run = lint(scratch.path(), "a.jsonl", &[]);
    for ((_, code), number) in lines.iter().zip(1_u64..) {
        if let Some(code) = code {
            assert!(
                run.of(code).iter().any(|finding| finding["line"] == number),
                "{number}: {code}"
            );
        }
    }
    // Blank lines are no records.
    assert_eq!((run.records(), run.losses().len()), (11, 4));
}

#[test]
fn binary_data_called_json_lines_is_one_loss() {
    let scratch = tempfile::tempdir().unwrap();
    write(
        scratch.path(),
        "png.jsonl",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06",
    );
    write(scratch.path(), "nul.jsonl", vec![0; 200_000]);
    write(scratch.path(), "good.jsonl", "{\"id\":\"1\"}\n");
    let run = lint(scratch.path(), ".", &[]);
    assert_eq!(
        (run.records(), run.losses().len(), run.of("S005").len()),
        (3, 2, 1)
    );
}

#[test]
fn depth_and_members_are_limited() {
    let scratch = tempfile::tempdir().unwrap();
    let deep = 100_000;
    let good = "{\"id\":\"good\"}\n";
    let members = |count: usize| {
        let mut text = String::from("{");
        for number in 0..count {
            write!(text, "{}\"k{number}\":0", if number > 0 { "," } else { "" }).unwrap();
        }
        text + "}\n"
    };
    let text = [
        good,
        &"[".repeat(deep),
        "\n",
        &format!("{}{}\n", "[".repeat(deep), "]".repeat(deep)),
        &format!("{}0{}\n", "{\"a\":".repeat(deep), "}".repeat(deep)),
        good,
        &members(1_000_001),
        &members(300_000),
        good,
    ]
    .concat();
    write(scratch.path(), "a.jsonl", text);
    let started = Instant::now();
    let run = lint(
        scratch.path(),
        "a.jsonl",
        &["--config", "engine.max-record-bytes='64MiB'"],
    );
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    let lines: Vec<_> = run
        .of("S014")
        .iter()
        .map(|finding| finding["line"].as_u64())
        .collect();
    assert_eq!(lines, [Some(2), Some(3), Some(4), Some(6)]);
    assert_eq!(run.read_lines(), [1, 5, 7, 8]);
    // The same as documents, which are cut in another way.
    write(scratch.path(), "open.json", "[".repeat(deep));
    write(
        scratch.path(),
        "closed.json",
        format!("{}{}", "[".repeat(deep), "]".repeat(deep)),
    );
    assert_eq!(lint(scratch.path(), "open.json", &[]).records(), 1);
    assert_eq!(lint(scratch.path(), "closed.json", &[]).records(), 1);
}

/// Records around one that is too long, in several formats; which lines are read.
#[test]
fn a_record_that_is_too_long_costs_only_itself() {
    let scratch = tempfile::tempdir().unwrap();
    let limit = ["--config", "engine.max-record-bytes='200'"];
    let long = format!("{{\"id\":\"long\",\"body\":\"{}\"}}", "ب".repeat(5000));
    let good = |n: u32| format!("{{\"id\":\"{n}\"}}");
    let cases: [(&str, String, &[u64], &[u64]); 6] = [
        (
            "between.jsonl",
            format!("{}\n{long}\n{}\n", good(1), good(2)),
            &[1, 3],
            &[2],
        ),
        (
            "last.jsonl",
            format!("{}\n{}\n{long}\n", good(1), good(2)),
            &[1, 2],
            &[3],
        ),
        ("unended.jsonl", format!("{}\n{long}", good(1)), &[1], &[2]),
        ("first.jsonl", format!("{long}\n{}", good(1)), &[2], &[1]),
        ("only.jsonl", long.clone(), &[], &[1]),
        (
            "two.jsonl",
            format!("{long}\n{long}\n{}\n{long}\n\n", good(1)),
            &[3],
            &[1, 2, 4],
        ),
    ];
    for (name, text, read, lost) in &cases {
        write(scratch.path(), name, text);
        write(
            scratch.path(),
            &format!("{name}.zst"),
            zstd::encode_all(text.as_bytes(), 3).unwrap(),
        );
        for target in [(*name).to_owned(), format!("{name}.zst")] {
            let run = lint(scratch.path(), &target, &limit);
            let lines: Vec<_> = run
                .of("S014")
                .iter()
                .map(|f| f["line"].as_u64().unwrap())
                .collect();
            assert_eq!(
                (run.read_lines(), lines),
                (read.to_vec(), lost.to_vec()),
                "{target}"
            );
        }
        let piped = lint_piped(scratch.path(), "-", &limit, Some(text.as_bytes()));
        assert_eq!(
            piped.records(),
            (read.len() + lost.len()) as u64,
            "{name} on standard input"
        );
        assert_eq!(piped.of("S014").len(), lost.len(), "{name} on standard input");
    }
    write(
        scratch.path(),
        "a.json",
        format!("[{},\n{long},\n{}]", good(1), good(2)),
    );
    let run = lint(scratch.path(), "a.json", &limit);
    assert_eq!((run.read_lines(), run.of("S014").len()), (vec![1, 3], 1));
    write(
        scratch.path(),
        "a.csv",
        format!("id,body\n1,\"{}\"\n2,c\n", "ب\n".repeat(600)),
    );
    let run = lint(scratch.path(), "a.csv", &limit);
    assert_eq!((run.read_lines(), run.of("S014").len()), (vec![603], 1));
}

#[test]
fn a_stream_that_breaks_inside_a_long_record_is_one_loss() {
    let scratch = tempfile::tempdir().unwrap();
    let limit = ["--config", "engine.max-record-bytes='200'"];
    let noise: String = (0..9_000_000_u64)
        .map(|n| char::from(b'a' + (n * n % 26) as u8))
        .collect();
    let bodies = [
        (
            "a.jsonl.zst",
            format!("{{\"id\":\"1\"}}\n{{\"id\":\"{noise}\"}}\n"),
        ),
        (
            "a.json.zst",
            format!("[{{\"id\":\"1\"}},\n{{\"id\":\"{noise}\"}}]"),
        ),
        ("a.csv.zst", format!("id,body\n1,\"b\"\n2,\"{noise}\"\n")),
    ];
    for (name, text) in bodies {
        let whole = zstd::encode_all(text.as_bytes(), 1).unwrap();
        write(scratch.path(), name, &whole[..whole.len() - 3]);
        let run = lint(scratch.path(), name, &limit);
        let losses: Vec<_> = run.losses().iter().map(|f| f["code"].as_str().unwrap()).collect();
        assert_eq!((run.of("S005").len(), losses), (1, vec!["E005"]), "{name}");
    }
}

/// Kilobytes that expand to more than a gigabyte are read in bounded memory.
#[cfg(target_os = "linux")]
#[test]
fn a_bomb_is_read_in_bounded_memory() {
    let scratch = tempfile::tempdir().unwrap();
    let bomb = |head: &str, fill: u8, tail: &str| {
        let mut writer = zstd::Encoder::new(Vec::new(), 3).unwrap();
        writer.write_all(head.as_bytes()).unwrap();
        let block = vec![fill; 1 << 20];
        for _ in 0..1100 {
            writer.write_all(&block).unwrap();
        }
        writer.write_all(tail.as_bytes()).unwrap();
        writer.finish().unwrap()
    };
    write(
        scratch.path(),
        "line.jsonl.zst",
        bomb("{\"id\":\"1\"}\n{\"id\":\"", b'a', "\"}\n{\"id\":\"3\"}\n"),
    );
    write(
        scratch.path(),
        "spaces.jsonl.zst",
        bomb("{\"id\":\"1\"}\n", b' ', "\n{\"id\":\"3\"}\n"),
    );
    write(
        scratch.path(),
        "array.json.zst",
        bomb("[{\"id\":\"1\"},{\"id\":\"", b'a', "\"},{\"id\":\"3\"}]"),
    );
    for name in ["line.jsonl.zst", "spaces.jsonl.zst", "array.json.zst"] {
        assert!(std::fs::metadata(scratch.path().join(name)).unwrap().len() < 100_000);
        let started = Instant::now();
        // 600 MB of address space: half of what the file holds.
        let output = Command::new("sh")
            .args([
                "-c",
                "ulimit -v 600000; exec \"$0\" lint --isolated -f json --select S,E -j 2 \"$1\"",
            ])
            .arg(command(scratch.path()).get_program())
            .arg(name)
            .current_dir(scratch.path())
            .output()
            .unwrap();
        sane(&output);
        assert!(
            started.elapsed().as_secs() < 60,
            "{name}: {:?}",
            started.elapsed()
        );
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["summary"]["records"], 3, "{name}");
        assert_eq!(report["summary"]["by_code"]["S014"], 1, "{name}");
    }
}
