//! New records against what exists already: evaluation sets, releases, other splits.

use super::gates::balance;
use super::project::{Project, article, manifest, rows, sums, with_body};

const EVALUATION: &str = "[decontaminate]\nagainst = [\"eval/*.jsonl\"]\n";

/// A passage of more than thirteen words, as a quiz asks about it.
const PASSAGE: &str =
    "the ferryman counted nineteen lanterns on the far bank before the fog came down and hid them all";

fn quiz() -> String {
    let item = serde_json::json!({
        "id": "q-7",
        "context": {"paragraphs": [format!("Old story: {PASSAGE}.")]},
        "question": "How many lanterns?",
        "url": "https://quiz.example/how/many/lanterns/were/there/on/the/far/bank/that/night/before/the/fog",
    });
    format!(
        "{}\n{item}\n",
        serde_json::json!({"id": "q-6", "question": "Which river?"})
    )
}

fn contaminated(number: usize) -> String {
    let passage = PASSAGE
        .replacen("the ferryman", "«The FERRYMAN", 1)
        .replace("bank before", "bank, before");
    with_body(
        number,
        &format!(
            "In week {number} our paper found this in an old diary: {passage}» Nobody knows who wrote it."
        ),
    )
}

#[test]
fn what_stands_in_an_evaluation_set_is_left_out() {
    let project = Project::new(EVALUATION);
    project.articles("in/a.jsonl", 0..20);
    project.write("in/b.jsonl", [contaminated(30), article(31)].concat());
    project.write("eval/quiz.jsonl", quiz());
    let run = project.run(&["release", "1.0.0"]).ok();
    assert!(
        run.err
            .contains("1 of 2 evaluation items have no text of 13 words"),
        "{}",
        run.err
    );
    let counts = balance(&project, "1.0.0");
    assert_eq!(counts["excluded_by_rule"], serde_json::json!({"D007": 1}));
    assert_eq!(counts["accepted"], 21);
    let excluded = rows(&project.path("releases/river-v1.0.0.audit/exclusions"));
    assert_eq!(
        (excluded[0]["id"].as_str(), excluded[0]["rule"].as_str()),
        ("r-0030", "D007")
    );
    // The sets are pinned.
    let pinned = manifest(&project.released("1.0.0"))["pipeline"]["decontamination"].clone();
    assert_eq!(pinned["n"], 13);
    assert_eq!(pinned["against"][0]["uri"], "eval/quiz.jsonl");
    assert_eq!(pinned["against"][0]["sha256"].as_str().unwrap().len(), 64);
    let again = project.run(&["reproduce", "1.0.0"]).ok();
    assert!(again.out.contains("byte for byte"), "{}", again.out);
    // The finding shows the passage and the item.
    let lint = project.run(&["lint", "--select", "D007", "-f", "json-lines"]);
    assert_eq!(lint.code, Some(1), "{}", lint.err);
    let finding: serde_json::Value = serde_json::from_str(lint.out.trim()).unwrap();
    let body = rows_body(&contaminated(30));
    let at = |name: &str| finding[name].as_u64().unwrap() as usize;
    let span = &body[at("start")..at("end")];
    assert!(
        span.starts_with("The FERRYMAN") && span.ends_with("hid them all"),
        "{span}"
    );
    assert!(
        finding["message"]
            .as_str()
            .unwrap()
            .contains("\"q-7\" (eval/quiz.jsonl:2)"),
        "{finding}"
    );
}

fn rows_body(line: &str) -> String {
    let record: serde_json::Value = serde_json::from_str(line).unwrap();
    record["body"].as_str().unwrap().to_owned()
}

#[test]
fn evaluation_sets_change_no_byte_with_threads_or_memory() {
    let release = |jobs: &str, memory: &str| {
        let project = Project::new(EVALUATION);
        project.articles("in/a.jsonl", 0..40);
        project.write("in/b.jsonl", (50..60).map(contaminated).collect::<String>());
        project.write("eval/quiz.jsonl", quiz());
        project.write("eval/more.jsonl", quiz());
        project
            .run(&["release", "1.0.0", "-j", jobs, "--memory", memory])
            .ok();
        sums(&project.released("1.0.0"))
    };
    let one = release("1", "1MB");
    assert_eq!(one, release("4", "512MB"));
}

#[test]
fn a_new_evaluation_set_takes_published_rows_out_with_a_major_step() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..20);
    project.write("in/b.jsonl", contaminated(30));
    project.release("1.0.0");
    project.write("eval/quiz.jsonl", quiz());
    let config = std::fs::read_to_string(project.path("corpus.toml")).unwrap();
    project.write("corpus.toml", format!("{config}{EVALUATION}"));
    project
        .run(&["release", "1.1.0"])
        .fails(1, &["V101 records removed: 1 (major), such as r-0030"]);
    project.release("2.0.0");
    assert_eq!(balance(&project, "2.0.0")["excluded_by_rule"]["D007"], 1);
}

