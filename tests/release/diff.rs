//! What changed: `corpus diff`, the files of a release about it, and the step that it asks for.

use super::project::{Project, article, copy, manifest, rows, snapshot, with_body};
use std::path::Path;

const SMALL: &str = "shard-bytes = \"1KB\"\nrow-group-bytes = \"1KB\"\n";

fn json(project: &Project, args: &[&str]) -> serde_json::Value {
    let run = project.run(&[&["diff", "-f", "json"], args].concat());
    assert!(matches!(run.code, Some(0 | 1)), "{}{}", run.out, run.err);
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let same = value["required"] == "none";
    assert_eq!(run.code, Some(i32::from(!same)), "{}", run.out);
    value
}

fn rules(diff: &serde_json::Value) -> Vec<String> {
    let reasons = diff["reasons"].as_array().unwrap().iter();
    reasons
        .map(|reason| format!("{} {}", reason["rule"].as_str().unwrap(), reason["count"]))
        .collect()
}

fn edit(number: usize) -> String {
    with_body(
        number,
        &format!(
            "The council changed its mind about bridge {number}: it will be rebuilt in stone by autumn."
        ),
    )
}

#[test]
fn rows_added_removed_changed_and_renamed_are_told_apart() {
    let project = Project::new(SMALL);
    project.articles("in/a.jsonl", 0..60);
    project.release("1.0.0");
    // 5 goes, 7 and 8 are edited, 9 gets another id, 60 and 61 are new.
    let lines = (0..62).filter(|n| *n != 5).map(|n| match n {
        7 | 8 => edit(n),
        9 => article(n).replace("\"r-0009\"", "\"x-0009\""),
        _ => article(n),
    });
    project.write("in/a.jsonl", lines.collect::<Vec<_>>().concat());

    // The working tree says what the release will say.
    let tree = json(&project, &["1.0.0"]);
    let second = project.release("2.0.0");
    let diff = json(&project, &["v1", "2.0.0"]);
    let expected = serde_json::json!({"added": 2, "removed": 1, "changed": 2, "moved": 0, "renamed": 1});
    assert_eq!(diff["rows"], expected);
    assert_eq!(rules(&diff), ["V101 2", "V102 2", "V201 3"]);
    assert_eq!(diff["schema"], "corpus.diff/1");
    assert_eq!((&diff["from"], &diff["to"]), (&"1.0.0".into(), &"2.0.0".into()));
    assert_eq!(
        (&tree["rows"], &tree["reasons"], &tree["to"]),
        (&diff["rows"], &diff["reasons"], &serde_json::Value::Null)
    );
    assert_eq!(
        diff["reasons"][1]["sample_ids"],
        serde_json::json!(["r-0007", "r-0008"])
    );
    let members: Vec<&String> = diff.as_object().unwrap().keys().collect();
    assert_eq!(members, ["schema", "from", "to", "required", "rows", "reasons"]);

    // The release holds the same, with a row for each row.
    let inside = std::fs::read(second.join("diff/from-1.0.0.json")).unwrap();
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&inside).unwrap(),
        diff
    );
    assert_eq!(manifest(&second)["semver"]["reasons"][1]["count"], 2);
    let table = rows(&second.join("diff"));
    let of = |id: &str| table.iter().find(|row| row["id"] == id).unwrap();
    assert_eq!(table.len(), 6);
    assert_eq!(
        (of("r-0005")["op"].as_str(), of("r-0005")["split_new"].as_str()),
        ("removed", "null")
    );
    assert_eq!(
        (of("r-0007")["op"].as_str(), of("r-0007")["columns"].as_str()),
        ("changed", "[body]")
    );
    assert_eq!(
        (of("x-0009")["op"].as_str(), of("x-0009")["id_old"].as_str()),
        ("renamed", "r-0009")
    );
    assert_eq!(
        (of("r-0060")["op"].as_str(), of("r-0060")["split_old"].as_str()),
        ("added", "null")
    );
    project.run(&["diff", "1.0.0", "2.0.0", "-f", "parquet", "-o", "d/diff.parquet"]);
    assert_eq!(rows(&project.path("d")), table);

    // Back again, and against itself.
    let back = json(&project, &["2.0.0", "1.0.0"]);
    let expected = serde_json::json!({"added": 1, "removed": 2, "changed": 2, "moved": 0, "renamed": 1});
    assert_eq!(back["rows"], expected);
    assert_eq!(rules(&json(&project, &["2.0.0", "2.0.0"])), [""; 0]);
    assert_eq!(rules(&json(&project, &["2.0.0"])), [""; 0]);
    project.run(&["verify", second.to_str().unwrap()]).ok();
}

