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
