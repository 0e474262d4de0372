//! The audit: every record that was not released, every copy that was dropped, every repair.
//!
//! No text, and no value of a rule about people. Rows come in the order the engine decides
//! (path, line); the tables stream to disk. Numbers are never null, because pandas would turn them
//! into floats: line 0 is the rest of a file, the span 0..0 with a count stands for several places.

use super::manifest::{Counts, File, Role};
use super::shard::{BATCH_ROWS, TableFile, WriteOptions};
use super::{Error, Result, hex};
use arrow_array::builder::{Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::sync::Arc;

/// Why a record was left out. Each record has one reason, the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason<'a> {
    /// A finding: code of the first rule in code order.
    Rule(&'a str),
    /// A copy of another record.
    Duplicate {
        /// `exact`, `near` or `contained`.
        relation: &'a str,
        /// Id of the record that stays.
        survivor: &'a str,
    },
    /// Not readable as a record: code of the rule.
    Unparseable(&'a str),
    /// Taken down.
    Retracted,
    /// Left out by configuration: which setting.
    Policy(&'a str),
}

/// A record that is not in the release.
#[derive(Debug, Clone, Copy)]
pub struct Exclusion<'a> {
    /// Input, as findings name it.
    pub path: &'a str,
    /// Line or row, from 1; `None` for the rest of a file that could not be read.
    pub line: Option<u64>,
    /// Id, where it has one; of what was taken down its keyed hash.
    pub id: Option<&'a str>,
    /// Why.
    pub reason: Reason<'a>,
}

/// A copy that was dropped.
#[derive(Debug, Clone, Copy)]
pub struct Duplicate<'a> {
    /// Id of the record that stays.
    pub kept_id: &'a str,
    /// Id of the record that is like it.
    pub dropped_id: &'a str,
    /// `exact`, `near` or `contained`.
    pub relation: &'a str,
    /// `copy`, `update`, `correction`, `excerpt` or `superseded`.
    pub kind: &'a str,
    /// Similarity, 0 to 1.
    pub score: f64,
    /// Whether the second is released all the same: it is only reported.
    pub stays: bool,
}

/// What a repair changed.
#[derive(Debug, Clone, Copy)]
pub enum Repair<'a> {
    /// A piece of text.
    Edit {
        /// Byte range in the value before the repair.
        span: (u64, u64),
        /// What stood there.
        before: &'a str,
        /// What stands there now.
        after: &'a str,
    },
    /// White space or invisible characters: how many edits of this rule in this field.
    Count(u64),
    /// A rule about people: the values are told apart by keyed hashes only ([`keyed_hash`]), or by
    /// nothing where there is no key.
    Hashed {
        /// Byte range in the value before the repair.
        span: (u64, u64),
        /// Keyed hash of what stood there.
        before: Option<&'a str>,
        /// Keyed hash of what stands there now.
        after: Option<&'a str>,
    },
}

/// A repaired place.
#[derive(Debug, Clone, Copy)]
pub struct FixEntry<'a> {
    /// Id of the record.
    pub id: &'a str,
    /// Code of the rule.
    pub rule: &'a str,
    /// JSON pointer of the field.
    pub field: &'a str,
    /// What changed.
    pub repair: Repair<'a>,
}

/// What keyed hashes begin with.
pub const HASHED: &str = "hmac-sha256:";

