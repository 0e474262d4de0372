//! `corpus retract`, and what it means for the releases that follow.

use super::project::{Project, Run, article, manifest, rows, snapshot, with_body};
use std::path::Path;

pub(crate) const KEY: &str = "a key that nobody but these tests has";

pub(crate) fn keyed(project: &Project, args: &[&str]) -> Run {
    let mut command = project.command();
    Run::of(
        command
            .args(args)
            .env("CORPUS_RETRACT_KEY", KEY)
            .output()
            .unwrap(),
    )
}

pub(crate) fn keyed_release(project: &Project, version: &str) -> std::path::PathBuf {
    keyed(project, &["release", version]).ok();
    project.released(version)
}

/// A text like that of article `number`, with a word or two changed.
fn near_copy(id: &str, number: usize) -> String {
    let mut record: serde_json::Value = serde_json::from_str(&long(number)).unwrap();
    record["id"] = id.into();
    record["url"] = format!("https://mirror.example/{id}").into();
    record["source"] = "mirror.example".into();
    let body = record["body"]
        .as_str()
        .unwrap()
        .replace("the old mill", "the former mill");
    record["body"] = body.into();
    format!("{record}\n")
}

/// An article long enough that a changed word leaves it nearly what it was.
fn long(number: usize) -> String {
    let places = [
        "the weir",
        "the ferry",
        "the lock",
        "the old mill",
        "the quay",
        "the market",
        "the square",
    ];
    let sentences: Vec<String> = (0..14)
        .map(|n| {
            let place = places[(n * 5 + number) % places.len()];
            format!(
                "On day {n} of hearing {number} the engineers walked from {place} to pier {} and counted {} cracks.",
                number * 31 + n,
                number * 7 + n * n
            )
        })
        .collect();
    with_body(number, &sentences.join(" "))
}

/// No byte below `root`, decompressed where it is Parquet, holds one of `words`.
pub(crate) fn assert_absent(root: &Path, words: &[&str]) {
    for (path, bytes) in snapshot(root) {
        let raw = String::from_utf8_lossy(&bytes);
        for word in words {
            assert!(!raw.contains(word), "`{word}` is in {}", path.display());
        }
    }
    for row in rows(root) {
        for word in words {
            let held = row.iter().find(|(_, cell)| cell.contains(word));
            assert!(held.is_none(), "`{word}` is in a table: {held:?}");
        }
    }
}

