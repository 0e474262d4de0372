//! Names, links, permissions, configurations and schemas that mean harm.

use crate::tool::{command, lint, sane, write};
use corpus::report::Format;
use std::path::Path;
use std::process::Output;
use std::time::Instant;

fn run(directory: &Path, args: &[&str]) -> Output {
    let output = command(directory).args(args).output().expect("run corpus");
    sane(&output);
    output
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Refused with exit code 2, saying `what`.
fn refused(directory: &Path, args: &[&str], what: &str) {
    let output = run(directory, args);
    let stderr = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {stderr}");
    assert!(stderr.contains(what), "{args:?} does not say {what}: {stderr}");
}

#[cfg(unix)]
#[test]
fn names_and_data_cannot_act_on_a_terminal() {
    let scratch = tempfile::tempdir().unwrap();
    let name = "new\nline\r\u{1b}[31m\u{202e}\u{9b}x.jsonl";
    let record = "{\"id\":\"\u{1b}]0;x\u{7}\u{202e}\",\"body\":\"a\\u001b[2J\u{9b}b \u{202e}c\",\"\\u001b[1m\":1e400,\"n\":}\n";
    let valid = record.replace(",\"n\":", "");
    write(scratch.path(), name, format!("{record}{}\n", valid.trim_end()));
    // Parquet is for programs: it keeps the data as it is.
    let for_people = Format::ALL.into_iter().filter(|format| !format.is_binary());
    for format in for_people.map(Format::as_str) {
        for color in ["never", "always"] {
            let args = [
                "lint",
                "--isolated",
                "--color",
                color,
                "--select",
                "ALL",
                "--preview",
                "-f",
                format,
                ".",
            ];
            let output = command(scratch.path()).args(args).output().unwrap();
            for stream in [&output.stdout, &output.stderr] {
                let mut text = String::from_utf8_lossy(stream).into_owned();
                if color == "always" {
                    // The tool's own colours: ESC [ digits m.
                    while let Some(start) = text.find("\u{1b}[") {
                        let end = start + text[start..].find('m').unwrap();
                        let own = text[start + 2..end]
                            .bytes()
                            .all(|b| b.is_ascii_digit() || b == b';');
                        assert!(own, "{format}: {}", text[start..].escape_debug());
                        text.replace_range(start..=end, "");
                    }
                }
                let raw = text.chars().find(|c| {
                    c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{202a}'..='\u{202e}')
                });
                assert_eq!(raw, None, "{format}: {}", text.escape_debug());
                assert!(!text.contains("new\nline"), "{format}: {text}");
            }
            assert_eq!(output.status.code(), Some(1), "{format}");
        }
    }
    for command in [
        vec!["lint"],
        vec!["stats"],
        vec!["dedup"],
        vec!["show"],
        vec!["explain"],
        vec!["verify"],
    ] {
        run(
            scratch.path(),
            &[&command[..], &["a\u{1b}[31m\u{202e}.nothing"]].concat(),
        );
    }
}

#[cfg(unix)]
#[test]
fn directories_that_loop_end() {
    let scratch = tempfile::tempdir().unwrap();
    write(scratch.path(), "a/b/x.jsonl", "{\"id\":\"1\"}\n");
    std::os::unix::fs::symlink("../..", scratch.path().join("a/b/up")).unwrap();
    std::os::unix::fs::symlink("self", scratch.path().join("a/self")).unwrap();
    std::os::unix::fs::symlink("nowhere", scratch.path().join("a/gone.jsonl")).unwrap();
    let run = lint(scratch.path(), ".", &[]);
    assert_eq!(run.records(), 1);
}

/// A named pipe or a device among the files must not be waited for.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for() {
    let scratch = tempfile::tempdir().unwrap();
    write(scratch.path(), "x.jsonl", "{\"id\":\"1\"}\n");
    let made = std::process::Command::new("mkfifo")
        .arg(scratch.path().join("pipe.jsonl"))
        .status();
    assert!(made.unwrap().success());
    assert_eq!(lint(scratch.path(), ".", &[]).records(), 1);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = tempfile::tempdir().unwrap();
    write(scratch.path(), "good.jsonl", "{\"id\":\"1\"}\n");
    write(scratch.path(), "locked.jsonl", "{\"id\":\"2\"}\n");
    refused(scratch.path(), &["lint", "missing.jsonl"], "missing.jsonl");
    let locked = scratch.path().join("locked.jsonl");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(&locked).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    refused(scratch.path(), &["lint", "."], "locked.jsonl");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o600)).unwrap();
    let closed = scratch.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
    refused(scratch.path(), &["lint", "."], "closed");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
}