/// `hmac-sha256:` and the HMAC-SHA256 (RFC 2104) of `value` under `key`, in hexadecimal.
#[must_use]
pub fn keyed_hash(key: &[u8], value: &[u8]) -> String {
    let mut block = [0_u8; 64];
    if key.len() > 64 {
        block[..32].copy_from_slice(&super::sha256(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let pad = |byte: u8| block.map(|b| b ^ byte);
    let inner = Sha256::new()
        .chain_update(pad(0x36))
        .chain_update(value)
        .finalize();
    let outer = Sha256::new()
        .chain_update(pad(0x5c))
        .chain_update(inner)
        .finalize();
    format!("hmac-sha256:{}", hex(&outer))
}

enum Column {
    Text(StringBuilder),
    Int(Int64Builder),
    Float(Float64Builder),
}

#[derive(Clone, Copy)]
enum Cell<'a> {
    Text(Option<&'a str>),
    Int(u64),
    Float(f64),
}

struct Table {
    name: &'static str,
    schema: SchemaRef,
    columns: Vec<Column>,
    pending: usize,
    file: TableFile,
}

impl Table {
    fn new(
        root: &Path,
        options: &WriteOptions,
        name: &'static str,
        columns: &[(&str, DataType, bool)],
    ) -> Result<Self> {
        let fields: Vec<Field> = columns
            .iter()
            .map(|(n, t, null)| Field::new(*n, t.clone(), *null))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        Ok(Self {
            name,
            columns: schema
                .fields()
                .iter()
                .map(|f| match f.data_type() {
                    DataType::Int64 => Column::Int(Int64Builder::new()),
                    DataType::Float64 => Column::Float(Float64Builder::new()),
                    _ => Column::Text(StringBuilder::new()),
                })
                .collect(),
            pending: 0,
            file: TableFile::new(root.join(name), options, &schema)?,
            schema,
        })
    }

    fn push(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            match (column, *cell) {
                (Column::Text(b), Cell::Text(v)) => b.append_option(v),
                (Column::Int(b), Cell::Int(v)) => b.append_value(i64::try_from(v).unwrap_or(i64::MAX)),
                (Column::Float(b), Cell::Float(v)) => b.append_value(v),
                _ => return Err(Error::Invalid(format!("{}: a cell of another type", self.name))),
            }
        }
        self.pending += 1;
        if self.pending == BATCH_ROWS {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.pending = 0;
        let arrays = self
            .columns
            .iter_mut()
            .map(|column| match column {
                Column::Text(b) => Arc::new(b.finish()) as ArrayRef,
                Column::Int(b) => Arc::new(b.finish()),
                Column::Float(b) => Arc::new(b.finish()),
            })
            .collect();
        let batch = RecordBatch::try_new(self.schema.clone(), arrays)
            .map_err(|e| Error::Invalid(format!("{}: {e}", self.name)))?;
        self.file.write(&batch)
    }

    fn close(mut self, prefix: &str) -> Result<Option<File>> {
        self.flush()?;
        self.file.close(&format!("{prefix}{}", self.name), Role::Audit)
    }
}

/// What the audit counted by itself, to be compared with the engine's counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// As [`Counts`], but only the parts that exclusions tell.
    pub counts: Counts,
}

impl Tally {
    /// One more that was taken down.
    pub(super) fn retracted(&mut self) {
        self.add(Reason::Retracted);
    }

    /// One more, by what the table of exclusions says.
    pub(super) fn row(&mut self, reason: &str, rule: &str) {
        self.add(match reason {
            "duplicate" => Reason::Duplicate {
                relation: "",
                survivor: "",
            },
            "unparseable" => Reason::Unparseable(rule),
            "retracted" => Reason::Retracted,
            "policy" => Reason::Policy(rule),
            _ => Reason::Rule(rule),
        });
    }

    fn add(&mut self, reason: Reason<'_>) {
        let counts = &mut self.counts;
        counts.excluded += 1;
        match reason {
            Reason::Rule(code) => *counts.excluded_by_rule.entry(code.to_owned()).or_insert(0) += 1,
            Reason::Duplicate { .. } => counts.duplicates += 1,
            Reason::Unparseable(_) => counts.unparseable += 1,
            Reason::Retracted => counts.retracted += 1,
            Reason::Policy(_) => counts.by_policy += 1,
        }
    }

    /// Whether the exclusions written are those that `counts` claims.
    ///
    /// # Errors
    /// The first number that differs.
    pub fn agrees(&self, counts: &Counts) -> std::result::Result<(), String> {
        let mine = &self.counts;
        for (what, written, claimed) in [
            ("excluded", mine.excluded, counts.excluded),
            ("duplicates", mine.duplicates, counts.duplicates),
            ("retracted", mine.retracted, counts.retracted),
            ("unparseable", mine.unparseable, counts.unparseable),
            ("by policy", mine.by_policy, counts.by_policy),
        ] {
            if written != claimed {
                return Err(format!(
                    "{what}: the audit lists {written}, the counts say {claimed}"
                ));
            }
        }
        if mine.excluded_by_rule != counts.excluded_by_rule {
            return Err("the audit and the counts differ by rule".to_owned());
        }
        Ok(())
    }
}

const EXCLUSIONS: &[(&str, DataType, bool)] = &[
    ("path", DataType::Utf8, false),
    ("line", DataType::Int64, false),
    ("id", DataType::Utf8, true),
    ("reason", DataType::Utf8, false),
    ("rule", DataType::Utf8, true),
    ("relation", DataType::Utf8, true),
    ("survivor", DataType::Utf8, true),
];

/// Columns of the exclusions.
pub(super) fn exclusions_schema() -> SchemaRef {
    let fields = EXCLUSIONS
        .iter()
        .map(|(name, kind, null)| Field::new(*name, kind.clone(), *null));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Writes the audit tables.
pub struct AuditWriter {
    exclusions: Table,
    duplicates: Table,
    fixes: Table,
    tally: Tally,
}

impl AuditWriter {
    /// Tables below the directory `root`.
    ///
    /// # Errors
    /// Settings that Parquet refuses.
    pub fn new(root: &Path, options: &WriteOptions) -> Result<Self> {
        use DataType::{Float64, Int64, Utf8};
        Ok(Self {
            exclusions: Table::new(root, options, "exclusions/exclusions-00000.parquet", EXCLUSIONS)?,
            duplicates: Table::new(
                root,
                options,
                "duplicates/duplicates-00000.parquet",
                &[
                    ("kept_id", Utf8, false),
                    ("dropped_id", Utf8, false),
                    ("relation", Utf8, false),
                    ("kind", Utf8, false),
                    ("score", Float64, false),
                    ("fate", Utf8, false),
                ],
            )?,
            fixes: Table::new(
                root,
                options,
                "fixes/fixes-00000.parquet",
                &[
                    ("id", Utf8, false),
                    ("rule", Utf8, false),
                    ("field", Utf8, false),
                    ("start", Int64, false),
                    ("end", Int64, false),
                    ("before", Utf8, true),
                    ("after", Utf8, true),
                    ("count", Int64, false),
                ],
            )?,
            tally: Tally::default(),
        })
    }

    /// Records an exclusion.
    ///
    /// # Errors
    /// I/O.
    pub fn exclusion(&mut self, entry: &Exclusion<'_>) -> Result<()> {
        self.tally.add(entry.reason);
        let (reason, rule, relation, survivor) = match entry.reason {
            Reason::Rule(code) => ("rule", Some(code), None, None),
            Reason::Duplicate { relation, survivor } => ("duplicate", None, Some(relation), Some(survivor)),
            Reason::Unparseable(code) => ("unparseable", Some(code), None, None),
            Reason::Retracted => ("retracted", None, None, None),
            Reason::Policy(setting) => ("policy", Some(setting), None, None),
        };
        // Whoever hands on an id here, it is not written.
        let hashed = |id: &&str| id.starts_with(HASHED);
        let id = entry
            .id
            .filter(|id| entry.reason != Reason::Retracted || hashed(id));
        self.exclusions.push(&[
            Cell::Text(Some(entry.path)),
            Cell::Int(entry.line.unwrap_or(0)),
            Cell::Text(id),
            Cell::Text(Some(reason)),
            Cell::Text(rule),
            Cell::Text(relation),
            Cell::Text(survivor),
        ])
    }

    /// Records a copy. Where it is dropped it is an exclusion too.
    ///
    /// # Errors
    /// I/O.
    pub fn duplicate(&mut self, entry: &Duplicate<'_>) -> Result<()> {
        self.duplicates.push(&[
            Cell::Text(Some(entry.kept_id)),
            Cell::Text(Some(entry.dropped_id)),
            Cell::Text(Some(entry.relation)),
            Cell::Text(Some(entry.kind)),
            Cell::Float(entry.score),
            Cell::Text(Some(if entry.stays { "released" } else { "dropped" })),
        ])
    }

    /// Records a repair.
    ///
    /// # Errors
    /// I/O.
    pub fn fix(&mut self, entry: &FixEntry<'_>) -> Result<()> {
        let (span, before, after, count) = match entry.repair {
            Repair::Edit { span, before, after } => (span, Some(before), Some(after), 1),
            Repair::Count(count) => ((0, 0), None, None, count),
            Repair::Hashed { span, before, after } => (span, before, after, 1),
        };
        self.fixes.push(&[
            Cell::Text(Some(entry.id)),
            Cell::Text(Some(entry.rule)),
            Cell::Text(Some(entry.field)),
            Cell::Int(span.0),
            Cell::Int(span.1),
            Cell::Text(before),
            Cell::Text(after),
            Cell::Int(count),
        ])
    }

    /// Ends the tables. `prefix` goes in front of their paths in the manifest.
    ///
    /// # Errors
    /// I/O.
    pub fn close(self, prefix: &str) -> Result<(Vec<File>, Tally)> {
        let mut files = Vec::new();
        for table in [self.duplicates, self.exclusions, self.fixes] {
            files.extend(table.close(prefix)?);
        }
        Ok((files, self.tally))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn keyed_hashes_are_hmac_sha256() {
        // RFC 4231, test cases 2 and 6.
        assert_eq!(
            keyed_hash(b"Jefe", b"what do ya want for nothing?"),
            "hmac-sha256:5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            keyed_hash(
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First"
            ),
            "hmac-sha256:60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn the_tally_is_compared_with_the_counts() {
        let mut tally = Tally::default();
        tally.add(Reason::Rule("S005"));
        tally.add(Reason::Policy("min-date"));
        let mut counts = Counts {
            excluded: 2,
            by_policy: 1,
            excluded_by_rule: [("S005".to_owned(), 1)].into(),
            ..Counts::default()
        };
        tally.agrees(&counts).unwrap();
        counts.excluded_by_rule = [("S006".to_owned(), 1)].into();
        assert!(tally.agrees(&counts).is_err());
        tally.add(Reason::Retracted);
        assert!(tally.agrees(&counts).unwrap_err().contains("excluded"));
    }
}
