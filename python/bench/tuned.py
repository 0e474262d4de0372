"""The careful Python peer of `corpus lint`: orjson, jsonschema-rs, unicodedata and re in two processes.

    tuned.py SCHEMA FILE.jsonl

Counts the records that fail the schema and those whose title or body is not NFC or holds controls, bidi
controls, zero-width characters, presentation forms, tatweel, replacement characters or C1 leftovers.
"""

import json
import multiprocessing
import os
import re
import sys
from collections import Counter
from unicodedata import is_normalized

import jsonschema_rs
import orjson

CLASSES = {
    "control": "\x00-\x08\x0b\x0c\x0e-\x1f\x7f",
    "c1": "\x80-\x9f",
    "bidi": "\u202a-\u202e\u2066-\u2069",
    "invisible": "\xad\u034f\u200b\u2060-\u2064\ufeff",
    "presentation": "\ufb50-\ufdfb\ufe70-\ufefc",
    "tatweel": "\u0640",
    "replacement": "\ufffd",
    "space": "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000",
}
ANY = re.compile("[" + "".join(CLASSES.values()) + "]")
EACH = {name: re.compile(f"[{chars}]") for name, chars in CLASSES.items()}


def lint(job: tuple[str, str, int, int]) -> Counter:
    """Checks the lines that begin in `start..end`."""
    schema, path, start, end = job
    validator = jsonschema_rs.validator_for(json.load(open(schema, encoding="utf-8")), validate_formats=True)
    found = Counter()
    with open(path, "rb", buffering=1 << 20) as file:
        if start:
            # The line that holds the byte before `start` belongs to the other process.
            file.seek(start - 1)
            file.readline()
        at = file.tell()
        while at < end and (line := file.readline()):
            at += len(line)
            found["records"] += 1
            try:
                record = orjson.loads(line)
            except orjson.JSONDecodeError:
                found["json"] += 1
                continue
            if not validator.is_valid(record):
                found["schema"] += sum(1 for _ in validator.iter_errors(record))
            for name in ("title", "body"):
                text = record.get(name)
                if not isinstance(text, str):
                    continue
                if not is_normalized("NFC", text):
                    found["nfc"] += 1
                if ANY.search(text):
                    for kind, pattern in EACH.items():
                        found[kind] += sum(1 for _ in pattern.finditer(text))
    return found


def main() -> None:
    schema, path = sys.argv[1:]
    size, processes = os.path.getsize(path), 2
    cuts = [size * n // processes for n in range(processes + 1)]
    jobs = [(schema, path, start, end) for start, end in zip(cuts, cuts[1:])]
    with multiprocessing.Pool(processes) as pool:
        print(dict(sum(pool.map(lint, jobs, chunksize=1), Counter())))


if __name__ == "__main__":
    main()
