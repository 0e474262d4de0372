use super::super::testing;
use super::*;
use crate::record::Tree;
use arrow_array::Array as _;
use arrow_array::cast::AsArray as _;
use arrow_schema::Fields;

fn with<T>(json: &str, f: impl FnOnce(Value<'_>) -> T) -> T {
    let mut tree = Tree::new();
    testing::parse(json, &mut tree);
    f(tree.root(json).unwrap())
}

fn encode(json: &str) -> (Vec<u8>, RowHash) {
    let mut row = Vec::new();
    let hash = with(json, |value| testing::columns().encode(value, &mut row)).unwrap();
    (row, hash)
}

fn push(builder: &mut BatchBuilder, json: &str) {
    builder.push(&encode(json).0).unwrap();
}

const ROW: &str = r#"{"id":"a","title":"t","body":"b","published_at":"2024-01-01","reads":1"#;

#[test]
fn extra_is_canonical() {
    let json = format!(
        r#"{ROW},"z":{{"b":1.50,"a":"\u0007\n\u00e9/"}},"y":null,"place":{{"city":"c","up":true}},"z2":[],"y":[1,2],"places":[{{"k~/":"v"}}]}}"#
    );
    let columns = testing::columns();
    let mut builder = columns.builder();
    push(&mut builder, &json);
    push(&mut builder, &format!("{ROW}}}"));
    let batch = builder.finish().unwrap();
    let extra = batch.column_by_name(EXTRA).unwrap().as_string::<i32>().clone();
    assert_eq!(
        extra.value(0),
        r#"{"/place/up":true,"/places/0/k~0~1":"v","y":[1,2],"z":{"a":"\u0007\né/","b":1.50},"z2":[]}"#
    );
    assert!(extra.is_null(1));
    assert_eq!(batch.num_rows(), 2);
    assert!(builder.is_empty());
}

#[test]
fn misfits_are_located() {
    let columns = testing::columns();
    for (tail, pointer, rule) in [
        (r#","title":null}"#, "/title", "S005"),
        (r#","body":5}"#, "/body", "S006"),
        (r#","published_at":"yesterday"}"#, "/published_at", "S010"),
        (
            r#","published_at":"2024-01-01T00:00:00"}"#,
            "/published_at",
            "S010",
        ),
        (r#","published_at":12}"#, "/published_at", "S006"),
        (r#","day":"2023-02-29"}"#, "/day", "S010"),
        (r#","reads":1.5}"#, "/reads", "S006"),
        (r#","reads":9223372036854775808}"#, "/reads", "S010"),
        (r#","score":1e400}"#, "/score", "S010"),
        (r#","paid":"true"}"#, "/paid", "S006"),
        (r#","tags":["x",null]}"#, "/tags/1", "S005"),
        (r#","tags":"x"}"#, "/tags", "S006"),
        (r#","places":[{},{"lat":"n"}]}"#, "/places/1/lat", "S006"),
    ] {
        let json = format!("{ROW}{tail}");
        let checked = with(&json, |row| columns.check(row)).unwrap_err();
        assert_eq!(
            (checked.pointer.as_str(), checked.rule),
            (pointer, rule),
            "{json}"
        );
        assert_eq!(
            with(&json, |row| columns.encode(row, &mut Vec::new())).unwrap_err(),
            checked
        );
    }
    for good in [
        r#","reads":1e3}"#,
        r#","reads":-9223372036854775808}"#,
        r#","score":3,"day":null}"#,
    ] {
        with(&format!("{ROW}{good}"), |row| columns.check(row)).unwrap();
    }
    assert_eq!(with("[1]", |row| columns.check(row)).unwrap_err().rule, "S006");
    let strict = Columns::new(&testing::schema(), "id", Undeclared::Refuse).unwrap();
    let json = format!(r#"{ROW},"place":{{"x/y":1}}}}"#);
    assert_eq!(
        with(&json, |row| strict.check(row)).unwrap_err().pointer,
        "/place/x~1y"
    );
    let json = format!(r#"{ROW},"q":1}}"#);
    assert_eq!(with(&json, |row| strict.check(row)).unwrap_err().pointer, "/q");
}

#[test]
fn types_that_some_reader_cannot_read_are_refused() {
    let item = |name: &str| DataType::List(Arc::new(Field::new(name, DataType::Utf8, true)));
    for (kind, ok) in [
        (DataType::Utf8, true),
        (item("element"), true),
        (item("item"), false),
        (DataType::Utf8View, false),
        (DataType::UInt64, false),
        (DataType::Int32, false),
        (DataType::Timestamp(TimeUnit::Microsecond, None), false),
        (
            DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
            false,
        ),
        (DataType::Struct(Fields::empty()), false),
    ] {
        assert_eq!(check_type(&kind).is_ok(), ok, "{kind}");
    }
    let schema = Schema::new(vec![
        Field::new("id", DataType::Utf8, false),
        Field::new(EXTRA, DataType::Utf8, true),
    ]);
    assert!(Columns::new(&schema, "id", Undeclared::Extra).is_err());
    assert!(Columns::new(&schema, "id", Undeclared::Drop).is_ok());
    assert!(Columns::new(&schema, "key", Undeclared::Drop).is_err());
}

/// The rows that come out of a batch are those that went in, and have the hash that readers compute.
#[test]
fn rows_travel_whole() {
    let columns = testing::columns();
    let mut builder = columns.builder();
    let mut expected = Vec::new();
    let records: Vec<String> = (0..40).map(|i| testing::record(i, 0).1).collect();
    let zero = format!(r#"{ROW},"score":-0.0,"place":{{"lat":-0.0}},"places":[{{"lat":0.0}},{{}}]}}"#);
    for json in records.iter().chain([&zero]) {
        let (row, hash) = encode(json);
        builder.push(&row).unwrap();
        expected.push(hash);
    }
    let batch = builder.finish().unwrap();
    let mut found = Vec::new();
    row_hash::RowHasher::new(columns.schema(), columns.id())
        .hash(&batch, &mut found)
        .unwrap();
    assert_eq!(found, expected);
    let column = |name| batch.column_by_name(name).unwrap();
    let text = column("title").as_string::<i32>();
    assert_eq!(text.value(7), "Title «7»\n");
    let scores = column("score").as_primitive::<arrow_array::types::Float64Type>();
    assert!(scores.value(40) == 0.0 && scores.value(40).is_sign_negative());
    assert!(scores.is_null(1));
}

#[test]
fn a_damaged_row_is_noticed() {
    let columns = testing::columns();
    let (row, _) = encode(&testing::record(15, 0).1);
    for end in 0..row.len() {
        let taken = columns.builder().push(&row[..end]);
        // Cut between two columns, it is a row with fewer of them.
        assert!(taken.is_none() || row[end] == b's', "{end}");
    }
    let mut other = row.clone();
    other[0] = b'i';
    assert!(columns.builder().push(&other).is_none());
    other.clone_from(&row);
    other.push(b's');
    assert!(columns.builder().push(&other).is_none());
}
