//! The same bytes every time.

use super::project::{EPOCH, Project, article, manifest, sums, with_body};
use std::path::Path;
use std::process::Command;

/// Set to write the golden file anew after a change that is meant to change the bytes.
const BLESS: &str = "CORPUS_BLESS";

#[test]
fn the_sample_gives_the_golden_release() {
    let project = Project::newsroom();
    let release = project.release("1.0.0");
    project.run(&["verify", release.to_str().unwrap()]).ok();
    let golden =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/release/newsroom-v1.0.0.SHA256SUMS");
    let found = sums(&release);
    if std::env::var_os(BLESS).is_some() {
        std::fs::write(&golden, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap();
    assert_eq!(
        found, expected,
        "the bytes of the sample's release changed; where that is meant, run this test with {BLESS}=1 and say so \
         in the changelog"
    );
}

#[test]
fn nothing_around_the_run_changes_a_byte() {
    let project = Project::newsroom();
    let expected = sums(&project.release("1.0.0"));
    let shell = |umask: &str| {
        let mut command = Command::new("sh");
        let script = format!("umask {umask}; exec \"$0\" \"$@\"");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_corpus")]);
        command
            .env("SOURCE_DATE_EPOCH", EPOCH)
            .current_dir(project.root());
        command
    };
    let runs: [(&str, Command, &[&str]); 8] = [
        ("one thread", project.command(), &["-j", "1"]),
        ("two threads", project.command(), &["-j", "2"]),
        ("eight threads", project.command(), &["-j", "8"]),
        ("little memory", project.command(), &["--memory", "64MB"]),
        ("open umask", shell("000"), &[]),
        ("tight umask", shell("077"), &[]),
        (
            "by its configuration file",
            shell("022"),
            &["--config", "corpus.toml"],
        ),
        (
            "from elsewhere",
            shell("022"),
            &["-C", project.root().to_str().unwrap()],
        ),
    ];
    for (i, (what, mut command, args)) in runs.into_iter().enumerate() {
        let out = project.path(&format!("elsewhere-{i}"));
        match i % 3 {
            0 => command
                .env("TZ", "Asia/Riyadh")
                .env("LANG", "ar_SA.UTF-8")
                .env("LC_ALL", "ar_SA.UTF-8"),
            1 => command
                .env("TZ", "America/St_Johns")
                .env("LANG", "C")
                .env("LC_ALL", "C"),
            _ => command.env_remove("TZ").env("LANG", "tr_TR.UTF-8"),
        };
        if what == "from elsewhere" {
            command.current_dir("/");
        }
        let output = command
            .args(args)
            .args(["release", "1.0.0", "--out"])
            .arg(&out)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{what}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(sums(&out.join("newsroom-v1.0.0")), expected, "{what}");
    }
}

#[test]
fn a_bad_date_of_the_environment_is_not_replaced_by_the_clock() {
    let project = Project::newsroom();
    let mut command = project.command();
    command
        .env("SOURCE_DATE_EPOCH", "yesterday")
        .args(["release", "1.0.0"]);
    super::project::Run::of(command.output().unwrap()).fails(2, &["SOURCE_DATE_EPOCH"]);
    assert!(!project.path("releases").exists());
}

#[test]
fn the_same_records_in_other_files_are_the_same_content() {
    // Copies of text under other ids and dates, two versions of one id, and plain records.
    let copies = "[dedup]\nsame-id = \"latest\"\n[splits]\ntrain = 0.7\ntest = 0.3\n";
    let mut lines: Vec<String> = (0..40).map(article).collect();
    for number in 0..6 {
        let mut record: serde_json::Value = serde_json::from_str(&article(number)).unwrap();
        record["id"] = format!("copy-{number}").into();
        if number % 2 == 0 {
            record["published_at"] = "2024-01-01T00:00:00Z".into();
        }
        lines.push(format!("{record}\n"));
    }
    for week in ["first", "second"] {
        lines.push(with_body(
            50,
            &format!(
                "The {week} report of the committee on bridges was read aloud to the whole council on Monday."
            ),
        ));
    }
    let one = Project::new(copies);
    one.write("in/all.jsonl", lines.concat());
    let first = manifest(&one.release("1.0.0"));
    assert_eq!(first["counts"]["duplicates"], 7);
    // Dealt to files in another order; one file has no line feed at its end, one has empty lines.
    let other = Project::new(copies);
    lines.reverse();
    for file in 0..5 {
        let part: Vec<&str> = lines.iter().skip(file).step_by(5).map(String::as_str).collect();
        let text = match file {
            0 => part.concat().trim_end().to_owned(),
            1 => part.join("\n\n"),
            _ => part.concat(),
        };
        other.write(&format!("in/{}.jsonl", 9 - file), text);
    }
    let second = manifest(&other.release("1.0.0"));
    assert_eq!(second["content_id"], first["content_id"]);
    for (a, b) in [
        ("accepted", "accepted"),
        ("collected", "collected"),
        ("duplicates", "duplicates"),
    ] {
        assert_eq!(second["counts"][a], first["counts"][b]);
    }
}
