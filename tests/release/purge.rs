//! `corpus retract --purge`: what was taken down, out of every version that is held.

use super::project::{Project, Run, article, manifest, rows, snapshot, with_body};
use super::retract::{KEY, assert_absent, keyed, keyed_release};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const SMALL: &str = "shard-bytes = \"1KB\"\nrow-group-bytes = \"1KB\"\n";
const SPLITS: &str = "[splits]\ntrain = 0.8\ntest = 0.2\n";
/// What must be in no byte: an id, an address and words of the text of what is taken down, and of its twin.
const WORDS: &[&str] = &[
    "r-0015",
    "twin-of-fifteen",
    "river.example/15\"",
    "bridge 15 will",
    "twin.example/x",
];

/// Three versions; the second edits the record that will go, the third adds others.
fn three(more: &str) -> Project {
    let project = Project::new(&format!("{SMALL}{more}{SPLITS}"));
    project.articles("in/a.jsonl", 0..40);
    let mut twin: serde_json::Value = serde_json::from_str(&edited(15)).unwrap();
    (twin["id"], twin["url"], twin["source"]) = (
        "twin-of-fifteen".into(),
        "https://twin.example/x".into(),
        "twin.example".into(),
    );
    project.write("in/b.jsonl", format!("{{broken\n{}", with_body(99, "")));
    project.release("1.0.0");
    let lines = (0..40).map(|n| if n == 15 { edited(15) } else { article(n) });
    project.write("in/a.jsonl", lines.collect::<String>());
    project.write("in/c.jsonl", format!("{twin}\n"));
    project.release("2.0.0");
    project.articles("in/d.jsonl", 50..60);
    project.release("2.1.0");
    project
}

fn edited(number: usize) -> String {
    with_body(
        number,
        &format!(
            "The council has changed its mind: bridge {number} will be rebuilt in stone, and not in wood, by autumn."
        ),
    )
}

