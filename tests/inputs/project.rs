//! A project in a temporary directory, files in every format, and the tool run on them.

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

pub(crate) struct Project(tempfile::TempDir);

/// What a run said.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The findings of `--output-format json-lines`.
    pub(crate) fn findings(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}\n{}", self.err)))
            .collect()
    }

    /// Codes of the findings, in their order.
    pub(crate) fn codes(&self) -> Vec<String> {
        self.findings()
            .iter()
            .map(|finding| finding["code"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Project {
    /// A directory without configuration.
    pub(crate) fn bare() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A project with this `corpus.toml`.
    pub(crate) fn new(config: &str) -> Self {
        let project = Self::bare();
        project.write(
            "corpus.toml",
            format!("name = \"trial\"\nedition = \"2026\"\n{config}"),
        );
        project
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs_err::read(self.path(name)).unwrap()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, b"")
    }

    /// Runs the tool in the project with standard input.
    pub(crate) fn run_with(&self, args: &[&str], input: &[u8]) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_corpus"))
            .args(["--no-progress", "--color", "never"])
            .args(args)
            .current_dir(self.0.path())
            .env("SOURCE_DATE_EPOCH", "1767225600")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A run that ends before it has read everything closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        Ran {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// `corpus lint` of some rules, with one finding a line.
    pub(crate) fn lint(&self, rules: &str, args: &[&str]) -> Ran {
        self.run(&[&["lint", "-f", "json-lines", "--select", rules], args].concat())
    }
}

pub(crate) const CODECS: [&str; 5] = ["", ".gz", ".zst", ".xz", ".bz2"];

/// Compresses in two members (frames, streams), so that a reader that stops after one is seen.
pub(crate) fn compress(suffix: &str, content: &[u8]) -> Vec<u8> {
    if suffix.is_empty() {
        return content.to_vec();
    }
    let (first, second) = content.split_at(content.len() / 2);
    [member(suffix, first), member(suffix, second)].concat()
}

fn member(suffix: &str, content: &[u8]) -> Vec<u8> {
    match suffix {
        ".gz" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap()
        }
        ".zst" => zstd::encode_all(content, 3).unwrap(),
        ".xz" => {
            let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap()
        }
        ".bz2" => {
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap()
        }
        other => panic!("{other}"),
    }
}

/// Decompresses every member.
pub(crate) fn decompress(path: &Path) -> Vec<u8> {
    let bytes = fs_err::read(path).unwrap();
    let mut out = Vec::new();
    match path.extension().unwrap().to_str().unwrap() {
        "gz" => std::io::copy(&mut flate2::read::MultiGzDecoder::new(&bytes[..]), &mut out),
        "zst" => std::io::copy(&mut zstd::Decoder::new(&bytes[..]).unwrap(), &mut out),
        "xz" => std::io::copy(
            &mut liblzma::read::XzDecoder::new_multi_decoder(&bytes[..]),
            &mut out,
        ),
        "bz2" => std::io::copy(&mut bzip2::read::MultiBzDecoder::new(&bytes[..]), &mut out),
        _ => std::io::copy(&mut &bytes[..], &mut out),
    }
    .unwrap();
    out
}

/// One record: names and string values.
pub(crate) type Record<'a> = [(&'a str, &'a str)];

/// A JSON object on one line.
pub(crate) fn object(record: &Record<'_>) -> String {
    let member = |(name, value): &(&str, &str)| format!("{}:{}", Value::from(*name), Value::from(*value));
    format!("{{{}}}", record.iter().map(member).collect::<Vec<_>>().join(","))
}

/// A file of these records. Each format but text and Markdown takes several.
pub(crate) fn render(format: &str, records: &[&Record<'_>]) -> Vec<u8> {
    let objects: Vec<String> = records.iter().map(|record| object(record)).collect();
    match format {
        "jsonl" | "ndjson" => objects
            .iter()
            .map(|o| format!("{o}\n"))
            .collect::<String>()
            .into(),
        "json" => format!("[\n  {}\n]\n", objects.join(",\n  ")).into(),
        "csv" => table(records, ','),
        "tsv" => table(records, '\t'),
        "parquet" => {
            let batch = batch(records);
            let mut out = Vec::new();
            let mut writer = parquet::arrow::ArrowWriter::try_new(&mut out, batch.schema(), None).unwrap();
            writer.write(&batch).unwrap();
            writer.close().unwrap();
            out
        }
        "arrow" => {
            let batch = batch(records);
            let mut out = Vec::new();
            let mut writer = arrow_ipc::writer::FileWriter::try_new(&mut out, &batch.schema()).unwrap();
            writer.write(&batch).unwrap();
            writer.finish().unwrap();
            drop(writer);
            out
        }
        other => panic!("{other}"),
    }
}

fn table(records: &[&Record<'_>], delimiter: char) -> Vec<u8> {
    let delimiter = delimiter.to_string();
    let quoted = |value: &str| format!("\"{}\"", value.replace('"', "\"\""));
    let mut out: String = records[0]
        .iter()
        .map(|(name, _)| *name)
        .collect::<Vec<_>>()
        .join(&delimiter);
    out.push('\n');
    for record in records {
        let cells: Vec<String> = record.iter().map(|(_, value)| quoted(value)).collect();
        out.push_str(&cells.join(&delimiter));
        out.push('\n');
    }
    out.into()
}

fn batch(records: &[&Record<'_>]) -> RecordBatch {
    let column = |index: usize| {
        let values: StringArray = records.iter().map(|record| Some(record[index].1)).collect();
        (records[0][index].0, Arc::new(values) as ArrayRef)
    };
    RecordBatch::try_from_iter((0..records[0].len()).map(column)).unwrap()
}
