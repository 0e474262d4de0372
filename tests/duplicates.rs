//! Duplicate detection on a corpus whose copies are known: what is found of each kind, and what is
//! joined that should not be. `benches/recall.py` gives the same figures for corpora of any size.

#![allow(clippy::unwrap_used, clippy::expect_used, dead_code)]

#[path = "../examples/gencorpus/copies.rs"]
mod copies;
#[path = "../examples/gencorpus/document.rs"]
mod document;
#[path = "../examples/gencorpus/faults.rs"]
mod faults;
#[path = "../examples/gencorpus/language.rs"]
mod language;
#[path = "../examples/gencorpus/rng.rs"]
mod rng;

use copies::Mix;
use document::{Corpus, Faults};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::process::Command;

const DOCUMENTS: u64 = 2_000;

/// A document of the corpus: its kind, the number of what it was made of, its text.
struct Truth {
    kind: String,
    of: Option<u64>,
    text: String,
}

fn corpus() -> (Vec<u8>, BTreeMap<u64, Truth>) {
    let corpus = Corpus::new(11, Faults::None, Mix::Copies);
    let (mut articles, mut labels) = (Vec::new(), Vec::new());
    for index in 0..DOCUMENTS {
        corpus.write(&mut articles, index);
        corpus.label(&mut labels, index);
    }
    let rows = |bytes: &[u8]| -> Vec<Value> {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let truth = rows(&labels)
        .into_iter()
        .zip(rows(&articles))
        .map(|(label, article)| {
            let truth = Truth {
                kind: label["kind"].as_str().unwrap().to_owned(),
                of: label["of"].as_u64(),
                text: article["body"].as_str().unwrap().to_owned(),
            };
            (label["line"].as_u64().unwrap(), truth)
        });
    let truth = truth.collect();
    (articles, truth)
}

/// Cluster by line.
fn dedup(articles: &[u8], options: &[&str]) -> HashMap<u64, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("articles.jsonl");
    std::fs::write(&path, articles).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_corpus"))
        .args(["--isolated", "--no-progress", "dedup", "-f", "json-lines"])
        .args(options)
        .arg(&path)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let rows = String::from_utf8(run.stdout).unwrap();
    let row = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        (
            row["line"].as_u64().unwrap(),
            row["cluster"].as_str().unwrap().to_owned(),
        )
    };
    rows.lines().map(row).collect()
}

/// The documents whose texts a document holds: itself or what it is a copy of, and what it quotes.
fn holds(truth: &BTreeMap<u64, Truth>, line: u64) -> HashSet<&str> {
    let document = &truth[&line];
    let made_of = document.of.map(|of| truth[&of].text.as_str());
    let own = if document.kind == "quoting" { None } else { made_of };
    [Some(own.unwrap_or(&document.text)), made_of]
        .into_iter()
        .flatten()
        .collect()
}

fn pairs(n: usize) -> f64 {
    (n * n.saturating_sub(1) / 2) as f64
}

/// Pairs of equal elements.
fn equal<T: Eq + std::hash::Hash>(labels: impl Iterator<Item = T>) -> f64 {
    let mut counts = HashMap::new();
    labels.for_each(|label| *counts.entry(label).or_insert(0) += 1);
    counts.values().map(|n| pairs(*n)).sum()
}

#[test]
fn copies_of_every_kind_are_found_and_alike_texts_are_not_joined() {
    let (articles, truth) = corpus();
    let cluster = dedup(&articles, &[]);
    let mut found: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut copied: HashMap<u64, u32> = HashMap::new();
    for of in truth.values().filter_map(|document| document.of) {
        *copied.entry(of).or_insert(0) += 1;
    }
    for (line, document) in &truth {
        let Some(of) = document.of else { continue };
        // What has a copy of its own does not hang on a text that quotes it.
        if document.kind == "quoting" && copied[&of] > 1 {
            continue;
        }
        let counts = found.entry(&document.kind).or_default();
        counts.1 += 1;
        counts.0 += u32::from(
            cluster
                .get(line)
                .is_some_and(|name| cluster.get(&of) == Some(name)),
        );
    }
    for (kind, bound) in [
        ("identical", 1.0),
        ("disguised", 1.0),
        ("edited", 0.97),
        ("cut", 0.95),
        ("scraped", 0.9),
        ("quoting", 0.9),
    ] {
        let (hits, of) = found[kind];
        assert!(
            of > 10 && f64::from(hits) >= bound * f64::from(of),
            "{kind}: {hits} of {of}"
        );
    }

    let mut members: HashMap<&str, Vec<u64>> = HashMap::new();
    for (line, name) in &cluster {
        members.entry(name).or_default().push(*line);
    }
    let (mut right, mut wrong) = (0_u32, Vec::new());
    for lines in members.values() {
        for (at, one) in lines.iter().enumerate() {
            for two in &lines[..at] {
                if holds(&truth, *one).is_disjoint(&holds(&truth, *two)) {
                    wrong.push((truth[one].kind.as_str(), *one, truth[two].kind.as_str(), *two));
                } else {
                    right += 1;
                }
            }
        }
    }
    let precision = f64::from(right) / (f64::from(right) + wrong.len() as f64);
    assert!(right > 800 && precision >= 0.995, "{precision}: {wrong:?}");

    // Adjusted Rand index of the scraped pages.
    let pages: HashSet<u64> = truth
        .values()
        .filter(|d| d.kind == "scraped")
        .filter_map(|d| d.of)
        .collect();
    let lines: Vec<u64> = truth
        .iter()
        .filter(|(line, document)| document.kind == "scraped" || pages.contains(line))
        .map(|(line, _)| *line)
        .collect();
    let page = |line: &u64| truth[line].of.unwrap_or(*line);
    let group = |line: &u64| cluster.get(line).cloned().unwrap_or_else(|| line.to_string());
    let both = equal(lines.iter().map(|line| (page(line), group(line))));
    let (one, two) = (equal(lines.iter().map(page)), equal(lines.iter().map(group)));
    let expected = one * two / pairs(lines.len());
    let index = (both - expected) / (f64::midpoint(one, two) - expected);
    assert!(index > 0.9, "{index}");
}

