//! The only place that names Parquet's writer: pinned settings, hashed output.
//!
//! Bytes are a function of the rows, their cuts and [`WriteOptions`] alone. Row groups are encoded
//! wherever there is a free thread ([`Encoder`]) and appended in order ([`ShardFile`]).

use super::footer;
use super::manifest::File;
use super::{Error, Result, hex};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, ArrowWriterOptions, compute_leaves,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{
    BloomFilterPosition, EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion,
};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use sha2::{Digest as _, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Name and version of the Parquet library, for the manifest.
pub const LIBRARY: &str = "parquet 60";

/// Rows of a record batch.
pub const BATCH_ROWS: usize = 8_192;

/// Bytes of records after which a batch ends early: long records do not pile up, and what is built is
/// still in the processor's cache when it is compressed.
pub const BATCH_BYTES: usize = 1 << 20;

/// Most rows of a row group.
pub const ROW_GROUP_ROWS: usize = 131_072;

/// Compression of columns of hashes: there is nothing to find in them at any level.
const HASH_LEVEL: i32 = 1;

/// False positive rate of the Bloom filter on ids.
const BLOOM_FPP: f64 = 0.01;

/// What readers see as the writer of a file. Never the version of the tool: reused shards keep theirs.
const CREATED_BY: &str = "corpus version 1";

/// How shards are cut and compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteOptions {
    /// zstd level, 1 to 22.
    pub zstd_level: i32,
    /// Compressed bytes after which a shard ends (at the end of the row group).
    pub shard_bytes: u64,
    /// Bytes of records after which a row group ends.
    pub row_group_bytes: u64,
    /// Rows after which a row group ends.
    pub row_group_rows: usize,
    /// Columns of long unique text: no dictionary, no statistics.
    pub text_columns: Vec<String>,
    /// Columns of other unique values: no dictionary.
    pub unique_columns: Vec<String>,
    /// Threads that encode. Changes no byte.
    pub threads: usize,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            zstd_level: 3,
            shard_bytes: 256 << 20,
            row_group_bytes: 64 << 20,
            row_group_rows: ROW_GROUP_ROWS,
            text_columns: vec!["body".to_owned()],
            unique_columns: Vec::new(),
            threads: 1,
        }
    }
}

impl WriteOptions {
    fn base(&self) -> Result<WriterPropertiesBuilder> {
        let level = ZstdLevel::try_new(self.zstd_level).map_err(|_| {
            Error::Invalid(format!("release.zstd-level = {} is not 1 to 22", self.zstd_level))
        })?;
        Ok(WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_1_0)
            .set_coerce_types(true)
            .set_compression(Compression::ZSTD(level))
            .set_created_by(CREATED_BY.to_owned())
            .set_statistics_enabled(EnabledStatistics::Page)
            .set_statistics_truncate_length(Some(64))
            .set_column_index_truncate_length(Some(64))
            .set_bloom_filter_position(BloomFilterPosition::End)
            .set_max_row_group_row_count(Some(self.row_group_rows)))
    }

    /// Settings of the shards whose rows came with release `since`.
    fn data(&self, schema: &SchemaRef, id: usize, dataset: &str, since: &str) -> Result<WriterProperties> {
        let id_name = schema.field(id).name();
        let id_path = ColumnPath::from(id_name.as_str());
        let mut builder = self
            .base()?
            .set_key_value_metadata(Some(vec![
                KeyValue::new("corpus:dataset".to_owned(), dataset.to_owned()),
                KeyValue::new("corpus:rows-since".to_owned(), since.to_owned()),
            ]))
            .set_column_dictionary_enabled(id_path.clone(), false)
            .set_column_bloom_filter_enabled(id_path.clone(), true)
            .set_column_bloom_filter_fpp(id_path.clone(), BLOOM_FPP)
            .set_column_bloom_filter_max_ndv(id_path, self.row_group_rows as u64);
        if let Some(leaf) = leaf_index(schema, id) {
            builder = builder.set_sorting_columns(Some(vec![SortingColumn {
                column_idx: leaf,
                descending: false,
                nulls_first: false,
            }]));
        }
        for name in &self.unique_columns {
            builder = builder.set_column_dictionary_enabled(ColumnPath::from(name.as_str()), false);
        }
        for name in self.text_columns.iter().filter(|name| *name != id_name) {
            let path = ColumnPath::from(name.as_str());
            builder = builder
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_statistics_enabled(path, EnabledStatistics::None);
        }
        Ok(builder.build())
    }

    /// Settings of the tables beside the rows: hashes and ids get no dictionary.
    fn table(&self, schema: &SchemaRef) -> Result<WriterProperties> {
        let mut builder = self.base()?;
        let hashes =
            Compression::ZSTD(ZstdLevel::try_new(HASH_LEVEL.min(self.zstd_level)).unwrap_or_default());
        for name in schema.fields().iter().map(|field| field.name().as_str()) {
            let path = ColumnPath::from(name);
            if ["id", "root"].contains(&name) {
                builder = builder.set_column_dictionary_enabled(path, false);
            } else if ["row_hash", "exact_key", "match_key"].contains(&name) {
                builder = builder
                    .set_column_dictionary_enabled(path.clone(), false)
                    .set_column_statistics_enabled(path.clone(), EnabledStatistics::None)
                    .set_column_compression(path, hashes);
            }
        }
        Ok(builder.build())
    }
}

