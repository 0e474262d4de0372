//! The encoding rules on the test cases of python-ftfy (`CORPUS_FTFY` names a copy) and on the messages of
//! the programs installed (`CORPUS_CATALOGUES` names a directory of gettext catalogues).

use crate::support::{copy, files, read};
use corpus::config::Config;
use corpus::engine::check::{Checker, FieldNames};
use corpus::engine::select::{CommandLine, Selection};
use corpus::engine::single;
use corpus::finding::Safety;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

fn checker() -> Checker {
    let config = Config::default();
    let codes = ["E101", "E102", "E103", "E104", "E105", "E109"];
    let line = CommandLine {
        select: Some(codes.map(str::to_owned).to_vec()),
        ..CommandLine::default()
    };
    Checker {
        selection: Selection::new(&config, &line, None).unwrap(),
        schema: None,
        fields: FieldNames::new(&config),
        governed: true,
        evaluation: None,
        takedowns: None,
    }
}

fn record(text: &str) -> String {
    json!({ "id": "1", "text": text }).to_string()
}

fn fixed(checker: &Checker, text: &str, least: Safety) -> String {
    single::fix(checker, &record(text), least).map_or_else(
        || text.to_owned(),
        |(record, _)| {
            let value: Value = serde_json::from_str(&record).unwrap();
            value["text"].as_str().unwrap().to_owned()
        },
    )
}

/// What ftfy repairs comes out the same, and what it leaves stays. `fixed-encoding` is what is expected of
/// encodings alone, without ftfy's other changes.
#[test]
fn ftfy_cases() {
    let Some(root) = copy("CORPUS_FTFY", "rspeer/python-ftfy") else {
        return;
    };
    let checker = checker();
    let (mut tried, mut wrong, mut beyond) = (0, Vec::new(), 0);
    for path in files(&root.join("tests/test-cases")) {
        for case in read(&path).as_array().unwrap() {
            let text = |key: &str| case[key].as_str();
            let bad = text("original").unwrap();
            let good = text("fixed-encoding").or_else(|| text("fixed")).unwrap();
            let label = text("label").unwrap();
            let all = fixed(&checker, bad, Safety::Unsafe);
            if case["expect"] == "pass" {
                tried += 1;
                if all != good {
                    wrong.push(format!("{label}: {all:?}"));
                }
                // Nothing that is right is changed by a safe fix.
                let safe = fixed(&checker, good, Safety::Safe);
                if bad == good && safe != good {
                    wrong.push(format!("{label}: a safe fix made {safe:?}"));
                }
            } else {
                // ftfy itself fails here.
                beyond += usize::from(all == good);
            }
        }
    }
    eprintln!("{tried} cases, {beyond} beyond");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried >= 151 && beyond >= 7, "{tried} {beyond}");
}

/// Lines of Debian's catalogues that are mojibake indeed, read one by one: their hashes.
const GARBLED: &str = include_str!("garbled_lines.txt");

/// A message that no translator garbled is not reported.
#[test]
fn catalogues_are_clean() {
    let Some(root) = copy("CORPUS_CATALOGUES", "/usr/share/locale or the like") else {
        return;
    };
    let known: BTreeSet<&str> = GARBLED.lines().collect();
    let mut lines = BTreeSet::new();
    for path in catalogues(&root) {
        lines.extend(messages(&std::fs::read(path).unwrap()));
    }
    let checker = checker();
    let (mut found, mut wrong) = (0, Vec::new());
    for line in &lines {
        let findings = single::findings(&checker, &record(line), "a.jsonl");
        let Some(first) = findings.first() else { continue };
        found += 1;
        let hash = format!("{:016x}", xxh3_64(line.as_bytes()));
        if !known.contains(hash.as_str()) {
            wrong.push(format!("{hash} {} {line}", first.code));
        }
    }
    eprintln!(
        "{} lines, {found} reported, {} of them unknown",
        lines.len(),
        wrong.len()
    );
    assert!(!lines.is_empty(), "no catalogues below {}", root.display());
    assert!(wrong.is_empty(), "read these lines:\n{}", wrong.join("\n"));
}

/// Compiled catalogues below a directory.
fn catalogues(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(catalogues(&path));
        } else if path.extension().is_some_and(|extension| extension == "mo") {
            found.push(path);
        }
    }
    found
}

/// The lines of a catalogue's translations that are not all ASCII. Catalogues in other charsets than UTF-8
/// are left out.
fn messages(bytes: &[u8]) -> Vec<String> {
    let word = |at: usize| {
        let four = bytes.get(at..at + 4)?.try_into().ok()?;
        let little = bytes.starts_with(&[0xDE, 0x12, 0x04, 0x95]);
        let number = if little {
            u32::from_le_bytes(four)
        } else {
            u32::from_be_bytes(four)
        };
        Some(number as usize)
    };
    let (Some(count), Some(table)) = (word(8), word(16)) else {
        return Vec::new();
    };
    let message = |index: usize| {
        let (length, start) = (word(table + 8 * index)?, word(table + 8 * index + 4)?);
        std::str::from_utf8(bytes.get(start..start + length)?).ok()
    };
    let messages: Option<Vec<&str>> = (0..count).map(message).collect();
    messages
        .into_iter()
        .flatten()
        .flat_map(|message| message.split(['\0', '\n']))
        .filter(|line| !line.is_ascii())
        .map(str::to_owned)
        .collect()
}
