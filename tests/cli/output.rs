//! Where reports go and what they hold; colours; limits.

use crate::support::{Dir, FORMATS, OVERRIDE, good, line};

fn ten() -> Dir {
    let text: String = (0..10).map(|n| line(&format!("a-{n}"), OVERRIDE)).collect();
    Dir::with(&[("a.jsonl", &(text + &good(1)))])
}

#[test]
fn every_format_is_written_and_a_file_gets_the_same_bytes() {
    let dir = ten();
    for format in FORMATS.into_iter().filter(|format| *format != "parquet") {
        let run = dir.run(&["lint", "a.jsonl", "-f", format]).exits(1);
        assert!(run.out.contains("U009"), "{format}: {run:?}");
        assert!(!run.out.contains('\u{202e}'), "{format} shows a raw control");
        let to_file = dir
            .run(&["lint", "a.jsonl", "-f", format, "-o", "report"])
            .exits(1);
        assert_eq!(to_file.out, "");
        assert_eq!(dir.read("report"), run.out, "{format}");
    }
    dir.run(&["lint", "a.jsonl", "-f", "parquet", "-o", "report"])
        .exits(1);
    assert!(
        std::fs::read(dir.path("report"))
            .expect("a file")
            .starts_with(b"PAR1")
    );
}

#[test]
fn statistics_count_by_rule() {
    let dir = ten();
    let run = dir.run(&["lint", "a.jsonl", "--statistics"]).exits(1);
    assert!(
        run.out
            .lines()
            .next()
            .is_some_and(|row| row.contains("10") && row.contains("U009")),
        "{run:?}"
    );
    assert!(!run.out.contains("a.jsonl:1"), "{run:?}");
}

#[test]
fn max_findings_limits_the_screen_only() {
    let dir = ten();
    let run = dir
        .run(&["lint", "a.jsonl", "-f", "concise", "--max-findings", "3"])
        .exits(1);
    assert_eq!(run.out.matches("a.jsonl:").count(), 3, "{run:?}");
    assert!(run.out.contains("10 errors"), "{run:?}");
    let json = dir
        .run(&["lint", "a.jsonl", "-f", "json", "--max-findings", "3"])
        .exits(1);
    assert_eq!(json.codes().len(), 10);
}

#[test]
fn colours_follow_the_flag_then_the_environment() {
    let dir = ten();
    let coloured = |args: &[&str], env: &[(&str, &str)]| {
        let mut all = vec!["lint", "a.jsonl"];
        all.extend(args);
        dir.run_env(&all, env).out.contains("\u{1b}[")
    };
    assert!(!coloured(&[], &[]), "a pipe is no terminal");
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("FORCE_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "never"], &[("FORCE_COLOR", "1")]));
    assert!(!coloured(&["-o", "r", "--color", "always"], &[]));
}

#[test]
fn timings_name_rules_and_never_touch_the_report() {
    let dir = ten();
    let plain = dir.run(&["lint", "a.jsonl", "-f", "json"]);
    assert_eq!(plain.err, "");
    let timed = dir
        .run(&["lint", "a.jsonl", "-f", "json", "--timings"])
        .exits(1)
        .says("U009 bidi-override");
    assert_eq!(timed.out, plain.out);
}

#[test]
fn no_progress_bar_without_a_terminal() {
    let text: String = (0..300_000).map(|_| "{\"id\":\"x\",\"n\":\"................................................................................................\"}\n").collect();
    assert!(text.len() > 32 << 20, "big enough for a bar");
    let dir = Dir::with(&[("a.jsonl", &text)]);
    let run = dir.run(&["lint", "a.jsonl", "--select", "none"]).exits(0);
    assert_eq!(run.err, "");
}

#[test]
fn help_version_and_hidden_commands() {
    let dir = Dir::new();
    let help = dir.run(&["--help"]).exits(0);
    for command in [
        "init", "lint", "dedup", "release", "verify", "stats", "show", "explain", "config",
    ] {
        assert!(help.out.contains(&format!("  {command}")), "{command}");
    }
    assert!(dir.run(&["--version"]).exits(0).out.starts_with("corpus "));
    assert!(dir.run(&["completions", "bash"]).exits(0).out.contains("corpus"));
    assert!(dir.run(&["man"]).exits(0).out.starts_with(".ie"));
    assert_eq!(
        dir.run(&["schema", "article"]).exits(0).json()["title"],
        "News article"
    );
    dir.run(&["schema", "atricle"]).exits(2).says("article");
    let alias = dir.run(&["rule", "U009"]).exits(0);
    assert_eq!(alias.out, dir.run(&["explain", "bidi-override"]).exits(0).out);
}

/// Records of a field that holds HTML: one cause, said once, with what to do about it.
#[test]
fn many_findings_of_one_rule_are_cut_short_and_counted() {
    let dir = Dir::new();
    let page = |n: usize| {
        line(
            &format!("a-{n}"),
            &format!("<p class=\"x\">The ferry number {n} is back.</p>"),
        )
    };
    dir.write("a.jsonl", (0..60).map(page).collect::<String>().as_bytes());
    let run = |more: &[&str]| dir.run(&[&["lint", "a.jsonl", "--select", "B020"], more].concat());
    for format in ["full", "grouped"] {
        let out = run(&["-f", format]).exits(1).out;
        let shown = out.matches("HTML").count();
        assert!((10..=12).contains(&shown), "{shown}\n{out}");
        assert!(
            out.contains("`markup = { body = \"html\" }` below [[input]]"),
            "{out}"
        );
        assert!(out.contains("--max-per-rule 0"), "{out}");
        let all = run(&["-f", format, "--max-per-rule", "0"]).exits(1).out;
        assert!(all.matches("HTML").count() >= 60 && !all.contains("--max-per-rule"));
        let some = run(&["-f", format, "--max-findings", "3"]).exits(1).out;
        assert!(
            some.contains("7 more findings not shown (--max-findings)"),
            "{some}"
        );
    }
    assert_eq!(
        run(&["-f", "json"]).exits(1).codes().len(),
        run(&["-f", "concise"]).out.lines().count() - 1
    );
    let counts = run(&["--statistics"]).exits(1).out;
    assert!(counts.contains("= help: where the field holds HTML"), "{counts}");
}
