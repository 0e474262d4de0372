"""The Polars peer of `corpus release`: scan, drop equal bodies, write Parquet; no lint, no hashes, no audit.

    polars_release.py FILE.jsonl OUT.parquet
"""

import sys

import polars

source, out = sys.argv[1:]
frame = polars.scan_ndjson(source).unique(subset=["body"], keep="any")
frame.sink_parquet(out, compression="zstd", compression_level=3)
