//! What passes, what is left out, and what is refused.

use super::project::{Project, article, manifest, rows, with_body};
use std::collections::BTreeMap;
use std::io::Write as _;

/// Every number of the manifest, counted again in the audit and the data.
pub(crate) fn balance(project: &Project, version: &str) -> serde_json::Value {
    let release = project.released(version);
    let manifest = manifest(&release);
    let counts = manifest["counts"].clone();
    let public = manifest["audit"]["public"].as_bool().unwrap();
    let audit = if public {
        release.join("audit")
    } else {
        project.path(&format!(
            "releases/{}.audit",
            release.file_name().unwrap().to_str().unwrap()
        ))
    };
    let number = |name: &str| counts[name].as_u64().unwrap() as usize;
    let exclusions = rows(&audit.join("exclusions"));
    let of = |reason: &str| exclusions.iter().filter(|row| row["reason"] == reason).count();
    assert_eq!(exclusions.len(), number("excluded"));
    assert_eq!(of("duplicate"), number("duplicates"));
    assert_eq!(of("unparseable"), number("unparseable"));
    let copies = rows(&audit.join("duplicates"));
    let dropped = copies.iter().filter(|row| row["fate"] == "dropped").count();
    assert_eq!(dropped, number("duplicates"));
    let mut by_rule: BTreeMap<&str, u64> = BTreeMap::new();
    for row in exclusions.iter().filter(|row| row["reason"] == "rule") {
        *by_rule.entry(&row["rule"]).or_default() += 1;
    }
    assert_eq!(serde_json::to_value(by_rule).unwrap(), counts["excluded_by_rule"]);
    assert_eq!(number("collected"), number("accepted") + number("excluded"));
    let data = rows(&release.join("data"));
    assert_eq!(data.len(), number("accepted"));
    // A repaired record is in the data, and its repairs are in the audit.
    let fixes = rows(&audit.join("fixes"));
    let mut fixed: Vec<&str> = fixes.iter().map(|row| row["id"].as_str()).collect();
    fixed.sort_unstable();
    fixed.dedup();
    assert_eq!(fixed.len(), number("repaired"));
    assert!(fixed.iter().all(|id| data.iter().any(|row| row["id"] == **id)));
    let inputs = manifest["inputs"].as_array().unwrap().iter();
    let records: u64 = inputs.map(|input| input["records"].as_u64().unwrap()).sum();
    assert_eq!(records as usize, number("collected"));
    project.run(&["verify", release.to_str().unwrap()]).ok();
    counts
}

#[test]
fn every_record_of_the_sample_is_accounted_for() {
    let project = Project::newsroom();
    project.release("1.0.0");
    let counts = balance(&project, "1.0.0");
    assert!(counts["repaired"].as_u64().unwrap() > 10);
    assert!(counts["duplicates"].as_u64().unwrap() > 2);
}

#[test]
fn broken_records_are_left_out_and_counted() {
    let project = Project::new("[engine]\nmax-record-bytes = \"4KB\"\n");
    let mut bytes = (0..20).map(article).collect::<Vec<_>>().concat().into_bytes();
    // Bad bytes, alone and beside something that a fix repairs.
    let text = with_body(
        30,
        "The ferry XX carried the mail across the river for the whole of a week in March.",
    );
    bytes.extend(replace(&text, b"\xff\xfe"));
    let text = with_body(
        31,
        "The ferry XX carried\u{200b} the mail across the river\u{200b} for the whole of a week in May.",
    );
    bytes.extend(replace(&text, b"\xc3"));
    bytes.extend(b"{\"id\": \"cut off in the mid\n\n   \n[1, 2]\nnull\n");
    bytes.extend(with_body(32, &"far too long ".repeat(600)).into_bytes());
    bytes.extend(br#"{"id":"r-0033","url":"https://river.example/33"}"#);
    project.write("in/a.jsonl", bytes);
    project.release("1.0.0");
    let counts = balance(&project, "1.0.0");
    assert_eq!(counts["collected"], 27);
    assert_eq!(counts["accepted"], 20);
    let data = rows(&project.released("1.0.0").join("data"));
    assert!(data.iter().all(|row| !row["body"].contains('\u{fffd}')));
}

fn replace(text: &str, with: &[u8]) -> Vec<u8> {
    let (before, after) = text.split_once("XX").unwrap();
    [before.as_bytes(), with, after.as_bytes()].concat()
}

#[test]
fn repairs_are_logged_with_what_stood_there() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..5);
    project.write(
        "in/b.jsonl",
        [
            with_body(10, "The mill\u{200b} by the river\u{200b} was sold to a company that wants to make paper of straw."),
            with_body(11, "Le cafÃ© de la gare a Ã©tÃ© repeint en Ã©tÃ©, et le maire est venu le voir avec toute sa famille."),
            // A copy of an article: its repair is not in the release, so it is not in the log.
            article(3).replace("r-0003", "z-0003").replace("2025-03-01T", "2025-03-02T").replace("The river", "The\u{200b} river"),
        ]
        .concat(),
    );
    project.release("1.0.0");
    let counts = balance(&project, "1.0.0");
    assert_eq!(
        (counts["repaired"].as_u64(), counts["duplicates"].as_u64()),
        (Some(2), Some(1))
    );
    let fixes = rows(&project.path("releases/river-v1.0.0.audit/fixes"));
    let of = |id: &str| -> Vec<_> { fixes.iter().filter(|row| row["id"] == id).collect() };
    let (unseen, seen) = (of("r-0010"), of("r-0011"));
    assert_eq!(
        (
            unseen.len(),
            unseen[0]["count"].as_str(),
            unseen[0]["before"].as_str()
        ),
        (1, "2", "null")
    );
    assert!(!seen.is_empty());
    for row in &seen {
        assert!(
            row["rule"].starts_with('E') && row["before"].contains('Ã') && row["after"].contains('é'),
            "{row:?}"
        );
        assert_eq!(row["field"], "/body");
    }
}