#[test]
fn what_is_taken_down_is_in_no_later_release() {
    let project = Project::new("[dedup]\nnear = false\n");
    let articles: Vec<String> = (0..20).map(long).collect();
    project.write("in/a.jsonl", articles.concat());
    project.write("in/b.jsonl", near_copy("mirrored-77", 7));
    let first = project.release("1.0.0");
    assert_eq!(manifest(&first)["counts"]["accepted"], 21);

    // A dry run says what would go, and writes nothing.
    let dry = keyed(
        &project,
        &[
            "retract",
            "r-0007",
            "--reason",
            "asked for by the author",
            "--dry-run",
        ],
    )
    .ok();
    assert!(
        dry.out
            .contains("2 records of the inputs would be taken down: 1 asked for, 1 copy of them"),
        "{}",
        dry.out
    );
    assert!(
        dry.out.contains("in/b.jsonl:1 mirrored-77 (a copy)"),
        "{}",
        dry.out
    );
    assert!(!project.path("retractions.jsonl").exists());

    let done = keyed(
        &project,
        &["retract", "r-0007", "--reason", "asked for by the author"],
    )
    .ok();
    assert!(
        done.out.contains("releases that hold such records: 1.0.0"),
        "{}",
        done.out
    );
    let tombstones = std::fs::read_to_string(project.path("retractions.jsonl")).unwrap();
    for told in ["r-0007", "mirrored-77", "mirror.example", "river.example"] {
        assert!(!tombstones.contains(told), "{told} is in {tombstones}");
    }
    assert!(tombstones.contains("asked for by the author"));
    // The same again changes nothing.
    let again = keyed(&project, &["retract", "r-0007", "--reason", "asked twice"]).ok();
    assert!(again.out.contains("0 tombstones new"), "{}", again.out);
    assert_eq!(
        std::fs::read_to_string(project.path("retractions.jsonl")).unwrap(),
        tombstones
    );

    // Without the key, or with another, a release is refused.
    project
        .run(&["release", "2.0.0"])
        .fails(1, &["cannot be enforced without their key", "CORPUS_RETRACT_KEY"]);
    let mut other = project.command();
    other
        .args(["release", "2.0.0"])
        .env("CORPUS_RETRACT_KEY", "some key that is not this one");
    Run::of(other.output().unwrap()).fails(1, &["the key is"]);

    // A takedown is a major step that is marked as one to accept; its count is all that is said.
    keyed(&project, &["release", "1.1.0"]).fails(1, &["V113 records taken down: 2 (major)\n"]);
    let run = keyed(&project, &["release", "2.0.0"]).ok();
    assert!(
        run.err.contains(
            "L007: 2 records of the inputs were taken down and left out: in/a.jsonl:8, in/b.jsonl:1"
        ),
        "{}",
        run.err
    );
    assert!(
        run.out.contains("19 of 21 records") && run.out.contains("2 taken down"),
        "{}",
        run.out
    );
    let second = project.released("2.0.0");
    let made = manifest(&second);
    assert_eq!(made["counts"]["retracted"], 2);
    assert_eq!(
        made["semver"]["reasons"],
        serde_json::json!([{"rule": "V113", "level": "major", "count": 2, "automatic": true}])
    );
    assert_eq!(made["takedown"]["tombstones"], "state/tombstones.jsonl");
    assert_eq!(made["takedown"]["count"], tombstones.lines().count());
    let words = [
        "r-0007",
        "mirrored-77",
        "mirror.example",
        "of hearing 7 ",
        "river.example/7\"",
        "asked for by",
    ];
    assert_absent(&second, &words);
    assert_absent(&project.path("releases/river-v2.0.0.audit"), &words);
    let exclusions = rows(&project.path("releases/river-v2.0.0.audit/exclusions"));
    assert_eq!(exclusions.len(), 2);
    for row in &exclusions {
        assert_eq!(row["reason"], "retracted");
        assert!(row["id"].starts_with("hmac-sha256:"), "{row:?}");
    }
    keyed(&project, &["verify", second.to_str().unwrap()]).ok();
    let again = keyed(&project, &["reproduce", "2.0.0"]).ok();
    assert!(again.out.contains("byte for byte"), "{}", again.out);

    // It comes back under another id, another address and with another word; and the project has lost its
    // tombstones: those of the release before hold.
    std::fs::remove_file(project.path("retractions.jsonl")).unwrap();
    project.write(
        "in/c.jsonl",
        format!("{}{}", near_copy("newcomer-78", 7), long(30)),
    );
    let third = keyed_release(&project, "2.1.0");
    let made = manifest(&third);
    assert_eq!(
        (&made["counts"]["retracted"], &made["counts"]["accepted"]),
        (&3.into(), &20.into())
    );
    assert_absent(&third, &["newcomer-78", "mirrored-77", "r-0007"]);
    assert_eq!(made["semver"]["required"], "minor");
}

#[test]
fn lint_reports_what_has_come_back() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..6);
    keyed(&project, &["retract", "r-0002", "--reason", "on request"]).ok();
    let found = keyed(&project, &["lint", "--output-format", "json-lines"]);
    assert_eq!(found.code, Some(1), "{}{}", found.out, found.err);
    let lines = found
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let lines: Vec<serde_json::Value> = lines.filter(|line| line["code"] == "L007").collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (&lines[0]["code"], &lines[0]["line"]),
        (&"L007".into(), &3.into())
    );
    // Without the key it cannot look, and says so.
    let blind = project.run(&["lint"]).ok();
    assert!(blind.err.contains("L007 finds nothing"), "{}", blind.err);
    // Whatever lint is told, a release leaves the record out.
    project.write(
        "corpus.toml",
        std::fs::read_to_string(project.path("corpus.toml")).unwrap() + "[lint]\nignore = [\"L007\"]\n",
    );
    let made = manifest(&keyed_release(&project, "1.0.0"));
    assert_eq!(
        (&made["counts"]["retracted"], &made["counts"]["accepted"]),
        (&1.into(), &5.into())
    );
}