#[cfg(unix)]
#[test]
fn configurations_and_schemas_stay_inside_the_project() {
    use std::os::unix::fs::symlink;
    let scratch = tempfile::tempdir().unwrap();
    let project = scratch.path().join("project");
    write(scratch.path(), "secret.jsonl", "{\"id\":\"secret\"}\n");
    write(scratch.path(), "secret.json", "{\"type\":\"object\"}");
    write(&project, "in/a.jsonl", "{\"id\":\"1\"}\n");
    let outside = scratch.path().join("secret.json");
    symlink(&outside, project.join("link.json")).unwrap();
    symlink(scratch.path(), project.join("up")).unwrap();
    let input = "[[input]]\ninclude = [\"in/*.jsonl\"]\n";
    let absolute = format!("[schema]\npath = \"{}\"\n{input}", outside.display());
    let configurations = [
        "[[input]]\ninclude = [\"../*.jsonl\"]\n".to_owned(),
        "[[input]]\ninclude = [\"in/../../*.jsonl\"]\n".to_owned(),
        "[[input]]\ninclude = [\"/etc/*\"]\n".to_owned(),
        "[[input]]\ninclude = [\"up/secret.jsonl\"]\n".to_owned(),
        format!("[schema]\npath = \"../secret.json\"\n{input}"),
        format!("[schema]\npath = \"link.json\"\n{input}"),
        format!("[schema]\npath = \"up/secret.json\"\n{input}"),
        absolute,
        format!("[lint]\nbaseline = \"../secret.json\"\n{input}"),
        format!("[lint]\nbaseline = \"link.json\"\n{input}"),
        format!("[release]\ndirectory = \"../elsewhere\"\n{input}"),
        format!("[release]\ndirectory = \"up/elsewhere\"\n{input}"),
    ];
    for text in configurations {
        write(&project, "corpus.toml", &text);
        let output = run(&project, &["lint"]);
        assert_eq!(output.status.code(), Some(2), "accepted: {text}");
        assert!(
            !String::from_utf8_lossy(&output.stdout).contains("secret\""),
            "{text}"
        );
    }
    // What the user names on the command line may lie anywhere.
    write(&project, "corpus.toml", input);
    let output = run(
        &project,
        &[
            "lint",
            "--schema",
            "../secret.json",
            "../secret.jsonl",
            "--select",
            "S",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    // A schema's own references stay inside, too.
    for reference in [
        "../secret.json",
        "file:///etc/passwd",
        "link.json",
        "up/secret.json",
        "/etc/passwd",
    ] {
        write(&project, "schema.json", format!("{{\"$ref\": \"{reference}\"}}"));
        refused(
            &project,
            &["lint", "--schema", "schema.json", "in"],
            "schema.json",
        );
    }
}

#[test]
fn a_schema_reaches_no_network_and_its_patterns_are_linear() {
    let scratch = tempfile::tempdir().unwrap();
    write(
        scratch.path(),
        "a.jsonl",
        format!("{{\"id\":\"1\",\"body\":\"{}!\"}}\n", "a".repeat(1 << 20)),
    );
    write(
        scratch.path(),
        "remote.json",
        r#"{"$ref": "http://192.0.2.1/schema.json"}"#,
    );
    let started = Instant::now();
    refused(
        scratch.path(),
        &["lint", "--schema", "remote.json", "a.jsonl"],
        "http://192.0.2.1/schema.json",
    );
    for pattern in ["(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*)*x$"] {
        write(
            scratch.path(),
            "schema.json",
            format!("{{\"properties\":{{\"body\":{{\"pattern\":\"{pattern}\"}}}}}}"),
        );
        let output = run(
            scratch.path(),
            &["lint", "--schema", "schema.json", "--select", "S010", "a.jsonl"],
        );
        assert_eq!(output.status.code(), Some(1), "{pattern}: {}", stderr(&output));
    }
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    // Patterns that a linear engine cannot have, or that grow without bound, are refused with a reason.
    for pattern in ["(a)\\\\1", "(?=a)b", "((a{1000}){1000}){1000}", "("] {
        write(
            scratch.path(),
            "schema.json",
            format!("{{\"properties\":{{\"body\":{{\"pattern\":\"{pattern}\"}}}}}}"),
        );
        refused(
            scratch.path(),
            &["lint", "--schema", "schema.json", "a.jsonl"],
            "schema.json",
        );
    }
}

/// What lint, stats and dedup call a record is the same.
#[test]
fn commands_count_the_same_records() {
    let scratch = tempfile::tempdir().unwrap();
    let deep = "[".repeat(500);
    let good = "{\"id\":\"a\",\"body\":\"خبر قصير\"}\n";
    let bytes = [
        good.as_bytes(),
        b"{broken\n\n",
        deep.as_bytes(),
        b"\n\"\xFF\"\n",
        good.as_bytes(),
        b"{\"id\":",
    ]
    .concat();
    write(scratch.path(), "a.jsonl", &bytes);
    let archive = zstd::encode_all(&bytes[..], 3).unwrap();
    write(scratch.path(), "b.jsonl.zst", &archive[..archive.len() - 2]);
    write(scratch.path(), "c.json", "[{\"id\":\"c\"},,{\"id\":\"d\"} x");
    write(scratch.path(), "d.txt", b"\xFF\xFE\0");
    let records = lint(scratch.path(), ".", &[]).records();
    for command in ["stats", "dedup"] {
        let output = run(scratch.path(), &[command, "--isolated", "-f", "json", "."]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let summary = report.get("summary").unwrap_or(&report);
        assert_eq!(summary["records"], records, "{command}: {report}");
    }
}

/// F17: no call that speaks to a network, whatever a schema, a record or a page refers to.
#[cfg(target_os = "linux")]
#[test]
fn f17_nothing_connects() {
    let traced = |directory: &Path, args: &[&str]| -> Option<String> {
        let log = directory.join("calls");
        let run = std::process::Command::new("strace")
            .args(["-f", "-qq", "-e", "trace=network", "-o"])
            .arg(&log)
            .arg(command(directory).get_program())
            .args(args)
            .current_dir(directory)
            .output();
        let output = run.ok()?;
        sane(&output);
        std::fs::read_to_string(log).ok()
    };
    let scratch = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/newsroom");
    let schema =
        r#"{"$schema":"https://192.0.2.1/meta","$id":"https://192.0.2.1/a","$ref":"https://192.0.2.1/b"}"#;
    write(scratch.path(), "schema.json", schema);
    write(
        scratch.path(),
        "a.jsonl",
        "{\"id\":\"1\",\"url\":\"https://192.0.2.1/\",\"body\":\"See https://192.0.2.1/ for more of it.\"}\n",
    );
    let out = scratch.path().join("out").display().to_string();
    let release = scratch.path().join("out/newsroom-v1.0.0").display().to_string();
    let sample = sample.display().to_string();
    let runs: [&[&str]; 5] = [
        &["lint", "--isolated", "--schema", "schema.json", "a.jsonl"],
        &[
            "lint",
            "--isolated",
            "--select",
            "ALL",
            "--preview",
            "-f",
            "html",
            "a.jsonl",
        ],
        &["init", "new", "--from", "a.jsonl"],
        &["-C", &sample, "release", "1.0.0", "--allow-dirty", "--out", &out],
        &["verify", &release],
    ];
    for args in runs {
        let Some(calls) = traced(scratch.path(), args) else {
            println!("skipped: strace cannot be run here");
            return;
        };
        let reached: Vec<&str> = calls
            .lines()
            .filter(|line| line.contains("connect(") || line.contains("AF_INET"))
            .collect();
        assert!(reached.is_empty(), "{args:?}: {reached:?}");
    }
    assert!(Path::new(&release).join("manifest.json").is_file());
}