fn index(releases: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(releases.join("index.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn verified(project: &Project, releases: &Path) {
    for version in ["1.0.0", "2.0.0", "2.1.0"] {
        let directory = releases.join(format!("river-v{version}"));
        project.run(&["verify", directory.to_str().unwrap()]).ok();
    }
}

#[test]
fn a_purge_leaves_nothing_of_what_was_taken_down() {
    let remote = tempfile::tempdir().unwrap();
    let url = format!("file://{}", remote.path().display());
    let project = three("");
    for version in ["1.0.0", "2.0.0", "2.1.0"] {
        project.run(&["publish", version, &url]).ok();
    }
    let config = std::fs::read_to_string(project.path("corpus.toml")).unwrap();
    project.write(
        "corpus.toml",
        config.replace("[release]\n", &format!("[release]\nremote = \"{url}\"\n")),
    );
    let releases = project.path("releases");
    let before = index(&releases);
    let kept = |version: &str| rows(&project.released(version).join("data"));
    let data: Vec<_> = ["1.0.0", "2.0.0", "2.1.0"].map(kept).into();
    let held = snapshot(&releases);

    let run = keyed(
        &project,
        &["retract", "r-0015", "--reason", "asked for", "--purge"],
    )
    .ok();
    for version in ["1.0.0", "2.0.0", "2.1.0"] {
        assert!(
            run.out.contains(&format!("purged {version}: 1 row")),
            "{}",
            run.out
        );
    }
    assert_absent(&releases, WORDS);
    assert_absent(remote.path(), WORDS);
    verified(&project, &releases);
    verified(&project, remote.path());

    let after = index(&releases);
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(new["replaced"], serde_json::json!([old["manifest_sha256"]]));
        assert_eq!(new["purged_at"], "2026-01-01T00:00:00Z");
        assert_ne!(new["manifest_sha256"], old["manifest_sha256"]);
        assert_ne!(new["content_id"], old["content_id"]);
    }
    assert_eq!(after, index(remote.path()));
    for (at, version) in ["1.0.0", "2.0.0", "2.1.0"].into_iter().enumerate() {
        // All else is there, row for row; most files are those that were there.
        let mut old = data[at].clone();
        old.retain(|row| row["id"] != "r-0015" && row["id"] != "twin-of-fifteen");
        assert_eq!(old.len() + 1, data[at].len());
        assert_eq!(rows(&project.released(version).join("data")), old);
        let made = manifest(&project.released(version));
        let counts = &made["counts"];
        assert_eq!(
            counts["collected"],
            counts["accepted"].as_u64().unwrap() + counts["excluded"].as_u64().unwrap()
        );
        let exclusions = rows(&releases.join(format!("river-v{version}.audit/exclusions")));
        let gone = exclusions
            .iter()
            .filter(|row| row["reason"] == "retracted")
            .count() as u64;
        assert_eq!(
            (counts["retracted"].as_u64(), counts["excluded"].as_u64()),
            (Some(gone), Some(exclusions.len() as u64))
        );
        assert_eq!(made["takedown"]["purges"][0]["rows"], 1);
    }
    let same = snapshot(&releases);
    let shards = held
        .iter()
        .filter(|(path, _)| path.to_str().unwrap().contains("/data/"));
    let (all, unchanged) = shards.fold((0, 0), |(all, unchanged), (path, bytes)| {
        (all + 1, unchanged + usize::from(same.get(path) == Some(bytes)))
    });
    assert!(
        all > 20 && all - unchanged <= 3,
        "{unchanged} of {all} shards are what they were"
    );

    // Once more there is nothing to do.
    let again = keyed(&project, &["retract", "--purge"]).ok();
    assert_eq!(again.out.matches("nothing to purge").count(), 2, "{}", again.out);
    assert_eq!(without_locks(&snapshot(&releases)), without_locks(&same));
    // It can be made again, but for that one row; and the next release stands on it.
    let now = std::fs::read_to_string(project.path("corpus.toml")).unwrap();
    project.write("corpus.toml", config);
    let again = keyed(&project, &["reproduce", "2.1.0"]).ok();
    project.write("corpus.toml", now);
    assert!(again.out.contains("equal except 1 retracted"), "{}", again.out);
    project.articles("in/e.jsonl", 70..72);
    let next = keyed_release(&project, "2.2.0");
    assert_eq!(manifest(&next)["semver"]["reasons"][0]["rule"], "V201");
    keyed(&project, &["publish", "2.2.0", &url]).ok();
    assert_absent(&releases, WORDS);
}

fn without_locks(files: &BTreeMap<PathBuf, Vec<u8>>) -> BTreeMap<&PathBuf, &Vec<u8>> {
    files
        .iter()
        .filter(|(path, _)| !path.ends_with(".lock"))
        .collect()
}

#[test]
fn purges_that_cannot_be() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..3);
    project.release("1.0.0");
    keyed(&project, &["retract", "--purge"]).fails(2, &["nothing to purge"]);
    keyed(
        &project,
        &["retract", "--source", "river.example", "--reason", "x", "--purge"],
    )
    .fails(2, &["nothing would be left of 1.0.0"]);
    // What is said is still taken down.
    keyed(&project, &["release", "2.0.0"]).fails(1, &["nothing to release"]);
    std::fs::remove_dir_all(project.released("1.0.0").join("data")).unwrap();
    keyed(&project, &["retract", "--purge"]).fails(2, &["is not here: a purge has to read the rows"]);
}

#[test]
fn a_public_audit_is_purged_too() {
    let project = three("audit = \"public\"\n");
    keyed(
        &project,
        &["retract", "r-0015", "--reason", "asked for", "--purge"],
    )
    .ok();
    assert_absent(&project.path("releases"), WORDS);
    verified(&project, &project.path("releases"));
}

