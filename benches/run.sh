#!/usr/bin/env bash
# Measures lint and release on generated corpora, beside the Python peers where they are installed.
#
#   benches/run.sh [SIZE]...        default: 100MB 1GB
#
# Everything goes to target/bench. For the peers:
#   python3 -m venv target/venv && target/venv/bin/pip install -r python/requirements.txt -r python/bench/requirements.txt
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
work=$target/bench
python=$target/venv/bin/python
schema=datasets/newsroom/schemas/article.schema.json
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(100MB 1GB)

cargo build --release --bin corpus --example gencorpus
corpus=$target/release/corpus
mkdir -p "$work"

# A corpus of this size as a project of its own. Loadable faults only, so that every peer can read it.
generate() {
  local dir=$work/$1
  mkdir -p "$dir/schemas"
  if [ ! -s "$dir/articles.jsonl" ]; then
    "$target/release/examples/gencorpus" --bytes "$1" --seed 1 --faults loadable > "$dir/articles.jsonl.part"
    mv "$dir/articles.jsonl.part" "$dir/articles.jsonl"
  fi
  cp "$schema" "$dir/schemas/article.schema.json"
  cat > "$dir/corpus.toml" <<'TOML'
name = "bench"
edition = "2026"
license = "CC0-1.0"
[[input]]
include = ["articles.jsonl"]
[schema]
path = "schemas/article.schema.json"
[release]
max-excluded = "50%"
TOML
}

measure() { python3 benches/measure.py "$@"; }
have() { [ -x "$python" ] && "$python" -c "import $1" 2> /dev/null; }

for size in "${sizes[@]}"; do
  generate "$size"
  dir=$work/$size
  file=$dir/articles.jsonl
  bytes=$(wc -c < "$file")
  cat "$file" > /dev/null # into the page cache
  printf '\n## %s\n\n' "$size"
  echo '| | wall s | CPU s | MB/s | MB/CPU s | peak MiB |'
  echo '|---|---|---|---|---|---|'
  lint=("$corpus" --no-progress --isolated lint --schema "$schema" --statistics --exit-zero)
  measure "lint, one thread" "$bytes" "${lint[@]}" -j 1 "$file"
  measure "lint, one thread, --select none" "$bytes" "${lint[@]}" -j 1 --select none "$file"
  measure "lint" "$bytes" "${lint[@]}" "$file"
  measure "lint --select none" "$bytes" "${lint[@]}" --select none "$file"
  measure "dedup --exact" "$bytes" "$corpus" --no-progress --isolated dedup --exact -f json-lines "$file"
  measure "dedup, near copies verified" "$bytes" "$corpus" --no-progress --isolated dedup -f json-lines "$file"
  measure --fresh "$dir/releases" "release" "$bytes" "$corpus" --no-progress -C "$dir" release v1.0.0 --allow-dirty
  if have orjson && have jsonschema_rs; then
    measure "Python: orjson + jsonschema-rs + unicodedata + re, two processes" "$bytes" "$python" python/bench/tuned.py "$schema" "$file"
  fi
  if have polars; then
    measure "Polars: scan_ndjson, unique, sink_parquet zstd 3" "$bytes" "$python" python/bench/polars_release.py "$file" "$dir/polars.parquet"
  fi
done

printf '\n## Recall and precision of duplicates\n\n'
"$target/release/examples/gencorpus" --bytes 100MB --seed 7 --mix copies --labels "$work/labels.jsonl" > "$work/labelled.jsonl"
python3 benches/recall.py "$corpus" "$work/labelled.jsonl" "$work/labels.jsonl"

printf '\n## Start-up\n\n| | wall s | CPU s | MB/s | MB/CPU s | peak MiB |\n|---|---|---|---|---|---|\n'
measure --runs 20 "corpus --version" 0 "$corpus" --version
printf '{"id":"1","body":"Hello."}\n' > "$work/one.jsonl"
measure --runs 20 "lint of one record" 0 "$corpus" --no-progress --isolated lint --statistics --exit-zero "$work/one.jsonl"
