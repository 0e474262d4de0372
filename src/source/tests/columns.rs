//! Parquet and Arrow.

use super::codecs::compress;
use super::*;
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int64Array, RecordBatch,
    StringArray, StringViewArray, StructArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field};
use serde_json::json;
use std::sync::Arc;

fn batch() -> RecordBatch {
    let mut tags = ListBuilder::new(StringBuilder::new());
    tags.append_value([Some("x"), None]);
    tags.append_null();
    let colours: DictionaryArray<Int32Type> = vec![Some("red"), None].into_iter().collect();
    let inner: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None]));
    let meta = StructArray::from(vec![(Arc::new(Field::new("n", DataType::Int64, true)), inner)]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(StringArray::from(vec!["أ", "b\"\n"]))),
        ("view", Arc::new(StringViewArray::from(vec![Some("v"), None]))),
        (
            "n",
            Arc::new(Int64Array::from(vec![Some(9_007_199_254_740_993), None])),
        ),
        ("x", Arc::new(Float64Array::from(vec![0.1, f64::NAN]))),
        ("ok", Arc::new(BooleanArray::from(vec![true, false]))),
        ("day", Arc::new(Date32Array::from(vec![19_844, 0]))),
        (
            "at",
            Arc::new(TimestampMicrosecondArray::from(vec![1_714_550_400_500_000, 0]).with_timezone("UTC")),
        ),
        (
            "local",
            Arc::new(TimestampMicrosecondArray::from(vec![1_714_550_400_000_000, 0])),
        ),
        (
            "raw",
            Arc::new(BinaryArray::from(vec![b"text".as_slice(), b"\xFF\x00"])),
        ),
        ("colour", Arc::new(colours)),
        ("tags", Arc::new(tags.finish())),
        ("meta", Arc::new(meta)),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn expected() -> Vec<Value> {
    vec![
        json!({
            "id":"أ","view":"v","n":9_007_199_254_740_993_i64,"x":0.1,"ok":true,"day":"2024-05-01",
            "at":"2024-05-01T08:00:00.5Z","local":"2024-05-01T08:00:00","raw":"text","colour":"red",
            "tags":["x",null],"meta":{"n":1}
        }),
        json!({
            "id":"b\"\n","x":null,"ok":false,"day":"1970-01-01","at":"1970-01-01T00:00:00Z",
            "local":"1970-01-01T00:00:00","raw":"ff00","meta":{}
        }),
    ]
}

fn parquet_file(batch: &RecordBatch) -> Vec<u8> {
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_max_row_group_row_count(Some(3))
        .set_compression(parquet::basic::Compression::ZSTD(
            parquet::basic::ZstdLevel::default(),
        ))
        .build();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

fn arrow_file(batch: &RecordBatch, compression: Option<arrow_ipc::CompressionType>) -> Vec<u8> {
    let options = arrow_ipc::writer::IpcWriteOptions::default()
        .try_with_compression(compression)
        .unwrap();
    let mut writer =
        arrow_ipc::writer::FileWriter::try_new_with_options(Vec::new(), &batch.schema(), options).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

fn arrow_stream(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = arrow_ipc::writer::StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn parquet_rows_become_records() {
    let bytes = parquet_file(&batch());
    for (name, bytes) in [
        ("a.parquet", bytes.clone()),
        ("unknown", bytes.clone()),
        ("a.parquet.gz", compress("gz", &bytes)),
    ] {
        let read = Read::file(name, &bytes, options());
        assert_eq!(read.records(), expected(), "{name}");
        assert_eq!(read.lines(), [1, 2]);
        let map = read.chunks[0].entries[0].map.as_ref().unwrap();
        assert_eq!(map[0].name.as_deref(), Some("id"));
        assert_eq!(map[0].back, Back::Nowhere);
    }
}

#[test]
fn arrow_files_and_streams() {
    use arrow_ipc::CompressionType;
    for compression in [
        None,
        Some(CompressionType::LZ4_FRAME),
        Some(CompressionType::ZSTD),
    ] {
        let bytes = arrow_file(&batch(), compression);
        assert_eq!(Read::file("a.feather", &bytes, options()).records(), expected());
        assert_eq!(Read::file("unknown", &bytes, options()).records(), expected());
    }
    let bytes = arrow_stream(&batch());
    let twice = [expected(), expected()].concat();
    for name in ["a.arrow", "unknown"] {
        let read = Read::file(name, &bytes, options());
        assert_eq!(read.records(), twice);
        assert_eq!(read.lines(), [1, 2, 3, 4]);
    }
    assert_eq!(
        Read::file("a.arrow.zst", &compress("zst", &bytes), options()).records(),
        twice
    );
}

#[test]
fn large_batches_are_cut() {
    let ids: Vec<String> = (0..1000).map(|n| format!("id-{n}")).collect();
    let column: ArrayRef = Arc::new(StringArray::from(ids.clone()));
    let batch = RecordBatch::try_from_iter([("id", column)]).unwrap();
    for bytes in [parquet_file(&batch), arrow_file(&batch, None)] {
        let options = Options {
            chunk_bytes: 500,
            ..options()
        };
        let read = Read::file("data", &bytes, options);
        assert!(read.chunks.len() > 10);
        let found: Vec<_> = read
            .records()
            .iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(found, ids);
        assert_eq!(read.lines(), (1..=1000).collect::<Vec<_>>());
    }
}

#[test]
fn cut_files_are_said() {
    for (name, bytes) in [
        ("a.parquet", parquet_file(&batch())),
        ("a.arrow", arrow_file(&batch(), None)),
    ] {
        for end in (0..bytes.len()).step_by(7) {
            let read = Read::file(name, &bytes[..end], options());
            assert_eq!(read.places(), [("E005", 1, 0)], "{name} cut at {end}");
        }
    }
    let stream = arrow_stream(&batch());
    let packed = compress("gz", &stream);
    let read = Read::file("a.arrow.gz", &packed[..packed.len() - 4], options());
    assert_eq!(read.texts().len(), 4);
    assert_eq!(read.places(), [("E005", 5, 0)]);
}

#[test]
fn flipped_bytes_are_no_panic() {
    for (name, bytes) in [
        ("a.parquet", parquet_file(&batch())),
        ("a.arrow", arrow_file(&batch(), None)),
        ("b.arrow", arrow_stream(&batch())),
    ] {
        for at in (0..bytes.len()).step_by(5) {
            let mut broken = bytes.clone();
            broken[at] ^= 0x15;
            Read::file(name, &broken, options());
        }
    }
}

#[test]
fn a_row_that_is_too_long_costs_only_itself() {
    let long = "ب".repeat(600);
    let bodies = StringArray::from(vec!["a", &long, "c"]);
    let tags = {
        let mut tags = ListBuilder::new(StringBuilder::new());
        for items in [1, 0, 400] {
            tags.append_value(vec![Some("xyz"); items]);
        }
        tags.finish()
    };
    let columns: Vec<(&str, ArrayRef)> = vec![("body", Arc::new(bodies)), ("tags", Arc::new(tags))];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let options = Options {
        max_record_bytes: 1000,
        ..options()
    };
    let read = Read::file("a.parquet", &parquet_file(&batch), options);
    assert_eq!(read.places(), [("S014", 2, 0), ("S014", 3, 0)]);
    assert_eq!(read.records().len(), 1);
}