#[test]
fn words_are_shown_with_what_nobody_sees_and_without_data_nothing_is() {
    let project = Project::new("fix = \"none\"\n[lint]\nselect = [\"S\"]\n");
    project.articles("in/a.jsonl", 0..5);
    let first = project.release("1.0.0");
    let changed = article(3).replace("took two of its piers", "took three\\u202e of its piers");
    project.write(
        "in/a.jsonl",
        (0..5)
            .map(|n| if n == 3 { changed.clone() } else { article(n) })
            .collect::<Vec<_>>()
            .concat(),
    );
    let second = project.release("2.0.0");
    let run = project.run(&["diff", "1.0.0", "2.0.0"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.out
            .starts_with("river 1.0.0 → 2.0.0: the changes are major\n"),
        "{}",
        run.out
    );
    assert!(run.out.contains("changed columns: body 1"), "{}", run.out);
    assert!(
        run.out.contains("[-two-]{+three<U+202E>+} of its piers"),
        "{}",
        run.out
    );
    let page = project.run(&["diff", "1.0.0", "2.0.0", "-f", "markdown"]).out;
    assert!(
        page.contains("| changed | 1 |") && page.contains("{+three<U+202E>+}"),
        "{page}"
    );
    assert!(!run.out.contains('\u{202e}') && !page.contains('\u{202e}'));

    // Only state: as many rows, no words.
    let full = json(&project, &["1.0.0", "2.0.0"]);
    let bare = tempfile::tempdir().unwrap();
    for (release, name) in [(&first, "a"), (&second, "b")] {
        let target = bare.path().join(name);
        copy(release, &target);
        std::fs::remove_dir_all(target.join("data")).unwrap();
    }
    let (a, b) = (bare.path().join("a"), bare.path().join("b"));
    let (a, b) = (a.to_str().unwrap(), b.to_str().unwrap());
    assert_eq!(json(&project, &[a, b]), full);
    let run = project.run(&["diff", a, b]);
    assert!(run.out.contains("changed columns: unknown"), "{}", run.out);
    project
        .run(&["diff", "1.0.0", "9.0.0"])
        .fails(2, &["no release 9.0.0"]);
    project
        .run(&["diff", "1.0.0", "-f", "yaml"])
        .fails(2, &["not a format"]);
}

/// Edits a copy of the schema; the rows stay what they are unless `line` changes them.
fn with_schema(project: &Project, edit: impl Fn(&mut serde_json::Value)) {
    let path = project.path("schemas/article.schema.json");
    let mut schema: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    edit(&mut schema);
    project.write("schemas/article.schema.json", schema.to_string());
}

#[test]
fn schema_licence_and_documents_ask_for_their_steps() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..10);
    with_schema(&project, |schema| {
        schema["properties"]["section"] = serde_json::json!({"enum": ["news", "sport"], "type": "string"});
    });
    project.release("1.0.0");
    let after = |rule: &str| {
        let diff = json(&project, &["1.0.0"]);
        let found = rules(&diff);
        assert!(
            found.iter().any(|found| found.starts_with(rule)),
            "{rule} is not in {found:?}"
        );
        (diff["required"].as_str().unwrap().to_owned(), found.len())
    };
    let section = |value: serde_json::Value| {
        with_schema(&project, |schema| {
            schema["properties"]["section"] = value.clone();
        });
    };
    section(serde_json::json!({"enum": ["news", "sport", "culture"], "type": "string"}));
    assert_eq!(after("V205"), ("minor".to_owned(), 1));
    section(serde_json::json!({"enum": ["news"], "type": "string"}));
    assert_eq!(after("V109"), ("major".to_owned(), 1));
    section(serde_json::json!({"enum": ["news", "sport"], "type": "string", "description": "Desk"}));
    assert_eq!(after("V302"), ("patch".to_owned(), 1));
    section(serde_json::json!({"type": "integer"}));
    assert_eq!(after("V105").0, "major");
    section(serde_json::json!({"enum": ["news", "sport"], "type": "string"}));
    with_schema(&project, |schema| {
        schema["properties"]["desk"] = serde_json::json!({"type": "string"});
    });
    assert_eq!(after("V202"), ("minor".to_owned(), 1));
    with_schema(&project, |schema| {
        schema["properties"].as_object_mut().unwrap().shift_remove("desk");
    });
    project.write("DATASET.md", "Collected on the bank.\n");
    assert_eq!(after("V302"), ("patch".to_owned(), 1));
    let config = std::fs::read_to_string(project.path("corpus.toml")).unwrap();
    project.write("corpus.toml", config.replace("CC-BY-4.0", "CC-BY-NC-4.0"));
    assert_eq!(after("V110").0, "major");
    project.write("corpus.toml", config.replace("CC-BY-4.0", "CC0-1.0"));
    assert_eq!(after("V302").0, "patch");
}

