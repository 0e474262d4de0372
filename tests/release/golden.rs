//! The same bytes every time.

use super::project::{EPOCH, Project, article, manifest, sums, with_body};
use std::path::Path;
use std::process::Command;

/// Set to write the golden file anew after a change that is meant to change the bytes.
const BLESS: &str = "CORPUS_BLESS";

#[test]
fn the_sample_gives_the_golden_release() {
    let project = Project::newsroom();
    let release = project.release("1.0.0");
    project.run(&["verify", release.to_str().unwrap()]).ok();
    let golden =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/release/newsroom-v1.0.0.SHA256SUMS");
    let found = sums(&release);
    if std::env::var_os(BLESS).is_some() {
        std::fs::write(&golden, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap();
    assert_eq!(
        found, expected,
        "the bytes of the sample's release changed; where that is meant, run this test with {BLESS}=1 and say so \
         in the changelog"
    );
}

#[test]
fn nothing_around_the_run_changes_a_byte() {
    let project = Project::newsroom();
    let expected = sums(&project.release("1.0.0"));
    let shell = |umask: &str| {
        let mut command = Command::new("sh");
        let script = format!("umask {umask}; exec \"$0\" \"$@\"");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_corpus")]);
        command
            .env("SOURCE_DATE_EPOCH", EPOCH)
            .current_dir(project.root());
        command
    };
    let runs: [(&str, Command, &[&str]); 8] = [
        ("one thread", project.command(), &["-j", "1"]),
        ("two threads", project.command(), &["-j", "2"]),
        ("eight threads", project.command(), &["-j", "8"]),
        ("little memory", project.command(), &["--memory", "64MB"]),
        ("open umask", shell("000"), &[]),
        ("tight umask", shell("077"), &[]),
        (
            "by its configuration file",
            shell("022"),
            &["--config", "corpus.toml"],
        ),
        (
            "from elsewhere",
            shell("022"),
            &["-C", project.root().to_str().unwrap()],
        ),
    ];
    for (i, (what, mut command, args)) in runs.into_iter().enumerate() {
        let out = project.path(&format!("elsewhere-{i}"));
        match i % 3 {
            0 => command
                .env("TZ", "Asia/Riyadh")
                .env("LANG", "ar_SA.UTF-8")
                .env("LC_ALL", "ar_SA.UTF-8"),
            1 => command
                .env("TZ", "America/St_Johns")
                .env("LANG", "C")
                .env("LC_ALL", "C"),
            _ => command.env_remove("TZ").env("LANG", "tr_TR.UTF-8"),
        };
        if what == "from elsewhere" {
            command.current_dir("/");
        }
        let output = command
            .args(args)
            .args(["release", "1.0.0", "--out"])
            .arg(&out)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{what}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(sums(&out.join("newsroom-v1.0.0")), expected, "{what}");
    }
}

#[test]
fn a_bad_date_of_the_environment_is_not_replaced_by_the_clock() {
    let project = Project::newsroom();
    for epoch in [
        "yesterday",
        "",
        "1e9",
        "-5",
        "253402300800",
        "9223372036854775808",
    ] {
        let mut command = project.command();
        command.env("SOURCE_DATE_EPOCH", epoch).args(["release", "1.0.0"]);
        super::project::Run::of(command.output().unwrap()).fails(2, &["SOURCE_DATE_EPOCH", "9999"]);
        assert!(!project.path("releases").exists(), "{epoch}");
    }
}

/// Clocks that are wrong by a year, or by eight thousand, change the date of a release and nothing else.
#[test]
fn f24_a_clock_changes_no_content() {
    let release = |epochs: [&str; 2]| {
        let project = Project::new("");
        let mut found = Vec::new();
        for (version, epoch) in ["1.0.0", "1.1.0"].into_iter().zip(epochs) {
            let to = if version == "1.0.0" { 20 } else { 24 };
            project.articles("in/a.jsonl", 0..to);
            let mut command = project.command();
            command.env("SOURCE_DATE_EPOCH", epoch).args(["release", version]);
            super::project::Run::of(command.output().unwrap()).ok();
            let released = project.released(version);
            project.run(&["verify", released.to_str().unwrap()]).ok();
            let manifest = manifest(&released);
            let files: Vec<String> = sums(&released)
                .lines()
                .filter(|line| line.ends_with(".parquet") && !line.contains("  diff/"))
                .map(str::to_owned)
                .collect();
            found.push((manifest["content_id"].clone(), files));
        }
        found
    };
    let usual = release([EPOCH, "1767312000"]);
    // The second release a year before the first; the last second that a date can name; the first one.
    assert_eq!(release([EPOCH, "1735689600"]), usual);
    assert_eq!(release(["253402207199", "253402207199"]), usual);
    assert_eq!(release(["0", "253402207199"]), usual);
}

/// F19 to its number: threads, memory, zones, locales, masks of files and directories in every mixture.
#[test]
fn f19_fifty_runs_have_the_same_sums() {
    let project = Project::newsroom();
    let expected = sums(&project.release("1.0.0"));
    let mut random = 0x2545_f491_4f6c_dd1d;
    let mut pick = |of: &[&'static str]| of[super::faults::next(&mut random) as usize % of.len()];
    for run in 0..if super::project::slow() { 50 } else { 3 } {
        let out = project.path(&format!("mixture-{run}"));
        let (threads, memory) = (pick(&["1", "2", "8"]), pick(&["64MB", "256MB", "1GB"]));
        let (zone, locale) = (
            pick(&["UTC", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns"]),
            pick(&["C", "tr_TR.UTF-8", "ar_SA.UTF-8", "de_DE.ISO-8859-1"]),
        );
        let (mask, directory) = (pick(&["000", "022", "077"]), pick(&["/", "."]));
        let script = format!("umask {mask}; exec \"$0\" \"$@\"");
        let output = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_corpus"), "-C"])
            .arg(project.root())
            .args(["-j", threads, "--memory", memory, "release", "1.0.0", "--out"])
            .arg(&out)
            .env("SOURCE_DATE_EPOCH", EPOCH)
            .env("TZ", zone)
            .env("LC_ALL", locale)
            .current_dir(if directory == "." {
                project.root()
            } else {
                Path::new("/")
            })
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let how = format!("{threads} {memory} {zone} {locale} {mask} {directory}: {said}");
        assert!(output.status.success(), "{how}");
        assert_eq!(sums(&out.join("newsroom-v1.0.0")), expected, "{how}");
    }
}

#[test]
fn the_same_records_in_other_files_are_the_same_content() {
    // Copies of text under other ids and dates, two versions of one id, and plain records.
    let copies = "[dedup]\nsame-id = \"latest\"\n[splits]\ntrain = 0.7\ntest = 0.3\n";
    let mut lines: Vec<String> = (0..40).map(article).collect();
    for number in 0..6 {
        let mut record: serde_json::Value = serde_json::from_str(&article(number)).unwrap();
        record["id"] = format!("copy-{number}").into();
        if number % 2 == 0 {
            record["published_at"] = "2024-01-01T00:00:00Z".into();
        }
        lines.push(format!("{record}\n"));
    }
    for week in ["first", "second"] {
        lines.push(with_body(
            50,
            &format!(
                "The {week} report of the committee on bridges was read aloud to the whole council on Monday."
            ),
        ));
    }
    let one = Project::new(copies);
    one.write("in/all.jsonl", lines.concat());
    let first = manifest(&one.release("1.0.0"));
    assert_eq!(first["counts"]["duplicates"], 7);
    // Dealt to files in another order; one file has no line feed at its end, one has empty lines.
    let other = Project::new(copies);
    lines.reverse();
    for file in 0..5 {
        let part: Vec<&str> = lines.iter().skip(file).step_by(5).map(String::as_str).collect();
        let text = match file {
            0 => part.concat().trim_end().to_owned(),
            1 => part.join("\n\n"),
            _ => part.concat(),
        };
        other.write(&format!("in/{}.jsonl", 9 - file), text);
    }
    let second = manifest(&other.release("1.0.0"));
    assert_eq!(second["content_id"], first["content_id"]);
    for (a, b) in [
        ("accepted", "accepted"),
        ("collected", "collected"),
        ("duplicates", "duplicates"),
    ] {
        assert_eq!(second["counts"][a], first["counts"][b]);
    }
}