#[test]
fn the_survivor_in_the_audit_is_a_record_of_the_release() {
    // Of two versions of `r-0060` the later one stays, and that is a copy of `r-0061`.
    let project = Project::new("[dedup]\nsame-id = \"latest\"\n");
    let text =
        "The old lock on the canal was opened for the last time, and the keeper went home with the key.";
    let first = with_body(
        60,
        "The old lock on the canal will be opened for the last time on the first Sunday in June.",
    );
    let second = with_body(60, text).replace("2025-03-01T", "2025-03-05T");
    let copied = with_body(61, text).replace("2025-03-01T", "2025-03-02T");
    project.articles("in/a.jsonl", 0..5);
    project.write("in/b.jsonl", [first, second, copied].concat());
    project.release("1.0.0");
    assert_eq!(balance(&project, "1.0.0")["duplicates"], 2);
    let copies = rows(&project.path("releases/river-v1.0.0.audit/duplicates"));
    let pairs: Vec<_> = copies
        .iter()
        .map(|row| (row["dropped_id"].as_str(), row["kept_id"].as_str()))
        .collect();
    assert_eq!(pairs, [("r-0060", "r-0061"); 2]);
}

#[test]
fn refusals_name_the_reason_and_what_to_do() {
    let bad = with_body(90, "short").replace("2025-03-01T08:00:00Z", "no date");
    let cases: [(&str, String, &[&str]); 4] = [
        (
            "on-error = \"refuse\"\n",
            bad.clone(),
            &["1 of 21 records", "on-error", "corpus lint"],
        ),
        (
            "[dedup]\nsame-id = \"refuse\"\n",
            article(7),
            &[
                "id `r-0007` is used by 2 records",
                "in/a.jsonl:8",
                "in/b.jsonl:1",
                "same-id",
            ],
        ),
        (
            "undeclared = \"refuse\"\n",
            article(91).replace("{\"", "{\"shoe_size\":44,\""),
            &["/shoe_size", "in/b.jsonl:1", "declare it"],
        ),
        (
            "[configs]\nby = \"language\"\n",
            article(92).replace("\"en\"", "\"en-GB\""),
            &["`en-GB` cannot name a config"],
        ),
    ];
    for (settings, line, words) in cases {
        let project = Project::new(settings);
        project.articles("in/a.jsonl", 0..20);
        project.write("in/b.jsonl", line);
        project.run(&["release", "1.0.0"]).fails(1, words);
        let left: Vec<_> = std::fs::read_dir(project.path("releases"))
            .into_iter()
            .flatten()
            .collect();
        assert!(left.len() <= 1, "{settings}: {left:?}");
    }
    // More than the limit.
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..2);
    project.write("in/b.jsonl", bad.repeat(3));
    project.run(&["release", "1.0.0"]).fails(
        1,
        &["3 of 5 records (60.0 %)", "max-excluded = \"50%\"", "--dry-run"],
    );
    assert_eq!(project.run(&["release", "1.0.0", "-n"]).code, Some(1));
}

