//! What `--fix` promises: only literals change, and nothing that could not be brought back.

use crate::support::{Dir, OVERRIDE, good, line};

/// Odd spacing, CRLF, an escaped and a raw literal, a broken line, no newline at the end.
const BEFORE: &str = "{ \"id\" : \"a\",\t\"z\": 1.50, \"body\":\"\\u0628\\u202eab\\u202c end\" }\r\n\
                      {\"broken\r\n\
                      {\"body\":\"ب\u{202e}ab\u{202c} end\",\"id\":\"b\",\"n\":1e2}";
const AFTER: &str = "{ \"id\" : \"a\",\t\"z\": 1.50, \"body\":\"\\u0628ab end\" }\r\n\
                     {\"broken\r\n\
                     {\"body\":\"بab end\",\"id\":\"b\",\"n\":1e2}";

#[test]
fn only_the_literals_change() {
    let dir = Dir::with(&[("a.jsonl", BEFORE)]);
    dir.run(&["lint", "a.jsonl", "--fix"]).exits(1);
    assert_eq!(dir.read("a.jsonl"), AFTER);
    assert_eq!(dir.names(), ["a.jsonl"]);
    dir.run(&["lint", "a.jsonl", "--fix"]).exits(1);
    assert_eq!(dir.read("a.jsonl"), AFTER, "a fix is idempotent");
}

#[cfg(unix)]
#[test]
fn the_mode_is_kept_and_a_clean_file_is_not_touched() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let dir = Dir::with(&[("a.jsonl", &line("a", OVERRIDE)), ("clean.jsonl", &good(1))]);
    let path = dir.path("a.jsonl");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("a mode");
    let inode = std::fs::metadata(dir.path("clean.jsonl")).expect("a file").ino();
    dir.run(&["lint", ".", "--fix"]).exits(0);
    assert_eq!(
        std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777,
        0o640
    );
    assert_eq!(
        std::fs::metadata(dir.path("clean.jsonl")).expect("a file").ino(),
        inode
    );
}

#[test]
fn what_git_could_not_bring_back_is_refused() {
    let bad = line("a", OVERRIDE);
    let dir = Dir::with(&[("a.jsonl", &bad)]);
    dir.git(&["init", "--quiet"]);
    dir.run(&["lint", "a.jsonl", "--fix"])
        .exits(2)
        .says("--allow-dirty");
    dir.commit_all();
    dir.write("a.jsonl", (bad.clone() + &good(1)).as_bytes());
    dir.run(&["lint", "a.jsonl", "--fix"])
        .exits(2)
        .says("uncommitted");
    assert_eq!(dir.read("a.jsonl"), bad.clone() + &good(1));
    dir.commit_all();
    dir.run(&["lint", "a.jsonl", "--fix"]).exits(0);
    assert_eq!(dir.read("a.jsonl"), line("a", "Hello bad world") + &good(1));
    dir.write("a.jsonl", bad.as_bytes());
    dir.run(&["lint", "a.jsonl", "--fix", "--allow-dirty"]).exits(0);
}

#[test]
fn compressed_files_are_rewritten_only_on_request_and_with_their_codec() {
    let dir = Dir::new();
    let packed = zstd::encode_all(line("a", OVERRIDE).as_bytes(), 3).expect("zstd");
    for name in ["a.jsonl.zst", "sniffed.jsonl"] {
        dir.write(name, &packed);
        dir.run(&["lint", name, "--fix"])
            .exits(2)
            .says("--fix-compressed");
        assert_eq!(std::fs::read(dir.path(name)).expect("a file"), packed);
        dir.run(&["lint", name, "--fix", "--fix-compressed"]).exits(0);
        let bytes = std::fs::read(dir.path(name)).expect("a file");
        let text = zstd::decode_all(&bytes[..]).expect("still zstd");
        assert_eq!(String::from_utf8_lossy(&text), line("a", "Hello bad world"));
    }
}

