"""Recall and precision of duplicates, against the labels of the generator.

    python3 benches/recall.py CORPUS ARTICLES LABELS [OPTION OF DEDUP]...

CORPUS is the command, ARTICLES and LABELS what `gencorpus --mix copies --labels` wrote (or `--mix news`). A copy
counts as found when it is in the cluster of the document that it was made of; a quotation counts where what it
quotes has no other copy. Precision is the share of the pairs of one cluster that have a text in common: forms,
notices, tickers, press releases and articles on one topic have none. The adjusted Rand index is that of scraped
variants and their pages. Exits 1 when a bound is missed.
"""

import collections
import hashlib
import json
import subprocess
import sys

COPIES = {"identical": 1.0, "disguised": 1.0, "edited": 0.97, "cut": 0.95, "scraped": 0.9, "quoting": 0.8}
PRECISION = 0.995
RAND = 0.90


def texts(path):
    """By line: a hash of the article's bytes."""
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                body = json.loads(line).get("body")
            except (ValueError, AttributeError):
                continue
            if isinstance(body, str) and body:
                yield number, hashlib.sha256(body.encode("utf-8", "surrogatepass")).digest()


def pairs(n):
    return n * (n - 1) // 2


def rand(truth, found):
    """Adjusted Rand index of two labellings."""
    both = sum(pairs(n) for n in collections.Counter(zip(truth, found)).values())
    one = sum(pairs(n) for n in collections.Counter(truth).values())
    two = sum(pairs(n) for n in collections.Counter(found).values())
    expected = one * two / max(pairs(len(truth)), 1)
    most = (one + two) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def figures(cluster, labels, text):
    """Of a clustering (line to cluster): found and all of each kind, precision, joined pairs, Rand index."""
    kind = {row["line"]: row["kind"] for row in labels}
    made_of = {row["line"]: row["of"] for row in labels if row["of"]}
    copied = collections.Counter(made_of.values())

    # What each document holds texts of.
    holds = {}
    for line in kind:
        own = made_of.get(line, line) if kind[line] != "quoting" else line
        holds[line] = {text.get(own, own)} | ({text.get(made_of[line])} if line in made_of else set())

    found, stands, missed = {}, {}, []
    for line, of in made_of.items():
        if line not in text or (kind[line] == "quoting" and copied[of] > 1):
            continue
        # Where the original lost its text to a fault, its first copy stands for it.
        other = of if of in text else stands.setdefault(of, line)
        if other == line:
            continue
        hit = line in cluster and cluster[line] == cluster.get(other)
        hits, total = found.get(kind[line], (0, 0))
        found[kind[line]] = (hits + hit, total + 1)
        if not hit:
            missed.append((line, other))

    members = collections.defaultdict(list)
    for line, name in cluster.items():
        members[name].append(line)
    right, joined = 0, []
    for lines in members.values():
        for at, one in enumerate(lines):
            for two in lines[:at]:
                if holds[one] & holds[two] or text.get(one) == text.get(two):
                    right += 1
                else:
                    joined.append((two, one))

    pages = {made_of[line] for line in made_of if kind[line] == "scraped"}
    lines = [line for line in kind if line in text and (line in pages or kind[line] == "scraped")]
    index = rand([made_of.get(line, line) for line in lines], [cluster.get(line, line) for line in lines])
    pairs = right + len(joined)
    return {
        "kind": kind,
        "found": found,
        "missed": missed,
        "pairs": pairs,
        "precision": right / max(pairs, 1),
        "joined": joined,
        "pages": len(lines),
        "rand": index,
    }


def report(cluster, labels, text):
    """Prints the figures; whether all bounds are kept."""
    of = figures(cluster, labels, text)
    kind, good = of["kind"], bool(of["found"])
    for name, bound in COPIES.items():
        if name in of["found"]:
            hits, total = of["found"][name]
            good &= hits >= bound * total
            print(f"{name}: {hits} of {total} found, recall {hits / total:.4f} (bound {bound})")
    good &= of["precision"] >= PRECISION
    print(f"precision of pairs: {of['precision']:.4f} of {of['pairs']} (bound {PRECISION})")
    kinds = collections.Counter(tuple(sorted((kind[one], kind[two]))) for one, two in of["joined"])
    for (one, two), count in kinds.most_common(8):
        print(f"  joined: {count} pairs of {one} and {two}")
    if of["pages"]:
        good &= of["rand"] > RAND
        print(f"adjusted Rand index of {of['pages']} scraped pages: {of['rand']:.4f} (bound {RAND})")
    if "-v" in sys.argv:
        for line, origin in of["missed"][:40]:
            print(f"missed: line {line} is {kind[line]} of line {origin}")
        for one, two in of["joined"][:40]:
            print(f"joined: lines {one} ({kind[one]}) and {two} ({kind[two]})")
    return good


def main():
    command, articles, labels, *options = [given for given in sys.argv[1:] if given != "-v"]
    run = [command, "--isolated", "--no-progress", "dedup", "-f", "json-lines", *options, articles]
    cluster = {}
    for row in subprocess.run(run, check=True, capture_output=True, text=True).stdout.splitlines():
        row = json.loads(row)
        cluster[row["line"]] = row["cluster"]
    with open(labels) as rows:
        return 0 if report(cluster, [json.loads(row) for row in rows], dict(texts(articles))) else 1


if __name__ == "__main__":
    sys.exit(main())
