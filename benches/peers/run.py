"""Near-duplicate detection beside other tools, on a labelled corpus.

    python3 benches/peers/run.py CORPUS GENCORPUS [SIZE] [PYTHON]

CORPUS and GENCORPUS are the commands (`cargo build --release --bin corpus --example gencorpus`), SIZE is 30MB by
default, PYTHON an interpreter that has the tools (`pip install datasketch rensa text-dedup datatrove spacy`); those it
does not have are skipped. Prints a table: CPU seconds (of all threads; a busy machine changes little of them), peak
memory of the largest process, and for each kind of copy the share that is found, with the precision of pairs and the
adjusted Rand index of `benches/recall.py`.
"""

import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import recall  # noqa: E402

KINDS = ["identical", "disguised", "edited", "cut", "scraped"]


def measured(command, out):
    """CPU seconds, peak MiB, exit status and the last line on standard error."""
    process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True)
    errors = process.stderr.read().strip().splitlines()
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, code, errors[-1] if errors else ""


def main():
    corpus, generator, *rest = sys.argv[1:]
    size, python = (rest + ["30MB", sys.executable][len(rest) :])[:2]
    with tempfile.TemporaryDirectory() as folder:
        articles, labels, found = (os.path.join(folder, name) for name in ("a.jsonl", "l.jsonl", "c.jsonl"))
        with open(articles, "wb") as out:
            generate = [generator, "--bytes", size, "--seed", "7", "--faults", "none", "--mix", "copies", "--labels", labels]
            subprocess.run(generate, stdout=out, check=True)
        with open(labels) as rows:
            truth = [json.loads(row) for row in rows]
        text = dict(recall.texts(articles))
        ours = [corpus, "--isolated", "--no-progress", "dedup", "-f", "json-lines"]
        peer = os.path.join(HERE, "peer.py")
        runs = [("corpus", ours + [articles]), ("corpus, profile fineweb", ours + ["--profile", "fineweb", articles])]
        runs += [(name, [python, peer, name, articles]) for name in ("datasketch", "rensa", "text-dedup", "datatrove")]
        print(f"| {size} | CPU s | MiB | {' | '.join(KINDS)} | precision | Rand |")
        print("|---" * (len(KINDS) + 5) + "|")
        for name, command in runs:
            with open(found, "wb") as out:
                seconds, peak, code, said = measured(command, out)
            if code == 77:
                print(f"{name} is not installed", file=sys.stderr)
                continue
            if code != 0:
                print(f"{name}: exit status {code}: {said}", file=sys.stderr)
                continue
            with open(found) as rows:
                clusters = {row["line"]: row["cluster"] for row in map(json.loads, rows)}
            figures = recall.figures(clusters, truth, text)
            shares = [f"{hits / max(of, 1):.3f}" for hits, of in (figures["found"].get(kind, (0, 0)) for kind in KINDS)]
            shown = said if name in said else name
            print(
                f"| {shown} | {seconds:.1f} | {peak:.0f} | {' | '.join(shares)} | {figures['precision']:.4f} | {figures['rand']:.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