#[test]
fn selectors_and_scopes() {
    let project =
        Project::new("[release]\ntakedown-level = \"patch\"\nmax-excluded = \"50%\"\n".trim_start());
    let config = std::fs::read_to_string(project.path("corpus.toml")).unwrap();
    project.write(
        "corpus.toml",
        config.replace("[release]\nmax-excluded = \"50%\"\n[release]", "[release]"),
    );
    let mut lines: Vec<String> = (0..12).map(article).collect();
    let mut twin: serde_json::Value = serde_json::from_str(&article(3)).unwrap();
    (twin["id"], twin["url"], twin["source"]) = (
        "t-3".into(),
        "https://twin.example/a/3".into(),
        "twin.example".into(),
    );
    lines.push(format!("{twin}\n"));
    project.write("in/a.jsonl", lines.concat());
    project.release("1.0.0");

    for (args, what) in [
        (
            &["retract", "nobody", "--reason", "x"][..],
            "no record has id `nobody`",
        ),
        (
            &["retract", "--source", "nowhere", "--reason", "x"],
            "no record has source `nowhere`",
        ),
    ] {
        keyed(&project, args).fails(1, &[what, "--allow-unmatched"]);
    }
    for (args, what) in [
        (&["retract", "r-0001", "--reason", " "][..], "--reason is empty"),
        (
            &["retract", "--sha256", "12", "--reason", "x"],
            "is not a SHA-256",
        ),
        (
            &["retract", "--url-prefix", "", "--reason", "x"],
            "would take down everything",
        ),
    ] {
        keyed(&project, args).fails(2, &[what]);
    }
    project
        .run(&["retract", "r-0001", "--reason", "x"])
        .fails(2, &["needs a key"]);
    project.write("secret", KEY);
    project
        .run(&["retract", "r-0001", "--reason", "x", "--tombstone-key", "secret"])
        .fails(2, &["lies inside the project"]);
    std::fs::remove_file(project.path("secret")).unwrap();
    assert!(!project.path("retractions.jsonl").exists());

    // The record alone: its twin is promoted, as asked for.
    keyed(
        &project,
        &["retract", "t-3", "--scope", "record", "--reason", "x"],
    )
    .ok();
    let made = manifest(&keyed_release(&project, "1.1.0"));
    assert_eq!(made["counts"]["retracted"], 1);
    assert_eq!(made["counts"]["accepted"], 12);
    assert_eq!(made["semver"]["reasons"][0]["level"], "patch");
    // A source, then a prefix, then a text, from a file.
    let body = serde_json::from_str::<serde_json::Value>(&article(5)).unwrap()["body"].clone();
    let hash = corpus::release::hex(&corpus::release::sha256(body.as_str().unwrap().as_bytes()));
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), format!("{KEY}\n")).unwrap();
    project.write(
        "list.txt",
        format!("sha256:{hash}\nurl:https://river.example/1\n\nr-0008\nsource:twin.example\n"),
    );
    let run = project.run(&[
        "retract",
        "--file",
        "list.txt",
        "--reason",
        "x",
        "--tombstone-key",
        key.path().to_str().unwrap(),
    ]);
    let run = run.ok();
    // 1, 10 and 11 by their address, 5 by its text, 8 by its id, the twin by its source, 3 as its copy.
    assert!(
        run.out
            .contains("7 records of the inputs taken down: 6 asked for, 1 copy"),
        "{}",
        run.out
    );
    let made = manifest(&keyed_release(&project, "1.1.1"));
    assert_eq!(made["counts"]["accepted"], 6);
    assert_eq!(made["semver"]["required"], "patch");
}

#[test]
fn uncommitted_retractions_are_dirty() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..6);
    let git = |args: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.args(["-c", "user.name=t", "-c", "user.email=t@t.example"]);
        let output = command.args(args).current_dir(project.root()).output().unwrap();
        assert!(output.status.success(), "{args:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "first"]);
    keyed(&project, &["retract", "r-0002", "--reason", "on request"]).ok();
    keyed(&project, &["release", "1.0.0"]).fails(1, &["retractions.jsonl", "uncommitted"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "takedown"]);
    keyed(&project, &["release", "1.0.0"]).ok();
}
