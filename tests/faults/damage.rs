//! Truncated and corrupted files of every format.

use crate::tool::{Random, lint, write};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

/// Records of one file.
const RECORDS: usize = 90;

fn ids() -> Vec<String> {
    (0..RECORDS).map(|n| format!("r{n}")).collect()
}

/// Texts that do not compress away, so that archives have enough offsets to be cut at.
fn texts() -> Vec<String> {
    let mut random = Random(1);
    let text = |_| {
        let mut text = String::from("خبر");
        for _ in 0..6 {
            write!(text, " {:016x}", random.next()).unwrap();
        }
        text
    };
    (0..RECORDS).map(text).collect()
}

fn lines() -> Vec<String> {
    let line = |(id, text)| format!("{{\"id\":\"{id}\",\"body\":\"{text}\"}}");
    ids().into_iter().zip(texts()).map(line).collect()
}

fn jsonl() -> Vec<u8> {
    lines()
        .iter()
        .flat_map(|line| format!("{line}\n").into_bytes())
        .collect()
}

fn json() -> Vec<u8> {
    format!("[{}]", lines().join(",\n")).into_bytes()
}

fn csv() -> Vec<u8> {
    let rows = ids()
        .into_iter()
        .zip(texts())
        .map(|(id, text)| format!("{id},\"{text}\"\n"));
    std::iter::once("id,body\n".to_owned())
        .chain(rows)
        .collect::<String>()
        .into_bytes()
}

fn batch() -> RecordBatch {
    let column = |values: Vec<String>| Arc::new(StringArray::from(values)) as ArrayRef;
    RecordBatch::try_from_iter([("id", column(ids())), ("body", column(texts()))]).unwrap()
}

fn parquet() -> Vec<u8> {
    let mut out = Vec::new();
    let batch = batch();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut out, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}

