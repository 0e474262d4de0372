"""The identities of a release, computed a second time from their definition.

A value is one tag byte, the length of its payload (64 bits, little-endian) and the payload:

    s  string      its UTF-8 bytes
    i  integer     64 bits little-endian
    f  float       IEEE 754 bits, 64 bits little-endian; -0 as 0
    b  boolean     one byte
    t  timestamp   µs since 1970-01-01T00:00:00Z, as an integer
    d  date        days since 1970-01-01, as an integer
    l  list        number of elements (64 bits), then the elements; n stands for null
    o  struct      its non-null members by name: the name as a string, then the value

row_hash    SHA-256 of the id, then of every other non-null column by name: the name as a string, the value;
            without the columns that the tool computes
rows_hash   SHA-256 of the row hashes of a shard, in file order
content_id  SHA-256 over all rows by (id, config, split): config, split and id as strings, then the row hash

Nothing here is shared with the Rust code, so that agreement means something.
"""

import hashlib
import struct

import pyarrow as pa


def tagged(tag: bytes, payload: bytes) -> bytes:
    return tag + struct.pack("<Q", len(payload)) + payload


def string(text: str) -> bytes:
    return tagged(b"s", text.encode("utf-8"))


def value(scalar: pa.Scalar) -> bytes:
    """One non-null value, by its Arrow type."""
    kind = scalar.type
    if pa.types.is_string(kind):
        return string(scalar.as_py())
    if pa.types.is_int64(kind):
        return tagged(b"i", struct.pack("<q", scalar.as_py()))
    if pa.types.is_float64(kind):
        return tagged(b"f", struct.pack("<d", scalar.as_py() + 0.0))
    if pa.types.is_boolean(kind):
        return tagged(b"b", bytes([scalar.as_py()]))
    if pa.types.is_timestamp(kind):
        return tagged(b"t", struct.pack("<q", scalar.value))
    if pa.types.is_date32(kind):
        return tagged(b"d", struct.pack("<q", scalar.value))
    if pa.types.is_list(kind):
        items = [value(item) if item.is_valid else tagged(b"n", b"") for item in scalar]
        return tagged(b"l", struct.pack("<Q", len(items)) + b"".join(items))
    if pa.types.is_struct(kind):
        members = [(field.name, scalar[field.name]) for field in kind]
        return tagged(b"o", fields(members))
    raise TypeError(f"a release has no column of type {kind}")


def fields(named: list[tuple[str, pa.Scalar]]) -> bytes:
    """Names and values of what is not null, in byte order of the names."""
    ordered = sorted(named, key=lambda pair: pair[0].encode("utf-8"))
    return b"".join(string(name) + value(scalar) for name, scalar in ordered if scalar.is_valid)


# Columns that the tool computes: no values of the record.
COMPUTED = {"corpus_since", "corpus_chars", "corpus_words", "corpus_language", "corpus_language_score"}


def row_hashes(table: pa.Table, key: str = "id") -> list[bytes]:
    """The row hash of every row, in order."""
    names = [name for name in table.column_names if name != key and name not in COMPUTED]
    hashes = []
    for row in range(table.num_rows):
        named = [(name, table[name][row]) for name in names]
        hashes.append(hashlib.sha256(value(table[key][row]) + fields(named)).digest())
    return hashes


def rows_hash(hashes: list[bytes]) -> str:
    """The identity of the rows of one shard."""
    return hashlib.sha256(b"".join(hashes)).hexdigest()


def content_id(rows: list[tuple[str, str, str, bytes]]) -> str:
    """The identity of a dataset; rows are (id, config, split, row hash)."""
    whole = hashlib.sha256()
    for key, config, split, row in sorted(rows, key=lambda r: tuple(part.encode("utf-8") for part in r[:3])):
        whole.update(string(config) + string(split) + string(key) + row)
    return "corpus1-sha256:" + whole.hexdigest()
