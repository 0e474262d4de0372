//! What changed from one release to the next more than chance explains.

use super::project::Project;
use std::fmt::Write as _;

fn records(prefix: &str, source: &str, numbers: std::ops::Range<usize>, words: usize) -> String {
    numbers.fold(String::new(), |mut out, n| {
        let body = format!("The ferry {n} {prefix} came back to the old harbour at noon.").repeat(words);
        let _ = writeln!(
            out,
            r#"{{"id":"{prefix}-{n}","url":"https://{source}/{prefix}/{n}","title":"Ferry {n}","body":"{body}","language":"en","source":"{source}","published_at":"2024-05-01T08:00:00Z"}}"#
        );
        out
    })
}

#[test]
fn a_release_says_what_shifted_and_the_changelog_silences_it() {
    let project = Project::new("");
    let first = records("a", "a.example", 0..250, 9) + &records("b", "b.example", 0..100, 9);
    project.write("in/all.jsonl", &first);
    project.run(&["release", "1.0.0"]).ok();
    let second = records("c", "a.example", 0..260, 2) + &records("b", "b.example", 0..3, 9);
    project.write("in/all.jsonl", &second);
    let run = |args: &[&str]| project.run(args).ok();
    let said = run(&["release", "2.0.0", "--dry-run"]).err;
    assert!(said.contains("C003: Length of a.example shifted: PSI"), "{said}");
    assert!(
        said.contains("C004: Source b.example had 100 records and now has 3."),
        "{said}"
    );
    // The same is a finding of lint, at the project's configuration.
    let lint = ["lint", "--select", "C001,C003,C004", "-f", "json-lines"];
    let found = run(&lint).out;
    assert_eq!(found.matches("\"path\":\"corpus.toml\"").count(), 3, "{found}");
    assert!(found.contains("\"code\":\"C004\",\"name\":\"source-disappeared\",\"severity\":\"warning\""));
    // A part of the inputs says nothing of the whole, another release named is compared with.
    assert!(
        run(&["lint", "--select", "C004", "-f", "json-lines", "in"])
            .out
            .is_empty()
    );
    let against = ["lint", "--select", "C004", "-f", "json-lines", "in", "--against"];
    let release = project.released("1.0.0");
    assert!(
        !run(&[&against[..], &[release.to_str().unwrap()]].concat())
            .out
            .is_empty()
    );
    project.write(
        "CHANGELOG.md",
        "# Changes\n\n## [Unreleased]\n\n- [expected-shift] a.example is cut to its first lines; C003 of all.\n\
         - b.example ended. [expected-shift]\n",
    );
    assert!(run(&lint).out.is_empty());
    let silent = run(&["release", "2.0.0", "--dry-run"]).err;
    assert!(!silent.contains("C00"), "{silent}");
}

#[test]
fn documents_that_are_missing_refuse_a_release_where_that_is_asked_for() {
    let project = Project::new("[lint]\nextend-select = [\"R004\"]\n");
    project.articles("in/a.jsonl", 0..3);
    let release = |version: &str| project.run(&["release", version]);
    release("1.0.0").fails(1, &["R004", "CHANGELOG.md", "DATASET.md", "LICENSE"]);
    release("1.0.0-rc.1").ok();
    project.write("CHANGELOG.md", "# Changes\n\n## 1.0.0\n\nThe first.\n");
    project.write("LICENSE", "Do as you like.\n");
    project.write("DATASET.md", " \n");
    release("1.0.0").fails(
        1,
        &["DATASET.md (the prose of the dataset card) is missing or empty"],
    );
    project.write("DATASET.md", "Invented articles about bridges.\n");
    release("1.0.0").ok();
    project.run(&["lint", "--select", "R004"]).ok();
}
