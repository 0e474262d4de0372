//! Rules about all records: the same findings for any number of threads and little memory.

use crate::support::Dir;
use std::fmt::Write as _;

/// Records in which every rule about all of them finds something.
fn records(files: usize) -> Vec<String> {
    let mut out = vec![String::new(); files];
    for n in 0..600_usize {
        let source = if n % 3 == 0 { "b.example" } else { "a.example" };
        let day = 1 + n % 28;
        let at = match n {
            77 => "1999-01-01T08:00:00Z".to_owned(),
            100..160 => "2024-05-05T12:00:01Z".to_owned(),
            _ => format!("2024-05-{day:02}T08:{:02}:00Z", n % 60),
        };
        let _ = writeln!(
            out[n % files],
            r#"{{"id":"{}","source":"{source}","title":"Story {n}{}","url":"https://{source}/{}","published_at":"{at}","body":"The rate stood at {} against the crown in all of the shops today{}."}}"#,
            n % 590,
            if n % 2 == 0 { " | The Quay" } else { "" },
            n % 580,
            n % 595,
            if n % 50 == 7 { "" } else { " and it rained" },
        );
    }
    out
}

#[test]
fn threads_and_memory_change_no_finding() {
    let dir = Dir::new();
    let mut args = vec![
        "lint".to_owned(),
        "--preview".to_owned(),
        "--select".to_owned(),
        "M011,D,C002,C005".to_owned(),
        "-f".to_owned(),
        "json-lines".to_owned(),
    ];
    for (n, text) in records(4).iter().enumerate() {
        let name = format!("{n}.jsonl");
        dir.write(&name, text.as_bytes());
        args.push(name);
    }
    let run = |more: &[&str]| {
        let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
        args.extend(more);
        let run = dir.run(&args);
        assert!(run.code < 2, "{run:?}");
        run.out
    };
    let one = run(&["-j", "1"]);
    for code in ["M011", "D001", "D002", "D003", "D004", "D006", "C002", "C005"] {
        assert!(one.contains(code), "{code} found nothing");
    }
    assert_eq!(run(&["-j", "4"]), one);
    assert_eq!(run(&["-j", "3", "--memory", "1MB"]), one);
}