#[test]
fn a_filled_null_is_minor_and_bump_finds_the_version() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..10);
    project
        .run(&["release", "--bump", "auto"])
        .fails(2, &["no release yet"]);
    project.release("1.0.0");
    project
        .run(&["release", "--bump", "auto"])
        .fails(1, &["nothing changed since 1.0.0"]);
    let filled = article(4).replace("{\"", "{\"section\":\"local\",\"");
    let lines = |four: &str| {
        (0..10)
            .map(|n| if n == 4 { four.to_owned() } else { article(n) })
            .collect::<Vec<_>>()
            .concat()
    };
    project.write("in/a.jsonl", lines(&filled));
    let diff = json(&project, &["1.0.0"]);
    assert_eq!(
        (rules(&diff), &diff["required"]),
        (vec!["V206 1".to_owned()], &"minor".into())
    );
    let dry = project.run(&["release", "--bump", "auto", "-n"]).ok();
    assert!(dry.out.starts_with("river 1.1.0 would hold 10"), "{}", dry.out);
    project.run(&["release", "--bump", "auto"]).ok();
    let minor = project.released("1.1.0");
    project.write("in/a.jsonl", lines(&edit(4)));
    project
        .run(&["release", "--bump", "minor"])
        .fails(1, &["1.1.0 to 1.2.0 is a minor step", "release 2.0.0"]);
    project.run(&["release", "--bump", "auto"]).ok();
    let major = project.released("2.0.0");
    // No byte tells that another version was tried first.
    let text = std::fs::read_to_string(major.join("manifest.json")).unwrap();
    assert!(!text.contains("1.2.0") && !text.contains("\"declared\": \"minor\""));
    project.write("in/a.jsonl", lines(&edit(4)) + &article(11));
    project.run(&["release", "2.1.0-rc.1"]).ok();
    project.write("in/a.jsonl", lines(&edit(4)) + &article(11) + &article(12));
    project.run(&["release", "--bump", "auto"]).ok();
    for release in [
        minor,
        major,
        project.released("2.1.0-rc.1"),
        project.released("2.1.0"),
    ] {
        project.run(&["verify", release.to_str().unwrap()]).ok();
    }
    project
        .run(&["release", "3.0.0", "--bump", "auto"])
        .fails(2, &["cannot be used with"]);
    project.run(&["release"]).fails(2, &["VERSION"]);
}

