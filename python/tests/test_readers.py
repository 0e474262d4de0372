"""A release must say the same in every reader that people use.

    CORPUS_RELEASE=<directory of a release> python -m unittest discover -s python/tests

Loads it in pandas, pyarrow, Polars, DuckDB and Hugging Face datasets, offline, and compares rows, column
types and the SHA-256 of the sorted (id, text) pairs; then computes row_hash and content_id anew.
"""

import hashlib
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

# Before any Hugging Face module is imported: no network, and no cache outside a directory of our own.
_CACHE = tempfile.TemporaryDirectory(prefix="corpus-hf-", dir=os.environ.get("CORPUS_CACHE"))
os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HOME=_CACHE.name, HF_DATASETS_DISABLE_PROGRESS_BARS="1")

import datasets
import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import corpus_ids

RELEASE = Path(os.environ["CORPUS_RELEASE"]).resolve()
MANIFEST = json.loads((RELEASE / "manifest.json").read_text("utf-8"))
TEXT = os.environ.get("CORPUS_TEXT", "body")

# An Arrow type, as each reader names it. The releases under test have no others.
POLARS = {
    "string": polars.String,
    "int64": polars.Int64,
    "double": polars.Float64,
    "bool": polars.Boolean,
    "date32[day]": polars.Date,
    "timestamp[us, tz=UTC]": polars.Datetime("us", "UTC"),
    "list<element: string>": polars.List(polars.String),
}
DUCKDB = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMP WITH TIME ZONE",
    "list<element: string>": "VARCHAR[]",
}
# What `datasets` makes of `list: string` in a card: a class of its own since version 4.
LIST = getattr(datasets, "List", lambda item: [item])
HUGGING_FACE = {
    "string": datasets.Value("string"),
    "int64": datasets.Value("int64"),
    "double": datasets.Value("float64"),
    "bool": datasets.Value("bool"),
    "date32[day]": datasets.Value("date32"),
    "timestamp[us, tz=UTC]": datasets.Value("timestamp[us, tz=UTC]"),
    "list<element: string>": LIST(datasets.Value("string")),
}


def digest(pairs) -> str:
    """SHA-256 of the (id, text) pairs in order of id, each part with its length."""
    whole = hashlib.sha256()
    for pair in sorted(pairs):
        for part in pair:
            data = part.encode("utf-8")
            whole.update(len(data).to_bytes(8, "little") + data)
    return whole.hexdigest()


def kind(field) -> str:
    """The type without what only Arrow knows: whether elements of a list may be null."""
    return str(field.type).replace(" not null", "")


def shard_files(split) -> list[Path]:
    return [RELEASE / shard["path"] for shard in split["shards"]]


