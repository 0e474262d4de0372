//! Template lines: counted into a file, reviewed, and reported from there.

use crate::support::Dir;
use std::fmt::Write as _;
use std::path::Path;

const CONFIG: &str = "name = \"t\"\nlicense = \"CC0-1.0\"\n[[input]]\ninclude = [\"in/*.jsonl\"]\n";
const LETTER: &str = "Write to the editors about this article";
const COMMENTS: &str = "شارك برأيك في هذا الموضوع";
const WORDS: [&str; 12] = [
    "tide", "ferry", "harbour", "baker", "mill", "orchard", "bridge", "lantern", "canal", "school", "market",
    "river",
];
const ARABIC: [&str; 12] = [
    "المرفأ",
    "العبارة",
    "السوق",
    "المخبز",
    "الطاحونة",
    "البستان",
    "الجسر",
    "الفانوس",
    "القناة",
    "المدرسة",
    "القرية",
    "النهر",
];

/// Articles of three sites: one in English, one in Arabic, one that repeats a story.
fn articles() -> Vec<String> {
    let mut records = Vec::new();
    for n in 0..120_usize {
        let word = |step: usize| WORDS[(n * step + n / 12) % 12];
        let arabic = |step: usize| ARABIC[(n * step + n / 12) % 12];
        let date = format!("2024-{:02}-{:02}T08:00:00Z", 1 + n / 28, 1 + n % 28);
        let prose = |a: &str, b: &str| {
            (0..14)
                .map(|line| format!("Sentence {line} of the {a} and the {b} in story {}.", n * 31))
                .collect::<Vec<_>>()
                .join("\n")
        };
        let mut english = prose(word(1), word(5));
        if n % 20 == 0 {
            english.push_str("\nSuch is the way of the old river");
        }
        if n % 2 == 0 {
            let _ = write!(english, "\n\n{LETTER}\n\nThe desk answers on weekday mornings");
        }
        let mut body = (0..14)
            .map(|line| format!("وصل خبر {} من {} إلى {} صباحا.", line, arabic(1), arabic(7)))
            .collect::<Vec<_>>()
            .join("\n");
        let _ = write!(body, "\nرقم الخبر في سجل المدينة هو {}", word(1));
        if n % 3 != 0 {
            let _ = write!(body, "\n\n{COMMENTS}: {n}");
        }
        for (site, language, body) in [("paper.example", "en", english), ("sahifa.example", "ar", body)] {
            let record = serde_json::json!({
                "id": format!("{site}-{n}"), "url": format!("https://www.{site}/{n}"), "title": format!("Story {n}"),
                "body": body, "language": language, "source": site, "published_at": date,
            });
            records.push(record.to_string());
        }
        // A wire story of one day that came in many times.
        let record = serde_json::json!({
            "id": format!("w-{n}"), "url": format!("https://wire.example/{n}"), "title": "One story",
            "body": format!("The same story of the wire came in\nand everybody printed it again.\nCopy {}", n % 2),
            "language": "en", "source": "wire.example", "published_at": "2024-01-01T08:00:00Z",
        });
        records.push(record.to_string());
    }
    records
}

fn project(parts: &[Vec<String>]) -> Dir {
    let dir = Dir::with(&[("corpus.toml", CONFIG)]);
    for (number, part) in parts.iter().enumerate() {
        dir.write(&format!("in/{number}.jsonl"), (part.join("\n") + "\n").as_bytes());
    }
    dir
}

fn count(dir: &Dir, jobs: &str) -> String {
    let run = ["lint", "--write-template-lines", "-j", jobs];
    dir.run(&run).exits(0).says("wrote");
    dir.read("template_lines.toml")
}

