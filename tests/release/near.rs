//! Near copies and contained texts in a release.

use super::project::{Project, manifest, rows, sums, with_body};
use std::collections::BTreeMap;
use std::path::Path;

/// Forty words that no other number has in this order.
fn prose(number: usize) -> String {
    const WORDS: [&str; 64] = [
        "harbour", "teacher", "winter", "market", "bridge", "council", "garden", "letter", "doctor",
        "engine", "island", "museum", "valley", "driver", "window", "summer", "farmer", "street", "school",
        "mountain", "river", "station", "paper", "library", "music", "painter", "forest", "kitchen",
        "village", "captain", "lantern", "orchard", "printer", "railway", "shepherd", "tailor", "weather",
        "bakery", "castle", "dentist", "factory", "glacier", "hospital", "journal", "ladder", "miller",
        "notary", "opera", "potter", "quarry", "rocket", "sailor", "theatre", "umbrella", "violin", "wagon",
        "archive", "barber", "cellar", "dairy", "embassy", "fisher", "gallery", "hunter",
    ];
    let mut state = number as u64 + 1;
    let words: Vec<&str> = (0..60)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            WORDS[(state >> 40) as usize % 64]
        })
        .collect();
    let lines: Vec<String> = words
        .chunks(10)
        .map(|line| format!("The {} of the {}.", line[..5].join(" "), line[5..].join(" ")))
        .collect();
    lines.join("\n")
}

/// Article 7 with two words changed; article 8 whole, in a longer one; and thirty of their own.
fn articles(project: &Project) {
    let mut lines: Vec<String> = (0..30).map(|number| with_body(number, &prose(number))).collect();
    lines.push(with_body(
        107,
        &prose(7)
            .replacen("harbour", "seaside", 1)
            .replacen("market", "square", 1),
    ));
    lines.push(with_body(
        108,
        &format!("{}\n{}\n{}", prose(200), prose(8), prose(201)),
    ));
    project.write("in/a.jsonl", lines.concat());
}

fn duplicates(project: &Project, version: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let audit = project.path(&format!("releases/river-v{version}.audit/duplicates"));
    let rows = rows(&audit).into_iter();
    rows.map(|row| (row["dropped_id"].clone(), row)).collect()
}

/// The split that each id is in, by the files of a release.
fn splits(release: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for split in std::fs::read_dir(release.join("data")).unwrap() {
        let split = split.unwrap();
        for row in rows(&split.path()) {
            found.insert(row["id"].clone(), split.file_name().into_string().unwrap());
        }
    }
    found
}

#[test]
fn near_copies_are_dropped_and_what_is_alike_is_told() {
    let project = Project::new("[dedup]\nnear = { threshold = 0.8 }\n");
    articles(&project);
    let release = project.release("1.0.0");
    project.run(&["verify", release.to_str().unwrap()]).ok();
    let counts = manifest(&release)["counts"].clone();
    assert_eq!(
        (&counts["accepted"], &counts["duplicates"]),
        (&31.into(), &1.into())
    );
    let found = duplicates(&project, "1.0.0");
    let near = &found["r-0107"];
    assert_eq!(
        (
            near["kept_id"].as_str(),
            near["relation"].as_str(),
            near["fate"].as_str()
        ),
        ("r-0007", "near", "dropped")
    );
    assert!(
        (0.8..1.0).contains(&near["score"].parse::<f64>().unwrap()),
        "{near:?}"
    );
    let inside = &found["r-0008"];
    assert_eq!(
        (
            inside["kept_id"].as_str(),
            inside["relation"].as_str(),
            inside["kind"].as_str(),
            inside["fate"].as_str()
        ),
        ("r-0108", "contained", "excerpt", "released")
    );
    let excluded = rows(&project.path("releases/river-v1.0.0.audit/exclusions"));
    assert_eq!(
        (excluded[0]["relation"].as_str(), excluded[0]["survivor"].as_str()),
        ("near", "r-0007")
    );
}

#[test]
fn near_copies_stay_where_that_is_asked_and_go_to_one_split() {
    let shares = "[splits]\ntrain = 0.5\ntest = 0.5\nfrozen = []\n";
    let of = |near: &str| {
        let project = Project::new(&format!("[dedup]\nnear = {near}\n{shares}"));
        articles(&project);
        let release = project.release("1.0.0");
        (splits(&release), project)
    };
    let (apart, _) = of("false");
    let (tagged, project) = of("{ action = \"tag\" }");
    assert_eq!((apart.len(), tagged.len()), (32, 32));
    assert_eq!(tagged["r-0107"], tagged["r-0007"]);
    assert_eq!(tagged["r-0108"], tagged["r-0008"]);
    let moved: Vec<_> = apart
        .iter()
        .filter(|(id, split)| tagged[*id] != **split)
        .map(|(id, _)| id)
        .collect();
    assert!(
        moved.iter().all(|id| ["r-0107", "r-0008"].contains(&id.as_str())),
        "{moved:?}"
    );
    assert_eq!(duplicates(&project, "1.0.0")["r-0107"]["fate"], "released");
}