#[test]
fn parquet_is_never_fixed_in_place() {
    let dir = Dir::with(&[("a.jsonl", &line("a", OVERRIDE))]);
    // The report itself is a parquet file whose messages can hold anything.
    dir.run(&["lint", "a.jsonl", "-f", "parquet", "-o", "report.parquet"])
        .exits(1);
    let before = std::fs::read(dir.path("report.parquet")).expect("a file");
    let run = dir.run(&[
        "lint",
        "report.parquet",
        "--fix",
        "--field",
        "/message",
        "--unsafe-fixes",
    ]);
    assert!(run.code < 2, "{run:?}");
    assert_eq!(std::fs::read(dir.path("report.parquet")).expect("a file"), before);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let dir = Dir::new();
    let run = dir
        .pipe(
            &["lint", "-", "--fix", "--stdin-format", "jsonl"],
            BEFORE.as_bytes(),
        )
        .exits(1);
    assert_eq!(run.out, AFTER);
    assert!(
        run.err.contains("S001"),
        "the report goes to standard error: {run:?}"
    );
    let clean = dir
        .pipe(&["lint", "-", "--fix-only", "-q"], good(1).as_bytes())
        .exits(0);
    assert_eq!((clean.out, clean.err), (good(1), String::new()));
}

#[test]
fn diff_shows_and_changes_nothing() {
    let dir = Dir::with(&[("a.jsonl", BEFORE)]);
    let run = dir.run(&["lint", "a.jsonl", "--diff"]).exits(1).says("would fix");
    assert!(
        run.out.contains("a.jsonl:1") && run.out.contains("U009"),
        "{run:?}"
    );
    assert!(!run.out.contains('\u{202e}'), "no raw control on a terminal");
    assert_eq!(dir.read("a.jsonl"), BEFORE);
    dir.write("a.jsonl", good(1).as_bytes());
    let clean = dir.run(&["lint", "a.jsonl", "--diff"]).exits(0);
    assert_eq!(clean.out, "");
}

#[test]
fn fix_only_reports_no_findings() {
    let dir = Dir::with(&[("a.jsonl", BEFORE)]);
    let run = dir.run(&["lint", "a.jsonl", "--fix-only"]).exits(0);
    assert_eq!(run.out, "");
    assert_eq!(dir.read("a.jsonl"), AFTER);
}

#[test]
fn show_fixes_lists_them_and_a_fix_can_fail_the_run() {
    let dir = Dir::with(&[("a.jsonl", &line("a", OVERRIDE))]);
    let run = dir
        .run(&[
            "lint",
            "a.jsonl",
            "--fix",
            "--show-fixes",
            "--exit-non-zero-on-fix",
        ])
        .exits(1);
    assert!(run.err.contains("U009 a.jsonl:1 /body: <U+202E>"), "{run:?}");
}

#[test]
fn fix_output_leaves_the_originals_alone() {
    let dir = Dir::with(&[("in/a.jsonl", BEFORE)]);
    dir.run(&["lint", "in", "--fix", "--fix-output", "out"]).exits(1);
    assert_eq!(dir.read("in/a.jsonl"), BEFORE);
    assert_eq!(dir.read("out/in/a.jsonl"), AFTER);
}

#[test]
fn unsafe_fixes_wait_to_be_asked_for_and_policies_move_them() {
    let dir = Dir::with(&[("a.jsonl", &line("a", OVERRIDE))]);
    dir.run(&[
        "lint",
        "a.jsonl",
        "--fix",
        "--config",
        "lint.unfixable = [\"U009\"]",
    ])
    .exits(1);
    assert_eq!(dir.read("a.jsonl"), line("a", OVERRIDE));
    let demoted = ["--config", "lint.extend-unsafe-fixes = [\"U009\"]"];
    dir.run(&[&["lint", "a.jsonl", "--fix"][..], &demoted].concat())
        .exits(1);
    assert_eq!(dir.read("a.jsonl"), line("a", OVERRIDE));
    dir.run(&[&["lint", "a.jsonl", "--fix", "--unsafe-fixes"][..], &demoted].concat())
        .exits(0);
    assert_eq!(dir.read("a.jsonl"), line("a", "Hello bad world"));
}

#[test]
fn a_byte_order_mark_goes_and_offsets_follow() {
    let text = format!("\u{feff}{}{}", good(1), line("a", "Two\u{200b} words"));
    let dir = Dir::with(&[("a.jsonl", &text)]);
    let run = dir
        .run(&["lint", "a.jsonl", "--fix", "--select", "E002", "-f", "json"])
        .exits(0);
    assert_eq!(run.json()["summary"]["fixed"], 1);
    assert_eq!(dir.read("a.jsonl"), text[3..]);
}
