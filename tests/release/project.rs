//! A project in a temporary directory, and the tool run in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// 2026-01-01T00:00:00Z
pub(crate) const EPOCH: &str = "1767225600";

const CONFIG: &str = r#"
name = "river"
license = "CC-BY-4.0"
[[input]]
include = ["in/*"]
[schema]
path = "schemas/article.schema.json"
[release]
max-excluded = "50%"
"#;

pub(crate) struct Project {
    dir: tempfile::TempDir,
}

impl Project {
    /// A project with the default schema and the settings `more` on top of its own. Its articles differ in
    /// a number or two, so near copies are not looked for where `more` does not say so.
    pub(crate) fn new(more: &str) -> Self {
        let project = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        let settings = if more.contains("near = ") {
            format!("{CONFIG}{more}")
        } else if more.contains("[dedup]\n") {
            format!("{CONFIG}{}", more.replace("[dedup]\n", "[dedup]\nnear = false\n"))
        } else {
            CONFIG.replace("[release]", "[dedup]\nnear = false\n[release]") + more
        };
        project.write("corpus.toml", settings);
        let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/article.schema.json");
        project.write(
            "schemas/article.schema.json",
            std::fs::read_to_string(schema).unwrap(),
        );
        project
    }

    /// A copy of the bundled sample.
    pub(crate) fn newsroom() -> Self {
        let dir = tempfile::tempdir().unwrap();
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/newsroom"),
            dir.path(),
        );
        let _ = std::fs::remove_dir_all(dir.path().join("releases"));
        Self { dir }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Articles `from..to`, one a line.
    pub(crate) fn articles(&self, name: &str, numbers: impl IntoIterator<Item = usize>) {
        let lines: Vec<String> = numbers.into_iter().map(article).collect();
        self.write(name, lines.concat());
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_corpus"));
        command.current_dir(self.root()).env("SOURCE_DATE_EPOCH", EPOCH);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command().args(args).output().unwrap())
    }

    pub(crate) fn release(&self, version: &str) -> PathBuf {
        self.run(&["release", version]).ok();
        self.released(version)
    }

    pub(crate) fn released(&self, version: &str) -> PathBuf {
        let ends = format!("-v{version}");
        std::fs::read_dir(self.path("releases"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_str().unwrap().ends_with(&ends))
            .unwrap_or_else(|| panic!("there is no release {version}"))
    }
}

/// Whether the full numbers are asked for.
pub(crate) fn slow() -> bool {
    std::env::var_os("CORPUS_SLOW").is_some_and(|value| value == "1")
}

/// What a run said and how it ended.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self
    }

    /// Ended with `code`, and said each of `words` on standard error.
    pub(crate) fn fails(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in: {}", self.err);
        }
        self
    }
}

/// An article that no rule has anything against; each number has its own text.
pub(crate) fn article(number: usize) -> String {
    with_body(
        number,
        &format!(
            "The river rose again in week {number}, and the council met to talk about bridge {number}. \
             It had been closed since spring, when the ice took two of its piers away."
        ),
    )
}

pub(crate) fn with_body(number: usize, body: &str) -> String {
    let record = serde_json::json!({
        "id": format!("r-{number:04}"),
        "url": format!("https://river.example/{number}"),
        "title": format!("The bridge in week {number}"),
        "body": body,
        "language": "en",
        "source": "river.example",
        "published_at": "2025-03-01T08:00:00Z",
    });
    format!("{record}\n")
}

pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::write(&target, std::fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

/// Every file below `root` with its bytes.
pub(crate) fn snapshot(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(root: &Path, at: &Path, out: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, out);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                out.insert(path.strip_prefix(root).unwrap().to_owned(), bytes);
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(root, root, &mut out);
    out
}

pub(crate) fn manifest(release: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(release.join("manifest.json")).unwrap()).unwrap()
}

pub(crate) fn sums(release: &Path) -> String {
    std::fs::read_to_string(release.join("SHA256SUMS")).unwrap()
}

/// Rows of the Parquet files below a directory: each as its cells in text, by column.
pub(crate) fn rows(directory: &Path) -> Vec<BTreeMap<String, String>> {
    use arrow_array::Array as _;
    use arrow_cast::display::{ArrayFormatter, FormatOptions};
    let mut rows = Vec::new();
    if !directory.exists() {
        return rows;
    }
    for (path, bytes) in snapshot(directory) {
        if path.extension().is_none_or(|end| end != "parquet") {
            continue;
        }
        let reader =
            parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes))
                .unwrap()
                .build()
                .unwrap();
        for batch in reader {
            let batch = batch.unwrap();
            let schema = batch.schema();
            for row in 0..batch.num_rows() {
                let cells = schema
                    .fields()
                    .iter()
                    .zip(batch.columns())
                    .map(|(field, column)| {
                        let options = FormatOptions::default();
                        let text = if column.is_null(row) {
                            "null".to_owned()
                        } else {
                            // Timestamps need a table of zones, which is not built in.
                            ArrayFormatter::try_new(column, &options)
                                .map_or_else(|_| String::new(), |cell| cell.value(row).to_string())
                        };
                        (field.name().clone(), text)
                    });
                rows.push(cells.collect());
            }
        }
    }
    rows
}