class Readers(unittest.TestCase):
    """Each test loads every split of every config in one reader and compares with plain pyarrow."""

    @classmethod
    def setUpClass(cls):
        cls.expected = {}
        for config in MANIFEST["configs"]:
            for split in config["splits"]:
                # One shard at a time: no reader's idea of a directory is involved.
                tables = [pq.ParquetFile(path).read() for path in shard_files(split)]
                table = pa.concat_tables(tables)
                pairs = zip(table["id"].to_pylist(), table[TEXT].to_pylist())
                cls.expected[config["name"], split["name"]] = (table.num_rows, table.schema, digest(pairs))
                assert table.num_rows == split["rows"], "manifest.json and the shards disagree about rows"

    def splits(self):
        for config in MANIFEST["configs"]:
            for split in config["splits"]:
                yield config["name"], split, *self.expected[config["name"], split["name"]]

    def directory(self, split) -> Path:
        return shard_files(split)[0].parent

    def test_every_shard_has_the_same_schema(self):
        schemas = {
            pq.ParquetFile(path).schema_arrow.serialize().to_pybytes()
            for config in MANIFEST["configs"]
            for split in config["splits"]
            for path in shard_files(split)
        }
        self.assertEqual(len(schemas), 1)

    def test_declared_columns(self):
        declared = [field["name"] for field in MANIFEST["schema"]["fields"]]
        for _, _, _, schema, _ in self.splits():
            self.assertEqual(schema.names, declared)
            self.assertIsNone((schema.metadata or {}).get(b"pandas"))
            self.assertIsNone((schema.metadata or {}).get(b"huggingface"))

    def test_pyarrow_directory(self):
        for _, split, rows, schema, sha in self.splits():
            table = pq.read_table(self.directory(split))
            self.assertEqual(table.num_rows, rows)
            self.assertEqual(table.schema.types, schema.types)
            self.assertEqual(digest(zip(table["id"].to_pylist(), table[TEXT].to_pylist())), sha)

    def test_pandas(self):
        for _, split, rows, schema, sha in self.splits():
            frame = pandas.read_parquet(self.directory(split))
            self.assertEqual(len(frame), rows)
            self.assertEqual(list(frame.columns), schema.names)
            for field in schema:
                if pa.types.is_timestamp(field.type):
                    self.assertEqual(str(frame[field.name].dtype), "datetime64[us, UTC]")
                elif pa.types.is_string(field.type):
                    # Without the missing ones, which make a column of objects of it before pandas 3.
                    present = frame[field.name].dropna()
                    self.assertTrue(present.empty or pandas.api.types.is_string_dtype(present), field.name)
            self.assertEqual(digest(zip(frame["id"], frame[TEXT])), sha)

    def test_polars(self):
        for _, split, rows, schema, sha in self.splits():
            frame = polars.read_parquet(self.directory(split) / "*.parquet")
            self.assertEqual(frame.height, rows)
            for field in schema:
                self.assertEqual(frame.schema[field.name], POLARS[kind(field)], field.name)
            self.assertEqual(digest(zip(frame["id"], frame[TEXT])), sha)

    def test_duckdb(self):
        for _, split, rows, schema, sha in self.splits():
            source = f"read_parquet('{self.directory(split)}/*.parquet')"
            with duckdb.connect() as database:
                columns = {name: kind for name, kind, *_ in database.execute(f"DESCRIBE FROM {source}").fetchall()}
                pairs = database.execute(f"SELECT id, {TEXT} FROM {source}").fetchall()
            self.assertEqual(len(pairs), rows)
            self.assertEqual(list(columns), schema.names)
            for field in schema:
                self.assertEqual(columns[field.name], DUCKDB[kind(field)], field.name)
            self.assertEqual(digest(pairs), sha)

    def test_hugging_face_datasets(self):
        for config, split, rows, schema, sha in self.splits():
            loaded = datasets.load_dataset(str(RELEASE), config, split=split["name"])
            self.assertEqual(loaded.num_rows, rows)
            self.assertEqual(list(loaded.features), schema.names)
            for field in schema:
                self.assertEqual(loaded.features[field.name], HUGGING_FACE[kind(field)], field.name)
            self.assertEqual(digest(zip(loaded["id"], loaded[TEXT])), sha)

    def test_hugging_face_finds_the_same_configs_and_splits(self):
        names = sorted(datasets.get_dataset_config_names(str(RELEASE)))
        self.assertEqual(names, sorted(config["name"] for config in MANIFEST["configs"]))
        for config in MANIFEST["configs"]:
            splits = sorted(datasets.get_dataset_split_names(str(RELEASE), config["name"]))
            self.assertEqual(splits, sorted(split["name"] for split in config["splits"]))


class Identities(unittest.TestCase):
    """What the manifest says about the rows, computed a second time."""

    def test_row_hashes_and_content_id(self):
        [key] = MANIFEST["schema"]["primary_key"]
        rows = []
        for config in MANIFEST["configs"]:
            for split in config["splits"]:
                for shard in split["shards"]:
                    table = pq.ParquetFile(RELEASE / shard["path"]).read()
                    hashes = corpus_ids.row_hashes(table, key)
                    self.assertEqual(corpus_ids.rows_hash(hashes), shard["rows_hash"], shard["path"])
                    rows += [(i, config["name"], split["name"], h) for i, h in zip(table[key].to_pylist(), hashes)]
        self.assertEqual(corpus_ids.content_id(rows), MANIFEST["content_id"])

    def test_counts_balance(self):
        counts = MANIFEST["counts"]
        released = sum(split["rows"] for config in MANIFEST["configs"] for split in config["splits"])
        reasons = ["duplicates", "retracted", "unparseable", "by_policy"]
        excluded = sum(counts["excluded_by_rule"].values()) + sum(counts[reason] for reason in reasons)
        self.assertEqual(counts["accepted"], released)
        self.assertEqual(counts["excluded"], excluded)
        self.assertEqual(counts["collected"], released + excluded)

    def test_sums(self):
        listed = set()
        for line in (RELEASE / "SHA256SUMS").read_text("utf-8").splitlines():
            sha, _, name = line.partition("  ")
            listed.add(name)
            self.assertEqual(hashlib.sha256((RELEASE / name).read_bytes()).hexdigest(), sha, name)
        present = {path.relative_to(RELEASE).as_posix() for path in RELEASE.rglob("*") if path.is_file()}
        self.assertEqual(listed, present - {"SHA256SUMS"})


if __name__ == "__main__":
    unittest.main()