#[test]
fn evaluation_sets_that_cannot_be_used_are_named() {
    let cases: [(&str, &str, &[&str]); 6] = [
        (
            "against = [\"none/*.jsonl\"]",
            "",
            &["[decontaminate] against", "none/*.jsonl"],
        ),
        (
            "against = [\"../*.jsonl\"]",
            "",
            &["[decontaminate] against", "leads out"],
        ),
        (
            "against = [\"eval/*.jsonl\"]\nn = 1",
            "",
            &["n = 1", "from 2 to 1000"],
        ),
        (
            "against = [\"in/*.jsonl\"]",
            "",
            &["`in/a.jsonl`", "an evaluation set", "exclude"],
        ),
        (
            "against = [\"eval/*.jsonl\"]\n[lint]\nignore = [\"D007\"]",
            "",
            &["D007", "is ignored"],
        ),
        (
            "against = [\"eval/*.jsonl\"]",
            "{\"id\":\"q-8\",\"question\":\n",
            &["eval/quiz.jsonl:3", "cannot be read"],
        ),
    ];
    for (settings, tail, words) in cases {
        let project = Project::new(&format!("[decontaminate]\n{settings}\n"));
        project.articles("in/a.jsonl", 0..5);
        project.write("eval/quiz.jsonl", quiz() + tail);
        project.run(&["release", "1.0.0"]).fails(2, words);
    }
    // Too much for the memory that is allowed.
    let project = Project::new(EVALUATION);
    project.articles("in/a.jsonl", 0..5);
    let long: String = (0..30_000).map(|n| format!("word{n} ")).collect();
    project.write(
        "eval/long.jsonl",
        format!("{}\n", serde_json::json!({"text": long})),
    );
    project
        .run(&["release", "1.0.0", "--memory", "1MB"])
        .fails(2, &["passages of 13 words", "--memory"]);
    project.run(&["release", "1.0.0", "--memory", "16MB"]).ok();
}

#[test]
fn a_new_crawl_is_compared_with_a_release_by_its_state_alone() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..10);
    let release = project.release("1.0.0");
    let name = "releases/river-v1.0.0";
    // Neither the archive nor the shards are read.
    std::fs::remove_dir_all(project.path("in")).unwrap();
    std::fs::remove_dir_all(release.join("data")).unwrap();
    // Older and longer than what is published, and a copy all the same.
    let old = article(3)
        .replace("r-0003", "n-1")
        .replace("2025-03-01T", "2019-03-01T")
        .replace("river rose", "RIVER, rose");
    let twins = [article(20), article(20).replace("r-0020", "n-2")].concat();
    project.write("new.jsonl", [old, twins, article(5), article(21)].concat());
    let dedup = project
        .run(&[
            "dedup",
            "new.jsonl",
            // Articles of this river are near copies of each other.
            "--exact",
            "--against",
            name,
            "-f",
            "json-lines",
            "--write",
            "rest.jsonl",
        ])
        .ok();
    let lines: Vec<serde_json::Value> = dedup
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line["cluster"].as_str().unwrap(),
                line["id"].as_str().unwrap(),
                line["relation"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("r-0003", "r-0003", "kept"),
            ("r-0003", "n-1", "exact"),
            ("r-0020", "r-0020", "kept"),
            ("r-0020", "n-2", "exact"),
            ("r-0005", "r-0005", "kept"),
            ("r-0005", "r-0005", "exact"),
        ]
    );
    assert_eq!(lines[0]["path"], format!("{name}/data/train/train-00000.parquet"));
    assert_eq!(lines[0]["line"], 4);
    let rest = std::fs::read_to_string(project.path("rest.jsonl")).unwrap();
    assert!(
        rest.lines().count() == 2 && rest.contains("r-0020") && rest.contains("r-0021"),
        "{rest}"
    );
    let lint = project.run(&[
        "lint",
        "new.jsonl",
        "--select",
        "D002",
        "--against",
        name,
        "-f",
        "concise",
    ]);
    assert_eq!(
        lint.out.matches("published already").count(),
        2,
        "{}{}",
        lint.out,
        lint.err
    );
    assert!(
        lint.out.contains("\"r-0003\"") && lint.out.contains("the same but for marks"),
        "{}",
        lint.out
    );
    assert!(
        lint.out.contains("\"r-0005\"") && lint.out.contains(": the same text"),
        "{}",
        lint.out
    );
    let none = project.run(&["lint", "new.jsonl", "--select", "D002", "-f", "concise"]);
    assert!(!none.out.contains("published"), "{}", none.out);
    project
        .run(&["lint", "new.jsonl", "--against", "new.jsonl"])
        .fails(2, &["`new.jsonl` is not the directory of a release"]);
}
