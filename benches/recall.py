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


def report(cluster, labels, text):
    """Prints the figures of a clustering (line to cluster); whether all bounds are kept."""
    kind = {row["line"]: row["kind"] for row in labels}
    made_of = {row["line"]: row["of"] for row in labels if row["of"]}
    copied = collections.Counter(of for line, of in made_of.items())
    good = True

    # What each document holds texts of.
    holds = {}
    for line in kind:
        own = made_of.get(line, line) if kind[line] != "quoting" else line
        holds[line] = {text.get(own, own)} | ({text.get(made_of[line])} if line in made_of else set())

    found, total, stands = collections.Counter(), collections.Counter(), {}
    missed = []
    for line, of in made_of.items():
        if line not in text or (kind[line] == "quoting" and copied[of] > 1):
            continue
        # Where the original lost its text to a fault, its first copy stands for it.
        other = of if of in text else stands.setdefault(of, line)
        if other == line:
            continue
        total[kind[line]] += 1
        if line in cluster and cluster[line] == cluster.get(other):
            found[kind[line]] += 1
        else:
            missed.append((line, other))
    for name, bound in COPIES.items():
        if total[name]:
            recall = found[name] / total[name]
            good &= recall >= bound
            print(f"{name}: {found[name]} of {total[name]} found, recall {recall:.4f} (bound {bound})")

    members = collections.defaultdict(list)
    for line, name in cluster.items():
        members[name].append(line)
    right = wrong = 0
    kinds = collections.Counter()
    examples = []
    for lines in members.values():
        for at, one in enumerate(lines):
            for two in lines[:at]:
                if holds[one] & holds[two] or text.get(one) == text.get(two):
                    right += 1
                else:
                    wrong += 1
                    kinds[tuple(sorted((kind[one], kind[two])))] += 1
                    examples.append((two, one))
    precision = right / max(right + wrong, 1)
    good &= precision >= PRECISION
    print(f"precision of pairs: {precision:.4f} of {right + wrong} (bound {PRECISION})")
    for (one, two), count in kinds.most_common(8):
        print(f"  joined: {count} pairs of {one} and {two}")

    pages = sorted({made_of[line] for line in made_of if kind[line] == "scraped"})
    lines = [line for line in kind if line in text and (line in pages or kind[line] == "scraped")]
    if pages:
        index = rand([made_of.get(line, line) for line in lines], [cluster.get(line, line) for line in lines])
        good &= index > RAND
        print(f"adjusted Rand index of {len(lines)} scraped pages: {index:.4f} (bound {RAND})")
    if "-v" in sys.argv:
        for line, of in missed[:40]:
            print(f"missed: line {line} is {kind[line]} of line {of}")
        for one, two in examples[:40]:
            print(f"joined: lines {one} ({kind[one]}) and {two} ({kind[two]})")
    return good and bool(total)


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