/// Bytes of a release that the one before has not.
#[cfg(unix)]
fn new_bytes(before: &Path, after: &Path) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    let (mut new, mut all) = (0, 0);
    for name in snapshot(after).keys() {
        let now = std::fs::metadata(after.join(name)).unwrap();
        all += now.len();
        let linked = std::fs::metadata(before.join(name)).is_ok_and(|was| was.ino() == now.ino());
        new += if linked { 0 } else { now.len() };
    }
    (new, all)
}

/// Texts with as little in common as articles have.
fn long(number: usize) -> String {
    let mut state = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let words = (0..220).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut n = state >> 40;
        let mut word = String::new();
        while n > 0 {
            word.push(char::from(b"bcdfglmnprst"[(n % 12) as usize]));
            word.push(char::from(b"aeiou"[(n / 12 % 5) as usize]));
            n /= 60;
        }
        word
    });
    with_body(number, &format!("{}.", words.collect::<Vec<_>>().join(" ")))
}

#[cfg(unix)]
#[test]
fn one_percent_more_articles_are_three_percent_new_bytes_and_compacting_sorts_all() {
    let project =
        Project::new("shard-bytes = \"256KB\"\nrow-group-bytes = \"256KB\"\n[lint]\nselect = [\"S\"]\n");
    let write = |to: usize, edited: Option<usize>| {
        let lines = (0..to).map(|n| if Some(n) == edited { edit(n) } else { long(n) });
        project.write("in/a.jsonl", lines.collect::<Vec<_>>().concat());
    };
    write(6_000, None);
    let first = project.release("1.0.0");
    write(6_060, None);
    let second = project.release("1.1.0");
    let (new, all) = new_bytes(&first, &second);
    println!("1 % more articles: {new} of {all} bytes are new");
    assert!(new * 100 <= all * 3, "{new} of {all} bytes are new");
    write(6_060, Some(1_000));
    let third = project.release("2.0.0");
    let shards = |release: &Path| -> Vec<(String, String)> {
        let manifest = manifest(release);
        let list = manifest["configs"][0]["splits"][0]["shards"].as_array().unwrap();
        let text = |shard: &serde_json::Value, name: &str| shard[name].as_str().unwrap().to_owned();
        list.iter()
            .map(|shard| (text(shard, "path"), text(shard, "sha256")))
            .collect()
    };
    let (before, after) = (shards(&second), shards(&third));
    let changed = before.iter().zip(&after).filter(|(a, b)| a != b).count();
    assert_eq!(
        (before.len() > 5, after.len() == before.len(), changed),
        (true, true, 1)
    );

    // Everything in one order again: the same data, a patch.
    let tree = project.run(&["release", "2.0.1", "--compact", "-n"]).ok();
    assert!(tree.out.contains("V301"), "{}", tree.out);
    project.run(&["release", "2.0.1", "--compact"]).ok();
    let fourth = project.released("2.0.1");
    let (was, now) = (manifest(&third), manifest(&fourth));
    assert_eq!(was["content_id"], now["content_id"]);
    assert_eq!(now["semver"]["required"], "patch");
    let ids: Vec<String> = rows(&fourth.join("data"))
        .into_iter()
        .map(|row| row["id"].clone())
        .collect();
    assert!(ids.is_sorted() && ids.len() == 6_060);
    assert!(
        shards(&fourth)
            .iter()
            .all(|(path, _)| !after.iter().any(|(old, _)| old == path))
    );
    let diff = json(&project, &["2.0.0", "2.0.1"]);
    assert_eq!(rules(&diff), ["V301 1"]);
    project.run(&["verify", fourth.to_str().unwrap()]).ok();
}
