//! A file full of findings takes no more memory than a good one (`CORPUS_SLOW=1`: it takes minutes).

use crate::support::Dir;
use std::fmt::Write as _;
use std::process::Stdio;
use std::time::Duration;

/// Peak of the resident memory that is allowed, in KiB.
const LIMIT: u64 = 96 << 10;

#[test]
fn four_hundred_thousand_findings_take_tens_of_megabytes() {
    if std::env::var_os("CORPUS_SLOW").is_none_or(|value| value != "1") {
        return;
    }
    let mut text = String::new();
    for record in 0..40_000 {
        let words: Vec<String> = (0..10).map(|n| format!("tide{record}\u{200b}x{n} and")).collect();
        writeln!(text, "{{\"id\":\"m-{record}\",\"body\":\"{}\"}}", words.join(" ")).expect("a line");
    }
    let dir = Dir::with(&[("a.jsonl", &text)]);
    for format in corpus::report::Format::ALL {
        let name = format.as_str();
        let args = [
            "lint", "a.jsonl", "--select", "U008", "-f", name, "-o", "report", "-j", "2",
        ];
        let mut child = dir
            .command(&args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("corpus starts");
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        while child.try_wait().expect("a child").is_none() {
            let high = std::fs::read_to_string(&status).ok().and_then(|text| {
                let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
                line.split_whitespace().nth(1)?.parse().ok()
            });
            peak = peak.max(high.unwrap_or(0));
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!((1..LIMIT).contains(&peak), "{name}: {peak} KiB");
    }
    let json = dir.run(&[
        "lint",
        "a.jsonl",
        "--select",
        "U008",
        "--statistics",
        "-f",
        "json",
    ]);
    assert!(json.out.contains("400000"), "{}", json.out);
}
