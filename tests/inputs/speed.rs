//! Whether every core works. Run by hand, in a release build on an idle machine.

use crate::project::{Project, object};
use std::time::Instant;

/// Wall seconds of a lint run with so many threads.
fn seconds(project: &Project, jobs: &str, path: &str) -> f64 {
    let start = Instant::now();
    let ran = project.run(&["lint", "-q", "--exit-zero", "-f", "concise", "-j", jobs, path]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    start.elapsed().as_secs_f64()
}

#[test]
#[ignore = "needs two idle cores and a release build"]
fn one_big_file_and_many_small_ones_use_two_cores() {
    let project = Project::bare();
    let body = "قال المتحدث إن الجسر سيفتح أمام السيارات في الربيع. ".repeat(40);
    let mut big = String::new();
    for n in 0..30_000 {
        let id = format!("id-{n}");
        let text = format!("{n} {body}");
        big.push_str(&object(&[("id", &id), ("body", &text)]));
        big.push('\n');
        if n < 5000 {
            project.write(&format!("small/{n}.txt"), &text);
        }
    }
    project.write("big.jsonl", big);
    for path in ["big.jsonl", "small"] {
        seconds(&project, "1", path);
        let (one, two) = (seconds(&project, "1", path), seconds(&project, "2", path));
        assert!(
            two < one * 0.75,
            "{path}: {one:.2} s with one thread, {two:.2} s with two"
        );
    }
}
