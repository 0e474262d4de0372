//! The baseline: findings a project has accepted, keyed by content, so that reordering or
//! resharding the files brings none of them back.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;

/// Version tag of the file.
const SCHEMA: &str = "corpus.baseline/1";

#[derive(serde::Serialize, serde::Deserialize)]
struct File {
    schema: String,
    /// Rule code to fingerprints (16 hexadecimal digits), sorted.
    findings: BTreeMap<String, Vec<String>>,
}

/// Known findings, each able to silence one finding of the run.
#[derive(Debug, Default)]
pub struct Baseline {
    known: HashMap<u64, Known>,
}

#[derive(Debug)]
struct Known {
    code: String,
    left: u32,
    total: u32,
}

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// Reading or writing it.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Its content.
    #[error("{0}: not a baseline: {1}; make a new one with --write-baseline")]
    Invalid(String, String),
}

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    /// [`BaselineError`].
    pub fn load(path: &Path) -> Result<Self, BaselineError> {
        let invalid = |reason: String| BaselineError::Invalid(path.display().to_string(), reason);
        let file: File =
            serde_json::from_slice(&fs_err::read(path)?).map_err(|error| invalid(error.to_string()))?;
        if file.schema != SCHEMA {
            return Err(invalid(format!(
                "schema is \"{}\", this version reads \"{SCHEMA}\"",
                file.schema
            )));
        }
        let mut baseline = Self::default();
        for (code, fingerprints) in file.findings {
            for text in fingerprints {
                let fingerprint = u64::from_str_radix(&text, 16)
                    .map_err(|_| invalid(format!("`{text}` is not a fingerprint")))?;
                baseline.add(&code, fingerprint);
            }
        }
        Ok(baseline)
    }

    /// Records a finding.
    pub fn add(&mut self, code: &str, fingerprint: u64) {
        let known = self.known.entry(fingerprint).or_insert_with(|| Known {
            code: code.to_owned(),
            left: 0,
            total: 0,
        });
        known.left += 1;
        known.total += 1;
    }

    /// Whether the baseline knows this finding; each entry answers yes once.
    pub fn take(&mut self, fingerprint: u64) -> bool {
        match self.known.get_mut(&fingerprint) {
            Some(known) if known.left > 0 => {
                known.left -= 1;
                true
            }
            _ => false,
        }
    }

    /// How many entries silenced nothing.
    #[must_use]
    pub fn stale(&self) -> u64 {
        self.known.values().map(|known| u64::from(known.left)).sum()
    }

    /// Drops entries that silenced nothing.
    pub fn prune(&mut self) {
        for known in self.known.values_mut() {
            known.total -= known.left;
            known.left = 0;
        }
        self.known.retain(|_, known| known.total > 0);
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.known.values().map(|known| u64::from(known.total)).sum()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Writes the file: sorted, so that the same findings give the same bytes.
    ///
    /// # Errors
    /// Writing it; the path is in the message.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let mut file = File {
            schema: SCHEMA.to_owned(),
            findings: BTreeMap::new(),
        };
        for (fingerprint, known) in &self.known {
            let list = file.findings.entry(known.code.clone()).or_default();
            list.extend((0..known.total).map(|_| format!("{fingerprint:016x}")));
        }
        file.findings.values_mut().for_each(|list| list.sort_unstable());
        let mut text = serde_json::to_string_pretty(&file)?;
        text.push('\n');
        super::whole::Whole::write(path, text.as_bytes())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_silences_one_finding_and_the_rest_is_pruned() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("baseline.json");
        let mut baseline = Baseline::default();
        baseline.add("U009", 7);
        baseline.add("U009", 7);
        baseline.add("E001", 1 << 63);
        baseline.save(&path).unwrap();
        let mut read = Baseline::load(&path).unwrap();
        assert_eq!(read.len(), 3);
        assert!(read.take(7));
        assert!(read.take(7));
        assert!(!read.take(7));
        assert_eq!(read.stale(), 1);
        read.prune();
        read.save(&path).unwrap();
        assert!(!std::fs::read_to_string(&path).unwrap().contains("E001"));
    }

    #[test]
    fn another_file_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("baseline.json");
        std::fs::write(&path, "{\"schema\":\"corpus.baseline/9\",\"findings\":{}}").unwrap();
        let error = Baseline::load(&path).unwrap_err().to_string();
        assert!(error.contains("corpus.baseline/9"), "{error}");
    }
}