/// Every version is what it was or what it becomes, and the next run finishes the work, wherever the
/// process is killed.
#[cfg(target_os = "linux")]
#[test]
fn f01_a_purge_survives_a_kill_at_any_call() {
    use super::project::copy;
    use super::strace::{available, sample};
    if !available() {
        return;
    }
    let project = three("");
    keyed(&project, &["retract", "r-0015", "--reason", "asked for"]).ok();
    let releases = project.path("releases");
    let backup = tempfile::tempdir().unwrap();
    copy(&releases, backup.path());
    let reset = || {
        std::fs::remove_dir_all(&releases).unwrap();
        copy(backup.path(), &releases);
    };
    let traced = |options: &[&str]| {
        let mut command = std::process::Command::new("strace");
        command
            .args(["-f", "-qq"])
            .args(options)
            .arg(env!("CARGO_BIN_EXE_corpus"));
        command
            .args(["--no-progress", "-j", "1", "retract", "--purge"])
            .current_dir(project.root());
        command
            .env("CORPUS_RETRACT_KEY", KEY)
            .env("SOURCE_DATE_EPOCH", super::project::EPOCH);
        Run::of(command.output().unwrap())
    };
    let names = [
        "write",
        "fsync",
        "mkdir",
        "linkat",
        "rename",
        "renameat2",
        "unlinkat",
        "rmdir",
        "fchmod",
        "chmod",
    ];
    let log = project.path("strace.log");
    let trace = format!("trace={}", names.join(","));
    traced(&["-o", log.to_str().unwrap(), "-e", &trace]).ok();
    let done = snapshot(&releases);
    let mut calls: Vec<(String, usize)> = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for line in std::fs::read_to_string(&log).unwrap().lines() {
        let call = line
            .split_once(char::is_whitespace)
            .map_or("", |(_, rest)| rest.trim_start());
        if let Some(name) = names.iter().find(|name| call.starts_with(&format!("{name}("))) {
            let nth = seen.entry((*name).to_owned()).or_default();
            *nth += 1;
            calls.push(((*name).to_owned(), *nth));
        }
    }
    std::fs::remove_file(&log).unwrap();
    assert!(calls.len() > 60, "{}", calls.len());
    // The exchanges and what surrounds them are always among them.
    let vital: Vec<_> = calls
        .iter()
        .filter(|(name, _)| name.starts_with("rename"))
        .cloned()
        .collect();
    let mut chosen = sample(calls, 10, 3);
    chosen.extend(vital);
    let old = snapshot(backup.path());
    for (name, nth) in chosen {
        reset();
        let (trace, inject) = (
            format!("trace={name}"),
            format!("inject={name}:signal=KILL:when={nth}"),
        );
        let run = traced(&["-o", "/dev/null", "-e", &trace, "-e", &inject]);
        assert!(matches!(run.code, None | Some(0)), "{name} {nth}: {}", run.err);
        let found = snapshot(&releases);
        for version in ["1.0.0", "2.0.0", "2.1.0"] {
            let part = |files: &BTreeMap<PathBuf, Vec<u8>>| -> Vec<(PathBuf, Vec<u8>)> {
                let below = format!("river-v{version}/");
                let files = files
                    .iter()
                    .filter(|(path, _)| path.to_str().unwrap().starts_with(&below));
                files.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
            };
            let is = part(&found);
            assert!(
                is == part(&old) || is == part(&done),
                "{version} is neither, killed at {name} {nth}"
            );
        }
        keyed(&project, &["retract", "--purge"]).ok();
        let ends = snapshot(&releases);
        let (ends, done) = (without_locks(&ends), without_locks(&done));
        let paths = ends
            .keys()
            .chain(done.keys())
            .filter(|path| ends.get(*path) != done.get(*path));
        let differ: Vec<_> = paths.collect();
        assert!(
            differ.is_empty(),
            "killed at {name} {nth}, the next run ends elsewhere: {differ:?}"
        );
    }
}
