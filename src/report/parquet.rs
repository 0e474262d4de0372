//! `parquet`: findings as rows of plain types, for data tools. Values are as in `json`.

use super::{Output, fingerprint};
use crate::finding::{Finding, Sink, Summary};
use arrow_array::builder::{Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::io::{self, Write};
use std::sync::Arc;

/// Rows that are held before they are encoded.
const BATCH: usize = 4_096;

/// Rows of a row group: what the writer buffers, encoded.
const ROW_GROUP: usize = 65_536;

/// The columns: name, and whether text (else a 64-bit integer) and whether nullable.
const COLUMNS: [(&str, bool, bool); 17] = [
    ("code", true, false),
    ("name", true, false),
    ("severity", true, false),
    ("path", true, false),
    ("line", false, true),
    ("column", false, true),
    ("id", true, true),
    ("field", true, true),
    ("start", false, true),
    ("end", false, true),
    ("start_char", false, true),
    ("end_char", false, true),
    ("offset", false, true),
    ("message", true, false),
    ("fix_safety", true, true),
    ("fix_title", true, true),
    ("fingerprint", true, false),
];

enum Column {
    Text(StringBuilder),
    Integer(Int64Builder),
}

impl Column {
    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
        }
    }
}

/// One value of a row.
enum Cell<'a> {
    Text(Option<&'a str>),
    Integer(Option<u64>),
}

pub(super) struct Parquet {
    state: State,
    schema: Arc<Schema>,
    columns: Vec<Column>,
    rows: usize,
}

/// The writer is opened with the first batch: opening can fail, and writes.
enum State {
    New(Output),
    Open(Box<ArrowWriter<Output>>),
    Done,
}

impl Parquet {
    pub(super) fn new(out: Output) -> Self {
        let kind = |text| if text { DataType::Utf8 } else { DataType::Int64 };
        let fields: Vec<Field> = COLUMNS
            .iter()
            .map(|&(name, text, nullable)| Field::new(name, kind(text), nullable))
            .collect();
        let columns = COLUMNS
            .iter()
            .map(|&(_, text, _)| {
                if text {
                    Column::Text(StringBuilder::new())
                } else {
                    Column::Integer(Int64Builder::new())
                }
            })
            .collect();
        Self {
            state: State::New(out),
            schema: Arc::new(Schema::new(fields)),
            columns,
            rows: 0,
        }
    }

    fn writer(&mut self) -> io::Result<&mut ArrowWriter<Output>> {
        self.state = match std::mem::replace(&mut self.state, State::Done) {
            State::New(out) => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(ZstdLevel::default()))
                    .set_max_row_group_row_count(Some(ROW_GROUP))
                    .build();
                let options = ArrowWriterOptions::new()
                    .with_properties(properties)
                    .with_skip_arrow_metadata(true);
                let writer = ArrowWriter::try_new_with_options(out, Arc::clone(&self.schema), options)?;
                State::Open(Box::new(writer))
            }
            other => other,
        };
        match &mut self.state {
            State::Open(writer) => Ok(writer),
            State::New(_) | State::Done => Err(io::Error::other("the report has ended")),
        }
    }

    fn write_batch(&mut self) -> io::Result<()> {
        let columns = self.columns.iter_mut().map(Column::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(io::Error::other)?;
        self.rows = 0;
        self.writer()?.write(&batch)?;
        Ok(())
    }
}

impl Sink for Parquet {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let hash = fingerprint(finding);
        let fix = finding.fix.as_ref();
        let position = |at: Option<usize>| Cell::Integer(at.map(|at| at as u64));
        let row: [Cell<'_>; 17] = [
            Cell::Text(Some(finding.code)),
            Cell::Text(Some(finding.name)),
            Cell::Text(Some(finding.severity.as_str())),
            Cell::Text(Some(&finding.path)),
            Cell::Integer(finding.line),
            Cell::Integer(finding.column),
            Cell::Text(finding.id.as_deref()),
            Cell::Text(finding.field.as_deref()),
            position(finding.span.map(|span| span.start)),
            position(finding.span.map(|span| span.end)),
            position(finding.chars.map(|span| span.start)),
            position(finding.chars.map(|span| span.end)),
            Cell::Integer(finding.offset),
            Cell::Text(Some(&finding.message)),
            Cell::Text(fix.map(|fix| fix.safety.as_str())),
            Cell::Text(fix.map(|fix| &*fix.title)),
            Cell::Text(Some(&hash)),
        ];
        for (column, cell) in self.columns.iter_mut().zip(row) {
            match (column, cell) {
                (Column::Text(builder), Cell::Text(value)) => builder.append_option(value),
                (Column::Integer(builder), Cell::Integer(value)) => {
                    builder.append_option(value.and_then(|value| i64::try_from(value).ok()));
                }
                _ => return Err(io::Error::other("a column has another type than its value")),
            }
        }
        self.rows += 1;
        if self.rows == BATCH {
            self.write_batch()?;
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary) -> io::Result<()> {
        if self.rows > 0 {
            self.write_batch()?;
        }
        self.writer()?;
        if let State::Open(writer) = std::mem::replace(&mut self.state, State::Done) {
            writer.into_inner()?.flush()?;
        }
        Ok(())
    }
}