#[test]
fn threads_memory_and_the_order_of_records_change_no_cluster() {
    let (articles, _) = corpus();
    let text = String::from_utf8(articles).unwrap();
    let lines: Vec<&str> = text.lines().take(700).collect();
    // By id, so that lines may move.
    let clusters = |lines: &[&str], options: &[&str]| -> HashSet<(String, String)> {
        let ids: Vec<String> = lines
            .iter()
            .map(|line| {
                serde_json::from_str::<Value>(line).unwrap()["id"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        let found = dedup((lines.join("\n") + "\n").as_bytes(), options);
        found
            .into_iter()
            .map(|(line, name)| (ids[line as usize - 1].clone(), name))
            .collect()
    };
    let expected = clusters(&lines, &["-j", "1"]);
    assert!(expected.len() > 200);
    let mut turned = lines.clone();
    turned.reverse();
    turned.rotate_left(123);
    for (lines, options) in [
        (&lines, &["-j", "4"][..]),
        (&lines, &["-j", "2", "--memory", "8MB"]),
        (&turned, &["-j", "3"]),
    ] {
        assert_eq!(clusters(lines, options), expected, "{options:?}");
    }
}

#[test]
fn the_published_profile_finds_less_and_verifies_nothing() {
    let (articles, truth) = corpus();
    let [ours, theirs] = [&[][..], &["--profile", "fineweb"]].map(|options| dedup(&articles, options));
    let found = |cluster: &HashMap<u64, String>, kind: &str| {
        let made = truth.iter().filter(|(_, document)| document.kind == kind);
        let hits = made.filter(|(line, document)| {
            cluster
                .get(line)
                .is_some_and(|name| document.of.and_then(|of| cluster.get(&of)) == Some(name))
        });
        hits.count()
    };
    assert_eq!(found(&theirs, "identical"), found(&ours, "identical"));
    assert!(found(&theirs, "edited") * 4 < found(&ours, "edited") * 3);
    assert!(found(&theirs, "cut") * 10 < found(&ours, "cut"));
}

/// Lines of the json-lines form.
fn rows(directory: &std::path::Path, arguments: &[&str]) -> Vec<Value> {
    let run = Command::new(env!("CARGO_BIN_EXE_corpus"))
        .current_dir(directory)
        .args(["--isolated", "--no-progress", "dedup", "-f", "json-lines"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let text = String::from_utf8(run.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn records_are_compared_with_files_that_stay_as_they_are() {
    let directory = tempfile::tempdir().unwrap();
    let words = |seed: u64, count: u64| -> Vec<String> {
        (0..count)
            .map(|n| format!("w{}", (seed * 7919 + n * n * 31 + n) % 6007))
            .collect()
    };
    let record = |id: &str, words: &[String]| {
        serde_json::json!({"id": id, "body": words.join(" ")}).to_string() + "\n"
    };
    let mut edited = words(2, 300);
    edited[100] = "other".to_owned();
    let long = [words(4, 200), words(5, 60), words(6, 200)].concat();
    let new = [
        record("same", &words(1, 90)),
        record("edited", &edited),
        record("fresh", &words(3, 100)),
        record("holds", &long),
    ];
    let held = [
        record("e1", &words(1, 90)),
        record("e2", &words(2, 300)),
        record("e3", &words(5, 60)),
        record("e4", &words(9, 90)),
    ];
    std::fs::write(directory.path().join("new.jsonl"), new.concat()).unwrap();
    std::fs::write(directory.path().join("held.jsonl"), held.concat()).unwrap();
    let found = rows(
        directory.path(),
        &["--against", "held.jsonl", "--write", "kept.jsonl", "new.jsonl"],
    );
    let seen: Vec<_> = found
        .iter()
        .map(|row| ["path", "id", "relation", "cluster"].map(|key| row[key].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(
        seen,
        [
            ["held.jsonl", "e1", "kept", "e1"],
            ["new.jsonl", "same", "exact", "e1"],
            ["held.jsonl", "e2", "kept", "e2"],
            ["new.jsonl", "edited", "near", "e2"],
            ["new.jsonl", "holds", "kept", "holds"],
            ["held.jsonl", "e3", "contained", "holds"],
        ]
    );
    let kept = std::fs::read_to_string(directory.path().join("kept.jsonl")).unwrap();
    let ids: Vec<Value> = kept
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].clone())
        .collect();
    assert_eq!(ids, ["fresh", "holds"]);
}