#[test]
fn half_a_file_is_refused() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..20);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed
        .write_all((20..60).map(article).collect::<Vec<_>>().concat().as_bytes())
        .unwrap();
    let packed = packed.finish().unwrap();
    project.write("in/b.jsonl.gz", &packed[..packed.len() / 2]);
    let run = project
        .run(&["release", "1.0.0"])
        .fails(1, &["in/b.jsonl.gz", "ends too early", "repair the file"]);
    assert!(!run.err.contains(".;"), "{}", run.err);
    project.write("in/b.jsonl.gz", &packed);
    project.release("1.0.0");
    assert_eq!(balance(&project, "1.0.0")["accepted"], 60);
}

#[test]
fn undeclared_fields_go_where_the_configuration_says() {
    for (setting, extra) in [("extra", true), ("drop", false)] {
        let project = Project::new(&format!("undeclared = \"{setting}\"\n"));
        project.articles("in/a.jsonl", 0..5);
        project.write("in/b.jsonl", article(9).replace("{\"", "{\"shoe_size\":44,\""));
        project.release("1.0.0");
        balance(&project, "1.0.0");
        let data = rows(&project.released("1.0.0").join("data"));
        let row = data.iter().find(|row| row["id"] == "r-0009").unwrap();
        assert_eq!(
            row.get("extra").map(String::as_str),
            extra.then_some("{\"shoe_size\":44}")
        );
    }
}

#[test]
fn configs_by_a_field_and_a_public_audit() {
    let project = Project::new("audit = \"public\"\n[configs]\nby = \"language\"\n");
    project.articles("in/a.jsonl", 0..10);
    let french = (20..24).map(|n| {
        with_body(
            n,
            &format!(
                "Le pont numéro {n} a été fermé au printemps, quand la glace a emporté deux de ses piles."
            ),
        )
        .replace("\"en\"", "\"fr\"")
    });
    project.write("in/b.jsonl", french.collect::<Vec<_>>().concat());
    project.write("in/c.jsonl", "{\"broken\n");
    let release = project.release("1.0.0");
    balance(&project, "1.0.0");
    assert!(!project.path("releases/river-v1.0.0.audit").exists());
    assert_eq!(rows(&release.join("data/en")).len(), 10);
    assert_eq!(rows(&release.join("data/fr/train")).len(), 4);
    let card = std::fs::read_to_string(release.join("README.md")).unwrap();
    assert!(
        card.contains("config_name: fr") && card.contains("path: data/fr/train/*.parquet"),
        "{card}"
    );
}

/// A row that makes no sense is one lost record, like a line that is no JSON; it does not stop the rest.
#[test]
fn a_csv_row_with_too_few_cells_is_one_record_left_out() {
    let project = Project::new("");
    let text = "The council met again to talk about the bridge. It has been closed since spring.";
    let row = |n: usize| {
        format!(
            "r-{n},https://river.example/{n},The bridge in week {n},Week {n}. {text},en,river.example,2025-03-01T08:00:00Z\n"
        )
    };
    let header = "id,url,title,body,language,source,published_at\n";
    project.write(
        "in/a.csv",
        [header, &row(1), "r-2,https://river.example/2\n", &row(3), &row(4)].concat(),
    );
    let lint = project.run(&["lint", "-f", "concise"]).fails(1, &[]);
    assert!(
        lint.out.contains("in/a.csv:3") && lint.out.contains("2 cells, the header 7"),
        "{}",
        lint.out
    );
    project.release("1.0.0");
    let counts = balance(&project, "1.0.0");
    assert_eq!(
        (&counts["collected"], &counts["accepted"], &counts["unparseable"]),
        (&4.into(), &3.into(), &1.into())
    );
}

/// The records of a release are its rows, not the tables and documents beside them.
#[test]
fn a_release_is_read_by_its_shards() {
    let project = Project::newsroom();
    let release = project.release("1.0.0");
    let accepted = manifest(&release)["counts"]["accepted"].clone();
    for command in ["stats", "dedup"] {
        let run = project
            .run(&[command, "--isolated", "-f", "json", release.to_str().unwrap()])
            .ok();
        let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let summary = report.get("summary").unwrap_or(&report);
        assert_eq!(summary["records"], accepted, "{command}");
    }
    let run = project.run(&[
        "lint",
        "--isolated",
        "--exit-zero",
        "-f",
        "json",
        release.to_str().unwrap(),
    ]);
    let report: serde_json::Value = serde_json::from_str(&run.ok().out).unwrap();
    assert_eq!(report["summary"]["records"], accepted);
}
