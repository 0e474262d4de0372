//! Known findings: written, used, pruned; they go by content.

use crate::support::{Dir, OVERRIDE, good, line};

#[test]
fn a_baseline_survives_reordering_and_resharding() {
    let lines: Vec<String> = (0..6)
        .map(|n| {
            if n % 2 == 0 {
                line(&format!("a-{n}"), OVERRIDE)
            } else {
                good(n)
            }
        })
        .collect();
    let dir = Dir::with(&[("a.jsonl", &lines.concat())]);
    dir.run(&["lint", "a.jsonl", "--write-baseline", "--baseline", "known.json"])
        .exits(0);
    let json = dir
        .run(&["lint", "a.jsonl", "--baseline", "known.json", "-f", "json"])
        .exits(0)
        .json();
    assert_eq!(json["summary"]["baselined"], 3);
    assert_eq!(json["summary"]["findings"], 0);

    let reversed: Vec<String> = lines.iter().rev().cloned().collect();
    dir.write("b/one.jsonl", reversed[..2].concat().as_bytes());
    dir.write("b/two.jsonl", reversed[2..].concat().as_bytes());
    let json = dir
        .run(&["lint", "b", "--baseline", "known.json", "-f", "json"])
        .exits(0)
        .json();
    assert_eq!(json["summary"]["baselined"], 3);

    dir.write("b/three.jsonl", line("new", OVERRIDE).as_bytes());
    let run = dir
        .run(&["lint", "b", "--baseline", "known.json", "-f", "json"])
        .exits(1);
    assert_eq!(run.json()["findings"][0]["id"], "new");
}

#[test]
fn pruning_drops_what_no_longer_occurs() {
    let dir = Dir::with(&[("a.jsonl", &(line("a", OVERRIDE) + &line("b", OVERRIDE)))]);
    dir.run(&["lint", "a.jsonl", "--write-baseline", "--baseline", "known.json"])
        .exits(0);
    dir.write("a.jsonl", line("a", OVERRIDE).as_bytes());
    let before = dir.read("known.json");
    dir.run(&["lint", "a.jsonl", "--baseline", "known.json"]).exits(0);
    assert_eq!(dir.read("known.json"), before, "only --prune-baseline changes it");
    dir.run(&["lint", "a.jsonl", "--baseline", "known.json", "--prune-baseline"])
        .exits(0);
    dir.write("a.jsonl", (line("a", OVERRIDE) + &line("b", OVERRIDE)).as_bytes());
    let run = dir
        .run(&["lint", "a.jsonl", "--baseline", "known.json", "-f", "json"])
        .exits(1);
    assert_eq!(run.json()["findings"][0]["id"], "b");
    assert_eq!(run.json()["summary"]["baselined"], 1);
}