fn arrow(stream: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let batch = batch();
    if stream {
        let mut writer = arrow_ipc::writer::StreamWriter::try_new(&mut out, &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
    } else {
        let mut writer = arrow_ipc::writer::FileWriter::try_new(&mut out, &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
    }
    out
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = liblzma::write::XzEncoder::new(Vec::new(), 6);
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// Where a file of this length is cut.
fn offsets(length: usize) -> BTreeSet<usize> {
    let slow = std::env::var_os("CORPUS_SLOW").is_some_and(|value| value == "1");
    if slow {
        return (0..length.min(4096))
            .chain(length.saturating_sub(512)..length)
            .collect();
    }
    let spread = (0..length).step_by((length / 150).max(1));
    (0..40.min(length))
        .chain(spread)
        .chain(length.saturating_sub(60)..length)
        .collect()
}

/// Lints a file cut at many places; `loss`: how many records that must cost, at least.
fn truncate(extension: &str, whole: &[u8], loss: impl Fn(usize) -> u64) {
    let scratch = tempfile::tempdir().unwrap();
    let name = |cut: usize| format!("{cut:06}.{extension}");
    let cuts = offsets(whole.len());
    for &cut in &cuts {
        write(scratch.path(), &name(cut), &whole[..cut]);
    }
    write(scratch.path(), &name(whole.len()), whole);
    let run = lint(scratch.path(), ".", &[]);
    let lost = run.losses_by_name();
    for cut in cuts {
        let lost = lost.get(&name(cut)).copied().unwrap_or_default();
        assert_eq!(
            lost,
            loss(cut),
            "{extension} cut at byte {cut} of {}",
            whole.len()
        );
    }
    assert_eq!(
        lost.get(&name(whole.len())),
        None,
        "{extension}: a whole file has faults"
    );
    assert!(run.records() >= RECORDS as u64);
}

#[test]
fn truncated_json_lines() {
    let whole = jsonl();
    truncate("jsonl", &whole, |cut| {
        let line = whole[..cut].rsplit(|byte| *byte == b'\n').next().unwrap();
        u64::from(!line.is_empty() && line.last() != Some(&b'}'))
    });
}

#[test]
fn truncated_json_documents() {
    truncate("json", &json(), |_| 1);
}

#[test]
fn truncated_archives() {
    let whole = jsonl();
    truncate("jsonl.gz", &gz(&whole), |_| 1);
    truncate("jsonl.zst", &zst(&whole), |_| 1);
    truncate("jsonl.xz", &xz(&whole), |_| 1);
    truncate("jsonl.bz2", &bz2(&whole), |_| 1);
    truncate("json.gz", &gz(&json()), |_| 1);
    truncate("csv.gz", &gz(&csv()), |_| 1);
    truncate("txt.gz", &gz(&whole), |_| 1);
}

#[test]
fn truncated_archives_of_two_members() {
    let (first, second) = (gz(&jsonl()), gz(&jsonl()));
    let end = first.len();
    truncate("jsonl.gz", &[first, second].concat(), |cut| u64::from(cut != end));
}

#[test]
fn truncated_csv() {
    let whole = csv();
    truncate("csv", &whole, |cut| {
        let text = &whole[..cut];
        let row = text.rsplit(|byte| *byte == b'\n').next().unwrap();
        let header = !text.contains(&b'\n');
        let quotes = memchr::memchr_iter(b'"', row).count();
        // A cut before the second cell's quote, or behind it, leaves a row like any other.
        u64::from(!header && !row.is_empty() && (quotes == 1 || !row.contains(&b',')))
    });
}

#[test]
fn truncated_columns() {
    truncate("parquet", &parquet(), |_| 1);
    truncate("arrow", &arrow(false), |_| 1);
    truncate("parquet.zst", &zst(&parquet()), |_| 1);
}

/// Flips bytes; damage cannot always be seen, but nothing may crash, and what was read and lost
/// has to add up.
fn corrupt(extension: &str, whole: &[u8], seed: u64) {
    let scratch = tempfile::tempdir().unwrap();
    let mut random = Random(seed);
    for number in 0..150 {
        let mut bytes = whole.to_vec();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            bytes[at] = random.next() as u8;
        }
        write(scratch.path(), &format!("{number:03}.{extension}"), bytes);
    }
    let run = lint(scratch.path(), ".", &[]);
    assert!(!run.losses().is_empty(), "{extension}: no damage was seen");
}

#[test]
fn corrupted_columns() {
    corrupt("parquet", &parquet(), 2);
    corrupt("arrow", &arrow(false), 3);
    corrupt("arrow", &arrow(true), 4);
}

#[test]
fn corrupted_archives() {
    let whole = jsonl();
    corrupt("jsonl.gz", &gz(&whole), 5);
    corrupt("jsonl.zst", &zst(&whole), 6);
    corrupt("jsonl.xz", &xz(&whole), 7);
    corrupt("jsonl.bz2", &bz2(&whole), 8);
}

#[test]
fn corrupted_text() {
    corrupt("jsonl", &jsonl(), 9);
    corrupt("json", &json(), 10);
    corrupt("csv", &csv(), 11);
}

/// Content that its name does not announce.
#[test]
fn contents_under_a_wrong_name() {
    let scratch = tempfile::tempdir().unwrap();
    let contents = [
        ("parquet", parquet()),
        ("arrow", arrow(false)),
        ("bin", (0..=255).cycle().take(9000).collect()),
    ];
    for (what, bytes) in &contents {
        for extension in [
            "jsonl",
            "json",
            "csv",
            "txt",
            "md",
            "parquet",
            "arrow",
            "jsonl.gz",
            "jsonl.zst",
        ] {
            if extension != *what {
                write(scratch.path(), &format!("{what}.{extension}"), bytes);
            }
        }
    }
    for entry in std::fs::read_dir(scratch.path()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            !lint(Path::new(scratch.path()), &name, &[]).losses().is_empty(),
            "{name} passes"
        );
    }
}
