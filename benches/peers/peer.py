"""Near-duplicate clusters of a JSON Lines file by another tool, with its defaults.

    python peer.py datasketch|rensa|text-dedup|datatrove ARTICLES > CLUSTERS

Each line of the result is {"line": …, "cluster": …}. Texts are the values of `body`; texts that share a bucket of
the index are one cluster, as these tools have it. Exits 77 when the tool is not installed.
"""

import collections
import importlib.metadata
import json
import sys


def documents(path):
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                body = json.loads(line).get("body")
            except (ValueError, AttributeError):
                continue
            if isinstance(body, str) and body:
                yield number, body


class Union:
    def __init__(self):
        self.up = {}

    def root(self, one):
        while self.up.setdefault(one, one) != one:
            self.up[one] = self.up[self.up[one]]
            one = self.up[one]
        return one

    def join(self, one, two):
        one, two = sorted((self.root(one), self.root(two)))
        self.up[two] = one


def by_bands(signed):
    """Clusters of documents with an equal band; `signed` gives (line, bands)."""
    union, first = Union(), {}
    for line, bands in signed:
        union.root(line)
        for number, band in enumerate(bands):
            union.join(line, first.setdefault((number, band), line))
    return union


def datasketch(path):
    """128 permutations, LSH at 0.8, sets of words: as in its documentation."""
    from datasketch import MinHash, MinHashLSH

    index, union = MinHashLSH(threshold=0.8, num_perm=128), Union()
    for line, text in documents(path):
        minhash = MinHash(num_perm=128)
        minhash.update_batch([word.encode() for word in set(text.split())])
        union.root(line)
        for other in index.query(minhash):
            union.join(line, other)
        index.insert(line, minhash)
    return union


def rensa(path):
    """128 permutations, LSH at 0.8 with 16 bands, sets of words: as in its documentation."""
    from rensa import RMinHash, RMinHashLSH

    index, union = RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16), Union()
    for line, text in documents(path):
        minhash = RMinHash(num_perm=128, seed=42)
        minhash.update(text.split())
        union.root(line)
        for other in index.query(minhash):
            union.join(line, other)
        index.insert(line, minhash)
    return union


def text_dedup(path):
    """Its functions with the defaults of its command: 250 permutations, 5-word shingles, threshold 0.7."""
    import numpy
    from text_dedup import minhash
    from text_dedup.utils import optimal_param, sha1_hash

    bands, rows = optimal_param(0.7, 250, false_positive_weight=0.5, false_negative_weight=0.5)
    prime, most = numpy.uint64((1 << 61) - 1), numpy.uint64((1 << 32) - 1)
    draw = numpy.random.RandomState(42)
    permutations = (
        draw.randint(1, prime, size=(250,), dtype=numpy.uint64)[None, :],
        draw.randint(0, prime, size=(250,), dtype=numpy.uint64)[None, :],
    )
    options = dict(
        num_perm=250,
        ngram_size=5,
        min_length=5,
        hashranges=[(n * rows, (n + 1) * rows) for n in range(bands)],
        permutations=permutations,
        hash_func=lambda data: sha1_hash(data, d=32),
        dtype=numpy.uint64,
        max_hash=most,
        modulo_prime=prime,
    )
    signed = ((line, minhash.embed_func(text, line, **options)["__signatures__"]) for line, text in documents(path))
    return by_bands(signed)


def datatrove(path):
    """The signatures of its MinHash block: 5-word shingles, 14 buckets of 8 hashes."""
    import tempfile

    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    from datatrove.utils.typeshelper import Languages

    config = MinhashConfig(n_grams=5, num_buckets=14, hashes_per_bucket=8)
    with tempfile.TemporaryDirectory() as folder:
        block = MinhashDedupSignature(output_folder=folder, config=config, language=Languages.english)

        def bands(text):
            shingles = block.get_shingles(text)
            return [tuple(band) for band in block.get_signature(shingles)] if shingles.size else []

        return by_bands((line, bands(text)) for line, text in documents(path))


PEERS = {"datasketch": datasketch, "rensa": rensa, "text-dedup": text_dedup, "datatrove": datatrove}


def main():
    name, path = sys.argv[1:]
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        sys.exit(77)
    union = PEERS[name](path)
    members = collections.defaultdict(list)
    for line in union.up:
        members[union.root(line)].append(line)
    for root, lines in members.items():
        if len(lines) > 1:
            for line in lines:
                print(json.dumps({"line": line, "cluster": str(root)}))
    print(f"{name} {version}", file=sys.stderr)


if __name__ == "__main__":
    main()