/// Leaf columns in front of top-level column `index`: sorting columns are leaves.
fn leaf_index(schema: &SchemaRef, index: usize) -> Option<i32> {
    fn leaves(kind: &arrow_schema::DataType) -> i32 {
        use arrow_schema::DataType::{List, Struct};
        match kind {
            List(item) => leaves(item.data_type()),
            Struct(fields) => fields.iter().map(|f| leaves(f.data_type())).sum(),
            _ => 1,
        }
    }
    let before = schema.fields().get(..index)?;
    Some(before.iter().map(|f| leaves(f.data_type())).sum())
}

/// A file that is hashed while it is written.
#[derive(Debug)]
pub struct HashWriter {
    file: fs_err::File,
    sha: Sha256,
    bytes: u64,
    tail: [u8; 8],
    /// The end of the file, kept back until it is settled.
    held: Option<Vec<u8>>,
}

impl HashWriter {
    /// Creates a new file; an existing one is an error.
    ///
    /// # Errors
    /// I/O.
    pub fn create(path: &Path) -> Result<Self> {
        if let Some(parent) = path.parent() {
            fs_err::create_dir_all(parent)?;
        }
        let file = fs_err::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)?;
        Ok(Self {
            file,
            sha: Sha256::new(),
            bytes: 0,
            tail: [0; 8],
            held: None,
        })
    }

    /// Keeps back what is written from now on.
    fn hold(&mut self) {
        self.held = Some(Vec::new());
    }

    /// What was kept back; writing goes on as before.
    fn take_held(&mut self) -> Vec<u8> {
        self.held.take().unwrap_or_default()
    }

    fn facts(&self) -> (u64, String, [u8; 8]) {
        (self.bytes, hex(&self.sha.clone().finalize()), self.tail)
    }
}

impl Write for HashWriter {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        if let Some(held) = &mut self.held {
            held.extend_from_slice(buf);
            return Ok(buf.len());
        }
        let written = self.file.write(buf)?;
        let done = &buf[..written];
        self.sha.update(done);
        self.bytes += written as u64;
        let keep = done.len().min(8);
        self.tail.rotate_left(keep);
        self.tail[8 - keep..].copy_from_slice(&done[done.len() - keep..]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Which kind of file an encoder makes.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'a> {
    /// Rows of the dataset.
    Data {
        /// Index of the id column.
        id: usize,
        /// Name of the dataset.
        dataset: &'a str,
        /// Release that introduced the rows.
        since: &'a str,
    },
    /// A table beside them.
    Table,
}

/// Encodes row groups of one kind of file; shared by threads.
#[derive(Debug)]
pub struct Encoder {
    schema: SchemaRef,
    properties: WriterProperties,
    factory: ArrowRowGroupWriterFactory,
}

impl Encoder {
    /// An encoder of files of `schema`.
    ///
    /// # Errors
    /// A zstd level that does not exist, a schema Parquet cannot hold.
    pub fn new(options: &WriteOptions, schema: &SchemaRef, kind: Kind<'_>) -> Result<Self> {
        let properties = match kind {
            Kind::Data { id, dataset, since } => options.data(schema, id, dataset, since)?,
            Kind::Table => options.table(schema)?,
        };
        // Column writers need a file writer only for its schema and settings.
        let (_, factory) =
            open(Vec::new(), schema, &properties).map_err(|e| Error::Invalid(e.to_string()))?;
        Ok(Self {
            schema: schema.clone(),
            properties,
            factory,
        })
    }

    /// Starts a row group.
    ///
    /// # Errors
    /// The Parquet library's.
    pub fn row_group(&self) -> std::result::Result<RowGroup, ParquetError> {
        Ok(RowGroup {
            schema: self.schema.clone(),
            writers: self.factory.create_column_writers(0)?,
        })
    }
}

fn open<W: Write + Send>(
    out: W,
    schema: &SchemaRef,
    properties: &WriterProperties,
) -> std::result::Result<(SerializedFileWriter<W>, ArrowRowGroupWriterFactory), ParquetError> {
    let options = ArrowWriterOptions::new().with_properties(properties.clone());
    ArrowWriter::try_new_with_options(out, schema.clone(), options)?.into_serialized_writer()
}

/// A row group being encoded.
#[derive(Debug)]
pub struct RowGroup {
    schema: SchemaRef,
    writers: Vec<ArrowColumnWriter>,
}

impl RowGroup {
    /// Adds a batch.
    ///
    /// # Errors
    /// The Parquet library's.
    pub fn write(&mut self, batch: &RecordBatch) -> std::result::Result<(), ParquetError> {
        let mut writers = self.writers.iter_mut();
        for (field, column) in self.schema.fields().iter().zip(batch.columns()) {
            for (leaf, writer) in compute_leaves(field, column)?.iter().zip(&mut writers) {
                writer.write(leaf)?;
            }
        }
        Ok(())
    }

