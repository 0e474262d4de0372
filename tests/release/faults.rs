//! Kills, races, interruptions.
#![cfg(unix)]

use super::project::{Project, Run, article, slow, sums};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn start(project: &Project, args: &[&str]) -> Child {
    project
        .command()
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

pub(crate) fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// xorshift64: the delays need to differ, not to be random.
pub(crate) fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn a_killed_release_is_absent_or_complete() {
    let project = Project::newsroom();
    let started = Instant::now();
    let expected = sums(&project.release("1.0.0"));
    let whole = u64::try_from(started.elapsed().as_micros()).unwrap();
    let mut random = 0x9e37_79b9_7f4a_7c15;
    for round in 0..20 {
        std::fs::remove_dir_all(project.path("releases")).unwrap();
        let mut child = start(&project, &["release", "1.0.0"]);
        // Half of the kills fall into the last third, where files are synced and moved.
        let from = if round % 2 == 0 { 0 } else { whole * 2 / 3 };
        std::thread::sleep(Duration::from_micros(
            from + next(&mut random) % (whole * 11 / 10 - from),
        ));
        child.kill().unwrap();
        child.wait().unwrap();
        let release = project.path("releases/newsroom-v1.0.0");
        let complete = release.exists();
        if complete {
            // Absent from the index at most, which the next run or `clean` puts right.
            project.run(&["clean"]).ok();
            project.run(&["verify", release.to_str().unwrap()]).ok();
            project.run(&["release", "1.0.0"]).fails(1, &["exists already"]);
        } else {
            project.run(&["release", "1.0.0"]).ok();
        }
        assert_eq!(sums(&release), expected, "round {round}");
        project.run(&["clean"]).ok();
        assert_eq!(
            names(&project.path("releases")),
            [".lock", "index.jsonl", "newsroom-v1.0.0", "newsroom-v1.0.0.audit"],
            "round {round}"
        );
        let index = std::fs::read_to_string(project.path("releases/index.jsonl")).unwrap();
        assert_eq!(index.lines().count(), 1, "round {round}");
    }
}

#[test]
fn an_interrupted_release_leaves_nothing() {
    let project = Project::new("[engine]\nscratch = \"scratch\"\n");
    std::fs::create_dir(project.path("scratch")).unwrap();
    let lines: Vec<String> = (0..20_000).map(article).collect();
    project.write("in/a.jsonl", lines.concat());
    for (name, delay) in [("-INT", 400), ("-TERM", 700)] {
        let child = start(&project, &["release", "1.0.0"]);
        std::thread::sleep(Duration::from_millis(delay));
        signal(&child, name);
        let run = Run::of(child.wait_with_output().unwrap()).fails(130, &[]);
        assert_eq!(run.out, "");
        let left = names(&project.path("releases"));
        assert!(left.iter().all(|name| name == ".lock"), "{left:?}");
        assert_eq!(names(&project.path("scratch")), [""; 0]);
    }
}

#[test]
fn f08_one_of_sixteen_wins_a_race() {
    let project = Project::newsroom();
    for round in 0..if slow() { 200 } else { 1 } {
        let _ = std::fs::remove_dir_all(project.path("releases"));
        let children: Vec<Child> = (0..16)
            .map(|_| start(&project, &["-q", "release", "1.0.0"]))
            .collect();
        let runs: Vec<Run> = children
            .into_iter()
            .map(|child| Run::of(child.wait_with_output().unwrap()))
            .collect();
        let winners = runs.iter().filter(|run| run.code == Some(0)).count();
        assert_eq!(winners, 1, "round {round}");
        for run in runs.into_iter().filter(|run| run.code != Some(0)) {
            run.fails(1, &["version 1.0.0 exists already"]);
        }
        let release = project.released("1.0.0");
        project.run(&["verify", release.to_str().unwrap()]).ok();
        assert_eq!(names(&project.path("releases")).len(), 4, "round {round}");
    }
}

#[test]
fn different_versions_at_once_are_one_after_the_other() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..20);
    let children: Vec<Child> = ["1.0.0", "2.0.0", "3.0.0"]
        .iter()
        .map(|version| start(&project, &["release", version]))
        .collect();
    let won = children
        .into_iter()
        .map(|child| Run::of(child.wait_with_output().unwrap()))
        .filter(|run| match run.code {
            Some(0) => true,
            // The same data under another number, or a smaller number after a greater one.
            code => {
                assert_eq!(code, Some(1), "{}", run.err);
                assert!(
                    run.err.contains("nothing changed") || run.err.contains("not greater"),
                    "{}",
                    run.err
                );
                false
            }
        })
        .count();
    assert_eq!(won, 1);
}

#[test]
fn a_file_that_changes_under_the_run_is_a_failure() {
    use std::io::Write as _;
    let project = Project::new("");
    let lines: Vec<String> = (0..15_000).map(article).collect();
    project.write("in/a.jsonl", lines.concat());
    project.articles("in/z.jsonl", 20_000..20_010);
    let mut child = start(&project, &["release", "1.0.0"]);
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(project.path("in/a.jsonl"))
        .unwrap();
    let mut number = 30_000;
    while child.try_wait().unwrap().is_none() {
        file.write_all(article(number).as_bytes()).unwrap();
        number += 1;
        std::thread::sleep(Duration::from_millis(5));
    }
    Run::of(child.wait_with_output().unwrap()).fails(2, &["in/a.jsonl", "chang"]);
    assert_eq!(names(&project.path("releases")), [".lock"]);
}
