//! F10: small files that claim, or give, far more than they hold.
#![cfg(target_os = "linux")]

use crate::tool::{command, sane, write};
use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Lints `name`; gives the report and the most memory that the process held, in bytes.
fn lint(directory: &Path, name: &str) -> (Value, u64, Duration) {
    let started = Instant::now();
    let mut child = command(directory)
        .args([
            "lint",
            "--isolated",
            "-f",
            "json",
            "--select",
            "S,E",
            "-j",
            "2",
            name,
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        peak = peak.max(kibibytes.map_or(0, |number| number.parse().unwrap()));
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().unwrap();
    sane(&output);
    let report = serde_json::from_slice(&output.stdout).unwrap();
    assert!(peak > 0, "{name}: no peak was read");
    (report, peak << 10, started.elapsed())
}

/// A compressed stream of a gigabyte of one letter, which can be repeated: frames and members add up.
fn gigabyte(mut packer: impl std::io::Write) {
    let block = vec![b'a'; 1 << 20];
    for _ in 0..1024 {
        packer.write_all(&block).unwrap();
    }
}

fn zstd_frame(level: i32) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), level).unwrap();
    gigabyte(&mut encoder);
    encoder.finish().unwrap()
}

#[test]
fn f10_a_hundred_gigabytes_in_a_few_megabytes() {
    let scratch = tempfile::tempdir().unwrap();
    let head = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
    let frame = zstd_frame(3);
    let start = head(b"{\"id\":\"1\"}\n{\"id\":\"");
    write(scratch.path(), "a.jsonl.zst", [start, frame.repeat(100)].concat());
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(b"{\"id\":\"1\"}\n{\"id\":\"").unwrap();
    let start = packer.finish().unwrap();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gigabyte(&mut packer);
    let member = packer.finish().unwrap();
    write(scratch.path(), "b.jsonl.gz", [start, member.repeat(100)].concat());
    // In the middle of a document, and of a file that has to be copied out before it is read.
    write(
        scratch.path(),
        "c.json.zst",
        [head(b"[{\"id\":\"1\"},{\"id\":\""), frame.repeat(100)].concat(),
    );
    write(
        scratch.path(),
        "d.csv.zst",
        [head(b"id,body\n1,\""), frame.repeat(100)].concat(),
    );
    for name in ["a.jsonl.zst", "b.jsonl.gz", "c.json.zst", "d.csv.zst"] {
        let (report, peak, took) = lint(scratch.path(), name);
        let found = report["findings"].as_array().unwrap();
        let stopped = found.iter().find(|finding| finding["code"] == "E005");
        let stopped = stopped.unwrap_or_else(|| panic!("{name}: {found:?}"));
        assert!(
            stopped["message"]
                .as_str()
                .unwrap()
                .contains("over 1000 times its own size"),
            "{name}: {stopped}"
        );
        assert!(
            stopped["offset"].is_u64() && stopped["line"].is_u64(),
            "{name}: {stopped}"
        );
        assert!(peak < 512 << 20, "{name}: {} MiB", peak >> 20);
        assert!(took < Duration::from_mins(1), "{name}: {took:?}");
    }
}

#[test]
fn f10_a_window_that_is_too_large_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder
        .set_parameter(zstd::zstd_safe::CParameter::WindowLog(30))
        .unwrap();
    encoder.write_all(&vec![b' '; 4 << 20]).unwrap();
    write(scratch.path(), "a.jsonl.zst", encoder.finish().unwrap());
    let (report, peak, _) = lint(scratch.path(), "a.jsonl.zst");
    assert_eq!(report["summary"]["by_code"]["E005"], 1, "{report}");
    assert!(peak < 512 << 20, "{} MiB", peak >> 20);
}

/// Little-endian base 128 of a number in zigzag form, as Thrift's compact protocol has it.
fn varint(number: u64) -> Vec<u8> {
    let mut rest = number << 1;
    let mut out = Vec::new();
    loop {
        let byte = (rest & 0x7f) as u8;
        rest >>= 7;
        if rest == 0 {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}

/// A Parquet file whose one page says that it holds `claim` bytes, and what it really holds.
fn parquet(claim: Option<u64>) -> Vec<u8> {
    use arrow_array::{ArrayRef, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{Compression, ZstdLevel};
    use parquet::file::properties::WriterProperties;
    use std::sync::Arc;
    // Enough for a length of five bytes, so that another can stand in its place.
    let body = "x".repeat(140_000_000);
    let column: ArrayRef = Arc::new(StringArray::from(vec![body.as_str()]));
    let batch = RecordBatch::try_from_iter([("body", column)]).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap()))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(parquet::file::properties::EnabledStatistics::None)
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    let mut bytes = writer.into_inner().unwrap();
    if let Some(claim) = claim {
        let real = varint(140_000_004);
        let at = bytes.windows(real.len()).position(|window| window == real);
        let at = at.expect("the page says how long it is");
        let claimed = varint(claim);
        assert_eq!(claimed.len(), real.len());
        bytes[at..at + real.len()].copy_from_slice(&claimed);
    }
    bytes
}

#[test]
fn f10_parquet_pages_that_claim_or_hold_too_much() {
    let scratch = tempfile::tempdir().unwrap();
    write(scratch.path(), "claims.parquet", parquet(Some((1 << 31) - 1)));
    write(scratch.path(), "holds.parquet", parquet(None));
    for (name, code) in [("claims.parquet", "E005"), ("holds.parquet", "S014")] {
        let (report, peak, took) = lint(scratch.path(), name);
        assert_eq!(report["summary"]["by_code"][code], 1, "{name}: {report}");
        assert!(peak < 512 << 20, "{name}: {} MiB", peak >> 20);
        assert!(took < Duration::from_mins(1), "{name}: {took:?}");
    }
}
