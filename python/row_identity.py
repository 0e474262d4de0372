"""Recomputes the identities of a release without the tool that made it.

    python row_identity.py releases/arabic-news-v1.2.0

The encoding is described in src/release/row_hash.rs. Needs pyarrow.
"""

import datetime
import hashlib
import json
import pathlib
import struct
import sys

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MICROSECOND = datetime.timedelta(microseconds=1)


def put(tag, payload):
    return tag + struct.pack("<Q", len(payload)) + payload


def text(value):
    return put(b"s", value.encode())


def members(mapping, skip=None):
    pairs = sorted(mapping.items(), key=lambda pair: pair[0].encode())
    return b"".join(text(k) + encode(v) for k, v in pairs if v is not None and k != skip)


def encode(value):
    if value is None:
        return put(b"n", b"")
    if isinstance(value, bool):  # before int: a bool is one
        return put(b"b", bytes([value]))
    if isinstance(value, int):
        return put(b"i", struct.pack("<q", value))
    if isinstance(value, float):
        return put(b"f", struct.pack("<d", value + 0.0))
    if isinstance(value, str):
        return text(value)
    if isinstance(value, datetime.datetime):  # before date: a datetime is one
        return put(b"t", struct.pack("<q", (value - EPOCH) // MICROSECOND))
    if isinstance(value, datetime.date):
        return put(b"d", struct.pack("<q", (value - EPOCH.date()).days))
    if isinstance(value, list):
        return put(b"l", struct.pack("<Q", len(value)) + b"".join(map(encode, value)))
    return put(b"o", members(value))


def row_hash(row, key="id"):
    return hashlib.sha256(text(row[key]) + members(row, skip=key)).digest()


def main(root):
    import pyarrow.parquet as pq

    manifest = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
    key = manifest["schema"]["primary_key"][0]
    rows = []
    for config in manifest["configs"]:
        for split in config["splits"]:
            for shard in split["shards"]:
                records = pq.ParquetFile(root / shard["path"]).read().to_pylist()
                hashes = [row_hash(record, key) for record in records]
                if hashlib.sha256(b"".join(hashes)).hexdigest() != shard["rows_hash"]:
                    sys.exit(f"{shard['path']}: rows_hash differs")
                names = (config["name"], split["name"])
                rows += [(record[key].encode(), *names, h) for record, h in zip(records, hashes)]
    content = hashlib.sha256()
    for key, config, split, digest in sorted(rows):
        content.update(text(config) + text(split) + text(key.decode()) + digest)
    if "corpus1-sha256:" + content.hexdigest() != manifest["content_id"]:
        sys.exit("content_id differs")
    print(f"{len(rows)} rows, {manifest['content_id']}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
