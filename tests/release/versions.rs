//! One release on top of another.

use super::project::{Project, article, manifest, rows, snapshot, with_body};
use std::collections::BTreeMap;

/// Small shards, so that a change touches few of many.
const SMALL: &str = "shard-bytes = \"1KB\"\nrow-group-bytes = \"1KB\"\n[splits]\ntrain = 0.8\ntest = 0.2\n";

fn shards(manifest: &serde_json::Value) -> BTreeMap<String, String> {
    let splits = manifest["configs"].as_array().unwrap().iter();
    splits
        .flat_map(|config| config["splits"].as_array().unwrap())
        .flat_map(|split| split["shards"].as_array().unwrap())
        .map(|shard| {
            (
                shard["path"].as_str().unwrap().to_owned(),
                shard["sha256"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

#[test]
fn a_version_is_released_once_and_only_when_something_changed() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..20);
    project.run(&["release", "v1.2"]).ok();
    project.released("1.2.0");
    let before = snapshot(&project.path("releases"));
    project
        .run(&["release", "1.2.0"])
        .fails(1, &["version 1.2.0 exists already", "choose a greater version"]);
    project
        .run(&["release", "1.1.0"])
        .fails(1, &["not greater than 1.2.0"]);
    project
        .run(&["release", "1.3.0"])
        .fails(1, &["nothing changed since 1.2.0"]);
    project
        .run(&["release", "1.3.0", "--initial"])
        .fails(1, &["--initial is for the first release"]);
    project.run(&["release", "one"]).fails(2, &["is not a version"]);
    let mut after = snapshot(&project.path("releases"));
    // The lock names the process that held it last.
    after.insert(".lock".into(), before[std::path::Path::new(".lock")].clone());
    assert_eq!(after, before);
}

#[cfg(unix)]
#[test]
fn an_update_ships_what_changed_and_asks_for_the_right_step() {
    use std::os::unix::fs::MetadataExt as _;
    let project = Project::new(SMALL);
    project.articles("in/a.jsonl", 0..120);
    let first = project.release("1.0.0");
    let old = manifest(&first);
    assert!(shards(&old).len() > 20, "{}", shards(&old).len());

    // Three records are edited: a major step, said with their ids before anything is written.
    let edited = [3, 60, 90];
    let lines = (0..120).map(|n| {
        if edited.contains(&n) {
            with_body(n, &format!("The council changed its mind about bridge {n}: it will be rebuilt in stone, not in wood, by autumn."))
        } else {
            article(n)
        }
    });
    project.write("in/a.jsonl", lines.collect::<Vec<_>>().concat());
    project.run(&["release", "1.1.0"]).fails(
        1,
        &[
            "1.0.0 to 1.1.0 is a minor step, but the changes are major; release 2.0.0",
            "V102",
            ": 3 (major)",
            "r-0003",
            "r-0060",
            "r-0090",
        ],
    );
    let dry = project.run(&["release", "1.1.0", "-n", "-f", "json"]);
    assert_eq!(dry.code, Some(1));
    let dry: serde_json::Value = serde_json::from_str(&dry.out).unwrap();
    assert_eq!(dry["semver"]["required"], "major");
    assert_eq!(dry["semver"]["reasons"][0]["count"], 3);
    assert!(dry["refused"].as_str().unwrap().contains("--override-semver"));

    let second = project.release("2.0.0");
    project.run(&["verify", second.to_str().unwrap()]).ok();
    let new = manifest(&second);
    assert_eq!(new["semver"]["required"], "major");
    assert_eq!(new["previous"]["version"], "1.0.0");
    let (before, after) = (shards(&old), shards(&new));
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    let mut rewritten = 0;
    for (path, sha256) in &before {
        let inode = |root: &std::path::Path| std::fs::metadata(root.join(path)).unwrap().ino();
        if after[path] == *sha256 {
            assert_eq!(inode(&first), inode(&second), "{path} is not the same file");
        } else {
            rewritten += 1;
        }
    }
    assert!((1..=3).contains(&rewritten), "{rewritten} shards were rewritten");

    // Added records: a minor step, in new shards of the open split only.
    project.articles("in/b.jsonl", 200..230);
    project
        .run(&["release", "2.0.1"])
        .fails(1, &["V201", "minor", "release 2.1.0"]);
    let dry = project.run(&["release", "2.1.0", "--dry-run"]).ok();
    assert!(
        dry.out.contains("+30 rows") && dry.out.contains("the changes are minor"),
        "{}",
        dry.out
    );
    let third = project.release("2.1.0");
    let newest = manifest(&third);
    let grown = shards(&newest);
    for (path, sha256) in &after {
        assert_eq!(grown[path], *sha256, "{path} changed");
    }
    assert!(
        grown
            .keys()
            .filter(|path| !after.contains_key(*path))
            .all(|path| path.starts_with("data/train/"))
    );
    assert_eq!(newest["semver"]["reasons"].as_array().unwrap().len(), 1);

    // Against the verdict, with a reason that stays on the record.
    project.articles("in/b.jsonl", 200..229);
    project.run(&["release", "2.1.1"]).fails(1, &["V101", "r-0229"]);
    project
        .run(&[
            "release",
            "2.1.1",
            "--override-semver",
            "withdrawn within the hour",
        ])
        .ok();
    let patched = project.released("2.1.1");
    let semver = manifest(&patched)["semver"].clone();
    assert_eq!(semver["required"], "major");
    assert_eq!(semver["declared"], "patch");
    assert_eq!(semver["override"], "withdrawn within the hour");
    let changes = std::fs::read_to_string(patched.join("CHANGELOG.md")).unwrap();
    for version in ["2.1.1", "2.1.0", "2.0.0", "1.0.0", "withdrawn within the hour"] {
        assert!(changes.contains(version), "{changes}");
    }
    for release in [first, second, third, patched] {
        project.run(&["verify", release.to_str().unwrap()]).ok();
    }
    let index = std::fs::read_to_string(project.path("releases/index.jsonl")).unwrap();
    assert_eq!(index.lines().count(), 4);
}

#[test]
fn a_published_row_outranks_a_new_copy() {
    let project = Project::new("[dedup]\nkeep = [\"earliest\"]\n");
    project.articles("in/a.jsonl", 0..10);
    project.release("1.0.0");
    // The same text again, older by its date, under an id that sorts first.
    let mut copy: serde_json::Value = serde_json::from_str(&article(4)).unwrap();
    copy["id"] = "a-first".into();
    copy["published_at"] = "2001-01-01T00:00:00Z".into();
    project.write("in/b.jsonl", format!("{copy}\n"));
    project.articles("in/c.jsonl", 20..21);
    let counts = manifest(&project.release("1.1.0"))["counts"].clone();
    assert_eq!(
        (counts["accepted"].as_u64(), counts["duplicates"].as_u64()),
        (Some(11), Some(1))
    );
    let audit = super::project::rows(&project.path("releases/river-v1.1.0.audit/duplicates"));
    assert_eq!(
        (audit[0]["kept_id"].as_str(), audit[0]["dropped_id"].as_str()),
        ("r-0004", "a-first")
    );
}

#[test]
fn a_dry_run_writes_nothing() {
    let project = Project::new("[engine]\nscratch = \"scratch\"\n");
    project.articles("in/a.jsonl", 0..20);
    std::fs::create_dir(project.path("scratch")).unwrap();
    let before = snapshot(project.root());
    let run = project.run(&["release", "1.0.0", "--dry-run"]).ok();
    assert!(
        run.out.starts_with("river 1.0.0 would hold 20 of 20 records"),
        "{}",
        run.out
    );
    assert!(!project.path("releases").exists());
    assert_eq!(snapshot(project.root()), before);
    project.release("1.0.0");
    project.articles("in/b.jsonl", 20..30);
    let before = snapshot(project.root());
    project.run(&["release", "1.1.0", "-n", "-f", "json"]).ok();
    assert_eq!(snapshot(project.root()), before);
    assert_eq!(std::fs::read_dir(project.path("scratch")).unwrap().count(), 0);
}

#[test]
fn computed_columns_describe_rows_and_change_none() {
    const COLUMNS: &str = "columns = [\"corpus_words\", \"corpus_since\", \"corpus_chars\", \"corpus_language\", \
                           \"corpus_language_score\"]\n";
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..6);
    let plain = manifest(&project.release("1.0.0"));
    let config = std::fs::read_to_string(project.path("corpus.toml")).unwrap();
    project.write("corpus.toml", format!("{config}{COLUMNS}"));
    project.articles("in/b.jsonl", 6..9);
    let release = project.release("1.1.0");
    project.run(&["verify", release.to_str().unwrap()]).ok();
    let found = manifest(&release);
    let reasons: Vec<(&str, u64)> = found["semver"]["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| {
            (
                reason["rule"].as_str().unwrap(),
                reason["count"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(reasons, [("V201", 3), ("V202", 5)]);
    for row in rows(&release.join("data/train")) {
        let number: usize = row["id"].trim_start_matches("r-").parse().unwrap();
        assert_eq!(row["corpus_since"], if number < 6 { "1.0.0" } else { "1.1.0" });
        assert_eq!(row["corpus_chars"], row["body"].chars().count().to_string());
        assert_eq!(
            row["corpus_words"],
            row["body"].split_whitespace().count().to_string()
        );
        assert_eq!(row["corpus_language"], "en");
        let score: f64 = row["corpus_language_score"].parse().unwrap();
        assert!((0.5..=1.0).contains(&score), "{score}");
    }
    // The same rows with and without them are the same data.
    project.write("corpus.toml", format!("{config}{COLUMNS}"));
    std::fs::remove_file(project.path("in/b.jsonl")).unwrap();
    project.run(&["release", "1.0.0", "--out", "alone"]).ok();
    let alone = manifest(&project.path("alone/river-v1.0.0"));
    assert_eq!(alone["content_id"], plain["content_id"]);
    assert_eq!(
        alone["schema"]["fields"].as_array().unwrap().last().unwrap()["name"],
        "corpus_language_score"
    );

    project.write("corpus.toml", format!("{config}columns = [\"corpus_mood\"]\n"));
    project
        .run(&["release", "2.0.0"])
        .fails(2, &["no `corpus_mood` to compute", "`corpus_since`"]);
}

#[test]
fn a_yanked_version_is_marked_in_the_index_and_nowhere_else() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..10);
    project.release("1.0.0");
    project.articles("in/b.jsonl", 20..22);
    project.release("1.1.0");
    let before = snapshot(&project.path("releases"));
    project
        .run(&["yank", "v1.0", "--reason", "The dates are wrong."])
        .ok();
    let index = std::fs::read_to_string(project.path("releases/index.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> = index
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (lines.len(), &lines[0]["yanked"], &lines[1]["yanked"]),
        (2, &true.into(), &false.into())
    );
    assert_eq!(lines[0]["reason"], "The dates are wrong.");
    let mut after = snapshot(&project.path("releases"));
    for name in ["index.jsonl", ".lock"] {
        after.insert(name.into(), before[std::path::Path::new(name)].clone());
    }
    assert_eq!(after, before);
    for version in ["1.0.0", "1.1.0"] {
        project
            .run(&["verify", project.released(version).to_str().unwrap()])
            .ok();
    }
    project
        .run(&["yank", "3.0.0", "--reason", "x"])
        .fails(1, &["no version 3.0.0"]);
    project
        .run(&["yank", "1.0.0", "--reason", " "])
        .fails(2, &["--reason is empty"]);
    project.run(&["yank", "1.0.0"]).fails(2, &["--reason"]);
    project.articles("in/c.jsonl", 30..32);
    project.release("1.2.0");
}