/// A row that is published stays and stays where it is, whoever is nearly like it; a new copy of it goes.
#[test]
fn a_published_row_outranks_its_near_copies() {
    let project = Project::new("[dedup]\nnear = { threshold = 0.8 }\nkeep = [\"published\", \"longest\"]\n");
    let lines: Vec<String> = (0..12).map(|number| with_body(number, &prose(number))).collect();
    project.write("in/a.jsonl", lines.concat());
    let first = project.release("1.0.0");
    let before = splits(&first);
    // Longer, so that it would be kept if nothing were published.
    let copy = with_body(103, &format!("{}\nThe end of it all.", prose(3)));
    project.write("in/b.jsonl", [copy, with_body(50, &prose(50))].concat());
    let second = project.release("1.1.0");
    let after = splits(&second);
    assert!(before.iter().all(|(id, split)| after.get(id) == Some(split)));
    assert_eq!(after.len(), 13);
    assert_eq!(duplicates(&project, "1.1.0")["r-0103"]["kept_id"], "r-0003");
    // The old shard is the same file.
    let shard = sums(&first)
        .lines()
        .find(|line| line.contains("data/train/train-00000"))
        .unwrap()
        .to_owned();
    assert!(sums(&second).contains(&shard));
    project.run(&["verify", second.to_str().unwrap()]).ok();
}

#[test]
fn threads_memory_and_order_change_nothing() {
    let project = Project::new("[dedup]\nnear = { threshold = 0.8 }\n");
    articles(&project);
    let expected = sums(&project.release("1.0.0"));
    for (i, args) in [["-j", "1"], ["-j", "8"], ["--memory", "64MB"]]
        .into_iter()
        .enumerate()
    {
        let out = format!("other-{i}");
        project
            .run(&[&args[..], &["release", "1.0.0", "--out", &out]].concat())
            .ok();
        assert_eq!(
            sums(&project.path(&format!("{out}/river-v1.0.0"))),
            expected,
            "{args:?}"
        );
    }
    let text = std::fs::read_to_string(project.path("in/a.jsonl")).unwrap();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines.reverse();
    project.write("in/a.jsonl", lines.concat());
    let other = project.run(&["release", "1.0.0", "--out", "reversed"]);
    other.ok();
    assert_eq!(
        manifest(&project.path("reversed/river-v1.0.0"))["content_id"],
        manifest(&project.released("1.0.0"))["content_id"]
    );
}

/// Without the near stage copies are dealt to any split: `verify --deep` finds the pairs, and nothing else.
#[test]
fn deep_verification_finds_what_two_splits_share() {
    let shares = "[splits]\ntrain = 0.5\ntest = 0.5\n";
    let lines: Vec<String> = (0..12)
        .flat_map(|number| {
            let copy = prose(number).replacen("harbour", "seaside", 1) + " It ends here.";
            [with_body(number, &prose(number)), with_body(100 + number, &copy)]
        })
        .collect();
    let deep = |near: &str| {
        let project = Project::new(&format!("[dedup]\nnear = {near}\n{shares}"));
        project.write("in/a.jsonl", lines.concat());
        let release = project.release("1.0.0");
        project.run(&["verify", release.to_str().unwrap()]).ok();
        let run = project.run(&["verify", "--deep", release.to_str().unwrap()]);
        (run, splits(&release))
    };
    let (run, dealt) = deep("false");
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    let apart = (0..12).filter(|n| dealt[&format!("r-{n:04}")] != dealt[&format!("r-{:04}", 100 + n)]);
    let apart: Vec<usize> = apart.collect();
    assert!(!apart.is_empty());
    assert_eq!(
        run.out.matches("is a near copy (0.").count(),
        apart.len(),
        "{}",
        run.out
    );
    for number in apart {
        assert!(
            run.out.contains(&format!("`r-{number:04}` of default/")),
            "{}",
            run.out
        );
    }
    assert!(run.out.contains("integrity: FAILED"), "{}", run.out);
    let (run, dealt) = deep("{ threshold = 0.8 }");
    run.ok();
    assert_eq!(dealt.len(), 12);
}

/// Rows that were like a row that is taken down name it nowhere, neither in held releases nor in the next one.
#[test]
fn what_is_taken_down_is_named_by_no_row_that_is_like_it() {
    let project = Project::new("[dedup]\nnear = { action = \"tag\" }\n");
    articles(&project);
    project.release("1.0.0");
    let keyed = |args: &[&str]| {
        let key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        let output = project
            .command()
            .env("CORPUS_RETRACT_KEY", key)
            .args(args)
            .output();
        super::project::Run::of(output.unwrap()).ok()
    };
    for id in ["r-0007", "r-0108"] {
        keyed(&[
            "retract",
            id,
            "--scope",
            "record",
            "--reason",
            "asked for",
            "--purge",
        ]);
    }
    project.write("in/b.jsonl", with_body(300, &prose(300)));
    keyed(&["release", "2.0.0"]);
    for release in ["releases/river-v1.0.0", "releases/river-v2.0.0"] {
        for part in ["data", "state", "diff"] {
            for row in rows(&project.path(release).join(part)) {
                let named = row
                    .values()
                    .any(|cell| cell.contains("r-0007") || cell.contains("r-0108"));
                assert!(!named, "{release}/{part}: {row:?}");
            }
        }
    }
    // The copies are still there: only the records were asked for.
    let left = splits(&project.path("releases/river-v2.0.0"));
    assert!(left.contains_key("r-0107") && left.contains_key("r-0008") && left.len() == 31);
}