#[test]
fn furniture_in_two_languages_is_counted_and_nothing_else() {
    let dir = project(&[articles()]);
    let file = count(&dir, "2");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/template_lines.toml");
    if std::env::var_os("CORPUS_BLESS").is_some() {
        std::fs::write(&golden, &file).expect("a golden file");
    }
    assert_eq!(file, std::fs::read_to_string(golden).expect("a golden file"));
    assert!(file.contains(LETTER) && file.contains(COMMENTS));
    for prose in ["wire", "Sentence", "وصل خبر", "old river"] {
        assert!(!file.contains(prose), "{prose}: {file}");
    }
}

/// Neither threads nor the order and the number of files make a difference.
#[test]
fn the_count_depends_on_the_articles_alone() {
    let all = articles();
    let reference = count(&project(std::slice::from_ref(&all)), "1");
    let shown = |file: &str| {
        // Numbers stand in the text of the first article that has the line.
        let digits = |line: &str| {
            line.starts_with("text")
                .then(|| line.replace(|c: char| c.is_ascii_digit(), ""))
        };
        let lines = file
            .lines()
            .map(|line| digits(line).unwrap_or_else(|| line.to_owned()));
        lines.collect::<Vec<_>>().join("\n")
    };
    for (turn, size, jobs) in [(0, 360, "3"), (7, 40, "2"), (101, 90, "8"), (359, 33, "1")] {
        let mut turned = all.clone();
        turned.rotate_left(turn);
        turned.reverse();
        let parts: Vec<Vec<String>> = turned.chunks(size).map(<[String]>::to_vec).collect();
        assert_eq!(shown(&count(&project(&parts), jobs)), shown(&reference));
    }
}

#[test]
fn only_the_pinned_file_is_reported_and_what_is_certain_deleted() {
    let dir = project(&[articles()]);
    let lint = ["lint", "--select", "B025", "-f", "json"];
    assert!(dir.run(&lint).exits(0).codes().is_empty(), "nothing is pinned");
    count(&dir, "2");
    assert_eq!(dir.run(&lint).codes().len(), 60 + 60 + 80);
    // The rest of the corpus makes no difference to a record.
    let one = dir
        .read("in/0.jsonl")
        .lines()
        .next()
        .expect("a record")
        .to_owned()
        + "\n";
    dir.write("in/0.jsonl", one.as_bytes());
    let left = dir.run(&lint).json();
    assert_eq!(left["findings"].as_array().map(Vec::len), Some(2), "{left}");
    let fix = [
        "lint",
        "--select",
        "B025",
        "--fix",
        "--unsafe-fixes",
        "--allow-dirty",
    ];
    dir.run(&fix).exits(0);
    let fixed = dir.read("in/0.jsonl");
    assert!(!fixed.contains(LETTER) && fixed.contains("old river"), "{fixed}");
}

#[test]
fn what_a_person_keeps_stays_kept() {
    let dir = project(&[articles()]);
    let file = count(&dir, "2");
    let at = file.find(LETTER).expect("the line");
    let class = file[..at].rfind("class").expect("its class");
    let kept = format!(
        "{}class = \"keep\"{}",
        &file[..class],
        &file[class..].replacen("class = \"certain\"", "", 1)
    );
    dir.write("template_lines.toml", kept.as_bytes());
    let again = count(&dir, "2");
    assert_eq!(again.matches("\"keep\"").count(), 2, "{again}");
    assert_eq!(again.matches(LETTER).count(), 1, "{again}");
    let report = dir.run(&["lint", "--select", "B025", "-f", "concise"]);
    assert!(!report.out.contains(LETTER), "{}", report.out);
}

#[test]
fn a_file_that_cannot_be_read_is_said() {
    let dir = project(&[articles()]);
    dir.write(
        "template_lines.toml",
        b"schema = \"corpus.template-lines/1\"\nlines = 1\n",
    );
    dir.run(&["lint"]).exits(2).says("template_lines.toml");
    let alone = Dir::with(&[("a.jsonl", "{\"body\":\"x\"}\n")]);
    let run = ["lint", "a.jsonl", "--write-template-lines"];
    alone.run(&run).exits(2).says("corpus init");
}
