"""Recall and precision of exact and near duplicates, against the labels of the generator.

    python3 benches/recall.py CORPUS ARTICLES LABELS

CORPUS is the command, ARTICLES and LABELS what `gencorpus --labels` wrote. A copy counts as found when it is
in the cluster of the document that it was made of. A cluster that holds documents of different origin is
counted, and shown; precision is the share of pairs of one cluster that have one origin. Exits 1 when an
identical or disguised copy is missed.
"""

import hashlib
import json
import subprocess
import sys


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


def main():
    command, articles, labels = sys.argv[1:]
    text = dict(texts(articles))
    run = [command, "--isolated", "--no-progress", "dedup", "-f", "json-lines", articles]
    cluster = {}
    for row in subprocess.run(run, check=True, capture_output=True, text=True).stdout.splitlines():
        row = json.loads(row)
        cluster[row["line"]] = row["cluster"]
    together = lambda a, b: a in cluster and cluster[a] == cluster.get(b)

    right, missed, root, stands = 0, [], {}, {}
    kinds = {"identical": [0, 0], "disguised": [0, 0], "edited": [0, 0]}
    with open(labels) as rows:
        for row in map(json.loads, rows):
            line, kind, of = row["line"], row["kind"], row["of"]
            root[line] = of if kind in kinds else line
            # A line that lost its text to a fault is nobody's copy; where the original lost it, its first copy
            # stands for it.
            if kind not in kinds or line not in text:
                continue
            other = of if of in text else stands.setdefault(of, line)
            if other != line:
                found = together(line, other)
                kinds[kind][0] += found
                kinds[kind][1] += 1
                right += found
                if not found and kind != "edited":
                    missed.append((line, other))
    members = {}
    for line, name in cluster.items():
        members.setdefault(name, []).append(line)
    joined = [sorted(lines) for lines in members.values() if len({text.get(root[line]) for line in lines}) > 1]

    origin = lambda line: text.get(root[line])
    pairs = same = 0
    for lines in members.values():
        sizes = {}
        for line in lines:
            sizes[origin(line)] = sizes.get(origin(line), 0) + 1
        pairs += len(lines) * (len(lines) - 1) // 2
        same += sum(n * (n - 1) // 2 for n in sizes.values())
    print(f"precision of pairs: {same / max(pairs, 1):.4f} of {pairs}")

    for kind, (found, of) in kinds.items():
        print(f"{kind}: {found} of {of} found, recall {found / max(of, 1):.3f}")
    total = sum(of for _, of in kinds.values())
    print(f"together: recall {right / max(total, 1):.3f}; clusters with documents of different origin: {len(joined)} of {len(members)}")
    for line, of in missed[:10]:
        print(f"missed: line {line} is a copy of line {of}")
    for lines in joined[:10]:
        print(f"joined: lines {', '.join(map(str, lines))}")
    return 1 if missed or not total else 0


if __name__ == "__main__":
    sys.exit(main())