    /// Ends the row group.
    ///
    /// # Errors
    /// The Parquet library's.
    pub fn close(self) -> std::result::Result<Vec<ArrowColumnChunk>, ParquetError> {
        self.writers.into_iter().map(ArrowColumnWriter::close).collect()
    }
}

/// A Parquet file being written.
pub struct ShardFile {
    path: PathBuf,
    writer: SerializedFileWriter<HashWriter>,
}

/// What a finished file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Row groups.
    pub row_groups: u64,
    /// Sum of their uncompressed sizes.
    pub uncompressed_bytes: u64,
    /// Length of the footer.
    pub footer_bytes: u64,
}

impl ShardFile {
    /// Creates the file.
    ///
    /// # Errors
    /// I/O, or the Parquet library's.
    pub fn create(path: &Path, encoder: &Encoder) -> Result<Self> {
        let out = HashWriter::create(path)?;
        let (writer, _) =
            open(out, &encoder.schema, &encoder.properties).map_err(|e| Error::parquet(path, e))?;
        Ok(Self {
            path: path.to_owned(),
            writer,
        })
    }

    /// Appends an encoded row group.
    ///
    /// # Errors
    /// I/O, or the Parquet library's.
    pub fn append(&mut self, chunks: Vec<ArrowColumnChunk>) -> Result<()> {
        let result = self.writer.next_row_group().and_then(|mut group| {
            for chunk in chunks {
                chunk.append_to_row_group(&mut group)?;
            }
            group.close().map(drop)
        });
        result.map_err(|e| Error::parquet(&self.path, e))
    }

    /// Bytes written so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.writer.bytes_written() as u64
    }

    /// Writes the footer.
    ///
    /// # Errors
    /// I/O, or the Parquet library's.
    pub fn close(mut self) -> Result<FileFacts> {
        self.writer.inner_mut().hold();
        let metadata = self.writer.finish().map_err(|e| Error::parquet(&self.path, e))?;
        // `finish` has flushed everything into the hashing writer.
        let out = self.writer.inner_mut();
        let mut end = out.take_held();
        let leaves = metadata.file_metadata().schema_descr().num_columns();
        footer::declare_defined_orders(&mut end, leaves).ok_or_else(|| {
            Error::Invalid(format!(
                "{}: the Parquet library wrote a footer of unknown form",
                self.path.display()
            ))
        })?;
        out.write_all(&end)?;
        let (bytes, sha256, tail) = self.writer.inner().facts();
        let length = [tail[0], tail[1], tail[2], tail[3]];
        Ok(FileFacts {
            bytes,
            sha256,
            row_groups: metadata.num_row_groups() as u64,
            uncompressed_bytes: metadata
                .row_groups()
                .iter()
                .map(|group| group.total_byte_size() as u64)
                .sum(),
            footer_bytes: u64::from(u32::from_le_bytes(length)),
        })
    }
}

/// A table beside the rows, written batch by batch. No batch, no file.
pub struct TableFile {
    path: PathBuf,
    encoder: Encoder,
    file: Option<ShardFile>,
    group: Option<RowGroup>,
    rows_in_group: usize,
    rows: u64,
}

impl TableFile {
    /// Will create `path` with the first batch.
    ///
    /// # Errors
    /// Settings that Parquet refuses.
    pub fn new(path: PathBuf, options: &WriteOptions, schema: &SchemaRef) -> Result<Self> {
        Ok(Self {
            path,
            encoder: Encoder::new(options, schema, Kind::Table)?,
            file: None,
            group: None,
            rows_in_group: 0,
            rows: 0,
        })
    }

    /// Adds a batch.
    ///
    /// # Errors
    /// I/O, or the Parquet library's.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let parquet = |e| Error::parquet(&self.path, e);
        let mut group = match self.group.take() {
            Some(group) => group,
            None => self.encoder.row_group().map_err(parquet)?,
        };
        group.write(batch).map_err(parquet)?;
        self.group = Some(group);
        self.rows_in_group += batch.num_rows();
        self.rows += batch.num_rows() as u64;
        if self.rows_in_group >= ROW_GROUP_ROWS {
            self.end_group()?;
        }
        Ok(())
    }

    fn end_group(&mut self) -> Result<()> {
        let Some(group) = self.group.take() else {
            return Ok(());
        };
        self.rows_in_group = 0;
        let chunks = group.close().map_err(|e| Error::parquet(&self.path, e))?;
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(ShardFile::create(&self.path, &self.encoder)?),
        };
        file.append(chunks)
    }

    /// Rows so far.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Ends the file; `None` when there was no row. `name` is its path in the manifest.
    ///
    /// # Errors
    /// I/O, or the Parquet library's.
    pub fn close(mut self, name: &str, role: super::manifest::Role) -> Result<Option<File>> {
        self.end_group()?;
        let Some(file) = self.file else {
            return Ok(None);
        };
        let facts = file.close()?;
        Ok(Some(File {
            path: name.to_owned(),
            bytes: facts.bytes,
            sha256: facts.sha256,
            role,
        }))
    }
}
