//! Which rules run, how bad their findings are, and where.

use crate::support::{Dir, OVERRIDE, Run, line};

/// Findings of U009 (error), U008 (warning) and A003 (info).
fn sample() -> Dir {
    Dir::with(&[
        (
            "a.jsonl",
            &(line("a-1", OVERRIDE)
                + &line("a-2", "A zero\u{200b}width space.")
                + &line("a-3", "وصل القطـــار إلى المحطة صباحا قبل موعده بقليل.")),
        ),
        ("sub/b.jsonl", &line("b-1", OVERRIDE)),
    ])
}

fn codes(dir: &Dir, args: &[&str]) -> Vec<String> {
    let mut all = vec!["lint", ".", "-f", "json", "--exit-zero"];
    all.extend(args);
    let run: Run = dir.run(&all).exits(0);
    let mut codes = run.codes();
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn rules_go_by_code_name_prefix_all_and_none() {
    let dir = sample();
    assert_eq!(codes(&dir, &[]), ["A003", "U008", "U009"]);
    assert_eq!(codes(&dir, &["--select", "U009"]), ["U009"]);
    assert_eq!(
        codes(&dir, &["--select", "bidi-override,tatweel"]),
        ["A003", "U009"]
    );
    assert_eq!(codes(&dir, &["--select", "U"]), ["U008", "U009"]);
    assert_eq!(codes(&dir, &["--select", "U00"]), ["U008", "U009"]);
    assert_eq!(
        codes(&dir, &["--select", "ALL"]),
        ["A003", "D003", "U008", "U009"]
    );
    assert!(codes(&dir, &["--select", "none"]).is_empty());
    assert_eq!(
        codes(&dir, &["--select", "none", "--extend-select", "A003"]),
        ["A003"]
    );
}

#[test]
fn the_more_specific_selector_wins() {
    let dir = sample();
    assert_eq!(codes(&dir, &["--ignore", "U"]), ["A003"]);
    assert_eq!(codes(&dir, &["--select", "U", "--ignore", "U009"]), ["U008"]);
    assert_eq!(codes(&dir, &["--select", "U009", "--ignore", "U"]), ["U009"]);
    assert_eq!(
        codes(&dir, &["--select", "ALL", "--ignore", "A003,D003,U008"]),
        ["U009"]
    );
}

#[test]
fn per_file_ignores_go_by_glob() {
    let dir = sample();
    let run = dir.run(&[
        "lint",
        ".",
        "-f",
        "json",
        "--per-file-ignores",
        "sub/*:U009",
        "--exit-zero",
    ]);
    let json = run.json();
    let paths: Vec<&str> = json["findings"]
        .as_array()
        .unwrap_or(&vec![])
        .iter()
        .map(|f| if f["path"] == "sub/b.jsonl" { "sub" } else { "top" })
        .collect();
    assert_eq!(paths, ["top", "top", "top"]);
    dir.run(&["lint", ".", "--per-file-ignores", "U009"])
        .exits(2)
        .says("GLOB:RULE");
}

#[test]
fn preview_rules_wait_for_preview() {
    let dir = sample();
    let all = dir.run(&["explain", "--all", "-f", "json"]).json();
    let Some(rule) = all
        .as_array()
        .and_then(|rules| rules.iter().find(|rule| rule["status"] == "preview"))
    else {
        return;
    };
    let code = rule["code"].as_str().unwrap_or_default().to_owned();
    dir.run(&["lint", "a.jsonl", "--select", &code])
        .exits(0)
        .says("--preview");
    let quiet = dir
        .run(&["lint", "a.jsonl", "--select", &code, "--preview", "--exit-zero"])
        .exits(0);
    assert_eq!(quiet.err, "");
}

#[test]
fn severities_and_overrides_come_from_the_configuration() {
    let dir = sample();
    dir.write(
        "corpus.toml",
        b"name = \"x\"\n[[input]]\ninclude = [\"**/*.jsonl\"]\n[lint]\nselect = [\"U\"]\n[lint.severity]\nU009 = \"info\"\nzero = \"error\"\n",
    );
    dir.run(&["lint"]).exits(2).says("unknown rule `zero`");
    dir.write(
        "corpus.toml",
        b"name = \"x\"\n[[input]]\ninclude = [\"**/*.jsonl\"]\n[lint]\nselect = [\"U\"]\n[lint.severity]\nU009 = \"info\"\n\
          [[override]]\nwhere = { id = \"b-1\" }\nseverity = { U009 = \"error\" }\n\
          [[override]]\nwhere = { id = \"a-2\" }\nignore = [\"U008\"]\n",
    );
    let json = dir.run(&["lint", "-f", "json"]).exits(1).json();
    let seen: Vec<String> = json["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|f| format!("{} {} {}", f["id"], f["code"], f["severity"]).replace('"', ""))
        .collect();
    assert_eq!(seen, ["a-1 U009 info", "b-1 U009 error"]);
}

#[test]
fn suppressions_have_a_reason_and_an_end() {
    let dir = Dir::with(&[("a.jsonl", &line("a-1", OVERRIDE))]);
    let config = |expires: &str| {
        format!(
            "name = \"x\"\n[[input]]\ninclude = [\"a.jsonl\"]\n[[lint.suppress]]\nrule = \"U009\"\nid = \"a-1\"\n\
             reason = \"a quotation\"\nexpires = \"{expires}\"\n[lint]\nselect = [\"U009\"]\n"
        )
    };
    dir.write("corpus.toml", config("2031-05-01").as_bytes());
    let may_1 = [("SOURCE_DATE_EPOCH", "1935403200")]; // 2031-05-01T12:00:00Z
    let may_2 = [("SOURCE_DATE_EPOCH", "1935489600")];
    let json = dir.run_env(&["lint", "-f", "json"], &may_1).exits(0).json();
    assert_eq!(json["summary"]["suppressed"], 1);
    assert_eq!(json["findings"], serde_json::json!([]));
    let late = dir
        .run_env(&["lint", "-f", "json"], &may_2)
        .exits(1)
        .says("expired on 2031-05-01");
    assert_eq!(late.codes(), ["U009"]);
    dir.write("corpus.toml", config("soon").as_bytes());
    dir.run(&["lint"]).exits(2).says("soon");
}

/// A suppression that nothing needs is said to be stale, one that hides something is not; only where all
/// inputs of the project were read.
#[test]
fn stale_suppressions_are_named() {
    let dir = sample();
    let config = "[[input]]\ninclude = [\"**/*.jsonl\"]\n[lint.per-file-ignores]\n\"gone/*\" = [\"U008\"]\n\
                  [[lint.suppress]]\nrule = \"U009\"\nid = \"a-1\"\nreason = \"agreed\"\n\
                  [[lint.suppress]]\nrule = \"U009\"\nid = \"a-9\"\nreason = \"agreed\"\n";
    dir.write("corpus.toml", config.as_bytes());
    let rules = [
        "lint",
        "-f",
        "json",
        "--exit-zero",
        "--preview",
        "--select",
        "U,R006",
    ];
    let json = dir.run(&rules).exits(0).json();
    let findings = json["findings"].as_array().unwrap().iter();
    let stale: Vec<_> = findings.filter(|f| f["code"] == "R006").collect();
    assert_eq!(stale.len(), 2, "{json}");
    assert_eq!(
        (&stale[0]["path"], &stale[0]["line"]),
        (&"corpus.toml".into(), &9.into())
    );
    assert!(stale[0]["message"].as_str().unwrap().contains("record \"a-9\""));
    assert!(stale[1]["message"].as_str().unwrap().contains("gone/*"));
    let some = [&rules[..], &["a.jsonl"]].concat();
    assert!(!dir.run(&some).exits(0).codes().contains(&"R006".to_owned()));
}

/// A name that is spelled as elsewhere is understood, wherever it stands, and what it is here is said.
#[test]
fn redirected_names_work_and_are_said() {
    let dir = sample();
    let run = dir.run(&[
        "lint",
        ".",
        "--select",
        "missing-license",
        "-f",
        "json",
        "--exit-zero",
    ]);
    run.exits(0)
        .says("rule `missing-license` is called `missing-licence`");
    let config = "[[input]]\ninclude = [\"a.jsonl\"]\n[lint.severity]\nmissing-license = \"info\"\n";
    dir.write("corpus.toml", config.as_bytes());
    let json = dir
        .run(&["lint", "--select", "L001", "-f", "json", "--exit-zero"])
        .json();
    let findings = json["findings"].as_array().unwrap();
    assert!(!findings.is_empty() && findings.iter().all(|finding| finding["severity"] == "info"));
    dir.run(&["lint", ".", "--select", "E106"])
        .exits(2)
        .says("unknown rule `E106`");
}
