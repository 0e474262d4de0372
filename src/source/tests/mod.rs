//! Tests of the whole room: files in, chunks out.

mod adapting;
mod codecs;
mod columns;
mod discovery;
mod encodings;
mod lines;
mod tables;
mod texts;

use super::discover::Finder;
use super::{Back, Chunk, Detected, Fault, FaultKind, Input, Options, Plan};
use crate::config::{Format, InputSpec};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A charset detector for tests: bytes with an Arabic lam-alef in windows-1256 are that charset.
pub(super) fn detect(bytes: &[u8]) -> Detected {
    let found = memchr::memmem::find(bytes, &[0xC7, 0xE1]).is_some();
    Detected {
        charset: found.then_some("windows-1256"),
        certain: found,
    }
}

pub(super) fn options() -> Options {
    Options {
        detect,
        ..Options::default()
    }
}

/// What came out of the files of a directory.
pub(super) struct Read {
    pub(super) inputs: Vec<Input>,
    pub(super) chunks: Vec<Chunk>,
}

impl Read {
    pub(super) fn plan(inputs: Vec<Input>, options: Options) -> Self {
        let plan = Plan::new(inputs, options).unwrap();
        let mut chunks = Vec::new();
        plan.each(|chunk| chunks.push(chunk)).unwrap();
        let read = Self {
            inputs: plan.inputs,
            chunks,
        };
        read.check();
        read
    }

    /// Reads one file, given by name and content.
    pub(super) fn file(name: &str, content: &[u8], options: Options) -> Self {
        Self::with_spec(name, content, &InputSpec::default(), options)
    }

    /// Reads one file as an `[[input]]` table says.
    pub(super) fn with_spec(name: &str, content: &[u8], spec: &InputSpec, options: Options) -> Self {
        let directory = tempfile::tempdir().unwrap();
        write(directory.path(), name, content);
        let spec = InputSpec {
            include: vec!["**".to_owned()],
            ..spec.clone()
        };
        let specs = [spec];
        let finder = Finder {
            cwd: directory.path(),
            project: Some(directory.path()),
            specs: &specs,
            releases: "releases",
            stdin_format: Format::Auto,
        };
        Self::plan(finder.from_paths(&[PathBuf::from(name)]).unwrap(), options)
    }

    /// What holds for every reading: numbers from 0, one last chunk, UTF-8, entries inside the text.
    fn check(&self) {
        let mut expected = 0;
        for chunk in &self.chunks {
            assert_eq!(chunk.number, expected);
            expected = if chunk.last { 0 } else { expected + 1 };
            let text = chunk.text.as_str();
            assert_eq!(text.len(), chunk.text.as_bytes().len(), "chunk is not UTF-8");
            for entry in &chunk.entries {
                assert!(text.get(entry.span.range()).is_some_and(|text| !text.is_empty()));
                for segment in entry.map.iter().flatten() {
                    assert!(text.get(segment.rendered.range()).is_some());
                }
            }
            assert!(chunk.faults.is_sorted_by_key(|fault| fault.offset));
        }
        assert_eq!(expected, 0, "the last chunk is not marked");
        let last = self.chunks.iter().filter(|chunk| chunk.last).count();
        assert_eq!(last, self.inputs.len());
    }

    /// The raw text of every record.
    pub(super) fn texts(&self) -> Vec<&str> {
        self.chunks
            .iter()
            .flat_map(|chunk| {
                let text = chunk.text.as_str();
                chunk.entries.iter().map(move |entry| &text[entry.span.range()])
            })
            .collect()
    }

    /// Every record, parsed.
    pub(super) fn records(&self) -> Vec<Value> {
        self.texts()
            .into_iter()
            .map(|text| serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}")))
            .collect()
    }

    /// Lines of the records in the file, from 1.
    pub(super) fn lines(&self) -> Vec<u64> {
        let mut out = Vec::new();
        let mut base = 1;
        for chunk in &self.chunks {
            out.extend(chunk.entries.iter().map(|entry| base + entry.line));
            base = if chunk.last { 1 } else { base + chunk.lines };
        }
        out
    }

    /// Faults with their lines in the file, from 1.
    pub(super) fn faults(&self) -> Vec<(u64, &Fault)> {
        let mut out = Vec::new();
        let mut base = 1;
        for chunk in &self.chunks {
            out.extend(chunk.faults.iter().map(|fault| (base + fault.line, fault)));
            base = if chunk.last { 1 } else { base + chunk.lines };
        }
        out
    }

    /// Code, line and offset of every fault.
    pub(super) fn places(&self) -> Vec<(&'static str, u64, u64)> {
        self.faults()
            .into_iter()
            .map(|(line, fault)| (fault.kind.code(), line, fault.offset))
            .collect()
    }

    pub(super) fn notices(&self) -> Vec<&str> {
        self.chunks
            .iter()
            .flat_map(|chunk| chunk.notices.iter().map(String::as_str))
            .collect()
    }

    /// Checks that every way back leads to the bytes it promises.
    pub(super) fn check_ways_back(&self, file: &[u8]) -> usize {
        let mut checked = 0;
        for chunk in &self.chunks {
            let text = chunk.text.as_str();
            for entry in &chunk.entries {
                let Some(map) = &entry.map else {
                    let at = chunk.offset as usize + entry.span.start;
                    assert_eq!(
                        &file[at..at + entry.span.len()],
                        text[entry.span.range()].as_bytes()
                    );
                    checked += 1;
                    continue;
                };
                for segment in map {
                    let literal = &text[segment.rendered.range()];
                    let (at, expected) = match segment.back {
                        Back::Literal(at) => (at as usize, literal.to_owned()),
                        Back::Plain(at) | Back::Lines { offset: at, .. } => {
                            (at as usize, serde_json::from_str(literal).unwrap())
                        }
                        Back::Nowhere => continue,
                    };
                    assert_eq!(&file[at..at + expected.len()], expected.as_bytes());
                    checked += 1;
                }
            }
        }
        checked
    }
}

pub(super) fn write(directory: &Path, name: &str, content: &[u8]) {
    let path = directory.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

pub(super) fn unreadable(fault: &Fault) -> Option<&str> {
    match &fault.kind {
        FaultKind::Unreadable { reason } | FaultKind::Malformed { reason } => Some(reason),
        _ => None,
    }
}
